"""The outbox: rows written in the transaction that decided them, and the dispatcher that sends them.

Rows of one lane go out in order. A row is marked `sending` before the call and `sent` after it. If the process dies in
between, nobody can know whether Telegram took it: the Bot API has no key against doubles. Such a row is sent again
(silence is worse than a repetition) and marked `uncertain`. Several workers take rows with a lease (`leased_by`), and
none touches a lane of whose rows another one is sending one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.states import WITH_HUMAN
from bot.operations import trace
from bot.operations.outages import Line
from bot.storage.calls import Written, decide
from bot.storage.database import Database
from bot.storage.models import Case, CaseEvent, OutboxMessage, Person
from bot.telegram.lanes import REST_AFTER_DEFEAT, Lanes, Waiting
from bot.telegram.queues import OUTBOX_DUE, OUTBOX_LOOK, OUTBOX_TAKE, OUTBOX_TAKE_AMONG_OTHERS, WAITING_STATES

OUTAGE_LOOK = 1.0
"""Seconds that lanes rest while the database is away; they are woken when it is back."""
BOT_ANSWERS = ("answer", "flow")
"""Kinds of what only the bot says, as long as it speaks alone."""
PARTS = "parts"
"""In a payload: ids of the case messages that go out together, in the order of `message_ids`."""

ENTRIES = "entries"
"""In a payload: the entries it shows, id to version."""


def enqueue(
    session: AsyncSession, now: datetime, *, kind: str, method: str, payload: dict[str, Any],
    chat_id: int | None = None, case: Case | None = None, case_message_id: int | None = None, lane: str = "",
    rest: timedelta = timedelta(0),
) -> None:  # fmt: skip
    """Add a call of the Bot API to the transaction: to a chat, or (`chat_id` None) to the topic of the case.

    `lane`: one of its own, for what is to hold up nothing; `rest`: how long the call waits.
    """
    usual = f"chat:{chat_id}" if case is None or chat_id is not None else f"case:{case.id}"
    work = trace.current()
    decide(
        session, trace=work.id if work else None, asked_at=trace.answered() if chat_id is not None else None,
        lane=lane or usual, kind=kind, chat_id=chat_id, case_id=case.id if case else None,
        case_message_id=case_message_id, method=method, payload=payload, due_at=now + rest, created_at=now,
    )  # fmt: skip


_COLUMNS = [column.name for column in OutboxMessage.__table__.columns if not column.primary_key]


def delete_topic(session: AsyncSession, now: datetime, chat_id: int, thread_id: int) -> None:
    """A topic of somebody who was erased goes: in a lane of its own, since it may have to wait for a right."""
    enqueue(session, now, kind="erase", method="deleteForumTopic", chat_id=chat_id,
            payload={"message_thread_id": thread_id}, lane=f"erase:{thread_id}")  # fmt: skip


async def put_behind(session: AsyncSession, row: OutboxMessage) -> None:
    """Let a row that waits go out after all that is in its lane now."""
    columns = {name: getattr(row, name) for name in _COLUMNS}
    await session.delete(row)
    decide(session, **columns)


async def drop_bot_answers(session: AsyncSession, chat_id: int) -> int:
    """A human took over: what the bot was about to say is not said any more. Returns how many messages that were."""
    waiting = (OutboxMessage.chat_id == chat_id, OutboxMessage.kind.in_(BOT_ANSWERS),
               OutboxMessage.state == "pending")  # fmt: skip
    dropping = update(OutboxMessage).where(*waiting).values(state="dropped", payload=None)
    return len((await session.execute(dropping.returning(OutboxMessage.id))).all())


async def is_overtaken(session: AsyncSession, row: OutboxMessage) -> bool:
    """Whether a human being has taken over since this answer of the bot was written, and is still there."""
    query = select(CaseEvent.id).join(Case, Case.id == CaseEvent.case_id).join(Person, Person.id == Case.person_id)
    took_over = (CaseEvent.to_state.in_(WITH_HUMAN), CaseEvent.from_state.not_in(WITH_HUMAN),
                 CaseEvent.at >= row.created_at)  # fmt: skip
    with_human = query.where(Person.chat_id == row.chat_id, Case.state.in_(WITH_HUMAN), *took_over)
    return await session.scalar(with_human.limit(1)) is not None


async def drop_older_headers(session: AsyncSession, case: Case) -> None:
    """Only the newest state of a header is worth sending."""
    older = (OutboxMessage.case_id == case.id, OutboxMessage.kind == "header", OutboxMessage.state == "pending")
    await session.execute(delete(OutboxMessage).where(*older))


async def hinted(session: AsyncSession, lane: str, since: datetime) -> bool:
    """Whether somebody was given a hint (a lane of its own) after `since`."""
    query = select(OutboxMessage.id).where(OutboxMessage.lane == lane, OutboxMessage.created_at > since).limit(1)
    return await session.scalar(query) is not None


async def has_reached_another(session: AsyncSession, row: OutboxMessage) -> bool:
    """Whether the same alert has arrived at another admin, or is still on its way there."""
    same = (OutboxMessage.kind == "alert", OutboxMessage.created_at == row.created_at, OutboxMessage.id != row.id,
            OutboxMessage.case_id.is_not_distinct_from(row.case_id))  # fmt: skip
    query = select(OutboxMessage.id).where(*same, OutboxMessage.state.in_((*WAITING_STATES, "sent"))).limit(1)
    return await session.scalar(query) is not None


class Sender(Protocol):
    """What the dispatcher hands its rows to."""

    line: Line
    """Whether Telegram can be reached."""

    async def send(self, row: OutboxMessage) -> timedelta | None:
        """Send one row and store what came of it; the lane rests for the time returned."""

    def forget_rests(self) -> None:
        """The clock was set back: rests until a time by the old one mean nothing."""


class Outbox:
    """Sends what waits, lane by lane."""

    def __init__(self, database: Database, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._lanes = Lanes(self._waiting, self._send_one)
        database.queued = self._offer
        self.wake = self._lanes.wake
        self.hurry = self._lanes.hurry
        self.run = self._lanes.run
        # What waits because of an outage goes on at once when that is over.
        sender.line.is_back = self.hurry

    def turned_at(self) -> float:
        """When the loop last went round (monotonic)."""
        return self._lanes.turned_at

    async def retry(self, chat_id: int) -> None:
        """What waits for the group (this chat and all topics) need not wait any more."""
        to_group = or_(OutboxMessage.chat_id.is_(None), OutboxMessage.chat_id == chat_id)
        later = (OutboxMessage.state == "pending", OutboxMessage.due_at > self._clock(), OutboxMessage.kind != "bin")
        async with self._database.write() as session:
            await session.execute(update(OutboxMessage).where(to_group, *later).values(due_at=self._clock()))
        self.hurry()

    async def hurry_all(self) -> None:
        """The clock was set back: what rests until a time by the old one may go out."""
        later = (OutboxMessage.state == "pending", OutboxMessage.due_at > self._clock(), OutboxMessage.kind != "bin")
        async with self._database.write() as session:
            await session.execute(update(OutboxMessage).where(*later).values(due_at=self._clock()))
        self._sender.forget_rests()
        self.hurry()

    async def recover(self) -> int:
        """After a restart of the only process: rows that were being sent are sent again. Returns how many.

        Where there are several, `Workplace` finds out whose rows these were.
        """
        if self._database.worker:
            return 0
        async with self._database.write() as session:
            result = await session.execute(
                update(OutboxMessage).where(OutboxMessage.state == "sending")
                .values(state="pending", uncertain=True)
                .returning(OutboxMessage.id)
            )  # fmt: skip
            return len(result.all())

    def _offer(self, rows: Sequence[Written]) -> None:
        for lane, row in rows:
            self._lanes.offer(lane, row)

    async def _waiting(self) -> list[Waiting]:
        return [Waiting._make(row) for row in await self._database.run(OUTBOX_LOOK, {"me": self._database.worker})]

    async def _send_one(self, row_id: int) -> timedelta | None:
        rest = OUTAGE_LOOK if self._database.outage.lasts else self._sender.line.rest()
        if rest:
            # Nothing is sent of which could not be noted that it was.
            return timedelta(seconds=rest)
        row = await self._take(row_id)
        if isinstance(row, OutboxMessage):
            trace.begin(row.trace)
            return await self._sender.send(row)
        self._sender.line.untried()
        return row

    async def _take(self, row_id: int) -> OutboxMessage | timedelta | None:
        """The row, marked as being sent; the time until it is due; None if it was dropped or taken meanwhile.

        A row of ours that is marked already is one whose outcome could not be stored: it may have arrived.
        """
        now, me = self._clock(), self._database.worker
        taking = OUTBOX_TAKE_AMONG_OTHERS if me else OUTBOX_TAKE
        taken = await self._database.first(taking, {"row": row_id, "me": me, "now": now}, writes=True)
        if taken is not None:
            return OutboxMessage(**taken._mapping)
        waits = await self._database.first(OUTBOX_DUE, {"row": row_id, "me": me})
        # What is due and could not be had is another worker's.
        return None if waits is None else max(waits.due_at - now, REST_AFTER_DEFEAT)
