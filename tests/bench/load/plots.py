"""`python -m tests.bench.load.plots <file.json> <picture> <origin>`: latency over rate, by matplotlib (Rasa has it)."""

from __future__ import annotations

import json
import sys
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

TARGET_MS = 300


def main(source: str, picture: str, origin: str) -> None:
    """A panel for each database: median, 95th and 99th percentile over the rate, and the same with years of data."""
    with open(source, encoding="utf-8") as file:
        measured = json.load(file)
    figure, panels = plt.subplots(1, len(measured), figsize=(6 * len(measured), 4.5), squeeze=False)
    for panel, one in zip(panels[0], measured, strict=True):
        _draw(panel, one)
    figure.suptitle(origin, fontsize=8, family="monospace")
    figure.tight_layout()
    figure.savefig(picture, dpi=110, bbox_inches="tight")


def _draw(panel: Any, measured: dict[str, Any]) -> None:
    points = sorted(measured["curve"])
    rates = [point[0] for point in points]
    for number, name in enumerate(("median", "p95", "p99"), 1):
        panel.plot(rates, [_ms(point[number]) for point in points], marker="o", label=name)
    if measured["grown"]:
        grown = sorted(measured["grown"])
        panel.plot([point[0] for point in grown], [_ms(point[2]) for point in grown], marker="s", linestyle="--",
                   label="p95 with years of data")  # fmt: skip
    panel.axhline(TARGET_MS, color="grey", linestyle=":", label=f"target for p95, {TARGET_MS} ms")
    panel.set(title=measured["database"], xlabel="messages a second", ylabel="ms to the reply", yscale="log")
    panel.grid(alpha=0.3, which="both")
    panel.legend(fontsize=8)


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


if __name__ == "__main__":
    main(*sys.argv[1:])
