"""Scene three, the office's side where something is in the way: colleagues, rights, blocked bots, lost topics."""

from __future__ import annotations

import asyncio

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import FRAU_A, HERR_B, new_case
from tests.journeys.phone import topic_of
from tests.journeys.words import pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
PASSER_BY = 2003
"""In the group, but not registered as staff."""


async def test_a_colleagues_message_is_held_and_sent_once_if_they_join(world: World) -> None:
    case = await (await new_case(world)).taken()
    written = await case.herr_b.send("Ich weiß das zufällig.")
    asked = await case.herr_b.reads("desk.held", staff="Frau A.")
    await case.person.delivered(await case.person.send("Hallo?"))
    assert "zufällig" not in str(await case.person.messages())
    await case.herr_b.press(asked, "desk.button_join")
    assert "Herr B." in (await case.person.sees("Ich weiß das zufällig."))["text"]
    await case.herr_b.delivered(written)
    join = next(one["data"] for row in asked["buttons"] for one in row if ":join:" in one["data"])
    again = await case.herr_b.press_data(asked["message_id"], join, stale=True)
    assert again["show_alert"]
    assert sum("zufällig" in text for text in await case.person.texts_of_bot()) == 1
    assert "Frau A." in (await case.header("waiting_user"))["text"]


async def test_a_colleague_can_take_the_case_over(world: World) -> None:
    case = await (await new_case(world)).taken()
    written = await case.herr_b.send("Ab jetzt ich.")
    await case.herr_b.press(await case.herr_b.reads("desk.held"), "desk.button_takeover")
    await case.person.reads("handoff.human_here", staff="Herr B.")
    await case.person.sees("Ab jetzt ich.")
    await case.herr_b.delivered(written)
    await case.frau_a.reads("desk.taken_over", staff="Herr B.")
    assert "Herr B." in (await case.header("waiting_user"))["text"]


async def test_a_colleagues_message_can_stay_a_note(world: World) -> None:
    case = await (await new_case(world)).taken()
    await case.herr_b.send("Vorsicht, schwieriger Vermieter.")
    await case.herr_b.press(await case.herr_b.reads("desk.held"), "desk.button_note")
    await case.frau_a.delivered(await case.frau_a.send("Guten Tag!"))
    assert "Vermieter" not in str(await case.person.messages())


async def test_whoever_takes_second_reads_who_was_first(world: World) -> None:
    case = await new_case(world)
    head = await case.header("queued")
    data = head["buttons"][0][0]["data"]
    await case.frau_a.press_data(head["message_id"], data)
    late = await case.herr_b.press_data(head["message_id"], data, stale=True)
    assert late["show_alert"]
    assert "Frau A." in late["text"]
    await case.person.reads("handoff.human_here", staff="Frau A.")
    assert not any("Herr B." in text for text in await case.person.texts_of_bot())


async def test_writing_without_taking_counts_as_taking(world: World) -> None:
    case = await new_case(world, "ar")
    await case.herr_b.send("Guten Tag!")
    here = await case.person.reads("handoff.human_here", staff="Herr B.")
    await case.person.sees("Guten Tag!", after=here["message_id"])
    await case.header("waiting_user")


async def test_a_released_case_waits_again_and_the_person_is_told(world: World) -> None:
    case = await (await new_case(world, "tr")).taken()
    await case.frau_a.press(await case.header("claimed"), "desk.button_release")
    await case.person.reads("handoff.released_queued_no_time", number=case.number)
    assert not (await case.frau_a.reads("desk.released", staff="Frau A."))["silent"]
    await case.herr_b.press(await case.header("queued"), "desk.button_take")
    await case.person.reads("handoff.human_here", staff="Herr B.")


async def test_somebody_in_the_group_who_is_not_registered_can_neither_write_nor_take(world: World) -> None:
    case = await new_case(world)
    stranger = world.staff(case.topic, PASSER_BY)
    await stranger.control("member", user=PASSER_BY, status="member", name="Frau C.")
    await stranger.send("Ich übernehme das mal.")
    await stranger.reads("desk.not_staff", telegram_id=PASSER_BY)
    toast = await stranger.press(await case.header("queued"), "desk.button_take")
    assert toast["show_alert"]
    await case.person.delivered(await case.person.send("Hallo?"))
    assert "übernehme" not in str(await case.person.messages())
    await case.header("queued")


