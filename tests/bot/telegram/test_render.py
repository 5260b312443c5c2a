"""Every curated answer in every language, as Telegram gets it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import yaml

from bot.conversation import menus
from bot.conversation.replies import Answer, Button, Buttons, Explanation, Lines, Phrase, Reply
from bot.conversation.turn import Parts, button
from bot.locales.bidi import LRI, RLM
from bot.settings import ROOT
from bot.simulator.entities import formatted
from bot.simulator.rules import MAX_TEXT, inline_buttons
from bot.telegram.render import Renderer
from tests.bot.conftest import LANGUAGES
from tests.bot.conversation.test_actions import keyboards, turn_in

TODAY = date(2026, 11, 24)
TOPICS = yaml.safe_load((ROOT / "knowledge" / "topics.yml").read_text(encoding="utf-8"))
IDS = [f"{topic}.{name}" for topic, names in TOPICS.items() for name in names]
MARKS = dict.fromkeys(map(ord, "\u2066\u2069\u200f"))


@pytest.fixture
def renderer(parts: Parts) -> Renderer:
    return Renderer(parts.locales, parts.content, lambda: TODAY)


def shown(payload: dict[str, Any]) -> str:
    """What the simulator's Telegram makes of a message; fails if it is refused or does not fit."""
    text, _ = formatted(payload["text"], payload["parse_mode"], None)
    inline_buttons(payload.get("reply_markup", {}).get("inline_keyboard", []))
    assert 0 < len(text) <= MAX_TEXT
    return text


def reply_with(language: str, *parts: Any, **more: Any) -> Reply:
    return Reply(parts=parts, language=language, **more)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry_id", IDS)
