"""What the questions, choices and answers of a flow are called, in any language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.conversation.replies import Phrase
from bot.locales import Locales
from flows.guide.form import SKIPPED, Form, Question

COMMON = frozenset({"yes", "no", "dont_know"})
"""Choices that are called the same everywhere."""


def title(flow: str) -> Phrase:
    """The flow's name."""
    return Phrase(f"{flow}.title")


def short(form: Form, slot: str) -> Phrase:
    """What a question is about, in a word or two."""
    return Phrase(f"{form.flow}.{slot}_short")


def label(locales: Locales, form: Form, question: Question, choice: str) -> Phrase | str:
    """What a choice is called: a text of the locales, or itself where it is a number or a proper name."""
    key = f"flow.{choice}" if choice in COMMON else f"{form.flow}.{question.slot}_{choice}"
    return Phrase(key) if key in locales.keys else choice


def label_text(locales: Locales, language: str, form: Form, question: Question, choice: str) -> str:
    """The same, in a language."""
    found = label(locales, form, question, choice)
    return found if isinstance(found, str) else locales.say(language, found.key)


def value_text(locales: Locales, language: str, form: Form, question: Question, value: Any) -> str:
    """An answer in words; what the person wrote stays as it is."""
    if value == SKIPPED:
        return locales.say(language, "flow.not_said")
    match question.kind:
        case "date":
            return locales.day(language, date.fromisoformat(value))
        case "weekdays":
            return locales.listed(language, [locales.weekday(language, day) for day in value])
        case "many":
            return locales.listed(language, [label_text(locales, language, form, question, one) for one in value])
        case "time":
            return str(value).replace("-", "–")
    return label_text(locales, language, form, question, str(value))


def in_own_words(question: Question, value: Any) -> bool:
    """Whether the answer is a text that the person wrote, which only they know to translate."""
    return question.kind == "text" and value not in (*question.choose, SKIPPED)


def answered(form: Form, slots: Mapping[str, Any]) -> Sequence[Question]:
    """The questions with an answer, in order, the confirmation left out."""
    return [one for one in form.needed(slots) if one.kind != "confirm" and slots.get(one.slot) is not None]
