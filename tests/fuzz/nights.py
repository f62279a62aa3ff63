"""Whole nights over hostile folders, sources and charts: each ends as a stored night that the operator hears of.

The bytes choose what is hostile: names and contents of dropped files, links and pipes among them, the address of a
database, a chart with rings and without superiors. Everything is invented.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from dondoc.engine.domain.terms import NightState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.cli.console import NEEDS_A_PERSON, OK
from dondoc.flows.cli.program import program
from dondoc.notifications.letter.operator_letter import OFFICE
from tests.support.town import ROOT

NIGHTS = (date(2026, 4, 20), date(2026, 4, 21))
_UNITS = (b"h.tinh", b"h.huyen", b"h.xa", b"h.dang_uy", b"ln.ubnd_huyen", b"ln.ubnd_xa.bao_dai")
_DAYS = (
    b"2010-01-01",
    b"01/01/2010",
    b"2026-04-17",
    b"17/04/2026",
    b"2026-04-30",
    b"31/02/2026",
    b"46129",
    b"",
    b"1-1-2010",
)
_INSTANTS = (
    b"2026-04-17T10:00",
    b"17/04/2026 10:00",
    b"2026-04-17",
    b"9999-01-01T00:00",
    b"2026-04-20T02:00+14:00",
)
_PIECES = (
    *(
        b"",
        b" ",
        b"\x00",
        b"\xff",
        b"\xe0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\r",
        b"\n",
        b"\t",
        b'"',
    ),
    *(b"'", b";", b",", b"/", b"..", b"%", b"=1+1", b"-1", b"1e999", b"99999999999", b"{{ 7*7 }}", b"{", b"\\"),
    *(
        b"a" * 5_000,
        b"T\xa9n Ti\xd5n",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"0912345678",
        b"x@example.vn",
        b"\x1b[2J",
    ),
    *(
        text.encode()
        for text in ("Đ", "e\u0301\u0301", "\u202e", "\u200b", "\u0301", "Nguyễn Văn Bịa", "📎", "\u2028")
    ),
)
_SHEETS: dict[bytes, tuple[tuple[bytes, ...], ...]] = {
    b"units": (
        _UNITS,
        (b"ubnd", b"cap-uy", b"phong"),
        (b"province", b"district", b"commune", b"central"),
        _DAYS,
        (b"", *_DAYS),
    ),
    b"names": (_UNITS, (b"UBND", b"B\xc3\xacnh"), (b"Committee",), (b"U",), _DAYS, (b"", *_DAYS)),
    b"relations": (
        _UNITS,
        _UNITS,
        (b"parent", b"led_by", b"staff_of", b"guided_by", b"supervised_by", b"organ_of"),
        (b"government", b"party", b""),
        _DAYS,
        (b"", *_DAYS),
        (b"",),
    ),
    b"mailboxes": (
        _UNITS,
        (b"working", b"head", b"registry"),
        (b"a@example.vn", b"b@elsewhere.test", b"a@b@c", b"a@example.vn\r\nBcc: c@example.vn"),
        (b"", b"vi", b"vi,en"),
        _DAYS,
        (b"",),
    ),
    b"successions": (_UNITS, _UNITS, (b"all", b"children"), _DAYS, (b"",)),
    b"tasks": (
        (b"NV-1", b"NV-2", b"BC-1"),
        _UNITS,
        (b"plan", b"assigned"),
        (b"Vi\xe1\xbb\x87c",),
        (b"Work",),
        _DAYS,
        _DAYS,
        (b"by", b"before"),
        (b"", *_UNITS),
        (b"", *_UNITS),
        (b"", *_UNITS),
        _INSTANTS,
    ),
    b"submissions": (
        (b"BC-1", b"BC-2"),
        _UNITS,
        (b"child-protection", b"plan"),
        _DAYS,
        (b"", b"12/BC"),
        _INSTANTS,
        (b"", b"NV-1", b"quy II/2026"),
    ),
    b"activities": ((b"HD-1", b"HD-2"), _UNITS, (b"broadcast",), _DAYS, (b"1", b"1,0", b"0"), _INSTANTS),
    b"readings": (
        (b"SL-1", b"SL-2"),
        _UNITS,
        (b"child-injuries", b"poor-children-share"),
        _DAYS,
        _DAYS,
        (b"3", b"2,61 %", b"8.999", b"-1"),
        _INSTANTS,
        (b"",),
    ),
}
_HEADINGS = {
    b"units": b"id,kind,level,from,until",
    b"names": b"unit,name,name_en,short,from,until",
    b"relations": b"unit,other,kind,line,from,until,basis",
    b"mailboxes": b"unit,role,address,languages,from,until",
    b"successions": b"old,new,scope,effective,basis",
    b"tasks": b"ref,unit,task,title,title_en,assigned_on,due,due_kind,issuer,monitor,reports_to,recorded_at",
    b"submissions": b"ref,unit,report,submitted_on,document,recorded_at,task",
    b"activities": b"ref,unit,activity,done_on,quantity,recorded_at",
    b"readings": b"ref,unit,indicator,first_day,last_day,value,recorded_at,source",
}
# One cell in so many is other bytes than usual, and one holds others.
_SELDOM = 40
_LEVELS = ("province", "district", "commune", "district")
_CHART = (b"units", b"names", b"relations", b"mailboxes", b"successions")
_ADDRESSES = (
    *(
        "sqlite:///source.db",
        "sqlite:///",
        "sqlite:///in",
        "sqlite:////dev/full",
        "postgresql://u:p@127.0.0.1:1/x",
    ),
    *(
        "postgresql://u:p@half:p@127.0.0.1:x/x",
        "postgresql://127.0.0.1:99999/x",
        "http://127.0.0.1:1/",
        "mysql://x",
    ),
    *("://", "postgresql://[::1/x", "sqlite:///a\0b", "postgresql://\u202e@127.0.0.1:1/x"),
)
_SOURCES = """version: 1
sources:
  drop:
    title: {vi: Thư mục, en: Folder}
    folder: in
    kinds: [units, names, relations, mailboxes, successions, tasks, submissions, activities, readings]
    stale_after: 3 workdays
  other:
    title: {vi: Cơ sở dữ liệu, en: Database}
    database: {env: SOURCE}
    timeout: 1 seconds
    select:
      submissions: select * from reports
    stale_after: 3 workdays
