"""What stays unanswered is kept for the office to learn from: without personal data, and not everything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.insight import ideas
from bot.storage.models import Person, Unanswered
from bot.storage.retention import Cleaning
from bot.storage.unanswered import unanswered_between
from nlu.concepts import lexicon
from tests.bot.conftest import make_settings
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

STALL = "Wo melden wir unseren Imbissstand an?"
INSULTED = "Der Türsteher hat mich wegen meiner Hautfarbe beleidigt"


async def kept(stage: Stage) -> list[Unanswered]:
    return await stage.all(Unanswered)


async def test_a_lost_question_is_kept_without_personal_data(stage: Stage, rana: Visitor) -> None:
    text = f"Mein Name ist Rana Haddad, rana@example.org. {STALL}"
    stage.rasa.gives_up(text)
    assert (await rana.writes(text)).said == ["understanding.lost"]
    (row,) = await kept(stage)
    assert (row.text, row.outcome) == (f"Mein Name ist [name], [e-mail]. {STALL}", "lost")
    assert (row.language, row.asked_on, row.nearest) == ("de", stage.parts.clock().date(), [])


async def test_a_wavering_question_is_kept_with_the_entries_it_came_nearest_to(stage: Stage, rana: Visitor) -> None:
    stage.rasa.wavers(STALL, "rooms.event", "out_of_scope", "rooms.overview")
    assert (await rana.writes(STALL)).said == ["understanding.did_you_mean"]
    (row,) = await kept(stage)
    assert (row.outcome, row.nearest) == ("did_you_mean", [["rooms.event", 0.3], ["rooms.overview", 0.3]])


async def test_whoever_chooses_what_was_offered_got_an_answer(stage: Stage, rana: Visitor) -> None:
    stage.rasa.wavers(STALL, "rooms.event", "rooms.overview")
    await rana.writes(STALL)
    await rana.presses("ask", "rooms.event")
    assert await kept(stage) == []


async def test_whoever_chooses_after_midnight_got_an_answer_too(stage: Stage, rana: Visitor, clock: Clock) -> None:
    clock.time = clock().replace(hour=22, minute=55)  # UTC: five to midnight at the office
    stage.rasa.wavers(STALL, "rooms.event", "rooms.overview")
    await rana.writes(STALL)
    clock.forward(minutes=10)
    await rana.presses("ask", "rooms.event")
    assert await kept(stage) == []


async def test_the_lexicon_is_read_before_the_transaction_that_asks_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ideas, "_read", set())
    lexicon.cache_clear()
    stage.rasa.gives_up(STALL)
    await stage.conversation.understand(STALL, "de")
    assert lexicon.cache_info().currsize > 0


@pytest.mark.parametrize("also", [(), ("discrimination.housing",)])
async def test_what_may_be_about_discrimination_is_not_kept(stage: Stage, rana: Visitor, also: tuple[str, ...]) -> None:
    """Either the ranking says so or a word does, whatever it was taken for."""
    text = STALL if also else INSULTED
    stage.rasa.wavers(text, "rooms.event", *also)
    assert (await rana.writes(text)).said == ["understanding.did_you_mean"]
    assert await kept(stage) == []


async def test_nothing_is_kept_soon_after_words_of_danger(stage: Stage, rana: Visitor) -> None:
    await rana.writes("Ich will nicht mehr leben")
    stage.rasa.gives_up(STALL)
    await rana.writes(STALL)
    assert await kept(stage) == []


async def test_nothing_is_kept_while_rasa_is_down_because_nothing_tells_what_it_is_about(
    stage: Stage, rana: Visitor
) -> None:
    stage.rasa.down = True
    await rana.writes(STALL)
    assert await kept(stage) == []


async def test_nothing_is_kept_while_the_office_has_the_matter(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.asks_for_a_human()
    stage.rasa.gives_up(STALL)
    await rana.writes(STALL)
    await anna.presses(await stage.only_case(), "take")
    await rana.writes(STALL)
    assert await kept(stage) == []


async def test_nothing_is_kept_of_somebody_who_wants_to_be_erased(stage: Stage, rana: Visitor) -> None:
    stage.rasa.gives_up(STALL)
    await rana.writes("/start")
    await stage.change(Person, erase_when_done=True)
    await rana.writes(STALL)
    assert await kept(stage) == []


async def test_forget_erases_it(stage: Stage, rana: Visitor) -> None:
    stage.rasa.gives_up(STALL)
    await rana.writes(STALL)
    await rana.writes("/forget")
    await rana.presses("forget", "yes")
    assert await kept(stage) == []


async def test_a_long_story_is_cut(stage: Stage, rana: Visitor) -> None:
    story = "und dann noch der Stand " * 40
    stage.rasa.gives_up(story)
    await rana.writes(story)
    assert len((await kept(stage))[0].text) == 500


async def test_it_is_found_by_its_day(stage: Stage, rana: Visitor, clock: Clock) -> None:
    stage.rasa.gives_up(STALL)
    await rana.writes(STALL)
    day = clock().date()
    async with stage.database.read() as session:
        assert len(await unanswered_between(session, day, day)) == 1
        assert await unanswered_between(session, day + timedelta(days=1), day + timedelta(days=9)) == []


async def test_it_is_erased_when_it_has_been_kept_long_enough(stage: Stage, rana: Visitor, clock: Clock) -> None:
    stage.rasa.gives_up(STALL)
    await rana.writes(STALL)
    cleaning = Cleaning(stage.database, make_settings(unanswered_days=180).retention)
    await cleaning.look(clock() + timedelta(days=180))
    assert len(await kept(stage)) == 1
    await cleaning.look(clock() + timedelta(days=181))
    assert await kept(stage) == []
