"""The outbox on both databases: who may send what, and how a letter moves from state to state."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import product

import pytest
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from dondoc.engine.domain.terms import IN_HAND, LetterState
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.tables import delivery_attempt, letter
from dondoc.notifications.delivery.outbox import (
    claim,
    counts,
    decide,
    due_at,
    enqueue,
    expire,
    lease_over,
    listing,
    mark_data_end,
    overdue,
    recover,
    resolve,
    settle,
    written_since,
)
from dondoc.notifications.lifecycle import (
    RECEIPTS_FROM,
    TRANSITIONS,
    WAITING_FOR_OPERATOR,
    Claimed,
    DataSent,
    Recovered,
    Settlement,
    letter_id,
)
from tests.support.outbox_rivals import LEASE, claim_everything
from tests.support.planned_letters import DUE, NIGHT, planned

MINUTE = timedelta(minutes=1)
KEY = planned().id


def _state(conn: Connection, key: str = KEY) -> LetterState:
    state: LetterState = conn.execute(select(letter.c.state).where(letter.c.id == key)).scalar_one()
    return state


def _take(conn: Connection, now: datetime = DUE, owner: str = "first") -> Claimed:
    (mine,) = claim(conn, owner, now, 1, LEASE)
    return mine


def _end(state: LetterState, *, counted: bool = True) -> Settlement:
    return Settlement(
        state=state,
        phase="rcpt",
        code=450,
        enhanced="4.2.1",
        text="4.2.1 try later",
        started_at=DUE,
        ended_at=DUE + MINUTE,
        next_at=DUE + 5 * MINUTE if state is LetterState.READY else None,
        counted=counted,
    )


def _in_hand(tx: AuditedTransaction, state: LetterState) -> Claimed:
    enqueue(tx, [planned()])
    mine = _take(tx.conn)
    if state is LetterState.DATA_SENT:
        assert mark_data_end(tx.conn, mine, DUE, LEASE)
    return mine


def test_a_letter_planned_twice_is_stored_once(database: Engine) -> None:
    """The same night judged again changes nothing of what it planned."""
    with audited(database) as tx:
        enqueue(tx, [planned(), planned(part=2), planned()])
    with audited(database) as tx:
        _take(tx.conn)
        enqueue(tx, [planned(content=b"Subject: other\r\n\r\nother\r\n", held=True)])
        enqueue(tx, [])
    with reading(database) as conn:
        assert counts(conn)[LetterState.LEASED] == counts(conn)[LetterState.READY] == 1
        stored = conn.execute(select(letter).where(letter.c.id == KEY)).one()
    assert stored.mime == planned().mime
    assert (stored.mime_sha256, stored.size) == (sha256(stored.mime).hexdigest(), len(stored.mime))
    assert (stored.planned_at, stored.expires_at) == (planned().planned_at, planned().expires_at)


def test_two_letters_under_one_message_id_are_a_mistake(database: Engine) -> None:
    """Nothing is lost silently: only the very same letter is passed over."""
    with audited(database) as tx:
        enqueue(tx, [replace(planned(), message_id=planned(part=2).message_id)])
    with pytest.raises(IntegrityError), audited(database) as tx:
        enqueue(tx, [planned(part=2)])


def test_the_database_knows_the_states(database: Engine) -> None:
    """A word that is no state cannot be stored, by whatever hand."""
    with audited(database) as tx:
        enqueue(tx, [planned()])
    with pytest.raises(IntegrityError), writing(database) as conn:
        conn.exec_driver_sql("UPDATE letter SET state = 'lost'")


def test_what_is_due_longest_is_claimed_first(database: Engine) -> None:
    """Not before it is due, not from its expiry on, not while it is held, never more than asked for."""
    with audited(database) as tx:
        enqueue(tx, [planned(part=n, due=DUE + n * MINUTE) for n in (3, 1, 2, 9)])
        enqueue(tx, [planned(part=5, held=True), planned(part=6, hours=4 / 60)])
        first = claim(tx.conn, "first", DUE + 4 * MINUTE, 2, LEASE)
        second = claim(tx.conn, "second", DUE + 4 * MINUTE, 9, LEASE)
        assert [mine.part for mine in first] == [1, 2]
        assert [mine.part for mine in second] == [3]
        assert due_at(tx.conn) == DUE  # the expired one still waits to be told of
        expire(tx, DUE + 4 * MINUTE)
        assert due_at(tx.conn) == DUE + 9 * MINUTE
    assert (first[0].attempt, first[0].lease_token, first[0].owner) == (1, 1, "first")
    assert first[0].mime == planned().mime
    assert "Hello" not in repr(first[0])


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_no_letter_is_claimed_twice(database: Engine, pool: str) -> None:
    """Several relays at once share the letters out; together they take each exactly once."""
    url = database.url.render_as_string(hide_password=False)
    with audited(database) as tx:
        enqueue(tx, [planned(office=f"office.{n}") for n in range(200)])
    spawn = multiprocessing.get_context("spawn")
    executor = ThreadPoolExecutor(4) if pool == "threads" else ProcessPoolExecutor(3, spawn)
    with executor as many:
        shares = list(many.map(claim_everything, [url] * 3, ["a", "b", "c"], [3, 3, 3]))
    taken = [key for share in shares for key in share]
    assert sorted(taken) == sorted(letter_id(NIGHT, f"office.{n}", 1) for n in range(200))
    with reading(database) as conn:
        owners = dict(conn.execute(select(letter.c.id, letter.c.owner)).tuples().all())
    assert all(owners[key] == owner for share, owner in zip(shares, "abc", strict=True) for key in share)


def test_a_claim_waits_for_no_other(postgres: Engine) -> None:
    """PostgreSQL: what another relay is just taking is passed over, not waited for."""
    with audited(postgres) as tx:
        enqueue(tx, [planned(part=1), planned(part=2)])
    with writing(postgres) as one, writing(postgres) as other:
        other.exec_driver_sql("SET LOCAL lock_timeout = 500")
        assert [mine.part for mine in (_take(one), _take(other))] in ([1, 2], [2, 1])


@pytest.mark.parametrize(("before", "after"), list(product(sorted(IN_HAND), LetterState)))
def test_settling_follows_the_table(sqlite: Engine, before: LetterState, after: LetterState) -> None:
    """From a lease and from the dot, every state the table names is reached and no other."""
    with audited(sqlite) as tx:
        mine = _in_hand(tx, before)
        if not any(after in TRANSITIONS[state] for state in IN_HAND):
            with pytest.raises(ValueError, match="no letter becomes"):
                settle(tx, mine, _end(after))
        elif after is not LetterState.DATA_SENT:
            allowed = after in TRANSITIONS[before]
            assert settle(tx, mine, _end(after)) is allowed
            assert _state(tx.conn) == (after if allowed else before)


@pytest.mark.parametrize("after", [LetterState.SENT, LetterState.READY, LetterState.DEAD, LetterState.UNKNOWN])
def test_a_settled_letter_keeps_its_story(database: Engine, after: LetterState) -> None:
    """What the server said, when, and at which attempt; and nobody owns the letter any more."""
    with audited(database) as tx:
        assert settle(tx, _in_hand(tx, LetterState.DATA_SENT), _end(after))
        row = tx.conn.execute(select(letter)).one()
        said = tx.conn.execute(select(delivery_attempt)).one()
        (status,) = listing(tx.conn, [after])
    assert (row.owner, row.lease_until) == (None, None)
    assert (status.reply, status.last_code, status.last_enhanced) == ("4.2.1 try later", 450, "4.2.1")
    assert (said.letter, said.attempt, said.phase, said.code, said.enhanced) == (KEY, 1, "rcpt", 450, "4.2.1")
    assert (said.started_at, said.ended_at) == (DUE, DUE + MINUTE)
    ready = after is LetterState.READY
    assert (row.next_at, row.dot_at) == ((DUE + 5 * MINUTE, None) if ready else (DUE, DUE))


def test_a_failure_that_was_not_the_letters_costs_no_attempt(database: Engine) -> None:
    """A server that was away: attempts stay where they were, both tries are on record."""
    with audited(database) as tx:
        enqueue(tx, [planned()])
        for _ in range(2):
            assert settle(tx, _take(tx.conn, DUE + 9 * MINUTE), _end(LetterState.READY, counted=False))
        assert tx.conn.scalar(select(letter.c.attempt)) == 0
        assert len(tx.conn.execute(select(delivery_attempt)).all()) == 2


def test_who_lost_the_lease_changes_nothing(database: Engine) -> None:
    """Marking and settling are refused to a relay whose letter was taken over, even under the same name."""
    later = DUE + LEASE
    with audited(database) as tx:
        enqueue(tx, [planned()])
        lost = _take(tx.conn, owner="same name")
        recover(tx, later)
        mine = _take(tx.conn, later, owner="same name")
        assert mark_data_end(tx.conn, lost, later, LEASE) is False
        assert settle(tx, lost, _end(LetterState.READY)) is False
        assert mark_data_end(tx.conn, mine, later, LEASE) is True
        assert mark_data_end(tx.conn, mine, later, LEASE) is False
        assert settle(tx, lost, _end(LetterState.SENT)) is False
        assert settle(tx, mine, _end(LetterState.SENT)) is True
        assert settle(tx, mine, _end(LetterState.SENT)) is False
        assert len(tx.conn.execute(select(delivery_attempt)).all()) == 1


def test_a_vanished_relay_leaves_safe_and_unknown_letters(database: Engine) -> None:
    """Before the dot a letter is free again; after it nobody knows, and nothing is sent again by itself."""
    with audited(database) as tx:
        enqueue(tx, [planned(part=1), planned(part=2)])
        leased, dotted = claim(tx.conn, "gone", DUE, 2, LEASE)
        assert mark_data_end(tx.conn, dotted, DUE + MINUTE, LEASE)
        assert recover(tx, DUE + LEASE - MINUTE) == Recovered(ready=0, unknown=0)
        assert [lease_over(tx.conn, DUE + LEASE - MINUTE), lease_over(tx.conn, DUE + LEASE)] == [0, 1]
        assert recover(tx, DUE + LEASE) == Recovered(ready=1, unknown=0), "the mark prolongs the lease"
        assert recover(tx, DUE + LEASE + MINUTE) == Recovered(ready=0, unknown=1)
        assert (_state(tx.conn, leased.id), _state(tx.conn, dotted.id)) == (LetterState.READY, LetterState.UNKNOWN)
        assert [mine.id for mine in claim(tx.conn, "next", DUE + LEASE, 9, LEASE)] == [leased.id]


@pytest.mark.parametrize(
    ("state", "due", "passed_on", "listed"),
    [
        (LetterState.READY, DUE, False, True),
        (LetterState.READY, DUE + 2 * MINUTE, False, False),
        (LetterState.DEAD, DUE, False, True),
        (LetterState.DEAD, DUE, True, False),
        (LetterState.SENT, DUE, False, False),
    ],
    ids=["due and not gone", "due later", "refused, and nobody passes it on", "refused and passed on", "gone"],
)
def test_letters_of_earlier_nights_that_need_a_person(
    database: Engine, *, state: LetterState, due: datetime, passed_on: bool, listed: bool
) -> None:
    """What the night lists for the operator: due by now, and neither delivered nor in other hands."""
    with audited(database) as tx:
        enqueue(tx, [planned(due=due)])
        tx.conn.execute(update(letter).values(state=state))
        if passed_on:
            enqueue(tx, [replace(planned(part=100, due=DUE + 2 * MINUTE), fallback_of=KEY)])
        assert [one.id for one in overdue(tx.conn, NIGHT + timedelta(days=1), DUE + MINUTE)] == [KEY] * listed
        assert overdue(tx.conn, NIGHT, DUE + MINUTE) == ()


def test_only_what_waits_expires(database: Engine) -> None:
    """A letter too old to be true is given up at its hour, not before; one in hand or held is not touched."""
    with audited(database) as tx:
        enqueue(tx, [planned(part=1), planned(part=2, held=True)])
        _take(tx.conn)
        enqueue(tx, [planned(part=3), planned(office="a.b")])
        end = planned().expires_at
        assert expire(tx, end - timedelta(microseconds=1)) == []
        gone = expire(tx, end)
        assert [(one.office, one.part) for one in gone] == [("a.b", 1), ("ln.ubnd_xa.bao_dai", 3)]
        assert {one.state for one in gone} == {LetterState.EXPIRED}
        assert expire(tx, end) == []


@pytest.mark.parametrize(
    ("state", "days"),
    [
        pytest.param(LetterState.DEAD, 3, id="a dead one has three days more"),
        pytest.param(LetterState.HELD, 0, id="a held one has the time it had"),
    ],
)
def test_until_when_a_letter_that_is_sent_again_is_tried(sqlite: Engine, state: LetterState, days: int) -> None:
    """Counted from the decision, and never less than it had."""
    with audited(sqlite) as tx:
        enqueue(tx, [planned()])
        tx.conn.execute(update(letter).values(state=state))
        end = planned().expires_at
        decide(tx, [KEY], LetterState.READY, end)
        assert tx.conn.scalar(select(letter.c.expires_at)) == end + timedelta(days=days)


@pytest.mark.parametrize(("before", "to"), list(product(LetterState, LetterState)))
def test_the_operator_decides_what_waits_for_him(sqlite: Engine, before: LetterState, to: LetterState) -> None:
    """Held and unknown letters move as the table says; no other letter moves at his word."""
    with audited(sqlite) as tx:
        enqueue(tx, [planned()])
        tx.conn.execute(update(letter).values(state=before, dot_at=DUE))
        if not any(to in TRANSITIONS[state] for state in WAITING_FOR_OPERATOR):
            with pytest.raises(ValueError, match="no letter becomes"):
                decide(tx, [KEY], to, DUE)
            return
        moved = decide(tx, [KEY], to, DUE + MINUTE)
        allowed = before in WAITING_FOR_OPERATOR and to in TRANSITIONS[before]
        assert [one.state for one in moved] == ([to] if allowed else [])
        assert _state(tx.conn) == (to if allowed else before)
        if allowed and to is LetterState.READY:
            assert (moved[0].next_at, moved[0].dot_at) == (DUE + MINUTE, None)


@pytest.mark.parametrize(("before", "to"), list(product(LetterState, LetterState)))
def test_the_journal_decides_of_unknown_letters_only(sqlite: Engine, before: LetterState, to: LetterState) -> None:
    """To where the table says; nothing else moves at its word, and nothing whose dot is another one."""
    with audited(sqlite) as tx:
        enqueue(tx, [planned()])
        tx.conn.execute(update(letter).values(state=before, dot_at=DUE))
        seen = DataSent(KEY, planned().message_id, DUE)
        if to not in TRANSITIONS[LetterState.UNKNOWN]:
            with pytest.raises(ValueError, match="no letter becomes"):
                resolve(tx, seen, to, DUE)
            return
        assert resolve(tx, replace(seen, dot_at=DUE - MINUTE), to, DUE) == []
        moved = resolve(tx, seen, to, DUE + MINUTE)
        assert [one.state for one in moved] == ([to] if before is LetterState.UNKNOWN else [])
        assert _state(tx.conn) == (to if before is LetterState.UNKNOWN else before)


def test_counts_and_listings_are_of_one_night_or_of_all(database: Engine) -> None:
    """Every state is counted, absent ones as 0, and listings come in a fixed order."""
    other = NIGHT + timedelta(days=1)
    with audited(database) as tx:
        enqueue(tx, [planned(office=office) for office in ("c", "a", "b")])
        row = tx.conn.execute(select(letter).where(letter.c.office == "a")).mappings().one()
        tx.conn.execute(insert(letter).values(dict(row) | {"id": "x", "message_id": "<x>", "night": other}))
        assert counts(tx.conn)[LetterState.READY] == 4
        assert counts(tx.conn, other) == dict.fromkeys(LetterState, 0) | {LetterState.READY: 1}
        ready = [LetterState.READY]
        assert [one.office for one in listing(tx.conn, ready)] == ["a", "b", "c", "a"]
        assert [one.night for one in listing(tx.conn, ready, other)] == [other]
        assert listing(tx.conn, [LetterState.SENT]) == []
    with reading(database) as conn:
        assert due_at(conn) == DUE


def test_an_office_has_been_written_to_since_once_a_letter_of_a_later_night_has_left(sqlite: Engine) -> None:
    """A letter of the same night is none, nor one that still waits."""
    later = {"id": "x", "message_id": "<x>", "night": NIGHT + timedelta(days=1)}
    with audited(sqlite) as tx:
        enqueue(tx, [planned()])
        row = tx.conn.execute(select(letter)).mappings().one()
        tx.conn.execute(insert(letter).values(dict(row) | later))
        since = []
        for key in (KEY, "x"):
            since.append(written_since(tx.conn, row["office"], NIGHT))
            tx.conn.execute(update(letter).where(letter.c.id == key).values(state=LetterState.SENT))
        assert [*since, written_since(tx.conn, row["office"], NIGHT)] == [False, False, True]
        # A receipt answers the office, and tells it of no case.
        tx.conn.execute(update(letter).where(letter.c.id == "x").values(part=RECEIPTS_FROM + 1))
        assert not written_since(tx.conn, row["office"], NIGHT)


def test_an_empty_outbox_waits_for_nothing(database: Engine) -> None:
    """No letters, no next hour."""
    with reading(database) as conn:
        assert due_at(conn) is None
