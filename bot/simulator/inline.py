"""Inline mode: queries that wait for the bot's answer, and answers that Telegram keeps for a while."""

import asyncio
import time
from dataclasses import dataclass, field

from bot.simulator.state import Json, Message

ANSWERABLE_FOR_S = 10.0


@dataclass(slots=True)
class InlineQuery:
    """What somebody typed after the bot's name; `answer` is what the bot's `answerInlineQuery` said."""

    id: str
    user: int
    query: str
    offset: str
    at: float
    answer: Json | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_open(self) -> bool:
        """Whether the bot may still answer."""
        return self.answer is None and time.time() - self.at <= ANSWERABLE_FOR_S


class InlineMode:
    """What @BotFather would know (on or off, feedback on chosen results) and the queries of the day."""

    def __init__(self) -> None:
        self.on = True
        self.feedback = False
        self.queries: dict[str, InlineQuery] = {}
        self.messages: dict[str, Message] = {}
        self._kept: dict[tuple[int, str, str], tuple[float, InlineQuery]] = {}

    def answer(self, asked: InlineQuery, answer: Json) -> None:
        """Give the answer to who asked, and keep it for `cache_time` seconds, for all or for this person alone."""
        asked.answer = answer
        asked.answered.set()
        owner = asked.user if answer["is_personal"] else 0
        if answer["cache_time"]:
            self._kept[owner, asked.query, asked.offset] = (time.time() + answer["cache_time"], asked)

    def kept(self, user: int, query: str, offset: str) -> InlineQuery | None:
        """An earlier query whose answer Telegram shows again without asking the bot."""
        for owner in (user, 0):
            until, asked = self._kept.get((owner, query, offset), (0.0, None))
            if asked is not None and until > time.time():
                return asked
        return None
