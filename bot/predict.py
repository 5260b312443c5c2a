"""`make -s predict < in.jsonl > out.jsonl`: what the bot would understand, through the code that the bot runs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from bot import actions
from bot.app import make_conversation, make_parts
from bot.conversation.path import Conversation
from bot.conversation.steps import Thought
from bot.processes import family, free_port, rasa_token
from bot.rasa import Rasa
from bot.settings import load

AT_ONCE = 4


async def run(source: TextIO, target: TextIO) -> int:
    """Answer each line `{"text": ..., "lang": ...}` in order; returns the exit code. Raises `ProcessFailed`.

    Uses the Rasa server at RASA_URL if it is up, else starts one for as long as it takes.
    """
    try:
        messages = [_read(number, line) for number, line in enumerate(source, 1) if line.strip()]
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    # No Telegram is involved, so its settings need not be given.
    settings = load(telegram_token="none", staff_chat_id=-1)
    token = settings.rasa_token.get_secret_value() or rasa_token()
    rasa = Rasa(settings.rasa_url, 30, token)
    async with family() as members, contextlib.AsyncExitStack() as stack:
        if not await rasa.is_up():
            await rasa.close()
            port, actions_port = free_port(), free_port()
            await stack.enter_async_context(actions.served(actions_port, token))
            server = await members.start_rasa(port, actions_port, token)
            await server.answers(f"http://127.0.0.1:{port}/status")
            rasa = Rasa(f"http://127.0.0.1:{port}", 30, token)
        conversation = make_conversation(settings, make_parts(settings), rasa)
        turns = asyncio.Semaphore(AT_ONCE)
        results = await asyncio.gather(*(_one(conversation, turns, message) for message in messages))
        await rasa.close()
    for result in results:
        target.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 0


def _read(number: int, line: str) -> dict[str, Any]:
    """One line of the input. Raises `ValueError` naming its number if it is not what was agreed."""
    try:
        message = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        raise ValueError(f'line {number} is not {{"text": "...", "lang": "..."}}')
    return message


async def _one(conversation: Conversation, turns: asyncio.Semaphore, message: dict[str, Any]) -> dict[str, Any]:
    fallback = conversation.parts.locales.languages[0]
    async with turns:
        chat_language = str(message.get("lang") or fallback)
        thought = await conversation.understand(message["text"], chat_language)
    return describe(thought, chat_language)


def describe(thought: Thought, chat_language: str) -> dict[str, Any]:
    """The contract's line for one message: id, confidence, ranking, language and what the bot would do."""
    language = thought.language or chat_language
    if thought.crisis:
        return {"id": "crisis", "confidence": 1.0, "ranking": [["crisis", 1.0]], "lang": language, "action": "crisis"}
    if thought.understanding is None:
        action = "explain" if thought.term else "degraded"
        return {"id": "out_of_scope", "confidence": 0.0, "ranking": [], "lang": language, "action": action}
    understanding = thought.understanding
    action = _action(understanding.decision, understanding.replies)
    if thought.term is not None and action != "crisis":
        action = "explain"
    best = understanding.best
    return {
        "id": "out_of_scope" if action == "fallback" else best.id,
        "confidence": round(best.confidence, 4),
        "ranking": [[guess.id, round(guess.confidence, 4)] for guess in understanding.ranking[:5]],
        "lang": language,
        "action": action,
    }


def _action(decision: str, replies: tuple[Mapping[str, Any], ...]) -> str:
    """answer, choose, fallback, flow (one begins), or what Rasa wants done or said (hand_off, stop, say ...)."""
    if decision == "choose":
        return "choose"
    if decision == "give_up" or not replies or replies[0] == {"do": "give_up"}:
        return "fallback"
    reply = replies[0]
    if "answer" in reply:
        return "answer"
    if reply.get("say") == "out_of_scope":
        return "fallback"
    if "ask" in reply:
        return "flow"
    return str(reply["do"]) if "do" in reply else "say"
