"""Groups unanswered questions that ask for the same thing, in whatever language. Pure; same rows, same groups.

Two questions are alike by the ideas in their words (`bot.insight.ideas`), by the entries they came nearest to, and in
one language by their letters too. The most alike groups become one until none are alike enough (average linkage).
A group is shown with its wording only if at least `K` different people asked; the others are told as one per topic.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.insight.ideas import ideas_in, words_of
from bot.insight.suppression import K

ENTRIES, IDEAS, LETTERS = 0.2, 0.4, 0.4
"""How much each kind of likeness counts; between two languages ideas count for the letters too."""
ALIKE = 0.18
"""From here on two groups become one: chosen on one half of a made-up set, measured on the other."""
MOST = 500
"""Wordings that are compared, those of most people, then the newest: all with all takes time. Others stand alone."""
SHORTEST, LONGEST = 3, 5
"""Letters in a row that are compared."""
FEW_WORDS = 3
"""Fewer tell too little to be an example."""
Weights = dict[str, float]


@dataclass(frozen=True)
class Question:
    """An unanswered question as it is kept (`bot.storage.models.Unanswered`)."""

    person: int
    language: str
    text: str
    nearest: tuple[tuple[str, float], ...]
    """The likeliest entries, best first."""


@dataclass(frozen=True)
class Cluster:
    """Questions about the same thing. `example` is None where too few people asked to show any wording."""

    example: str | None
    nearest: str | None
    """The nearest entry, or for those that too few asked the topic of it."""
    languages: tuple[str, ...]
    questions: int
    people: int

    @property
    def counted(self) -> bool:
        """Whether so many asked that it may be said how many."""
        return self.people >= K


@dataclass(frozen=True)
class _Asked:
    """A wording, by whomever it was asked, and what it is compared by."""

    questions: tuple[Question, ...]
    entries: Weights
    ideas: Weights
    letters: Weights

    def like(self, other: _Asked) -> float:
        """Between 0 and 1."""
        ideas = _product(self.ideas, other.ideas)
        same_language = self.questions[0].language == other.questions[0].language
        letters = _product(self.letters, other.letters) if same_language else ideas
        return ENTRIES * _product(self.entries, other.entries) + IDEAS * ideas + LETTERS * letters


def clusters(questions: Sequence[Question], language: str) -> list[Cluster]:
    """The groups that enough people asked, the largest first; then what the others were about, by topic.

    The example is in `language` if somebody asked in it.
    """
    large: list[Cluster] = []
    few: dict[str, list[Question]] = defaultdict(list)
    for group in groups(questions):
        if _people(group) >= K:
            large.append(_cluster(group, _example(group, language), _nearest(group)))
            continue
        for question in group:
            few[_nearest([question]).split(".")[0]].append(question)
    rest = [_cluster(group, None, topic) for topic, group in _enough(few).items()]
    return [*sorted(large, key=_order), *sorted(rest, key=_order)]


def groups(questions: Sequence[Question]) -> list[list[Question]]:
    """All groups, with what is in them: not to be shown as they are."""
    asked = sorted(_wordings(questions), key=lambda one: _people(one.questions))
    compared = sorted(asked[-MOST:], key=lambda one: (one.questions[0].language, one.questions[0].text))
    alone = [list(one.questions) for one in asked[:-MOST]]
    return [[question for place in group for question in compared[place].questions]
            for group in _merge(compared)] + alone  # fmt: skip


def _merge(asked: Sequence[_Asked]) -> list[list[int]]:
    """Groups of places in `asked`. The likeness of a merged group to another is the mean of what its parts had."""
    members = {place: [place] for place in range(len(asked))}
    likeness = {(a, b): asked[a].like(asked[b]) for a in members for b in range(a + 1, len(asked))}
    heap = [(-value, pair) for pair, value in likeness.items() if value >= ALIKE]
    heapq.heapify(heap)
    sizes = {place: len(one.questions) for place, one in enumerate(asked)}
    while heap:
        value, (a, b) = heapq.heappop(heap)
        if likeness.get((a, b)) != -value:
            continue  # one of them has changed since
        members[a] += members.pop(b)
        for other in members.keys() - {a}:
            old, gone = (min(a, other), max(a, other)), (min(b, other), max(b, other))
            mean = (sizes[a] * likeness[old] + sizes[b] * likeness.pop(gone)) / (sizes[a] + sizes[b])
            likeness[old] = mean
            if mean >= ALIKE:
                heapq.heappush(heap, (-mean, old))
        del likeness[a, b]
        sizes[a] += sizes[b]
    return list(members.values())


def _wordings(questions: Sequence[Question]) -> list[_Asked]:
    """Each different wording once, the oldest first."""
    same: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in questions:
        same[question.language, " ".join(words_of(question.text, question.language))].append(question)
    ideas = {key: ideas_in(asked[0].text, asked[0].language) for key, asked in same.items()}
    known = Counter(idea for some in ideas.values() for idea in some)
    rare = {idea: math.log((1 + len(same)) / count) for idea, count in known.items()}
    return [
        _Asked(tuple(asked), _unit(dict(asked[0].nearest)), _unit({idea: rare[idea] for idea in ideas[key]}),
               _unit(Counter(_letters(key[1]))))
        for key, asked in same.items()
    ]  # fmt: skip


def _letters(words: str) -> Iterable[str]:
    for word in words.split():
        padded = f" {word} "
        for length in range(SHORTEST, LONGEST + 1):
            yield from (padded[at : at + length] for at in range(len(padded) - length + 1))


def _unit(weights: Mapping[str, float]) -> Weights:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {key: weight / length for key, weight in weights.items()} if length else {}


def _product(one: Weights, other: Weights) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[key] for key, weight in one.items() if key in other)


def _people(group: Iterable[Question]) -> int:
    return len({question.person for question in group})


def _nearest(group: Iterable[Question]) -> str:
    """The entry with the most confidence in all; empty if there is none."""
    summed: dict[str, float] = defaultdict(float)
    for question in group:
        for entry, confidence in question.nearest:
            summed[entry] += confidence
    return max(sorted(summed), key=lambda entry: summed[entry], default="")


def _example(group: list[Question], language: str) -> str:
    """In the language if there is one, of some words, with nothing taken out, and short."""

    def worth(question: Question) -> tuple[bool, bool, bool, int, str]:
        text = question.text
        return (question.language != language, len(text.split()) < FEW_WORDS, "[" in text, len(text), text)

    return min(group, key=worth).text


def _enough(few: Mapping[str, list[Question]]) -> dict[str, list[Question]]:
    """By topic; topics that fewer than `K` people asked about go together without a topic."""
    by_topic = {topic: group for topic, group in few.items() if topic and _people(group) >= K}
    rest = [question for topic, group in few.items() if topic not in by_topic for question in group]
    return {**by_topic, "": rest} if rest else by_topic


def _cluster(group: list[Question], example: str | None, topic: str) -> Cluster:
    languages = tuple(sorted({question.language for question in group}))
    return Cluster(example, topic or None, languages, len(group), _people(group))


def _order(cluster: Cluster) -> tuple[int, int, str, str]:
    return (-cluster.people, -cluster.questions, cluster.nearest or "~", cluster.example or "")
