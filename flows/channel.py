"""The one door into Rasa: a message in, what was understood and what to say out."""

from __future__ import annotations

import asyncio
import copy
import functools
import json
import logging
import os
import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from nlu.fingerprint import ROOT
from nlu.servers import RASA_TOKEN, TOKEN

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 4096  # Telegram's limit for a message
MODELS = ROOT / "var" / "models"
WORK = re.compile(r"\A[a-z]-[0-9a-f]{10}\Z")
"""The id of what the bot is working on, under which its own log tells of it (`bot.operations.trace`)."""
MODEL_NAME = re.compile(r"[0-9a-f]{16}\.tar\.gz")
COMMAND_OF_RASA = re.compile(r"\A[\s/]+")
Handler = Callable[[UserMessage], Awaitable[Any]]


class WegweiserInput(InputChannel):
    """`POST /webhooks/wegweiser/webhook`, as `bot/rasa.py` calls it, `GET /status` and `PUT /model` (nlu/servers.py).

    Request: {"message": str, "sender": str, "metadata": {"language": str, "now": ISO time in the office's zone},
    "dialogue": bool = true}; `pressed`: {"intent": str, "entities": {name: value}} in place of a text; `form`: the
    running form as the last answer had it, {"name": str, "slots": {name: value}, "requested": slot or null}.
    Answer: {"understood": {"intent_ranking": [{"name", "confidence"}], "decision", "intent", "language"},
    "replies": [...], "form": as above or null}. `intent` is what was decided for (an urgent one need not be first),
    null if nothing was. Status 500 if an action of the flows cannot be run: what Rasa says then means nothing.
    A text never reaches a log or an error answer, and nothing of a conversation stays here. Only the bot is let in: it
    knows RASA_TOKEN. Whether the server is ready anybody on its network may ask.
    """

    @classmethod
    def name(cls) -> str:
        """The name that Rasa registers the channel under."""
        return "wegweiser"

    def url_prefix(self) -> str:
        """Paths are absolute, so that /status can be had without the rest of Rasa's API."""
        return "/"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes of this channel."""
        routes = Blueprint("wegweiser")
        routes.add_route(status, "/status", methods=["GET"])
        routes.add_route(change_model, "/model", methods=["PUT"])

        @routes.route("/webhooks/wegweiser/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            """Understand a message and answer in symbols."""
            if not knows(request, os.environ.get(RASA_TOKEN)):
                refused()
                return json_response({"error": "wrong token"}, status=401)
            try:
                message, whole = read_request(request.body)
                answer = await respond(request.app.ctx.agent, message, whole)
            except Exception as error:
                # The kind of error only: its words or its traceback may quote the text.
                work = WORK.search(request.headers.get("x-correlation-id", ""))
                logger.error("a message could not be handled (%s): %s", work.group() if work else "-",
                             type(error).__name__)  # fmt: skip
                return json_response({"error": type(error).__name__}, status=500)
            return json_response(answer)

        return routes


def knows(request: Request, token: str | None) -> bool:
    """Whether the request comes with this token; with none set nothing fits, least of all an empty header."""
    expected = f"Bearer {token or secrets.token_hex()}"
    return secrets.compare_digest(request.headers.get("authorization", "").encode(), expected.encode())


@functools.cache
def refused() -> None:
    """Tell the operator, once: whoever keeps asking must not fill the log."""
    logger.error("somebody asked without the right RASA_TOKEN, and was refused (said once)")


async def status(request: Request) -> HTTPResponse:
    """Whether messages can be understood, and for the bot by which model."""
    agent, bot = request.app.ctx.agent, knows(request, os.environ.get(RASA_TOKEN))
    if "authorization" in request.headers and not bot:
        refused()
        return json_response({"error": "wrong token"}, status=401)
    ready = agent.is_ready()
    return json_response({"ready": ready} | ({"model": agent.model_name} if bot else {}), status=200 if ready else 503)


async def change_model(request: Request) -> HTTPResponse:
    """Go on with `{"model": "<name>"}` of var/models, if whoever asks knows the token of this server."""
    if not knows(request, os.environ.get(TOKEN)):
        return json_response({"error": "wrong token"}, status=403)
    name = str((request.json or {}).get("model"))
    if not MODEL_NAME.fullmatch(name) or not (MODELS / name).is_file():
        return json_response({"error": "no such model"}, status=404)
    request.app.ctx.agent = await with_model(request.app.ctx.agent, MODELS / name)
    return json_response({"model": name})


async def with_model(agent: Any, path: Path) -> Any:
    """The agent with another model; a running form goes on. The old one answers while the new one is being loaded."""
    newer = copy.copy(agent)
    newer.nlg = copy.copy(agent.nlg)
    await asyncio.to_thread(newer.load_model, path)
    return newer


def read_request(body: bytes) -> tuple[UserMessage, dict[str, Any]]:
    """The message in a request's body, and the whole request. Raises on anything malformed."""
    document = json.loads(body)
    sender, metadata = document["sender"], document.get("metadata") or {}
    if not isinstance(sender, str) or not isinstance(metadata, dict):
        raise TypeError("sender or metadata")
    text = clean(document["message"])
    message = UserMessage(text, CollectingOutputChannel(), sender, input_channel="wegweiser", metadata=metadata)
    return message, document


