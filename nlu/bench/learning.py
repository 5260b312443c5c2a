"""`python -m nlu.bench.learning`: how much right more examples bring, by language and by style of the message.

The classifier alone, without Rasa's pipeline around it; writes docs/nlu/learning_curves.md and .png.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from nlu.bench.table import markdown, share
from nlu.bench.tasks import sample
from nlu.evaluation_set import evaluation_messages
from nlu.examples import Example, read_examples
from nlu.fingerprint import ROOT
from nlu.quiet import be_quiet

SIZES = (5, 10, 20, 40, 60, 80, 100)
Curves = Mapping[str, Mapping[int, float]]
"""Name -> examples per label and language -> share right first."""


def main() -> None:
    """Learn from more and more examples and write down what that brings."""
    from nlu.bench.plots import curves

    be_quiet(ROOT)
    origin = f"make learning-curves ({time.strftime('%Y-%m-%d')})"
    messages = evaluation_messages()
    marks = {size: _right(examples, messages) for size, examples in steps(read_examples(ROOT / "nlu" / "data"))}
    panels = {"by language": by(messages, "lang", marks), "by style": by(messages, "style", marks)}
    curves(panels, ROOT / "docs" / "nlu" / "learning_curves.png", origin)
    text = "\n".join([f"# {origin}", "", *_tables(panels), "![learning curves](learning_curves.png)"])
    (ROOT / "docs" / "nlu" / "learning_curves.md").write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"{text}\n")


def steps(examples: Sequence[Example], sizes: Sequence[int] = SIZES) -> Iterator[tuple[int, list[Example]]]:
    """Samples of growing size, as long as at least half of the labels, in their languages, have so many."""
    counts = Counter((example.label, example.language) for example in examples).values()
    for size in sizes:
        if 2 * sum(count >= size for count in counts) >= len(counts):
            yield size, sample(examples, size)


def by(messages: Sequence[Mapping[str, str]], key: str, marks: Mapping[int, Sequence[bool]]) -> Curves:
    """The shares of `marks` (per size, one mark a message) by the messages' `key`, and of all."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row, message in enumerate(messages):
        groups[message[key]].append(row)
    lines = {**dict(sorted(groups.items())), "all": list(range(len(messages)))}
    return {
        name: {size: sum(right[row] for row in rows) / len(rows) for size, right in marks.items()}
        for name, rows in lines.items()
    }


def _right(examples: Sequence[Example], messages: Sequence[Mapping[str, str]]) -> list[bool]:
    from nlu.components.reader import normal_words
    from nlu.model import TextModel

    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {len(examples)} examples\n")
    texts = [normal_words(example.text, example.language) for example in examples]
    labels, languages = [example.label for example in examples], [example.language for example in examples]
    model = TextModel({}).fit(texts, labels, languages)
    asked = [normal_words(message["text"], message["lang"]) for message in messages]
    best = model.scores(asked, [message["lang"] for message in messages]).argmax(axis=1)
    return [model.labels[column] == message["id"] for column, message in zip(best, messages, strict=True)]


def _tables(panels: Mapping[str, Curves]) -> Iterator[str]:
    yield from ("Share of our evaluation's messages that are right first, by examples per label and language.", "")
    for title, lines in panels.items():
        sizes = list(next(iter(lines.values())))
        yield from markdown(
            [title, *map(str, sizes)], [[name, *map(share, points.values())] for name, points in lines.items()]
        )


if __name__ == "__main__":
    main()
