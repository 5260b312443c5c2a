"""One sheet with figures is one page, whatever stands on it."""

from __future__ import annotations

import pytest

from bot.documents.sheet import Bar, Bars, Columns, Items, Sheet, Tile, print_sheet
from tests.bot.documents.pdf_reader import Pdf

LONG = "Können wir als Gruppe ohne Eintragung Räume mieten und wer haftet, wenn etwas kaputtgeht? " * 5


def sheet(text: str, number: int, size: float | None) -> Sheet:
    bars = tuple(Bar(f"{text} {place}", "1.234.567", size) for place in range(number))
    items = tuple((text, text) for _ in range(number))
    return Sheet(
        language="de", title=text, under=text, tiles=tuple(Tile(text, text, text) for _ in range(number)),
        pairs=((Bars(text, bars, text), Columns(text, bars, text, text, text)),
               (Items(text, items, text), Bars(text, bars, text))) * number,
        notes_title=text, notes=(text,) * max(number, 1), footer=text[:200],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number", "size"), [("", 0, 0.0), ("ä ß „so“ 😀 هل", 1, None), (LONG, 9, 0.0), ("x" * 60, 3, 1.0)]
)
def test_it_is_one_page_and_nothing_runs_over_its_edge(text: str, number: int, size: float | None) -> None:
    pages = Pdf(print_sheet(sheet(text, number, size))).pages
    assert len(pages) == 1
    assert all(line.top < 297 - 8 and line.left >= 19.9 for line in pages[0].lines)


def test_what_is_short_stands_there_as_it_is() -> None:
    text = Pdf(print_sheet(sheet("Fälle: groß", 2, 0.5))).text
    assert "Fälle: groß 1" in text
    assert "1.234.567" in text
    assert "…" not in text


def test_the_same_sheet_gives_the_same_file() -> None:
    assert print_sheet(sheet("so", 3, 0.5)) == print_sheet(sheet("so", 3, 0.5))
