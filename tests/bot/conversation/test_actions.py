"""What buttons mean: never longer than Telegram allows, and always read back as meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import menus
from bot.conversation.actions import LIMIT, Action, case_action
from bot.conversation.presses import PRESSES
from bot.conversation.replies import Button, Rows
from bot.conversation.turn import Parts, Turn
from bot.handoff.states import State
from bot.storage.models import Case, Person
from bot.telegram.staffroom import header_buttons
from tests.bot.conftest import LANGUAGES

HUGE = 10**15
"""A case id or version that no office will ever reach."""
ROWS_OF_A_CASE = ("", "menu", "consent", "waiting", "human", "solved")


def turn_in(parts: Parts, language: str) -> Turn:
    """A turn that only draws keyboards."""
    person = Person(chat_id=1, language=language)
    return Turn(parts=parts, session=AsyncSession(), person=person, case=None, now=parts.clock(), language=language)


def keyboards(parts: Parts, language: str) -> list[Rows]:
    """Every keyboard a person can get to see in a language."""
    turn, library = turn_in(parts, language), parts.library
    entries = [entry for topic in library.topics for entry in library.entries(topic, language)]
    return [
        menus.topics(turn), menus.topics(turn, human_first=True), menus.languages(turn),
        *[menus.questions(turn, topic) for topic in library.topics],
        *[menus.after_answer(turn, entry, rated=rated) for entry in entries for rated in (False, True)],
        *[menus.candidates(turn, [entry.id for entry in entries[n : n + 3]]) for n in range(len(entries))],
        menus.alphabet(turn), *[menus.terms(page, back=True) for page in library.glossary.pages(language)],
        *[menus.after_term(turn, term) for term in library.glossary.terms(language)],
        *[menus.switch(turn, other) for other in LANGUAGES],
        *[menus.for_case(turn, name, HUGE, HUGE) for name in ROWS_OF_A_CASE],
    ]  # fmt: skip


def buttons(rows: Rows) -> list[Button]:
    return [button for row in rows for button in row]


@pytest.mark.parametrize("language", LANGUAGES)
def test_e46_every_button_of_every_menu_fits_in_every_language_and_leads_somewhere(parts: Parts, language: str) -> None:
    shown = [button for rows in keyboards(parts, language) for button in buttons(rows)]
    assert len(shown) > 150
    for button in shown:
        data = button.action.encode()
        assert 1 <= len(data.encode()) <= LIMIT
        assert Action.decode(data) == button.action
        assert button.action.name in PRESSES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_can_be_asked_for_from_every_keyboard_that_follows_a_failure(parts: Parts, language: str) -> None:
    turn = turn_in(parts, language)
    for rows in (menus.topics(turn, human_first=True), menus.candidates(turn, ["founding.steps"])):
        assert any(button.action.name == "human" for button in buttons(rows))
    assert buttons(menus.topics(turn, human_first=True))[0].action.name == "human"


@pytest.mark.parametrize("state", sorted(State))
def test_the_offices_buttons_fit_and_are_bound_to_the_version(state: State) -> None:
    for button in buttons(header_buttons(Case(id=HUGE, version=HUGE, state=state.value))):
        assert Action.decode(button.action.encode()).args == (str(HUGE), str(HUGE))


WORDS = st.text(st.characters(exclude_characters=":", codec="utf-8"), max_size=12)


@given(WORDS, st.lists(WORDS, max_size=4))
def test_whatever_can_be_encoded_reads_back_and_fits(name: str, args: list[str]) -> None:
    action = Action(name, tuple(args))
    try:
        data = action.encode()
    except ValueError:
        assert len(":".join((name, *args)).encode()) > LIMIT
        return
    assert Action.decode(data) == action
    assert len(data.encode()) <= LIMIT


@given(st.text(max_size=64))
def test_anything_at_all_can_be_read(data: str) -> None:
    assert isinstance(Action.decode(data).name, str)


def test_what_would_be_cut_or_misread_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        Action("ask", ("ش" * 32,)).encode()
    with pytest.raises(ValueError, match="cannot be read back"):
        Action("ask", ("a:b",)).encode()
    assert case_action("solved", 7, 3, "yes").encode() == "solved:7:3:yes"
