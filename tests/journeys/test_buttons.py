"""Scene one without writing a word: everything can be reached by buttons, and no button leads nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from tests.journeys.conftest import World
from tests.journeys.office import Case, ask_for_consent, consent, new_case
from tests.journeys.phone import Message, Phone, labels
from tests.journeys.words import HOW_MANY_MEMBERS, LANGUAGES, LIBRARY, entry, label, pattern

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]
NewPhone = Callable[..., Phone]
COMMANDS = ("/start", "/help", "/language", "/human", "/privacy", "/mydata", "/forget", "/menu", "/nonsense", "/stop")
"""All that are listed, one that is not, and /stop at the end, because it ends what can be ended."""

STALE = ("no-such-button", "ask:founding.gone", "topic:cooking", "consent:99999:1:yes", "language:tlh",
         "rate:maybe:founding.steps", "steps", "solved:1:2:yes:more:and:more", ":", "withdraw:1:1")  # fmt: skip


def _is_head(message_id: int, language: str, topic: str, one: Message) -> bool:
    head = pattern(language, f"topic.{topic}_head")
    return one["message_id"] == message_id and bool(head.search(one["text"]))


def _offers(message_id: int, button: str, one: Message) -> bool:
    return one["message_id"] == message_id and button in labels(one)


async def test_every_answer_is_three_presses_away_in_every_language(new_phone: NewPhone) -> None:
    await asyncio.gather(*(press_through(new_phone(language), language) for language in LANGUAGES))


async def press_through(rana: Phone, language: str) -> None:
    """Open every topic and every entry in it."""
    menu = await rana.ask("/start")
    for topic in LIBRARY.topics:
        await rana.press(menu, f"topic.{topic}")
        opened = await rana.until(partial(_is_head, menu["message_id"], language, topic))
        for known in LIBRARY.entries(topic, language):
            newest = (await rana.messages())[-1]["message_id"]
            await rana.press(opened, known.id)
            answer = await rana.next_from_bot(newest)
            assert answer["text"].startswith(known.question)
            assert pattern(language, "answer.as_of").search(answer["text"])
        await rana.press(opened, "button.back")
        menu = await rana.until(partial(_offers, opened["message_id"], label(language, "topic.founding")))


async def test_menus_are_edited_in_place_instead_of_flooding_the_chat(new_phone: NewPhone) -> None:
    rana = new_phone("ar")
    menu = await rana.ask("/start")
    for topic in LIBRARY.topics:
        await rana.press(menu, f"topic.{topic}")
        menu = await rana.reads(f"topic.{topic}_head")
        await rana.press(menu, "button.back")
        menu = await rana.reads("menu.head")
    assert len(await rana.texts_of_bot()) == 1


async def test_steps_and_related_questions_hang_on_the_answer(new_phone: NewPhone) -> None:
    mehmet = new_phone("tr")
    answer = await mehmet.ask("Dernek kurmak için hangi adımlar var?")
    known = entry("founding.steps", "tr")
    assert answer["text"].startswith(known.question)
    if known.steps:
        await mehmet.press(answer, "button.more")
        more = await mehmet.next_from_bot(answer["message_id"], holding=known.question)
        assert label("tr", "button.more") in labels(answer)
        assert more["text"] != answer["text"]
    await mehmet.press(answer, known.related[0])
    await mehmet.next_from_bot(answer["message_id"], holding=entry(known.related[0], "tr").question)


@pytest.mark.parametrize(("verdict", "follows"), [("button.helped", None), ("button.not_helped", "feedback.sorry")])
async def test_feedback_is_thanked_for_and_can_be_given_once(
    new_phone: NewPhone, verdict: str, follows: str | None
) -> None:
    rana = new_phone("ar")
    answer = await rana.ask(HOW_MANY_MEMBERS["ar"])
    toast = await rana.press(answer, verdict)
    assert pattern("ar", "feedback.thanks").search(toast["text"])
    rated = await rana.until(
        lambda one: one["message_id"] == answer["message_id"] and label("ar", "button.helped") not in labels(one)
    )
    assert label("ar", "button.human") in labels(rated)
    if follows:
        sorry = await rana.reads(follows)
        assert labels(sorry)[0] == label("ar", "button.human")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_stale_button_says_so_and_shows_how_things_stand(new_phone: NewPhone, language: str) -> None:
    rana = new_phone(language)
    hello = await rana.ask("/start")
    for data in STALE:
        newest = (await rana.messages())[-1]["message_id"]
        toast = await rana.press_data(hello["message_id"], data, stale=True)
        assert pattern(language, "button.stale").search(toast["text"]), data
        await rana.reads("menu.head", after=newest)


async def test_a_button_under_a_message_that_is_gone_still_works(new_phone: NewPhone) -> None:
    rana = new_phone("de")
    await rana.ask("/start")
    await rana.press_data(4711, "topic:rooms", stale=True)
    await rana.reads("topic.rooms_head")


async def nothing_open(world: World) -> Phone:
    return world.phone("tr")


async def asked_for_consent(world: World) -> Phone:
    rana = world.phone("ar")
    await ask_for_consent(rana)
    return rana


async def waiting(world: World) -> Phone:
    return (await new_case(world, "en")).person


async def with_a_human(world: World) -> Phone:
    return (await (await new_case(world, "ar")).taken()).person


async def asked_whether_solved(world: World) -> Phone:
    case = await (await new_case(world, "tr")).taken()
    await case.done()
    return case.person


async def solved(world: World) -> Phone:
    case = await (await new_case(world, "de")).taken()
    await case.person.press(await case.done(), "button.solved")
    await case.person.reads("handoff.resolved")
    return case.person


@pytest.mark.parametrize(
    "state", [nothing_open, asked_for_consent, waiting, with_a_human, asked_whether_solved, solved]
)
async def test_every_command_is_answered_in_every_state(
    world: World, state: Callable[[World], Awaitable[Phone]]
) -> None:
    rana = await state(world)
    expected = {"/help": "help.text", "/language": "language.choose", "/mydata": "privacy.mydata",
                "/nonsense": "help.unknown_command"}  # fmt: skip
    for command in COMMANDS:
        # Of what was asked before, a second message may still be on its way.
        if command in expected:
            await rana.reads(expected[command], after=await rana.send(command))
        else:
            await rana.ask(command)


async def test_while_a_human_talks_the_menu_rests_and_says_why(world: World) -> None:
    case = await (await new_case(world, "ar")).taken()
    menu = await case.person.ask("/help")
    toast = await case.person.press(menu, "topic.rooms")
    assert toast["show_alert"]
    assert pattern("ar", "handoff.bot_is_silent").search(toast["text"])


async def test_a_language_chosen_during_a_case_holds_for_what_the_office_causes(world: World) -> None:
    case = await new_case(world, "de")
    choice = await case.person.reads("language.choose", after=await case.person.send("/language"))
    await case.person.press(choice, "العربية")
    case.person.language = "ar"
    await case.frau_a.press(await case.header("queued"), "desk.button_take")
    await case.person.reads("handoff.human_here", staff="Frau A.")


async def test_the_consent_answered_twice_makes_one_case(world: World) -> None:
    rana = world.phone("de")
    question = await ask_for_consent(rana)
    yes = question["buttons"][0][0]["data"]
    case: Case = await consent(world, rana, question)
    again: Message | dict[str, object] = await rana.press_data(question["message_id"], yes, stale=True)
    assert pattern("de", "button.stale").search(str(again["text"]))
    topics = (await world.http.get("/sim/topics")).json()
    assert sum(topic["name"].startswith(case.number) for topic in topics) == 1
    await rana.reads("handoff.status_queued", number=case.number)
