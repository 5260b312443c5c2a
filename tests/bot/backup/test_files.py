"""What becomes of the files of backups, whatever the database: whole or not at all, for their time, for their owner."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.backup import archive, files
from bot.backup.archive import BackupError
from bot.backup.command import backup, restore, run
from bot.settings import Settings
from bot.storage import erasures
from bot.storage.database import Database
from bot.storage.models import Person
from tests.bot.backup.test_backup import CHAT, NOW, a_person, all_of, emptied, lived_in, names_in, settings

__all__ = ["lived_in", "settings"]
pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("how", ["a byte", "cut"])
async def test_a_file_that_was_damaged_anywhere_is_said_so_in_a_line(
    lived_in: Settings, tmp_path: Path, how: str
) -> None:
    whole = (await backup(lived_in, tmp_path / "good.backup")).read_bytes()
    bad, said = tmp_path / "bad.backup", list[str]()
    places = range(40, len(whole), len(whole) // 25)
    for at in places:
        bad.write_bytes(whole[:at] + (bytes([whole[at] ^ 0x55]) + whole[at + 1 :] if how == "a byte" else b""))
        try:
            await restore(lived_in, bad, force=True)
        except BackupError as error:
            said.append(str(error))
    # Not every byte of a ZIP's directory means something: what is changed there changes nothing.
    assert len(places) - len(said) <= (2 if how == "a byte" else 0)
    assert len(await all_of(lived_in, Person)) == 2
    assert names_in(tmp_path, ".*") == []


async def test_old_backups_of_ours_go_and_others_stay(settings: Settings) -> None:
    old, new = NOW - timedelta(days=31), NOW - timedelta(days=29)
    settings.backup_folder.mkdir()
    for file in (ours := [files.new_file(settings, old), files.new_file(settings, new)]):
        file.touch()
    other = settings.backup_folder / "test-of-the-office.backup"
    other.touch()
    assert files.clear(settings, NOW) == ours[:1]
    assert sorted(settings.backup_folder.iterdir()) == sorted([ours[1], other])


async def test_the_copy_that_a_killed_backup_or_restore_left_behind_goes_after_a_day(lived_in: Settings) -> None:
    folder = lived_in.backup_folder
    folder.mkdir()
    left = [folder / f"{start}{age}" for start in files.CUT_OFF for age in ("old", "new")]
    for place in left:
        place.mkdir()
        (place / "copy").write_text("Zaubermarker")
        if place.name.endswith("old"):
            day_before = (NOW - timedelta(days=1, minutes=1)).timestamp()
            os.utime(place, (day_before, day_before))
    database = Database(lived_in.database_url)
    await files.keep(database, lived_in, NOW)
    await database.close()
    assert sorted(folder.iterdir()) == sorted(place for place in left if place.name.endswith("new"))


async def test_a_list_that_cannot_be_read_is_said_so_and_kept(
    lived_in: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    files.list_of(lived_in).parent.mkdir()
    files.list_of(lived_in).write_text("[half a li")
    database = Database(lived_in.database_url)
    async with database.write() as session:
        erasures.note(session, CHAT, NOW)
    await files.keep(database, lived_in, NOW)
    await database.close()
    assert "cannot be read" in caplog.text
    assert files.list_of(lived_in).read_text() == "[half a li"


async def test_a_disk_without_room_is_said_so_in_a_line(lived_in: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(lived_in.backup_folder))

    monkeypatch.setattr("tempfile.mkdtemp", full)
    for command, file in (("backup", None), ("restore", Path("x"))):
        options = argparse.Namespace(command=command, file=file, force=True, erased=[])
        with pytest.raises(BackupError, match="No space left"):
            await run(lived_in, options)


async def test_whoever_ends_it_leaves_no_copy_behind(lived_in: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = asyncio.Event()

    async def dump(url: object, copy: Path) -> str:
        archive.owners_only(copy).close()
        copied.set()
        await asyncio.Event().wait()
        return ""

    monkeypatch.setattr("bot.backup.command._dump", dump)
    working = asyncio.create_task(run(lived_in, argparse.Namespace(command="backup", file=None)))
    await copied.wait()
    assert len(list(lived_in.backup_folder.rglob("copy"))) == 1
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(BackupError, match="stopped"):
        await working
    assert list(lived_in.backup_folder.iterdir()) == []


async def test_where_files_have_one_name_only_a_backup_can_be_made_as_well(
    lived_in: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuses)
    file = await backup(lived_in, tmp_path / "x.backup")
    with pytest.raises(BackupError, match="there already"):
        await backup(lived_in, file)
    await restore(await emptied(lived_in, tmp_path), file)


async def test_the_list_survives_the_database(lived_in: Settings, tmp_path: Path) -> None:
    database = Database(lived_in.database_url)
    async with database.write() as session:
        erasures.note(session, CHAT, NOW)
        erasures.note(session, 1002, NOW - timedelta(days=40))
    await files.keep_list(database, lived_in, NOW)
    await database.close()
    fresh = Database((await emptied(lived_in, tmp_path)).database_url)
    await fresh.check()
    entries = erasures.read(files.list_of(lived_in))
    assert [one.is_about(CHAT) for one in entries] == [True]
    assert files.united(lived_in, NOW, [], entries) == entries
    await fresh.close()


async def test_an_unknown_database_is_said_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        await backup(await emptied(settings, tmp_path))


async def test_nobody_waits_for_a_backup_that_reads_for_long(lived_in: Settings) -> None:
    database = Database(lived_in.database_url)
    with closing(sqlite3.connect(str(make_url(lived_in.database_url).database))) as reads:
        reads.execute("BEGIN")
        reads.execute("SELECT * FROM person").fetchall()
        async with database.write() as session:
            session.add(a_person(3, 1003))
        async with asyncio.timeout(5):  # SQLite itself would wait for 30 seconds
            await database.tidy()
            async with database.write() as session:
                session.add(a_person(4, 1004))
    await database.close()
