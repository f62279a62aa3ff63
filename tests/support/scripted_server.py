"""A mail server that does what a test tells it, right or wrong."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

DROP = "drop the connection"
SILENCE = "say nothing"
USUAL: Mapping[str, str] = {
    "BANNER": "220 scripted",
    "EHLO": "250 scripted",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 queued as 1",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@dataclass(slots=True)
class Scripted:
    """Answers by command: a text (lines split by a newline), `DROP` or `SILENCE`.

    Texts split by `|` are given in turn, the last one from then on. `delay` is in seconds, by command or by a
    whole line that was heard.

    With `drip` the scripted answers come byte by byte, so many seconds apart.
    `BODY` answers when the body has begun, before its end. `heard` keeps commands, `mails` raw bodies as they
    came over the wire, dot included.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    delay: Mapping[str, float] = field(default_factory=dict)
    drip: float = 0
    tls: ssl.SSLContext | None = None
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    connections: int = 0

    def text(self, verb: str) -> str:
        """What is said to a command this time."""
        turns = self.answers.get(verb, USUAL.get(verb, "502 what?")).split("|")
        times = sum(line.split()[0].upper() == verb for line in self.heard)
        return turns[min(times, len(turns)) - 1]

    async def answer(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        """Say what the script says; False: the connection is over."""
        line = self.heard[-1] if self.heard else verb
        await asyncio.sleep(self.delay.get(line, self.delay.get(verb, 0)))
        text = self.text(verb)
        if text == DROP:
            return False
        if text == SILENCE:
            return True
        said = text.replace("\n", "\r\n").encode("latin-1") + b"\r\n"
        step = 1 if self.drip and verb in self.answers else len(said)
        for start in range(0, len(said), step):
            writer.write(said[start : start + step])
            await writer.drain()
            await asyncio.sleep(self.drip)
        return True

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        try:
            going = await self.answer("BANNER", writer)
            while going and (line := (await reader.readline()).decode("latin-1").strip()):
                verb = line.split()[0].upper()
                self.heard.append(line)
                going = await self.answer(verb, writer)
                if verb == "STARTTLS" and self.tls is not None:
                    await writer.start_tls(self.tls)
                if verb == "DATA" and going and self.text(verb).startswith("354"):
                    going = await self.take(reader, writer)
                if verb == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client went away, which is its right
        finally:
            writer.close()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """The body and its dot."""
        if "BODY" in self.answers:
            await reader.readexactly(1)
            if not await self.answer("BODY", writer):
                return False
        self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
        return await self.answer("DOT", writer)


@asynccontextmanager
async def serving(script: Scripted, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port on 127.0.0.1 where the script is played; `tls` from the first byte."""
    server = await asyncio.start_server(script.talk, "127.0.0.1", 0, limit=2**24, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@contextmanager
def played_beside(script: Scripted) -> Iterator[int]:
    """The script played in a thread beside the test; its port."""
    loop, ready, done, port = asyncio.new_event_loop(), threading.Event(), asyncio.Event(), [0]

    async def play() -> None:
        async with serving(script) as port[0]:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(play(),))
    thread.start()
    ready.wait(10)
    try:
        yield port[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()
