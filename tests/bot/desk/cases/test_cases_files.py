"""Files: shown where that is harmless, saved where it is not, and only to whoever may see the case."""

from __future__ import annotations

import httpx
import pytest

from bot.conversation.incoming import Attachment
from bot.storage.models import CaseMessage, OutboxMessage, Upload
from tests.bot.desk.cases.conftest import Office, step, words_of
from tests.bot.desk.conftest import ORIGIN, Browser
from tests.bot.stage import Visitor

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


async def _sends(office: Office, rana: Visitor, data: bytes, **more: object) -> CaseMessage:
    office.files["file-1"] = data
    media = str(more.pop("media", "document"))
    await rana.writes(None, media=media, file=Attachment(file_id="file-1", **more))  # type: ignore[arg-type]
    found: CaseMessage = (await office.all(CaseMessage))[-1]
    return found


async def test_a_picture_is_shown_in_the_page(office: Office, anna: Browser, rana: Visitor) -> None:
    message = await _sends(office, rana, PNG, media="photo")
    assert f'<img src="/cases/1/files/{message.id}" alt="Bild"' in (await anna.get("/cases/1")).text
    file = await anna.get(f"/cases/1/files/{message.id}")
    assert (file.content, file.headers["content-type"]) == (PNG, "image/png")
    assert file.headers["content-disposition"].startswith("inline")


async def test_a_voice_message_can_be_heard(office: Office, anna: Browser, rana: Visitor) -> None:
    message = await _sends(office, rana, b"OggS" + b"\0" * 9, media="voice")
    assert "<audio controls" in (await anna.get("/cases/1")).text
    assert (await anna.get(f"/cases/1/files/{message.id}")).headers["content-type"] == "audio/ogg"


@pytest.mark.parametrize(
    ("data", "name", "type"),
    [
        (b"<!doctype html><script>alert(1)</script>", "brief.html", "text/html"),
        (b"<html>", "bild.png", "image/png"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "logo.svg", "image/svg+xml"),
        (b"%PDF-1.7", "antrag.pdf", "application/pdf"),
        (b"PK\x03\x04", "brief.docx", None),
        (b"", "leer", None),
    ],
)  # fmt: skip
async def test_whatever_could_act_is_saved_and_never_shown(
    office: Office, anna: Browser, rana: Visitor, data: bytes, name: str, type: str | None
) -> None:
    message = await _sends(office, rana, data, name=name, type=type)
    file = await anna.get(f"/cases/1/files/{message.id}")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-type"] in {"application/octet-stream", "application/pdf"}
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in file.headers["content-security-policy"]


async def test_a_files_name_cannot_break_out_of_its_header(office: Office, anna: Browser, rana: Visitor) -> None:
    message = await _sends(office, rana, b"x", name='../../etc/a"\r\nSet-Cookie: b=1\u202egpj.exe')
    disposition = (await anna.get(f"/cases/1/files/{message.id}")).headers["content-disposition"]
    assert "set-cookie" not in {name.lower() for name in (await anna.get(f"/cases/1/files/{message.id}")).headers}
    assert "/" not in disposition
    assert "%E2%80%AE" not in disposition


async def test_a_file_is_reached_through_its_own_case_only(office: Office, anna: Browser, rana: Visitor) -> None:
    message = await _sends(office, rana, PNG, media="photo")
    await office.asks(1002)
    assert (await anna.get(f"/cases/2/files/{message.id}")).status_code == 404
    assert (await anna.get("/cases/1/files/999")).status_code == 404
    nobody = await office.browser().get(f"/cases/1/files/{message.id}")
    assert nobody.status_code == 303


async def test_a_deleted_message_takes_its_file_along(office: Office, anna: Browser, rana: Visitor) -> None:
    message = await _sends(office, rana, PNG, media="photo")
    await anna.send_form(f"/cases/1/messages/{message.id}/erase")
    assert (await anna.get(f"/cases/1/files/{message.id}")).status_code == 404


