"""What is put in the place of personal data, and the signs that stand for it while a text is being worked on."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What was taken out. The value is the word between the brackets, the same in every language."""

    EMAIL = "e-mail"
    LINK = "link"
    USERNAME = "username"
    IBAN = "iban"
    CARD = "card"
    DOCUMENT = "document"
    BIRTH = "date"
    PHONE = "phone"
    PLATE = "plate"
    PLACE = "place"
    ADDRESS = "address"
    NAME = "name"
    NUMBER = "number"


SIGNS = {kind: chr(0xE000 + place) for place, kind in enumerate(Kind)}
"""One letter of Unicode's private area for each kind: no pattern takes it for a letter, a digit or a blank."""
ANY_SIGN = f"{SIGNS[Kind.EMAIL]}-{SIGNS[Kind.NUMBER]}"
"""All of them, for a set of characters in a pattern."""

_KINDS = {sign: kind for kind, sign in SIGNS.items()}
_PLACEHOLDER = re.compile(r"\[(" + "|".join(Kind) + r")\]")
_RUN = re.compile(rf"([{ANY_SIGN}])\1*")


def hide(text: str) -> str:
    """`text` with a sign for each placeholder, so that it is left alone."""
    return _PLACEHOLDER.sub(lambda found: SIGNS[Kind(found[1])], text)


def show(text: str) -> str:
    """`text` with a placeholder for each row of the same sign."""
    return _RUN.sub(lambda found: f"[{_KINDS[found[1]]}]", text)
