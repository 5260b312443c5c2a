"""A message taken apart: words in the one spelling, numbers as they are written, and the signs between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from knowledge.numbers import western
from knowledge.spelling import ByLetter, bare, plain_words

_NO_JOINER = str.maketrans({"\u200c": " ", "½": ",5"})
"""Persian joins parts of words without a letter's width between them; some write a blank there, some nothing."""
_LETTER = r"[^\W\d_]"
_IN_WORD = re.compile(rf"(?<={_LETTER})'(?={_LETTER})")
_TOKEN = re.compile(
    r"""
    (?P<date> (?<!\d) (?:
        (?P<year>\d{4}) (?P<a>[-./]) (?P<month>\d{1,2}) (?P=a) (?P<day>\d{1,2}) (?!\d)
      | (?P<day2>\d{1,2}) (?P<b>[-./])\s? (?P<month2>\d{1,2}) (?P=b) (?P<year2>\s?\d{4}|\d{2}) (?![\d:h])
      | (?P<day3>\d{1,2}) \.\s? (?P<month3>\d{1,2}) \. (?!\d)
      | (?P<day4>\d{1,2}) / (?P<month4>\d{1,2}) (?![\d/]) ))
  | (?P<clock> (?<!\d) (?P<hour>\d{1,2}) (?::|h(?=\d)) (?P<minute>\d{2}) (?::\d{2})? (?!\d))
  | (?P<grouped> (?<![\d.,])
        (?P<whole>\d{1,3} (?P<c>[.,'٬\ ]) \d{3} (?:(?P=c)\d{3})*) (?:[.,٫](?P<cents>\d{1,2}))? (?![.,]?\d))
  | (?P<thousands> (?<!\d) (?P<units2>\d{1,6}) (?:[.,](?P<fraction2>\d))? [kк] (?!\w))
  | (?P<ordinal> (?<!\d) (?P<nth>\d{1,2})
        (?: -?(?:st|nd|rd|th|ого|го|его|ое|е|ыи|и|ому|му|га|та|те|i|ego|tego|go|tej|ej) | '(?:inde|sinde|unda) ) (?!\w))
  | (?P<decimal> (?P<units>\d+) (?P<point>[.,٫]) (?P<fraction>\d+))
  | (?P<integer> \d+)
  | (?P<word> '?[^\W\d_]+)
  | (?P<minus> (?<![\w)]) [-−] (?=\d))
  | (?P<dash> [-‐‑–—−~])
  | (?P<dot> (?<=\d)\.)
  | (?P<percent> [%٪])
  | (?P<comma> [,،;؛])
    """,
    re.VERBOSE,
)
"""In a date the day comes first unless a year of four figures does: people here write as Germany does. Which sign
stands between thousands differs from language to language, but three figures after it mean the same to all."""


def _without_ornament(letter: str) -> str | None:
    """Nothing for raised figures ("m²") and for what makes a figure into a picture ("4️⃣")."""
    return None if unicodedata.category(letter) in {"No", "Me"} or letter == "\ufe0f" else letter


_PLAIN = ByLetter(_without_ornament)


def scan(text: str) -> Iterator[re.Match[str]]:
    """The parts of a message in order; a match's `lastgroup` says what it is."""
    plain = bare(western(text.translate(_NO_JOINER).translate(_PLAIN)))
    return _TOKEN.finditer(_IN_WORD.sub("", plain))


def surface(match: re.Match[str]) -> str:
    """A part as it is looked up: a word with one shape per letter, anything else as it stands."""
    return "".join(plain_words(match.group())) or match.group() if match.lastgroup == "word" else match.group()


def tokens(text: str) -> list[str]:
    """The parts of a message as they are looked up."""
    return [surface(match) for match in scan(text)]
