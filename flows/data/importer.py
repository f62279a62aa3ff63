"""Imports files: stores all good rows of all files in one transaction, and reports and returns the rejects."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from pathlib import Path

from dondoc.engine.domain.model import UNDATED, ZONE, Event, Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.errors import DonDocError
from dondoc.engine.file_faults import shown
from dondoc.engine.kinds.codes import CODE_COLUMNS, unknown_code
from dondoc.engine.sources.reading.files import KINDS, is_data, is_linked, opened
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject
from dondoc.engine.sources.reading.rejects import RejectFile, RejectFiles
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Connection, Engine
from dondoc.engine.store.intake.rows import Intake, IntakeResult
from dondoc.engine.store.night import orgchart

_BATCH = 2_000
# How far the clock of another machine may be ahead.
_CLOCKS_DIFFER = timedelta(hours=1)
# How many rejects a report lists; the reject files contain all of them.
TOLD = 200
_CHART = frozenset({"units", "names", "relations", "mailboxes", "successions"})
_ORDER = {sheet.name: place for place, sheet in enumerate(SHEETS)}

# Called with the name of a source and how much of it has been imported, from 0 to 1.
Progress = Callable[[str, float], None]


class _OnlyTried(Exception):
    """Ends the transaction of a dry run."""


class NothingToImport(DonDocError):
    """There is no file to import."""


@dataclass(slots=True)
class FileReport:
    """The result of one file, or of one sheet of a workbook, in rows."""

    name: str
    kind: str
    notes: tuple[Text, ...] = ()
    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    waiting: int = 0
    remarks: list[tuple[int, Text]] = field(default_factory=list)
    unknown_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The results by sheet and by file, the first rejects, and the reject files that contain all of them."""

    taken: Mapping[str, IntakeResult]
    rejects: tuple[Reject, ...]
    files: tuple[FileReport, ...]
    passed_over: tuple[str, ...]
    given_back: tuple[Path, ...]

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return sum(file.rejected for file in self.files)


@dataclass(slots=True)
class _Import:
    """A running import."""

    conn: Connection
    now: datetime
    progress: Progress
    unit_changes: bool = False
    rejects: list[Reject] = field(default_factory=list)
    intakes: dict[str, Intake] = field(default_factory=dict)

    def take(self, source: SheetRows, back: RejectFile | None) -> FileReport:
        """Imports one source, batch by batch."""
        kind = source.sheet.name
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
        refused = intake.batch([(row.line, row.values) for row in read if isinstance(row, AcceptedRow)], origin)
        rejects = {row.line: row for row in read if isinstance(row, Reject)}
        rejects |= {row.line: source.rejected(row.line, row.column, row.value, row.vi, row.en) for row in refused}
        _note_unknown(source, read, unknown)
        report.rejected += len(rejects)
        self.rejects += [rejects[line] for line in sorted(rejects)][: TOLD - len(self.rejects)]
        if back is not None:
            for line, cells in batch:
                if line in rejects:
                    back.add(source, cells, rejects[line])

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
            self.rejects += [reject][: TOLD - len(self.rejects)]
            if origin.back is not None:
                origin.back.add(origin.source, origin.cells[row.line], reject)


@dataclass(frozen=True, slots=True)
class _RelationOrigin:
    """Where rows of relations came from, in case they are rejected later."""

    source: SheetRows
    back: RejectFile | None
    report: FileReport
    cells: Mapping[int, list[str]]


