"""What others may ask of the process: is it alive, can it do its work, and the figures. No answer names a person."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.operations import metrics

Check = Callable[[], Awaitable[str | None]]
"""None if all is well, else the reason in a few fixed words."""
CHECK_SECONDS = 3.0
FIGURES_LAST = 2.0
"""Seconds in which whoever asks again gets the same answer: asking often must not cost the people who write."""
OK, UNAVAILABLE = 200, 503


@dataclass(frozen=True)
class Loop:
    """A loop of the process: when it last went round (monotonic; None: it is not running), and how long it may take."""

    turned_at: Callable[[], float | None]
    longest: float

    def stands(self) -> bool:
        """Whether it has not gone round for too long."""
        turned_at = self.turned_at()
        return turned_at is not None and time.monotonic() - turned_at > self.longest


@dataclass(kw_only=True)
class Health:
    """`needed`: without these the bot is not ready; `wanted`: without these it does less. `count` renews the gauges."""

    loops: Mapping[str, Loop]
    needed: Mapping[str, Check]
    wanted: Mapping[str, Check]
    count: Callable[[], Awaitable[None]]
    _known: dict[str, str | None] = field(default_factory=dict)
    _asked_at: float = float("-inf")
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def routes(self) -> list[Route]:
        """Where they can be asked."""
        return [Route("/health", self._health), Route("/ready", self._ready), Route("/metrics", self._metrics)]

    async def _health(self, request: Request) -> Response:
        """That this is answered at all shows that the event loop turns."""
        standing = sorted(name for name, loop in self.loops.items() if loop.stands())
        return JSONResponse({"alive": not standing, "standing": standing}, UNAVAILABLE if standing else OK)

    async def _ready(self, request: Request) -> Response:
        known = await self._look()
        reasons = {name: known[name] for name in self.needed if known[name]}
        degraded = {name: known[name] for name in self.wanted if known[name]}
        body = {"ready": not reasons, "reasons": reasons, "degraded": degraded}
        return JSONResponse(body, UNAVAILABLE if reasons else OK)

    async def _metrics(self, request: Request) -> Response:
        await self._look()
        return Response(metrics.written(), media_type=metrics.CONTENT_TYPE)

    async def _look(self) -> Mapping[str, str | None]:
        """How the parts are, asked anew if the last answer is old."""
        async with self._asking:
            if time.monotonic() - self._asked_at > FIGURES_LAST:
                checks = {**self.needed, **self.wanted}
                found = await asyncio.gather(*map(_in_time, checks.values()))
                self._known = dict(zip(checks, found, strict=True))
                for name, reason in self._known.items():
                    metrics.UP.labels(name).set(reason is None)
                if not any(self._known[name] for name in self.needed):
                    await _in_time(self._counted)
                self._asked_at = time.monotonic()
        return self._known

    async def _counted(self) -> str | None:
        await self.count()
        return None


async def _in_time(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except TimeoutError:
        return "does not answer"
    except Exception as error:
        return type(error).__name__
