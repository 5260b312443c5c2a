"""The picker: what staff see who type the bot's name and some words in the group."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.incoming import InlineQuery
from bot.conversation.office.finding import Find, offers
from bot.conversation.turn import Parts
from bot.storage import cases as stored


async def look(session: AsyncSession, parts: Parts, query: InlineQuery, *, is_member: bool) -> list[Find] | None:
    """What can be sent and fits the words; None for whoever is no active staff in the group. Nothing is stored."""
    known = await stored.staff_by_telegram_id(session, query.sender.user_id)
    if known is None or not is_member or not query.in_group:
        return None
    return offers(parts.library, query.words)
