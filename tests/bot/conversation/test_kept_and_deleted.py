"""Invariant 12 of handoff.md: retention runs on state and last activity; a wish to be erased goes before it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.handoff.states import State
from bot.storage.models import OPEN_STATES, Case, CaseMessage
from tests.bot.conversation.passing import look
from tests.bot.conversation.test_forgetting import everything_stored
from tests.bot.stage import Colleague, Stage, Visitor
from tests.conftest import Clock

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("state", [*OPEN_STATES, "RESOLVED"])
async def test_invariant_12_an_open_or_reopened_case_is_not_deleted_however_old(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock, state: str
) -> None:
    await rana.asks_for_a_human()
    await anna.presses(await stage.only_case(), "take")
    await anna.writes(await stage.only_case(), "Zaubermarker")
    owner = (await stage.only_case()).owner_id
    long_ago = clock() - timedelta(days=400)
    await stage.change(Case, state=state, active_at=long_ago, opened_at=long_ago)
    if state == "RESOLVED":  # taken up again after long, and the timer of its grace period was never looked at
        await rana.writes("Noch etwas dazu bitte")
        await rana.presses("same", "yes")
    await stage.change(Case, owner_id=owner)
    await look(stage)
    assert "Zaubermarker" in [message.text for message in await stage.all(CaseMessage)]


async def test_invariant_12_retention_runs_from_the_last_activity_not_from_the_beginning(
    stage: Stage, rana: Visitor, anna: Colleague, clock: Clock
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Zaubermarker")
    days = stage.parts.retention.retention_days
    await stage.change(Case, state="CLOSED", opened_at=clock() - timedelta(days=10 * days), active_at=clock())
    clock.forward(days=days - 1)
    await look(stage)
    assert "Zaubermarker" in [message.text for message in await stage.all(CaseMessage)]
    clock.forward(days=2)
    await look(stage)
    assert await stage.all(CaseMessage) == []
    assert "Zaubermarker" not in await everything_stored(stage.database)


@pytest.mark.parametrize("state", [state for state in State if state is not State.NONE])
async def test_invariant_12_a_wish_to_be_erased_beats_retention_in_every_state(
    stage: Stage, rana: Visitor, anna: Colleague, state: State
) -> None:
    await rana.asks_for_a_human()
    await anna.writes(await stage.only_case(), "Zaubermarker")
    await stage.change(Case, state=state.value)
    await rana.writes("/forget")
    await rana.presses("forget", "yes")
    assert "Zaubermarker" not in await everything_stored(stage.database)
