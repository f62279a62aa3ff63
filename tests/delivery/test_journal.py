"""The journal decides of letters of unknown fate, and only where it can: its answers, its order, its limits."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import event, letter
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.journal import Resolved, resolve
from dondoc.notifications.delivery.journal_mailbox import JournalUnreadable, Maildir
from dondoc.notifications.delivery.outcome import Deferred, Misconfigured, Sent
from dondoc.notifications.lifecycle import Settlement
from tests.support.outbox_bench import Bench
from tests.support.outbox_rivals import LEASE
from tests.support.planned_letters import DUE, mime, planned
from tests.support.scripted_server import DROP, Scripted
from tests.support.smtp_attempts import QUICK, attempt

GRACE = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
NONE: frozenset[str] = frozenset()
JOURNAL = "nhatky@example.org"


def message(office: str) -> str:
    """The Message-ID of an office's letter."""
    return planned(office).message_id


def dotted(engine: Engine, office: str, at: datetime, to: LetterState, *, journaled: bool = True) -> None:
    """A letter whose dot left then, and what became of it."""
    with audited(engine) as tx:
        outbox.enqueue(tx, [planned(office)])
        (mine,) = outbox.claim(tx.conn, office, at, 1, LEASE)
        assert outbox.mark_data_end(tx.conn, mine, at, LEASE, journaled=journaled)
        outbox.settle(tx, mine, Settlement(to, "dot", None, None, "", at, at))


def asked(
    engine: Engine, now: datetime, read: Callable[[Collection[str], datetime], frozenset[str]]
) -> tuple[Resolved, list[str]]:
    """The journal's word, and of which letters it stands in the log."""
    found = resolve(engine, read, now, GRACE)
    with reading(engine) as conn:
        offices = dict(conn.execute(select(letter.c.id, letter.c.office)).tuples().all())
        details = map(json.loads, conn.scalars(select(event.c.detail)))
        return found, [offices[detail["letter"]] for detail in details if detail.get("by") == "journal"]


def state(engine: Engine, office: str) -> LetterState:
    """Where the office's letter stands."""
    with reading(engine) as conn:
        found: LetterState = conn.execute(select(letter.c.state).where(letter.c.office == office)).scalar_one()
        return found


@pytest.mark.parametrize(
    ("there", "witness", "after", "journaled", "becomes"),
    [
        (True, None, MINUTE, True, LetterState.SENT),
        (True, None, MINUTE, False, LetterState.UNKNOWN),
        (False, MINUTE, GRACE, True, LetterState.READY),
        (False, MINUTE, GRACE - MINUTE, True, LetterState.UNKNOWN),
        (False, None, GRACE, True, LetterState.UNKNOWN),
        (False, -MINUTE, GRACE, True, LetterState.UNKNOWN),
        (False, MINUTE, GRACE, False, LetterState.UNKNOWN),
    ],
    ids=[
        "it lies there: it was taken",
        "its server had refused the journal: no word counts",
        "not there after the grace, a later letter is: it was not taken",
        "not there, and the grace is not over: wait",
        "not there, and nothing later is: the journal may be dead",
        "not there, and only an earlier one is: the journal may be late",
        "not there, and the journal was never told: no word counts",
    ],
)
def test_what_the_journal_says(
    database: Engine,
    *,
    there: bool,
    witness: timedelta | None,
    after: timedelta,
    journaled: bool,
    becomes: LetterState,
) -> None:
    """Presence proves; absence counts late, and only in a journal that is seen to be alive."""
    at = DUE + MINUTE
    dotted(database, "unit.a", at, LetterState.UNKNOWN, journaled=journaled)
    held = {message("unit.a")} if there else set()
    if witness is not None:
        dotted(database, "unit.b", at + witness, LetterState.SENT)
        held.add(message("unit.b"))
    _, told = asked(database, at + after, lambda wanted, _: frozenset(wanted) & held)
    assert state(database, "unit.a") is becomes
    assert told == ([] if becomes is LetterState.UNKNOWN else ["unit.a"])


def test_letters_that_the_journal_never_got_hide_no_witness(sqlite: Engine) -> None:
    """However many left later without it: the one that it has shows that it works."""
    dotted(sqlite, "unit.a", DUE, LetterState.UNKNOWN)
    dotted(sqlite, "unit.b", DUE + MINUTE, LetterState.SENT)
    for n in range(20):
        dotted(sqlite, f"office.{n}", DUE + 2 * MINUTE, LetterState.SENT, journaled=False)
    asked(sqlite, DUE + GRACE, lambda *_: frozenset({message("unit.b")}))
    assert state(sqlite, "unit.a") is LetterState.READY


