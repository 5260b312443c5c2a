"""Names of persons: behind "my name is" and "I am", behind titles, under a letter.

A name itself has no mark, so what stands before it tells. A sure lead ("my name is") takes the next word whatever it
is; a title or a signature takes what is written as a name; a doubtful lead ("I am") takes first names that are known,
and what is written as a name unless it is what people are ("I am Syrian").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from bot.redaction.given_names import ALSO_WORDS, GIVEN_NAMES
from bot.redaction.leads import (
    AND,
    AROUND,
    DOUBTFUL,
    ENDS,
    KNOWN,
    NO_NAMES,
    PARTICLES,
    PEOPLE,
    SIGNED,
    SURE,
    TITLES,
    TURKISH_POLITE,
)
from bot.redaction.marks import Kind
from bot.redaction.rules import KindOfRule, Passage, Rule, Span, is_capital
from bot.redaction.spelling import pattern

LONGEST = 4
"""Words of a name."""
LONGEST_UNCASED = 2
LONGEST_ARABIC = 3
"""Without capitals nothing tells where the name ends; names like Nur ad-Din are two words."""
_WORD = pattern(r"[^\W\d_][\w'-]{0,60}")
_ARABIC = pattern(r"[\u0600-\u06ff]")
Take = Callable[[Passage, int], int]


def sure(passage: Passage, at: int) -> int:
    """The end of the name that begins there for sure; `at` itself if what stands there is no name."""
    first = _WORD.match(passage.folded, at)
    if first is None or _is_no_name(passage, first):
        return at
    return _go_on(passage, first, cased=is_capital(passage, at))


def titled(passage: Passage, at: int) -> int:
    """The end of the name if it is written as one."""
    first = _WORD.match(passage.folded, at)
    if first is None or first[0] in NO_NAMES or not _looks_like_a_name(passage, first):
        return at
    return _go_on(passage, first, cased=is_capital(passage, at))


def known(passage: Passage, at: int) -> int:
    """The end of the name if its first word is a first name that many have."""
    first = _WORD.match(passage.folded, at)
    if first is None or _base(first[0]) not in GIVEN_NAMES:
        return at
    return _go_on(passage, first, cased=is_capital(passage, at))


def doubtful(passage: Passage, at: int) -> int:
    """The end of the name if it is known as one, or written as one and not what people say they are."""
    first = _WORD.match(passage.folded, at)
    if first is None or first[0] in NO_NAMES or _is_description(first[0]):
        return at
    if _base(first[0]) in GIVEN_NAMES or _two_capitals(passage, first) or _capital_among_small(passage, at):
        return _go_on(passage, first, cased=is_capital(passage, at))
    return at


def _is_no_name(passage: Passage, word: re.Match[str]) -> bool:
    """Folded, the Arabic "on" is the name Ali; written as it should be, it ends in another letter."""
    if word[0] not in NO_NAMES:
        return False
    return word[0] not in GIVEN_NAMES or passage.text[word.end() - 1] == "ى"


def _base(word: str) -> str:
    """Without the endings that a language puts behind an apostrophe or a hyphen: Rana'yım."""
    return re.split("['-]", word)[0]


def _looks_like_a_name(passage: Passage, word: re.Match[str]) -> bool:
    return is_capital(passage, word.start()) or _base(word[0]) in GIVEN_NAMES or bool(_ARABIC.match(word[0]))


def _is_description(word: str) -> bool:
    known = _base(word) in GIVEN_NAMES
    return not known and bool(PEOPLE.fullmatch(word))


def _two_capitals(passage: Passage, first: re.Match[str]) -> bool:
    """ "ich bin Kamal Haddad": in German one word with a capital is any noun, two in a row are a name."""
    second = _next(passage, first.end())
    return (second is not None and is_capital(passage, first.start()) and is_capital(passage, second.start())
            and not _is_description(second[0]) and second[0] not in NO_NAMES)  # fmt: skip


def _capital_among_small(passage: Passage, at: int) -> bool:
    """Outside German only names have capitals."""
    return passage.language != "de" and is_capital(passage, at) and not passage.text[at : at + 3].isupper()


