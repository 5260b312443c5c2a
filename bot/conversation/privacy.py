"""The rights of a person: what happens to their data, a copy of all of it, and having it erased."""

from __future__ import annotations

from bot.conversation import answers, cases, consent, menus
from bot.conversation.flows import founding_checklist, questions
from bot.conversation.flows.wording import title
from bot.conversation.replies import Data, Lines, Part, Phrase
from bot.conversation.turn import Turn, button
from bot.handoff.states import SHARED, State, case_number
from bot.storage import cases as stored
from bot.storage import disclosure, persons
from bot.storage import flows as stored_flows
from bot.storage.desk import referrals_of
from bot.storage.disclosure import ADDRESSED
from bot.storage.models import Case, CaseMessage
from flows.guide.form import form_of

ANSWERED_WITHIN = 3600
"""Seconds in which the question whether to erase everything is to be answered; after that it is asked again."""
LONGEST_MOMENT = 12
"""Digits of a moment in a button, in seconds since 1970."""


async def explain(turn: Turn) -> None:
    """What happens to data: the curated entry, and how long everything is kept."""
    await answers.answer_entry(turn, answers.PRIVACY)


async def ask_forget(turn: Turn) -> None:
    """Ask before everything is erased; an open case is named, because it ends with it.

    The buttons hold when it was asked, and the case that was named.
    """
    key = "privacy.forget_question_case" if turn.case is not None else "privacy.forget_question"
    ways = ("yes", "later", "no") if turn.view.state in SHARED else ("yes", "no")
    asked = (str(int(turn.now.timestamp())), _case_named(turn))
    rows = tuple((button(f"button.forget_{way}", "forget", *asked, way),) for way in ways)
    turn.say(key, rows=rows, kind="system", number=case_number(turn.case.id) if turn.case else "")


def may_still_answer(turn: Turn, asked: tuple[str, ...]) -> bool:
    """Whether the question of `ask_forget` is a fresh one: erasing cannot be undone, so no old button does it.

    `asked`: what its buttons hold. Whoever was not known before this turn has nothing that an answer could harm.
    """
    if turn.newcomer:
        return True
    if len(asked) != 2 or not (asked[0].isdecimal() and len(asked[0]) <= LONGEST_MOMENT):
        return False
    at, now = int(asked[0]), int(turn.now.timestamp())
    known_since = int(turn.person.created_at.timestamp())
    return known_since <= at <= now < at + ANSWERED_WITHIN and asked[1] == _case_named(turn)


def _case_named(turn: Turn) -> str:
    return str(turn.case.id) if turn.case is not None else "0"


async def my_data(turn: Turn) -> None:
    """Everything that is held about the person, as text to read and as a file to pass on."""
    parts = [*await _person(turn)]
    for case in await stored.cases_of(turn.session, turn.person):
        if case.state != State.INTAKE:
            parts.append(await _case(turn, case))
    parts += await _flows(turn)
    parts += _waiting(turn)
    retention = turn.parts.retention
    held = await disclosure.everything_about(turn.session, turn.person, turn.now, retention)
    turn.send(*parts, kind="system", rows=menus.for_case(turn, "menu", 0, 0))
    caption = Phrase("privacy.mydata_file")
    turn.items.append(Data(content=held, name="mydata", caption=caption, language=turn.language))


async def _person(turn: Turn) -> list[Part]:
    person, locales = turn.person, turn.parts.locales
    exchanges = await stored.exchanges_of(turn.session, person, newest=None)
    head = Phrase("privacy.mydata_questions", {"count": turn.parts.retention.exchange_hours})
    lines = tuple(consent.line(consent.describe(turn.parts, turn.language, item)) for item in exchanges)
    parts: list[Part] = [
        Phrase("privacy.mydata", {"language": locales.name_of(person.language, turn.language),
                                  "chat_id": person.chat_id, "since": person.created_at}),
        Lines((head, *(lines or (Phrase("privacy.mydata_none"),)))),
    ]  # fmt: skip
    if kept := await persons.unanswered_of(turn.session, person):
        parts.append(Lines((Phrase("privacy.mydata_unanswered"), *(consent.line(one.text) for one in kept))))
    return parts


async def _case(turn: Turn, case: Case) -> Part:
    messages = await stored.messages_of(turn.session, case)
    lines = [Phrase("privacy.mydata_case", {"number": case_number(case.id), "since": case.opened_at})]
    lines += [consent.line(_said(turn, item)) for item in messages if item.author in ADDRESSED]
    lines += [Phrase("privacy.mydata_referral", {"contact": _contact(turn, one.contact), "when": one.at.date()})
              for one in await referrals_of(turn.session, case.id)]  # fmt: skip
    if notes := sum(item.author not in ADDRESSED for item in messages):
        lines.append(Phrase("privacy.mydata_notes", {"notes": notes}))
    return Lines(tuple(lines))


def _contact(turn: Turn, contact: str) -> str:
    known = turn.parts.library.contacts.get(contact)
    return known.name if known else contact


def _said(turn: Turn, message: CaseMessage) -> str:
    """A message of a case in a line; what staff picked by its title, what is no text by its kind."""
    if message.media:
        return consent.with_caption(turn.parts.locales.say(turn.language, f"sent.{message.media}"), message.text)
    if message.kind == "entry" and turn.parts.library.has(message.ref or ""):
        return turn.parts.library.entry(message.ref or "", turn.language).question
    return message.text or f"[{message.ref or '–'}]"


async def _flows(turn: Turn) -> list[Part]:
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


def _waiting(turn: Turn) -> list[Part]:
    """What holds for the person's next request."""
    parts: list[Part] = []
    if urgent_until := cases.urgent_until(turn):
        parts.append(Phrase("privacy.mydata_urgent", {"time": urgent_until}))
    if turn.person.muted_until is not None and turn.person.muted_until > turn.now:
        parts.append(Phrase("privacy.mydata_hold", {"time": turn.person.muted_until}))
    return parts
