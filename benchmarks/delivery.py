"""Delivery to a local server that keeps nothing, beside aiosmtplib alone on as many connections, also reused.

Ours claims each letter in the outbox, marks its final dot, settles it and logs all three; aiosmtplib alone has the
letters in memory and remembers nothing. Wall clock, since most of it is waiting: for the server, and for the disk.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import aiosmtplib
import country
from nights import postgresql

from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.flows.delivery import deliver
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.lifecycle import PlannedLetter, letter_id

LETTERS = 2_000
ROUNDS = 3
CONNECTIONS = 2
SIZE = 20_000
LEAST_OF_BARE = 0.8
NIGHT = date(2026, 11, 18)
DUE = datetime(2026, 11, 18, tzinfo=UTC)


def letters() -> list[PlannedLetter]:
    """Invented letters of the usual size; what they say is of no matter here."""
    line = b"x" * 74 + b"\r\n"
    return [
        PlannedLetter(
            night=NIGHT,
            office=f"mau.x{n}",
            part=1,
            message_id=f"<{letter_id(NIGHT, f'mau.x{n}', 1)}@example.vn>",
            envelope_from="dondoc@example.vn",
            recipient=f"x{n}@example.vn",
            mime=b"Subject: x\r\n\r\n" + line * (SIZE // len(line)),
            planned_at=DUE,
            next_at=DUE,
            expires_at=DUE + timedelta(days=1),
            fallback_of=None,
        )
        for n in range(LETTERS)
    ]


@contextmanager
def sink() -> Iterator[int]:
    """The server's port, while the context is open."""
    command = [sys.executable, str(Path(__file__).with_name("sink.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def bare(port: int, wanted: list[PlannedLetter]) -> float:
    """Letters a second of aiosmtplib alone."""

    async def share(mine: list[PlannedLetter]) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for letter in mine:
                await client.sendmail(letter.envelope_from, [letter.recipient], letter.mime)

    async def every() -> None:
        await asyncio.gather(*(share(wanted[n::CONNECTIONS]) for n in range(CONNECTIONS)))

    started = time.perf_counter()
    asyncio.run(every())
    return len(wanted) / (time.perf_counter() - started)


def ours(url: str, port: int, wanted: list[PlannedLetter]) -> float:
    """Letters a second of the delivery, from the outbox of a new database."""
    engine, mail = connect(url), country.book().mail
    upgrade(engine)
    with audited(engine) as tx:
        outbox.enqueue(tx, wanted)
    settings = SmtpSettings("127.0.0.1", port, Tls.PLAIN, connections=CONNECTIONS)
    started = time.perf_counter()
    report = deliver.deliver(engine, mail, settings, lambda: DUE + timedelta(hours=1))
    taken = time.perf_counter() - started
    engine.dispose()
    assert report.sent == len(wanted), report
    return report.sent / taken


def compare() -> dict[str, Any]:
    """Letters a second of each way, medians of some rounds that each have all of them, and the ratios."""
    wanted = letters()
    with ExitStack() as stack:
        port = stack.enter_context(sink())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql())
        ways: dict[str, Callable[[int], float]] = {
            "aiosmtplib alone": lambda _: bare(port, wanted),
            "delivery, SQLite": lambda n: ours(f"sqlite:///{folder}/{n}.db", port, wanted),
            "delivery, PostgreSQL": lambda n: ours(server.made(f"round-{n}"), port, wanted),
        }
        rounds = [{name: way(n) for name, way in ways.items()} for n in range(ROUNDS)]
    alone = "aiosmtplib alone"
    return {
        "rates": {name: median(each[name] for each in rounds) for name in ways},
        "ratios": {name: median(each[name] / each[alone] for each in rounds) for name in ways if name != alone},
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The result as text."""
    yield f"delivery: {LETTERS:,} letters of {SIZE // 1000} KB over {CONNECTIONS} connections"
    for name, rate in found["rates"].items():
        yield f"  {name:<44}{rate:10,.0f} letters/s"


if __name__ == "__main__":
    result = compare()
    print("\n".join(lines(result)))
    print(result["ratios"])
