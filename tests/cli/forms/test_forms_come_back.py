"""A form that comes back: imported as it is, sent twice, corrected, shown again, or broken on the way."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from dondoc.engine.domain.model import SCALE
from dondoc.engine.rulefile import load
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night import orgchart
from dondoc.engine.store.night.nights import prepare
from dondoc.engine.store.night.prepared import Night
from tests.cli.forms.conftest import FormOffice, day
from tests.support.form_filling import cells, fill, place, saved_at
from tests.support.town import at
from tests.support.workbooks import changed

NOW = at("2026-11-01T00:00")
BAO_DAI = "ln.ubnd_xa.bao_dai"
REPORT = {"Ngày gửi": day("2015-04-17"), "Số văn bản": "12/BC-UBND"}


def versions(office: FormOffice, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """All versions of all rows of a table, in the order in which they were stored."""
    found = getattr(t, table)
    with reading(office.town.engine) as conn:
        return [
            tuple(row) for row in conn.execute(select(*(found.c[name] for name in columns)).order_by(found.c.id))
        ]


def test_every_kind_of_row_is_taken_as_it_was_entered(office: FormOffice) -> None:
    """Three sheets of one file; rows left empty are no rejects, and the sheet that explains is passed over."""
    form = office.writes(["submissions", "activities", "readings"])
    fill(form, "Báo cáo", 14, REPORT)
    fill(form, "Báo cáo", 21, REPORT | {"Loại báo cáo": "month-report · Báo cáo tháng"})
    fill(form, "Hoạt động", 2, {"Loại hoạt động": "broadcast", "Ngày thực hiện": day("2015-04-11"), "Số lượng": 2})
    fill(form, "Số liệu", 4, {"Số liệu": 2.5, "Nguồn số liệu": "Trạm y tế"})
    report = office.brings(form)
    assert (report.rejected, report.passed_over) == (0, ())
    assert [(file.kind, file.added, file.waiting) for file in report.files] == [
        ("submissions", 2, 19),
        ("activities", 1, 29),
        ("readings", 1, 3),
    ]
    assert [note.vi for note in report.files[0].notes] == ["lưu lúc 09:00 ngày 20/04/2015"]
    notified = "report", "submitted_on", "document", "recorded_at"
    assert (
        versions(office, "submission", *notified)
        == [("month-report", day("2015-04-17"), "12/BC-UBND", at("2015-04-20T09:00"))] * 2
    )
    assert [ref for (ref,) in versions(office, "submission", "ref")] == [
        f"{BAO_DAI}/month-report/2015-03",
        f"{BAO_DAI}/20150401/bao-cao/05",
    ]
    assert versions(office, "activity", "activity", "done_on", "quantity") == [("broadcast", day("2015-04-11"), 2)]
    assert versions(office, "reading", "indicator", "period", "value", "source") == [
        ("child-injuries", "2015-Q1", 5 * SCALE // 2, "Trạm y tế")
    ]


def test_a_form_sent_again_changes_nothing_and_a_corrected_one_supersedes(office: FormOffice) -> None:
    """Whether it is the same file or was saved again; both versions are kept, and an older file undoes nothing."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT)
    first = Path(shutil.copy(form, office.folder / "first.xlsx"))
    counts = []
    for moment, change in (
        ("2015-04-20T09:00", {}),
        ("2015-04-20T09:00", {}),
        ("2015-04-21T09:00", {}),
        ("2015-04-22T09:00", {"Ngày gửi": day("2015-04-18")}),
    ):
        fill(form, "Báo cáo", 14, change, f"{moment}+07:00")
        (file,) = office.brings(form).files
        counts.append((file.added, file.corrected, file.unchanged, file.rejected))
    (file,) = office.brings(first).files
    counts.append((file.added, file.corrected, file.unchanged, file.rejected))
    assert counts == [(1, 0, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 1, 0)]
    assert versions(office, "submission", "submitted_on", "superseded_at") == [
        (day("2015-04-17"), at("2015-04-22T09:00")),
        (day("2015-04-18"), None),
    ]


