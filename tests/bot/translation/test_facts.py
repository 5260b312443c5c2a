"""What the fact check warns of, and what it lets pass."""

from datetime import date, time
from itertools import product

import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.translation.facts import Fact, changed_facts

LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
PAIRS = list(product(LANGUAGES, LANGUAGES))
DATES = (date(2026, 11, 24), date(2027, 3, 5), date(2026, 5, 12), date(2028, 2, 29), date(2026, 8, 1))
SNIPPETS = (
    "24.11.2026", "24. November 2026", "2026-11-24", "24.11.", "24/11", "November 24, 2026", "10:30", "10.30 Uhr",
    "3 pm", "10 Uhr", "saat 3", "1.500,50 €", "50 Euro", "€20", "50 %", "%50", "+49 611 313131", "0611 31-3131",
    "https://example.org/a/7?b=3", "name7@example.org", "۲۰۲۶", "٣٫٥", "1 500", "12a", "65183", "1,2,3", "¾", "zwei",
    "nicht", "not", "Montag", "ноября", "1000EURO", "час", "%", "am", "\n", ". ", " ", ",", "/", "-", "Haus",
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SNIPPETS), max_size=12).map(" ".join),
                  st.lists(st.sampled_from(SNIPPETS), max_size=8).map("".join))  # fmt: skip
A_LANGUAGE = st.sampled_from(LANGUAGES)


@given(TEXTS, A_LANGUAGE)
def test_a_text_has_not_changed_against_itself(text: str, language: str) -> None:
    assert changed_facts(text, text, language, language, ("Yılmaz", "Haus", "Nora")) == []


@given(TEXTS.filter(lambda text: any(map(str.isdecimal, text))), A_LANGUAGE, st.data())
def test_a_single_changed_digit_is_noticed(text: str, language: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([i for i, letter in enumerate(text) if letter.isdecimal()]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if int(digit) != int(text[place])]))
    assert changed_facts(text, f"{text[:place]}{other}{text[place + 1 :]}", language, language)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_date_in_each_languages_own_way_is_the_same_date(source: str, target: str) -> None:
    for day, one, other in product(DATES, ("short", "medium", "long", "full"), ("short", "medium", "long", "full")):
        original, translation = (
            f"({format_date(day, style, locale=language)})" for style, language in ((one, source), (other, target))
        )
        changed = changed_facts(original, translation, source, target)
        assert changed == [], f"{original} -> {translation}"


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_another_day_month_or_year_is_noticed_in_each_languages_own_way(source: str, target: str) -> None:
    original = format_date(date(2026, 11, 24), "long", locale=source)
    for day, style in product((date(2026, 11, 25), date(2026, 12, 24), date(2027, 11, 24)), ("short", "long")):
        translation = format_date(day, style, locale=target)
        assert [fact.kind for fact in changed_facts(original, translation, source, target)] == ["date"], translation


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_time_in_each_languages_own_way_is_the_same_time(source: str, target: str) -> None:
    for told in (time(9, 5), time(12, 0), time(15, 30), time(0, 15), time(23, 59)):
        original, translation = (format_time(told, "short", locale=language) for language in (source, target))
        assert changed_facts(original, translation, source, target) == [], f"{original} -> {translation}"


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_numbers_and_amounts_in_each_languages_own_way_are_the_same(source: str, target: str) -> None:
    for number in (7, 1500, 12.5, 1234567.89):
        original, translation = (format_decimal(number, locale=language) for language in (source, target))
        assert changed_facts(original, translation, source, target) == [], f"{original} -> {translation}"
        original, translation = (format_currency(number, "EUR", locale=language) for language in (source, target))
        assert changed_facts(original, translation, source, target) == [], f"{original} -> {translation}"


