"""What others may ask of the running bot, and that no answer names a person."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from bot.operations import metrics
from bot.operations.health import Check, Health, Loop
from bot.operations.trace import of_update
from bot.storage.models import InboxUpdate, OutboxMessage
from tests.bot.telegram.conftest import control, simulator_url
from tests.bot.telegram.whole import Whole, whole
from tests.conftest import Templates
from tests.simulator.conftest import Control

__all__ = ["control", "simulator_url"]

PERSON = 700_100_200_300
PLANTED = ("Zebulon", "Quastenflosser", "zebulon_q", "geheimes Anliegen", str(PERSON))


class Parts:
    """In the place of the bot's parts: they are as the test wants them."""

    def __init__(self) -> None:
        self.reasons: dict[str, str | None] = {"database": None, "telegram": None, "rasa": None}
        self.turned_at: float | None = time.monotonic()
        self.asked = 0

    def asking(self, health: Health) -> httpx.AsyncClient:
        """Somebody who asks."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=list(health.routes()))),
                                 base_url="http://bot")  # fmt: skip

    def health(self) -> Health:
        """What is asked."""

        async def count() -> None:
            self.asked += 1

        def check(name: str) -> Check:
            async def look() -> str | None:
                return self.reasons[name]

            return look

        return Health(loops={"inbox": Loop(lambda: self.turned_at, 30)}, wanted={"rasa": check("rasa")},
                      needed={name: check(name) for name in ("database", "telegram")}, count=count)  # fmt: skip


@pytest.fixture
def parts() -> Parts:
    return Parts()


async def test_a_loop_that_stands_still_is_named(parts: Parts) -> None:
    async with parts.asking(parts.health()) as http:
        assert (await http.get("/health")).json() == {"alive": True, "standing": []}
        parts.turned_at = time.monotonic() - 31
        answer = await http.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"alive": False, "standing": ["inbox"]})
        parts.turned_at = None
        assert (await http.get("/health")).status_code == 200


async def test_without_rasa_it_is_ready_and_says_what_it_does_without(parts: Parts) -> None:
    parts.reasons["rasa"] = "does not answer"
    async with parts.asking(parts.health()) as http:
        answer = await http.get("/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "reasons": {}, "degraded": {"rasa": "does not answer"}}


@pytest.mark.parametrize("part", ["database", "telegram"])
async def test_without_what_it_needs_it_is_not_ready_and_says_why(parts: Parts, part: str) -> None:
    parts.reasons[part] = "disk full"
    async with parts.asking(parts.health()) as http:
        answer = await http.get("/ready")
        figures = (await http.get("/metrics")).text
    assert (answer.status_code, answer.json()["reasons"]) == (503, {part: "disk full"})
    assert f'wegweiser_up{{part="{part}"}} 0.0' in figures
    assert parts.asked == 0


async def test_asking_often_costs_the_database_no_more(parts: Parts) -> None:
    async with parts.asking(parts.health()) as http:
        for _ in range(20):
            await http.get("/metrics")
            await http.get("/ready")
    assert parts.asked == 1


@pytest_asyncio.fixture
async def running(templates: Templates, tmp_path: Path, simulator_url: str, control: Control) -> AsyncIterator[Whole]:
    """The bot in this process."""
    url = await templates.sqlite(tmp_path / "test.db")
    async with httpx.AsyncClient(base_url=simulator_url, timeout=10) as http, whole(url, simulator_url, http) as bot:
        yield bot


async def test_no_answer_holds_anything_of_a_person(running: Whole) -> None:
    rana = running.phone("de", PERSON)
    before = metrics.REGISTRY.get_sample_value("wegweiser_reply_seconds_count") or 0
    await rana.ask("/start", name=f"{PLANTED[0]} {PLANTED[1]}")
    await rana.ask(f"{PLANTED[3]} von @{PLANTED[2]}")
    case = await running.new_case("de", PERSON)
    assert case
    async with httpx.AsyncClient(transport=httpx.ASGITransport(running.app.web), base_url="http://bot") as http:
        answers = {path: (await http.get(path)).text for path in ("/health", "/ready", "/metrics")}
    for path, said in answers.items():
        assert [word for word in PLANTED if word in said] == [], path
    assert (metrics.REGISTRY.get_sample_value("wegweiser_reply_seconds_count") or 0) >= before + 3
    assert "wegweiser_cases{" in answers["/metrics"]
    for figure in ("wegweiser_waiting", "wegweiser_oldest_seconds", "process_resident_memory_bytes",
                   "process_cpu_seconds_total", "wegweiser_rate_limited_total", "wegweiser_rasa_seconds_bucket"):
        assert figure in answers["/metrics"]


async def test_the_first_reply_bears_the_id_of_the_update_and_when_it_came(running: Whole) -> None:
    await running.phone("de", PERSON).ask("/start")
    [update], rows = await running.rows(InboxUpdate), await running.rows(OutboxMessage)
    assert {row.trace for row in rows} == {of_update(update.update_id)}
    assert [row.asked_at for row in rows] == [update.received_at] + [None] * (len(rows) - 1)