def clean(text: str) -> str:
    """`text` without what would break or command Rasa: lone surrogates, NUL, the slash of its `/intent` at the start.

    Rasa takes off white space before it looks, of every kind that Unicode knows.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", " ")
    return COMMAND_OF_RASA.sub("", whole[:MAX_CHARACTERS]).strip()


async def respond(agent: Any, message: UserMessage, request: dict[str, Any]) -> dict[str, Any]:
    """Understand the message once, then let the dialogue reply to it unless only the understanding is wanted.

    Both with the same agent, also if another model is loaded meanwhile.
    """
    pressed = request.get("pressed")
    message.parse_data = meant(pressed, message) if pressed else await agent.processor.parse_message(message)
    form = await reply(agent, message, request.get("form")) if request.get("dialogue", True) else None
    parsed = message.parse_data
    understood = {key: parsed[key] for key in ("intent_ranking", "decision", "language")}
    understood["intent"] = parsed["intent"]["name"] if parsed["decision"] == "answer" else None
    return {"understood": understood, "replies": message.output_channel.messages, "form": form}


async def reply(agent: Any, message: UserMessage, form: dict[str, Any] | None) -> dict[str, Any] | None:
    """Let the dialogue reply to a message in the running `form`; the form as it is then.

    Raises what kept an action from being run. Rasa goes on as if the action had found nothing to do: it would say
    nothing, or end a form that has just begun.
    """
    if form:
        await agent.tracker_store.save(resumed(agent.domain, message.sender_id, form))
    actions = Actions(agent.action_endpoint)
    try:
        await with_actions(agent, actions).handle_message(message)
    finally:
        tracker = await agent.tracker_store.retrieve(message.sender_id)
    if actions.failure is not None:
        raise actions.failure
    return state_of(tracker, agent.domain)


class Actions:
    """The actions' endpoint, for one message; remembers the first failure, after which no more are called."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        self._endpoint = endpoint
        self.url, self.kwargs = endpoint.url, endpoint.kwargs
        self.failure: Exception | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Call an action. Raises whatever fails."""
        if self.failure is not None:
            raise self.failure
        try:
            return await self._endpoint.request(*args, **kwargs)
        except Exception as error:
            self.failure = error
            raise


def with_actions(agent: Any, actions: Actions) -> Any:
    """The agent, calling its actions by way of `actions`."""
    calling = copy.copy(agent)
    calling.processor = copy.copy(agent.processor)
    calling.processor.action_endpoint = actions
    return calling


def meant(pressed: dict[str, Any], message: UserMessage) -> dict[str, Any]:
    """What a button means needs no understanding: its intent, and entities by name."""
    intent = {"name": str(pressed["intent"]), "confidence": 1.0}
    entities = [{"entity": name, "value": value} for name, value in (pressed.get("entities") or {}).items()]
    return {"text": "", "intent": intent, "intent_ranking": [intent], "entities": entities, "decision": "answer",
            "language": message.metadata.get("language")}  # fmt: skip


def resumed(domain: Domain, sender: str, form: dict[str, Any]) -> DialogueStateTracker:
    """A tracker in the middle of a form, as the bot remembers it."""
    events: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActiveLoop(form["name"])]
    events += [SlotSet(slot, value) for slot, value in form["slots"].items()]
    events += [SlotSet(REQUESTED_SLOT, form["requested"]), ActionExecuted(ACTION_LISTEN_NAME)]
    return DialogueStateTracker.from_events(sender, events, domain.slots)


def state_of(tracker: DialogueStateTracker | None, domain: Domain) -> dict[str, Any] | None:
    """The form that runs after a message, in the shape in which it comes back with the next one; None if none does."""
    if tracker is None or not tracker.active_loop_name:
        return None
    name = tracker.active_loop_name
    values = {slot: tracker.get_slot(slot) for slot in domain.required_slots_for_form(name)}
    slots = {slot: value for slot, value in values.items() if value is not None}
    return {"name": name, "slots": slots, "requested": tracker.get_slot(REQUESTED_SLOT)}
