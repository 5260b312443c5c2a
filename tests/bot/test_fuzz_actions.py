"""Whatever is answered to any question of a guided flow, its action has something to say to it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.actions import PATH, make_actions
from bot.telegram.wellformed import clean
from flows.guide.form import FLOWS, Question, form_of
from tests.bot.telegram.fuzzing import MORE, NASTY

TOKEN = "between-bot-and-rasa"
QUESTIONS = [question for flow in FLOWS for question in form_of(flow).questions]
LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
NUMBERS = ("9" * 400, "-1", "1e999", "٣", "²", "½", "0x10", "31.02.2026", "99.99.9999", "25:61", "00:00-00:00", "∞")

BODIES = (b"", b"Zitronenfalter", b"[]", b'{"next_action": 7}', b'{"next_action": "Zitronenfalter"}', b"\xff",
          b'{"next_action": "action_next_help", "tracker": "Zitronenfalter"}', b"[" * 100_000)  # fmt: skip


def made_up() -> list[str]:
    """Any texts, the same in every run unless more than usual are wanted."""
    texts: list[str] = []

    @settings(max_examples=5 * MORE, phases=[Phase.generate], derandomize=MORE == 1, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.text(max_size=60))
    def keep(text: str) -> None:
        texts.append(text)

    keep()
    return texts


def _called(question: Question, text: str, language: str) -> dict[str, Any]:
    """What Rasa sends when this is the answer to a question."""
    message = {"text": text, "intent": {"name": "nlu_fallback", "confidence": 0.3}, "entities": [],
               "metadata": {"language": language, "now": "2026-11-24T10:00:00+01:00"}}  # fmt: skip
    tracker = {"sender_id": "x", "slots": {"requested_slot": question.slot}, "latest_message": message,
               "events": [{"event": "user"}]}  # fmt: skip
    return {"next_action": f"validate_{question.flow}_form", "sender_id": "x", "tracker": tracker}


async def test_no_answer_upsets_a_guided_flow(caplog: pytest.LogCaptureFixture) -> None:
    # As it comes from Rasa, which got it from the channel: cut, and whole characters only.
    texts = [clean(text)[:1000] for text in (*NASTY.values(), *NUMBERS, *made_up())]
    transport = httpx.ASGITransport(app=make_actions(TOKEN), raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://actions", headers=headers) as rasa:
        for place, question in enumerate(QUESTIONS):
            for number, text in enumerate(texts[place % 2 :: 2]):
                language = LANGUAGES[(place + number) % len(LANGUAGES)]
                answer = await rasa.post(PATH, json=_called(question, text, language))
                assert answer.status_code == 200, f"{question.flow}.{question.slot}: {text[:60]!r} {answer.text}"
    assert caplog.text == ""


async def test_what_is_no_call_of_rasa_is_refused_without_a_word_of_it(caplog: pytest.LogCaptureFixture) -> None:
    transport = httpx.ASGITransport(app=make_actions(TOKEN), raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://actions", headers=headers) as rasa:
        for body in BODIES:
            answer = await rasa.post(PATH, content=body)
            assert answer.status_code in {404, 500}
            assert "Zitronenfalter" not in answer.text
    assert "Zitronenfalter" not in caplog.text
    assert "Traceback" not in caplog.text
