"""The bytes of files: those that people sent, for the desk, and those from the desk, for people."""

from __future__ import annotations

from typing import Any

from telegram import Bot, InputFile
from telegram.error import BadRequest, TelegramError

from bot.storage.database import Database
from bot.storage.models import Upload


class FileUnavailable(Exception):
    """Telegram does not hand the file out: it is gone, too big, or Telegram cannot be reached."""


async def bytes_of(bot: Bot, file_id: str) -> bytes:
    """The file. Raises `FileUnavailable`; nothing of the address, which holds the token, is passed on."""
    try:
        return bytes(await (await bot.get_file(file_id)).download_as_bytearray())
    except TelegramError as error:
        raise FileUnavailable(type(error).__name__) from None


async def with_upload(database: Database, payload: dict[str, Any]) -> dict[str, Any]:
    """The bytes of a file from the desk in the place of its number. Raises `BadRequest` if they are gone."""
    document = payload.get("document")
    if not isinstance(document, dict) or "upload" not in document:
        return payload
    async with database.read() as session:
        uploaded = await session.get(Upload, document["upload"])
    if uploaded is None:
        raise BadRequest("the uploaded file is gone")
    return {**payload, "document": InputFile(uploaded.data, filename=document["name"])}
