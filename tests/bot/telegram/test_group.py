"""The office's group as Telegram makes it: topics that go, the group that moves, rights that are lost, the picker."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import BotCommandScopeChat

from bot.conversation.office.commands import GERMAN
from bot.storage.models import Audit, OutboxMessage, Staff, StaffGroup
from bot.telegram.client import introduce
from bot.telegram.inbox import store
from tests.bot.telegram.whole import Whole, of_bot, whole
from tests.journeys.office import HERR_B, ask_for_consent
from tests.journeys.phone import GROUP, Phone
from tests.journeys.words import entry, label
from tests.simulator.conftest import Control


async def test_e29_a_deleted_topic_comes_back_with_its_history(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await case.person.delivered(await case.person.send("Wir sind 30 Leute"))
    await case.frau_a.delivered(await case.frau_a.send("Am besten im Stadtteilzentrum"))
    await bot.control("topic", topic=case.topic, action="delete")
    await case.person.send("Noch etwas")
    await bot.becomes(lambda: _has_topics(bot, 2), "no new topic")
    new = (await bot.topics())[-1]["id"]
    again = bot.staff(new)
    await again.sees("Noch etwas")
    history = await again.reads("desk.history")
    assert "Wir sind 30 Leute" in history["text"]
    assert "Stadtteilzentrum" in history["text"]
    await again.reads("desk.state_claimed", staff="Frau A.")


async def _has_topics(bot: Whole, count: int) -> bool:
    return len(await bot.topics()) == count


async def test_e30_a_topic_closed_by_hand_asks_whether_the_case_is_done_and_opens_again(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await bot.control("topic", topic=case.topic, action="close")
    asked = await case.frau_a.reads("desk.closed_by_hand", number=case.number)
    assert {label("de", "desk.button_done"), label("de", "desk.button_keep")} == {
        one["text"] for row in asked["buttons"] for one in row}  # fmt: skip
    await bot.control("topic", topic=case.topic, action="close")
    await case.person.delivered(await case.person.send("Hallo?"))
    await case.frau_a.sees("Hallo?")
    assert (await bot.topics())[0]["closed"] is False
    bot.clock.forward(seconds=3)  # as long as it takes to read
    bot.clock.forward(minutes=1)
    await case.frau_a.press(asked, "desk.button_done")
    await case.person.reads("handoff.solved_question")


async def test_e31_what_landed_in_general_is_taken_back_and_its_topic_counts_as_lost(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await bot.control("fault", method="sendMessage", thread_ignored=True, chat=GROUP)
    await case.person.send("vertraulich")
    await bot.becomes(lambda: _has_topics(bot, 2), "the topic did not count as lost")
    assert "vertraulich" not in str(await bot.staff(0).messages())


async def test_e32_the_group_moves_and_everything_goes_on_also_after_a_restart(
    database_url: str, simulator_url: str, control: Control
) -> None:
    async with whole(database_url, simulator_url, control.client) as bot:
        case = await (await bot.new_case()).taken()
        earlier = await case.frau_a.send("vor dem Umzug")
        await case.frau_a.delivered(earlier)
        moved = (await bot.control("migrate"))["new_chat_id"]
        case.frau_a.chat = case.herr_b.chat = moved
        await case.person.delivered(await case.person.send("nach dem Umzug"))
        await case.frau_a.sees("nach dem Umzug")
        await case.frau_a.edit(earlier, "vor dem Umzug, verbessert")
        await case.person.sees("verbessert")
    async with whole(database_url, simulator_url, control.client) as again:
        assert [one.chat_id for one in await again.rows(StaffGroup)] == [moved]
        await case.frau_a.delivered(await case.frau_a.send("nach dem Neustart"))
        await case.person.sees("nach dem Neustart")


async def test_e32_a_move_that_no_update_told_is_learnt_from_the_refusal(
    database_url: str, simulator_url: str, control: Control
) -> None:
    async with whole(database_url, simulator_url, control.client) as bot:
        case = await (await bot.new_case()).taken()
    moved = (await control.post("migrate"))["new_chat_id"]
    async with whole(database_url, simulator_url, control.client) as again:
        case.frau_a.chat = moved
        await case.person.delivered(await case.person.send("nach dem Umzug"))
        await case.frau_a.sees("nach dem Umzug")
        assert again.app.staff_chat.id == moved


@pytest.mark.parametrize("loss", [{"can_manage_topics": False}, {"status": "kicked"}, {"status": "member"}])
async def test_e33_lost_rights_call_the_admin_once_and_nothing_is_lost(bot: Whole, loss: dict[str, object]) -> None:
    await bot.phone(user=2001).ask("/start")
    case = await (await bot.new_case()).taken()
    await bot.control("rights", **loss)
    await bot.phone(user=2001).reads("desk.group_lost")
    person = bot.phone(user=1007)
    await person.ask("/start")
    question = await person.reads("handoff.consent", after=await person.send("/human"))
    await person.press(question, "button.consent_yes")
    await person.reads("handoff.nobody_no_time", number="W-0002")
    if loss == {"can_manage_topics": False}:
        # That it comes late, and then goes, does not mean that the bot may make topics again.
        await bot.control("fault", method="copyMessage", error=500, chat=GROUP)
        await case.person.delivered(await case.person.send("Im alten Thema geht es weiter", photo=True))
    other = bot.phone(user=1008)
    await other.reads("start.greeting", after=await other.send("/start"))
    await asyncio.sleep(1.5)
    alerts = [one for one in await bot.phone(user=2001).messages() if "🚨" in one["text"]]
    assert len(alerts) == 1
    assert not await _recorded(bot, "group_back")
    await bot.control("rights", status="administrator", can_manage_topics=True)
    await bot.becomes(lambda: _has_topics(bot, 2), "the case never reached the group")
    await bot.staff((await bot.topics())[1]["id"]).sees("W-0002")
    await bot.becomes(lambda: _recorded(bot, "group_back"), "nobody wrote down that all is well")
    assert [one.action for one in await bot.rows(Audit) if one.action.startswith("group_")] == [
        "group_lost", "group_back"]  # fmt: skip


async def test_e61_a_topic_that_may_not_be_deleted_is_named_to_the_admin_and_holds_up_nothing(bot: Whole) -> None:
    admin = bot.phone(user=2001)
    await admin.ask("/start")
    case = await bot.new_case()
    await bot.control("rights", can_delete_messages=False)
    await admin.reads("desk.may_not_delete")
    question = await case.person.reads("privacy.forget_question_case", after=await case.person.send("/forget"))
    await case.person.press(question, "button.forget_yes")
    told = await admin.reads("desk.topic_not_deleted")
    assert f"https://t.me/c/1000000001/{case.topic}" in told["text"]
    assert case.number not in told["text"]
    other = await bot.new_case(user=1007)
    await other.frau_a.reads("desk.unknown_command", after=await other.frau_a.send("/offen"))
    bot.clock.forward(days=1)
    bot.app.outbox.hurry()
    await bot.becomes(lambda: _called(bot, "deleteForumTopic", 2), "nobody tried again")
    assert len([one for one in await admin.messages() if "t.me/c/" in one["text"]]) == 1
    await bot.control("rights", can_delete_messages=True)
    await bot.becomes(lambda: _is_deleted(bot, case.topic), "the topic is still there")
    assert [one.action for one in await bot.rows(Audit) if one.action.startswith("group_")] == []


async def _called(bot: Whole, method: str, times: int) -> bool:
    return await bot.calls(method) >= times


async def _is_deleted(bot: Whole, topic: int) -> bool:
    return all(one["deleted"] for one in await bot.topics() if one["id"] == topic)


async def test_e2_an_answer_under_way_while_a_human_takes_over_is_not_sent_afterwards(bot: Whole) -> None:
    case = await bot.new_case()
    await bot.control("fault", method="sendMessage", error=500, delay=0.8, chat=case.person.user)
    await case.person.press_data(1, "ask:founding.members_needed", stale=True)
    await bot.becomes(lambda: _under_way(bot, "answer"), "nothing was under way")
    await case.frau_a.press(await case.header("queued"), "desk.button_take")
    await case.frau_a.reads("desk.answer_dropped")
    await case.person.reads("handoff.human_here", staff="Frau A.")
    assert entry("founding.members_needed", "de").question not in str(await case.person.messages())


async def _under_way(bot: Whole, kind: str) -> bool:
    return any(row.kind == kind and row.state == "sending" for row in await bot.rows(OutboxMessage))


async def _recorded(bot: Whole, action: str) -> bool:
    return any(one.action == action for one in await bot.rows(Audit))


async def test_e34_more_topics_than_telegram_takes_wait_and_everybody_is_answered_at_once(bot: Whole) -> None:
    await bot.control("limit", topics_per_minute=20)
    people = [bot.phone(user=3000 + number) for number in range(25)]
    for person in people:
        await person.send("/start")
    for person in people:
        question = await person.reads("handoff.consent", after=await person.send("/human"))
        await person.press(question, "button.consent_yes")
    for person in people:
        await person.until(lambda one: "W-00" in one["text"])
    assert len(await bot.topics()) == 20
    tried = await bot.calls("createForumTopic")
    assert tried <= 25, "what Telegram said to wait for is not tried before"
    await bot.control("limit")
    bot.clock.forward(seconds=61)

    async def all_there() -> bool:
        bot.app.outbox.hurry()  # lanes that began to rest a moment ago rest by the real clock
        return await _has_topics(bot, 25)

    await bot.becomes(all_there, "some topics never came")
    states = {row.state for row in await bot.rows(OutboxMessage) if row.case_id}
    assert states <= {"sent", "pending", "sending"}


async def test_what_staff_write_in_a_topic_that_telegram_made_twice_is_not_lost_untold(bot: Whole) -> None:
    await bot.control("fault", method="createForumTopic", error="cut", after=True)
    person = bot.phone()
    await person.ask("/start")
    await person.press(await ask_for_consent(person), "button.consent_yes")

    async def twice() -> bool:
        bot.clock.forward(seconds=1)
        bot.app.outbox.hurry()  # the lane that lost its connection rests by the real clock
        return await _has_topics(bot, 2)

    await bot.becomes(twice, "no second topic")
    orphan, used = (bot.staff(one["id"]) for one in await bot.topics())
    await used.reads("desk.state_queued")
    for text in ("Guten Tag!", "Sind Sie noch da?"):
        await orphan.reads("desk.topic_without_case", after=await orphan.send(text))


async def test_e43_a_hint_in_general_is_given_once_an_hour_and_goes_away(bot: Whole) -> None:
    general = bot.staff(0)
    general.topic = None
    hint = await general.reads("desk.no_case_here", after=await general.send("Wer hat Mittag?"))
    await general.send("Ich nicht")
    await general.send("Ich auch nicht")
    await asyncio.sleep(0.5)
    assert len(of_bot(await general.messages())) == 1
    bot.clock.forward(seconds=61)
    bot.app.outbox.hurry()
    await bot.becomes(lambda: _without(general, hint["message_id"]), "the hint is still there")
    bot.clock.forward(hours=1)
    await general.reads("desk.no_case_here", after=await general.send("Wer hat Mittag?"))


async def _without(phone: Phone, message_id: int) -> bool:
    return message_id not in [one["message_id"] for one in await phone.messages()]


async def test_e43_the_first_word_of_a_colleague_in_a_case_is_answered_by_its_banner(bot: Whole) -> None:
    case = await (await bot.new_case("ar")).taken()
    first = await case.frau_a.send("Guten Tag")
    banner = await case.frau_a.sees("Die Person liest Arabisch")
    assert banner["reply_to"] == first
    await case.frau_a.delivered(await case.frau_a.send("Wie geht es?"))
    assert len([one for one in await case.frau_a.messages() if "📨" in one["text"]]) == 1


async def test_e11_who_leaves_the_group_gives_back_the_cases_that_wait_for_them(bot: Whole) -> None:
    case = await (await bot.new_case()).taken()
    await bot.control("member", user=2001, status="left")
    await case.herr_b.reads("desk.owner_gone", staff="Frau A.")
    await case.person.until(lambda one: "W-0001" in one["text"] and "andere Person" in one["text"])
    assert [one.on_duty for one in await bot.rows(Staff)] == [False, True]
    await bot.control("member", user=2001, status="administrator")
    await bot.becomes(lambda: _on_duty(bot), "who is back is not on duty")


async def _on_duty(bot: Whole) -> bool:
    return bool((await bot.rows(Staff))[0].on_duty)


async def test_e12_whoever_was_removed_is_refused_at_once_although_telegram_was_asked_a_moment_ago(bot: Whole) -> None:
    case = await bot.new_case()
    await case.herr_b.delivered(await case.herr_b.send("Guten Tag"))
    asked = await bot.calls("getChatMember")
    await case.herr_b.delivered(await case.herr_b.send("Noch etwas"))
    assert await bot.calls("getChatMember") == asked, "within a minute Telegram is not asked again"
    await bot.control("member", user=HERR_B, status="kicked", by=2001)
    await bot.becomes(lambda: _recorded(bot, "left_group"), "the bot was not told")
    await store(bot.app.database, [press_of(HERR_B, case.topic, "release:1:1")], bot.clock())
    bot.app.inbox.wake()
    await bot.becomes(lambda: _recorded(bot, "refused"), "the press was not refused")
    assert [(one.staff_id, one.detail) for one in await bot.rows(Audit) if one.action == "refused"] == [
        (2, f"release {HERR_B}")]  # fmt: skip


def press_of(user: int, topic: int, data: str) -> dict[str, Any]:
    """A press as Telegram tells it, from a member's phone that still shows the button."""
    chat = {"id": GROUP, "type": "supergroup", "title": "Office", "is_forum": True}
    message = {"message_id": 7, "date": 1790000000, "chat": chat, "text": "x", "message_thread_id": topic,
               "is_topic_message": True}  # fmt: skip
    sender = {"id": user, "is_bot": False, "first_name": "Herr B."}
    return {"update_id": 1, "callback_query": {"id": "1", "from": sender, "chat_instance": "1", "message": message,
                                               "data": data}}  # fmt: skip


