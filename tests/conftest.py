"""Shared by all tests: real databases, a clock that stands still, and no way to the outside world."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import tempfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import hypothesis
import pytest
import pytest_asyncio
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.processes import free_port
from bot.storage.database import Database
from bot.storage.models import Base
from bot.storage.schema import upgrade

DATABASES = ("sqlite", "postgresql")
ALTERNATING = ("tests/bot/conversation/", "tests/bot/desk/", "tests/bot/insight/")
"""Here one test runs on one of the two kinds and the next on the other, unless a module is marked `both_databases`."""


# Nobody outside this machine is reached, so nobody's certificate is looked at: to read those of all authorities would
# take every HTTP client 20 to 50 ms, in the processes that tests start as well.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(__file__).parent)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out every second of the pairs in `ALTERNATING`; with DATABASES=all in the environment both are run."""
    if os.environ.get("DATABASES") == "all":
        return
    left_out = [item for item in items if _is_for_the_other(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end, thousands of tests and all modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _is_for_the_other(item: pytest.Item) -> bool:
    params: dict[str, str] = getattr(getattr(item, "callspec", None), "params", {})
    kind = params.get("migrated_url")
    if kind is None or not item.nodeid.startswith(ALTERNATING) or item.get_closest_marker("both_databases"):
        return False
    return DATABASES[zlib.crc32(item.nodeid.replace(kind, "").encode()) % 2] != kind


class Clock:
    """A clock that moves only when told to. Begins on a Tuesday at 10:00 in Wiesbaden."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **duration: float) -> None:
        """Move on by a duration, as `timedelta` takes it."""
        self.time += timedelta(**duration)


# How long an example takes says nothing on a machine that does other things as well.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine is a fault."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError("a test tried to leave this machine")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


_first: dict[str, Engine] = {}
"""By kind of database the first engine that was connected."""


@event.listens_for(Engine, "engine_connect")
def _compile_once(connection: Connection) -> None:
    """Put a statement together once, as a bot that runs for long does, and not once per test and its database: that
    takes longer than to execute it.
    """
    engine = connection.engine
    if not isinstance(engine.pool, AsyncAdaptedQueuePool) or engine.dialect._on_connect_isolation_level is not None:
        return
    first = _first.setdefault(engine.dialect.name, engine)
    connection.dialect = engine.dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


def _postgresql_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@dataclass
class PostgreSQL:
    """A server that can be stopped and started; `url` is its address up to the database's name."""

    url: str
    control: Callable[..., None]
    """Runs `pg_ctl` on it."""

    def stop(self) -> None:
        """As for maintenance: connections are cut, nothing is lost."""
        self.control("-m", "fast", "stop")

    def start(self) -> None:
        """Let it answer again."""
        self.control("start")


@pytest.fixture(scope="session")
def postgresql(postgresql_server: PostgreSQL) -> str:
    """The address of the PostgreSQL server of this run, up to the database's name."""
    return postgresql_server.url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this test run alone."""
    programs = _postgresql_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and in CI it must run: scripts/debian-packages installs it")
        pytest.skip("PostgreSQL is not installed (scripts/debian-packages installs it)")
    # Not in pytest's own folder: every other run on the machine closes that to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        # initdb refuses to work for root.
        shutil.chown(folder, "postgres")
    port = free_port()

    def call(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, capture_output=True, cwd="/")

    data = str(folder / "data")
    call(str(programs / "initdb"), "-D", data, "-U", "test", "-A", "trust", "--no-sync", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

    def control(*command: str) -> None:
        call(str(programs / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", str(folder / "log"), *command)

    control("start")
    yield PostgreSQL(f"postgresql+asyncpg://test@127.0.0.1:{port}/", control)
    control("-m", "immediate", "stop")
    shutil.rmtree(folder)


async def _new_postgresql_database(server: str, template: str = "template1") -> str:
    name = f"t{os.urandom(6).hex()}"
    engine = create_async_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    await engine.dispose()
    return f"{server}{name}"


@pytest_asyncio.fixture(params=DATABASES)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once per kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    return await _new_postgresql_database(request.getfixturevalue("postgresql"))


async def _migrated(url: str) -> str:
    database = Database(url)
    await upgrade(database)
    await database.close()
    return url


EMPTY = "; ".join((
    # Whatever the order of the tables: no trigger looks after foreign keys in this session.
    "SET session_replication_role = replica", *(f'DELETE FROM "{table}"' for table in Base.metadata.tables),
    "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
))  # fmt: skip
"""Of tables with a few rows this takes a tenth of TRUNCATE, which makes new files for all tables and indexes."""
USED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Templates:
    """Databases with the present schema, migrated once per kind and run, and fresh for every test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        self._postgresql = ""

    async def sqlite(self, target: Path) -> str:
        """The address of a fresh copy at `target`."""
        if not self._file.exists():
            await _migrated(f"sqlite+aiosqlite:///{self._file}")
        shutil.copy(self._file, target)
        return f"sqlite+aiosqlite:///{target}"

    async def postgresql(self, server: str) -> str:
        """The address of an empty one on `server`: the last test's, emptied, which takes a tenth of making a copy."""
        if not self._postgresql or not await self._emptied():
            self._postgresql = await _migrated(await _new_postgresql_database(server))
        return self._postgresql

    async def _emptied(self) -> bool:
        """Whether the last test's database could be emptied: nobody is at work in it any more."""
        connection = await asyncpg.connect(self._postgresql.replace("+asyncpg", ""))
        try:
            if await connection.fetchval(USED):
                return False
            await connection.execute(EMPTY)
        finally:
            await connection.close()
        return True


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest_asyncio.fixture(params=DATABASES)
async def migrated_url(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> str:
    """The address of a database with the present schema and nothing in it, once per kind."""
    if request.param == "sqlite":
        return await templates.sqlite(tmp_path / "test.db")
    return await templates.postgresql(request.getfixturevalue("postgresql"))


@pytest_asyncio.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    """A database with the present schema, once per kind."""
    database = Database(migrated_url)
    yield database
    await database.close()
