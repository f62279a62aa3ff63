"""A mail server that misbehaves on purpose, in a process of its own; what it accepts is on record first.

Run as `python server.py FOLDER SEED`: the port appears in FOLDER/port, every accepted mail as a line of
FOLDER/accepted. While FOLDER/faulty exists it draws faults; recipients in FOLDER/dead are refused always. What is
also for the journal lies in the Maildir FOLDER/journal before its answer leaves.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*<([^>]+)>")
# What goes wrong, of a hundred mails each; the rest is taken as it should be.
FAULTS = {
    "busy at the greeting": 3,
    "greylisted": 6,
    "refuses everybody": 3,
    "journal refused": 4,
    "stalled": 2,
    "deferred after the dot": 4,
    "dropped in the body": 4,
    "dropped before it is accepted": 4,
    "dropped after it is accepted": 3,
    "late": 6,
    "never answered": 1,
}
_LATE_SECONDS, _STALLED_SECONDS, _NEVER_SECONDS = 0.2, 1.0, 3.0
JOURNAL = "nhatky@example.vn"
# What a whole server says to one letter after the other, whoever it is for.
REFUSALS = (
    "553 5.7.1 Sender address rejected: not owned by user",
    "550 relay not permitted",
    "554 Access denied",
    "550 5.1.1 User unknown in local recipient table",
    "552 5.2.2 Mailbox full",
)

Say = Callable[[str], Awaitable[None]]


@dataclass
class Server:
    """One server: where it keeps its record, and its dice."""

    folder: Path
    dice: random.Random
    dead: frozenset[str] = field(default_factory=frozenset)
    refusals: list[str] = field(default_factory=list)

    def fault(self) -> str:
        """What happens to the next mail; empty for nothing."""
        if not (self.folder / "faulty").exists():
            # Nine refusals, each of which ends a run, would outlast the hours in which the letters come to rest.
            self.refusals.clear()
            return ""
        drawn = self.dice.randrange(100)
        for name, share in FAULTS.items():
            drawn -= share
            if drawn < 0:
                if name == "refuses everybody":
                    self.refusals = [self.dice.choice(REFUSALS)] * self.dice.randint(2, 9)
                return name
        return ""

    def accept(self, recipients: list[str], body: bytes) -> None:
        """Puts a mail on record; from here on it has been delivered, whatever the client hears."""
        recipient, *others = recipients
        found = _MESSAGE_ID.search(body)
        line = {
            "message_id": f"<{found[1].decode()}>" if found else "",
            "recipient": recipient,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        with (self.folder / "accepted").open("a", encoding="utf-8") as record:
            record.write(json.dumps(line) + "\n")
        if JOURNAL in others:
            new = self.folder / "journal" / "new"
            (new.parent / "tmp" / line["sha256"]).write_bytes(body)
            (new.parent / "tmp" / line["sha256"]).rename(new / f"{len(list(new.iterdir()))}-{line['sha256'][:12]}")

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end or to the first fault that ends it."""
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a killed client says no goodbye
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        fault = self.fault()
        if fault == "busy at the greeting":
            await say("421 4.3.2 busy")
            return
        await say("220 torture")
        recipients: list[str] = []
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                await say("354 go on")
                if not await self._body(reader, say, recipients, fault):
                    return
                fault = ""
                continue
            recipient = ""
            if verb == "MAIL":
                fault, recipients = fault or self.fault(), []
            if verb == "RCPT":
                recipient = line.partition("<")[2].rpartition(">")[0]
                await asyncio.sleep(_STALLED_SECONDS if fault == "stalled" else 0)
            answer = self._answer(verb, recipient, fault)
            if verb == "RCPT" and answer.startswith("250"):
                recipients.append(recipient)
            await say(answer)
            if verb == "QUIT":
                return

    def _answer(self, verb: str, recipient: str, fault: str) -> str:
        """What is said to a command that brings no body."""
        if verb == "RCPT" and self.refusals and recipient != JOURNAL:
            return self.refusals.pop()
        if verb == "RCPT" and recipient in self.dead:
            return "550 5.1.1 no such mailbox"
        if verb == "RCPT" and fault == ("journal refused" if recipient == JOURNAL else "greylisted"):
            return "450 4.2.0 come back later"
        return "221 bye" if verb == "QUIT" else "250 2.0.0 ok"

    async def _body(self, reader: asyncio.StreamReader, say: Say, recipients: list[str], fault: str) -> bool:
        """The body and the answer to its dot; False: the connection is over."""
        if fault == "dropped in the body":
            await reader.readexactly(100)
            return False
        raw = await reader.readuntil(b"\r\n.\r\n")
        if fault == "dropped before it is accepted":
            return False
        if fault == "deferred after the dot":
            await say("451 4.3.0 try again")
            return True
        self.accept(recipients, raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."))
        if fault == "dropped after it is accepted":
            return False
        if fault == "never answered":
            await asyncio.sleep(_NEVER_SECONDS)
            return False
        if fault == "late":
            await asyncio.sleep(_LATE_SECONDS)
        await say("250 2.0.0 taken")
        return True


async def serve(folder: Path, seed: int) -> None:
    """Serves until it is stopped."""
    dead = frozenset((folder / "dead").read_text("utf-8").split())
    server = Server(folder, random.Random(seed), dead)
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0, limit=2**24)
    (folder / "port.new").write_text(str(listening.sockets[0].getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
