"""The steps to an association, and which of them a group needs. An editor writes them in `checklist.yml`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from knowledge.directory import read_mapping
from knowledge.front import Shape, Words
from knowledge.model import SOURCE_LANGUAGE, Entry, FactKind, Problem, in_language
from knowledge.numbers import undeclared
from knowledge.reader import Unreadable, Yaml, fit
from knowledge.wordlist import MISSING_TERM

Profile = Mapping[str, str]
"""Slot of the form -> answer; other slots of the conversation may stand there as well."""
YES_OR_NO = ("yes", "no")
SLOTS = ("registered", "charitable", "employees", "children", "outside_eu")
ANSWERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(SLOTS, YES_OR_NO)
"""The answers that decide, by slot. Any other ("dont_know", or none yet) leaves open whether a step is needed."""
LONGEST = {"title": 60, "hint": 140}
"""Letters: a title fits on a button's line, a hint on two lines of the printed list."""
_DAYS = {"day": 1, "week": 7}
_DURATION = re.compile(r"(\d+) (day|week)s?")


class DeadlineShape(Shape):
    """A legal deadline as an editor types it."""

    days: Annotated[int, Field(ge=1)]
    after: Words
    source: Words


class StepShape(Shape):
    """One step as an editor types it."""

    entry: Words
    when: dict[Words, tuple[Words, ...]] = {}
    deadline: DeadlineShape | None = None
    german: tuple[Words, ...] = ()
    title: dict[Words, Words]
    hint: dict[Words, Words]

    @field_validator("title", "hint")
    @classmethod
    def _exists_in_german(cls, texts: dict[str, str]) -> dict[str, str]:
        if SOURCE_LANGUAGE not in texts:
            raise ValueError(f"the German text ({SOURCE_LANGUAGE}) is missing")
        return texts


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """Until when a step must be done: `days` after the day on which the step `after` was; `source` is the law."""

    days: int
    after: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do on the way to an association."""

    id: str
    entry: str
    """The id of the entry that explains it."""
    when: Mapping[str, tuple[str, ...]]
    """Slot -> answers of those who need it; empty: everybody does."""
    german: tuple[str, ...]
    """Words to be met on German forms."""
    deadline: Deadline | None
    texts: Mapping[str, Mapping[str, str]]
    """`title` and `hint` by language."""

    def title(self, language: str) -> str:
        """What to do, in English or German where the language lacks it."""
        return self._text("title", language)

    def hint(self, language: str) -> str:
        """One line on how, in English or German where the language lacks it."""
        return self._text("hint", language)

    def needed(self, profile: Profile) -> bool:
        """Whether a group needs it: unless an answer rules it out, so that no duty is hidden by a missing one."""
        return not any(
            profile.get(slot) in ANSWERS.get(slot, ()) and profile[slot] not in allowed
            for slot, allowed in self.when.items()
        )

    def _text(self, name: str, language: str) -> str:
        return in_language(self.texts[name], language)


@dataclass(frozen=True)
class Checklist:
    """All steps in order; `content` keeps the lines, so that checks can name them."""

    all_steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What could not be read."""
    shown: str = "checklist.yml"
    content: Yaml = field(default_factory=lambda: Yaml({}, {}), repr=False)

    def steps(self, profile: Profile) -> tuple[tuple[Step, bool], ...]:
        """Every step in order, each with whether the group of this profile needs it."""
        return tuple((step, step.needed(profile)) for step in self.all_steps)

    def problem(self, what: str, step: str, *place: str, language: str = "") -> Problem:
        """A gap in a step; `place` are the names that lead to it within the step."""
        return Problem(self.shown, self.content.line((step, *place)), f"{step}: {what}", language=language)


def read_checklist(path: Path) -> Checklist:
    """Read `checklist.yml`; none if there is no such file. A broken step is left out and becomes a problem."""
    shown = f"{path.parent.name}/{path.name}"
    if not path.exists():
        return Checklist(shown=shown)
    problems: list[Problem] = []
    content = read_mapping(path, shown, problems)
    steps = []
    for id in content.data:
        try:
            steps.append(_step(id, content))
        except Unreadable as error:
            problems += [Problem(shown, one.line, f"{id}: {one.what}") for one in error.mistakes]
    return Checklist(tuple(steps), tuple(problems), shown, content)


