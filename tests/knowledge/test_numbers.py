"""A fact is found in every script and spelling; a number nobody declared is found too."""

from __future__ import annotations

import pytest

from knowledge.model import Fact, FactKind
from knowledge.numbers import holds, undeclared


def fact(value: str, kind: str = "number") -> Fact:
    return Fact(id="one", kind=FactKind(kind), value=value, as_of="2026", source="test")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("7", "number", "mindestens **7** Personen"),
        ("7", "number", "٧ أشخاص"),
        ("7", "number", "۷ نفر"),
        ("2500 EUR", "amount", "bis zu 2.500 Euro"),
        ("2500 EUR", "amount", "up to 2,500 euro"),
        ("2500 EUR", "amount", "до 2 500 евро"),
        ("2500 EUR", "amount", "do 2\u00a0500 euro"),
        ("2500 EUR", "amount", "٢٬٥٠٠ يورو"),
        ("2500 EUR", "amount", "2500'e kadar"),
        ("2 months", "duration", "innerhalb von\u200f 2 Monaten"),
        ("0800 546 546 5", "phone", "call 0800 5465465"),
        ("0800 546 546 5", "phone", "٠٨٠٠ ٥٤٦ ٥٤٦ ٥"),
        ("0800 546 546 5", "phone", "0800-546-546-5"),
        ("2026-11", "date", "Stand: November 2026"),
        ("2026-12-01", "date", "bis zum 1. Dezember 2026"),
        ("www.example.org", "link", "see https://Example.org/"),
        ("§ 60a", "section", "nach § 60a AO"),
    ],
)
def test_fact_is_found_and_counts_as_declared(value: str, kind: str, text: str) -> None:
    assert holds(text, fact(value, kind))
    assert undeclared(text, [fact(value, kind)]) == []


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("7", "number", "mindestens 17 Personen"),
        ("7", "number", "sieben"),
        ("7", "number", "7. Melden Sie den Verein an."),
        ("2500 EUR", "amount", "2.600 Euro"),
        ("2 months", "duration", "3 Monate"),
        ("110", "phone", "1100"),
        ("0800 546 546 5", "phone", "0800 546 546 6"),
        ("2026-12-01", "date", "2. Dezember 2026"),
        ("www.example.org", "link", "www.example.com"),
    ],
)
def test_other_value_is_not_taken_for_the_fact(value: str, kind: str, text: str) -> None:
    assert not holds(text, fact(value, kind))


def test_undeclared_numbers_and_links_are_named_with_their_line() -> None:
    text = "Kostet 50 Euro.\n\n1. Rufen Sie 0611 1234 an.\n2. Siehe www.example.org oder a@b.de"
    assert undeclared(text, []) == [(0, "50"), (2, "611"), (2, "1234"), (3, "www.example.org"), (3, "a@b.de")]


def test_list_numbers_and_numbers_in_contact_names_need_no_fact() -> None:
    assert undeclared("1. Eins\n  2) Zwei\n١. ثلاثة\nBüro 2020 hilft", [], ["Büro 2020"]) == []


def test_number_glued_to_a_declared_phone_is_still_found() -> None:
    assert undeclared("110 oder 115", [fact("110", "phone")]) == [(0, "115")]
