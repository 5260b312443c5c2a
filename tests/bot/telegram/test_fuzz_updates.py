"""Whatever stands in an update, the bot is done with it: nothing is raised, retried or said to somebody else."""

from __future__ import annotations

import copy
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.app import assemble
from tests.bot.conftest import GROUP, make_settings, read_content
from tests.bot.telegram.fuzzing import LONG, MORE, PROCESSED, Bench, complaints
from tests.bot.telegram.test_updates import CONTENT, EXTRA, FORUM, PERSON, PRIVATE, SERVICES, message
from tests.conftest import Clock, Templates
from tests.simulator.conftest import Control

EXAMPLES, DEEPEST = 250 * MORE, 12
IN_TOPIC: dict[str, Any] = dict(EXTRA)
QUERY: dict[str, Any] = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "human",
         "message": message(PRIVATE, text="x")}  # fmt: skip
MEMBER: dict[str, Any] = {"user": PERSON, "status": "member"}
CHANGE: dict[str, Any] = {"chat": PRIVATE, "from": PERSON, "date": 1790000000, "old_chat_member": MEMBER,
                          "new_chat_member": MEMBER}  # fmt: skip
GENUINE: list[dict[str, Any]] = [
    *({"message": message(PRIVATE, **{name: value})} for name, value in CONTENT.items()),
    {"message": message(PRIVATE, text="/start human")}, {"edited_message": message(PRIVATE, text="doch", **IN_TOPIC)},
    {"message": message(FORUM, text="Guten Tag", **IN_TOPIC)}, {"callback_query": QUERY},
    {"callback_query": {**QUERY, "message": message(FORUM, **IN_TOPIC), "data": "take:1:1"}},
    {"inline_query": {"id": "1", "from": PERSON, "query": "Verein", "offset": "", "chat_type": "supergroup"}},
    {"my_chat_member": CHANGE}, {"chat_member": {**CHANGE, "chat": FORUM}},
    *({"message": message(FORUM, **{name: value})} for name, value in SERVICES.items()),
    {"message_reaction": {"chat": PRIVATE, "message_id": 1}},
]
"""Of each kind one, as Telegram writes it."""
DEEP: Any = "down"
for _ in range(300):
    DEEP = [DEEP]
ODD = st.sampled_from([
    None, True, False, 0, -1, 2**31, 2**63, -(2**64), 10**30, 1.5, "", "x" * 70, "1001", "\x00", "\ud800", "e" * LONG,
    [], {}, [[]], [None], {"id": None}, {"id": 10**30, "type": "private"}, {"id": "7", "type": "private"}, DEEP,
    GROUP, [PERSON], PERSON, PRIVATE, "supergroup", "private", "1e999",
])  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in an update where something else could stand."""
    inside: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if len(path) > DEEPEST:
        return []
    return [*([path] if path else []), *(deeper for key, one in inside for deeper in places(one, (*path, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A genuine update in which one to three places are missing or hold something odd."""
    update = copy.deepcopy(draw(st.sampled_from(GENUINE)))
    for _ in range(draw(st.integers(1, 3))):
        found = places(update)
        if not found:
            break
        *way, last = draw(st.sampled_from(found))
        around = update
        for key in way:
            around = around[key]
        if draw(st.booleans()):
            odd = draw(ODD)
            around[last] = odd if odd is DEEP else copy.deepcopy(odd)
        else:
            del around[last]
    return update


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inside: st.lists(
    inside, max_size=4) | st.dictionaries(st.sampled_from([*PERSON, *CONTENT, "message", "chat", "from"]), inside,
    max_size=4), max_leaves=12)  # fmt: skip


def made_up(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples, the same in every run unless more than usual are wanted."""
    made: list[Any] = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=MORE == 1, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(strategy)
    def keep(one: Any) -> None:
        made.append(one)

    keep()
    return made


@pytest_asyncio.fixture
async def bench(
    templates: Templates, postgresql: str, simulator_url: str, control: Control, clock: Clock
) -> AsyncIterator[Bench]:
    """The bot on PostgreSQL, which refuses more than SQLite does."""
    given = make_settings(database_url=await templates.postgresql(postgresql), telegram_api_url=simulator_url,
                          rasa_url="http://127.0.0.1:9", messages_per_minute=10**6)  # fmt: skip
    async with assemble(given, clock, read_content()) as app:
        yield Bench(app, control)


@pytest.mark.parametrize("strategy", [mutated(), st.dictionaries(st.sampled_from(["message", "callback_query",
    "inline_query", "my_chat_member", "chat_member", "edited_message"]), JSON, max_size=2)],
    ids=["a genuine update, spoilt", "any JSON"])  # fmt: skip
async def test_no_update_upsets_the_bot(
    bench: Bench, caplog: pytest.LogCaptureFixture, strategy: st.SearchStrategy[Any]
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    for number, update in enumerate(made_up(strategy, EXAMPLES), start=1):
        await bench.feed({**update, "update_id": number})
    outcomes = await bench.outcomes()
    assert set(outcomes) == set(bench.fed)
    assert {number: outcome for number, outcome in outcomes.items() if outcome not in PROCESSED} == {}
    assert complaints(caplog.records) == []
    # Whoever is written to has written (1001, or who was put into their place), or stands in the group.
    assert {row.chat_id for row in await bench.waiting()} <= {PERSON["id"], None, GROUP, 2**31,
                                                             SERVICES["migrate_to_chat_id"]}  # fmt: skip


@pytest.mark.parametrize("update", [None, [], "x", 7, {}, {"update_id": None}, {"update_id": "1"}, {"update_id": True},
                                    {"update_id": 2**63}, {"update_id": 1.0}])  # fmt: skip
async def test_what_is_no_update_is_not_stored(bench: Bench, update: Any) -> None:
    await bench.feed(update)
    assert await bench.outcomes() == {}


@pytest.mark.parametrize("spoil", [
    lambda said: {**said, "date": "yesterday"}, lambda said: {**said, "text": {"nested": [1]}},
    lambda said: {**said, "photo": 7}, lambda said: {**said, "message_id": 2**70},
])  # fmt: skip
async def test_whoever_wrote_what_cannot_be_read_is_told(
    bench: Bench, caplog: pytest.LogCaptureFixture, spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    await bench.feed({"update_id": 1, "message": spoil(message(PRIVATE, text="geheim"))})
    assert await bench.outcomes() == {1: "unreadable"}
    assert [row.chat_id for row in await bench.waiting()] == [PERSON["id"]]
    assert "update 1 cannot be read" in caplog.text
    assert "geheim" not in caplog.text
