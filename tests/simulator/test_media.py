"""Files by id and by upload, albums, places and downloads."""

from typing import Any

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest

from tests.simulator.conftest import GROUP, Control


async def test_a_photo_travels_by_its_id_and_can_be_downloaded(bot: Bot, control: Control) -> None:
    await control.post("message", user=1001, photo=True, caption="unser Raum")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.caption == "unser Raum"
    photo = message.photo[-1]
    sent = await bot.send_photo(GROUP, photo.file_id, caption="<b>Raum</b>", parse_mode="HTML")
    assert (sent.photo[-1].file_id, sent.caption) == (photo.file_id, "Raum")
    content = await (await bot.get_file(photo.file_id)).download_as_bytearray()
    assert content.startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["voice", "document", "sticker", "location", "contact"])
async def test_a_person_can_send(bot: Bot, control: Control, kind: str) -> None:
    flag: dict[str, Any] = {kind: True}
    await control.post("message", user=1001, **flag)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert getattr(message, kind) is not None
    assert (await control.get("chat/1001"))[-1]["media"] == kind


async def test_an_uploaded_document_keeps_its_bytes(bot: Bot, rana: int) -> None:
    data = b"a\r\n\r\n--b\x00\xff\r\n"
    sent = await bot.send_document(rana, data, filename="Antrag.pdf", caption="x")
    assert sent.document is not None
    assert sent.document.file_name == "Antrag.pdf"
    assert await (await bot.get_file(sent.document.file_id)).download_as_bytearray() == data


async def test_a_caption_is_limited_to_1024_characters(bot: Bot, rana: int) -> None:
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(rana, b"png", caption="x" * 1025)


async def test_unknown_and_foreign_file_ids_are_refused(bot: Bot, control: Control, rana: int) -> None:
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_voice(rana, "no-such-file")
    sent = await bot.send_photo(rana, b"png")
    with pytest.raises(BadRequest, match="can't use file of type Photo as Voice|Can't use file"):
        await bot.send_voice(rana, sent.photo[-1].file_id)


async def test_a_file_beyond_20_megabytes_cannot_be_fetched(bot: Bot, control: Control) -> None:
    await control.post("message", user=1001, document=True, file_size=25_000_000)
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(message.document.file_id)


async def test_an_album_is_one_group(bot: Bot, rana: int) -> None:
    first = await bot.send_photo(rana, b"one")
    album = await bot.send_media_group(
        rana, [InputMediaPhoto(first.photo[-1].file_id, caption="zwei"), InputMediaPhoto(b"two")]
    )
    assert len({message.media_group_id for message in album}) == 1
    assert album[0].caption == "zwei"


async def test_captions_can_be_edited_but_texts_of_files_cannot(bot: Bot, rana: int) -> None:
    sent = await bot.send_photo(rana, b"png", caption="old")
    await bot.edit_message_caption(rana, sent.message_id, caption="new")
    with pytest.raises(BadRequest, match="no text in the message to edit"):
        await bot.edit_message_text("x", rana, sent.message_id)
    plain = await bot.send_message(rana, "text")
    with pytest.raises(BadRequest, match="no caption in the message to edit"):
        await bot.edit_message_caption(rana, plain.message_id, caption="x")


async def test_a_place_can_be_sent(bot: Bot, rana: int) -> None:
    sent = await bot.send_location(rana, 50.08, 8.24)
    assert sent.location is not None
    assert sent.location.latitude == pytest.approx(50.08)
