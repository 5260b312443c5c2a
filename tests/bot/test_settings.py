"""Settings: a wrong one is one line that names it, and the process ends with 2; all of them are documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.processes import COMPILED
from bot.settings import ROOT, Settings, SettingsError, load
from tests.bot.conftest import GROUP

GOOD = {"TELEGRAM_TOKEN": "123456:test-token", "STAFF_CHAT_ID": str(GROUP)}
WRONG = [
    ("STAFF_CHAT_ID", "office"), ("STAFF_CHAT_ID", "12"), ("STAFF_CHAT_ID", ""), ("TELEGRAM_TOKEN", ""),
    ("TELEGRAM_API_URL", "api.telegram.org"), ("DATABASE_URL", "mysql://x"), ("DATABASE_URL", "sqlite:///x"),
    ("DATABASE_URL", "postgresql+asyncpg://x@127.0.0.1:port/x"),
    ("RASA_URL", "http://one:5005,"), ("RASA_URL", "http://one:5005 http://two:5005"), ("RASA_URL", "localhost:5005"),
    ("RASA_TIMEOUT", "0"), ("RASA_TIMEOUT", "soon"), ("TIMEZONE", "Wiesbaden"),
    ("TIMEZONE", ""), ("TIMEZONE", "../etc"), ("LANGUAGES", ""), ("LANGUAGES", " , "), ("OFFICE_LANGUAGE", "fr"),
    ("OFFICE_HOURS", "9-16"), ("OFFICE_HOURS", "Mon 16:00-09:00"), ("EXCHANGE_HOURS", "0"), ("EXCHANGE_HOURS", "1000"),
    ("INTAKE_MINUTES", "0"), ("RETURN_HOURS", "-1"), ("MESSAGES_PER_MINUTE", "0"), ("LOG_LEVEL", "LOUD"),
    ("LOG_LEVEL", "debug "), ("KNOWLEDGE_FOLDER", "nowhere"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests counts, and no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def lines_of(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> list[str]:
    """What `load` says about these settings."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load()
    return str(error.value).splitlines()


def test_two_settings_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.language_codes == ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
    assert not settings.calendar.known
    assert settings.telegram_api_url == "https://api.telegram.org"


@pytest.mark.parametrize(
    ("more", "wrong"),
    [({"WEB_PORT": "0"}, "WEBHOOK_URL"), ({"WEBHOOK_SECRET": ""}, "WEBHOOK_SECRET"),
     ({"WEBHOOK_SECRET": "too-short"}, "WEBHOOK_SECRET"), ({"WEBHOOK_URL": "bot.example.org/x"}, "WEBHOOK_URL"),
     ({"WEBHOOK_SECRET": "with spaces in it, and long"}, "WEBHOOK_SECRET"),
     ({"WEBHOOK_URL": "https://bot.example.org"}, "WEBHOOK_URL")],
)  # fmt: skip
def test_a_webhook_needs_a_path_a_port_and_a_good_secret(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], wrong: str
) -> None:
    webhook = {"WEB_PORT": "8100", "WEBHOOK_URL": "https://bot.example.org/telegram", "WEBHOOK_SECRET": "s" * 16}
    (line,) = lines_of(monkeypatch, {**GOOD, **webhook, **more})
    assert line.startswith(f"setting {wrong}: ")
    assert more.get("WEBHOOK_SECRET") is None or not more["WEBHOOK_SECRET"] or more["WEBHOOK_SECRET"] not in line


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    lines = lines_of(monkeypatch, {**GOOD, name: value})
    assert len(lines) == 1
    assert lines[0].startswith(f"setting {name}: ")
    assert lines[0].endswith("(see README, Settings)")


def test_missing_settings_are_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(monkeypatch, {})
    assert [line.split(":")[0] for line in lines] == ["setting TELEGRAM_TOKEN", "setting STAFF_CHAT_ID"]
    assert all("is missing" in line for line in lines)


def test_the_token_is_in_no_message_and_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "test-token" not in "".join(lines_of(monkeypatch, {**GOOD, "STAFF_CHAT_ID": "x"}))
    assert "test-token" not in repr(Settings.model_validate({"telegram_token": "1:test-token", "staff_chat_id": -1}))


@pytest.mark.parametrize(
    ("given", "name"),
    [({}, "TELEGRAM_TOKEN"), (GOOD | {"LANGUAGES": "de,xx"}, "xx"),
     (GOOD | {"DATABASE_URL": "postgresql+asyncpg://x@127.0.0.1:1/x"}, "DATABASE_URL")],
)  # fmt: skip
def test_the_process_ends_with_2_and_without_a_traceback(tmp_path: Path, given: dict[str, str], name: str) -> None:
    clean = {key: value for key, value in os.environ.items() if key.lower() not in Settings.model_fields}
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"
    env = {**clean, **COMPILED, "PYTHONPATH": str(ROOT), "DATABASE_URL": url, **given}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2, done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_every_setting_stands_in_the_readmes_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^#+ ", readme.partition("Settings\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    documented = re.findall(r"^\| *`([A-Z_]+)`", section, flags=re.MULTILINE)
    assert sorted(documented) == sorted(name.upper() for name in Settings.model_fields)
