"""`funding_lines.yml` from what staff type to funding lines. One broken line does not take the others with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from knowledge.directory import read_mapping
from knowledge.front import AsOf, Shape, Words
from knowledge.funding import DONT_KNOW, SLOTS, Amount, Condition, FundingLine, Kind, Per, Texts
from knowledge.model import SOURCE_LANGUAGE, Contact, Entry, Problem, Severity
from knowledge.reader import Place, Unreadable, Yaml, fit
from knowledge.wordlist import MISSING_TERM

FILE = "funding_lines.yml"
LINES, REASONS = "lines", "reasons"
"""The parts of the file."""
AMOUNT = re.compile(r"(?P<value>\d+) (?P<unit>EUR|months)")


def _with_german(texts: dict[str, str]) -> dict[str, str]:
    if SOURCE_LANGUAGE not in texts:
        raise ValueError(f"the text in {SOURCE_LANGUAGE} is missing")
    return texts


def _a_slot(slot: str) -> str:
    if slot not in SLOTS:
        raise ValueError(f"{slot} is not asked; there are {', '.join(SLOTS)}")
    return slot


def _a_day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError("must be a day such as 2027-11-30") from error


TextsField = Annotated[dict[Words, Words], AfterValidator(_with_german)]
Slot = Annotated[Words, AfterValidator(_a_slot)]
Choices = Annotated[tuple[Words, ...], Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_a_day)]
AShape = TypeVar("AShape", bound=Shape)


class ConditionShape(Shape):
    """One condition; `reason` names what stands under `reasons`."""

    id: Words
    slot: Slot
    any_of: Choices
    nearly: tuple[Words, ...] = ()
    reason: Words
    source: Words

    @model_validator(mode="after")
    def _choices_can_be_made(self) -> Self:
        _refuse_unknown(self.slot, (*self.any_of, *self.nearly))
        both = set(self.any_of) & set(self.nearly)
        if both:
            raise ValueError(f"{min(both)} stands both in any_of and in nearly")
        return self


class AmountShape(Shape):
    """Which fact of the entry is an amount of the line."""

    fact: Words
    per: Per
    only: dict[Slot, Choices] = {}

    @model_validator(mode="after")
    def _choices_can_be_made(self) -> Self:
        for slot, choices in self.only.items():
            _refuse_unknown(slot, choices)
        return self


class LineShape(Shape):
    """One line."""

    entry: Words | None = None
    funder: Words
    title: TextsField
    summary: TextsField
    also: tuple[TextsField, ...] = ()
    amounts: tuple[AmountShape, ...] = ()
    conditions: tuple[ConditionShape, ...]
    to_check: tuple[Words, ...] = ()
    source: Words
    as_of: AsOf
    review_by: Day
    opens: Day | None = None
    deadline: Day | None = None
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _conditions_can_be_told_apart(self) -> Self:
        for name in ("id", "slot"):
            values = [getattr(condition, name) for condition in self.conditions]
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice is not None:
                raise ValueError(f"two conditions have the {name} {twice}")
        return self


class ReasonShape(Shape):
    """What is said where an answer misses a condition; named as in `Kind`. Only what can happen has to be there."""

    no: TextsField | None = None
    change: TextsField | None = None
    find_out: TextsField | None = None

    @property
    def texts(self) -> dict[Kind, Texts]:
        """What there is, by kind."""
        return {kind: texts for kind in Kind if (texts := getattr(self, kind))}


@dataclass(frozen=True)
class FundingFile:
    """The lines that are sound, in the order of the file; `content` keeps the places, so that checks can name them."""

    lines: tuple[FundingLine, ...] = ()
    content: Yaml = field(default_factory=lambda: Yaml({}, {}))
    shown: str = FILE

    def part(self, name: str) -> dict[str, Any]:
        """What stands under `lines` or `reasons`, by id, sound or not; nothing where the part is no such list."""
        found = self.content.data.get(name)
        return found if isinstance(found, dict) else {}

    def problem(self, place: Place, what: str, severity: Severity = Severity.ERROR, language: str = "") -> Problem:
        """A gap at a place such as `("lines", <id>, "title")`; the second step says whose it is."""
        said = f"{place[1]}: {what}" if len(place) > 1 else what
        return Problem(self.shown, self.content.line(place), said, severity, language)


class Known(NamedTuple):
    """What a line may refer to."""

    entries: Mapping[tuple[str, str], Entry]
    contacts: Mapping[str, Contact]
    reasons: Mapping[str, ReasonShape]


def read_funding(
    path: Path, shown: str, languages: Sequence[str], entries: Mapping[tuple[str, str], Entry],
    contacts: Mapping[str, Contact],
) -> tuple[FundingFile, list[Problem]]:  # fmt: skip
    """The lines and what is wrong with the file; `entries` are by id and language. No file: no lines.

    A line that cannot be understood or leads nowhere is left out. One that lacks a language stays; English or German is
    shown until then, and every text that is missing is an error.
    """
    problems: list[Problem] = []
    content = read_mapping(path, shown, problems) if path.exists() else Yaml({}, {})
    file = FundingFile((), content, shown)
    odd = [part for part in content.data if part not in (LINES, REASONS)]
    problems += [file.problem((part,), f"{part} is not a known part; there are {LINES} and {REASONS}") for part in odd]
    known = Known(entries, contacts, dict(_each(file, REASONS, ReasonShape, problems)))
    lines = []
    for id, shape in _each(file, LINES, LineShape, problems):
        broken = list(_broken(file, id, shape, known))
        problems += broken
        lines += [] if broken else [_line(id, shape, known)]
    problems += _untranslated(file, languages)
    return FundingFile(tuple(lines), content, shown), problems


def _each(
    file: FundingFile, part: str, shape: type[AShape], problems: list[Problem]
) -> Iterator[tuple[str, AShape]]:
    """Every sound item of a part of the file by its name; what is wrong with the others is added to `problems`."""
    if file.content.data.get(part) and not file.part(part):
        problems.append(file.problem((part,), f"{part} must be a list of `name: value` lines"))
    for id in file.part(part):
        try:
            yield id, fit(shape, file.content, (part, id))
        except Unreadable as error:
            problems += [Problem(file.shown, one.line, f"{id}: {one.what}") for one in error.mistakes]


def _broken(file: FundingFile, id: str, shape: LineShape, known: Known) -> Iterator[Problem]:
    """What a line refers to and does not exist."""
    place = (LINES, id)
    entry = known.entries.get((shape.entry or id, SOURCE_LANGUAGE))
    if entry is None:
        where = (*place, "entry") if shape.entry else place
        yield file.problem(where, f"entry {shape.entry or id} does not exist")
    if shape.funder not in known.contacts:
        yield file.problem((*place, "funder"), f"funder names {shape.funder}, which is no contact")
    for index, amount in enumerate(shape.amounts if entry else ()):
        yield from _broken_amount(file, (*place, "amounts", index), amount, entry)
    for index, condition in enumerate(shape.conditions):
        yield from _unsaid(file, (*place, "conditions", index), condition, known)


def _broken_amount(file: FundingFile, place: Place, shape: AmountShape, entry: Entry | None) -> Iterator[Problem]:
    fact = next((fact for fact in (entry.facts if entry else ()) if fact.id == shape.fact), None)
    if fact is None:
        yield file.problem(place, f"{shape.fact} is no fact of its entry")
    elif not AMOUNT.fullmatch(fact.value):
        yield file.problem(place, f"fact {fact.id} is {fact.value}, an amount must be like 500 EUR or 24 months")


def _unsaid(file: FundingFile, place: Place, shape: ConditionShape, known: Known) -> Iterator[Problem]:
    """Texts that some answer would need."""
    if shape.reason not in known.reasons:
        yield file.problem(place, f"condition {shape.id}: there is no reason {shape.reason}")
        return
    condition = _condition(shape, known)
    for choice, kind in condition.missing.items():
        if kind not in condition.texts:
            what = f"condition {shape.id}: the reason {shape.reason} has no text `{kind}` for {shape.slot}: {choice}"
            yield file.problem(place, what)


def _line(id: str, shape: LineShape, known: Known) -> FundingLine:
    entry = known.entries[shape.entry or id, SOURCE_LANGUAGE]
    same = {name: getattr(shape, name) for name in LineShape.model_fields if name in FundingLine.__dataclass_fields__}
    return FundingLine(**same | {
        "id": id, "entry": entry.id, "titles": shape.title, "summaries": shape.summary, "notes": shape.also,
        "amounts": tuple(_amount(amount, entry) for amount in shape.amounts),
        "conditions": tuple(_condition(condition, known) for condition in shape.conditions),
    })  # fmt: skip


def _amount(shape: AmountShape, entry: Entry) -> Amount:
    fact = next(fact for fact in entry.facts if fact.id == shape.fact)
    value, _, unit = fact.value.partition(" ")
    return Amount(value=int(value), unit=unit, per=shape.per, as_of=fact.as_of, source=fact.source, only=shape.only)


def _condition(shape: ConditionShape, known: Known) -> Condition:
    return Condition(**shape.model_dump(), texts=known.reasons[shape.reason].texts)


def _refuse_unknown(slot: str, choices: Iterable[str]) -> None:
    for choice in choices:
        if choice == DONT_KNOW:
            raise ValueError(f"{DONT_KNOW} has no place here: it always means that something is to be found out")
        if choice not in SLOTS[slot]:
            raise ValueError(f"{choice} is no answer to {slot}; there are {', '.join(SLOTS[slot])}")


def _untranslated(file: FundingFile, languages: Sequence[str]) -> Iterator[Problem]:
    for place, texts in texts_in(file):
        name = ".".join(str(step) for step in place[2:])
        for language in languages:
            if language not in texts:
                yield file.problem(place, f"{name} {MISSING_TERM}", language=language)


def texts_in(file: FundingFile) -> Iterator[tuple[Place, Texts]]:
    """Every text with its place, such as `("lines", <id>, "title")`, also of lines that are not sound."""
    for part in (LINES, REASONS):
        for id, item in file.part(part).items():
            for name, value in item.items() if isinstance(item, dict) else ():
                yield from _texts_below(value, (part, id, name))


def _texts_below(value: Any, place: Place) -> Iterator[tuple[Place, Texts]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_below(item, (*place, index))
    elif isinstance(value, dict) and SOURCE_LANGUAGE in value:
        yield place, {language: text for language, text in value.items() if isinstance(text, str)}
