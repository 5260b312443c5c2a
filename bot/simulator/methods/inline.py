"""Answering inline queries: what somebody sees who typed the bot's name and some words in any chat."""

import re
from collections.abc import Callable
from typing import Any

from bot.simulator import rules
from bot.simulator.entities import formatted
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.state import Json
from bot.simulator.wire import Params
from bot.simulator.world import World

MAX_RESULTS = 50
MAX_ID_BYTES = 64
DEFAULT_CACHE_S = 300
LONGEST_CACHE_S = 24 * 60 * 60
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
PREFIX = "Bad Request: "


def answer_inline_query(world: World, params: Params) -> bool:
    """Give up to 50 articles for a query asked at most 10 seconds ago; each query can be answered once."""
    button = _in_words("inline query results button", _button, params.data("button"))
    if button and not START_PARAMETER.fullmatch(button["start_parameter"]):
        raise bad_request("START_PARAM_INVALID")
    results = _results(params)
    if not world.inline.on:
        raise bad_request("USER_BOT_INVALID")
    asked = world.inline.queries.get(params.text("inline_query_id"))
    if asked is None or not asked.is_open:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("next_offset").encode()) > MAX_ID_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer = {
        "results": results,
        "next_offset": params.text("next_offset"),
        "button": button,
        "is_personal": params.flag("is_personal"),
        "cache_time": min(max(params.number("cache_time", DEFAULT_CACHE_S), 0), LONGEST_CACHE_S),
    }
    world.inline.answer(asked, answer)
    return True


def _results(params: Params) -> list[Json]:
    given = params.data("results") or []
    if not isinstance(given, list):
        raise bad_request("expected an Array of inline query results")
    if len(given) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    results: list[Json] = [_in_words("inline query result", _result, result) for result in given]
    ids = [result["id"] for result in results]
    if not all(0 < len(name.encode()) <= MAX_ID_BYTES for name in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def _in_words(what: str, read: Callable[[Any], Any], given: Any) -> Any:
    """Read a part; a refusal says which part it was, as Telegram does."""
    try:
        return read(given)
    except ApiError as error:
        reason = error.description.removeprefix(PREFIX)
        raise bad_request(f"can't parse {what}: {reason[:1].upper()}{reason[1:]}") from error


def _result(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("Inline query result must be an object")
    kind = _required(given, "type")
    name = _required(given, "id")
    if kind.lower() != "article":
        raise bad_request(f"type {kind!r} is not known to the simulator")
    content = _content(given.get("input_message_content"))
    title = _required(given, "title")
    buttons = rules.inline_buttons((given.get("reply_markup") or {}).get("inline_keyboard") or [])
    description = str(given.get("description") or "")
    return {"id": name, "title": title, "description": description, "buttons": buttons, **content}


def _required(given: Json, name: str) -> str:
    if name not in given:
        raise bad_request(f'Can\'t find field "{name}"')
    if not isinstance(given[name], str):
        raise bad_request(f'Field "{name}" must be of type String')
    return str(given[name])


def _content(given: Any) -> Json:
    if not isinstance(given, dict) or not given.get("message_text"):
        raise bad_request("input message content is not specified")
    text, entities = formatted(str(given["message_text"]), given.get("parse_mode"), given.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > rules.MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities}


def _button(given: Any) -> Json | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_request("InlineQueryResultsButton must be an Object")
    text = _required(given, "text")
    if "start_parameter" not in given:
        raise bad_request("InlineQueryResultsButton must have exactly one optional field")
    return {"text": text, "start_parameter": _required(given, "start_parameter")}
