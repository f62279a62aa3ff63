"""A backtest says what rules would have done on the stored facts, and writes nothing."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select
from typer.testing import CliRunner

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.rulebook import OnDate, Overdue, RuleBook, Threshold
from dondoc.engine.domain.terms import Outcome
from dondoc.engine.errors import CalendarUncovered
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import letter, metadata
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.cli.program import program
from dondoc.flows.data.importer import bring_in
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night import steps
from dondoc.flows.whatif.backtest import Backtest, Change, backtest
from dondoc.flows.whatif.inputs import rules_of, sheets
from dondoc.notifications.letter.operator_letter import OFFICE
from tests.cli.test_case import COMMUNE, opened, says
from tests.support.cli_office import Office
from tests.support.town import EXAMPLES, ROOT, only, rules

REPORT = "279-ubnd-ldtbxh/report-round-1"
DROWNING = "bao-ve-tre-em-2019/drowning-deaths"
PROVINCE, BOARD, COMMITTEE = "bp.ubnd_tinh", "bp.ban_tuyen_giao_tinh_uy", "bp.tinh_uy"


def unseen(_nights: int) -> object:
    """Nobody watches the nights go by."""
    return lambda: None


def played(source: Connection, book: RuleBook, against: RuleBook | None, first: str, last: str) -> Backtest:
    """A backtest of these days, both included."""
    return backtest(source, book, against, date.fromisoformat(first), date.fromisoformat(last), unseen)


@contextmanager
def examples() -> Iterator[Connection]:
    """The example facts in a store of their own."""
    with sheets(EXAMPLES, rules(), datetime.now(UTC), pytest.fail) as conn:
        yield conn


def above(book: RuleBook, limit: int) -> RuleBook:
    """The book with another threshold for deaths by drowning; 21 were reported."""
    rule = book.rules[DROWNING]
    assert isinstance(rule.condition, Threshold)
    changed = replace(rule, condition=replace(rule.condition, above=Decimal(limit)))
    return replace(book, rules={**book.rules, DROWNING: changed})


def due(book: RuleBook, before: str) -> RuleBook:
    """The book with another limit for the first report, "before" a day."""
    rule = book.rules[REPORT]
    assert isinstance(rule.condition, Overdue)
    condition = replace(rule.condition, due=OnDate(date.fromisoformat(before), exclusive=True))
    return replace(book, rules={**book.rules, REPORT: replace(rule, condition=condition)})


def months(found: Backtest) -> dict[str, dict[str, int]]:
    """The letters under the working rules, by office and month."""
    return {row.office: dict(row.after) for row in found.letters() if row.after}


@pytest.fixture
def stored(database: Engine) -> Iterator[Connection]:
    """The example facts in a database, for reading."""
    assert not bring_in(database, EXAMPLES, datetime.now(UTC)).rejects
    with reading(database) as conn:
        yield conn


def test_a_lower_threshold_gains_one_case_and_its_letters(stored: Connection) -> None:
    """21 deaths are beyond 20 and not beyond 21: one case, told on the nights of its ladder to those it names."""
    book = only(rules(), DROWNING)
    found = played(stored, above(book, 20), book, "2019-05-01", "2019-05-31")
    (change,) = found.changes()
    assert (change.change, change.before) == (Change.GAINED, None)
    assert change.after is not None
    assert (change.after.rule, change.after.unit, change.after.opened_on) == (DROWNING, PROVINCE, date(2019, 5, 4))
    assert [night.isoformat()[5:] for _, night in change.after.steps] == ["05-04", "05-10", "05-17", "05-31"]
    assert months(found) == {PROVINCE: {"2019-05": 4}, BOARD: {"2019-05": 2}, COMMITTEE: {"2019-05": 1}}
    assert [(row.office, row.difference) for row in found.letters()] == [(PROVINCE, 4), (BOARD, 2), (COMMITTEE, 1)]
    assert found.new_readers() == sorted([PROVINCE, BOARD, COMMITTEE])


def test_a_case_more_in_letters_that_leave_anyway_is_a_line_more() -> None:
    """Beside two other figures the lower threshold writes no letter more; it says more in each."""
    book = rules()
    figures = only(book, DROWNING, "bao-ve-tre-em-2019/sexual-abuse")
    with examples() as source:
        found = played(source, above(figures, 20), figures, "2019-05-01", "2019-05-31")
    assert [(row.office, row.difference, row.lines[1] - row.lines[0]) for row in found.letters()] == [
        (PROVINCE, 0, 4),
        (BOARD, 0, 2),
        (COMMITTEE, 0, 1),
    ]
    assert found.new_readers() == []


def test_a_higher_threshold_changes_nothing() -> None:
    """Nothing was beyond 21, so nothing is beyond 25."""
    book = only(rules(), DROWNING, "bao-ve-tre-em-2019/sexual-abuse")
    with examples() as source:
        found = played(source, above(book, 25), book, "2019-05-01", "2019-05-31")
    assert list(found.changes()) == []
    assert found.before is not None
    assert found.after == found.before
    assert {row.difference for row in found.letters()} == {0}


def test_a_later_due_date_moves_cases_and_loses_those_met_in_between() -> None:
    """Before 27/4 instead of 20/4: two reports of that week are in time, the other cases begin a week later."""
    book = only(rules(), REPORT)
    with examples() as source:
        found = played(source, due(book, "2015-04-27"), book, "2015-04-13", "2015-05-10")
    by_kind: dict[Change, set[str]] = {kind: set() for kind in Change}
    for one in found.changes():
        by_kind[one.change].add(one.seen.unit.rpartition(".")[2])
    assert by_kind[Change.GAINED] == set()
    assert by_kind[Change.LOST] == {"bao_son", "dan_hoi"}
    assert len(by_kind[Change.MOVED]) == 7
    moved = next(one for one in found.changes() if one.seen.unit.endswith("bao_dai"))
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.breach, moved.after.breach) == (date(2015, 4, 20), date(2015, 4, 27))


def test_facts_count_from_the_night_they_were_known(stored: Connection) -> None:
    """Cẩm Lý's report is dated 17/4 and was recorded on 27/4: until then its case is open, and it is withdrawn."""
    found = played(stored, only(rules(), REPORT), None, "2015-04-13", "2015-05-10")
    (case,) = [seen for seen in found.after.cases.values() if seen.unit == "ln.ubnd_xa.cam_ly"]
    assert case.opened_on == date(2015, 4, 20)
    assert (case.outcome, case.closed_on) == (Outcome.WITHDRAWN, date(2015, 4, 28))


