"""What a journey looks at besides the phones: the day in Wiesbaden, a printed document, rows of the database."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

from bot.demo import TOKEN
from tests.bot.documents.pdf_reader import Pdf
from tests.journeys.phone import Message, Phone
from tests.journeys.words import PHRASES


def today() -> date:
    """The day in Wiesbaden."""
    return datetime.now(PHRASES.zone).date()


async def file_of(phone: Phone, message: Message, token: str = TOKEN) -> bytes:
    """The file that came with a message."""
    found = (await phone.http.get(f"/bot{token}/getFile", params={"file_id": message["file_id"]})).json()
    return (await phone.http.get(f"/file/bot{token}/{found['result']['file_path']}")).content


async def printed(phone: Phone, message: Message) -> Pdf:
    """The PDF that came with a message, read."""
    data = await file_of(phone, message)
    assert data.startswith(b"%PDF")
    return Pdf(data)


def rows_of(file: Path, person: Phone, table: str) -> list[tuple[object, ...]]:
    """What a table holds about a person."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    query = f'SELECT * FROM "{table}" WHERE person_id IN (SELECT id FROM person WHERE chat_id = ?)'
    rows = database.execute(query, (person.user,)).fetchall()
    database.close()
    return rows
