"""`dondoc serve` is killed: the service, its Prefect server and its runs at once, or its runs alone.

It starts with tonight's night missing and letters allowed at any hour, in an office of its own. All is invented.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import Popen

from sqlalchemy import func, select

from dondoc.engine.domain.model import ZONE
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.night.steps import as_of_for
from tests.faults.test_serve_interrupted import SERVE
from tests.support.cli_office import Office
from tests.support.ports import answers, free_port
from tests.support.serving import awaited, children, power_cut, serving
from tests.torture import invariants
from tests.torture.victims import ROOT

_COMMUNES = 6
_RULE = """version: 1
directive:
  code: SV
  kind: {{vi: Công văn, en: Official letter}}
  number: 1/SV
  issued: {issued}
  issuer: sv.ubnd
  title: {{vi: Việc của phép thử, en: The work of the trial}}
  in_force: {{from: {issued}}}
  monitor: sv.phong
  basis: assumed
defaults:
  calendar: vn
  ladder: document
  applies_to: {{kind: ubnd, level: commune, within: sv.ubnd}}
rules:
  report:
    title: {{vi: Báo cáo của phép thử, en: The report of the trial}}
    short: {{vi: báo cáo của phép thử, en: report of the trial}}
    clause: "1"
    obligation: SV-1
    basis: text
    when:
      overdue: {{report: trial, due: {{before: {tonight}}}}}
"""
_WORKED = """      - date: {closed}
        name: Ngày nghỉ của phép thử
        source: bịa đặt
    worked:
      - date: {tonight}
        name: Ngày làm việc của phép thử
        source: bịa đặt
        for: {closed}
"""
# Delivers what waits, in this many hours from now; whether nothing waits any more.
AtRest = Callable[[str, Path, dict[str, str]], bool]


@dataclass(slots=True)
class Service:
    """One service over the database `url`, killed `kills` times; `smtp` is the port of its mail server."""

    dice: random.Random
    url: str
    place: Path
    smtp: int
    kills: int

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the office."""
        return {
            "DONDOC_DATABASE": self.url,
            "DONDOC_SMTP_HOST": "127.0.0.1",
            "DONDOC_SMTP_PORT": str(self.smtp),
            "DONDOC_SMTP_TLS": "plain",
        }

    def play(self, at_rest: AtRest) -> Iterator[str]:
        """Kills, then a service that is left alone; the promises that were broken, in words."""
        now = datetime.now(UTC)
        hour, tonight = now - timedelta(hours=1), as_of_for(now)
        # An hour after a night begins, an hour ago was the night before.
        if as_of_for(hour) != tonight:
            hour = now - timedelta(minutes=1)
        office = self._office(tonight)
        port = free_port()
        for n in range(self.kills):
            with self._serving(office, port, hour) as process:
                answers(port)
                time.sleep(self.dice.uniform(0, 20))
                # The first one is cut off whole, so that every round has seen that.
                if n == 0 or self.dice.random() < 0.6:
                    power_cut(process)
                else:
                    self._kill_runs(process.pid)
        (self.place / "faulty").unlink(missing_ok=True)
        with self._serving(office, port, hour):
            answers(port)
            awaited(lambda: self._judged(tonight))
        if not at_rest(self.url, office.folder / "rules", self.environment):
            yield "serve: letters wait on"
        engine = connect(self.url)
        with reading(engine) as conn:
            nights = conn.scalar(select(func.count()).where(t.night.c.as_of == tonight, t.night.c.telling))
            if nights != 1:
                yield f"serve: tonight was judged {nights} times"
            told = set(conn.scalars(select(t.letter.c.office).where(t.letter.c.night == tonight)))
            if missed := {f"sv.xa_{n}" for n in range(_COMMUNES)} - told:
                yield f"serve: no letter for {sorted(missed)}"
            accepted = invariants.record(self.place)
            if not accepted:
                yield "serve: no letter has arrived"
            yield from (f"serve: {flaw}" for flaw in invariants.examine(conn, accepted).broken)
        engine.dispose()

    def _serving(self, office: Office, port: int, hour: datetime) -> AbstractContextManager[Popen[bytes]]:
        words = ("serve", "--port", str(port), f"{hour.astimezone(ZONE):%H:%M}")
        return serving(office, *words, code=SERVE, **self.environment)

    def _kill_runs(self, service: int) -> None:
        """Its runs are the youngest children: the first one is its server."""
        for run in sorted(children(service))[1:]:
            with suppress(ProcessLookupError):
                os.kill(run, signal.SIGKILL)

    def _judged(self, tonight: date) -> bool:
        engine = connect(self.url)
        with reading(engine) as conn:
            found = conn.scalar(select(t.night.c.as_of).where(t.night.c.as_of == tonight))
        engine.dispose()
        return found is not None

    def _office(self, tonight: date) -> Office:
        """An office whose reports were due yesterday, and last night judged without letters."""
        office = Office(self.place)
        rules = self.place / "rules"
        (rules / "service").mkdir(parents=True)
        for path in (ROOT / "rules").glob("*.yaml"):
            shutil.copy(path, rules)
        rule = _RULE.format(issued=tonight - timedelta(days=30), tonight=tonight)
        (rules / "service" / "directive.yaml").write_text(rule, "utf-8")
        office.spoil("rules/mail.yaml", "hours: {from: 06:30, until: 17:00}", "hours: {from: 00:00, until: 23:59}")
        office.spoil("rules/mail.yaml", "units: 80 %", "units: 100 %")
        if tonight.weekday() >= 5:
            # In exchange for the Monday after it.
            monday = tonight + timedelta(days=7 - tonight.weekday())
            worked = _WORKED.format(tonight=tonight, closed=monday)
            office.spoil("rules/calendar.yaml", "    worked:\n", worked)
        chart = self.place / "chart"
        chart.mkdir()
        units = ["sv.ubnd,ubnd,district", "sv.phong,phong,district"]
        units += [f"sv.xa_{n},ubnd,commune" for n in range(_COMMUNES)]
        ids = [unit.partition(",")[0] for unit in units]
        sheets = {
            "units": ["id,kind,level,from,until", *(f"{unit},2010-01-01," for unit in units)],
            "names": [
                "unit,name,name_en,short,from,until",
                *(f"{one},{one},{one},{one},2010-01-01," for one in ids),
            ],
            "relations": [
                "unit,other,kind,line,from,until,basis",
                *(f"{one},sv.ubnd,parent,government,2010-01-01,," for one in ids[1:]),
            ],
            "mailboxes": [
                "unit,role,address,languages,from,until",
                *(f"{one},working,{one.replace('_', '-')}@example.vn,vi,2010-01-01," for one in ids),
            ],
        }
        for name, lines in sheets.items():
            (chart / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        given = {key.removeprefix("DONDOC_").lower(): value for key, value in self.environment.items()}
        before = (tonight - timedelta(days=1)).isoformat()
        for words in (("import", "chart"), ("nightly", "--plain", "--baseline", "--as-of", before)):
            ran = office.dondoc(*words, **given)
            assert ran.code in {0, 3}, ran.err + ran.out
        return office
