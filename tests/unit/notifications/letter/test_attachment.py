"""The attached list: what stands in the finished file, for the spreadsheet that opens it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import Digest, Entry, Figure
from dondoc.notifications.letter import workbook
from dondoc.notifications.letter.attachment import MOST_LINES, row_list
from dondoc.notifications.letter.compose import compose
from dondoc.notifications.letter.part import RowLimits
from dondoc.notifications.letter.render import finish
from tests.support.attached_lists import AttachedList, attached_list
from tests.support.sample_digests import COMMUNES, EIGHT_COMMUNES, THREE_MONTHS, digest, entry, level

BOTH = ("vi", "en")


def opened(of: Digest) -> AttachedList:
    """The list of the digest, written and read back."""
    return attached_list(workbook.workbook(row_list(of)))


def row(of: Entry) -> dict[str, Any]:
    """The one row of a list about it."""
    (found,) = opened(digest(of)).rows
    return dict(found)


def test_days_are_days_and_numbers_are_numbers() -> None:
    """They sort and add up; each cell shows itself as the letters do."""
    listed = opened(digest(entry(told=(date(2015, 4, 20),))))
    (said,) = listed.rows
    assert said["Ngày cuối trong hạn"] == date(2015, 4, 19)
    assert said["Hạn"] == "trước ngày 20/04/2015"
    assert (said["Quá hạn (ngày làm việc)"], said["Quá hạn (ngày)"]) == (6, 6)
    assert said["Đã nêu từ thư ngày"] == date(2015, 4, 20)
    assert said["Ngày của bước tiếp theo"] == date(2015, 5, 7)
    shown = [cell for line in listed.sheet.iter_rows() for cell in line if cell.is_date]
    assert len(shown) == 3
    assert {cell.number_format for cell in shown} == {"dd/mm/yyyy"}


@pytest.mark.parametrize(
    "name", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "{=1}", "http://x.vn"]
)
def test_a_name_is_text_whatever_it_begins_with(name: str) -> None:
    """No formula and no link: the cell says the very name."""
    listed = opened(digest(entry(unit=Text(name, name))))
    (said,) = listed.rows
    assert said["Đơn vị"] == name
    assert not any(cell.hyperlink for line in listed.sheet.iter_rows() for cell in line)


def test_the_sheet_is_ready_to_work_with() -> None:
    """Heads stay on the screen, have a filter over all rows, and are printed on every page, one page wide."""
    listed = opened(digest(*[entry()] * 60))
    sheet = listed.sheet
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == f"A2:{sheet.cell(1, len(listed.heads)).column_letter}62"
    assert sheet.print_title_rows == "$2:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # One page wide is how a workbook that says nothing of it is fitted.
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_a_row_is_as_high_as_its_longest_text() -> None:
    """No program has to guess: a long text takes several lines, and none makes a row higher than a row can be."""
    names = [Text("xã " * n, "commune") for n in (1, 80, 6_000)]
    usual, tall, tallest = (opened(digest(entry(unit=name))).sheet.row_dimensions[3].height for name in names)
    assert 13 * 3 <= usual < 13 * 8
    assert 13 * 10 <= tall < 13 * 16
    assert tall < tallest <= 409


def test_title_and_heads_are_in_the_languages_of_the_letter() -> None:
    """Vietnamese first; a letter in one language has one title."""
    one, two = opened(digest(entry())), opened(digest(entry(), languages=BOTH))
    assert one.titles == two.titles[:1]
    assert one.titles[0].startswith(
        "Danh sách kèm theo thư ngày 25/04/2015 gửi UBND xã Bảo Đài: 01 dòng, ghi nhận"
    )
    assert two.titles[1].startswith("List attached to the letter of 25/04/2015 to Bảo Đài Commune People")
    assert (one.heads[3], two.heads[3]) == ("Đơn vị", "Đơn vị\nUnit")
    assert two.sheet.freeze_panes == "A4"
    assert one.rows == two.rows


def test_the_same_list_makes_the_same_bytes() -> None:
    """The outbox compares letters; neither the clock nor a second run shows."""
    first, second = (workbook.workbook(row_list(digest(entry(), languages=BOTH))) for _ in range(2))
    assert first == second
    assert opened(digest(entry())).sheet.parent.properties.modified.year == 2015


@pytest.mark.parametrize(
    ("of", "said"),
    [
        pytest.param(
            entry(kind=TaskKind.QUOTA, count=0, need=1),
            {"Số liệu": 0, "Mức đặt ra": 1, "Đơn vị tính": "lần"},
            id="a quota",
        ),
        pytest.param(
            level(figure=Figure(26_100_000, 25_000_000, Text("%", "%"))),
            {"Số liệu": 2.61, "Mức đặt ra": 2.5, "Đơn vị tính": "%"},
            id="a figure",
        ),
        pytest.param(
            level(figure=Figure(33 * SCALE, None, Text("em", "children"), base=30 * SCALE, rise_percent="20")),
            {"Số liệu": 33, "Mức đặt ra": "tăng 20%", "Đơn vị tính": "em"},
            id="a rise",
        ),
        pytest.param(
            level(figure=Figure(2 * SCALE, 1 * SCALE, Text("em", "children"), masked=True)),
            {"Số liệu": "dưới 3", "Mức đặt ra": None, "Đơn vị tính": "em"},
            id="a figure that must not be told, with a limit that would tell it",
        ),
        pytest.param(
            entry(kind=TaskKind.STREAK, parts=THREE_MONTHS, limit=None),
            {"Số liệu": 3, "Mức đặt ra": None, "Đơn vị tính": "tháng liên tiếp"},
            id="a streak",
        ),
        pytest.param(
            entry(kind=TaskKind.ROLLUP, parts=replace(EIGHT_COMMUNES, names=())),
            {"Số liệu": 8, "Mức đặt ra": "30%", "Đơn vị tính": "trên 23 xã, thị trấn"},
            id="a rollup",
        ),
    ],
)  # fmt: skip
def test_what_is_measured_stands_beside_its_level(of: Entry, said: dict[str, Any]) -> None:
    """A number where the letter has a number, and where it has words the same words."""
    found = row(of)
    assert {head: found.get(head) for head in said} == said


def test_a_list_without_figures_has_no_columns_for_them() -> None:
    """What no row has is no column."""
    assert "Số liệu" not in row(entry())
    assert "Đã nêu từ thư ngày" not in row(entry())


def test_what_was_not_done_is_not_called_done() -> None:
    """A case whose document has ended is no longer followed up, as the letter says."""
    assert row(entry(section=Section.RESOLVED, outcome=Outcome.LAPSED))["Mục"] == "THÔI THEO DÕI"
    assert row(entry(section=Section.RESOLVED, outcome=Outcome.LATE))["Mục"] == "ĐÃ XONG"


def test_a_rollup_that_cannot_name_all_its_parts_attaches_them() -> None:
    """Twelve stand in the letter; all in the file, to which the letter and its ask point (L12)."""
    many = replace(EIGHT_COMMUNES, names=COMMUNES, missed=24, judged=24)
    made = digest(entry(kind=TaskKind.ROLLUP, parts=many))
    (file,) = finish(made).attachments
    assert {line["Đơn vị"] for line in attached_list(file.content).rows} >= set(COMMUNES)
    (part,) = compose(made).parts
    assert "trong tệp kèm theo" in part.ask.what
    assert "và 12 đơn vị khác trong tệp kèm theo" in str(part.sections[0].cards[0].facts)
    few = compose(digest(entry(kind=TaskKind.ROLLUP, parts=EIGHT_COMMUNES)))
    assert few.listed is None
    assert "nêu trong thư và cho biết" in few.parts[0].ask.what


def test_an_ask_about_rows_that_are_only_in_the_file_points_there() -> None:
    """A letter without room for a row does not send its reader to a section that is not there (L12)."""
    rows = [entry(codes=(f"LN15-{n:04}",), tasks=(n,)) for n in range(3)]
    (part,) = compose(digest(*rows), RowLimits(0, 0)).parts
    assert "03 việc nêu trong tệp kèm theo" in part.ask.what
    (part,) = compose(digest(*rows), RowLimits(2, 0)).parts
    assert "03 việc nêu tại mục MỚI và trong tệp kèm theo" in part.ask.what


def test_a_list_that_no_spreadsheet_is_pleasant_with_is_cut_and_says_so() -> None:
    """Of 20,000 lines the file holds the first 5,000; its title and the letter say the same."""
    names = tuple(f"Xã {n}" for n in range(20_000))
    codes = tuple(f"LN15-{n:05}" for n in range(20_000))
    letter = compose(digest(entry(units=names, codes=codes, code_of=codes)), RowLimits(0, 0))
    assert letter.listed is not None
    written = workbook.workbook(letter.listed)
    assert len(written) < 1_000_000
    listed = attached_list(written)
    assert [line["Đơn vị"] for line in listed.rows] == list(names[:MOST_LINES])
    assert "5.000 dòng đầu của danh sách 20.000 dòng" in listed.titles[0]
    assert "5.000 dòng đầu của danh sách 20.000 dòng" in str(letter.parts[0].footer)


def test_a_row_about_several_units_has_a_line_for_each() -> None:
    """Each with the code of its own case, else with all of them; one unit by its full name."""
    codes = ("LN15-0001", "LN15-0002")
    two = entry(units=("Bảo Đài", "Bảo Sơn"), codes=codes, code_of=codes[::-1])
    lines = opened(digest(two, replace(two, codes=("LN15-0003",), code_of=()), entry())).rows
    assert [(line["Mã hồ sơ"], line["Đơn vị"]) for line in lines] == [
        ("LN15-0002", "Bảo Đài"),
        ("LN15-0001", "Bảo Sơn"),
        ("LN15-0003", "Bảo Đài"),
        ("LN15-0003", "Bảo Sơn"),
        ("LN15-0072", "UBND xã Bảo Đài"),
    ]


def test_each_unit_of_a_row_is_known_since_its_own_letter() -> None:
    """A row of several tells of all of them; its list says of each since when, and nothing of one that is new."""
    days = (date(2015, 5, 7), date(2015, 5, 21))
    row = entry(units=COMMUNES[:3], told=days, told_of=(days[1], None, days[0]))
    listed = [line["Đã nêu từ thư ngày"] for line in opened(digest(row)).rows]
    assert listed == [days[1], None, days[0]]


@pytest.mark.parametrize(
    ("of", "late"),
    [
        pytest.param(entry(), (6, 8), id="a late report"),
        pytest.param(entry(section=Section.ENDING), (None, None), id="one that is still in time"),
        pytest.param(level(days=8), (None, None), id="a figure has no limit to be late for"),
    ],
)
def test_days_of_lateness_stand_beside_what_is_late(of: Entry, late: tuple[int | None, int | None]) -> None:
    """Working days first, then calendar days."""
    said = row(replace(of, workdays=6, days=8))
    assert (said.get("Quá hạn (ngày làm việc)"), said.get("Quá hạn (ngày)")) == late


def test_parts_are_listed_below_their_rollup_with_its_code() -> None:
    """Under the same headings, and empty where only the rollup has something to say."""
    whole, *parts = opened(digest(entry(kind=TaskKind.ROLLUP, parts=EIGHT_COMMUNES))).rows
    assert [part["Đơn vị"] for part in parts] == list(COMMUNES[:8])
    for part in parts:
        assert {head: part[head] for head in ("Mục", "Mã hồ sơ", "Nội dung")} == {
            head: whole[head] for head in ("Mục", "Mã hồ sơ", "Nội dung")
        }
        assert not any(list(part.values())[4:])
