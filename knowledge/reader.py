"""From files to checked shapes. An editor's mistake becomes a `Mistake` with its line, never a traceback."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

FENCE = "---"
STEPS = re.compile(r"^<!--\s*steps\s*-->\s*$")
FILL_IN = "FILL IN"
"""Begins every hint that `python -m knowledge new` writes where an editor has to put something."""
STILL_TO_DO = "still to fill in"
"""Begins what is said about such a hint."""
AROUND_HINTS = ' :#"'
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C where PyYAML has it: with eight languages the bot would start 1 s later with the other."""
NOTHING = {"", "null", "Null", "NULL", "~"}
IN_OTHER_WORDS = {
    "mapping values are not allowed here": "a text with a colon in it needs quotation marks around it",
    "expected <block end>, but found '<scalar>'": "a text with quotation marks in it needs others around it",
    "expected <block end>, but found '<block sequence start>'": "a list has no place here; take the [] above it away",
}
"""What YAML's own words mean to somebody who has made one of the usual slips."""
DEEPEST = 20
"""Levels of nesting after which a YAML file is a mistake (or an alias that contains itself)."""
MOST = 20_000
"""Values after which a YAML file is a mistake (or aliases that multiply)."""

Place = tuple[str | int, ...]
Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a file, and in which line."""

    line: int
    what: str


class Unreadable(Exception):
    """An editor's mistake that leaves nothing to work with; carries what to tell the editor."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(f"line {one.line}: {one.what}" for one in self.mistakes))


@dataclass(frozen=True)
class Yaml:
    """YAML as plain texts, lists and mappings, with the line of every value."""

    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a value, or of what it should have stood in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass(frozen=True)
class Page:
    """A content file taken apart: front matter, short answer, further steps."""

    front: Yaml
    text: str
    text_line: int
    steps: str | None
    steps_line: int


def read_text(path: Path) -> str:
    """The file as text with one kind of line end and of accents; raises Unreadable."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable([Mistake(1, f"cannot be opened ({error.strerror})")]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable([Mistake(line, "is not saved as UTF-8")]) from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def read_yaml(text: str, first_line: int = 1) -> Yaml:
    """Parse without guessing types (a phone stays a text); raises Unreadable on bad syntax or doubled keys."""
    try:
        node = _compose(text)
        lines: dict[Place, int] = {}
        return Yaml({} if node is None else _plain(node, (), first_line, lines), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        problem = error.problem or error.context or ""
        raise Unreadable([Mistake(line, f"YAML cannot be read: {IN_OTHER_WORDS.get(problem, problem)}")]) from error
    except yaml.YAMLError as error:
        raise Unreadable([Mistake(first_line, "YAML cannot be read: a character that is not allowed")]) from error
    except RecursionError as error:
        raise Unreadable([Mistake(first_line, "YAML cannot be read: nested too deeply")]) from error


def _compose(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)  # slower, but it says more exactly where the mistake is


def read_page(path: Path) -> Page:
    """Take a content file apart; raises Unreadable where front matter or text are missing, or a hint is left."""
    lines = read_text(path).split("\n")
    hints = [Mistake(number, _to_do(line)) for number, line in enumerate(lines, 1) if FILL_IN in line]
    if hints:
        raise Unreadable(hints)
    if lines[0].rstrip() != FENCE:
        raise Unreadable([Mistake(1, "must begin with a line `---` and the front matter")])
    ends = [number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
    if not ends:
        raise Unreadable([Mistake(1, "the line `---` that ends the front matter is missing")])
    end = ends[0]
    front = read_yaml("\n".join(lines[1:end]), first_line=2)
    marks = [number for number, line in enumerate(lines) if number > end and STEPS.match(line)]
    if len(marks) > 1:
        raise Unreadable([Mistake(marks[1] + 1, "`<!-- steps -->` stands twice")])
    middle = marks[0] if marks else len(lines)
    text, text_line = _trimmed(lines[end + 1 : middle], end + 2)
    steps, steps_line = _trimmed(lines[middle + 1 :], middle + 2)
    if not text:
        raise Unreadable([Mistake(end + 1, "the text is empty")])
    if marks and not steps:
        raise Unreadable([Mistake(middle + 1, "nothing follows `<!-- steps -->`")])
    return Page(front, text, text_line, steps or None, steps_line)


def fit(shape: type[Shape], yaml_part: Yaml, place: Place = ()) -> Shape:
    """Check what stands at `place` against a shape; raises Unreadable with one mistake per field."""
    data = yaml_part.data
    for step in place:
        data = data[step]
    if not isinstance(data, dict):
        raise Unreadable([Mistake(yaml_part.line(place), "must be a list of `name: value` lines")])
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise Unreadable(_mistake(one, yaml_part, place) for one in error.errors()) from error


def _mistake(error: Any, yaml_part: Yaml, place: Place) -> Mistake:
    where: Place = tuple(step for step in error["loc"] if step != "[key]")
    name = ".".join(str(step) for step in where) or "front matter"
    what = {
        "missing": f"{name} is missing",
        "extra_forbidden": f"{name} is not a known field",
        "string_too_short": f"{name} is empty",
        "string_pattern_mismatch": f"{name} must be YYYY, YYYY-MM or YYYY-MM-DD",
        "value_error": f"{name}: {error['msg'].removeprefix('Value error, ')}",
    }.get(error["type"], f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}")
    return Mistake(yaml_part.line(place + where), what)


def _to_do(line: str) -> str:
    before, _, hint = line.partition(FILL_IN)
    return f"{STILL_TO_DO}: {hint.strip(AROUND_HINTS) or before.strip(AROUND_HINTS)}"


def _trimmed(lines: list[str], first_line: int) -> tuple[str, int]:
    while lines and not lines[0].strip():
        lines, first_line = lines[1:], first_line + 1
    return "\n".join(lines).rstrip(), first_line


def _plain(node: yaml.Node, place: Place, first_line: int, lines: dict[Place, int]) -> Any:
    lines[place] = first_line + node.start_mark.line
    if len(place) > DEEPEST or len(lines) > MOST:
        raise Unreadable([Mistake(lines[place], "YAML cannot be read: nested too deeply or too long")])
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in NOTHING else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), first_line, lines) for index, item in enumerate(node.value)]
    data: dict[str, Any] = {}
    for key, value in node.value:
        line = first_line + key.start_mark.line
        if not isinstance(key, yaml.ScalarNode):
            raise Unreadable([Mistake(line, "a name must be a plain text")])
        if key.value in data:
            raise Unreadable([Mistake(line, f"{key.value} stands twice")])
        data[key.value] = _plain(value, (*place, key.value), first_line, lines)
        lines[(*place, key.value)] = line
    return data
