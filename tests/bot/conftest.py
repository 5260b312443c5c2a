"""Shared by the rooms of the bot: the real content and texts, read once, with this test's clock."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.app import make_parts
from bot.conversation.content import Content
from bot.conversation.turn import Parts
from bot.locales import Locales
from bot.settings import Settings
from knowledge.library import Library
from tests.conftest import Clock

GROUP = -1001000000001
LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")


def make_settings(**given: object) -> Settings:
    """Settings as an operator would give them; no `.env` is read."""
    values: dict[str, object] = {"telegram_token": "123456:test-token", "staff_chat_id": GROUP, "desk_port": 0, **given}
    return Settings.model_validate(values)


@cache
def read_content() -> Content:
    """The real content; reading it takes more than a second."""
    return make_parts(make_settings()).content


@pytest.fixture(scope="session")
def read_once() -> Parts:
    """What is read from files."""
    return make_parts(make_settings(office_hours="Mon-Fri 09:00-16:00"), content=read_content())


@pytest.fixture
def parts(read_once: Parts, clock: Clock) -> Parts:
    """What the conversation is built from. The office is open (the clock begins on a Tuesday at 10)."""
    return replace(read_once, clock=clock)


@pytest.fixture(scope="session")
def locales(read_once: Parts) -> Locales:
    return read_once.locales


@pytest.fixture(scope="session")
def library(read_once: Parts) -> Library:
    return read_once.library
