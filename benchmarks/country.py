"""The country on a night of its own size: real bodies, invented work.

The bodies are those of `dondoc country`, mailboxes on the example domain. Every task, report, activity, figure,
limit and date in here is made up, and says nothing about any of them.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import RelationKind
from dondoc.engine.rulefile import load
from dondoc.engine.sources.country.atlas import atlas
from dondoc.engine.sources.country.sheets import Row, Sheets, sheets, write
from dondoc.flows.data.importer import bring_in

HERE = Path(__file__).parent
EVE, FIRST_NIGHT, SECOND_NIGHT = date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19)
DAY = timedelta(days=1)

_SHARED = ("calendar.yaml", "ladders.yaml", "mail.yaml")


@dataclass(frozen=True, slots=True)
class Size:
    """How many communes have work, and how many assigned tasks each has open: 1,000,000 tasks in the whole."""

    name: str
    communes: int
    assigned: int = 290


WHOLE, TENTH = Size("whole", 3_321), Size("tenth", 332)
SIZES = {size.name: size for size in (TENTH, WHOLE)}


def book() -> RuleBook:
    """The rule book: the invented directive, on the project's own calendar, ladder and mail."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules")
        (rules / "mau").mkdir(parents=True)
        for name in _SHARED:
            shutil.copy(HERE.parent / "rules" / name, rules)
        shutil.copy(HERE / "indicators.yaml", rules)
        _without_brake(rules / "mail.yaml")
        shutil.copy(HERE / "pack.yaml", rules / "mau" / "mau-2026.yaml")
        return load(rules)


def _without_brake(mail: Path) -> None:
    """Takes the brake out: a first night with 50,000 new cases is meant here."""
    mail.write_text(re.sub(r"(?m)^  brake:.*\n", "", mail.read_text("utf-8")), "utf-8")


def people(engine: Engine, size: Size) -> None:
    """Brings the bodies in, as an import does: all, or those of the first provinces and what became them."""
    with tempfile.TemporaryDirectory() as folder:
        write(_part(sheets(atlas(), mailboxes=True), size), Path(folder))
        report = bring_in(engine, Path(folder), datetime(2025, 7, 1, tzinfo=UTC))
        assert not report.rejected


def _part(whole: Sheets, size: Size) -> Sheets:
    """The rows about so many communes, their provinces, the centre, and the old bodies that became one of them."""
    if size is WHOLE:
        return whole
    places = {place for pair in islice(_communes(whole), size.communes) for place in pair}
    kept = {row[0] for row in whole["units"] if row[0].startswith("tw.") or _place(row[0]) in places}
    kept |= {row[0] for row in whole["successions"] if row[1] in kept}
    return {name: [row for row in rows if _about(row, name, kept)] for name, rows in whole.items()}


def _place(body: str) -> str:
    """The code of the place of a body of today."""
    return body.split(".")[1] if body.startswith("vn.") else ""


def _communes(whole: Sheets) -> Iterator[tuple[str, str]]:
    """The codes of every commune of today and of its province, province by province."""
    found = [
        (_place(row[1]), _place(row[0]))
        for row in whole["relations"]
        if row[0].startswith("vn.") and row[0].endswith(".ubnd") and row[2] == RelationKind.PARENT
    ]
    for province, commune in sorted(pair for pair in found if len(pair[1]) == len("00000")):
        yield commune, province


def _about(row: Row, sheet: str, kept: set[str]) -> bool:
    return row[0] in kept and (sheet not in ("relations", "successions") or row[1] in kept)


def rows_of(units: Mapping[str, int], size: Size) -> Iterator[tuple[int, int]]:
    """The numbers of every commune's people's committee, and of the health department that watches over it."""
    for commune, province in islice(_communes(sheets(atlas())), size.communes):
        yield units[f"vn.{commune}.ubnd"], units[f"vn.{province}.so_y_te"]
