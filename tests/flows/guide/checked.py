"""What every answer that is taken has to be, and the questions of all flows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flows.guide.answers import LONGEST_TEXT
from flows.guide.form import FLOWS, SKIPPED, Question, form_of

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""A Tuesday."""
QUESTIONS = [(flow, question) for flow in FLOWS for question in form_of(flow).questions]
NAMES = [f"{flow}.{question.slot}" for flow, question in QUESTIONS]
_CLOCKS = re.compile(r"(\d\d:\d\d)(?:-(\d\d:\d\d))?")


def fits(question: Question, value: Any) -> bool:
    """Whether `value` may stand in the question's slot."""
    if value == SKIPPED:
        return question.skip
    return KINDS[question.kind](question, value)


def _day(question: Question, value: Any) -> bool:
    day = date.fromisoformat(value)
    return day.isoformat() == value and (day <= NOW.date() if question.past else day >= NOW.date())


def _clock(question: Question, value: Any) -> bool:
    found = _CLOCKS.fullmatch(value)
    return found is not None and all(time.fromisoformat(one) for one in found.groups() if one)


def _number(question: Question, value: Any) -> bool:
    return type(value) is int and question.least <= value <= question.most


def _weekdays(question: Question, value: Any) -> bool:
    return bool(value) and value == sorted(set(value)) and set(value) <= set(range(7))


def _many(question: Question, value: Any) -> bool:
    return bool(value) and list(value) == [one for one in question.choose if one in value]


def _text(question: Question, value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def _choice(question: Question, value: Any) -> bool:
    return value in question.choose


KINDS: dict[str, Callable[[Question, Any], bool]] = {
    "choice": _choice,
    "amount": _choice,
    "confirm": lambda question, value: value == "yes",
    "many": _many,
    "number": _number,
    "date": _day,
    "time": _clock,
    "weekdays": _weekdays,
    "text": _text,
    "contact": _text,
}
