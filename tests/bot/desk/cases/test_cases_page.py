"""The page of a case: everything that was said, and nothing that is not the office's to know."""

from __future__ import annotations

import asyncio
import re

from bot.storage.calls import Written
from bot.storage.models import Case, CaseMessage, OutboxMessage, Staff
from tests.bot.desk.cases.conftest import Office, step, words_of
from tests.bot.desk.conftest import Browser
from tests.bot.stage import Visitor
from tests.conftest import Clock

ARABIC = "نعم، كتبنا الـ Satzung أمس"


async def test_an_arabic_text_runs_its_own_way_inside_the_german_page(anna: Browser, rana: Visitor) -> None:
    await rana.writes(ARABIC)
    page = (await anna.get("/cases/1")).text
    assert f'<p class="words" dir="auto" lang="ar">{ARABIC}</p>' in page
    assert '<html lang="de" dir="ltr">' in page
    assert "Arabisch" in page


async def test_of_a_case_that_was_taken_back_nothing_remains_but_that_it_was(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await rana.writes("Zaubermarker")
    await step(anna, "take")
    await anna.send_form("/cases/1/write", {"text": "Zaubermarker, gern"})
    written = await office.message("Zaubermarker, gern")
    await office.change(Case, summary="Zaubermarker geklärt")
    await office.change(CaseMessage, failed="fault", file_id="f", media="photo")
    assert "Zaubermarker" in (await anna.get("/cases/1")).text
    await rana.presses_data(f"withdraw:1:{(await office.case()).version}")
    page = words_of(await anna.get("/cases/1"))
    for shown in ("W-0001", "Arabisch", "Allgemein", "10:00", "Die Person hat die Anfrage zurückgenommen."):
        assert shown in page
    for path in ("/cases/1", "/cases/1/live", f"/cases/1?again={written.id}", "/undelivered"):
        assert "Zaubermarker" not in (await anna.get(path)).text, path
    assert "W-0001" not in words_of(await anna.get("/search?q=Zaubermarker"))
    assert "W-0001" in words_of(await anna.get("/search?q=1"))
    assert (await anna.get(f"/cases/1/messages/{written.id}/edit")).status_code == 404
    assert (await anna.get(f"/cases/1/files/{written.id}")).status_code == 404


async def test_a_text_of_a_person_is_never_markup(anna: Browser, rana: Visitor) -> None:
    await rana.writes('<script>alert(1)</script><img src=x onerror="x">')
    page = (await anna.get("/cases/1")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_a_translation_stands_below_the_original_and_says_that_a_machine_made_it(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await rana.writes(ARABIC)
    await office.change(CaseMessage, translation="Ja, wir haben sie", translation_state="doubtful", facts="gestern")
    page = words_of(await anna.get("/cases/1"))
    assert page.index(ARABIC) < page.index("Maschinell übersetzt") < page.index("Ja, wir haben sie")
    assert "weicht vom Original ab" in page
    assert "gestern" in page


async def test_that_there_is_no_translation_yet_is_said(office: Office, anna: Browser, rana: Visitor) -> None:
    await rana.writes(ARABIC)
    for state, says in (("wanted", "Wird übersetzt"), ("late", "Eine Übersetzung war nicht möglich."),
                        ("failed", "Eine Übersetzung war nicht möglich.")):  # fmt: skip
        await office.change(CaseMessage, translation_state=state)
        assert says in words_of(await anna.get("/cases/1"))


async def test_a_held_message_that_stays_a_note_waits_for_no_translation(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    await bernd.send_form("/cases/1/write", {"text": "Ich weiß es"})
    await office.change(CaseMessage, translation_state="wanted")
    held = await office.message("Ich weiß es")
    await bernd.send_form(f"/cases/1/messages/{held.id}/held", {"way": "note"})
    assert (await office.message("Ich weiß es")).translation_state is None
    assert "Wird übersetzt" not in words_of(await bernd.get("/cases/1"))


async def test_what_was_shared_names_the_language_it_was_written_in(office: Office, anna: Browser) -> None:
    visitor, question = Visitor(office.stage, 1001, "ar"), "كم عضوا نحتاج؟"
    office.stage.rasa.knows(question, "founding.members_needed")
    await visitor.writes(question)
    await visitor.asks_for_a_human()
    shared = re.search(r'class="said-by shared".*?</li>', (await anna.get("/cases/1")).text, re.DOTALL)
    assert shared is not None
    assert "· Arabisch</span>" in shared[0]
    assert f'lang="ar">\u2068{question}' in shared[0]


async def test_every_form_of_queue_and_case_carries_the_token(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await office.asks(1002)
    await step(anna, "take")
    await anna.send_form("/cases/1/write", {"text": "Guten Tag"})
    await bernd.send_form("/cases/1/write", {"text": "Ich weiß es"})
    await rana.writes(ARABIC)
    await office.change(CaseMessage, ref="founding.members_needed")
    refs = [f"/cases/1/pick/{kind}?ref={ref}" for kind, ref in (("entry", "founding.members_needed"),
                                                               ("phrase", _with_blanks(office)))]  # fmt: skip
    seen = 0
    for browser in (anna, bernd):
        for path in ("/queue", "/cases/1", "/cases/2", "/undelivered", "/search?q=a", *refs):
            forms = re.findall(r'<form[^>]*method="post".*?</form>', (await browser.get(path)).text, re.DOTALL)
            assert [form for form in forms if 'name="csrf"' not in form] == [], path
            seen += len(forms)
    assert seen > 30


def _with_blanks(office: Office) -> str:
    groups = office.desk.parts.library.phrases.groups()
    return next(phrase.id for _, group in groups for phrase in group if phrase.blanks)


async def test_what_happened_stands_between_what_was_said(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor, clock: Clock
) -> None:
    await rana.writes("eins")
    clock.forward(minutes=1)
    await step(anna, "take")
    clock.forward(minutes=1)
    await rana.writes("zwei")
    clock.forward(minutes=1)
    staff = {one.login: one.id for one in await office.all(Staff)}
    await step(anna, "transfer", to=str(staff["bernd"]))
    page = words_of(await anna.get("/cases/1"))
    parts = ("eins", "Frau A. hat den Fall übernommen.", "zwei", "Frau A. hat den Fall weitergegeben an: Herr B.")
    assert sorted(parts, key=page.index) == list(parts)


async def test_the_answer_of_the_bot_is_at_hand_and_one_press_sends_it(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    office.stage.rasa.knows("كم عضوًا؟", "founding.members_needed")
    await step(anna, "take")
    await rana.writes("كم عضوًا؟")
    await office.change(CaseMessage, ref="founding.members_needed")
    page = await anna.get("/cases/1")
    assert "Die Antwort des Assistenten wäre" in page.text
    assert "Wie viele Mitglieder brauchen wir?" in words_of(page)
    await anna.send_form("/cases/1/pick/entry/send", {"ref": "founding.members_needed"})
    assert "كم عضوًا" in await office.sent_to()


async def test_words_after_the_end_are_not_shown_before_the_person_says_that_they_belong_here(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await rana.writes("geheim")
    await office.change(CaseMessage, author="asked", media="photo", file_id="f")
    assert "geheim" not in (await anna.get("/cases/1")).text
    assert "W-0001" not in (await anna.get("/search?q=geheim")).text
    message = (await office.all(CaseMessage))[-1]
    assert (await anna.get(f"/cases/1/files/{message.id}")).status_code == 404
    assert (await anna.send_form(f"/cases/1/messages/{message.id}/erase")).status_code == 404


async def test_an_edited_message_shows_what_it_said_before_and_a_deleted_one_nothing(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    await rana.writes("alt", message_id=77)
    await rana.writes("neu", message_id=77, edited=True)
    page = words_of(await anna.get("/cases/1"))
    assert "alt" in page
    assert "neu" in page
    await office.change(CaseMessage, deleted_at=clock(), text=None, was=None)
    assert "Auf Wunsch der Person gelöscht" in words_of(await anna.get("/cases/1"))


async def test_how_far_a_message_has_come_is_said_in_words(
    office: Office, anna: Browser, rana: Visitor, clock: Clock
) -> None:
    await anna.send_form("/cases/1/write", {"text": "Guten Tag"})
    assert "unterwegs" in words_of(await anna.get("/cases/1"))
    await office.change(OutboxMessage, state="failed", error="refused")
    assert "nicht zugestellt: Telegram hat die Nachricht nicht angenommen." in words_of(await anna.get("/cases/1"))
    await office.change(CaseMessage, delivered_at=clock())
    assert "zugestellt 10:00" in words_of(await anna.get("/cases/1"))


async def test_a_reader_sees_whose_case_it_is_and_no_buttons_of_the_owner(
    anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    page = await bernd.get("/cases/1")
    assert "Diesen Fall hat Frau A." in words_of(page)
    assert 'id="b-take_over"' in page.text
    assert 'id="b-release"' not in page.text
    assert 'id="f-finish"' not in page.text


async def test_a_case_whose_person_is_erased_remains_as_an_empty_entry(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await rana.writes("/forget")
    await rana.presses("forget", "yes")
    page = await anna.get("/cases/1")
    assert "Daten gelöscht" in words_of(page)
    assert 'id="f-write"' not in page.text
    refused = await anna.send_form("/cases/1/write", {"text": "Hallo"})
    assert refused.status_code == 422


async def test_a_long_case_asks_the_database_no_more_often_than_a_short_one(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    with office.queries() as few:
        await anna.get("/cases/1")
    await step(anna, "take")
    for number in range(8):
        await rana.writes(f"Nachricht {number}")
        await anna.send_form("/cases/1/write", {"text": f"Antwort {number}"})
    with office.queries() as many:
        await anna.get("/cases/1")
    assert len(few) == len(many) <= 14


async def test_what_renews_itself_leaves_the_field_for_writing_alone(anna: Browser, rana: Visitor) -> None:
    live = await anna.get("/cases/1/live", headers={"hx-request": "true"})
    assert 'id="text"' not in live.text
    assert 'id="case-head" hx-swap-oob="innerHTML"' in live.text
    assert 'id="case-notice"' not in live.text, "a notice stays until the next deed"


async def test_whoever_watches_is_told_of_a_deed_at_once(office: Office, anna: Browser, rana: Visitor) -> None:
    to_send: list[Written] = []
    office.database.queued = to_send.extend
    with office.desk.changes.subscribe() as watcher:
        await step(anna, "take")
        assert await asyncio.wait_for(watcher.take(), 1) == 1
    assert to_send, "the outbox is told as well"
