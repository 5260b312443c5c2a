"""No number of 1 to 4 is ever shown, nor left to be worked out from the numbers beside it.

Numbers are cells; an equation says that some cells add up to another, as the topics of a table add up to its last
line. A small cell is hidden, and so is a larger one that fewer than five people made. If then one hidden cell of an
equation could be worked out, another is hidden with it: the smallest first, the sum at last. It goes on until nothing
more can be worked out, neither from one equation nor by solving all of them. A nought is no person and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from bot.insight.solving import solvable

K = 5
"""From this number on a count is shown."""

Key = TypeVar("Key", bound=Hashable)


class Mark(Enum):
    """What is seen of a number."""

    SHOWN = "shown"
    FEW = "few"
    """It is one of 1 to 4."""
    HIDDEN = "hidden"
    """It is larger, but a small one could be worked out from it, or too few people made it."""


@dataclass(frozen=True)
class Figure:
    """A number as it may be seen: `value` is None unless it is shown."""

    value: int | None
    mark: Mark = Mark.SHOWN

    @property
    def shown(self) -> bool:
        """Whether it may be seen."""
        return self.mark is Mark.SHOWN


FEW = Figure(None, Mark.FEW)
HIDDEN = Figure(None, Mark.HIDDEN)
NONE = Figure(0)


@dataclass(frozen=True)
class Equation(Generic[Key]):
    """`parts` add up to `total`."""

    total: Key
    parts: tuple[Key, ...]


def protect(
    cells: Mapping[Key, int], equations: Sequence[Equation[Key]] = (),
    by_few: Collection[Key] = (), blank: Collection[Key] = (), told: Collection[Key] = (),
) -> dict[Key, Figure]:  # fmt: skip
    """What may be seen of every cell, the same for the same equations in the same order.

    `by_few`: hidden although they may be large; `blank`: hidden without a word on whether they are small, or nought;
    `told`: what the reader knows from elsewhere, so that it is of no use to hide it.
    """
    least = {key: 1 for key, value in cells.items() if 0 < value < K}
    least |= {key: K for key in by_few if cells[key] >= K} | dict.fromkeys(blank, 0)
    secret = {key for key in least if cells[key]}
    by_cell: dict[Key, list[Equation[Key]]] = {}
    for equation in equations:
        for key in {equation.total, *equation.parts}:
            by_cell.setdefault(key, []).append(equation)
    todo = [equation for equation in equations if not least.keys().isdisjoint((equation.total, *equation.parts))]
    while todo:
        more = _to_hide(todo.pop(), cells, least, told)
        if more is None and not todo:
            more = _to_hide_at_last(equations, cells, least, secret, told)
        if more is not None:
            least[more] = K
            todo += by_cell[more]
    marked = {key: FEW if number == 1 else HIDDEN for key, number in least.items()}
    return {key: marked[key] if key in marked else Figure(value) for key, value in cells.items()}


def _to_hide(
    equation: Equation[Key], cells: Mapping[Key, int], least: Mapping[Key, int], told: Collection[Key]
) -> Key | None:  # fmt: skip
    """The cell that has to be hidden as well, if one can be worked out; None if not, or if nothing is left.

    `least`: of each hidden cell the smallest number that a reader must think it to be.
    """
    hidden = [key for key in equation.parts if key in least]
    if equation.total in least:
        # An unknown sum protects its parts, unless it is the only unknown.
        return None if hidden else _smallest(equation, cells, least, told)
    if not hidden or not known([cells[key] for key in hidden], [least[key] for key in hidden]):
        return None
    smallest = _smallest(equation, cells, least, told)
    return equation.total if smallest is None and equation.total not in told else smallest


def _to_hide_at_last(
    equations: Sequence[Equation[Key]], cells: Mapping[Key, int], least: Mapping[Key, int],
    secret: Collection[Key], told: Collection[Key],
) -> Key | None:  # fmt: skip
    """One more, if who solves all equations at once finds a `secret` number; None if not, or if nothing is left."""
    if not secret:
        return None
    rows = ({key: -1 if key == equation.total else 1 for key in (equation.total, *equation.parts) if key in least}
            for equation in equations)  # fmt: skip
    found, reached = solvable(rows).intersection(secret), 0
    while len(found) > reached:
        reached = len(found)
        beside = [equation for equation in equations if not found.isdisjoint((equation.total, *equation.parts))]
        parts = [part for equation in beside if (part := _smallest(equation, cells, least, told)) is not None]
        totals = [total for equation in beside if (total := equation.total) not in least and total not in told]
        if parts or totals:
            return min(parts or totals, key=lambda key: cells[key])
        # All numbers beside it are hidden already: one beside these.
        found |= {key for equation in beside for key in (equation.total, *equation.parts) if key in least}
    return None


def _smallest(
    equation: Equation[Key], cells: Mapping[Key, int], least: Mapping[Key, int], told: Collection[Key]
) -> Key | None:  # fmt: skip
    """The smallest part that is seen, is of use to be hidden, and is no nought."""
    seen = [key for key in equation.parts if cells[key] and key not in least and key not in told]
    return min(seen, key=lambda key: cells[key], default=None)


def known(hidden: Sequence[int], least: Sequence[int]) -> bool:
    """Whether a reader who knows the sum of the hidden cells knows one of them, or that they are small together.

    The reader knows how it is done: what is marked as few is 1 to 4, what else is hidden is at least `least`.
    """
    rest = sum(hidden)
    if len(hidden) == 1 or rest < K:
        return True
    if max(least) == min(least) == 1:
        return rest in (len(hidden), len(hidden) * (K - 1))
    # Each is as small as it can be. Else none of them has an upper end.
    return rest <= sum(least)
