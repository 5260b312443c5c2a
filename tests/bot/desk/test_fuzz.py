"""Whatever is sent to the desk, by whomever: a calm answer with every header, and nothing changed without the token.

The requests are made up by Schemathesis from a description that is put together from the table of pages.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from httpx import Response
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import update

from bot.app import make_renderer
from bot.conversation.turn import Parts
from bot.desk.app import PAGES, make_desk
from bot.desk.routing import Page, Role
from bot.storage.models import (
    Audit,
    CalendarException,
    Case,
    CaseMessage,
    DeskSession,
    OfficeWeek,
    Person,
    Referral,
    Staff,
    StaffAbsence,
    Upload,
)
from bot.telegram.delivery import Delivery
from bot.telegram.staffchat import StaffChat
from bot.telegram.staffroom import StaffRoom
from tests.bot.conftest import GROUP
from tests.bot.desk.conftest import CHEAP, ORIGIN, PASSWORD, Browser, World

Made = schemathesis.Case[Any]
WILD, LIKELY = 2, 6
"""Requests that are made up for a page: of any text, and of what fits more or less."""
FORM = "application/x-www-form-urlencoded"
STATES = ("INTAKE", "QUEUED", "PARKED", "CLAIMED", "WAITING_USER", "RETURN_OFFERED", "RESOLVED", "CLOSED",
          "WITHDRAWN", "UNREACHABLE")  # fmt: skip
PEOPLE = {"agent": "bernd", "admin": "anna"}
FORM_FIELD = re.compile(r"""(?:\.(?:text|raw|lines|number|day|ticked)|pairs_in)\((?:fields, )?f?["'](\w+)""")
IN_ADDRESS = re.compile(r"""(?:query_params\.get|visit\.number)\(["'](\w+)["']|asked\.get\(["'](\w+)["']""")
HEADERS = (
    "content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options", "permissions-policy",
    "cross-origin-opener-policy", "cross-origin-resource-policy", "cache-control",
)  # fmt: skip
FILES = (("brief.pdf", b"%PDF-1.4", "application/pdf"), ("../\u202egpj.exe", b"MZ", "x" * 300), ("leer", b"", ""),
         ("\x00", b"\x00" * 70_000, "text/html"))  # fmt: skip
NASTY = ["\x00'; --", "<b>\u202e💥"]
FITTING = {
    "text": ["Guten Tag!", "مرحبا", "x" * 5000], "as": ["message", "note"], "way": ["join", "takeover", "note"],
    "version": ["1"], "seen": ["0", "99999"], "hours": ["1", "24"], "to": ["1", "2"],
    "role": ["agent", "admin"], "language": ["de", "ar", "en"], "first": ["2026-11-24", "2026-13-40"],
    "last": ["2026-11-25"],
    "kind": ["closed", "other"], "name": ["Frau Ü."], "login": ["emil", "anna"], "telegram_id": ["5400000001", "-1"],
    "on_duty": ["yes"], "active": ["yes"], "next": ["/queue", "//evil"], "done": ["case.done_sent", "queue.title"],
    "q": ["W-0001", "مرحبا", "%_"], "state": ["QUEUED"], "page": ["2"], "before": ["5"], "staff": ["1"],
    "case": ["W-0003"], "known": ["1.QUEUED.0.none"], "old": [PASSWORD], "new": ["drei rote Boote im Nebel"],
    "again": ["drei rote Boote im Nebel", "2"], "password": [PASSWORD], "owner": ["1"],
}  # fmt: skip
NUMBERS = [*range(1, len(STATES) + 2), 2**63 - 1, 10**30]
KINDS_OF_PICKS = ["entry", "phrase", "term", "referral", "other"]


def _field(name: str, refs: list[str]) -> dict[str, Any]:
    """What may stand in a field; `refs` empty: anything."""
    clocks = ["9:00", "25", "24:00"] if name.endswith(("_from", "_to")) else []
    return {"enum": [*(refs if name == "ref" else FITTING.get(name, clocks)), *NASTY]} if refs else {"type": "string"}


def _names(pattern: re.Pattern[str], source: str) -> Iterator[str]:
    for match in pattern.finditer(source):
        name = next(filter(None, match.groups()))
        if name in {"d", "x"}:
            yield from (f"{name}{day}_0_{end}" for day in ("0", "6") for end in ("from", "to"))
        yield name


def _path(page: Page) -> tuple[str, list[dict[str, Any]]]:
    """The path as OpenAPI writes it, and its parameters; numbers are mostly those of something that is there."""
    names = re.findall(r"\{(\w+)(:int)?\}", page.path)
    values = [(name, NUMBERS if whole else KINDS_OF_PICKS) for name, whole in names]
    parameters = [{"in": "path", "name": name, "required": True, "schema": {"enum": enum}} for name, enum in values]
    return page.path.replace(":int", ""), parameters


def described(refs: list[str]) -> dict[str, Any]:
    """All pages as OpenAPI describes them. The names of fields are read where the handlers read them.

    `refs`: ids in the knowledge; without any, fields hold whatever comes, else what may fit.
    """
    paths: dict[str, dict[str, Any]] = {}
    for page in PAGES:
        source = inspect.getsource(inspect.getmodule(page.handler) or page.handler)
        path, parameters = _path(page)
        parameters += [{"in": "query", "name": name, "schema": _field(name, refs)}
                       for name in sorted({*_names(IN_ADDRESS, source), "done", "ref", "q"})
                       if not any(one["name"] == name for one in parameters)]  # fmt: skip
        fields = {name: _field(name, refs) for name in sorted({*_names(FORM_FIELD, source), "ref"})}
        operation: dict[str, Any] = {"operationId": page.name, "parameters": parameters,
                                     "responses": {"default": {"description": ""}}}  # fmt: skip
        if page.post:
            operation["requestBody"] = {"content": {FORM: {"schema": _form(fields, required=bool(refs))}}}
        paths.setdefault(path, {})["post" if page.post else "get"] = operation
    return {"openapi": "3.0.3", "info": {"title": "desk", "version": "1"}, "paths": paths}


def _form(fields: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields) if required else []}


