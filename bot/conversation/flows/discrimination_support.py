"""The end of the support after discrimination: what to do now, where to get counsel, or a person. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.conversation import answers, cases
from bot.conversation.flows import documents, runs
from bot.conversation.replies import Answer, Part, Phrase, Rows
from bot.conversation.turn import Turn, button
from bot.storage.models import FlowRun

ENTRIES = {
    "work": "discrimination.work",
    "housing": "discrimination.housing",
    "school": "discrimination.school",
    "authority": "discrimination.authority",
    "police": "discrimination.police",
    "shop": "discrimination.shop_or_club",
    "online": "discrimination.online_hate",
    "violence": "discrimination.violence",
}
"""The entry about each area; any other: what helps always."""
SATURDAY = 5
OTHER_LIMITS = frozenset({"authority", "school", "police"})
"""Areas in which the AGG mostly does not bind: it is no law for acts of the state."""


async def help_next(turn: Turn, run: FlowRun, reply: Mapping[str, Any]) -> None:
    """Erase the answers, then help."""
    wish = reply["help"]
    if wish == "danger":
        turn.run = None  # the way back into it must not stand under the numbers
        await answers.crisis(turn)
    if wish == "danger" or not turn.flow_pressed:
        runs.take_buttons(turn, run)
    await runs.end(turn, run)
    if wish == "danger":
        return
    parts = [*_limit(turn, reply), Phrase("discrimination_support.no_names")]
    if wish == "person":
        turn.send(*parts, edit=turn.flow_pressed, kind="system")
        await cases.request_human(turn, "discrimination", topic="discrimination")
        return
    entry = "discrimination.counselling" if wish == "counselling" else ENTRIES.get(
        str(reply["area"]), "discrimination.first_help")  # fmt: skip
    turn.send(*parts, edit=turn.flow_pressed, kind="system")
    turn.send(Answer(entry), rows=_rows(), kind="system")


def _limit(turn: Turn, reply: Mapping[str, Any]) -> list[Part]:
    """The last day for claims under the AGG, and that other limits may hold where it mostly does not bind."""
    others = [Phrase("discrimination_support.other_limits")] if reply["area"] in OTHER_LIMITS else []
    if reply["last_day"] is None:
        return [Phrase("discrimination_support.limit_unknown"), *others]
    day, today = date.fromisoformat(reply["last_day"]), turn.local_now.date()
    if day < today <= next_working_day(day):
        day = next_working_day(day)
    over = day < today
    key = "discrimination_support.limit_over" if over else "discrimination_support.limit"
    return [Phrase(key, {"day": day}), *others]


def _rows() -> Rows:
    return (
        (button("discrimination_support.record", "record"),),
        (button("discrimination_support.counselling", "ask", "discrimination.counselling"),),
        (button("button.menu", "newmenu"), button("button.human", "human", "discrimination")),
    )


def next_working_day(day: date) -> date:
    """The day to which a limit that ends on a weekend moves (BGB § 193); holidays are left out, so none is promised."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def send_record(turn: Turn) -> None:
    """The memory record: an empty form to print or fill in at home, so that nothing has to be written in Telegram."""
    turn.items.append(documents.memory_record(turn))
