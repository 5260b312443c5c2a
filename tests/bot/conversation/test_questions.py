"""Scene one: a newcomer asks, by typing and by buttons."""

from __future__ import annotations

import pytest

from bot.conversation.commands import COMMANDS, LISTED
from bot.storage.models import Counter, Exchange, Person
from tests.bot.conftest import LANGUAGES
from tests.bot.stage import Stage, Visitor, phrases
from tests.conftest import Clock

HALL = "Wo finden wir einen Raum für unser Fest?"
INSULTED = "Mein Vermieter hat mich wegen meiner Herkunft abgelehnt"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_start_greets_in_the_language_of_the_phone(stage: Stage, language: str) -> None:
    seen = await Visitor(stage, language=language).writes("/start")
    assert seen.said == ["start.greeting"]
    assert seen.replies[0].language == language


async def test_a_phone_in_a_language_the_bot_lacks_is_greeted_in_english(stage: Stage) -> None:
    assert (await Visitor(stage, language="so").writes("/start")).replies[0].language == "en"


async def test_a_sure_question_is_answered_and_remembered_for_a_hand_off(stage: Stage, rana: Visitor) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    assert (await rana.writes(HALL)).said == ["rooms.event"]
    (exchange,) = await stage.all(Exchange)
    assert (exchange.question, exchange.entry_id) == (HALL, "rooms.event")


@pytest.mark.parametrize(
    ("intent", "also"),
    [("discrimination.housing", ()), ("discrimination.time_limit", ()),
     ("rooms.event", ("rooms.overview", "discrimination.violence")), ("office.privacy", ("crisis",))],
)  # fmt: skip
async def test_a_text_that_is_or_may_be_sensitive_is_kept_nowhere(
    stage: Stage, rana: Visitor, intent: str, also: tuple[str, ...]
) -> None:
    stage.rasa.knows(INSULTED, intent, *also)
    assert (await rana.writes(INSULTED)).said[0] == intent
    (exchange,) = await stage.all(Exchange)
    assert (exchange.question, exchange.entry_id) == (None, None)
    assert (await stage.all(Person))[0].last_entry is None


async def test_a_wavering_text_with_a_sensitive_candidate_is_not_kept_either(stage: Stage, rana: Visitor) -> None:
    stage.rasa.wavers(INSULTED, "rooms.event", "discrimination.housing")
    assert (await rana.writes(INSULTED)).said == ["understanding.did_you_mean"]
    assert (await stage.all(Exchange))[0].question is None


async def test_a_choice_leads_to_the_answer(stage: Stage, rana: Visitor) -> None:
    stage.rasa.wavers(HALL, "rooms.overview", "rooms.event", "out_of_scope", "rooms.equipment", "rooms.offering")
    seen = await rana.writes(HALL)
    asked = [button.action.args[0] for row in seen.replies[0].rows for button in row if button.action.name == "ask"]
    assert asked == ["rooms.overview", "rooms.event", "rooms.equipment"]
    assert (await rana.presses("ask", "rooms.event")).said == ["rooms.event"]


async def test_after_the_second_failure_a_person_is_offered_first(stage: Stage, rana: Visitor) -> None:
    stage.rasa.gives_up("??!")
    assert (await rana.writes("??!")).said == ["understanding.lost"]
    again = await rana.writes("??!")
    assert again.said == ["understanding.lost_again"]
    assert again.replies[0].rows[0][0].action.name == "human"
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    assert (await rana.writes("??!")).said == ["understanding.lost"]


async def test_words_of_danger_get_the_fixed_text_without_asking_rasa_and_without_a_trace(
    stage: Stage, rana: Visitor
) -> None:
    assert (await rana.writes("Ich will nicht mehr leben")).said == ["smalltalk.crisis"]
    assert stage.rasa.asked == []
    assert await stage.all(Exchange) == []


async def test_words_of_danger_are_heard_even_in_a_flood_and_under_a_picture(stage: Stage, rana: Visitor) -> None:
    for _ in range(stage.parts.messages_per_minute + 2):
        await rana.writes("hallo")
    assert (await rana.writes("ich bringe mich um")).said == ["smalltalk.crisis"]
    assert (await rana.writes("ich bringe mich um", media="photo")).said == ["smalltalk.crisis"]


async def test_a_question_in_another_language_is_answered_in_it_and_staying_is_offered(
    stage: Stage, rana: Visitor
) -> None:
    question = "How many members do we need to found an association?"
    stage.rasa.knows(question, "founding.members_needed")
    seen = await rana.writes(question)
    assert seen.said == ["founding.members_needed", "language.offer"]
    assert {reply.language for reply in seen.replies} == {"en"}
    assert (await rana.writes("/help")).replies[0].language == "de"
    await rana.presses("language", "en")
    assert (await rana.writes("/help")).replies[0].language == "en"


async def test_a_chosen_language_is_kept_whatever_the_phone_says(stage: Stage, rana: Visitor) -> None:
    await rana.writes("/language")
    assert (await rana.presses("language", "tr")).said == ["language.set"]
    assert (await rana.writes("/help")).replies[0].language == "tr"


