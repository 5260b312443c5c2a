"""The messages that the bot is examined with: `nlu/evaluation/<lang>.jsonl`, by other people than the examples."""

from __future__ import annotations

import json

from nlu.fingerprint import ROOT


def evaluation_messages() -> list[dict[str, str]]:
    """All lines: {"text", "lang", "id": the right answer, "style"}."""
    files = sorted((ROOT / "nlu" / "evaluation").glob("*.jsonl"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]
