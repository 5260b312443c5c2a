"""docs/security.md claims nothing that cannot be looked up: each test and file it names is there."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:tests|bot|flows|nlu|scripts)/[\w/.]+(?:::\w+)?)`", PAGE)))


@pytest.mark.parametrize("named", NAMED)
def test_what_the_page_names_is_there(named: str) -> None:
    path, _, test = named.partition("::")
    assert (ROOT / path).exists()
    assert not test or re.search(rf"def {test}\b", (ROOT / path).read_text(encoding="utf-8"))


def test_every_threat_names_a_measure_and_proof_or_says_what_remains() -> None:
    section = PAGE.split("## 3 ")[1].split("## 4 ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ") and "---" not in line]
    threats = [[cell.strip() for cell in row] for row in rows if row[0].strip() != "threat"]
    assert len(threats) > 25
    assert [row[0] for row in threats if len(row) != 4 or not row[1] or not (row[2] or row[3])] == []
