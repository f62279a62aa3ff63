"""A night's evaluation given away in shares: the same hits whoever decides them, and only in the night's data."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Connection, Engine, delete

from dondoc.engine.domain.model import Text
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.faults import SnapshotUnknown
from dondoc.engine.store.matching import shares
from dondoc.engine.store.matching.evaluate import Decisions, decide_all
from dondoc.engine.store.matching.matches import Matches
from dondoc.engine.store.matching.shares import (
    NoWorkers,
    RemoteExecutor,
    Share,
    Unanswered,
    decide_share,
)
from dondoc.engine.store.night.nights import prepare
from dondoc.engine.store.night.orgchart import chart
from dondoc.engine.store.night.prepared import Night, Prepared
from dondoc.flows.night import steps
from dondoc.flows.night.action_items import came_back
from tests.support.remote_nights import address
from tests.support.town import Town, at, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
NIGHT = at("2015-04-20T02:00")
WHY = Text("đã tắt", "switched off")
Cut = Callable[[int], Sequence[Share]]


@dataclass(frozen=True)
class Given:
    """24 reports that are due, in a PostgreSQL database."""

    engine: Engine
    ready: Prepared

    @contextmanager
    def night(self) -> Iterator[Connection]:
        """The night's own transaction."""
        with reading(self.engine) as conn:
            yield conn

    def shared(self, executor: RemoteExecutor) -> Decisions:
        """The night's evaluation, given away."""
        return steps.decide(self.engine, self.ready, url=address(self.engine), executor=executor)

    def here(self) -> Decisions:
        """The same without anybody's help."""
        with self.night() as conn:
            return decide_all(conn, self.ready.shapes, self.ready.rules, NIGHT)


@pytest.fixture
def given(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> Given:
    """Pages of five ids, so that there are some shares, and no night is too small for them."""
    town = Town(postgres, only(rules(), REPORT)).founded_here()
    with writing(postgres) as conn:
        ready = prepare(conn, town.book, chart(conn, NIGHT), Night(NIGHT.date(), NIGHT))
    monkeypatch.setattr(shares, "SHARE_FROM", 0)
    monkeypatch.setattr(shares, "ranges", lambda *args: ranges(*args, width=5))
    return Given(postgres, ready)


ranges = shares.ranges


def same(one: Decisions, other: Decisions) -> bool:
    """Both have the same hits on as many facts."""
    return sorted(one.hits, key=str) == sorted(other.hits, key=str) and one.judged == other.judged


@pytest.mark.parametrize("wanted", [1, 2, 3, 100], ids=["one share", "two", "three", "more than there are ranges"])
def test_the_same_hits_in_any_number_of_shares(given: Given, wanted: int) -> None:
    """Every range is in exactly one share, and a share is decided over a connection of its own."""

    def executor(cut: Cut) -> Iterable[Decisions | Unanswered]:
        made = cut(wanted)
        assert len(made) == min(wanted, 5)
        assert sum(share.ids() for share in made) == 24
        return [decide_share(address(given.engine), pickle.loads(pickle.dumps(share))) for share in made]

    found = given.shared(executor)
    assert found.hits
    assert same(found, given.here())
    assert found.came_back == []


def test_what_comes_back_is_decided_here_and_told(given: Given) -> None:
    """Two of three shares fail for one reason: one line for the operator with their number, no hit lost."""

    def executor(cut: Cut) -> Iterator[Decisions | Unanswered]:
        first, *rest = cut(3)
        yield Unanswered(first, WHY)
        yield decide_share(address(given.engine), rest[0])
        yield Unanswered(rest[1], WHY)

    found = given.shared(executor)
    assert same(found, given.here())
    (todo,) = came_back(found.came_back)
    assert "2 phần" in todo.line()
    assert "đã tắt" in todo.line()
    assert "dondoc doctor" in todo.line()


def test_nobody_there_and_the_night_decides_all(given: Given) -> None:
    """A night still happens, and says why it was alone."""

    def executor(cut: Cut) -> Iterator[Decisions | Unanswered]:
        raise NoWorkers(WHY)
        yield Decisions()

    found = given.shared(executor)
    assert same(found, given.here())
    assert found.came_back == [WHY]


def test_a_small_night_asks_nobody(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below what a second process is worth, nothing is given away."""
    monkeypatch.setattr(shares, "SHARE_FROM", 1_000)

    def executor(cut: Cut) -> Iterable[Decisions | Unanswered]:
        raise AssertionError

    assert same(given.shared(executor), given.here())


def test_shares_see_the_night_and_not_what_came_after(given: Given) -> None:
    """What somebody deletes while the night decides is still judged by all."""

    def executor(cut: Cut) -> Iterable[Decisions | Unanswered]:
        made = cut(2)
        with writing(given.engine) as conn:
            conn.execute(delete(t.task_bearer))
            conn.execute(delete(t.task))
        return [decide_share(address(given.engine), share) for share in made]

    before = given.here()
    assert same(given.shared(executor), before)
    assert given.here().hits == Matches()


def test_who_looks_elsewhere_decides_nothing(given: Given, postgres_url: str) -> None:
    """Another database, a night that is over, a name that is none: refused, never an empty answer."""
    kept: list[Share] = []

    def executor(cut: Cut) -> Iterable[Decisions | Unanswered]:
        kept.extend(cut(1))
        with pytest.raises(SnapshotUnknown, match="DONDOC_DATABASE"):
            decide_share(postgres_url, kept[0])
        return [decide_share(address(given.engine), kept[0])]

    given.shared(executor)
    for share in (kept[0], replace(kept[0], snapshot="'; DROP TABLE task; --")):
        with pytest.raises(SnapshotUnknown):
            decide_share(address(given.engine), share)


def test_a_share_holds_no_address(given: Given) -> None:
    """Neither the database's nor a unit's: what travels is shapes, numbers of rules and ids."""

    def executor(cut: Cut) -> Iterable[Decisions | Unanswered]:
        text = pickle.dumps(cut(1))
        assert b"postgres" not in text
        assert b"ubnd_xa" not in text
        raise NoWorkers(WHY)

    given.shared(executor)
