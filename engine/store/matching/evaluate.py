"""Decides a range of rows: reads their facts as text, has durable_rules judge them, returns the hits.

What crosses a process boundary is small: a database address, shapes and ranges go in, hits come out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context

from sqlalchemy import Connection, Select

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import EngineFault
from dondoc.engine.gc_tuning import collect_rarely
from dondoc.engine.judge.durable_rules import Chunk, Ruleset
from dondoc.engine.kinds.shapes import Shape
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.matching import fact_sql
from dondoc.engine.store.matching.matches import Matches

# A page of nothing but hits costs durable_rules twice as much per hit at 5,000.
PAGE = 1_000
# Where a shape's facts lie thinly among the ids, a page is as much wider, and at most so wide.
_WIDEST = 20_000
# How a worker ends before its work: killed from outside or by itself, or refused the memory it asked for.
_DEATHS = (BrokenProcessPool, MemoryError)
_NONE_STARTS = Text("máy này không mở được tiến trình phụ", "this machine starts no process beside the night's")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that durable_rules could not judge, or (None) all of a shape; nothing is said of it tonight."""

    shape: str
    row: int | None
    text: str


@dataclass(slots=True)
class Decisions:
    """All hits, how many facts were judged for each shape, and the rows that could not be.

    `came_back` says why shares given away (`dondoc.engine.store.matching.shares`) were decided by the night
    itself, one text each.
    """

    hits: Matches = field(default_factory=Matches)
    judged: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    came_back: list[Text] = field(default_factory=list)

    def add(self, other: Decisions) -> None:
        """Takes over another part's results."""
        self.hits.update(other.hits)
        self.faults += other.faults
        self.came_back += other.came_back
        for shape, count in other.judged.items():
            self.judged[shape] = self.judged.get(shape, 0) + count


@dataclass(frozen=True, slots=True)
class Range:
    """Rows with low <= id < high, to be decided for one shape."""

    shape: Shape
    low: int
    high: int


def ranges(
    conn: Connection, shapes: Iterable[Shape], rules: Mapping[str, int], width: int = PAGE
) -> Iterator[Range]:
    """The id ranges that hold all facts of the shapes, about `width` facts each; of at least `width` ids."""
    for shape in shapes:
        low, high, count = conn.execute(fact_sql.extent(shape, rules)).one()
        if low is None or high is None:
            continue
        ids = max(width, min(_WIDEST, width * (high - low + 1) // count))
        for start in range(low, high + 1, ids):
            yield Range(shape, start, min(start + ids, high + 1))


def decide(conn: Connection, parts: Iterable[Range], rules: Mapping[str, int], cutoff: datetime) -> Decisions:
    """Decides ranges in this process, in the caller's reading transaction."""
    found = Decisions()
    asked: dict[str, tuple[Select[fact_sql.Page], Ruleset]] = {}
    with ExitStack() as stack:
        for part in parts:
            shape = part.shape
            if shape.name not in asked:
                ruleset = stack.enter_context(Ruleset(shape.name, shape.definition))
                asked[shape.name] = fact_sql.page(shape, rules, cutoff), ruleset
            _one(conn, *asked[shape.name], part, found)
    return found


def _one(conn: Connection, page: Select[fact_sql.Page], ruleset: Ruleset, part: Range, found: Decisions) -> None:
    """One range; a chunk that durable_rules refuses is halved until the row at fault stands alone."""
    shape = part.shape
    text, count, seen = conn.execute(page, {"low": part.low, "high": part.high}).one()
    try:
        hits = ruleset.judge(Chunk(text, count)) if text else []
    except EngineFault as fault:
        if part.high - part.low == 1:
            found.faults.append(Fault(shape.name, part.low, str(fault)))
            return
        middle = (part.low + part.high) // 2
        for half in (Range(shape, part.low, middle), Range(shape, middle, part.high)):
            _one(conn, page, ruleset, half, found)
        return
    by_rule: dict[str, list[int]] = {}
    for rule, row in hits:
        by_rule.setdefault(rule, []).append(part.low + row)
    for rule, rows in by_rule.items():
        found.hits.add(shape.name, rule, rows)
    if seen:
        found.judged[shape.name] = found.judged.get(shape.name, 0) + seen


def _worker(url: str, parts: list[Range], rules: Mapping[str, int], cutoff: datetime) -> Decisions:
    """What a worker process runs."""
    engine = connect(url)
    try:
        with reading(engine) as conn:
            return decide(conn, parts, rules, cutoff)
    finally:
        engine.dispose()


def decide_all(conn: Connection, shapes: Iterable[Shape], rules: Mapping[str, int], cutoff: datetime) -> Decisions:
    """Decides every shape in this process."""
    return decide(conn, ranges(conn, shapes, rules), rules, cutoff)


def decide_apart(url: str, parts: list[Range], rules: Mapping[str, int], cutoff: datetime) -> Decisions:
    """Decides ranges that a worker may have died of, in a process apart; one that dies costs the row it died of.

    Where no process can be started at all, everything is decided in this one.
    """
    if _startable():
        return _apart(url, parts, rules, cutoff)
    found = _worker(url, parts, rules, cutoff)
    found.came_back.append(_NONE_STARTS)
    return found


def _startable() -> bool:
    """Whether a process that does nothing comes back: not from a script that starts them without a main guard."""
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(bool, 1).result()
    except _DEATHS:
        return False


def _apart(url: str, parts: list[Range], rules: Mapping[str, int], cutoff: datetime) -> Decisions:
    """Decides ranges in a process of their own; where that dies, its halves, down to the row that kills it.

    That row is a fault, and the night goes on without it: a crash of the C code, or more memory than there is,
    costs one row, not the night.
    """
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=collect_rarely) as pool:
            return pool.submit(_worker, url, parts, rules, cutoff).result()
    except _DEATHS:
        if len(parts) == 1 and parts[0].high - parts[0].low == 1:
            shape, row = parts[0].shape.name, parts[0].low
            return Decisions(faults=[Fault(shape, row, "tiến trình đánh giá dừng đột ngột (the process died)")])
    whole = Decisions()
    for half in _halves(parts):
        whole.add(_apart(url, half, rules, cutoff))
    return whole


def _halves(parts: list[Range]) -> tuple[list[Range], list[Range]]:
    """The parts in two, a single one cut in the middle."""
    if len(parts) > 1:
        return parts[: len(parts) // 2], parts[len(parts) // 2 :]
    (part,) = parts
    middle = (part.low + part.high) // 2
    return [replace(part, high=middle)], [replace(part, low=middle)]
