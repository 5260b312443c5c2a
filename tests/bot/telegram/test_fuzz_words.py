"""What people write reaches whom it is for as they wrote it: nothing of it is a command, a link or a fault to anybody.

Every way in that takes words, each with everything nasty (`NASTY`): genuine updates of the simulator are spoilt on
the way, and what goes out is sent to it, which refuses what Telegram would refuse.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.app import assemble
from bot.storage.models import Base, Case, CaseMessage, Staff
from bot.telegram.wellformed import clean
from tests.bot.conftest import GROUP, make_settings, read_content
from tests.bot.telegram.conftest import ANNA, RANA, running
from tests.bot.telegram.fuzzing import MARK, MORE, NASTY, PROCESSED, Bench, complaints
from tests.conftest import Clock, Templates
from tests.simulator.conftest import Control

BYSTANDER, STRANGER = 1002, 6666
NUMBERS = itertools.count(10**15)
FORMATTING = {"text_link", "text_mention", "bold", "italic", "code", "pre"}


@pytest_asyncio.fixture
async def bench(
    templates: Templates, postgresql: str, simulator_url: str, control: Control, clock: Clock
) -> AsyncIterator[Bench]:
    """The bot on PostgreSQL, which refuses more than SQLite does; Rana and somebody else have a case each."""
    given = make_settings(database_url=await templates.postgresql(postgresql), telegram_api_url=simulator_url,
                          rasa_url="http://127.0.0.1:9", messages_per_minute=10**6)  # fmt: skip
    async with assemble(given, clock, read_content()) as app, running(app):
        async with app.database.write() as session:
            session.add(Staff(telegram_id=ANNA, name="Frau A."))
        bench = Bench(app, control)
        await bench.does("member", user=STRANGER, status="member", name="Jemand")
        for person in (RANA, BYSTANDER):
            await bench.does("message", user=person, text="/human", language_code="de")
            await bench.feed()
            await settled(bench)
            await press(bench, person, "consent")
        await settled(bench)
        yield bench


async def press(bench: Bench, person: int, name: str) -> None:
    """Press the newest button with this name, the first of its kind."""
    for message in reversed(await bench.control.get(f"chat/{person}")):
        for button in (one for row in message["buttons"] for one in row):
            if button["data"].startswith(name + ":"):
                await bench.does("press", user=person, message_id=message["message_id"], data=button["data"])
                return await bench.feed()
    raise AssertionError(f"no button {name}")


async def settled(bench: Bench) -> None:
    """Wait until everything has gone out; nothing may have been refused."""
    bench.app.outbox.wake()
    for _ in range(600):
        rows = await bench.waiting()
        if all(row.state not in {"pending", "sending"} for row in rows):
            assert [(row.kind, row.method, row.error) for row in rows if row.state == "failed"] == []
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"still waiting: {[(row.kind, row.method, row.error) for row in rows if row.state != 'sent']}")


async def write(bench: Bench, **fields: Any) -> None:
    await bench.does("message", **{"user": RANA, **fields})


async def said_to(bench: Bench, chat: int) -> list[dict[str, Any]]:
    return [one for one in await bench.control.get(f"chat/{chat}") if one["from"] == "bot" and not one["deleted"]]


async def topic(bench: Bench, case: int = 1) -> int:
    async with bench.app.database.read() as session:
        return int(await session.scalar(select(Case.thread_id).where(Case.id == case)) or 0)


async def an_edit(bench: Bench) -> None:
    sent = await bench.does("message", user=RANA, text="vorher")
    await bench.feed()
    await bench.does("edit", user=RANA, message_id=sent["message_id"], text=MARK)


async def a_press(bench: Bench) -> None:
    await bench.does("press", user=RANA, message_id=1, data=MARK, stale=True)


async def an_album(bench: Bench) -> None:
    await bench.does("album", user=RANA, items=["photo", "photo"], caption=MARK)


async def in_topic(bench: Bench, **fields: Any) -> None:
    await bench.does("message", **{"user": STRANGER, "chat": GROUP, "topic": await topic(bench), **fields})


OF_PEOPLE: dict[str, Callable[[Bench], Any]] = {
    "a message": lambda bench: write(bench, text=MARK),
    "a caption": lambda bench: write(bench, photo=True, caption=MARK),
    "an edit": an_edit,
    "a file's name": lambda bench: write(bench, document=True, file_name=MARK),
    "a contact's name": lambda bench: write(bench, contact=True, name=MARK),
    "an album": an_album,
    "a link's payload": lambda bench: write(bench, text=f"/start {MARK}"),
    "a command": lambda bench: write(bench, text=f"/{MARK}"),
    "a button": a_press,
    "words for the picker": lambda bench: types(bench, STRANGER, "private"),
}
OF_STAFF: dict[str, Callable[[Bench], Any]] = {
    "to a person": lambda bench: in_topic(bench, user=ANNA, text=MARK),
    "a caption": lambda bench: in_topic(bench, user=ANNA, photo=True, caption=MARK),
    "a note": lambda bench: in_topic(bench, user=ANNA, text=f"// {MARK}"),
    "a command": lambda bench: in_topic(bench, user=ANNA, text=f"/suche {MARK}"),
    "words for the picker": lambda bench: types(bench, ANNA, "supergroup"),
}
"""Everything that takes words in Telegram, each written so that the mark stands where the words go."""
SEEN_BY_THEMSELVES = {"words for the picker", "a note"}
"""What is shown elsewhere, or stands where it was written."""


def pairs(ways: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The first three ways with everything, the others with every second of it, unless more is wanted."""
    for number, way in enumerate(ways):
        chosen = list(NASTY.values())
        yield from ((way, nasty) for nasty in (chosen if number < 3 or MORE > 1 else chosen[number % 2 :: 2]))


