"""Office phrases: staff find them by German words, and no broken one is ever sent or goes unnoticed."""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Any

import pytest
import yaml

from knowledge.__main__ import main
from knowledge.checks import check
from knowledge.library import CONTENT, load
from knowledge.loader import is_untranslated, languages_in
from knowledge.model import Problem, Severity
from knowledge.phrases import Blank, BlankKind, Phrases, blanks_of
from tests.knowledge.shelf_builder import Content

TODAY = date(2026, 11, 21)
GERMAN = {
    "groups": {"appointments": "Termine", "documents": "Unterlagen"},
    "appointments": {"come": "Bitte kommen Sie.\nTag: {date}\nOrt: {place}", "call": "Wir rufen Sie zurück."},
    "documents": {"missing": "Es fehlt: {text}", "size": "Die Datei ist größer als üblich."},
}
ENGLISH = {
    "appointments": {"come": "Please come.\nPlace: {place}\nDay: {date}", "call": "We will call you back."},
    "documents": {"missing": "This is missing: {text}", "size": "The file is larger than usual."},
}
Texts = dict[str, dict[str, Any]]


def write(content: Content, language: str, texts: Texts) -> None:
    content.write(f"phrases/{language}.yml", yaml.safe_dump(texts, sort_keys=False, allow_unicode=True))


def changed(texts: Texts, id: str, text: object) -> Texts:
    """With another text; None takes it out."""
    group, name = id.split(".")
    kept = {key: value for key, value in texts.get(group, {}).items() if key != name}
    return {**texts, group: kept if text is None else {**kept, name: text}}


@pytest.fixture
def sound(content: Content) -> Content:
    content.source()
    content.translation("en")
    write(content, "de", GERMAN)
    write(content, "en", ENGLISH)
    return content


def found(content: Content) -> list[Problem]:
    return check(content.load("de", "en"), TODAY)


def phrases(content: Content) -> Phrases:
    return content.load("de", "en").phrases


def test_sound_phrases_are_read_with_blanks_and_headings_and_nothing_is_reported(sound: Content) -> None:
    assert found(sound) == []
    read = phrases(sound)
    assert [(heading, [one.id for one in group]) for heading, group in read.groups()] == [
        ("Termine", ["appointments.come", "appointments.call"]),
        ("Unterlagen", ["documents.missing", "documents.size"]),
    ]
    come = read.get("appointments.come")
    assert come.blanks == (Blank("date", BlankKind.DATE), Blank("place", BlankKind.PLACE))
    assert come.text["en"] == "Please come.\nPlace: {place}\nDay: {date}"
    assert len(read) == 4


def test_the_headings_decide_the_order_of_the_groups(sound: Content) -> None:
    write(sound, "de", {**GERMAN, "groups": {"documents": "Unterlagen", "appointments": "Termine"}})
    assert [heading for heading, _ in phrases(sound).groups()] == ["Unterlagen", "Termine"]


@pytest.mark.parametrize(("name", "kind"), [("date", "date"), ("date_until", "date"), ("number_people_2", "number")])
def test_the_kind_of_a_blank_is_what_stands_before_its_ending(name: str, kind: str) -> None:
    assert blanks_of(f"Bis: {{{name}}}") == (Blank(name, BlankKind(kind)),)


def test_an_unknown_id_is_told_apart(sound: Content) -> None:
    read = phrases(sound)
    assert "documents.missing" in read
    assert "documents.gone" not in read
    with pytest.raises(KeyError):
        read.get("documents.gone")


def test_without_a_folder_there_are_no_phrases_and_no_problem(content: Content) -> None:
    content.source()
    assert check(content.load("de"), TODAY) == []
    assert phrases(content).groups() == []
    assert phrases(content).search("bitte") == []


@pytest.mark.parametrize(
    ("words", "ids"),
    [("zurück", ["appointments.call"]), ("zuruck", ["appointments.call"]), ("ZURUECK", ["appointments.call"]),
     ("groesser", ["documents.size"]), ("größ", ["documents.size"]), ("gross", ["documents.size"]),
     ("ruf sie", ["appointments.call"]),
     ("sie bitt", ["appointments.come"]), ("Sie Datei", []), ("ufen", []), ("Quark", []),
     ("text", []), ("fehlt unterl", ["documents.missing"]),
     ("term", ["appointments.come", "appointments.call"]), ("die", ["documents.size"])],
)  # fmt: skip
def test_staff_find_a_phrase_by_the_beginnings_of_its_german_words(sound: Content, words: str, ids: list[str]) -> None:
    assert [one.id for one in phrases(sound).search(words)] == ids


