"""Which unknowns a reader can work out who solves all equations at once.

An unknown is known if it is nought in every solution of the equations without their known numbers. Of these solutions
one at random is enough: whatever may take more than one value is not nought in it, but for one case in 10^18. Numbers
are counted modulo a prime, so that they stay small and nothing is rounded.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

PRIME = 2**61 - 1
Key = TypeVar("Key", bound=Hashable)
Row = dict[Key, int]
"""Unknowns and how often each is taken; together they make a number that is known."""


def solvable(rows: Iterable[Mapping[Key, int]]) -> set[Key]:
    """The unknowns that have a single value. The same for the same rows in the same order."""
    return _System([dict(row) for row in rows if row]).single()


class _System(Generic[Key]):
    """Rows are taken out one by one, each with an unknown (its pivot) that no row behind it has."""

    def __init__(self, rows: list[Row[Key]]) -> None:
        self._rows = dict(enumerate(rows))
        self._having: dict[Key, set[int]] = {}
        for place, row in self._rows.items():
            for key in row:
                self._having.setdefault(key, set()).add(place)
        self._lonely = [key for key, places in self._having.items() if len(places) == 1]
        self._shortest_first = iter(sorted(self._rows, key=lambda place: len(self._rows[place])))
        self._taken: list[tuple[Row[Key], Key]] = []

    def single(self) -> set[Key]:
        """The unknowns that are nought in a solution at random."""
        while self._rows:
            self._take_lonely()
            place = next((place for place in self._shortest_first if place in self._rows), None)
            if place is not None:
                self._solve_for_one(place)
        dice, values = random.Random(0), dict[Key, int]()
        for row, pivot in reversed(self._taken):
            others = 0
            for key, times in row.items():
                if key != pivot:
                    others += times * values.setdefault(key, dice.randrange(1, PRIME))
            values[pivot] = -others * pow(row[pivot], -1, PRIME) % PRIME
        return {key for key, value in values.items() if not value}

    def _take_lonely(self) -> None:
        """Rows with an unknown of their own: nothing has to be worked out."""
        while self._lonely:
            key = self._lonely.pop()
            if len(self._having[key]) == 1:
                self._take(next(iter(self._having[key])), key)

    def _solve_for_one(self, place: int) -> None:
        """Take one of the other rows, after its pivot has been taken out of the rest."""
        row = self._rows[place]
        if not row:
            del self._rows[place]
            return
        pivot = min(row, key=lambda key: len(self._having[key]))
        for other in sorted(self._having[pivot] - {place}):
            self._subtract(other, row, self._rows[other][pivot] * pow(row[pivot], -1, PRIME))
        self._take(place, pivot)

    def _subtract(self, place: int, row: Row[Key], times: int) -> None:
        mine = self._rows[place]
        for key, value in row.items():
            left = (mine.get(key, 0) - times * value) % PRIME
            if left:
                mine[key] = left
                self._having[key].add(place)
            else:
                mine.pop(key, None)
                self._having[key].discard(place)

    def _take(self, place: int, pivot: Key) -> None:
        row = self._rows.pop(place)
        self._taken.append((row, pivot))
        for key in row:
            self._having[key].discard(place)
            if len(self._having[key]) == 1:
                self._lonely.append(key)
