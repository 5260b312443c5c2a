"""The queue: who waits, whose case it is, and what has changed since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.cases.promise import Promise, waiting_since
from bot.desk.cases.words import Words
from bot.desk.visit import Visit
from bot.handoff.states import WAITING, State
from bot.storage.desk import Listed
from bot.storage.models import Case
from knowledge.spelling import plain_words

SECTIONS = ("waiting", "mine", "colleagues", "asked", "unreachable")
NEWS_AT_ONCE = 3
"""Changes that are said in words; of more only the number."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case in the queue."""

    case: Case
    owner: str | None
    since: datetime
    promise: Promise

    @property
    def mark(self) -> str:
        """What tells one state of the row from another."""
        return f"{self.case.id}.{self.case.state}.{self.case.owner_id or 0}.{self.promise}"


Board = dict[str, list[Row]]


def board_of(visit: Visit, listed: Iterable[Listed], typed: str = "") -> Board:
    """The rows by section, oldest first; `typed`: words that a row must have."""
    words = Words(visit)
    rows = [Row(case=one.case, owner=one.owner, since=waiting_since(one.case), promise=words.promise(one.case))
            for one in listed]  # fmt: skip
    board: Board = {name: [] for name in SECTIONS}
    for row in sorted(rows, key=_order):
        if not typed or _has(words, row, typed):
            board[_section(row.case, visit.staff.id)].append(row)
    return board


def _order(row: Row) -> tuple[bool, bool, datetime, int]:
    """What came while the office was closed behind the rest; before what waits for a person, what waits for us."""
    state = State(row.case.state)
    return state is State.PARKED, state is State.WAITING_USER, row.since, row.case.id


def _section(case: Case, me: int) -> str:
    state = State(case.state)
    if state in WAITING:
        return "waiting"
    if state is State.RETURN_OFFERED:
        return "asked"
    if case.owner_id is None:
        return "unreachable"
    return "mine" if case.owner_id == me else "colleagues"


def _has(words: Words, row: Row, typed: str) -> bool:
    told = (words.number(row.case.id), words.name_of(row.case.language), words.subject(row.case),
            words.state(row.case), row.owner or "")  # fmt: skip
    said = plain_words(" ".join(told))
    return all(any(word.startswith(start) for word in said) for start in plain_words(typed))


def marks(board: Board) -> str:
    """What the page remembers of the board, for the next look."""
    return ",".join(row.mark for rows in board.values() for row in rows)


def news(visit: Visit, board: Board, known: str) -> str:
    """What has changed since the page that remembered `known`, in words; empty if nothing has."""
    before = dict(mark.split(".", 1) for mark in known.split(",") if "." in mark)
    rows = [row for section in board.values() for row in section]
    changed = [row for row in rows if before.get(str(row.case.id)) != row.mark.split(".", 1)[1]]
    gone = len(before.keys() - {str(row.case.id) for row in rows})
    lines = [_told(visit, row, is_new=str(row.case.id) not in before) for row in changed[:NEWS_AT_ONCE]]
    more = len(changed) - len(lines) + gone
    return " ".join([*lines, *([visit.say("queue.more_changed", count=more)] if more else [])])


def _told(visit: Visit, row: Row, *, is_new: bool) -> str:
    words = Words(visit)
    key = "queue.news_new" if is_new and State(row.case.state) in WAITING else "queue.news_changed"
    if row.promise in {Promise.AT_RISK, Promise.BROKEN} and not is_new:
        key = f"queue.news_{row.promise}"
    return visit.say(key, number=words.number(row.case.id), state=words.state(row.case), owner=row.owner or "–")


def waiting_count(rows: Sequence[Listed]) -> int:
    """How many wait for somebody to take them."""
    return sum(State(one.case.state) in WAITING for one in rows)
