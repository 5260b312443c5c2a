"""Where a name may begin: the patterns of what stands before and around it, made of the vocabulary."""

from __future__ import annotations

import re

from bot.redaction.marks import ANY_SIGN
from bot.redaction.spelling import pattern
from bot.redaction.vocabulary import any_of, around, by_language, words

_BETWEEN = r"(?:[ :,=\"'()-]){1,4}"
_FILLERS = r"(?:(?:ja|also|übrigens|der|die|hier|herr|frau|это|то|to|dr\.?|هو|است|the) )?"
SURE = pattern(rf"(?<!\w){any_of('sure')}(?:{_BETWEEN}|(?<=[:=])){_FILLERS}")
TITLES = pattern(rf"(?<!\w){any_of('titles')} {{1,2}}")
KNOWN = pattern(rf"(?<!\w){any_of('known')} ")
"""Behind these only a first name that is known counts."""
DOUBTFUL = {language: pattern(rf"(?<!\w){i_am} ") for language, i_am in by_language("i_am").items()}
"""By language: a word like "ben" (I) or "im" is something else in another."""

_NAME_AT_END = rf"(?=(?:[\w.'-]{{1,40}} ?){{1,5}}!? {{0,2}}(?:\n|$|[{ANY_SIGN}]))"
_TO_SIGNATURE = r"(?:(?: \w{2,20}){0,3}[ ,.!]{0,3}\n{1,3}|(?: \w{2,20}){0,2},|[ ,.!:;-]{1,4}) {0,2}-? ?"
SIGNED = pattern(
    rf"(?<!\w){any_of('farewells')}{_TO_SIGNATURE}{_NAME_AT_END}(?:(?:ihre?|eure?|deine?|your|von|from|the) )?"
)
AROUND = [pattern(rf"(?<!\w){before} ((?:\w{{2,20}} ){{1,3}}?){behind}(?!\w)") for before, behind in around()]
TURKISH_POLITE = re.compile(r"(?<!\w)\w{2,20}(?= (?:bey|hanim)(?!\w))")

AND = pattern(rf" {any_of('and')} ?|,? و(?=\w)")
PARTICLES = words("particles")
NO_NAMES = words("no_names")
"""Words that never begin or continue a name."""
ENDS = words("ends")
"""Words that end a name written without capitals."""
PEOPLE = pattern(any_of("people"))
"""What people say of themselves behind "I am" that is no name."""