def test_without_words_every_phrase_is_found(sound: Content) -> None:
    assert len(phrases(sound).search(" ? ")) == 4


def test_a_hit_in_the_text_goes_before_one_in_the_heading(sound: Content) -> None:
    write(sound, "de", changed(GERMAN, "documents.size", "Ihr Termin steht in der Datei."))
    assert [one.id for one in phrases(sound).search("termin")] == [
        "documents.size", "appointments.come", "appointments.call",
    ]  # fmt: skip


COME = "appointments.come"
NO_BLANK = "is no blank: begin its name with date, time, place, number, text, amount, name"
BROKEN = [
    ("de", COME, "Tag: {day} {date} {place}", [f"{COME}: {{day}} {NO_BLANK}"]),
    ("de", COME, "Tag: {Date} {date} {place}", [f"{COME}: {{Date}} {NO_BLANK}"]),
    ("de", COME, "Tag: {} {date} {place}", [f"{COME}: {{}} {NO_BLANK}"]),
    ("de", COME, "Tag: {date {place}", [f"{COME}: has a brace without its other half: blanks are written {{date}}"]),
    ("de", COME, "", [f"{COME}: must be one sentence: write it between quotation marks"]),
    ("de", COME, ["a", "b"], [f"{COME}: must be one sentence: write it between quotation marks"]),
    ("en", COME, "Day: {date}", [f"{COME}: {{place}} is missing: put it in as in de.yml"]),
    ("en", COME, "{date} {place} {time}", [f"{COME}: {{time}} does not stand in de.yml: take it out"]),
    ("en", COME, "{date_until} {place}", [f"{COME}: {{date}} is missing: put it in as in de.yml",
                                          f"{COME}: {{date_until}} does not stand in de.yml: take it out"]),
    ("en", COME, "{day} {place}", [f"{COME}: {{day}} {NO_BLANK}",
                                   f"{COME}: {{date}} is missing: put it in as in de.yml"]),
    ("en", "documents.extra", "More.",
     ["documents.extra: de.yml does not have this phrase: add it there, or take it out here"]),
    ("en", "documents.missing", None, ["documents.missing is not translated yet"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "id", "text", "what"), BROKEN)
def test_a_broken_phrase_is_named_with_file_and_id_and_what_to_do(
    sound: Content, language: str, id: str, text: object, what: list[str]
) -> None:
    write(sound, language, changed(GERMAN if language == "de" else ENGLISH, id, text))
    problems = found(sound)
    assert [problem.what for problem in problems] == what
    assert {(problem.file, problem.severity, problem.language) for problem in problems} == {
        (f"knowledge/phrases/{language}.yml", Severity.ERROR, language)
    }


def test_a_broken_german_phrase_is_not_offered_and_a_broken_translation_not_shown(sound: Content) -> None:
    write(sound, "de", changed(GERMAN, "documents.size", "Größer als {mb}."))
    write(sound, "en", changed(ENGLISH, COME, "Day: {date}"))
    read = phrases(sound)
    assert "documents.size" not in read
    assert set(read.get(COME).text) == {"de"}
    assert read.get(COME).shown_in("en") == "de"


@pytest.mark.parametrize(
    ("language", "text", "what", "severity"),
    [("de", "a" * 601, "has 601 letters, 600 is the most: make it shorter", Severity.ERROR),
     ("en", "a" * 601, "has 601 letters, 600 is the most: make it shorter", Severity.ERROR),
     ("de", "Rufen Sie an: 0611 31-0", "contains a number or a link", Severity.WARNING),
     ("en", "See www.example.org", "contains a number or a link", Severity.WARNING)],
)  # fmt: skip
def test_a_phrase_that_is_too_long_or_grows_old_is_named(
    sound: Content, language: str, text: str, what: str, severity: Severity
) -> None:
    write(sound, language, changed(GERMAN if language == "de" else ENGLISH, "appointments.call", text))
    (problem,) = found(sound)
    assert (problem.file, problem.severity) == (f"knowledge/phrases/{language}.yml", severity)
    assert problem.what.startswith(f"appointments.call: {what}")


def test_six_hundred_letters_are_not_too_long_and_digits_of_a_blanks_name_are_no_number(sound: Content) -> None:
    german = changed(GERMAN, "appointments.call", "a" * 600)
    write(sound, "de", changed(german, "documents.missing", "Es fehlt: {text_1}"))
    write(sound, "en", changed(ENGLISH, "documents.missing", "Missing: {text_1}"))
    assert found(sound) == []


def test_a_full_stop_behind_a_date_is_a_warning(sound: Content) -> None:
    write(sound, "en", changed(ENGLISH, COME, "Place: {place}. Day: {date}."))
    (problem,) = found(sound)
    assert (problem.severity, problem.what) == (
        Severity.WARNING, f"{COME}: a full stop follows {{date}}, and a date may end with one: take it out",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "texts", "what"),
    [("de", {**GERMAN, "groups": {"appointments": "Termine"}}, "documents: has no heading: add one under `groups`"),
     ("de", {**GERMAN, "groups": {**GERMAN["groups"], "rooms": "Räume"}},
      "groups.rooms: is a heading without phrases: add some, or take it out"),
     ("de", changed(GERMAN, "documents.Größe", "Zu groß."),
      "documents.Größe: name it with small English letters, digits and _, at most 40 with its group"),
     ("en", {**ENGLISH, "groups": {"documents": "Documents"}},
      "groups: headings stand in de.yml only: take them out here"),
     ("en", {**ENGLISH, "rooms": "Room"}, "rooms: must be a list of `name: sentence` lines")],
)  # fmt: skip
def test_a_broken_group_is_named_with_file_and_what_to_do(
    sound: Content, language: str, texts: Texts, what: str
) -> None:
    write(sound, language, texts)
    said = [str(problem) for problem in found(sound) if not is_untranslated(problem) and problem.language == language]
    assert [line.partition(": ")[2] for line in said] == [what]
    assert said[0].startswith(f"knowledge/phrases/{language}.yml:")


