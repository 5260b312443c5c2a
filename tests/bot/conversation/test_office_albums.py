"""Albums and topics on the stage, on both kinds of database: what goes out together, what is held, what comes back."""

from __future__ import annotations

import pytest

from bot.conversation.incoming import FromStaff, StaffPresence, TopicClosed
from bot.conversation.office import group
from bot.conversation.office.members import presence_changed
from bot.storage.models import Audit, Case, CaseMessage, OutboxMessage, Staff
from bot.telegram.outbox import PARTS
from tests.bot.conftest import GROUP
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock


@pytest.fixture(autouse=True)
async def _a_taken_case(stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")


async def copying(stage: Stage) -> list[OutboxMessage]:
    return [row for row in await stage.all(OutboxMessage) if row.method == "copyMessages" and row.state == "pending"]


@pytest.mark.parametrize("by_staff", [False, True])
async def test_e38_the_parts_of_an_album_are_one_call_in_the_order_of_the_chat(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, *, by_staff: bool
) -> None:
    case = await stage.only_case()
    for message_id in (12, 11, 13):
        clock.forward(seconds=0.2)
        if by_staff:
            await anna.writes(case, None, media="photo", album="9", message_id=message_id)
        else:
            await rana.writes(None, media="photo", album="9", message_id=message_id)
    (row,) = await copying(stage)
    assert row.payload is not None
    assert row.payload["message_ids"] == [11, 12, 13]
    kept = {one.source_message_id: one.id for one in await stage.all(CaseMessage)}
    assert row.payload[PARTS] == [kept[11], kept[12], kept[13]]
    assert row.due_at > clock(), "the album waits for parts that may still come"
    assert row.chat_id == (rana.chat_id if by_staff else None)


async def test_e38_two_albums_are_two_calls(stage: Stage, rana: Visitor) -> None:
    for album in ("8", "8", "9", "9"):
        await rana.writes(None, media="photo", album=album)
    assert [len((row.payload or {})["message_ids"]) for row in await copying(stage)] == [2, 2]


async def test_e37_a_part_that_is_deleted_leaves_the_album_that_waits(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    case = await stage.only_case()
    for message_id in (21, 22):
        await anna.writes(case, None, media="photo", album="9", message_id=message_id)
    await anna.writes(case, "/löschen", reply_to=21)
    (row,) = await copying(stage)
    assert (row.payload or {})["message_ids"] == [22]


@pytest.mark.parametrize("way", ["join", "takeover", "note", "drop"])
async def test_e4_what_is_decided_about_a_held_album_holds_for_all_of_it(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague, way: str
) -> None:
    case = await stage.only_case()
    said = [(await bernd.writes(case, None, media="photo", album="9", message_id=id)).said for id in (31, 32, 33)]
    assert said == [["desk.held"], [], []]
    assert await copying(stage) == []
    first = (await stage.all(CaseMessage))[0]
    await bernd.presses(await stage.only_case(), "held", way, str(first.id))
    sent = [(row.payload or {})["message_ids"] for row in await copying(stage)]
    assert sent == ([[31, 32, 33]] if way in {"join", "takeover"} else [])
    authors = [one.author for one in await stage.all(CaseMessage)]
    assert authors == {"note": ["note"] * 3, "drop": []}.get(way, ["staff"] * 3)


async def test_a_held_message_can_be_corrected_and_made_a_note_before_it_is_sent(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    case = await stage.only_case()
    await bernd.writes(case, "Am Montag", message_id=41)
    assert (await bernd.writes(case, "Am Dienstag", message_id=41, edited=True)).said == []
    kept = (await stage.all(CaseMessage))[0]
    await bernd.presses(case, "held", "join", str(kept.id))
    told = await stage.on_its_way(rana.chat_id)
    assert "Am Dienstag" in told
    assert "Am Montag" not in told


@pytest.mark.parametrize(
    ("state", "asked"), [("CLAIMED", True), ("QUEUED", True), ("RESOLVED", False), ("CLOSED", False)]
)
async def test_e30_only_an_open_case_asks_when_its_topic_is_closed(stage: Stage, state: str, *, asked: bool) -> None:
    await stage.change(Case, state=state, owner_id=None if state == "QUEUED" else 1)
    case = await stage.only_case()
    closed = TopicClosed(sender=FromStaff(user_id=2001), chat_id=GROUP, message_id=5, thread_id=case.thread_id or 0)
    async with stage.database.write() as session:
        done = await group.respond(session, stage.parts, closed, is_member=True)
    assert [note.text.key for note in done.notes] == (["desk.closed_by_hand"] if asked else [])


async def change(stage: Stage, *, present: bool, moved: bool = True) -> int:
    """Somebody's standing in the group changes; how many cases went back."""
    async with stage.database.write() as session:
        turns = await presence_changed(session, stage.parts, StaffPresence(user_id=2001, present=present, moved=moved))
        for turn in turns:
            await stage.delivery.deliver(session, turn)
    return len(turns)


async def test_e11_who_leaves_gives_back_the_cases_they_owe_an_answer_and_keeps_none(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    assert await change(stage, present=False) == 1
    case = await stage.only_case()
    assert (case.state, case.owner_id) == ("QUEUED", None), "Herr B. is there"
    assert not next(one for one in await stage.all(Staff) if one.telegram_id == 2001).on_duty
    assert await change(stage, present=False) == 0
    assert [one.action for one in await stage.all(Audit)].count("left_group") == 1


async def test_e11_a_promotion_is_neither_coming_nor_going(stage: Stage, anna: Colleague) -> None:
    await stage.change(Staff, on_duty=False)
    assert await change(stage, present=True, moved=False) == 0
    assert not any(one.on_duty for one in await stage.all(Staff))
    assert await change(stage, present=True) == 0
    assert next(one for one in await stage.all(Staff) if one.telegram_id == 2001).on_duty


async def test_e39_a_word_of_the_office_ends_a_burst(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    for text in ("eins", "zwei"):
        await rana.writes(text)
    await anna.writes(await stage.only_case(), "Ja?")
    await rana.writes("drei")
    relayed = [row.payload or {} for row in await stage.all(OutboxMessage) if row.kind == "relay" and not row.chat_id]
    assert [one["disable_notification"] for one in relayed] == [False, True, False]
