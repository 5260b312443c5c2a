"""`python -m nlu.evaluate`: how the trained model does on messages it has never seen, and whether it truly has not.

Prints what is right per language and style, what was answered wrongly, and the worst confusions. Exits with 1 if a
message of the evaluation is, exactly or nearly, among the training examples.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterable
from typing import Any

from nlu.fingerprint import ROOT, model_path
from nlu.overlap import Example, overlaps, training_examples
from nlu.quiet import be_quiet
from nlu.report import Result, report


def main() -> None:
    """Evaluate the model for the present data; exit with 2 if there is none, 1 on overlap."""
    path = model_path()
    if not path.exists():
        sys.stderr.write("no model for the present data: run `python -m nlu.train` first\n")
        sys.exit(2)
    messages = evaluation_messages()
    found = overlaps(training_examples(ROOT / "nlu" / "data"), _examples(messages))
    be_quiet(ROOT)
    results, seconds = asyncio.run(understand(str(path), messages))
    write("\n".join(report(results)))
    write(f"{1000 * seconds / len(messages):.1f} ms a message")
    for trained, evaluated, likeness in found:
        write(f"overlap {likeness:.2f}: {trained.label} {trained.text!r} ~ {evaluated.text!r}")
    sys.exit(1 if found else 0)


def evaluation_messages() -> list[dict[str, str]]:
    """All lines of `nlu/evaluation/*.jsonl`: {"text", "lang", "id", "style"}."""
    files = sorted((ROOT / "nlu" / "evaluation").glob("*.jsonl"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


async def understand(path: str, messages: Iterable[dict[str, str]]) -> tuple[list[Result], float]:
    """What the model at `path` makes of each of `messages`, as the server would, and the seconds spent on that."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # otherwise every text would be printed
    processor: Any = Agent.load(path).processor
    results = []
    started = time.perf_counter()
    for message in messages:
        parsed = await processor.parse_message(UserMessage(message["text"], metadata={"language": message["lang"]}))
        names = tuple(guess["name"] for guess in parsed["intent_ranking"])
        results.append(Result(**message, names=names, decision=parsed["decision"], intent=parsed["intent"]["name"]))
    return results, time.perf_counter() - started


def write(line: str) -> None:
    """Put a line on standard output."""
    sys.stdout.write(f"{line}\n")


def _examples(messages: Iterable[dict[str, str]]) -> list[Example]:
    return [Example(message["text"], message["id"], message["lang"]) for message in messages]


if __name__ == "__main__":
    main()