def bring_in(
    engine: Engine,
    where: Path | Sequence[Path],
    now: datetime,
    how: ImportOptions | None = None,
    *,
    kind: str | None = None,
    give_back: RejectFiles | None = None,
    progress: Progress = lambda _name, _done: None,
    unit_changes: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Imports every file, and every data file of a folder, in the order in which sheets build on each other.

    `kind` is the sheet of files whose names do not say it. Rejected rows are written to `give_back`, or nowhere.
    `unit_changes`: a correction may give a row to another unit. `dry_run`: the same report, and nothing is stored
    or written. Raises `SheetRefused` for an unreadable file,
    `ChartRefused` when the chart would contradict itself, `NothingToImport` when there is no file, `OSError` where
    rejects cannot be written; then nothing is stored.
    """
    paths, links = _files([where] if isinstance(where, Path) else where)
    with ExitStack() as stack:
        sources: list[tuple[SheetRows, Path]] = []
        passed_over = [f"{shown(path.name)} (liên kết, a link)" for path in links]
        for path in paths:
            found, others = stack.enter_context(opened(path, how or ImportOptions(), kind))
            sources += [(source, path) for source in found]
            passed_over += [f"{shown(path.name)} [{title}]" for title in others]
        return take_in(
            engine,
            sources,
            now,
            passed_over,
            give_back=give_back,
            progress=progress,
            unit_changes=unit_changes,
            dry_run=dry_run,
        )


def take_in(
    engine: Engine,
    sources: Sequence[tuple[SheetRows, Path]],
    now: datetime,
    passed_over: Sequence[str] = (),
    *,
    give_back: RejectFiles | None = None,
    progress: Progress = lambda _name, _done: None,
    unit_changes: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Imports open sources, each with the file that its reject file is named after, in one transaction.

    Raises what `bring_in` raises; then nothing is stored, and no reject file stays.
    """
    ordered = sorted(sources, key=lambda entry: _ORDER[entry[0].sheet.name])
    give_back = None if dry_run else give_back
    with ExitStack() as stack:
        paths = dict.fromkeys(path for _, path in sources)
        back = {path: stack.enter_context(give_back.beside(path)) for path in paths} if give_back else {}
        # Outside the transaction, so that it ends by this error and is rolled back.
        stack.enter_context(suppress(_OnlyTried))
        with audited(engine) as tx:
            running = _Import(tx.conn, now, progress, unit_changes)
            files: list[FileReport] = []
            read: list[Path] = []
            for kind, some in groupby(ordered, key=lambda entry: entry[0].sheet.name):
                for source, path in some:
                    files.append(running.take(source, back.get(path)))
                    read.append(path)
                if kind == "relations":
                    running.withdraw()
            # Read for its checks only: it raises `ChartRefused`, and the transaction is rolled back.
            orgchart.chart(tx.conn, now)
            changed = [pair for pair in zip(files, read, strict=True) if pair[0].added or pair[0].corrected]
            tx.log(None, [_logged(file, path) for file, path in changed])
            for intake in running.intakes.values():
                intake.log(tx)
            # Before the commit: where rejects cannot be written nothing is stored, so that no row is lost.
            for file_back in back.values():
                file_back.keep()
            if dry_run:
                raise _OnlyTried
    written = tuple(give_back.written) if give_back else ()
    return ImportReport(_by_kind(files), tuple(running.rejects), tuple(files), tuple(passed_over), written)


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


def _logged(file: FileReport, path: Path) -> Event:
    counts = {name: str(getattr(file, name)) for name in ("added", "corrected", "unchanged", "rejected")}
    # The night's letter names them without reading every fact again.
    codes = {"codes": " ".join(file.unknown_codes)} if file.unknown_codes else {}
    return Event("imported", None, {"file": file.name, "kind": file.kind, **counts, **codes, **_digest(path)})


def _digest(path: Path) -> dict[str, str]:
    """The hash of a file, by which its rows can be traced to it; nothing for a database."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def percentages(book: RuleBook) -> dict[str, bool]:
    """By indicator whether it is a percentage, so that a percent sign on any other figure is rejected."""
    return {name: indicator.unit.vi == "%" for name, indicator in book.indicators.items()}


def _files(where: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The files themselves, each once, and the links in folders, which are left. Raises `NothingToImport`."""
    found: dict[Path, None] = {}
    links: list[Path] = []
    for path in where:
        here = _inside(path) if path.is_dir() else [path]
        found |= dict.fromkeys(one for one in here if not (path.is_dir() and is_linked(one)))
        links += [one for one in here if path.is_dir() and is_linked(one)]
    if not found:
        known = ", ".join(f"{kind}.csv" for kind in KINDS)
        places = ", ".join(map(shown, where))
        raise NothingToImport(f"{places}: không có tệp nào trong số (none of the files) {known} (.xlsx)")
    return list(found), links


def _inside(folder: Path) -> list[Path]:
    """The data files of a folder and the links among them, units.csv before units-2.csv."""
    here = (path for path in folder.iterdir() if is_data(path) or is_linked(path))
    return sorted(here, key=lambda path: (path.stem, path.suffix))


def _by_kind(files: Iterable[FileReport]) -> dict[str, IntakeResult]:
    taken: dict[str, IntakeResult] = {}
    for file in files:
        old = taken.get(file.kind, IntakeResult(0, 0, 0, ()))
        taken[file.kind] = IntakeResult(
            old.added + file.added, old.corrected + file.corrected, old.unchanged + file.unchanged, ()
        )
    return taken
