"""Puts the desk together: pages, middleware, what is shown when something goes wrong."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from functools import cache
from http import HTTPStatus
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.desk import pages
from bot.desk.gate import route
from bot.desk.office import Desk
from bot.desk.routing import Page
from bot.desk.security import Headers, Net
from bot.desk.visit import Visit, arrive
from bot.locales import Locales
from bot.operations.trace import Traced
from bot.settings import ROOT

__all__ = ["Desk", "LANGUAGES", "PAGES", "desk_texts", "make_desk"]

FOLDER = ROOT / "bot" / "desk"
LANGUAGES = ("de", "en")
_EXPLAINED = {403, 404, 405, 413, 429, 500, 503}


def _all_pages() -> tuple[Page, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(pages.__path__))
    return tuple(page for name in names for page in importlib.import_module(f"{pages.__name__}.{name}").PAGES)


PAGES = _all_pages()
"""Every page of the desk with the role it needs."""


@cache
def desk_texts(zone: ZoneInfo) -> Locales:
    """The desk's own texts, read once. Raises `LocaleError` if one is missing in a language."""
    return Locales(LANGUAGES, zone, FOLDER / "texts")


def make_desk(office: Desk, extra: tuple[Page, ...] = ()) -> Starlette:
    """The desk as an application. Its pages stand in `app.state.pages`; `extra` ones are for tests."""
    every = (*PAGES, *extra)

    async def unexpected(request: Request) -> Response:
        return await _explain(office, request, 503 if office.database.outage.lasts else 500)

    async def expected(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = await _explain(office, request, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    app = Starlette(
        routes=[
            *(route(office, page) for page in every),
            Mount("/static", StaticFiles(directory=FOLDER / "static"), name="static"),
        ],
        middleware=[
            Middleware(Traced),
            Middleware(Headers, secure=office.secure_cookies),
            Middleware(Net, answer=unexpected),
        ],
        exception_handlers={HTTPException: expected},
    )
    app.router.redirect_slashes = False
    app.state.pages = every
    app.state.routes = {route.name: route for route in app.routes if isinstance(route, Route | Mount)}
    return app


async def _explain(office: Desk, request: Request, status: int) -> Response:
    """A calm page about what went wrong, in the person's language; if even that fails, one bare line."""
    visit = Visit(office, request, None, None, office.parts.clock())
    if status != HTTPStatus.SERVICE_UNAVAILABLE:
        with contextlib.suppress(Exception):  # the database itself may be what is broken
            visit = await arrive(office, request, None)
    reason = status if status in _EXPLAINED else 500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 404
    if "hx-request" in request.headers:
        return HTMLResponse(visit.say(f"error.{reason}_text"), status)
    return visit.page("error.html", status, reason=reason)
