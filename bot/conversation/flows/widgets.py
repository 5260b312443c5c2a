"""The buttons under a question: choices, several of them, a month, weekdays, hours. Pure: state in, rows out."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.conversation.actions import Action
from bot.conversation.flows.wording import label, label_text
from bot.conversation.replies import Button, Phrase, Rows
from bot.locales import Locales
from flows.guide.form import Form, Question

TICK = "✅ "
FIRST_HOUR, LAST_HOUR = 8, 23
"""Hours of the day that have a button; others can be written."""
MONTHS_AHEAD, MONTHS_BACK = 18, 12
"""How far the pages of the month reach."""
HALF_A_ROW = 16
"""Letters that a phone shows on a button that shares its row with another one."""
A_QUARTER = 6
NOTHING = "none"
NO_DAY = "·"
"""Telegram takes no empty label."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a widget needs to know: the run's number, form, open question, draft, language and the day."""

    run_id: int
    form: Form
    question: Question
    draft: Mapping[str, Any]
    locales: Locales
    language: str
    today: date
    press: tuple[str, str] = ("answer", "pick")
    """What pressing a day of the month, or another page of it, means."""

    def does(self, name: str, *args: str) -> Action:
        """A button's meaning, bound to this run and question."""
        return Action(name, (str(self.run_id), self.question.slot, *args))


def rows(asked: Asked) -> Rows:
    """The buttons for the open question, without the ways back and out."""
    return WIDGETS[asked.question.kind](asked)


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    """`width` buttons in a row."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def _choices(asked: Asked) -> Rows:
    """As many in a row as their labels allow: four short ones, two of middle length, else one."""
    question, locales = asked.question, asked.locales
    buttons = [Button(label(locales, asked.form, question, one), asked.does("answer", one)) for one in question.choose]
    longest = max((len(label_text(locales, asked.language, asked.form, question, one)) for one in question.choose),
                  default=0)  # fmt: skip
    return in_rows(buttons, 4 if longest <= A_QUARTER else 2 if longest <= HALF_A_ROW else 1)


def _confirm(asked: Asked) -> Rows:
    return ((Button(Phrase(f"{asked.form.flow}.{asked.question.slot}_yes"), asked.does("answer", "yes")),),)


def _ticked(asked: Asked, choices: Sequence[tuple[str, str]], chosen: Sequence[str], width: int) -> Rows:
    """Choices to tick, and the button that is done with them."""
    buttons = [Button((TICK if key in chosen else "") + text, asked.does("pick", key)) for key, text in choices]
    done = (Button(Phrase("flow.picked" if chosen else "flow.picked_none"), asked.does("picked")),)
    return (*in_rows(buttons, width), *((done,) if chosen or asked.question.skip else ()))


def _many(asked: Asked) -> Rows:
    question = asked.question
    named = [(one, label_text(asked.locales, asked.language, asked.form, question, one)) for one in question.choose]
    return _ticked(asked, named, asked.draft.get("chosen", ()), 2)


def _weekdays(asked: Asked) -> Rows:
    named = [(str(day), asked.locales.weekday(asked.language, day)) for day in range(7)]
    return _ticked(asked, named, asked.draft.get("chosen", ()), 2)


def _month(asked: Asked) -> Rows:
    """A month as a calendar shows it; only days that can be an answer have a meaning."""
    first = date.fromisoformat(asked.draft.get("month") or asked.today.replace(day=1).isoformat())
    names = [Button(asked.locales.weekday(asked.language, day, short=True), asked.does(asked.press[1], NOTHING))
             for day in range(7)]  # fmt: skip
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    days = [tuple(_day(asked, day, first.month) for day in week) for week in weeks]
    return (_pages(asked, first), tuple(names), *(week for week in days if any(day.label != NO_DAY for day in week)))


def _day(asked: Asked, day: date, month: int) -> Button:
    fits = day <= asked.today if asked.question.past else day >= asked.today
    if day.month != month or not fits:
        return Button(NO_DAY, asked.does(asked.press[1], NOTHING))
    return Button(str(day.day), asked.does(asked.press[0], day.isoformat()))


def _pages(asked: Asked, first: date) -> tuple[Button, ...]:
    """The month's name between the ways to its neighbours, as far as they reach."""
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    name = Button(asked.locales.month(asked.language, first), asked.does(asked.press[1], NOTHING))
    earlier = Button("⬅", asked.does(asked.press[1], before.isoformat()))
    later = Button("➡", asked.does(asked.press[1], after.isoformat()))
    return (*((earlier,) if month_fits(asked.question, before, asked.today) else ()), name,
            *((later,) if month_fits(asked.question, after, asked.today) else ()))  # fmt: skip


def month_fits(question: Question, first: date, today: date) -> bool:
    """Whether any day of the month that begins with `first` can be an answer, in reach of the pages."""
    away = (first.year - today.year) * 12 + first.month - today.month
    return -MONTHS_BACK <= away <= 0 if question.past else 0 <= away <= MONTHS_AHEAD


def _hours(asked: Asked) -> Rows:
    """First the hour it begins, then the hour it ends."""
    start = asked.draft.get("from")
    if start is None:
        hours = [f"{hour:02}:00" for hour in range(FIRST_HOUR, LAST_HOUR)]
        return in_rows([Button(hour, asked.does("pick", hour[:2])) for hour in hours], 4)
    ends = [f"{hour:02}:00" for hour in range(int(start) + 1, LAST_HOUR + 1)]
    # A colon would end the word inside callback data.
    buttons = [Button(f"– {end}", asked.does("picked", end[:2])) for end in ends]
    return (*in_rows(buttons, 4), (Button(Phrase("flow.end_unknown"), asked.does("picked")),))


WIDGETS: dict[str, Callable[[Asked], Rows]] = {
    "choice": _choices,
    "amount": _choices,
    "number": _choices,
    "text": _choices,
    "contact": _choices,
    "confirm": _confirm,
    "many": _many,
    "weekdays": _weekdays,
    "date": _month,
    "time": _hours,
}


def pick(question: Question, draft: Mapping[str, Any], what: str, today: date) -> dict[str, Any] | None:
    """The draft after something was ticked or turned to; None if that cannot be (callback data can be forged)."""
    if question.kind in {"many", "weekdays"}:
        known = question.choose if question.kind == "many" else tuple("0123456")
        chosen = list(draft.get("chosen", ()))
        return {"chosen": sorted(set(chosen) ^ {what})} if what in known else None
    if question.kind == "time" and what.isdecimal() and FIRST_HOUR <= int(what) <= LAST_HOUR:
        return {"from": f"{int(what):02}"}
    if question.kind == "date" and what != NOTHING:
        return _turned(question, what, today)
    return None


def _turned(question: Question, what: str, today: date) -> dict[str, Any] | None:
    try:
        first = date.fromisoformat(what)
    except ValueError:
        return None
    return {"month": first.isoformat()} if first.day == 1 and month_fits(question, first, today) else None


def picked(question: Question, draft: Mapping[str, Any], end: str) -> Any:
    """The answer that a draft amounts to; `end`: the hour it ends, if that was the last press."""
    if question.kind == "time":
        start = draft.get("from")
        return None if start is None else "-".join(f"{hour}:00" for hour in (start, end) if hour)
    return list(draft.get("chosen", ()))
