"""Known weaknesses are written down with why they cannot be reached, and the list is as current as the locks."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scripts.audit import ROOT, Books, problems, warnings

TODAY = date(2026, 11, 22)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """The project's own books, to be spoilt."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "docs" / "audit").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "accepted-findings.yml", tmp_path / "docs")
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


def all_accepted(books: Books) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for entry in books.accepted():
        ids.setdefault(entry["package"].replace("-", "_"), []).extend(entry["ids"])
    return ids


def test_the_projects_own_list_is_current() -> None:
    assert list(problems(Books(), date.today())) == []


def test_the_locks_are_read_whole(books: Books) -> None:
    assert books.locked("rasa")["rasa"] == "3.6.21"
    assert len(books.locked("rasa")) > 150
    assert "sqlalchemy" in books.locked("bot")


def test_an_entry_for_another_version_is_found(books: Books) -> None:
    path = books.root / "requirements" / "rasa.txt"
    path.write_text(path.read_text().replace("tensorflow==2.12.0", "tensorflow==2.12.1"))
    assert [line for line in problems(books, TODAY) if "tensorflow 2.12.0 is not in requirements/rasa.txt" in line]


def test_an_entry_is_to_be_looked_at_again_in_time(books: Books) -> None:
    assert len(list(problems(books, date(2030, 1, 1)))) == len(books.accepted())


def test_an_entry_without_its_reason_is_refused(books: Books) -> None:
    path = books.root / "docs" / "accepted-findings.yml"
    path.write_text(path.read_text().replace("    why: There is no MongoDB", "    why:\n    # There is no MongoDB"))
    with pytest.raises(ValueError, match="pymongo"):
        books.accepted()


def test_a_new_finding_is_neither_overlooked_nor_hidden_by_its_other_name(books: Books) -> None:
    audited(books, "rasa", **all_accepted(books))
    assert list(problems(books, TODAY)) == []
    audited(books, "rasa", **all_accepted(books) | {"jinja2": ["CVE-2027-1"]})
    assert list(problems(books, TODAY)) == ["jinja2 3.1.6 (rasa): CVE-2027-1 is neither mended nor accepted"]


def test_what_is_found_no_more_leaves_the_list(books: Books) -> None:
    audited(books, "rasa", **all_accepted(books) | {"tensorflow": []})
    assert list(problems(books, TODAY)) == [
        "docs/accepted-findings.yml: tensorflow CVE-2023-33976 is found no more: take it out"]  # fmt: skip


def test_a_lock_that_has_changed_since_its_audit_is_audited_again(books: Books) -> None:
    audited(books, "rasa", **all_accepted(books))
    path = books.root / "requirements" / "rasa.txt"
    path.write_text(path.read_text().replace("jinja2==3.1.6", "jinja2==3.1.7"))
    assert "has changed since it was audited on 2026-11-22" in "\n".join(problems(books, TODAY))


def test_nobody_can_take_the_silence_of_the_check_for_an_audit(books: Books) -> None:
    assert "NOT AUDITED" in "\n".join(warnings(books))
    assert "NOT VERIFIED" in "\n".join(warnings(books))


def test_a_package_that_could_not_be_looked_up_is_said_so(books: Books) -> None:
    audited(books, "bot")
    path = books.root / "docs" / "audit" / "bot.json"
    audit = json.loads(path.read_text())
    audit["dependencies"][0] = {"name": audit["dependencies"][0]["name"], "skip_reason": "not found"}
    path.write_text(json.dumps(audit))
    (line,) = [line for line in problems(books, TODAY) if " (bot)" in line]
    assert line.endswith("could not be audited: not found")