def _next(passage: Passage, end: int) -> re.Match[str] | None:
    """The word behind one blank, or behind the point of "A." """
    while end < len(passage.folded) and passage.folded[end] in " .-" and end - 2 < len(passage.folded):
        if passage.folded[end] == "." and not _is_short(passage, end):
            return None
        end += 1
    return _WORD.match(passage.folded, end)


def _is_short(passage: Passage, point: int) -> bool:
    """Whether the point belongs to an initial or a doctor, and ends no sentence."""
    return point < 2 or not passage.folded[point - 2].isalpha() or passage.folded[:point].endswith(("dr", "prof"))


def _go_on(passage: Passage, first: re.Match[str], *, cased: bool) -> int:
    """The end of the name that `first` begins: as long as capitals go on, else one more word that is no other."""
    end, words, longest = first.end(), int(first[0] not in PARTICLES), _longest(first[0], cased=cased)
    while words < longest:
        word = _next(passage, end)
        if word is None or passage.folded[end : word.start()].count(" ") > 1:
            break
        particle = word[0] in PARTICLES
        if not particle and (_is_no_name(passage, word) or word[0] in ENDS):
            break
        if not particle and cased and not is_capital(passage, word.start()):
            break
        end, words = word.end(), words + (0 if particle else 1)
    return _and_others(passage, end, cased=cased)


def _longest(first: str, *, cased: bool) -> int:
    if cased:
        return LONGEST
    return LONGEST_ARABIC if _ARABIC.match(first) else LONGEST_UNCASED


def _and_others(passage: Passage, end: int, *, cased: bool) -> int:
    """ "Rana und Karim": a known first name behind "and" is one more."""
    link = AND.match(passage.folded, end)
    word = _WORD.match(passage.folded, link.end()) if link else None
    if word is None or not (_base(word[0]) in GIVEN_NAMES or _capital_among_small(passage, word.start())):
        return end
    return _go_on(passage, word, cased=cased and is_capital(passage, word.start()))


def _behind(lead: re.Pattern[str], take: Take) -> Rule:
    def find(passage: Passage) -> Iterator[Span]:
        for found in lead.finditer(passage.folded):
            end = take(passage, found.end())
            if end > found.end():
                yield found.end(), end

    return find


def _doubtful(passage: Passage) -> Iterator[Span]:
    """Leads like "ben" or "im" mean something else in other languages, so those of the text's own count."""
    lead = DOUBTFUL.get(passage.language)
    if lead is not None:
        yield from _behind(lead, doubtful)(passage)


def _around(passage: Passage) -> Iterator[Span]:
    """Persian has "I" before and "am" behind the name, Turkish "me" and "they call"."""
    for found in chain.from_iterable(lead.finditer(passage.folded) for lead in AROUND):
        words = found[1].split()
        if words and not any(word in NO_NAMES or _is_description(word) for word in words):
            yield found.start(1), found.start(1) + len(found[1].rstrip())


def _polite(passage: Passage) -> Iterator[Span]:
    """Turkish titles stand behind the name: Ahmet Bey."""
    for word in TURKISH_POLITE.finditer(passage.folded):
        if word[0] in GIVEN_NAMES or (is_capital(passage, word.start()) and word[0] not in NO_NAMES):
            yield word.span()


def _first_names(passage: Passage) -> Iterator[Span]:
    """A known first name with a capital, wherever it stands, with the capitals behind it if two are a full name."""
    end = 0
    for word in _WORD.finditer(passage.folded):
        name = _base(word[0])
        if word.start() < end or name not in GIVEN_NAMES or not is_capital(passage, word.start()):
            continue
        if _two_capitals(passage, word):
            end = _go_on(passage, word, cased=True)
            yield word.start(), end
        elif name not in ALSO_WORDS:
            yield word.span()


NAMES: tuple[KindOfRule, ...] = (
    (Kind.NAME, _behind(SURE, sure)),
    (Kind.NAME, _around),
    (Kind.NAME, _behind(SIGNED, titled)),
    (Kind.NAME, _behind(TITLES, titled)),
    (Kind.NAME, _behind(KNOWN, known)),
    (Kind.NAME, _doubtful),
    (Kind.NAME, _polite),
    (Kind.NAME, _first_names),
)
