"""Import, from a file to committed rows, beside a bare read of the same file in the same run.

    .venv/bin/python benchmarks/importing.py                    # a million rows of CSV, a hundred thousand of XLSX
    .venv/bin/python benchmarks/importing.py --rows 100000      # smaller

Each way runs in a process of its own, so that its memory is its own. The figures are invented.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from measure import measured, peak_mb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nights import postgresql

from dondoc.engine.gc_tuning import collect_rarely
from dondoc.engine.sources.reading.sheets import SHEETS, AcceptedRow, read
from dondoc.engine.store.db.database import connect
from dondoc.engine.store.db.tables import metadata
from dondoc.flows.data.importer import bring_in

COMMUNES = 3_000
HEADINGS = {sheet.name: list(sheet.columns) for sheet in SHEETS}
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
QUARTERS = [
    (dt.date(year, month, 1), dt.date(year, month + 2, 30)) for year in range(1990, 2024) for month in (4, 7)
]


def readings(rows: int) -> Iterator[list[Any]]:
    """Invented readings: every commune, period after period."""
    for number in range(rows):
        period, unit = divmod(number, COMMUNES)
        indicator, quarter = divmod(period, len(QUARTERS))
        first, last = QUARTERS[quarter]
        yield [
            f"SL-{number}",
            f"x.xa_{unit}",
            f"child-injuries-{indicator}",
            first,
            last,
            number % 1_000 + 0.25,
            dt.datetime(last.year, last.month, 30, 17, 0),  # noqa: DTZ001 - a cell has no zone
            "Số liệu bịa",
        ]


def write(folder: Path, rows: int, sheet_rows: int) -> None:
    """The files that are measured."""
    for suffix in ("csv", "xlsx"):
        (folder / suffix).mkdir()
        with (folder / suffix / "units.csv").open("w", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS["units"])
            writer.writerows([f"x.xa_{unit}", "ubnd", "commune", "1990-01-01", ""] for unit in range(COMMUNES))
    with (folder / "csv" / "readings.csv").open("w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS["readings"])
        writer.writerows([str(cell).replace(" 17", "T17") for cell in row] for row in readings(rows))
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("readings")
    sheet.append(HEADINGS["readings"])
    for row in readings(sheet_rows):
        sheet.append(row)
    book.save(folder / "xlsx" / "readings.xlsx")


def bare_csv(path: Path, _url: str) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def bare_openpyxl(path: Path, _url: str) -> int:
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1


def only_read(path: Path, _url: str) -> int:
    """Our reader without a store: every cell parsed."""
    sheet = next(sheet for sheet in SHEETS if sheet.name == "readings")
    return sum(1 for row in read(path, sheet) if isinstance(row, AcceptedRow))


def import_all(path: Path, url: str) -> int:
    """The whole folder into an empty database, committed."""
    engine = connect(url)
    metadata.create_all(engine)
    return bring_in(engine, path.parent, NOW).taken["readings"].added


def import_again(path: Path, url: str) -> int:
    """The same folder once more: nothing changes."""
    return bring_in(connect(url), path.parent, NOW).taken["readings"].unchanged


WAYS: dict[str, Callable[[Path, str], int]] = {
    "bare csv": bare_csv,
    "bare openpyxl": bare_openpyxl,
    "read": only_read,
    "import": import_all,
    "import again": import_again,
}


def apart(way: str, path: Path, url: str) -> dict[str, Any]:
    """One way in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--path", str(path), "--url", url]
    row: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return row


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sheet-rows", type=int, default=100_000)
    parser.add_argument("--way")
    parser.add_argument("--path", type=Path)
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    # As the command does where it begins.
    collect_rarely()
    if asked.way:
        with measured() as cost:
            rows = WAYS[asked.way](asked.path, asked.url)
        print(json.dumps({"rows": rows, "wall": cost.wall, "cpu": cost.cpu, "peak": peak_mb()}))
        return
    with tempfile.TemporaryDirectory() as name, postgresql() as running:
        postgres = running.url
        folder = Path(name)
        write(folder, asked.rows, asked.sheet_rows)
        print("| file | way | rows | wall s | CPU s | rows/CPU s | peak MB |\n|---|---|---|---|---|---|---|")
        for suffix, bare in (("csv", "bare csv"), ("xlsx", "bare openpyxl")):
            path = folder / suffix / f"readings.{suffix}"
            sqlite = f"sqlite:///{folder}/{suffix}.db"
            ways = [(bare, ""), ("read", ""), ("import", sqlite), ("import again", sqlite)]
            if suffix == "csv":
                ways += [("import", postgres), ("import again", postgres)]
            for way, url in ways:
                seen = apart(way, path, url)
                where = url.partition(":")[0]
                print(
                    f"| {suffix} | {way} {where} | {seen['rows']:,} | {seen['wall']:.1f} "
                    f"| {seen['cpu']:.1f} | {seen['rows'] / seen['cpu']:,.0f} | {seen['peak']:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
