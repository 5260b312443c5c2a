"""The end of the room request: a case at the office, in German, with the person's own words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversation import cases
from bot.conversation.flows import questions, runs
from bot.conversation.replies import Lines, Phrase
from bot.conversation.turn import Turn
from bot.storage.models import FlowRun
from flows.guide.form import form_of


async def send_request(turn: Turn, run: FlowRun, reply: Mapping[str, Any]) -> None:
    """Pressing "send" under the summary is the consent: what was shown is what the office gets."""
    locales, office, form = turn.parts.locales, turn.parts.office_language, form_of(run.flow)
    lines = [locales.say(office, f"{run.flow}.title")]
    lines += questions.summary_texts(turn, form, run, office)
    own = questions.own_words(form, run) if turn.person.language != office else []
    if own:
        heading = locales.say(office, "room_request.original",
                              {"language": locales.name_of(turn.person.language, office)})  # fmt: skip
        lines += [f"{heading} {text}" for text in own]
    shown = Lines(questions.summary_lines(turn, form, run, turn.language))
    turn.send(Phrase("room_request.sent"), shown, edit=turn.flow_pressed, kind="system")
    if not turn.flow_pressed:
        runs.take_buttons(turn, run)
    await runs.end(turn, run)
    await cases.hand_in(turn, reason="room_request", topic="rooms", lines=lines)
