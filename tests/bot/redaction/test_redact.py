"""What is taken out, measured on the set in `items/`, and what stays because a question is nothing without it."""

from __future__ import annotations

import pytest

from bot.redaction import Kind, redact
from bot.redaction.vocabulary import FOLDER
from tests.bot.conftest import LANGUAGES
from tests.bot.redaction.measure import HARD, PARTS, STRUCTURED, Item, items, measure, together

LEAST_STRUCTURED, LEAST_NAMES, LEAST_PRECISION = 0.98, 0.9, 0.97


def usual() -> list[Item]:
    """All but what nothing tells to be personal."""
    return [item for item in items() if item.part != HARD]


@pytest.mark.parametrize("part", PARTS)
def test_at_least_98_of_100_structured_passages_are_found(part: str) -> None:
    tallies = measure(item for item in items() if item.part == part)
    structured = together(tally for (kind, _), tally in tallies.items() if kind in STRUCTURED)
    assert structured.personal > 50
    assert structured.recall >= LEAST_STRUCTURED, structured.faults


@pytest.mark.parametrize("kind", [Kind.NAME, Kind.ADDRESS])
def test_most_names_and_addresses_are_found(kind: Kind) -> None:
    found = together(tally for (of, _), tally in measure(usual()).items() if of is kind)
    assert found.recall >= LEAST_NAMES, found.faults


def test_hardly_anything_else_is_taken() -> None:
    whole = together(measure(usual()).values())
    assert whole.precision >= LEAST_PRECISION, whole.faults


def test_the_set_has_every_language_and_kind() -> None:
    assert {item.language for item in items()} == set(LANGUAGES)
    assert {passage.kind for item in items() for passage in item.passages} == set(Kind)
    assert len(items()) >= 400


def test_every_language_of_the_bot_has_its_vocabulary() -> None:
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(LANGUAGES)


@pytest.mark.parametrize("kept", [
    "5000 Euro", "1.250,00 EUR", "€ 12000", "10 000 €", "٥٠٠٠ يورو", "25 000 zł", "im Jahr 2026", "2025/2026",
    "2020-2027", "§ 21 BGB", "§§ 21-79 BGB", "§ 52 Abs. 2 AO", "110", "112", "15.10.2026 um 18:00", "31.12.",
    "01.10.2026 - 31.10.2026",
    "7 Mitglieder", "e.V.", "frankfurt.de", "Amt für multikulturelle Angelegenheiten", "Satzung", "House of Resources",
    "10000 Flyer", "250000 Menschen", "auf dem Weg 3 neue Leute", "zwei oder drei", "iki yüz elli bin euro",
    "WIR-Programm", "SGB II", "adım adım", "ich bin Vorsitzende", "I'm Syrian", "jestem studentem", "انا طالب",
])  # fmt: skip
@pytest.mark.parametrize("language", ["de", "ar"])
def test_amounts_years_paragraphs_and_terms_stay(kept: str, language: str) -> None:
    assert redact(kept, language) == kept


@pytest.mark.parametrize(("text", "language", "left"), [
    ("Mail: rana@example.org, Tel. 030 23125017", "de", "Mail: [e-mail], Tel. [phone]"),
    ("I'm Rana, DE89 3704 0044 0532 0130 00", "en", "I'm [name], [iban]"),
    ("iban DE89370400440532013001", "de", "iban [iban]"),
    ("Berliner Str. 12, 60311 Frankfurt", "de", "[address], [address]"),
    ("t.me/rana oder @rana_h", "de", "[link] oder [username]"),
    ("اسمي رنا", "ar", "اسمي [name]"),
    ("اسمي محمد علي حسن", "ar", "اسمي [name]"),
    ("اسمي سارة على العنوان", "ar", "اسمي [name] على العنوان"),
    ("lindenallee 3, hinten", "de", "[address], hinten"),
    ("Tel 61000, Kundennummer 61000", "de", "Tel [phone], Kundennummer [document]"),
    ("ruf an: 0171|392|0011", "de", "ruf an: [phone]"),
    ("null eins sieben eins, dreiundzwanzig fünfundvierzig", "de", "[phone]"),
    ("eins zwei drei vier fünf", "de", "eins zwei drei vier fünf"),
    ("Durchwahl eins zwei drei vier", "de", "Durchwahl [phone]"),
    ("oh one seven one double three nine", "en", "[phone]"),
    ("sıfır beş yüz otuz iki üç yüz kırk beş", "tr", "[phone]"),
    ("صفر واحد سبعة واحد ثلاثة تسعة", "ar", "[phone]"),
    ("восемь девятьсот двенадцать триста сорок пять", "ru", "[phone]"),
    ("нуль дев'ять сім три два один", "uk", "[phone]"),
    ("zero pięć sto dwa trzy cztery", "pl", "[phone]"),
    ("صفر نهصد و دوازده سیصد و چهل و پنج", "fa", "[phone]"),
    ("[phone] und [name]", "de", "[phone] und [name]"),
])  # fmt: skip
def test_a_placeholder_says_what_stood_there(text: str, language: str, left: str) -> None:
    assert redact(text, language) == left
