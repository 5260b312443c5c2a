"""Transitions T10 to T14 and T17 of handoff.md: a case comes to its end, is taken up again, or was forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handoff import events as ev
from bot.handoff.effects import AlertCoordinator, CloseTopic, RefreshHeader, Relay, ReopenTopic, TellPerson, TellStaff
from bot.handoff.states import OWED, Mode, State
from bot.handoff.transition import Refused, transition
from tests.bot.handoff.situations import (
    ANNA,
    BERND,
    CLOSED_OFFICE,
    EARLIER,
    HOURS_UNKNOWN,
    LATER,
    NOW,
    OPEN_OFFICE,
    OWNER_AWAY,
    SOON,
    TOMORROW_NOON,
    a_case,
    kinds,
    move,
    told,
)

BACK = [
    (OPEN_OFFICE, State.CLAIMED, ANNA, LATER, "handoff.still_open_promised"),
    (HOURS_UNKNOWN, State.CLAIMED, ANNA, None, "handoff.still_open"),
    (OWNER_AWAY, State.QUEUED, None, LATER, "handoff.released_queued"),
    (CLOSED_OFFICE, State.PARKED, None, TOMORROW_NOON, "handoff.released_parked"),
]
"""To the owner if on duty in opening hours, else into the queue or parked; with a promise wherever one can be given."""


def test_t10_the_owner_waits_for_the_person_who_is_reminded_and_then_asked() -> None:
    reminded = move(State.WAITING_USER, ev.PersonReminded())
    assert (reminded.case, told(reminded)) == (a_case(State.WAITING_USER), ["handoff.idle_reminder"])
    asked = move(State.WAITING_USER, ev.PersonIdle())
    assert (asked.case.state, asked.case.owner, asked.case.mode) == (State.RETURN_OFFERED, ANNA, Mode.BOT)
    assert TellPerson("handoff.idle_question", {"number": "W-0042"}, buttons="solved") in asked.effects
    assert TellStaff("desk.idle", {"number": "W-0042"}) in asked.effects


@pytest.mark.parametrize("state", [State.CLAIMED, State.WAITING_USER])
def test_t10_done_asks_the_person_and_only_the_owner_is_done(state: State) -> None:
    step = move(state, ev.Finished(ANNA))
    assert (step.case.state, step.case.mode, told(step)) == (
        State.RETURN_OFFERED, Mode.BOT, ["handoff.solved_question"]
    )  # fmt: skip
    with pytest.raises(Refused, match="refused_taken"):
        move(state, ev.Finished(BERND))


@pytest.mark.parametrize(("office", "state", "owner", "promise", "text"), BACK)
def test_t11_not_solved_goes_back_to_the_owner_or_waits(
    office: ev.Office, state: State, owner: int | None, promise: object, text: str
) -> None:
    step = move(State.RETURN_OFFERED, ev.NotSolved(office))
    assert (step.case.state, step.case.owner, step.case.promised_at, told(step)) == (state, owner, promise, [text])
    assert TellStaff("desk.not_solved", {"number": "W-0042"}, alert=office.open) in step.effects


@pytest.mark.parametrize(("office", "state", "owner", "promise", "text"), BACK)
def test_t11_e14_a_message_wins_over_done(
    office: ev.Office, state: State, owner: int | None, promise: object, text: str
) -> None:
    step = move(State.RETURN_OFFERED, ev.PersonWrote(office))
    assert (step.case.state, step.case.owner, step.case.promised_at, told(step)) == (state, owner, promise, [text])
    assert Relay() in step.effects


def test_a_message_of_staff_after_done_takes_the_case_up_again() -> None:
    step = move(State.RETURN_OFFERED, ev.StaffWrote(BERND))
    assert (step.case.state, step.case.owner, told(step)) == (State.WAITING_USER, BERND, ["handoff.human_here"])
    assert kinds(step.effects)[-1] is Relay


@pytest.mark.parametrize(
    ("outcome", "text", "staff"),
    [("solved", "handoff.resolved", "desk.resolved"), ("left", "handoff.resolved", "desk.left"),
     ("no_answer", "handoff.resolved_by_time", "desk.resolved_by_time")],
)  # fmt: skip
def test_t12_the_end_gives_the_person_back_to_the_bot(outcome: str, text: str, staff: str) -> None:
    step = move(State.RETURN_OFFERED, ev.Solved(outcome))
    assert (step.case.state, step.case.mode, told(step)) == (State.RESOLVED, Mode.BOT, [text])
    assert TellStaff(staff, {"number": "W-0042"}) in step.effects
    assert step.case.owner == ANNA, "the owner stays on record"


def test_t12_e20_the_words_of_the_end_come_of_this_transition_alone() -> None:
    for state in State:
        if state is not State.RETURN_OFFERED:
            with pytest.raises(Refused):
                move(state, ev.Solved())


@pytest.mark.parametrize(("office", "state", "owner", "promise", "text"), BACK)
def test_t13_the_same_matter_reopens_the_case_never_for_somebody_who_is_off_duty(
    office: ev.Office, state: State, owner: int | None, promise: object, text: str
) -> None:
    step = move(State.RESOLVED, ev.Reopened(office), ANNA)
    assert (step.case.state, step.case.owner, step.case.promised_at, told(step)) == (state, owner, promise, [text])
    assert [kind for kind in kinds(step.effects) if kind in {ReopenTopic, Relay}] == [ReopenTopic, Relay]
    assert TellStaff("desk.reopened", {"number": "W-0042"}, alert=office.open) in step.effects


BACK_AGAIN = [(State.RETURN_OFFERED, ev.NotSolved), (State.RETURN_OFFERED, ev.PersonWrote),
              (State.RESOLVED, ev.Reopened), (State.UNREACHABLE, ev.Returned)]  # fmt: skip


@pytest.mark.parametrize(("state", "event"), BACK_AGAIN)
@pytest.mark.parametrize("office", [OPEN_OFFICE, OWNER_AWAY])
def test_t11_t13_t16_a_promise_that_holds_is_kept_and_one_that_ran_out_meanwhile_was_not_missed(
    state: State, event: type, office: ev.Office
) -> None:
    held = transition(a_case(state, ANNA, promised_at=SOON), event(office), NOW).case
    assert held.promised_at == SOON
    ran_out = replace(a_case(state, ANNA, promised_at=EARLIER), escalated_at=EARLIER)
    after = transition(ran_out, event(office), NOW).case
    assert (after.promised_at, after.escalated_at) == (LATER, None)


def test_t13_staff_who_take_a_case_up_again_have_it_and_both_sides_read_who_it_is() -> None:
    step = move(State.RESOLVED, ev.TakenUp(BERND), ANNA)
    assert (step.case.state, step.case.owner, step.case.promised_at) == (State.CLAIMED, BERND, None)
    assert told(step) == ["handoff.taken_up"]
    assert TellStaff("desk.taken_up", {"number": "W-0042", "staff": BERND}) in step.effects
    assert [kind for kind in kinds(step.effects) if kind in {ReopenTopic, Relay}] == [ReopenTopic, Relay]


@pytest.mark.parametrize("event", [ev.Reopened(OPEN_OFFICE), ev.TakenUp(ANNA)], ids=["person", "staff"])
@pytest.mark.parametrize("state", sorted(set(State) - {State.RESOLVED}))
def test_t13_only_within_the_grace_period(state: State, event: ev.Event) -> None:
    with pytest.raises(Refused):
        move(state, event)


def test_t14_after_the_grace_period_the_topic_is_closed_and_nobody_is_bothered() -> None:
    step = move(State.RESOLVED, ev.GraceOver(), ANNA)
    assert (step.case.state, step.case.owner, step.effects) == (State.CLOSED, ANNA, (RefreshHeader(), CloseTopic()))


def test_t14_t16_whoever_stays_unreachable_is_not_waited_for_any_longer() -> None:
    step = move(State.UNREACHABLE, ev.GraceOver(), ANNA)
    told_staff = TellStaff("desk.ended_unreachable", {"number": "W-0042"})
    assert (step.case.state, step.effects) == (State.CLOSED, (told_staff, RefreshHeader(), CloseTopic()))


def test_t16_a_case_without_anybody_to_ask_is_ended_by_its_owner_or_if_nobody_has_it_by_anybody() -> None:
    for owner, staff in ((ANNA, ANNA), (None, BERND)):
        step = move(State.UNREACHABLE, ev.Finished(staff), owner)
        assert (step.case.state, step.case.owner, told(step)) == (State.RESOLVED, staff, [])
        assert TellStaff("desk.ended_unreachable", {"number": "W-0042"}) in step.effects
    with pytest.raises(Refused, match="refused_taken"):
        move(State.UNREACHABLE, ev.Finished(BERND), ANNA)


@pytest.mark.parametrize("state", sorted(set(State) - {State.RESOLVED, State.UNREACHABLE}))
def test_t14_nothing_but_a_case_that_is_over_is_archived(state: State) -> None:
    with pytest.raises(Refused):
        move(state, ev.GraceOver())


@pytest.mark.parametrize("state", sorted(OWED))
def test_t17_a_missed_promise_calls_the_coordinator_and_apologises_and_changes_nothing_else(state: State) -> None:
    before = a_case(state, promised_at=EARLIER)
    step = transition(before, ev.PromiseMissed(), NOW)
    assert step.case == replace(before, escalated_at=NOW)
    assert told(step) == ["handoff.escalated"]
    assert AlertCoordinator("desk.escalated", {"number": "W-0042"}) in step.effects


@pytest.mark.parametrize("state", sorted(OWED))
def test_t17_once(state: State) -> None:
    with pytest.raises(Refused):
        transition(replace(a_case(state), escalated_at=EARLIER), ev.PromiseMissed(), NOW)


@pytest.mark.parametrize("state", sorted(set(State) - OWED))
def test_t17_only_while_the_office_has_to_act(state: State) -> None:
    with pytest.raises(Refused):
        move(state, ev.PromiseMissed())


@pytest.mark.parametrize(("state", "text"), [(State.QUEUED, "desk.remind_queue"), (State.CLAIMED, "desk.remind_owner")])
def test_e13_whoever_has_to_act_is_reminded_and_the_person_is_not_bothered(state: State, text: str) -> None:
    step = move(state, ev.StaffReminded())
    assert (step.case, told(step)) == (a_case(state), [])
    (reminder,) = step.effects
    assert isinstance(reminder, TellStaff)
    assert (reminder.text, reminder.alert, reminder.params["time"]) == (text, True, NOW)
