"""`python -m bot backup | restore`: one file with everything that the bot knows, and the way back."""

from __future__ import annotations

import argparse
import asyncio
import signal
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.backup import archive, files, postgresql, sqlite
from bot.backup.archive import BackupError, Manifest
from bot.backup.settle import persons_in, settle
from bot.settings import Settings
from bot.storage import erasures
from bot.storage.erasures import Erased
from bot.storage.schema import alembic_config, opened


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Carry out `backup` or `restore`. Raises `BackupError`, `DatabaseUnreachable`."""
    working = asyncio.current_task()
    if working is not None:
        # By itself a process that is told to end leaves its copy of everything where it is.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, working.cancel)
    try:
        if options.command == "backup":
            await backup(settings, options.file)
        else:
            await restore(settings, options.file, force=options.force, lists=options.erased)
    except asyncio.CancelledError:
        raise BackupError(f"{options.command} was stopped before it was done") from None
    except OSError as error:
        raise BackupError(f"{options.command}: {error.filename or 'a file'}: {error.strerror}") from error
    return 0


async def backup(settings: Settings, file: Path | None = None) -> Path:
    """Copy the database into a file while the bot works; old backups of ours go."""
    url, now = make_url(settings.database_url), datetime.now(UTC)
    file = file or files.new_file(settings, now)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupError(f"cannot make the folder {file.parent}: {error.strerror}") from error
    with tempfile.TemporaryDirectory(prefix=files.CUT_OFF[0], dir=file.parent) as folder:
        copy = Path(folder) / "copy"
        schema = await _dump(url, copy)
        kind = url.get_backend_name()
        manifest = archive.pack(copy, file, kind=kind, schema=schema, made_at=now.isoformat(timespec="seconds"))
    print(f"{file}: {manifest.size} bytes, schema {manifest.schema}")  # noqa: T201 - the answer of the command
    for old in files.clear(settings, now):
        print(f"deleted: {old}")  # noqa: T201
    files.clear_cut_off(file.parent, now)
    return file


async def _dump(url: URL, copy: Path) -> str:
    """Copy the database; returns the number of its schema."""
    if url.get_backend_name() == "sqlite":
        await asyncio.to_thread(sqlite.dump, _path(url), copy)
        return await _schema_of(f"sqlite+aiosqlite:///{copy}")
    schema = await _schema_of(url.render_as_string(hide_password=False))
    await postgresql.dump(url, copy)
    return schema


async def _schema_of(url: str) -> str:
    try:
        async with opened(url, upgraded=False) as database, database.engine.connect() as connection:
            return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))
    except DBAPIError as error:
        raise BackupError("this database is none of this program, or a bot never ran on it") from error


async def restore(
    settings: Settings, file: Path, *, force: bool = False, lists: Iterable[Path] = ()
) -> None:  # fmt: skip
    """Put a backup in the database's place, fit for work. `lists`: further files of who was erased."""
    url = make_url(settings.database_url)
    near = _path(url).parent if url.get_backend_name() == "sqlite" else None
    if near is not None:
        near.mkdir(parents=True, exist_ok=True)
        files.clear_cut_off(near, datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix=files.CUT_OFF[1], dir=near) as folder:
        copy = Path(folder) / "copy"
        manifest = archive.unpack(file, copy)
        _check_fit(manifest, url, file)
        await _check_place(url, force=force)
        entries = await _erased(settings, url, lists)
        again, known = await _put(settings, url, copy, manifest, entries)
    print(f"restored: {known} persons, as of {manifest.made_at}; {again} erased again")  # noqa: T201


def _check_fit(manifest: Manifest, url: URL, file: Path) -> None:
    if manifest.kind != url.get_backend_name():
        raise BackupError(f"{file} is a backup of {manifest.kind}, and DATABASE_URL names {url.get_backend_name()}")
    known = {revision.revision for revision in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if manifest.schema not in known:
        raise BackupError(f"{file} has schema {manifest.schema}, which this program does not know; update it first")


async def _check_place(url: URL, *, force: bool) -> None:
    if url.get_backend_name() == "sqlite":
        sqlite.check_unused(_path(url))
        full = sqlite.holds_data(_path(url))
    else:
        await postgresql.check_unused(url)
        full = await postgresql.holds_data(url)
    if full and not force:
        raise BackupError("there are data in the database; --force puts the backup in their place")


async def _erased(settings: Settings, url: URL, lists: Iterable[Path]) -> list[Erased]:
    """Everybody who was erased, as far as anybody remembers: the present database, its list, and those named."""
    try:
        found = [erasures.read(file) for file in (files.list_of(settings), *lists)]
    except (ValueError, TypeError) as error:
        raise BackupError(f"a list of who was erased cannot be read: {error}") from error
    return files.united(settings, datetime.now(UTC), *found, await _erased_in(url))


async def _erased_in(url: URL) -> list[Erased]:
    """What the database says that is going to be replaced; nothing if it is not there or of an older schema."""
    if url.get_backend_name() == "sqlite" and not _path(url).exists():
        return []
    try:
        async with (
            opened(url.render_as_string(hide_password=False), upgraded=False) as database,
            database.read() as session,
        ):
            return list(await erasures.listed(session))
    except DBAPIError:
        return []


async def _put(settings: Settings, url: URL, copy: Path, manifest: Manifest, entries: list[Erased]) -> tuple[int, int]:
    if url.get_backend_name() == "sqlite":
        done = await _make_fit(settings, f"sqlite+aiosqlite:///{copy}", manifest, entries)
        # In one go, and not in a thread: whoever ends the command now must not be told that it had not been done.
        sqlite.load(copy, _path(url))
        return done
    async with postgresql.loaded(copy, url):
        return await _make_fit(settings, settings.database_url, manifest, entries)


async def _make_fit(settings: Settings, url: str, manifest: Manifest, entries: list[Erased]) -> tuple[int, int]:
    """Bring a restored database up to date. Returns how many persons were erased again, and how many are left."""
    async with opened(url) as database:
        async with database.write() as session:
            again = await settle(session, datetime.now(UTC), manifest.made_at, entries, settings.staff_chat_id)
            await session.flush()
            known = await persons_in(session)
        await database.tidy()
    return again, known


def _path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise BackupError("a database in memory cannot be copied")
    return Path(url.database)
