"""Somebody of the office in the topic of the one case."""

from __future__ import annotations

from typing import Any

from bot.storage.models import Case
from tests.bot.stage import Colleague, Seen, Stage


async def types(stage: Stage, colleague: Colleague, text: str, **more: Any) -> Seen:
    """Type something in the topic of the one case."""
    return await colleague.writes(await stage.only_case(), text, **more)


async def taken(stage: Stage, colleague: Colleague) -> Case:
    """The one case, after a colleague has taken it."""
    await colleague.presses(await stage.only_case(), "take")
    return await stage.only_case()
