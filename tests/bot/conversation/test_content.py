"""Content changes while the bot runs: what is sound is there at once for everybody, what is broken changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.conversation.content import LONGEST_PAUSE, LOOK_SECONDS, Content
from bot.conversation.turn import Parts
from bot.locales import Locales
from bot.storage.database import Database
from tests.bot.conftest import make_settings
from tests.bot.stage import Stage, Visitor
from tests.knowledge.shelf_builder import Content as Folder

Save = Callable[..., Awaitable[bool]]
QUESTION = {"question": "Wie geht das?"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two entries and the words of danger."""
    folder = Folder(tmp_path)
    folder.write("crisis.yml", "de: [not und gefahr]\n")
    folder.source(text="Alte Antwort.")
    folder.source("rooms.event", text="Ein Saal.")
    return folder


@pytest.fixture
def content(folder: Folder, locales: Locales) -> Content:
    return Content(folder.top, locales)


async def looks_twice(content: Content) -> bool:
    """As the bot does within a few seconds; whether there is a new edition."""
    return [await content.refresh(), await content.refresh()][-1]


@pytest_asyncio.fixture
async def newcomer(database: Database, parts: Parts, content: Content) -> Visitor:
    """Somebody who writes to a bot with this content."""
    return Visitor(Stage(database, replace(parts, content=content), make_settings()))


async def answer(newcomer: Visitor) -> str:
    """What the person has been sent about `founding.steps` so far."""
    newcomer.stage.rasa.knows("frage", "founding.steps")
    await newcomer.writes("frage")
    return await newcomer.stage.on_its_way(newcomer.chat_id)


async def test_changed_answer_is_given_at_once(newcomer: Visitor, folder: Folder, content: Content) -> None:
    assert "Alte Antwort." in await answer(newcomer)
    folder.source(text="Ganz neue Antwort.")
    assert await looks_twice(content)
    assert "Ganz neue Antwort." in await answer(newcomer)


async def test_new_words_of_danger_count_at_once(newcomer: Visitor, folder: Folder, content: Content) -> None:
    folder.source("smalltalk.crisis", text="Rufen Sie an.")
    folder.write("crisis.yml", "de: [lila elefant]\n")
    assert await looks_twice(content)
    assert (await newcomer.writes("Ein lila Elefant!")).said == ["smalltalk.crisis"]


async def test_new_entry_is_in_the_menu_and_one_taken_away_is_not(
    newcomer: Visitor, folder: Folder, content: Content
) -> None:
    folder.source("founding.costs", question="Was kostet das?")
    folder.names.pop("rooms")
    folder.list_entry("founding.more")
    folder.source("founding.more", question="Was noch?")
    (folder.folder / "rooms" / "event.de.md").unlink()
    assert await looks_twice(content)
    await newcomer.writes("/start")
    seen = await newcomer.presses("topic", "founding")
    labels = [button.label for reply in seen.replies for row in reply.rows for button in row]
    assert [label for label in labels if isinstance(label, str)] == ["Wie geht das?", "Was kostet das?", "Was noch?"]
    await newcomer.presses_data("ask:rooms.event")


async def test_files_still_being_written_are_waited_for(folder: Folder, content: Content) -> None:
    folder.source(text="Erster Teil.")
    assert not await content.refresh()
    folder.source(text="Erster und zweiter Teil.")
    assert not await content.refresh()
    assert await content.refresh()
    assert content.library.entry("founding.steps", "de").text == "Erster und zweiter Teil."
    assert not await content.refresh()


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("content/founding/steps.de.md", "---\nid: [\n---\nKaputt.\n",
         "knowledge/content/founding/steps.de.md:2: YAML cannot be read"),
        ("content/founding/steps.de.md", "---\nid: a\n---\nFILL IN: mehr\n",
         "knowledge/content/founding/steps.de.md:4: still to fill in: mehr"),
        ("contacts.yml", "office: {name: 'Amt'}\n", "knowledge/contacts.yml:1: office: about is missing"),
        ("topics.yml", "founding: [steps, steps]\n", "knowledge/topics.yml:1: founding.steps stands twice"),
        ("topics.yml", "founding: [steps]\nrooms: [event]\nmoney: [loan]\n",
         "knowledge/topics.yml:1: topic money: the bot has no text topic.money"),
        ("crisis.yml", "de: [\n", "crisis.yml in knowledge/ cannot be read"),
    ],
)  # fmt: skip
async def test_broken_change_is_said_in_one_line_and_leaves_all_as_it_was(
    folder: Folder, content: Content, caplog: pytest.LogCaptureFixture, path: str, text: str, said: str
) -> None:
    before = content.library
    folder.write(path, text)
    caplog.clear()
    assert not await looks_twice(content)
    assert not await looks_twice(content)
    assert content.library is before
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert line.startswith(f"content stays as it was: {said}")
    assert "\n" not in line


