"""How an answer is read: what was pressed or written becomes the value of a slot, or a reason why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, TypeVar

from flows.guide.form import SKIPPED, Question
from flows.guide.synonyms import choices_said, negated
from flows.values.moments import Moment, read_moment
from flows.values.numbers import read_number
from flows.values.phrases import meaning
from flows.values.symbols import OTHER_WORD, symbols
from flows.values.weekdays import read_weekdays

LONGEST_TEXT = 300
"""Characters of a text that is kept as an answer; the office needs a sentence, not a letter."""
WHOLE = frozenset({"confirm", "text"})
"""Kinds of question at which a choice is only meant if nothing else is said: "rehearsal of our choir" tells more."""
FEWEST_DIGITS = 6
"""Digits that a telephone number has at least."""
CRISIS = "crisis"
"""The one intent that comes before anything else."""
COUNTED = frozenset({"number", "amount", "date", "weekdays", "time"})
"""Kinds of question that are answered by numbers and by words for times alone."""
IMPOSSIBLE = frozenset({"past", "future", "zero", "too_many"})
"""Why an answer cannot be right although it is one."""
TALK = frozenset({"affirm", "deny", "thank", "greet", "goodbye", "out_of_scope", "inform"})
"""Intents that may be the classifier's guess at an answer; none of them changes the subject."""
UNDECIDED = frozenset({"dont_know", "skip"})
"""Phrases that leave a question open, for which not every question has an answer."""
MEANT = {"affirm": "yes", "deny": "no"}
"""What the classifier understands beyond the short phrases."""
GERMAN = "de"
CLOCKS = re.compile(r"{0}(-{0})?".format("(?:[01][0-9]|2[0-3]):[0-5][0-9]"))
"""One time of the day, or two with a dash between them."""
Found = TypeVar("Found")
QUESTION_MARKS = ("?", "؟")


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message during a flow. `intent` is None unless the classifier is sure; `given`: what a button means."""

    text: str
    language: str
    now: datetime
    intent: str | None = None
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether it is written as a question."""
        return self.text.rstrip().endswith(QUESTION_MARKS)


@dataclass(frozen=True)
class Value:
    """The message answers the question; `time` may be said along with a date."""

    value: Any
    time: str | None = None


@dataclass(frozen=True)
class Wrong:
    """It cannot be an answer: unclear, dont_know, past, future, zero, too_many, no_contact."""

    why: str


class Back:
    """The person wants to go one question back."""


class Elsewhere:
    """The message is about something else."""


Reading = Value | Wrong | Back | Elsewhere


def read(question: Question, said: Said) -> Reading:
    """What `said` means as an answer to `question`."""
    if "value" in said.given:
        return _checked(question, said.given["value"], said)
    phrase = meaning(said.text, said.language)
    if said.intent == CRISIS and phrase is None and not _says_nothing_else(question, said):
        return Elsewhere()
    said_shortly = _by_phrase(question, phrase)
    if said_shortly is not None or phrase in UNDECIDED:
        return said_shortly or Wrong("dont_know")
    if said.intent is not None and _changes_subject(question, said):
        return Elsewhere()
    inferred = None if question.exact else MEANT.get(said.intent or "")
    return _by_phrase(question, inferred) or READERS[question.kind](question, said)


def _changes_subject(question: Question, said: Said) -> bool:
    """A sure question on another entry, a wish for a person: unless it can be read as an answer ("forty persons")."""
    if said.intent in TALK:
        return False
    if said.intent in question.own:
        return said.asks
    if said.asks or question.kind == "text":
        return True
    reading = READERS[question.kind](question, said)
    return isinstance(reading, Wrong) and reading.why not in IMPOSSIBLE


def _says_nothing_else(question: Question, said: Said) -> bool:
    """Whether every word belongs to a day, a time or a number: "tomorrow evening" is no cry for help where that is
    asked, though the classifier, which overlooks none, takes it for one."""
    found = symbols(said.text, said.language)
    return question.kind in COUNTED and bool(found) and OTHER_WORD not in found


def _by_phrase(question: Question, phrase: str | None) -> Reading | None:
    """"Yes", "I don't know", "skip", "back" in the person's own words, where the question has that answer."""
    if phrase == "back":
        return Back()
    if phrase in question.choose:
        return Value(phrase)
    if phrase == "yes" and question.kind == "confirm":
        return Value("yes")
    if phrase in UNDECIDED and "any" in question.choose:
        return Value("any")
    return Value(SKIPPED) if phrase in {"skip", "dont_know", "no"} and question.skip else None


