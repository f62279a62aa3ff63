"""`dondoc inherit`: what is asked, what may be decided, and what the operator and a person who asks are told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dondoc.engine.domain.terms import Scope
from dondoc.engine.explain.reasons import Why
from dondoc.engine.rulefile import load
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.cli.program import program
from dondoc.flows.explain.account import explain
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.explain.why_not import why_not
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night import steps
from dondoc.flows.records.backup import backup, restore
from dondoc.flows.records.inherit import HeirDecision, decide, decisions, questions
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town, at, cutoff

CASE, HEIR, OFFICE = "DL25-0002", "vn.20500.ubnd", "qn.tinh_uy"
BASIS = "Nghị quyết số 9 (ví dụ)"


@pytest.fixture
def settings(tmp_path: Path) -> Mapping[str, str]:
    """Đại Lộc after the night of 1 July 2025, as settings of the command; see tests/stories/reorganised."""
    rules = tmp_path / "rules"
    (rules / "reorganised").mkdir(parents=True)
    for shared in (ROOT / "rules").glob("*.yaml"):
        shutil.copy(shared, rules)
    for name in ("dai-loc", "tu-mo-rong"):
        shutil.copy(ROOT / "tests" / "stories" / "reorganised" / f"{name}.yaml", rules / "reorganised")
    given = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(rules)}
    engine = connect(given["DONDOC_DATABASE"])
    upgrade(engine)
    town = Town(engine, load(rules)).founded_here()
    for night in ("2025-06-23", "2025-07-01"):
        town.night(date.fromisoformat(night))
    engine.dispose()
    return given


def decided(settings: Mapping[str, str], what: str, *heirs: str, scope: Scope | None = None) -> tuple[str, bool]:
    """What a decision of 2 July 2025 answers."""
    found = decide(settings, HeirDecision(what, heirs, "vn.48.ubnd", BASIS, scope), at("2025-07-02T09:00"))
    return found.text.vi, found.again


def test_what_is_left_behind_is_listed_with_who_follows_and_when_asked(
    settings: Mapping[str, str],
) -> None:
    """Cases, demands that go on, and places as reader."""
    found = {one["name"]: one for one in questions(settings, at("2025-07-02T09:00"))}
    assert {name for name, one in found.items() if one["kind"] == "case"} >= {"DL25-0001", CASE}
    assert found[CASE]["heirs"] == [{"unit": HEIR, "name": f"UBND xã Đại Lộc ({HEIR})", "scope": "all"}]
    assert (found[CASE]["last_day"], found[CASE]["ask_on"]) == (date(2025, 6, 30), date(2025, 7, 8))
    assert len(found["DL25-0001"]["heirs"]) == 5
    assert found["tu-mo-rong/monthly-broadcast@tmr.trang_ttdt"]["kind"] == "demand"
    assert found["dl.ubnd_huyen"]["kind"] == "reader"


def test_a_decision_is_written_once_and_leaves_the_list(settings: Mapping[str, str]) -> None:
    """With its basis and the office that decided; the same words again change nothing."""
    text, again = decided(settings, CASE, HEIR)
    assert not again
    assert text == (
        f"{CASE}: UBND thị trấn Ái Nghĩa (dl.ubnd_xa.ai_nghia) nay là UBND xã Đại Lộc ({HEIR}); căn cứ {BASIS}"
    )
    assert decided(settings, CASE, HEIR) == (text, True)
    assert CASE not in {one["name"] for one in questions(settings, at("2025-07-02T10:00"))}
    (one,) = decisions(settings, at("2025-07-02T10:00"))
    assert (one["basis"], one["decided_by"], one["recorded_on"]) == (BASIS, "vn.48.ubnd", date(2025, 7, 2))


REFUSED = {
    "an heir that has ended": (CASE, ("dl.ubnd_huyen",), None, "không hoạt động"),
    "an heir that nobody knows": (CASE, ("vn.x",), None, "«vn.x»"),
    "a case that does not exist": ("DL25-9999", (HEIR,), None, "DL25-9999"),
    "a unit that goes on": ("vn.48.ubnd", (HEIR,), None, "chưa kết thúc"),
    "a rule that never bound the unit": ("dai-loc/plan@tmr.trang_ttdt", (HEIR,), None, "không giao việc"),
    "a scope for one case": (CASE, (HEIR,), Scope.SUM, "--scope"),
    "two readers in place of one": ("dl.ubnd_huyen", (HEIR, "vn.20506.ubnd"), None, "một --to"),
}


@pytest.mark.parametrize(("what", "heirs", "scope", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_decided_is_refused_with_the_reason(
    settings: Mapping[str, str], what: str, heirs: tuple[str, ...], scope: Scope | None, said: str
) -> None:
    """Nothing is written then."""
    with pytest.raises(CallRefused, match=said):
        decided(settings, what, *heirs, scope=scope)
    assert decisions(settings, at("2025-07-02T10:00")) == ()


def run(settings: Mapping[str, str], *words: str) -> Result:
    """The command as it is typed."""
    return CliRunner().invoke(program(("inherit",)), ["inherit", *words], env=dict(settings))


def test_the_command_writes_a_decision_once_and_lists_it(settings: Mapping[str, str]) -> None:
    """What is asked, what was decided, and that it was decided before."""
    asked = run(settings, "list")
    assert (asked.exit_code, f"hồ sơ {CASE}: UBND thị trấn Ái Nghĩa" in asked.output) == (0, True)
    assert f"--to {HEIR}  UBND xã Đại Lộc ({HEIR}), phạm vi: all" in asked.output
    call = ("confirm", CASE, "--to", HEIR, "--by", "vn.48.ubnd", "--basis", BASIS)
    assert "Có hiệu lực từ đêm tới" in run(settings, *call).output
    assert "Đã ghi như vậy từ trước" in run(settings, *call).output
    decided = run(settings, "list", "--decided")
    assert f"nay là UBND xã Đại Lộc ({HEIR})" in decided.output
    assert decided.output.splitlines()[-1] == "1 mục đã quyết định."


def test_the_command_closes_what_nobody_takes_over(settings: Mapping[str, str]) -> None:
    """Without an heir, and so it is listed."""
    assert run(settings, "close", CASE, "--by", "vn.48.ubnd", "--basis", BASIS).exit_code == 0
    assert "không đơn vị nào tiếp nhận" in run(settings, "list", "--decided").output
    (one,) = json.loads(run(settings, "list", "--decided", "--json").stdout)
    assert (one["heirs"], one["basis"]) == ([], BASIS)


def test_the_command_shares_a_demand_as_it_is_told(settings: Mapping[str, str]) -> None:
    """Several heirs carry a later demand together, each alone, or any one of them."""
    demand = "tu-mo-rong/monthly-broadcast@tmr.trang_ttdt"
    call = ("confirm", demand, "--to", "vn.23416.ubnd", "--to", "vn.23419.ubnd", "--scope", "sum")
    assert run(settings, *call, "--by", "vn.51.ubnd", "--basis", BASIS).exit_code == 0
    (one,) = json.loads(run(settings, "list", "--decided", "--json").stdout)
    assert ([heir["unit"] for heir in one["heirs"]], one["scope"]) == (["vn.23416.ubnd", "vn.23419.ubnd"], "sum")


def test_the_operator_is_asked_with_the_command_to_type(settings: Mapping[str, str]) -> None:
    """On 8 July again, on 9 July not."""
    engine, book = connect(settings["DONDOC_DATABASE"]), load(Path(settings["DONDOC_RULES"]))
    lines = {}
    for night in (date(2025, 7, 8), date(2025, 7, 9)):
        lines[night] = steps.judge_night(engine, book, Night(night, cutoff(night))).lines
    asked = [line for line in lines[date(2025, 7, 8)] if line.startswith(CASE)]
    assert len(asked) == 1
    assert f'dondoc inherit confirm {CASE} --to {HEIR} --by CƠ-QUAN --basis "CĂN CỨ"' in asked[0]
    assert "hỏi lại ngày 15/07/2025" in asked[0]
    assert not [line for line in lines[date(2025, 7, 9)] if line.startswith(CASE)]
    engine.dispose()


def test_asked_why_both_the_wait_and_the_inheritance_are_told(settings: Mapping[str, str]) -> None:
    """Before: it waits, and says so; after: the heir was told, and two working days stood still."""
    decided(settings, CASE, HEIR)
    engine, book = connect(settings["DONDOC_DATABASE"]), load(Path(settings["DONDOC_RULES"]))
    for night in (date(2025, 7, 2), date(2025, 7, 3)):
        steps.judge_night(engine, book, Night(night, cutoff(night)))
    with reading(engine) as conn:
        with night_view(conn, book, date(2025, 7, 2)) as before:
            waits = explain(before, CASE)
            heir_waits = why_not(before, HEIR)
        with night_view(conn, book, date(2025, 7, 3)) as after:
            moved, heir = explain(after, CASE), why_not(after, HEIR)
    assert {one.reason.why for one in waits.unheard} == {Why.AWAITING_HEIR}
    assert {line.case for line in heir_waits.lines if line.reason.why is Why.AWAITING_HEIR} >= {CASE}
    assert (moved.case.task.bearers, moved.case.task.former) == ((HEIR,), ("dl.ubnd_xa.ai_nghia",))
    assert HEIR in {letter.notice.reader for letter in moved.letters if letter.notice.night == date(2025, 7, 3)}
    assert CASE in {line.case for line in heir.lines if line.reason.why is Why.TOLD}
    assert moved.counted is not None
    assert moved.counted.waived == 2
    engine.dispose()


def test_a_backup_carries_decisions(settings: Mapping[str, str], tmp_path: Path) -> None:
    """Restored elsewhere, they stand."""
    decided(settings, CASE, HEIR)
    engine, other = connect(settings["DONDOC_DATABASE"]), connect(f"sqlite:///{tmp_path / 'other.db'}")
    backup(engine, tmp_path / "saved.db")
    restore(tmp_path / "saved.db", other)
    there = {**settings, "DONDOC_DATABASE": f"sqlite:///{tmp_path / 'other.db'}"}
    assert decisions(there, at("2025-07-03T10:00")) == decisions(settings, at("2025-07-03T10:00"))
    for one in (engine, other):
        one.dispose()
