"""Whatever the text: nothing structured survives, nothing breaks, a second time changes nothing, and it is quick."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import find, redact
from bot.redaction.spelling import clean, fold

LANGUAGES = st.sampled_from(["de", "en", "tr", "ar", "ru", "uk", "pl", "fa", "so"])
ANY_TEXT = st.text(st.characters(), max_size=200)
"""Lone surrogates, controls, unassigned and private characters included."""
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WORDS = st.sampled_from([
    "Hallo", "bitte", "call me", "رقمي", "меня зовут", "مریم", "ул.", "IBAN", "5000 Euro", "2026", "§ 21", "am", "Az.",
    "(", "+", "Tel:", "[phone]", "[name]", "@", "\n", ", ", "ist", "Straße", "ich heiße",
])  # fmt: skip
PIECES = st.lists(st.one_of(WORDS, AROUND), max_size=8).map(" ".join)

DIGITS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"])
LOCAL = st.from_regex(r"[a-z0-9]([a-z0-9._+-]{0,20}[a-z0-9])?", fullmatch=True)
EMAILS = st.builds("{}@{}.{}".format, LOCAL, st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True),
                   st.sampled_from(["example", "example.org", "beispiel.example.com"]))  # fmt: skip


@st.composite
def phones(draw: st.DrawFn) -> str:
    """A number of the German regulator's range for films, or of a foreign one, as people group it."""
    prefixes = ["+49 30 23125", "0049 30 23125", "030 23125", "(030) 23125", "+44 1632 960", "0 30/23125"]
    prefix = draw(st.sampled_from(prefixes))
    digits = prefix + draw(st.sampled_from(["", " ", "-", "/"])) + draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    between = draw(st.sampled_from(["", " ", "-", " - ", "/"]))
    written = digits.replace(" ", between) if between else digits.replace(" ", "")
    script = draw(DIGITS)
    return "".join(script[int(sign)] if sign.isascii() and sign.isdigit() else sign for sign in written)


@st.composite
def ibans(draw: st.DrawFn) -> str:
    """Any number in the shape of an account of some country, in groups or not; the check digits need not fit."""
    country, length = draw(st.sampled_from([("DE", 18), ("GB", 18), ("PL", 24), ("TR", 22), ("UA", 25), ("NO", 13)]))
    bank = draw(st.sampled_from(["", "WEST"])) if country == "GB" else ""
    rest = draw(st.text("0123456789", min_size=length, max_size=length))
    plain = country + draw(st.from_regex("[0-9]{2}", fullmatch=True)) + bank + rest
    grouped = " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    return draw(st.sampled_from([plain, grouped, grouped.lower(), grouped.replace(" ", "-")]))


def digits_left(secret: str, text: str) -> bool:
    """Whether a part of `secret` that leads to it can still be read."""
    plain, left = re.sub(r"\D", "", fold(secret)), re.sub(r"\D", "", fold(text))
    return len(plain) > 6 and plain[-7:] in left


@given(PIECES, EMAILS, PIECES, LANGUAGES)
def test_no_e_mail_address_survives(before: str, email: str, after: str, language: str) -> None:
    assert email not in redact(f"{before} {email} {after}", language)


@given(PIECES, phones(), PIECES, LANGUAGES)
def test_no_telephone_number_survives(before: str, phone: str, after: str, language: str) -> None:
    text = f"{before} {phone} {after}"
    assert phone not in redact(text, language)
    alone = redact(f"x {phone} y", language)
    assert not digits_left(phone, alone)


@given(PIECES, ibans(), PIECES, LANGUAGES)
def test_no_account_number_survives(before: str, iban: str, after: str, language: str) -> None:
    assert iban not in redact(f"{before} {iban} {after}", language)
    assert not digits_left(iban, redact(f"x {iban} y", language))


@settings(max_examples=300)
@given(st.one_of(ANY_TEXT, PIECES), LANGUAGES)
def test_a_second_time_changes_nothing(text: str, language: str) -> None:
    once = redact(text, language)
    assert redact(once, language) == once


@settings(max_examples=300)
@given(ANY_TEXT, LANGUAGES)
def test_any_text_gives_one_that_can_be_stored(text: str, language: str) -> None:
    stored = redact(text, language)
    assert "\0" not in stored
    stored.encode()


@given(ANY_TEXT)
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(clean(text))) == len(clean(text))


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\xad", "\ufeff", "\0", "\u0640", "\ufe0f\u20e3"])
def test_what_nobody_sees_hides_no_number(hidden: str) -> None:
    assert redact(f"call {hidden.join('03023125017')}", "en") == "call [phone]"
    assert redact(hidden.join("rana@example.org"), "en") == "[e-mail]"


HARD = [
    "a", "1", " ", "@", ".", "a.", "1 ", "a@", "a-", "ab12", "mein name ist ", "http://.", "Anna ", "Straße ", "12 ",
    "id ", "(", "+", "1.1.", "§", "\n", "أ ", "[phone]", "1 a ", "a'", "ul. a ", "من ا ", "geb. ", "A. ", "a@b", "§ 1 ",
    "www.a/ ", "\U0001f600", "1/2 ",
    "eins ", "zwanzig",
]  # fmt: skip


@pytest.mark.parametrize("piece", HARD)
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    """Ten times the text may take ten times as long, give or take; a pattern that goes wrong takes a hundred times."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        find(text, "de")
        return time.process_time() - began

    assert seconds(20_000) < 25 * max(seconds(2_000), 0.004)


def test_a_hundred_thousand_characters_take_less_than_a_second() -> None:
    sentence = "Mein Name ist Rana Haddad, ich wohne in der Berliner Straße 12, Tel. 030 23125017, für 5000 Euro. "
    began = time.process_time()
    find((sentence * 1_100)[:100_000], "de")
    assert time.process_time() - began < 1
