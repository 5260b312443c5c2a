"""What stands between a request and the handler of a page: role, origin, CSRF token, size."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.desk import sessions
from bot.desk.fields import LARGEST
from bot.desk.office import Desk
from bot.desk.passwords import is_start
from bot.desk.routing import Page
from bot.desk.security import has_token, inner_address, limited, same_site
from bot.desk.visit import Forbidden, NotFound, Visit, arrive


def route(desk: Desk, page: Page) -> Route:
    """The page as Starlette's route."""

    async def serve(request: Request) -> Response:
        request = Request(request.scope, limited(request.receive, page.max_body), request._send)
        try:
            return await _serve(desk, page, request)
        finally:
            await request.close()

    return Route(page.path, serve, methods=["POST" if page.post else "GET"], name=page.name)


async def _serve(desk: Desk, page: Page, request: Request) -> Response:
    visit = await arrive(desk, request, page)
    if page.post and not same_site(request):
        raise Forbidden
    refusal = _to_login(request) if visit.login is None and page.role else await _refuse(visit, page)
    if refusal:
        return refusal
    if any(isinstance(value, int) and value > LARGEST for value in request.path_params.values()):
        raise NotFound
    if visit.login and not page.quiet:
        await sessions.touch(desk.database, visit.login.session, visit.now)
    return await page.handler(visit)


async def _refuse(visit: Visit, page: Page) -> Response | None:
    if visit.login is None or not page.role:
        return None
    if visit.role < page.role:
        raise Forbidden
    if page.post and not await has_token(visit.request, visit.login.session.csrf):
        raise Forbidden
    if is_start(visit.staff.password_hash) and not page.early:
        return _send_to(visit.request, visit.path("profile"))
    return None


def _to_login(request: Request) -> Response:
    wanted = inner_address(_page_of(request))
    asked = f"?next={quote(wanted, safe='/')}" if wanted != "/" else ""
    return _send_to(request, f"{request.app.url_path_for('login')}{asked}")


def _page_of(request: Request) -> str:
    """The page that somebody was on when their session had ended: what they typed waits there."""
    address = urlsplit(str(request.url))
    if "hx-request" in request.headers or request.method == "POST":
        address = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
        if address.netloc != request.headers.get("host"):
            return "/"
    return urlunsplit(("", "", address.path, address.query, ""))


def _send_to(request: Request, address: str) -> Response:
    """To another page; htmx would put that into the present one, so it is asked to leave."""
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)
