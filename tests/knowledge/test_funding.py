"""The finder tells a group which funding lines fit, which would nearly, which do not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.funding import DONT_KNOW, SLOTS, Condition, FundingLine, Kind, Match, Result, match
from knowledge.library import CONTENT, load
from knowledge.loader import languages_in

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)
SHORT = {
    "integration_department": "city", "council_monthly": "monthly", "council_project": "council", "culture": "culture",
    "wir_microproject": "micro", "wir_other": "wir", "wir_german_courses": "courses", "house_of_resources": "hor",
    "house_of_resources_equipment": "lend", "sports": "sports",
}  # fmt: skip
SITUATIONS = [
    ("An e.V. in Wiesbaden plans a language project",
     "yes wiesbaden yes no project language up_to_2500",
     "courses council wir city micro", "hor(small_sum)",
     "monthly(association_itself) culture(culture) sports(sports_section) lend(equipment)"),
    ("A new group without e.V. plans a small language project",
     "no wiesbaden no no project language up_to_500",
     "hor", "council(registered) city(registered) courses(registered,charitable) wir(registered,charitable) "
     "micro(registered,charitable)",
     "monthly(association_itself) culture(culture) sports(sports_section) lend(equipment)"),
    ("A theatre group that has just applied for everything",
     "in_progress wiesbaden applied no project culture up_to_2500",
     "culture", "council(registered) hor(small_sum) wir(registered,charitable) city(registered,goal) "
     "micro(registered,charitable)",
     "courses(course) monthly(association_itself) sports(sports_section) lend(equipment)"),
    ("An e.V. with its own rooms needs money for the rent",
     "yes wiesbaden no yes running other up_to_2500",
     "monthly", "",
     "council(project) culture(project) sports(sports_section) wir(project) city(project) micro(minijob_project) "
     "hor(project) lend(equipment) courses(project,course)"),
    ("The same with a sports section",
     "yes wiesbaden yes yes running sport up_to_2500",
     "monthly sports", "",
     "council(project) wir(project) city(project) micro(minijob_project) hor(project) lend(equipment) "
     "courses(project,course) culture(project,culture)"),
    ("An e.V. elsewhere in Hesse plans a larger education project",
     "yes hesse yes no project education up_to_10000",
     "wir micro", "courses(course) city(for_wiesbaden) hor(small_sum)",
     "council(in_wiesbaden) culture(culture) sports(sports_section) lend(equipment) "
     "monthly(in_wiesbaden,association_itself)"),
    ("A small project on diversity by an e.V. from another state",
     "yes elsewhere yes no project diversity up_to_500",
     "hor", "wir(in_hesse) city(for_wiesbaden) micro(in_hesse) culture(for_wiesbaden,culture)",
     "courses(course) council(in_wiesbaden) sports(sports_section) lend(equipment) "
     "monthly(in_wiesbaden,association_itself)"),
    ("An e.V. wants to pay somebody",
     "yes wiesbaden yes no staff work more",
     "micro", "wir(project) city(project) monthly(association_itself,enough) council(project,enough)",
     "courses(course) culture(culture) sports(sports_section) hor(project) lend(equipment)"),
    ("An e.V. needs loudspeakers for its festival",
     "yes wiesbaden yes no equipment culture up_to_500",
     "lend", "monthly(association_itself) council(project) culture(project) wir(project) micro(minijob_project) "
     "city(project,goal)",
     "courses(course) sports(sports_section) hor(project)"),
    ("Women who only know that they want to do something together",
     "dont_know dont_know dont_know dont_know project women dont_know",
     "", "hor(small_sum) culture(for_wiesbaden,culture) council(registered,in_wiesbaden,enough) "
     "wir(registered,charitable,in_hesse) city(registered,for_wiesbaden,goal) micro(registered,charitable,in_hesse) "
     "courses(registered,charitable,in_hesse,course)",
     "monthly(association_itself) sports(sports_section) lend(equipment)"),
    ("A club with a sports section plans a small tournament",
     "yes wiesbaden yes yes project sport up_to_500",
     "council sports wir city micro hor", "",
     "courses(course) monthly(association_itself) culture(culture) lend(equipment)"),
    ("A group from far away that nothing is for",
     "no elsewhere no no running other more",
     "", "",
     "monthly(in_wiesbaden) culture(project) sports(sports_section) wir(project) city(project) micro(minijob_project) "
     "hor(project) lend(equipment) courses(project,course) council(in_wiesbaden,project)"),
    ("An e.V. asks for more than the council gives to young people",
     "yes wiesbaden yes yes project youth up_to_10000",
     "wir micro", "council(enough) culture(culture) city(goal) hor(small_sum)",
     "courses(course) monthly(association_itself) sports(sports_section) lend(equipment)"),
    ("A small cultural project while the tax office has not answered yet",
     "yes wiesbaden applied dont_know project culture up_to_500",
     "council culture hor", "wir(charitable) city(goal) micro(charitable)",
     "courses(course) monthly(association_itself) sports(sports_section) lend(equipment)"),
]  # fmt: skip


@cache
def lines() -> tuple[FundingLine, ...]:
    return load(languages_in(CONTENT)).funding


def line(name: str) -> FundingLine:
    return next(one for one in lines() if one.id == f"funding.{name}")


def answers(text: str) -> dict[str, str]:
    return dict(zip(SLOTS, text.split(), strict=True))


def fitting(one: FundingLine) -> dict[str, str]:
    """Answers of a group that the line is made for."""
    return {slot: choices[0] for slot, choices in SLOTS.items()} | {c.slot: c.any_of[0] for c in one.conditions}


def told(found: tuple[Match, ...]) -> str:
    """Lines and the conditions they miss, in short."""
    return " ".join(
        SHORT[one.line.id.removeprefix("funding.")]
        + ("(" + ",".join(reason.condition.id for reason in one.reasons) + ")" if one.reasons else "")
        for one in found
    )


def place_of(result: Result, one: FundingLine) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The list a line is in, and its reasons as condition and text."""
    ((name, found),) = ((name, found) for name in ("fits", "nearly", "not_fitting", "closed")
                        for found in getattr(result, name) if found.line.id == one.id)  # fmt: skip
    return name, tuple((reason.condition.id, reason.text("de")) for reason in found.reasons)


