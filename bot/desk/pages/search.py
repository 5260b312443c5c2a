"""Looking for cases: by number, words, language, state, owner, time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import Response

from bot.desk.cases.words import Words
from bot.desk.fields import LARGEST, Fields, whole_number
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.handoff.states import State
from bot.storage.desk import UNSEEN_STATES, Search, all_staff, find_cases, words_found

PER_PAGE = 25
AROUND = 60
"""Letters on either side of the word that was found."""
_NUMBER = re.compile(r"(?:w\s*-?\s*)?0*(\d{1,18})", re.IGNORECASE)
FIELDS = ("q", "language", "state", "owner", "first", "last")
STATES = tuple(state.value for state in State if state.value not in UNSEEN_STATES)


async def show(visit: Visit) -> Response:
    """The form, and what it finds; `page` counts from 1."""
    fields = Fields(FormData(list(visit.request.query_params.multi_items())))
    asked = {name: fields.text(name, 100) for name in FIELDS}
    wanted = _wanted(visit, asked)
    page = min(max(visit.number("page"), 1), LARGEST // PER_PAGE)
    async with visit.desk.database.read() as session:
        rows = await find_cases(session, wanted, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
        ids = [row.case.id for row in rows[:PER_PAGE]]
        found = await words_found(session, wanted.text, ids) if wanted.text and ids else {}
        staff = await all_staff(session)
    words, say = Words(visit), visit.say
    return visit.page(
        "cases/search.html", rows=rows[:PER_PAGE], asked=asked, words=words, page_number=page,
        pieces={id: piece(message.text or message.translation or "", asked["q"]) for id, message in found.items()},
        messages=found, newer=_link(asked, page - 1) if page > 1 else "",
        older=_link(asked, page + 1) if len(rows) > PER_PAGE else "",
        languages=[("", say("search.any")), *((one, words.name_of(one)) for one in visit.desk.parts.locales.languages)],
        states=[("", say("search.any")), *((one, say(f"case.state_{one.lower()}")) for one in STATES)],
        owners=[("", say("search.anybody")), *((str(one.id), one.name) for one in staff)],
    )  # fmt: skip


def _wanted(visit: Visit, asked: dict[str, str]) -> Search:
    number = _NUMBER.fullmatch(asked["q"])
    return Search(
        case_id=int(number[1]) if number else None, text=None if number else asked["q"] or None,
        language=asked["language"] or None, state=asked["state"] if asked["state"] in STATES else None,
        owner_id=whole_number(asked["owner"]), first=_midnight(visit, asked["first"], 0),
        before=_midnight(visit, asked["last"], 1),
    )  # fmt: skip


def _midnight(visit: Visit, typed: str, days_later: int) -> datetime | None:
    """The beginning of a day at the office; None for what is no day."""
    try:
        day = date.fromisoformat(typed) + timedelta(days=days_later)
        return datetime.combine(day, time(), visit.desk.parts.locales.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def piece(text: str, typed: str) -> str:
    """What stands around the word that was found."""
    place = max(text.casefold().find(typed.casefold()), 0)
    start, end = max(place - AROUND, 0), place + len(typed) + AROUND
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


def _link(asked: dict[str, str], page: int) -> str:
    return urlencode({name: value for name, value in asked.items() if value} | {"page": str(page)})


PAGES = (Page("/search", "search", Role.AGENT, show, title="search.title", menu=20),)
