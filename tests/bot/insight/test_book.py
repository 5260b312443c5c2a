"""What no two pages of a period give away together, and that few people are hidden behind many questions, too."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.insight.book import Book
from bot.insight.counted import QUESTIONS, Cells, Counts, StepCells, together
from bot.insight.course import Course, by_few
from bot.insight.suppression import FEW, HIDDEN, Figure, K
from bot.storage.visits import ALL
from tests.bot.insight.test_evaluation import left_over

MONDAY = date(2026, 11, 2)
STEPS = [MONDAY + timedelta(days=7 * number) for number in range(4)]
OTHERS = ("helped_yes", "helped_no", "handed_off", "new_person", "flow_started", "flow_done")


def counts(counters: dict[str, Cells], visits: Cells | None = None, **cases: Cells) -> Counts:
    """Only what the test is about."""
    empty: dict[str, Cells] = {name: {} for name in ("reply", "promise", "outcome", "referred", "worked")}
    every = {name: counters.get(name, {}) for name in (*QUESTIONS, *OTHERS)}
    return Counts(counters=every, visits=visits or {}, **(empty | cases))


def test_many_questions_of_few_people_are_not_shown_and_not_to_be_worked_out() -> None:
    answered = {("rooms.event", "fa"): 12, ("rooms.event", "de"): 30, ("funding.wir", "de"): 9,
                ("rooms.price", "fa"): 7}  # fmt: skip
    visits = {(ALL, ALL): 30, (ALL, "de"): 28, (ALL, "fa"): 2, ("rooms", "fa"): 2, ("rooms", "de"): 20,
              ("rooms", ALL): 22, ("funding", "de"): 8, ("funding", ALL): 8}  # fmt: skip
    book = Book(counts({"answered": answered, "helped_yes": {("rooms.event", "fa"): 6}}, visits))
    hidden = [("questions", "rooms", "fa"), ("questions", ALL, "fa"), ("entries", "rooms.event", "fa"),
              ("entries", "rooms.price", "fa"), ("answers", "answered", "fa"), ("helped", "yes", "fa"),
              ("questions", ALL, "de")]  # fmt: skip
    assert [cell for cell in hidden if book.figure(*cell).mark is not HIDDEN.mark] == []
    assert book.figure("questions", ALL, ALL) == Figure(58)


def test_few_who_asked_about_what_is_sensitive_are_noted_without_a_topic() -> None:
    visits = {(ALL, ALL): 20, (ALL, "de"): 20, ("", ALL): 3, ("", "de"): 3, ("rooms", ALL): 18, ("rooms", "de"): 18}
    answered = {("discrimination.law", "de"): 8, ("rooms.event", "de"): 30, ("funding.wir", "de"): 40}
    book = Book(counts({"answered": answered}, visits))
    assert book.figure("questions", "discrimination") == HIDDEN
    # People were not counted by topic before stage 5: what is not known hides nothing.
    assert Book(counts({"answered": answered})).figure("questions", "discrimination") == Figure(8)


def test_consents_and_the_cases_that_came_of_them_hide_together() -> None:
    handed = {("rooms", "de"): 9, ("rooms", "ar"): 3, ("funding", "tr"): 7}
    reply = {("replied", "de"): 9, ("replied", "ar"): 3, ("replied", "tr"): 7}
    book = Book(counts({"handed_off": handed}, reply=reply))
    for language in ("de", "ar", "tr", ALL):
        assert book.figure("handed_off", ALL, language).shown == book.figure("reply", ALL, language).shown, language


def test_many_referrals_of_few_cases_are_not_shown() -> None:
    referred = {("referred", "de"): 3, ("unreferred", "de"): 30}
    book = Book(counts({}, reply={("replied", "de"): 33}, referred=referred, worked={("yes", "de"): 8}))
    assert book.figure("referred", "referred") is FEW
    assert {book.figure("worked", row) for row in ("yes", ALL)} == {HIDDEN}


def test_a_small_number_of_a_week_is_not_the_difference_of_two_charts() -> None:
    numbers = {("de", step): 17 for step in STEPS} | {("tr", STEPS[0]): 3, ("tr", STEPS[1]): 20}
    steps = with_sums({(step, "rooms", language): number for (language, step), number in numbers.items()})
    book = Book(counts({"answered": totals(steps)}))
    course = Course(book, "questions", STEPS, steps)
    every, german, turkish = (course.figures(ALL, language) for language in (ALL, "de", "tr"))
    assert turkish[STEPS[0]] == FEW
    assert not (every[STEPS[0]].shown and german[STEPS[0]].shown)
    assert every[STEPS[1]] == Figure(37)


def test_many_questions_of_few_people_stand_in_no_chart() -> None:
    questions = with_sums({(step, "rooms", "fa"): 10 for step in STEPS})
    people: StepCells = {(step, *cell): number for step, number in zip(STEPS, (2, 9, 9, 9), strict=True)
                         for cell in (("rooms", "fa"), (ALL, "fa"), ("rooms", ALL), (ALL, ALL))}  # fmt: skip
    book = Book(counts({"answered": totals(questions)}))
    course = Course(book, "questions", STEPS, questions, by_few(questions, people))
    shown = [figure.shown for figure in course.figures("rooms", "fa").values()]
    assert shown[0] is False
    assert shown.count(False) > 1


def with_sums(cells: StepCells) -> StepCells:
    """With those of all topics, and of all languages."""
    found: StepCells = {}
    for (step, topic, language), value in cells.items():
        for cell in ((topic, language), (ALL, language), (topic, ALL), (ALL, ALL)):
            found[step, *cell] = found.get((step, *cell), 0) + value
    return found


def totals(steps: StepCells) -> Cells:
    """What the same questions are over the whole period, an entry a topic."""
    found: Cells = {}
    for (_, topic, language), value in steps.items():
        if ALL not in {topic, language}:
            found[f"{topic}.entry", language] = found.get((f"{topic}.entry", language), 0) + value
    return found


ASKED = st.dictionaries(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(["rooms", "funding"]), st.sampled_from(["de", "tr", "ar"])),
    st.one_of(st.integers(1, 6), st.integers(1, 40)), min_size=1, max_size=20,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(ASKED)
def test_no_two_charts_of_a_period_give_a_small_number_away(asked: StepCells) -> None:
    steps = with_sums(asked)
    book = Book(counts({"answered": totals(steps)}))
    course = Course(book, "questions", STEPS, steps)
    topics = sorted({topic for _, topic, _ in steps} - {ALL})
    languages = sorted({language for _, _, language in steps} - {ALL})
    seen = {(topic, language): course.figures(topic, language)
            for topic in (*topics, ALL) for language in (*languages, ALL)}  # fmt: skip
    assert not [one for chart in seen.values() for one in chart.values() if one.value is not None and 0 < one.value < K]
    for chosen, chart in seen.items():
        if book.figure("questions", *chosen).value != 0:
            left_over(book.figure("questions", *chosen), list(chart.values()))
    for step in STEPS:
        for language in (*languages, ALL):
            if (step, ALL, language) in steps:
                left_over(seen[ALL, language][step], [seen[topic, language][step] for topic in topics])
        for topic in (*topics, ALL):
            if (step, topic, ALL) in steps:
                left_over(seen[topic, ALL][step], [seen[topic, language][step] for language in languages])


def digest() -> str:
    """Of all that is seen of many made-up books."""
    seen = []
    for seed in range(20):
        dice = random.Random(seed)
        answered = {(f"{dice.choice('abcde')}.{dice.randrange(3)}", dice.choice(["de", "tr", "ar", "fa", "uk"])):
                    dice.choice([1, 3, 5, 5, 6, 7, 9, 20]) for _ in range(30)}  # fmt: skip
        book = Book(counts({"answered": answered, "lost": {("", "de"): dice.randrange(9)}}))
        seen += [book.figure(measure, row, language).mark.value
                 for measure in ("questions", "answers", "entries") for row in (*book.rows(measure), ALL)
                 for language in (*book.languages, ALL)]  # fmt: skip
    return hashlib.sha256(" ".join(seen).encode()).hexdigest()


def test_every_process_hides_the_same() -> None:
    """Or whoever asks two of them for the same page sees what each of them hides."""
    command = [sys.executable, "-c", "from tests.bot.insight.test_book import digest; print(digest())"]
    found = {subprocess.run(command, capture_output=True, text=True, check=True,
                            env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2", "3")}  # fmt: skip
    assert len(found) == 1


def test_a_year_less_three_of_its_quarters_is_not_the_small_number_of_the_fourth() -> None:
    quarters = [counts({"answered": {("rooms.event", "de"): 40, ("funding.wir", "de"): number}})
                for number in (20, 3, 30, 9)]  # fmt: skip
    books = [Book(quarter) for quarter in quarters]
    year = Book(together(quarters), books)
    assert (books[1].figure("questions", "funding"), year.figure("questions", "funding")) == (FEW, HIDDEN)
    # Nor by the other topics of the year, of which one is thus hidden, too: those of the second quarter hid it there.
    assert (year.figure("questions", "rooms"), year.figure("questions")) == (HIDDEN, Figure(222))
    alone = Book(together(quarters))
    assert alone.figure("questions", "funding") == Figure(62)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(ASKED, min_size=4, max_size=4))
def test_no_year_gives_a_small_number_of_a_quarter_away(asked: list[StepCells]) -> None:
    quarters = [counts({"answered": totals(one)}) for one in asked]
    books = [Book(quarter) for quarter in quarters]
    year = Book(together(quarters), books)
    for topic in (*year.rows("questions"), ALL):
        for language in (*year.languages, ALL):
            parts = [book.figure("questions", topic, language) for book in books]
            whole = year.figure("questions", topic, language)
            # What all quarters show is no secret of the year.
            assert whole.shown or not all(part.shown for part in parts)
            if whole.shown:
                left_over(whole, parts)
    for language in (*year.languages, ALL):
        line = [year.figure("questions", topic, language) for topic in year.rows("questions")]
        left_over(year.figure("questions", ALL, language), line)