def test_a_stale_form_does_not_silently_undo_a_correction(office: FormOffice) -> None:
    """The row is given back with the reason; an own time of entry says that it is meant."""
    form = fill(office.writes("readings"), "Số liệu", 3, {"Số liệu": 4})
    stale = Path(shutil.copy(form, office.folder / "stale.xlsx"))
    office.brings(form)
    office.brings(fill(form, "Số liệu", 3, {"Số liệu": 5}, "2015-04-21T09:00+07:00"))
    report = office.brings(fill(stale, "Số liệu", 4, {"Số liệu": 7}, "2015-04-23T09:00+07:00"))
    (reject,) = report.rejects
    assert reject.vi.startswith("nội dung cũ, đã sửa lúc 09:00 ngày 21/04/2015")
    assert (report.files[0].added, report.files[0].rejected) == (1, 1)
    given_back = saved_at(report.given_back[0], "2015-04-23T10:00+07:00")
    assert office.brings(given_back).rejects[0].vi == reject.vi
    book = openpyxl.load_workbook(given_back)
    book.active.cell(1, book.active.max_column + 1, "Thời điểm ghi nhận")
    book.active.cell(2, book.active.max_column, "24/04/2015 08:00")
    book.save(given_back)
    assert office.brings(saved_at(given_back, "2015-04-23T11:00+07:00")).files[0].corrected == 1


def test_a_file_says_when_it_was_saved_and_not_before_it_was_brought_in(office: FormOffice) -> None:
    """A clock that is ahead by more than an hour refuses the row: no night would see it."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT, "2015-04-20T12:00+07:00")
    assert office.brings(form, now="2015-04-20T11:10+07:00").rejected == 0
    (reject,) = office.brings(saved_at(form, "2015-04-20T12:30+07:00"), now="2015-04-20T11:10+07:00").rejects
    assert (reject.column, reject.value) == ("recorded_at", "20/04/2015 12:30")
    assert "đồng hồ của máy" in reject.vi


def test_a_later_form_shows_what_came_in_and_corrects_it(office: FormOffice) -> None:
    """Under the refs of the earlier one; new rows get new refs."""
    form = office.writes("activities")
    log = {"Loại hoạt động": "broadcast", "Ngày thực hiện": day("2015-04-11"), "Số lượng": 2}
    office.brings(fill(form, "Hoạt động", 1, log))
    later = office.writes("activities", on="2015-05-04")
    first, second = cells(later, "Hoạt động")[:2]
    assert (first["Mã dòng"], first["Loại hoạt động"]) == (
        f"{BAO_DAI}/20150401/hoat-dong/01",
        "broadcast · Phát sóng hằng tháng",
    )
    assert (second["Mã dòng"], second["Số lượng"]) == (f"{BAO_DAI}/20150504/hoat-dong/01", None)
    (file,) = office.brings(fill(later, "Hoạt động", 1, {"Số lượng": 3}, "2015-05-05T08:00+07:00")).files
    assert (file.corrected, file.added) == (1, 0)
    assert versions(office, "activity", "quantity") == [(2,), (3,)]


def test_a_report_that_a_night_has_settled_is_not_asked_again(office: FormOffice) -> None:
    """Under whatever ref it was entered; it stands among what was told of late."""
    office.town.submits(BAO_DAI, "month-report", "2015-04-02", ref="CSV-1")
    before = [row["Mã dòng"] for row in cells(office.writes("submissions"), "Báo cáo")]
    with writing(office.town.engine) as conn:
        prepare(
            conn, load(office.rules), orgchart.chart(conn, NOW), Night(day("2015-04-03"), at("2015-04-03T02:00"))
        )
    after = [row["Mã dòng"] for row in cells(office.writes("submissions"), "Báo cáo")]
    assert len(set(before) - set(after)) == 1
    assert "CSV-1" in after


def test_of_two_forms_in_one_import_the_later_one_counts(office: FormOffice) -> None:
    """Also where it is read first; then the row of the other is given back, because nobody has seen it before."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT)
    other = Path(shutil.copy(form, office.folder / "other.xlsx"))
    fill(other, "Báo cáo", 14, {"Số văn bản": "13/BC"}, "2015-04-21T09:00+07:00")
    report = office.brings(other, form)
    assert versions(office, "submission", "document", "superseded_at") == [("13/BC", None)]
    assert [reject.vi.partition(";")[0] for reject in report.rejects] == [
        "dòng này có hai bản khác nhau, và biểu này không phải bản lưu sau"
    ]


