"""Picking instead of writing: found by German words, seen in both languages, sent in the person's."""

from __future__ import annotations

import pytest

from bot.storage.models import Case, CaseMessage, Referral
from knowledge.library import Library
from tests.bot.desk.cases.conftest import Office, words_of
from tests.bot.desk.conftest import Browser
from tests.bot.stage import Visitor

PHRASE = "appointments.confirmed"


async def test_an_entry_is_found_while_its_title_is_typed(anna: Browser, rana: Visitor) -> None:
    headers = {"hx-request": "true", "hx-target": "pick-results"}
    found = await anna.get("/cases/1/pick/entry?q=mitgl", headers=headers)
    assert "Wie viele Mitglieder brauchen wir?" in found.text
    assert "<html" not in found.text
    nothing = await anna.get("/cases/1/pick/entry?q=xyzzy", headers=headers)
    assert "Nichts gefunden" in nothing.text


async def test_an_entry_is_seen_in_german_and_in_the_persons_language_before_it_goes(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    page = await anna.get("/cases/1/pick/entry?ref=founding.members_needed")
    assert "7 Mitglieder" in words_of(page)
    assert 'lang="ar" dir="rtl"' in page.text
    assert await office.all(CaseMessage) == []
    await anna.send_form("/cases/1/pick/entry/send", {"ref": "founding.members_needed"})
    message = (await office.all(CaseMessage))[-1]
    assert (message.kind, message.ref, message.author) == ("entry", "founding.members_needed", "staff")
    shown = await anna.get("/cases/1")
    assert "Antwort aus dem Wissen" in words_of(shown)
    assert "So liest es die Person (Arabisch)" in words_of(shown)


@pytest.mark.parametrize("path", ["entry?ref=smalltalk.crisis", "entry?ref=nothing.such", "phrase?ref=no.such",
                                  "term?ref=Quatsch", "referral?ref=quatsch", "sonstwas", "text?ref=x"])  # fmt: skip
async def test_what_is_not_in_the_knowledge_cannot_be_picked(anna: Browser, rana: Visitor, path: str) -> None:
    assert (await anna.get(f"/cases/1/pick/{path}")).status_code == 404
    kind, _, ref = path.partition("?ref=")
    assert (await anna.send_form(f"/cases/1/pick/{kind}/send", {"ref": ref})).status_code == 404


async def test_a_blank_that_cannot_be_read_says_so_beside_its_field(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    form = await anna.get(f"/cases/1/pick/phrase?ref={PHRASE}")
    assert '<label for="b-date">Tag' in form.text
    wrong = await anna.send_form("/cases/1/preview", {"ref": PHRASE, "date": "irgendwann", "time": ""})
    assert wrong.status_code == 422
    assert 'id="b-date-error"' in wrong.text
    assert 'aria-describedby="b-time-error b-time-hint"' in wrong.text
    assert 'value="irgendwann"' in wrong.text
    sent = await anna.send_form("/cases/1/pick/phrase/send", {"ref": PHRASE, "date": "irgendwann", "time": "10"})
    assert (sent.status_code, await office.all(CaseMessage)) == (422, [])


async def test_a_phrase_goes_with_its_blanks_as_the_persons_language_writes_them(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    blanks = {"ref": PHRASE, "date": "1.12.", "time": "10:30"}
    seen = await anna.send_form("/cases/1/preview", blanks)
    assert "Dienstag, 1. Dezember 2026" in words_of(seen)
    assert 'name="date" value="1.12."' in seen.text
    await anna.send_form("/cases/1/pick/phrase/send", blanks)
    message = (await office.all(CaseMessage))[-1]
    assert message.blanks == {"date": "2026-12-01", "time": "10:30:00"}
    assert "ديسمبر" in await office.sent_to()


async def test_phrases_are_found_by_any_of_their_words(anna: Browser, rana: Visitor) -> None:
    assert "Ihr Termin steht fest" in (await anna.get("/cases/1/pick/phrase?q=termin+fest")).text
    assert "Begrüßung" in (await anna.get("/cases/1/pick/phrase")).text


async def test_a_term_is_explained_to_the_person(
    office: Office, anna: Browser, rana: Visitor, library: Library
) -> None:
    term = library.glossary.terms("de")[0].id
    assert (await anna.get("/cases/1/pick/term", params={"ref": term})).status_code == 200
    await anna.send_form("/cases/1/pick/term/send", {"ref": term})
    assert library.glossary.term(term, "ar").explanation[:12] in await office.sent_to()


async def test_a_referral_is_noted_and_the_person_is_asked_whether_the_bot_may_ask(
    office: Office, anna: Browser, rana: Visitor, library: Library
) -> None:
    contact = next(iter(library.contacts.values()))
    page = await anna.get("/cases/1/pick/referral", params={"ref": contact.id})
    assert "ob der Bot später nachfragen darf" in words_of(page)
    await anna.send_form("/cases/1/pick/referral/send", {"ref": contact.id})
    assert [one.contact for one in await office.all(Referral)] == [contact.id]
    assert "Vermittelt an" in words_of(await anna.get("/cases/1"))


async def test_nothing_can_be_sent_in_a_case_that_is_over(office: Office, anna: Browser, rana: Visitor) -> None:
    await office.change(Case, state="CLOSED")
    page = await anna.get("/cases/1/pick/entry?ref=founding.members_needed")
    assert 'id="pick-send"' not in page.text
    sent = await anna.send_form("/cases/1/pick/entry/send", {"ref": "founding.members_needed"})
    assert (sent.status_code, await office.all(CaseMessage)) == (422, [])
