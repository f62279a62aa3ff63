"""`dondoc import`: imports files and reports accepted and rejected rows."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import SheetKind
from dondoc.engine.file_faults import shown
from dondoc.flows.cli.console import PROBLEMS, AsJson, complain, say, say_json, spoken

if TYPE_CHECKING:
    from dondoc.engine.sources.reading.kinds import Reject
    from dondoc.flows.data.import_report import FileReport, ImportReport
    from dondoc.flows.data.import_run import Progress


class EncodingOption(StrEnum):
    """The encodings of CSV files that the bytes do not reveal; TCVN3 and VNI also of cells of a workbook."""

    UTF_8 = "utf-8"
    WINDOWS_1258 = "windows-1258"
    TCVN3 = "tcvn3"
    VNI = "vni"


class NumbersOption(StrEnum):
    """How numbers are written: 8.999 and 2,61, or 8,999 and 2.61."""

    VI = "vi"
    EN = "en"


def import_(
    paths: Annotated[
        list[Path], typer.Argument(help="Thư mục, hoặc các tệp CSV, XLSX. (A folder, or CSV and XLSX files.)")
    ],
    *,
    kind: Annotated[
        SheetKind | None, typer.Option(help="Loại dữ liệu, khi tên và tiêu đề không nói. (What the files hold.)")
    ] = None,
    encoding: Annotated[
        EncodingOption | None,
        typer.Option(help="Mã chữ của CSV không phải Unicode. (Of CSV that is not Unicode.)"),
    ] = None,
    numbers: Annotated[
        NumbersOption | None, typer.Option(help="Cách viết số, khi tệp không đủ rõ. (How numbers are written.)")
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(
            help="Thư mục nhận dòng bị từ chối; mặc định: cạnh tệp nạp, hoặc var/tu-choi. (Where rejects go.)"
        ),
    ] = None,
    unit_changes: Annotated[
        bool,
        typer.Option(
            "--unit-changes", help="Nhận bản sửa đổi cả đơn vị của dòng. (Corrections may change the unit.)"
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ thử: báo như khi nạp, không ghi gì. (Reports, stores nothing.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Nạp CSV, XLSX: nhận dòng tốt, trả lại dòng hỏng kèm lý do. (Imports CSV and XLSX, returns bad rows.)"""
    from dondoc.engine.sources.reading.number_style import NumberStyle
    from dondoc.engine.sources.reading.rejects import RejectFiles
    from dondoc.engine.sources.reading.source import ImportOptions
    from dondoc.engine.store.db.schema_version import upgrade
    from dondoc.flows.config.settings import load, opened
    from dondoc.flows.data.importer import bring_in

    with spoken():
        settings = load(os.environ)
        how = ImportOptions(encoding, NumberStyle(numbers) if numbers else None, **_of_the_rules(settings.rules))
        with opened(settings) as engine, bar() as progress, _everything_wrong():
            upgrade(engine)
            report = bring_in(
                engine,
                paths,
                datetime.now(UTC),
                how,
                kind=kind,
                give_back=RejectFiles(rejects),
                progress=progress,
                unit_changes=unit_changes,
                dry_run=dry_run,
            )
        if as_json:
            say_json(_as_json(report))
        else:
            _tell(report, unchecked=not how.percentages, dry_run=dry_run)
        if report.rejected:
            raise typer.Exit(PROBLEMS)


@contextmanager
def _everything_wrong() -> Iterator[None]:
    """Says everything that is wrong when an import is refused: of whole files, then of rows."""
    from dondoc.flows.data.import_report import TOLD, ImportedChartRefused, ImportRefused

    try:
        yield
    except (ImportRefused, ImportedChartRefused) as refused:
        complain(str(refused))
        for reject in refused.rejects:
            complain(told(reject))
        if len(refused.rejects) >= TOLD:
            complain(f"… chỉ nêu {TOLD} lỗi đầu. (The first {TOLD} faults only.)")
        complain("Chưa nạp gì: sửa mọi lỗi trên rồi nạp lại. (Nothing was stored: correct it all, and repeat.)")
        raise typer.Exit(PROBLEMS) from refused


