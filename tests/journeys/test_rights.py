"""What a person can always do: stop, take back, see and erase what is held about them; in every state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.journeys.conftest import World
from tests.journeys.office import Case, ask_for_consent, consent, new_case
from tests.journeys.phone import Phone, eventually
from tests.journeys.words import LANGUAGES, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]


def secret(person: Phone) -> str:
    """A word that nobody else writes; wherever it is found later, something was kept."""
    return f"Brombeerkuchen{person.user}"


async def test_taking_the_request_back_tells_the_office(world: World) -> None:
    case = await new_case(world, "ar")
    status = await case.person.reads("handoff.status_queued", after=await case.person.send("/stop"))
    await case.person.press(status, "button.withdraw")
    await case.person.reads("handoff.withdrawn", number=case.number)
    assert not (await case.frau_a.reads("desk.withdrawn", number=case.number))["silent"]
    assert (await case.header("withdrawn"))["buttons"] == []
    refused = await case.frau_a.send("Schade, wir hätten da noch etwas.")
    assert (await case.frau_a.reads("handoff.refused_over", after=refused))["reply_to"] == refused
    again = await consent(world, case.person, await ask_for_consent(case.person))
    assert again.number != case.number


async def test_start_keeps_an_open_case_and_says_how_it_stands(world: World) -> None:
    case = await (await new_case(world, "tr")).taken()
    assert label("tr", "button.withdraw") in str(await case.person.ask("/start"))
    await case.header("claimed")
    await case.person.reads("handoff.status_claimed", staff="Frau A.", number=case.number)


async def test_asking_for_a_human_again_names_the_same_case(world: World) -> None:
    case = await new_case(world)
    for _ in range(3):
        await case.person.reads("handoff.status_queued", after=await case.person.send("/human"), number=case.number)
    topics = (await world.http.get("/sim/topics")).json()
    assert sum(topic["name"].startswith(case.number) for topic in topics) == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_stop_without_a_case_is_answered(world: World, language: str) -> None:
    rana = world.phone(language)
    assert pattern(language, "stop.done").search((await rana.ask("/stop"))["text"])


async def test_stop_at_the_consent_question_shares_nothing(world: World) -> None:
    rana = world.phone("ar")
    question = await ask_for_consent(rana)
    await rana.reads("handoff.declined", after=await rana.send("/stop"))
    late = await rana.press_data(question["message_id"], question["buttons"][0][0]["data"], stale=True)
    assert late["text"] == label("ar", "button.stale")


async def test_mydata_shows_everything_that_is_held(world: World) -> None:
    case = await (await new_case(world)).taken()
    written = await case.person.send(f"Es geht um {secret(case.person)}.")
    await case.person.delivered(written)
    await case.frau_a.send("// heikel")
    answer = await case.frau_a.send("Das klären wir.")
    await case.frau_a.delivered(answer)
    data = await case.person.reads("privacy.mydata", after=await case.person.send("/mydata"))
    for held in (str(case.person.user), "Deutsch", case.number, secret(case.person), "Das klären wir."):
        assert held in data["text"]
    assert "heikel" not in data["text"]


async def test_forget_asks_first_and_a_no_keeps_everything(world: World) -> None:
    case = await new_case(world, "en")
    question = await case.person.reads("privacy.forget_question_case", after=await case.person.send("/forget"))
    assert case.number in question["text"]
    await case.person.press(question, "button.forget_no")
    assert (await case.person.reads("privacy.kept"))["message_id"] == question["message_id"]
    await case.header("queued")


def rows_with(file: Path, *needles: str) -> Iterator[str]:
    """Every value in every table that holds one of the needles."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                yield from (f"{table}: {row}" for needle in needles if any(needle in str(value) for value in row))
    database.close()


async def everything_forgotten(file: Path, *needles: str) -> None:
    """Wait until no table names the person any more: the farewell's own row goes when it is sent."""

    async def look() -> bool | None:
        return None if list(rows_with(file, *needles)) else True

    async def failed() -> str:
        return "still held:\n" + "\n".join(rows_with(file, *needles))

    await eventually(look, failed)


async def erase(person: Phone) -> None:
    """Ask for everything to be erased, and confirm."""
    question = await person.until_any("privacy.forget_question_case", "privacy.forget_question",
                                      after=await person.send("/forget"))  # fmt: skip
    await person.press(question, "button.forget_yes")
    await person.reads("privacy.erased")


async def a_told_case(world: World, language: str) -> Case:
    """A case in which the person has written the secret word before and after the hand-off."""
    person = world.phone(language)
    await person.ask(f"{secret(person)}?")
    case = await (await consent(world, person, await ask_for_consent(person))).taken()
    await person.delivered(await person.send(f"Es geht um {secret(person)}."))
    await case.frau_a.send(f"// {secret(person)}, soso")
    await case.frau_a.delivered(await case.frau_a.send(f"Was ist mit {secret(person)}?"))
    return case


@pytest.mark.parametrize("finished", [False, True])
async def test_forget_leaves_nothing_anywhere(world: World, world_file: Path, *, finished: bool) -> None:
    case = await a_told_case(world, "tr")
    assert list(rows_with(world_file, secret(case.person))), "the search finds what is there"
    if finished:
        await case.person.press(await case.done("waiting_user"), "button.solved")
        await case.person.reads("handoff.resolved")
    await erase(case.person)
    await everything_forgotten(world_file, str(case.person.user))
    topics = (await world.http.get("/sim/topics")).json()
    assert next(topic for topic in topics if topic["id"] == case.topic)["deleted"]
    for kept in (world.log, *(file for file in (ROOT / "var").glob("*.log"))):
        text = kept.read_text(encoding="utf-8")
        assert str(case.person.user) not in text


async def test_what_is_erased_cannot_be_read_from_the_databases_file(world: World, world_file: Path) -> None:
    case = await a_told_case(world, "de")
    await erase(case.person)
    await everything_forgotten(world_file, str(case.person.user))
    # What SQLite has freed it may leave in the file, or in the log beside it; each round of the timers clears both.
    world.kill_bot()
    await world.restart_bot()

    async def look() -> bool | None:
        left = [file for file in world_file.parent.glob("bot.db*") if secret(case.person).encode() in file.read_bytes()]
        return None if left else True

    async def failed() -> str:
        return "the words can still be read from the file"

    await eventually(look, failed)


async def test_whoever_comes_back_after_forget_is_new(world: World) -> None:
    case = await a_told_case(world, "ar")
    await erase(case.person)
    case.person.language = "en"
    assert pattern("en", "start.greeting").search((await case.person.ask("/start"))["text"])
    data = await case.person.ask("/mydata")
    assert secret(case.person) not in data["text"]
    assert pattern("en", "privacy.mydata_none").search(data["text"])


async def test_forget_in_the_middle_of_the_consent_question(world: World, world_file: Path) -> None:
    rana = world.phone("de")
    await rana.ask(f"{secret(rana)}?")
    await ask_for_consent(rana)
    await erase(rana)
    await everything_forgotten(world_file, str(rana.user))
