"""An office sets the number that a directive lacks: one edit, and the next night judges, saying who set it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.rulefile import load
from dondoc.flows.cli.program import program
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.explain_helpers import explained, nights_of, why_not_text
from tests.support.story_stage import Stage, flat, mail_to, to
from tests.support.town import ROOT, Town, only

FILES = {"tmr": "tu-mo-rong/1179-cv-hu.yaml", "ln": "luc-nam/279-ubnd-ldtbxh.yaml"}
INSPECTIONS, EVALUATION = "1179-cv-hu/inspections", "279-ubnd-ldtbxh/final-evaluation"


def fill(rules: Path, file: str, key: str, value: str, setting: str) -> None:
    """What an author does: behind the rule's key, the value and who set it in place of the blanks."""
    path = rules / file
    text = path.read_text("utf-8")
    at = text.index(f"      {key}:\n")
    judged = text[at:].replace("___", value, 1).replace("set_by: ___, set_on: ___", setting, 1)
    path.write_text(text[:at] + judged, "utf-8")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The project's rules, copied."""
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


def ran(rules: Path, *words: str) -> tuple[int, str]:
    """The command over these rules, without a database."""
    environment = {"DONDOC_RULES": str(rules), "DONDOC_DATABASE": "sqlite:///nowhere.db"}
    done = CliRunner().invoke(program(words), words, env=environment)
    return done.exit_code, done.output


def status(rules: Path, obligation: str) -> str:
    """How an obligation stands, as the command says."""
    code, out = ran(rules, "register", "--json")
    assert code == 0
    (one,) = [one for one in json.loads(out)["obligations"] if one["obligation"] == obligation]
    return str(one["status"])


def test_one_edit_turns_an_entry_into_a_rule(rules: Path) -> None:
    """Before it waits, and the list says where to fill it in; half an edit is refused with its place."""
    assert status(rules, "TMR2019-1c") == "waiting"
    _, out = ran(rules, "register", "--directive", "1179-CV/HU", "--status", "waiting")
    assert "điền ở" in out
    fill(rules, FILES["tmr"], "inspections", "4", "set_by: tmr.huyen_uy, set_on: ___")
    code, out = ran(rules, "check", "--data", str(ROOT / "examples"))
    assert code == 1
    assert "còn trống: set_on" in out
    path = rules / FILES["tmr"]
    path.write_text(
        path.read_text("utf-8").replace("huyen_uy, set_on: ___", "huyen_uy, set_on: 2019-08-01"), "utf-8"
    )
    code, out = ran(rules, "check", "--data", str(ROOT / "examples"))
    assert code == 0, out
    assert "49 nội dung còn chờ thông số" in out
    assert status(rules, "TMR2019-1c") == "set"


def test_the_letter_says_who_set_it_and_when(rules: Path, database: Engine, sink: Mailsink) -> None:
    """A number of inspections for the whole year 2020, and a day for an evaluation in 2015."""
    fill(rules, FILES["tmr"], "inspections", "4", "set_by: tmr.huyen_uy, set_on: 2019-08-01")
    fill(rules, FILES["ln"], "final-evaluation", "2015-06-30", "set_by: ln.ubnd_huyen, set_on: 2015-05-04")
    stage = Stage.set(database, sink)
    book = only(load(rules), INSPECTIONS, EVALUATION)
    stage.book = replace(book, mail=replace(book.mail, brake=Brake()))

    letter = flat(mail_to(stage.night("2015-07-01"), "ubnd.baodai.lucnam"))
    assert "hạn do UBND huyện Lục Nam đặt ngày 04/05/2015" in letter
    # 2019 had begun when the number was set, so 2020 is the first year judged.
    assert not {box for box in to(stage.night("2020-01-02")) if "tumorong" in box}
    letter = flat(mail_to(stage.night("2021-01-04"), "ubnd.tumorong"))
    assert "đạt 00/04 lần" in letter
    assert "mức do Huyện ủy Tu Mơ Rông đặt ngày 01/08/2019" in letter


def test_why_not_says_that_it_was_set_later(rules: Path) -> None:
    """The year that had begun when the number was set is not judged, and whoever asks is told so."""
    fill(rules, FILES["tmr"], "inspections", "4", "set_by: tmr.huyen_uy, set_on: 2020-03-02")
    town = Town.founded(only(load(rules), INSPECTIONS))
    nights_of(town, "2021-01-04", "2021-01-04")
    said = why_not_text(town, "tmr.ubnd_huyen", "2021-01-04", INSPECTIONS)
    assert "2020 bắt đầu hoặc đến hạn trước ngày đặt mức (02/03/2020) nên không đánh giá" in said
    nights_of(town, "2022-01-04", "2022-01-04")
    (case,) = town.cases()
    assert "Đặt bởi (set by): Huyện ủy Tu Mơ Rông, ngày 02/03/2020" in explained(town, case.code, "2022-01-04")


@pytest.mark.parametrize(
    ("key", "value", "obligation"),
    [
        pytest.param("abuse", "2", "TMR2019-1d", id="a threshold"),
        pytest.param("intervention", "3 days", "TMR2019-1e", id="days after an event"),
        pytest.param("publicity", "calendar-quarter", "TMR2019-1a", id="a period"),
        pytest.param("hotline", "2019-12-31", "TMR2019-1i", id="a day"),
        pytest.param("immunisation", "95", "TMR2019-1l", id="a target"),
    ],
)
def test_every_sort_of_blank_can_be_filled(rules: Path, key: str, value: str, obligation: str) -> None:
    """The rule is in the book, and its directive's other entries wait as before."""
    fill(rules, FILES["tmr"], key, value, "set_by: tmr.huyen_uy, set_on: 2019-08-01")
    assert f"1179-cv-hu/{key}" in load(rules).rules
    assert status(rules, obligation) == "set"


def test_what_no_sort_of_rule_can_judge_is_left_without_one() -> None:
    """Of fifty waiting obligations five have no rule made ready: lists, days of each unit, targets elsewhere."""
    book = load(ROOT / "rules")
    waiting = [entry for one in book.directives.values() for entry in one.register if entry.waits_for]
    bare = {entry.obligation for entry in waiting if not entry.blanks}
    assert bare == {"BP2016-1", "DL2023-3a", "LN2015-1.1a", "LN2015-1.1c", "TMR2019-5a"}
    assert len(waiting) == 50
    assert not any(one.in_force(date(2026, 11, 27)) for one in book.directives.values() if one.register)
