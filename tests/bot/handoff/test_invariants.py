"""The invariants of handoff.md, section 4, that the transition function alone can keep or break."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoff import events as ev
from bot.handoff.effects import DropBotAnswers, Effect, EraseCase, OpenTopic, Relay, TellPerson
from bot.handoff.states import MODES, OPEN, OWED, SHARED, WAITING, WITH_HUMAN, CaseView, Mode, State
from bot.handoff.transition import TRANSITIONS, Refused, Step, transition
from bot.locales import Locales
from tests.bot.conftest import LANGUAGES
from tests.bot.handoff.situations import CASES, EVENTS, NOW, OPEN_CASES, OWNED, a_case, every_event, outcome

NO_WORD_TO_THE_PERSON = {
    ev.Blocked: "the person cannot be reached any more",
    ev.StaffWrote: "the relayed message is the text",
    ev.PersonWrote: "it is the person's own message, and the reaction confirms it",
    ev.GraceOver: "the end was told before, with T12; nothing that the person can notice changes",
    ev.Requested: "the preview was shown and agreed to before, and what comes of it is told at once",
    ev.Finished: "only where the person cannot be reached; whoever can be is asked (T10)",
}
"""Invariant 3, exceptions by name."""
BEFORE_CONSENT = {State.NONE, State.INTAKE}
ALLOWED_BEFORE_CONSENT = (TellPerson,)
BACK_AGAIN = (ev.NotSolved, ev.PersonWrote, ev.Reopened, ev.TakenUp, ev.Returned)
"""After a time in which the office owed nothing the case is the office's again."""
REFUSALS = {"handoff.refused_over", "handoff.refused_open", "handoff.refused_taken", "handoff.refused_yours",
            "handoff.refused_unreachable"}  # fmt: skip


def steps_from(case: CaseView) -> list[tuple[ev.Event, Step]]:
    """Every transition that this case allows."""
    outcomes = [(event, outcome(case, event)) for event in every_event()]
    return [(event, step) for event, step in outcomes if isinstance(step, Step)]


ALL_STEPS = [(case, event, step) for case in CASES for event, step in steps_from(case)]


def has(effects: tuple[Effect, ...], kind: type) -> bool:
    return any(isinstance(effect, kind) for effect in effects)


def check(before: CaseView, event: ev.Event, step: Step) -> None:
    """What holds for every step, whatever came before."""
    after = step.case
    changed = (after.state, after.owner) != (before.state, before.owner)
    assert after.version == before.version + changed
    assert not changed or after.changed_at == NOW
    if after.state in OWNED:
        assert after.owner is not None
    if after.state in WAITING | BEFORE_CONSENT:
        assert after.owner is None
    assert has(step.effects, OpenTopic) == isinstance(event, ev.Consented)
    assert has(step.effects, EraseCase) == (isinstance(event, ev.Withdrawn) and event.erase
                                            and before.state is not State.INTAKE)  # fmt: skip
    if before.state in BEFORE_CONSENT and not isinstance(event, ev.Consented):
        assert all(isinstance(effect, ALLOWED_BEFORE_CONSENT) for effect in step.effects)
    if after.mode is Mode.HUMAN is not before.mode:
        assert isinstance(step.effects[0], DropBotAnswers), "an answer under way is dropped before anything is said"
    check_promise(before, event, step)


def check_promise(before: CaseView, event: ev.Event, step: Step) -> None:
    """A promise that holds stands until it is kept; a broken one is never taken for one that holds."""
    after = step.case
    if after.state in WAITING and after.state is not before.state:
        assert after.promised_at is None or after.promised_at > NOW
        if before.promised_at is not None and before.promised_at > NOW:
            assert after.promised_at == before.promised_at
    answered = has(step.effects, Relay) and isinstance(event, ev.StaffWrote)
    if answered and before.state is not State.WAITING_USER:
        assert (after.promised_at, after.escalated_at) == (None, None), "an answer keeps it, late or not"
        return
    if isinstance(event, BACK_AGAIN) and before.state not in OWED | {State.WAITING_USER}:
        ran_out = before.promised_at is None or before.promised_at <= NOW
        assert after.escalated_at == (None if ran_out else before.escalated_at)
        return
    reported = before.escalated_at is None and isinstance(event, ev.PromiseMissed)
    asked_anew = isinstance(event, ev.Requested)
    assert reported or asked_anew or after.escalated_at == before.escalated_at


@settings(max_examples=300, deadline=None)
@given(start=st.sampled_from([CaseView(), *OPEN_CASES, *CASES]), events=st.lists(EVENTS, max_size=25))
def test_whatever_happens_in_whatever_order_the_case_stays_sound(start: CaseView, events: list[ev.Event]) -> None:
    case = start
    for event in events:
        step = outcome(case, event)
        if isinstance(step, Refused):
            assert step.state is case.state
        else:
            check(case, event, step)
            case = step.case


def test_every_single_step_is_sound() -> None:
    for case, event, step in ALL_STEPS:
        check(case, event, step)


def test_every_row_of_the_table_is_reached_by_these_events() -> None:
    reached = {(case.state, type(event)) for case, event, _ in ALL_STEPS}
    never_succeeds = {(state, ev.Claimed) for state in WITH_HUMAN}
    assert reached == TRANSITIONS.keys() - never_succeeds


def test_every_kind_of_event_is_in_the_table_and_among_these() -> None:
    kinds = set(ev.Event.__args__)
    assert {kind for _, kind in TRANSITIONS} == kinds
    assert {type(event) for event in every_event()} == kinds