def expected(condition: Condition, choice: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Where a line must stand that fits but for one answer, and with which reason."""
    if choice in condition.any_of:
        return "fits", ()
    if choice == DONT_KNOW:
        return "nearly", ((condition.id, condition.texts[Kind.FIND_OUT]["de"]),)
    if choice in condition.nearly:
        return "nearly", ((condition.id, condition.texts[Kind.CHANGE]["de"]),)
    return "not_fitting", ((condition.id, condition.texts[Kind.NO]["de"]),)


@pytest.mark.parametrize(("situation", "said", "fits", "nearly", "not_fitting"), SITUATIONS,
                         ids=[situation[0] for situation in SITUATIONS])  # fmt: skip
def test_a_group_is_told_what_fits_what_would_and_why_the_rest_does_not(
    situation: str, said: str, fits: str, nearly: str, not_fitting: str
) -> None:
    result = match(lines(), answers(said), TODAY)
    assert (told(result.fits), told(result.nearly), told(result.not_fitting)) == (fits, nearly, not_fitting)
    assert result.closed == ()


def test_one_changed_answer_moves_a_line_with_exactly_the_reason_of_its_condition() -> None:
    cases = [(one, condition, choice) for one in lines() for condition in one.conditions
             for choice in SLOTS[condition.slot]]  # fmt: skip
    found = {(one.id, condition.id, choice): place_of(
        match(lines(), fitting(one) | {condition.slot: choice}, TODAY), one) for one, condition, choice in cases}
    assert found == {(one.id, condition.id, choice): expected(condition, choice) for one, condition, choice in cases}
    assert {place for place, _ in found.values()} == {"fits", "nearly", "not_fitting"}


def test_every_condition_can_be_met_and_missed() -> None:
    assert {SHORT[one.id.removeprefix("funding.")] for one in lines()} == set(SHORT.values())
    for one in lines():
        assert one.conditions
        assert all(condition.any_of and condition.missing for condition in one.conditions)


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({slot: st.sampled_from(choices) for slot, choices in SLOTS.items()}))
def test_whatever_is_answered_every_line_stands_in_one_list_with_reasons_that_suit_it(said: dict[str, str]) -> None:
    result = match(lines(), said, TODAY)
    shown = [found.line.id for found in (*result.fits, *result.nearly, *result.not_fitting)]
    assert sorted(shown) == sorted(one.id for one in lines())
    assert all(not found.reasons for found in result.fits)
    assert {reason.kind for found in result.nearly for reason in found.reasons} <= {Kind.CHANGE, Kind.FIND_OUT}
    assert {reason.kind for found in result.not_fitting for reason in found.reasons} <= {Kind.NO}
    assert all(found.reasons for found in (*result.nearly, *result.not_fitting))


@settings(max_examples=100, deadline=None)
@given(st.fixed_dictionaries({slot: st.sampled_from(choices) for slot, choices in SLOTS.items()}),
       st.sampled_from([slot for slot, choices in SLOTS.items() if DONT_KNOW in choices]))  # fmt: skip
def test_not_knowing_an_answer_never_rules_a_line_out(said: dict[str, str], slot: str) -> None:
    before, after = (match(lines(), {**said, slot: choice}, TODAY) for choice in (said[slot], DONT_KNOW))
    assert {one.line.id for one in after.not_fitting} <= {one.line.id for one in before.not_fitting}


@pytest.mark.parametrize("days", [{"valid_until": TODAY}, {"deadline": TODAY}])
def test_a_line_is_open_on_its_last_day_and_never_after(days: dict[str, Any]) -> None:
    ending = replace(line("council_project"), **days)
    for said in (fitting(ending), fitting(ending) | {"registered": "no"}, fitting(ending) | {"seat": "elsewhere"}):
        assert place_of(match([ending], said, TODAY), ending)[0] != "closed"
        result = match([ending], said, TODAY + DAY)
        assert (result.fits, result.nearly, result.not_fitting) == ((), (), ())
        assert place_of(result, ending) == ("closed", ())


def test_the_earlier_of_two_last_days_counts() -> None:
    ending = replace(line("culture"), deadline=TODAY - DAY, valid_until=TODAY + DAY)
    assert ending.last_day == TODAY - DAY
    assert ending.closed(TODAY)


def test_a_line_is_not_open_before_its_first_day() -> None:
    coming = replace(line("culture"), opens=TODAY)
    assert place_of(match([coming], fitting(coming), TODAY - DAY), coming) == ("closed", ())
    assert place_of(match([coming], fitting(coming), TODAY), coming) == ("fits", ())


def test_a_line_past_its_review_is_shown_as_being_checked() -> None:
    one = line("culture")
    for day, checked in ((one.review_by, False), (one.review_by + DAY, True)):
        (found,) = match([one], fitting(one), day).fits
        assert found.being_checked is checked


def test_lines_that_are_equally_specific_keep_the_order_of_the_file() -> None:
    first, second = (replace(line("culture"), id=f"funding.{name}") for name in ("b", "a"))
    for given_lines in ((first, second), (second, first)):
        assert tuple(found.line for found in match(given_lines, fitting(first), TODAY).fits) == given_lines


@pytest.mark.parametrize(
    ("own_rooms", "values"), [("yes", [200]), ("no", [100]), (DONT_KNOW, [200, 100])]
)
def test_the_monthly_amount_is_that_for_a_group_with_or_without_rooms(own_rooms: str, values: list[int]) -> None:
    monthly = line("council_monthly")
    found = monthly.amounts_for(fitting(monthly) | {"own_rooms": own_rooms})
    assert [(one.value, one.unit, one.per, one.as_of) for one in found] == [(v, "EUR", "month", "2020") for v in values]


def test_amounts_are_those_on_file() -> None:
    assert {(SHORT[one.id.removeprefix("funding.")], amount.value, amount.unit, amount.per)
            for one in lines() for amount in one.amounts} == {
        ("monthly", 200, "EUR", "month"), ("monthly", 100, "EUR", "month"), ("council", 2500, "EUR", "project"),
        ("culture", 50_000, "EUR", "year_for_all"), ("micro", 24, "months", "project"),
    }  # fmt: skip


def test_no_line_has_a_date_of_application_because_none_is_on_file() -> None:
    assert [(one.opens, one.deadline, one.valid_until) for one in lines()] == [(None, None, None)] * len(lines())


@pytest.mark.parametrize("said", [{}, {"seat": "mainz"}, {"amount": ""}])
def test_an_answer_that_cannot_be_given_is_refused(said: Mapping[str, str]) -> None:
    sound = fitting(line("culture"))
    with pytest.raises(ValueError, match="must be one of"):
        match(lines(), {**sound, **said} if said else {"seat": "wiesbaden"}, TODAY)


def test_the_finder_asks_exactly_what_lines_may_depend_on() -> None:
    domain = yaml.load((CONTENT.parents[1] / "flows/funding_finder/domain.yml").read_text(), Loader=yaml.BaseLoader)
    questions = [variant["custom"] for variants in domain["responses"].values() for variant in variants]
    asked = {question["ask"]: set(question["choose"]) for question in questions if "choose" in question}
    assert asked == {slot: set(choices) for slot, choices in SLOTS.items()}
