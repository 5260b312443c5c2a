"""Every edge case and every invariant of the hand-off has a test that carries its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
EDGE_CASES = range(1, 67)
INVARIANTS = range(1, 15)
_NAMES = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def _named() -> set[str]:
    return {name for path in TESTS.rglob("test_*.py") for name in _NAMES.findall(path.read_text(encoding="utf-8"))}


NAMED = _named()


@pytest.mark.parametrize("number", EDGE_CASES)
def test_the_edge_case_is_tested(number: int) -> None:
    assert [name for name in NAMED if name.startswith(f"test_e{number}_")]


@pytest.mark.parametrize("number", INVARIANTS)
def test_the_invariant_is_tested(number: int) -> None:
    assert [name for name in NAMED if name.startswith(f"test_invariant_{number}_")]
