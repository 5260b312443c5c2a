"""What staff put into the blanks of an office phrase: read as people type it in German, written in any language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from babel.dates import format_time
from babel.numbers import NumberFormatError, format_currency, format_decimal, parse_decimal

from bot.locales import Locales
from flows.values.moments import Moment, read_moment
from knowledge.phrases import BlankKind, Phrase

Value = date | time | Decimal | str
"""A day, a time of the day in the office's zone, a count or an amount in euro, or free text."""

FREE = frozenset({BlankKind.TEXT, BlankKind.PLACE, BlankKind.NAME})
"""Kinds that go as they are typed."""
TYPED_IN = "de"
LONGEST = 300
"""Letters of a value: several fit into one message together with the phrase."""
LARGEST = Decimal(1_000_000_000)
"""People or euro; more is a slip, or a phone number."""
FURTHEST = 10
"""Years from today; a day beyond is a slip of the fingers."""
_DAY = re.compile(r"\d{1,2}\. ?\d{1,2}(?:\.(?: ?(?:\d\d){1,2})?)?|\d{4}-\d{1,2}-\d{1,2}")
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d\d))?(?: ?(?:uhr|h))?", re.IGNORECASE)
_FIGURES = re.compile(r"[0-9][0-9.]*(?:,[0-9]{1,2})?")
"""At most two decimals: "1,000" may be meant as in English."""
_EURO = re.compile(r"^(?:€|eur|euro)\s*|\s*(?:€|eur|euro)$|,[-–—]+(?=$|\s)", re.IGNORECASE)


class UnreadableValue(ValueError):
    """What was typed is no such value; the text is the id of the message that says what would be one."""


def read_value(kind: BlankKind, typed: str, *, today: date) -> Value:
    """What staff typed for a blank of this kind.

    A day may be `24.11.`, `24.11.26`, `2026-11-24`, `24. November` or `nächsten Dienstag`; without a year it is the
    next one on or after `today`. A time may be `10`, `10:30`, `10.30`, `10 Uhr` or `halb elf`; figures are of 24 hours.
    Numbers and amounts in euro are written as in German: `1.200,50`.

    Raises:
        UnreadableValue: a ValueError whose text is a message id: `value.empty`, `value.too_long`, or `value.no_date`,
            `value.no_time`, `value.no_number`, `value.no_amount`.
    """
    text = typed.strip()
    if not text or len(text) > LONGEST:
        raise UnreadableValue("value.too_long" if text else "value.empty")
    match kind:
        case BlankKind.DATE:
            return _date(text, today)
        case BlankKind.TIME:
            return _time(text, today)
        case BlankKind.NUMBER:
            return _number(text, "value.no_number")
        case BlankKind.AMOUNT:
            return _number(_EURO.sub("", text).strip(), "value.no_amount")
        case _:
            return text


def _date(text: str, today: date) -> date:
    in_words = any(letter.isalpha() for letter in text)
    moment = _moment(text, today) if in_words or _DAY.fullmatch(text) else None
    if moment is None or moment.day is None or moment.start or moment.end:
        raise UnreadableValue("value.no_date")
    if abs(moment.day.year - today.year) > FURTHEST:
        raise UnreadableValue("value.no_date")
    return moment.day


def _time(text: str, today: date) -> time:
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _of_clock(int(clock[1]), int(clock[2] or 0))
    moment = _moment(text, today)
    if moment is None or moment.start is None or moment.end or moment.day:
        raise UnreadableValue("value.no_time")
    return moment.start


def _of_clock(hour: int, minute: int) -> time:
    """Read here and not as an answer of a form, where "10.12." is a day and "at 3" in the afternoon."""
    try:
        return time(hour, minute)
    except ValueError as error:
        raise UnreadableValue("value.no_time") from error


def _moment(text: str, today: date) -> Moment | None:
    return read_moment(text, TYPED_IN, datetime.combine(today, time()))


def _number(text: str, otherwise: str) -> Decimal:
    try:
        number = parse_decimal(text, locale=TYPED_IN, strict=True) if _FIGURES.fullmatch(text) else None
    except NumberFormatError:
        number = None
    if number is None or number > LARGEST:
        raise UnreadableValue(otherwise)
    return number


def write_value(locales: Locales, language: str, kind: BlankKind, value: Value) -> str:
    """The value as the language writes it: weekday and date, 24 hours, its own signs in numbers; free text as it is.

    Raises:
        TypeError: the value is not of this kind.
    """
    match kind, value:
        case BlankKind.DATE, date():
            return locales.day(language, value)
        case BlankKind.TIME, time():
            return format_time(value, "HH:mm", locale=language)
        case BlankKind.NUMBER, Decimal():
            return format_decimal(value, locale=language)
        case BlankKind.AMOUNT, Decimal():
            return format_currency(value, "EUR", locale=language)
        case _, str() if kind in FREE:
            return value
    raise TypeError(f"{value!r} fills no blank of kind {kind}")


def fill_in(locales: Locales, language: str, phrase: Phrase, values: Mapping[str, Value]) -> str:
    """A phrase for a person, plain text without isolates: in `language`, or the one it falls back to throughout.

    Raises:
        KeyError: a blank has no value.
        TypeError: a value is not of its blank's kind.
    """
    shown = phrase.shown_in(language)
    written = {one.name: write_value(locales, shown, one.kind, values[one.name]) for one in phrase.blanks}
    return phrase.filled(shown, written)