async def test_when_the_mistake_is_mended_the_change_is_taken_over(folder: Folder, content: Content) -> None:
    folder.source(text="Kostet 50 Euro.")
    assert not await looks_twice(content)
    folder.source(text="Kostet wenig Geld.")
    assert await looks_twice(content)
    assert content.library.entry("founding.steps", "de").text == "Kostet wenig Geld."


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: folder.source("founding.new"),  # its translations are missing
        lambda folder: (folder.list_entry("founding.draft"),
                        folder.write("content/founding/draft.de.md", "---\nid: founding.draft\n---\nFILL IN: alles\n")),
        lambda folder: folder.write("content/founding/stray.de.md", "nobody lists it"),
        lambda folder: folder.write("content/founding/steps.tr.md", "---\nFILL IN\n---\n"),
    ],
)  # fmt: skip
async def test_what_is_unfinished_keeps_nothing_else_from_going_live(
    folder: Folder, content: Content, change: Callable[[Folder], Any]
) -> None:
    change(folder)
    folder.source("rooms.event", text="Zwei Säle.")
    assert await looks_twice(content)
    assert content.library.entry("rooms.event", "de").text == "Zwei Säle."
    assert not content.library.has("founding.draft")


async def test_mistake_that_was_there_from_the_start_does_not_keep_others_back(
    folder: Folder, locales: Locales
) -> None:
    folder.source("founding.costs", text="Kostet 50 Euro.")
    content = Content(folder.top, locales)
    folder.source(text="Neu.")
    assert await looks_twice(content)


async def test_topic_without_a_name_is_left_out_and_said_at_the_start(
    folder: Folder, locales: Locales, database: Database, parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    folder.source("money.loan")
    content = Content(folder.top, locales)
    assert "content left out: knowledge/topics.yml:1: topic money: the bot has no text topic.money" in caplog.text
    newcomer = Visitor(Stage(database, replace(parts, content=content), make_settings()))
    await newcomer.writes("/start")
    assert {action.args for action in newcomer.screen if action.name == "topic"} == {("founding",), ("rooms",)}


async def test_an_editors_hidden_files_are_not_looked_at(folder: Folder, content: Content) -> None:
    folder.write("content/founding/.steps.de.md.swp", "x")
    folder.write("content/founding/.#steps.de.md", "x")
    folder.write("content/founding/steps.de.md~", "x")
    assert not await looks_twice(content)


async def test_new_term_is_explained_at_once_even_before_it_is_translated(
    newcomer: Visitor, folder: Folder, content: Content
) -> None:
    folder.glossary("de", {"Satzung": {"explanation": "die Regeln"}}, ask=["was ist {}"], plain=120)
    assert await looks_twice(content)
    await newcomer.writes("Was ist Satzung?")
    assert "<b>Satzung</b> – die Regeln" in await newcomer.stage.on_its_way(newcomer.chat_id)
    folder.glossary("de", {"Satzung": {"explanation": ""}}, plain=120)
    assert not await looks_twice(content)


async def test_a_look_that_takes_long_is_followed_by_a_longer_rest(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With thousands of files; but never so long that an editor gives up waiting."""
    await content.refresh()
    assert content.pause == LOOK_SECONDS
    pauses = []
    for seconds in (0.1, 60.0):
        times = iter((0.0, seconds))
        with monkeypatch.context() as slow:
            slow.setattr("bot.conversation.content.time.monotonic", lambda times=times: next(times))
            slow.setattr("bot.conversation.content.asyncio.to_thread", _at_once)
            await content.refresh()
        pauses.append(content.pause)
    assert pauses == [5.0, LONGEST_PAUSE]


async def _at_once(work: Callable[..., Any], *arguments: Any) -> Any:
    """Here, and not in a thread: the clock of a test is not for threads."""
    return work(*arguments)