async def test_a_file_that_telegram_does_not_hand_out_is_explained(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    message = await _sends(office, rana, b"", size=21 * 1024 * 1024)
    assert "größer als 20 MB" in words_of(await anna.get("/cases/1"))
    assert "größer als 20 MB" in words_of(await anna.get(f"/cases/1/files/{message.id}"))
    await office.change(CaseMessage, file_size=5, file_id="gone")
    lost = await anna.get(f"/cases/1/files/{message.id}")
    assert lost.status_code == 502
    assert "Telegram gibt die Datei gerade nicht heraus" in words_of(lost)


async def _upload(browser: Browser, name: str, data: bytes, **fields: str) -> httpx.Response:
    return await browser.post("/cases/1/upload", data={"csrf": await browser.token(), **fields},
                              files={"file": (name, data, "application/pdf")}, headers={"origin": ORIGIN})  # fmt: skip


async def test_a_file_goes_to_the_person_with_a_line_below_it(office: Office, anna: Browser, rana: Visitor) -> None:
    await step(anna, "take")
    await _upload(anna, "C:\\Vorlagen\\Satzung.pdf", b"%PDF-1.7 x", caption="Das ist die Vorlage")
    message = (await office.all(CaseMessage))[-1]
    assert (message.media, message.file_name, message.file_size) == ("document", "Satzung.pdf", 10)
    assert [one.data for one in await office.all(Upload)] == [b"%PDF-1.7 x"]
    rows = [row.method for row in await office.all(OutboxMessage) if row.chat_id == 1001]
    assert "sendDocument" in rows
    assert "Satzung.pdf" in (await anna.get("/cases/1")).text
    assert (await anna.get(f"/cases/1/files/{message.id}")).content == b"%PDF-1.7 x"


async def test_a_file_that_is_too_large_or_empty_or_missing_is_refused(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    too_large = await _upload(anna, "a.pdf", b"x" * (20 * 1024 * 1024 + 1), caption="bleibt")
    assert too_large.status_code == 422
    assert "größer als 20 MB" in too_large.text
    assert 'value="bleibt"' in too_large.text
    assert (await _upload(anna, "a.pdf", b"")).status_code == 422
    assert (await anna.send_form("/cases/1/upload", {})).status_code == 422
    assert await office.all(CaseMessage) == []
    assert await office.all(Upload) == []


async def test_a_file_in_a_colleagues_case_is_held_like_any_message(
    office: Office, anna: Browser, bernd: Browser, rana: Visitor
) -> None:
    await step(anna, "take")
    await _upload(bernd, "a.pdf", b"%PDF-")
    held = (await office.all(CaseMessage))[-1]
    assert held.author == "held"
    assert (await anna.get(f"/cases/1/files/{held.id}")).status_code == 404
    await bernd.send_form(f"/cases/1/messages/{held.id}/held", {"way": "join"})
    assert "sendDocument" in [row.method for row in await office.all(OutboxMessage) if row.chat_id == 1001]


async def test_a_files_name_cannot_cheat_in_the_conversation_either(
    office: Office, anna: Browser, rana: Visitor
) -> None:
    await _sends(office, rana, b"MZ", name="foto\u202egpj.exe")
    page = await anna.get("/cases/1")
    assert "fotogpj.exe" in page.text
    assert "\u202e" not in page.text


@pytest.mark.parametrize(("media", "says", "label"), [("location", "50.082600, 8.240000", "Standort"),
                                                      ("contact", "<b>Ali\u202e, +49 611 310", "Kontakt")])  # fmt: skip
async def test_a_place_and_a_contact_can_be_read_at_the_desk_until_they_are_erased(
    office: Office, anna: Browser, rana: Visitor, media: str, says: str, label: str
) -> None:
    await rana.writes(None, media=media, file=Attachment(file_id="", name=says))
    shown = says.replace("<", "&lt;").replace(">", "&gt;").replace("\u202e", "")
    assert f'<p>{label}: <bdi class="words">{shown}</bdi></p>' in (await anna.get("/cases/1")).text
    message = (await office.all(CaseMessage))[-1]
    assert (await anna.get(f"/cases/1/files/{message.id}")).status_code == 404
    await anna.send_form(f"/cases/1/messages/{message.id}/erase")
    assert (await office.all(CaseMessage))[-1].file_name is None
    assert shown not in (await anna.get("/cases/1")).text
