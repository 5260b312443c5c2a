"""An evaluation: for a period, and one topic or language if wanted, everything that the page, the files and the PDF
show. What stands in it may be seen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.insight import counted, shares
from bot.insight.book import Book
from bot.insight.course import Course, by_few
from bot.insight.periods import Period
from bot.insight.shares import Share
from bot.insight.suppression import Figure
from bot.storage.visits import ALL, week_of

MOST_ASKED = 10
TOPICS, LANGUAGES, WEEKS, ANSWERS, ENTRIES = "topics", "languages", "weeks", "answers", "entries"
FLOWS = "flows"
CASE_TABLES = {"reply": ("replied", "unreplied"), "promise": ("kept", "broken", "unpromised"),
               "outcome": ("solved", "left", "not_solved", "no_answer", "unasked"),
               "referred": ("referred", "unreferred"),
               "worked": ("yes", "no", "waiting", "no_answer", "unasked")}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """`key` says what is counted (a topic, a language ...); None among the figures: that is not counted here."""

    key: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Table:
    """A chart and the table that says the same; the first column is drawn."""

    key: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None


@dataclass(frozen=True)
class Wait:
    """Seconds until the first reply, in all and in opening hours; None where too few cases got one."""

    median: int | None
    ninetieth: int | None
    median_open: int | None
    ninetieth_open: int | None


@dataclass(frozen=True)
class Headline:
    """The figures that stand above all others. None: cannot be said."""

    questions: Figure
    people_a_week: Figure
    new_people: Figure | None
    handed_off: Figure
    answered: Share | None
    """Of the questions in people's own words: how many were answered at once."""
    helped: Share | None
    kept: Share | None
    solved: Share | None
    """Of those who said whether it was solved."""
    wait: int | None
    """The median in opening hours, or in all where these are unknown."""


@dataclass(frozen=True)
class Evaluation:
    """What is known of a period; `topic` and `language` are `*` where all are meant."""

    period: Period
    topic: str
    language: str
    headline: Headline
    before: Headline
    """Of the period before."""
    wait: Wait
    tables: tuple[Table, ...]

    def table(self, key: str) -> Table | None:
        """The table of that name, if there is one with this choice of topic and language."""
        return next((table for table in self.tables if table.key == key), None)


async def evaluate(
    session: AsyncSession, period: Period, zone: ZoneInfo, today: date, *, topic: str = ALL, language: str = ALL
) -> Evaluation:
    """Count and protect. `today`: weeks to come are no weeks without people."""
    wait = await _wait(session, period, zone, language)
    book, earlier = await _book(session, period, zone), await _book(session, period.before, zone)
    wait_before = await _wait(session, period.before, zone, language)
    weeks = await _weeks(session, period, book, (topic, language), today)
    return Evaluation(
        period=period, topic=topic, language=language, wait=wait,
        headline=_headline(book, _passed(period, today), topic, language, wait),
        before=_headline(earlier, _passed(period.before, today), topic, language, wait_before),
        tables=tuple(table for table in (weeks, *_tables(book, topic, language)) if table.rows),
    )  # fmt: skip


async def _book(session: AsyncSession, period: Period, zone: ZoneInfo) -> Book:
    """The period's numbers. What may be seen is worked out in a thread: people who write meanwhile do not wait."""
    if not period.quarters:
        return await asyncio.to_thread(Book, await counted.count(session, period, zone))
    counts = [await counted.count(session, quarter, zone) for quarter in period.quarters]
    quarters = [await asyncio.to_thread(Book, one) for one in counts]
    return await asyncio.to_thread(Book, counted.together(counts), quarters)


async def _wait(session: AsyncSession, period: Period, zone: ZoneInfo, language: str) -> Wait:
    found = [await counted.waiting(session, period, zone, language, in_opening_hours=open) for open in (False, True)]
    return Wait(*(number(waited) for waited in found for number in (shares.median, shares.ninetieth)))


