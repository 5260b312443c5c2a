"""Each numbered transition of handoff.md, T1 to T16, that this stage has: the state after, and what it causes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handoff import events as ev
from bot.handoff.effects import (
    DropBotAnswers,
    Effect,
    EraseCase,
    HoldMessage,
    OpenTopic,
    RefreshHeader,
    Relay,
    TellPerson,
    TellStaff,
)
from bot.handoff.states import OPEN, SHARED, CaseView, Mode, State
from bot.handoff.transition import Refused, Step, transition
from tests.bot.handoff.situations import (
    ANNA,
    BERND,
    CLOSED_OFFICE,
    HOURS_UNKNOWN,
    LATER,
    NOBODY_THERE,
    NOW,
    OPEN_OFFICE,
    TOMORROW,
    a_case,
)


def told(step: Step) -> list[str]:
    """The texts the person gets."""
    return [effect.text for effect in step.effects if isinstance(effect, TellPerson)]


def kinds(effects: tuple[Effect, ...]) -> list[type]:
    return [type(effect) for effect in effects]


def move(state: State, event: ev.Event, owner: int | None = None) -> Step:
    return transition(a_case(state, owner), event, NOW)


def test_t1_a_request_asks_for_consent_and_shows_staff_nothing() -> None:
    step = transition(CaseView(), ev.Requested(reason="button", language="ar", topic="rooms"), NOW)
    assert (step.case.state, step.case.mode, step.case.version) == (State.INTAKE, Mode.BOT, 1)
    assert (step.case.language, step.case.topic, step.case.reason) == ("ar", "rooms", "button")
    assert step.effects == (TellPerson("handoff.consent", buttons="consent"),)


def test_t1_a_second_request_is_refused_while_a_case_is_open() -> None:
    for state in OPEN:
        with pytest.raises(Refused):
            move(state, ev.Requested(reason="button", language="ar"))


@pytest.mark.parametrize(("lapsed", "text"), [(False, "handoff.declined"), (True, "handoff.lapsed")])
def test_t2_without_consent_nothing_remains(*, lapsed: bool, text: str) -> None:
    step = move(State.INTAKE, ev.Declined(lapsed=lapsed))
    assert (step.case.state, told(step), len(step.effects)) == (State.NONE, [text], 1)


def test_t3_consent_in_office_hours_queues_with_a_place_and_a_time() -> None:
    step = move(State.INTAKE, ev.Consented(office=OPEN_OFFICE, ahead=2))
    assert (step.case.state, step.case.mode, step.case.promised_at) == (State.QUEUED, Mode.BOTH, LATER)
    person, topic = step.effects
    assert isinstance(person, TellPerson)
    assert person.text == "handoff.queued"
    assert person.params == {"number": "W-0042", "time": LATER, "position": 3}
    assert topic == OpenTopic(alert=True)


def test_t3_without_known_hours_no_time_is_promised() -> None:
    step = move(State.INTAKE, ev.Consented(office=HOURS_UNKNOWN))
    assert (step.case.state, step.case.promised_at, told(step)) == (State.QUEUED, None, ["handoff.queued_no_time"])


def test_t4_consent_outside_hours_parks_with_the_next_opening_and_wakes_nobody() -> None:
    step = move(State.INTAKE, ev.Consented(office=CLOSED_OFFICE))
    assert (step.case.state, step.case.mode, step.case.promised_at) == (State.PARKED, Mode.BOTH, TOMORROW)
    assert told(step) == ["handoff.parked"]
    assert step.effects[1] == OpenTopic(alert=False)


def test_t4_with_nobody_on_duty_the_case_is_parked_without_a_promise() -> None:
    step = move(State.INTAKE, ev.Consented(office=NOBODY_THERE))
    assert (step.case.state, step.case.promised_at, told(step)) == (State.PARKED, None, ["handoff.parked_no_time"])


def test_t4_an_urgent_case_alerts_even_outside_hours() -> None:
    urgent = replace(a_case(State.INTAKE), urgent=True)
    assert OpenTopic(alert=True) in transition(urgent, ev.Consented(office=CLOSED_OFFICE), NOW).effects


def test_t5_opening_queues_what_was_parked_and_tells_both_sides() -> None:
    step = move(State.PARKED, ev.OfficeOpened(OPEN_OFFICE))
    assert (step.case.state, step.case.promised_at, told(step)) == (State.QUEUED, LATER, ["handoff.office_opened"])
    assert TellStaff("desk.office_opened", {"number": "W-0042"}, alert=True) in step.effects


@pytest.mark.parametrize("office", [CLOSED_OFFICE, NOBODY_THERE])
def test_t5_looks_at_the_office_now_and_refuses_if_it_is_not_there(office: ev.Office) -> None:
    with pytest.raises(Refused):
        move(State.PARKED, ev.OfficeOpened(office))


@pytest.mark.parametrize("state", [State.QUEUED, State.PARKED])
def test_t6_a_claim_names_the_human_and_silences_the_bot(state: State) -> None:
    step = move(state, ev.Claimed(ANNA))
    assert (step.case.state, step.case.owner, step.case.mode) == (State.CLAIMED, ANNA, Mode.HUMAN)
    assert kinds(step.effects) == [DropBotAnswers, TellPerson, RefreshHeader]
    assert told(step) == ["handoff.human_here"]


def test_t6_writing_without_a_claim_is_a_claim() -> None:
    step = move(State.QUEUED, ev.StaffWrote(ANNA))
    assert (step.case.state, step.case.owner) == (State.WAITING_USER, ANNA)
    assert kinds(step.effects) == [DropBotAnswers, TellPerson, RefreshHeader, Relay]


@pytest.mark.parametrize(("who", "text"), [(ANNA, "handoff.refused_yours"), (BERND, "handoff.refused_taken")])
def test_t6_a_second_claim_is_refused_with_the_owner(who: int, text: str) -> None:
    with pytest.raises(Refused) as refused:
        move(State.CLAIMED, ev.Claimed(who))
    assert (refused.value.text, refused.value.owner) == (text, ANNA)


def test_t7_the_word_goes_back_and_forth_between_owner_and_person() -> None:
    answered = move(State.CLAIMED, ev.StaffWrote(ANNA))
    assert (answered.case.state, kinds(answered.effects)) == (State.WAITING_USER, [Relay, RefreshHeader])
    asked = transition(answered.case, ev.PersonWrote(), NOW)
    assert (asked.case.state, kinds(asked.effects)) == (State.CLAIMED, [Relay, RefreshHeader])


def test_t7_a_colleagues_message_is_held_until_they_decide() -> None:
    held = move(State.CLAIMED, ev.StaffWrote(BERND))
    assert (held.case, held.effects) == (a_case(State.CLAIMED), (HoldMessage(),))
    joined = transition(held.case, ev.StaffWrote(BERND, joining=True), NOW)
    assert (joined.case.owner, Relay() in joined.effects) == (ANNA, True)


def test_t7_taking_over_changes_the_owner_and_says_so_to_both_sides() -> None:
    step = move(State.WAITING_USER, ev.TakenOver(BERND))
    assert (step.case.owner, told(step)) == (BERND, ["handoff.human_here"])
    assert TellStaff("desk.taken_over", {"staff": BERND}) in step.effects


@pytest.mark.parametrize(
    ("office", "state", "text", "promise"),
    [(OPEN_OFFICE, State.QUEUED, "handoff.released_queued", LATER),
     (HOURS_UNKNOWN, State.QUEUED, "handoff.released_queued_no_time", None),
     (CLOSED_OFFICE, State.PARKED, "handoff.released_parked", TOMORROW),
     (NOBODY_THERE, State.PARKED, "handoff.released_parked_no_time", None)],
)  # fmt: skip
def test_t8_a_release_makes_a_new_promise(office: ev.Office, state: State, text: str, promise: object) -> None:
    step = move(State.CLAIMED, ev.Released(ANNA, office))
    assert (step.case.state, step.case.owner, step.case.promised_at) == (state, None, promise)
    assert told(step) == [text]


def test_t8_only_the_owner_can_release() -> None:
    with pytest.raises(Refused, match="refused_taken"):
        move(State.CLAIMED, ev.Released(BERND, OPEN_OFFICE))


def test_t10_done_asks_the_person() -> None:
    step = move(State.WAITING_USER, ev.Finished(ANNA))
    assert (step.case.state, step.case.mode, told(step)) == (
        State.RETURN_OFFERED, Mode.BOT, ["handoff.solved_question"]
    )  # fmt: skip
    with pytest.raises(Refused):
        move(State.WAITING_USER, ev.Finished(BERND))


def test_t11_not_solved_goes_back_to_the_owner_or_to_the_queue() -> None:
    back = move(State.RETURN_OFFERED, ev.NotSolved(OPEN_OFFICE))
    assert (back.case.state, back.case.owner, told(back)) == (State.CLAIMED, ANNA, ["handoff.still_open"])
    parked = move(State.RETURN_OFFERED, ev.NotSolved(CLOSED_OFFICE))
    assert (parked.case.state, parked.case.owner, told(parked)) == (State.PARKED, None, ["handoff.released_parked"])


def test_t11_a_message_after_done_wins_over_done() -> None:
    step = move(State.RETURN_OFFERED, ev.PersonWrote())
    assert (step.case.state, step.case.owner, told(step)) == (State.CLAIMED, ANNA, ["handoff.still_open"])
    assert Relay() in step.effects


@pytest.mark.parametrize(("timed_out", "text"), [(False, "handoff.resolved"), (True, "handoff.resolved_by_time")])
def test_t12_solved_gives_the_person_back_to_the_bot(*, timed_out: bool, text: str) -> None:
    step = move(State.RETURN_OFFERED, ev.Solved(timed_out=timed_out))
    assert (step.case.state, step.case.mode, told(step)) == (State.RESOLVED, Mode.BOT, [text])
    assert step.case.owner == ANNA, "the owner stays on record"


@pytest.mark.parametrize("state", sorted(SHARED))
def test_t15_taking_it_back_tells_staff(state: State) -> None:
    step = move(state, ev.Withdrawn())
    assert (step.case.state, told(step)) == (State.WITHDRAWN, ["handoff.withdrawn"])
    assert TellStaff("desk.withdrawn", {"number": "W-0042"}, alert=True) in step.effects


@pytest.mark.parametrize("state", sorted(SHARED | {State.RESOLVED, State.WITHDRAWN}))
def test_t15_erasing_removes_the_case_from_the_group_too(state: State) -> None:
    step = move(state, ev.Withdrawn(erase=True))
    assert (step.case.state, step.effects) == (State.WITHDRAWN, (EraseCase(), TellPerson("privacy.erased")))


def test_t15_before_consent_there_is_nothing_to_take_back() -> None:
    step = move(State.INTAKE, ev.Withdrawn())
    assert (step.case.state, told(step), len(step.effects)) == (State.NONE, ["handoff.declined"], 1)


@pytest.mark.parametrize("state", sorted(SHARED - {State.UNREACHABLE}))
def test_t16_a_person_who_blocked_the_bot_is_marked_and_staff_are_told(state: State) -> None:
    step = move(state, ev.Blocked())
    assert (step.case.state, step.case.mode, told(step)) == (State.UNREACHABLE, Mode.NOBODY, [])
    assert TellStaff("desk.unreachable", {"number": "W-0042"}, alert=True) in step.effects


def test_t16_before_consent_a_block_ends_it_silently() -> None:
    assert move(State.INTAKE, ev.Blocked()) == (
        replace(a_case(State.INTAKE), state=State.NONE, version=4), ()
    )  # fmt: skip


@pytest.mark.parametrize(
    ("owner", "office", "state"),
    [(ANNA, OPEN_OFFICE, State.CLAIMED), (None, OPEN_OFFICE, State.QUEUED), (None, CLOSED_OFFICE, State.PARKED)],
)
def test_t16_coming_back_takes_the_case_up_where_it_was(owner: int | None, office: ev.Office, state: State) -> None:
    step = move(State.UNREACHABLE, ev.Returned(office), owner)
    assert (step.case.state, step.case.owner, told(step)) == (state, owner, ["handoff.welcome_back"])
