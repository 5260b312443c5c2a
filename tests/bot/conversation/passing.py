"""Time as the tests let it pass: what a look at the clock says to whom, and a diary of many looks."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.replies import CaseStep, Phrase, Reply
from bot.conversation.timers import Rounds
from bot.conversation.turn import Turn
from bot.handoff.effects import AlertCoordinator, TellStaff
from bot.storage.models import Staff, StaffAbsence
from tests.bot.stage import Stage
from tests.conftest import Clock

BERLIN = ZoneInfo("Europe/Berlin")


def set_clock(clock: Clock, wall: str, *, fold: int = 0) -> None:
    """Put the clock to a wall clock time in Wiesbaden."""
    clock.time = datetime.fromisoformat(wall).replace(tzinfo=BERLIN, fold=fold).astimezone(clock.time.tzinfo)


def said(turns: list[Turn]) -> list[str]:
    """Texts to persons (handoff.*), to staff (desk.*), and calls of the coordinator, in order."""
    return [name for turn in turns for item in turn.items for name in _names(item)]


def _names(item: object) -> list[str]:
    if isinstance(item, Reply):
        return [part.key for part in item.parts if isinstance(part, Phrase)]
    effects = item.effects if isinstance(item, CaseStep) else ()
    staff = [effect.text for effect in effects if isinstance(effect, TellStaff)]
    return staff + ["coordinator" for effect in effects if isinstance(effect, AlertCoordinator)]


def rounds(stage: Stage) -> Rounds:
    """Looks at the stage's clock; a new one knows nothing of those before it, as after a restart."""
    return Rounds(stage.database, stage.parts, stage.delivery.deliver)


async def look(stage: Stage) -> list[str]:
    """What one look says."""
    return said(await rounds(stage).look())


async def two_look(stage: Stage) -> Counter[str]:
    """What two processes that look at the same moment say together."""
    both = await asyncio.gather(rounds(stage).look(), rounds(stage).look())
    return Counter(name for turns in both for name in said(turns))


async def diary(stage: Stage, clock: Clock, until: str, *, minutes: int = 30) -> list[str]:
    """What is said until a wall clock time, looking every so many minutes: `24.11. 10:30 desk.remind_queue`."""
    end = datetime.fromisoformat(until).replace(tzinfo=BERLIN)
    entries = []
    while clock.time + timedelta(minutes=minutes) <= end:
        clock.forward(minutes=minutes)
        local = clock.time.astimezone(BERLIN)
        entries += [f"{local:%d.%m. %H:%M} {name}" for name in await look(stage)]
    return entries


async def goes_away(stage: Stage, name: str, first: datetime, days: int = 0) -> None:
    """Somebody of the office is away from a day on."""
    (staff,) = [member for member in await stage.all(Staff) if member.name == name]
    day = first.astimezone(BERLIN).date()
    async with stage.database.write() as session:
        session.add(StaffAbsence(staff_id=staff.id, first=day, last=day + timedelta(days=days)))
