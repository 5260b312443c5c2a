"""E-mail addresses, links and names of accounts, also as people write them to get past a filter."""

from __future__ import annotations

from bot.redaction.marks import ANY_SIGN, Kind
from bot.redaction.rules import KindOfRule, Passage, matches
from bot.redaction.spelling import pattern
from bot.redaction.vocabulary import any_of

_LOCAL = r"[\w.!#$%&'*+/=?^{|}~-]"
_HOST = r"[\w-]++(?:\.[\w-]++)*+(?:,(?:com|de|org|net|ru|ua|pl|tr)\b)?"
_AT = r"(?:at|et|klammeraffe|affe|małpa|malpa|собака|собачка|равлик|آت|ات|أت|ادساين|kuyruklu a|@)"
_DOT = r"(?:dot|punkt|nokta|kropka|точка|крапка|نقطة|نقطه|دوت|دات|\.)"
_REST = rf"[^\s{ANY_SIGN}]++"

_EMAIL = pattern(rf"(?<!{_LOCAL}){_LOCAL}++@{_HOST}")
_QUOTED_EMAIL = pattern(rf'"[^"\n{ANY_SIGN}]{{1,64}}"@{_HOST}')
_SPACED_EMAIL = pattern(rf"(?<!{_LOCAL}){_LOCAL}++ ?@ ?[\w-]++ ?\. ?\w{{2,}}+")
_SPELT_EMAIL = pattern(
    rf"(?<![\w.+-])(?:[\w.+-]{{1,40}} {_DOT} ){{0,2}}[\w.+-]++ ?(?:[(\[{{<] ?{_AT} ?[)\]}}>]|(?<= ){_AT}(?= )) ?[\w-]++"
    rf"(?:(?: ?[(\[{{<] ?{_DOT} ?[)\]}}>] ?| {_DOT} |\.)[\w-]*[^\W\d_]{{2,}})++"
)
_HALF_EMAIL = pattern(rf"(?<!{_LOCAL}){_LOCAL}++@|@[\w-]++(?:\.[\w-]++)++")

_SCHEME = pattern(rf"\b(?:https?|ftp|tg|whatsapp|viber|skype|tel|mailto|sip|geo|signal|sms):{_REST}|\bwww\.{_REST}")
_WITH_PATH = pattern(rf"(?<![\w.-])(?:[\w-]++\.)++[a-z]{{2,24}}+(?::\d{{1,5}})?/{_REST}")
_SHORT = pattern(rf"\b(?:t|wa|m|fb|vk|ok|ig|instagram|facebook|telegram|tiktok|vk)\.(?:me|com|ru|cc)\b[/ ]{_REST}")

_APP = any_of("accounts")
_HANDLE_AFTER_COLON = pattern(rf"\b{_APP}\b[^:=\n{ANY_SIGN}]{{0,20}}[:=] ?([\w.-]{{3,}}+)")
_HANDLE_AFTER_APP = pattern(
    rf"\b{_APP}\b[^\n{ANY_SIGN}]{{0,20}}?(?<![\w.])((?=[a-z]{{1,30}}[_\d.]\w)[a-z][\w.-]{{4,}}+)"
)
_AT_NAME = pattern(r"(?<!\w)@[\w.-]{2,}+|@ \w*_\w*+")


def _is_plain_word(passage: Passage, start: int, end: int) -> bool:
    """A word with a capital alone is the beginning of a sentence more often than the name of an account."""
    word = passage.text[start:end]
    return word.isalpha() and not word.islower()


CONTACTS: tuple[KindOfRule, ...] = (
    (Kind.EMAIL, matches(_QUOTED_EMAIL)),
    (Kind.LINK, matches(_SCHEME)),
    (Kind.EMAIL, matches(_EMAIL)),
    (Kind.EMAIL, matches(_SPACED_EMAIL)),
    (Kind.EMAIL, matches(_SPELT_EMAIL)),
    (Kind.LINK, matches(_WITH_PATH)),
    (Kind.LINK, matches(_SHORT)),
    (Kind.USERNAME, matches(_AT_NAME)),
    (Kind.EMAIL, matches(_HALF_EMAIL)),
    (Kind.USERNAME, matches(_HANDLE_AFTER_COLON, unless=_is_plain_word, group=1)),
    (Kind.USERNAME, matches(_HANDLE_AFTER_APP, group=1)),
)
