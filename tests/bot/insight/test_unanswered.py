"""Unanswered questions, grouped across languages: nobody's wording stands alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.insight.clusters import unanswered
from bot.insight.periods import Period
from bot.insight.unanswered import Question, clusters, groups
from bot.storage import unanswered as kept
from bot.storage.database import Database
from bot.storage.models import Person
from tests.bot.insight.grouping import measure, read
from tests.conftest import Clock

FOOD = {"de": "dürfen wir essen verkaufen beim fest", "en": "can we sell homemade food at the festival",
        "tr": "standımızda yemek satabilir miyiz", "pl": "czy możemy sprzedawać domowe jedzenie",
        "ru": "можно ли продавать домашнюю еду на фестивале"}  # fmt: skip
NEAR = (("rooms.event", 0.4),)


def ask(texts: dict[str, str], first: int = 0, nearest: tuple[tuple[str, float], ...] = NEAR) -> list[Question]:
    """A different person asks in each of the languages."""
    return [Question(first + at, language, text, nearest) for at, (language, text) in enumerate(texts.items())]


def test_one_question_in_five_languages_is_one_group_with_its_wording_in_german() -> None:
    (found,) = clusters(ask(FOOD), "de")
    assert (found.example, found.people, found.questions) == (FOOD["de"], 5, 5)
    assert (found.languages, found.nearest) == (tuple(sorted(FOOD)), "rooms.event")


def test_four_people_are_too_few_for_their_wording_to_be_shown() -> None:
    (found,) = clusters(ask(FOOD)[:4], "de")
    assert (found.example, found.nearest, found.counted) == (None, None, False)


def test_one_person_who_asks_five_times_is_one_person() -> None:
    asked = [Question(7, question.language, question.text, NEAR) for question in ask(FOOD)]
    (found,) = clusters(asked, "de")
    assert (found.example, found.people) == (None, 1)


def test_small_groups_are_told_together_by_topic_if_enough_people_asked() -> None:
    bicycles = {"de": "wo kann ich mein fahrrad reparieren", "en": "bicycle repair workshop"}
    asked = ask(dict(list(FOOD.items())[:3])) + ask(bicycles, 10, (("rooms.overview", 0.2),))
    (found,) = clusters(asked, "de")
    assert (found.example, found.nearest, found.people, found.counted) == (None, "rooms", 5, True)


def test_an_example_has_nothing_taken_out_of_it_if_another_will_do() -> None:
    taken, whole = "[name] fragt ob wir essen verkaufen dürfen", "dürfen wir hier beim fest essen verkaufen"
    asked = [Question(at, "de", text, NEAR) for at, text in enumerate([taken, whole, whole, whole, whole])]
    assert clusters(asked, "de")[0].example == whole


def test_the_order_of_the_questions_does_not_matter() -> None:
    asked = [question for _, question in read()]

    def sets(questions: Sequence[Question]) -> set[frozenset[int]]:
        return {frozenset(one.person for one in group) for group in groups(questions)}

    shuffled = random.Random(1).sample(asked, len(asked))
    assert sets(asked) == sets(shuffled)


def test_groups_across_eight_languages_are_mostly_right() -> None:
    purity, rand, _ = measure(read())
    assert purity >= 0.9
    assert rand >= 0.8


def test_of_very_many_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.insight.unanswered.MOST", 20)
    asked = [Question(at, "de", f"frage nummer{at}", ()) for at in range(30)]
    assert sum(len(group) for group in groups(asked)) == len(asked)


def test_what_many_asked_long_ago_is_compared_before_what_one_asked_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.insight.unanswered.MOST", 20)
    early = [Question(at, "de", FOOD["de"], NEAR) for at in range(4)]
    others = [Question(10 + at, "de", f"frage nummer{at}", ()) for at in range(30)]
    found = clusters([*early, *others, Question(99, "en", FOOD["en"], NEAR)], "de")
    assert (FOOD["de"], 5) in [(one.example, one.people) for one in found]


@pytest.mark.parametrize("texts", [[], ["?!"], ["", ""]])
def test_texts_without_words_do_no_harm(texts: list[str]) -> None:
    assert all(found.example is None for found in clusters([Question(1, "de", text, ()) for text in texts], "de"))


async def test_they_are_read_from_the_database_by_their_days(database: Database, clock: Clock) -> None:
    day = clock().date()
    async with database.write() as session:
        for question in ask(FOOD):
            person = Person(chat_id=question.person + 1, language="de", created_at=clock(), seen_at=clock())
            session.add(person)
            await session.flush()
            kept.keep(session, person, day, language=question.language, text=question.text, outcome=kept.LOST,
                      nearest=question.nearest)  # fmt: skip
    async with database.read() as session:
        (found,) = await unanswered(session, Period("own", day, day), "de")
        later = await unanswered(session, Period("own", day + timedelta(days=1), day + timedelta(days=9)), "de")
    assert (found.people, later) == (5, [])
