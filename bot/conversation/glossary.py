"""The glossary in the chat: what a German word means, by question, command, button or link."""

from __future__ import annotations

from bot.conversation import menus
from bot.conversation.replies import Explanation
from bot.conversation.turn import Turn
from bot.handoff.states import WITH_HUMAN
from knowledge.model import Term

PAYLOAD = "term-"
"""What stands before a term's slug in a link that opens the chat (`?start=term-satzung`)."""
LONGEST = 100
"""Characters behind `/glossary` that are looked at."""


async def explain(turn: Turn, term: Term) -> None:
    """What the term means, and up to three questions that need it. The person's own words are not kept.

    While a human being talks, a link in what they sent explains its word, and nothing else is offered.
    """
    with_human = turn.view.state in WITH_HUMAN
    rows, kind = ((), "system") if with_human else (menus.after_term(turn, term), "answer")
    turn.send(Explanation(term.id), rows=rows, kind=kind)
    turn.person.misses = 0
    await turn.count_question("explained", term.slug)


async def look_up(turn: Turn) -> None:
    """`/glossary` shows the list; `/glossary Satzung` explains, or names the words that are nearest."""
    typed = turn.argument[:LONGEST]
    term = turn.parts.library.glossary.find(typed, turn.language)
    if not typed:
        show(turn)
    elif term is not None:
        await explain(turn, term)
    else:
        near = turn.parts.library.glossary.nearest(typed, turn.language)
        turn.say("glossary.nearest" if near else "glossary.unknown", rows=menus.terms(near), kind="system")


async def follow_link(turn: Turn, payload: str) -> bool:
    """Explain the term that a link in an answer names; False if the payload is none of a known term."""
    slug = payload.removeprefix(PAYLOAD)
    id = turn.parts.library.glossary.by_slug(slug) if slug != payload else None
    if id is None:
        return False
    await explain(turn, turn.parts.library.glossary.term(id, turn.language))
    return True


def show(turn: Turn, *, edit: bool = False) -> None:
    """The list by the letters of the reader's own words."""
    turn.say("glossary.head", rows=menus.alphabet(turn), edit=edit, kind="system")


def show_page(turn: Turn, number: int) -> bool:
    """One page of the list in the place of what was pressed; False if there is no such page."""
    pages = turn.parts.library.glossary.pages(turn.language)
    if not 0 <= number < len(pages):
        return False
    first, last = menus.guide(pages[number])
    turn.say("glossary.page", rows=menus.terms(pages[number], back=True), edit=True, kind="system",
             first=first, last=last)  # fmt: skip
    return True
