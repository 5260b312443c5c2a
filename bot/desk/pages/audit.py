"""The record of what staff did. For admins."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from sqlalchemy import Select, select
from starlette.responses import Response

from bot.desk.fields import whole_number
from bot.desk.routing import Page, Role
from bot.desk.visit import Visit
from bot.handoff.states import case_number
from bot.storage.models import Audit, Staff

PER_PAGE = 50


async def show(visit: Visit) -> Response:
    """Newest first; `case`, `staff` and `before` (an id) in the address narrow it down."""
    case_id, staff_id = _asked_case(visit), visit.number("staff")
    query = select(Audit, Staff).outerjoin(Staff, Audit.staff_id == Staff.id).order_by(Audit.id.desc())
    async with visit.desk.database.read() as session:
        rows = (await session.execute(_narrowed(visit, query, case_id, staff_id).limit(PER_PAGE + 1))).all()
        members = (await session.scalars(select(Staff).order_by(Staff.name, Staff.id))).all()
    kept = {"case": visit.request.query_params.get("case", ""), "staff": str(staff_id) if staff_id else ""}
    older = urlencode(kept | {"before": rows[PER_PAGE - 1][0].id}) if len(rows) > PER_PAGE else ""
    return visit.page(
        "audit.html", rows=rows[:PER_PAGE], members=[("", visit.say("audit.everybody")), *_choices(members)], kept=kept,
        older=older, first=not visit.number("before"), action=lambda code: _action(visit, code), number=case_number,
        when=lambda moment: visit.desk.locales.when(visit.language, moment),
    )  # fmt: skip


def _narrowed(visit: Visit, query: Select[Audit, Staff], case_id: int | None, staff_id: int) -> Select[Audit, Staff]:
    if case_id is not None:
        query = query.where(Audit.case_id == case_id)
    if staff_id:
        query = query.where(Audit.staff_id == staff_id)
    before = visit.number("before")
    return query.where(Audit.id < before) if before else query


def _asked_case(visit: Visit) -> int | None:
    """`W-0042` or `42`; what is no number finds nothing rather than everything."""
    text = visit.request.query_params.get("case", "").strip()
    return (whole_number(text.upper().removeprefix("W-")) or 0) if text else None


def _choices(members: Sequence[Staff]) -> list[tuple[str, str]]:
    return [(str(member.id), member.name) for member in members]


def _action(visit: Visit, code: str) -> str:
    """What an action is called; one without a text as it stands."""
    keys = (key for key in (f"audit.{code}", f"case.audit_{code}") if key in visit.desk.locales.keys)
    key = next(keys, None)
    return visit.say(key) if key else code


PAGES = (Page("/audit", "audit", Role.ADMIN, show, title="audit.title", menu=80),)
