"""Known weaknesses are written down with why they cannot be reached, and the list is as current as the locks."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts.audit import ACCEPTED, ADVISORIES, LOCKS, ROOT, Books, main, problems, warnings

TODAY = date(2026, 11, 22)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """The project's own books, to be spoilt."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "docs" / "audit").mkdir(parents=True)
    for name in ("accepted-findings.yml", "advisories.yml"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs")
    return Books(tmp_path)


def audited(books: Books, lock: str, **weaknesses: list[str]) -> None:
    """As `make audit` leaves it: package -> ids of what was found."""
    dependencies: list[dict[str, Any]] = [
        {"name": name, "version": version,
         "vulns": [{"id": id, "aliases": [f"GHSA-{id}"]} for id in weaknesses.get(name.replace("-", "_"), [])]}
        for name, version in books.locked(lock).items()
    ]  # fmt: skip
    found = {"asked": "2026-11-22", "dependencies": dependencies}
    (books.root / "docs" / "audit" / f"{lock}.json").write_text(json.dumps(found))


def change(books: Books, file: str, old: str, new: str) -> None:
    """Replace what stands in a file of theirs."""
    path = books.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_projects_own_list_is_current() -> None:
    assert list(problems(Books(), date.today())) == []


def test_the_locks_are_read_whole(books: Books) -> None:
    assert books.locked("rasa")["rasa"] == "3.6.21"
    assert len(books.locked("rasa")) > 150
    assert "sqlalchemy" in books.locked("bot")


def test_an_entry_for_another_version_is_found(books: Books) -> None:
    change(books, "requirements/rasa.txt", "tensorflow==2.12.0", "tensorflow==2.12.1")
    assert [line for line in problems(books, TODAY) if "tensorflow 2.12.0 is not in requirements/rasa.txt" in line]


def test_an_entry_is_to_be_looked_at_again_in_time(books: Books) -> None:
    assert len(list(problems(books, date(2030, 1, 1)))) == len(books.accepted())


def test_an_entry_without_its_reason_is_refused(books: Books) -> None:
    change(books, ACCEPTED, "    why: There is no MongoDB", "    why:\n    # There is no MongoDB")
    with pytest.raises(ValueError, match="pymongo"):
        books.accepted()


@pytest.mark.parametrize("spoilt", ['affected: "<2,12.1"', "affected: nearly all"])
def test_versions_that_nobody_understands_are_said_so(books: Books, spoilt: str) -> None:
    change(books, ADVISORIES, 'affected: "<2.12.1"', spoilt)
    with pytest.raises(ValueError, match=r"docs/advisories.yml: tensorflow: "):
        list(problems(books, TODAY))


@pytest.mark.parametrize("spoilt", ["affected: nearly all", "affected: {"])
def test_a_list_that_cannot_be_read_is_one_line(
    books: Books, spoilt: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(books, ADVISORIES, 'affected: "<2.12.1"', spoilt)
    monkeypatch.setattr("scripts.audit.Books", lambda: books)
    monkeypatch.setattr("sys.argv", ["audit"])
    assert main() == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("docs/advisories.yml: ")


def test_a_weakness_of_a_locked_version_has_to_be_accepted(books: Books) -> None:
    change(books, ACCEPTED, "CVE-2023-33976", "CVE-2023-0")
    assert list(problems(books, TODAY)) == [
        "tensorflow 2.12.0 (rasa): CVE-2023-33976, GHSA-gjh7-xx4r-x345 is neither mended nor accepted",
        "docs/accepted-findings.yml: tensorflow CVE-2023-0 is found no more: take it out",
    ]


def test_a_lock_that_goes_back_behind_what_is_mended_is_found(books: Books) -> None:
    change(books, "requirements/bot.txt", "h11==0.16.0", "h11==0.14.0")
    assert list(problems(books, TODAY)) == ["h11 0.14.0 (bot): CVE-2025-43859 is neither mended nor accepted"]


def test_one_of_several_ranges_is_enough(books: Books) -> None:
    change(books, "requirements/rasa.txt", "protobuf==4.23.3", "protobuf==5.27.0")
    assert not [line for line in problems(books, TODAY) if "CVE-2025-4565 is found no more" in line]
    change(books, "requirements/rasa.txt", "protobuf==5.27.0", "protobuf==5.29.5")
    assert [line for line in problems(books, TODAY) if "CVE-2025-4565 is found no more" in line]


def test_an_advisory_for_nothing_that_is_installed_leaves_the_list(books: Books) -> None:
    change(books, "requirements/rasa.txt", "wheel==", "wheels==")
    assert "docs/advisories.yml: wheel is in no lock any more: take it out" in list(problems(books, TODAY))


def test_what_a_tool_finds_is_neither_overlooked_nor_hidden_by_its_other_name(books: Books) -> None:
    audited(books, "rasa", tensorflow=["CVE-2023-33976"])
    assert list(problems(books, TODAY)) == []
    audited(books, "rasa", jinja2=["CVE-2027-1"])
    (line,) = problems(books, TODAY)
    assert line == "jinja2 3.1.6 (rasa): CVE-2027-1, GHSA-CVE-2027-1 is neither mended nor accepted"


def test_a_lock_that_has_changed_since_its_audit_is_audited_again(books: Books) -> None:
    audited(books, "rasa")
    change(books, "requirements/rasa.txt", "jinja2==3.1.6", "jinja2==3.1.7")
    (line,) = problems(books, TODAY)
    assert line.startswith("requirements/rasa.txt has changed since it was audited on 2026-11-22")


def test_a_package_that_could_not_be_looked_up_is_said_so(books: Books) -> None:
    audited(books, "bot")
    path = books.root / "docs" / "audit" / "bot.json"
    audit = json.loads(path.read_text())
    audit["dependencies"][0] = {"name": audit["dependencies"][0]["name"], "skip_reason": "not found"}
    path.write_text(json.dumps(audit))
    (line,) = problems(books, TODAY)
    assert line.endswith("could not be audited: not found")


def test_nobody_can_take_the_silence_of_the_check_for_an_audit(books: Books) -> None:
    (line,) = warnings(books)
    assert line.startswith("NOT AUDITED by a tool: requirements/(bot|dev|rasa|uv|audit).txt")
    for lock in LOCKS:
        audited(books, lock)
    assert list(warnings(books)) == []
