"""A stand-in for LibreTranslate: its API as `libretranslate/app.py` serves it, with faults on demand."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.server import listen, make_server, url_of

LANGUAGES = ("de", "en", "tr", "ar", "ru", "uk", "pl", "fa")
Mode = Literal["work", "fail", "stall", "garbage", "change_numbers", "drop_negation"]
_NEGATIONS = re.compile(r"\b(?:nicht|keine?[nrms]?|not|never|не|нет|nie|değil|yok|لا|لم|لن|ليس|نیست)\b ?")


@dataclass
class StandIn:
    """What the stand-in does and what it was asked; changed by tests while it runs."""

    url: str = ""
    mode: Mode = "work"
    api_key: str | None = None
    """If set, requests need it, as on a server started with `--api-keys`."""
    stall_s: float = 30.0
    lacking: frozenset[str] = frozenset()
    """Languages that no pair is installed for."""
    table: dict[tuple[str, str], str] = field(default_factory=dict)
    """(text, target) -> translation; any other text comes back as «target: text»."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of the calls of `/translate`, in order."""

    @property
    def calls(self) -> int:
        """How often `/translate` was called."""
        return len(self.asked)

    def reset(self) -> None:
        """As at the beginning, on the same address."""
        self.__init__(self.url)  # type: ignore[misc]

    def answer(self, text: str, target: str) -> str:
        """What a text becomes in the present mode."""
        translated = self.table.get((text, target), f"«{target}: {text}»")
        if self.mode == "change_numbers":
            return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), translated)
        return _NEGATIONS.sub("", translated) if self.mode == "drop_negation" else translated


def make_app(state: StandIn) -> Starlette:
    """The application that behaves as `state` says."""

    async def translate(request: Request) -> Response:
        body = await request.json()
        state.asked.append(body)
        refused = await _fault(state) or _refused(state, body) or _no_pair(state, body)
        return refused or JSONResponse({"translatedText": state.answer(body["q"], body["target"])})

    async def detect(request: Request) -> Response:
        body = await request.json()
        language = "ar" if re.search(r"[\u0600-\u06ff]", body.get("q", "")) else "de"
        return await _fault(state) or JSONResponse([{"confidence": 90.0, "language": language}])

    async def languages(request: Request) -> Response:
        return await _fault(state) or JSONResponse(
            [{"code": code, "name": code, "targets": [*LANGUAGES]} for code in LANGUAGES]
        )

    return Starlette(routes=[
        Route("/translate", translate, methods=["POST"]), Route("/detect", detect, methods=["POST"]),
        Route("/languages", languages),
    ])  # fmt: skip


async def _fault(state: StandIn) -> Response | None:
    if state.mode == "fail":
        return JSONResponse({"error": "Cannot translate text"}, 500)
    if state.mode == "garbage":
        return Response("<html>no json</html>", media_type="text/html")
    if state.mode == "stall":
        await asyncio.sleep(state.stall_s)
    return None


def _refused(state: StandIn, body: Mapping[str, Any]) -> Response | None:
    missing = next((name for name in ("q", "source", "target") if not body.get(name)), None)
    if missing:
        return JSONResponse({"error": f"Invalid request: missing {missing} parameter"}, 400)
    if state.api_key and body.get("api_key") != state.api_key:
        return JSONResponse({"error": "Invalid API key"}, 403)
    unknown = next((body[name] for name in ("source", "target") if body[name] not in {*LANGUAGES, "auto"}), None)
    return JSONResponse({"error": f"{unknown} is not supported"}, 400) if unknown else None


def _no_pair(state: StandIn, body: Mapping[str, Any]) -> Response | None:
    if {body["source"], body["target"]} & state.lacking:
        said = f"{body['target']} is not available as a target language from {body['source']}"
        return JSONResponse({"error": said}, 400)
    return None


@contextmanager
def running() -> Iterator[StandIn]:
    """A stand-in that serves on a free port of loopback while the block runs."""
    state = StandIn()
    with listen("127.0.0.1", 0) as listening:
        server = make_server(make_app(state))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        state.url = url_of(listening)
        yield state
        server.should_exit = True
        thread.join(timeout=5)
