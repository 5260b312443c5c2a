"""Somebody of the office with the group on the phone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.actions import Action
from tests.bench.crowd import data_of
from tests.bench.random_run.actors import Actor, Deed, one_of
from tests.journeys.phone import GROUP, Message

EDITABLE = 4
RECENT = 12
"""Of so many newest topics in which a case is open one is looked at."""
AT_WORK = frozenset({"take", "done", "release"})
"""Under the head of a case that goes on there is one of these."""
PRESSES = {"take": 30, "held": 30, "done": 12, "takeover": 8, "give": 6, "release": 3, "answer": 2, "keep": 1}
COLLEAGUES = ("Frau A", "Herr B", "Frau C", "Herr D", "Frau E")
TEXTS = ("Guten Tag, für wann brauchen Sie den Saal", "Bitte kommen Sie am Dienstag um zehn", "Ich schaue nach")
NOTES = ("// klingt nett", "/note hat schon einmal angerufen")


@dataclass(kw_only=True)
class Member(Actor):
    """A member of staff; looks at another topic each time, mostly at one of their own cases."""

    name: str

    def deeds(self) -> list[Deed]:
        """In General there is nothing to do."""
        self.phone.topic = self._topic()
        if self.phone.topic is None:
            return []
        found = self.buttons()
        pressed: list[Deed] = [
            (f"staff {name}", weight, self.pressing(one_of(self.chance, found, name)))
            for name, weight in PRESSES.items() if name in found
        ]  # fmt: skip
        return [
            *pressed, ("staff write", 25, self._write), ("staff note", 6, self._note_down),
            ("staff edit", 5, self._edit), ("staff photo", 2, self._photo), ("/give", 2, self._hand_over),
        ]  # fmt: skip

    def looked_at(self, messages: list[Message]) -> list[Message]:
        """The head of the case is in sight always."""
        heads = [one for one in messages if _names(one) & AT_WORK]
        return [*super().looked_at(messages), *heads[:1]]

    def _topic(self) -> int | None:
        """Mostly one with a case that goes on."""
        shown = [one for one in self.live.now.get(GROUP, {}).values() if one["topic"] and one["from"] == "bot"]
        heads = {one["topic"]: one["text"] for one in shown if _names(one) & AT_WORK and not one["deleted"]}
        goes_on = sorted(heads, reverse=True)[:RECENT]
        mine = [topic for topic in goes_on if self.name in heads[topic]]
        topics = sorted({one["topic"] for one in shown})
        wanted = self.chance.choices((mine, goes_on, topics), (5, 4, 1))[0] or goes_on or topics
        return self.chance.choice(wanted) if wanted else None

    async def _write(self) -> None:
        await self.write(self.chance.choice(TEXTS))

    async def _photo(self) -> None:
        await self.write(self.chance.choice(TEXTS), photo=True)

    async def _note_down(self) -> None:
        await self.write(self.chance.choice(NOTES), note=True)

    async def _hand_over(self) -> None:
        await self.command(f"/give {self.chance.choice(COLLEAGUES)}")

    async def _edit(self) -> None:
        mine = [one for one in self.ledger.of(self.phone.user) if one.topic == self.phone.topic and one.mark]
        if mine:
            one = self.chance.choice(mine[:EDITABLE])
            await self.edit(one, self.chance.choice(NOTES if one.note else TEXTS))


def _names(message: Message) -> set[str]:
    return {Action.decode(data).name for data in data_of(message)}
