"""`dondoc nightly --plain`: what its options change, with which exit code it ends, and who learns of a refusal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select
from typer.testing import CliRunner, Result

from dondoc.engine.domain.model import ZONE
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, night_lock, reading, writing
from dondoc.flows.cli.program import program
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town

FIRST = "2015-04-20"
OK, PROBLEMS, WRONG_CALL, NEEDS_A_PERSON = 0, 1, 2, 3


@dataclass(frozen=True)
class Service:
    """A service whose units have reported nothing; its rules are a copy."""

    engine: Engine
    rules: Path
    environment: Mapping[str, str]

    def night(self, as_of: str, *words: str) -> Result:
        """One night without Prefect."""
        call = ["nightly", "--plain", "--as-of", as_of, *words]
        return CliRunner().invoke(program(call), call, env=dict(self.environment))

    def typed(self, *words: str) -> Result:
        """Any command."""
        return CliRunner().invoke(program(words), list(words), env=dict(self.environment))

    def rows(self, column: object) -> list[object]:
        """A column of a table."""
        with reading(self.engine) as conn:
            return list(conn.scalars(select(column)))  # type: ignore[call-overload]

    def write(self, file: str, old: str, new: str) -> None:
        """Changes one place of the rules."""
        path = self.rules / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """With the example units."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    folder = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    engine = connect(url)
    upgrade(engine)
    Town(engine).founded_here()
    service = Service(engine, folder, {"DONDOC_DATABASE": url, "DONDOC_RULES": str(folder)})
    # Where nobody has reported, all units are late: no outage.
    service.write("mail.yaml", "units: 80 %", "units: 100 %")
    yield service
    engine.dispose()


def test_a_baseline_opens_cases_and_writes_to_nobody(service: Service) -> None:
    """As it is typed on the first night on old data (decision 39)."""
    ran = service.night(FIRST, "--baseline")
    assert ran.exit_code == 0
    assert service.rows(t.case_file.c.id)
    assert service.rows(t.notice.c.id) == []
    assert service.rows(t.night.c.baseline) == [True]


def test_a_baseline_after_the_night_has_run_is_refused(service: Service) -> None:
    """It would change nothing, and the next night would write to everybody; a second baseline is a repetition."""
    assert service.night(FIRST).exit_code == 0
    late = service.night(FIRST, "--baseline")
    assert late.exit_code == WRONG_CALL
    assert "Đêm 20/04/2015 đã chạy, không phải là đêm đầu trên dữ liệu cũ" in late.stderr
    assert service.night("2015-04-21", "--baseline").exit_code == 0
    again = service.night("2015-04-21", "--baseline")
    assert (again.exit_code, "đã chạy trước đó" in again.stdout) == (0, True)


def test_a_night_later_than_tomorrow_is_refused_unless_it_is_meant(service: Service) -> None:
    """Cases would lapse, and every night until then would be refused; the calendar of the rules reaches so far."""
    tomorrow = datetime.now(ZONE).date() + timedelta(days=1)
    assert service.night(tomorrow.isoformat()).exit_code in (OK, NEEDS_A_PERSON)
    later = (tomorrow + timedelta(days=1)).isoformat()
    typed = service.night(later)
    assert typed.exit_code == WRONG_CALL
    assert "--yes-future" in typed.stderr
    assert service.rows(t.night.c.as_of) == [tomorrow]
    assert service.night(later, "--yes-future").exit_code in (OK, NEEDS_A_PERSON)
    assert max(service.rows(t.night.c.as_of)) == date.fromisoformat(later)  # type: ignore[type-var]


