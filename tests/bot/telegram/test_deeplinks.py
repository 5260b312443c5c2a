"""The first place of each German key word becomes a link into the chat; nothing else in the text changes."""

from __future__ import annotations

import re

import pytest

from bot.locales.bidi import LRI, PDI, arrange
from bot.telegram.deeplinks import address, link
from knowledge.model import Term

VEREIN = "https://t.me/b?start=term-verein"
EV = "https://t.me/b?start=term-ev"
WIR = "https://t.me/b?start=term-wir"
SPELLINGS = {
    VEREIN: ("Verein", "Vereins"), EV: ("eingetragener Verein (e.V.)", "eingetragener Verein", "e.V."), WIR: ("WIR",),
}  # fmt: skip


def links(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]*)">(.*?)</a>', html)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("Der Verein und der Verein", [(VEREIN, "Verein")]),
        ("Ein eingetragener Verein (e.V.) ist ein Verein.", [(EV, "eingetragener Verein (e.V.)"), (VEREIN, "Verein")]),
        ("<b>Verein</b>", [(VEREIN, "Verein")]),
        ("die Satzung des Vereins", [(VEREIN, "Vereins")]),
        ("Eingetragener Verein", [(EV, "Eingetragener Verein")]),
        ("kein e.V., sondern", [(EV, "e.V.")]),
        ("Vereinsregister, Sport-Verein, Verein-Satzung", []),
        ("Wir helfen. wir auch.", []),
        ("das Programm WIR", [(WIR, "WIR")]),
        ('<a href="https://a.de/Verein">Verein</a>', [("https://a.de/Verein", "Verein")]),
        ('<a href="https://a.de">ein <b>Verein</b></a> Verein',
         [("https://a.de", "ein <b>Verein</b>"), (VEREIN, "Verein")]),
        ("", []),
    ],
)  # fmt: skip
def test_first_place_of_each_word_is_linked_whole_and_outside_of_links(
    html: str, found: list[tuple[str, str]]
) -> None:
    assert links(link(html, SPELLINGS)) == found


def test_a_word_with_signs_that_html_escapes_is_found() -> None:
    assert link("Fragen &amp; Antworten", {VEREIN: ("Fragen & Antworten",)}) == (
        f'<a href="{VEREIN}">Fragen &amp; Antworten</a>'
    )


def test_without_words_nothing_changes() -> None:
    assert link("Verein <b>x</b>", {}) == "Verein <b>x</b>"


def test_in_right_to_left_text_the_isolate_around_latin_words_stays_whole() -> None:
    text = link(arrange("جمعية (eingetragener Verein, e.V.) و Verein i.Gr. هنا", "ar"), SPELLINGS | {"x": ("i.Gr.",)})
    assert [words.replace(PDI, "") for _, words in links(text)] == ["eingetragener Verein", "Verein", "i.Gr."]
    assert text.count(LRI) == text.count(PDI) == 2


def test_the_address_is_one_that_telegram_takes() -> None:
    term = Term(id="Übungsleiter & Co. (ÜL)", language="de", word="x", explanation="y")
    payload = address("wegweiser_bot", term).removeprefix("https://t.me/wegweiser_bot?start=")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert payload == "term-uebungsleiter-co-uel"