def test_a_group_without_a_heading_stays_in_reach(sound: Content) -> None:
    write(sound, "de", {**GERMAN, "groups": {"appointments": "Termine"}})
    assert [heading for heading, _ in phrases(sound).groups()] == ["Termine", "documents"]


def test_the_line_is_that_of_the_phrase(sound: Content) -> None:
    sound.write("phrases/de.yml", 'groups:\n  a: "A"\n\na:\n  one: "Eins {date}"\n\n  two: "Zwei"\n')
    sound.write("phrases/en.yml", '# English\n\na:\n  one: "One"\n')
    assert [str(problem) for problem in found(sound)] == [
        "knowledge/phrases/en.yml:4: a.one: {date} is missing: put it in as in de.yml",
        "knowledge/phrases/en.yml:3: a.two is not translated yet",
    ]


def test_a_language_without_a_file_is_one_problem_that_keeps_nothing_from_going_live(sound: Content) -> None:
    (sound.top / "phrases" / "en.yml").unlink()
    (problem,) = found(sound)
    assert str(problem) == "knowledge/phrases/en.yml:1: this file of office phrases is not translated yet"
    assert (problem.severity, is_untranslated(problem)) == (Severity.ERROR, True)


def test_a_file_that_is_no_yaml_is_named_with_its_line(sound: Content) -> None:
    sound.write("phrases/en.yml", 'appointments:\n  call: "We will call you."\n  come: Day: {date}\n')
    (problem,) = found(sound)
    assert str(problem) == (
        "knowledge/phrases/en.yml:3: YAML cannot be read: a text with a colon in it needs quotation marks around it"
    )
    assert problem.language == "en"


def test_the_command_reports_phrases_and_fails(sound: Content, capsys: pytest.CaptureFixture[str]) -> None:
    write(sound, "en", changed(ENGLISH, COME, "Day: {date}"))
    assert main(["check", "--folder", str(sound.folder), COME]) == 1
    assert f"en.yml:3: {COME}: {{place}} is missing: put it in as in de.yml" in capsys.readouterr().out


def test_every_language_has_every_phrase_of_the_office_with_the_same_blanks() -> None:
    library = load(languages_in(CONTENT))
    assert [str(one) for one in check(library, TODAY) if "/phrases/" in one.file and not is_untranslated(one)] == []
    read = library.phrases
    assert len(read) >= 60
    assert sum(len(group) for _, group in read.groups()) == len(read)
    for _, group in read.groups():
        for phrase in group:
            names = {language: sorted({name for _, name, _, _ in Formatter().parse(text) if name})
                     for language, text in phrase.text.items()}  # fmt: skip
            assert set(map(tuple, names.values())) == {tuple(sorted(blank.name for blank in phrase.blanks))}, phrase.id
