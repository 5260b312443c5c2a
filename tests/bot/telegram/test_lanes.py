"""Lanes end when they are told to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.telegram.lanes import AT_ONCE, IDLE_SECONDS, Lanes, Waiting


async def _nothing_waits() -> list[Waiting]:
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

    async def waiting() -> list[Waiting]:
        seen = [Waiting("a", item, more=len(left) > 1) for item in left[:1]]
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


async def _worked(steps: dict[str, list[int]], arriving: int | None = None) -> list[int]:
    """What is done within a fraction of the time after which lanes look by themselves."""
    done = list[int]()

    async def waiting() -> list[Waiting]:
        return [Waiting(lane, items[0], more=len(items) > 1) for lane, items in steps.items() if items]

    async def step(item: int) -> timedelta | None:
        if arriving is not None and item != arriving:
            steps["a"].append(arriving)
            lanes.wake()
        await asyncio.sleep(0.02)
        done.append(item)
        next(items for items in steps.values() if item in items).remove(item)
        return None

    lanes = Lanes(waiting, step)
    work = asyncio.create_task(lanes.run())
    await asyncio.sleep(IDLE_SECONDS / 2)
    work.cancel()
    await asyncio.wait({work}, timeout=0.5)
    return done


async def test_what_stands_behind_an_item_follows_without_being_called() -> None:
    assert await _worked({"a": [1, 2, 3]}) == [1, 2, 3]


async def test_what_arrives_in_a_busy_lane_follows_at_once() -> None:
    assert await _worked({"a": [1]}, arriving=2) == [1, 2]


async def test_more_lanes_than_can_run_at_once_are_all_served() -> None:
    crowd = {str(number): [number] for number in range(3 * AT_ONCE)}
    assert sorted(await _worked(crowd)) == list(range(3 * AT_ONCE))
