"""What happens because time passed. Each thing in a transaction of its own, taken by whoever deletes or marks its row:
a restart, a clock change or a second process fires nothing twice, and one that fails does not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import cases, casework, referrals
from bot.conversation.calendars import calendar_of
from bot.conversation.flows import founding_checklist, funding_finder
from bot.conversation.replies import CaseStep
from bot.conversation.turn import Parts, Turn
from bot.handoff import events as ev
from bot.handoff.effects import EraseCase
from bot.handoff.states import WITH_HUMAN, State
from bot.handoff.timers import Kind, following
from bot.handoff.transition import Refused
from bot.operations import trace
from bot.storage import cases as stored
from bot.storage import flows, office, persons
from bot.storage.away import DatabaseAway
from bot.storage.database import Database
from bot.storage.models import Case, Person, Referral, Reminder, Timer
from bot.storage.visits import close_weeks, has_weeks_to_close

log = logging.getLogger(__name__)

Deliver = Callable[[AsyncSession, Turn], Awaitable[None]]
Work = Callable[[AsyncSession], Awaitable[Turn | None]]


class Rounds:
    """Looks at the clock and does what is due."""

    def __init__(self, database: Database, parts: Parts, deliver: Deliver) -> None:
        self._database = database
        self._parts = parts
        self._deliver = deliver

    async def look(self) -> list[Turn]:
        """One round; the turns that came of it."""
        turns = [await self._do(work) for work in await self._due()]
        return [turn for turn in turns if turn is not None]

    async def _do(self, work: Work) -> Turn | None:
        trace.begin(trace.of_timer())
        try:
            async with self._database.write() as session:
                turn = await work(session)
                if turn is not None:
                    await self._deliver(session, turn)
                return turn
        except Refused:
            return None  # the case has moved on since it was looked at
        except DatabaseAway:
            raise
        except Exception:
            log.exception("something that was due failed; the next round tries again")
            return None
        finally:
            trace.begin(None)

    async def _close_weeks(self, session: AsyncSession) -> None:
        await close_weeks(session, self._today())

    def _today(self) -> date:
        return self._parts.clock().astimezone(self._parts.locales.zone).date()

    async def _due(self) -> list[Work]:
        now = self._parts.clock()
        async with self._database.read() as session:
            # A look costs little; a transaction that writes, to find that there is nothing to do, holds up others.
            works: list[Work] = [self._close_weeks] if await has_weeks_to_close(session, self._today()) else []
            works += [self._reminder(row.id) for row in await flows.due_reminders(session, now)]
            works += [self._timer(id) for id in await office.due_timers(session, now)]
            works += [self._referral(id) for id in await _due_referrals(session, now)]
            works += [self._erase_person(id) for id in await persons.to_erase(session)]
            old = self._parts.retention.before("cases", now)
            works += [self._erase_case(id, old) for id in await stored.ids_older(session, old)]
            works += await self._of_the_office(session)
        return works

    async def _of_the_office(self, session: AsyncSession) -> list[Work]:
        """T5, T8, E22: the office has opened, closed, or lost somebody."""
        now = self._parts.clock()
        calendar = await calendar_of(session, self._parts.calendar)
        state = await casework.office_now(session, self._parts, now)
        present = {member.id for member in await office.on_duty(session, now.astimezone(calendar.zone).date())}
        works: list[Work] = []
        if state.answers:
            works += [self._event(id, ev.OfficeOpened) for id in await stored.ids_in_state(session, State.PARKED)]
        elif not (state.staffed and calendar.in_break(now)):
            works += [self._event(id, ev.OfficeClosed) for id in await stored.ids_in_state(session, State.QUEUED)]
        owned = select(Case.id).where(Case.state == State.CLAIMED, Case.owner_id.not_in(present))
        return works + [self._event(id, ev.OwnerGone) for id in await session.scalars(owned)]

    def _event(self, case_id: int, kind: type[ev.OfficeOpened | ev.OfficeClosed | ev.OwnerGone]) -> Work:
        async def work(session: AsyncSession) -> Turn | None:
            """Tell the case what became of the office; a case changed in the future waits until the clock is right."""
            turn = await self._turn(session, case_id)
            if turn is None or (turn.view.changed_at or turn.now) > turn.now:
                return None
            await casework.apply(turn, kind(await casework.office_for(turn)))
            return turn

        return work

    async def _turn(self, session: AsyncSession, case_id: int) -> Turn | None:
        case = await stored.case_by_id(session, case_id)
        return await casework.turn_for_case(session, self._parts, case, self._parts.clock()) if case else None

    def _timer(self, timer_id: int) -> Work:
        async def work(session: AsyncSession) -> Turn | None:
            """Take the timer, and let happen what it was set for. The case is locked first, as in every other turn."""
            case_id = await session.scalar(select(Timer.case_id).where(Timer.id == timer_id))
            turn = await self._turn(session, case_id) if case_id is not None else None
            taken = await office.take_timer(session, timer_id, self._parts.clock())
            if taken is None or turn is None:
                return None
            try:
                await self._fire(turn, Kind(taken[1]))
            except Refused:
                return None  # the state moved on without it; the timer is spent
            return turn

        return work

    async def _fire(self, turn: Turn, kind: Kind) -> None:
        if kind is Kind.GRACE:
            await cases.drop_asked(turn)
        await casework.apply(turn, await _event_of(turn, kind))
        if kind is Kind.LAPSE:
            await turn.count("handoff_declined", "lapsed")
        calendar = await calendar_of(turn.session, self._parts.calendar)
        step = following(kind, calendar, self._parts.limits, turn.now)
        if step is not None and turn.case is not None:
            turn.session.add(Timer(case_id=turn.case.id, kind=step[0], due_at=step[1]))

    def _erase_person(self, person_id: int) -> Work:
        async def work(session: AsyncSession) -> Turn | None:
            """E61: the case has ended, now everything goes."""
            person = await session.get(Person, person_id, with_for_update=True)
            if person is None or not person.erase_when_done or await stored.open_case(session, person) is not None:
                return None
            turn = Turn(parts=self._parts, session=session, person=person, case=None, now=self._parts.clock(),
                        language=person.language)  # fmt: skip
            await cases.erase_everything(turn)
            return turn

        return work

    def _erase_case(self, case_id: int, before: datetime) -> Work:
        async def work(session: AsyncSession) -> Turn | None:
            """E62: texts of cases that ended long ago go; one that was taken up again meanwhile stays."""
            turn = await self._turn(session, case_id)
            case = turn.case if turn is not None else None
            if turn is None or case is None or not stored.is_older(case, before):
                return None
            turn.items.append(CaseStep(case, (EraseCase(),)))
            await persons.erase_texts(session, case)
            return turn

        return work

    def _referral(self, referral_id: int) -> Work:
        async def work(session: AsyncSession) -> Turn | None:
            """Ask whether it worked; who cannot be reached is not asked, and while a human talks with them it waits."""
            case_id = await session.scalar(select(Referral.case_id).where(Referral.id == referral_id))
            turn = await self._turn(session, case_id) if case_id is not None else None
            referral = await session.get(Referral, referral_id, with_for_update=True)
            if referral is None or referral.ask_at is None:
                return None
            if turn is None or not turn.person.reachable:
                referral.ask_at = None
                return None
            if await _with_a_human(session, turn.person):
                return None
            referrals.ask_outcome(turn, referral)
            return turn

        return work

    def _reminder(self, reminder_id: int) -> Work:
        async def work(session: AsyncSession) -> Turn | None:
            """What a person asked to be reminded of, once; while a human talks with them it waits."""
            reminder = await session.get(Reminder, reminder_id, with_for_update=True)
            person = await session.get(Person, reminder.person_id) if reminder is not None else None
            if reminder is None or person is None:
                return None
            if await _with_a_human(session, person):
                return None
            case = await stored.open_case(session, person)
            await session.delete(reminder)
            turn = Turn(parts=self._parts, session=session, person=person, case=case, now=self._parts.clock(),
                        language=person.language)  # fmt: skip
            if reminder.kind == "deadline":
                await funding_finder.say_deadline(turn, reminder.key)
            else:
                await founding_checklist.say_next(turn)
            return turn

        return work


async def _with_a_human(session: AsyncSession, person: Person) -> bool:
    case = await stored.open_case(session, person)
    return case is not None and State(case.state) in WITH_HUMAN


async def _due_referrals(session: AsyncSession, now: datetime) -> list[int]:
    return list(await session.scalars(select(Referral.id).where(Referral.ask_at <= now)))


async def _event_of(turn: Turn, kind: Kind) -> ev.Event:
    match kind:
        case Kind.LAPSE:
            return ev.Declined(lapsed=True)
        case Kind.QUEUE_REMINDER | Kind.QUEUE_REMINDER_2 | Kind.OWNER_REMINDER:
            return ev.StaffReminded()
        case Kind.RELEASE:
            return ev.OwnerSilent(await casework.office_for(turn))
        case Kind.ESCALATION:
            return ev.PromiseMissed()
        case Kind.IDLE_REMINDER:
            return ev.PersonReminded()
        case Kind.IDLE:
            return ev.PersonIdle()
        case Kind.NO_ANSWER:
            return ev.Solved("no_answer")
        case Kind.GRACE:
            return ev.GraceOver()
