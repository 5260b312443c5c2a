"""Files, albums and corrections between the person and the group, as both sides see them on Telegram."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.conversation import casework
from bot.conversation.office import deeds
from bot.storage import cases as stored
from bot.storage.models import CaseMessage, Staff, Upload
from tests.bot.telegram.whole import Whole, of_bot
from tests.journeys.phone import DELIVERED, Message, Phone

PHOTOS = ["photo", "photo", "photo"]


async def album(phone: Phone, caption: str = "", items: list[str] = PHOTOS) -> list[int]:
    """Send several files as one album; returns the ids."""
    place = {"topic": phone.topic} if phone.topic else {}
    sent = await phone.control("album", user=phone.user, chat=phone.chat, items=items, caption=caption, **place)
    return list(sent["message_ids"])


async def copies(phone: Phone, count: int) -> list[Message]:
    """Wait until the bot has posted so many files here."""
    await phone.until(lambda _: True)
    for _ in range(300):
        found = [one for one in of_bot(await phone.messages()) if one["media"]]
        if len(found) >= count:
            return found
        await asyncio.sleep(0.04)
    raise AssertionError(f"{len(found)} files instead of {count}")


@pytest.mark.parametrize("by_staff", [False, True])
async def test_e38_an_album_arrives_as_one_with_its_caption_once_and_one_confirmation(
    bot: Whole, *, by_staff: bool
) -> None:
    case = await (await bot.new_case()).taken()
    writer, reader = (case.frau_a, case.person) if by_staff else (case.person, case.frau_a)
    before = (await reader.messages())[-1]["message_id"]
    sent = await album(writer, "unser Fest")
    await writer.delivered(sent[0])
    found = [one for one in await copies(reader, 3) if one["message_id"] > before]
    assert [one["text"] for one in found] == ["unser Fest", "", ""]
    assert len({one["media_group_id"] for one in found}) == 1
    assert await bot.calls("copyMessages") == 1
    confirmed = [one["message_id"] for one in await writer.messages() if DELIVERED in str(one["reactions"])]
    assert [one for one in confirmed if one in sent] == sent[:1]
    parts = [one for one in await bot.rows(CaseMessage) if one.album]
    assert [one.copy_message_id for one in parts] == [one["message_id"] for one in found]


async def test_e38_an_album_marked_as_a_note_stays_inside_whole(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await album(case.frau_a, "// nur für uns")
    await case.frau_a.send("Guten Tag!")
    await case.person.sees("Guten Tag!")
    assert [one for one in await case.person.messages() if one["media"]] == []
    assert [one.author for one in await bot.rows(CaseMessage) if one.album] == ["note"] * 3


async def test_e38_a_mark_on_a_later_part_takes_back_the_first(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await case.frau_a.send(photo=True, media_group_id="77")
    await case.frau_a.send(photo=True, media_group_id="77", caption="// halt, intern")
    await case.frau_a.send("Guten Tag!")
    await case.person.sees("Guten Tag!")
    assert [one for one in await case.person.messages() if one["media"]] == []


async def test_e4_an_album_of_a_colleague_is_held_with_one_question_and_sent_as_one(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await album(case.herr_b, "unser Saal")
    asked = await case.herr_b.reads("desk.held")
    await asyncio.sleep(0.3)
    assert len([one for one in await case.herr_b.messages() if "join" in str(one["buttons"])]) == 1
    await case.herr_b.press(asked, "desk.button_join")
    found = await copies(case.person, 3)
    assert len({one["media_group_id"] for one in found}) == 1
    await case.herr_b.reads("desk.held_sent")
    assert "join" not in str([one["buttons"] for one in await case.herr_b.messages()])


async def test_e39_of_a_burst_only_the_first_message_rings_and_all_are_one_case(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    before = (await case.frau_a.messages())[-1]["message_id"]
    for number in range(12):
        await case.person.send(f"weitergeleitet {number}", forward=True)
    await case.frau_a.sees("weitergeleitet 11")
    relayed = [one for one in of_bot(await case.frau_a.messages(), before) if "weitergeleitet" in one["text"]]
    assert [one["silent"] for one in relayed] == [False] + [True] * 11
    assert len(await bot.topics()) == 1


async def test_e40_what_was_sent_before_consent_arrives_in_the_topic_after_it(bot: Whole) -> None:
    await bot.phone().send(photo=True)
    case = await bot.new_case()
    (copy,) = await copies(case.frau_a, 1)
    assert (copy["media"], copy["silent"]) == ("photo", True)
    await case.frau_a.sees("Ein Bild")
    (kept,) = await bot.rows(CaseMessage)
    assert (kept.author, kept.media, bool(kept.file_id)) == ("shared", "photo", True)


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "video", "audio", "sticker", "location", "contact"])
async def test_e40_every_kind_of_message_goes_both_ways(bot: Whole, kind: str) -> None:
    case = await (await bot.new_case()).taken()
    for writer, reader in ((case.person, case.frau_a), (case.frau_a, case.person)):
        file: dict[str, Any] = {kind: True}
        sent = await writer.send(**file)
        await writer.delivered(sent)
        assert [one["media"] for one in of_bot(await reader.messages()) if one["media"]] == [kind]
    kept = [one for one in await bot.rows(CaseMessage) if one.media]
    assert [one.media for one in kept] == [kind, kind]
    assert all(bool(one.file_id) is (kind not in {"location", "contact"}) for one in kept)


async def test_e41_a_file_that_cannot_be_passed_on_is_told_to_both_sides(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await bot.control("fault", method="copyMessage", error=400, description="Bad Request: message can't be copied")
    sent = await case.person.send(document=True, file_name="gross.zip", file_size=900_000_000)
    await case.person.reads("handoff.not_passed_on", after=sent)
    await case.frau_a.reads("desk.not_delivered", number=case.number)
    assert [one.failed for one in await bot.rows(CaseMessage)] == ["refused"]


async def test_e41_a_big_file_is_copied_without_being_fetched(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await case.person.delivered(await case.person.send(document=True, file_name="gross.zip", file_size=900_000_000))
    assert await bot.calls("getFile") == 0
    (kept,) = await bot.rows(CaseMessage)
    assert (kept.file_name, kept.file_size) == ("gross.zip", 900_000_000)


async def test_a_file_from_the_desk_reaches_the_person_and_the_topic_and_its_bytes_go(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    async with bot.app.database.write() as session:
        found = await stored.case_by_id(session, 1)
        assert found is not None
        turn = await casework.turn_for_case(session, bot.app.parts, found, bot.clock())
        staff = await session.get(Staff, 1)
        assert turn is not None
        assert staff is not None
        kept = CaseMessage(text="Das Formular", media="document", source_chat_id=0, source_message_id=0, kind="text",
                           file_name="Antrag.pdf", at=bot.clock())  # fmt: skip
        kept.case_id, kept.author = 1, "staff"
        session.add(kept)
        await session.flush()
        session.add(Upload(message_id=kept.id, data=b"%PDF-1.4 test"))
        await deeds.send(turn, staff, kept)
        await bot.app.delivery.deliver(session, turn)
    bot.app.outbox.wake()
    got = await case.person.until(lambda one: one["media"] == "document" and "Das Formular" in one["text"])
    shown = await case.frau_a.until(lambda one: one["media"] == "document")
    assert "Frau A." in got["text"]
    await case.frau_a.delivered(shown["message_id"])
    assert await bot.rows(Upload) == []
    (stored_message,) = await bot.rows(CaseMessage)
    assert stored_message.file_id
    assert stored_message.source_message_id == shown["message_id"]


async def test_e35_a_changed_caption_is_shown_old_and_new_at_the_file(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.person.send(photo=True, caption="Saal für 12")
    await case.person.delivered(sent)
    copy = await case.frau_a.until(lambda one: one["media"] == "photo")
    await case.person.edit(sent, "Saal für 21")
    changed = await case.frau_a.reads("desk.person_edited")
    assert "Saal für 12" in changed["text"]
    assert "Saal für 21" in changed["text"]
    assert changed["reply_to"] == copy["message_id"]


async def test_e37_a_changed_caption_of_staff_is_changed_on_the_phone(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.frau_a.send(document=True, caption="bis Montag")
    await case.frau_a.delivered(sent)
    await case.frau_a.edit(sent, "bis Dienstag")
    await case.person.until(lambda one: one["media"] == "document" and one["text"] == "bis Dienstag")


async def test_e37_a_deleted_message_goes_from_phone_and_topic(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.frau_a.send("Das war für jemand anderen")
    await case.frau_a.delivered(sent)
    await case.frau_a.send("/löschen", reply_to=sent)
    await case.frau_a.reads("desk.deleted")
    await bot.becomes(lambda: _gone(case.person), "the copy is still there")
    await bot.becomes(lambda: _gone(case.frau_a), "the original is still there")


async def _gone(phone: Phone) -> bool:
    return "jemand anderen" not in str(await phone.messages())


async def test_e59_a_message_of_the_person_is_erased_from_the_group(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await case.person.delivered(await case.person.send("Das ging an jemand anderen"))
    copy = await case.frau_a.sees("jemand anderen")
    await case.frau_a.send("/delete", reply_to=copy["message_id"])
    await case.frau_a.press(await case.frau_a.reads("desk.erase_question"), "desk.button_erase")
    await bot.becomes(lambda: _gone(case.frau_a), "the copy is still there")
    assert [one.text for one in await bot.rows(CaseMessage)] == [None]


async def test_e53_a_translation_that_comes_later_changes_the_copy_and_never_the_header(bot: Whole) -> None:
    case = await (await bot.new_case("tr")).taken()
    await case.person.delivered(await case.person.send("Bir salon arıyoruz"))
    header = await case.header("claimed")
    async with bot.app.database.write() as session:
        found = await stored.case_by_id(session, 1)
        kept = await session.get(CaseMessage, 1)
        assert found is not None
        assert kept is not None
        kept.translation, kept.translation_state = "Wir suchen einen Saal", "made"
        turn = await casework.turn_for_case(session, bot.app.parts, found, bot.clock())
        assert turn is not None
        await bot.app.delivery._room._relayer.correct(session, found, kept.id, turn.person)
    bot.app.outbox.wake()
    copy = await case.frau_a.sees("Wir suchen einen Saal")
    assert "Bir salon" in copy["text"]
    assert copy["message_id"] != header["message_id"]
    assert (await case.header("claimed"))["message_id"] == header["message_id"]
