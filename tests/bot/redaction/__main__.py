"""`python -m tests.bot.redaction`: what redaction finds and what it takes wrongly, per kind and language.

Also how many of the messages that the bot's understanding is examined with lose something: nobody names themselves
there, so nearly all of it is lost for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from bot.redaction import Kind, find
from bot.redaction.spelling import clean
from nlu.evaluation_set import evaluation_messages
from tests.bot.redaction.measure import HARD, PARTS, STRUCTURED, Tally, items, measure, together


def main() -> None:
    """Print the tables, and with `-v` every fault."""
    for part in (*PARTS, HARD):
        tallies = measure(item for item in items() if item.part == part)
        languages = sorted({language for _, language in tallies})
        print(f"\n{part}: {sum(item.part == part for item in items())} messages")
        print("| kind | passages | recall | precision |\n| --- | --- | --- | --- |")
        for kind in Kind:
            print(_row(kind, (tally for (of, _), tally in tallies.items() if of is kind)))
        print(_row("structured", (tally for (kind, _), tally in tallies.items() if kind in STRUCTURED)))
        print(_row("all", tallies.values()))
        for language in languages:
            print(_row(language, (tally for (_, of), tally in tallies.items() if of == language)))
        if "-v" in sys.argv:
            print("\n".join(fault for tally in tallies.values() for fault in tally.faults))
    messages = evaluation_messages()
    lose = sum(bool(find(clean(message["text"]), message["lang"])) for message in messages)
    print(f"\n{lose} of {len(messages)} messages of nlu/evaluation lose something")


def _row(name: str, tallies: Iterable[Tally]) -> str:
    whole = together(tallies)
    return f"| {name} | {whole.personal} | {whole.recall:.3f} | {whole.precision:.3f} |"


if __name__ == "__main__":
    main()
