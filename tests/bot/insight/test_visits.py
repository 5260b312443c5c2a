"""People are counted by week without anybody being known afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.models import Visit, VisitSalt, WeeklyPeople
from bot.storage.visits import close_weeks, forget_visits, note_visit, visits_of, week_of

TUESDAY, SUNDAY, NEXT_MONDAY = date(2026, 11, 24), date(2026, 11, 29), date(2026, 11, 30)
VISITS = [
    (1001, "rooms", "de"), (1001, "rooms", "de"), (1001, "funding", "de"), (1001, "rooms", "tr"),
    (1002, "rooms", "tr"), (1003, "", "tr"),
]  # fmt: skip


async def visited(database: Database, day: date = TUESDAY) -> None:
    for chat, topic, language in VISITS:
        async with database.write() as session:
            await note_visit(session, day, chat, topic, language)


async def people(database: Database) -> dict[tuple[str, str], int]:
    async with database.read() as session:
        return {(row.topic, row.language): row.people for row in await session.scalars(select(WeeklyPeople))}


async def close(database: Database, today: date) -> None:
    async with database.write() as session:
        await close_weeks(session, today)


async def rows(database: Database, model: type) -> list[object]:
    async with database.read() as session:
        return list(await session.scalars(select(model)))


async def test_a_week_that_is_over_leaves_numbers_and_nothing_else(database: Database) -> None:
    await visited(database)
    await close(database, SUNDAY)
    assert await people(database) == {}
    await close(database, NEXT_MONDAY)
    await close(database, NEXT_MONDAY)
    assert await people(database) == {
        ("*", "*"): 3, ("*", "de"): 1, ("*", "tr"): 3, ("rooms", "*"): 2, ("funding", "*"): 1, ("", "*"): 1,
        ("rooms", "de"): 1, ("funding", "de"): 1, ("rooms", "tr"): 2, ("", "tr"): 1,
    }  # fmt: skip
    assert await rows(database, Visit) == await rows(database, VisitSalt) == []


async def test_a_name_stands_for_nobody_and_is_another_one_in_the_next_week(database: Database) -> None:
    await visited(database)
    await visited(database, NEXT_MONDAY)
    async with database.read() as session:
        found = (await session.scalars(select(Visit))).all()
    assert not {visit.who for visit in found} & {1001, 1002, 1003}
    weeks = (week_of(TUESDAY), NEXT_MONDAY)
    by_week = {week: {visit.who for visit in found if visit.week == week} for week in weeks}
    assert [len(names) for names in by_week.values()] == [3, 3]
    assert len(set.union(*by_week.values())) == 6


async def test_who_is_forgotten_is_counted_in_no_week_that_runs(database: Database) -> None:
    await visited(database)
    async with database.write() as session:
        assert {(visit.topic, visit.language) for visit in await visits_of(session, 1001)} == {
            ("rooms", "de"), ("funding", "de"), ("rooms", "tr"),
        }  # fmt: skip
        await forget_visits(session, 1001)
    await close(database, NEXT_MONDAY)
    assert await people(database) == {
        ("*", "*"): 2, ("*", "tr"): 2, ("rooms", "*"): 1, ("", "*"): 1, ("rooms", "tr"): 1, ("", "tr"): 1,
    }  # fmt: skip


async def test_a_clock_that_went_back_holds_nothing_up(database: Database) -> None:
    await visited(database)
    await close(database, NEXT_MONDAY)
    await visited(database)
    await close(database, NEXT_MONDAY)
    assert (await people(database))["rooms", "*"] == 4


async def fail(database: Database) -> None:
    async with database.write() as session:
        await note_visit(session, TUESDAY, 1001, "rooms", "de")
        raise RuntimeError


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_a_salt_that_was_taken_back_is_not_gone_on_with(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await fail(database)
    await visited(database)
    async with database.read() as session:
        assert len(await visits_of(session, 1001)) == 3
