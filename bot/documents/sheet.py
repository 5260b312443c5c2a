"""One sheet of A4 with figures: tiles, charts, short lists. It is one page whatever it holds: what finds no room in
its place is cut with an ellipsis, and of rows too many the last ones are left out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from bot.documents.paper import MARGIN, WIDTH, Paper, Style

TITLE = Style(18, 8.5, bold=True)
UNDER = Style(9.5, 4.6, grey=80)
LABEL = Style(8, 3.6, grey=60)
VALUE = Style(14, 6.6, bold=True)
NOTE = Style(7.5, 3.4, grey=90)
HEAD = Style(10.5, 5.2, bold=True)
CELL = Style(8.5, 4.3)
SMALL = Style(7.5, 3.5, grey=90)
INK, HATCH, RULE = (11, 90, 107), (150, 160, 160), 205
GAP = 6.0
COLUMN = (WIDTH - GAP) / 2
TILES = 4
TILE, TILE_GAP = 17.5, 3.0
LABELLED = 0.44
"""How much of a chart's width its labels take, and below how much its numbers."""
NUMBERED = 0.2
COLUMNS_HIGH = 24.0
LETTERS = 2
"""A mm of a line has never more; what stands beyond is not looked at."""


@dataclass(frozen=True)
class Tile:
    """A figure with its name and what it was before."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Bar:
    """`size` from 0 to 1; None: the number is not shown."""

    label: str
    text: str
    size: float | None


@dataclass(frozen=True)
class Bars:
    """Lying bars, one below the other; without any, `empty` is said."""

    title: str
    bars: tuple[Bar, ...]
    empty: str


@dataclass(frozen=True)
class Columns:
    """Standing columns, only the first, middle and last of which may be named. `most`: what the highest stands for."""

    title: str
    bars: tuple[Bar, ...]
    most: str
    note: str
    empty: str


@dataclass(frozen=True)
class Items:
    """A list: each with a line below it."""

    title: str
    items: tuple[tuple[str, str], ...]
    empty: str


@dataclass(frozen=True)
class Sheet:
    """What stands on the page, from top to bottom; `pairs` stand beside each other."""

    language: str
    title: str
    under: str
    tiles: tuple[Tile, ...]
    pairs: tuple[tuple[Bars | Columns | Items, Bars | Columns | Items], ...]
    notes_title: str
    notes: tuple[str, ...]
    footer: str


ROOM = (47.0, 40.0, 32.0, 46.0)
"""The height that each pair has; further ones have none."""


def print_sheet(sheet: Sheet) -> bytes:
    """The page as a PDF file. The same sheet gives the same bytes."""
    with closing(Paper(sheet.language, sheet.title, sheet.footer)) as paper:
        paper.add_page()
        _put(paper, sheet.title, TITLE, 0.0, WIDTH)
        _put(paper, sheet.under, UNDER, 0.0, WIDTH)
        _tiles(paper, sheet.tiles[: 2 * TILES], paper.y + 3.0)
        for pair, room in zip(sheet.pairs, ROOM, strict=False):
            top = paper.y + 4.0
            for side, part in enumerate(pair):
                paper.y = top
                _part(paper, part, side * (COLUMN + GAP), top + room)
            paper.y = top + room
        _notes(paper, sheet)
        return paper.finished()


def _put(paper: Paper, text: str, style: Style, start: float, width: float, lines: int = 1) -> None:
    """At most so many lines of a text."""
    paper.put(_cut(paper, text, style, width, lines), style, start, width)


def _cut(paper: Paper, text: str, style: Style, width: float, most: int) -> list[str]:
    lines = paper.wrapped(text[: int(LETTERS * width * most)], width, style)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    paper.use(style)
    while last and paper.get_string_width(f"{last} …") > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()} …"]


def _tiles(paper: Paper, tiles: Sequence[Tile], top: float) -> None:
    width = (WIDTH - (TILES - 1) * TILE_GAP) / TILES
    for place, tile in enumerate(tiles):
        across, down = (place % TILES) * (width + TILE_GAP), top + place // TILES * (TILE + TILE_GAP)
        paper.set_draw_color(RULE)
        paper.rect(MARGIN + across, down, width, TILE, round_corners=True, corner_radius=1.5)
        inner = width - 5.0
        for text, style, from_top in ((tile.label, LABEL, 1.6), (tile.value, VALUE, 5.4), (tile.note, NOTE, 12.6)):
            paper.y = down + from_top
            _put(paper, text, _fitting(paper, text, style, inner), across + 2.5, inner)
    paper.y = top + -(-len(tiles) // TILES) * (TILE + TILE_GAP) - TILE_GAP


def _fitting(paper: Paper, text: str, style: Style, width: float) -> Style:
    """The style, smaller if the text needs it, down to that of notes."""
    paper.use(style)
    needed = paper.get_string_width(paper.legible(text[: int(LETTERS * width)]))
    return style if needed <= width else replace(style, size=max(NOTE.size, style.size * width / needed * 0.98))


def _part(paper: Paper, part: Bars | Columns | Items, start: float, bottom: float) -> None:
    _put(paper, part.title, HEAD, start, COLUMN)
    paper.y += 1.0
    if not (part.items if isinstance(part, Items) else part.bars):
        _put(paper, part.empty, SMALL, start, COLUMN, 3)
    elif isinstance(part, Items):
        _items(paper, part, start, bottom)
    elif isinstance(part, Columns):
        _columns(paper, part, start)
    else:
        _bars(paper, part, start, bottom)


def _bars(paper: Paper, part: Bars, start: float, bottom: float) -> None:
    step = CELL.line + 0.6
    label, number = COLUMN * LABELLED, COLUMN * NUMBERED
    longest = COLUMN - label - number - 3.0
    for bar in part.bars[: int((bottom - paper.y) // step)]:
        top = paper.y
        _put(paper, bar.label, CELL, start, label)
        _bar(paper, MARGIN + start + label + 1.5, top + 0.8, longest, CELL.line - 1.6, bar.size)
        paper.y = top
        # Words in the place of a number have the room that the bar does not need.
        style, width = (CELL, number) if bar.size is not None else (replace(SMALL, line=CELL.line), longest + number)
        _right(paper, bar.text, style, start + COLUMN - width, width)
        paper.y = top + step


def _bar(paper: Paper, left: float, top: float, longest: float, high: float, size: float | None) -> None:
    if size is None:
        _hatch(paper, left, top, 4.0, high)
    elif size > 0:
        paper.set_fill_color(*INK)
        paper.rect(left, top, max(longest * size, 0.4), high, style="F")


def _hatch(paper: Paper, left: float, top: float, width: float, high: float) -> None:
    paper.set_draw_color(*HATCH)
    paper.rect(left, top, width, high)
    across = 0.0
    while across + 1.2 <= width:
        paper.line(left + across, top + high, left + across + 1.2, top)
        across += 1.2


def _right(paper: Paper, text: str, style: Style, start: float, width: float) -> None:
    """At the right edge of its place."""
    text = next(iter(_cut(paper, text, style, width, 1)), "")
    paper.use(style)
    length = paper.get_string_width(text)
    paper.put([text], style, start + width - length, length)


def _columns(paper: Paper, part: Columns, start: float) -> None:
    top = paper.y + 1.0
    floor, step = top + COLUMNS_HIGH, COLUMN / len(part.bars)
    for place, bar in enumerate(part.bars):
        left, width = MARGIN + start + place * step + step * 0.14, step * 0.72
        if bar.size is None:
            _hatch(paper, left, floor - 2.0, width, 2.0)
        elif bar.size > 0:
            paper.set_fill_color(*INK)
            paper.rect(left, floor - COLUMNS_HIGH * bar.size, width, COLUMNS_HIGH * bar.size, style="F")
    paper.set_draw_color(RULE)
    paper.line(MARGIN + start, floor, MARGIN + start + COLUMN, floor)
    ends = {0: 0.0, len(part.bars) - 1: COLUMN - 20.0}
    for place, across in ends.items():
        paper.y = floor + 0.6
        if across:
            _right(paper, part.bars[place].label, SMALL, start + across, 20.0)
        else:
            _put(paper, part.bars[place].label, SMALL, start, 20.0)
    paper.y = floor + 0.6 + SMALL.line
    _put(paper, f"{part.most} {part.note}".strip(), SMALL, start, COLUMN, 2)


def _items(paper: Paper, part: Items, start: float, bottom: float) -> None:
    for text, below in part.items:
        lines = _cut(paper, text, CELL, COLUMN, 2)
        under = _cut(paper, below, SMALL, COLUMN, 2)
        if paper.y + len(lines) * CELL.line + len(under) * SMALL.line > bottom:
            return
        paper.put(lines, CELL, start, COLUMN)
        paper.put(under, SMALL, start, COLUMN)
        paper.y += 0.8


def _notes(paper: Paper, sheet: Sheet) -> None:
    paper.y += 4.0
    _put(paper, sheet.notes_title, replace(HEAD, size=9, line=4.6), 0.0, WIDTH)
    _put(paper, " ".join(sheet.notes), SMALL, 0.0, WIDTH, 6)
