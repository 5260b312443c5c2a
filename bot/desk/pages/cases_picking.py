"""Picking what is to be sent: entries, phrases, terms, contacts; each is seen in both languages before it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from bot.conversation.relayed import parts_of, read_typed
from bot.desk.cases.doing import Refusal, form_of, new_message
from bot.desk.cases.page import Can, case_page, is_htmx
from bot.desk.cases.picking import Kind, Picker, as_message, picked
from bot.desk.cases.shown import Shown
from bot.desk.cases.words import Words
from bot.desk.fields import Fields
from bot.desk.pages.cases_writing import send as send_message
from bot.desk.routing import Page, Role
from bot.desk.visit import NotFound, Visit
from bot.handoff.states import case_number
from bot.locales.values import UnreadableValue, read_value
from bot.storage.desk import seen_case
from bot.storage.models import Case, Person
from knowledge.phrases import Phrase

RESULTS = "pick-results"
"""The place of the list in the page, which htmx names when somebody types."""


async def show(visit: Visit) -> Response:
    """The list (`q`: words that are looked for), or with `ref` what was chosen: its blanks, else its preview."""
    kind, ref = _kind(visit), visit.request.query_params.get("ref")
    case, person = await _case(visit)
    if ref is None:
        return _list(visit, kind, case)
    blanks = _known(visit, kind, ref).blanks if kind is Kind.PHRASE else ()
    if kind is not Kind.PHRASE:
        _known(visit, kind, ref)
    if blanks:
        return _page(visit, "fill", kind, case, ref=ref, phrase=Picker(visit).phrase(ref), typed={}, errors={})
    return _preview(visit, kind, case, person, ref, {})


def _list(visit: Visit, kind: Kind, case: Case) -> Response:
    typed = visit.request.query_params.get("q", "")[:200]
    groups = Picker(visit).found(kind, typed)
    if visit.request.headers.get("hx-target") == RESULTS:
        return visit.page("cases/_results.html", kind=kind, groups=groups, case_id=case.id, asked=typed)
    return _page(visit, "list", kind, case, groups=groups, asked=typed)


async def preview(visit: Visit) -> Response:
    """A phrase with its blanks filled, in both languages, or what is wrong with the blanks."""
    fields = await visit.fields()
    ref = fields.text("ref")
    case, person = await _case(visit)
    phrase = _known(visit, Kind.PHRASE, ref)
    blanks, errors = _read(visit, phrase, fields)
    if errors:
        return _wrong(visit, case, phrase, fields, errors)
    return _preview(visit, Kind.PHRASE, case, person, ref, fields.texts())


async def send(visit: Visit) -> Response:
    """Off it goes."""
    kind, fields = _kind(visit), await visit.fields()
    ref, blanks = fields.text("ref"), dict[str, str]()
    case, _ = await _case(visit)
    known = _known(visit, kind, ref)
    if kind is Kind.PHRASE:
        blanks, errors = _read(visit, known, fields)
        if errors:
            return _wrong(visit, case, known, fields, errors)
    try:
        form = form_of(visit, fields.text("once"), kind, ref, blanks)
        return await send_message(visit, new_message(**picked(kind, ref, blanks), form=form))
    except Refusal as refusal:
        return await case_page(visit, status=422, problem=str(refusal))


def _wrong(visit: Visit, case: Case, phrase: Phrase, fields: Fields, errors: Mapping[str, str]) -> Response:
    return _page(visit, "fill", Kind.PHRASE, case, status=422, ref=phrase.id, phrase=phrase, typed=fields.texts(),
                 errors=errors)  # fmt: skip


def _read(visit: Visit, phrase: Phrase, fields: Fields) -> tuple[dict[str, str], dict[str, str]]:
    """The blanks as they are stored, and what is wrong with each that cannot be read."""
    typed = {blank.name: fields.text(blank.name, 400) for blank in phrase.blanks}
    errors: dict[str, str] = {}
    for blank in phrase.blanks:
        try:
            read_value(blank.kind, typed[blank.name], today=visit.today)
        except UnreadableValue as error:
            errors[blank.name] = Words(visit).bot(str(error))
    return ({} if errors else read_typed(phrase, typed, visit.today)), errors


def _preview(
    visit: Visit, kind: Kind, case: Case, person: Person | None, ref: str, typed: Mapping[str, str]
) -> Response:
    phrase = Picker(visit).phrase(ref) if kind is Kind.PHRASE else None
    blanks = read_typed(phrase, typed, visit.today) if phrase else {}
    parts, shown, words = parts_of(as_message(kind, ref, blanks)), Shown(visit), Words(visit)
    theirs = person.language if person is not None else case.language
    both = {language: shown.parts(parts, language) for language in (words.office, theirs)}
    kept = {blank.name: typed[blank.name] for blank in phrase.blanks} if phrase else {}
    return _page(visit, "preview", kind, case, ref=ref, both=both, kept=kept, theirs=theirs,
                 can_send=Can.of(case, person, visit.staff, muted=False).write)  # fmt: skip


def _page(visit: Visit, name: str, kind: Kind, case: Case, *, status: int = 200, **more: Any) -> Response:
    context = {"kind": kind, "kinds": list(Kind), "case_id": case.id, "number": case_number(case.id),
               "words": Words(visit), "part": f"cases/_{name}.html", "picker": Picker(visit)} | more  # fmt: skip
    return visit.page("cases/_pick.html" if is_htmx(visit) else "cases/pick.html", status, **context)


def _kind(visit: Visit) -> Kind:
    try:
        return Kind(visit.request.path_params["kind"])
    except ValueError as error:
        raise NotFound from error


def _known(visit: Visit, kind: Kind, ref: str) -> Any:
    """The phrase, for the others only that there is such a thing. Raises `NotFound`."""
    picker = Picker(visit)
    if not picker.knows(kind, ref):
        raise NotFound
    return picker.phrase(ref) if kind is Kind.PHRASE else ref


async def _case(visit: Visit) -> tuple[Case, Person | None]:
    async with visit.desk.database.read() as session:
        found = await seen_case(session, visit.number("case_id"))
    if found is None:
        raise NotFound
    return found


PAGES = (
    Page("/cases/{case_id:int}/pick/{kind}", "pick", Role.AGENT, show, title="case.pick_title"),
    Page("/cases/{case_id:int}/preview", "pick_preview", Role.AGENT, preview, post=True, title="case.pick_title"),
    Page("/cases/{case_id:int}/pick/{kind}/send", "pick_send", Role.AGENT, send, post=True, title="case.title"),
)
