"""What people read about how long things are kept is what the job goes by, in every language."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from bot.app import make_renderer
from bot.conversation.answers import PRIVACY, kept_for
from bot.conversation.turn import Parts
from bot.locales import Locales, bidi
from bot.settings import ROOT
from bot.storage.retention import Retention
from tests.bot.conftest import LANGUAGES
from tests.bot.stage import Stage, Visitor

DAYS = {
    "de": {1: "1 Tag", 2: "2 Tage"}, "en": {1: "1 day at", 2: "2 days at"}, "tr": {1: "1 gün", 21: "21 gün"},
    "ar": {1: "يوم واحد", 2: "يومان", 7: "7 أيام", 14: "14 يومًا", 100: "100 يوم "},
    "ru": {1: "1 дня", 21: "21 дня", 14: "14 дней"}, "uk": {1: "1 день", 3: "3 дні", 14: "14 днів", 21: "21 день"},
    "pl": {1: "1 dzień", 3: "3 dni", 14: "14 dni"}, "fa": {1: "1 روز", 14: "14 روز"},
}  # fmt: skip
OF_STAFF = {"staff_days"}
"""What people are not told, because it is about staff."""


def page(parts: Parts, language: str) -> str:
    """What a person reads below the entry, without the marks of direction."""
    text = make_renderer(parts).body(kept_for(parts.retention), language)
    return re.sub(f"[{bidi.RLM}\u2066-\u2069]", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_that_is_changed_is_changed_on_the_page(parts: Parts, language: str) -> None:
    assert "4711" not in page(parts, language)
    for field in fields(Retention):
        changed = replace(parts, retention=replace(parts.retention, **{field.name: 4711}))
        assert ("4711" in page(changed, language)) == (field.name not in OF_STAFF), field.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_take_the_form_that_the_language_has_for_them(locales: Locales, language: str) -> None:
    for count, words in DAYS[language].items():
        assert words in locales.say(language, "privacy.lasts_days", {"count": count})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entry_itself_names_no_figure(language: str) -> None:
    text = (ROOT / f"knowledge/content/office/privacy.{language}.md").read_text(encoding="utf-8").split("---", 2)[2]
    without_numbers_of_steps = re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE)
    assert not re.search(r"\d", without_numbers_of_steps)


@pytest.mark.parametrize("way", ["command", "question"])
async def test_the_page_comes_by_command_and_by_question(stage: Stage, rana: Visitor, way: str) -> None:
    stage.rasa.knows("Was passiert mit meinen Daten?", PRIVACY)
    seen = await rana.writes("/privacy" if way == "command" else "Was passiert mit meinen Daten?")
    assert seen.said[0] == PRIVACY
    assert seen.said[1:] == ["privacy.lasts_head", *["privacy.lasts"] * len(
        [rule for rule in stage.parts.retention.rules if rule.for_people])]  # fmt: skip
