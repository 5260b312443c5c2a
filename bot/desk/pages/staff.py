"""Colleagues: who may do what, who is away. For admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from bot.desk import accounts
from bot.desk.accounts import AccountError
from bot.desk.passwords import made_up
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.storage.models import Staff, StaffAbsence

LONGEST_ABSENCE_DAYS = 731
Errors = dict[str, str]


async def show(visit: Visit) -> Response:
    """Everybody, and the form for a new colleague."""
    return await _list(visit)


async def add(visit: Visit) -> Response:
    """A new colleague, with a start password that is shown this once."""
    fields = await visit.fields()
    try:
        member = Staff(
            name=accounts.clean_name(fields.text("name", 81)), login=accounts.clean_login(fields.text("login", 81)),
            role=accounts.clean_role(fields.text("role", 10)),
            telegram_id=accounts.clean_telegram_id(fields.text("telegram_id", 20)), language=visit.language,
        )  # fmt: skip
        password = made_up()
        hashed = await visit.desk.passwords.hash(password)
        async with visit.desk.database.write() as session:
            await accounts.save(session, member)
            await accounts.set_start_password(session, member, hashed)
            visit.note(session, "staff_add", detail=f"staff {member.id} {member.role}")
    except AccountError as error:
        return await _list(visit, 422, typed=fields.texts(), errors={error.field: visit.say(error.key)})
    await visit.desk.database.settle()
    return visit.page("start_password.html", member=member, password=password)


async def show_member(visit: Visit) -> Response:
    """One colleague."""
    return await _member(visit)


async def save_member(visit: Visit) -> Response:
    """Name, role and Telegram id."""
    fields = await visit.fields()

    async def change(session: AsyncSession, member: Staff) -> None:
        await accounts.change_role(session, member, fields.text("role", 10), by=visit.staff)
        member.name = accounts.clean_name(fields.text("name", 81))
        member.telegram_id = accounts.clean_telegram_id(fields.text("telegram_id", 20))
        await accounts.save(session, member)

    return await _change(visit, change, "staff_change", "staff.done_saved", typed=fields.texts())


async def save_active(visit: Visit) -> Response:
    """Take every right away, or give them back."""
    active = (await visit.fields()).ticked("active")

    async def change(session: AsyncSession, member: Staff) -> None:
        if active:
            member.active = True
        else:
            await accounts.deactivate(session, member, by=visit.staff)

    action = "staff_activate" if active else "staff_deactivate"
    return await _change(visit, change, action, "staff.done_active" if active else "staff.done_inactive")


async def save_duty(visit: Visit) -> Response:
    """On duty or off."""
    on_duty = (await visit.fields()).ticked("on_duty")

    async def change(session: AsyncSession, member: Staff) -> None:
        member.on_duty = on_duty

    return await _change(visit, change, "on_duty" if on_duty else "off_duty", "staff.done_saved")


async def reset_password(visit: Visit) -> Response:
    """A new start password, shown this once; also gives access to somebody known from the staff group only."""
    fields = await visit.fields()
    password = made_up()
    hashed = await visit.desk.passwords.hash(password)
    try:
        async with visit.desk.database.write() as session:
            member = await _found(visit, session)
            if member.id == visit.staff.id:
                raise AccountError("login", "staff.own_password")
            member.login = member.login or accounts.clean_login(fields.text("login", 81))
            await accounts.save(session, member)
            await accounts.set_start_password(session, member, hashed)
            visit.note(session, "staff_password", detail=f"staff {member.id}")
    except AccountError as error:
        return await _member(visit, 422, typed=fields.texts(), errors={error.field: visit.say(error.key)})
    await visit.desk.database.settle()
    return visit.page("start_password.html", member=member, password=password)


async def reset_totp(visit: Visit) -> Response:
    """For somebody who lost their phone."""

    async def change(session: AsyncSession, member: Staff) -> None:
        member.totp_secret = None

    return await _change(visit, change, "staff_totp", "staff.done_totp")


async def add_absence(visit: Visit) -> Response:
    """Days on which somebody is away."""
    fields = await visit.fields()
    first = fields.day("first")
    last = fields.day("last") if fields.text("last") else first
    errors = _wrong_days(visit, first, last)
    if errors:
        return await _member(visit, 422, typed=fields.texts(), errors=errors)

    async def change(session: AsyncSession, member: Staff) -> None:
        session.add(StaffAbsence(staff_id=member.id, first=first, last=last))

    return await _change(visit, change, "absence_add", "staff.done_saved")


async def remove_absence(visit: Visit) -> Response:
    """They are there after all."""

    async def change(session: AsyncSession, member: Staff) -> None:
        theirs = (StaffAbsence.id == visit.number("absence_id"), StaffAbsence.staff_id == member.id)
        if await session.scalar(select(StaffAbsence.id).where(*theirs)) is None:
            raise NotFound
        await session.execute(delete(StaffAbsence).where(*theirs))

    return await _change(visit, change, "absence_remove", "staff.done_saved")


def _wrong_days(visit: Visit, first: date | None, last: date | None) -> Errors:
    if first is None or abs(first.year - visit.today.year) > 2:
        return {"first": visit.say("calendar.bad_day")}
    if last is None or last < first:
        return {"last": visit.say("calendar.bad_last")}
    return {"last": visit.say("calendar.too_long")} if (last - first).days >= LONGEST_ABSENCE_DAYS else {}


async def _change(
    visit: Visit, change: Callable[[AsyncSession, Staff], Awaitable[None]], action: str, done: str,
    typed: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """Change one colleague, write it down, and back to their page; with the error beside the field if it cannot be."""
    try:
        async with visit.desk.database.write() as session:
            member = await _found(visit, session)
            await change(session, member)
            visit.note(session, action, detail=f"staff {member.id}")
    except AccountError as error:
        return await _member(visit, 422, typed=typed, errors={error.field: visit.say(error.key)})
    await visit.desk.database.settle()
    return visit.go("member", id=member.id, done=done)


async def _found(visit: Visit, session: AsyncSession) -> Staff:
    member = await session.get(Staff, visit.number("id"))
    if member is None:
        raise NotFound
    return member


async def _list(
    visit: Visit, status: int = 200, *, typed: dict[str, str] | None = None, errors: Errors | None = None
) -> Response:
    async with visit.desk.database.read() as session:
        members = (await session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.name, Staff.id))).all()
        away = set(await session.scalars(
            select(StaffAbsence.staff_id).where(StaffAbsence.first <= visit.today, StaffAbsence.last >= visit.today)
        ))  # fmt: skip
    return visit.page("staff.html", status, members=members, away=away, roles=_roles(visit), typed=typed or {},
                      errors=errors or {})  # fmt: skip


async def _member(
    visit: Visit, status: int = 200, *, typed: dict[str, str] | None = None, errors: Errors | None = None
) -> Response:
    async with visit.desk.database.read() as session:
        member = await _found(visit, session)
        query = select(StaffAbsence).where(StaffAbsence.staff_id == member.id, StaffAbsence.last >= visit.today)
        absences = (await session.scalars(query.order_by(StaffAbsence.first, StaffAbsence.id))).all()
    return visit.page("member.html", status, member=member, absences=absences, roles=_roles(visit), typed=typed or {},
                      errors=errors or {}, day=lambda one: visit.desk.locales.day(visit.language, one))  # fmt: skip


def _roles(visit: Visit) -> list[tuple[str, str]]:
    return [(role, visit.say(f"role.{role}")) for role in accounts.ROLES]


PAGES = (
    Page("/staff", "staff", Role.ADMIN, show, title="staff.title", menu=70),
    Page("/staff", "staff_add", Role.ADMIN, add, post=True, title="staff.title"),
    Page("/staff/{id:int}", "member", Role.ADMIN, show_member, title="staff.title"),
    Page("/staff/{id:int}", "member_save", Role.ADMIN, save_member, post=True, title="staff.title"),
    Page("/staff/{id:int}/active", "member_active", Role.ADMIN, save_active, post=True, title="staff.title"),
    Page("/staff/{id:int}/duty", "member_duty", Role.ADMIN, save_duty, post=True, title="staff.title"),
    Page("/staff/{id:int}/password", "member_password", Role.ADMIN, reset_password, post=True, title="staff.title"),
    Page("/staff/{id:int}/totp", "member_totp", Role.ADMIN, reset_totp, post=True, title="staff.title"),
    Page("/staff/{id:int}/absences", "absence_add", Role.ADMIN, add_absence, post=True, title="staff.title"),
    Page("/staff/{id:int}/absences/{absence_id:int}/remove", "absence_remove", Role.ADMIN, remove_absence, post=True),
)
