"""Whether somebody is in the office's group right now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from telegram import Bot, ChatMember, ChatMemberRestricted
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.telegram.staffchat import StaffChat

REMEMBERED = timedelta(seconds=60)
"""How long Telegram's word is good for, unless it says otherwise before."""
PRESENT = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER,
           ChatMemberStatus.RESTRICTED}  # fmt: skip


class Members:
    """Asks Telegram, and remembers the answer for a short while."""

    def __init__(self, bot: Bot, staff_chat: StaffChat, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._staff_chat = staff_chat
        self._clock = clock
        self._known: dict[int, tuple[datetime, bool]] = {}
        self._changes = 0
        """Rises when something changes: an answer that was under way then is out of date."""

    async def is_present(self, user_id: int) -> bool:
        """Whether this user is in the group. Raises `TelegramError` if Telegram cannot be asked."""
        now = self._clock()
        at, present = self._known.get(user_id, (now - REMEMBERED, False))
        if now - at >= REMEMBERED:
            self._known = {user: one for user, one in self._known.items() if now - one[0] < REMEMBERED}
            changes, present = self._changes, await self._ask(user_id)
            if changes == self._changes:
                self._known[user_id] = (now, present)
        return present

    async def _ask(self, user_id: int) -> bool:
        try:
            return is_in(await self._bot.get_chat_member(self._staff_chat.id, user_id))
        except (BadRequest, Forbidden):
            return False  # nobody whom Telegram would name, or the bot itself is out

    def forget(self, user_id: int | None) -> None:
        """Something about this member has changed; None: about anybody."""
        self._changes += 1
        if user_id is None:
            self._known.clear()
        else:
            self._known.pop(user_id, None)


def is_in(member: ChatMember) -> bool:
    """Whether this standing means that somebody is in the group."""
    return member.status in PRESENT and (not isinstance(member, ChatMemberRestricted) or member.is_member)
