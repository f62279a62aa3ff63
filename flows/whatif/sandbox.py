"""Nights simulated in a temporary database: the store is not changed, and no letter is sent.

There is one way to judge: a night here takes the steps of a real one, up to the letters, which are built only on
request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dondoc.engine.cases.history import History
from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.model import Finding
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import EngineFault, RulesRefused
from dondoc.engine.rulefile import check_units
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.audit_log.removals import irretrievable_before
from dondoc.engine.store.db.database import Connection, Engine, connect, reading, writing
from dondoc.engine.store.db.schema_version import create_tables, in_memory
from dondoc.engine.store.intake import rows as intake
from dondoc.engine.store.intake.kinds import KINDS
from dondoc.engine.store.matching.evaluate import decide_all
from dondoc.engine.store.night import levels, nights, orgchart, tasks, waivers
from dondoc.engine.store.night.history import history
from dondoc.engine.store.night.prepared import Night
from dondoc.engine.store.recall.copies import copy_before, copy_facts, copy_units
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night.assessment import Assessment, assess, keep
from dondoc.flows.night.letters import NightLetters, gathered, notify
from dondoc.flows.night.steps import cutoff_of
from dondoc.notifications.digest import LetterDraft
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.spool import Spool
from dondoc.notifications.lifecycle import letter_id
from dondoc.notifications.unwritten import UnbuiltLetter


@dataclass
class Sandbox:
    """A temporary store, the rules that judge it, and its chart, read again only after an import into it.

    `previous` is the night judged last; before the first one, None: its rules and demands count as always known.
    `again`: its next night is judged again.
    """

    engine: Engine
    book: RuleBook
    chart: OrgChart | None = None
    previous: date | None = None
    again: bool = False

    def brings(
        self, sheet: str, rows: Iterable[tuple[int, Mapping[str, Any]]], now: datetime
    ) -> intake.IntakeResult:
        """Imports rows of a sheet, each with its line; `now` is the entry time of rows without one."""
        if not KINDS[sheet].facts:
            self.chart = None
        with writing(self.engine) as conn:
            return intake.take(conn, sheet, rows, now)

    def night(
        self, as_of: date, *, notifying: bool = True, baseline: bool = False, stale: Sequence[DataSource] = ()
    ) -> Assessment:
        """Judges one night; every reader counts as notified, whether it has a mailbox or not.

        Raises `CalendarUncovered`, `ChartRefused` for a chart that contradicts itself, and `EngineFault` for a row
        that durable_rules cannot judge.
        """
        night = Night(as_of, cutoff_of(as_of), notifying, baseline, previous=self.previous, again=self.again)
        with audited(self.engine) as tx:
            self.chart = self.chart or orgchart.chart(tx.conn, night.cutoff)
            ready = nights.prepare(tx.conn, self.book, self.chart, night)
            decided = decide_all(tx.conn, ready.shapes, ready.rules, night.cutoff)
            made = assess(tx.conn, ready, decided, stale)
            if decided.faults:
                raise EngineFault(decided.faults[0].shape, decided.faults[0].text)
            notified = {notice.reader: letter_id(as_of, notice.reader, 1) for notice in made.notices}
            keep(tx, made, notified)
        self.previous, self.again = as_of, False
        return made

    def refuse_unknown_units(self, on: date) -> None:
        """Raises `RulesRefused` when the rules name a unit that the chart of that night does not know."""
        with writing(self.engine) as conn:
            self.chart = self.chart or orgchart.chart(conn, cutoff_of(on))
            unknown = check_units(self.book, self.chart.units)
        if unknown:
            raise RulesRefused(unknown)

    def letters(self, made: Assessment) -> NightLetters:
        """The finished letters of a judged night."""
        with Spool() as spool:
            notified = notify(made, self._looked_back(made), spool, workers=1)
            return replace(notified, letters=tuple(spool))

    def drafts(self, made: Assessment) -> tuple[LetterDraft, ...]:
        """The drafts of a judged night, one for each mailbox with news.

        Raises `LetterRefused` for one that could not be made: an answer about letters must not lack one.
        """
        if not made.notices:
            return ()
        return tuple(map(_drafted, gathered(made, self._looked_back(made))[1].drafts))

    def within_limits(self, made: Assessment) -> tuple[Finding, ...]:
        """The findings of all figures within their limits on a judged night, also of those that no case needed."""
        with reading(self.engine) as conn:
            return tuple(levels.within_limits(conn, made.night, made.decided))

    def _looked_back(self, made: Assessment) -> History:
        with writing(self.engine) as conn:
            return history(conn, made.night, made.judged, made.ended)


def _drafted(draft: LetterDraft | UnbuiltLetter) -> LetterDraft:
    if isinstance(draft, UnbuiltLetter):
        raise LetterRefused(draft.office, draft.reason)
    return draft


@contextmanager
def empty(book: RuleBook) -> Iterator[Sandbox]:
    """A sandbox without any unit or fact, in memory."""
    with in_memory() as engine:
        yield Sandbox(engine, book)


@contextmanager
def peopled(source: Connection, book: RuleBook) -> Iterator[Sandbox]:
    """A sandbox in memory with the units and relations of a store, and without facts."""
    with empty(book) as box:
        with writing(box.engine) as target:
            copy_units(source, target)
        yield box


@contextmanager
def rewound(source: Connection, book: RuleBook, night: date) -> Iterator[Sandbox]:
    """A sandbox in memory as the store was before a night, to judge it again by the rules of the book.

    What was waived is what the night had read, whatever the book waives now.

    Raises `CallRefused` for a night that needs rows which `dondoc retain` has removed.
    """
    first = irretrievable_before(source)
    if first is not None and night < first:
        raise CallRefused(
            f"đêm {night:%d/%m/%Y} không xét lại được nữa: dondoc retain đã bỏ các dòng được thay trước ngày "
            f"{first:%d/%m/%Y}; hỏi từ đêm ấy trở đi. (That night cannot be judged again: what was replaced "
            f"before {first} was removed; ask about that night or a later one.)"
        )
    read = waivers.known(source, nights.names_of(source, tasks.stored_rules(source)), cutoff_of(night))
    with empty(replace(book, waivers=tuple(one for one in read if one.rule in book.rules))) as box:
        with writing(box.engine) as target:
            copy_before(source, target, night, cutoff_of(night), book)
        box.previous, box.again = nights.latest(source, before=night) or night - timedelta(days=1), True
        yield box


@contextmanager
def copied(
    source: Connection, book: RuleBook, *, made: bool, known_by: datetime | None = None
) -> Iterator[Sandbox]:
    """A sandbox with the facts of a store; `made` and `known_by` choose among them as `copy_facts` says.

    The database is a file, deleted at the end, so that a whole country does not fill the memory.
    """
    with TemporaryDirectory(prefix="dondoc-") as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'sandbox.db'}")
        try:
            create_tables(engine)
            with writing(engine) as target:
                copy_facts(source, target, made=made, known_by=known_by)
            yield Sandbox(engine, book, previous=nights.latest(source) if made else None)
        finally:
            engine.dispose()