def _of_the_rules(rules: Path) -> dict[str, Any]:
    """What the rules say about data: percentages and codes; empty while the rules cannot be read."""
    from dondoc.engine.errors import RulesRefused
    from dondoc.engine.kinds.codes import known_codes
    from dondoc.engine.rulefile import load
    from dondoc.flows.data.importer import percentages

    try:
        book = load(rules)
    except (RulesRefused, OSError):
        return {}
    # Without a rule every code is unknown, and nobody has to be told.
    return {"percentages": percentages(book), "codes": known_codes(book) if book.rules else {}}


def _tell(report: ImportReport, *, unchecked: bool, dry_run: bool) -> None:
    for file in report.files:
        say(_counted(file))
        for line, remark in file.remarks:
            say(Text.format("{file}:{line}: {said}", file=file.name, line=line, said=remark.beside()))
    for name in report.passed_over:
        say(Text(f"{name}: bỏ qua, không phải loại dữ liệu nào", f"{name}: passed over, it is no kind of data"))
    for reject in report.rejects:
        complain(told(reject))
    if report.rejected:
        n = report.rejected
        complain(
            Text(
                f"{n} dòng không được nhận; các dòng khác {'nạp được' if dry_run else 'đã nạp'}.",
                f"{n} rows were not accepted; the others {'can be imported' if dry_run else 'were'}.",
            )
        )
    if dry_run:
        say("Chỉ thử: chưa ghi gì. (A dry run: nothing was stored.)")
    if unchecked and "readings" in report.taken:
        complain(
            Text(
                "Bộ quy tắc chưa đọc được nên chưa kiểm tra đơn vị tính của số liệu (dondoc check).",
                "The rules could not be read, so units of measurement were not checked: see dondoc check.",
            )
        )
    for path in report.given_back:
        complain(
            Text(
                f"Các dòng đó nằm ở {shown(path)}: sửa rồi nạp lại chính tệp ấy.",
                f"These rows are in {shown(path)}: correct them there and import that file.",
            )
        )


def _counted(file: FileReport) -> Text:
    """What became of the rows of a file, in numbers, and how it was read."""
    vi = f"{file.name}: thêm {file.added}, sửa {file.corrected}, giữ nguyên {file.unchanged}"
    en = f"{file.name}: {file.added} added, {file.corrected} corrected, {file.unchanged} unchanged"
    if file.rejected:
        vi, en = f"{vi}, từ chối {file.rejected}", f"{en}, {file.rejected} rejected"
    if file.held_up:
        vi = f"{vi} ({file.held_up} dòng chỉ thiếu mã bị từ chối ở tệp khác)"
        en = f"{en} ({file.held_up} only because they name what another file had rejected)"
    if file.waiting:
        vi, en = f"{vi}, chưa điền {file.waiting}", f"{en}, {file.waiting} not filled in"
    if file.notes:
        vi = f"{vi} ({'; '.join(note.vi for note in file.notes)})"
        en = f"{en} ({'; '.join(note.en for note in file.notes)})"
    return Text(vi, en)


def told(reject: Reject) -> Text:
    """A rejected cell, with its value as it stands in the file."""
    return Text.format(
        "{file}:{line}: {column} «{value}»: {said}",
        file=reject.file,
        line=reject.line,
        column=reject.column,
        value=reject.value[:60],
        said=Text(reject.vi, reject.en).beside(),
    )


_OF_A_REJECT = ("file", "line", "column", "value", "vi", "en")


def _as_json(report: ImportReport) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "files": [asdict(file) for file in report.files],
        "passed_over": report.passed_over,
        "rejected": report.rejected,
        "rejects": [{name: getattr(reject, name) for name in _OF_A_REJECT} for reject in report.rejects],
        "given_back": [shown(path) for path in report.given_back],
    }


@contextmanager
def bar() -> Iterator[Progress]:
    """A progress bar on standard error while files are read; none unless that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _name, _done: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def advance(name: str, done: float) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=1.0)
            bar.update(tasks[name], completed=done)

        yield advance
