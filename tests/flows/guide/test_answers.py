"""What people press and write becomes a value that fits the question, or a reason why it cannot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.guide.answers import LONGEST_TEXT, Back, Elsewhere, Reading, Said, Value, Wrong, read
from flows.guide.form import Question, form_of
from tests.flows.guide.checked import NOW, QUESTIONS, fits
from tests.flows.guide.test_texts import WRONG
from tests.flows.values.phrasings import LANGUAGES, messages

INTENTS = ("founding.members_needed", "rooms.event", "discrimination.work", "affirm", "deny", "thank", "out_of_scope",
           "human_handoff", "stop", "crisis", "room_request", "help", None)  # fmt: skip
QUESTION = "Wie viele Mitglieder brauchen wir für einen Verein"


def _question(name: str) -> Question:
    flow, slot = name.split(".")
    return form_of(flow).question(slot)


def _written(name: str, text: str, language: str = "de", intent: str | None = None) -> Reading:
    return read(_question(name), Said(text=text, language=language, now=NOW, intent=intent))


def _pressed(name: str, value: Any) -> Reading:
    return read(_question(name), Said(text="", language="de", now=NOW, intent="inform", given={"value": value}))


@pytest.mark.parametrize(
    ("name", "language", "text", "value"),
    [
        ("room_request.people", "de", "so ungefähr vierzig", 40),
        ("room_request.people", "ar", "حوالي ٤٠ شخص", 40),
        ("room_request.people", "en", "30-40", 40),
        ("room_request.date", "de", "nächsten Samstag", "2026-11-28"),
        ("room_request.date", "ar", "السبت القادم", "2026-11-28"),
        ("room_request.date", "en", "tomorrow", "2026-11-25"),
        ("room_request.date", "de", "heute", "2026-11-24"),
        ("discrimination_support.since", "de", "gestern", "2026-11-23"),
        ("discrimination_support.since", "tr", "3 Kasım", "2026-11-03"),
        ("room_request.weekdays", "de", "dienstags und donnerstags", [1, 3]),
        ("room_request.weekdays", "ru", "по субботам", [5]),
        ("room_request.time", "de", "halb vier", "15:30"),
        ("room_request.time", "en", "3 pm to 6 pm", "15:00-18:00"),
        ("room_request.purpose", "tr", "  Bayram yemeği ", "Bayram yemeği"),
        ("room_request.contact", "de", "Telefon 0611 000000", "Telefon 0611 000000"),
        ("room_request.contact", "en", "mail me: a@b.example", "mail me: a@b.example"),
        ("funding_finder.amount", "de", "900 Euro", "up_to_2500"),
        ("funding_finder.amount", "de", "2500", "up_to_2500"),
        ("funding_finder.amount", "en", "2501", "up_to_10000"),
        ("funding_finder.amount", "fa", "۵۰۰", "up_to_500"),
        ("funding_finder.amount", "de", "eine Million", "more"),
        ("founding_checklist.employees", "pl", "tak", "yes"),
        ("founding_checklist.employees", "uk", "ні", "no"),
        ("founding_checklist.charitable", "de", "keine Ahnung", "dont_know"),
        ("room_request.district", "de", "weiß nicht", "any"),
        ("room_request.needs", "de", "überspringen", "-"),
        ("room_request.needs", "en", "no", "-"),
        ("discrimination_support.since", "de", "weiß ich nicht", "-"),
        ("room_request.check", "de", "ja", "yes"),
    ],
)
def test_an_answer_in_own_words_becomes_the_value(name: str, language: str, text: str, value: Any) -> None:
    reading = _written(name, text, language)
    assert isinstance(reading, Value)
    assert reading.value == value


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("room_request.people", "null Personen", "zero"),
        ("room_request.people", "0", "zero"),
        ("room_request.people", "5001", "too_many"),
        ("room_request.people", "viele", "unclear"),
        ("room_request.date", "gestern", "past"),
        ("room_request.date", "23.11.2026", "past"),
        ("room_request.date", "um drei", "unclear"),
        ("room_request.date", "30. Februar", "unclear"),
        ("discrimination_support.since", "morgen", "future"),
        ("room_request.weekdays", "oft", "unclear"),
        ("room_request.weekdays", "das kann ich noch nicht genau sagen", "unclear"),
        ("room_request.time", "abends vielleicht", "unclear"),
        ("room_request.purpose", "!", "unclear"),
        ("room_request.contact", "rufen Sie mich an", "no_contact"),
        ("room_request.contact", "0611", "no_contact"),
        ("room_request.rhythm", "manchmal", "unclear"),
        ("funding_finder.amount", "einiges", "unclear"),
        ("room_request.people", "weiß nicht", "dont_know"),
        ("room_request.check", "nein", "unclear"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_its_reason(name: str, text: str, why: str) -> None:
    assert _written(name, text) == Wrong(why)


def test_a_time_said_along_with_the_date_is_kept() -> None:
    assert _written("room_request.date", "Samstag von 15 bis 18 Uhr") == Value("2026-11-28", "15:00-18:00")
    assert _written("room_request.date", "am Samstag") == Value("2026-11-28")


def test_german_is_understood_in_a_chat_in_another_language() -> None:
    assert _written("room_request.date", "nächsten Samstag", "tr") == Value("2026-11-28")
    assert _written("room_request.weekdays", "dienstags", "ar") == Value([1])
    assert _written("room_request.people", "vierzig", "en") == Value(40)


def test_a_long_text_is_cut() -> None:
    reading = _written("room_request.purpose", "Fest " * 200)
    assert isinstance(reading, Value)
    assert len(reading.value) == LONGEST_TEXT


@pytest.mark.parametrize("text", ["zurück", "Zurück!", "⬅"])
def test_back_is_understood_at_every_question(text: str) -> None:
    for flow, question in QUESTIONS:
        assert isinstance(read(question, Said(text=text, language="de", now=NOW)), Back), (flow, question.slot)


def test_a_question_that_may_not_be_skipped_is_not() -> None:
    for _, question in QUESTIONS:
        reading = read(question, Said(text="überspringen", language="de", now=NOW))
        assert (reading == Value("-")) is question.skip


def test_another_question_is_no_answer() -> None:
    about = "founding.members_needed"
    for name in ("room_request.purpose", "room_request.rhythm", "room_request.date", "room_request.contact"):
        assert isinstance(_written(name, QUESTION, intent=about), Elsewhere), name


def test_a_question_mark_makes_an_answer_a_question() -> None:
    assert _written("room_request.people", "40 Mitglieder", intent="founding.members_needed") == Value(40)
    assert isinstance(_written("room_request.people", "40 Mitglieder?", intent="founding.members_needed"), Elsewhere)
    assert isinstance(_written("room_request.people", "٤٠ عضو؟", "ar", "founding.members_needed"), Elsewhere)


def test_the_own_topic_of_a_question_is_an_answer_unless_it_is_asked() -> None:
    assert _written("room_request.purpose", "Honig schleudern", intent="rooms.event") == Value("Honig schleudern")
    assert isinstance(_written("room_request.purpose", "Wo feiern wir?", intent="rooms.event"), Elsewhere)


@pytest.mark.parametrize("intent", ["greet", "thank", "out_of_scope", "affirm", "inform", None])
def test_small_talk_does_not_change_the_subject(intent: str | None) -> None:
    assert _written("room_request.purpose", "Honig schleudern", intent=intent) == Value("Honig schleudern")


@pytest.mark.parametrize("intent", ["human_handoff", "stop", "crisis", "change_language", "funding_finder"])
def test_whoever_wants_out_gets_out_of_every_question(intent: str) -> None:
    for flow, question in QUESTIONS:
        reading = read(question, Said(text="ich halte es nicht mehr aus", language="de", now=NOW, intent=intent))
        assert isinstance(reading, Elsewhere), (flow, question.slot)


def test_danger_wins_over_anything_that_reads_as_an_answer() -> None:
    for text in ("40 Tabletten habe ich genommen", "keine Ahnung mehr, ich will sterben"):
        assert isinstance(_written("room_request.people", text, intent="crisis"), Elsewhere), text


def test_a_mere_phrase_or_time_is_no_danger_where_it_is_an_answer() -> None:
    assert isinstance(_written("room_request.people", "zurück", intent="crisis"), Back)
    assert _written("room_request.date", "morgen Abend", intent="crisis") == Value("2026-11-25")
    assert isinstance(_written("room_request.purpose", "morgen Abend", intent="crisis"), Elsewhere)


def test_what_the_classifier_takes_for_yes_counts_except_where_it_must_be_said() -> None:
    assert _written("founding_checklist.employees", "freilich doch wohl", intent="affirm") == Value("yes")
    assert _written("founding_checklist.employees", "mitnichten fürwahr", intent="deny") == Value("no")
    for intent in ("affirm", "deny"):
        assert _written("discrimination_support.danger", "mitnichten fürwahr", intent=intent) == Wrong("unclear")
    assert _written("discrimination_support.danger", "nein", intent="deny") == Value("no")


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("room_request.people", "40", 40),
        ("room_request.date", "2026-12-05", "2026-12-05"),
        ("room_request.weekdays", ["3", "1"], [1, 3]),
        ("room_request.time", "15:00-18:00", "15:00-18:00"),
        ("room_request.needs", ["parking", "kitchen"], ["kitchen", "parking"]),
        ("room_request.needs", [], "-"),
        ("room_request.district", "Westend, Bleichstraße", "Westend, Bleichstraße"),
        ("room_request.contact", "here", "here"),
        ("room_request.check", "yes", "yes"),
        ("funding_finder.amount", "up_to_500", "up_to_500"),
    ],
)
def test_a_button_gives_its_value(name: str, value: Any, taken: Any) -> None:
    assert _pressed(name, value) == Value(taken)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("room_request.people", "0", "zero"),
        ("room_request.people", "99999", "too_many"),
        ("room_request.people", "-1", "unclear"),
        ("room_request.people", "x", "unclear"),
        ("room_request.date", "2026-11-23", "past"),
        ("room_request.date", "2026-13-40", "unclear"),
        ("discrimination_support.since", "2026-11-25", "future"),
        ("room_request.weekdays", [], "unclear"),
        ("room_request.weekdays", ["7"], "unclear"),
        ("room_request.weekdays", ["12"], "unclear"),
        ("room_request.weekdays", [""], "unclear"),
        ("room_request.time", "29:00", "unclear"),
        ("room_request.time", "15:00-29:00", "unclear"),
        ("room_request.time", "1٥:00", "unclear"),
        ("room_request.rhythm", "never", "unclear"),
        ("room_request.rhythm", "-", "unclear"),
        ("room_request.purpose", "anything that no button says", "unclear"),
        ("room_request.check", "no", "unclear"),
        ("room_request.district", "Mainz", "unclear"),
    ],
)
def test_a_forged_button_is_refused(name: str, value: Any, why: str) -> None:
    assert _pressed(name, value) == Wrong(why)


CHOICES = sorted({choice for _, question in QUESTIONS for choice in question.choose} | {"-", "yes"})
CLOCK = st.from_regex(r"[0-9]{2}:[0-9]{2}(-[0-9]{2}:[0-9]{2})?", fullmatch=True)
FORGED = (
    st.text(max_size=64)
    | st.lists(st.text(max_size=3) | st.sampled_from("0123456"), max_size=8)
    | st.sampled_from(CHOICES)
    | CLOCK
    | st.dates().map(str)
    | st.integers().map(str)
)


@given(st.sampled_from(QUESTIONS), FORGED)
@example(("room_request", form_of("room_request").question("weekdays")), ["12"])
def test_any_forged_value_is_refused_or_fits(asked: tuple[str, Question], value: Any) -> None:
    _expect_it_fits(asked[1], read(asked[1], Said(text="", language="de", now=NOW, given={"value": value})))


SPOKEN = st.sampled_from(LANGUAGES).flatmap(
    lambda code: st.builds(Said, text=messages(code), language=st.just(code), now=st.just(NOW),
                           intent=st.sampled_from(INTENTS))
)  # fmt: skip


@given(st.sampled_from(QUESTIONS), SPOKEN)
def test_any_text_is_refused_or_fits(asked: tuple[str, Question], said: Said) -> None:
    reading = read(asked[1], said)
    _expect_it_fits(asked[1], reading)
    if isinstance(reading, Value) and reading.time is not None:
        assert fits(_question("room_request.time"), reading.time)


def _expect_it_fits(question: Question, reading: Reading) -> None:
    if isinstance(reading, Value):
        assert fits(question, reading.value)
    elif isinstance(reading, Wrong):
        assert reading.why in WRONG
    else:
        assert isinstance(reading, Back | Elsewhere)
