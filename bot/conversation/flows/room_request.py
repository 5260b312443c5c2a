"""The end of the room request: a case at the office, in German, with the person's own words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversation import cases
from bot.conversation.flows import questions, runs
from bot.conversation.flows.wording import answered, in_own_words, short, value_text
from bot.conversation.hold import say_muted
from bot.conversation.replies import Lines, Phrase
from bot.conversation.turn import Turn
from bot.storage.models import FlowRun
from flows.guide.form import form_of


async def send_request(turn: Turn, run: FlowRun, reply: Mapping[str, Any]) -> None:
    """Pressing "send" under the summary is the consent: what was shown is what the office gets."""
    if say_muted(turn):
        return
    form, lines = form_of(run.flow), _for_office(turn, run)
    shown = Lines(questions.summary_lines(turn, form, run, turn.language))
    turn.send(Phrase("room_request.sent"), shown, edit=turn.flow_pressed, kind="system")
    if not turn.flow_pressed:
        runs.take_buttons(turn, run)
    await runs.end(turn, run)
    await cases.hand_in(turn, reason="room_request", topic="rooms", lines=lines)


def _for_office(turn: Turn, run: FlowRun) -> list[str]:
    """The request in the office's language; what the person wrote in another one stands below, as they wrote it."""
    locales, office, language = turn.parts.locales, turn.parts.office_language, turn.person.language
    form, lines, originals = form_of(run.flow), [locales.say(office, f"{run.flow}.title")], list[str]()
    for one in answered(form, run.slots):
        what, value = locales.say(office, short(form, one.slot).key), run.slots[one.slot]
        if language != office and in_own_words(one, value):
            lines.append(f"{what}: {locales.say(office, 'room_request.see_original')}")
            originals.append(locales.say(office, "room_request.original", {
                "what": what, "language": locales.name_of(language, office), "text": value,
            }))  # fmt: skip
        else:
            lines.append(f"{what}: {value_text(locales, office, form, one, value)}")
    return [*lines, *originals]
