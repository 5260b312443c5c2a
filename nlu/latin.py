"""Writes Cyrillic and Arabic letters in Latin ones, as people do in chats on keyboards that lack their own."""

from __future__ import annotations

import random

# For each letter the ways to write it. The letters are those that nlu.text.normalise leaves: no dots on ё and ї, one
# form of each Arabic letter.
_WAYS = """
а:a б:b в:v|w г:g|h ґ:g д:d е:e є:ye|e|ie ж:zh|j з:z и:i|y і:i й:y|j|i к:k|c л:l м:m н:n о:o п:p р:r с:s т:t у:u
ф:f х:h|kh|x ц:ts|c ч:ch|4 ш:sh|w щ:shch|sch ъ: ы:y|i ь: э:e ю:yu|ju|u я:ya|ja|ia
ا:a|e ب:b|p ت:t ث:th|s ج:j|g ح:7|h خ:kh|5|x د:d ذ:z|th ر:r ز:z ژ:zh|j س:s ش:sh|ch ص:s|9 ض:d|z ط:t ظ:z
ع:3|a غ:gh|q ف:f ق:q|gh|9 ك:k|g ل:l م:m ن:n ه:h|e و:w|o|u|v ي:y|i|e چ:ch
"""
_IN_LATIN = {letter: ways.split("|") for letter, _, ways in (pair.partition(":") for pair in _WAYS.split())}
_SHORT_VOWELS = ("", "a", "e", "i")


def in_latin(word: str, rng: random.Random) -> str:
    """A word in Latin letters by ear; Arabic script leaves short vowels out, so some are put in. May become empty."""
    arabic = "\u0600" <= word[:1] <= "\u06ff"
    letters = (rng.choice(_IN_LATIN[letter]) if letter in _IN_LATIN else letter for letter in word)
    return "".join(letter + (rng.choice(_SHORT_VOWELS) if arabic else "") for letter in letters)
