"""Where somebody lives: German streets and towns as people of eight languages write them, and streets abroad."""

from __future__ import annotations

from bot.redaction.marks import ANY_SIGN, Kind
from bot.redaction.numbers import is_amount, is_round
from bot.redaction.rules import KindOfRule, Passage, is_capital, matches
from bot.redaction.spelling import pattern
from bot.redaction.vocabulary import any_of

_GAP = rf"[^\d\n,;!?{ANY_SIGN}]"
_NUMBER_WORD = (
    r"(?:nr|no|numara|hausnummer|haus|number|дом|д|буд|будинок|numer|رقم|بناية|البيت|منزل|بيت|شماره|پلاک|نمره|№|#)"
)
_HOUSE = (
    rf"(?:,? ?{_NUMBER_WORD}?[.:]?) ?"
    r"\d{1,4}(?!\d)(?: ?[a-hа-г](?!\w))?(?: ?[-/] ?\d{1,4}(?!\d)[a-h]?)?"
)
_HOUSE_BEGINS = pattern(rf"(?:[ ,.]{{1,3}}{_NUMBER_WORD})?[ ,.:]*\d")
_WORD = r"[^\W\d_][\w'-]{0,40}"

_GERMAN_ENDS = (
    r"(?:straße|strasse|strase|str|allee|platz|plaz|gasse|ring|ufer|damm|chaussee|steig|pfad|stieg|promenade|weg|"
    r"graben|anlage|zeile|winkel|berg|wall|kai|terrasse|hof|markt|brücke)"
)
_GERMAN = pattern(rf"(?<!\w)((?:{_WORD} ){{0,2}}?(?:[\w'-]{{0,40}}{_GERMAN_ENDS}))\.?(?!\w){_HOUSE}(?!\w| ?%)")
_NO_STREET = (
    "sitzplatz", "arbeitsplatz", "sportplatz", "spielplatz", "parkplatz", "stellplatz", "studienplatz", "kitaplatz",
    "ausbildungsplatz", "schlafplatz", "bahnhof", "friedhof", "hering", "vorhof", "umweg", "ausweg", "feldweg",
    "fußballplatz", "flohmarkt", "supermarkt", "weihnachtsmarkt", "arbeitsmarkt",
)  # fmt: skip
_NO_FIRST_WORD = frozenset({
    "der", "die", "das", "den", "dem", "ein", "eine", "einen", "einem", "am", "an", "auf", "im", "in", "zum", "zur",
    "bis", "von", "vom", "mit", "und", "oder", "ist", "haben", "hat", "kein", "keinen",
})  # fmt: skip
_STREET_OF = pattern(
    r"(?<!\w)(?:straße|strasse|platz|allee|weg|str\.) (?:der|des|am|zum|zur) (?:\d{1,2}\. )?"
    rf"{_WORD}(?: {_WORD})?{_HOUSE}"
)
_AT_THE = pattern(
    r"(?<!\w)(?:am|an der|an den|an dem|im|in der|in den|auf der|auf dem|unter den|zum|zur|beim|hinter der|vor dem|"
    rf"bei der) {_WORD} \d{{1,3}} ?[a-h]?(?=,? ?(?:in )?\d{{5}}(?!\d))"
)
_HOME = any_of("home")
_AT_HOME = pattern(rf"(?<!\w){_HOME}{_GAP}{{0,24}}?(?<![\w])({_WORD} \d{{1,3}}(?: ?[a-h])?)(?!\w|[.:]\d| ?%)")
_UNITS = pattern(rf" ?{any_of('units')}")
_POSTCODE = pattern(rf"(?<![\w.])(?:d ?- ?)?\d{{5}}(?!\d),? {{0,2}}({_WORD})(?: (?:am|an der|bei|im|a\.) ?{_WORD})?")
_POSTCODE_AFTER = pattern(
    r"(?<!\w)(?:plz|postleitzahl|posta kodu|post ?code|zip|индекс|індекс|kod pocztowy|الرمز البريدي|کد پستی)"
    r"\D{0,12}?(\d{2}-\d{3}|\d{4,6})(?!\d)"
)
_POLISH_POSTCODE = pattern(rf"(?<![\d-])\d{{2}}-\d{{3}}(?!\d)(?: {_WORD})?")

