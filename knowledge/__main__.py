"""`python -m knowledge check|coverage`: what an editor and the build ask about the content."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from knowledge.checks import check
from knowledge.library import CONTENT, load
from knowledge.loader import languages_in
from knowledge.model import Severity
from knowledge.report import coverage_table, gaps, status_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 1 if the content has errors, 2 for a wrong command line."""
    options = _parser().parse_args(arguments)
    library = load(options.languages or languages_in(options.folder), options.folder)
    if options.command == "coverage":
        print(coverage_table(library))
        return 0
    problems = check(library, date.today())
    if problems:
        print(gaps(problems), end="\n\n")
    print(status_table(library))
    return int(any(problem.severity is Severity.ERROR for problem in problems))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--languages", type=_codes, help="such as de,en,tr,ar; without it, every language with a file")
    common.add_argument("--folder", type=Path, default=CONTENT, help="the content folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", parents=[common], help="print every gap per language; exit 1 on errors")
    commands.add_parser("coverage", parents=[common], help="print how far each language has come in each topic")
    return parser


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


if __name__ == "__main__":
    sys.exit(main())