@pytest.mark.parametrize(
    ("first", "there"),
    [
        pytest.param("2015-04-28", True, id="closed on the first night of the period"),
        pytest.param("2015-04-29", False, id="closed the night before"),
    ],
)
def test_a_case_belongs_to_the_period_up_to_the_night_it_closes(first: str, *, there: bool) -> None:
    """Cẩm Lý's case closed on the night of 28/4."""
    with examples() as source:
        found = played(source, only(rules(), REPORT), None, first, "2015-04-30")
    assert ("ln.ubnd_xa.cam_ly" in {seen.unit for seen in found.after.cases.values()}) is there


def test_it_counts_the_letters_that_real_nights_write(sqlite: Engine) -> None:
    """The same nights, through the steps of the service: as many letters to each office."""
    bring_in(sqlite, EXAMPLES, datetime.now(UTC))
    book = only(rules(), REPORT)
    for day in range(13, 31):
        night = date(2015, 4, day)
        steps.judge_night(sqlite, book, Night(night, steps.cutoff_of(night)))
    with reading(sqlite) as conn:
        written = Counter(conn.scalars(select(letter.c.office).where(letter.c.office != OFFICE)))
        found = played(conn, book, None, "2015-04-13", "2015-04-30")
    assert {office: row["2015-04"] for office, row in months(found).items()} == written


