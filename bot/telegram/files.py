"""The bytes of files that people sent, for the desk."""

from __future__ import annotations

from telegram import Bot
from telegram.error import TelegramError


class FileUnavailable(Exception):
    """Telegram does not hand the file out: it is gone, too big, or Telegram cannot be reached."""


async def bytes_of(bot: Bot, file_id: str) -> bytes:
    """The file. Raises `FileUnavailable`; nothing of the address, which holds the token, is passed on."""
    try:
        return bytes(await (await bot.get_file(file_id)).download_as_bytearray())
    except TelegramError as error:
        raise FileUnavailable(type(error).__name__) from None
