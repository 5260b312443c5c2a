"""A process that has loaded the bot's modules and forks a new bot for every line it reads.

Loading them takes a second or two; so thirty restarts take as long as one. What is started (and killed) is the same
process as `python -m bot run`, from the reading of its settings on.
"""

from __future__ import annotations

import os
import signal
import sys

import bot.app
from bot.__main__ import main


def serve() -> None:
    """Fork a bot per line and print its process id."""
    assert bot.app
    # Nobody waits for the bots that end: the kernel clears them away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os._exit(main(["run"]))
        print(child, flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    serve()
