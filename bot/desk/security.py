"""What every answer and every request of the desk must fulfil: headers, where a form comes from, how long it may be."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # Not `no-referrer`: with it browsers send `Origin: null` with our own forms, which we refuse.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000"


class Headers:
    """Middleware: every answer carries `HEADERS`, or its own in their place; none but static files is ever stored."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_with_headers(message: Message) -> None:
            """Add what is missing to the beginning of an answer."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    # A file that somebody sent carries a stricter policy of its own.
                    headers.setdefault(name, value)
                kept = scope["path"].startswith("/static/")
                headers["Cache-Control"] = "no-cache" if kept else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Net:
    """Middleware: what no handler expected is logged by its kind only (its words may quote a person) and answered."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request], Awaitable[ASGIApp]]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            log.error("a page of the desk failed: %s", type(error).__name__)
            if scope["type"] == "http" and not begun:
                await (await self._answer(Request(scope)))(scope, receive, send)


def same_site(request: Request) -> bool:
    """Whether the browser says that a form was sent from this site. One that says nothing is refused.

    Browsers of today say it in `Sec-Fetch-Site` (over HTTPS and on this machine), which no page can set; others name
    the origin. Of that only the host is compared: behind a proxy that speaks HTTPS the scheme differs here.
    """
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in {"same-origin", "none"}
    return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "-")


async def has_token(request: Request, expected: str) -> bool:
    """Whether the request carries the session's CSRF token, as a header (htmx) or a field."""
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    return hmac.compare_digest(given.encode(), expected.encode())


def limited(receive: Receive, longest: int) -> Receive:
    """Read a request's body up to `longest` bytes; beyond that it raises `HTTPException` 413."""
    read = 0

    async def receive_some() -> Message:
        """The next part of the body, counted."""
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > longest:
            raise HTTPException(413)
        return message

    return receive_some


def inner_address(given: str | None) -> str:
    """`given` if it is a path on this site, else `/`: nobody is sent elsewhere after the login."""
    if not given or not given.startswith("/") or given.startswith("//"):
        return "/"
    # Browsers read a backslash as a slash and drop control characters.
    if "\\" in given or any(ord(sign) <= 32 or ord(sign) == 127 for sign in given):
        return "/"
    parts = urlsplit(given)
    return "/" if parts.scheme or parts.netloc else given
