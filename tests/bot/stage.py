"""A stage for turns: conversation, office and delivery on a real database; only Rasa and Telegram are played.

Tests read as what people do: `await rana.writes("...")`, `await anna.presses(case, "take")`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import make_conversation
from bot.conversation.actions import Action
from bot.conversation.incoming import (
    FromPerson,
    FromPrivateChat,
    FromStaff,
    PersonMessage,
    PersonPress,
    PersonReach,
    StaffMessage,
    StaffPress,
)
from bot.conversation.office import group
from bot.conversation.office.turn import OfficeTurn
from bot.conversation.replies import Answer, Explanation, Lines, Phrase, Reply, Toast
from bot.conversation.timers import Rounds
from bot.conversation.turn import Parts, Turn
from bot.rasa import Guess, Rasa, RasaDown, Understanding
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.models import Case, CaseMessage, OutboxMessage, Staff
from bot.storage.office import record
from bot.storage.retention import Cleaning
from bot.telegram.arrivals import Arrivals
from bot.telegram.calls import Result
from bot.telegram.delivery import Delivery
from bot.telegram.outbox import PARTS
from bot.telegram.render import Renderer
from bot.telegram.staffchat import StaffChat
from bot.telegram.staffroom import StaffRoom
from tests.bot.conftest import GROUP

_ids = itertools.count(100)


class PlayedRasa(Rasa):
    """Understands the texts it was told about; anything else is out of scope. Nothing leaves the process."""

    def __init__(self) -> None:
        self.known: dict[str, Understanding] = {}
        self.down = False
        self.asked: list[str] = []

    def knows(self, text: str, intent: str, *also: str) -> None:
        """`text` is surely about the entry `intent`; the entries `also` come next in the ranking."""
        ranking = tuple(Guess(id, 0.9 / (place + 1)) for place, id in enumerate((intent, *also)))
        self.known[text] = Understanding(ranking, "answer", intent, ({"answer": intent},))

    def wavers(self, text: str, *intents: str) -> None:
        """`text` may be about any of these."""
        self.known[text] = Understanding(tuple(Guess(id, 0.3) for id in intents), "choose", None, ({"choose": True},))

    def gives_up(self, text: str) -> None:
        """`text` is understood as nothing."""
        self.known[text] = Understanding((Guess("out_of_scope", 0.1),), "give_up", None, ())

    async def ask(self, text: str, language: str, conversation: str, **beside: Any) -> Understanding:
        """As the real client does it."""
        self.asked.append(text)
        if self.down:
            raise RasaDown("played")
        says = ({"say": "out_of_scope"},)
        out_of_scope = Understanding((Guess("out_of_scope", 0.9),), "answer", "out_of_scope", says)
        return self.known.get(text, out_of_scope)


@dataclass(frozen=True)
class Seen:
    """What one person or member of staff gets to see after they did something."""

    said: list[str]
    """Message ids of the phrases, and ids of the entries and terms, in the order in which they come."""
    toast: str | None
    replies: Sequence[Reply] = ()
    toast_text: str = ""


def _names(reply: Reply) -> list[str]:
    names = []
    for part in reply.parts:
        if isinstance(part, Answer):
            names.append(part.entry_id)
        elif isinstance(part, Explanation):
            names.append(part.term_id)
        elif isinstance(part, Lines):
            names += [phrase.key for phrase in part.phrases]
        elif isinstance(part, Phrase):
            names.append(part.key)
        else:
            names.append(type(part).__name__)
    return names


def _key(toast: Toast | None) -> str | None:
    return toast.text.key if toast else None


class Stage:
    """Everything between Telegram and the database."""

    def __init__(self, database: Database, parts: Parts, settings: Settings) -> None:
        self.database = database
        self.parts = parts
        self.rasa = PlayedRasa()
        self.conversation = make_conversation(settings, parts, self.rasa)
        renderer = Renderer(parts.locales, parts.content, lambda: parts.clock().date())
        room = StaffRoom(renderer, parts.locales, "de", StaffChat(GROUP), parts.clock)
        self.delivery = Delivery(parts, renderer, room)

    async def person_does(self, incoming: FromPrivateChat) -> Turn:
        """A turn of a person, from thinking to rows of the outbox."""
        thought = await self.conversation.think(self.database, incoming)
        async with self.database.write() as session:
            turn = await self.conversation.respond(session, incoming, thought)
            await self.delivery.deliver(session, turn)
        await self._open_topics()
        return turn

    async def staff_does(self, incoming: StaffMessage | StaffPress, *, is_member: bool) -> OfficeTurn:
        """A turn of the office."""
        async with self.database.write() as session:
            done = await group.respond(session, self.parts, incoming, is_member=is_member)
            await self.delivery.answer_office(session, done)
        return done

    async def time_passes(self) -> list[str]:
        """A round of erasing and one of the timers; what persons are told."""
        await Cleaning(self.database, self.parts.retention).look(self.parts.clock())
        turns = await Rounds(self.database, self.parts, self.delivery.deliver).look()
        return [name for turn in turns for item in turn.items if isinstance(item, Reply) for name in _names(item)]

    async def _open_topics(self) -> None:
        """As the sender does when it posts the header."""
        async with self.database.write() as session:
            query = select(Case).where(Case.thread_id.is_(None), Case.state != "INTAKE")
            for case in await session.scalars(query):
                case.thread_id = 5000 + case.id

    async def is_read(self) -> None:
        """What persons wrote stands in the topics, and there was time to read it."""
        await self.change(CaseMessage, delivered_at=self.parts.clock() - timedelta(minutes=1))

    async def everything_arrives(self) -> None:
        """As the sender does it for what waits: each message gets an id of its own."""
        arrivals = Arrivals(self.database, self.parts.clock, StaffChat(GROUP))
        waiting = [row for row in await self.all(OutboxMessage) if row.state == "pending"]
        for row in waiting:
            new = tuple(next(_ids) for _ in (row.payload or {}).get(PARTS, [row]))
            await arrivals.store(row, Result(new[0], message_ids=new))

    async def only_case(self) -> Case:
        """The one case there is."""
        found: list[Case] = await self.all(Case)
        return found[0]

    async def all(self, model: type[Any]) -> list[Any]:
        """Every row of a table, oldest first."""
        async with self.database.read() as session:
            return list(await session.scalars(select(model).order_by(*model.__table__.primary_key)))

    async def messages(self, author: str) -> list[str | None]:
        """The texts of one kind in the case."""
        return [message.text for message in await self.all(CaseMessage) if message.author == author]

    async def on_its_way(self, chat_id: int | None = None) -> str:
        """All texts that wait to be sent to a chat (None: to topics of the group)."""
        rows = [row for row in await self.all(OutboxMessage) if row.chat_id == chat_id and row.state == "pending"]
        return "\n".join(str((row.payload or {}).get("text", "")) for row in rows)

    async def hire(self, telegram_id: int, name: str) -> Colleague:
        """Somebody of the office."""
        async with self.database.write() as session:
            session.add(Staff(telegram_id=telegram_id, name=name))
        return Colleague(self, telegram_id)

    async def records(self, action: str) -> None:
        """A line of the audit log that no staff member wrote."""
        async with self.database.write() as session:
            record(session, self.parts.clock(), action, staff_id=None)

    async def change(self, model: type[Any], **values: Any) -> None:
        """Set columns of every row of a table."""
        async with self.database.write() as session:
            await _set(session, model, values)


async def _set(session: AsyncSession, model: type[Any], values: dict[str, Any]) -> None:
    for row in await session.scalars(select(model)):
        for name, value in values.items():
            setattr(row, name, value)


@dataclass
class Visitor:
    """Somebody who writes to the bot in private. Remembers the buttons on their screen."""

    stage: Stage
    chat_id: int = 1001
    language: str = "de"
    screen: list[Action] = field(default_factory=list)

    @property
    def sender(self) -> FromPerson:
        return FromPerson(chat_id=self.chat_id, language_code=self.language)

    async def writes(self, text: str | None, **more: Any) -> Seen:
        """Send a message (`media`, `edited`, `message_id` as in `PersonMessage`)."""
        more.setdefault("message_id", next(_ids))
        return self._sees(await self.stage.person_does(PersonMessage(sender=self.sender, text=text, **more)))

    async def presses(self, name: str, *ends: str) -> Seen:
        """Press the newest button on the screen with this name, whose meaning ends like this."""
        fitting = [one for one in self.screen if one.name == name and one.args[len(one.args) - len(ends) :] == ends]
        assert fitting, f"no button {name} {ends} on the screen"
        return await self.presses_data(fitting[-1].encode())

    async def presses_data(self, data: str) -> Seen:
        """Press a button with this data, on the screen or not."""
        press = PersonPress(sender=self.sender, message_id=next(_ids), action=Action.decode(data))
        return self._sees(await self.stage.person_does(press))

    async def blocks(self, *, back: bool = False) -> Seen:
        """Block the bot, or let it in again."""
        return self._sees(await self.stage.person_does(PersonReach(sender=self.sender, reachable=back)))

    async def asks_for_a_human(self) -> Seen:
        """/human and yes."""
        await self.writes("/human")
        return await self.presses("consent", "yes")

    def _sees(self, turn: Turn) -> Seen:
        replies = [item for item in turn.items if isinstance(item, Reply)]
        self.screen += [button.action for reply in replies for row in reply.rows for button in row]
        return Seen([name for reply in replies for name in _names(reply)], _key(turn.toast), replies)


@dataclass
class Colleague:
    """Somebody in the office's group."""

    stage: Stage
    telegram_id: int

    async def writes(
        self, case: Case, text: str | None, *, is_member: bool = True, anonymous: bool = False, **more: Any
    ) -> Seen:
        """Write in the topic of a case."""
        more = {"message_id": next(_ids), "thread_id": case.thread_id, **more}
        sender = FromStaff(user_id=self.telegram_id, anonymous=anonymous)
        message = StaffMessage(sender=sender, chat_id=GROUP, text=text, **more)
        return self._sees(await self.stage.staff_does(message, is_member=is_member))

    async def presses(
        self, case: Case, name: str, *more: str, is_member: bool = True, anonymous: bool = False
    ) -> Seen:
        """Press a button made for the case as it was when `case` was read."""
        return await self.presses_data(
            ":".join((name, str(case.id), str(case.version), *more)), is_member=is_member, anonymous=anonymous
        )

    async def presses_data(self, data: str, *, is_member: bool = True, anonymous: bool = False) -> Seen:
        """Press a button with this data."""
        press = StaffPress(sender=FromStaff(user_id=self.telegram_id, anonymous=anonymous), chat_id=GROUP,
                           message_id=next(_ids), thread_id=None, action=Action.decode(data))  # fmt: skip
        return self._sees(await self.stage.staff_does(press, is_member=is_member))

    def _sees(self, turn: OfficeTurn) -> Seen:
        text = self.stage.delivery.toast_text(turn.toast, "de") if turn.toast else ""
        return Seen([note.text.key for note in turn.notes], _key(turn.toast), toast_text=text)


def phrases(seen: Seen) -> list[Phrase]:
    """The bot's own phrases in what was seen, with what fills their blanks."""
    return [part for reply in seen.replies for part in reply.parts if isinstance(part, Phrase)]