def test_a_period_begun_in_the_middle_has_the_letters_of_the_whole() -> None:
    """The run-up makes May what it is when everything from the beginning is played: good news included."""
    book = only(rules(), REPORT)
    with examples() as source:
        whole = months(played(source, book, None, "2015-03-27", "2015-05-31"))
        may = months(played(source, book, None, "2015-05-01", "2015-05-31"))
    assert may == {office: {"2015-05": row["2015-05"]} for office, row in whole.items() if "2015-05" in row}
    assert "ln.ubnd_xa.cam_ly" in may


def _rows(engine: Engine) -> dict[str, list[object]]:
    with reading(engine) as conn:
        return {table.name: list(conn.execute(select(table))) for table in metadata.sorted_tables}


def test_no_table_changes(database: Engine) -> None:
    """Of the database that was asked, on SQLite and on PostgreSQL."""
    bring_in(database, EXAMPLES, datetime.now(UTC))
    before = _rows(database)
    with reading(database) as conn:
        played(conn, only(rules(), REPORT), None, "2015-04-13", "2015-04-30")
    assert _rows(database) == before


def test_the_command_leaves_the_database_file_as_it_is(office: Office) -> None:
    """Byte for byte, and no file beside it."""
    for folder in ("dai-loc", "luc-nam", "tu-mo-rong"):
        shutil.rmtree(office.folder / "rules" / folder)
    shutil.copytree(office.folder / "rules", office.folder / "before")
    office.holds_the_examples()
    files = {path.name: _digest(path) for path in office.database.parent.iterdir()}
    office.spoil("rules/binh-phuoc/bao-ve-tre-em-2019.yaml", "above: 21", "above: 20")
    ran = office.dondoc("backtest", "--from", "2019-05-04", "--to", "2019-05-11", "--against", "before")
    assert ran.code == 0, ran.err
    assert "thêm 1, bớt 0, đổi 0" in ran.out
    assert DROWNING in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100
    assert {path.name: _digest(path) for path in office.database.parent.iterdir()} == files


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _git(folder: Path, *words: str) -> str:
    named = ("-c", "user.name=test", "-c", "user.email=test@example.vn")
    done = subprocess.run(["git", "-C", str(folder), *named, *words], check=True, capture_output=True, text=True)
    return done.stdout


def test_rules_of_a_revision_are_read_and_the_work_is_left_alone(tmp_path: Path) -> None:
    """The committed files come out of git; the edited one, and what git knows of it, stay."""
    folder = tmp_path / "pack" / "rules"
    folder.mkdir(parents=True)
    (folder / "mail.yaml").write_text("first\n", "utf-8")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "first")
    (folder / "mail.yaml").write_text("second\n", "utf-8")
    _git(tmp_path, "commit", "--quiet", "--all", "--message", "second")
    (folder / "mail.yaml").write_text("third\n", "utf-8")
    status = _git(tmp_path, "status", "--porcelain")
    for revision, text in (("HEAD", "second\n"), ("HEAD^", "first\n")):
        with rules_of(revision, folder) as before:
            assert (before / "mail.yaml").read_text("utf-8") == text
        assert not before.exists()
    assert (folder / "mail.yaml").read_text("utf-8") == "third\n"
    assert _git(tmp_path, "status", "--porcelain") == status


@pytest.mark.parametrize("revision", ["no-such", "--output=spoilt", "HEAD^9"])
def test_an_unknown_revision_is_refused(tmp_path: Path, revision: str) -> None:
    """Also one that git might take for an option."""
    (tmp_path / "mail.yaml").write_text("first\n", "utf-8")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "first")
    with pytest.raises(CallRefused, match=f"«{revision.replace('^', '.')}»"), rules_of(revision, tmp_path):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "mail.yaml"]


def test_a_folder_outside_any_repository_is_refused(tmp_path: Path) -> None:
    """The sentence says that a folder would do."""
    with pytest.raises(CallRefused, match="--against THƯ_MỤC"), rules_of("HEAD", tmp_path):
        pass


