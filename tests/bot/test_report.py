"""The quarter's page by the command line, without the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.bot.documents.pdf_reader import Pdf


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456:test")
    monkeypatch.setenv("STAFF_CHAT_ID", "-1001000000001")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")


def test_it_writes_one_page_even_of_an_empty_quarter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--quarter", "2026-Q3", "--out", "quarter.pdf"]) == 0
    pages = Pdf((tmp_path / "quarter.pdf").read_bytes()).pages
    assert len(pages) == 1
    assert pages[0].lines[0].text == "Wegweiser: 3. Quartal 2026"
    assert "2026-07-01 to 2026-09-30" in capsys.readouterr().out


@pytest.mark.parametrize(("quarter", "out"), [("2026-Q7", "quarter.pdf"), ("2026-Q3", "nowhere/quarter.pdf")])
def test_a_mistake_is_one_line(quarter: str, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--quarter", quarter, "--out", out]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
