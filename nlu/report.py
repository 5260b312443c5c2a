"""Turns what was understood of the evaluation's messages into a table to read. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

OUT, CRISIS = "out_of_scope", "crisis"


@dataclass(frozen=True)
class Result:
    """A message with its right `id`; `names` is the ranking, `intent` what was decided on if `decision` is answer."""

    text: str
    lang: str
    id: str
    style: str
    names: tuple[str, ...]
    decision: str
    intent: str

    @property
    def right(self) -> bool:
        """Whether the likeliest is the right one."""
        return self.names[0] == self.id

    @property
    def among_three(self) -> bool:
        """Whether the right one is among the three that would be offered."""
        return self.id in self.names[:3]

    @property
    def answered(self) -> bool:
        """Whether it was taken as sure."""
        return self.decision == "answer"

    @property
    def wrongly_answered(self) -> bool:
        """Whether a wrong answer was given as sure: the one thing worse than asking back."""
        return self.answered and self.intent != self.id

    @property
    def out_answered(self) -> bool:
        """Whether something that the office does not do was answered with an entry."""
        return self.id == OUT and self.answered and "." in self.intent


def report(results: Sequence[Result]) -> Iterator[str]:
    """The lines of the report. Hard messages and such out of scope are counted apart."""
    yield f"{'':14}{'n':>6}{'top-1':>8}{'top-3':>8}{'sure':>8}{'wrong':>8}{'asks':>8}{'lost':>8}"
    plain = [result for result in results if result.style != "hard"]
    hard = [result for result in results if result.style == "hard"]
    for name, key in (("lang", _lang), ("style", _style)):
        for value in sorted({key(result) for result in results}):
            group = results if name == "style" else plain
            yield _line(value, [result for result in group if key(result) == value])
    for language in sorted({result.lang for result in hard}):
        yield _line(f"{language} hard", [result for result in hard if result.lang == language])
    yield _line("all but hard", plain)
    yield _line("hard", hard)
    yield from _special(results)
    yield "worst confusions:"
    confused = Counter((result.id, result.names[0]) for result in results if not result.right)
    yield from (f"  {count:3} {right} taken for {taken}" for (right, taken), count in confused.most_common(12))


def _special(results: Sequence[Result]) -> Iterator[str]:
    out = [result for result in results if result.id == OUT]
    crisis = [result for result in results if result.id == CRISIS]
    alarms = [result for result in results if result.id != CRISIS and result.intent == CRISIS and result.answered]
    found = [result for result in crisis if result.intent == CRISIS]
    yield f"out of scope: {len(out)}, answered with an entry {sum(result.out_answered for result in out)}"
    by_style = dict(Counter(result.style for result in alarms))
    yield f"crisis: {len(found)} of {len(crisis)} found; {len(alarms)} false alarms {by_style or ''}"


def _line(name: str, group: Sequence[Result]) -> str:
    if not group:
        return f"{name:14}{0:6}"
    measures: Iterable[Callable[[Result], bool]] = (
        lambda result: result.right,
        lambda result: result.among_three,
        lambda result: result.answered,
        lambda result: result.wrongly_answered,
        lambda result: result.decision == "choose",
        lambda result: result.decision == "give_up",
    )
    shares = "".join(f"{sum(map(measure, group)) / len(group):8.3f}" for measure in measures)
    return f"{name:14}{len(group):6}{shares}"


def _lang(result: Result) -> str:
    return result.lang


def _style(result: Result) -> str:
    return result.style