_ENGLISH = pattern(
    rf"(?<!\w)\d{{1,5}}[a-z]? (?:{_WORD} ){{1,2}}?"
    r"(?:street|st|road|rd|avenue|ave|lane|drive|square|close|court)(?!\w)"
    rf"|(?<!\w){_WORD} (?:street|road|avenue|lane|square){_HOUSE}(?!\w)"
)
_POLISH = pattern(
    r"(?<!\w)(?:ul|ulica|ulicy|ulicę|al|aleja|alei|aleje|os|osiedle|osiedlu|plac|placu)\.? "
    rf"(?:{_WORD}\.? ){{1,3}}?(?:nr )?\d{{1,4}}(?!\d)(?: ?[a-h](?!\w))?(?: ?(?:/|m\.?|lok\.?) ?\d{{1,4}})?"
)
_CYRILLIC = pattern(
    r"(?<!\w)(?:улиц\w*|ул|вулиц\w*|вул|проспект\w*|пр-т|просп|переул\w*|провул\w*|пров|пер|площад\w*|площ\w*|шоссе|"
    rf"бульвар\w*|набереж\w*|наб)(?:\.|(?= )) ?(?:{_WORD}\.?,? ){{1,3}}?(?:(?:д|дом|доме|буд|будинок|будинку|№)\.? ?)?"
    r"\d{1,4}(?!\d)(?: ?[а-г](?!\w))?(?:,? ?(?:кв|квартира|к)\.? ?\d{1,4})?"
)
_CYRILLIC_GERMAN = pattern(
    rf"(?<!\w)(?:{_WORD} )?[\w-]{{0,40}}(?:штрасс?[еэиуао]\w?|штрассі|шт|аллее|алее|плац\w?|вег|ринг|гассе|уфер|дамм|"
    rf"улица|улице|вулиця|вулиці|вул|ул)\.?,?{_HOUSE}(?!\w)"
)
_TURKISH = pattern(
    rf"(?<!\w)(?:{_WORD} mah(?:alle\w*)?\.?,? )?(?:{_WORD} ){{0,2}}?(?:{_WORD}(?:straße|strasse|ştrase|strase|str)|"
    r"sokak|sokağ\w*|sok|sk|cadde\w*|cad|cd|bulvar\w*|mahalle\w*|mah|apartman\w*|apt)\.?(?:'?[a-z]{1,4})?"
    r"(?:,? ?(?:no|numara|nr|kapı no)\.?:? ?)? ?\d{1,4}(?!\d)(?: ?[/-] ?\d{1,3})?(?:'?[a-z]{1,4})?"
)
_ARABIC_STREET = r"(?:شارع|بشارع|الشارع|جادة|طريق|زقاق|ساحة|ميدان|حي|زنقة|حارة|خیابان|خیابون|کوچه|بلوار|محله|شهرک)"
_ARABIC = pattern(
    rf"(?<!\w){_ARABIC_STREET} (?:{_WORD}[, ]{{1,2}}){{1,4}}?"
    r"(?:(?:ال)?(?:رقم|بناية|منزل|بيت|شقة|پلاک|شماره|نمره|بناء)\w* ?:? ?)?\d{1,4}(?!\d)"
)
_ARABIC_GERMAN = pattern(
    rf"(?<!\w)(?:{_WORD} )?[\w-]{{0,40}}(?:شتراس\w?|ستراس\w?|شتغاس\w?|شترا[سص]\w*|پلاتس|بلاتس|شتقاسه),?"
    r" ?(?:(?:رقم|بيت|منزل|پلاک|شماره|نمره|بناية)\w* ?)?\d{1,4}(?!\d)"
)


def _is_no_street(passage: Passage, start: int, end: int) -> bool:
    """ "Spielplatz 3" is none, nor is "den Weg 2"; a street's name has a capital, or an end that only streets have."""
    street = _HOUSE_BEGINS.split(passage.folded[start:end], maxsplit=1)[0].split(" ")
    last = street[-1]
    if last.startswith(_NO_STREET) or last.endswith(_NO_STREET) or _UNITS.match(passage.folded, end):
        return True
    alone = last in {"weg", "platz", "ring", "hof", "markt", "berg", "anlage", "str", "wall", "pfad"}
    if not alone and ("str" in last or last.endswith(("allee", "gasse", "chaussee"))):
        return False
    before = street[-2] if len(street) > 1 else ""
    if alone and (not before or before in _NO_FIRST_WORD):
        return True
    return not is_capital(passage, start + passage.folded[start:end].index(before if alone else last))


def _is_no_home(passage: Passage, start: int, end: int) -> bool:
    """ "seit 3 Jahren" is how long, not where: the word before the number has a capital, and no unit follows."""
    return not is_capital(passage, start) or bool(_UNITS.match(passage.folded, end))


def _is_no_town(passage: Passage, start: int, end: int) -> bool:
    """A number of five digits before a word that is no town: an amount, or a word in small letters."""
    digits_end = next(at for at in range(end - 1, start, -1) if passage.folded[at].isdecimal()) + 1
    word = next((at for at in range(digits_end, end) if passage.folded[at].isalpha()), end - 1)
    cased = passage.text[word].lower() != passage.text[word].upper()
    none = is_amount(passage, start, digits_end) or is_round(passage, start, digits_end)
    return none or (cased and not is_capital(passage, word))


ADDRESSES: tuple[KindOfRule, ...] = (
    (Kind.ADDRESS, matches(_POSTCODE_AFTER, group=1)),
    (Kind.ADDRESS, matches(_AT_THE)),
    (Kind.ADDRESS, matches(_STREET_OF)),
    (Kind.ADDRESS, matches(_TURKISH)),
    (Kind.ADDRESS, matches(_GERMAN, unless=_is_no_street)),
    (Kind.ADDRESS, matches(_CYRILLIC)),
    (Kind.ADDRESS, matches(_CYRILLIC_GERMAN)),
    (Kind.ADDRESS, matches(_ARABIC)),
    (Kind.ADDRESS, matches(_ARABIC_GERMAN)),
    (Kind.ADDRESS, matches(_POLISH)),
    (Kind.ADDRESS, matches(_ENGLISH)),
    (Kind.ADDRESS, matches(_AT_HOME, unless=_is_no_home, group=1)),
    (Kind.ADDRESS, matches(_POSTCODE, unless=_is_no_town)),
    (Kind.ADDRESS, matches(_POLISH_POSTCODE)),
)
