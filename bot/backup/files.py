"""Where backups stand, and for how long; beside them the list of who was erased."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from bot.settings import Settings
from bot.storage import erasures
from bot.storage.database import Database
from bot.storage.erasures import Erased

log = logging.getLogger(__name__)

ENDING = ".backup"
CUT_OFF = (".wegweiser-backup-", ".wegweiser-restore-")
"""How the folders begin in which a backup, and a restore, have their copy as long as they last; nobody else's do."""
CUT_OFF_AFTER = timedelta(days=1)
"""None lasts for so long."""
_STAMP = "%Y%m%dT%H%M%SZ"


def name_of(settings: Settings) -> str:
    """What the database is called: several may have their backups in one folder."""
    return Path(make_url(settings.database_url).database or "memory").stem


def new_file(settings: Settings, now: datetime) -> Path:
    """Where a backup of this moment goes if no other place is named."""
    return settings.backup_folder / f"{name_of(settings)}-{now.strftime(_STAMP)}{ENDING}"


def list_of(settings: Settings) -> Path:
    """The file with the list of who was erased."""
    return settings.backup_folder / f"{name_of(settings)}.erased"


def clear(settings: Settings, now: datetime) -> list[Path]:
    """Delete our backups that have been kept long enough; others in the folder stay."""
    before = now - timedelta(days=settings.backup_days)
    old = [file for file in settings.backup_folder.glob(f"{name_of(settings)}-*{ENDING}")
           if (made_at := _made_at(file, settings)) is not None and made_at < before]  # fmt: skip
    for file in old:
        file.unlink(missing_ok=True)
    return old


def clear_cut_off(folder: Path, now: datetime) -> None:
    """Delete what a backup or a restore that was killed left behind: a copy of everything, which nobody would find."""
    before = (now - CUT_OFF_AFTER).timestamp()
    for left in (path for start in CUT_OFF for path in folder.glob(f"{start}*")):
        if left.is_dir() and not left.is_symlink() and left.stat().st_mtime < before:
            shutil.rmtree(left, ignore_errors=True)


def _made_at(file: Path, settings: Settings) -> datetime | None:
    stamp = file.name.removeprefix(f"{name_of(settings)}-").removesuffix(ENDING)
    try:
        return datetime.strptime(f"{stamp}+0000", f"{_STAMP}%z")
    except ValueError:
        return None


async def keep(database: Database, settings: Settings, now: datetime) -> None:
    """What the running bot does for backups: it writes down who was erased, and deletes what is too old."""
    try:
        await keep_list(database, settings, now)
        clear(settings, now)
        clear_cut_off(settings.backup_folder, now)
    except OSError as error:
        log.error("the folder of the backups cannot be used: %s", error.strerror)
    except (ValueError, TypeError):
        log.error("the list of who was erased cannot be read: %s; put it aside, the bot writes a new one",
                  list_of(settings))  # fmt: skip


async def keep_list(database: Database, settings: Settings, now: datetime) -> None:
    """Bring the file up to date. What stands in it stays for its time, also if the database is another one now."""
    async with database.read() as session:
        entries = await erasures.listed(session)
    file = list_of(settings)
    if entries or file.exists():
        erasures.write(file, united(settings, now, entries, erasures.read(file)))


def united(settings: Settings, now: datetime, *lists: Iterable[Erased]) -> list[Erased]:
    """Several lists as one, without what is too old to matter to any backup."""
    before = now - timedelta(days=settings.backup_days)
    return sorted({entry for entries in lists for entry in entries if entry.at >= before})
