"""What people write around personal data, a file per language: `languages/<language>.yml`, read once.

Each key holds alternatives of patterns (`a|b`, several lines), written as people write them, in small letters; accents,
strokes and letter variants need no care (`bot.redaction.spelling`):

- `sure`: behind it stands a name, whatever it looks like ("my name is"); `titles`: a name if it looks like one ("Mrs");
  `known`: only a first name of `given_names`; `i_am`: a name or what somebody is; `around`: before # after the name
- `farewells`: above a signature; `and`: joins two names; `people`: what people are ("I am Syrian") that is no name
- `documents`: beginnings of words behind which a number is personal; `phones`, `born`, `plates`, `accounts`, `home`:
  the same for telephones, days of birth, car plates, names of accounts, addresses
- `digits`: numbers in words; many of them in a row are a telephone's
- `units`, `money`: behind them a number is none of these

and three hold plain words: `no_names` (never part of a name), `ends` (behind a name without capitals), `particles`
(within one).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from bot.redaction.spelling import fold

FOLDER = Path(__file__).parent / "languages"


@cache
def _languages() -> dict[str, dict[str, str]]:
    files = sorted(FOLDER.glob("*.yml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


def any_of(key: str) -> str:
    """The source of a pattern for what stands under `key` in any language: people mix them."""
    return _joined([line for language in _languages().values() for line in _lines(language, key)])


def by_language(key: str) -> dict[str, str]:
    """The same by language, where it would mean something else in another."""
    return {name: _joined(_lines(language, key)) for name, language in _languages().items() if key in language}


def around() -> list[tuple[str, str]]:
    """What stands before and what behind a name."""
    found = [line for language in _languages().values() for line in _lines(language, "around")]
    return [(f"(?:{before.strip()})", f"(?:{behind.strip()})") for before, behind in (one.split("#") for one in found)]


def words(key: str) -> frozenset[str]:
    """The plain words under `key` in all languages, in the spelling of `fold`."""
    return frozenset(fold(word) for language in _languages().values() for word in language.get(key, "").split())


def _lines(language: dict[str, str], key: str) -> list[str]:
    return [line.strip() for line in language.get(key, "").splitlines() if line.strip()]


def _joined(alternatives: list[str]) -> str:
    return "(?:" + "|".join(alternatives) + ")"
