"""Numbers that lead to a person: accounts, cards, documents, files, telephones, plates, places, days of birth.

No check digit is asked for: a number with a slip is as personal as one without.
"""

from __future__ import annotations

import re

from bot.redaction.marks import ANY_SIGN, Kind
from bot.redaction.rules import KindOfRule, Passage, digits_in, matches
from bot.redaction.spelling import pattern
from bot.redaction.vocabulary import any_of

_GAP = rf"[^\d\n{ANY_SIGN}]"
_LEAST_IN_IBAN = 12
_LEAST_IN_PHONE, _LEAST_WITH_ZERO = 7, 6
_LEAST_IN_DOCUMENT = 4
_LEAST_IN_WORDS, _LEAST_BEHIND_PHONE = 6, 4
_LONGEST_AMOUNT = 9
_CARD = range(13, 20)

# --- what is no personal number -----------------------------------------------------------------------------------

_MONEY = any_of("money")
_MONEY_AFTER = pattern(rf" ?,?-? ?{_MONEY}(?!\w)")
_MONEY_BEFORE = pattern(r"(?:€|\$|£|₺|₴|₽|\b(?:eur|euro|usd|tl|pln|uah)) ?$")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?|[1-9]\d*(?:[.,]\d{1,2})?")
_YEAR = r"(?:19|20)\d\d"
_DAY = rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:{_YEAR}|\d\d)|{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}\.)"
_TIME_SPAN = re.compile(
    rf"(?:(?:{_DAY}|{_YEAR}(?: ?[/-] ?\d\d(?!\d))?)(?:[ /-]+|$))+(?:\d{{1,2}}(?:[. -]+\d{{1,2}}){{0,3}})?"
)


def is_amount(passage: Passage, start: int, end: int) -> bool:
    """Money, a percentage or a thousand of something."""
    folded = passage.folded
    if not _AMOUNT.fullmatch(folded, start, end) or digits_in(passage, start, end) > _LONGEST_AMOUNT:
        return False
    return bool(_MONEY_AFTER.match(folded, end) or _MONEY_BEFORE.search(folded, max(0, start - 6), start))


def is_round(passage: Passage, start: int, end: int) -> bool:
    """Thousands, of whatever it may be: people, copies, or at most the postcode of a whole city."""
    return bool(_ROUND.fullmatch(passage.folded, start, end))


def _is_time(passage: Passage, start: int, end: int) -> bool:
    """Days, years or a span of them, with an hour perhaps."""
    return bool(_TIME_SPAN.fullmatch(passage.folded, start, end))


# --- accounts and cards -------------------------------------------------------------------------------------------

_COMPACT_IBAN = pattern(r"(?<![^\W\d_])[^\W\d_]{2} ?\d{2}[a-z\d]{10,}+")
_GROUPED_IBAN = pattern(
    r"(?<![^\W\d_])[^\W\d_]{2}[ .-]?\d{2}(?:[ .-]{0,2}[a-z]{1,4}(?=[ .-]{0,2}\d)|[ .-]{0,2}\d)++"
    r"(?:[a-z]{1,3}(?![^\W\d_]))?"
)
_CARD_NUMBER = pattern(r"(?<![\d+])\d{4}(?:[ .-]{1,3}\d{4}){2,3}(?:[ .-]{1,3}\d{1,4})?(?!\d)")


_IBAN_COUNTRIES = frozenset(re.findall(r"\w\w", """
    ad ae al at az ba be bg bh br by ch cr cy cz de dk do ee eg es fi fo fr gb ge gi gl gr gt hr hu ie il iq ir is it jo
    kw kz lb lc li lt lu lv ly mc md me mk mr mt mu nl no pk pl ps pt qa ro rs ru sa sc sd se si sk sm so st sv tl tn tr
    ua va vg xk де уа пл тр
"""))  # fmt: skip


def _is_no_iban(passage: Passage, start: int, end: int) -> bool:
    """ "am 15.10.2026 um 18" is none."""
    return passage.folded[start : start + 2] not in _IBAN_COUNTRIES or digits_in(passage, start, end) < _LEAST_IN_IBAN


def _is_no_card(passage: Passage, start: int, end: int) -> bool:
    return digits_in(passage, start, end) not in _CARD or passage.folded[start] == "0"


# --- documents and files ------------------------------------------------------------------------------------------

