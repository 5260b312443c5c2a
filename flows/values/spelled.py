"""Numbers put together from what is said one after the other: "zwei tausend", "خمسة و عشرين", "2,5 тыс."."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

THOUSANDS = (1_000, 1_000_000)
_LARGEST = 10**12


@dataclass(frozen=True)
class Part:
    """One symbol that is a number or part of one."""

    kind: str
    """`#`: a word; `@`: a word for the so-and-so-manyeth; `x`: times; `1`: in figures."""
    value: Fraction


def part(symbol: str) -> Part | None:
    """What a symbol adds to a number; None if it is no part of one."""
    kind, digits = symbol[:1], symbol[1:]
    if kind in ("#", "@", "x") and digits:
        return Part(kind, Fraction(digits))
    if symbol.isdecimal():
        return Part("1", Fraction(symbol))
    name, _, value = symbol.partition("=")
    return Part("1", Fraction(value)) if name in ("dec", "pair") else None


@dataclass(frozen=True)
class Spelled:
    """A number as far as it has been said."""

    whole: Fraction
    """The thousands that are complete."""
    rest: Fraction
    """What has been said after them."""
    figures: bool
    """Whether the rest is written in figures, so that no word adds to it."""
    nth: bool

    @staticmethod
    def begun(first: Part) -> Spelled | None:
        """A number that begins so; None for "k", which has to follow one."""
        if first.kind == "x":
            return Spelled(first.value, Fraction(0), False, False) if first.value < 100 else None
        if first.kind != "1" and first.value >= 1000:
            return Spelled(first.value, Fraction(0), False, first.kind == "@")
        return Spelled(Fraction(0), first.value, first.kind == "1", first.kind == "@")

    def followed_by(self, next: Part, sign: str, *, tens_last: bool) -> Spelled | None:
        """The number with one more part; None if that part does not belong to it. `sign`: what stands between."""
        if self.nth and not tens_last and next.kind != "@":
            return None
        if next.kind == "x" or next.value in THOUSANDS:
            return None if sign else self._times(next.value)
        if next.kind == "1":
            fits = self.whole >= 1000 and not self.rest and not sign and next.value < 1000
            return Spelled(self.whole, next.value, True, False) if fits else None
        if next.value == 100 and 0 < self.rest < 20 and not sign:
            return Spelled(self.whole, self.rest * 100, False, False)
        return self._plus(next, sign, tens_last=tens_last) if not self.figures else None

    def _times(self, factor: Fraction) -> Spelled | None:
        """Thousand, million, dozen: once, and smaller than the one before."""
        if not self.rest or self.whole % (factor * 1000):
            return None
        return Spelled(self.whole + self.rest * factor, Fraction(0), False, False)

    def _plus(self, next: Part, sign: str, *, tens_last: bool) -> Spelled | None:
        room = _room(self.rest, 100 if tens_last else 10) if self.rest or self.whole >= 1000 else 0
        fits = 0 < next.value < room or (tens_last and self._before_tens(next.value, sign))
        return Spelled(self.whole, self.rest + next.value, False, self.nth or next.kind == "@") if fits else None

    def _before_tens(self, tens: Fraction, sign: str) -> bool:
        """Whether ones stand before their tens: with "and", only ten itself without it."""
        ones = 0 < self.rest % 100 < 10 and self.rest.denominator == 1
        return ones and tens % 10 == 0 and 10 <= tens < 100 and (sign == "and") == (tens > 10)


def _room(said: Fraction, least: int) -> int:
    """What comes next has to be smaller than this: after "twenty" a number below ten, where ones follow tens."""
    return next((limit for limit in (1000, 100, 10) if limit >= least and said % limit == 0), 0)


def joined(symbols: Sequence[str], *, tens_last: bool, weak: Collection[int]) -> list[str]:
    """The symbols with numbers put together: `40`, `nth=21`, `dec=2.5`; `weak=1` for words that are others as well."""
    found: list[str] = []
    place = 0
    while place < len(symbols):
        # "between five and twenty" is not twenty-five
        reversed_too = tens_last and found[-1:] != ["between"]
        end, number = _longest(symbols, place, tens_last=reversed_too)
        found.append(symbols[place] if number is None else _named(number, symbols[place:end], weak))
        place = end
    return found


def _longest(symbols: Sequence[str], place: int, *, tens_last: bool) -> tuple[int, Spelled | None]:
    first = part(symbols[place])
    number, end = (Spelled.begun(first) if first else None), place + 1
    while number and end < len(symbols):
        sign = symbols[end] if symbols[end] in ("and", "-") else ""
        after = end + bool(sign)
        longer = _with(number, symbols[after : after + 2], sign, tens_last=tens_last)
        if longer is None:
            break
        number, end = longer[0], after + longer[1]
    return end, number


def _with(number: Spelled, coming: Sequence[str], sign: str, *, tens_last: bool) -> tuple[Spelled, int] | None:
    """The number with what comes next and how many symbols that was; "iki buçuk bin" is two thousand five hundred."""
    if coming[:1] == ["half"] and coming[1:] == ["#1000"] and not sign and number.rest:
        return Spelled(number.whole + (number.rest + Fraction(1, 2)) * 1000, Fraction(0), False, False), 2
    next = part(coming[0]) if coming else None
    longer = number.followed_by(next, sign, tens_last=tens_last) if next else None
    return (longer, 1) if longer else None


def _named(number: Spelled, said: Sequence[str], weak: Collection[int]) -> str:
    value = number.whole + number.rest
    if len(said) == 1 and said[0].startswith(("dec=", "pair=")) or value > _LARGEST:
        return said[0] if value <= _LARGEST else "bad"
    if number.nth:
        return f"nth={int(value)}"
    if value.denominator != 1:
        return f"dec={float(value)}"
    return f"weak={value}" if len(said) == 1 and said[0][0] == "#" and value in weak else str(value)
