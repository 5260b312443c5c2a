"""Sheets of A4 to write on line by line, in any of the languages: fonts, direction, line breaks, page numbers.

Lengths are in mm, sizes of letters in points. Places are counted from the side where the language begins to be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from fpdf import FPDF, Align, XPos, YPos
from fpdf.fonts import TTFFont
from fpdf.line_break import Fragment

from bot.locales import RIGHT_TO_LEFT
from bot.locales.bidi import isolate

FONTS = Path(__file__).parent / "fonts"
SANS, ARABIC = "sans", "arabic"
FAMILIES = {SANS: "NotoSans", ARABIC: "NotoNaskhArabic"}
STYLES = {"": "Regular", "B": "Bold"}
MARGIN = 20.0
WIDTH = 210.0 - 2 * MARGIN
A4_HEIGHT = 297.0
EDGE = 8.0
"""From the last line of the footer to the edge of the sheet: as near as common printers go, and a bit."""
FOOTER_GAP = 6.0
LARGER = 1.1
"""Arabic letters of the same size in points are smaller than Latin ones."""
NUMBER = 20.0
"""Width of the column of page numbers."""
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""Written as the time of creation, which the format demands and nobody needs to know."""
SPACES = re.compile(r"(?<!§)[ \t]+")
"""Where a line may end: a section sign stays with its number."""
JOINERS = "\u200c\u200d\u200e\u200f"
"""The invisible signs that belong to spelling: Persian needs the first."""
INVISIBLE = {"Cc", "Cf", "Cs", "Mn", "Me"}
"""Kinds of signs that leave nothing to miss where no font has them."""


@dataclass(frozen=True)
class Style:
    """How letters look: `size` in points, `line` from one line to the next in mm, `grey` from 0 (black) to 255.

    `german`: runs from left to right in every document, towards the side where lines end.
    """

    size: float
    line: float
    bold: bool = False
    grey: int = 0
    german: bool = False


FOOTER = Style(8, 4, grey=90)
PAGE_NUMBER = replace(FOOTER, german=True)


