"""Each file of `cases`, put into a pack of which nothing is to be said, brings up exactly what it announces."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from dondoc.engine.lint.problem_codes import CODES
from tests.unit.engine.lint.conftest import Check

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))

_EXPECT = re.compile(r"^# expect: (\d+):(\d+) ([a-z0-9-]+)$\n^# vi: (.*)$", re.MULTILINE)


def announced(path: Path) -> list[tuple[int, int, str, str]]:
    """Line, column, code and Vietnamese message of everything a file announces."""
    return [
        (int(line), int(column), code, vi) for line, column, code, vi in _EXPECT.findall(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_brings_up_exactly_what_it_announces(path: Path, check: Check) -> None:
    """Word for word and each at its place; what is no note is an error; both languages are written."""
    found = check(path)
    said = sorted((*found.errors, *found.notes))
    assert [(each.line, each.column, each.code, each.vi) for each in said] == announced(path)
    assert all(CODES[each.code].note for each in found.notes)
    assert not any(CODES[each.code].note for each in found.errors)
    for each in said:
        assert each.en not in {"", each.vi}
        assert unicodedata.is_normalized("NFC", each.vi)


def test_nothing_is_said_of_the_pack_itself(check: Check) -> None:
    """Otherwise every case would have to announce it."""
    found = check()
    assert (found.errors, found.notes, found.charted) == ((), (), True)


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        pytest.param("rule-duplicate", ["rule-duplicate"], id="a duplicate is seen in the words of the rules"),
        pytest.param("rule-subsumed", ["rule-subsumed"], id="so is a rule that adds nothing"),
        pytest.param("thousands", ["thousands"], id="and a number"),
        pytest.param("mailbox-missing", [], id="who has a mailbox is not guessed"),
        pytest.param("unit-unknown", [], id="nor which units there are"),
    ],
)
def test_without_units_only_what_needs_none_is_looked_at(case: str, codes: list[str], check: Check) -> None:
    """What a chart would be needed for is not spoken of."""
    found = check(next(path for path in CASES if path.stem == case), data=False)
    assert ([note.code for note in found.notes], found.errors, found.charted) == (codes, (), False)


@pytest.mark.parametrize(
    ("case", "on", "codes"),
    [
        pytest.param("nobody-now", date(2020, 6, 30), ["nobody-now"], id="the day before the commune begins"),
        pytest.param("nobody-now", date(2020, 7, 1), [], id="its first day"),
        pytest.param("nobody-now", date(2024, 1, 1), [], id="years after the directive, as of its last day"),
        pytest.param("mailbox-missing", date(2005, 1, 1), ["mailbox-missing"], id="before, as of its first day"),
    ],
)
def test_a_directive_is_looked_at_on_its_nearest_day_in_force(
    case: str, on: date, codes: list[str], check: Check
) -> None:
    """Packs of the past and of the future can be checked as well as those of today."""
    path = next(path for path in CASES if path.stem == case)
    assert [note.code for note in check(path, on=on).notes if not note.code.startswith("calendar")] == codes


def noted(check: Check, pack: Path, sheet: str, old: str, new: str) -> dict[str, str]:
    """What is noted, by code, of a rule about one commune after a change of one sheet."""
    path = pack / "data" / sheet
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new), "utf-8")
    found = check(next(path for path in CASES if path.stem == "mailbox-missing"))
    assert not found.errors
    return {note.code: note.vi for note in found.notes}


def test_a_mailbox_that_offices_of_two_levels_share_is_noted(check: Check, pack: Path) -> None:
    """What is meant for the district is read in the commune."""
    said = noted(check, pack, "mailboxes.csv", "xa-a@example.vn", "PHONG@example.vn")
    assert "dùng chung hộp thư phong@example.vn (2): th.phong, th.xa_a;" in said["mailbox-shared"]


def test_an_office_without_a_name_on_the_day_is_noted(check: Check, pack: Path) -> None:
    """Its letter would bear the name of another day."""
    said = noted(check, pack, "names.csv", ",xã A,2010-01-01,", ",xã A,2010-01-01,2015-12-31")
    assert "không có tên vào ngày đó (1): th.xa_a;" in said["unit-nameless"]
