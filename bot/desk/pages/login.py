"""Coming in and going out."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from bot.desk import accounts, sessions, totp
from bot.desk.pending import Half
from bot.desk.routing import Page, Role
from bot.desk.security import inner_address
from bot.desk.visit import Visit
from bot.storage.models import Staff

STEP_COOKIE = "desk_step"


async def show(visit: Visit) -> Response:
    """The form, or on to the desk for whoever is in already."""
    wanted = inner_address(visit.request.query_params.get("next"))
    if visit.login:
        return RedirectResponse(wanted, 303)
    return visit.page("login.html", login="", problem="", next=wanted)


async def enter(visit: Visit) -> Response:
    """Check login and password; then in, or on to the second factor."""
    fields = await visit.fields()
    login, wanted = fields.text("login", 80).lower(), inner_address(fields.raw("next"))
    wait = visit.desk.limits.attempt(login, visit.address, visit.now)
    if wait:
        return _wait(visit, "login.html", wait, login=login, next=wanted)
    member = await _right(visit, login, fields.raw("password"))
    if member is None:
        return visit.page("login.html", 422, login=login, problem=visit.say("login.wrong"), next=wanted)
    visit.desk.limits.succeeded(login, visit.address)
    if not member.totp_secret:
        return await _let_in(visit, member, wanted)
    token = visit.desk.pending.begin(member.id, member.password_hash or "", visit.now)
    answer = RedirectResponse(f"{visit.path('login_code')}?{urlencode({'next': wanted})}", 303)
    sessions.set_cookie(answer, STEP_COOKIE, token, secure=visit.desk.secure_cookies)
    return answer


async def show_code(visit: Visit) -> Response:
    """Ask for the code of the app."""
    if visit.desk.pending.find(visit.token(STEP_COOKIE), visit.now) is None:
        return visit.go("login")
    return visit.page("code.html", problem="", next=inner_address(visit.request.query_params.get("next")))


async def enter_code(visit: Visit) -> Response:
    """Check the code, and in."""
    fields = await visit.fields()
    wanted = inner_address(fields.raw("next"))
    half = visit.desk.pending.find(visit.token(STEP_COOKIE), visit.now)
    if half is None:
        return visit.go("login")
    account = f"{half.staff_id} code"  # no login has a space
    wait = visit.desk.limits.attempt(account, visit.address, visit.now)
    if wait:
        return _wait(visit, "code.html", wait, next=wanted)
    member = await _with_code(visit, half, fields.text("code", 20))
    if member is None:
        return visit.page("code.html", 422, problem=visit.say("login.wrong_code"), next=wanted)
    visit.desk.limits.succeeded(account, visit.address)
    visit.desk.pending.end(visit.token(STEP_COOKIE))
    return await _let_in(visit, member, wanted)


async def leave(visit: Visit) -> Response:
    """End this session; others of the same person go on."""
    async with visit.desk.database.write() as session:
        await sessions.end(session, visit.token())
        visit.note(session, "logout")
    await visit.desk.database.settle()
    answer = visit.go("login", done="login.done_logout")
    sessions.drop_cookie(answer, "desk", secure=visit.desk.secure_cookies)
    return answer


async def _right(visit: Visit, login: str, password: str) -> Staff | None:
    """Who it is, if the password is right. Takes as long for a login that does not exist."""
    async with visit.desk.database.read() as session:
        member = await accounts.by_login(session, login)
    may = member is not None and member.active
    stored = member.password_hash if member and may else None
    verdict = await visit.desk.passwords.check(stored, password)
    if member is None or not verdict.right:
        await _note(visit, member, "login_failed")
        return None
    if verdict.renewed:
        async with visit.desk.database.write() as session:
            known = await session.get(Staff, member.id)
            if known and known.password_hash == stored:
                known.password_hash = member.password_hash = verdict.renewed
    return member


async def _with_code(visit: Visit, half: Half, code: str) -> Staff | None:
    async with visit.desk.database.write() as session:
        member = await session.get(Staff, half.staff_id)
        stands = member and member.active and member.password_hash == half.password_hash
        if member and stands and await totp.use(session, member, code, visit.now):
            return member
    if member:
        await _note(visit, member, "login_failed")
    return None


async def _let_in(visit: Visit, member: Staff, wanted: str) -> Response:
    """A new session, in place of the one that this browser may still have."""
    async with visit.desk.database.write() as session:
        known = await session.get(Staff, member.id)
        if known is None or not known.active or known.password_hash != member.password_hash:
            return visit.go("login")  # somebody changed that while the password was being checked
        await sessions.end(session, visit.token())
        token = await sessions.begin(session, member.id, visit.now)
        visit.note(session, "login", staff_id=member.id)
    await visit.desk.database.settle()
    answer = RedirectResponse(wanted, 303)
    sessions.set_cookie(answer, "desk", token, secure=visit.desk.secure_cookies)
    sessions.drop_cookie(answer, STEP_COOKIE, secure=visit.desk.secure_cookies)
    return answer


async def _note(visit: Visit, member: Staff | None, action: str) -> None:
    """Of somebody unknown not even what they typed: it may be a password in the wrong field."""
    async with visit.desk.database.write() as session:
        visit.note(session, action, staff_id=member.id if member else 0)


def _wait(visit: Visit, template: str, wait: timedelta, **context: str) -> Response:
    seconds = ceil(wait.total_seconds())
    minutes = ceil(seconds / 60)
    text = visit.say("login.wait_minutes", count=minutes) if minutes > 1 else visit.say("login.wait", count=seconds)
    answer = visit.page(template, 429, problem=text, **context)
    answer.headers["Retry-After"] = str(seconds)
    return answer


PAGES = (
    Page("/login", "login", Role.NOBODY, show, title="login.title"),
    Page("/login", "login_enter", Role.NOBODY, enter, post=True, title="login.title"),
    Page("/login/code", "login_code", Role.NOBODY, show_code, title="login.code_title"),
    Page("/login/code", "login_code_enter", Role.NOBODY, enter_code, post=True, title="login.code_title"),
    Page("/logout", "logout", Role.AGENT, leave, post=True, early=True),
)