def test_a_period_without_any_rule_in_force_is_refused() -> None:
    """Nothing would have happened, and the sentence says when something would."""
    with examples() as source, pytest.raises(CallRefused, match="29/04/2016 – 31/12/2016"):
        played(source, rules(), None, "2015-01-01", "2015-02-01")


def test_a_period_outside_the_calendar_is_refused() -> None:
    """No night is guessed."""
    with examples() as source, pytest.raises(CalendarUncovered):
        played(source, rules(), None, "2016-01-01", "2050-01-01")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["--from", "2019-06-01", "--to", "2019-05-01"], 2, "đổi lại thứ tự", id="from lies after to"),
        pytest.param(
            ["--from", "2019-05-01", "--to", "2019-06-01"], 2, "dondoc import", id="there is no database"
        ),
        pytest.param(
            ["--from", "2015-01-01", "--to", "2015-02-01", "--data", "examples"],
            2,
            "hiệu lực",
            id="nothing in force",
        ),
        pytest.param(
            ["--from", "2016-05-01", "--to", "2060-06-01", "--data", "examples"],
            1,
            "Lịch",
            id="no calendar that far",
        ),
    ],
)
def test_wrong_calls_are_said(office: Office, words: list[str], code: int, said: str) -> None:
    """With a sentence on the standard error output and an exit code, and nothing made on the disk."""
    ran = office.dondoc("backtest", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert not office.database.parent.exists()


def test_what_offices_said_is_said_again(tmp_path: Path) -> None:
    """A promise keeps the replayed case waiting as it kept the real one; broken, it climbs at once."""
    town = opened(tmp_path)
    case = town.case(REPORT, COMMUNE)
    assert case is not None
    given = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    says(given, case.code, ActKind.EXPLAINED, "2015-04-21T09:00", until=date(2015, 5, 6), words="Lũ")
    says(given, case.code, ActKind.ACKNOWLEDGED, "2015-04-21T10:00")
    says(given, case.code, ActKind.TAKEN_BACK, "2015-04-22T10:00", about=2)
    book = only(rules(), REPORT)
    later = due(book, "2015-05-04")
    with reading(town.engine) as conn:
        found = played(conn, book, later, "2015-04-19", "2015-05-08")
    assert found.before is not None
    steps = {key[1]: [night.isoformat()[5:] for _, night in one.steps] for key, one in found.after.cases.items()}
    assert steps.pop(COMMUNE) == ["04-20", "05-07"]
    assert set(map(tuple, steps.values())) == {("04-20", "04-25", "05-07")}
    assert (found.after.said, found.after.unsaid) == (3, 0)
    # By a later limit there was no case yet of which anybody could have spoken.
    assert (found.before.said, found.before.unsaid) == (0, 3)
    said = CliRunner().invoke(program(), ["backtest", "--from", "2015-04-19", "--to", "2015-05-08"], env=given)
    assert "Trả lời của các cơ quan (answers): tính lại 3, không còn hợp 0" in said.stdout
    town.engine.dispose()


def test_a_report_that_was_declared_counts_once(tmp_path: Path) -> None:
    """It comes with the facts, and is not handed in a second time."""
    town = opened(tmp_path)
    case = town.case(REPORT, COMMUNE)
    assert case is not None
    given = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    done = {"document": "12/BC", "done_on": date(2015, 4, 20)}
    says(given, case.code, ActKind.DONE, "2015-04-21T09:00", **done)
    with reading(town.engine) as conn:
        found = played(conn, only(rules(), REPORT), None, "2015-04-19", "2015-04-30")
    (closed,) = [one for one in found.after.cases.values() if one.outcome is not None]
    assert (closed.unit, closed.outcome, closed.closed_on) == (COMMUNE, Outcome.LATE, date(2015, 4, 22))
    assert (found.after.said, found.after.unsaid) == (0, 0)
    town.engine.dispose()
