"""The invariants of handoff.md, section 4, that the transition function alone can keep or break."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoff import events as ev
from bot.handoff.effects import DropBotAnswers, Effect, EraseCase, OpenTopic, Relay, TellPerson
from bot.handoff.states import MODES, OPEN, SHARED, WAITING, CaseView, Mode, State
from bot.handoff.transition import TRANSITIONS, Refused, Step, transition
from bot.locales import Locales
from tests.bot.handoff.situations import EVENTS, NOW, OPEN_CASES, OWNED, a_case, every_event, outcome

NO_WORD_TO_THE_PERSON = {
    ev.Blocked: "the person cannot be reached any more",
    ev.StaffWrote: "the relayed message is the text",
    ev.PersonWrote: "it is the person's own message, and the reaction confirms it",
}
"""Invariant 3, exceptions by name."""
BEFORE_CONSENT = {State.NONE, State.INTAKE}
ALLOWED_BEFORE_CONSENT = (TellPerson,)


def steps_from(case: CaseView) -> list[tuple[ev.Event, Step]]:
    """Every transition that this case allows."""
    outcomes = [(event, outcome(case, event)) for event in every_event()]
    return [(event, step) for event, step in outcomes if isinstance(step, Step)]


ALL_STEPS = [(case, event, step) for case in map(a_case, State) for event, step in steps_from(case)]


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
    if after.mode is Mode.HUMAN and before.mode is Mode.BOTH:
        assert isinstance(step.effects[0], DropBotAnswers), "an answer under way is dropped before anything is said"


@settings(max_examples=300, deadline=None)
@given(start=st.sampled_from([CaseView(), *OPEN_CASES]), events=st.lists(EVENTS, max_size=25))
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
    never_succeeds = {(state, ev.Claimed) for state in (State.CLAIMED, State.WAITING_USER)}
    assert reached == TRANSITIONS.keys() - never_succeeds


@pytest.mark.parametrize("language", ["de", "en", "tr", "ar"])
def test_every_change_of_state_has_a_text_in_every_language(locales: Locales, language: str) -> None:
    silent = set()
    for case, event, step in ALL_STEPS:
        texts = [effect for effect in step.effects if isinstance(effect, TellPerson)]
        for effect in texts:
            assert locales.say(language, effect.text, effect.params)
        if step.case.state is not case.state and not texts:
            silent.add(type(event))
    assert silent == NO_WORD_TO_THE_PERSON.keys()


def test_a_silent_change_by_a_message_always_carries_the_message() -> None:
    for case, event, step in ALL_STEPS:
        wrote = isinstance(event, (ev.StaffWrote, ev.PersonWrote))
        if wrote and step.case.state is not case.state:
            assert has(step.effects, Relay)


@pytest.mark.parametrize("language", ["de", "en", "tr", "ar"])
def test_whatever_does_not_fit_is_refused_with_a_text(locales: Locales, language: str) -> None:
    outcomes = [outcome(case, event) for case in map(a_case, State) for event in every_event()]
    refusals = {refused.text for refused in outcomes if isinstance(refused, Refused)}
    for text in refusals:
        assert locales.say(language, text, {"staff": "Frau A.", "time": NOW, "number": "W-0042"})
    assert len(refusals) == 5


def test_staff_can_do_nothing_to_a_case_they_do_not_know_of() -> None:
    for state in BEFORE_CONSENT:
        for event in (ev.Claimed(1), ev.TakenOver(1), ev.StaffWrote(1), ev.Finished(1)):
            with pytest.raises(Refused):
                transition(a_case(state), event, NOW)


def test_only_one_side_speaks_in_every_state() -> None:
    assert MODES.keys() == set(State)
    assert {state for state in State if MODES[state] is Mode.HUMAN} == {State.CLAIMED, State.WAITING_USER}
    assert {state for state in State if MODES[state] is Mode.BOTH} == WAITING
    assert SHARED < OPEN
    assert {State.INTAKE} == OPEN - SHARED


def test_an_open_case_can_always_be_withdrawn_and_erased() -> None:
    for case in OPEN_CASES:
        for erase in (False, True):
            after, effects = transition(case, ev.Withdrawn(erase=erase), NOW)
            assert after.state in {State.WITHDRAWN, State.NONE}
            told = [effect.text for effect in effects if isinstance(effect, TellPerson)]
            assert (told == ["privacy.erased"]) is erase


def test_time_alone_never_ends_a_case_that_waits_for_the_office() -> None:
    for state in (*WAITING, State.CLAIMED):
        for event in (ev.Solved(timed_out=True), ev.Declined(lapsed=True)):
            with pytest.raises(Refused):
                transition(a_case(state), event, NOW)