def test_every_answer_is_one_message_that_telegram_takes(
    parts: Parts, renderer: Renderer, language: str, entry_id: str
) -> None:
    entry = parts.library.entry(entry_id, language)
    assert entry.language == language
    rows = menus.after_answer(turn_in(parts, language), entry)
    calls = renderer.calls(reply_with(language, Answer(entry_id), rows=rows))
    assert [method for method, _ in calls] == ["sendMessage"]
    text = shown(calls[0][1])
    for contact_id in () if entry.topic == "smalltalk" else entry.contacts:
        assert parts.library.contact(contact_id).name in text.translate(MARKS)
    if entry.steps:
        steps = renderer.calls(reply_with(language, Answer(entry_id, "steps"), rows=rows))
        assert [shown(payload) != "" for _, payload in steps] == [True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_keyboard_is_one_that_telegram_takes(parts: Parts, renderer: Renderer, language: str) -> None:
    for rows in keyboards(parts, language):
        keyboard = renderer.keyboard(rows, language)
        assert len(inline_buttons(keyboard["inline_keyboard"])) == len([row for row in rows if row])


def test_an_answer_says_when_it_was_checked_and_warns_when_it_is_due_again(parts: Parts) -> None:
    entry = parts.library.entry("funding.deadlines", "de")
    fresh = Renderer(parts.locales, parts.content, lambda: entry.review_by)
    late = Renderer(parts.locales, parts.content, lambda: date.max)
    texts = [one.calls(reply_with("de", Answer(entry.id)))[0][1]["text"] for one in (fresh, late)]
    warning = parts.locales.say("de", "answer.being_checked")
    assert [warning in text for text in texts] == [False, True]
    assert all("Stand: " in text for text in texts)


def test_an_arabic_answer_reads_from_right_to_left_with_its_german_words(renderer: Renderer) -> None:
    text = renderer.calls(reply_with("ar", Answer("founding.steps")))[0][1]["text"]
    assert all(line.startswith(RLM) for line in text.split("\n") if line.strip())
    assert f"{LRI}Verein" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry_id", IDS)
def test_german_key_words_in_an_answer_open_the_glossary(parts: Parts, language: str, entry_id: str) -> None:
    named = Renderer(parts.locales, parts.content, lambda: TODAY, lambda: "wegweiser_bot")
    plain, linked = (one.calls(reply_with(language, Answer(entry_id)))[0][1]
                     for one in (Renderer(parts.locales, parts.content, lambda: TODAY), named))  # fmt: skip
    assert shown(linked) == shown(plain)
    _, entities = formatted(linked["text"], "HTML", None)
    addresses = [one["url"] for one in entities if one.get("url", "").startswith("https://t.me/wegweiser_bot?start=")]
    terms = [parts.library.glossary.term(id, "de") for id in parts.library.entry(entry_id, "de").keywords]
    assert len(addresses) == len(set(addresses))
    assert set(addresses) <= {f"https://t.me/wegweiser_bot?start=term-{term.slug}" for term in terms}
    text = parts.library.entry(entry_id, "de").text
    if language == "de" and entry_id != "smalltalk.crisis":
        assert len(addresses) >= sum(term.id in text.replace("**", "") for term in terms)
    assert "t.me" not in plain["text"]


@pytest.mark.parametrize(("language", "line"), [("de", "Satzung – "), ("tr", "Satzung (tüzük) – "),
                                                ("ar", "Satzung (النظام الأساسي) – ")])  # fmt: skip
def test_a_term_is_explained_with_the_readers_own_word(renderer: Renderer, language: str, line: str) -> None:
    (_, payload), = renderer.calls(reply_with(language, Explanation("Satzung")))  # fmt: skip
    assert shown(payload).translate(MARKS).startswith(line)
    assert payload["text"].translate(MARKS).startswith("<b>Satzung</b>")


def test_german_readers_are_not_shown_german_words(renderer: Renderer) -> None:
    assert "blockquote" not in renderer.calls(reply_with("de", Answer("founding.steps")))[0][1]["text"]
    assert "blockquote" in renderer.calls(reply_with("tr", Answer("founding.steps")))[0][1]["text"]


def test_what_a_person_wrote_is_shown_as_written_and_never_as_tags(renderer: Renderer) -> None:
    words = '<b>5 < 7</b> & "so" {on} &amp;'
    for language in ("de", "ar"):
        lines = Lines((Phrase("handoff.shared_line", {"text": words}),))
        text = shown(renderer.calls(reply_with(language, lines))[0][1])
        assert text.translate(MARKS) == f"• {words}"


def test_a_text_too_long_for_one_message_comes_in_several_with_the_buttons_last(renderer: Renderer) -> None:
    lines = Lines(tuple(Phrase("handoff.shared_line", {"text": "& ä" * 700}) for _ in range(4)))
    calls = renderer.calls(reply_with("de", lines, rows=((button("button.menu", "newmenu"),),), replace=7))
    assert len(calls) > 1
    assert [method for method, _ in calls] == ["editMessageText", *["sendMessage"] * (len(calls) - 1)]
    buttons = [bool(payload.get("reply_markup", {}).get("inline_keyboard")) for _, payload in calls]
    assert buttons == [False] * (len(calls) - 1) + [True]
    assert "".join(shown(payload) for _, payload in calls).count("ä") == 2800


def test_a_reply_to_a_press_edits_the_message_it_stood_under(renderer: Renderer) -> None:
    (method, payload), = renderer.calls(reply_with("de", Phrase("menu.head"), replace=7))  # fmt: skip
    assert (method, payload["message_id"]) == ("editMessageText", 7)


def test_buttons_alone_can_be_exchanged(renderer: Renderer) -> None:
    label = Button("Wie?", button("button.menu", "newmenu").action)
    method, payload = renderer.buttons_call(Buttons(message_id=7, rows=((label,),), language="ar"))
    assert (method, payload["message_id"]) == ("editMessageReplyMarkup", 7)
    assert payload["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "newmenu"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_term_has_no_brackets_in_brackets_and_says_nothing_twice(
    parts: Parts, renderer: Renderer, language: str
) -> None:
    for page in parts.library.glossary.pages(language):
        for term in page:
            (_, payload), = renderer.calls(reply_with(language, Explanation(term.id)))  # fmt: skip
            name = re.sub("[\u2066-\u2069\u200e\u200f]", "", payload["text"]).split(" – ")[0]
            assert not re.search(r"\([^)]*\(", name), name
            assert not re.fullmatch(r"<b>(.*)</b> \(\1\)", name), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_crisis_text_holds_the_numbers_and_nothing_that_could_be_pressed_away(
    renderer: Renderer, language: str
) -> None:
    text = shown(renderer.calls(reply_with(language, Answer("smalltalk.crisis")))[0][1])
    for number in ("110", "112"):
        assert number in text
