"""The bot of a whole city on one machine: two workers behind a web server, two Rasa servers, PostgreSQL and Redis."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from bot.demo import STAFF_CHAT_ID, TOKEN
from bot.processes import QUIET, RASA_PYTHON, Child, Family, family, free_port
from bot.settings import ROOT
from tests.journeys.conftest import start_bot, with_staff
from tests.journeys.phone import Phone

PROGRAMS = ("redis-server", "nginx")
NGINX = ROOT / "deploy" / "nginx.conf"
REDIS_PASSWORD = "only-for-this-test"
_numbers = itertools.count(5_500_000_001)


@dataclass
class Town:
    """Everything that runs; `bots` and `rasas` may be killed."""

    http: httpx.AsyncClient
    bots: list[Child]
    rasas: list[Child]
    logs: list[Path]

    def phone(self, language: str) -> Phone:
        """The phone of somebody who has never written before."""
        return Phone(self.http, next(_numbers), language)


def need(*programs: str) -> None:
    """Skip the test where Debian's programs are not there (scripts/debian-packages installs them); in CI it fails."""
    missing = [name for name in programs if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None]
    if missing:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse(f"not installed: {', '.join(missing)} (scripts/debian-packages)")


async def kill(child: Child) -> None:
    """End a process as a power cut would."""
    os.killpg(child.process.pid, signal.SIGKILL)
    await child.process.wait()


def nginx_conf(folder: Path, port: int, actions: int, bots: list[dict[str, int]]) -> str:
    """The configuration in deploy/, without TLS and with the ports of this run."""
    conf = NGINX.read_text(encoding="utf-8")
    for number, bot in enumerate(bots, 1):
        for usual, here in ((8100, bot["web"]), (5055, bot["actions"]), (8090, bot["desk"])):
            conf = conf.replace(f"server bot{number}:{usual}", f"server 127.0.0.1:{here}")
    conf = re.sub(r"^\s*ssl_.*\n", "", conf, flags=re.M).replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}")
    conf = conf.replace("server_name bot.example.org", "server_name 127.0.0.1")
    conf = conf.replace("listen 5055", f"listen 127.0.0.1:{actions}")
    return conf.replace("pid /run/nginx.pid", f"pid {folder / 'nginx.pid'};\ndaemon off")


@contextlib.asynccontextmanager
async def a_town(database_url: str, tracker_url: str, folder: Path) -> AsyncIterator[Town]:
    """Start all of it."""
    await with_staff(database_url)
    port, redis, entrance, actions = (free_port() for _ in range(4))
    address = f"http://127.0.0.1:{port}"
    doors = [{name: free_port() for name in ("web", "actions", "desk")} for _ in range(2)]
    (folder / "nginx.conf").write_text(nginx_conf(folder, entrance, actions, doors), encoding="utf-8")
    async with family() as members, httpx.AsyncClient(base_url=address, timeout=10) as http:
        await members.start("redis", "redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "",
                            "--requirepass", REDIS_PASSWORD, "--dir", str(folder), "--loglevel", "warning")  # fmt: skip
        rasas = [await _start_rasa(members, free_port(), actions, redis, tracker_url) for _ in range(2)]
        urls = [f"http://127.0.0.1:{rasa_port}" for _, rasa_port in rasas]
        simulator = await members.start_simulator(port, TOKEN)
        await members.start("nginx", shutil.which("nginx", path="/usr/sbin:/usr/bin") or "nginx", "-c",
                            str(folder / "nginx.conf"), "-p", str(folder))  # fmt: skip
        await simulator.answers(address)
        for (rasa, _), url in zip(rasas, urls, strict=True):
            await rasa.answers(f"{url}/status")
        shared = {
            "TELEGRAM_TOKEN": TOKEN, "STAFF_CHAT_ID": str(STAFF_CHAT_ID), "TELEGRAM_API_URL": address,
            "DATABASE_URL": database_url, "RASA_URL": ",".join(urls), "LOG_LEVEL": "WARNING",
            "WEBHOOK_URL": f"http://127.0.0.1:{entrance}/telegram", "WEBHOOK_SECRET": "only-for-this-test",
            "BACKUP_FOLDER": str(folder / "backups"),
        }  # fmt: skip
        logs = [folder / f"bot{number}.log" for number in (1, 2)]
        bots = [await start_bot(members, shared | _ports(own), log) for own, log in zip(doors, logs, strict=True)]
        for bot in bots:
            await bot.answers(f"{address}/bot{TOKEN}/getWebhookInfo", needle=shared["WEBHOOK_URL"])
        for own in doors:
            await _listens(own["web"])
        yield Town(http, bots, [rasa for rasa, _ in rasas], logs)


def _ports(doors: dict[str, int]) -> dict[str, str]:
    return {f"{name.upper()}_PORT": str(port) for name, port in doors.items()}


async def _start_rasa(members: Family, port: int, actions: int, redis: int, tracker_url: str) -> tuple[Child, int]:
    tracker = make_url(tracker_url)
    env = QUIET | {
        "ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook", "RASA_ENDPOINTS": "flows/endpoints.shared.yml",
        "TRACKER_HOST": str(tracker.host), "TRACKER_PORT": str(tracker.port), "TRACKER_USER": str(tracker.username),
        "TRACKER_DATABASE": str(tracker.database), "TRACKER_PASSWORD": "unused",
        "REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(redis), "REDIS_PASSWORD": REDIS_PASSWORD,
    }  # fmt: skip
    return await members.start("Rasa", str(RASA_PYTHON), "-m", "nlu.serve", "--port", str(port), env=env), port


async def _listens(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"nobody listens on port {port}")
