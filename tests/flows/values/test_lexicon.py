"""The vocabulary says one thing per word, and the values are quick to read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import pytest
import yaml

from flows.values.lexicon import FOLDER
from flows.values.moments import read_moment
from flows.values.numbers import read_number
from flows.values.phrases import meaning
from flows.values.tokens import tokens
from flows.values.weekdays import read_weekdays
from tests.flows.values.phrasings import LANGUAGES, phrasings
from tests.flows.values.test_moments import NOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_stands_for_one_thing(language: str) -> None:
    words: dict[str, list[str]] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))["symbols"]
    rows = {(tuple(tokens(word)), symbol) for symbol, texts in words.items() for word in texts}
    twice = sorted(word for word, _ in rows if sum(word == other for other, _ in rows) > 1)
    assert not twice
    assert all(word for word, _ in rows)


@pytest.mark.parametrize(
    "read",
    [read_number, read_weekdays, meaning, lambda text, language: read_moment(text, language, NOW)],
    ids=["number", "weekdays", "meaning", "moment"],
)
def test_a_message_is_read_in_less_than_five_milliseconds(read: Callable[[str, str], object]) -> None:
    rows = [(text, language) for table in ("numbers", "moments", "weekdays") for language, text, _ in phrasings(table)]
    times = []
    for text, language in rows * 2:
        began = perf_counter()
        read(text, language)
        times.append(perf_counter() - began)
    assert sorted(times[len(rows) :])[len(rows) // 2] < 0.005


def test_importing_loads_nothing_slow() -> None:
    names = "numbers, moments, weekdays, phrases"
    program = f"import sys; from flows.values import {names}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"num2words", "babel.dates", "dateparser"} & set(loaded)
