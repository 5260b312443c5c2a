"""The printed documents: everything is on paper, legible, in the right direction, and says no more than it was told."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import pairwise

import pytest

from bot.documents.document import Block, CheckItem, Document, Heading, Lines, Paragraph, State
from bot.documents.paper import ARABIC, FONTS, MARGIN, SANS, WIDTH, Paper, Style
from bot.documents.pdf import BODY, TITLE, render
from bot.locales import RIGHT_TO_LEFT
from tests.bot.documents.pdf_reader import Pdf

WORDS = {
    "de": "Größe, Fußball und Übung: „Straße“ – 100 €",
    "en": "The association’s statutes – “rules”",
    "tr": "İmzaları çoğunlukla şöyle onaylatın, ığüö",
    "ru": "Учредительное собрание — подъезд, ёлка",
    "uk": "Об’єднання, її ґанок – «ціль»",
    "pl": "Zażółć gęślą jaźń, ŁÓDŹ – „cel”",
    "ar": "الجمعية المسجّلة أيضًا لا تحتاج؟",
    "fa": "می‌خواهید هیئت‌مدیرهٔ گروه پژوهش چیست؟",
}
LEFT_TO_RIGHT = sorted(set(WORDS) - RIGHT_TO_LEFT)
BACKWARDS = sorted(set(WORDS) & RIGHT_TO_LEFT)


def document(*blocks: Block, language: str = "de", title: str = "", intro: str = "", footer: str = "") -> Document:
    return Document(language, title, intro, blocks, footer)


def read(*blocks: Block, language: str = "de", title: str = "", intro: str = "", footer: str = "") -> Pdf:
    return Pdf(render(document(*blocks, language=language, title=title, intro=intro, footer=footer)))


def checklist(language: str, items: int = 16) -> Document:
    """As long as the founding checklist: two pages."""
    words = WORDS[language]
    states: tuple[State, ...] = ("open", "done", "not_needed")
    steps = [CheckItem(words, "Satzung, e.V.", states[number % 3], f"{words} {words}") for number in range(items)]
    return document(Heading(words), *steps, Lines(words, 6), language=language, title=words, intro=words, footer=words)


@pytest.fixture
def paper() -> Iterator[Callable[[str], Paper]]:
    """Sheets in a language, on which the style of running text is in use."""
    with ExitStack() as stack:

        def made(language: str) -> Paper:
            sheets = stack.enter_context(closing(Paper(language, "", "")))
            sheets.use(BODY)
            return sheets

        yield made


@pytest.mark.parametrize("language", LEFT_TO_RIGHT)
def test_every_letter_of_a_language_is_printed_and_can_be_copied_out(language: str) -> None:
    words = WORDS[language]
    pdf = read(Heading(words), Paragraph(words), CheckItem(words, "", "open", words), Lines(words, 1),
               language=language, title=words, intro=words, footer=words)  # fmt: skip
    assert [line.text for line in pdf.lines].count(words) == 8
    assert "?" not in pdf.text


@pytest.mark.parametrize("language", BACKWARDS)
def test_arabic_letters_run_from_right_to_left_and_can_be_copied_out(language: str) -> None:
    pdf = read(Paragraph(WORDS[language]), language=language)
    assert pdf.lines[0].backwards == WORDS[language]


def test_a_line_does_not_lose_its_letters_to_the_font_of_the_line_before() -> None:
    pdf = read(Paragraph("سلام e.V.\ne.V.\nسلام"), Paragraph("e.V."), language="ar", title="سلام", intro="سلام")
    assert [line.text for line in pdf.lines].count("e.V.") == 2


def test_german_and_numbers_keep_their_direction_among_arabic_letters() -> None:
    pdf = read(Paragraph("اتصلوا (0611 123 45) بجمعية e.V. في 2026"), language="ar")
    (line, *_) = (line.text for line in pdf.lines)
    for forwards in ("0611 123 45", "e.V.", "2026"):
        assert forwards in line
    assert line.index("2026") < line.index("e.V.") < line.index("0611 123 45")


@pytest.mark.parametrize("word", ["المسجّلة", "يوقّعون", "هیئت‌مدیرهٔ"])
def test_a_mark_does_not_tear_the_letters_of_a_word_apart(paper: Callable[[str], Paper], word: str) -> None:
    sheets = paper("ar")
    bare = re.sub("[\u0651\u0654]", "", word)
    assert bare != word
    assert sheets.get_string_width(word) == pytest.approx(sheets.get_string_width(bare))


def test_arabic_letters_are_joined(paper: Callable[[str], Paper]) -> None:
    sheets = paper("ar")
    assert sheets.get_string_width("ببب") < 2.5 * sheets.get_string_width("ب")


@pytest.mark.parametrize("language", WORDS)
def test_boxes_and_text_begin_where_the_language_does_and_german_ends_opposite(language: str) -> None:
    pdf = read(CheckItem(WORDS[language], "Satzung", "open"), language=language)
    ((box, box_top),) = pdf.pages[0].boxes
    german = next(line for line in pdf.lines if line.text == "Satzung")
    text = next(line for line in pdf.lines if line.glyphs and line is not german)
    if language in RIGHT_TO_LEFT:
        assert german.left == pytest.approx(MARGIN, abs=0.1)
        assert german.left < text.left < box
        assert box > 210 - MARGIN - 10
    else:
        assert box == pytest.approx(MARGIN, abs=0.1)
        assert box < text.left < german.left
    assert german.top == pytest.approx(text.top, abs=0.3)
    assert abs(box_top - text.top) < 5


def test_the_state_of_an_item_shows_in_its_box() -> None:
    states: tuple[State, ...] = ("open", "done", "not_needed")
    drawn = [render(document(CheckItem("x", "", state))) for state in states]
    assert len(set(drawn)) == 3
    assert all(len(Pdf(data).pages[0].boxes) == 1 for data in drawn)


def test_lines_to_write_on_are_as_many_as_asked_and_go_from_margin_to_margin() -> None:
    pdf = read(Lines("Notizen", 40))
    rules = [rule for page in pdf.pages for rule in page.rules]
    assert len(rules) == 40
    assert all(rule == pytest.approx((MARGIN, MARGIN + WIDTH), abs=0.1) for rule in rules)
    assert len(pdf.pages) == 2


def test_pages_are_numbered_and_carry_the_footer() -> None:
    pdf = Pdf(render(checklist("de", items=60)))
    count = len(pdf.pages)
    assert count > 3
    for number, page in enumerate(pdf.pages, 1):
        texts = [line.text for line in page.lines]
        assert f"{number}/{count}" in texts
        assert texts[-1] == WORDS["de"]


def test_a_text_of_any_length_is_all_there() -> None:
    words = [f"Wort{number}" for number in range(3000)]
    pdf = read(Paragraph(" ".join(words)), CheckItem(" ".join(words), "Satzung", "open"))
    assert re.findall(r"Wort\d+", pdf.text) == [*words, *words]
    assert all(MARGIN < line.top < 297 - 8 for line in pdf.lines)


def test_a_word_longer_than_the_line_is_broken_rather_than_cut_off() -> None:
    link = "https://example.org/" + "abc" * 200
    lines = [line.text for line in read(Paragraph(link)).lines if "/1" not in line.text]
    assert "".join(lines) == link
    assert len(lines) > 3


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("style", [TITLE, BODY])
def test_no_line_is_wider_than_its_column(paper: Callable[[str], Paper], language: str, style: Style) -> None:
    sheets = paper(language)
    lines = sheets.wrapped(" ".join([WORDS[language]] * 10), 60, style)
    assert len(lines) > 5
    assert all(sheets.get_string_width(line) <= 60.01 for line in lines)


def test_line_breaks_of_a_text_are_kept_and_a_paragraph_sign_is_not_left_alone(
    paper: Callable[[str], Paper],
) -> None:
    one, two, *_ = read(Paragraph("eins\n\nzwei")).lines
    assert two.top - one.top == pytest.approx(2 * BODY.line, abs=0.01)
    lines = paper("de").wrapped("Antrag nach § 60a " * 30, 50, BODY)
    assert not [line for line in lines if line.endswith("§")]


def test_a_heading_stays_with_what_follows() -> None:
    for filler in range(34, 40):
        pdf = read(Paragraph("\n".join("x" * filler)), Heading("Kopf"), Paragraph("danach"))
        (page,) = [page for page in pdf.pages if "Kopf" in [line.text for line in page.lines]]
        assert "danach" in [line.text for line in page.lines]


def test_what_no_font_has_becomes_a_question_mark_without_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    odd = "Fest \U0001f389 \u4e2d {nb} \ue000 \ud800**x**\x07 \u202eabc \U0001f469\u200d\U0001f469\ufe0f"
    pdf = read(Paragraph(odd), CheckItem("\U0001f642", "\U0001f642", "done", "\U0001f642"))
    lines = [line.text for line in pdf.lines]
    assert lines[0].startswith("Fest ? ? {nb} ? **x** abc ??")
    assert lines.count("?") == 3
    assert caplog.messages == []


def test_the_document_says_nothing_but_what_it_was_told() -> None:
    pdf = Pdf(render(document(Heading("A"), CheckItem("B", "C", "done", "D"), Lines("E", 2), title="F", footer="G")))
    assert set(pdf.text) <= set("ABCDEFG1/1\n")


def test_the_file_tells_no_author_and_no_time() -> None:
    data = render(checklist("fa"))
    assert set(re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d+)", data)) == {b"19700101000000"}
    assert b"/Author" not in data
    assert b"/Creator" not in data
    assert data == render(checklist("fa"))


def test_the_fonts_are_in_the_file() -> None:
    assert Pdf(render(checklist("ar"))).embedded() >= {"NotoSans", "NotoNaskhArabic", "NotoNaskhArabicBold"}


def test_the_fonts_are_in_the_package_with_their_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 3_000_000


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_two_pages_take_less_than_400_ms(language: str) -> None:
    """Measured: 0.2 to 0.3 s. It is the time of the processor that counts, because others use the machine too."""
    assert min(_seconds(checklist(language)) for _ in range(3)) < 0.4


def _seconds(asked: Document) -> float:
    before = time.process_time()
    assert len(Pdf(render(asked)).pages) >= 2
    return time.process_time() - before


def test_blocks_follow_each_other_down_the_page() -> None:
    pdf = read(Paragraph("eins"), CheckItem("zwei", "Satzung " * 20, "open"), Paragraph("drei"), Heading("vier"))
    tops = [next(line.top for line in pdf.lines if line.text == word) for word in ("eins", "zwei", "drei", "vier")]
    assert all(one < other for one, other in pairwise(tops))
    assert tops[2] > max(line.top for line in pdf.lines if "Satzung" in line.text)


def test_latin_letters_use_the_common_font_in_every_document(paper: Callable[[str], Paper]) -> None:
    sheets = paper("ar")
    assert (sheets.font_family, sheets.get_fallback_font("ب")) == (SANS, ARABIC)
