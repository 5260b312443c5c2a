"""Known weaknesses of locked packages: `python scripts/audit.py` compares, `--ask` asks an advisory database first.

Comparing needs no network: requirements/*.txt, docs/accepted-findings.yml and what the last audit left in docs/audit/.
Exits with 1 if something is not accepted, if an entry is out of date, or if the database could not be reached.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("bot", "dev", "rasa", "uv", "audit")
SOURCES = {"tool": "found by a tool", "record": "read in a copy of the advisories", "excerpt": "seen in part"}
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
FIELDS = {"lock", "package", "version", "ids", "what", "why", "source", "review_by"}


@dataclass(frozen=True)
class Books:
    """What is installed, what was found and what is accepted, for one folder of the project."""

    root: Path = ROOT

    def locked(self, lock: str) -> dict[str, str]:
        """Package -> version."""
        return dict(PINNED.findall((self.root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")))

    def accepted(self) -> list[dict[str, Any]]:
        """The entries of the list. Raises `ValueError` if one is not complete."""
        document = yaml.safe_load((self.root / "docs" / "accepted-findings.yml").read_text(encoding="utf-8"))
        entries: list[dict[str, Any]] = document["findings"]
        for entry in entries:
            if set(entry) != FIELDS or not all(entry.values()) or entry["source"] not in SOURCES:
                needs = ", ".join(sorted(FIELDS))
                raise ValueError(f"docs/accepted-findings.yml: {entry.get('package')} needs {needs}")
        return entries

    def audit(self, lock: str) -> dict[str, Any] | None:
        """What `make audit` last found: {"asked": day, "dependencies": [...]}; None if it never was."""
        path = self.root / "docs" / "audit" / f"{lock}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def problems(books: Books, today: date) -> Iterator[str]:
    """All that keeps the check from passing, a line each."""
    accepted = books.accepted()
    for entry in accepted:
        name = f"docs/accepted-findings.yml: {entry['package']} {entry['version']}"
        if books.locked(entry["lock"]).get(entry["package"]) != entry["version"]:
            yield f"{name} is not in requirements/{entry['lock']}.txt any more: look at it again, or take it out"
        if entry["review_by"] < today:
            yield f"{name} was to be reviewed by {entry['review_by']}"
    for lock in LOCKS:
        audit = books.audit(lock)
        if audit is not None:
            yield from _compared(lock, audit, books.locked(lock), [one for one in accepted if one["lock"] == lock])


def _compared(
    lock: str, audit: dict[str, Any], locked: dict[str, str], accepted: list[dict[str, Any]]
) -> Iterator[str]:
    """What differs between the last audit of a lock, the lock and the list."""
    for one in audit["dependencies"]:
        if "skip_reason" in one:
            yield f"{one['name']} ({lock}) could not be audited: {one['skip_reason']}"
    asked = [one for one in audit["dependencies"] if "skip_reason" not in one]
    if {one["name"]: one["version"] for one in asked} != locked and len(asked) == len(audit["dependencies"]):
        yield f"requirements/{lock}.txt has changed since it was audited on {audit['asked']}: run `make audit`"
    found = {(one["name"], id) for one in asked for weak in one["vulns"] for id in _ids(weak)}
    known = {(entry["package"], id) for entry in accepted for id in entry["ids"]}
    for one in asked:
        for weak in one["vulns"]:
            if not known & {(one["name"], id) for id in _ids(weak)}:
                yield f"{one['name']} {one['version']} ({lock}): {weak['id']} is neither mended nor accepted"
    for package, id in sorted(known - found):
        yield f"docs/accepted-findings.yml: {package} {id} is found no more: take it out"


def _ids(weakness: dict[str, Any]) -> set[str]:
    """One weakness has several names."""
    return {weakness["id"], *weakness.get("aliases", [])}


def warnings(books: Books) -> Iterator[str]:
    """What the check cannot know, so that nobody takes its silence for a clean bill."""
    never = [lock for lock in LOCKS if books.audit(lock) is None]
    if never:
        yield f"NOT AUDITED: no tool has yet compared requirements/({'|'.join(never)}).txt with an advisory database"
    unverified = Counter(SOURCES[entry["source"]] for entry in books.accepted() if entry["source"] != "tool")
    if unverified:
        ways = ", ".join(f"{count} {way}" for way, count in unverified.items())
        yield f"NOT VERIFIED by a tool: entries of docs/accepted-findings.yml: {ways}"
    if never or unverified:
        yield "run `make audit` where the network reaches the database"


def ask(books: Books, today: date) -> None:
    """Ask for each lock, and write down what was found. Raises `subprocess.CalledProcessError` if that fails."""
    folder = books.root / "docs" / "audit"
    folder.mkdir(exist_ok=True)
    for lock in LOCKS:
        command = [str(books.root / ".venv-audit" / "bin" / "pip-audit"), "--requirement", f"requirements/{lock}.txt",
                   "--disable-pip", "--require-hashes", "--vulnerability-service", "osv", "--format", "json",
                   "--progress-spinner", "off", "--timeout", "30"]  # fmt: skip
        answer = subprocess.run(command, cwd=books.root, stdout=subprocess.PIPE, text=True, check=False)
        # 1 also means that something was found; without JSON it means that nothing could be asked.
        if answer.returncode not in {0, 1} or not answer.stdout.startswith("{"):
            raise subprocess.CalledProcessError(answer.returncode, command)
        found = {"asked": today.isoformat(), "dependencies": json.loads(answer.stdout)["dependencies"]}
        (folder / f"{lock}.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> int:
    """Compare, and ask before if wished; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ask", action="store_true", help="ask the advisory database first (network needed)")
    books, today = Books(), datetime.now(UTC).date()
    if parser.parse_args().ask:
        try:
            ask(books, today)
        except (subprocess.CalledProcessError, OSError):
            sys.stderr.write("the advisory database could not be asked; nothing was audited\n")
            return 1
    found = list(problems(books, today))
    sys.stderr.write("".join(f"{line}\n" for line in [*warnings(books), *found]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
