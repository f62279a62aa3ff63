"""SIGTERM, as a service manager sends it: a night is given up whole, a delivery finishes what it has in hand."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect
from dondoc.notifications.delivery import outbox
from tests.support.cli_office import DONDOC, Office
from tests.support.outbox_bench import Bench
from tests.support.planned_letters import planned
from tests.support.scripted_server import Scripted, serving

pytestmark = pytest.mark.long

NIGHT = ("nightly", "--plain", "--as-of", "2015-04-20")
NOT_NOW = 4


def test_a_night_is_given_up_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    """Stopped in the middle: said so, nothing written, a sign of failure given; again it runs whole."""
    office.holds_the_examples()
    sign = tmp_path / "signs" / "nightly.json"
    with sqlite3.connect(office.database, isolation_level=None) as held:
        held.execute("BEGIN IMMEDIATE")  # the night has begun and waits for us
        running = subprocess.Popen(
            [str(DONDOC), *NIGHT],
            cwd=office.folder,
            env={**os.environ, "DONDOC_HEARTBEAT_FOLDER": str(sign.parent)},
            stderr=subprocess.PIPE,
            text=True,
        )
        while not sign.exists():
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        held.execute("ROLLBACK")
        _, said = running.communicate(timeout=60)
    assert running.returncode == NOT_NOW
    assert "Đã dừng theo yêu cầu" in said
    assert json.loads(sign.read_text())["sign"] == "fail"
    with sqlite3.connect(office.database) as conn:
        assert conn.execute("select count(*) from night").fetchone() == (0,)
        assert conn.execute("select count(*) from case_file").fetchone() == (0,)
    assert "mở mới 9" in office.dondoc(*NIGHT).out


def test_a_delivery_finishes_the_letters_in_hand(office: Office) -> None:
    """The answers to the dots on their way are awaited, nothing is unknown, and nothing more is begun."""
    office.holds_the_examples()
    engine = connect(f"sqlite:///{office.database}")
    with audited(engine) as tx:
        now = datetime.now(UTC) - timedelta(minutes=1)
        letters = [planned(f"office.{n}", recipient=f"o{n}@example.vn", due=now) for n in range(20)]
        outbox.enqueue(tx, letters)
    script = Scripted(delay={"DOT": 0.5})

    async def stopped() -> tuple[int | None, str]:
        async with serving(script) as port:
            running = await asyncio.create_subprocess_exec(
                str(DONDOC),
                "deliver",
                "--plain",
                cwd=office.folder,
                env={**os.environ, "DONDOC_SMTP_PORT": str(port), "DONDOC_SMTP_TLS": "plain"},
                stdout=asyncio.subprocess.PIPE,
            )
            while not script.mails and running.returncode is None:  # noqa: ASYNC110 - the server is what we wait for
                await asyncio.sleep(0.01)
            running.send_signal(signal.SIGTERM)
            out, _ = await running.communicate()
            return running.returncode, out.decode()

    code, said = asyncio.run(stopped())
    assert code == NOT_NOW
    assert "Đã dừng theo yêu cầu" in said
    states = Bench(engine).states()
    engine.dispose()
    assert states == {LetterState.SENT: len(script.mails), LetterState.READY: 20 - len(script.mails)}
    assert 1 <= len(script.mails) <= 4
