"""What the sender mends: topics that staff deleted or closed, messages that are gone or too long, broken tags."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.storage import persons
from bot.storage.models import Case, CaseMessage, Person
from bot.telegram.staffchat import StaffChat
from tests.bot.conftest import GROUP
from tests.bot.telegram.conftest import RANA, PostOffice
from tests.simulator.conftest import Control


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: these are Telegram's moods."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


async def test_a_deleted_topic_is_made_again_with_header_and_the_message_sent_again(
    office: PostOffice, control: Control
) -> None:
    before = office.case.thread_id
    await control.post("topic", topic=before, action="delete")
    await office.post("wichtig", to=None)
    await office.settled()
    after = (await office.reload()).thread_id
    assert after not in {before, None}
    texts = await office.arrived(GROUP, topic=after)
    assert texts.count("wichtig") == 1
    assert len([text for text in texts if "W-0001" in text]) == 1
    assert len(await control.get("topics")) == 2


async def test_a_case_whose_topic_was_in_another_group_gets_one_with_header_and_history(office: PostOffice) -> None:
    await office.relay("Wir sind 30 Leute", by_staff=False)
    await office.settled()
    before = office.case.thread_id
    await StaffChat.load(office.app.database, GROUP - 7)
    await office.post("Kopf", to=None, kind="header", method="editMessageText")
    await office.settled()
    assert (await office.reload()).thread_id is None, "a new state of the header alone is no reason for a topic"
    await office.post("wichtig", to=None)
    rows = await office.settled()
    assert {row.state for row in rows} == {"sent"}
    assert (await office.reload()).thread_id not in {before, None}
    texts = "\n".join(await office.arrived(GROUP, topic=office.case.thread_id))
    assert [texts.count(one) for one in ("wichtig", "W-0001", "Wir sind 30 Leute")] == [1, 1, 1]


async def test_a_message_that_telegram_put_into_general_is_taken_back_and_sent_to_its_topic(
    office: PostOffice, control: Control
) -> None:
    await control.post("fault", method="sendMessage", thread_ignored=True)
    await office.post("geheim", to=None)
    await office.settled()
    assert await office.arrived(GROUP, topic=0) == []
    assert "geheim" in await office.arrived(GROUP, topic=(await office.reload()).thread_id)


async def test_a_closed_topic_is_reopened(office: PostOffice, control: Control) -> None:
    await control.post("topic", topic=office.case.thread_id, action="close")
    await office.post("wichtig", to=None)
    await office.settled()
    assert "wichtig" in await office.arrived(GROUP, topic=office.case.thread_id)
    assert (await control.get("topics"))[0]["closed"] is False


@pytest.mark.parametrize("error", [400, 500])
async def test_if_reopening_fails_the_message_is_neither_lost_nor_stuck(
    office: PostOffice, control: Control, error: int, caplog: pytest.LogCaptureFixture
) -> None:
    await control.post("topic", topic=office.case.thread_id, action="close")
    await control.post("fault", method="reopenForumTopic", error=error)
    await office.post("wichtig", to=None)
    await asyncio.sleep(0.3)
    office.clock.forward(seconds=10)
    await office.settled()
    assert "wichtig" in await office.arrived(GROUP, topic=office.case.thread_id)


async def test_a_topic_that_was_being_made_while_its_person_was_erased_is_deleted(
    office: PostOffice, control: Control
) -> None:
    async with office.app.database.write() as session:
        (await session.get_one(Case, office.case.id)).thread_id = None
    await office.reload()
    await control.post("fault", method="createForumTopic", delay=0.5)
    await office.post("header", to=None, kind="new_header")
    await asyncio.sleep(0.2)
    async with office.app.database.write() as session:
        case = await session.get_one(Case, office.case.id)
        person = await session.get_one(Person, case.person_id)
        await persons.erase_texts(session, case)
        await session.flush()
        await persons.erase_person(session, person)
    assert len(await control.get("topics")) == 1
    await asyncio.sleep(0.5)
    await office.settled()
    assert [topic["deleted"] for topic in await control.get("topics")] == [False, True], "the first one we just forgot"


async def test_an_edit_that_changes_nothing_counts_as_sent(office: PostOffice) -> None:
    await office.post("gleich")
    (row,) = [row for row in await office.settled() if row.chat_id == RANA]
    await office.post("gleich", method="editMessageText", payload={"message_id": row.message_id})
    assert (await office.settled())[-1].state == "sent"
    assert await office.arrived() == ["gleich"]


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_message(office: PostOffice) -> None:
    await office.post("neu", method="editMessageText", payload={"message_id": 4711})
    await office.settled()
    assert await office.arrived() == ["neu"]


async def test_a_header_that_staff_deleted_is_posted_again_and_kept_up_to_date(
    office: PostOffice, control: Control
) -> None:
    async with office.app.database.write() as session:
        case = await session.get(Case, office.case.id)
        assert case is not None
        case.header_message_id = 4711
    for text in ("Kopf 1", "Kopf 2"):
        await office.post(text, to=None, kind="header", method="editMessageText")
        await office.settled()
    assert await office.arrived(GROUP, topic=office.case.thread_id) == ["header", "Kopf 2"]


async def test_tags_that_telegram_cannot_read_are_left_out_and_the_words_arrive(office: PostOffice) -> None:
    await office.post("<b>Hallo <u>Rana</b> &amp; alle")
    await office.settled()
    assert await office.arrived() == ["Hallo Rana & alle"]


@pytest.mark.parametrize("by_staff", [True, False])
async def test_the_longest_message_there_is_reaches_the_other_side_whole(office: PostOffice, *, by_staff: bool) -> None:
    words = ("ä<&" * 1400)[:4096]
    await office.relay(words, by_staff=by_staff)
    await office.settled()
    texts = await office.arrived() if by_staff else await office.arrived(GROUP, topic=office.case.thread_id)
    assert "".join(texts).replace("\n", "").endswith(words)


@pytest.mark.parametrize("by_staff", [True, False])
async def test_a_delivered_message_is_confirmed_to_its_writer_by_a_reaction(
    office: PostOffice, control: Control, *, by_staff: bool
) -> None:
    written = await office.relay("Guten Tag", by_staff=by_staff)
    await office.settled()
    messages = await control.get(f"chat/{GROUP if by_staff else RANA}")
    (own,) = [one for one in messages if one["message_id"] == written]
    assert "👌" in str(own["reactions"])


async def test_a_picture_is_copied_and_its_copy_is_known(office: PostOffice, control: Control) -> None:
    await office.relay("unser Saal", by_staff=False, media="photo")
    await office.settled()
    assert "unser Saal" in str(await control.get(f"chat/{GROUP}?topic={office.case.thread_id}"))
    async with office.app.database.read() as session:
        kept = await session.get(CaseMessage, 1)
    assert kept is not None
    assert kept.copy_message_id is not None
