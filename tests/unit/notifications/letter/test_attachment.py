"""The attached list: what stands in the finished file, for the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Entry
from dondoc.notifications.letter.attachment import MOST_LINES, table, to_csv
from dondoc.notifications.letter.compose import compose
from dondoc.notifications.letter.part import RowLimits
from tests.support.sample_digests import COMMUNES, EIGHT_COMMUNES, digest, entry, level


def test_the_finished_file_starts_no_formula() -> None:
    """A name that a spreadsheet would run stands behind an apostrophe; figures stay figures."""
    head, row = csv.reader(
        io.StringIO(to_csv([["Đơn vị", "Số"], ['=HYPERLINK("x")', "-3,5"]]).decode("utf-8-sig"))
    )
    assert (head, row) == (["Đơn vị", "Số"], ['\'=HYPERLINK("x")', "-3,5"])


def test_a_rollup_that_cannot_name_all_its_parts_attaches_them() -> None:
    """Twelve stand in the letter; all in the file, to which the letter and its ask point (L12)."""
    many = replace(EIGHT_COMMUNES, names=COMMUNES, missed=24, judged=24)
    letter = compose(digest(entry(kind=TaskKind.ROLLUP, parts=many)))
    assert {line[3] for line in letter.sheet} >= set(COMMUNES)
    (part,) = letter.parts
    assert "trong tệp kèm theo" in part.ask.what
    assert "và 12 đơn vị khác trong tệp kèm theo" in str(part.sections[0].cards[0].facts)
    few = compose(digest(entry(kind=TaskKind.ROLLUP, parts=EIGHT_COMMUNES)))
    assert not few.sheet
    assert "nêu trong thư và cho biết" in few.parts[0].ask.what


def test_an_ask_about_rows_that_are_only_in_the_file_points_there() -> None:
    """A letter without room for a row does not send its reader to a section that is not there (L12)."""
    rows = [entry(codes=(f"LN15-{n:04}",), tasks=(n,)) for n in range(3)]
    (part,) = compose(digest(*rows), RowLimits(0, 0)).parts
    assert "03 việc nêu trong tệp kèm theo" in part.ask.what
    (part,) = compose(digest(*rows), RowLimits(2, 0)).parts
    assert "03 việc nêu tại mục MỚI và trong tệp kèm theo" in part.ask.what


def test_a_list_that_a_mail_server_would_refuse_is_cut_and_says_so() -> None:
    """Of 20,000 lines the file holds the first 5,000 and counts the rest; the letter says the same."""
    names = tuple(f"Xã {n}" for n in range(20_000))
    codes = tuple(f"LN15-{n:05}" for n in range(20_000))
    letter = compose(digest(entry(units=names, codes=codes, code_of=codes)), RowLimits(0, 0))
    assert len(letter.sheet) == 1 + MOST_LINES + 1
    assert letter.sheet[-1][2].startswith("còn 15000 dòng")
    assert len(to_csv(letter.sheet)) < 3_000_000
    assert "5.000 dòng đầu của danh sách 20.000 dòng" in str(letter.parts[0].footer)


def test_a_row_about_several_units_has_a_line_for_each() -> None:
    """Each with the code of its own case, else with all of them; one unit by its full name."""
    codes = ("LN15-0001", "LN15-0002")
    two = entry(units=("Bảo Đài", "Bảo Sơn"), codes=codes, code_of=codes[::-1])
    _, *lines = table(digest(two, replace(two, codes=("LN15-0003",), code_of=()), entry()))
    assert [(line[1], line[3]) for line in lines] == [
        ("LN15-0002", "Bảo Đài"),
        ("LN15-0001", "Bảo Sơn"),
        ("LN15-0003", "Bảo Đài"),
        ("LN15-0003", "Bảo Sơn"),
        ("LN15-0072", "UBND xã Bảo Đài"),
    ]


@pytest.mark.parametrize(
    ("row", "late"),
    [
        pytest.param(entry(), ("6", "8"), id="a late report"),
        pytest.param(entry(section=Section.ENDING), ("", ""), id="one that is still in time"),
        pytest.param(level(days=8), ("", ""), id="a figure has no limit to be late for"),
    ],
)
def test_days_of_lateness_stand_beside_what_is_late(row: Entry, late: tuple[str, str]) -> None:
    """Working days first, then calendar days."""
    _, line = table(digest(replace(row, workdays=6, days=8)))
    assert line[6:8] == late


def test_parts_are_listed_below_their_rollup_with_its_code() -> None:
    """Under the same headings, and empty where only the rollup has something to say."""
    head, whole, *parts = table(digest(entry(kind=TaskKind.ROLLUP, parts=EIGHT_COMMUNES)))
    assert [part[3] for part in parts] == list(COMMUNES[:8])
    for part in parts:
        assert len(part) == len(whole) == len(head)
        assert part[:3] == whole[:3]
        assert not any(part[4:])
