"""Staff edit the funding lines: what they add is matched, what they get wrong is told with file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.__main__ import main
from knowledge.funding import SLOTS, match
from knowledge.funding_checks import check_funding
from knowledge.library import CONTENT, Library, load
from knowledge.loader import is_untranslated, languages_in
from knowledge.model import Severity
from tests.knowledge.shelf_builder import LANGUAGES, Content, fact

TODAY = date(2026, 11, 21)
LINE: dict[str, Any] = {
    "funder": "office", "title": {"de": "Fonds"}, "summary": {"de": "Geld."}, "source": "test", "as_of": "2026-11",
    "review_by": "2027-05-22",
    "conditions": [{"id": "registered", "slot": "registered", "any_of": ["yes"], "nearly": ["in_progress"],
                    "reason": "registered", "source": "test"}],
}  # fmt: skip
REASONS: dict[str, Any] = {"registered": {"no": {"de": "Nur e.V."}, "change": {"de": "Erst."}, "find_out": {"de": "?"}}}
ANSWERS = {slot: choices[0] for slot, choices in SLOTS.items()}

Change = Callable[[dict[str, Any]], Any]


def written(content: Content, change: Change = lambda data: None, *languages: str) -> Library:
    """The content with one line, changed as told."""
    facts = [fact("500 EUR", "amount"), fact("7", id="seven")]
    content.source("funding.fund", text="Bis zu 500 Euro für 7 Leute.", facts=facts)
    data = yaml.safe_load(yaml.safe_dump({"lines": {"funding.fund": LINE}, "reasons": REASONS}))
    change(data)
    content.write("funding_lines.yml", yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    return content.load("de", *languages)


def told(library: Library, *severities: Severity, today: date = TODAY) -> list[str]:
    """What the reading and the check say about the funding lines."""
    problems = [*library.problems, *check_funding(library.shelf, today)]
    return [problem.what for problem in problems if problem.file.endswith("funding_lines.yml")
            and problem.severity in (severities or Severity)]  # fmt: skip


def line(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["lines"]["funding.fund"]
    return found


def condition(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = line(data)["conditions"][0]
    return found


def test_sound_lines_have_nothing_to_tell(content: Content) -> None:
    library = written(content)
    assert told(library) == []
    assert [one.id for one in library.funding] == ["funding.fund"]


def test_content_without_funding_lines_has_none(content: Content) -> None:
    content.source()
    assert content.load().funding == ()


WRONG: list[tuple[Change, str]] = [
    (lambda d: condition(d).update(slot="town"), "conditions.0.slot: town is not asked; there are registered, seat,"),
    (lambda d: condition(d).update(any_of=["maybe"]), "conditions.0: maybe is no answer to registered; there are yes,"),
    (lambda d: condition(d).update(nearly=["maybe"]), "conditions.0: maybe is no answer to registered; there are yes,"),
    (lambda d: condition(d).update(nearly=["yes"]), "conditions.0: yes stands both in any_of and in nearly"),
    (lambda d: condition(d).update(nearly=["dont_know"]), "conditions.0: dont_know has no place here"),
    (lambda d: condition(d).update(any_of=[]), "conditions.0.any_of: "),
    (lambda d: condition(d).update(reason="gone"), "condition registered: there is no reason gone"),
    (lambda d: condition(d).pop("source"), "conditions.0.source is missing"),
    (lambda d: line(d)["conditions"].append(dict(condition(d), id="two")), "two conditions have the slot registered"),
    (lambda d: line(d)["conditions"].append(dict(condition(d), slot="seat", any_of=["hesse"], nearly=[])),
     "two conditions have the id registered"),
    (lambda d: line(d).update(funder="nobody"), "funder names nobody, which is no contact"),
    (lambda d: line(d).update(entry="funding.gone"), "entry funding.gone does not exist"),
    (lambda d: line(d)["title"].pop("de"), "title: the text in de is missing"),
    (lambda d: line(d).pop("summary"), "summary is missing"),
    (lambda d: line(d).update(sum=500), "sum is not a known field"),
    (lambda d: line(d).update(deadline="2027"), "deadline: must be a day such as 2027-11-30"),
    (lambda d: line(d).update(review_by="30.11.2027"), "review_by: must be a day such as 2027-11-30"),
    (lambda d: line(d).update(amounts=[{"fact": "gone", "per": "project"}]), "gone is no fact of its entry"),
    (lambda d: line(d).update(amounts=[{"fact": "seven", "per": "project"}]), "fact seven is 7, an amount must be"),
    (lambda d: line(d).update(amounts=[{"fact": "one", "per": "head"}]), "amounts.0.per: "),
    (lambda d: line(d).update(amounts=[{"fact": "one", "per": "year", "only": {"own_rooms": ["old"]}}]),
     "amounts.0: old is no answer to own_rooms"),
    (lambda d: d["reasons"]["registered"].pop("no"), "the reason registered has no text `no` for registered: no"),
    (lambda d: d["reasons"]["registered"].pop("change"), "has no text `change` for registered: in_progress"),
    (lambda d: d["reasons"]["registered"].pop("find_out"), "has no text `find_out` for registered: dont_know"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "what"), WRONG, ids=[what for _, what in WRONG])
def test_a_mistake_is_told_and_takes_only_its_line_away(content: Content, change: Change, what: str) -> None:
    def spoil(data: dict[str, Any]) -> None:
        sound = {"lines": {"funding.fund": LINE}, "reasons": REASONS}
        copy = yaml.safe_load(yaml.safe_dump(sound))
        data["lines"]["funding.sound"] = {**line(copy), "entry": "funding.fund", "conditions": []}
        change(data)

    library = written(content, spoil)
    assert [one.id for one in library.funding] == ["funding.sound"]
    (error,) = told(library, Severity.ERROR)
    assert error.startswith("funding.fund: ")
    assert what in error


@pytest.mark.parametrize("text", [
    "- a\n", "lines: [\n", "lines: text\n", "lines:\n  a: b\n", "reasons: 1\n", "x: 1\n", "lines:\n  de: x\n",
    "de: x\n", "lines:\n  a:\n    title: {de: [x], en: {y: z}}\n", "reasons:\n  - de: x\n",
    "reasons:\n  a:\n    no: {de: 1, en: }\n", "lines:\n  a:\n    conditions: {de: x}\n",
])  # fmt: skip
def test_a_broken_file_is_told_and_never_raises(content: Content, text: str) -> None:
    content.source()
    content.write("funding_lines.yml", text)
    library = content.load()
    assert library.funding == ()
    assert told(library, Severity.ERROR)


def test_a_mistake_is_told_with_the_line_it_stands_in(content: Content) -> None:
    library = written(content, lambda data: line(data).update(funder="nobody"))
    rows = (content.top / "funding_lines.yml").read_text().splitlines()
    number = next(number for number, row in enumerate(rows, 1) if "funder: nobody" in row)
    assert f"knowledge/funding_lines.yml:{number}: funding.fund: funder names nobody" in str(library.problems[0])


def test_a_missing_translation_is_an_error_and_english_is_shown_until_then(content: Content) -> None:
    library = written(content, lambda data: line(data)["title"].update(en="Fund", tr="Fon"), "en", "tr")
    found = [problem for problem in library.problems if problem.file.endswith("funding_lines.yml")]
    assert {(problem.language, problem.what) for problem in found} == {
        (language, f"{place} is not translated yet")
        for language in ("en", "tr")
        for place in ("funding.fund: summary", "registered: no", "registered: change", "registered: find_out")
    }
    assert all(problem.severity is Severity.ERROR and is_untranslated(problem) for problem in found)
    (one,) = library.funding
    assert [one.title(code) for code in ("tr", "fa", "de")] == ["Fon", "Fund", "Fonds"]
    assert one.summary("tr") == "Geld."


GAPS: list[tuple[Change, str]] = [
    (lambda d: line(d)["title"].update(de="a" * 61), "funding.fund: title has 61 letters, 60 is the most"),
    (lambda d: line(d)["summary"].update(de="a" * 161), "funding.fund: summary has 161 letters, 160 is the most"),
    (lambda d: line(d).update(also=[{"de": "a" * 121}]), "funding.fund: also.0 has 121 letters, 120 is the most"),
    (lambda d: d["reasons"]["registered"]["no"].update(de="a" * 121),
     "registered: no has 121 letters, 120 is the most"),
    (lambda d: line(d)["summary"].update(de="Bis 600 Euro."),
     "funding.fund: summary contains 600, which no fact of the entry declares"),
    (lambda d: d["reasons"]["registered"]["no"].update(de="Ab 500 Euro."),
     "registered: no contains 500, which no fact of the entry declares"),
    (lambda d: line(d).update(amounts=[{"fact": "one", "per": "project"}], conditions=[
        {"id": "enough", "slot": "amount", "any_of": ["up_to_500", "up_to_2500"], "nearly": ["up_to_10000", "more"],
         "reason": "registered", "source": "test"}]),
     "funding.fund: condition enough: up_to_2500 must not fit, there are 500 EUR a year at most"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "what"), GAPS, ids=[what for _, what in GAPS])
def test_a_text_or_condition_that_cannot_be_right_is_an_error(content: Content, change: Change, what: str) -> None:
    assert told(written(content, change), Severity.ERROR) == [what]


def test_a_figure_that_the_entry_declares_may_stand_in_a_text(content: Content) -> None:
    assert told(written(content, lambda data: line(data)["summary"].update(de="Bis zu 500 Euro."))) == []


def test_an_amount_follows_the_fact_of_its_entry(content: Content) -> None:
    library = written(content, lambda data: line(data).update(amounts=[{"fact": "one", "per": "month"}]))
    assert [(one.value, one.unit, one.as_of) for one in library.funding[0].amounts] == [(500, "EUR", "2026-11")]
    content.source("funding.fund", text="Bis zu 600 Euro.", facts=[fact("600 EUR", "amount") | {"as_of": "2027"}])
    assert [(one.value, one.as_of) for one in content.load().funding[0].amounts] == [(600, "2027")]


def test_twelve_months_of_a_monthly_amount_count(content: Content) -> None:
    def monthly(data: dict[str, Any]) -> None:
        GAPS[-1][0](data)
        line(data)["amounts"][0]["per"] = "month"

    assert told(written(content, monthly), Severity.ERROR) == []


def test_what_has_grown_old_or_is_still_open_is_told(content: Content) -> None:
    library = written(content, lambda data: line(data).update(
        deadline="2026-11-20", review_by="2026-11-20", to_check=["Frist?", "Summe?"]))  # fmt: skip
    assert told(library, Severity.NOTICE) == [
        "funding.fund: is closed, its last day was 2026-11-20",
        "funding.fund: the office still has to find out: Frist? / Summe?",
    ]
    assert told(library, Severity.WARNING) == ["funding.fund: review was due by 2026-11-20"]
    assert told(library, Severity.WARNING, today=date(2026, 11, 20)) == []


def test_a_reason_that_nothing_names_is_told(content: Content) -> None:
    library = written(content, lambda data: data["reasons"].update(other={"no": {"de": "Nein."}}))
    assert told(library) == ["other: no condition names this reason"]


def test_check_of_one_line_prints_its_gaps_and_fails(content: Content, capsys: pytest.CaptureFixture[str]) -> None:
    written(content)
    assert main(["check", "--folder", str(content.folder), "funding.fund"]) == 0
    written(content, lambda data: line(data)["title"].update(de="a" * 61))
    assert main(["check", "--folder", str(content.folder), "funding.fund"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"^knowledge/funding_lines.yml:\d+: funding.fund: title has 61 letters", said, re.M)


def test_the_lines_on_file_have_no_errors_in_any_language() -> None:
    library = load(languages_in(CONTENT))
    assert set(library.languages) == set(LANGUAGES)
    assert told(library, Severity.ERROR, Severity.WARNING, today=TODAY) == []


def examples(section: str) -> list[str]:
    """The blocks of a section of the editors' guide."""
    guide = (CONTENT.parent / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```\n(.*?)^```$", guide.partition(f"\n## {section}")[2].partition("\n## ")[0], re.M | re.S)


def test_the_line_that_the_guide_shows_is_matched_once_staff_have_added_it(tmp_path: Path) -> None:
    desk = Path(shutil.copytree(CONTENT.parent, tmp_path / "knowledge"))
    entry = next(block for block in examples("Add an entry") if block.startswith("---"))
    (desk / "content/funding/example_grant.de.md").write_text(entry, encoding="utf-8")
    for name, place, added in (("topics.yml", "funding: [", "example_grant, "),
                               ("funding_lines.yml", "\nlines:\n", examples("Funding lines")[0])):  # fmt: skip
        text = (desk / name).read_text(encoding="utf-8")
        assert text.count(place) == 1
        (desk / name).write_text(text.replace(place, place + added), encoding="utf-8")
    library = load(("de", "en"), desk / "content")
    assert told(library, Severity.ERROR, today=TODAY) == [
        "funding.example_grant: title is not translated yet", "funding.example_grant: summary is not translated yet",
    ]  # fmt: skip
    found = match(library.funding, ANSWERS, TODAY)
    assert "funding.example_grant" in [one.line.id for one in found.fits]
    found = match(library.funding, ANSWERS | {"registered": "no"}, TODAY)
    (mine,) = (one for one in found.nearly if one.line.id == "funding.example_grant")
    assert [reason.text("de") for reason in mine.reasons] == ["Dafür müsste Ihr Verein erst eingetragen werden (e.V.)."]