@pytest.mark.parametrize(
    ("source", "original", "target", "translation"),
    [
        ("de", "Kommen Sie am 24.11.2026 um 10 Uhr.", "en", "Come on November 24th, 2026 at 10 am."),
        ("de", "Kommen Sie am 24.11. um 15.30 Uhr.", "en", "Come on 24 November at 3:30 p.m."),
        ("de", "um 10 Uhr", "ru", "в 10 часов"),
        ("de", "um 10 Uhr", "tr", "saat 10'da"),
        ("de", "um 3 Uhr nachmittags", "ar", "الساعة 3 مساءً"),
        ("de", "am 24. November", "tr", "24 Kasım'da"),
        ("de", "am 24. November", "ar", "يوم 24 تشرين الثاني"),
        ("de", "am 12.5. oder später", "fa", "12 می یا بعد"),
        ("de", "am 24. November 2026", "fa", "۲۴ نوامبر ۲۰۲۶"),
        ("de", "im November 2026", "ru", "в ноябре 2026"),
        ("de", "am Mittwoch im Mai", "pl", "w środę w maju"),
        ("de", "am Freitag im Februar 2027", "uk", "у п’ятницю в лютому 2027"),
        ("de", "50 Euro", "ar", "٥٠ يورو"),
        ("de", "50 Euro", "ru", "50 евро"),
        ("de", "50 €", "uk", "50 євро"),
        ("de", "50 EUR", "fa", "۵۰ یورو"),
        ("de", "50 Euro", "tr", "50 avroya"),
        ("pl", "20 złotych", "de", "20 Zloty"),
        ("tr", "100 lira", "ru", "100 лир"),
        ("de", "50 Prozent", "tr", "yüzde 50"),
        ("de", "50 %", "ar", "50 في المائة"),
        ("de", "50 %", "fa", "۵۰ درصد"),
        ("de", "2 Personen", "en", "two persons"),
        ("de", "2 Personen", "tr", "iki kişi"),
        ("de", "3 Kinder", "ar", "ثلاثة أطفال"),
        ("de", "am 1. Montag", "en", "on the first Monday"),
        ("de", "Ruf an: 0611 31-3131", "tr", "Arayın: 0611 313131"),
        ("de", "Ruf an: +49 (611) 313131", "en", "Call 0049 611 313131"),
        ("de", "siehe www.wiesbaden.de.", "ar", "انظر www.wiesbaden.de،"),
        ("de", "Sie müssen nicht kommen.", "ru", "Вам не нужно приходить."),
        ("de", "Sie müssen nicht kommen.", "tr", "Gelmeniz gerekmiyor."),
        ("de", "Kommen Sie nicht ohne Ausweis.", "fa", "بدون کارت نیایید."),
        ("de", "Kommen Sie spätestens um 12 Uhr.", "ru", "Приходите не позднее 12 часов."),
        ("de", "Das ist kostenlos.", "ru", "Это бесплатно."),
        ("de", "Das ist kostenlos.", "ar", "هذا بدون رسوم."),
        ("de", "Das ist unmöglich.", "en", "That is not possible."),
        ("ru", "На этой неделе у нас несколько мест.", "de", "Diese Woche haben wir einige Plätze."),
        ("en", "Room No. 5 is open.", "de", "Raum Nr. 5 ist offen."),
        ("tr", "Belgeyi getirmeyin.", "de", "Bringen Sie das Dokument nicht mit."),
        ("de", "Mai und Montag", "en", "may and month"),
    ],
)  # fmt: skip
def test_what_is_merely_written_otherwise_passes(source: str, original: str, target: str, translation: str) -> None:
    assert changed_facts(original, translation, source, target) == []
    assert changed_facts(translation, original, target, source) == []


