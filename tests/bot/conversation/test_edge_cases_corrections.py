"""Edge cases of handoff.md, section 5: E35, E37, E59: nothing stays of what is taken back, and no file goes unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.conversation.incoming import Attachment
from bot.storage.models import CaseMessage, OutboxMessage
from tests.bot.conftest import GROUP
from tests.bot.stage import Colleague, Stage, Visitor

QUESTION = "Wo beschwere ich mich über Herrn Muster vom Wohnungsamt?"
PLAN = Attachment(file_id="1", unique_id="plan", name="Plan.pdf")


@pytest.fixture
async def _a_taken_case(stage: Stage, rana: Visitor, anna: Colleague) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")


async def deletions(stage: Stage, chat_id: int | None) -> list[int]:
    """Ids of the messages in a chat (None: in the topic) that are going to be deleted."""
    return [(row.payload or {})["message_id"] for row in await stage.all(OutboxMessage)
            if row.method == "deleteMessage" and row.chat_id == chat_id and row.state == "pending"]  # fmt: skip


async def ids(stage: Stage, words: str, chat_id: int | None = None) -> list[int | None]:
    """Has everything that waits arrive; ids of what held these words."""
    rows = [row.id for row in await stage.all(OutboxMessage) if row.state == "pending" and words in str(row.payload)]
    await stage.everything_arrives()
    return [row.message_id for row in await stage.all(OutboxMessage) if row.id in rows and row.chat_id == chat_id]


async def test_e59_a_line_that_was_shared_is_erased_from_the_list_in_the_topic(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    stage.rasa.gives_up(QUESTION)
    stage.rasa.gives_up("Und wie melden wir den Verein an?")
    for text in (QUESTION, "Und wie melden wir den Verein an?"):
        await rana.writes(text)
    await rana.asks_for_a_human()
    listed = await ids(stage, "Herrn Muster")
    assert len(listed) == 1
    shared = next(one for one in await stage.all(CaseMessage) if "Muster" in (one.text or ""))
    case = await stage.only_case()
    await anna.presses(case, "take")
    assert (await anna.presses(await stage.only_case(), "erase", str(shared.id))).said == ["desk.erased"]
    assert await deletions(stage, None) == listed
    again = await stage.on_its_way()
    assert "Und wie melden wir den Verein an?" in again
    assert "Muster" not in again


@pytest.mark.usefixtures("_a_taken_case")
@pytest.mark.parametrize("arrived", [False, True])
async def test_e59_of_what_was_changed_and_translated_nothing_stays(
    stage: Stage, rana: Visitor, anna: Colleague, *, arrived: bool
) -> None:
    await rana.writes("Es war Herr Muster", message_id=700)
    await rana.writes("Es war Frau Muster", message_id=700, edited=True)
    shown = await ids(stage, "Muster") if arrived else []
    (kept,) = await stage.all(CaseMessage)
    await stage.change(CaseMessage, facts="Herr → Frau", translation_state="wanted")
    await anna.presses(await stage.only_case(), "erase", str(kept.id))
    assert len(shown) == (2 if arrived else 0)
    assert await deletions(stage, None) == shown
    assert "Muster" not in await stage.on_its_way()
    (kept,) = await stage.all(CaseMessage)
    assert (kept.text, kept.was, kept.facts, kept.translation, kept.translation_state) == (None,) * 5


@pytest.mark.usefixtures("_a_taken_case")
async def test_e37_a_part_of_an_album_that_has_arrived_goes_alone(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    case = await stage.only_case()
    for message_id in (22, 21, 23):
        await anna.writes(case, None, media="photo", album="9", message_id=message_id)
    await stage.everything_arrives()
    copies = {one.source_message_id: one.copy_message_id for one in await stage.all(CaseMessage)}
    await anna.writes(case, "/löschen", reply_to=22)
    assert await deletions(stage, rana.chat_id) == [copies[22]]
    assert await deletions(stage, GROUP) == [22]


@pytest.mark.usefixtures("_a_taken_case")
async def test_e37_a_file_that_is_replaced_is_asked_for_anew_and_new_words_go_through(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    case = await stage.only_case()
    sent: dict[str, Any] = {"media": "document", "message_id": 31}
    await anna.writes(case, "Der Plan", file=PLAN, **sent)
    other = replace(PLAN, file_id="2", unique_id="other plan")
    assert (await anna.writes(case, "Der Plan", file=other, edited=True, **sent)).said == ["desk.file_not_changed"]
    again = replace(PLAN, file_id="another id of the same file")
    assert (await anna.writes(case, "Der neue Plan", file=again, edited=True, **sent)).said == []
    corrected = [row.payload for row in await stage.all(OutboxMessage) if row.method == "editMessageCaption"]
    assert [payload["caption"] for payload in corrected] == ["Der neue Plan"]
    await anna.writes(case, "Um 10 Uhr", message_id=32)
    with_file: dict[str, Any] = {"media": "document", "file": PLAN, "message_id": 32, "edited": True}
    assert (await anna.writes(case, "Um 10 Uhr", **with_file)).said == ["desk.file_not_changed"]


@pytest.mark.usefixtures("_a_taken_case")
async def test_an_edit_that_changes_no_word_is_none(stage: Stage, anna: Colleague) -> None:
    case = await stage.only_case()
    place: dict[str, Any] = {"media": "location", "message_id": 33}
    await anna.writes(case, None, **place)
    assert (await anna.writes(case, None, edited=True, **place)).said == []
    assert [row for row in await stage.all(OutboxMessage) if row.kind == "edit"] == []


@pytest.mark.usefixtures("_a_taken_case")
async def test_e35_what_was_erased_and_is_then_changed_says_something_again(
    stage: Stage, rana: Visitor, anna: Colleague
) -> None:
    await rana.writes("Es war Herr Muster", message_id=700)
    await stage.everything_arrives()
    (kept,) = await stage.all(CaseMessage)
    await anna.presses(await stage.only_case(), "erase", str(kept.id))
    await stage.everything_arrives()
    await rana.writes("Es war am Montag", message_id=700, edited=True)
    assert "Es war am Montag" in await stage.on_its_way()
    await stage.everything_arrives()
    assert await deletions(stage, None) == []
    assert [one.deleted_at for one in await stage.all(CaseMessage)] == [None]
