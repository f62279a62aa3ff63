"""An office that writes forms: the example units in a database, and rules of every kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dondoc.engine.sources.reading.rejects import RejectFiles
from dondoc.engine.store.db.database import connect
from dondoc.flows.data.forms import FormSelection, WrittenForm, write_forms
from dondoc.flows.data.import_report import ImportReport
from dondoc.flows.data.importer import bring_in
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town

PACK = """version: 1
directive:
  code: TRY
  kind: {vi: Công văn, en: Letter}
  number: null
  issued: null
  issuer: ln.ubnd_huyen
  title: {vi: Thử, en: Trial}
  in_force: {from: 2014-01-01}
defaults: {applies_to: {units: [ln.ubnd_xa.bao_dai, ln.ubnd_xa.bao_son]}, basis: text, ladder: document}
rules:
  monthly:
    title: {vi: Báo cáo tháng, en: Monthly report}
    clause: "1"
    obligation: TRY-1
    when: {overdue: {report: month-report, due: {every: calendar-month, by: 25}}}
  assigned:
    title: {vi: Việc được giao, en: Assigned tasks}
    clause: "2"
    obligation: TRY-2
    when: {overdue: {task: inspection}}
  broadcast:
    title: {vi: Phát sóng hằng tháng, en: Monthly programme}
    clause: "3"
    obligation: TRY-3
    when: {quota: {activity: broadcast, at_least: 1, per: calendar-month, scope: each}}
  injuries:
    title: {vi: Tai nạn thương tích, en: Injuries}
    clause: "4"
    obligation: TRY-4
    when: {threshold: {indicator: child-injuries, above: 10, per: calendar-quarter, no_data: unjudged,
                       set_by: ln.ubnd_huyen, set_on: 2014-01-01}}
"""


@dataclass
class FormOffice:
    """Where forms are written and brought in."""

    town: Town
    folder: Path
    rules: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the command is told."""
        return {"DONDOC_DATABASE": f"sqlite:///{self.folder / 'dondoc.db'}", "DONDOC_RULES": str(self.rules)}

    def writes(self, kind: str | Sequence[str], unit: str = "ln.ubnd_xa.bao_dai", on: str = "2015-04-01") -> Path:
        """The form of one unit."""
        (written,) = self.write(FormSelection((kind,) if isinstance(kind, str) else tuple(kind), day(on), (unit,)))
        return written.file

    def write(self, wanted: FormSelection, folder: str | None = None) -> list[WrittenForm]:
        """Forms, into a folder of their own."""
        number = len([path for path in self.folder.iterdir() if path.is_dir()])
        into = self.folder / (folder or f"forms-{number}")
        return write_forms(self.environment, wanted, into, datetime(2026, 11, 1, tzinfo=UTC))

    def brings(self, *paths: Path, now: str = "2026-11-01T00:00+00:00") -> ImportReport:
        """An import of what came back."""
        give_back = RejectFiles(self.folder / "rejects")
        return bring_in(self.town.engine, list(paths), datetime.fromisoformat(now), give_back=give_back)


def day(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the rules above and a database of the example units, made once."""
    folder = tmp_path_factory.mktemp("founded")
    (folder / "rules" / "try").mkdir(parents=True)
    for path in (ROOT / "rules").glob("*.yaml"):
        if path.name != "waivers.yaml":
            shutil.copy(path, folder / "rules")
    (folder / "rules" / "try" / "try.yaml").write_text(PACK, "utf-8")
    engine = connect(f"sqlite:///{folder / 'dondoc.db'}")
    upgrade(engine)
    Town(engine).founded_here()
    engine.dispose()
    return folder


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Iterator[FormOffice]:
    """An office of its own."""
    shutil.copy(founded / "dondoc.db", tmp_path)
    engine = connect(f"sqlite:///{tmp_path / 'dondoc.db'}")
    yield FormOffice(Town(engine), tmp_path, founded / "rules")
    engine.dispose()
