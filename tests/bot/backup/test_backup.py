"""A backup comes back whole, on the right database only, and nothing of then is done again without thought."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import make_url, select, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from bot.backup import files, postgresql
from bot.backup.archive import BackupError
from bot.backup.command import backup, restore
from bot.backup.settle import FURTHER
from bot.settings import Settings
from bot.storage import erasures, persons
from bot.storage.database import Database, DatabaseUnreachable
from bot.storage.models import (
    Audit,
    Base,
    Case,
    CaseMessage,
    DeskSession,
    Erasure,
    InboxUpdate,
    OutboxMessage,
    Person,
    Staff,
)
from tests.bot.conftest import GROUP, make_settings

NOW = datetime.now(UTC)
CHAT = 7_654_321_098


@pytest.fixture
def settings(migrated_url: str, tmp_path: Path) -> Settings:
    """An office whose backups stand in a folder of this test."""
    return make_settings(database_url=migrated_url, backup_folder=tmp_path / "backups")


@pytest_asyncio.fixture
async def lived_in(settings: Settings) -> AsyncIterator[Settings]:
    """Somebody has a case; one update and several calls wait. No bot is at work."""
    database = Database(settings.database_url)
    async with database.write() as session:
        session.add_all([Staff(id=1, name="Frau A."), a_person(1, CHAT), a_person(2, 1002)])
        await session.flush()
        session.add(Case(id=3, person_id=1, state="CLAIMED", reason="button", language="ar", opened_at=NOW,
                         changed_at=NOW, owner_id=1, thread_id=77, summary="Zaubermarker"))  # fmt: skip
        await session.flush()
        session.add(CaseMessage(id=4, case_id=3, author="staff", staff_id=1, at=NOW, text="Zaubermarker",
                                source_chat_id=GROUP, source_message_id=5))  # fmt: skip
        await session.flush()
        session.add_all([
            an_update(10, done=True), an_update(11, done=False), a_call("system", chat_id=CHAT),
            a_call("relay", chat_id=CHAT, case_id=3, case_message_id=4, state="sending"),
            a_call("erase", chat_id=GROUP), a_call("system", chat_id=1002, state="sent"),
            DeskSession(token_hash="x", staff_id=1, csrf="x", created_at=NOW, seen_at=NOW),
        ])  # fmt: skip
    await database.close()
    yield settings


def a_person(number: int, chat_id: int) -> Person:
    return Person(id=number, chat_id=chat_id, language="ar", created_at=NOW, seen_at=NOW)


def an_update(number: int, *, done: bool) -> InboxUpdate:
    return InboxUpdate(update_id=number, lane=f"chat:{CHAT}", payload=None if done else {"text": "Zaubermarker"},
                       received_at=NOW, done_at=NOW if done else None)  # fmt: skip


def a_call(kind: str, state: str = "pending", **more: Any) -> OutboxMessage:
    text = "Zaubermarker" if more.get("chat_id") == CHAT else "x"
    return OutboxMessage(lane="x", kind=kind, method="sendMessage", payload={"text": text}, state=state, due_at=NOW,
                         created_at=NOW, **more)  # fmt: skip


async def all_of(settings: Settings, model: type[Base]) -> list[Any]:
    database = Database(settings.database_url)
    async with database.read() as session:
        found = list(await session.scalars(select(model).order_by(*model.__mapper__.primary_key)))
    await database.close()
    return found


async def everything(settings: Settings) -> str:
    """Every value of every table."""
    database = Database(settings.database_url)
    async with database.read() as session:
        found = [str((await session.execute(text(f'SELECT * FROM "{name}"'))).all()) for name in Base.metadata.tables]
    await database.close()
    return "\n".join(found)


async def emptied(settings: Settings, tmp_path: Path) -> Settings:
    """As after a fire: the same settings, another database, with nothing in it, not even tables."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        other = tmp_path / "elsewhere" / "test.db"
        return make_settings(database_url=f"sqlite+aiosqlite:///{other}", backup_folder=settings.backup_folder)
    engine = create_async_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f"t{os.urandom(6).hex()}"
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    new = url.set(database=name).render_as_string(hide_password=False)
    return make_settings(database_url=new, backup_folder=settings.backup_folder)


