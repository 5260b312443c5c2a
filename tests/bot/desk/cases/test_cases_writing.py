"""Writing at the desk: it reaches the person and the group, a note reaches neither, and nothing gets lost."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.storage.models import NOT_DELETED, CaseMessage
from tests.bot.desk.cases.conftest import Office, step, words_of
from tests.bot.desk.conftest import Browser
from tests.bot.stage import Visitor


async def test_a_message_reaches_the_person_and_the_group_reads_it_too(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    done = await anna.send_form("/cases/1/write", {"text": "Guten Tag!\r\nHaben Sie eine Satzung?", "as": "message"})
    assert done.headers["location"] == "/cases/1?done=case.done_sent"
    assert "Guten Tag!\nHaben Sie eine Satzung?" in await office.sent_to()
    assert "Haben Sie eine Satzung?" in await office.stage.on_its_way()
    case = await office.case()
    assert (case.state, case.owner_id is not None) == ("WAITING_USER", True)
    assert (await office.actions())[-1] == "send_text"


async def test_a_note_is_for_colleagues_only(office: Office, anna: Browser, rana: Visitor) -> None:
    await anna.send_form("/cases/1/write", {"text": "Bitte vorsichtig sein", "as": "note"})
    assert "vorsichtig" not in await office.sent_to()
    assert "vorsichtig" in await office.stage.on_its_way()
    assert (await office.message("Bitte vorsichtig sein")).author == "note"
    assert "Interne Notiz – liest die Person nicht" in words_of(await anna.get("/cases/1"))
    assert (await office.case()).state == "QUEUED", "a note does not take the case"


async def test_nothing_and_too_much_are_refused_with_the_text_kept(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    assert "Bitte schreiben Sie zuerst etwas." in words_of(await anna.send_form("/cases/1/write", {"text": "  "}))
    long = "wort " * 1000
    refused = await anna.send_form("/cases/1/write", {"text": long})
    assert refused.status_code == 422
    assert long.strip() in refused.text
    assert await office.all(CaseMessage) == []


async def test_in_a_colleagues_case_a_message_is_held_until_its_writer_decides(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    done = await bernd.send_form("/cases/1/write", {"text": "Ich weiß es"})
    assert done.headers["location"].endswith("done_held")
    assert "Ich weiß es" not in await office.sent_to()
    assert "was soll mit Ihrer Nachricht geschehen" in words_of(await bernd.get("/cases/1"))
    assert "Ich weiß es" not in (await anna.get("/cases/1")).text, "nobody else sees what is not sent"
    held = await office.message("Ich weiß es")
    assert (await anna.send_form(f"/cases/1/messages/{held.id}/held", {"way": "join"})).status_code == 422
    assert (await bernd.send_form(f"/cases/1/messages/{held.id}/held", {"way": "odd"})).status_code == 404
    assert "Ich weiß es" not in await office.sent_to()


@pytest.mark.parametrize(("way", "author", "owner"), [("join", "staff", "Frau A."), ("takeover", "staff", "Herr B."),
                                                      ("note", "note", "Frau A.")])  # fmt: skip
async def test_what_becomes_of_a_held_message(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor, way: str, author: str, owner: str
) -> None:
    await step(anna, "take")
    await bernd.send_form("/cases/1/write", {"text": "Ich weiß es"})
    held = await office.message("Ich weiß es")
    await bernd.send_form(f"/cases/1/messages/{held.id}/held", {"way": way})
    assert (await office.message("Ich weiß es")).author == author
    assert ("Ich weiß es" in await office.sent_to()) == (author == "staff")
    owner_id = (await office.case()).owner_id or 0
    assert (await office.reload(owner_id)).name == owner


async def test_an_own_message_is_corrected_and_taken_back(office: Office, anna: Browser, rana: Visitor) -> None:
    await anna.send_form("/cases/1/write", {"text": "Guten Tga"})
    sent = await office.message("Guten Tga")
    assert ">Guten Tga</textarea>" in (await anna.get(f"/cases/1/messages/{sent.id}/edit")).text
    await anna.send_form(f"/cases/1/messages/{sent.id}/edit", {"text": "Guten Tag"})
    assert (await office.message("Guten Tag")).was == "Guten Tga"
    await anna.send_form(f"/cases/1/messages/{sent.id}/delete")
    assert (await office.all(CaseMessage))[-1].text is None
    assert "Zurückgenommen" in words_of(await anna.get("/cases/1"))


async def test_nobody_changes_what_somebody_else_has_written(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await anna.send_form("/cases/1/write", {"text": "Von Anna"})
    await rana.writes("Von Rana")
    by_anna, by_rana = await office.message("Von Anna"), await office.message("Von Rana")
    assert (await bernd.get(f"/cases/1/messages/{by_anna.id}/edit")).status_code == 404
    for message in (by_anna, by_rana):
        assert (await bernd.send_form(f"/cases/1/messages/{message.id}/edit", {"text": "x"})).status_code == 422
        assert (await bernd.send_form(f"/cases/1/messages/{message.id}/delete")).status_code == 422
    assert (await bernd.send_form(f"/cases/1/messages/{by_anna.id}/erase")).status_code == 422


async def test_what_was_picked_cannot_be_rewritten(office: Office, anna: Browser, rana: Visitor) -> None:
    await anna.send_form("/cases/1/pick/entry/send", {"ref": "founding.members_needed"})
    picked = (await office.all(CaseMessage))[-1]
    assert (await anna.send_form(f"/cases/1/messages/{picked.id}/edit", {"text": "x"})).status_code == 422
    assert (await anna.get(f"/cases/1/messages/{picked.id}/edit")).status_code == 404


async def test_a_message_is_reached_through_its_own_case_only(office: Office, anna: Browser, rana: Visitor) -> None:
    await office.asks(1002)
    await rana.writes("aus Fall 1")
    message = await office.message("aus Fall 1")
    assert (await anna.send_form(f"/cases/2/messages/{message.id}/erase")).status_code == 404
    assert (await anna.send_form(f"/cases/2/messages/{message.id}/held", {"way": "note"})).status_code == 404
    assert (await office.message("aus Fall 1")).deleted_at is None


async def test_at_their_wish_a_message_of_the_person_goes(office: Office, anna: Browser, rana: Visitor) -> None:
    await rana.writes("Der Name ist Müller")
    message = await office.message("Der Name ist Müller")
    await anna.send_form(f"/cases/1/messages/{message.id}/erase")
    assert "Müller" not in (await anna.get("/cases/1")).text
    assert "hat auf Wunsch eine Nachricht gelöscht" in words_of(await anna.get("/cases/1"))


async def test_to_somebody_who_blocked_the_bot_nothing_is_sent_and_nothing_is_lost(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    await rana.blocks()
    refused = await anna.send_form("/cases/1/write", {"text": "Wichtig"})
    assert refused.status_code == 422
    assert "Die Person hat den Bot blockiert" in words_of(refused)
    kept = await office.message("Wichtig")
    assert kept.failed == "blocked"
    listed = words_of(await anna.get("/undelivered"))
    assert "Wichtig" in listed
    assert "Wenn die Person den Bot wieder zulässt" in listed
    again = await anna.get(f"/cases/1?again={kept.id}")
    assert ">Wichtig</textarea>" in again.text


async def test_a_message_of_somebody_else_is_not_put_into_the_field(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await rana.writes("Von Rana")
    message = await office.message("Von Rana")
    assert ">Von Rana</textarea>" not in (await anna.get(f"/cases/1?again={message.id}")).text


async def test_no_form_is_taken_from_another_site(office: Office, anna: Browser, rana: Visitor) -> None:
    answer = await anna.send_form("/cases/1/write", {"text": "x"}, headers={"origin": "https://evil.test"})
    assert answer.status_code == 403
    assert await office.all(CaseMessage) == []


def once_in(page: httpx.Response, form: str) -> str:
    """The field by which a form of the page is known."""
    found = re.search(rf'id="once-{form}" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("kind", ["message", "note", "entry", "upload", "suggestion"])
async def test_a_form_that_is_sent_again_because_no_answer_came_counts_once(
    office: Office, anna: Browser, rana: Visitor, kind: str
) -> None:
    page, file = await anna.get("/cases/1"), {"file": ("a.pdf", b"%PDF-", "application/pdf")}
    path, fields, more = f"/cases/1/{'upload' if kind == 'upload' else 'write'}", {"text": "Ja", "as": kind}, {}
    once = once_in(page, "upload" if kind == "upload" else "write")
    if kind == "upload":
        more = {"files": file}
    elif kind in {"entry", "suggestion"}:
        preview = await anna.get("/cases/1/pick/entry?ref=founding.members_needed")
        path, fields = "/cases/1/pick/entry/send", {"ref": "founding.members_needed"}
        once = once_in(preview, "pick") if kind == "entry" else "1.0"
    answers = [await anna.send_form(path, fields | {"once": once}, **more) for _ in range(2)]
    assert len(await office.all(CaseMessage)) == 1
    assert answers[0].headers["location"] == answers[1].headers["location"]
    await anna.send_form(path, fields | {"once": once_in(await anna.get("/cases/1"), "write")}, **more)
    assert len(await office.all(CaseMessage)) == 2, "from a form that is new"


async def test_another_text_from_the_same_form_is_another_message(office: Office, anna: Browser, rana: Visitor) -> None:
    once = once_in(await anna.get("/cases/1"), "write")
    for text in ("Ja", "Nein"):
        await anna.send_form("/cases/1/write", {"text": text, "once": once})
    assert [one.text for one in await office.all(CaseMessage)] == ["Ja", "Nein"]


async def test_forms_are_new_after_they_have_brought_something_and_only_then(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    htmx = {"hx-request": "true"}
    for address in ("/cases/1?done=case.done_sent", "/cases/1?done=case.done_note"):
        answer = await anna.get(address, headers=htmx)
        assert 'hx-swap-oob="true"' in answer.text
        assert once_in(answer, "write") != once_in(answer, "upload")
    for address in ("/cases/1/live", "/cases/1?done=case.done_take"):
        assert 'name="once"' not in (await anna.get(address, headers=htmx)).text


async def test_what_was_refused_can_be_tried_again_from_the_same_form(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    fields = {"text": "Ja", "once": once_in(await anna.get("/cases/1"), "write")}
    await rana.blocks()
    assert (await anna.send_form("/cases/1/write", fields)).status_code == 422
    await rana.blocks(back=True)
    assert (await anna.send_form("/cases/1/write", fields)).status_code == 303
    assert [one.failed for one in await office.all(CaseMessage)] == ["blocked", None]


async def test_what_telegram_did_not_delete_is_not_shown_as_taken_back_without_a_word(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await anna.send_form("/cases/1/write", {"text": "Guten Tag"})
    sent = await office.message("Guten Tag")
    done = await anna.send_form(f"/cases/1/messages/{sent.id}/delete")
    assert "Telegram hat das Löschen abgelehnt" not in words_of(await anna.get(done.headers["location"]))
    await office.change(CaseMessage, failed=NOT_DELETED)
    assert "Telegram hat das Löschen abgelehnt" in words_of(await anna.get("/cases/1"))
