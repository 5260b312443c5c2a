"""Whoever watches hears of every change once, in order, and a slow one is told to look again."""

from __future__ import annotations

import asyncio

from bot.changes import AGAIN, Changes


async def test_every_watcher_hears_of_every_change() -> None:
    changes = Changes()
    with changes.subscribe() as one, changes.subscribe() as other:
        changes.publish(7)
        changes.publish(8)
        assert [await one.take(), await one.take()] == [7, 8]
        assert [await other.take(), await other.take()] == [7, 8]


async def test_a_watcher_waits_for_news() -> None:
    changes = Changes()
    with changes.subscribe() as watcher:
        waiting = asyncio.create_task(watcher.take())
        await asyncio.sleep(0)
        assert not waiting.done()
        changes.publish(3)
        assert await asyncio.wait_for(waiting, 1) == 3


async def test_a_case_that_changes_often_is_told_once_until_it_is_looked_at() -> None:
    changes = Changes()
    with changes.subscribe() as watcher:
        for case_id in (5, 6, 5, 5):
            changes.publish(case_id)
        assert [await watcher.take(), await watcher.take()] == [5, 6]
        changes.publish(5)
        assert await asyncio.wait_for(watcher.take(), 1) == 5


async def test_a_slow_watcher_is_told_once_to_look_again_and_then_hears_of_changes_as_before() -> None:
    changes = Changes(limit=3)
    with changes.subscribe() as watcher:
        for case_id in range(1, 100):
            changes.publish(case_id)
        assert await watcher.take() == AGAIN
        changes.publish(100)
        assert await asyncio.wait_for(watcher.take(), 1) == 100


async def test_who_has_gone_is_not_told_any_more() -> None:
    changes = Changes()
    with changes.subscribe() as watcher:
        pass
    changes.publish(1)
    waiting = asyncio.create_task(watcher.take())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    waiting.cancel()


async def test_changes_can_be_looped_over() -> None:
    changes = Changes()
    with changes.subscribe() as watcher:
        changes.publish(1)
        changes.publish(2)
        seen = []
        async for case_id in watcher:
            seen.append(case_id)
            if case_id == 2:
                break
    assert seen == [1, 2]
