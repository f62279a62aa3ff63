"""One import while it runs: sends the rows of open sources to the store, batch by batch, and sorts out rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from dondoc.engine.domain.model import UNDATED, ZONE, Text
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.kinds.codes import CODE_COLUMNS, unknown_code
from dondoc.engine.sources.formats.table import Cells
from dondoc.engine.sources.reading.kinds import AcceptedRow, Reject
from dondoc.engine.sources.reading.rejects import RejectFile
from dondoc.engine.sources.reading.source import SheetRows
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake.rows import Intake, RefusedRow
from dondoc.flows.data.import_report import TOLD, FileReport

_BATCH = 2_000
# How far the clock of another machine may be ahead.
_CLOCKS_DIFFER = timedelta(hours=1)
_CHART = frozenset({"units", "names", "relations", "mailboxes", "successions"})

# Called with the name of a source and how much of it has been imported, from 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(slots=True)
class RunningImport:
    """A running import."""

    conn: Connection
    now: datetime
    progress: Progress
    unit_changes: bool = False
    rejects: list[Reject] = field(default_factory=list)
    # By sheet, the keys of rows that were rejected: what only lacks them is not wrong itself.
    missed: dict[str, set[str]] = field(default_factory=lambda: {"units": set(), "tasks": set()})
    intakes: dict[str, Intake] = field(default_factory=dict)

    def take(self, source: SheetRows, back: RejectFile | None) -> FileReport:
        """Imports one source, batch by batch; one that is refused is only looked at."""
        kind = source.sheet.name
        if source.refused:
            report = FileReport(source.name, kind)
            self._look(source, report)
            return report
        intake = self._intake(kind)
        before = intake.added, intake.corrected, intake.unchanged, len(intake.remarks)
        report = FileReport(source.name, kind, tuple(source.notes()))
        rows = source.rows()
        unknown: dict[str, int] = {}
        while batch := list(islice(rows, _BATCH)):
            self._batch(source, intake, batch, back, report, unknown)
            self.progress(source.name, source.table.done)
        report.added = intake.added - before[0]
        report.corrected = intake.corrected - before[1]
        report.unchanged = intake.unchanged - before[2]
        report.remarks = [*intake.remarks[before[3] :], *_of_no_rule(source, unknown)]
        report.unknown_codes = tuple(unknown)
        report.waiting = source.waiting
        return report

    def _intake(self, kind: str) -> Intake:
        """One intake per sheet of the chart for all files, so that two files cannot correct each other in turn."""
        if kind not in _CHART:
            return Intake(self.conn, kind, self.now, unit_changes=self.unit_changes)
        if kind not in self.intakes:
            self.intakes[kind] = Intake(self.conn, kind, self.now)
        return self.intakes[kind]

    def _known_by_now(self, row: AcceptedRow | Reject, source: SheetRows) -> AcceptedRow | Reject:
        """The row, or a reject if it was entered in the future: no night would see it before that instant."""
        if isinstance(row, Reject) or row.values.get("recorded_at", self.now) <= self.now + _CLOCKS_DIFFER:
            return row
        moment = row.values["recorded_at"].astimezone(ZONE)
        by = "tệp được lưu" if UNDATED in row.values else "được ghi nhận"
        return source.rejected(
            row.line,
            "recorded_at",
            f"{moment:%d/%m/%Y %H:%M}",
            f"{by} ở thời điểm chưa đến; xem lại ngày giờ (hoặc đồng hồ của máy đã lưu tệp)",
            "entered in the future: check the date, or the clock of the machine that saved the file",
        )

    def _batch(
        self,
        source: SheetRows,
        intake: Intake,
        batch: Sequence[tuple[int, list[str]]],
        back: RejectFile | None,
        report: FileReport,
        unknown: dict[str, int],
    ) -> None:
        read = [self._known_by_now(source.read(line, cells), source) for line, cells in batch]
        origin = _RelationOrigin(source, back, report, dict(batch)) if source.sheet.name == "relations" else None
        accepted = {row.line: row.values for row in read if isinstance(row, AcceptedRow)}
        rejects = {row.line: self._faults(source, row, intake) for row in read if isinstance(row, Reject)}
        held_up: dict[int, list[Reject]] = {}
        for refused in intake.batch(list(accepted.items()), origin):
            wrong, lacking = self._sorted(refused, intake, accepted[refused.line])
            rejects[refused.line] = [source.rejected(*_said(one)) for one in wrong or lacking]
            if not wrong:
                held_up[refused.line] = rejects[refused.line]
        _note_unknown(source, read, unknown)
        report.rejected += len(rejects)
        report.held_up += len(held_up)
        self._note_missed(source, (cells for line, cells in batch if line in rejects))
        self._list([one for line in sorted(rejects.keys() - held_up.keys()) for one in rejects[line]])
        if back is not None:
            for line, cells in batch:
                if line in rejects:
                    back.add(source, cells, _in_one(rejects[line]))

    def _look(self, source: SheetRows, report: FileReport) -> None:
        """Reports what is wrong in the rows of a refused source, and stores none of them."""
        intake = self._intake(source.sheet.name)
        self._note_missed(source, (cells for _, cells in source.rows()))
        for line, cells in source.rows() if source.judged else ():
            row = self._known_by_now(source.read(line, cells), source)
            if faults := self._faults(source, row, intake):
                report.rejected += 1
                self._list(faults)

    def _faults(self, source: SheetRows, row: AcceptedRow | Reject, intake: Intake) -> list[Reject]:
        """What is wrong in a row that does not reach the store, and the units that it names and nobody knows."""
        own = list(row.each()) if isinstance(row, Reject) else []
        unknown = (one for one in intake.unknown_units(row.line, row.values) if not self._is_missed(one))
        return [*own, *(source.rejected(*_said(one)) for one in unknown)]

    def _sorted(
        self, refused: RefusedRow, intake: Intake, values: Mapping[str, Any]
    ) -> tuple[list[RefusedRow], list[RefusedRow]]:
        """What is wrong in a refused row, and where it only lacks rows that were rejected themselves."""
        wrong = list(intake.unknown_units(refused.line, values)) if refused.lacks == "units" else [refused]
        lacking = [_lacking(one) for one in wrong if self._is_missed(one)]
        return [one for one in wrong if not self._is_missed(one)], lacking

    def _is_missed(self, refused: RefusedRow) -> bool:
        return refused.value in self.missed.get(refused.lacks, ())

    def _note_missed(self, source: SheetRows, rows: Iterable[Cells]) -> None:
        if source.sheet.name in self.missed:
            self.missed[source.sheet.name] |= {source.key_of(cells) for cells in rows}

    def _list(self, rejects: Sequence[Reject]) -> None:
        self.rejects += rejects[: TOLD - len(self.rejects)]

    def withdraw(self) -> None:
        """Rejects, after all relations are read, those that would make the chart contradict itself."""
        for one in self.intakes["relations"].withdraw():
            origin, row = one.origin, one.refused
            assert isinstance(origin, _RelationOrigin)
            reject = origin.source.rejected(row.line, row.column, row.value, row.vi, row.en)
            report = origin.report
            report.added -= not one.corrected
            report.corrected -= one.corrected
            report.rejected += 1
            self._list([reject])
            if origin.back is not None:
                origin.back.add(origin.source, origin.cells[row.line], reject)


@dataclass(frozen=True, slots=True)
class _RelationOrigin:
    """Where rows of relations came from, in case they are rejected later."""

    source: SheetRows
    back: RejectFile | None
    report: FileReport
    cells: Mapping[int, list[str]]


def _said(refused: RefusedRow) -> tuple[int, str, str, str, str]:
    return refused.line, refused.column, refused.value, refused.vi, refused.en


def _lacking(refused: RefusedRow) -> RefusedRow:
    """The refusal of a row that is right in itself."""
    return replace(
        refused,
        vi=f"dòng của mã này trong {refused.lacks} cũng bị từ chối; sửa dòng ấy, rồi nạp lại cả hai",
        en=f"the row of this id in {refused.lacks} was rejected too: correct that one, and import both again",
    )


def _in_one(rejects: Sequence[Reject]) -> Reject:
    """Everything that is wrong in a row, under its first column, as a reject file says it."""
    first, *others = rejects
    return replace(
        first,
        vi="; ".join([first.vi, *(f"{one.column}: {one.vi}" for one in others)]),
        en="; ".join([first.en, *(f"{one.column}: {one.en}" for one in others)]),
    )


def _note_unknown(source: SheetRows, read: Iterable[AcceptedRow | Reject], unknown: dict[str, int]) -> None:
    """Notes the codes that no rule reads, each with its first line."""
    sheet = SheetKind(source.sheet.name)
    if sheet in source.how.codes:
        known, column = source.how.codes[sheet], CODE_COLUMNS[sheet]
        for row in read:
            if isinstance(row, AcceptedRow) and row.values[column] not in known:
                unknown.setdefault(row.values[column], row.line)


def _of_no_rule(source: SheetRows, unknown: Mapping[str, int]) -> Iterator[tuple[int, Text]]:
    for code, line in unknown.items():
        sheet = SheetKind(source.sheet.name)
        yield line, unknown_code(sheet, code, source.how.codes[sheet])
