"""What holds after every night and every morning of a year, asked of the database alone (docs/en/states.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, select

from dondoc.engine.domain.terms import CaseStatus, LetterState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.flows.records.audit import audit
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import TRANSITIONS
from tests.support.town import ROOT

_Rows = Mapping[int, Row[Any]]
_OPERATOR = "dondoc.operator"
_UNDER_WAY = frozenset({LetterState.LEASED, LetterState.DATA_SENT})


@cache
def _edges() -> frozenset[tuple[str, str]]:
    """How the page lets a night move a case; "new" is one that was not there."""
    _, page = (ROOT / "docs" / "en" / "states.md").read_text("utf-8").split("case-states.svg")
    moves = re.findall(r"^\| (?:`(\w+)`|\(new\)) \| `(\w+)` \| [^|]+ \|$", page, re.MULTILINE)
    return frozenset((before or "new", after) for before, after in moves)


@cache
def _reachable(state: LetterState) -> frozenset[LetterState]:
    """Where a letter of a state can come in any number of moves; itself included."""
    found, new = {state}, {state}
    while new:
        new = {after for one in new for after in TRANSITIONS[one]} - found
        found |= new
    return frozenset(found)


@dataclass
class Watch:
    """Compares a store with what it was when it was last looked at."""

    engine: Engine
    cases: _Rows = field(default_factory=dict)
    letters: _Rows = field(default_factory=dict)
    acts: _Rows = field(default_factory=dict)

    def after_a_night(self, night: date) -> list[str]:
        """What a night broke: of cases, and of the letters that it planned."""
        with reading(self.engine) as conn:
            cases = _all(conn, t.case_file)
            found = [*self._of_cases(cases, night), *_of_notices(conn, night)]
        self.cases = cases
        return [f"{night}: {one}" for one in found]

    def after_a_morning(self, night: date) -> list[str]:
        """What the deliveries and the answers of a day broke: of letters, of who counts as told, of acts."""
        with reading(self.engine) as conn:
            letters, acts = _all(conn, t.letter), {row.no: row for row in conn.execute(select(t.act))}
            found = [*self._of_letters(letters), *self._of_acts(acts), *_of_the_told(conn)]
        self.letters, self.acts = letters, acts
        return [f"{night}, by day: {one}" for one in found]

    def at_the_end(self) -> list[str]:
        """Whether the log proves all that is stored."""
        with reading(self.engine) as conn:
            return [flaw.text() for flaw in audit(conn).flaws]

    def _of_cases(self, cases: _Rows, night: date) -> Iterator[str]:
        for gone in self.cases.keys() - cases.keys():
            yield f"case {self.cases[gone].code} is gone"
        for key, case in cases.items():
            before = self.cases.get(key)
            was = before.status.value if before else "new"
            if was != case.status.value and (was, case.status.value) not in _edges():
                yield f"case {case.code} went from {was} to {case.status}"
            if (case.status is CaseStatus.CLOSED) is not (case.outcome is not None and case.closed_on is not None):
                yield f"case {case.code} is {case.status} with the outcome {case.outcome} on {case.closed_on}"
            if case.status is not CaseStatus.CLOSED and case.next_on is not None and case.next_on <= night:
                yield f"case {case.code} was to be looked at by {case.next_on}"
            if before is not None:
                yield from _kept(before, case)

    def _of_letters(self, letters: _Rows) -> Iterator[str]:
        keys = [(row.night, row.office, row.part) for row in letters.values() if row.fallback_of is None]
        if len(set(keys)) < len(keys):
            yield "two letters of one night, office and part"
        for key, row in letters.items():
            before = self.letters.get(key)
            if row.state in _UNDER_WAY:
                yield f"at rest, and {row.state}: {row.office} {row.night}"
            if before is not None and row.state not in _reachable(before.state):
                yield f"letter to {row.office} of {row.night} went from {before.state} to {row.state}"
            # A server that had taken it may report afterwards that it did not arrive.
            same = before is None or tuple(before) == tuple(row) or row.state is LetterState.DEAD
            if before is not None and before.state is LetterState.SENT and not same:
                yield f"letter to {row.office} of {row.night} changed after it was sent"

    def _of_acts(self, acts: _Rows) -> Iterator[str]:
        for number, act in self.acts.items():
            if number not in acts or tuple(acts[number]) != tuple(act):
                yield f"act {number} changed"


def _all(conn: Connection, table: Table) -> _Rows:
    return {row.id: row for row in conn.execute(select(table))}


def _kept(before: Row[Any], case: Row[Any]) -> Iterator[str]:
    """What a case keeps for life, and what it keeps for a round."""
    for column in ("code", "task_id", "opened_on"):
        if getattr(before, column) != getattr(case, column):
            yield f"case {before.code} has another {column}"
    if case.round < before.round:
        yield f"case {case.code} went back to round {case.round}"
    if case.round == before.round and case.reached < before.reached:
        yield f"case {case.code} fell from step {before.reached} to {case.reached} in round {case.round}"


def _of_notices(conn: Connection, night: date) -> Iterator[str]:
    """Nobody counts as told without a letter, and no letter stands for nothing."""
    letters = {row.id: row for row in conn.execute(select(t.letter).where(t.letter.c.night == night))}
    told = set(conn.scalars(select(t.notice.c.letter).where(t.notice.c.night == night)))
    yield from (f"told without a letter: {one}" for one in told if one not in letters)
    for key, row in letters.items():
        if key not in told and row.office != _OPERATOR and row.fallback_of is None:
            yield f"a letter to {row.office}, and nobody told"


def _of_the_told(conn: Connection) -> Iterator[str]:
    """Whoever counts as told has a letter that left, or may still leave."""
    for key in set(conn.scalars(select(t.notice.c.letter).where(t.notice.c.untold_on.is_(None)))):
        if not outbox.alive(conn, key):
            yield f"told, and nothing left or will: {key}"
