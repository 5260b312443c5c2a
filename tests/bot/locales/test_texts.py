"""The bot's own sentences: complete in every language, blanks filled, dates as people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.commands import LISTED
from bot.locales import LocaleError, Locales, blanks
from bot.settings import ROOT
from bot.simulator.html import parse_html
from bot.telegram.updates import MEDIA
from knowledge.library import Library
from tests.bot.conftest import LANGUAGES

BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEY_IN_CODE = re.compile(
    r'"((?:handoff|desk|privacy|menu|button|answer|understanding|smalltalk|start|help|stop|language|feedback|limits'
    r'|error|media|glossary|referral|translation|value)\.[a-z_]+[a-z])"'
)


def catalogue(folder: Path, language: str, **texts: str) -> None:
    """Write a small catalogue; message ids with a dot in them are written with two underscores."""
    lines = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
    lines += [f'msgid "{key.replace("__", ".")}"\nmsgstr "{text}"\n' for key, text in texts.items()]
    (folder / f"{language}.po").write_text("\n".join(lines), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(LocaleError) as error:
        Locales(("de", "tr"), BERLIN, folder)
    return str(error.value)


def test_all_languages_are_complete() -> None:
    assert len(Locales(LANGUAGES, BERLIN).keys) > 150


@pytest.mark.parametrize(("language", "hours"), [
    ("de", {1: "1 Stunde)", 24: "24 Stunden)"}),
    ("ru", {1: "1 часа)", 5: "5 часов)", 21: "21 часа)", 24: "24 часов)"}),
    ("uk", {1: "1 годину)", 24: "24 години)", 48: "48 годин)"}),
    ("pl", {1: "1 godzinę)", 24: "24 godziny)", 48: "48 godzin)"}),
    ("ar", {1: "ساعة واحدة", 2: "ساعتين", 6: "6 ساعات", 24: "24 ساعة", 100: "100 ساعة"}),
])  # fmt: skip
def test_numbers_take_the_form_that_the_language_has_for_them(language: str, hours: dict[int, str]) -> None:
    locales = Locales(LANGUAGES, BERLIN)
    for count, words in hours.items():
        assert words in locales.say(language, "privacy.mydata_questions", {"count": count})


def test_a_language_without_a_catalogue_is_named(tmp_path: Path) -> None:
    catalogue(tmp_path, "de", a__b="x")
    assert "tr.po is missing" in problems(tmp_path)


def test_a_missing_and_an_empty_text_are_named(tmp_path: Path) -> None:
    catalogue(tmp_path, "de", a__b="x", a__c="y")
    catalogue(tmp_path, "tr", a__c="")
    assert problems(tmp_path).splitlines() == [
        "bot/locales/tr.po: a.b has no text", "bot/locales/tr.po: a.c has no text",
    ]  # fmt: skip


def test_a_text_that_the_first_language_lacks_is_named(tmp_path: Path) -> None:
    catalogue(tmp_path, "de", a__b="x")
    catalogue(tmp_path, "tr", a__b="x", a__c="y")
    assert problems(tmp_path) == "bot/locales/de.po: a.c has no text"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("ohne", "a.b lacks a blank of the original"), ("{nr} {time}", "a.b has a blank that is not in the original"),
     ("{number} {number2}", "a.b has a blank that is not in the original")],
)  # fmt: skip
def test_blanks_that_differ_are_named(tmp_path: Path, text: str, problem: str) -> None:
    catalogue(tmp_path, "de", a__b="{number}")
    catalogue(tmp_path, "tr", a__b=text)
    assert problems(tmp_path) == f"bot/locales/tr.po: {problem}"


def test_a_text_marked_fuzzy_is_said_and_not_shown_as_its_name(tmp_path: Path) -> None:
    catalogue(tmp_path, "de", a__b="x")
    (tmp_path / "tr.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                                    '#, fuzzy\nmsgid "a.b"\nmsgstr "y"\n', encoding="utf-8")  # fmt: skip
    assert Locales(("de", "tr"), BERLIN, tmp_path).say("tr", "a.b") == "y"


def test_every_text_that_the_code_names_exists(locales: Locales, library: Library) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py")
               if "desk" not in path.parts]
    named = {key for source in sources for key in KEY_IN_CODE.findall(source) if not library.has(key)}
    assert len(named) > 60
    assert named - locales.keys == set()


def test_texts_whose_name_is_put_together_exist(locales: Locales) -> None:
    wanted = {f"media.{kind}" for kind in (*MEDIA, "other", "message")} | {f"command.{name}" for name in LISTED}
    assert wanted - locales.keys == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_html_that_telegram_reads(locales: Locales, language: str) -> None:
    for key in locales.keys:
        text = locales._texts[language].gettext(key)
        filled = locales.say(language, key, {name: 24 if name == "count" else "x" for name in blanks(text)})
        shown, _ = parse_html(filled)
        assert shown.strip(), key
        assert "{" not in shown, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_descriptions_keep_telegrams_limits(locales: Locales, language: str) -> None:
    for key in locales.keys:
        text = locales._texts[language].gettext(key)
        if key.startswith("command."):
            assert 1 <= len(text) <= 256, key
        if key.startswith(("button.", "desk.button_")):
            assert len(text) <= 40, key
            assert "<" not in text, key


@pytest.mark.parametrize(
    ("language", "day", "clock"),
    [("de", "Dienstag, 24. November 2026", "10:00"), ("en", "Tuesday, November 24, 2026", "10:00"),
     ("tr", "24 Kasım 2026 Salı", "10:00"), ("ar", "الثلاثاء", "10:00")],
)  # fmt: skip
def test_a_time_is_written_in_the_language_and_in_the_offices_zone(
    locales: Locales, language: str, day: str, clock: str
) -> None:
    written = locales.when(language, MOMENT)
    assert day in written
    assert clock in written
    assert written in locales.say(language, "desk.asked_at", {"time": MOMENT})


def test_an_unknown_text_is_a_fault_and_not_shown_as_its_name(locales: Locales) -> None:
    with pytest.raises(KeyError):
        locales.say("de", "handoff.no_such_text")


def test_what_fills_a_blank_is_never_read_as_a_blank(locales: Locales) -> None:
    assert locales.say("de", "handoff.shared_line", {"text": "{number} {0}"}) == "• {number} {0}"


@pytest.mark.parametrize(("code", "name"), [("de", "Deutsch"), ("tr", "Türkçe"), ("ar", "العربية"), ("en", "English")])
def test_languages_are_named_in_themselves(locales: Locales, code: str, name: str) -> None:
    assert locales.name_of(code) == name
    assert locales.name_of("ar", "de") == "Arabisch"