def _made_up(operation: Any, count: int) -> list[Made]:
    made: list[Made] = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(operation.as_strategy())
    def keep(case: Made) -> None:
        made.append(case)

    keep()
    return made


@pytest.fixture(scope="module")
def requests(read_once: Parts) -> dict[str, list[Made]]:
    """What is sent, by the name of the page."""
    library = read_once.library
    phrases = [phrase.id for _, group in library.phrases.groups() for phrase in group if not phrase.blanks]
    refs = ["founding.members_needed", next(iter(library.contacts)), library.glossary.terms("de")[0].id, phrases[0]]
    made: dict[str, list[Made]] = {page.name: [] for page in PAGES}
    for known, count in (([], WILD), (refs, LIKELY)):
        for found in schemathesis.openapi.from_dict(described(known)).get_all_operations():
            operation: Any = found.ok()  # type: ignore[union-attr]
            made[operation.definition.raw["operationId"]] += _made_up(operation, count)
    return made


@pytest_asyncio.fixture
async def office(world: World, parts: Parts) -> World:
    """A desk whose messages go into the outbox, with colleagues and cases of every kind."""
    renderer = make_renderer(parts)
    room = StaffRoom(renderer, parts.locales, "de", StaffChat(GROUP), parts.clock)
    world.desk = replace(world.desk, deliver=Delivery(parts, renderer, room).deliver)
    world.app = make_desk(world.desk)
    for role, login in PEOPLE.items():
        await world.member(login, role, name=login.title())
    for number in range(len(STATES) + 1):
        await _case(world, number)
    return world


async def _case(world: World, number: int) -> None:
    """A case with a message of every kind; some have lost their person."""
    now = world.desk.parts.clock() - timedelta(minutes=number)
    state = STATES[number % len(STATES)]
    language = ("ar", "de", "fa")[number % 3]
    owner = None if state in {"INTAKE", "QUEUED", "PARKED"} else 1 + number % 2
    async with world.database.write() as session:
        person = Person(chat_id=5_400_000_000 + number, language=language, created_at=now, seen_at=now)
        session.add(person)
        await session.flush()
        case = Case(person_id=None if number == len(STATES) else person.id, state=state, reason="asked",
                    language=language, topic="founding", owner_id=owner, opened_at=now, changed_at=now,
                    promised_at=now)  # fmt: skip
        session.add(case)
        await session.flush()
        messages = [_message(case.id, number, now, **kind) for kind in KINDS]
        session.add_all([*messages, Referral(case_id=case.id, contact="gone", at=now)])
        await session.flush()
        session.add(Upload(message_id=messages[-1].id, data=b"%PDF-"))


