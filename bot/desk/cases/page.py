"""A case as its page shows it: what is known, what has been said, and what this reader can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.conversation.calendars import calendar_of
from bot.desk.cases.conversation import Conversation
from bot.desk.cases.words import Words
from bot.desk.visit import NotFound, Visit
from bot.handoff.states import SHARED, WAITING, WITH_HUMAN, State, case_number
from bot.storage import desk as stored
from bot.storage.models import Case, CaseMessage, Person, Referral, Staff
from bot.storage.office import on_duty

MUTE_HOURS = (1, 24, 24 * 7, 24 * 30)
HELD = "case.done_held"
"""The notice that asks for a decision, unlike all others."""
BROUGHT = frozenset({"case.done_sent", "case.done_note", HELD})
"""Notices after which the forms for writing are to be filled in anew."""
LONGEST_TEXT = 4000
"""Characters of a message: with what stands above it, still one message of Telegram for nearly everybody."""


@dataclass(frozen=True, kw_only=True)
class Can:
    """What the reader can do with the case as it stands."""

    take: bool
    take_over: bool
    release: bool
    transfer: bool
    finish: bool
    reopen: bool
    write: bool
    note: bool
    mute: bool
    unmute: bool

    @staticmethod
    def of(case: Case, person: Person | None, me: Staff, *, muted: bool) -> Can:
        """The same rules as those of the transitions, so that no button leads to a refusal in the usual case."""
        state, here = State(case.state), person is not None
        mine, with_human = case.owner_id == me.id, State(case.state) in WITH_HUMAN
        to_end = state is State.UNREACHABLE and (mine or case.owner_id is None)
        return Can(
            take=here and state in WAITING, take_over=here and with_human and not mine,
            release=here and with_human and mine, finish=here and ((with_human and mine) or to_end),
            transfer=here and (state in WAITING or (with_human and mine)), reopen=here and state is State.RESOLVED,
            write=here and state in SHARED, note=here and (state in SHARED or state is State.RESOLVED),
            mute=here and state in SHARED and not muted, unmute=here and muted,
        )  # fmt: skip


@dataclass(frozen=True)
class Colleague:
    """Somebody to hand a case to."""

    id: int
    name: str
    on_duty: bool


async def case_context(visit: Visit, case_id: int) -> dict[str, Any]:
    """Everything that the templates of a case need. Raises `NotFound`."""
    async with visit.desk.database.read() as session:
        found = await stored.seen_case(session, case_id)
        if found is None:
            raise NotFound
        case, person = found
        taken_back = case.state == stored.TAKEN_BACK
        story = await stored.story_of(session, case)
        referrals = [] if taken_back else await stored.referrals_of(session, case_id)
        staff = await stored.all_staff(session)
        zone = (await calendar_of(session, visit.desk.parts.calendar)).zone
        present = {member.id for member in await on_duty(session, visit.now.astimezone(zone).date())}
    names = {member.id: member.name for member in staff}
    language = person.language if person is not None else case.language
    muted = person is not None and person.muted_until is not None and person.muted_until > visit.now
    return {
        "case": case, "person": person, "muted": muted, "number": case_number(case.id), "their_language": language,
        "taken_back": taken_back, "owner": names.get(case.owner_id or 0), "mine": case.owner_id == visit.staff.id,
        "items": Conversation(visit, case, story, names, language).items(), "seen": _seen(story.messages),
        "newest": max((message.id for message in story.messages), default=0),
        "can": Can.of(case, person, visit.staff, muted=muted), "words": Words(visit),
        "colleagues": _colleagues(staff, present, case), "referrals": _referrals(visit, referrals, names),
        "mute_hours": MUTE_HOURS, "longest": LONGEST_TEXT, "ended_by": names.get(case.ended_by or 0),
    }  # fmt: skip


def _seen(messages: Sequence[CaseMessage]) -> int:
    return max((message.id for message in messages if message.author == "person"), default=0)


def _colleagues(staff: Sequence[Staff], present: set[int], case: Case) -> list[Colleague]:
    """Those on duty first."""
    others = [Colleague(one.id, one.name, one.id in present) for one in staff if one.active and one.id != case.owner_id]
    return sorted(others, key=lambda one: not one.on_duty)


def _referrals(visit: Visit, rows: Sequence[Referral], names: Mapping[int, str]) -> list[dict[str, Any]]:
    contacts = visit.desk.parts.library.contacts
    return [{"at": row.at, "contact": contacts[row.contact].name if row.contact in contacts else row.contact,
             "staff": names.get(row.staff_id or 0, ""), "worked": row.worked, "ask_at": row.ask_at,
             "asked_at": row.asked_at} for row in rows]  # fmt: skip


def is_htmx(visit: Visit) -> bool:
    """Whether the browser will put the answer into the page it shows."""
    return "hx-request" in visit.request.headers


def _done(visit: Visit) -> str:
    return visit.request.query_params.get("done", "")


async def case_page(
    visit: Visit, *, status: int = 200, problem: str = "", typed: Mapping[str, str] | None = None, live: bool = False
) -> Response:
    """The page, or for htmx the parts of it that change; nothing that is being typed is among these.

    `problem`: why something was not done; `typed`: what stands in the fields; `live`: nobody pressed anything.
    """
    context = await case_context(visit, visit.number("case_id"))
    context |= {"problem": problem, "typed": dict(typed or {}), "live": live, "done": visit.notice(),
                "held": _done(visit) == HELD, "brought": _done(visit) in BROUGHT}  # fmt: skip
    return visit.page("cases/live.html" if is_htmx(visit) else "cases/show.html", status, **context)