async def test_staff_who_have_left_the_group_cannot_take_a_case(world: World) -> None:
    case = await new_case(world)
    # What the bot knows of him is out of date as soon as anything about him changes.
    await case.herr_b.control("member", user=HERR_B, status="member")
    await case.herr_b.control("fault", method="getChatMember", delay=0.5)
    press = asyncio.create_task(case.herr_b.press(await case.header("queued"), "desk.button_take"))
    await asyncio.sleep(0.2)
    await case.herr_b.control("member", user=HERR_B, status="left")
    try:
        toast = await press
    finally:
        await case.herr_b.control("member", user=HERR_B, status="administrator")
    assert toast["show_alert"]
    assert str(HERR_B) in toast["text"]
    await case.header("queued")


async def test_an_anonymous_admin_is_refused_with_the_reason(world: World) -> None:
    case = await (await new_case(world)).taken()
    await case.frau_a.send("Wer bin ich?", anonymous=True)
    await case.frau_a.reads("desk.anonymous")
    await case.frau_a.delivered(await case.frau_a.send("Guten Tag!"))
    assert "Wer bin ich?" not in str(await case.person.messages())


async def test_in_general_the_bot_says_that_there_is_no_case(world: World) -> None:
    general = world.staff(user=FRAU_A)
    sent = await general.send("Wer macht heute Mittag den Telefondienst?")
    said = await general.reads("desk.no_case_here", after=sent)
    assert said["topic"] is None
    assert said["reply_to"] == sent


async def test_a_person_who_blocked_the_bot_is_named_unreachable_until_they_come_back(world: World) -> None:
    case = await (await new_case(world, "ar")).taken()
    await case.person.control("block", user=case.person.user)
    await case.frau_a.reads("desk.unreachable", number=case.number)
    lost = await case.frau_a.send("Sind Sie noch da?")
    assert (await case.frau_a.reads("handoff.refused_unreachable", after=lost))["reply_to"] == lost
    await case.person.control("unblock", user=case.person.user)
    await case.frau_a.reads("desk.returned", number=case.number)
    await case.person.reads("handoff.welcome_back", number=case.number)
    await case.header("claimed")
    await case.frau_a.delivered(await case.frau_a.send("Schön, dass Sie wieder da sind."))
    await case.person.sees("Schön, dass Sie wieder da sind.")


async def test_a_message_that_telegram_refuses_with_403_is_reported_where_it_was_written(world: World) -> None:
    case = await (await new_case(world)).taken()
    fault = {"method": "sendMessage", "error": 403, "chat": case.person.chat}
    await case.person.control("fault", **fault)
    lost = await case.frau_a.send("Kommt das an?")
    told = await case.frau_a.reads("desk.not_delivered", number=case.number)
    assert told["reply_to"] == lost
    await case.header("unreachable")


async def test_a_deleted_topic_is_made_again_with_header_and_message(world: World) -> None:
    case = await (await new_case(world)).taken()
    await case.frau_a.control("topic", topic=case.topic, action="delete")
    written = await case.person.send("Noch eine Frage dazu.")
    await case.person.delivered(written)
    again = world.staff(await topic_of(world.http, case.number), FRAU_A)
    assert again.topic != case.topic
    await again.sees("Noch eine Frage dazu.")
    head = await again.until(lambda one: case.number in one["text"] and bool(one["buttons"]))
    assert pattern("de", "desk.state_claimed").search(head["text"])
    await again.send("Hier geht es weiter.")
    await case.person.sees("Hier geht es weiter.")


async def test_a_closed_topic_is_opened_again_for_the_persons_message(world: World) -> None:
    case = await (await new_case(world)).taken()
    await case.frau_a.control("topic", topic=case.topic, action="close")
    await case.person.delivered(await case.person.send("Ist da noch jemand?"))
    await case.frau_a.sees("Ist da noch jemand?")


async def test_a_rate_limit_delays_but_loses_nothing(world: World) -> None:
    case = await (await new_case(world)).taken()
    await case.person.control("fault", method="sendMessage", error=429, retry_after=1, times=2)
    for number in ("eins", "zwei", "drei"):
        await case.person.send(number)
    await case.frau_a.sees("drei")
    texts = [text.split("\n")[-1] for text in await case.frau_a.texts_of_bot()]
    assert [text for text in texts if text in {"eins", "zwei", "drei"}] == ["eins", "zwei", "drei"]
