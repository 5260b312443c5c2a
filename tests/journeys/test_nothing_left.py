"""A word is planted through every door; after /forget it stands nowhere: in no table, file, log or dump."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text

from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.models import Base
from tests import libretranslate
from tests.journeys.conftest import World, a_world
from tests.journeys.office import Case, ask_for_consent, consent
from tests.journeys.phone import Phone, eventually
from tests.journeys.test_rights import erase, secret
from tests.journeys.walk import begin

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

DOORS = {
    ("exchange", "question"), ("exchange", "file"), ("flow_run", "slots"), ("case_message", "text"),
    ("case_message", "was"), ("case_message", "translation"), ("case_message", "file_name"),
    ("audit", "detail"), ("handoff_case", "summary"),
}  # fmt: skip
"""Where the word must have got to, or the search afterwards proves little."""


@dataclass
class Office:
    """A running bot, and all that it leaves anywhere."""

    world: World
    url: str
    folder: Path

    async def told(self, *needles: str) -> set[tuple[str, str]]:
        """Table and column of every value that holds one of the needles."""
        database = Database(self.url)
        found = set()
        async with database.read() as session:
            for name in Base.metadata.tables:
                rows = (await session.execute(text(f'SELECT * FROM "{name}"'))).mappings().all()
                found |= {(name, column) for row in rows for column, value in row.items()
                          if any(one in str(value) for one in needles)}  # fmt: skip
        await database.close()
        return found

    def holding(self, word: str) -> list[str]:
        """Files that hold the word as bytes, and the dump of a PostgreSQL database."""
        files = [file for place in (self.folder, ROOT / "var") for file in place.rglob("*")
                 if file.is_file() and (place == self.folder or file.suffix in {".log", ".erased"})]  # fmt: skip
        found = [file.name for file in files if word.encode() in file.read_bytes()]
        return found + (["dump"] if word.encode() in self._dump() else [])

    def _dump(self) -> bytes:
        url = make_url(self.url)
        if url.get_backend_name() == "sqlite":
            return b""
        place = ("-h", str(url.host), "-p", str(url.port), "-U", str(url.username), str(url.database))
        return subprocess.run(["pg_dump", *place], check=True, capture_output=True).stdout


@pytest_asyncio.fixture(loop_scope="session")
async def office(rasa_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A bot of its own with all it has to say in a file, on each kind of database; a machine translates."""
    with libretranslate.running() as translator:
        settings = {"LOG_LEVEL": "DEBUG", "TRANSLATION_URL": translator.url}
        async with a_world(rasa_url, database_url, tmp_path, **settings) as world:
            yield Office(world, database_url, tmp_path)


async def before_the_case(person: Phone) -> None:
    """The person's name, questions, a picture, a file, an answer in a flow, an edit.

    Where the word alone decides what is understood, its number does too, and with it whether the text is kept at all.
    What the question is changed to is surely about the founding, whatever the number.
    """
    word = secret(person)
    asked = await person.send(f"{word} hakkında bir şey", name=word)
    await person.next_from_bot(asked)
    await person.ask(photo=True, caption=f"Bu {word}")
    await person.ask(document=True, file_name=f"{word}.pdf")
    await person.edit(asked, f"Dernek kurmak istiyoruz, ne yapmamız lazım? {word}")
    await person.next_from_bot((await person.messages())[-1]["message_id"] - 1)
    walk = await begin(person, "room_request", "purpose")
    await walk.write(f"{word} kutlaması", "people")


async def in_the_case(case: Case) -> None:
    """Messages of both sides, quoted, noted, changed, translated; a reason, and how it ended."""
    word = secret(case.person)
    written = await case.person.send(f"Konu {word}.")
    await case.person.delivered(written)
    await case.person.edit(written, f"Konu artık {word}!")
    await case.person.delivered(await case.person.send(document=True, file_name=f"{word}.pdf", caption=word))
    await case.frau_a.send(f"// {word}, soso")
    answer = await case.frau_a.send(f"Was ist mit {word}?")
    await case.frau_a.delivered(answer)
    await case.frau_a.edit(answer, f"Was ist denn mit {word}?")
    await case.person.sees(f"Was ist denn mit {word}?")
    await case.frau_a.reads("desk.muted", after=await case.frau_a.send(f"/stumm 1 {word}"))
    await case.frau_a.send(f"/fertig {word}")
    await case.person.reads("handoff.solved_question")


@pytest.mark.timeout(180)
async def test_after_forget_the_word_stands_nowhere(office: Office) -> None:
    person = office.world.phone("tr")
    word = secret(person)
    await before_the_case(person)
    case = await (await consent(office.world, person, await ask_for_consent(person))).taken()
    await in_the_case(case)

    async def through_every_door() -> bool | None:
        return None if DOORS - await office.told(word) else True

    async def not_planted() -> str:
        return f"the word did not get to {DOORS - await office.told(word)}"

    await eventually(through_every_door, not_planted)
    assert office.holding(word)
    await erase(person)
    # What SQLite has freed stays in its log until a round of the timers; a restart begins with one.
    await asyncio.sleep(1)
    office.world.kill_bot()
    await office.world.restart_bot()

    async def gone() -> bool | None:
        return None if office.holding(word) or await office.told(word, str(person.user)) else True

    async def left() -> str:
        return f"still in {office.holding(word)}, told by {await office.told(word, str(person.user))}"

    await eventually(gone, left, patience=45)
