"""No number of 1 to 4 is ever shown, nor left to be worked out from the numbers beside it.

Numbers are cells; an equation says that some cells add up to another, as the topics of a table add up to its last
line. A small cell is hidden. If then one hidden cell of an equation could be worked out, another is hidden with it:
the smallest first, the sum at last. It goes on until nothing more can be worked out. A nought is no person and stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

K = 5
"""From this number on a count is shown."""

Key = TypeVar("Key", bound=Hashable)


class Mark(Enum):
    """What is seen of a number."""

    SHOWN = "shown"
    FEW = "few"
    """It is one of 1 to 4."""
    HIDDEN = "hidden"
    """It is larger, but a small one could be worked out from it."""


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


def protect(cells: Mapping[Key, int], equations: Sequence[Equation[Key]] = ()) -> dict[Key, Figure]:
    """What may be seen of every cell."""
    few = {key for key, value in cells.items() if 0 < value < K}
    extra: set[Key] = set()
    by_cell: dict[Key, list[Equation[Key]]] = {}
    for equation in equations:
        for key in {equation.total, *equation.parts}:
            by_cell.setdefault(key, []).append(equation)
    todo = [equation for equation in equations if not few.isdisjoint((equation.total, *equation.parts))]
    while todo:
        more = _to_hide(todo.pop(), cells, few, extra)
        if more is not None:
            extra.add(more)
            todo += by_cell[more]
    return {key: FEW if key in few else HIDDEN if key in extra else Figure(value) for key, value in cells.items()}


def _to_hide(equation: Equation[Key], cells: Mapping[Key, int], few: set[Key], extra: set[Key]) -> Key | None:
    """The cell that has to be hidden as well, if one can be worked out; None if not, or if nothing is left."""
    parts = [key for key in equation.parts if cells[key]]
    hidden = [key for key in parts if key in few or key in extra]
    if equation.total in few or equation.total in extra:
        # An unknown sum protects its parts, unless it is the only unknown.
        open_parts = [key for key in parts if key not in few and key not in extra]
        return min(open_parts, key=lambda key: cells[key], default=None) if not hidden else None
    if not hidden or not _known(hidden, cells, few):
        return None
    others = [key for key in parts if key not in few and key not in extra]
    return min(others, key=lambda key: cells[key], default=equation.total)


def _known(hidden: Sequence[Key], cells: Mapping[Key, int], few: set[Key]) -> bool:
    """Whether a reader who knows the sum of the hidden cells knows one of them, or that they are small together.

    The reader knows how it is done: what is marked as few is 1 to 4, what else is hidden is more.
    """
    rest = sum(cells[key] for key in hidden)
    small, larger = sum(key in few for key in hidden), sum(key not in few for key in hidden)
    if len(hidden) == 1 or rest < K:
        return True
    if larger == 0:
        return rest in (small, small * (K - 1))
    # A small one is known if the others leave it nothing but 1; with a larger one beside it there is no upper end.
    return small > 0 and rest - larger * K - (small - 1) <= 1
