"""What is corrected or taken back, on the person's phone and in the topic, as both sides see it on Telegram."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.office import deeds
from bot.conversation.replies import CaseStep
from bot.conversation.turn import Turn
from bot.desk.cases.doing import new_message
from bot.handoff.effects import EditRelayed
from bot.storage.models import CaseMessage, OutboxMessage, Staff
from tests.bot.telegram.whole import Whole, of_bot
from tests.journeys.office import Case
from tests.journeys.phone import Phone

TOO_OLD = {"method": "deleteMessage", "error": 400, "description": "Bad Request: message can't be deleted"}
LONG = " ".join(f"Saal{number}" for number in range(499))
"""One message of the bot; with a translation two."""
LONGER = f"{LONG} {LONG[:180]}"
"""One message of a person; with what stands above it two of the bot."""


async def holds(phone: Phone, words: str) -> bool:
    return words in str(await phone.messages())


async def loses(bot: Whole, phone: Phone, words: str) -> None:
    async def without() -> bool:
        return not await holds(phone, words)

    await bot.becomes(without, f"{words!r} is still there")


async def erases(case: Case, shown: int) -> None:
    """Frau A. deletes what stands under this id, at the person's wish."""
    asked = await case.frau_a.reads("desk.erase_question", after=await case.frau_a.send("/delete", reply_to=shown))
    await case.frau_a.press(asked, "desk.button_erase")


async def settled(bot: Whole) -> None:
    async def nothing_waits() -> bool:
        return all(row.state not in {"pending", "sending"} for row in await bot.rows(OutboxMessage))

    await bot.becomes(nothing_waits, "something still waits")


async def at_desk(bot: Whole, deed: Any, message: CaseMessage, *more: str) -> None:
    """Frau A. does something to a message at the desk."""

    async def does(turn: Turn, staff: Staff) -> None:
        kept = await turn.session.get(CaseMessage, message.id) if message.id else message
        await deed(turn, staff, kept, *more)

    await bot.at_desk(does)


async def translated(bot: Whole, translation: str) -> None:
    """A translation of the newest message comes, as from the service."""
    (*_, newest) = await bot.rows(CaseMessage)

    async def comes(turn: Turn, staff: Staff) -> None:
        kept = await turn.session.get_one(CaseMessage, newest.id)
        kept.translation, kept.translation_state = translation, "made"
        turn.items.append(CaseStep(deeds.case_of(turn), (EditRelayed(kept.id),)))

    await bot.at_desk(comes)


@pytest.mark.parametrize("newest", [False, True])
async def test_e59_of_a_changed_message_nothing_stays_whichever_line_is_answered(bot: Whole, *, newest: bool) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.person.send("Es war Herr Muster")
    await case.person.delivered(sent)
    first = await case.frau_a.sees("Es war Herr Muster")
    await case.person.edit(sent, "Es war Frau Muster")
    changed = await case.frau_a.reads("desk.person_edited")
    await erases(case, (changed if newest else first)["message_id"])
    await loses(bot, case.frau_a, "Muster")
    (kept,) = await bot.rows(CaseMessage)
    assert (kept.text, kept.was) == (None, None)