def test_a_letter_of_the_same_instant_is_no_later_one(database: Engine) -> None:
    """Both dots left at once; that one of the two is there does not show that the other had time to arrive."""
    for office in ("unit.a", "unit.b"):
        dotted(database, office, DUE, LetterState.UNKNOWN)
    asked(database, DUE + GRACE, lambda *_: frozenset({message("unit.b")}))
    assert (state(database, "unit.a"), state(database, "unit.b")) == (LetterState.UNKNOWN, LetterState.SENT)


def test_a_letter_that_becomes_unknown_while_the_journal_is_read_is_left_for_the_next_time(
    database: Engine,
) -> None:
    """The rows come first: what was not asked for cannot be missing."""
    dotted(database, "unit.a", DUE, LetterState.UNKNOWN)

    def read(wanted: Collection[str], _since: datetime) -> frozenset[str]:
        assert list(wanted) == [message("unit.a")]
        dotted(database, "unit.b", DUE, LetterState.UNKNOWN)
        return frozenset(wanted)

    asked(database, DUE + timedelta(days=1), read)
    assert (state(database, "unit.a"), state(database, "unit.b")) == (LetterState.SENT, LetterState.UNKNOWN)


@pytest.mark.parametrize("there", [True, False])
def test_an_answer_about_an_earlier_dot_settles_nothing(database: Engine, *, there: bool) -> None:
    """While the journal is read the operator sends the letter again and that dot's answer is lost too."""
    dotted(database, "unit.a", DUE, LetterState.UNKNOWN)
    dotted(database, "unit.b", DUE + MINUTE, LetterState.SENT)

    def read(wanted: Collection[str], _since: datetime) -> frozenset[str]:
        with audited(database) as tx:
            outbox.decide(tx, [planned("unit.a").id], LetterState.READY, DUE)
        dotted(database, "unit.a", DUE + 2 * MINUTE, LetterState.UNKNOWN)
        return frozenset(wanted) if there else frozenset({message("unit.b")})

    found, told = asked(database, DUE + timedelta(hours=1), read)
    assert (found, told, state(database, "unit.a")) == (Resolved(), [], LetterState.UNKNOWN)


def test_a_journal_is_not_read_when_nothing_is_in_doubt(database: Engine) -> None:
    """A missing folder disturbs nobody who needs nothing of it."""
    dotted(database, "unit.a", DUE, LetterState.SENT)
    found, _ = asked(database, DUE, Maildir(Path("/nowhere")))
    assert found == Resolved()


@pytest.mark.parametrize("lies", ["holds what was never taken", "lost one letter and took a later one"])
def test_the_limit_a_journal_that_lies_is_believed(database: Engine, lies: str) -> None:
    """Written down so that nobody takes it for more: a journal that is wrong about one letter is wrong for us."""
    dotted(database, "unit.a", DUE, LetterState.UNKNOWN)
    dotted(database, "unit.b", DUE + MINUTE, LetterState.SENT)
    holds = frozenset({message("unit.a" if lies.startswith("holds") else "unit.b")})
    asked(database, DUE + GRACE, lambda *_: holds)
    assert state(database, "unit.a") is (LetterState.SENT if lies.startswith("holds") else LetterState.READY)


# --- on the wire


def test_the_journal_stands_on_the_envelope_only() -> None:
    """Named after the recipient, in the same transaction; not a byte of the letter speaks of it."""
    tried = attempt(Scripted(), replace(QUICK, journal=JOURNAL))
    assert isinstance(tried.outcome, Sent)
    said = [line for line in tried.server.heard if line.startswith("RCPT")]
    assert said == ["RCPT TO:<baodai@example.org>", f"RCPT TO:<{JOURNAL}>"]
    assert tried.server.mails == [mime() + b".\r\n"]


def test_a_journal_that_is_no_address_is_a_setting_to_mend() -> None:
    """It must not look like the letter's fault: no letter dies of it."""
    outcome = attempt(Scripted(), replace(QUICK, journal="nobody")).outcome
    assert isinstance(outcome, Misconfigured)
    assert "journal_address" in outcome.text


