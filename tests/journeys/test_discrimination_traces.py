"""A word is planted wherever the flow lets somebody write, and looked for everywhere once the flow has ended."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.processes import COMPILED, QUIET, RASA_PYTHON, RASA_TOKEN, Child, family, free_port, rasa_token
from bot.settings import ROOT
from tests.journeys.conftest import ACTIONS_PORT, World, a_world
from tests.journeys.office import ask_for_consent
from tests.journeys.phone import Message, Phone, eventually
from tests.journeys.test_discrimination_support import FLOW, asked, wish
from tests.journeys.test_rights import secret
from tests.journeys.walk import Walk
from tests.journeys.words import PHRASES

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

SAYS_NOTHING = {
    "person": ("seen_at", "misses"),
    "exchange": ("id", "person_id", "at"),
    "inbox": ("update_id", "lane", "received_at", "attempts", "done_at", "outcome"),
    "outbox": ("id", "lane", "kind", "chat_id", "method", "state", "uncertain", "attempts", "due_at", "created_at",
               "sent_at", "message_id", "trace", "asked_at"),
    "visit": ("who", "week", "language"), "visit_salt": ("week", "salt"),
}  # fmt: skip
"""Columns that say that somebody wrote or was written to, and when; not about what."""


@dataclass
class Office:
    """A world of its own with everything that it writes down: the database's files, the bot's log, Rasa's log."""

    world: World
    file: Path
    rasa_log: Path

    def tells(self) -> set[tuple[str, str, str]]:
        """What the tables say about anybody: table, column and value; counters, numbers and times aside."""
        database = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        told = {
            (name, column, str(value))
            for name in names if name not in ("counter", "sqlite_sequence")
            for row in database.execute(f'SELECT * FROM "{name}"')
            for column, value in dict(row).items()
            if column not in SAYS_NOTHING.get(name, ()) and value not in (None, "")
        }  # fmt: skip
        database.close()
        return told

    def holding(self, word: str) -> list[str]:
        """The files that hold the word as bytes, whatever table or freed page it stands in."""
        kept = [*self.file.parent.glob("bot.db*"), self.world.log, self.rasa_log]
        return [file.name for file in kept if word.encode() in file.read_bytes()]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Rasa and bot of their own, both with all they have to say in a file."""
    folder = tmp_path_factory.mktemp("confidential")
    rasa_log, port = folder / "rasa.log", free_port()
    env = {**os.environ, **COMPILED, **QUIET, RASA_TOKEN: rasa_token(),
           "ACTIONS_URL": f"http://127.0.0.1:{ACTIONS_PORT}/webhook"}  # fmt: skip
    async with family() as members:
        with rasa_log.open("wb") as log:
            rasa = await asyncio.create_subprocess_exec(
                str(RASA_PYTHON), "-m", "nlu.serve", "--port", str(port), cwd=ROOT, start_new_session=True,
                stdout=log, stderr=log, env=env,
            )  # fmt: skip
        members.children.append(Child("Rasa", rasa))
        url = f"http://127.0.0.1:{port}"
        await members.children[-1].answers(f"{url}/status")
        file = folder / "bot.db"
        async with a_world(url, f"sqlite+aiosqlite:///{file}", folder, LOG_LEVEL="DEBUG") as world:
            yield Office(world, file, rasa_log)


async def plant(walk: Walk) -> None:
    """Write the word where the open question waits: under a photo, as an answer, as an edit."""
    phone, word = walk.phone, secret(walk.phone)
    await phone.ask(photo=True, caption=f"Das ist {word}")
    sent = await phone.send(f"Herr {word} hat mich beleidigt")
    await phone.next_from_bot(sent)
    walk.message = await open_question(walk)
    await phone.edit(sent, f"{word} war es")
    await phone.next_from_bot(walk.message["message_id"])
    walk.message = await open_question(walk)


async def planted(rana: Phone) -> Walk:
    """Somebody writes the word at every question, asks something with it in between, and comes to the summary."""
    walk = await asked(rana)
    for choice, then in (("no", "area"), ("work", "since"), (None, "wish"), ("person", "check")):
        await plant(walk)
        await (walk.choose(choice, then) if choice else walk.press("flow.skip", then))
    await plant(walk)
    for question in ("{}! Welche Beweise soll ich sammeln?", "Wie viele Mitglieder brauchen wir für einen Verein, {}?"):
        await rana.reads("answer.as_of", after=await rana.send(question.format(secret(rana))))
    walk.message = await open_question(walk)
    return walk


async def open_question(walk: Walk) -> Message:
    """The newest message of the bot, as soon as it is the one with the open question."""

    async def look() -> Message | None:
        newest = (await walk.phone.messages())[-1]
        return newest if f":{walk.at}" in str(newest["buttons"]) else None

    async def failed() -> str:
        return f"the question for {walk.at} did not come back"

    return await eventually(look, failed)


async def by_result(walk: Walk) -> None:
    """See what the flow leads to, without a person."""
    walk.message = await walk.press("flow.back", "wish")
    await wish(walk, "counselling")
    await walk.phone.reads(f"{FLOW}.limit_unknown")


async def by_stopping(walk: Walk) -> None:
    """Stop at the last question."""
    await walk.phone.press(walk.message, "flow.stop")
    await walk.phone.reads("flow.stopped_erased")


async def by_declining(walk: Walk) -> None:
    """Ask for a person, and do not agree to what would be shared."""
    await walk.tap(PHRASES.say("de", f"{FLOW}.check_yes"))
    await walk.phone.press(await walk.phone.reads("handoff.consent"), "button.consent_no")
    await walk.phone.reads("handoff.declined")


async def by_declining_in_the_middle(walk: Walk) -> None:
    """Ask for a person with the question open, do not agree, and do not go on."""
    await walk.phone.press(await ask_for_consent(walk.phone), "button.consent_no")
    offer = await walk.phone.reads("flow.continue_offer")
    await walk.phone.press(offer, "flow.erase")
    await walk.phone.reads("flow.erased")


async def test_the_search_finds_what_is_kept(office: Office) -> None:
    rana = office.world.phone("de")
    before = office.tells()
    await rana.ask(f"Wie viele Mitglieder brauchen wir für einen Verein, {secret(rana)}?")
    assert {("exchange", "entry_id", "founding.members_needed")} < office.tells() - before
    assert any(file.startswith("bot.db") for file in office.holding(secret(rana)))


ENDS = (by_result, by_stopping, by_declining, by_declining_in_the_middle)


@dataclass
class Played:
    """Who ended the flow in which way, and what the tables told before."""

    phones: dict[str, Phone]
    before: set[tuple[str, str, str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def played(office: Office) -> Played:
    """Every way to end the flow, at the same time; then the bot dies and comes back.

    What SQLite has freed stays in its log until a round of the timers; a restart begins with one.
    """
    phones = {ends.__name__: office.world.phone("de") for ends in ENDS}
    await asyncio.gather(*(phone.ask("/start") for phone in phones.values()))
    before = office.tells()

    async def play(ends: Callable[[Walk], Awaitable[None]]) -> None:
        await ends(await planted(phones[ends.__name__]))

    await asyncio.gather(*map(play, ENDS))
    office.world.kill_bot()
    await office.world.restart_bot()
    return Played(phones, before)


@pytest.mark.parametrize("ends", [ends.__name__ for ends in ENDS])
async def test_nothing_that_was_written_remains_but_an_anonymous_count(
    office: Office, played: Played, ends: str
) -> None:
    word = secret(played.phones[ends])

    async def look() -> bool | None:
        return None if office.holding(word) or office.tells() - played.before else True

    async def failed() -> str:
        return f"still to be read in {office.holding(word)}, or told by {office.tells() - played.before}"

    await eventually(look, failed)
