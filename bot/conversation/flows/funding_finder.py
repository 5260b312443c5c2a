"""The end of the funding finder: what fits, what nearly does and why, what does not and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from bot.conversation.actions import Action
from bot.conversation.flows import runs
from bot.conversation.replies import Button, Lines, Part, Phrase, Rows
from bot.conversation.turn import Turn, button
from bot.storage import flows as stored
from bot.storage.models import FlowRun
from flows.guide.form import SKIPPED
from knowledge.funding import Amount, FundingLine, Match, match

DAYS_BEFORE = (14, 3)
"""Days before a deadline on which a reminder is due, the first that is still to come: an application takes time."""
MORNING = time(9)
ENTRIES_SHOWN = 6


async def show_matches(turn: Turn, run: FlowRun, reply: Mapping[str, Any]) -> None:
    """Compare the answers with the lines on file; the answers themselves are not kept."""
    given = {slot: value for slot, value in reply["funding"].items() if slot != "check" and value != SKIPPED}
    today = turn.local_now.date()
    result = match(turn.parts.library.funding, given, today)
    parts: list[Part] = [Phrase("funding_finder.result" if result.fits or result.nearly else "funding_finder.nothing")]
    parts += _list(turn, "funding_finder.fits", result.fits, given)
    parts += _list(turn, "funding_finder.nearly", result.nearly, given)
    parts += _names(turn, "funding_finder.not_fitting", result.not_fitting)
    parts += _names(turn, "funding_finder.closed", result.closed)
    parts.append(Phrase("funding_finder.check_first"))
    if not turn.flow_pressed:
        runs.take_buttons(turn, run)
    turn.send(*parts, rows=_rows(turn, [*result.fits, *result.nearly]), edit=turn.flow_pressed, kind="system")
    await runs.end(turn, run)


def _list(turn: Turn, head: str, matches: Sequence[Match], given: Mapping[str, str]) -> list[Part]:
    """Each line with what it gives, and what would have to change or be found out."""
    if not matches:
        return []
    return [Phrase(head), *(Lines(tuple(_lines(turn, one, given))) for one in matches)]


def _lines(turn: Turn, found: Match, given: Mapping[str, str]) -> list[Phrase]:
    line, language = found.line, turn.language
    lines = [Phrase("funding_finder.line", {"title": line.title(language), "summary": line.summary(language)})]
    lines += [_amount(turn, amount) for amount in line.amounts_for(given)]
    lines += [Phrase("funding_finder.reason", {"reason": reason.text(language)}) for reason in found.reasons]
    lines += [Phrase("funding_finder.also", {"note": note}) for note in line.also(language)]
    if line.last_day is not None:
        lines.append(Phrase("funding_finder.until", {"day": line.last_day}))
    if found.being_checked:
        lines.append(Phrase("answer.being_checked"))
    return lines


def _amount(turn: Turn, amount: Amount) -> Phrase:
    locales = turn.parts.locales
    value = locales.number(turn.language, amount.value)
    key = f"funding_finder.amount_{amount.per}" if amount.unit == "EUR" else "funding_finder.amount_months"
    return Phrase(key, {"value": value, "as_of": locales.as_of(turn.language, amount.as_of)})


def _names(turn: Turn, head: str, matches: Sequence[Match]) -> list[Part]:
    """Lines in short: the name, and why not where the answers are the reason."""
    lines = [_short(one.line.title(turn.language), [reason.text(turn.language) for reason in one.reasons])
             for one in matches]  # fmt: skip
    return [Lines((Phrase(head), *lines))] if lines else []


def _short(title: str, reasons: Sequence[str]) -> Phrase:
    if not reasons:
        return Phrase("funding_finder.also", {"note": title})
    return Phrase("funding_finder.short", {"title": title, "why": " ".join(reasons)})


def _rows(turn: Turn, matches: Sequence[Match]) -> Rows:
    """More about each line, a reminder where a real deadline is on file, help with the application."""
    library, rows = turn.parts.library, list[tuple[Button, ...]]()
    entries = dict.fromkeys(one.line.entry for one in matches if library.has(one.line.entry))
    for id in list(entries)[:ENTRIES_SHOWN]:
        rows.append((Button(library.entry(id, turn.language).label, Action("ask", (id,))),))
    rows += [(Button(Phrase("funding_finder.remind", {"title": one.line.title(turn.language)}),
                     Action("remind", ("deadline", one.line.id))),)
             for one in matches if reminder_day(one.line, turn.local_now) is not None]  # fmt: skip
    rows.append((button("funding_finder.help", "human", "funding"), button("button.menu", "newmenu")))
    return tuple(rows)


def reminder_day(line: FundingLine, now: datetime) -> datetime | None:
    """When to remind of the line's deadline; None if none is on file, or too little time is left. In `now`'s zone."""
    if line.last_day is None:
        return None
    days = (datetime.combine(line.last_day - timedelta(days=before), MORNING, now.tzinfo) for before in DAYS_BEFORE)
    return next((due for due in days if due > now), None)


async def remind(turn: Turn, line_id: str) -> bool:
    """Set the reminder that was asked for; False if the line has no deadline any more."""
    line = next((one for one in turn.parts.library.funding if one.id == line_id), None)
    due = reminder_day(line, turn.local_now) if line else None
    if line is None or due is None:
        return False
    await stored.remind(turn.session, turn.person, "deadline", line.id, due)
    turn.say("funding_finder.will_remind", title=line.title(turn.language), day=due.date(), kind="system")
    return True


async def say_deadline(turn: Turn, line_id: str) -> None:
    """The reminder itself; silent if the line is gone or its deadline was taken back."""
    line = next((one for one in turn.parts.library.funding if one.id == line_id), None)
    if line is not None and line.last_day is not None and not line.closed(turn.local_now.date()):
        rows = ((Button(line.title(turn.language), Action("ask", (line.entry,))),),)
        turn.say("funding_finder.reminder", rows=rows, kind="system", title=line.title(turn.language),
                 day=line.last_day)  # fmt: skip
