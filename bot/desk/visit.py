"""One request to the desk, as the handlers of the pages see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from babel import negotiate_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.desk import sessions
from bot.desk.fields import Fields, whole_number
from bot.desk.office import Desk
from bot.desk.routing import Page, Role
from bot.desk.sessions import Login
from bot.settings import ROOT
from bot.storage.models import Staff
from bot.storage.office import record

SESSION_COOKIE = "desk"
_FOLDER = ROOT / "bot" / "desk" / "templates"
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


class NotFound(HTTPException):
    """There is no such thing, or nothing that this person may know of."""

    def __init__(self) -> None:
        super().__init__(404)


class Forbidden(HTTPException):
    """It exists, but this person may not do that with it."""

    def __init__(self) -> None:
        super().__init__(403)


@dataclass(frozen=True)
class Visit:
    """A request, who makes it, and how to answer."""

    desk: Desk
    request: Request
    page_asked: Page | None
    login: Login | None
    now: datetime

    @property
    def staff(self) -> Staff:
        """Who is logged in. Raises `LookupError` on a page that is open to nobody in particular."""
        if self.login is None:
            raise LookupError("nobody is logged in")
        return self.login.staff

    @property
    def role(self) -> Role:
        """What this person may do."""
        return Role.of(self.login.staff.role) if self.login else Role.NOBODY

    @property
    def today(self) -> date:
        """The date at the office."""
        return self.now.astimezone(self.desk.locales.zone).date()

    @cached_property
    def language(self) -> str:
        """The language of the page: the person's, else the browser's, else German."""
        offered = self.desk.locales.languages
        if self.login and self.login.staff.language in offered:
            return self.login.staff.language
        accepted = self.request.headers.get("accept-language", "")
        wanted = [part.split(";")[0].strip() for part in accepted.split(",")]
        # Only what looks like a code: babel refuses other things with an error.
        codes = [code for code in wanted if code.replace("-", "").isalnum() and code.isascii()]
        return (negotiate_locale(codes, offered, sep="-") if codes else None) or offered[0]

    @property
    def address(self) -> str:
        """From which network address the request comes."""
        return self.request.client.host if self.request.client else ""

    def say(self, key: str, **params: Any) -> str:
        """A text of the desk in the language of the page. Raises `KeyError` for an unknown one."""
        return self.desk.locales.say(self.language, key, params)

    def path(self, name: str, **params: Any) -> str:
        """The path of a page. Raises `KeyError` for an unknown one.

        By name, because Starlette tries one route after the other, and a queue of 200 cases asks 400 times.
        """
        return str(self.request.app.state.routes[name].url_path_for(name, **params))

    def number(self, name: str) -> int:
        """A number from the path, or else from the query (0 if it is none)."""
        if name in self.request.path_params:
            return int(self.request.path_params[name])
        return whole_number(self.request.query_params.get(name)) or 0

    async def fields(self) -> Fields:
        """The form that was sent."""
        return Fields(await self.request.form())

    def token(self, name: str = SESSION_COOKIE) -> str | None:
        """A cookie's value."""
        return self.request.cookies.get(sessions.cookie_name(name, secure=self.desk.secure_cookies))

    def note(
        self, session: AsyncSession, action: str, *, case_id: int | None = None, detail: str = "", staff_id: int = 0
    ) -> None:
        """Write down who does what. `detail`: an id, or a reason that staff gave; never a person's words.

        `staff_id`: who did it, where nobody is logged in (yet).
        """
        by = staff_id or (self.login.staff.id if self.login else None)
        record(session, self.now, action, staff_id=by, case_id=case_id, detail=detail)

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Render a template."""
        everything = self._context() | context
        return HTMLResponse(_TEMPLATES.get_template(template).render(everything), status)

    def go(self, name: str, *, done: str = "", fragment: str = "", **params: Any) -> Response:
        """Send the browser to another page (303), with a notice `done` (a message id `<group>.done_...`) above it."""
        query = f"?{urlencode({'done': done})}" if done else ""
        return RedirectResponse(self.path(name, **params) + query + (f"#{fragment}" if fragment else ""), 303)

    def notice(self) -> str:
        """The text of the notice asked for in the address; empty unless it is one of ours."""
        key = self.request.query_params.get("done", "")
        if not key.partition(".")[2].startswith("done_"):
            return ""
        try:
            return self.say(key)
        except KeyError:
            return ""

    def menu(self) -> list[Page]:
        """The pages of the navigation that this person may see."""
        pages: tuple[Page, ...] = self.request.app.state.pages
        seen = [page for page in pages if page.menu and self.role >= page.role]
        return sorted(seen, key=lambda page: page.menu)

    def csrf(self) -> Markup:
        """The hidden field that shows that a form is ours; empty where nobody is logged in."""
        if self.login is None:
            return Markup("")
        return Markup('<input type="hidden" name="csrf" value="{}">').format(self.login.session.csrf)

    def once(self, id: str, *, renewed: bool = False) -> Markup:
        """The hidden field by which a form that is sent again is known; `renewed`: to take the place of the old one."""
        oob = Markup(' hx-swap-oob="true"') if renewed else ""
        return Markup('<input type="hidden" name="once" id="{}" value="{}"{}>').format(id, token_urlsafe(16), oob)

    def _context(self) -> dict[str, Any]:
        return {"visit": self, "say": self.say, "path": self.path, "csrf": self.csrf, "once": self.once,
                "page": self.page_asked,
                "here": self.request.url.path, "language": self.language}  # fmt: skip


async def arrive(desk: Desk, request: Request, page: Page | None) -> Visit:
    """Find out who makes a request."""
    now = desk.parts.clock()
    cookie = sessions.cookie_name(SESSION_COOKIE, secure=desk.secure_cookies)
    return Visit(desk, request, page, await sessions.find(desk.database, request.cookies.get(cookie), now), now)
