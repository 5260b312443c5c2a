"""Answering presses of inline buttons."""

import time

from bot.simulator.errors import bad_request
from bot.simulator.wire import Params
from bot.simulator.world import World

ANSWERABLE_FOR_S = 60.0
MAX_ANSWER = 200


def answer_callback_query(world: World, params: Params) -> bool:
    """Stop the button's spinner, with an optional toast or alert; each press can be answered once."""
    callback = world.callbacks.get(params.text("callback_query_id"))
    now = time.time()
    if callback is None or callback.answer or callback.expired or now - callback.at > ANSWERABLE_FOR_S:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    callback.answer = {"text": text, "show_alert": params.flag("show_alert")}
    world.page.send("callback", {"id": callback.id, "user": callback.user, **callback.answer})
    return True