async def test_what_was_backed_up_is_there_again_and_fit_for_work(lived_in: Settings, tmp_path: Path) -> None:
    file = await backup(lived_in)
    new = await emptied(lived_in, tmp_path)
    await restore(new, file)
    assert [person.chat_id for person in await all_of(new, Person)] == [CHAT, 1002]
    (message,) = await all_of(new, CaseMessage)
    assert (message.text, message.failed) == ("Zaubermarker", "restored")
    updates = [(row.update_id, row.done_at is not None, row.payload) for row in await all_of(new, InboxUpdate)]
    assert updates == [(10, True, None), (11, True, None)]
    calls = [(row.kind, row.state, row.error, row.payload is None) for row in await all_of(new, OutboxMessage)]
    assert calls == [("system", "failed", "restored", True), ("relay", "failed", "restored", True),
                     ("erase", "pending", None, False), ("system", "sent", None, False)]  # fmt: skip
    assert await all_of(new, DeskSession) == []
    assert [row.action for row in await all_of(new, Audit)] == ["restored"]


async def test_numbers_on_buttons_are_not_given_again(lived_in: Settings, tmp_path: Path) -> None:
    new = await emptied(lived_in, tmp_path)
    await restore(new, await backup(lived_in))
    database = Database(new.database_url)
    async with database.write() as session:
        case = Case(person_id=2, state="INTAKE", reason="button", language="ar", opened_at=NOW, changed_at=NOW)
        session.add(case)
    assert case.id >= FURTHER
    await database.close()


async def test_who_was_erased_since_does_not_come_back(lived_in: Settings, tmp_path: Path) -> None:
    file = await backup(lived_in)
    database = Database(lived_in.database_url)
    async with database.write() as session:
        erasures.note(session, CHAT, datetime.now(UTC))
        person = await persons.person_by_chat(session, CHAT)
        assert person is not None
    await files.keep_list(database, lived_in, datetime.now(UTC))
    await database.close()
    assert stat.S_IMODE(files.list_of(lived_in).stat().st_mode) == 0o600
    assert str(CHAT) not in files.list_of(lived_in).read_text()
    new = await emptied(lived_in, tmp_path)
    await restore(new, file, lists=[files.list_of(lived_in)])
    stored = await everything(new)
    assert str(CHAT) not in stored
    assert "Zaubermarker" not in stored
    assert [person.chat_id for person in await all_of(new, Person)] == [1002]
    (case,) = await all_of(new, Case)
    assert (case.state, case.person_id, case.summary) == ("WITHDRAWN", None, None)
    deletions = [row.payload for row in await all_of(new, OutboxMessage) if row.method == "deleteForumTopic"]
    assert deletions == [{"message_thread_id": 77}]
    assert len(await all_of(new, Erasure)) == 1


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_who_came_back_after_being_erased_stays(lived_in: Settings, tmp_path: Path) -> None:
    database = Database(lived_in.database_url)
    async with database.write() as session:
        erasures.note(session, CHAT, NOW - timedelta(days=1))
    await database.close()
    new = await emptied(lived_in, tmp_path)
    await restore(new, await backup(lived_in))
    assert CHAT in [person.chat_id for person in await all_of(new, Person)]


async def test_a_database_with_data_in_it_is_kept_unless_one_insists(lived_in: Settings) -> None:
    file = await backup(lived_in)
    database = Database(lived_in.database_url)
    async with database.write() as session:
        await session.execute(update(Person).values(language="tr"))
    await database.close()
    with pytest.raises(BackupError, match="--force"):
        await restore(lived_in, file)
    assert {person.language for person in await all_of(lived_in, Person)} == {"tr"}
    await restore(lived_in, file, force=True)
    assert {person.language for person in await all_of(lived_in, Person)} == {"ar"}


async def test_nothing_is_restored_under_a_bot_at_work(lived_in: Settings) -> None:
    file = await backup(lived_in)
    at_work = Database(lived_in.database_url)
    async with at_work.read() as session:
        await session.execute(select(Person))
    with pytest.raises(BackupError, match="stop"):
        await restore(lived_in, file, force=True)
    await at_work.close()


