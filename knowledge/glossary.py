"""The words that people meet on German forms: looked up by id, by what somebody typed, or by "what does ... mean?"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from knowledge.asking import LONGEST, Fillers, Frame, Names
from knowledge.model import SECOND_LANGUAGE, SOURCE_LANGUAGE, Term
from knowledge.spelling import alphabetical, spoken
from knowledge.wordlist import Asking, WordList

PAGE = 20
"""Terms on a page of the list."""


class Glossary:
    """Read-only after loading. `known`: words of the answers, in the one spelling, that are no typing mistakes."""

    def __init__(self, lists: Mapping[str, WordList], asking: Asking, known: Collection[str]) -> None:
        self._terms = {language: words.terms for language, words in lists.items()}
        self._ids = tuple(self._terms.get(SOURCE_LANGUAGE, ()))
        self._by_slug = {self.term(id, SOURCE_LANGUAGE).slug: id for id in self._ids}
        self._fillers = Fillers(asking.fillers)
        frames = (Frame.read(text, words.language, self._fillers) for words in lists.values() for text in words.frames)
        self._frames = tuple(frame for frame in dict.fromkeys(frames) if not frame.says_nothing)
        lookalikes = {word for other in asking.lookalikes for word in spoken(other)}
        self._names = Names({language: terms.values() for language, terms in self._terms.items()},
                            self._fillers, lookalikes.union(known))  # fmt: skip
        self._sorted: dict[str, tuple[Term, ...]] = {}

    def __contains__(self, id: object) -> bool:
        return id in self._terms.get(SOURCE_LANGUAGE, ())

    def term(self, id: str, language: str) -> Term:
        """The term, explained in English or German where the language lacks it; raises KeyError if it is unknown."""
        for code in (language, SECOND_LANGUAGE, SOURCE_LANGUAGE):
            found = self._terms.get(code, {}).get(id)
            if found is not None:
                return found
        raise KeyError(id)

    def terms(self, language: str) -> Sequence[Term]:
        """All terms, sorted by the language's own word."""
        if language not in self._sorted:
            terms = (self.term(id, language) for id in self._ids)
            self._sorted[language] = tuple(sorted(terms, key=lambda term: alphabetical(term.word)))
        return self._sorted[language]

    def pages(self, language: str) -> list[Sequence[Term]]:
        """The same in pages of nearly equal length, none longer than `PAGE`."""
        terms = self.terms(language)
        count = -(-len(terms) // PAGE)
        edges = [len(terms) * number // max(count, 1) for number in range(count + 1)]
        return [terms[start:end] for start, end in zip(edges, edges[1:], strict=False)]

    def by_slug(self, slug: str) -> str | None:
        """The id that a link or button names; None for one that is not, or no longer, known."""
        return self._by_slug.get(slug)

    def spellings(self, id: str) -> tuple[str, ...]:
        """How German texts write the term: the word, without its brackets, and its forms."""
        german = self._terms[SOURCE_LANGUAGE][id]
        return tuple(dict.fromkeys((german.word, german.base, *german.forms)))

    def asked_about(self, text: str, language: str) -> Term | None:
        """The term whose meaning `text` asks for ("Satzung ne demek?"), in the asker's `language`.

        Questions may be put in any language; the term is looked for in the asker's, in German, English, and that of
        the question. None where an entry explains the term better: the question is left to the understanding.
        """
        said = self._fillers.without(text)
        if len(said) > LONGEST:
            return None
        slots = [(slot, frame.language) for frame in self._frames if (slot := frame.slot(said))]
        for look in (self._names.exact, self._names.alike):
            for slot, asked_in in slots:
                id = look(slot, _in_order(language, asked_in))
                if id is not None:
                    term = self.term(id, language)
                    return None if term.entry else term
        return None

    def find(self, text: str, language: str) -> Term | None:
        """The term that is called `text`, in the reader's language, German or English; typing mistakes are forgiven."""
        said = self._fillers.without(text)
        if not said or len(said) > LONGEST:
            return None
        order = _in_order(language)
        id = self._names.exact(said, order) or self._names.alike(said, order)
        return self.term(id, language) if id else None

    def nearest(self, text: str, language: str, limit: int = 3) -> list[Term]:
        """Terms whose names resemble `text`, for when it is none."""
        return [self.term(id, language) for id in self._names.nearest(text, _in_order(language), limit)]


def _in_order(*languages: str) -> tuple[str, ...]:
    """Where to look for a name: the reader's language first."""
    return tuple(dict.fromkeys(chain(languages[:1], (SOURCE_LANGUAGE, SECOND_LANGUAGE), languages[1:])))
