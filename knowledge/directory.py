"""The files beside the entries: the order of topics, the directory of contacts, and how to read such a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from knowledge.front import DETAILS, ContactShape, DetailShape
from knowledge.model import Contact, Detail, Problem, Severity
from knowledge.reader import Unreadable, Yaml, fit, read_text, read_yaml


def read_topics(path: Path, shown: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """The names of all entries by topic, in the order of the menus; a broken file gives none and says why."""
    problems: list[Problem] = []
    topics: dict[str, tuple[str, ...]] = {}
    content = read_mapping(path, shown, problems)
    for topic, names in content.data.items():
        line = content.line((topic,))
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            problems.append(Problem(shown, line, f"{topic} must be a list of names"))
            continue
        twice = {name for name in names if names.count(name) > 1}
        problems += [Problem(shown, line, f"{topic}.{name} stands twice") for name in sorted(twice)]
        topics[topic] = tuple(dict.fromkeys(names))
    return topics, problems


def read_contacts(
    path: Path, shown: str, languages: Sequence[str]
) -> tuple[dict[str, Contact], list[Problem]]:
    """All contacts by id; a broken contact is dropped, listed, and does not take the others with it."""
    problems: list[Problem] = []
    contacts: dict[str, Contact] = {}
    content = read_mapping(path, shown, problems)
    for id in content.data:
        try:
            contacts[id] = _contact(id, fit(ContactShape, content, (id,)))
        except Unreadable as error:
            problems += [Problem(shown, one.line, f"{id}: {one.what}") for one in error.mistakes]
            continue
        problems += _to_confirm(contacts[id], shown, content.line((id,)))
        problems += [
            Problem(shown, content.line((id, "about")), f"{id}: about in {code} is missing", Severity.WARNING, code)
            for code in languages
            if code not in contacts[id].about
        ]
    return contacts, problems


def read_mapping(path: Path, shown: str, problems: list[Problem]) -> Yaml:
    """A file of `name: value` lines; one that is missing or broken is empty, and `problems` says why."""
    try:
        content = read_yaml(read_text(path))
    except Unreadable as error:
        problems += [Problem(shown, one.line, one.what) for one in error.mistakes]
        return Yaml({}, {})
    if isinstance(content.data, dict):
        return content
    problems.append(Problem(shown, 1, "must be a list of `name: value` lines"))
    return Yaml({}, {})


def _contact(id: str, shape: ContactShape) -> Contact:
    return Contact(
        id=id, name=shape.name, about=shape.about, to_fill=shape.to_fill, phone=_detail(shape.phone),
        email=_detail(shape.email), web=_detail(shape.web), address=_detail(shape.address), hours=_detail(shape.hours),
    )  # fmt: skip


def _detail(shape: DetailShape | None) -> Detail | None:
    return Detail(**shape.model_dump()) if shape else None


def _to_confirm(contact: Contact, shown: str, line: int) -> list[Problem]:
    """What the office still has to supply or to confirm, and names in `to_fill` that are no field."""
    odd = [name for name in contact.to_fill if name not in DETAILS]
    problems = [Problem(shown, line, f"{contact.id}: to_fill names {name}, which is no field") for name in odd]
    if contact.to_fill:
        what = f"{contact.id}: the office still has to supply {', '.join(contact.to_fill)}"
        problems.append(Problem(shown, line, what, Severity.NOTICE))
    unverified = [name for name, detail in contact.details.items() if not detail.verified]
    if unverified:
        what = f"{contact.id}: not yet confirmed by the office: {', '.join(unverified)}"
        problems.append(Problem(shown, line, what, Severity.NOTICE))
    return problems