def _step(id: str, content: Yaml) -> Step:
    shape = fit(StepShape, content, (id,))
    deadline = Deadline(**shape.deadline.model_dump()) if shape.deadline else None
    return Step(id=id, entry=shape.entry, when=shape.when, german=shape.german, deadline=deadline,
                texts={name: getattr(shape, name) for name in LONGEST})  # fmt: skip


def check_checklist(
    checklist: Checklist, entries: Mapping[tuple[str, str], Entry], languages: Sequence[str]
) -> Iterator[Problem]:
    """What reading alone does not show; `entries` by id and language, as the shelf has them."""
    for number, step in enumerate(checklist.all_steps):
        yield from _texts(checklist, step, languages)
        yield from _conditions(checklist, step)
        entry = entries.get((step.entry, SOURCE_LANGUAGE))
        if entry is None:
            yield checklist.problem(f"entry names {step.entry}, which does not exist", step.id, "entry")
            continue
        yield from _facts(checklist, step, entry)
        yield from _german(checklist, step, entry)
        yield from _deadline(checklist, step, entry, {one.id for one in checklist.all_steps[:number]})


def _texts(checklist: Checklist, step: Step, languages: Sequence[str]) -> Iterator[Problem]:
    for name, texts in step.texts.items():
        for language in languages:
            if language not in texts:
                yield checklist.problem(f"{name} {MISSING_TERM}", step.id, name, language=language)
        for language, text in texts.items():
            if len(text) > LONGEST[name]:
                what = f"{name} has {len(text)} letters, {LONGEST[name]} is the most"
                yield checklist.problem(what, step.id, name, language, language=language)
            if _numbers(text) != _numbers(texts[SOURCE_LANGUAGE]):
                what = f"{name} has other numbers than the German one"
                yield checklist.problem(what, step.id, name, language, language=language)


def _numbers(text: str) -> set[str]:
    return {number for _, number in undeclared(text, ())}


def _facts(checklist: Checklist, step: Step, entry: Entry) -> Iterator[Problem]:
    """Numbers in the German texts that the entry does not answer for; the other languages follow the German ones."""
    for name, texts in step.texts.items():
        for _, number in undeclared(texts[SOURCE_LANGUAGE], entry.facts):
            what = f"{number} stands in the {name}, but no fact of {entry.id} declares it"
            yield checklist.problem(what, step.id, name, SOURCE_LANGUAGE)


def _conditions(checklist: Checklist, step: Step) -> Iterator[Problem]:
    for slot, allowed in step.when.items():
        if slot not in ANSWERS:
            yield checklist.problem(f"when names {slot}, which the form does not ask", step.id, "when", slot)
            continue
        for odd in set(allowed).difference(ANSWERS[slot]):
            what = f"when: {slot} has no answer {odd} that decides, only {', '.join(ANSWERS[slot])}"
            yield checklist.problem(what, step.id, "when", slot)


def _german(checklist: Checklist, step: Step, entry: Entry) -> Iterator[Problem]:
    standing = " ".join((entry.text, entry.steps or "", *entry.keywords)).casefold()
    for term in step.german:
        if term.casefold() not in standing:
            what = f"german names {term}, which does not stand in the German text of {entry.id}"
            yield checklist.problem(what, step.id, "german")


def _deadline(checklist: Checklist, step: Step, entry: Entry, before: Container[str]) -> Iterator[Problem]:
    if step.deadline is None:
        return
    if step.deadline.after not in before:
        what = f"deadline: {step.deadline.after} is no step that comes before"
        yield checklist.problem(what, step.id, "deadline", "after")
    if step.deadline.days not in _declared_days(entry):
        what = f"deadline: no fact of {entry.id} declares {step.deadline.days} days"
        yield checklist.problem(what, step.id, "deadline", "days")


def _declared_days(entry: Entry) -> Iterator[int]:
    for fact in entry.facts:
        found = _DURATION.fullmatch(fact.value)
        if found and fact.kind is FactKind.DURATION:
            yield int(found[1]) * _DAYS[found[2]]
