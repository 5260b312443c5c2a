"""From a document to a PDF file: where each block stands on the sheet, and what its boxes and lines look like."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import singledispatch

from bot.documents.document import Block, CheckItem, Document, Heading, Lines, Paragraph, State
from bot.documents.paper import WIDTH, Paper, Style

TITLE = Style(18, 9, bold=True)
HEADING = Style(13, 7, bold=True)
BODY = Style(11, 6)
SMALL = Style(9, 4.8, grey=90)
FADED = 150
"""The grey of what is not needed; still to be read on paper."""
BOX = 4.2
BESIDE_BOX = 8.0
"""Where the text of an item begins, in mm from the side of the boxes."""
GERMAN = 50.0
"""Width of the column of German words, and the gap before it."""
GAP = 4.0
LOWER = 0.8
"""How much lower a small line begins to stand on the same line as a large one beside it."""
RULE = 9.0
"""From one empty line to the next: room for handwriting."""
KEPT_TOGETHER = 25.0
"""What must find room below a heading, so that none ends a page."""


def render(document: Document) -> bytes:
    """The document as a PDF file. The same document gives the same bytes; they tell neither time nor author."""
    with closing(Paper(document.language, document.title, document.footer)) as paper:
        paper.add_page()
        _write(paper, document.title, TITLE)
        paper.y += GAP / 2
        _write(paper, document.intro, BODY)
        for block in document.blocks:
            _draw(block, paper)
        return paper.finished()


def _write(paper: Paper, text: str, style: Style) -> None:
    paper.flow(paper.wrapped(text, WIDTH, style), style)


@singledispatch
def _draw(block: Block, paper: Paper) -> None:
    raise TypeError(block)


@_draw.register
def _(block: Heading, paper: Paper) -> None:
    paper.y += GAP
    paper.room(HEADING.line + KEPT_TOGETHER)
    _write(paper, block.text, HEADING)
    paper.y += GAP / 2


@_draw.register
def _(block: Paragraph, paper: Paper) -> None:
    paper.y += GAP / 2
    _write(paper, block.text, BODY)


@_draw.register
def _(block: CheckItem, paper: Paper) -> None:
    beside = GERMAN + GAP if block.german else 0.0
    width = WIDTH - BESIDE_BOX - beside
    text_style, small = _in_state(BODY, block.state), _in_state(SMALL, block.state)
    text, hint = paper.wrapped(block.text, width, text_style), paper.wrapped(block.hint, width, small)
    german_style = replace(small, german=True)
    german = paper.wrapped(block.german, GERMAN, german_style)
    paper.y += GAP / 2
    paper.room(max(len(text) * BODY.line + len(hint) * SMALL.line, len(german) * SMALL.line))
    top, page = paper.y, paper.page_no()
    _box(paper, block.state)
    paper.y += LOWER
    paper.put(german, german_style, WIDTH - GERMAN, GERMAN)
    below_german, paper.y = paper.y, top
    paper.flow(text, text_style, BESIDE_BOX, width)
    paper.flow(hint, small, BESIDE_BOX, width)
    if paper.page_no() == page:
        paper.y = max(paper.y, below_german)


@_draw.register
def _(block: Lines, paper: Paper) -> None:
    paper.y += GAP / 2
    paper.room(BODY.line + RULE)
    _write(paper, block.label, BODY)
    paper.set_draw_color(FADED)
    for _ in range(block.count):
        paper.room(RULE)
        paper.y += RULE
        paper.line(paper.l_margin, paper.y, paper.l_margin + WIDTH, paper.y)


def _in_state(style: Style, state: State) -> Style:
    return replace(style, grey=FADED) if state == "not_needed" else style


def _box(paper: Paper, state: State) -> None:
    """An empty box; a tick in it says done, a stroke through it not needed."""
    left, top = paper.left(0.0, BOX), paper.y + (BODY.line - BOX) / 2
    paper.set_draw_color(FADED if state == "not_needed" else 0)
    paper.set_line_width(0.3)
    paper.rect(left, top, BOX, BOX)
    if state == "not_needed":
        paper.line(left, top + BOX, left + BOX, top)
    elif state == "done":
        paper.set_line_width(0.7)
        paper.polyline([(left + x * BOX, top + y * BOX) for x, y in ((0.2, 0.55), (0.42, 0.8), (0.85, 0.2))])
    paper.set_line_width(0.2)