_DOCUMENT_NUMBER = pattern(
    rf"(?<!\w){any_of('documents')}{_GAP}{{0,34}}?(?<!\w)"
    rf"((?:(?=[^\W\d_]{{0,5}}\d)\w+|[^\W\d_]{{1,4}}(?=[ -]\d))(?:[ ./№-]{{1,3}}\w*\d\w*|"
    r"[ ./-][a-z]{1,3}(?=[ ./-]{1,3}\d))*+)"
)
_PENSION_NUMBER = pattern(r"(?<!\w)\d{2}[ ]?\d{6}[ ]?[a-z][ ]?\d{3}(?!\w)")
_HEALTH_NUMBER = pattern(r"(?<!\w)[a-z] ?\d{3} ?\d{3} ?\d{3}(?!\w)")
_COURT_FILE = pattern(r"(?<!\w)(?:[ivx]{1,4} |(?:[a-z] )?\d{1,4} )?[a-z]{1,4} \d{1,5}[/.]\d{2,4}(?:[./ ]?[a-z])?(?!\w)")
_MIXED = pattern(r"(?<!\w)[a-z\d]{7,}+(?!\w)")
_WITH_UNIT = pattern(rf"\d+(?:{_MONEY}|km|kg|qm|m2|er|ers|th|st|nd|uhr|jahre?)")
_NO_FILE = frozenset({"str", "nr", "no", "am", "um", "bis", "im", "in", "ab", "und", "or", "at", "do", "od"})


def _is_no_document(passage: Passage, start: int, end: int) -> bool:
    """What follows "passport" or "file" may be a year, an amount or a number of copies."""
    digits, folded = digits_in(passage, start, end), passage.folded
    if "§" in folded[max(0, start - 3) : start]:
        return True
    if folded[start:end].split(" ")[0].isalpha() and not passage.text[start].isupper():
        return True
    if is_amount(passage, start, end) or _is_time(passage, start, end) or folded[start:end].endswith("bgb"):
        return True
    mixed = any(letter.isalpha() for letter in folded[start:end])
    return digits < (3 if mixed or "/" in folded[start:end] else _LEAST_IN_DOCUMENT)


def _is_no_court_file(passage: Passage, start: int, end: int) -> bool:
    """ "12 C 345/24" is one; "am 12/24" and "Gruppe 3/4" are none. The letters are capitals."""
    words = [word for word in passage.folded[start:end].split() if word.isalpha()]
    capital = any(letter.isupper() for letter in passage.text[start:end])
    return not capital or bool(_NO_FILE.intersection(words)) or digits_in(passage, start, end) < _LEAST_IN_DOCUMENT


def _is_plain_mixed(passage: Passage, start: int, end: int) -> bool:
    word = passage.folded[start:end]
    few = digits_in(passage, start, end) < _LEAST_IN_DOCUMENT
    return few or word.isdecimal() or bool(_WITH_UNIT.fullmatch(word))


# --- telephones and any other long number -------------------------------------------------------------------------

_APART = r"[ ()/.|_*~·•-]{0,3}"
"""What people write between the digits of a telephone number. No comma and no colon: they list, and tell the time."""
_GROUPED = pattern(rf"(?:(?<![\d+])\+ ?)?\(?(?<!\d)\d(?:{_APART}\d)*+")
_PHONE_WORD = pattern(rf"(?<!\w){any_of('phones')}[.:]?{_GAP}{{0,16}}?(?<!\d)(\+?\(?\d(?:{_APART}\d){{3,}}+)")
_LONG = pattern(r"\d{5,}+")
_DIGIT = rf"(?<!\w){any_of('digits')}(?!\w)"
_MORE_DIGITS = rf"(?: ?[,.-] ?| و | ){_DIGIT}"
_IN_WORDS = pattern(rf"{_DIGIT}(?:{_MORE_DIGITS}){{{_LEAST_IN_WORDS - 1},}}+")
_PHONE_IN_WORDS = pattern(
    rf"(?<!\w){any_of('phones')}[.:]?{_GAP}{{0,16}}?({_DIGIT}(?:{_MORE_DIGITS}){{{_LEAST_BEHIND_PHONE - 1},}}+)"
)
_ROUND = re.compile(r"[1-9]\d?\d?000")


def _is_no_phone(passage: Passage, start: int, end: int) -> bool:
    folded = passage.folded
    if is_amount(passage, start, end) or _is_time(passage, start, end):
        return True
    digits = digits_in(passage, start, end)
    abroad = folded[start] == "+" or folded[start:end].lstrip("(")[0] == "0"
    return digits < (_LEAST_WITH_ZERO if abroad else _LEAST_IN_PHONE) or _is_paragraph(passage, start, digits)


def _is_paragraph(passage: Passage, start: int, digits: int) -> bool:
    return "§" in passage.folded[max(0, start - 3) : start] and digits < _LEAST_IN_PHONE


# --- plates, places, days of birth --------------------------------------------------------------------------------

