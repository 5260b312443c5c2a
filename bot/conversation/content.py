"""What editors write, as the bot has it now: read at the start, and again whenever a file has changed.

Whoever needs the library asks `Content` for it each time, so that all see the same from one moment on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.conversation.crisis import CrisisFileError, CrisisWords, read_phrases
from bot.locales import Locales
from knowledge.checks import check
from knowledge.library import Library, load
from knowledge.loader import is_untranslated
from knowledge.model import Problem, Severity

log = logging.getLogger(__name__)

READ = {".md", ".yml"}
CONTENT = "content"
"""The folder of entries in the folder of knowledge; what stands beside it holds for all of them."""

LOOK_SECONDS, REST, LONGEST_PAUSE = 2.0, 50, 10.0
"""How often the files are looked at; how many times as long as a look took there is none, and how long at most."""

State = frozenset[tuple[str, int, int]]
"""Name, time of change and size of every file."""


@dataclass(frozen=True)
class Edition:
    """Everything as it was read at one time."""

    library: Library
    crisis: CrisisWords
    errors: tuple[Problem, ...]

    @property
    def shown(self) -> set[str]:
        """The files of entries that can be shown, as problems name them."""
        shelf = self.library.shelf
        return {shelf.shown(shelf.path(id, language)) for id, language in shelf.entries}


class Content:
    """The edition in use. `folder` is that of `topics.yml`, `contacts.yml`, `crisis.yml` and `content/`."""

    def __init__(self, folder: Path, locales: Locales) -> None:
        """Read everything; what is broken is left out and said loudly. Raises `CrisisFileError`."""
        self._folder = folder
        self.locales = locales
        self._tried = self._seen = state_of(folder)
        self._looked = 0.0
        self._edition = self._read()
        for problem in (*self.library.problems, *self._nameless(self.library.topics)):
            if problem.severity is Severity.ERROR and not is_untranslated(problem):
                log.error("content left out: %s", problem)

    @property
    def library(self) -> Library:
        """The curated entries and contacts."""
        return self._edition.library

    def has_version(self, id: str, version: int) -> bool:
        """Whether the entry is, in the edition in use, still what it was in this version."""
        return self.library.has_version(id, version)

    @property
    def crisis(self) -> CrisisWords:
        """The words of danger."""
        return self._edition.crisis

    @property
    def pause(self) -> float:
        """Seconds until the next look: one at thousands of files takes a while, in which people wait."""
        return min(max(LOOK_SECONDS, REST * self._looked), LONGEST_PAUSE)

    async def refresh(self) -> bool:
        """Take over what has changed on the disk, once it stays the same from one look to the next, if it is sound.

        Otherwise all stays as it was, which is said in one line. Returns whether there is a new edition.
        """
        began = time.monotonic()
        last, self._seen = self._seen, await asyncio.to_thread(state_of, self._folder)
        self._looked = time.monotonic() - began
        if self._seen == self._tried or self._seen != last:
            return False
        self._tried = self._seen
        try:
            newer = await asyncio.to_thread(self._read)
        except CrisisFileError as error:
            log.error("content stays as it was: %s", " ".join(str(error).split()))
            return False
        harm = worse(self._edition, newer)
        if harm:
            more = f" (and {len(harm) - 1} more: `python -m knowledge check`)" if len(harm) > 1 else ""
            log.error("content stays as it was: %s%s", harm[0], more)
            return False
        self._edition = newer
        log.info("content has been read again")
        return True

    def _read(self) -> Edition:
        library = load(self.locales.languages, self._folder / CONTENT)
        problems = [*check(library, datetime.now().astimezone().date()), *self._nameless(library.topics)]
        errors = tuple(problem for problem in problems if problem.severity is Severity.ERROR)
        return Edition(library, CrisisWords(read_phrases(self._folder / "crisis.yml")), errors)

    def _nameless(self, topics: Iterable[str]) -> list[Problem]:
        """Topics whose name the bot does not know; it learns names at its start only."""
        return [
            Problem(f"{self._folder.name}/topics.yml", 1, f"topic {topic}: the bot has no text {key} for it")
            for topic in topics
            for key in (f"topic.{topic}", f"topic.{topic}_head")
            if key not in self.locales.keys
        ]


def state_of(folder: Path) -> State:
    """What tells that a file was changed, for all files that are read."""
    return frozenset(_files(folder))


def _files(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    # Past pathlib: with 2,000 entries in eight languages its objects take most of the time.
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir():
                yield from _files(one.path)
            elif os.path.splitext(one.name)[1] in READ and not one.name.startswith("."):
                # Gone already: an editor's program has just put another in its place.
                with contextlib.suppress(FileNotFoundError):
                    stat = one.stat()
                    yield one.path, stat.st_mtime_ns, stat.st_size


def worse(old: Edition, new: Edition) -> list[Problem]:
    """The errors that the older edition does not have, where something is shown now or would be.

    A translation that does not exist yet, an entry that is not finished and a stray file take nothing away.
    """
    known = {(problem.file, problem.what) for problem in old.errors}
    shown = old.shown | new.shown
    return [
        problem
        for problem in new.errors
        if (problem.file, problem.what) not in known
        and not is_untranslated(problem)
        and (problem.file in shown or f"/{CONTENT}/" not in problem.file)
    ]
