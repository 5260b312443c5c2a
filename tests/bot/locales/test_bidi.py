"""Latin words inside Arabic text: marked so that they read in order, and otherwise untouched."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.bidi import LRI, PDI, RLM, arrange, is_rtl, isolate
from bot.simulator.html import parse_html

MARKS = str.maketrans("", "", LRI + PDI + RLM)
PIECES = ["قاعة", "جمعية ", "e.V.", "Verein", " Satzung ", "+49 611 31-0", "(", ")", "؟", ".", ",", "،", "\n", "\n\n",
          "12", "٣", "§ 21 BGB", "https://a.de/b?c=d&e=f", "/forget", "@bot", "&", "<", ">", '"', "'", "⚪", "👤", "–",
          " ", "é", "№", "•", "☎"]  # fmt: skip
MIXED = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
ANY = st.text(st.characters(codec="utf-8", exclude_characters=LRI + PDI + RLM), max_size=60)
TAGS = st.sampled_from(["b", "i", "u", "code", 'a href="https://a.de/x?y=1"', "blockquote expandable"])


def balanced(text: str) -> bool:
    """Every isolate is closed before the next one opens and before the line ends."""
    return all(re.fullmatch(rf"(?:[^{LRI}{PDI}]|{LRI}[^{LRI}{PDI}]*{PDI})*", line) for line in text.split("\n"))


@given(MIXED | ANY)
def test_without_the_marks_it_is_the_text_that_was_given(text: str) -> None:
    assert isolate(text).translate(MARKS) == text
    assert balanced(isolate(text))


@given(MIXED | ANY, TAGS)
def test_a_message_keeps_its_text_and_its_tags(text: str, tag: str) -> None:
    html = f"<{tag}>{escape(text, quote=False)}</{tag.split()[0]}> {escape(text)}"
    before, entities = parse_html(html)
    after, entities_after = parse_html(arrange(html, "ar"))
    assert after.translate(MARKS) == before
    assert [entity["type"] for entity in entities_after] == [entity["type"] for entity in entities]
    assert [entity.get("url") for entity in entities_after] == [entity.get("url") for entity in entities]
    assert balanced(after)


@given(MIXED | ANY)
def test_from_left_to_right_nothing_is_touched(text: str) -> None:
    assert arrange(text, "tr") == text


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("جمعية (Verein) مسجلة", ["Verein"]),
        ("جمعية (e.V.) مسجلة", ["e.V."]),
        ("اتصل +49 611 31-0 الآن", ["+49 611 31-0"]),
        ("كلمة Verein (e.V.) هنا", ["Verein (e.V.)"]),
        ("§ 21 BGB في القانون", ["21 BGB"]),
        ("اكتب /forget للحذف", ["/forget"]),
        ("هاتف 0611/31-2000، بريد a.b@c.de.", ["0611/31-2000", "a.b@c.de"]),
        ("قاعة ٣ فقط", []),
    ],
)
def test_brackets_phones_and_abbreviations_stay_whole(text: str, isolated: list[str]) -> None:
    assert re.findall(f"{LRI}(.*?){PDI}", isolate(text)) == isolated


def test_every_line_says_its_direction_and_empty_lines_say_nothing() -> None:
    lines = arrange("Verein\n\nجمعية", "ar").split("\n")
    assert [line.startswith(RLM) for line in lines] == [True, False, True]


def test_addresses_inside_tags_are_left_alone() -> None:
    html = '<a href="https://wiesbaden.de/a_b?c=1&amp;d=2">الموقع</a>'
    assert html in arrange(html, "ar")


def test_which_languages_are_written_from_right_to_left() -> None:
    assert [language for language in ("de", "en", "tr", "ar", "fa", "ru") if is_rtl(language)] == ["ar", "fa"]