KINDS: tuple[dict[str, Any], ...] = (
    {"author": "person", "text": "مرحبا <b>&", "ref": "founding.members_needed"},
    {"author": "staff", "text": "Guten Tag", "staff_id": 1}, {"author": "held", "text": "Ich auch", "staff_id": 2},
    {"author": "staff", "kind": "entry", "ref": "no.such", "staff_id": 2},
    {"author": "note", "staff_id": 1, "text": "!"},
    {"author": "person", "media": "photo", "file_id": "f", "file_name": 'a"\r\n<b>.svg', "file_type": "image/svg+xml"},
    {"author": "staff", "media": "document", "file_name": "a.pdf", "file_size": 5, "staff_id": 1, "failed": "blocked"},
)  # fmt: skip


def _message(case_id: int, number: int, at: Any, **values: Any) -> CaseMessage:
    return CaseMessage(case_id=case_id, at=at, source_chat_id=number, source_message_id=number, **values)


async def _sent(browser: Browser, made: Made, token: str | None) -> Response:
    """Send it as a browser would; `token` None: without one, as another site's form would."""
    call = made.as_transport_kwargs(base_url=ORIGIN)
    headers = {"origin": ORIGIN} | ({"x-csrf-token": token} if token is not None else {})
    if str(call["url"]).endswith("/upload"):
        file = FILES[len(repr(made.body)) % len(FILES)]
        fields = {name: str(value) for name, value in (call.get("data") or {}).items()}
        return await browser.post(call["url"], data=fields, files={"file": file}, headers=headers)
    return await browser.request(call["method"], call["url"], params=call.get("params"), data=call.get("data"),
                                 headers={"content-type": FORM, **headers})  # fmt: skip


def _check(made: Made, answer: Response) -> None:
    said = f"{made.method} {answer.url} {made.body!r} -> {answer.status_code}\n{answer.text[:400]}"
    assert answer.status_code < 500, said
    assert "Traceback" not in answer.text, said
    assert 'File "/' not in answer.text, said
    assert [name for name in HEADERS if name not in answer.headers] == [], said


async def _token(office: World, browser: Browser, login: str) -> str:
    """The token of the session; a new one after what the request before may have done to account or session."""
    office.desk.parts.clock.forward(minutes=16)  # type: ignore[attr-defined]  # longer than anybody has to wait
    token = await browser.token()
    if token:
        return token
    async with office.database.write() as session:
        await session.execute(update(Staff).values(active=True, password_hash=CHEAP.hash(PASSWORD), totp_secret=None))
    await browser.log_in(login)
    return await browser.token()


@pytest.mark.parametrize("role", [*PEOPLE, "nobody"])
async def test_no_request_upsets_the_desk(office: World, requests: dict[str, list[Made]], role: str) -> None:
    browser = office.browser()
    held = Role.of(role) if role in PEOPLE else Role.NOBODY
    for page in PAGES:
        if page.name == "events" and held:  # never ends
            continue
        # Whatever fits an agent fits an admin as well.
        for made in requests[page.name][: None if held is Role.ADMIN else WILD]:
            token = await _token(office, browser, PEOPLE[role]) if held else ""
            answer = await _sent(browser, made, token)
            _check(made, answer)
            if page.role > held:
                assert answer.status_code in {303, 401, 403, 404}, f"{role} may not see {answer.url}"


async def test_without_the_token_of_the_session_nothing_is_changed(
    office: World, requests: dict[str, list[Made]]
) -> None:
    browser = await office.again(PEOPLE["admin"])
    before = await _everything(office)
    for page in PAGES:
        for made, token in zip(requests[page.name][WILD:], (None, "", "x" * 43), strict=False):
            if page.post and page.role:
                answer = await _sent(browser, made, token)
                _check(made, answer)
                assert answer.status_code == 403
    assert await _everything(office) == before


async def _everything(office: World) -> list[list[str]]:
    """All that forms can change."""
    models = (Staff, Case, CaseMessage, OfficeWeek, CalendarException, StaffAbsence, Audit, DeskSession)
    columns = [(model, model.__table__.columns.keys()) for model in models]
    return [[str([getattr(row, name) for name in names]) for row in await office.all(model)]
            for model, names in columns]  # fmt: skip
