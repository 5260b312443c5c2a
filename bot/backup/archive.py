"""The file of a backup: a manifest and the database's copy, in a ZIP that only its owner may read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from bot.storage.erasures import OWNER_ONLY

FORMAT, VERSION = "wegweiser-backup", 1
_MANIFEST, _DATABASE = "manifest.json", "database"
_CHUNK = 1 << 20
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, TypeError, ValueError)
"""What Python says of a ZIP, or of the manifest in it, whose bytes are not as they were."""


class BackupError(Exception):
    """A backup cannot be made or restored; the text is one line for the operator."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the file says about itself."""

    made_at: str
    kind: str
    """sqlite or postgresql."""
    schema: str
    """The migration that the database had seen."""
    sha256: str
    """Of the database's copy."""
    size: int
    format: str = FORMAT
    version: int = VERSION


def pack(copy: Path, file: Path, *, kind: str, schema: str, made_at: str) -> Manifest:
    """Put the copy into `file`, whole or not at all, by way of the copy's own folder, which is on the same disk.

    Raises `BackupError` if there is such a file.
    """
    manifest = Manifest(made_at=made_at, kind=kind, schema=schema, sha256=_sum(copy), size=copy.stat().st_size)
    new = copy.with_name("packed")
    try:
        with owners_only(new) as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
                packed.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
                packed.write(copy, _DATABASE)
            # Or a power cut could leave the name, and behind it nothing.
            out.flush()
            os.fsync(out.fileno())
        _name(new, file)
    except FileExistsError:
        raise BackupError(f"{file} is there already; name another file") from None
    except OSError as error:
        raise BackupError(f"cannot write {file}: {error.strerror}") from error
    return manifest


def _name(new: Path, file: Path) -> None:
    """Give the file its name, unless another has it."""
    try:
        os.link(new, file)
    except FileExistsError:
        raise
    except OSError:
        # Memory sticks and some network folders know no second name for a file.
        if file.exists():
            raise FileExistsError from None
        new.rename(file)


def unpack(file: Path, copy: Path) -> Manifest:
    """Take the copy out. Raises `BackupError` if this is no backup, or if it was damaged."""
    try:
        with zipfile.ZipFile(file) as packed, packed.open(_DATABASE) as inside, owners_only(copy) as out:
            manifest = Manifest(**json.loads(packed.read(_MANIFEST)))
            shutil.copyfileobj(inside, out, _CHUNK)
    except FileNotFoundError:
        raise BackupError(f"there is no file {file}") from None
    except DAMAGED:
        raise BackupError(f"{file} is no backup of this program, or it was damaged") from None
    except OSError as error:
        raise BackupError(f"cannot read {file}: {error.strerror}") from error
    if manifest.format != FORMAT or manifest.version > VERSION:
        raise BackupError(f"{file} was made by a newer program; update this one first")
    if _sum(copy) != manifest.sha256:
        raise BackupError(f"{file} was damaged: its checksum is wrong")
    return manifest


def owners_only(file: Path) -> BinaryIO:
    """A new file, open for writing, that nobody else may read."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb")


def _sum(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
