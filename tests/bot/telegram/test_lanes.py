"""Lanes end when they are told to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
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


class Ward:
    """Lanes at work on lists of numbers; `looks` counts how often it was looked what waits."""

    def __init__(self, slow: float = 0.02) -> None:
        self.waiting: dict[str, list[int]] = {}
        self.begun, self.looks, self._slow = list[int](), 0, slow
        self.lanes = Lanes(self._look, self._step)

    async def _look(self) -> list[Waiting]:
        self.looks += 1
        seen = [Waiting(lane, items[0], more=len(items) > 1) for lane, items in self.waiting.items() if items]
        await asyncio.sleep(self._slow)
        return seen

    async def _step(self, item: int) -> timedelta | None:
        self.begun.append(item)
        await asyncio.sleep(0.01)
        next(items for items in self.waiting.values() if item in items).remove(item)
        return timedelta(seconds=0.2) if item < 0 else None

    def put(self, lane: str, item: int) -> None:
        """Store an item and say so."""
        self.waiting.setdefault(lane, []).append(item)
        self.lanes.offer(lane, item)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Work, having looked once."""
        work = asyncio.create_task(self.lanes.run())
        await asyncio.sleep(2 * self._slow)
        yield
        work.cancel()
        await asyncio.wait({work}, timeout=0.5)


async def test_what_is_offered_to_an_idle_lane_is_begun_without_a_look() -> None:
    ward = Ward()
    async with ward.at_work():
        looks = ward.looks
        ward.put("a", 1)
        ward.put("b", 2)
        await asyncio.sleep(0.1)
        assert (ward.begun, ward.looks) == ([1, 2], looks)


async def test_what_is_offered_to_a_busy_or_resting_lane_waits_for_its_turn() -> None:
    ward = Ward()
    async with ward.at_work():
        ward.put("a", -1)
        await asyncio.sleep(0)
        ward.put("a", 2)
        await asyncio.sleep(0.1)
        ward.put("a", 3)
        assert ward.begun == [-1], "the lane rests"
        await asyncio.sleep(IDLE_SECONDS / 2)
        assert ward.begun == [-1, 2, 3]


async def test_nothing_that_is_offered_during_a_look_overtakes_what_the_look_will_find() -> None:
    ward = Ward(slow=0.1)
    async with ward.at_work():
        ward.waiting["a"] = [1]
        ward.lanes.wake()
        await asyncio.sleep(0.05)
        ward.put("a", 2)
        await asyncio.sleep(0.4)
    assert ward.begun == [1, 2]


async def test_nothing_is_begun_after_the_end() -> None:
    ward = Ward()
    async with ward.at_work():
        pass
    ward.put("a", 1)
    await asyncio.sleep(0.05)
    assert ward.begun == []


async def test_more_than_can_run_at_once_is_offered_and_all_is_done_once() -> None:
    ward = Ward()
    async with ward.at_work():
        for number in range(3 * AT_ONCE):
            ward.put(str(number), number)
        await asyncio.sleep(IDLE_SECONDS / 2)
    assert sorted(ward.begun) == list(range(3 * AT_ONCE))


async def test_a_crowd_is_served_without_a_look_for_each() -> None:
    ward = Ward()
    ward.waiting = {str(number): [number] for number in range(4 * AT_ONCE)}
    async with ward.at_work():
        await asyncio.sleep(IDLE_SECONDS / 2)
    assert sorted(ward.begun) == list(range(4 * AT_ONCE))
    assert ward.looks == 1
