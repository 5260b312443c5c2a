"""The keyboards: topics, questions of a topic, what can follow an answer, languages. All depth by buttons alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.actions import Action, case_action
from bot.conversation.flows import runs
from bot.conversation.replies import Button, Phrase, Rows
from bot.conversation.turn import Turn, button
from bot.handoff.states import WITH_HUMAN
from flows.guide.form import FLOWS
from knowledge.model import Entry, Term

URGENT = "urgent"
INTERPRETER = "interpreter"
HALF_A_ROW = 18
"""Letters that a phone shows on a button that shares its row with another one."""


def topics(turn: Turn, *, human_first: bool = False, urgent: bool = False) -> Rows:
    """The topics two in a row, then a person and the languages; the person on top where that is what helps most.

    `urgent`: a hand-off that begins with this button is marked as such.
    """
    named = [topic for topic in turn.parts.library.topics if f"topic.{topic}" in turn.parts.locales.keys]
    buttons = [button(f"topic.{topic}", "topic", topic) for topic in named]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    human = (button("button.human", "human", URGENT) if urgent else button("button.human", "human"),)
    rest = (button("button.glossary", "glossary"), button("button.language", "languages"))
    last = turn.run or turn.latest
    open_flow = ((runs.resume_button(last),),) if last is not None else ()
    return (human, *open_flow, *rows, rest) if human_first else (*open_flow, *rows, human, rest)


def questions(turn: Turn, topic: str) -> Rows:
    """The questions of a topic, one in a row, and the way back."""
    entries = turn.parts.library.entries(topic, turn.language)
    flows = tuple((runs.begin_button(flow),) for flow, its_topic in FLOWS.items() if its_topic == topic)
    rows = tuple((Button(entry.question, Action("ask", (entry.id,))),) for entry in entries)
    return (*flows, *rows, (button("button.back", "menu"), button("button.human", "human")))


def after_answer(turn: Turn, entry: Entry, *, rated: bool = False) -> Rows:
    """Feedback, further steps, related questions, menu and person."""
    library = turn.parts.library
    rows: list[tuple[Button, ...]] = []
    if entry.flow in FLOWS:
        rows.append((runs.begin_button(entry.flow),))
    if entry.steps:
        rows.append((button("button.more", "steps", entry.id),))
    rows += [
        (Button(library.entry(other, turn.language).question, Action("ask", (other,))),)
        for other in entry.related
        if library.has(other)
    ]
    if not rated:
        rows.append((button("button.helped", "rate", "yes", entry.id), button("button.not_helped", "rate", "no",
                                                                               entry.id)))  # fmt: skip
    if turn.run is not None and turn.pressed is not None:
        rows.append((runs.resume_button(turn.run),))
    # The topic travels with the button, so that nothing about a sensitive question has to be remembered for it.
    rows.append((button("button.menu", "newmenu"), button("button.human", "human", entry.topic)))
    return tuple(rows)


def candidates(turn: Turn, ids: list[str]) -> Rows:
    """Up to three questions to choose from, and the ways out."""
    rows = tuple((Button(turn.parts.library.entry(id, turn.language).question, Action("ask", (id,))),) for id in ids)
    return (*rows, (button("button.none_of_these", "newmenu"), button("button.human", "human")))


def alphabet(turn: Turn) -> Rows:
    """The pages of the glossary, each by the letters it begins and ends with."""
    pages = turn.parts.library.glossary.pages(turn.language)
    buttons = [Button(" – ".join(guide(page)), Action("words", (str(number),))) for number, page in enumerate(pages)]
    rows = tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))
    return (*rows, (button("button.menu", "newmenu"), button("button.human", "human")))


def guide(page: Sequence[Term]) -> tuple[str, str]:
    """The letters with which the first and the last word of a page begin."""
    first, last = ("".join(filter(str.isalnum, term.word))[:2].capitalize() for term in (page[0], page[-1]))
    return first, last


def terms(shown: Sequence[Term], *, back: bool = False) -> Rows:
    """Terms by the reader's own words, short ones two in a row, and the way on."""
    rows: list[tuple[Button, ...]] = []
    for term in shown:
        one = Button(term.word, Action("term", (term.slug,)))
        beside = rows[-1] if rows else ()
        if len(beside) == 1 and all(len(str(other.label)) <= HALF_A_ROW for other in (*beside, one)):
            rows[-1] = (*beside, one)
        else:
            rows.append((one,))
    glossary = button("button.back", "words") if back else button("button.glossary", "glossary")
    return (*rows, (glossary, button("button.menu", "newmenu")))


def after_term(turn: Turn, term: Term) -> Rows:
    """Questions that need the term, the glossary and the menu."""
    entries = [turn.parts.library.entry(id, turn.language) for id in turn.parts.library.about(term)]
    rows = tuple((Button(entry.question, Action("ask", (entry.id,))),) for entry in entries)
    return (*rows, (button("button.glossary", "glossary"), button("button.menu", "newmenu")))


def languages(turn: Turn) -> Rows:
    """Every language by its own name."""
    codes = turn.parts.locales.languages
    buttons = [Button(turn.parts.locales.name_of(code), Action("language", (code,))) for code in codes]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def foreign(turn: Turn) -> Rows:
    """Every language by its own name, and a human being, who can bring an interpreter."""
    return (*languages(turn), (button("button.human", "human", INTERPRETER),))


def switch(turn: Turn, code: str) -> Rows:
    """Stay in the language of this message, or keep the chat's."""
    names = turn.parts.locales
    return (
        (Button(Phrase("button.answer_in", {"language": names.name_of(code)}), Action("language", (code,))),),
        (Button(Phrase("button.stay_in", {"language": names.name_of(turn.person.language)}),
                Action("language", (turn.person.language,)), turn.person.language),),
    )  # fmt: skip


def for_case(turn: Turn, name: str, case_id: int, version: int, more: str = "") -> Rows:
    """The buttons that a transition names; each is bound to the case as it is after the transition.

    `more` goes along with the buttons "add" (a topic). While a human being talks there is no menu.
    """
    menu: Rows = () if turn.view.state in WITH_HUMAN else ((button("button.menu", "newmenu"),),)

    def bound(label: str, action: str, *more: str) -> Button:
        return Button(Phrase(label), case_action(action, case_id, version, *more))

    rows: dict[str, Rows] = {
        "": (),
        "menu": menu,
        "consent": ((bound("button.consent_yes", "consent", "yes"),), (bound("button.consent_no", "consent", "no"),)),
        "waiting": (*menu, (bound("button.withdraw", "withdraw"),)),
        "human": (),
        "solved": (
            (bound("button.solved", "solved", "yes"),),
            (bound("button.not_solved", "solved", "no"),),
            (bound("button.back_to_bot", "solved", "left"),),
        ),
        "same": ((bound("button.same_yes", "same", "yes"),), (bound("button.same_no", "same", "no"),)),
        "add": ((bound("button.add_subject", "addto", more),), *menu),
    }
    return rows[name]