def _passed(period: Period, today: date) -> int:
    """Weeks of the period that have begun."""
    first, last = period.weeks
    return max((min(last, week_of(today)) - first).days // 7 + 1, 0)


def _headline(book: Book, weeks: int, topic: str, language: str, wait: Wait) -> Headline:
    def at(measure: str, row: str = ALL) -> Figure:
        return book.figure(measure, row, language)

    in_words = shares.less(at("answers"), at("answers", "opened"))
    missed = shares.less(in_words, at("answers", "answered")) if in_words else None
    promised = shares.less(at("promise"), at("promise", "unpromised"))
    return Headline(
        questions=book.figure("questions", topic, language),
        people_a_week=shares.a_week(book.figure("visits", topic, language), weeks),
        new_people=at("new_person") if topic == ALL else None,
        handed_off=book.figure("handed_off", topic, language),
        answered=shares.share(at("answers", "answered"), missed) if missed and topic == ALL else None,
        helped=shares.share(at("helped", "yes"), at("helped", "no"), at("helped")) if topic == ALL else None,
        kept=shares.share(at("promise", "kept"), at("promise", "broken"), promised),
        solved=shares.share(at("outcome", "solved"), at("outcome", "not_solved")),
        wait=wait.median_open or wait.median,
    )  # fmt: skip


async def _weeks(session: AsyncSession, period: Period, book: Book, chosen: tuple[str, str], today: date) -> Table:
    """By week; of a single week its days, of which no people are counted. `chosen`: topic and language."""
    steps = counted.steps_of(period)
    questions = await counted.questions_by_step(session, period)
    people = await counted.people_by_week(session, week_of(period.first), week_of(period.last))
    course = await asyncio.to_thread(Course, book, "questions", steps, questions, by_few(questions, people))
    asked = course.figures(*chosen)
    begun = [step for step in steps if step <= today]
    if period.kind == "week":
        return Table(WEEKS, ("questions",), tuple(Row(step.isoformat(), (asked[step],)) for step in begun))
    first, last = period.weeks
    weeks = [step for step in steps if first <= step <= last]
    visits = {cell: number for cell, number in people.items() if cell[0] in weeks}
    came = (await asyncio.to_thread(Course, book, "visits", weeks, visits)).figures(*chosen)
    return Table(WEEKS, ("questions", "people"),
                 tuple(Row(step.isoformat(), (asked[step], came.get(step))) for step in begun))  # fmt: skip


def _tables(book: Book, topic: str, language: str) -> list[Table]:
    tables = [_topics(book, language), _languages(book, topic), _entries(book, topic, language)]
    if topic == ALL:
        tables += [_simple(book, ANSWERS, language), _simple(book, "helped", language, ("yes", "no"))]
        tables += [_flows(book, language)]
    tables += [_simple(book, key, language, rows) for key, rows in CASE_TABLES.items()]
    return tables


def _topics(book: Book, language: str) -> Table:
    def row(key: str) -> Row:
        visits, questions = book.figure("visits", key, language), book.figure("questions", key, language)
        # Who asked about a sensitive topic is not noted under it.
        noted = None if visits.value == 0 and questions.value != 0 else visits
        return Row(key, (questions, noted, book.figure("handed_off", key, language)))

    keys = [key for key in book.rows("questions") if book.figure("questions", key, language).value != 0]
    return Table(TOPICS, ("questions", "visits", "handed_off"), tuple(map(row, _last(keys, ""))), row(ALL))


def _last(keys: list[str], key: str) -> list[str]:
    return [one for one in keys if one != key] + [one for one in keys if one == key]


def _languages(book: Book, topic: str) -> Table:
    measures = ("questions", "visits", "handed_off") + (("new_person",) if topic == ALL else ())

    def row(language: str) -> Row:
        return Row(language, tuple(book.figure(measure, topic, language) for measure in measures))

    rows = [row(language) for language in book.languages if book.figure("questions", topic, language).value != 0]
    rows.sort(key=lambda row: -((row.figures[0].value if row.figures[0] else 0) or 0))
    return Table(LANGUAGES, measures, tuple(rows), row(ALL))


def _entries(book: Book, topic: str, language: str) -> Table:
    """The most asked ones; those that may not be seen stand nowhere."""
    every = [(book.figure("entries", entry, language).value or 0, entry) for entry in book.rows("entries")
             if topic in {ALL, entry.split(".")[0]}]  # fmt: skip
    most = sorted(((value, entry) for value, entry in every if value), key=lambda one: (-one[0], one[1]))[:MOST_ASKED]
    return Table(ENTRIES, ("questions",), tuple(Row(entry, (Figure(value),)) for value, entry in most))


def _flows(book: Book, language: str) -> Table:
    measures = ("flow_started", "flow_done")
    keys = [key for key in book.rows("flow_started") if book.figure("flow_started", key, language).value != 0]
    rows = tuple(Row(key, tuple(book.figure(measure, key, language) for measure in measures)) for key in keys)
    return Table(FLOWS, measures, rows)


def _simple(book: Book, measure: str, language: str, order: tuple[str, ...] = ()) -> Table:
    """A measure of one column, in a given order or the largest first."""
    keys = order or tuple(book.rows(measure))
    rows = tuple(Row(key, (book.figure(measure, key, language),)) for key in keys)
    total = Row(ALL, (book.figure(measure, ALL, language),))
    return Table(measure, ("number",), rows if total.figures[0] != Figure(0) else (), total)
