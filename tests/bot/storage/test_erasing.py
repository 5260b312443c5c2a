"""Every column about a person is filled; when they are erased, what is left stands on a list with reasons."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.storage import persons
from bot.storage.database import Database
from bot.storage.models import Base, Case, Person
from bot.storage.visits import note_visit
from tests.bot.storage.test_disclosure import CHAT, a_full_life, written
from tests.conftest import Clock

STAYS = {
    "handoff_case": "the stub of a case, for the statistics: number, state and times, without person and text",
    "case_event": "what became of the stub, step by step",
    "referral": "that somebody was sent on, and whether it worked; not where to",
    "timer": "goes when it fires",
    "audit": "who did what and when at the office; no reasons",
    "inbox": "numbers of updates that have been dealt with; they name no chat",
}
GOES = {
    ("handoff_case", name) for name in ("person_id", "topic", "summary", "offered_language")
} | {("referral", "contact"), ("referral", "ask_at"), ("audit", "detail"), ("inbox", "lane"),
     ("inbox", "album")}  # fmt: skip
"""Of the tables of which something stays: what does not."""
KNOWN = ("id", "person_id", "case_id", "staff_id", "owner_id", "ended_by", "message_id", "case_message_id", "author")
"""Columns in which nothing was planted: they have values that stand elsewhere too."""


def as_stored(value: object) -> str:
    """As SQLite writes it down."""
    return written(value).replace("T", " ").removesuffix("+00:00")


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_whoever_is_erased_leaves_nothing_but_what_is_listed(database: Database, clock: Clock) -> None:
    life = await a_full_life(database)
    planted = {
        (row.__tablename__, attribute.key): as_stored(getattr(row, attribute.key))
        for row in life.values()
        for attribute in row.__mapper__.column_attrs
        if attribute.key not in KNOWN and getattr(row, attribute.key) is not True
    }
    async with database.write() as session:
        await note_visit(session, clock().date(), CHAT, "rooms", "ar")
    async with database.write() as session:
        await persons.erase_texts(session, await session.get_one(Case, 1))
        await session.flush()
        await persons.erase_person(session, await session.get_one(Person, 1))
    async with database.read() as session:
        left = {name: str((await session.execute(text(f'SELECT * FROM "{name}"'))).all()) for name in
                Base.metadata.tables}  # fmt: skip
    assert str(CHAT) not in str(left)
    assert {name for name, rows in left.items() if rows != "[]"} <= {*STAYS, "staff", "visit_salt"}
    for place, value in planted.items():
        stays = place[0] in STAYS and place not in GOES
        assert stays or value not in str(left), place
