"""Each numbered transition of handoff.md, T1 to T9 and T15 to T16: the state after, and what it causes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.handoff import events as ev
from bot.handoff.effects import (
    CloseTopic,
    DropBotAnswers,
    EraseCase,
    HoldMessage,
    OpenTopic,
    RefreshHeader,
    Relay,
    TellPerson,
    TellStaff,
)
from bot.handoff.states import OPEN, SHARED, CaseView, Mode, State
from bot.handoff.transition import Refused, transition
from tests.bot.handoff.situations import (
    ANNA,
    BERND,
    CLOSED_OFFICE,
    EARLIER,
    HOURS_UNKNOWN,
    LATER,
    NOBODY_THERE,
    NOW,
    OPEN_OFFICE,
    OWNER_AWAY,
    SHUT_AND_EMPTY,
    SHUT_FOR_GOOD,
    SOON,
    TOMORROW,
    TOMORROW_NOON,
    a_case,
    kinds,
    move,
    told,
)


def test_t1_a_request_asks_for_consent_and_shows_staff_nothing() -> None:
    step = transition(CaseView(), ev.Requested(reason="button", language="ar", topic="rooms"), NOW)
    assert (step.case.state, step.case.mode, step.case.version) == (State.INTAKE, Mode.BOT, 1)
    assert (step.case.language, step.case.topic, step.case.reason) == ("ar", "rooms", "button")
    assert step.effects == (TellPerson("handoff.consent", buttons="consent"),)


def test_t1_a_second_request_is_refused_while_a_case_is_open() -> None:
    for state in OPEN:
        with pytest.raises(Refused):
            move(state, ev.Requested(reason="button", language="ar"))


def test_t1_what_was_shown_and_agreed_to_before_is_not_asked_again() -> None:
    step = transition(CaseView(), ev.Requested(reason="room_request", language="ar", agreed=True), NOW)
    assert (step.case.state, step.effects) == (State.INTAKE, ())


@pytest.mark.parametrize(("lapsed", "text"), [(False, "handoff.declined"), (True, "handoff.lapsed")])
def test_t2_without_consent_nothing_remains(*, lapsed: bool, text: str) -> None:
    step = move(State.INTAKE, ev.Declined(lapsed=lapsed))
    assert (step.case.state, told(step), len(step.effects)) == (State.NONE, [text], 1)


def test_t3_consent_in_office_hours_queues_with_a_place_and_a_time() -> None:
    step = move(State.INTAKE, ev.Consented(office=OPEN_OFFICE, ahead=2))
    assert (step.case.state, step.case.mode, step.case.promised_at) == (State.QUEUED, Mode.BOTH, LATER)
    person, topic = step.effects
    assert isinstance(person, TellPerson)
    assert (person.text, person.buttons) == ("handoff.queued", "waiting")
    assert person.params == {"number": "W-0042", "time": LATER, "opens": TOMORROW, "position": 3}
    assert topic == OpenTopic(alert=True)


def test_t3_without_known_hours_no_time_is_promised() -> None:
    step = move(State.INTAKE, ev.Consented(office=HOURS_UNKNOWN))
    assert (step.case.state, step.case.promised_at, told(step)) == (State.QUEUED, None, ["handoff.queued_no_time"])


def test_t4_consent_outside_hours_parks_with_an_exact_promise_and_wakes_nobody() -> None:
    step = move(State.INTAKE, ev.Consented(office=CLOSED_OFFICE))
    assert (step.case.state, step.case.mode, step.case.promised_at) == (State.PARKED, Mode.BOTH, TOMORROW_NOON)
    person, topic = step.effects
    assert isinstance(person, TellPerson)
    assert person.text == "handoff.parked"
    assert (person.params["opens"], person.params["time"]) == (TOMORROW, TOMORROW_NOON)
    assert topic == OpenTopic(alert=False)


@pytest.mark.parametrize(
    ("office", "text"),
    [(NOBODY_THERE, "handoff.nobody_no_time"), (SHUT_AND_EMPTY, "handoff.parked_no_time"),
     (SHUT_FOR_GOOD, "handoff.parked_no_time")],
)  # fmt: skip
def test_t4_e24_with_nobody_on_duty_it_parks_with_the_true_reason_and_no_promise(office: ev.Office, text: str) -> None:
    step = move(State.INTAKE, ev.Consented(office=office))
    assert (step.case.state, step.case.promised_at, told(step)) == (State.PARKED, None, [text])


def test_t4_an_urgent_case_alerts_even_outside_hours() -> None:
    urgent = replace(a_case(State.INTAKE), urgent=True)
    assert OpenTopic(alert=True) in transition(urgent, ev.Consented(office=CLOSED_OFFICE), NOW).effects


def test_t5_opening_queues_what_was_parked_and_tells_both_sides() -> None:
    parked = replace(a_case(State.PARKED), promised_at=LATER)
    step = transition(parked, ev.OfficeOpened(OPEN_OFFICE), NOW)
    assert (step.case.state, step.case.promised_at, told(step)) == (State.QUEUED, LATER, ["handoff.office_opened"])
    assert TellStaff("desk.office_opened", {"number": "W-0042"}, alert=True) in step.effects


def test_t5_a_promise_that_still_holds_is_kept_and_a_broken_one_replaced() -> None:
    for before, after in ((SOON, SOON), (EARLIER, LATER), (NOW, LATER)):
        parked = a_case(State.PARKED, promised_at=before)
        assert transition(parked, ev.OfficeOpened(OPEN_OFFICE), NOW).case.promised_at == after


@pytest.mark.parametrize("office", [CLOSED_OFFICE, NOBODY_THERE, SHUT_AND_EMPTY])
def test_t5_looks_at_the_office_now_and_refuses_if_it_is_not_there(office: ev.Office) -> None:
    with pytest.raises(Refused):
        move(State.PARKED, ev.OfficeOpened(office))


@pytest.mark.parametrize(("office", "promise", "text"), [
    (CLOSED_OFFICE, SOON, "handoff.closing_parked"), (NOBODY_THERE, SOON, "handoff.closing_parked"),
    (NOBODY_THERE, None, "handoff.closing_parked_no_time"),
])  # fmt: skip
def test_e22_what_nobody_took_by_closing_is_parked_with_the_promise_that_was_given(
    office: ev.Office, promise: datetime | None, text: str
) -> None:
    step = transition(a_case(State.QUEUED, promised_at=promise), ev.OfficeClosed(office), NOW)
    assert (step.case.state, step.case.promised_at, told(step)) == (State.PARKED, promise, [text])


def test_e22_while_the_office_answers_nothing_is_parked() -> None:
    with pytest.raises(Refused):
        move(State.QUEUED, ev.OfficeClosed(OPEN_OFFICE))


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
     (CLOSED_OFFICE, State.PARKED, "handoff.released_parked", TOMORROW_NOON),
     (NOBODY_THERE, State.PARKED, "handoff.released_parked_no_time", None)],
)  # fmt: skip
@pytest.mark.parametrize("way", ["released", "gone", "silent"])
def test_t8_a_case_given_back_waits_with_a_new_promise(
    office: ev.Office, state: State, text: str, promise: datetime | None, way: str
) -> None:
    away = replace(office, owner_here=False)
    events: dict[str, ev.Event] = {"released": ev.Released(ANNA, office), "gone": ev.OwnerGone(away),
                                   "silent": ev.OwnerSilent(office)}  # fmt: skip
    step = move(State.CLAIMED, events[way])
    assert (step.case.state, step.case.owner, step.case.promised_at) == (state, None, promise)
    assert told(step) == [text]
    staff = {"released": "desk.released", "gone": "desk.owner_gone", "silent": "desk.owner_silent"}[way]
    assert TellStaff(staff, {"staff": ANNA}, alert=True) in step.effects, "staff are told the reason"


def test_t8_a_promise_that_still_holds_is_kept() -> None:
    step = transition(a_case(State.CLAIMED, promised_at=SOON), ev.Released(ANNA, CLOSED_OFFICE), NOW)
    assert step.case.promised_at == SOON
    assert [effect.params["time"] for effect in step.effects if isinstance(effect, TellPerson)] == [SOON]


def test_t8_only_the_owner_can_release() -> None:
    with pytest.raises(Refused, match="refused_taken"):
        move(State.CLAIMED, ev.Released(BERND, OPEN_OFFICE))


def test_t8_an_owner_who_is_there_does_not_lose_the_case_unless_silent() -> None:
    with pytest.raises(Refused):
        move(State.CLAIMED, ev.OwnerGone(OPEN_OFFICE))
    assert move(State.CLAIMED, ev.OwnerSilent(OPEN_OFFICE)).case.owner is None


@pytest.mark.parametrize("state", [State.CLAIMED, State.WAITING_USER])
def test_t9_the_owner_hands_the_case_to_a_colleague_and_the_person_hears_to_whom(state: State) -> None:
    step = move(state, ev.Transferred(ANNA, BERND, OPEN_OFFICE))
    assert (step.case.state, step.case.owner, step.case.version) == (state, BERND, 4)
    assert TellPerson("handoff.human_here", {"staff": BERND}, buttons="human") in step.effects
    assert TellStaff("desk.transferred", {"staff": ANNA, "to": BERND}, alert=True) in step.effects


@pytest.mark.parametrize("state", [State.QUEUED, State.PARKED])
def test_t9_a_case_that_waits_can_be_handed_to_somebody_and_silences_the_bot(state: State) -> None:
    step = move(state, ev.Transferred(ANNA, BERND, OPEN_OFFICE))
    assert (step.case.state, step.case.owner) == (State.CLAIMED, BERND)
    assert kinds(step.effects)[0] is DropBotAnswers


@pytest.mark.parametrize(("office", "state"), [(OWNER_AWAY, State.QUEUED), (SHUT_AND_EMPTY, State.PARKED)])
def test_t9_to_a_colleague_who_is_not_on_duty_it_waits_instead(office: ev.Office, state: State) -> None:
    step = move(State.CLAIMED, ev.Transferred(ANNA, BERND, office))
    assert (step.case.state, step.case.owner) == (state, None)
    assert told(step)[0].startswith("handoff.released_")
    assert [one.text for one in step.effects if isinstance(one, TellStaff)] == ["desk.transfer_away"]


@pytest.mark.parametrize("state", [State.QUEUED, State.PARKED])
def test_t9_what_waits_goes_on_waiting_if_the_colleague_is_not_on_duty(state: State) -> None:
    step = move(state, ev.Transferred(ANNA, BERND, OWNER_AWAY))
    told_staff = TellStaff("desk.transfer_away", {"staff": ANNA, "to": BERND}, alert=True)
    assert (step.case, step.effects) == (a_case(state), (told_staff,))


def test_t9_nobody_but_the_owner_hands_a_taken_case_on_and_not_to_themselves() -> None:
    with pytest.raises(Refused, match="refused_taken"):
        move(State.CLAIMED, ev.Transferred(BERND, BERND, OPEN_OFFICE))
    with pytest.raises(Refused, match="refused_yours"):
        move(State.CLAIMED, ev.Transferred(ANNA, ANNA, OPEN_OFFICE))


@pytest.mark.parametrize("state", sorted(SHARED))
def test_t15_taking_it_back_tells_staff(state: State) -> None:
    step = move(state, ev.Withdrawn())
    assert (step.case.state, told(step)) == (State.WITHDRAWN, ["handoff.withdrawn"])
    assert TellStaff("desk.withdrawn", {"number": "W-0042"}, alert=True) in step.effects
    assert step.effects[-1] == CloseTopic(), "after the last word in it"


@pytest.mark.parametrize("state", sorted(SHARED | {State.RESOLVED, State.CLOSED, State.WITHDRAWN}))
def test_t15_erasing_removes_the_case_from_the_group_too(state: State) -> None:
    step = move(state, ev.Withdrawn(erase=True))
    assert (step.case.state, step.effects) == (State.WITHDRAWN, (EraseCase(), TellPerson("privacy.erased")))


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED, State.WITHDRAWN])
def test_t15_what_is_over_cannot_be_taken_back(state: State) -> None:
    with pytest.raises(Refused, match="refused_over"):
        move(state, ev.Withdrawn())


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


def test_t5_a_promise_that_could_not_be_given_before_is_given_when_the_office_opens() -> None:
    step = move(State.PARKED, ev.OfficeOpened(OPEN_OFFICE))
    assert (step.case.promised_at, told(step)) == (LATER, ["handoff.office_opened_promised"])


@pytest.mark.parametrize(
    ("owner", "office", "state", "text"),
    [(ANNA, OPEN_OFFICE, State.CLAIMED, "welcome_back_promised"), (ANNA, HOURS_UNKNOWN, State.CLAIMED, "welcome_back"),
     (None, OPEN_OFFICE, State.QUEUED, "welcome_back_promised"),
     (None, CLOSED_OFFICE, State.PARKED, "welcome_back_promised")],
)  # fmt: skip
def test_t16_coming_back_takes_the_case_up_where_it_was(
    owner: int | None, office: ev.Office, state: State, text: str
) -> None:
    step = move(State.UNREACHABLE, ev.Returned(office), owner)
    assert (step.case.state, step.case.owner, told(step)) == (state, owner, [f"handoff.{text}"])
