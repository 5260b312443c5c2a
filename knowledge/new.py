"""`python -m knowledge new funding.example_grant`: the files of a new entry, with a hint wherever something is missing.

Every hint begins with FILL IN; while one is left, `check` names its line and nobody gets to see the entry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

from knowledge.asked import FEWEST, example_files
from knowledge.checks import LONGEST_OTHER, LONGEST_SOURCE
from knowledge.library import Library
from knowledge.model import SMALLTALK, SOURCE_LANGUAGE, Entry
from knowledge.reader import FENCE, FILL_IN
from knowledge.topics import add_name

ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
LONGEST_ID = 50
"""Letters; the id travels in a button's 64 bytes."""
REVIEW_AFTER = timedelta(days=182)


class CannotBeMade(Exception):
    """The entry or translation cannot be made; the text is one line for the editor."""


def new_entry(library: Library, id: str, today: date, *, new_topic: bool = False) -> dict[Path, str]:
    """What the files of a new entry hold, by path, those that change included. Raises `CannotBeMade`."""
    _must_be_free(library, id, new_topic=new_topic)
    shelf = library.shelf
    topics = shelf.folder.parent / "topics.yml"
    files = {
        shelf.path(id, SOURCE_LANGUAGE): _source(id, today, next(iter(library.contacts), "")),
        topics: add_name(topics.read_text(encoding="utf-8"), id),
    }
    examples = example_files(shelf.folder, id).values()
    return files | {path: _place_for_examples(path, id) for path in examples}


def new_translation(library: Library, id: str, language: str) -> dict[Path, str]:
    """What the file of a new translation holds, the German words in it to be replaced. Raises `CannotBeMade`."""
    if not library.has(id):
        raise CannotBeMade(f"{id} has no German file that can be read: run `python -m knowledge check {id}`")
    if not re.fullmatch("[a-z]{2,3}", language) or language == SOURCE_LANGUAGE:
        raise CannotBeMade(f"{language} is no language to translate into; use a code such as en or tr")
    path = library.shelf.path(id, language)
    if path.exists():
        raise CannotBeMade(f"{library.shelf.shown(path)} exists already")
    return {path: _translation(library.entry(id, SOURCE_LANGUAGE))}


def write(files: Mapping[Path, str]) -> None:
    """Write all files, their folders included."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def next_steps(id: str, files: Sequence[str], *, language: str | None, new_topic: bool) -> str:
    """What the editor does with the files just made."""
    steps = [f"Put something in the place of every FILL IN in {files[0]}"]
    if new_topic:
        topic = id.partition(".")[0]
        names = f'msgid "topic.{topic}" and "topic.{topic}_head"'
        steps.append(f"Name the topic in every bot/locales/<language>.po: {names}")
    steps.append(f"See whether anything is missing: .venv/bin/python -m knowledge check {id}")
    if not language:
        file = f"nlu/data/<language>/{id.partition('.')[0]}.yml"
        steps.append(f"Write at least {FEWEST}, better 40 messages that ask for it, per language, one a line as\n"
                     f"   `    - ...` at the end of {file}")  # fmt: skip
        steps.append("make train")
    lines = [f"{number}. {step}" for number, step in enumerate(steps, 1)]
    return "\n".join(["made or changed:", *(f"  {file}" for file in files), *lines, "more: knowledge/README.md"])


def _must_be_free(library: Library, id: str, *, new_topic: bool) -> None:
    topic, _, name = id.partition(".")
    topics = [known for known in library.shelf.topics if known != SMALLTALK]
    if not ID.fullmatch(id) or len(id) > LONGEST_ID or topic == SMALLTALK:
        raise CannotBeMade(f"{id} is no id: write <topic>.<name> in small letters, digits and _, as in rooms.my_hall")
    if name in library.shelf.topics.get(topic, ()) or library.shelf.path(id, SOURCE_LANGUAGE).exists():
        raise CannotBeMade(f"{id} exists already")
    if topic not in topics and not new_topic:
        raise CannotBeMade(f"there is no topic {topic}; there are {', '.join(topics)} (--new-topic makes a new one)")


def _source(id: str, today: date, contact: str) -> str:
    limits = LONGEST_SOURCE
    return dedent(f"""\
        {FENCE}
        id: {id}
        question: "{FILL_IN}: the question as people ask it, at most {limits["question"]} letters"
        label: "{FILL_IN}: two or three words for a button, at most {limits["label"]} letters"
        version: 1  # raise it when a fact or the meaning changes, not for a typo
        as_of: {today:%Y-%m}  # the month in which the facts were checked
        owner: {contact or FILL_IN}  # who answers for this entry
        review_by: {today + REVIEW_AFTER}  # the day by which somebody should check it again
        contacts: [{contact}]  # whom to ask: names from knowledge/contacts.yml
        related: []  # up to three neighbours, as [{id.partition(".")[0]}.overview]
        sensitive: false  # true: nothing that people write about it is stored
        counsel: false  # true: the answer ends with where to get legal advice
        keywords: []  # German words that stand on forms, from knowledge/glossary/de.yml, as [Verein, Satzung]
        facts:  # every number, date, phone and link of the text, one a line, like this one without its #
        #  - {{id: amount, kind: amount, value: "500 EUR", as_of: {today:%Y-%m}, source: "where it says so"}}
        {FENCE}
        {FILL_IN}: the answer in plain German: short sentences, at most {limits["text"]} letters
        """)


def _translation(source: Entry) -> str:
    def quoted(text: str) -> str:
        return text.replace("\\", "\\\\").replace('"', '\\"')

    front = dedent(f"""\
        {FENCE}
        id: {source.id}
        question: "{FILL_IN}: {quoted(source.question)}"
        label: "{FILL_IN}: {quoted(source.label)}"
        translation_of: {source.version}
        method: machine_draft  # native: written by a speaker; reviewed: checked by one, whose name stands below
        reviewer: null
        {FENCE}
        """)
    hint = f"{FILL_IN}: translate what follows, at most {LONGEST_OTHER['text']} letters, and delete this line\n\n"
    steps = f"\n\n<!-- steps -->\n{source.steps}" if source.steps else ""
    return f"{front}{hint}{source.text}{steps}\n"


def _place_for_examples(path: Path, id: str) -> str:
    """The file of examples with an empty place for the entry at its end."""
    text = path.read_text(encoding="utf-8") if path.exists() else 'version: "3.1"\nnlu:\n'
    return f"{text.rstrip()}\n- intent: {id}\n  examples: |\n"
