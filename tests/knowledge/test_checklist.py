"""The founding checklist: who needs which step, and what the checks tell an editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.guide.form import form_of
from knowledge.checklist import ANSWERS, LONGEST, Checklist, read_checklist
from knowledge.library import CONTENT, Library, load
from knowledge.loader import is_untranslated
from knowledge.model import Severity
from knowledge.numbers import undeclared
from tests.knowledge.shelf_builder import LANGUAGES, Content, fact

FILE = CONTENT.parent / "checklist.yml"
ORDER = [
    "idea", "seven_people", "two_people", "statutes", "statutes_check", "founding_meeting", "signatures", "board",
    "notify_authority", "certification", "registration", "bank_account", "charitable_status", "bookkeeping", "employer",
    "certificates_of_conduct",
]  # fmt: skip
ALWAYS = {"idea", "statutes", "founding_meeting", "board", "bank_account", "bookkeeping"}
ONLY_IF = {
    ("registered", "yes"): {"seven_people", "signatures", "certification", "registration"},
    ("registered", "no"): {"two_people"},
    ("charitable", "yes"): {"statutes_check", "charitable_status"},
    ("employees", "yes"): {"employer"},
    ("children", "yes"): {"certificates_of_conduct"},
    ("outside_eu", "yes"): {"notify_authority"},
}
"""Written by hand, not read from the file."""
CHOICES = {**ANSWERS, "charitable": (*ANSWERS["charitable"], "dont_know")}
PROFILES = [dict(zip(CHOICES, answers, strict=True)) for answers in product(*CHOICES.values())]
E_V = {"registered": "yes", "charitable": "yes", "employees": "no", "children": "no", "outside_eu": "no"}


@pytest.fixture(scope="module")
def checklist() -> Checklist:
    return read_checklist(FILE)


@pytest.fixture(scope="module")
def library() -> Library:
    return load(LANGUAGES)


def needed(checklist: Checklist, profile: Mapping[str, str]) -> set[str]:
    return {step.id for step, is_needed in checklist.steps(profile) if is_needed}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: "-".join(profile.values()))
def test_each_group_gets_the_steps_of_its_answers_and_no_others(
    checklist: Checklist, profile: dict[str, str]
) -> None:
    expected = ALWAYS.union(
        *(ids for (slot, answer), ids in ONLY_IF.items() if profile[slot] in (answer, "dont_know"))
    )
    assert needed(checklist, profile) == expected


def test_all_48_profiles_were_looked_at() -> None:
    assert len(PROFILES) == 2 * 3 * 2 * 2 * 2


def test_steps_come_in_one_order_whatever_the_answers(checklist: Checklist) -> None:
    for profile in PROFILES:
        assert [step.id for step, _ in checklist.steps(profile)] == ORDER


@pytest.mark.parametrize("slot", ANSWERS)
def test_every_question_changes_the_list(checklist: Checklist, slot: str) -> None:
    assert needed(checklist, E_V | {slot: "yes"}) != needed(checklist, E_V | {slot: "no"})


def test_an_open_answer_hides_no_duty(checklist: Checklist) -> None:
    everything = set(ORDER)
    assert needed(checklist, {}) == everything
    assert needed(checklist, {"keep": "yes", "outside_eu": "-"}) == everything


def test_a_group_and_a_registered_association_differ_as_the_law_does(checklist: Checklist) -> None:
    registered, group = (needed(checklist, E_V | {"registered": answer}) for answer in ("yes", "no"))
    assert registered - group == ONLY_IF["registered", "yes"]
    assert group - registered == {"two_people"}


def test_only_the_notice_of_foreign_associations_has_a_deadline(checklist: Checklist) -> None:
    deadlines = {step.id: step.deadline for step in checklist.all_steps if step.deadline}
    assert list(deadlines) == ["notify_authority"]
    due = deadlines["notify_authority"]
    assert (due.days, due.after, due.source) == (14, "founding_meeting", "VereinsG-DVO § 19")


def test_what_a_step_rests_on_comes_before_it(checklist: Checklist) -> None:
    done = ["statutes", "statutes_check", "founding_meeting", "board", "certification", "registration", "bank_account"]
    ids = [step.id for step in checklist.all_steps]
    assert all(ids.index(one) < ids.index(other) for one, other in pairwise(done))


def test_every_step_is_said_in_every_language(checklist: Checklist) -> None:
    for step in checklist.all_steps:
        for name, longest in LONGEST.items():
            assert set(step.texts[name]) == set(LANGUAGES)
            assert all(0 < len(text) <= longest and "\n" not in text for text in step.texts[name].values())
            assert len(set(step.texts[name].values())) == len(LANGUAGES), f"{step.id}: two languages say the same"


def test_the_form_asks_exactly_what_decides(checklist: Checklist) -> None:
    asked = {question.slot: question.choose for question in form_of("founding_checklist").questions}
    assert {slot: asked.get(slot) for slot in CHOICES} == CHOICES


def test_the_checklist_in_use_has_no_gap(library: Library) -> None:
    assert [str(problem) for problem in library.problems if "checklist" in problem.file] == []
    assert [step.id for step in library.checklist.all_steps] == ORDER


def test_the_numbers_of_the_law_stand_in_the_titles(checklist: Checklist) -> None:
    numbers = {step.id: [number for _, number in undeclared(step.title("de"), ())] for step in checklist.all_steps}
    assert {id: found for id, found in numbers.items() if found} == {
        "seven_people": ["7"], "two_people": ["2"], "signatures": ["7"],
    }  # fmt: skip


# What editors may get wrong: one step changed, one line told.


def _said(text: str) -> dict[str, str]:
    """The same in every language."""
    return dict.fromkeys(LANGUAGES, text)


def step(**changed: Any) -> dict[str, Any]:
    """A step that fits the entry of `problems`, except for what is `changed`."""
    texts = {language: f"{language}: 7 Leute" for language in LANGUAGES}
    return {"entry": "founding.steps", "title": texts, "hint": dict(texts)} | changed


@pytest.fixture
def problems(content: Content) -> Callable[..., list[str]]:
    """What is told about a checklist of these steps."""

    def told(**steps: Any) -> list[str]:
        content.source(text="Sie brauchen 7 Leute und eine Satzung.", facts=[fact("7"), DURATION])
        content.write("checklist.yml", yaml.safe_dump(steps, sort_keys=False, allow_unicode=True))
        found = content.load("en", "tr").problems
        return [str(problem) for problem in found if problem.file == "knowledge/checklist.yml"]

    return told


DURATION = fact("2 weeks", "duration", "two")
WEEKS = {"days": "14", "after": "first", "source": "Gesetz"}


def test_a_sound_checklist_is_told_nothing(problems: Callable[..., list[str]]) -> None:
    german = ["Satzung", "satzung"]
    second = step(when={"registered": ["yes"]}, deadline=WEEKS, german=german)
    assert problems(first=step(), second=second) == []


@pytest.mark.parametrize(
    ("changed", "place", "what"),
    [
        ({"entry": "founding.nothing"}, "entry:", "entry names founding.nothing, which does not exist"),
        ({"when": {"colour": ["yes"]}}, "colour:", "when names colour, which the form does not ask"),
        ({"when": {"children": ["maybe"]}}, "children:", "when: children has no answer maybe that decides, only yes, "),
        ({"when": {"charitable": ["dont_know"]}}, "charitable:", "when: charitable has no answer dont_know that dec"),
        ({"deadline": WEEKS}, "after: first", "deadline: first is no step that comes before"),
        ({"deadline": WEEKS | {"days": "10"}}, "days:", "deadline: no fact of founding.steps declares 10 days"),
        ({"german": ["Notar"]}, "german:", "german names Notar, which does not stand in the German text of founding."),
        ({"title": {"de": "x", "en": "x"}}, "title:", "title is not translated yet"),
        ({"title": _said("x" * 61)}, "de: xxx", "title has 61 letters, 60 is the most"),
        ({"hint": _said("x" * 141)}, "de: xxx", "hint has 141 letters, 140 is the most"),
        ({"hint": _said("8 Leute")}, "de: 8 Leute", "8 stands in the hint, but no fact of founding.steps declares it"),
        ({"title": _said("7 x") | {"tr": "x"}}, "tr: x", "title has other numbers than the German one"),
        ({"title": {"en": "x", "tr": "x"}}, "title:", "title: the German text (de) is missing"),
        ({"hint": None}, "hint:", "hint: input should be a valid dictionary"),
        ({"colour": "red"}, "colour:", "colour is not a known field"),
        ({"deadline": WEEKS | {"days": "soon"}}, "days:", "deadline.days: input should be a valid integer"),
        ({"deadline": {"days": "14", "after": "first"}}, "deadline:", "deadline.source is missing"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(
    content: Content, problems: Callable[..., list[str]], changed: dict[str, Any], place: str, what: str
) -> None:
    told = [one.split(":", 2) for one in problems(first=step(**changed))]
    lines = (content.top / "checklist.yml").read_text(encoding="utf-8").split("\n")
    found = [lines[int(line) - 1].strip() for _, line, said in told if said.startswith(f" first: {what}")]
    assert found, told
    assert found[0].startswith(place)


def test_a_broken_step_does_not_take_the_others_with_it(content: Content) -> None:
    path = content.write("checklist.yml", yaml.safe_dump({"first": step(), "second": {"german": []}, "third": step()}))
    read = read_checklist(path)
    assert [one.id for one in read.all_steps] == ["first", "third"]
    assert [problem.what for problem in read.problems] == [
        "second: entry is missing", "second: title is missing", "second: hint is missing",
    ]  # fmt: skip


def test_a_file_that_is_no_yaml_is_told_and_gives_no_steps(content: Content) -> None:
    read = read_checklist(content.write("checklist.yml", "idea: [\n"))
    assert read.all_steps == ()
    assert [problem.file for problem in read.problems] == ["knowledge/checklist.yml"]


def test_content_without_a_checklist_is_sound(content: Content, tmp_path: Path) -> None:
    content.source()
    assert content.load().checklist.steps(E_V) == ()
    assert read_checklist(tmp_path / "checklist.yml").problems == ()


def test_a_language_that_is_still_being_translated_stops_the_build_but_not_the_bot(content: Content) -> None:
    content.source(facts=[fact("7")], text="7")
    texts = {"de": "7 x", "en": "7 y"}
    content.write("checklist.yml", yaml.safe_dump({"first": step(title=texts)}))
    library = content.load("en", "tr")
    (problem,) = [one for one in library.problems if one.file == "knowledge/checklist.yml"]
    assert (problem.severity, problem.language, is_untranslated(problem)) == (Severity.ERROR, "tr", True)
    (first,) = library.checklist.all_steps
    assert (first.title("tr"), first.title("de")) == ("7 y", "7 x")