async def test_without_rasa_the_search_helps_and_it_is_said_once(stage: Stage, rana: Visitor) -> None:
    stage.rasa.down = True
    assert (await rana.writes("Satzung Mitglieder Verein gründen")).said == [
        "understanding.degraded", "understanding.did_you_mean",
    ]  # fmt: skip
    assert "understanding.degraded" not in (await rana.writes("Raum mieten")).said
    assert {exchange.question for exchange in await stage.all(Exchange)} == {None}
    stage.rasa.down = False
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    stage.rasa.down = True
    assert (await rana.writes("Raum mieten")).said[0] == "understanding.degraded"


async def test_every_entry_is_reached_by_buttons_alone_while_rasa_is_down(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    stage.rasa.down = True
    await rana.writes("/start")
    reached = set()
    for topic in stage.parts.library.topics:
        clock.forward(minutes=1)  # nobody presses as fast as that
        await rana.presses("topic", topic)
        for entry in stage.parts.library.entries(topic, "de"):
            reached.add((await rana.presses("ask", entry.id)).said[0])
    assert len(reached) == 76


@pytest.mark.parametrize("media", ["photo", "voice", "sticker", "location", "contact", "document", "other"])
async def test_what_is_not_text_gets_a_friendly_word_and_a_way_to_a_person(rana: Visitor, media: str) -> None:
    seen = await rana.writes(None, media=media)
    assert seen.said == ["media.text_only"]
    assert phrases(seen)[0].params["what"].key == f"media.{media}"
    assert seen.replies[0].rows[0][0].action.name == "human"


async def test_an_album_is_answered_once(rana: Visitor) -> None:
    assert (await rana.writes("unser Fest", media="photo")).said == ["media.text_only"]
    for _ in range(5):
        assert (await rana.writes(None, media="photo", album_follows=True)).said == []


async def test_a_flood_is_asked_to_wait_once(stage: Stage, rana: Visitor) -> None:
    answers = [(await rana.writes("/help")).said for _ in range(stage.parts.messages_per_minute + 5)]
    assert answers.count(["limits.slow_down"]) == 1
    assert answers[-1] == []


async def test_every_listed_command_answers_a_stranger(stage: Stage) -> None:
    for number, name in enumerate(COMMANDS):
        assert (await Visitor(stage, chat_id=3000 + number).writes(f"/{name}")).said, name
    assert set(LISTED) <= COMMANDS.keys()


@pytest.mark.parametrize("text", ["/nonsense", "/", "/ foo", "/START@wegweiser_bot extra"])
async def test_unknown_and_odd_commands_are_answered(rana: Visitor, text: str) -> None:
    wanted = "start.greeting" if "START" in text else "help.unknown_command"
    assert (await rana.writes(text)).said == [wanted]


@pytest.mark.parametrize(
    "data",
    ["", ":", "nonsense", "topic", "topic:moon", "ask", "ask:moon.light", "steps:x", "rate:yes",
     "rate:maybe:rooms.event", "rate:yes:moon.light", "language:xx", "language", "consent:1:1:yes",
     "solved:1:1", "withdraw", "withdraw:x:y", "human:moon:extra"],
)  # fmt: skip
async def test_no_button_however_old_or_forged_raises_or_stays_silent(rana: Visitor, data: str) -> None:
    seen = await rana.presses_data(data)
    assert seen.said
    assert seen.toast == "button.stale" or data.startswith("human")


async def test_feedback_is_thanked_counted_and_followed_by_an_offer(stage: Stage, rana: Visitor) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    assert (await rana.presses("rate", "yes", "rooms.event")).toast == "feedback.thanks"
    assert (await rana.presses("rate", "no", "rooms.event")).said == ["feedback.sorry"]
    counted = {(row.name, row.key): row.value for row in await stage.all(Counter)}
    assert counted["helped_yes", "rooms.event"] == counted["helped_no", "rooms.event"] == 1


async def test_questions_are_forgotten_after_a_day(stage: Stage, rana: Visitor, clock: Clock) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    clock.forward(hours=stage.parts.retention.exchange_hours, minutes=1)
    await stage.time_passes()
    assert await stage.all(Exchange) == []


async def test_e26_whoever_wrote_while_the_bot_was_away_hears_so_first_and_once(
    stage: Stage, rana: Visitor, clock: Clock
) -> None:
    question = "How many members do we need to found an association?"
    stage.rasa.knows(question, "founding.members_needed")
    stage.rasa.knows(HALL, "rooms.event")
    sent = clock()
    clock.forward(hours=3)
    late = {"sent_at": sent}
    assert (await rana.writes(question, **late)).said == ["error.late", "founding.members_needed", "language.offer"]
    assert (await rana.writes(HALL, **late)).said == ["rooms.event"]
    clock.forward(minutes=1)
    sent = clock()
    clock.forward(hours=3)
    assert (await rana.writes(HALL, sent_at=sent)).said == ["error.late", "rooms.event"]
    assert (await rana.writes(HALL, sent_at=clock())).said == ["rooms.event"]
