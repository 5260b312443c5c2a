"""A conversation as a script: a person and Herr B., from the first word to the bot's return.

Each step does one thing and waits for what it must lead to; a play may let something happen right after the thing was
done (a kill), so that the same script shows what a clean run looks like and what remains of it when the bot dies.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.journeys.office import has_been_read
from tests.journeys.phone import Message, Phone, eventually
from tests.journeys.words import HOW_MANY_MEMBERS, PHRASES, entry, label, pattern

Seen = dict[str, list[dict[str, Any]]]


@dataclass
class Play:
    """One run of the script. `happens` is awaited right after each thing that a human does."""

    person: Phone
    office: Phone
    happens: Callable[[], Awaitable[None]] | None = None
    number: str = "?"
    said: set[str] = field(default_factory=set)
    """Every text that stood on one of the phones at some time, also if it was edited later."""

    async def run(self) -> None:
        """The whole script."""
        await self._ask()
        await self._agree()
        await self._talk()
        await self._finish()

    async def _then(self) -> None:
        for messages in (await self.seen()).values():
            self.said |= {one["text"] for one in messages}
        if self.happens is not None:
            await self.happens()

    async def _says(self, phone: Phone, text: str) -> int:
        message = await phone.send(text)
        await self._then()
        return message

    async def _presses(self, phone: Phone, message: Message, name: str) -> None:
        """Press without waiting for the short answer: that one is lost if the bot dies, as it is with Telegram."""
        wanted = label(phone.language, name)
        data = next(one["data"] for row in message["buttons"] for one in row if wanted in one["text"])
        body = {"user": phone.user, "chat": phone.chat, "message_id": message["message_id"], "data": data}
        await phone.control("press", **body)
        await self._then()

    async def _ask(self) -> None:
        person = self.person
        hello = await person.reads("start.greeting", after=await self._says(person, "/start"))
        asked = await self._says(person, HOW_MANY_MEMBERS["de"])
        answer = await person.reads("answer.as_of", after=asked)
        await self._presses(person, answer, "button.helped")
        await person.until(lambda one: one["message_id"] == answer["message_id"] and "👍" not in str(one["buttons"]))
        await self._presses(person, hello, "topic.rooms")
        menu = await person.reads("topic.rooms_head")
        await self._presses(person, menu, "rooms.event")
        # By its words: a second copy of the first answer, sent after a kill, is no answer to this.
        await person.sees(entry("rooms.event", "de").question + "\n", after=menu["message_id"])

    async def _agree(self) -> None:
        question = await self.person.reads("handoff.consent", after=await self._says(self.person, "/human"))
        await self._presses(self.person, question, "button.consent_yes")
        promise = await self.person.reads("handoff.queued_no_time", after=question["message_id"])
        found = re.search(r"W-\d{4}", promise["text"])
        assert found is not None
        self.number = found[0]
        self.office.topic = await self._topic()
        written = await self._says(self.person, "Wir sind zwölf Leute und suchen einen Saal.")
        await self.office.sees("zwölf Leute")
        await self.person.delivered(written)

    async def _topic(self) -> int:
        """The topic that holds the case's head (a kill may have left an empty one beside it)."""

        async def look() -> int | None:
            chat = (await self.office.http.get(f"/sim/chat/{self.office.chat}")).json()
            return next((one["topic"] for one in chat if self.number in one["text"] and one["topic"]), None)

        async def failed() -> str:
            return f"no head of {self.number}"

        return await eventually(look, failed)

    async def _head(self, state: str) -> Message:
        said = pattern("de", f"desk.state_{state}")
        return await self.office.until(lambda one: self.number in one["text"] and bool(said.search(one["text"])))

    async def _talk(self) -> None:
        person, office = self.person, self.office
        await self._presses(office, await self._head("queued"), "desk.button_take")
        await person.reads("handoff.human_here", staff="Herr B.")
        await self._head("claimed")
        greeting = await self._says(office, "Guten Tag, für wann brauchen Sie den Saal?")
        await person.sees("für wann")
        await office.delivered(greeting)
        await self._says(office, "// klingt nett")
        reply = await self._says(person, "Am dritten Mai.")
        await office.sees("Am dritten Mai.")
        await person.delivered(reply)
        await office.edit(greeting, "Guten Tag, an welchem Tag brauchen Sie den Saal?")
        await self._then()
        await person.sees("an welchem Tag")

    async def _finish(self) -> None:
        person, office = self.person, self.office
        await has_been_read()
        await self._presses(office, await self._head("claimed"), "desk.button_done")
        question = await person.reads("handoff.solved_question")
        await self._presses(person, question, "button.solved")
        back = await person.reads("handoff.resolved")
        await self._head("resolved")
        asked = await self._says(person, HOW_MANY_MEMBERS["de"])
        assert asked > back["message_id"]
        await person.reads("answer.as_of", after=asked)

    async def seen(self) -> Seen:
        """What both phones show, without what differs from run to run."""
        topics = (await self.office.http.get("/sim/topics")).json()
        return {
            "person": [self._shown(one) for one in await self.person.messages()],
            "office": [self._shown(one) for one in await self.office.messages() if self.office.topic],
            "topics": [{"from": "bot", "text": topic["name"].replace(self.number, "W")} for topic in topics
                       if topic["name"].startswith(self.number)],
        }  # fmt: skip

    def _shown(self, message: Message) -> dict[str, Any]:
        who = "bot" if message["from"] == "bot" else "human"
        text = re.sub(r"\d{2}:\d{2}", "hh:mm", message["text"].replace(self.number, "W"))
        today = datetime.now(PHRASES.zone).date()
        for day in (today, today - timedelta(days=1)):  # one run may begin before midnight and the next after it
            text = text.replace(PHRASES.day("de", day), "today")
        buttons = [[button["text"] for button in row] for row in message["buttons"]]
        reactions = [one["emoji"] for one in message["reactions"]]
        return {"from": who, "text": text, "buttons": buttons, "reactions": reactions}
