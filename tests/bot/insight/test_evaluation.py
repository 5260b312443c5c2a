"""The measures, against cases worked out by hand, and what no evaluation ever shows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.insight.book import Book
from bot.insight.counted import ABOUT_ENTRIES, NO_TOPIC, QUESTIONS, Counts
from bot.insight.evaluation import Evaluation, evaluate
from bot.insight.periods import around
from bot.insight.shares import Share
from bot.insight.suppression import FEW, HIDDEN, Figure, K
from bot.storage.database import Database
from bot.storage.visits import ALL
from tests.bot.insight.numbers import cases, count, people

TODAY = date(2026, 11, 24)
MONDAY, LAST_MONDAY = date(2026, 11, 23), date(2026, 11, 16)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
MONTH = around("month", TODAY)


async def november(database: Database, topic: str = ALL, language: str = ALL) -> Evaluation:
    async with database.read() as session:
        return await evaluate(session, MONTH, ZoneInfo("Europe/Berlin"), TODAY, topic=topic, language=language)


def numbers(found: Evaluation, key: str) -> dict[str, tuple[int | Figure | None, ...]]:
    """The rows of a table; what is not shown as it is."""
    table = found.table(key)
    rows = [*table.rows, *([table.total] if table.total else [])] if table else []
    return {row.key: tuple(one.value if one is not None and one.shown else one for one in row.figures) for row in rows}


async def asked(database: Database) -> None:
    await count(database, {
        (TODAY, "answered", "rooms.event", "de"): 20, (TODAY, "answered", "rooms.event", "tr"): 10,
        (MONDAY, "opened", "funding.deadline", "de"): 12, (LAST_MONDAY, "answered", "funding.wir", "de"): 8,
        (LAST_MONDAY, "lost", "", "tr"): 6, (LAST_MONDAY, "did_you_mean", "", "de"): 5,
        (TODAY, "helped_yes", "rooms.event", "de"): 15, (TODAY, "helped_no", "rooms.event", "de"): 5,
        (TODAY, "handed_off", "rooms", "de"): 7, (TODAY, "new_person", "", "tr"): 9,
        (date(2026, 10, 31), "answered", "rooms.event", "de"): 40,
        (date(2026, 12, 1), "answered", "rooms.event", "de"): 99,
    })  # fmt: skip


async def test_questions_by_topic_language_week_and_what_became_of_them(database: Database) -> None:
    await asked(database)
    found = await november(database)
    assert numbers(found, "topics") == {
        "rooms": (30, None, 7), "funding": (20, None, 0), "": (11, None, 0), ALL: (61, None, 7),
    }  # fmt: skip
    assert numbers(found, "languages") == {"de": (45, 0, 7, 0), "tr": (16, 0, 0, 9), ALL: (61, 0, 7, 9)}
    assert numbers(found, "answers") == {
        "answered": (38,), "opened": (12,), "lost": (6,), "did_you_mean": (5,), ALL: (61,),
    }  # fmt: skip
    weeks = numbers(found, "weeks")
    assert (weeks["2026-11-16"][0], weeks["2026-11-23"][0]) == (19, 42)
    assert numbers(found, "entries") == {"rooms.event": (30,), "funding.deadline": (12,), "funding.wir": (8,)}
    assert (found.headline.questions, found.before.questions) == (Figure(61), Figure(40))
    # 38 of the 49 in words were answered at once.
    assert (found.headline.answered, found.headline.helped) == (Share(78), Share(75))


async def test_one_topic_or_language_alone(database: Database) -> None:
    await asked(database)
    german = await november(database, language="de")
    assert numbers(german, "topics") == {"rooms": (20, None, 7), "funding": (20, None, 0), "": (5, None, 0),
                                         ALL: (45, None, 7)}  # fmt: skip
    rooms = await november(database, topic="rooms")
    assert numbers(rooms, "languages") == {"de": (20, 0, 7), "tr": (10, 0, 0), ALL: (30, 0, 7)}
    assert numbers(rooms, "entries") == {"rooms.event": (30,)}
    assert rooms.table("answers") is None
    both = await november(database, topic="rooms", language="tr")
    assert both.headline.questions == Figure(10)
    assert numbers(both, "weeks")["2026-11-23"][0] == 10


async def test_people_are_counted_by_week_and_a_sensitive_topic_says_that_it_is_not_counted(database: Database) -> None:
    asked_for = {"rooms.event": 20, "discrimination.law": 8}
    await count(database, {(TODAY, "answered", entry, "de"): number for entry, number in asked_for.items()})
    cells = {(ALL, ALL): 12, (ALL, "de"): 12, ("rooms", ALL): 9, ("rooms", "de"): 9, ("", ALL): 6, ("", "de"): 6}
    await people(database, {(week, *cell): number for week in (LAST_MONDAY, MONDAY) for cell, number in cells.items()})
    found = await november(database)
    assert numbers(found, "topics") == {"rooms": (20, 18, 0), "discrimination": (8, None, 0), ALL: (28, 24, 0)}
    # 2 November is the month's first Monday: 24 people in four weeks until today.
    assert found.headline.people_a_week == Figure(6)
    weeks = numbers(found, "weeks")
    assert [weeks[week][1] for week in ("2026-11-09", "2026-11-16", "2026-11-23")] == [0, 12, 12]


async def test_replies_promises_outcomes_and_referrals(database: Database) -> None:
    await cases(database, NOON, 6, waited=3600, waited_open=1800, promise_kept=True, outcome="solved")
    await cases(database, NOON, 5, waited=7200, waited_open=3600, promise_kept=False, outcome="not_solved")
    await cases(database, NOON, 5, waited=None)
    await cases(database, datetime(2026, 10, 31, 22, 30, tzinfo=UTC), 5, waited=36000)
    await cases(database, datetime(2026, 10, 31, 23, 30, tzinfo=UTC), 6, waited=36000, language="tr")
    found = await november(database)
    assert numbers(found, "reply") == {"replied": (17,), "unreplied": (5,), ALL: (22,)}
    assert numbers(found, "promise") == {"kept": (6,), "broken": (5,), "unpromised": (11,), ALL: (22,)}
    assert (found.headline.kept, found.headline.solved) == (Share(55), Share(55))
    # In order: six of an hour, five of two, six of ten; the ninth of 17 stands in the middle, the 16th at nine tenths.
    assert (found.wait.median, found.wait.ninetieth) == (7200, 36000)
    assert (found.wait.median_open, found.wait.ninetieth_open) == (1800, 3600)
    german = await november(database, language="de")
    assert (german.wait.median, numbers(german, "reply")[ALL]) == (3600, (16,))


@pytest.mark.parametrize(("number", "median", "ninetieth"), [(4, None, None), (5, 600, None), (10, 600, 600)])
async def test_a_time_is_told_of_enough_cases_only(
    database: Database, number: int, median: int | None, ninetieth: int | None
) -> None:
    await cases(database, NOON, number, waited=700)
    found = await november(database)
    assert (found.wait.median, found.wait.ninetieth) == (median, ninetieth)


async def test_a_small_number_is_hidden_wherever_it_could_be_worked_out(database: Database) -> None:
    await asked(database)
    await count(database, {(TODAY, "answered", "network.meeting", "ar"): 3})
    found = await november(database)
    assert numbers(found, "topics")["network"][0] is FEW
    assert numbers(found, "topics")[""][0] is HIDDEN
    assert numbers(found, "topics")[ALL][0] == 64
    assert numbers(found, "languages")["ar"][0] is FEW
    # What hides the topic's sum must not be had from its parts, nor under a filter.
    assert {numbers(found, "answers")[key][0] for key in ("lost", "did_you_mean")} & {HIDDEN}
    arabic = await november(database, language="ar")
    assert numbers(arabic, "topics") == {"network": (FEW, None, 0), ALL: (FEW, None, 0)}
    assert (await november(database, topic="network")).headline.questions is FEW
    assert "network.meeting" not in numbers(found, "entries")


async def test_an_empty_month_has_no_tables(database: Database) -> None:
    found = await november(database)
    assert {table.key for table in found.tables} == {"weeks"}
    assert found.headline.questions == Figure(0)


async def test_a_year_is_the_sum_of_its_quarters(database: Database) -> None:
    await asked(database)
    spring = {("answered", "rooms.event", "tr"): 10, ("helped_yes", "rooms.event", "tr"): 6}
    await count(database, {(date(2026, 4, 1), *key): number for key, number in spring.items()})
    await people(database, {(date(2026, 3, 30), ALL, ALL): 8, (LAST_MONDAY, ALL, ALL): 9})
    await cases(database, NOON, 6, waited=3600, outcome="solved")
    await cases(database, datetime(2026, 4, 1, 9, 0, tzinfo=UTC), 7, waited=3600, outcome="solved")
    async with database.read() as session:
        year = await evaluate(session, around("year", TODAY), ZoneInfo("Europe/Berlin"), TODAY)
    assert numbers(year, "topics")["rooms"][0] == 179
    assert numbers(year, "topics")[ALL] == (210, 17, 7)
    assert numbers(year, "helped") == {"yes": (21,), "no": (5,), ALL: (26,)}
    assert numbers(year, "outcome")["solved"] == (13,)


NUMBERS = st.one_of(st.integers(0, 5), st.integers(0, 40))
LANGUAGES = st.sampled_from(["de", "tr", "ar"])
ENTRIES = st.sampled_from(["rooms.event", "rooms.price", "funding.wir", "network.meeting"])


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    """Any numbers that the bot could have counted."""
    keys = {name: st.tuples(ENTRIES if name in ABOUT_ENTRIES else st.just(""), LANGUAGES) for name in QUESTIONS}
    counters = {name: draw(st.dictionaries(keys[name], NUMBERS, max_size=6)) for name in QUESTIONS}
    others = ("helped_yes", "helped_no", "handed_off", "new_person", "flow_started", "flow_done")
    counters |= {name: {} for name in others}
    return Counts(counters=counters, visits={}, reply={}, promise={}, outcome={}, referred={}, worked={})


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(counts())
def test_whatever_was_counted_no_sum_on_the_page_gives_a_small_number_away(counted: Counts) -> None:
    book = Book(counted)
    topics, answers = book.rows("questions"), book.rows("answers")
    without = [row for row in answers if row not in ABOUT_ENTRIES]
    figures = [book.figure(measure, row, language) for measure in ("questions", "answers", "entries")
               for row in (*book.rows(measure), ALL) for language in (*book.languages, ALL)]  # fmt: skip
    assert not [one for one in figures if one.value is not None and 0 < one.value < K]
    for language in (*book.languages, ALL):
        left_over(book.figure("questions", ALL, language), [book.figure("questions", row, language) for row in topics])
        left_over(book.figure("answers", ALL, language), [book.figure("answers", row, language) for row in answers])
        no_topic = book.figure("questions", NO_TOPIC, language)
        left_over(no_topic, [book.figure("answers", row, language) for row in without])
    for topic in topics:
        left_over(book.figure("questions", topic), [book.figure("questions", topic, one) for one in book.languages])
        entries = [row for row in book.rows("entries") if row.startswith(f"{topic}.") and topic]
        if entries:
            left_over(book.figure("questions", topic), [book.figure("entries", row) for row in entries])


def left_over(total: Figure, parts: list[Figure]) -> None:
    """What a reader gets who takes all that is shown from the sum: nothing, or a number that may be seen."""
    unknown = [part for part in parts if not part.shown]
    if total.value is None:
        # Nor is the sum to be had by adding up.
        assert unknown
        return
    rest = total.value - sum(part.value or 0 for part in parts)
    assert rest == 0 or (rest >= K and len(unknown) > 1)