async def test_e59_of_a_message_in_several_pieces_none_stays(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await case.person.delivered(await case.person.send(LONGER))
    await settled(bot)
    pieces = [one for one in of_bot(await case.frau_a.messages()) if "Saal1 " in one["text"]]
    await erases(case, pieces[-1]["message_id"])
    await loses(bot, case.frau_a, "Saal")


async def test_e37_of_a_message_in_several_pieces_none_stays_on_either_side(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await at_desk(bot, deeds.send, new_message(text=LONGER))
    await settled(bot)
    (kept,) = await bot.rows(CaseMessage)
    assert len([one for one in of_bot(await case.person.messages()) if "Saal" in one["text"]]) == 2
    await at_desk(bot, deeds.delete, kept)
    await loses(bot, case.person, "Saal")
    await loses(bot, case.frau_a, "Saal")


async def test_e59_a_list_of_what_was_said_loses_the_line_as_well(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    for text in ("Es war Herr Muster", "Wir sind 30 Leute"):
        await case.person.delivered(await case.person.send(text))
    await bot.control("topic", topic=case.topic, action="delete")
    await case.person.delivered(await case.person.send("Noch etwas"))
    case.frau_a.topic = (await bot.topics())[-1]["id"]
    await case.frau_a.reads("desk.history")
    await at_desk(bot, deeds.erase, (await bot.rows(CaseMessage))[0])
    await loses(bot, case.frau_a, "Herr Muster")
    assert "Wir sind 30 Leute" in (await case.frau_a.reads("desk.history"))["text"]


async def test_e29_header_and_history_come_before_what_is_sent_again(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await case.person.delivered(await case.person.send("Wir sind 30 Leute"))
    await bot.control("topic", topic=case.topic, action="delete")
    await case.person.delivered(await case.person.send("Noch etwas"))
    await settled(bot)
    again = bot.staff((await bot.topics())[-1]["id"])
    header = await again.reads("desk.state_claimed", staff="Frau A.")
    history = await again.reads("desk.history")
    resent = await again.sees("Noch etwas", after=history["message_id"])
    assert header["message_id"] < history["message_id"] < resent["message_id"]
    assert [one["message_id"] for one in of_bot(await again.messages())][0] == header["message_id"]


async def test_e37_what_telegram_does_not_delete_is_not_called_deleted(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.frau_a.send("Das war für jemand anderen")
    await case.frau_a.delivered(sent)
    await bot.control("fault", **TOO_OLD, chat=case.person.user)
    await case.frau_a.reads("desk.deleted", after=await case.frau_a.send("/löschen", reply_to=sent))
    await case.frau_a.reads("desk.not_taken_back", number=case.number)
    (kept,) = await bot.rows(CaseMessage)
    assert (kept.text, kept.failed) == (None, "not_deleted")
    assert not await case.frau_a.has_read("desk.not_delivered")


async def test_e59_what_telegram_does_not_delete_in_the_group_is_left_to_staff_and_the_person_hears_nothing(
    bot: Whole
) -> None:
    case = await (await bot.new_case()).taken()
    await case.person.delivered(await case.person.send("Es war Herr Muster"))
    shown = (await case.frau_a.sees("Es war Herr Muster"))["message_id"]
    before = (await case.person.messages())[-1]["message_id"]
    await bot.control("fault", **TOO_OLD, chat=case.frau_a.chat)
    await erases(case, shown)
    assert (await case.frau_a.reads("desk.not_erased", number=case.number))["reply_to"] == shown
    assert await case.person.texts_of_bot(before) == []


async def test_a_correction_that_telegram_refuses_does_not_make_a_delivered_message_a_lost_one(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.frau_a.send("bis Montag")
    await case.frau_a.delivered(sent)
    await bot.control("fault", method="editMessageText", error=400, chat=case.person.user)
    await case.frau_a.edit(sent, "bis Dienstag")
    await case.frau_a.reads("desk.not_corrected", number=case.number)
    assert [one.failed for one in await bot.rows(CaseMessage)] == [None]
    assert not await case.frau_a.has_read("desk.not_delivered")


async def test_a_translation_that_telegram_refuses_in_the_group_is_none_of_the_persons_concern(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.person.send("Bir salon arıyoruz")
    await case.person.delivered(sent)
    await bot.control("fault", method="editMessageText", error=400, chat=case.frau_a.chat)
    await translated(bot, "Wir suchen einen Saal")
    await case.frau_a.reads("desk.not_shown", number=case.number)
    assert await case.person.texts_of_bot(sent) == []
    assert [one.failed for one in await bot.rows(CaseMessage)] == [None]


@pytest.mark.parametrize("message", [{"text": "12 kişilik salon"}, {"caption": "12 kişilik salon", "photo": True}])
async def test_e35_a_translation_stands_below_what_was_changed_and_the_first_words_stay(
    bot: Whole, message: dict[str, Any]
) -> None:
    case = await (await bot.new_case("tr")).taken()
    sent = await case.person.send(**message)
    await case.person.delivered(sent)
    await case.person.edit(sent, "21 kişilik salon")
    changed = await case.frau_a.reads("desk.person_edited")
    await translated(bot, "Saal für 21")
    shown = await case.frau_a.sees("Saal für 21")
    assert shown["message_id"] == changed["message_id"]
    before = [one for one in of_bot(await case.frau_a.messages()) if one["message_id"] < changed["message_id"]]
    assert "12 kişilik salon" in before[-1]["text"]
    assert "21" not in before[-1]["text"]


async def test_a_long_message_comes_once_and_its_translation_below_it(bot: Whole) -> None:
    case = await (await bot.new_case("tr")).taken()
    await case.frau_a.delivered(await case.frau_a.send(LONG))
    await translated(bot, LONG.replace("Saal", "oda"))
    await settled(bot)
    said = "".join(await case.person.texts_of_bot())
    assert (said.count("Saal1 "), said.count("oda1 ")) == (1, 1)
    (kept,) = await bot.rows(CaseMessage)
    await at_desk(bot, deeds.edit, kept, "Kurz")
    await case.person.sees("Kurz")
    await loses(bot, case.person, "Saal1 ")
    await at_desk(bot, deeds.delete, kept)
    await loses(bot, case.person, "Kurz")
    assert not await holds(case.person, "oda1 ")


async def test_a_message_of_the_desk_is_corrected_in_the_topic_too(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await at_desk(bot, deeds.send, new_message(text="bis Montag"))
    mirror = await case.frau_a.sees("bis Montag")
    await case.frau_a.delivered(mirror["message_id"])
    await at_desk(bot, deeds.edit, (await bot.rows(CaseMessage))[0], "bis Dienstag")
    await case.person.sees("bis Dienstag")
    assert (await case.frau_a.sees("bis Dienstag"))["message_id"] == mirror["message_id"]


async def test_a_message_of_the_topic_corrected_at_the_desk_is_followed_by_what_it_says_now(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    sent = await case.frau_a.send("bis Montag")
    await case.frau_a.delivered(sent)
    for text in ("bis Dienstag", "bis Mittwoch"):
        await at_desk(bot, deeds.edit, (await bot.rows(CaseMessage))[0], text)
        shown = await case.frau_a.reads("desk.corrected_at_desk", staff="Frau A.")
        assert (await case.frau_a.sees(text))["message_id"] == shown["message_id"]
        assert shown["reply_to"] == sent
    await case.person.sees("bis Mittwoch")


async def test_what_is_taken_back_while_it_is_on_its_way_goes_when_it_arrives(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await bot.control("fault", method="sendMessage", chat=case.person.user, delay=0.6)
    sent = await case.frau_a.send("Das war für jemand anderen")
    await bot.becomes(lambda: _is_being_sent(bot), "it never went")
    await case.frau_a.send("/löschen", reply_to=sent)
    await case.frau_a.reads("desk.deleted")
    await settled(bot)
    (relayed,) = [row for row in await bot.rows(OutboxMessage) if row.kind == "relay"]
    assert (relayed.state, await holds(case.person, "jemand anderen")) == ("sent", False)


async def _is_being_sent(bot: Whole) -> bool:
    return any(row.kind == "relay" and row.state == "sending" for row in await bot.rows(OutboxMessage))
