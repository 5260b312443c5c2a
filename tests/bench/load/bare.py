"""The bare Rasa server on its own REST channel, with the same model, asked the same questions as fast as it can."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.processes import QUIET, RASA_PYTHON, family, free_port
from nlu.fingerprint import model_path
from tests.bench.figures import Step
from tests.bench.stage import Rasa
from tests.journeys.carrier import transport

CREDENTIALS = Path(__file__).parent / "credentials.yml"
REST = "/webhooks/rest/webhook"
PEOPLE = 200
"""Take part in turn; Rasa remembers what each has said, as it does by default."""


@contextlib.asynccontextmanager
async def bare_rasa() -> AsyncIterator[Rasa]:
    """A Rasa server with the present model and everything else as Rasa has it by default, so without actions.

    Of that it complains at each question that it takes for the beginning of a flow; nobody need read it.
    """
    async with family() as members:
        port = free_port()
        child = await members.start(
            "bare Rasa", str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(model_path()), "--credentials",
            str(CREDENTIALS), "--interface", "127.0.0.1", "--port", str(port), env=QUIET | {"LOG_LEVEL": "CRITICAL"},
        )  # fmt: skip
        await child.answers(f"http://127.0.0.1:{port}/")
        yield Rasa(f"http://127.0.0.1:{port}", child)


@dataclass(frozen=True, kw_only=True)
class Questions:
    """So many connections, each of which asks as soon as it is answered, in the name of one after the other."""

    asked: Mapping[str, list[str]]
    connections: int
    seconds: float
    seed: int

    async def ask(self, url: str) -> list[Step]:
        """Ask the server at `url`."""
        numbers, end = itertools.count(), time.perf_counter() + self.seconds
        async with httpx.AsyncClient(base_url=url, timeout=30, transport=transport(self.connections)) as http:
            asked = await asyncio.gather(*(self._connection(http, numbers, end) for _ in range(self.connections)))
        return [step for steps in asked for step in steps]

    async def _connection(self, http: httpx.AsyncClient, numbers: itertools.count[int], end: float) -> list[Step]:
        steps = []
        while time.perf_counter() < end:
            number = next(numbers)
            chance = random.Random(f"{self.seed}/{number}")
            language = list(self.asked)[number % len(self.asked)]
            question = {"sender": f"person {number % PEOPLE}", "message": chance.choice(self.asked[language]),
                        "metadata": {"language": language}}  # fmt: skip
            began = time.perf_counter()
            answer = await http.post(REST, json=question)
            steps.append(Step("question", time.perf_counter() - began if _is_answer(answer) else None))
        return steps


def _is_answer(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.OK and bool(answer.json())
