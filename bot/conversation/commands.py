"""The commands: the same in every state and every language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.conversation import answers, cases, consent, glossary, menus
from bot.conversation.flows import founding_checklist, questions
from bot.conversation.flows.wording import title
from bot.conversation.replies import Lines, Part, Phrase
from bot.conversation.turn import Turn, button
from bot.handoff.states import SHARED, State, case_number
from bot.storage import cases as stored
from bot.storage import flows as stored_flows
from bot.storage.models import CaseMessage
from flows.guide.form import form_of


async def start(turn: Turn) -> None:
    """Greet, say that this is automatic, link privacy, show the topics; an open case is kept and named.

    A link to the glossary comes as this command too, with the word behind it.
    """
    shared = turn.view.state in SHARED
    if shared:
        await cases.say_status(turn)
    if await glossary.follow_link(turn, turn.argument) or shared:
        return
    turn.say("start.greeting", rows=menus.topics(turn), kind="system")
    turn.person.misses = 0


async def privacy(turn: Turn) -> None:
    """What happens to data: the curated entry, with the two rights as buttons."""
    await answers.answer_entry(turn, "office.privacy")


async def ask_forget(turn: Turn) -> None:
    """Ask before everything is erased; an open case is named, because it ends with it."""
    key = "privacy.forget_question_case" if turn.case is not None else "privacy.forget_question"
    later = ((button("button.forget_later", "forget", "later"),),) if turn.view.state in SHARED else ()
    rows = ((button("button.forget_yes", "forget", "yes"),), *later, (button("button.forget_no", "forget", "no"),))
    turn.say(key, rows=rows, kind="system", number=case_number(turn.case.id) if turn.case else "")


async def my_data(turn: Turn) -> None:
    """Everything that is held about the person, as text."""
    person, locales = turn.person, turn.parts.locales
    exchanges = await stored.exchanges_of(turn.session, person)
    parts: list[Part] = [Phrase("privacy.mydata", {
        "language": locales.name_of(person.language, turn.language), "chat_id": person.chat_id,
        "since": person.created_at,
    })]  # fmt: skip
    lines = tuple(consent.line(consent.describe(turn.parts, turn.language, item)) for item in exchanges)
    head = Phrase("privacy.mydata_questions", {"count": turn.parts.exchange_hours})
    parts.append(Lines((head, *(lines or (Phrase("privacy.mydata_none"),)))))
    for case in await stored.cases_of(turn.session, person):
        if case.state == State.INTAKE:
            continue
        params = {"number": case_number(case.id), "since": case.opened_at}
        messages = await stored.messages_of(turn.session, case)
        own = (consent.line(_said(turn, item)) for item in messages if item.author in THEIRS)
        parts.append(Lines((Phrase("privacy.mydata_case", params), *own)))
    parts += await _flows_data(turn)
    if urgent_until := cases.urgent_until(turn):
        parts.append(Phrase("privacy.mydata_urgent", {"time": urgent_until}))
    turn.send(*parts, kind="system", rows=menus.for_case(turn, "menu", 0, 0))


def _said(turn: Turn, message: CaseMessage) -> str:
    """A message of a case in a line; what staff picked by its title, what is no text by its kind."""
    if message.media:
        return consent.with_caption(turn.parts.locales.say(turn.language, f"sent.{message.media}"), message.text)
    if message.kind == "entry" and turn.parts.library.has(message.ref or ""):
        return turn.parts.library.entry(message.ref or "", turn.language).question
    return message.text or f"[{message.ref or '–'}]"


async def _flows_data(turn: Turn) -> list[Part]:
    """The answers of every flow that is kept, and the reminders that are set."""
    parts: list[Part] = []
    for run in await stored_flows.runs_of(turn.session, turn.person):
        head = Phrase("privacy.mydata_flow", {"flow": title(run.flow), "since": run.created_at.date()})
        lines = questions.summary_lines(turn, form_of(run.flow), run, turn.language)
        parts.append(Lines((head, *lines, *founding_checklist.ticked_lines(turn, run))))
    reminders = await stored_flows.reminders_of(turn.session, turn.person)
    if reminders:
        parts.append(Lines(tuple(Phrase("privacy.mydata_reminder", {"when": one.due_at}) for one in reminders)))
    return parts


async def unknown(turn: Turn) -> None:
    """A command that does not exist: name those that do."""
    turn.say("help.unknown_command", rows=menus.topics(turn), kind="system")


COMMANDS: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "start": start,
    "help": answers.explain,
    "glossary": glossary.look_up,
    "language": answers.choose_language,
    "human": answers.hand_off,
    "privacy": privacy,
    "forget": ask_forget,
    "mydata": my_data,
    "stop": answers.stop,
    "cancel": answers.stop,
    "menu": start,
}
THEIRS = frozenset({"person", "shared", "asked", "staff"})
"""Whose messages a person gets a copy of: what staff noted or have not sent is not addressed to them."""
RIGHTS = frozenset({"human", "language", "privacy", "mydata", "forget", "stop", "cancel"})
"""What a person can do always, however much they wrote before (design, rule 6)."""
LISTED = ("start", "help", "glossary", "language", "human", "privacy", "mydata", "forget", "stop")
"""The commands that Telegram shows, in this order; their descriptions are `command.<name>` in the locales."""