@pytest.mark.parametrize(
    ("answer", "states", "journaled"),
    [
        ("250 ok", {LetterState.UNKNOWN: 1}, True),
        ("550 5.1.1 unknown", {LetterState.UNKNOWN: 1}, False),
        ("450 4.2.0 greylisted", {LetterState.UNKNOWN: 1}, False),
        ("421 4.3.2 closing", {LetterState.READY: 1}, False),
    ],
    ids=["taken", "no such mailbox", "greylisted", "the server closes"],
)
def test_whether_the_journal_has_it_is_written_down_before_the_dot(
    database: Engine, answer: str, states: dict[LetterState, int], *, journaled: bool
) -> None:
    """A journal that is refused does not keep a letter back; it only cannot speak for it."""
    bench = Bench(database)
    bench.plan(1)
    bench.run_against(Scripted({"RCPT": f"250 ok|{answer}", "DOT": DROP}), journal=JOURNAL)
    assert bench.states() == states
    with reading(database) as conn:
        assert conn.scalars(select(letter.c.journaled)).all() == [journaled]


def test_a_closing_server_is_the_connections_fault() -> None:
    """421 at the journal's mailbox is no word about the letter."""
    outcome = attempt(Scripted({"RCPT": "250 ok|421 4.3.2 closing"}), replace(QUICK, journal=JOURNAL)).outcome
    assert isinstance(outcome, Deferred)
    assert outcome.whole_connection


def test_a_journal_that_is_slow_to_answer_is_waited_for_no_longer_than_any_command() -> None:
    """However long a connection may take to open."""
    slow = Scripted(delay={f"RCPT TO:<{JOURNAL}>": 1})
    assert isinstance(attempt(slow, replace(QUICK, journal=JOURNAL, connect_seconds=5)).outcome, Deferred)


# --- a Maildir


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """An empty Maildir."""
    for place in ("new", "cur", "tmp"):
        (tmp_path / "journal" / place).mkdir(parents=True)
    return tmp_path / "journal"


def mail(identity: str, end: str = "\n") -> bytes:
    """A mail as a server stores it, with a line of its own above."""
    lines = ["Return-Path: <x@example.org>", f"Message-ID: {identity}", "", "Message-ID: <body@example.org>", ""]
    return end.join(lines).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_mails_are_found_wherever_they_lie(maildir: Path, end: str) -> None:
    """New and seen ones, by the head alone; what lies in tmp is not delivered yet."""
    for name, place in (("a", "new"), ("b", "cur"), ("c", "tmp")):
        (maildir / place / name).write_bytes(mail(f"<{name}@example.org>", end))
    wanted = [f"<{name}@example.org>" for name in ("a", "b", "c", "body")]
    assert Maildir(maildir)(wanted, DUE) == {"<a@example.org>", "<b@example.org>"}


def test_a_year_of_mails_is_not_read_for_one(maildir: Path) -> None:
    """What came a day or more before the first doubtful dot is not opened."""
    old = maildir / "cur" / "old"
    old.write_bytes(mail("<a@example.org>"))
    os.utime(old, (DUE.timestamp() - 2 * 86_400,) * 2)
    assert Maildir(maildir)(["<a@example.org>"], DUE) == NONE


def test_a_clock_that_is_behind_hides_no_mail(maildir: Path) -> None:
    """Its time is that of the mail server, which may be hours before ours."""
    behind = maildir / "new" / "behind"
    behind.write_bytes(mail("<a@example.org>"))
    os.utime(behind, (DUE.timestamp() - 12 * 3600,) * 2)
    assert Maildir(maildir)(["<a@example.org>"], DUE) == {"<a@example.org>"}


def test_a_mail_that_is_moved_while_we_look_is_not_missing(maildir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader opens the journal in its mail program at that very moment."""
    (maildir / "new" / "a").write_bytes(mail("<a@example.org>"))
    listed = Path.iterdir

    def moved(self: Path) -> object:
        found = list(listed(self))
        if self.name == "new" and found:
            found[0].rename(maildir / "cur" / "a:2,S")
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", moved)
    assert Maildir(maildir)(["<a@example.org>"], DUE) == {"<a@example.org>"}


def test_a_journal_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    """A disk that is not mounted must not make every letter absent."""
    with pytest.raises(JournalUnreadable, match="missing"):
        Maildir(tmp_path / "nowhere")(["<a@example.org>"], DUE)