class Paper(FPDF):
    """Starts with no page; when it is `finished`, the footer stands on each beside its number."""

    def __init__(self, language: str, title: str, footer: str) -> None:
        super().__init__(format="A4")
        self.right_to_left = language in RIGHT_TO_LEFT
        self._load_fonts()
        self.set_auto_page_break(False)
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0.0
        self.alias_nb_pages("")  # else what somebody writes in braces may become a number
        self._footer = self.wrapped(footer, WIDTH - NUMBER, FOOTER)
        self._bottom = min(A4_HEIGHT - MARGIN, A4_HEIGHT - EDGE - FOOTER_GAP - FOOTER.line * len(self._footer))
        self.set_lang(language)
        self.set_title(self.legible(title))
        self.set_creation_date(NO_DATE)

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Sequence[Fragment]:  # noqa: FBT001
        """fpdf2 cuts a word at its marks (shadda, hamza), and letters do not join over a cut: put together again."""
        joined: list[Fragment] = []
        for fragment in super()._preload_bidirectional_text(text, markdown):
            if joined and _one_word(joined[-1], fragment):
                joined[-1].characters += fragment.characters
            else:
                joined.append(fragment)
        return joined

    def _load_fonts(self) -> None:
        """Arabic letters come from the second; digits and dots do not, so that `www.name.de` looks like one word."""
        for family, name in FAMILIES.items():
            for style, suffix in STYLES.items():
                self.add_font(family, style, FONTS / f"{name}-{suffix}.ttf")
        self.set_fallback_fonts([ARABIC])
        self._known = frozenset(code for font in self.fonts.values() if isinstance(font, TTFFont) for code in font.cmap)

    def legible(self, text: str) -> str:
        """The text in one spelling, with a question mark for what no font has, such as an emoji."""
        return "".join(map(self._sign, unicodedata.normalize("NFC", text)))

    def _sign(self, letter: str) -> str:
        if letter.isspace():
            return letter
        kind = unicodedata.category(letter)
        if ord(letter) in self._known and (kind != "Cf" or letter in JOINERS):
            return letter
        return "" if kind in INVISIBLE else "?"

    def use(self, style: Style) -> None:
        """Write in this style from now on."""
        backwards = self._backwards(style)
        self.set_font(SANS, "B" if style.bold else "", style.size * (LARGER if backwards else 1.0))
        self.set_text_color(style.grey)
        self.set_text_shaping(use_shaping_engine=True, direction="rtl" if backwards else "ltr")

    def _backwards(self, style: Style) -> bool:
        """Whether it runs from right to left."""
        return self.right_to_left and not style.german

    def wrapped(self, text: str, width: float, style: Style) -> list[str]:
        """The text in lines of at most this width; none of them if it is blank."""
        self.use(style)
        lines = [line for part in self.legible(text).splitlines() for line in self._filled(part, width)]
        return lines if text.strip() else []

    def _filled(self, text: str, width: float) -> Iterator[str]:
        space, line, used = self.get_string_width(" "), "", 0.0
        for word in chain.from_iterable(self._pieces(word, width) for word in SPACES.split(text.strip())):
            length = self.get_string_width(word)
            if line and used + space + length > width:
                yield line
                line, used = word, length
            else:
                line, used = (f"{line} {word}", used + space + length) if line else (word, length)
        yield line

    def _pieces(self, word: str, width: float) -> Iterator[str]:
        """The word, or parts of it if it is longer than a line."""
        while len(word) > 1 and self.get_string_width(word) > width:
            fitting = next(end for end in range(len(word) - 1, 0, -1) if self._fits(word[:end], width) or end == 1)
            yield word[:fitting]
            word = word[fitting:]
        yield word

    def _fits(self, text: str, width: float) -> bool:
        return self.get_string_width(text) <= width

    def left(self, start: float, width: float) -> float:
        """Where something of this width begins on the sheet, seen from its left edge."""
        return self.w - MARGIN - start - width if self.right_to_left else MARGIN + start

    def room(self, height: float) -> None:
        """Go on on a new page if this one has too little room left."""
        if self.y + height > self._bottom and self.y > MARGIN:
            self.add_page()

    def put(self, lines: Sequence[str], style: Style, start: float = 0.0, width: float = WIDTH) -> None:
        """Write lines one below the other, even beyond the end of the page."""
        self.use(style)
        backwards = self._backwards(style)
        align = Align.R if self.right_to_left != style.german else Align.L
        for line in lines:
            self._line(isolate(line) if backwards else line, self.left(start, width), width, style.line, align)

    def flow(self, lines: Sequence[str], style: Style, start: float = 0.0, width: float = WIDTH) -> None:
        """The same, on as many pages as it takes."""
        for line in lines:
            self.room(style.line)
            self.put([line], style, start, width)

    def finished(self) -> bytes:
        """The file, once all is written: each page gets its number on the right, and the footer beside it."""
        for page in range(1, self.pages_count + 1):
            self.page = page
            self.y = self._bottom + FOOTER_GAP
            self.use(PAGE_NUMBER)
            number = f"{page}/{self.pages_count}"
            self._line(number, self.w - MARGIN - NUMBER, NUMBER, FOOTER.line, Align.R)
            self.y = self._bottom + FOOTER_GAP
            self.put(self._footer, FOOTER, NUMBER if self.right_to_left else 0.0, WIDTH - NUMBER)
        return bytes(self.output())

    def close(self) -> None:
        """Close the files of the fonts; `finished` has done so unless something went wrong before."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _line(self, text: str, left: float, width: float, height: float, align: Align) -> None:
        # fpdf2 believes that the font a line has set for itself is still set in the next; its letters would vanish.
        self.current_font_is_set_on_page = False
        self.set_x(left)
        self.cell(width, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _one_word(before: Fragment, after: Fragment) -> bool:
    """Whether what divides them is a mark that belongs to the letter before it."""
    beside = before.characters[-1:] + after.characters[:1]
    return before.has_same_style(after) and any(unicodedata.combining(letter) for letter in beside)
