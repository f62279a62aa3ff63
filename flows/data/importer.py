"""Imports files: stores all good rows of all files in one transaction, and reports and returns the rejects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path

from dondoc.engine.domain.model import Event
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import ChartRefused
from dondoc.engine.file_faults import shown
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import KINDS, is_data, is_linked, is_rejects, opened
from dondoc.engine.sources.reading.kinds import SHEETS
from dondoc.engine.sources.reading.rejects import RejectFiles
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.intake.rows import IntakeResult
from dondoc.engine.store.night import orgchart
from dondoc.flows.data.import_report import (
    FileReport,
    ImportedChartRefused,
    ImportRefused,
    ImportReport,
    NothingToImport,
)
from dondoc.flows.data.import_run import Progress, RunningImport

_ORDER = {sheet.name: place for place, sheet in enumerate(SHEETS)}


class _OnlyTried(Exception):
    """Ends the transaction of a dry run."""


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

    `kind` is the declared sheet of all files. Rejected rows are written to `give_back`, or nowhere.
    `unit_changes`: a correction may give a row to another unit. `dry_run`: the same report, and nothing is stored
    or written. Raises `ImportRefused` for unreadable files, `ImportedChartRefused` when the chart would contradict
    itself, both with everything else that is wrong; `NothingToImport` when there is no file, `OSError` where
    rejects cannot be written. Then nothing is stored.
    """
    paths, links = _files([where] if isinstance(where, Path) else where)
    with ExitStack() as stack:
        sources: list[tuple[SheetRows, Path]] = []
        refusals: list[SheetRefused] = []
        passed_over = [f"{shown(path.name)} (liên kết, a link)" for path in links]
        for path in paths:
            try:
                found, others = stack.enter_context(opened(path, how or ImportOptions(), kind, refusals))
            except SheetRefused as refused:
                refusals.append(refused)
                continue
            sources += [(source, path) for source in found]
            passed_over += [f"{shown(path.name)} [{title}]" for title in others]
        return take_in(
            engine,
            sources,
            now,
            passed_over,
            refusals,
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
    refusals: Sequence[SheetRefused] = (),
    *,
    give_back: RejectFiles | None = None,
    progress: Progress = lambda _name, _done: None,
    unit_changes: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Imports open sources, each with the file that its reject file is named after, in one transaction.

    Where there are `refusals` the sources are only looked at, so that everything that is wrong is said in one run.
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
            running = RunningImport(tx.conn, now, progress, unit_changes)
            files: list[FileReport] = []
            read: list[Path] = []
            for kind, some in groupby(ordered, key=lambda entry: entry[0].sheet.name):
                for source, path in some:
                    files.append(running.take(source, back.get(path)))
                    read.append(path)
                if kind == "relations":
                    running.withdraw()
            if refusals:
                raise ImportRefused(refusals, running.rejects)
            # Read for its checks only; the transaction is rolled back.
            try:
                orgchart.chart(tx.conn, now)
            except ChartRefused as refused:
                raise ImportedChartRefused(refused.faults, running.rejects) from refused
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
    """The data files of a folder and the links among them, units.csv before units-2.csv; else its reject files."""
    everything = list(folder.iterdir())
    here = [path for path in everything if is_data(path) or is_linked(path)]
    # A folder of reject files alone was corrected to be imported again.
    return sorted(here or filter(is_rejects, everything), key=lambda path: (path.stem, path.suffix))


def _by_kind(files: Iterable[FileReport]) -> dict[str, IntakeResult]:
    taken: dict[str, IntakeResult] = {}
    for file in files:
        old = taken.get(file.kind, IntakeResult(0, 0, 0, ()))
        taken[file.kind] = IntakeResult(
            old.added + file.added, old.corrected + file.corrected, old.unchanged + file.unchanged, ()
        )
    return taken
