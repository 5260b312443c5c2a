"""What stands between two processes of a journey, and can be cut."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field


@dataclass
class Wire:
    """A line between the bot and another process: it can be dead, silent (accepts and never answers) or connected."""

    port: int
    to: int
    server: asyncio.Server | None = None
    answering: bool = True
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connect(self, *, answering: bool = True) -> None:
        """Let the bot reach the other, or only somebody who never answers."""
        await self.cut()
        self.answering = answering
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Nobody listens any more, and what was open is closed."""
        if self.server is not None:
            self.server.close()
            self.server = None
        for writer in list(self.open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        with contextlib.suppress(OSError):
            if not self.answering:
                await reader.read()
                return
            from_other, to_other = await asyncio.open_connection("127.0.0.1", self.to)
            self.open.add(to_other)
            await asyncio.gather(_pump(reader, to_other), _pump(from_other, writer))
        self.open.discard(writer)
        writer.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()
