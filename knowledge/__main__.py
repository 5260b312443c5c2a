"""`python -m knowledge check|coverage|new`: what an editor and the build ask about the content, and how it grows."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from knowledge import asked, new, readable
from knowledge.checks import check
from knowledge.funding_checks import check_funding
from knowledge.library import CONTENT, Library, load
from knowledge.loader import languages_in
from knowledge.model import Problem, Severity
from knowledge.report import coverage_table, gaps, status_table
from nlu.examples import BadExamplesError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 1 if the content has errors, 2 for what cannot be done."""
    options = _parser().parse_args(arguments)
    library = load(options.languages or languages_in(options.folder), options.folder)
    try:
        return int(options.run(library, options))
    except (new.CannotBeMade, BadExamplesError) as error:
        print(error, file=sys.stderr)
        return 2


def _check(library: Library, options: argparse.Namespace) -> bool:
    """Whether there are errors."""
    today = date.today()
    problems = [*check(library, today), *check_funding(library.shelf, today), *readable.hard_answers(library),
                *asked.gaps(library)]  # fmt: skip
    if options.ids:
        problems = [problem for problem in problems if _is_about(problem, options.ids)]
    if problems:
        print(gaps(problems), end="\n\n")
    if not options.ids:
        print("\n".join(filter(None, [status_table(library), readable.summary(library)])))
    elif not problems:
        print("nothing is missing")
    return any(problem.severity is Severity.ERROR for problem in problems)


def _is_about(problem: Problem, ids: Sequence[str]) -> bool:
    place = problem.file.partition("/content/")[2]
    named = problem.what.replace(":", "").split()
    return any(place.startswith(f"{id.replace('.', '/')}.") or id in named for id in ids)


def _coverage(library: Library, options: argparse.Namespace) -> bool:
    folder = library.shelf.folder
    print(coverage_table(library, asked.count_examples(folder), asked.accuracy(folder)))
    return False


def _new(library: Library, options: argparse.Namespace) -> bool:
    if options.language:
        files = new.new_translation(library, options.id, options.language)
    else:
        files = new.new_entry(library, options.id, date.today(), new_topic=options.new_topic)
    new.write(files)
    shown = [path.relative_to(asked.checkout(options.folder)).as_posix() for path in files]
    print(new.next_steps(options.id, shown, language=options.language, new_topic=options.new_topic))
    return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--languages", type=_codes, help="such as de,en,tr,ar; without it, every language with a file")
    common.add_argument("--folder", type=Path, default=CONTENT, help="the content folder")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("check", parents=[common], help="print every gap per language; exit 1 on errors")
    one.add_argument("ids", nargs="*", metavar="id", help="only the gaps of these entries, such as funding.overview")
    one.set_defaults(run=_check)
    one = commands.add_parser("coverage", parents=[common], help="how far each language has come in each topic")
    one.set_defaults(run=_coverage)
    one = commands.add_parser("new", parents=[common], help="make the files of an entry, or of one of its translations")
    one.add_argument("id", help="such as funding.example_grant")
    one.add_argument("--language", help="make the translation into this language, such as en")
    one.add_argument("--new-topic", action="store_true", help="the topic does not exist yet")
    one.set_defaults(run=_new)
    return parser


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `check | head` is no fault
    sys.exit(main())