def _checked(question: Question, value: Any, said: Said) -> Reading:
    """A button's value; only one that the question offers, since callback data can be forged."""
    if question.kind == "date":
        return _day_of(question, str(value), said)
    if question.kind == "number":
        return _count(question, int(value) if str(value).isdecimal() else None)
    if question.kind == "weekdays":
        days = sorted({int(day) for day in value if str(day) in tuple("0123456")})
        return Value(days) if days else Wrong("unclear")
    if question.kind == "many":
        chosen = [one for one in question.choose if one in value]
        return Value(chosen or SKIPPED)
    if question.kind == "time":
        return Value(value) if CLOCKS.fullmatch(str(value)) else Wrong("unclear")
    known = value in question.choose or (question.kind == "confirm" and value == "yes")
    return Value(value) if known else Wrong("unclear")


def _day_of(question: Question, value: str, said: Said) -> Reading:
    try:
        day = datetime.fromisoformat(value).date()
    except ValueError:
        return Wrong("unclear")
    if question.past and day > said.now.date():
        return Wrong("future")
    if not question.past and day < said.now.date():
        return Wrong("past")
    return Value(day.isoformat())


def _date(question: Question, said: Said) -> Reading:
    past = question.past
    moment = _understood(said, lambda language: _with_day(read_moment(said.text, language, said.now, past=past)))
    if moment is None or moment.day is None:
        return Wrong("unclear")
    checked = _day_of(question, moment.day.isoformat(), said)
    return Value(checked.value, _span(moment.start, moment.end)) if isinstance(checked, Value) else checked


def _time(question: Question, said: Said) -> Reading:
    moment = _understood(said, lambda language: read_moment(said.text, language, said.now))
    span = _span(moment.start, moment.end) if moment else None
    return Value(span) if span else Wrong("unclear")


def _span(start: time | None, end: time | None) -> str | None:
    return "-".join(f"{one:%H:%M}" for one in (start, end) if one) if start else None


def _count(question: Question, number: int | None) -> Reading:
    if number is None:
        return Wrong("unclear")
    if number < question.least:
        return Wrong("zero")
    return Value(number) if number <= question.most else Wrong("too_many")


def _number_in(said: Said) -> int | None:
    return _understood(said, lambda language: read_number(said.text, language))


def _understood(said: Said, reading: Callable[[str], Found | None]) -> Found | None:
    """What is read in the message's language, else in German: people mix it in, and what they copy is in it."""
    found = reading(said.language)
    return reading(GERMAN) if found is None else found


def _with_day(moment: Moment | None) -> Moment | None:
    return moment if moment is not None and moment.day is not None else None


def _number(question: Question, said: Said) -> Reading:
    return _count(question, _number_in(said))


def _amount(question: Question, said: Said) -> Reading:
    """What people say for a step, else the smallest step up to which a sum of money goes: `up_to_2500` for 900 euro."""
    named = _choice(question, said)
    number = None if isinstance(named, Value) else _number_in(said)
    if not number:
        return named
    steps = {choice: int(choice.removeprefix("up_to_")) for choice in question.choose if choice.startswith("up_to_")}
    return Value(next((choice for choice, limit in steps.items() if number <= limit), "more"))


def _weekdays(question: Question, said: Said) -> Reading:
    days = _understood(said, lambda language: read_weekdays(said.text, language) or None)
    return Value(sorted(days)) if days else Wrong("unclear")


def _text(question: Question, said: Said) -> Reading:
    named = _choices_named(question, said)
    if len(named) == 1:
        return Value(named[0])
    words = said.text.strip()
    return Value(words[:LONGEST_TEXT]) if sum(map(str.isalpha, words)) > 1 else Wrong("unclear")


def _contact(question: Question, said: Said) -> Reading:
    """A way to be reached: a telephone number or an e-mail address, with whatever stands around it."""
    digits = sum(map(str.isdigit, said.text))
    if digits >= FEWEST_DIGITS or re.search(r"\S@\S+\.\S", said.text):
        return Value(said.text.strip()[:LONGEST_TEXT])
    named = _choices_named(question, said)
    return Value(named[0]) if named else Wrong("no_contact")


def _choice(question: Question, said: Said) -> Reading:
    """What people say for one of the choices; the labels of the buttons the bot has compared before."""
    named = _choices_named(question, said)
    return Value(named[0]) if len(named) == 1 else Wrong("unclear")


def _many(question: Question, said: Said) -> Reading:
    named = _choices_named(question, said)
    return Value([one for one in question.choose if one in named]) if named else Wrong("unclear")


def _choices_named(question: Question, said: Said) -> list[str]:
    """In the message's language, else in German."""
    if question.exact:
        return []
    languages = [said.language] if negated(said.text, said.language) else [said.language, GERMAN]
    found = (choices_said(question.flow, question.slot, said.text, language, whole=question.kind in WHOLE)
             for language in languages)  # fmt: skip
    return next(filter(None, found), [])


READERS: dict[str, Callable[[Question, Said], Reading]] = {
    "choice": _choice,
    "confirm": _choice,
    "many": _many,
    "amount": _amount,
    "contact": _contact,
    "date": _date,
    "number": _number,
    "text": _text,
    "time": _time,
    "weekdays": _weekdays,
}
