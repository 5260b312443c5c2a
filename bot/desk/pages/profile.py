"""What everybody sets for themselves: password, second factor, language, whether they are on duty."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.desk import sessions, totp
from bot.desk.passwords import is_start, weakness
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.storage.models import Staff


async def show(visit: Visit) -> Response:
    """The page with all of it."""
    return _profile(visit)


async def save_language(visit: Visit) -> Response:
    """The language of the pages."""
    chosen = (await visit.fields()).text("language", 12)
    if chosen not in visit.desk.locales.languages:
        raise NotFound
    async with visit.desk.database.write() as session:
        (await _me(visit, session)).language = chosen
        visit.note(session, "language", detail=chosen)
    await visit.desk.database.settle()
    return visit.go("profile", done="profile.done_saved")


async def save_duty(visit: Visit) -> Response:
    """On duty or off."""
    on_duty = (await visit.fields()).ticked("on_duty")
    async with visit.desk.database.write() as session:
        (await _me(visit, session)).on_duty = on_duty
        visit.note(session, "on_duty" if on_duty else "off_duty", detail=f"staff {visit.staff.id}")
    await visit.desk.database.settle()
    return visit.go("profile", done="profile.done_on_duty" if on_duty else "profile.done_off_duty")


async def save_password(visit: Visit) -> Response:
    """A new password; whoever is logged in elsewhere with the old one is out."""
    fields = await visit.fields()
    old, new = fields.raw("old"), fields.raw("new")
    wait = visit.desk.limits.attempt(f"{visit.staff.id} password", visit.address, visit.now)
    if wait:
        return _profile(visit, 429, errors={"old": visit.say("profile.too_often")})
    errors = await _wrong_with(visit, old, new, fields.raw("again"))
    if "old" not in errors:
        visit.desk.limits.succeeded(f"{visit.staff.id} password", visit.address)
    if errors:
        return _profile(visit, 422, errors=errors)
    hashed = await visit.desk.passwords.hash(new)
    async with visit.desk.database.write() as session:
        (await _me(visit, session)).password_hash = hashed
        await sessions.end_all(session, visit.staff.id)
        token = await sessions.begin(session, visit.staff.id, visit.now)
        visit.note(session, "password_changed")
    await visit.desk.database.settle()
    answer = visit.go("profile", done="profile.done_password")
    sessions.set_cookie(answer, "desk", token, secure=visit.desk.secure_cookies)
    return answer


async def show_totp(visit: Visit) -> Response:
    """The QR code to be read by an app."""
    if visit.staff.totp_secret:
        return visit.go("profile")
    return visit.page("totp.html", secret=_secret(visit), errors={})


async def totp_picture(visit: Visit) -> Response:
    """The QR code itself."""
    if visit.staff.totp_secret:
        raise NotFound
    return Response(totp.picture(_secret(visit), visit.staff.login or ""), media_type="image/svg+xml")


async def save_totp(visit: Visit) -> Response:
    """The app shows the right code: from now on it is asked for."""
    fields, secret = await visit.fields(), _secret(visit)
    status, errors = await _password_wrong(visit, fields.raw("password"))
    step = totp.fitting_step(secret, fields.text("code", 20), visit.now)
    if step is None or visit.staff.totp_secret:
        status, errors = status or 422, errors | {"code": visit.say("login.wrong_code")}
    if status or step is None:
        return visit.page("totp.html", status, secret=secret, errors=errors)
    async with visit.desk.database.write() as session:
        me = await _me(visit, session)
        me.totp_secret, me.totp_step = secret, step
        visit.note(session, "totp_on")
    await visit.desk.database.settle()
    visit.desk.pending.forget_secret(_session(visit))
    return visit.go("profile", done="profile.done_totp_on")


async def drop_totp(visit: Visit) -> Response:
    """Do without the second factor."""
    status, errors = await _password_wrong(visit, (await visit.fields()).raw("password"))
    if status:
        return _profile(visit, status, errors=errors)
    async with visit.desk.database.write() as session:
        (await _me(visit, session)).totp_secret = None
        visit.note(session, "totp_off")
    await visit.desk.database.settle()
    return visit.go("profile", done="profile.done_totp_off")


async def _password_wrong(visit: Visit, given: str) -> tuple[int, dict[str, str]]:
    """Status and text unless it is the password (then 0): whoever sits down at an open desk could else lock its owner
    out, or take the second factor away."""
    account = f"{visit.staff.id} password"
    if visit.desk.limits.attempt(account, visit.address, visit.now):
        return 429, {"password": visit.say("profile.too_often")}
    if not (await visit.desk.passwords.check(visit.staff.password_hash, given)).right:
        return 422, {"password": visit.say("profile.wrong_password")}
    visit.desk.limits.succeeded(account, visit.address)
    return 0, {}


async def _wrong_with(visit: Visit, old: str, new: str, again: str) -> dict[str, str]:
    if not (await visit.desk.passwords.check(visit.staff.password_hash, old)).right:
        return {"old": visit.say("profile.wrong_password")}
    weak = weakness(new, visit.staff.login or "", visit.staff.name)
    if weak or new == old:
        return {"new": visit.say(weak or "password.same")}
    return {} if new == again else {"again": visit.say("password.differs")}


def _profile(visit: Visit, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    languages = [(code, visit.desk.locales.name_of(code)) for code in visit.desk.locales.languages]
    first = is_start(visit.staff.password_hash)
    return visit.page("profile.html", status, errors=errors or {}, languages=languages, first=first)


async def _me(visit: Visit, session: AsyncSession) -> Staff:
    return await session.get_one(Staff, visit.staff.id)


def _session(visit: Visit) -> str:
    return visit.login.session.token_hash if visit.login else ""


def _secret(visit: Visit) -> str:
    return visit.desk.pending.secret_for(_session(visit), totp.new_secret)


PAGES = (
    Page("/profile", "profile", Role.AGENT, show, title="profile.title", menu=90, early=True),
    Page("/profile/language", "profile_language", Role.AGENT, save_language, post=True, early=True),
    Page("/profile/duty", "profile_duty", Role.AGENT, save_duty, post=True),
    Page("/profile/password", "profile_password", Role.AGENT, save_password, post=True, early=True,
         title="profile.title"),
    Page("/profile/totp", "totp", Role.AGENT, show_totp, title="totp.title"),
    Page("/profile/totp.svg", "totp_picture", Role.AGENT, totp_picture),
    Page("/profile/totp", "totp_save", Role.AGENT, save_totp, post=True, title="totp.title"),
    Page("/profile/totp/off", "totp_off", Role.AGENT, drop_totp, post=True, title="profile.title"),
)  # fmt: skip
