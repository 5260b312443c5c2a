"""The questions of a flow come in the order and under the conditions of its domain.yml, which agrees with itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions import ACTIONS
from bot.conversation.flows.widgets import WIDGETS
from flows.guide import form as forms
from flows.guide.answers import READERS
from flows.guide.form import CONFIRM, FLOWS, SENSITIVE, SUFFIX, FlowFileError, Form, Question, form_named, form_of
from nlu.examples import read_examples
from nlu.fingerprint import ROOT
from tests.flows.guide.checked import NAMES, QUESTIONS

ROOM = form_of("room_request")
HELP = form_of("discrimination_support")
ONCE = {"purpose": "meeting", "people": 40, "rhythm": "once"}


def _domain(flow: str) -> dict[str, Any]:
    domain: dict[str, Any] = yaml.safe_load((forms.FOLDER / flow / "domain.yml").read_text(encoding="utf-8"))
    return domain


def test_questions_come_in_the_order_of_the_file() -> None:
    written = _domain("room_request")["forms"]["room_request_form"]["required_slots"]
    assert [one.slot for one in ROOM.questions] == written
    assert ROOM.missing({}) == "purpose"
    assert ROOM.missing({"purpose": "meeting"}) == "people"
    assert ROOM.missing({"people": 40}) == "purpose"


@pytest.mark.parametrize(
    ("rhythm", "asked", "left_out"), [("once", "date", "weekdays"), ("regular", "weekdays", "date")]
)
def test_a_question_is_asked_only_on_its_condition(rhythm: str, asked: str, left_out: str) -> None:
    slots = {**ONCE, "rhythm": rhythm}
    needed = [one.slot for one in ROOM.needed(slots)]
    assert asked in needed
    assert left_out not in needed
    assert ROOM.missing(slots) == asked
    assert ROOM.missing({**slots, left_out: "answered before the correction"}) == asked


def test_nothing_is_missing_when_all_that_is_needed_is_answered() -> None:
    slots = {**ONCE, "date": "2026-12-05", "time": "15:00", "district": "any", "needs": "-", "contact": "here"}
    assert ROOM.missing(slots) == "check"
    assert ROOM.missing({**slots, "check": "yes"}) is None
    assert HELP.missing({"danger": "yes"}) is None


@pytest.mark.parametrize(
    ("slot", "slots", "expected"),
    [
        ("purpose", {}, None),
        ("people", {"purpose": "meeting"}, "purpose"),
        ("time", {**ONCE, "date": "2026-12-05"}, "date"),
        ("time", {**ONCE, "rhythm": "regular", "weekdays": [1]}, "weekdays"),
        ("weekdays", ONCE, None),  # not asked at all
    ],
)
def test_back_leads_to_the_question_asked_before(slot: str, slots: dict[str, Any], expected: str | None) -> None:
    assert ROOM.before(slot, slots) == expected


@pytest.mark.parametrize(
    ("form", "slot", "slots", "expected"),
    [
        (ROOM, "purpose", {}, (1, 8)),
        (ROOM, "rhythm", {"purpose": "meeting", "people": 40}, (3, 8)),
        (ROOM, "date", ONCE, (4, 8)),
        (ROOM, "weekdays", {**ONCE, "rhythm": "regular"}, (4, 8)),
        (ROOM, "contact", ONCE, (8, 8)),
        (ROOM, "check", ONCE, (8, 8)),
        (HELP, "danger", {}, (1, 4)),
        (HELP, "danger", {"danger": "yes"}, (1, 1)),
        (HELP, "wish", {"danger": "no"}, (4, 4)),
    ],
)
def test_place_and_number_of_questions_foresee_the_longer_way(
    form: Form, slot: str, slots: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert form.position(slot, slots) == expected


def test_number_of_questions_does_not_rise_on_the_way() -> None:
    for flow in FLOWS:
        form = form_of(flow)
        deciding = {slot: value for one in form.questions for slot, values in one.only_if.items() for value in values}
        assert form.position(form.questions[0].slot, {})[1] >= form.position(form.questions[0].slot, deciding)[1]


def test_a_form_is_found_by_the_name_that_rasa_has_for_it() -> None:
    assert all(form_named(form_of(flow).name) is form_of(flow) for flow in FLOWS)
    with pytest.raises(KeyError):
        form_named("no_such_form")
    with pytest.raises(KeyError):
        ROOM.question("no_such_slot")


@pytest.mark.parametrize("flow", FLOWS)
def test_slots_questions_and_validation_of_a_domain_agree(flow: str) -> None:
    domain, shared = _domain(flow), _domain("guide")
    required = domain["forms"][flow + SUFFIX]["required_slots"]
    assert set(domain["slots"]) <= set(required) <= {*domain["slots"], *shared["slots"]}
    asked = {name for name in domain["responses"] if name.startswith("utter_ask_")}
    assert asked == {f"utter_ask_{flow}{SUFFIX}_{slot}" for slot in required}
    assert domain["intents"] == [flow]
    assert {f"validate_{flow}{SUFFIX}": {"send_domain": False}} in domain["actions"]


def test_slots_are_declared_once_and_filled_by_the_actions_alone() -> None:
    declared = [(slot, how) for flow in (*FLOWS, "guide") for slot, how in _domain(flow)["slots"].items()]
    assert len({slot for slot, _ in declared}) == len(declared)
    only_custom = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    assert [slot for slot, how in declared if how != only_custom] == []


def test_every_action_of_the_domains_is_served_and_no_other() -> None:
    # An action with settings stands there as the only key of a mapping.
    declared = [name for flow in FLOWS for entry in _domain(flow)["actions"]
                for name in ([entry] if isinstance(entry, str) else entry)]  # fmt: skip
    assert sorted(declared) == sorted(action().name() for action in ACTIONS)


def test_every_slot_that_a_condition_names_is_asked_before() -> None:
    for flow in FLOWS:
        questions = form_of(flow).questions
        places = {one.slot: place for place, one in enumerate(questions)}
        for one in questions:
            for slot, values in one.only_if.items():
                assert places[slot] < places[one.slot]
                assert set(values) <= set(form_of(flow).question(slot).choose)


@pytest.mark.parametrize(("flow", "question"), QUESTIONS, ids=NAMES)
def test_every_question_can_be_read_and_drawn(flow: str, question: Question) -> None:
    assert question.kind in READERS
    assert question.kind in WIDGETS
    assert len(set(question.choose)) == len(question.choose)


def test_only_the_last_question_asks_for_confirmation() -> None:
    for flow in FLOWS:
        assert [one.kind == CONFIRM for one in form_of(flow).questions].index(True) == len(form_of(flow).questions) - 1


def test_intents_that_belong_to_a_question_have_examples() -> None:
    known = {example.label for example in read_examples(ROOT / "nlu" / "data")}
    assert {intent for _, question in QUESTIONS for intent in question.own} - known == set()
    assert set(FLOWS) - known == set()


def test_sensitive_flows_have_no_question_for_own_words() -> None:
    kinds = {one.kind for flow in SENSITIVE for one in form_of(flow).questions}
    assert kinds & {"text", "contact"} == set()


HEAD = "forms: {room_request_form: {required_slots: [people]}}\nresponses: "
ASK = "utter_ask_room_request_form_people"
BROKEN = {
    "no YAML": "forms: {room_request_form: [",
    "empty": "",
    "a list": "- forms",
    "no form": "forms: {}",
    "no slots": "forms: {room_request_form: {}}",
    "no response": f"{HEAD} {{}}",
    "no custom": f"{HEAD} {{{ASK}: [{{text: How many?}}]}}",
    "custom is no mapping": f"{HEAD} {{{ASK}: [{{custom: people}}]}}",
    "another slot": f"{HEAD} {{{ASK}: [{{custom: {{ask: time, kind: number}}}}]}}",
    "a word too many": f"{HEAD} {{{ASK}: [{{custom: {{ask: people, kind: number, max: 3}}}}]}}",
    "condition is a list": f"{HEAD} {{{ASK}: [{{custom: {{ask: people, kind: number, only_if: [rhythm]}}}}]}}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_in_one_line(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room_request").mkdir()
    (tmp_path / "room_request" / "domain.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(forms, "FOLDER", tmp_path)
    with pytest.raises(FlowFileError) as caught:
        form_of.__wrapped__("room_request")
    assert str(caught.value).startswith("flows/room_request/domain.yml cannot be used: ")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FOLDER", tmp_path)
    with pytest.raises(FlowFileError, match="room_request/domain.yml cannot be used: FileNotFoundError"):
        form_of.__wrapped__("room_request")