def test_a_night_of_the_future_is_said_and_taken_back_by_the_commands_that_are_named(
    service: Service, tmp_path: Path
) -> None:
    """`status` says it, and what it says to type brings the nights of today back."""
    assert service.night(FIRST).exit_code == OK
    far = datetime.now(ZONE).date() + timedelta(days=200)
    assert service.night(far.isoformat(), "--yes-future").exit_code == NEEDS_A_PERSON
    assert service.night("2015-04-21").exit_code == WRONG_CALL
    said = service.typed("status").stdout
    assert f"ĐÊM Ở TƯƠNG LAI: {far:%d/%m/%Y}" in said
    assert f"dondoc backup --before {far}" in said
    file = str(tmp_path / "back.db")
    assert "Bỏ 1 đêm" in service.typed("backup", "--before", far.isoformat(), file).stdout
    again = {**service.environment, "DONDOC_DATABASE": f"sqlite:///{tmp_path / 'again.db'}"}
    back = replace(service, environment=again)
    assert back.typed("restore", file).exit_code == OK
    assert back.typed("audit", "verify").exit_code == OK
    assert "TƯƠNG LAI" not in back.typed("status").stdout
    assert back.night("2015-04-21").exit_code == OK


def nothing_known(service: Service) -> None:
    """No unit."""
    with writing(service.engine) as conn:
        for table in (t.mailbox, t.succession, t.relation, t.unit_name, t.unit):
            conn.execute(delete(table))


def nothing_asked(service: Service) -> None:
    """No rule."""
    for path in service.rules.glob("**/*.yaml"):
        if path.parent != service.rules:
            path.unlink()


@pytest.mark.parametrize(
    ("emptied", "said"), [(nothing_known, "chưa có đơn vị nào"), (nothing_asked, "chưa có quy tắc nào")]
)
def test_a_night_with_nothing_to_judge_is_not_recorded(
    service: Service, emptied: Callable[[Service], None], said: str
) -> None:
    """Else it would be the first night, and the one after it would write of years of old data."""
    emptied(service)
    ran = service.night(FIRST)
    assert ran.exit_code == PROBLEMS
    assert said in ran.stderr
    assert service.rows(t.night.c.as_of) == []


@pytest.mark.parametrize(
    ("words", "judged"), [((), (20, 21, 22)), (("--no-catch-up",), (20, 22))], ids=["caught up", "passed over"]
)
def test_missed_nights_are_caught_up_unless_told_otherwise(
    service: Service, words: tuple[str, ...], judged: tuple[int, ...]
) -> None:
    """Only the last of them writes letters."""
    service.night(FIRST)
    service.night("2015-04-22", *words)
    assert sorted(service.rows(t.night.c.as_of)) == [date(2015, 4, day) for day in judged]
    assert date(2015, 4, 21) not in service.rows(t.letter.c.night)


def test_a_program_gets_the_night_with_its_counts(service: Service) -> None:
    """Judged again it is the same report, and says so."""
    first = json.loads(service.night(FIRST, "--json").stdout)
    assert (first["night"], first["state"], first["again"]) == (FIRST, "ok", False)
    again = json.loads(service.night(FIRST, "--json").stdout)
    assert again == first | {"again": True}


def test_a_held_night_needs_a_person(service: Service) -> None:
    """3, and the line says how its letters are released; asked again it is only a report."""
    service.write("mail.yaml", "new_cases: 300", "new_cases: 1")
    ran = service.night(FIRST)
    assert (ran.exit_code, "dondoc outbox release 2015-04-20" in ran.output) == (3, True)
    assert service.night(FIRST).exit_code == 0


def test_a_second_run_beside_the_first_judges_nothing(service: Service) -> None:
    """It ends at once and well: somebody is at it."""
    with night_lock(service.engine):
        ran = service.night(FIRST)
    assert (ran.exit_code, "Một đêm khác đang chạy" in ran.stderr) == (0, True)
    assert service.rows(t.night.c.as_of) == []


def test_refused_rules_reach_the_operator_by_mail(service: Service) -> None:
    """1: nothing is judged, and a letter and the log say so."""
    service.write("ladders.yaml", "version: 1", "version: 7")
    ran = service.night(FIRST)
    assert (ran.exit_code, "ladders.yaml:" in ran.stderr) == (1, True)
    assert service.rows(t.night.c.as_of) == []
    assert service.rows(t.letter.c.office) == ["dondoc.operator"]
    assert "rules-refused" in service.rows(t.event.c.kind)