def _heading_emptied(sheet: Any) -> None:
    place(sheet, "Loại báo cáo", 0).value = None


def _heading_rewritten(sheet: Any) -> None:
    place(sheet, "Ngày gửi", 0).value = "Ngày nộp"


def _column_deleted(sheet: Any) -> None:
    sheet.delete_cols(place(sheet, "Ngày gửi", 0).column)


def _merged(sheet: Any) -> None:
    sheet.merge_cells("A1:B1")


def _named(sheet: Any) -> None:
    sheet.cell(1, sheet.max_column + 1, "Họ và tên trẻ")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        pytest.param(_heading_emptied, "ô tiêu đề thứ 4 trống hoặc gộp ô", id="a heading is deleted"),
        pytest.param(_heading_rewritten, "không có cột nào tên «Ngày nộp", id="a heading is rewritten"),
        pytest.param(_column_deleted, "thiếu cột submitted_on", id="a column is deleted"),
        pytest.param(_merged, "có ô gộp (A1:B1)", id="headings are merged"),
        pytest.param(_named, "có cột dữ liệu cá nhân (họ tên người)", id="a column of names is added"),
    ],
)
def test_a_broken_form_is_refused_in_a_sentence(
    office: FormOffice, harm: Callable[[Any], None], said: str
) -> None:
    """Nothing of it is taken; an official reads what to mend."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT)
    book = openpyxl.load_workbook(form)
    harm(book["Báo cáo"])
    book.save(form)
    with pytest.raises(SheetRefused) as refused:
        office.brings(form)
    assert said in refused.value.why.vi


def test_a_form_whose_sheet_was_renamed_is_known_by_its_heading(office: FormOffice) -> None:
    """Office programs name a copied sheet Sheet1."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT)
    book = openpyxl.load_workbook(form)
    book["Báo cáo"].title = "Sheet1"
    book.save(form)
    report = office.brings(saved_at(form, "2015-04-20T09:00+07:00"))
    assert (report.rejected, report.taken["submissions"].added) == (0, 1)


def test_moved_columns_and_a_counter_removed_do_no_harm(office: FormOffice) -> None:
    """Every column is known by its heading."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT)
    book = openpyxl.load_workbook(form)
    rows = [[row[-1], *row[1:-1]] for row in book["Báo cáo"].iter_rows(values_only=True)]
    del book["Báo cáo"]
    moved = book.create_sheet("Báo cáo")
    for row in rows:
        moved.append(row)
    book.save(form)
    report = office.brings(saved_at(form, "2015-04-20T09:00+07:00"))
    assert (report.rejected, report.taken["submissions"].added) == (0, 1)


def test_a_formula_refuses_its_row_alone(office: FormOffice) -> None:
    """Also one whose result nobody has computed: it is not taken for an empty row."""
    form = fill(office.writes("readings"), "Số liệu", 3, {"Số liệu": "=1+1"})
    fill(form, "Số liệu", 2, {"Số liệu": 3})
    report = office.brings(form)
    assert [(reject.line, reject.vi) for reject in report.rejects] == [
        (4, "là công thức hoặc lỗi tính; dán giá trị")
    ]
    assert report.taken["readings"].added == 1


def test_a_form_without_a_time_of_saving_is_refused(office: FormOffice) -> None:
    """As some programs write it, or as CSV; what to do is said."""
    form = fill(office.writes("submissions"), "Báo cáo", 14, REPORT)
    rows = [list(row) for row in openpyxl.load_workbook(form)["Báo cáo"].iter_rows(values_only=True)]
    with (office.folder / "submissions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    changed(form, "docProps/core.xml", lambda _: b"<none/>")
    for path in (form, office.folder / "submissions.csv"):
        with pytest.raises(SheetRefused, match="biểu không ghi lúc lưu; mở bằng Excel hoặc LibreOffice"):
            office.brings(path)
