"""Scene two: a person asks for a human, agrees, writes, is answered, and takes it back."""

from __future__ import annotations

import pytest

from bot.storage.models import Case, CaseEvent, CaseMessage, Exchange, OutboxMessage
from tests.bot.stage import Colleague, Stage, Visitor, phrases
from tests.conftest import Clock

HALL = "Wo finden wir einen Raum für unser Fest?"
INSULTED = "Mein Vermieter hat mich wegen meiner Herkunft abgelehnt"


async def test_before_consent_the_office_sees_nothing(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    seen = await rana.writes("/human")
    assert seen.said == ["handoff.consent", "handoff.shared_head", "handoff.shared_line", "handoff.consent_others"]
    await rana.writes("noch eine Frage")
    assert await stage.all(CaseMessage) == []
    assert {row.chat_id for row in await stage.all(OutboxMessage)} == {rana.chat_id}


async def test_after_no_nothing_is_left_of_the_request(stage: Stage, rana: Visitor) -> None:
    await rana.writes("/human")
    assert (await rana.presses("consent", "no")).said == ["handoff.declined"]
    assert await stage.all(Case) == []
    assert await stage.all(CaseEvent) == []


async def test_after_yes_the_office_gets_what_was_shown_and_nothing_newer(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    stage.rasa.knows("Und Stühle?", "rooms.equipment")
    await rana.writes(HALL)
    await rana.writes("/human")
    await rana.writes("Und Stühle?")
    agreed = await rana.presses("consent", "yes")
    assert agreed.said == ["handoff.queued"]
    (shared,) = await stage.messages("shared")
    assert shared is not None
    assert HALL in shared
    assert HALL in await stage.on_its_way()
    assert "Stühle" not in await stage.on_its_way()


async def test_the_case_has_a_number_a_place_and_the_subject(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    mehmet = Visitor(stage, chat_id=1002, language="tr")
    await mehmet.asks_for_a_human()
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    (told,) = phrases(await rana.asks_for_a_human())
    assert (told.params["number"], told.params["position"]) == ("W-0002", 2)
    case = (await stage.all(Case))[1]
    assert (case.topic, case.language, case.state, case.version) == ("rooms", "de", "QUEUED", 2)


async def test_a_sensitive_exchange_is_handed_over_without_its_text(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    stage.rasa.knows(INSULTED, "discrimination.housing")
    await rana.writes(INSULTED)
    await rana.presses("human", "discrimination")
    await rana.presses("consent", "yes")
    everything = [*await stage.messages("shared"), await stage.on_its_way()]
    assert not any("Vermieter" in (text or "") for text in everything)
    assert (await stage.only_case()).topic == "discrimination"
    assert "Diskriminierung" not in await stage.on_its_way()


async def test_asking_three_times_gives_one_case_and_the_same_number(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    for _ in range(2):
        seen = await rana.writes("/human")
        assert seen.said == ["handoff.status_queued"]
        assert phrases(seen)[0].params["number"] == "W-0001"
    assert len(await stage.all(Case)) == 1


async def test_the_older_of_two_consent_questions_is_stale(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.writes("/human")
    first = rana.screen[-2].encode()
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    await rana.writes("/human")
    assert rana.screen[-2].encode() != first, "the newer question shows more, so an old yes must not count for it"
    assert (await rana.presses_data(first)).toast == "button.stale"
    assert await stage.messages("shared") == []


async def test_pressing_yes_twice_gives_one_case_and_says_how_it_stands(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    again = await rana.presses("consent", "yes")
    assert (again.toast, again.said) == ("button.stale", ["handoff.status_queued"])
    assert len(await stage.all(Case)) == 1


async def test_with_nobody_on_duty_no_time_is_promised(stage: Stage, rana: Visitor) -> None:
    assert (await rana.asks_for_a_human()).said == ["handoff.nobody_no_time"]


async def test_outside_hours_an_answer_within_four_opening_hours_is_promised(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    clock.forward(hours=9)
    seen = await rana.asks_for_a_human()
    assert seen.said == ["handoff.parked"]
    told = phrases(seen)[0].params
    assert told["opens"].isoformat() == "2026-11-25T09:00:00+01:00"
    assert told["time"].isoformat() == "2026-11-25T13:00:00+01:00"


async def test_while_waiting_the_bot_still_answers_and_the_office_reads_along(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    stage.rasa.knows(HALL, "rooms.event")
    assert (await rana.writes(HALL)).said == ["rooms.event", "handoff.added_too"]
    stage.rasa.wavers("hm", "rooms.event", "rooms.overview")
    assert (await rana.writes("hm")).said == ["handoff.added"]
    assert (await rana.writes(None, media="voice")).said == ["handoff.added"]
    assert await stage.messages("person") == [HALL, "hm", None]


async def test_while_a_human_talks_the_bot_is_silent_and_the_office_sees_what_it_would_say(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.writes("/start")
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    stage.rasa.knows(HALL, "rooms.event")
    assert (await rana.writes(HALL)).said == []
    assert [message.ref for message in await stage.all(CaseMessage) if message.author == "person"] == ["rooms.event"]
    assert (await rana.presses("topic", "rooms")).toast == "handoff.bot_is_silent"
    assert (await rana.writes("/help")).said == ["help.text"]
    assert (await rana.writes("/start")).said == ["handoff.status_claimed"]


async def test_words_of_danger_get_the_fixed_text_even_with_a_human_and_reach_the_human(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    assert (await rana.writes("er hat ein Messer")).said == ["smalltalk.crisis"]
    assert (await stage.only_case()).urgent
    assert await stage.messages("person") == ["er hat ein Messer"]


async def test_an_edited_message_corrects_the_one_the_office_has(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await rana.writes("Am Montag", message_id=77)
    await rana.writes("Am Dienstag", message_id=77, edited=True)
    assert await stage.messages("person") == ["Am Dienstag"]
    assert "Am Dienstag" in await stage.on_its_way()


async def test_taking_it_back_ends_it_and_tells_the_office(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.asks_for_a_human()
    assert (await rana.presses("withdraw")).said == ["handoff.withdrawn"]
    assert (await stage.only_case()).state == "WITHDRAWN"
    assert "zurückgenommen" in await stage.on_its_way()
    again = await rana.presses("withdraw")
    assert again.toast == "button.stale"
    assert (await rana.asks_for_a_human()).said == ["handoff.queued"]
    assert len(await stage.all(Case)) == 2


async def test_stop_shows_the_way_out_of_a_case_instead_of_ending_it(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    assert (await rana.writes("/stop")).said == ["handoff.status_queued"]
    assert (await rana.presses("withdraw")).said == ["handoff.withdrawn"]


async def test_blocking_marks_the_case_and_coming_back_takes_it_up(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    assert (await rana.blocks()).said == []
    assert (await stage.only_case()).state == "UNREACHABLE"
    assert (await anna.writes(await stage.only_case(), "Hallo?")).said == ["handoff.refused_unreachable"]
    assert (await rana.blocks(back=True)).said == ["handoff.welcome_back"]
    assert (await stage.only_case()).state == "QUEUED"


async def test_writing_again_after_a_block_counts_as_coming_back(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.asks_for_a_human()
    await rana.blocks()
    assert (await rana.writes("Ich bin wieder da"))
    assert (await stage.only_case()).state == "QUEUED"
    assert await stage.messages("person") == ["Ich bin wieder da"]


@pytest.mark.parametrize("state", ["nothing", "intake", "queued", "claimed", "return_offered"])
async def test_the_rights_work_in_every_state(stage: Stage, rana: Visitor, anna: Colleague, state: str) -> None:
    order = ["nothing", "intake", "queued", "claimed", "return_offered"]
    reached = order.index(state)
    if reached >= 1:
        await rana.writes("/human")
    if reached >= 2:
        await rana.presses("consent", "yes")
    if reached >= 3:
        await anna.presses(await stage.only_case(), "take")
    if reached >= 4:
        await anna.presses(await stage.only_case(), "done")
    for command in ("help", "language", "human", "privacy", "forget", "mydata", "stop", "start"):
        assert (await rana.writes(f"/{command}")).said, command


async def test_my_data_shows_everything_that_is_held_and_no_internal_note(
    stage: Stage, rana: Visitor, anna: Colleague, bernd: Colleague
) -> None:
    stage.rasa.knows(HALL, "rooms.event")
    await rana.writes(HALL)
    await rana.asks_for_a_human()
    case = await stage.only_case()
    await anna.presses(case, "take")
    await rana.writes("Für 80 Leute")
    await anna.writes(case, "// schwierig")
    await bernd.writes(case, "Das ist noch nicht verschickt")
    await anna.presses_data(f"answer:{case.id}:{case.version}:founding.members_needed")
    await anna.writes(case, "Gern, wann?")
    shown = "\n".join(str(phrase.params) for reply in (await rana.writes("/mydata")).replies for part in reply.parts
                      for phrase in getattr(part, "phrases", [part]))  # fmt: skip
    for text in (HALL, "Für 80 Leute", "Gern, wann?", str(rana.chat_id), "W-0001"):
        assert text in shown
    assert stage.parts.library.entry("founding.members_needed", "de").question in shown
    for inside in ("schwierig", "noch nicht verschickt", "None"):
        assert inside not in shown
    assert len(await stage.all(Exchange)) == 1
