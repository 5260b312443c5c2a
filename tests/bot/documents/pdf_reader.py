"""Just enough of a PDF reader to say what stands on a page and where. It knows only what fpdf2 writes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

POINT = 25.4 / 72
"""Millimetres."""
_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_STEP = re.compile(
    rb"(?P<text>\((?:\\.|[^\\()])*\)) Tj|/F(?P<font>\d+) (?P<size>[\d.]+) Tf|(?P<push>\bq\b)|(?P<pop>\bQ\b)"
    rb"|(?P<x>-?[\d.]+) (?P<y>-?[\d.]+) Td|(?P<left>[\d.]+) (?P<top>[\d.]+) (?P<width>[\d.]+) -[\d.]+ re"
    rb"|(?P<fromx>[\d.]+) (?P<fromy>[\d.]+) m (?P<tox>[\d.]+) (?P<toy>[\d.]+) l",
    re.DOTALL,
)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@dataclass
class Line:
    """A line of writing: its letters in the order in which they stand from left to right."""

    left: float
    top: float
    glyphs: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """From left to right, without invisible signs."""
        return _visible("".join(self.glyphs))

    @property
    def backwards(self) -> str:
        """From right to left."""
        return _visible("".join(reversed(self.glyphs)))


@dataclass
class Page:
    """`boxes`: left edge and top; `rules`: lines from end to end. Everything in mm from the upper left corner."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[tuple[float, float]] = field(default_factory=list)
    rules: list[tuple[float, float]] = field(default_factory=list)


class Pdf:
    """A file that fpdf2 has written."""

    def __init__(self, data: bytes) -> None:
        self.objects = {int(number): body for number, body in _OBJECT.findall(data)}
        self.fonts = dict(self._fonts())
        contents = [int(id) for body in self.objects.values() for id in re.findall(rb"/Contents (\d+) 0 R", body)]
        self.pages = [self._page(self._stream(self.objects[id])) for id in contents]

    @property
    def lines(self) -> list[Line]:
        """Those of all pages."""
        return [line for page in self.pages for line in page.lines]

    @property
    def text(self) -> str:
        """All of it, read from left to right."""
        return "\n".join(line.text for line in self.lines)

    def embedded(self) -> set[str]:
        """Names of the fonts whose letters are in the file."""
        files = {body for body in self.objects.values() if b"/FontFile2" in body}
        return {name.decode() for body in files for name in re.findall(rb"/FontName /\w+\+([\w-]+)", body)}

    def _stream(self, body: bytes) -> bytes:
        found = _STREAM.search(body)
        assert found, body[:80]
        return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]

    def _fonts(self) -> Iterator[tuple[int, dict[int, str]]]:
        """What each code means, by the number of the font."""
        names = {int(number): int(id) for body in self.objects.values() for number, id in
                 re.findall(rb"/F(\d+) (\d+) 0 R", body)}  # fmt: skip
        for number, id in names.items():
            to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[id])
            assert to_unicode, "the text of a font cannot be extracted"
            pairs = re.findall(rb"<(\w{4})> <(\w+)>", self._stream(self.objects[int(to_unicode[1])]))
            yield number, {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}

    def _page(self, stream: bytes) -> Page:
        page, font, kept = Page(), 0, list[int]()
        for step in _STEP.finditer(stream):
            if step["push"]:
                kept.append(font)
            elif step["pop"]:
                font = kept.pop()
            elif step["font"]:
                font = int(step["font"])
            elif step["x"]:
                page.lines.append(Line(float(step["x"]) * POINT, 297 - float(step["y"]) * POINT))
            elif step["text"]:
                assert font, "letters without a font do not show"
                page.lines[-1].glyphs += [self.fonts[font].get(code, "") for code in _codes(step["text"][1:-1])]
            elif step["left"]:
                page.boxes.append((float(step["left"]) * POINT, 297 - float(step["top"]) * POINT))
            elif step["fromy"] == step["toy"]:
                page.rules.append((float(step["fromx"]) * POINT, float(step["tox"]) * POINT))
        return page


def _codes(escaped: bytes) -> list[int]:
    text = re.sub(rb"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), escaped, flags=re.DOTALL)
    return [int.from_bytes(text[place : place + 2]) for place in range(0, len(text), 2)]


def _visible(text: str) -> str:
    return re.sub("[\u200d-\u200f\u2066-\u2069]", "", text)