_PLATE = pattern(r"(?<!\w)[a-zäöü]{1,3}(?: ?- ?| )[a-z]{1,2}[ -]{0,2}[1-9]\d{0,3}[eh]?(?!\w)")
_PLATE_WORD = pattern(
    rf"(?<!\w){any_of('plates')}{_GAP}{{0,20}}?(?<!\w)([^\W\d_]{{1,3}} ?\d{{3,5}}(?: ?[^\W\d_]{{1,2}})?|"
    r"[^\W\d_]{1,3}[ -]{0,3}[^\W\d_]{1,2}[ -]{0,2}\d{1,4}[eh]?|\d{2} ?[^\W\d_]{1,3} ?\d{2,5})(?!\w)"
)
_DISTRICTS = frozenset(re.findall(r"\w+", """
    b m hh k f s d do e hb dd h l lev n of gg mtk hg fb da wi mz ks gi mr hu ab ma lu hd ka fr bn bo du w ge ob bi ms aa
    co er ef je we g z c hro sn hl ki fl kl tr sb sls oh hef ful vb ldk lm wz erb bad ru rud os ol
"""))  # fmt: skip
_COORDINATES = pattern(
    r"(?<![\d.])[+-]?\d{1,3}[.,]\d{4,}+ ?°? ?[nsewo]?[,; /]{1,4}[+-]?\d{1,3}[.,]\d{4,}+(?: ?°)?(?: ?[nsewo]\b)?"
    r"|\d{1,3}(?:[.,]\d+)? ?° ?(?:\d{1,2}(?:[.,]\d+)? ?['] ?(?:\d{1,2}(?:[.,]\d+)? ?(?:\"|'')? ?)?)?[nsewo]\b"
)
_BORN_YEAR = r"(?:19\d\d|200\d|201[0-2])"
_PERSIAN_YEAR = r"13[0-9]\d"
_ANY_DAY = (
    r"\d{1,2} ?[./ -] ?\d{1,2} ?[./ -] ?(?:\d{4}|\d\d)|\d{4} ?[./ -] ?\d{1,2} ?[./ -] ?\d{1,2}|"
    r"\d{1,2}(?:\.|st|nd|rd|th)? (?:of )?[^\W\d_]{3,12},? \d{4}|[^\W\d_]{3,12} \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_BORN = any_of("born")
_BIRTH_AFTER_WORD = pattern(rf"(?<!\w){_BORN}(?!\w){_GAP}{{0,30}}?(?<!\d)({_ANY_DAY}|(?:19|20|13|14)\d\d)(?!\d)")
_BIRTH_BEFORE_WORD = pattern(rf"(?<!\d)({_ANY_DAY}|(?:19|20|13|14)\d\d)(?!\d){_GAP}{{0,12}}?(?<!\w){_BORN}(?!\w)")
_OLD_DAY = pattern(
    rf"(?<!\d)(?:\d{{1,2}} ?[./ -] ?\d{{1,2}} ?[./ -] ?{_BORN_YEAR}|{_BORN_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|"
    rf"{_PERSIAN_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}[./-]{_PERSIAN_YEAR}|"
    rf"\d{{1,2}}\.? [^\W\d_]{{3,12}} {_BORN_YEAR}|\d{{1,2}}\.\d{{1,2}}\.[3-9]\d)(?!\d)"
)


def _is_no_plate(passage: Passage, start: int, end: int) -> bool:
    """Capitals, with a hyphen or a district that is known; "SGB II 2024" is none."""
    letters = [letter for letter in passage.text[start:end] if letter.isalpha()]
    district = re.split(r"[ -]", passage.folded[start:end])[0]
    hyphen = "-" in passage.folded[start : start + 5]
    return not all(letter.isupper() for letter in letters) or not (hyphen or district in _DISTRICTS)


ACCOUNTS: tuple[KindOfRule, ...] = (
    (Kind.IBAN, matches(_COMPACT_IBAN, unless=_is_no_iban)),
    (Kind.IBAN, matches(_GROUPED_IBAN, unless=_is_no_iban)),
    (Kind.PLACE, matches(_COORDINATES)),
    (Kind.BIRTH, matches(_BIRTH_AFTER_WORD, group=1)),
    (Kind.BIRTH, matches(_BIRTH_BEFORE_WORD, group=1)),
    (Kind.BIRTH, matches(_OLD_DAY)),
    (Kind.PLATE, matches(_PLATE_WORD, group=1)),
    (Kind.DOCUMENT, matches(_PENSION_NUMBER)),
    (Kind.DOCUMENT, matches(_COURT_FILE, unless=_is_no_court_file)),
    (Kind.DOCUMENT, matches(_DOCUMENT_NUMBER, unless=_is_no_document, group=1)),
    (Kind.DOCUMENT, matches(_HEALTH_NUMBER)),
    (Kind.CARD, matches(_CARD_NUMBER, unless=_is_no_card)),
    (Kind.PLATE, matches(_PLATE, unless=_is_no_plate)),
    (Kind.DOCUMENT, matches(_MIXED, unless=_is_plain_mixed)),
)
TELEPHONES: tuple[KindOfRule, ...] = (
    (Kind.PHONE, matches(_PHONE_WORD, unless=lambda *where: is_amount(*where) or _is_time(*where), group=1)),
    (Kind.PHONE, matches(_GROUPED, unless=_is_no_phone)),
    (Kind.PHONE, matches(_PHONE_IN_WORDS, group=1)),
    (Kind.PHONE, matches(_IN_WORDS)),
    (Kind.NUMBER, matches(_LONG, unless=lambda *where: is_amount(*where) or is_round(*where))),
)