"""


@dataclass(slots=True)
class Choices:
    """Choices that the bytes make, one after the other; once they are used up, the first of each."""

    data: bytes
    at: int = 0

    def below(self, many: int) -> int:
        """A number from 0 to `many` - 1."""
        self.at += 1
        return self.data[self.at - 1] % many if self.at <= len(self.data) else 0

    def of(self, some: Sequence[bytes]) -> bytes:
        """One of some."""
        return some[self.below(len(some))]

    def odd(self, usual: bytes) -> bytes:
        """The usual bytes, seldom others or with others in them."""
        kind = self.below(_SELDOM)
        if kind == 1:
            return self.of(_PIECES)
        return usual + self.of(_PIECES) if kind == 2 else usual


def night(data: bytes) -> None:
    """Two nights in an office of their own: each is stored, and the operator hears of what was left out."""
    with _office() as office:
        choices = Choices(data)
        _spoil(office, choices)
        address = _ADDRESSES[choices.below(len(_ADDRESSES))]
        for file in sorted((office / "chart").iterdir()):
            _typed("import", str(file))
        for as_of in NIGHTS:
            ran = _typed("nightly", "--plain", "--as-of", as_of.isoformat(), source=address)
            _examine(as_of, ran)


def _typed(*words: str, source: str = "") -> Result:
    """A command in this process; it answers in words and with a code that the docs list."""
    ran = CliRunner().invoke(program(words), list(words), env={"SOURCE": source.replace("\0", "")})
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert 0 <= ran.exit_code <= 4, ran.output
    assert "Traceback" not in ran.output, ran.output
    assert ran.exit_code == OK or ran.output.strip()
    return ran


def _examine(as_of: date, ran: Result) -> None:
    engine = connect(f"sqlite:///{Path.cwd() / 'var' / 'dondoc.db'}")
    with reading(engine) as conn:
        state = conn.scalar(select(t.night.c.state).where(t.night.c.as_of == as_of))
        told = conn.scalar(select(t.letter.c.id).where(t.letter.c.office == OFFICE, t.letter.c.night == as_of))
        since = (text for text in conn.scalars(select(t.pull.c.said).order_by(t.pull.c.id.desc()).limit(2)))
        left_out = [fault for said in since for fault in json.loads(said).get("faults", ())]
    engine.dispose()
    # What an import has let into the chart refuses no night, and no source of others does.
    assert ran.exit_code in (OK, NEEDS_A_PERSON), ran.output
    assert state is not None, f"no night is stored: {ran.output}"
    assert told or not left_out, f"the operator hears nothing of {left_out}"
    assert told or state is NightState.OK, f"the operator hears nothing of a night that is {state}"


def _spoil(office: Path, choices: Choices) -> None:
    """Fills the office with what the bytes choose."""
    units = (f"{unit.decode()},ubnd,{level},2010-01-01," for unit, level in zip(_UNITS, _LEVELS, strict=False))
    (office / "chart" / "0-units.csv").write_text("\n".join(("id,kind,level,from,until", *units)), "utf-8")
    for place, kind in enumerate(_CHART, start=1):
        if choices.below(4):
            (office / "chart" / f"{place}-{kind.decode()}.csv").write_bytes(_sheet(kind, choices))
    for _ in range(choices.below(5)):
        _drop(office / "in", choices)
    with closing(sqlite3.connect("source.db")) as conn:
        titles = _HEADINGS[b"submissions"].decode().split(",")
        conn.execute(f"create table reports ({', '.join(titles)})")
        for _ in range(choices.below(6)):
            row = [choices.odd(choices.of(column)) for column in _SHEETS[b"submissions"]]
            kept = [cell if choices.below(4) == 1 else cell.decode("utf-8", "replace") for cell in row]
            conn.execute(f"insert into reports values ({', '.join('?' * len(row))})", kept)
        conn.commit()
    for path in (office / "in").iterdir():
        # A drop folder leaves a file alone that was written a moment ago.
        with suppress(OSError):
            os.utime(path, (0, 0), follow_symlinks=False)


def _sheet(kind: bytes, choices: Choices) -> bytes:
    delimiter = choices.of((b",", b",", b";", b"\t"))
    spoilt = choices.below(6) == 1
    lines = [delimiter.join(choices.odd(one) if spoilt else one for one in _HEADINGS[kind].split(b","))]
    for _ in range(choices.below(12)):
        row = [choices.odd(choices.of(column)) for column in _SHEETS[kind]]
        lines.append(delimiter.join(row))
    return (
        choices.of((b"", b"\xef\xbb\xbf")) + choices.of((b"\n", b"\r\n", b"\r")).join(lines) + choices.odd(b"\n")
    )


def _drop(folder: Path, choices: Choices) -> None:
    """A file, a link, a folder or a pipe under any name that the machine allows."""
    kind = choices.of(tuple(_SHEETS))
    name = (
        (kind + choices.odd(b"") + choices.of((b".csv", b".xlsx", b".CSV", b".xls")))
        .replace(b"/", b"")
        .replace(b"\0", b"")
    )
    path = folder / os.fsdecode(name[:200])
    with suppress(OSError):
        match choices.below(10):
            case 9:
                path.symlink_to("nowhere.csv")
            case 8:
                path.mkdir()
            case 7:
                os.mkfifo(path)
            case 6:
                path.write_bytes(choices.data)
            case _:
                path.write_bytes(_sheet(kind, choices))


@contextmanager
def _office() -> Iterator[Path]:
    """A folder with the rules and the examples, in which the commands run."""
    before = Path.cwd()
    with TemporaryDirectory(prefix="night-") as made:
        office = Path(made)
        shutil.copytree(ROOT / "rules", office / "rules")
        (office / "rules" / "sources.yaml").write_text(_SOURCES, "utf-8")
        for name in ("in", "chart", "var"):
            (office / name).mkdir()
        (office / "var" / "dondoc.db").write_bytes(_examples())
        os.chdir(office)
        try:
            yield office
        finally:
            os.chdir(before)


@lru_cache(maxsize=1)
def _examples() -> bytes:
    """A database with the examples and a night before those that are played."""
    before, first = Path.cwd(), NIGHTS[0] - timedelta(days=1)
    with TemporaryDirectory(prefix="night-") as made:
        shutil.copytree(ROOT / "rules", Path(made) / "rules")
        os.chdir(made)
        try:
            _typed("import", str(ROOT / "examples"))
            _typed("nightly", "--plain", "--baseline", "--as-of", first.isoformat())
        finally:
            os.chdir(before)
        return (Path(made) / "var" / "dondoc.db").read_bytes()