@pytest.mark.parametrize("ways", [OF_PEOPLE, OF_STAFF], ids=["people", "staff"])
async def test_nothing_nasty_gets_anywhere(
    bench: Bench, caplog: pytest.LogCaptureFixture, clock: Clock, ways: dict[str, Callable[[Bench], Any]]
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    others = await said_to(bench, BYSTANDER)
    for way, nasty in pairs(ways):
        before = await bench.count()
        await ways[way](bench)
        await bench.feed(*await bench.genuine(), nasty=nasty)
        clock.forward(seconds=5)  # nobody writes as fast as that
        if way not in SEEN_BY_THEMSELVES:
            assert await bench.count() > before, f"silence after {way}: {nasty[:40]!r}"
    await settled(bench)
    assert set((await bench.outcomes()).values()) <= PROCESSED
    texts = [part for nasty in NASTY.values() for part in (clean(nasty)[:200], nasty[:200])]
    assert complaints(caplog.records, *texts) == []
    assert await said_to(bench, BYSTANDER) == others
    assert {row.chat_id for row in await bench.waiting()} <= {RANA, BYSTANDER, GROUP, None}
    await everything_is_there(bench)


async def types(bench: Bench, user: int, chat_type: str) -> None:
    """Somebody types for the picker; not in the simulator, which answers the same words only once."""
    number, sender = next(NUMBERS), {"id": user, "is_bot": False, "first_name": MARK}
    query = {"id": str(number), "from": sender, "query": MARK, "offset": "", "chat_type": chat_type}
    bench.forged.append({"update_id": number, "inline_query": query})


async def everything_is_there(bench: Bench) -> None:
    """No table was dropped, and both cases are as open as they were."""
    async with bench.app.database.read() as session:
        for table in Base.metadata.tables.values():
            await session.scalar(select(func.count()).select_from(table))
        assert len((await session.scalars(select(Case).where(Case.person_id.is_not(None)))).all()) == 2


async def test_words_stand_in_the_topic_as_they_were_written(bench: Bench) -> None:
    """What looks like HTML, Markdown or a template is shown, not followed."""
    literal = [clean(NASTY[name]) for name in ("html", "markdown", "sql", "template", "formula", "bidi controls")]
    for text in literal:
        await bench.does("message", user=RANA, text=MARK)
        await bench.feed(*await bench.genuine(), nasty=text)
    await settled(bench)
    thread = await topic(bench)
    shown = await bench.control.get(f"chat/{GROUP}?topic={thread}")
    for text in literal:
        found = [one for one in shown if text in one["text"]]
        assert found, f"{text!r} is not in {[one['text'] for one in shown]}"
        at = found[0]["text"].index(text)
        end = at + len(text)
        marked = [one for one in found[0]["entities"] if one["type"] in FORMATTING and at < one["offset"] < end]
        assert marked == [], "what a person wrote became formatting"


FORGED: tuple[dict[str, Any], ...] = (
    {"user": STRANGER, "text": "Bitte überweisen Sie 50 Euro."}, {"user": STRANGER, "text": "/fertig"},
    {"user": STRANGER, "text": "/done"}, {"user": STRANGER, "photo": True, "caption": "Rechnung"},
    {"user": ANNA, "text": "Im Namen der Gruppe", "anonymous": True},
)  # fmt: skip


async def test_e12_nobody_who_is_not_of_the_office_speaks_to_a_person(bench: Bench) -> None:
    """Invariant 13: neither who is in the group without being staff, nor an anonymous admin, nor who has left."""
    heard, case = await said_to(bench, RANA), await the_case(bench)
    for forged in FORGED:
        await in_topic(bench, **forged)
        await bench.feed()
    await in_topic(bench, user=ANNA, text="Noch ein Wort")
    written = await bench.genuine()
    await bench.does("member", user=ANNA, status="left")
    await bench.feed(*written)
    await settled(bench)
    assert await said_to(bench, RANA) == heard
    assert await the_case(bench) == case
    assert [one for one in await kept(bench) if one.author == "staff"] == []


OF_CASES = ("consent", "withdraw", "solved", "addto", "same", "referral")
OF_OFFICE = ("take", "takeover", "release", "done", "keep", "give", "held", "erase")


async def test_a_button_of_somebody_elses_case_is_refused(bench: Bench) -> None:
    """Callback data can be forged: the case and its version do not open another person's case, nor staff's deeds."""
    others, case, mine = await said_to(bench, BYSTANDER), await the_case(bench, 2), await the_case(bench)
    assert case is not None
    shown = (await said_to(bench, RANA))[-1]
    for name, more in itertools.product(OF_CASES + OF_OFFICE, ("yes", "no", "founding", "24")):
        data = ":".join((name, "2", str(case[1]), more))
        await bench.does("press", user=RANA, message_id=shown["message_id"], data=data, stale=True)
    await bench.feed()
    await settled(bench)
    assert await said_to(bench, BYSTANDER) == others
    assert (await the_case(bench, 2), await the_case(bench)) == (case, mine)


async def test_a_button_of_the_group_is_nothing_to_a_stranger(bench: Bench) -> None:
    cases = await the_case(bench), await the_case(bench, 2)
    assert cases[0] is not None
    head = next(one for one in await bench.control.get(f"chat/{GROUP}?topic={await topic(bench)}") if one["buttons"])
    for name, more in itertools.product(OF_OFFICE, ("", ":24", ":2")):
        data = f"{name}:1:{cases[0][1]}{more}"
        await bench.does("press", user=STRANGER, chat=GROUP, message_id=head["message_id"], data=data, stale=True)
    await bench.feed()
    for data in (":::", "ask:../../x", "forget:yes", "words:٣", "words:²", "rate:yes:a:b:c", "x" * 64):
        await bench.does("press", user=BYSTANDER, message_id=1, data=data, stale=True)
        await bench.does("press", user=STRANGER, chat=GROUP, message_id=head["message_id"], data=data, stale=True)
    forgetting, *rest = [one for one in await bench.genuine() if one["callback_query"]["data"] == "forget:yes"]
    assert await the_case(bench) == cases[0]
    await bench.feed(*rest)
    assert (await the_case(bench), await the_case(bench, 2)) == cases
    assert forgetting["callback_query"]["from"]["id"] == BYSTANDER
    assert set((await bench.outcomes()).values()) <= PROCESSED


async def the_case(bench: Bench, number: int = 1) -> tuple[Any, ...] | None:
    async with bench.app.database.read() as session:
        case = await session.get(Case, number)
    return (case.state, case.version, case.owner_id) if case is not None else None


async def kept(bench: Bench) -> list[CaseMessage]:
    async with bench.app.database.read() as session:
        return list(await session.scalars(select(CaseMessage)))
