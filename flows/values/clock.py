"""Times of the day in a line of symbols: what is said is first written as hours, then read as from when to when."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time

from flows.values.symbols import as_pattern as pattern

LATEST_AFTERNOON = 6
"""Up to this hour "at 3" is in the afternoon if nothing says otherwise: no room is asked for at three at night."""
_AFTER_NOON = {"pm", "afternoon", "evening"}
_NIGHT_BEGINS = 6
"""From this hour "at night" is before midnight."""
_N = r"(?:nth=)?(\d{1,2})"
_O = r"(?:nth=|weak=)?(\d{1,2})"
"""Next to a word for the hour "ein" and "وحدة" are one, too."""
_TOLD = r"(?:hour|clock)=\d+:\d+(?:@\w+)?"
_X = rf"({_TOLD}|(?:nth=|weak=)?\d{{1,2}})"
_PART = r"daypart=(\w+)"
Change = Callable[[re.Match[str]], str]
Span = tuple[time | None, time | None]


def _hour(number: str, minute: str | int) -> str:
    return f"hour={int(number)}:{int(minute):02}" if int(number) <= 24 and int(minute) < 60 else f"{number} _"


def _before(number: str, minute: int) -> str:
    """So many minutes of the hour before: "halb vier" is half past three."""
    return _hour(str(int(number) - 1 or 12), minute) if int(number) else "_"


def _pair(found: re.Match[str]) -> str:
    """ "15.30" is a time next to a word for it or if it can be no date; otherwise it stays as it is."""
    around = [*found.string[: found.start()].split()[-1:], *found.string[found.end() :].split()[:1]]
    if {"at", "from", "to", "oclock"} & set(around) or int(found[2]) == 0 or int(found[2]) > 12:
        return _hour(found[1], found[2])
    return found[0]


_SPOKEN: tuple[tuple[re.Pattern[str], Change], ...] = tuple(
    (pattern(text), change)
    for text, change in (
        (r"(after (?:weak=)?\d+) afternoon_or_days", lambda found: f"{found[1]} unit=day"),
        (r"afternoon_or_days (ago|later)", lambda found: f"unit=day {found[1]}"),
        (r"afternoon_or_days", lambda found: "daypart=afternoon"),
        (r"pair=(\d+)\.(\d\d)", _pair),
        (rf"half_to {_N}(?: oclock)?", lambda found: _before(found[1], 30)),
        (rf"half_past {_N}", lambda found: _hour(found[1], 30)),
        (rf"quarter_past {_N}", lambda found: _hour(found[1], 15)),
        (rf"quarter_to {_N}", lambda found: _before(found[1], 45)),
        (rf"quarter_into {_N}", lambda found: _before(found[1], 15)),
        (rf"{_N}(?: to)? quarter_past", lambda found: _hour(found[1], 15)),
        (rf"{_N}(?: to)? quarter_to", lambda found: _before(found[1], 45)),
        (rf"{_N}(?: oclock)? (?:and )?half", lambda found: _hour(found[1], 30)),
        (rf"{_N} (?:and )?quarter", lambda found: _hour(found[1], 15)),
        (rf"{_N} minus quarter", lambda found: _before(found[1], 45)),
        (rf"(\d{{1,2}}) past {_N}(?: oclock)?", lambda found: _hour(found[2], found[1])),
        (rf"{_N} oclock ([0-5]?\d)(?! (?:oclock|-|to|\.|j?month=\S+)(?!\S))", lambda found: _hour(found[1], found[2])),
        (rf"at {_N} ([1-5]\d)(?! (?:_|j?month=\S+)(?!\S))", lambda found: _hour(found[1], found[2])),
        (rf"{_O} oclock", lambda found: _hour(found[1], 0)),
        (rf"({_TOLD}) oclock", lambda found: found[1]),
        (rf"at {_O}(?! (?:_|-|to|from|unit=\S+|weekday=\d|j?month=\S+)(?!\S))", lambda found: _hour(found[1], 0)),
        (rf"{_N} {_PART}", lambda found: f"{_hour(found[1], 0)} daypart={found[2]}"),
        (rf"{_PART} (?:at )?{_N}(?! _)", lambda found: f"daypart={found[1]} {_hour(found[2], 0)}"),
        (rf"((?:hour|clock)=\d+:\d+) {_PART}", lambda found: f"{found[1]}@{found[2]}"),
        (rf"{_PART} (?:at )?((?:hour|clock)=\d+:\d+)(?!@)", lambda found: f"{found[2]}@{found[1]}"),
    )
)
"""What is said, and the hour that it is, in the order in which they are tried."""
_FROM_TO = pattern(
    rf"(?:(?P<mark>from|between|at) )*{_X}(?: (?P<sign>-|to|and|from|minus))*(?: at)? {_X}"
    r"(?: to)*(?: (?P<around>between))?"
)
_FROM = pattern(rf"from (?:at )?{_X}(?! (?:_|unit=\S+)(?!\S))|{_X} from")
_TO = pattern(rf"to (?:at )?{_X}(?! (?:_|unit=\S+)(?!\S))|{_X} to")
_AT = pattern(rf"({_TOLD})")


def with_hours(line: str) -> str:
    """The line with every time that is said as `hour=3:30`, with `@evening` if that is said too."""
    for text, change in _SPOKEN:
        line = text.sub(change, line)
    return line


def read_times(line: str) -> Span:
    """From when to when, of a line that has been through `with_hours` and has no dates any more.

    (None, None) if no time is said, or several that are no range.
    """
    default = next(iter(re.findall(r"(?<!\S)daypart=(\w+)", line)), "")
    span = next((found for found in _FROM_TO.finditer(line) if _is_span(found, line)), None)
    if span:
        return _span(span.group(2), span.group(4), default) if not _AT.search(line[span.end() :]) else (None, None)
    for text, place in ((_FROM, 0), (_TO, 1)):
        found = text.search(line)
        if found and len(_AT.findall(line)) <= 1:
            one = _time(next(filter(None, found.groups())), default)
            return (one, None) if place == 0 else (None, one)
    told = _AT.findall(line)
    return (_time(told[0], default), None) if len(told) == 1 else (None, None)


def _is_span(found: re.Match[str], line: str) -> bool:
    """Whether two hours side by side are from when to when: "5-6 people" is not, and "3 and 4" only after "between"."""
    between = found["mark"] == "between" or bool(found["around"])
    if found["sign"] == "and" and not between:
        return False
    told = [bool(_AT.fullmatch(end)) for end in (found[2], found[4])]
    if not found["sign"] and not between:
        return all(told)
    counted = re.match(r" (?:_|unit=|month=|jmonth=)", line[found.end() :])
    return any(told) or found["mark"] == "from" or between or not counted


def _span(start: str, end: str, default: str) -> Span:
    """Both ends; each says which half of the day is meant for the other too, as in "3 to 6 pm" and "10 am to 2"."""
    end_part = _part(end) or default
    until = _time(end, end_part or _part(start))
    since = _time(start, _part(start) or end_part)
    if not _part(start) and since and until and since >= until:
        since = _time(start, "am") if end_part else since
    if not _part(end) and since and until and until <= since:
        until = _later(end, since)
    return (since, until) if since and until else (None, None)


def _later(end: str, since: time) -> time | None:
    """In the afternoon, as in "9 to 5", unless that is too early as well: then past midnight."""
    until = _time(end, "pm")
    return until if until and until > since else _time(end, "am")


def _part(said: str) -> str:
    return said.partition("@")[2]


def _time(said: str, default: str) -> time | None:
    """None if there is no such time."""
    kind, _, value = re.sub(r"^(?:(?:nth|weak)=)?(?=\d)", "hour=", said).partition("=")
    clock, _, part = value.partition("@")
    hour, minute = (int(number) for number in (clock.split(":") + ["0"])[:2])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return time(_of_24(hour, part or default) % 24 if kind == "hour" else hour % 24, minute)


def _of_24(hour: int, part: str) -> int:
    """The hour as clocks of 24 hours show it."""
    if hour > 12 or hour == 0:
        return hour
    if part in _AFTER_NOON:
        return hour % 12 + 12
    if part == "night":
        return hour % 12 + (12 if _NIGHT_BEGINS <= hour < 12 else 0)
    if part in {"am", "morning"}:
        return hour % 12
    if part == "noon":
        return hour if hour > 10 else hour + 12
    return hour + 12 if hour <= LATEST_AFTERNOON else hour
