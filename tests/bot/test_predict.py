"""The line that `make predict` writes for a message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.steps import Thought
from bot.predict import describe
from bot.rasa import Guess, Understanding
from knowledge.model import Term

SATZUNG = Term(id="Satzung", language="tr", word="tüzük", explanation="kurallar")
SURE = Understanding((Guess("founding.statutes", 0.9), Guess("founding.board", 0.05)), "answer", "founding.statutes",
                     ({"answer": "founding.statutes"},))  # fmt: skip
LOST = Understanding((Guess("founding.statutes", 0.1),), "give_up", None, ())
CRISIS = Understanding((Guess("founding.statutes", 0.5), Guess("crisis", 0.4)), "answer", "crisis", ({"do": "crisis"},))


@pytest.mark.parametrize("understanding", [SURE, LOST])
def test_a_question_for_a_meaning_is_explained_and_keeps_what_rasa_thinks_likeliest(
    understanding: Understanding,
) -> None:
    line = describe(Thought(language="tr", term=SATZUNG, understanding=understanding), "de")
    assert (line["id"], line["action"], line["lang"]) == ("founding.statutes", "explain", "tr")
    assert line["ranking"][0] == ["founding.statutes", understanding.ranking[0].confidence]


def test_without_a_term_nothing_is_explained() -> None:
    assert describe(Thought(understanding=SURE), "de")["action"] == "answer"
    lost = describe(Thought(understanding=LOST), "de")
    assert (lost["id"], lost["action"]) == ("out_of_scope", "fallback")


def test_a_crisis_comes_before_a_meaning() -> None:
    assert describe(Thought(term=SATZUNG, understanding=CRISIS), "de")["action"] == "crisis"


def test_without_rasa_a_meaning_is_still_explained() -> None:
    down = Thought(degraded=True)
    assert describe(down, "de")["action"] == "degraded"
    assert describe(replace(down, term=SATZUNG), "de")["action"] == "explain"


def test_a_wish_to_be_guided_begins_its_flow() -> None:
    begun = Understanding((Guess("room_request", 0.9),), "answer", "room_request", ({"ask": "purpose"},))
    line = describe(Thought(understanding=begun), "de")
    assert (line["id"], line["action"]) == ("room_request", "flow")
