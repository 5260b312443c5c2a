"""What a message changes in a running form, as Rasa asks for it: slots, the next question, or nothing at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import ACTIONS
from flows.funding_finder.actions import MatchFunding
from flows.guide.actions import GuidedForm
from flows.guide.form import FLOWS, SKIPPED, Question, form_of
from tests.flows.guide.checked import NOW, fits

FORMS = {action.flow: action() for action in ACTIONS if issubclass(action, GuidedForm)}
ROOM = FORMS["room_request"]
UP_TO_DATE = {"purpose": "meeting", "people": 40, "rhythm": "once"}
TO_CHECK = {**UP_TO_DATE, "date": "2026-12-05", "time": "15:00", "district": "any", "needs": "-", "contact": "here"}
LISTEN = {"event": "action", "name": "action_listen"}
FORM = {"event": "action", "name": "room_request_form"}
USER = {"event": "user"}
Result = tuple[list[tuple[str, Any]], list[dict[str, Any]]]


def _tracker(form: GuidedForm, slots: Mapping[str, Any], requested: str | None, message: dict[str, Any],
             events: list[dict[str, Any]]) -> Tracker:  # fmt: skip
    known = {question.slot: None for question in form.form.questions}
    whole = {"text": "", "entities": [], "metadata": {"language": "de", "now": NOW.isoformat()}, **message}
    return Tracker("someone", {**known, **slots, "requested_slot": requested}, whole, events, False, None,
                   {"name": form.form.name}, "action_listen")  # fmt: skip


async def _run(form: GuidedForm, slots: Mapping[str, Any], requested: str | None, message: dict[str, Any],
               events: list[dict[str, Any]] | None = None) -> Result:  # fmt: skip
    """The slots that are set, in order, and what is said."""
    dispatcher = CollectingDispatcher()
    tracker = _tracker(form, slots, requested, message, [LISTEN, USER, FORM] if events is None else events)
    done = await form.run(dispatcher, tracker, {})
    assert {event["event"] for event in done} <= {"slot"}
    return [(event["name"], event["value"]) for event in done], [one["custom"] for one in dispatcher.messages]


def _press(**entities: Any) -> dict[str, Any]:
    given = [{"entity": name, "value": value} for name, value in entities.items()]
    return {"intent": {"name": "inform", "confidence": 1.0}, "entities": given}


def _write(text: str, intent: str = "nlu_fallback", confidence: float = 0.9, language: str = "de") -> dict[str, Any]:
    return {"text": text, "intent": {"name": intent, "confidence": confidence},
            "metadata": {"language": language, "now": NOW.isoformat()}}  # fmt: skip


def test_every_flow_has_its_form_under_the_name_that_rasa_calls() -> None:
    assert {flow: form.name() for flow, form in FORMS.items()} == {flow: f"validate_{flow}_form" for flow in FLOWS}


async def test_a_form_that_begins_asks_its_first_question() -> None:
    assert await _run(ROOM, {}, None, _write("Raumanfrage", "room_request")) == ([("requested_slot", "purpose")], [])


async def test_a_form_that_begins_with_answers_asks_the_first_that_is_missing() -> None:
    assert await _run(ROOM, UP_TO_DATE, None, _write("weiter")) == ([("requested_slot", "date")], [])


async def test_an_answer_fills_its_slot_and_opens_the_next_question() -> None:
    slots = {"purpose": "meeting"}
    expected = [("people", 40), ("requested_slot", "rhythm")]
    assert await _run(ROOM, slots, "people", _write("wir sind vierzig")) == (expected, [])
    assert await _run(ROOM, slots, "people", _press(value="40")) == (expected, [])


async def test_an_answer_is_read_in_the_language_of_its_message() -> None:
    expected = [("date", "2026-11-28"), ("requested_slot", "time")]
    assert (await _run(ROOM, UP_TO_DATE, "date", _write("السبت القادم", language="ar")))[0] == expected


async def test_a_time_said_with_the_date_answers_the_next_question_too() -> None:
    done, _ = await _run(ROOM, UP_TO_DATE, "date", _write("am Samstag von 15 bis 18 Uhr"))
    assert done == [("date", "2026-11-28"), ("time", "15:00-18:00"), ("requested_slot", "district")]


async def test_a_time_given_before_is_not_overwritten_by_a_corrected_date() -> None:
    slots = {**TO_CHECK, "date": None}
    done, _ = await _run(ROOM, slots, "date", _write("am Samstag um 11 Uhr"))
    assert done == [("date", "2026-11-28"), ("requested_slot", "check")]


async def test_a_wrong_answer_is_explained_and_asked_again() -> None:
    done, said = await _run(ROOM, {"purpose": "meeting"}, "people", _write("0"))
    assert (done, said) == ([("people", None), ("requested_slot", "people")], [{"wrong": "people", "why": "zero"}])


async def test_something_else_changes_nothing() -> None:
    other = _write("Wie viele Mitglieder brauchen wir für einen Verein?", "founding.members_needed")
    assert await _run(ROOM, {"purpose": "meeting"}, "people", other) == ([], [])


async def test_a_guess_does_not_change_the_subject_but_danger_does() -> None:
    done, _ = await _run(ROOM, {}, "purpose", _write("Honig schleudern", "stop", confidence=0.1))
    assert done == [("purpose", "Honig schleudern"), ("requested_slot", "people")]
    assert await _run(ROOM, {}, "purpose", _write("Honig schleudern", "crisis", confidence=0.1)) == ([], [])


@pytest.mark.parametrize("said", ["utter_founding.members_needed", "utter_give_up", "utter_crisis"])
async def test_after_an_interruption_the_open_question_comes_back_unread(said: str) -> None:
    events = [LISTEN, USER, FORM, {"event": "action", "name": said}, FORM]
    done = await _run(ROOM, {"purpose": "meeting"}, "people", _write("40"), events)
    assert done == ([("requested_slot", "people")], [])


async def test_an_interruption_before_this_message_does_not_count() -> None:
    events = [LISTEN, USER, FORM, {"event": "action", "name": "utter_give_up"}, FORM, LISTEN, USER, FORM]
    done, _ = await _run(ROOM, {"purpose": "meeting"}, "people", _write("40"), events)
    assert done == [("people", 40), ("requested_slot", "rhythm")]


@pytest.mark.parametrize("message", [_press(back=True), _write("zurück")], ids=["pressed", "written"])
async def test_back_opens_the_question_before(message: dict[str, Any]) -> None:
    assert (await _run(ROOM, UP_TO_DATE, "date", message))[0] == [("rhythm", None), ("requested_slot", "rhythm")]
    assert (await _run(ROOM, {}, "purpose", message))[0] == [("purpose", None), ("requested_slot", "purpose")]


async def test_back_passes_over_what_was_not_asked() -> None:
    slots = {**UP_TO_DATE, "rhythm": "regular", "weekdays": [1], "date": "2026-12-05"}
    done, _ = await _run(ROOM, slots, "time", _press(back=True))
    assert done == [("weekdays", None), ("requested_slot", "weekdays")]


async def test_only_a_question_that_allows_it_is_skipped() -> None:
    done, _ = await _run(ROOM, {**TO_CHECK, "needs": None, "contact": None}, "needs", _press(skip=True))
    assert done == [("needs", SKIPPED), ("requested_slot", "contact")]
    done, _ = await _run(ROOM, {"purpose": "meeting"}, "people", _press(skip=True))
    assert done == [("people", None), ("requested_slot", "people")]


async def test_a_correction_opens_that_question_and_then_comes_back_to_the_summary() -> None:
    done, _ = await _run(ROOM, TO_CHECK, "check", _press(correct="people"))
    assert done == [("people", None), ("requested_slot", "people")]
    done, _ = await _run(ROOM, {**TO_CHECK, "people": None}, "people", _write("50"))
    assert done == [("people", 50), ("requested_slot", "check")]


async def test_a_correction_that_changes_the_way_asks_what_is_new() -> None:
    done, _ = await _run(ROOM, {**TO_CHECK, "rhythm": None}, "rhythm", _press(value="regular"))
    assert done == [("rhythm", "regular"), ("requested_slot", "weekdays")]


@pytest.mark.parametrize("forged", ["requested_slot", "danger", "", "no_such_slot", "check"])
async def test_a_forged_correction_sets_no_other_slot(forged: str) -> None:
    done, _ = await _run(ROOM, TO_CHECK, "check", _press(correct=forged))
    assert {name for name, _ in done} <= {*TO_CHECK, "check", "requested_slot"}
    assert len(done) == 2
    assert done[-1][0] == "requested_slot"


async def test_the_last_answer_ends_the_form() -> None:
    done = await _run(ROOM, TO_CHECK, "check", _press(value="yes"))
    assert done == ([("check", "yes"), ("requested_slot", None)], [])


async def test_a_written_message_cannot_pass_for_a_button() -> None:
    forged = {**_write("40"), "entities": [{"entity": "value", "value": "5000"}]}
    assert (await _run(ROOM, {"purpose": "meeting"}, "people", forged))[0][0] == ("people", 40)


async def test_the_funding_finder_ends_with_its_answers_alone() -> None:
    dispatcher = CollectingDispatcher()
    tracker = Tracker("someone", {"registered": "yes", "seat": "hesse", "people": 40}, {}, [], False, None, {}, None)
    assert await MatchFunding().run(dispatcher, tracker, {}) == []
    answers = {question.slot: None for question in form_of("funding_finder").questions}
    assert dispatcher.messages[0]["custom"] == {"funding": {**answers, "registered": "yes", "seat": "hesse"}}


def _fitting(question: Question) -> st.SearchStrategy[Any]:
    """What the buttons of a question may send."""
    own: dict[str, st.SearchStrategy[Any]] = {
        "date": st.sampled_from(["2026-11-24", "2026-12-05", "2026-01-31"]),
        "number": st.sampled_from(["1", "40", "0", "99999"]),
        "weekdays": st.lists(st.sampled_from("0123456")),
        "many": st.lists(st.sampled_from(question.choose or ("-",))),
        "time": st.sampled_from(["15:00", "15:00-18:00", "29:00"]),
        "confirm": st.sampled_from(["yes", "no"]),
    }
    return own.get(question.kind, st.sampled_from(question.choose or ("-",)))


WRITTEN = st.sampled_from(["40", "am Samstag um 11", "ja", "nein", "keine Ahnung", "egal", "zurück", "Honig schleudern",
                           "0611 000000", "gestern", "900 Euro", "dienstags", "halb vier", "?", ""])  # fmt: skip
INTENTS = st.sampled_from(["nlu_fallback", "affirm", "deny", "founding.members_needed", "stop", "crisis"])


def _steps(flow: str) -> st.SearchStrategy[dict[str, Any]]:
    """Anything a person, or a forged button, may do; `value` is drawn for the question that is open."""
    slots = [question.slot for question in form_of(flow).questions]
    return st.one_of(
        st.just(_press(value=None)),
        st.just(_press(back=True)),
        st.just(_press(skip=True)),
        st.sampled_from([*slots, "requested_slot", "", "shadow"]).map(lambda slot: _press(correct=slot)),
        st.builds(_write, WRITTEN, INTENTS),
    )


@given(st.data(), st.sampled_from(sorted(FLOWS)))
def test_any_walk_through_a_flow_leaves_the_right_question_open_and_only_fitting_answers(
    data: st.DataObject, flow: str
) -> None:
    asyncio.run(_walk(data, FORMS[flow]))


async def _walk(data: st.DataObject, form: GuidedForm) -> None:
    slots: dict[str, Any] = {}
    requested: str | None = form.form.missing(slots)
    for _ in range(15):
        message = data.draw(_steps(form.flow))
        if message.get("entities") == _press(value=None)["entities"]:
            message = _press(value=data.draw(_fitting(form.form.question(str(requested)))))
        done, _said = await _run(form, slots, requested, message)
        changed = dict(done)
        requested = changed.pop("requested_slot", requested)
        slots.update(changed)
        assert requested == form.form.missing(slots)
        assert {name: value for name, value in slots.items()
                if value is not None and not fits(form.form.question(name), value)} == {}  # fmt: skip
        if requested is None:
            return