@pytest.mark.parametrize(
    ("source", "original", "target", "translation", "fact"),
    [
        ("de", "am 24.11.2026", "en", "on 24 December 2026", Fact("date", "24.11.2026", "24 December 2026")),
        ("de", "am 24. November", "fa", "۲۵ نوامبر", Fact("date", "24. November", "25 نوامبر")),
        ("de", "am Dienstag", "en", "on Wednesday", Fact("date", "Dienstag", "Wednesday")),
        ("de", "im Mai", "en", "in June", Fact("date", "Mai", "June")),
        ("de", "um 15 Uhr", "en", "at 5 pm", Fact("time", "15 Uhr", "5")),
        ("de", "um 3 Uhr nachmittags", "en", "at 3 am", Fact("time", "3 Uhr", "3")),
        ("de", "um 10:30 Uhr", "ru", "в 10:00", Fact("time", "10:30", "10:00")),
        ("de", "1.500 Euro", "en", "1.500 euros", Fact("amount", "1.500 Euro", "1.500 euros")),
        ("de", "50 Euro", "en", "50 dollars", Fact("amount", "50 Euro", "50 dollars")),
        ("de", "50 Euro", "tr", "50 lira", Fact("amount", "50 Euro", "50 lira")),
        ("de", "50 %", "tr", "%15", Fact("percentage", "50 %", "%15")),
        ("de", "Zimmer 12", "ar", "غرفة ١٣", Fact("number", "12", "13")),
        ("de", "Zimmer 12", "ar", "غرفة", Fact("number", "12", None)),
        ("de", "Zimmer", "ar", "غرفة 3", Fact("number", None, "3")),
        ("de", "2 Kinder", "en", "three children", Fact("number", "2", None)),
        ("de", "0611 31-3131", "tr", "0611 31-3132", Fact("phone", "0611 31-3131", "0611 31-3132")),
        ("de", "https://a.de/x", "tr", "https://a.de/y", Fact("url", "https://a.de/x", "https://a.de/y")),
        ("de", "a@b.de", "tr", "bir @ b.de", Fact("email", "a@b.de", None)),
        ("de", "Kommen Sie nicht.", "en", "Please come.", Fact("negation", "nicht", None)),
        ("de", "Kommen Sie.", "en", "Do not come.", Fact("negation", None, "not")),
        ("en", "Don't sign.", "de", "Unterschreiben Sie.", Fact("negation", "Don't", None)),
        ("de", "Sie brauchen kein Visum.", "ru", "Вам нужна виза.", Fact("negation", "kein", None)),
        ("de", "Sie brauchen kein Visum.", "uk", "Вам потрібна віза.", Fact("negation", "kein", None)),
        ("de", "Sie brauchen kein Visum.", "pl", "Potrzebują Państwo wizy.", Fact("negation", "kein", None)),
        ("de", "Sie brauchen kein Visum.", "ar", "تحتاج إلى تأشيرة.", Fact("negation", "kein", None)),
        ("de", "Sie brauchen kein Visum.", "tr", "Vize gerekli.", Fact("negation", "kein", None)),
        ("de", "Sie brauchen kein Visum.", "fa", "شما به ویزا احتیاج دارید.", Fact("negation", "kein", None)),
        ("de", "Gehen Sie hin. Sagen Sie nichts.", "en", "Do not go. Say everything.",
         Fact("negation", "nichts", None)),
    ],
)  # fmt: skip
def test_e54_what_is_changed_is_named(source: str, original: str, target: str, translation: str, fact: Fact) -> None:
    assert fact in changed_facts(original, translation, source, target)


@pytest.mark.parametrize(
    ("target", "translation", "kept"),
    [
        ("ar", "السيدة يلماز من فيسبادن", True),
        ("ru", "Госпожа Йылмаз из Висбадена", True),
        ("uk", "Пані Їлмаз з Вісбадена", True),
        ("fa", "خانم یلماز از ویسبادن", True),
        ("tr", "Wiesbaden'den Yılmaz Hanım", True),
        ("en", "Ms Star of Wiesbaden", False),
        ("ru", "Госпожа Звезда из Висбадена", False),
        ("ar", "السيدة التي لا تخاف من فيسبادن", False),
    ],
)
def test_names_are_kept_also_in_another_script(target: str, translation: str, kept: bool) -> None:  # noqa: FBT001
    changed = changed_facts("Frau Yılmaz aus Wiesbaden", translation, "de", target, ("Yılmaz", "Wiesbaden"))
    assert [fact for fact in changed if fact.kind == "name"] == ([] if kept else [Fact("name", "Yılmaz", None)])


def test_a_name_that_was_not_there_is_named() -> None:
    assert changed_facts("die Kollegin", "Ms Weber", "de", "en", ("Weber",)) == [Fact("name", None, "Weber")]


def test_a_language_nothing_is_known_about_is_an_error() -> None:
    with pytest.raises(LookupError):
        changed_facts("Hallo", "Hello", "de", "so")
