"""Pulls data from the sources of sources.yaml, each independently, so that a failing one stops no other.

A fault of a source is recorded and reported, never raised: the night goes on without it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import monotonic

from dondoc.engine.domain.data_sources import Address, DataSource, DropFolder, Queries
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import ChartRefused, DonDocError
from dondoc.engine.file_faults import fault_of, shown
from dondoc.engine.kinds.codes import known_codes
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.pull.drop_folder import REFUSED, TAKEN, put_away, stamp, waiting
from dondoc.engine.sources.pull.queries import QueryTable, connected
from dondoc.engine.sources.reading.files import KINDS
from dondoc.engine.sources.reading.number_style import NumberStyle
from dondoc.engine.sources.reading.rejects import RejectFiles
from dondoc.engine.sources.reading.source import ImportOptions, SheetRows
from dondoc.engine.store.db.database import Engine, writing
from dondoc.engine.store.db.faults import DBAPIError
from dondoc.engine.store.intake.pulls import Pull, record
from dondoc.flows.data.import_report import ImportReport
from dondoc.flows.data.importer import bring_in, percentages, take_in

Clock = Callable[[], datetime]
# Where rejects of a database go: the service may write into `var` only.
REJECTS = Path("var") / REFUSED


@dataclass(slots=True)
class Pulled:
    """The result of pulling one source: a report per file or for all SELECTs, faults, files left for later."""

    source: DataSource
    at: datetime
    reports: list[ImportReport] = field(default_factory=list)
    faults: list[Text] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def summed(self) -> Pull:
        """The sums, as the store keeps them."""
        files = [file for report in self.reports for file in report.files]
        return Pull(
            self.source.id,
            self.at,
            sum(file.added for file in files),
            sum(file.corrected for file in files),
            sum(file.unchanged for file in files),
            sum(file.rejected for file in files),
            tuple(self.faults),
            tuple(shown(path) for report in self.reports for path in report.given_back),
        )

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Turns an error of the work inside into a fault of the source, and goes on."""
        try:
            yield
        except SheetRefused as refused:
            self.faults.append(Text.format("{file}: {why}", file=refused.file, why=refused.why))
        except ChartRefused as refused:
            self.faults.append(Text("; ".join(refused.faults), "the organisation chart would contradict itself"))
        except (OSError, UnicodeError) as error:
            fault = fault_of(error, self.source.id)
            self.faults.append(
                Text.format(
                    "{said}: {file}: {why}",
                    said=Text("không đọc hoặc không ghi được tệp", "a file could not be read or written"),
                    file=fault.where,
                    why=Text(fault.vi, fault.en),
                )
            )
        except DonDocError:
            # Our own database is away: that is the night's to say, and no source's.
            raise
        except Exception as error:  # noqa: BLE001 - a source from outside can break anything, and stops no night
            self.faults.append(_unforeseen(error))


def _unforeseen(error: Exception) -> Text:
    """What is said of an error that nobody foresaw: its kind and its place, never its words, which quote data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    seen = f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    if isinstance(error, DBAPIError):
        seen = f"{type(error.orig).__name__} {getattr(error.orig, 'sqlstate', None) or ''}".strip()
        return Text(f"không ghi được vào cơ sở dữ liệu ({seen})", f"it could not be stored ({seen})")
    return Text(
        f"lỗi không lường trước ({seen}); báo người phát triển kèm tệp hoặc câu lệnh",
        f"an unforeseen error ({seen}): report it with the file or the statement",
    )


def pull(engine: Engine, book: RuleBook, environment: Mapping[str, str], now: Clock) -> Iterator[Pulled]:
    """Pulls every source in the order of the rules, and records the results.

    `environment` has the addresses that sources name. Raises a `DatabaseFault` when our own database cannot be
    written.
    """
    for source in book.sources:
        made = Pulled(source, now())
        how = ImportOptions(
            numbers=NumberStyle(source.numbers) if source.numbers else None,
            percentages=percentages(book),
            codes=known_codes(book),
        )
        if isinstance(source.origin, Queries):
            _ask(engine, source.origin, made, how, environment)
        else:
            _collect(
                engine,
                source.origin,
                made,
                replace(how, encoding=source.origin.encoding, kinds=source.origin.allowed),
            )
        with writing(engine) as conn:
            record(conn, made.summed())
        yield made


def _ask(
    engine: Engine, origin: Queries, made: Pulled, how: ImportOptions, environment: Mapping[str, str]
) -> None:
    """Imports every SELECT of a database, read as one snapshot, in one transaction of ours."""
    end = monotonic() + origin.timeout
    how = replace(how, numbers=how.numbers or NumberStyle.EN)

    def spent() -> bool:
        return monotonic() > end

    with made.noting():
        address = _address(made.source.id, origin.address, environment)
        with connected(made.source.id, address, origin.timeout, spent) as ask:
            sources = []
            for kind, select in origin.selects.items():
                name = f"{kind}-{made.source.id}"
                sources.append(
                    (SheetRows(QueryTable(name, select, ask, spent), KINDS[kind], how), Path(f"{name}.csv"))
                )
            back = RejectFiles(REJECTS, ours=True)
            made.reports.append(take_in(engine, sources, made.at, give_back=back))


def _address(name: str, address: Address, environment: Mapping[str, str]) -> str:
    """The address of a source's database. Raises `SheetRefused` when it is not where the rules say."""
    if address.env:
        found = environment.get(address.env, "")
        vi, en = f"biến môi trường {address.env}", f"the environment variable {address.env}"
    else:
        found, vi, en = "", f"tệp {address.file}", f"the file {address.file}"
        with suppress(OSError, ValueError):
            found = Path(address.file or "").read_text("utf-8").strip()
    if not found:
        raise SheetRefused(name, f"chưa có địa chỉ trong {vi}", f"there is no address in {en}")
    return found


def _collect(engine: Engine, origin: DropFolder, made: Pulled, how: ImportOptions) -> None:
    """Imports every finished file of a folder, each in its own transaction."""
    folder = Path(origin.path)
    with made.noting():
        found = waiting(folder, made.at, origin.kind)
        made.left += [shown(path.name) for path in found.unfinished]
        for path in found.links:
            made.faults.append(_link_left(path))
        for path in found.finished:
            with made.noting():
                _take(engine, path, origin, made, how)


def _take(engine: Engine, path: Path, origin: DropFolder, made: Pulled, how: ImportOptions) -> None:
    """Imports one file and moves it to the taken or refused ones; one that changed meanwhile stays."""
    before = stamp(path)
    back = RejectFiles(path.parent / REFUSED, ours=True)
    try:
        made.reports.append(bring_in(engine, path, made.at, how, kind=origin.kind, give_back=back))
    except (SheetRefused, ChartRefused):
        _move(path, REFUSED)
        raise
    changed = stamp(path) != before
    if changed:
        made.left.append(shown(path.name))
    else:
        _move(path, TAKEN)


def _move(path: Path, into: str) -> None:
    try:
        put_away(path, into)
    except OSError as error:
        fault = fault_of(error, path.parent / into)
        raise SheetRefused(
            path.name,
            f"không chuyển được vào thư mục {into}, nên tệp sẽ bị đọc lại: {fault.where}: {fault.vi}",
            f"cannot be moved into {into}, so it will be read again: {fault.where}: {fault.en}",
        ) from error


def _link_left(path: Path) -> Text:
    return Text.format(
        "{file}: {why}",
        file=shown(path.name),
        why=Text(
            "là liên kết nên bỏ qua; thay bằng chính tệp đó, hoặc xóa đi",
            "is a link and was skipped: put the file itself there, or remove it",
        ),
    )