async def test_staff_find_their_commands_in_the_group_and_persons_do_not(bot: Whole) -> None:
    await introduce(bot.app.bot, bot.app.parts.locales, staff_chat_id=GROUP, office_language="de")
    in_group = await bot.app.bot.get_my_commands(scope=BotCommandScopeChat(GROUP))
    assert [one.command for one in in_group] == list(GERMAN.values())
    assert "nehmen" not in [one.command for one in await bot.app.bot.get_my_commands()]


async def test_the_picker_sends_an_entry_and_shows_it_in_the_topic(bot: Whole) -> None:
    case = await (await bot.new_case("tr")).taken()
    shown = await bot.control("inline", user=2001, chat=GROUP, topic=case.topic, query="wie viele mitglieder")
    assert shown["is_personal"] is True
    assert shown["cache_time"] <= 10
    wanted = next(one for one in shown["results"] if one["id"] == "entry:founding.members_needed")
    chosen = await bot.control("choose", user=2001, chat=GROUP, topic=case.topic, result_id=wanted["id"],
                               inline_query_id=shown["inline_query_id"])  # fmt: skip
    await case.person.sees(entry("founding.members_needed", "tr").question)
    mirror = await case.frau_a.sees(entry("founding.members_needed", "de").question)
    await case.frau_a.delivered(mirror["message_id"])
    await bot.becomes(lambda: _without(case.frau_a, chosen["message_id"]), "the line of the picker is still there")


@pytest.mark.parametrize("user", [1001, 4711])
async def test_the_picker_shows_others_one_line_and_nothing_else(bot: Whole, user: int) -> None:
    shown = await bot.control("inline", user=user, query="mitglieder")
    assert shown["results"] == []
    assert shown["button"]["text"]