async def test_a_backup_is_made_while_others_write_and_holds_one_moment(lived_in: Settings, tmp_path: Path) -> None:
    at_work, stop = Database(lived_in.database_url), asyncio.Event()

    async def write() -> int:
        number = 100
        while not stop.is_set():
            async with at_work.write() as session:  # two rows that are only true together
                session.add_all([a_person(number, number), an_update(number, done=True)])
            number += 1
            await asyncio.sleep(0)
        return number

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.05)
    file = await backup(lived_in)
    stop.set()
    assert await writing > 101
    await at_work.close()
    new = await emptied(lived_in, tmp_path)
    await restore(new, file)
    people = {person.chat_id for person in await all_of(new, Person)} - {CHAT, 1002}
    assert people == {row.update_id for row in await all_of(new, InboxUpdate)} - {10, 11}
    assert people


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
async def test_a_file_is_its_owners_and_no_other_file_is_overwritten(lived_in: Settings, tmp_path: Path) -> None:
    file = await backup(lived_in, tmp_path / "x.backup")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="there already"):
        await backup(lived_in, file)
    assert names_in(tmp_path, ".*") == []


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wrong", ["letter", "no manifest", "damaged", "newer program", "newer schema", "other kind"])
async def test_a_wrong_file_changes_nothing(lived_in: Settings, tmp_path: Path, wrong: str) -> None:
    file = await backup(lived_in, tmp_path / "good.backup")
    with pytest.raises(BackupError) as error:
        await restore(lived_in, changed(file, tmp_path / "wrong.backup", wrong), force=True)
    assert "\n" not in str(error.value)
    assert len(await all_of(lived_in, Person)) == 2
    assert names_in(tmp_path, ".*") == []


def names_in(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


def changed(good: Path, bad: Path, wrong: str) -> Path:
    if wrong == "letter":
        bad.write_text("Dear Sir or Madam")
        return bad
    with zipfile.ZipFile(good) as packed:
        manifest, data = json.loads(packed.read("manifest.json")), packed.read("database")
    kind = "sqlite" if manifest["kind"] == "postgresql" else "postgresql"
    manifest |= {"newer program": {"version": 2}, "newer schema": {"schema": "9999"},
                 "other kind": {"kind": kind}}.get(wrong, {})  # fmt: skip
    with zipfile.ZipFile(bad, "w") as packed:
        packed.writestr("database", data + b"x" if wrong == "damaged" else data)
        if wrong != "no manifest":
            packed.writestr("manifest.json", json.dumps(manifest))
    return bad


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
class TestPostgresql:
    """What only PostgreSQL has."""

    async def test_a_program_that_is_missing_is_named(
        self, lived_in: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(BackupError, match="pg_dump is not installed"):
            await backup(lived_in)

    async def test_a_database_that_is_away_is_said_so_in_a_line(self, lived_in: Settings) -> None:
        file = await backup(lived_in)
        away = make_url(lived_in.database_url).set(port=9, password="s3cret")
        settings = make_settings(database_url=away.render_as_string(hide_password=False),
                                 backup_folder=lived_in.backup_folder)  # fmt: skip
        with pytest.raises(BackupError, match="cannot open the database") as error:
            await restore(settings, file)
        assert "s3cret" not in str(error.value)
        with pytest.raises(DatabaseUnreachable, match="cannot open the database"):
            await backup(settings, lived_in.backup_folder / "none.backup")
        assert names_in(lived_in.backup_folder, "*") == [file.name]

    async def test_the_password_stands_on_no_command_line(
        self, lived_in: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        said = tmp_path / "said"
        (tmp_path / "pg_dump").write_text(f'#!/bin/sh\necho "$@" "password=$PGPASSWORD" > {said}\n')
        (tmp_path / "pg_dump").chmod(0o700)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        url = make_url(lived_in.database_url).set(password="ge:heim")
        await postgresql.dump(url, tmp_path / "copy")
        arguments, _, secret = said.read_text().partition("password=")
        assert "heim" not in arguments
        assert secret == "ge:heim\n"

    async def test_what_was_there_is_back_if_a_restore_fails(
        self, lived_in: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fails(*_: object) -> int:
            raise BackupError("played")

        file = await backup(lived_in)
        monkeypatch.setattr("bot.backup.command.settle", fails)
        with pytest.raises(BackupError, match="played"):
            await restore(lived_in, file, force=True)
        assert len(await all_of(lived_in, Person)) == 2
