"""`python -m nlu.evaluate`: how the trained model does on messages it has never seen, and whether it truly has not.

Prints what is right per language and style, what was answered wrongly, the worst confusions and the thresholds, and
keeps the figures by topic in `var/evaluation.json` for `python -m knowledge coverage`. Exits with 1 if a message of the
evaluation is, exactly or nearly, among the training examples.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tarfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nlu.calibration import CALIBRATION, Calibration
from nlu.evaluation_set import evaluation_messages
from nlu.examples import Example, read_examples
from nlu.figures import FILE, figures, keep
from nlu.fingerprint import ROOT, model_path
from nlu.overlap import overlaps
from nlu.quiet import be_quiet
from nlu.report import Result, report


def main() -> None:
    """Evaluate the model for the present data; exit with 2 if there is none, 1 on overlap."""
    path = model_path()
    if not path.exists():
        sys.stderr.write("no model for the present data: run `python -m nlu.train` first\n")
        sys.exit(2)
    messages = evaluation_messages()
    found = overlaps(read_examples(ROOT / "nlu" / "data"), _examples(messages))
    be_quiet(ROOT)
    results, seconds = asyncio.run(understand(str(path), messages))
    write("\n".join([*report(results), *calibration_of(path).table()]))
    keep(figures(results, path.name.removesuffix(".tar.gz"), time.strftime("%Y-%m-%d")), ROOT / FILE)
    write(f"{1000 * seconds / len(messages):.1f} ms a message")
    for trained, evaluated, likeness in found:
        write(f"overlap {likeness:.2f}: {trained.label} {trained.text!r} ~ {evaluated.text!r}")
    sys.exit(1 if found else 0)


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


def calibration_of(path: Path) -> Calibration:
    """What decides how sure is sure enough, from the archive of the model."""
    with tarfile.open(path) as archive:
        name = next(name for name in archive.getnames() if name.endswith(f"/{CALIBRATION}"))
        member = archive.extractfile(name)
        assert member is not None, f"{name} is no file"
        return Calibration.from_json(member.read().decode())


def write(line: str) -> None:
    """Put a line on standard output."""
    sys.stdout.write(f"{line}\n")


def _examples(messages: Iterable[dict[str, str]]) -> list[Example]:
    return [Example(message["text"], message["id"], message["lang"]) for message in messages]


if __name__ == "__main__":
    main()
