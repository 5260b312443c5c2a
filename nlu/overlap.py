"""Finds messages of the evaluation that are, exactly or nearly, among the training examples. Knows no Rasa."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from nlu.examples import Example
from nlu.text import normalise

NEARLY = 0.85  # share of common letter triples (Dice) from which two texts count as the same
_SHORT = 12  # letters; so short texts (greetings, "ok") can only be alike, and only the same text counts


def overlaps(trained: Iterable[Example], evaluated: Iterable[Example]) -> list[tuple[Example, Example, float]]:
    """Pairs of the same language that are too alike, with their likeness (1.0: the same after normalising)."""
    examples = list(trained)
    keys = [_Key(example) for example in examples]
    common = Counter((key.language, triple) for key in keys for triple in key.triples)
    sizes = [len(key.triples) for key in keys]
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        for triple in _telling(key, common):
            index[key.language, triple].append(number)
    found = []
    for message in evaluated:
        key = _Key(message)
        # Of so different length that they cannot be alike: spares most of the work.
        least, most = len(key.triples) * NEARLY / (2 - NEARLY), len(key.triples) * (2 - NEARLY) / NEARLY
        near = {number for triple in _telling(key, common) for number in index.get((key.language, triple), ())
                if least <= sizes[number] <= most}  # fmt: skip
        likest = max(near, key=lambda number: key.likeness(keys[number]), default=None)
        if likest is not None and key.likeness(keys[likest]) >= NEARLY:
            found.append((examples[likest], message, key.likeness(keys[likest])))
    return found


def _telling(key: _Key, common: Mapping[tuple[str, str], int]) -> list[str]:
    """The rarest triples of a text, so many that whatever is nearly the same must share one of its own rarest.

    Prefix filtering (Chaudhuri, Ganti and Kaushik, 2006): with a Dice of d, two texts share at least d / (2 - d) of the
    triples of either. All texts order their triples alike.
    """
    triples = sorted(key.triples, key=lambda triple: (common.get((key.language, triple), 0), triple))
    return triples[: int((1 - NEARLY / (2 - NEARLY)) * len(triples)) + 1]


class _Key:
    """A text as the set of letter triples of its words."""

    def __init__(self, example: Example) -> None:
        self.language = example.language
        kept = (letter if letter.isalnum() else " " for letter in normalise(example.text, example.language))
        self.text = f" {' '.join(''.join(kept).split())} "
        self.triples = {self.text[at : at + 3] for at in range(len(self.text) - 2)}

    def likeness(self, other: _Key) -> float:
        """The Dice coefficient of the triples, 0 to 1; of very short texts only whether they are the same."""
        if self.text == other.text:
            return 1.0
        if min(len(self.text), len(other.text)) < _SHORT:
            return 0.0
        return 2 * len(self.triples & other.triples) / (len(self.triples) + len(other.triples))
