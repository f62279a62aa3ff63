"""Every remedy that the operator's page names for a state that `dondoc status` shows, typed as it stands there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import LetterState, NightState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.cli_office import DONDOC, Office
from tests.support.planned_letters import planned
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, rules

pytestmark = pytest.mark.long

PAGE = (ROOT / "docs" / "en" / "operating.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `\[([a-z-]+)\]` \|[^|]*\| (.*) \|$", PAGE, re.MULTILINE))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Commands that look and change nothing.
LOOKS = ("dondoc doctor", "dondoc outbox list")
# What each state is made of: the latest night, counted from today's, and the columns of a letter of today.
Made = tuple[int, NightState, Callable[[datetime], Mapping[str, object]] | None]
STATES: Mapping[str, Made] = {
    "night-missing": (-2, NightState.OK, None),
    "night-ahead": (5, NightState.OK, None),
    "night-degraded": (-1, NightState.DEGRADED, None),
    "letters-late": (0, NightState.OK, lambda now: {"state": LetterState.READY, "next_at": now - 2 * HOUR}),
    "letters-expiring": (
        0,
        NightState.OK,
        lambda now: {
            "state": LetterState.READY,
            "attempt": 2,
            "next_at": now - HOUR / 60,
            "expires_at": now + HOUR,
        },
    ),
    "letters-expired": (0, NightState.OK, lambda now: {"state": LetterState.READY, "expires_at": now - HOUR}),
    "delivery-broken-off": (
        0,
        NightState.OK,
        lambda now: {"state": LetterState.LEASED, "owner": "x", "lease_token": 1, "lease_until": now - HOUR},
    ),
    "letters-held": (0, NightState.OK, lambda _now: {"state": LetterState.HELD}),
    "letters-unknown": (0, NightState.OK, lambda _now: {"state": LetterState.UNKNOWN}),
    "letters-dead": (0, NightState.OK, lambda _now: {"state": LetterState.DEAD}),
}


def commands(cell: str) -> list[str]:
    """The commands of a cell, in order; `drop NIGHT` after an `outbox` command is one of outbox too."""
    found = []
    for said in re.findall(r"`([^`]+)`", cell):
        if said.startswith("dondoc "):
            found.append(said)
        elif re.match(r"(retry|drop|arrived|release) ", said):
            found.append(f"dondoc outbox {said}")
    return found


# Nights have tests of their own (below, and of restoring), and so have answers (test_replies.py).
APART = {"night-ahead", "night-degraded", "answers-waiting"}
# One case for each command that changes something: before it those that look are typed.
CASES = [
    pytest.param(code, act, id=f"{code} {act}")
    for code, cell in ROWS.items()
    if code not in APART
    for act in dict.fromkeys(commands(cell))
    if act not in LOOKS
]


def test_every_state_has_its_row_and_is_made_here() -> None:
    """The page, and this test, know the same states."""
    assert ROWS.keys() - {"answers-waiting"} == STATES.keys()
    assert {code for code in ROWS if any(case.values[0] == code for case in CASES)} == ROWS.keys() - APART


class Standing:
    """An office of today in one of the states, and its mail server."""

    def __init__(self, office: Office, sink: Mailsink, code: str) -> None:
        now = datetime.now(UTC)
        if not 1 < now.astimezone(ZONE).hour < 23:
            pytest.skip("letters leave only by day")
        self.office, self.code = office, code
        self.settings = {"smtp_host": "127.0.0.1", "smtp_port": str(sink.port), "smtp_tls": "plain"}
        office.spoil("rules/mail.yaml", "{from: 06:30, until: 17:00}", "{from: 00:30, until: 23:30}")
        office.holds_the_examples()
        nights_ahead, state, column = STATES[code]
        today = steps.as_of_for(now)
        self.night, self.today = today + nights_ahead * DAY, today
        engine = connect(f"sqlite:///{office.database}")
        upgrade(engine)
        with audited(engine) as tx:
            for day, how in ((today - 3 * DAY, NightState.OK), (self.night, state)):
                plan = Night(day, steps.cutoff_of(day))
                nights.write_night(tx, rules(), plan, how, {"lines": [], "counts": {}})
            if column is not None:
                one = planned(recipient="baodai@example.vn", due=now - 2 * HOUR, hours=24)
                outbox.enqueue(tx, [replace(one, night=self.night)])
                tx.conn.execute(update(letter).values(column(now)))
        with writing(engine) as conn:
            self.letter = conn.scalar(select(letter.c.id)) or ""
        engine.dispose()

    def typed(self, command: str) -> int:
        """A command of the page, with the night and the letter of this office in place of the capitals."""
        words = command.replace("NIGHT", self.night.isoformat()).replace("ID", self.letter[:8]).split()
        ran = self.office.dondoc(*words[1:], **self.settings)
        assert "Traceback" not in ran.err, ran.err
        assert ran.code != 2, (command, ran.err)
        return ran.code

    def codes(self) -> set[str]:
        """What status says now."""
        return set(re.findall(r"\[([a-z-]+)\]$", self.office.dondoc("status", **self.settings).out, re.MULTILINE))


@pytest.mark.parametrize(("code", "act"), CASES)
def test_the_remedy_works_as_it_is_typed(office: Office, sink: Mailsink, code: str, act: str) -> None:
    """The state is there, what looks can look, and behind the command that helps the state is gone."""
    standing = Standing(office, sink, code)
    assert code in standing.codes()
    for command in commands(ROWS[code]):
        if command in LOOKS:
            standing.typed(command)
    assert standing.typed(act) in (0, 3)
    assert code not in standing.codes()
    # What was due has left, and does not only wait for a later time.
    if code in ("letters-late", "letters-expiring"):
        assert "Thư: đã giao 1;" in standing.office.dondoc("status").out


def test_after_a_degraded_night_the_next_one_is_whole(office: Office, sink: Mailsink) -> None:
    """Its row names no command: the lines below it do, and the next night says that it is whole."""
    standing = Standing(office, sink, "night-degraded")
    assert "night-degraded" in standing.codes()
    standing.typed("dondoc nightly --plain")
    assert "night-degraded" not in standing.codes()


def test_a_night_of_the_future_is_taken_back_by_the_block_of_the_page(office: Office, sink: Mailsink) -> None:
    """Line by line in a shell, without the lines for systemd."""
    standing = Standing(office, sink, "night-ahead")
    assert "night-ahead" in standing.codes()
    (block,) = re.findall(r"### A night of the future\n.*?```sh\n(.*?)```", PAGE, re.DOTALL)
    lines = [
        line.replace("2027-11-28", standing.night.isoformat())
        for line in block.splitlines()
        if not line.startswith("systemctl")
    ]
    assert len(lines) == 4
    environment = {"PATH": f"{DONDOC.parent}:/usr/bin:/bin"}
    subprocess.run(["bash", "-euc", "\n".join(lines)], cwd=office.folder, env=environment, check=True)
    assert "night-ahead" not in standing.codes()


def test_a_mailbox_that_was_put_right_ends_the_trouble_with_its_letter(office: Office, sink: Mailsink) -> None:
    """The other remedy of a dead letter: a later letter to the same office left, and nothing is dead any more."""
    standing = Standing(office, sink, "letters-dead")
    assert "letters-dead" in standing.codes()
    engine = connect(f"sqlite:///{office.database}")
    with writing(engine) as conn:
        row = dict(conn.execute(select(letter)).mappings().one())
        later = {
            "id": "later",
            "message_id": "<later@example.vn>",
            "state": LetterState.SENT,
            "night": date(2099, 1, 1),
        }
        conn.execute(letter.insert().values(row | later))
    engine.dispose()
    assert "letters-dead" not in standing.codes()
