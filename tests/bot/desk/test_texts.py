"""The desk's own texts: each that is used exists."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from bot.desk.accounts import ROLES
from bot.desk.app import FOLDER, PAGES, desk_texts
from bot.locales import Locales

SAID = re.compile(r"""(?:\bsay\(|done=|AccountError\("\w+", |HoursError\()["']([a-z]+\.[a-z_0-9]+)["'](?! *[~%])""")


@pytest.fixture(scope="module")
def texts() -> Locales:
    return desk_texts(ZoneInfo("Europe/Berlin"))


def sources() -> str:
    """All templates and modules of the desk in one, but for the instructions."""
    files = [*FOLDER.rglob("*.html"), *(path for path in FOLDER.rglob("*.py") if path.name != "__init__.py")]
    return "\n".join(path.read_text() for path in files)


def test_every_text_that_is_used_exists(texts: Locales) -> None:
    used = set(SAID.findall(sources()))
    assert len(used) > 100
    assert used - texts.keys == set()


def test_titles_and_roles_have_their_texts(texts: Locales) -> None:
    assert {page.title for page in PAGES} <= texts.keys
    assert {f"role.{role}" for role in ROLES} <= texts.keys


def test_every_action_that_is_written_down_has_a_name(texts: Locales) -> None:
    actions = set(re.findall(r'visit\.note\(session, "(\w+)"', sources()))
    assert actions
    assert {action for action in actions if not {f"audit.{action}", f"case.audit_{action}"} & texts.keys} == set()
