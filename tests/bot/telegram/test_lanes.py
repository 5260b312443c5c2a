"""Lanes end when they are told to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.telegram.lanes import Lanes


async def _nothing_waits() -> list[tuple[str, int]]:
    return []


async def _step(item: int) -> timedelta | None:
    return None


@pytest.mark.parametrize("ticks", range(5))
async def test_lanes_stop_even_if_they_are_woken_at_the_same_moment(ticks: int) -> None:
    lanes = Lanes(_nothing_waits, _step)
    work = asyncio.create_task(lanes.run())
    await asyncio.sleep(0.01)
    lanes.wake()
    for _ in range(ticks):
        await asyncio.sleep(0)
    work.cancel()
    done, _ = await asyncio.wait({work}, timeout=0.5)
    stopped = bool(done)
    work.cancel()
    assert stopped


async def test_what_ended_while_the_lanes_were_looked_at_is_not_done_again() -> None:
    left, done = [1, 2, 3], list[int]()

    async def waiting() -> list[tuple[str, int]]:
        seen = [("a", item) for item in left[:1]]
        await asyncio.sleep(0.02)
        return seen

    async def step(item: int) -> timedelta | None:
        lanes.wake()
        await asyncio.sleep(0.01)
        done.append(item)
        left.remove(item)
        return None

    lanes = Lanes(waiting, step)
    work = asyncio.create_task(lanes.run())
    await asyncio.sleep(0.4)
    work.cancel()
    await asyncio.wait({work}, timeout=0.5)
    assert done == [1, 2, 3]
