"""Known weaknesses of locked packages: `python scripts/audit.py` compares, `--ask` asks an advisory database first.

Comparing needs no network: requirements/*.txt with docs/advisories.yml (weaknesses and the versions they are in), with
what a tool found when it was last asked (docs/audit/) and with docs/accepted-findings.yml. Exits with 1 if a weakness
is neither mended nor accepted, if an entry is out of date, or if the database was to be asked and could not be reached.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml
from packaging.specifiers import InvalidSpecifier, SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("bot", "dev", "rasa", "uv", "audit")
ADVISORIES = "docs/advisories.yml"
ACCEPTED = "docs/accepted-findings.yml"
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
FIELDS = {
    ADVISORIES: {"package", "affected", "ids", "seen"},
    ACCEPTED: {"locks", "package", "version", "ids", "what", "why", "review_by"},
}
SEEN = {"record", "excerpt", "report", "code"}


@dataclass(frozen=True)
class Weakness:
    """One weakness of a package in one lock, with all its names."""

    lock: str
    package: str
    version: str
    ids: frozenset[str]


@dataclass(frozen=True)
class Books:
    """What is installed, what is known of it and what is accepted, for one folder of the project."""

    root: Path = ROOT

    def locked(self, lock: str) -> dict[str, str]:
        """Package -> version."""
        return dict(PINNED.findall((self.root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")))

    def advisories(self) -> list[dict[str, Any]]:
        """What is published of any package, `affected` as specifier sets. Raises `ValueError` as `accepted` does."""
        entries = self._entries(ADVISORIES, "advisories")
        for entry in entries:
            ranges = entry["affected"] if isinstance(entry["affected"], list) else [entry["affected"]]
            try:
                entry["affected"] = [SpecifierSet(one, prereleases=True) for one in ranges]
            except InvalidSpecifier as error:
                raise ValueError(f"{ADVISORIES}: {entry['package']}: {error}") from error
            if entry["seen"] not in SEEN:
                raise ValueError(f"{ADVISORIES}: {entry['package']}: seen is one of {', '.join(sorted(SEEN))}")
        return entries

    def accepted(self) -> list[dict[str, Any]]:
        """The entries of the list. Raises `ValueError` if one is not complete."""
        return self._entries(ACCEPTED, "findings")

    def audit(self, lock: str) -> dict[str, Any] | None:
        """What `make audit` last found: {"asked": day, "dependencies": [...]}; None if it never was."""
        path = self.root / "docs" / "audit" / f"{lock}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def weaknesses(self, lock: str, advisories: list[dict[str, Any]]) -> Iterator[Weakness]:
        """Those of the locked versions, by the advisories and by the tool."""
        locked = self.locked(lock)
        for entry in advisories:
            version = locked.get(entry["package"])
            if version and any(version in affected for affected in entry["affected"]):
                yield Weakness(lock, entry["package"], version, frozenset(entry["ids"]))
        for one in (self.audit(lock) or {"dependencies": []})["dependencies"]:
            for weak in one.get("vulns", []):
                yield Weakness(lock, one["name"], one["version"], frozenset([weak["id"], *weak.get("aliases", [])]))

    def _entries(self, file: str, key: str) -> list[dict[str, Any]]:
        try:
            entries: list[dict[str, Any]] = yaml.safe_load((self.root / file).read_text(encoding="utf-8"))[key]
        except yaml.YAMLError as error:
            raise ValueError(f"{file}: {' '.join(str(error).split())}") from error
        for entry in entries:
            if set(entry) != FIELDS[file] or not all(entry.values()):
                raise ValueError(f"{file}: {entry.get('package')} needs {', '.join(sorted(FIELDS[file]))}")
        return entries


def problems(books: Books, today: date) -> Iterator[str]:
    """All that keeps the check from passing, a line each. Raises `ValueError` if a list is not complete."""
    advisories, accepted = books.advisories(), books.accepted()
    found = [weakness for lock in LOCKS for weakness in books.weaknesses(lock, advisories)]
    yield from _out_of_date(books, advisories, accepted, today)
    yield from _not_accepted(found, accepted)
    yield from _found_no_more(found, accepted)
    for lock in LOCKS:
        yield from _not_audited(books, lock)


def _out_of_date(
    books: Books, advisories: list[dict[str, Any]], accepted: list[dict[str, Any]], today: date
) -> Iterator[str]:
    locked = {lock: books.locked(lock) for lock in LOCKS}
    for entry in accepted:
        name = f"{ACCEPTED}: {entry['package']} {entry['version']}"
        for lock in entry["locks"]:
            if locked[lock].get(entry["package"]) != entry["version"]:
                yield f"{name} is not in requirements/{lock}.txt any more: look at it again, or take it out"
        if entry["review_by"] < today:
            yield f"{name} was to be reviewed by {entry['review_by']}"
    installed = {package for packages in locked.values() for package in packages}
    for package in sorted({entry["package"] for entry in advisories} - installed):
        yield f"{ADVISORIES}: {package} is in no lock any more: take it out"


def _not_accepted(found: list[Weakness], accepted: list[dict[str, Any]]) -> Iterator[str]:
    known = {(lock, entry["package"], id) for entry in accepted for lock in entry["locks"] for id in entry["ids"]}
    for weak in found:
        if not any((weak.lock, weak.package, id) in known for id in weak.ids):
            names = ", ".join(sorted(weak.ids))
            yield f"{weak.package} {weak.version} ({weak.lock}): {names} is neither mended nor accepted"


def _found_no_more(found: list[Weakness], accepted: list[dict[str, Any]]) -> Iterator[str]:
    known = {(weak.lock, weak.package, id) for weak in found for id in weak.ids}
    for entry in accepted:
        for id in entry["ids"]:
            if not any((lock, entry["package"], id) in known for lock in entry["locks"]):
                yield f"{ACCEPTED}: {entry['package']} {id} is found no more: take it out"


def _not_audited(books: Books, lock: str) -> Iterator[str]:
    """What differs between a lock and what was asked of the tool, if it ever was."""
    audit = books.audit(lock)
    if audit is None:
        return
    for one in audit["dependencies"]:
        if "skip_reason" in one:
            yield f"{one['name']} ({lock}) could not be audited: {one['skip_reason']}"
    skipped = {one["name"] for one in audit["dependencies"] if "skip_reason" in one}
    asked = {one["name"]: one["version"] for one in audit["dependencies"] if one["name"] not in skipped}
    if asked != {name: version for name, version in books.locked(lock).items() if name not in skipped}:
        yield f"requirements/{lock}.txt has changed since it was audited on {audit['asked']}: run `make audit`"


def warnings(books: Books) -> Iterator[str]:
    """What the check cannot know, so that nobody takes its silence for a clean bill."""
    never = [lock for lock in LOCKS if books.audit(lock) is None]
    if never:
        advisories = books.advisories()
        in_part = sum(entry["seen"] != "record" for entry in advisories)
        yield (
            f"NOT AUDITED by a tool: requirements/({'|'.join(never)}).txt. Compared with {len(advisories)} advisories "
            f"read by hand, {in_part} of them in part; run `make audit` where the network reaches the database"
        )


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
    try:
        found, unknown = list(problems(books, today)), list(warnings(books))
    except ValueError as error:
        found, unknown = [str(error)], []
    sys.stderr.write("".join(f"{line}\n" for line in [*found, *unknown]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
