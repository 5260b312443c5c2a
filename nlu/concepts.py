"""Language-neutral features: words of any language that stand for the same idea become the same concept.

What the classifier learns about MONEY from German examples thus holds for Persian ones, and for a synonym that it has
never seen. The words of each language stand in `nlu/lexicon/<lang>.yml`: `CONCEPT: form, form*, *form, two words`;
a star stands for any beginning or end. Own work; the idea is that of interlingual concept indexing (Hull and
Grefenstette, "Querying across languages", SIGIR 1996).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from nlu.examples import LOADER
from nlu.text import normalise

FOLDER = Path(__file__).parent / "lexicon"
FALLBACK = "de"
"""German words stand in messages of every language."""
MOST_REMEMBERED = 20_000
_SHORTEST = 2
_LONGEST_PHRASE = 3
_ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
"""The article and one-letter words are written together with the next word; the lexicon has the bare one."""


class BadLexiconError(Exception):
    """A lexicon cannot be used; says which and why."""


@dataclass
class Lexicon:
    """The forms of one language, each with its concepts."""

    exact: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    beginning: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    end: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    phrases: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))
    begins: set[str] = field(default_factory=set)
    """The first words of the phrases: few messages have one."""
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that were looked up before, `MOST_REMEMBERED` at most: what people write must not pile up here."""

    def add(self, form: str, concept: str, language: str) -> None:
        """Let `form` stand for `concept`."""
        words = tuple(filter(None, (normalise(word, language) for word in re.findall(r"[^\s*]+", form))))
        if len(words) > 1:
            self.phrases[words].append(concept)
            self.begins.add(words[0])
        elif words:
            forms = self.beginning if form.endswith("*") else self.end if form.startswith("*") else self.exact
            forms[words[0]].append(concept)

    def of_word(self, word: str) -> tuple[str, ...]:
        """The concepts of a normalised word, whatever it begins or ends with."""
        if word not in self.known:
            if len(self.known) >= MOST_REMEMBERED:
                self.known.clear()
            found = self._look_up(word)
            prefix = next((prefix for prefix in _ARABIC_PREFIXES if not found and word.startswith(prefix)), "")
            rest = word.removeprefix(prefix)
            self.known[word] = tuple(self._look_up(rest) if prefix and len(rest) > _SHORTEST else found)
        return self.known[word]

    def _look_up(self, word: str) -> list[str]:
        found = list(self.exact.get(word, ()))
        for length in range(_SHORTEST, len(word) + 1):
            found += self.beginning.get(word[:length], ())
            found += self.end.get(word[-length:], ())
        return found

    def of_phrases(self, words: Sequence[str]) -> list[str]:
        """The concepts of two or three words in a row."""
        places = [at for at, word in enumerate(words) if word in self.begins]
        rows = (tuple(words[at : at + length]) for length in range(2, _LONGEST_PHRASE + 1) for at in places)
        return [concept for row in dict.fromkeys(rows) for concept in self.phrases.get(row, ())]


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, empty if there is none. Raises `BadLexiconError`."""
    path = FOLDER / f"{language}.yml"
    return read_lexicon(path.read_text(encoding="utf-8"), language) if path.exists() else Lexicon()


def read_lexicon(text: str, language: str) -> Lexicon:
    """Read the text of a lexicon file. Raises `BadLexiconError`."""
    try:
        document = yaml.load(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise BadLexiconError(f"nlu/lexicon/{language}.yml: cannot be read as YAML: {error}") from error
    if not isinstance(document, Mapping) or not all(isinstance(forms, str) for forms in document.values()):
        raise BadLexiconError(f"nlu/lexicon/{language}.yml: every line must be `CONCEPT: form, form*`")
    read = Lexicon()
    for concept, forms in document.items():
        for form in forms.split(","):
            read.add(form.strip(), str(concept), language)
    return read


def concepts(text: str, language: str) -> list[str]:
    """The concepts in `text` (normalised words joined by blanks), each once."""
    own, german = lexicon(language), lexicon(FALLBACK)
    words = text.split()
    found: Iterable[str] = [
        *(concept for word in words for concept in own.of_word(word) or german.of_word(word)),
        *own.of_phrases(words),
    ]
    return list(dict.fromkeys(found))
