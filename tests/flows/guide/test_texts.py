"""Every question has its words, every choice its label, and every button fits into Telegram's 64 bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.actions import LIMIT, Action
from bot.conversation.flows import widgets
from bot.conversation.flows.presses import FLOW_PRESSES
from bot.conversation.flows.questions import typed
from bot.conversation.flows.wording import label_text
from bot.conversation.replies import Button, Rows
from bot.locales import Locales
from bot.storage.models import FlowRun
from flows.guide.form import FLOWS, Question, form_of
from knowledge.checklist import read_checklist
from knowledge.library import CONTENT
from tests.flows.guide.checked import NAMES, NOW, QUESTIONS
from tests.flows.values.phrasings import LANGUAGES

RUN_ID = 9_999_999_999
COMMON = ("yes", "no", "dont_know")
ORTSBEZIRKE = {
    "Mitte", "Nordost", "Südost", "Rheingauviertel, Hollerborn", "Westend, Bleichstraße", "Klarenthal", "Amöneburg",
    "Auringen", "Biebrich", "Bierstadt", "Breckenheim", "Delkenheim", "Dotzheim", "Erbenheim", "Frauenstein", "Heßloch",
    "Igstadt", "Kastel", "Kloppenheim", "Kostheim", "Medenbach", "Naurod", "Nordenstadt", "Rambach", "Schierstein",
    "Sonnenberg",
}  # fmt: skip
"""The 26 Ortsbezirke of the Landeshauptstadt Wiesbaden: names, the same in every language."""
WRONG = ("unclear", "dont_know", "past", "future", "zero", "too_many", "no_contact", "again", "person")
each_question = pytest.mark.parametrize(("flow", "question"), QUESTIONS, ids=NAMES)


@pytest.fixture(scope="module")
def locales() -> Locales:
    return Locales(LANGUAGES, ZoneInfo("Europe/Berlin"))


@each_question
def test_every_question_has_its_texts(locales: Locales, flow: str, question: Question) -> None:
    keys = {f"{flow}.{question.slot}{ending}" for ending in ("", "_short", "_example")}
    if question.kind == "confirm":
        keys.add(f"{flow}.{question.slot}_yes")
    assert keys - locales.keys == set()


@each_question
def test_every_choice_has_a_label_unless_it_is_a_number_or_a_name(
    locales: Locales, flow: str, question: Question
) -> None:
    keys = {one: f"flow.{one}" if one in COMMON else f"{flow}.{question.slot}_{one}" for one in question.choose}
    bare = {one for one, key in keys.items() if key not in locales.keys}
    assert {one for one in bare if not one.isdecimal()} <= (ORTSBEZIRKE if question.slot == "district" else set())
    assert not any(one.isdecimal() for one in bare) or question.kind == "number"


def test_all_districts_of_the_city_can_be_chosen() -> None:
    assert set(form_of("room_request").question("district").choose) == {"any", *ORTSBEZIRKE}


@pytest.mark.parametrize("language", LANGUAGES)
@each_question
def test_choices_of_a_question_are_told_apart_and_can_be_typed(
    locales: Locales, flow: str, question: Question, language: str
) -> None:
    form = form_of(flow)
    labels = {one: label_text(locales, language, form, question, one) for one in question.choose}
    assert len(set(labels.values())) == len(labels)
    run = FlowRun(flow=flow, requested=question.slot, slots={}, draft=None)
    expected: dict[str, Any] = {one: {"value": [one] if question.kind == "many" else one} for one in labels}
    assert {one: typed(locales, language, run, text) for one, text in labels.items()} == expected


@pytest.mark.parametrize("why", WRONG)
def test_every_reason_for_refusing_an_answer_can_be_said(locales: Locales, why: str) -> None:
    assert f"flow.wrong_{why}" in locales.keys


def test_every_flow_has_a_name_and_a_button(locales: Locales) -> None:
    assert {f"{flow}.{text}" for flow in FLOWS for text in ("title", "begin")} - locales.keys == set()


def _drafts(question: Question) -> Iterator[dict[str, Any]]:
    """What may be ticked or turned to under a question."""
    yield {}
    if question.kind == "many":
        yield {"chosen": list(question.choose)}
    if question.kind == "weekdays":
        yield {"chosen": list("0123456")}
    if question.kind == "time":
        yield from ({"from": f"{hour:02}"} for hour in range(widgets.FIRST_HOUR, widgets.LAST_HOUR))
    if question.kind == "date":
        months = range(-widgets.MONTHS_BACK, 1) if question.past else range(widgets.MONTHS_AHEAD + 1)
        first = NOW.date().replace(day=15)
        yield from ({"month": (first + timedelta(days=30.44 * away)).replace(day=1).isoformat()} for away in months)


def _rows(locales: Locales, flow: str, question: Question, draft: dict[str, Any]) -> Rows:
    asked = widgets.Asked(run_id=RUN_ID, form=form_of(flow), question=question, draft=draft, locales=locales,
                          language="de", today=NOW.date())  # fmt: skip
    return widgets.rows(asked)


def _buttons(locales: Locales, flow: str, question: Question) -> list[Button]:
    return [button for draft in _drafts(question) for row in _rows(locales, flow, question, draft) for button in row]


@each_question
def test_every_button_of_a_question_fits_and_comes_back_whole(locales: Locales, flow: str, question: Question) -> None:
    buttons = _buttons(locales, flow, question)
    assert [one.action for one in buttons if Action.decode(one.action.encode()) != one.action] == []
    assert {one.action.name for one in buttons} <= set(FLOW_PRESSES)


@pytest.mark.parametrize(
    ("slot", "forged"),
    [("weekdays", "12"), ("weekdays", ""), ("needs", "sauna"), ("time", "29"), ("date", "2026-12-05")],
)
def test_a_forged_tick_is_ignored(slot: str, forged: str) -> None:
    assert widgets.pick(form_of("room_request").question(slot), {}, forged, NOW.date()) is None


@each_question
def test_ways_back_and_out_and_to_a_correction_fit(flow: str, question: Question) -> None:
    for name in ("back", "skip", "correct", "picked"):
        assert len(Action(name, (str(RUN_ID), question.slot)).encode().encode()) <= LIMIT


def test_steps_of_the_checklist_fit_with_their_day() -> None:
    for step in read_checklist(CONTENT.parent / "checklist.yml").all_steps:
        assert len(Action("ticked", (str(RUN_ID), step.id, "2026-12-05")).encode()) <= LIMIT


@each_question
def test_every_page_of_a_date_leads_to_days_that_can_be_answered(
    locales: Locales, flow: str, question: Question
) -> None:
    if question.kind == "date":
        for draft in _drafts(question):
            rows = _rows(locales, flow, question, draft)
            assert any(button.action.name == "answer" for row in rows for button in row), draft


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Küche", ["kitchen"]),
        ("Küche, Beamer und Parkplatz", ["kitchen", "projector", "parking"]),
        ("Tische und Stühle", ["tables"]),
        ("Küche und Tische und Stühle, Beamer", ["kitchen", "tables", "projector"]),
        ("Küche, Sauna", None),
        ("Küche, ", ["kitchen"]),
        ("Beamer, Tische, Stühle, Parkplätze", ["projector", "tables", "parking"]),
        ("", None),
    ],
)
def test_several_labels_may_be_typed_in_one_go(locales: Locales, text: str, chosen: list[str] | None) -> None:
    run = FlowRun(flow="room_request", requested="needs", slots={}, draft=None)
    assert typed(locales, "de", run, text) == (None if chosen is None else {"value": chosen})