def test_invariant_2_a_human_who_comes_silences_the_bot_first_from_whatever_mode() -> None:
    arrivals = [(case, event, step) for case, event, step in ALL_STEPS if step.case.mode is Mode.HUMAN is not case.mode]
    coming = {(case.mode, type(event)) for case, event, step in arrivals if step.effects[0] == DropBotAnswers()}
    assert {mode for mode, _ in coming} == {Mode.BOT, Mode.BOTH, Mode.NOBODY}
    assert {kind for _, kind in coming} == {ev.Claimed, ev.StaffWrote, ev.Transferred, ev.NotSolved, ev.PersonWrote,
                                            ev.Reopened, ev.TakenUp, ev.Returned}  # fmt: skip


@pytest.mark.parametrize("row", sorted(TRANSITIONS, key=str), ids=lambda row: f"{row[0]}-{row[1].__name__}")
def test_invariant_3_every_row_of_the_table_has_a_text_for_the_person_in_each_of_eight_languages(
    locales: Locales, row: tuple[State, type]
) -> None:
    for case, event, step in ALL_STEPS:
        if (case.state, type(event)) != row:
            continue
        texts = [effect for effect in step.effects if isinstance(effect, TellPerson)]
        for effect in texts:
            said = {locales.say(language, effect.text, effect.params) for language in LANGUAGES}
            assert len(said) == len(LANGUAGES), f"{effect.text} is not translated"
        assert texts or step.case.state is case.state or type(event) in NO_WORD_TO_THE_PERSON


def test_invariant_3_its_exceptions_are_exactly_those_named() -> None:
    silent = {type(event) for case, event, step in ALL_STEPS
              if step.case.state is not case.state and not has(step.effects, TellPerson)}  # fmt: skip
    assert silent == NO_WORD_TO_THE_PERSON.keys()
    assert all(event.agreed for _, event, step in ALL_STEPS if isinstance(event, ev.Requested) and not step.effects)


def test_a_silent_change_by_a_message_always_carries_the_message() -> None:
    for case, event, step in ALL_STEPS:
        wrote = isinstance(event, (ev.StaffWrote, ev.PersonWrote))
        if wrote and step.case.state is not case.state:
            assert has(step.effects, Relay)


@pytest.mark.parametrize("language", LANGUAGES)
def test_invariant_3_whatever_does_not_fit_is_refused_with_a_text(locales: Locales, language: str) -> None:
    outcomes = [outcome(case, event) for case in CASES for event in every_event()]
    refusals = {refused.text for refused in outcomes if isinstance(refused, Refused)}
    assert refusals == REFUSALS
    for text in refusals:
        assert locales.say(language, text, {"staff": "Frau A.", "time": NOW, "number": "W-0042"})


def test_invariant_5_whatever_changes_what_a_button_means_raises_the_version() -> None:
    for case, _, step in ALL_STEPS:
        same = (step.case.state, step.case.owner) == (case.state, case.owner)
        assert (step.case.version == case.version) is same
        assert step.case.version in {case.version, case.version + 1}


def test_invariant_7_no_word_of_anybody_is_part_of_an_event() -> None:
    """What is written travels as a stored message; an event holds ids, times, switches and the office."""
    words = {field for kind in ev.Event.__args__ for field, given in kind.__annotations__.items() if "str" in given}
    assert words == {"reason", "language", "topic", "outcome"}


def test_invariant_11_staff_can_do_nothing_to_a_case_they_do_not_know_of() -> None:
    by_staff = (ev.Claimed(1), ev.TakenOver(1), ev.TakenUp(1), ev.StaffWrote(1), ev.Finished(1),
                ev.Transferred(1, 2, ev.Office(open=True, staffed=True)),
                ev.Released(1, ev.Office(open=True, staffed=True)))  # fmt: skip
    for state in BEFORE_CONSENT:
        for event in by_staff:
            with pytest.raises(Refused):
                transition(a_case(state), event, NOW)


def test_invariant_11_before_consent_nothing_but_words_to_the_person_comes_of_any_step() -> None:
    before = [(event, step) for case, event, step in ALL_STEPS if case.state in BEFORE_CONSENT
              and not isinstance(event, ev.Consented)]  # fmt: skip
    assert {type(event) for event, _ in before} == {ev.Requested, ev.Declined, ev.Withdrawn, ev.Blocked}
    assert all(isinstance(effect, TellPerson) for _, step in before for effect in step.effects)


def test_only_one_side_speaks_in_every_state() -> None:
    assert MODES.keys() == set(State)
    assert {state for state in State if MODES[state] is Mode.HUMAN} == {State.CLAIMED, State.WAITING_USER}
    assert {state for state in State if MODES[state] is Mode.BOTH} == WAITING
    assert SHARED < OPEN
    assert {State.INTAKE} == OPEN - SHARED


def test_invariant_12_a_case_in_any_state_but_none_can_be_erased() -> None:
    for state in State:
        if state is State.NONE:
            continue
        after, effects = transition(a_case(state), ev.Withdrawn(erase=True), NOW)
        assert after.state in {State.WITHDRAWN, State.NONE}
        assert TellPerson("privacy.erased") in effects


def test_an_open_case_can_always_be_withdrawn() -> None:
    for case in OPEN_CASES:
        after, effects = transition(case, ev.Withdrawn(), NOW)
        assert after.state in {State.WITHDRAWN, State.NONE}
        assert TellPerson("privacy.erased") not in effects


@pytest.mark.parametrize(
    "event", [ev.Solved("no_answer"), ev.Declined(lapsed=True), ev.PersonIdle(), ev.PersonReminded(), ev.GraceOver()],
    ids=lambda event: type(event).__name__,
)  # fmt: skip
def test_e25_time_alone_never_ends_a_case_that_waits_for_the_office(event: ev.Event) -> None:
    for state in OWED:
        with pytest.raises(Refused):
            transition(a_case(state), event, NOW)
