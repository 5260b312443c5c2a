"""What staff type into a blank is read as they mean it, and written as each language writes it."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import Locales
from bot.locales.bidi import arrange
from bot.locales.values import FURTHEST, LARGEST, LONGEST, UnreadableValue, Value, fill_in, read_value, write_value
from knowledge.phrases import BlankKind, Phrase, blanks_of
from tests.bot.conftest import LANGUAGES

TODAY = date(2026, 11, 21)
DAYS = st.dates(date(TODAY.year - FURTHEST, 1, 1), date(TODAY.year + FURTHEST, 12, 31))
CENTS = st.integers(0, 100_000_000).map(lambda cents: Decimal(cents) / 100)


def read(kind: str, typed: str) -> Value:
    return read_value(BlankKind(kind), typed, today=TODAY)


def refused(kind: str, typed: str) -> str:
    with pytest.raises(UnreadableValue) as error:
        read(kind, typed)
    return str(error.value)


@pytest.mark.parametrize("typed", [
    "24.11.", "24.11", "24. 11.", "24.11.2026", "24.11.26", "2026-11-24", " 24.11. ", "Di 24.11.", "24. November",
    "Dienstag, 24. November 2026", "nächsten Dienstag",
])  # fmt: skip
def test_a_day_is_read_however_it_is_typed(typed: str) -> None:
    assert read("date", typed) == date(2026, 11, 24)


@pytest.mark.parametrize(("typed", "day"), [
    ("21.11.", TODAY), ("20.11.", date(2027, 11, 20)), ("1.1.", date(2027, 1, 1)), ("29.2.", date(2028, 2, 29)),
    ("20.11.2026", date(2026, 11, 20)), ("heute", TODAY), ("morgen", date(2026, 11, 22)),
])  # fmt: skip
def test_a_day_without_a_year_is_the_next_one(typed: str, day: date) -> None:
    assert read("date", typed) == day


@pytest.mark.parametrize("typed", [
    "31.2.", "32.1.", "24.13.", "10", "24", "24.-26.11.", "24.11.126", "24.11. 10 Uhr", "vom 24.11. bis 26.11.",
    "Montag 24.11.", "24.11.2062", "24.11.1926", "2026-13-01", "bald", "...", "0611 31 0",
])  # fmt: skip
def test_what_is_not_one_day_is_refused_and_not_guessed(typed: str) -> None:
    assert refused("date", typed) == "value.no_date"


@pytest.mark.parametrize(("typed", "clock"), [
    ("10", time(10)), ("10:30", time(10, 30)), ("10.30", time(10, 30)), ("10 Uhr", time(10)), ("10h", time(10)),
    ("10.30 Uhr", time(10, 30)), ("10 Uhr 30", time(10, 30)), ("9", time(9)), ("09:05", time(9, 5)), ("0:00", time(0)),
    ("10.12", time(10, 12)), ("15 UHR", time(15)), ("3:00", time(3)), ("um 10 Uhr", time(10)),
    ("halb elf", time(10, 30)), ("8 Uhr abends", time(20)),
])  # fmt: skip
def test_a_time_is_read_however_it_is_typed(typed: str, clock: time) -> None:
    assert read("time", typed) == clock


@pytest.mark.parametrize("typed", ["25", "24:00", "10:60", "10 bis 12 Uhr", "10-12", "24.11. 10 Uhr", "1030", "bald"])
def test_what_is_not_one_time_is_refused(typed: str) -> None:
    assert refused("time", typed) == "value.no_time"


@pytest.mark.parametrize(("typed", "number"), [
    ("40", "40"), ("1.200", "1200"), ("1200", "1200"), ("1.200,50", "1200.5"), ("1,5", "1.5"), ("0", "0"),
])  # fmt: skip
def test_numbers_are_read_as_germans_write_them(typed: str, number: str) -> None:
    assert read("number", typed) == Decimal(number)
    assert read("amount", typed) == Decimal(number)


@pytest.mark.parametrize("typed", [
    "1,000", "1.5", "1200.50", "1.20.0", "-3", "1e5", "NaN", "inf", "1_000", "12 Personen", "viele", ".5", "12,",
    "9" * 12, "9" * 200,
])  # fmt: skip
def test_a_number_that_could_be_another_one_is_refused(typed: str) -> None:
    assert refused("number", typed) == "value.no_number"
    assert refused("amount", typed) == "value.no_amount"


@pytest.mark.parametrize("typed", ["50 €", "50€", "€ 50", "50 Euro", "50 EUR", "50,-", "50,– €", "50,00 €"])
def test_an_amount_may_name_its_currency(typed: str) -> None:
    assert read("amount", typed) == Decimal(50)
    assert refused("amount", "50 Dollar") == "value.no_amount"


@pytest.mark.parametrize("kind", ["text", "place", "name"])
def test_free_text_goes_as_typed(locales: Locales, kind: str) -> None:
    typed = "Rathaus, Schloßplatz, Zimmer <3> & {date}"
    assert read(kind, f" {typed}\n") == typed
    assert {write_value(locales, language, BlankKind(kind), typed) for language in LANGUAGES} == {typed}


@pytest.mark.parametrize("kind", list(BlankKind))
def test_nothing_and_far_too_much_are_refused_for_every_kind(kind: BlankKind) -> None:
    assert refused(kind, " \n ") == "value.empty"
    assert refused(kind, "a" * (LONGEST + 1)) == "value.too_long"


@given(DAYS)
def test_every_day_comes_back_from_every_way_of_writing_it(day: date) -> None:
    ways = [f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y}", f"{day:%d.%m.%y}", day.isoformat()]
    assert [read("date", way) for way in ways] == [day] * len(ways)


@given(st.dates(TODAY, TODAY + timedelta(days=365)).filter(lambda day: day != TODAY + timedelta(days=365)))
def test_a_day_of_the_coming_year_needs_no_year(day: date) -> None:
    assert [read("date", way) for way in (f"{day.day}.{day.month}.", f"{day:%d.%m.}")] == [day, day]


@given(day=DAYS)
def test_a_day_as_german_shows_it_is_read_back(locales: Locales, day: date) -> None:
    assert read("date", write_value(locales, "de", BlankKind.DATE, day)) == day


@given(clock=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_every_time_is_read_back_and_is_the_same_in_every_language(locales: Locales, clock: time) -> None:
    shown = {write_value(locales, language, BlankKind.TIME, clock) for language in LANGUAGES}
    assert shown == {f"{clock:%H:%M}"}
    assert [read("time", way) for way in (*shown, f"{clock.hour}.{clock:%M}", f"{clock:%H:%M} Uhr")] == [clock] * 3


@pytest.mark.parametrize("kind", [BlankKind.NUMBER, BlankKind.AMOUNT])
@given(number=CENTS)
def test_every_number_and_amount_as_german_shows_it_is_read_back(
    locales: Locales, kind: BlankKind, number: Decimal
) -> None:
    assert read(kind, write_value(locales, "de", kind, number)) == number


@given(kind=st.sampled_from(BlankKind), typed=st.text(max_size=40) | st.text("0123456789.,:- Uhr€", max_size=12))
def test_whatever_is_typed_is_a_value_or_refused_and_can_be_written(
    locales: Locales, kind: BlankKind, typed: str
) -> None:
    try:
        value = read(kind, typed)
    except UnreadableValue:
        return
    assert all(write_value(locales, language, kind, value) for language in LANGUAGES)


SAMPLES: list[tuple[str, str, Value, str]] = [
    ("de", "date", date(2026, 11, 24), "Dienstag, 24. November 2026"),
    ("tr", "date", date(2026, 11, 24), "24 Kasım 2026 Salı"),
    ("ar", "date", date(2026, 11, 24), "الثلاثاء، 24 نوفمبر 2026"),
    ("fa", "date", date(2026, 11, 24), "سه\u200cشنبه 24 نوامبر 2026"),
    ("pl", "date", date(2026, 11, 24), "wtorek, 24 listopada 2026"),
    ("en", "time", time(15, 5), "15:05"),
    ("ar", "time", time(15, 5), "15:05"),
    ("en", "number", Decimal("1200.5"), "1,200.5"),
    ("de", "number", Decimal("1200.5"), "1.200,5"),
    ("ar", "number", Decimal(1200), "1,200"),
    ("pl", "number", Decimal(12000), "12\xa0000"),
    ("de", "amount", Decimal("1200.5"), "1.200,50\xa0€"),
    ("en", "amount", Decimal("1200.5"), "€1,200.50"),
    ("ar", "amount", Decimal("1200.5"), "\u200f1,200.50\xa0€"),
    ("fa", "amount", Decimal("1200.5"), "\u200e€\xa01,200.50"),
]


@pytest.mark.parametrize(("language", "kind", "value", "shown"), SAMPLES)
def test_a_value_is_written_as_the_language_writes_it(
    locales: Locales, language: str, kind: str, value: Value, shown: str
) -> None:
    assert write_value(locales, language, BlankKind(kind), value) == shown


@pytest.mark.parametrize(("kind", "value"), [
    ("date", "24.11."), ("time", TODAY), ("number", "40"), ("amount", time(10)), ("text", Decimal(1)),
])  # fmt: skip
def test_a_value_of_another_kind_is_never_written(locales: Locales, kind: str, value: Value) -> None:
    with pytest.raises(TypeError, match=kind):
        write_value(locales, "de", BlankKind(kind), value)


GERMAN = "Bitte kommen Sie.\nTag: {date}\nUhrzeit: {time} Uhr\nOrt: {place}"
ENGLISH = "Please come.\nDay: {date}\nTime: {time}\nPlace: {place}"
ARABIC = "تفضلوا بالمجيء.\nاليوم: {date}\nالساعة: {time}\nالمكان: {place}"
VALUES: dict[str, Value] = {"date": date(2026, 11, 24), "time": time(10, 30), "place": "Rathaus, Zimmer {name} 12"}


def phrase(**text: str) -> Phrase:
    return Phrase("appointments.come", "appointments", text, blanks_of(GERMAN))


def test_a_filled_phrase_in_arabic_keeps_german_names_in_one_piece(locales: Locales) -> None:
    said = fill_in(locales, "ar", phrase(de=GERMAN, ar=ARABIC), VALUES)
    assert said.splitlines()[1:] == [
        "اليوم: الثلاثاء، 24 نوفمبر 2026", "الساعة: 10:30", "المكان: Rathaus, Zimmer {name} 12",
    ]  # fmt: skip
    assert "\u2066Rathaus, Zimmer {name} 12" in arrange(said, "ar")


def test_what_a_language_lacks_is_filled_in_the_language_it_falls_back_to(locales: Locales) -> None:
    said = fill_in(locales, "ar", phrase(de=GERMAN, en=ENGLISH), VALUES)
    assert said == "Please come.\nDay: Tuesday, November 24, 2026\nTime: 10:30\nPlace: Rathaus, Zimmer {name} 12"


def test_a_phrase_with_an_empty_blank_is_not_sent(locales: Locales) -> None:
    with pytest.raises(KeyError, match="place"):
        fill_in(locales, "de", phrase(de=GERMAN), {"date": TODAY, "time": time(10)})


def test_the_largest_number_is_still_one() -> None:
    assert read("number", f"{LARGEST:f}") == LARGEST
