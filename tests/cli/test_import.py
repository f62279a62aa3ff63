"""Import as a whole: files in, rows committed, rejects given back in a file that imports again."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, func, select

from dondoc.engine.errors import ChartRefused
from dondoc.engine.sources.formats.csv_files import WINDOWS
from dondoc.engine.sources.formats.legacy_vietnamese import Legacy
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.files import opened
from dondoc.engine.sources.reading.kinds import SHEETS, Reject
from dondoc.engine.sources.reading.number_style import NumberStyle
from dondoc.engine.sources.reading.rejects import RejectFiles
from dondoc.engine.sources.reading.sheets import ImportOptions
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.orgchart import chart
from dondoc.flows.cli import imports
from dondoc.flows.data.import_report import ImportReport, NothingToImport
from dondoc.flows.data.importer import bring_in
from tests.support.cli_office import Office
from tests.support.workbooks import workbook

NOW = datetime(2026, 11, 1, tzinfo=UTC)
UNITS = [
    "id,kind,level,from,until",
    "x.huyen,ubnd,district,2010-01-01,2025-06-30",
    "x.xa,ubnd,commune,2010-01-01,",
]
SUBMISSIONS = "ref,unit,report,submitted_on,document,recorded_at,task"
GOOD = "B1,x.xa,r,2015-04-18,12/BC,2015-04-18T10:00,"
READINGS = "ref,unit,indicator,first_day,last_day,value,recorded_at,source"


def put(folder: Path, name: str, *lines: str) -> Path:
    """A CSV file."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with two units, one of which has ended."""
    put(tmp_path / "files", "units.csv", *UNITS)
    return tmp_path / "files"


def bring(database: Engine, where: Path | Sequence[Path], **more: Any) -> ImportReport:
    """An import that gives its rejects back."""
    return bring_in(database, where, NOW, give_back=RejectFiles(), **more)


def count(database: Engine, table: str) -> int:
    """How many rows a table holds."""
    with reading(database) as conn:
        return conn.scalar(select(func.count()).select_from(getattr(t, table))) or 0


def test_rejects_come_back_in_a_file_that_imports_again(database: Engine, files: Path) -> None:
    """With the original columns, the row, the column and the reason; once mended, as it is."""
    put(
        files,
        "submissions-t4.csv",
        SUBMISSIONS,
        GOOD,
        "B2,x.xa,r,18/4/15,12/BC,18/4/2015 10:00,",
        GOOD.replace("x.xa", "x.no"),
    )
    report = bring(database, files)
    assert (report.taken["submissions"].added, report.rejected) == (1, 2)
    (back,) = report.given_back
    assert back.name == "submissions-t4.tu-choi.csv"
    heading, *rows = csv.reader(back.read_text("utf-8-sig").splitlines())
    assert heading[:7] == SUBMISSIONS.split(",")
    assert [row[7:9] for row in rows] == [["3", "submitted_on"], ["4", "unit"]]
    assert [row[9] for row in rows] == [
        "năm phải viết đủ bốn chữ số",
        "không có đơn vị này; bổ sung vào units.csv trước",
    ]
    back.write_text(
        back.read_text("utf-8-sig").replace("18/4/15", "18/4/2015").replace("B1,x.no", "B3,x.xa"), "utf-8"
    )
    again = bring(database, [back])
    assert (again.taken["submissions"].added, again.rejected, again.given_back) == (2, 0, ())
    assert count(database, "submission") == 3


def test_rejects_of_a_workbook_keep_their_numbers_and_dates(database: Engine, files: Path) -> None:
    """So that what was a date cell is one, and a percentage is shown as one."""
    rows = [
        ["S1", "x.xa", "share", date(2019, 1, 1), date(2019, 3, 31), 0.0261, "5/4/2019", ""],
        ["S2", "x.no", "share", date(2019, 1, 1), date(2019, 3, 31), 0.0261, "5/4/2019", "=1+1"],
    ]
    path = workbook(
        files / "so-lieu.xlsx", {"readings": [READINGS.split(","), *rows]}, {"F2": "0.00%", "F3": "0.00%"}
    )
    report = bring(database, files)
    assert (report.taken["readings"].added, report.rejected) == (1, 1)
    (back,) = report.given_back
    assert back.name == "so-lieu.tu-choi.xlsx"
    book = openpyxl.load_workbook(back)
    sheet = book["readings"]
    assert [sheet["F2"].value, sheet["F2"].number_format, sheet["D2"].is_date] == [0.0261, "0.#######%", True]
    assert (sheet["H2"].data_type, sheet["H2"].quotePrefix) == ("s", True)
    sheet["B2"], sheet["H2"], sheet["D2"] = "x.xa", "", date(2018, 1, 1)
    book.save(back)
    book.close()
    again = bring(database, [back])
    assert (again.taken["readings"].added, again.rejected) == (1, 0)
    with reading(database) as conn:
        assert conn.scalars(select(t.reading.c.value)).all() == [26_100_000, 26_100_000]
    assert path.exists()


def test_way_of_writing_numbers_goes_along_with_the_rejects(database: Engine, files: Path) -> None:
    """A reject file of one ambiguous number knows how the file it comes from wrote them."""
    row = "S{0},{1},i,2019-0{0}-01,2019-0{0}-28,{2},2019-12-05T10:00,"
    put(files, "readings.csv", READINGS, row.format(1, "x.xa", '"2,61"'), row.format(2, "x.no", "8.999"))
    (back,) = bring(database, files).given_back
    back.write_text(back.read_text("utf-8-sig").replace("x.no", "x.xa"), "utf-8")
    assert bring(database, [back]).taken["readings"].added == 1
    with reading(database) as conn:
        assert sorted(conn.scalars(select(t.reading.c.value))) == [26_100_000, 89_990_000_000]


def test_what_a_spreadsheet_would_compute_is_written_as_text(database: Engine, files: Path) -> None:
    """And comes back as it was."""
    put(
        files,
        "submissions.csv",
        SUBMISSIONS,
        "B1,x.no,r,2015-04-18,-cmd|1,2015-04-18T10:00,",
        "=1+1,x.xa,r,2015-04-18,,2015-04-18T10:00,",
    )
    (back,) = bring(database, files).given_back
    text = back.read_text("utf-8-sig")
    assert ",'-cmd|1," in text
    assert "\n'=1+1," in text
    back.write_text(text.replace("x.no", "x.xa"), "utf-8")
    again = bring(database, [back])
    assert (again.taken["submissions"].added, again.rejected) == (1, 1)
    with reading(database) as conn:
        assert conn.scalars(select(t.submission.c.document)).all() == ["-cmd|1"]


def test_no_file_is_ever_written_over(database: Engine, files: Path) -> None:
    """The same rejects make no second file, others make one beside; a reject file is not its own target."""
    path = put(files, "submissions.csv", SUBMISSIONS, GOOD.replace("x.xa", "x.no"))
    (first,) = bring(database, files).given_back
    kept = first.read_bytes()
    assert bring(database, files).given_back == (first,)
    assert bring(database, [first]).given_back == (first,)
    path.write_text(path.read_text("utf-8").replace("x.no", "x.nobody"), "utf-8")
    (second,) = bring(database, files).given_back
    assert second.name == "submissions.tu-choi-2.csv"
    second.write_text(second.read_text("utf-8").replace("x.nobody", "x.none"), "utf-8")
    (third,) = bring(database, [second]).given_back
    assert third.name == "submissions.tu-choi-3.csv"
    assert first.read_bytes() == kept
    assert not [file for file in files.iterdir() if file.name.startswith(".")]


def test_rejects_go_where_they_are_told(database: Engine, files: Path, tmp_path: Path) -> None:
    """The folder is made."""
    put(files, "submissions.csv", SUBMISSIONS, GOOD.replace("x.xa", "x.no"))
    report = bring_in(database, files, NOW, give_back=RejectFiles(tmp_path / "a" / "b"))
    assert report.given_back == (tmp_path / "a" / "b" / "submissions.tu-choi.csv",)


def test_rejects_of_a_folder_that_is_not_ours_go_into_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into var/tu-choi; as for the system's own folder of this process, where not even root can put a file."""
    path = put(tmp_path, "submissions.csv", SUBMISSIONS, GOOD.replace("x.xa", "x"))
    monkeypatch.chdir(tmp_path)
    give_back = RejectFiles()
    with (
        opened(path, ImportOptions()) as ((source,), _),
        give_back.beside(Path("/proc/self/submissions.csv")) as back,
    ):
        for line, cells in source.rows():
            reject = source.read(line, cells)
            assert isinstance(reject, Reject)
            back.add(source, cells, reject)
    assert give_back.written == [Path("var/tu-choi/submissions.tu-choi.csv")]
    assert (tmp_path / "var" / "tu-choi" / "submissions.tu-choi.csv").is_file()


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("B1,x.huyen,r,2025-07-01,,2025-07-01T10:00,", "submitted_on", "đơn vị đã kết thúc ngày 30/06/2025"),
        ("B1,x.xa,r,2009-12-31,,2010-07-01T10:00,", "submitted_on", "đơn vị chỉ có từ ngày 01/01/2010"),
        ("B1,x.xa,r,2015-04-18,,2015-04-17T10:00,", "recorded_at", "ghi nhận trước khi việc xảy ra"),
        ("B1,x.xa,r,2026-11-02,,2026-11-02T10:00,", "recorded_at", "được ghi nhận ở thời điểm chưa đến"),
        ("B1,x.xa,r,2026-11-02,,2026-11-01T10:00,", "recorded_at", "ghi nhận trước khi việc xảy ra"),
        ("B1,x.xa,r,18 tháng 4 năm 2015,,2015-04-18T10:00,", "submitted_on", "không phải ngày dạng 2015-04-20"),
        ("B1,x.xa,r,20150418,,2015-04-18T10:00,", "submitted_on", "không phải ngày dạng 2015-04-20"),
        ("B1,x.xa,r,18-04-15,,2015-04-18T10:00,", "submitted_on", "năm phải viết đủ bốn chữ số"),
        ("B1,x.xa,r,2015-04-18,0912345678,2015-04-18T10:00,", "document", "có số điện thoại"),
        (GOOD.replace("12/BC", "13/BC"), "ref", "trùng khóa với một dòng khác"),
    ],
    ids=[
        "unit ended",
        "unit not yet",
        "dated after its recording",
        "dated in the future, and its recording too",
        "dated in the future",
        "a date in words",
        "a date without signs",
        "a year of two digits",
        "phone number",
        "twice with other values",
    ],
)
def test_row_at_fault_is_rejected_alone(database: Engine, files: Path, row: str, column: str, why: str) -> None:
    """With column and reason; the other row is taken, and a phone number is nowhere repeated."""
    good = GOOD if column == "ref" else GOOD.replace("B1", "B9")
    put(files, "submissions.csv", SUBMISSIONS, good, row)
    report = bring(database, files)
    (reject,) = report.rejects
    assert (reject.line, reject.column) == (3, column)
    assert reject.vi.startswith(why)
    assert report.taken["submissions"].added == 1
    assert "0912345678" not in report.given_back[0].read_text("utf-8") + reject.text()


def test_last_day_of_a_unit_is_a_day_of_it(database: Engine, files: Path) -> None:
    """And a period that reaches into its life is one of its periods."""
    put(files, "submissions.csv", SUBMISSIONS, "B1,x.huyen,r,2025-06-30,,2025-07-01T10:00,")
    put(files, "readings.csv", READINGS, "S1,x.huyen,i,2025-01-01,2025-12-31,5,2026-01-05T10:00,")
    assert bring(database, files).rejected == 0


RELATIONS = "unit,other,kind,line,from,until,basis"
CHART = [
    "id,kind,level,from,until",
    *(
        f"x.{name},ubnd,{level},2010-01-01,"
        for name, level in (("h", "district"), ("k", "district"), ("a", "commune"))
    ),
    *(
        f"x.{name},cap-uy,{level},2010-01-01,"
        for name, level in (("p", "commune"), ("q", "commune"), ("s", "commune"), ("r", "district"))
    ),
]
OLD = "x.a,x.p,led_by,,2010-01-01,,"
ENDED = "x.a,x.p,led_by,,2010-01-01,2025-06-30,"
NEW = "x.a,x.q,led_by,,2025-07-01,,"


@pytest.mark.parametrize(
    ("before", "rows", "refused"),
    [
        pytest.param([], [OLD, NEW], {3: "hai quan hệ led_by cùng lúc"}, id="two at a time: the later goes"),
        pytest.param([], [NEW, OLD], {3: "hai quan hệ led_by cùng lúc"}, id="whichever it is"),
        pytest.param([OLD], [NEW], {2: "hai quan hệ led_by cùng lúc"}, id="what stood before stays"),
        pytest.param([OLD], [ENDED, NEW], {}, id="the old one is ended"),
        pytest.param([OLD], [NEW, ENDED], {}, id="in whatever order"),
        pytest.param(
            [ENDED, NEW], [OLD], {2: "hai quan hệ led_by cùng lúc"}, id="nor is its end taken away again"
        ),
        pytest.param(
            [OLD],
            [NEW, NEW.replace("x.q", "x.s"), ENDED],
            {3: "hai quan hệ led_by cùng lúc"},
            id="of two new ones the later goes, and the end of the old one holds",
        ),
        pytest.param(
            [],
            ["x.a,x.h,parent,government,2010-01-01,,", "x.h,x.a,parent,government,2012-01-01,,"],
            {3: "vòng lặp cấp trên (government)"},
            id="a ring: the row that closes it",
        ),
        pytest.param(
            [], ["x.a,x.r,led_by,,2010-01-01,,", OLD], {2: "khác cấp"}, id="a committee of another level"
        ),
    ],
)
def test_a_relation_that_contradicts_the_chart_is_refused_by_its_row(
    database: Engine, tmp_path: Path, before: list[str], rows: list[str], refused: dict[int, str]
) -> None:
    """With column and reason, in a file that imports again; everything else of the import is taken."""
    put(tmp_path / "old", "units.csv", *CHART)
    put(tmp_path / "old", "relations.csv", RELATIONS, *before)
    assert bring(database, tmp_path / "old").rejected == 0
    folder = tmp_path / "new"
    put(folder, "relations.csv", RELATIONS, *rows)
    put(folder, "submissions.csv", SUBMISSIONS, GOOD.replace("x.xa", "x.a"))
    report = bring(database, folder)
    assert {reject.line: reject.column in {"from", "other"} for reject in report.rejects} == dict.fromkeys(
        refused, True
    )
    for reject in report.rejects:
        assert refused[reject.line] in reject.vi
        assert ("until" in reject.vi) is ("khác cấp" not in reject.vi)
    (file, _) = report.files
    assert (file.added + file.corrected, file.rejected) == (len(rows) - len(refused), len(refused))
    assert count(database, "submission") == 1
    assert [path.name for path in report.given_back] == ["relations.tu-choi.csv"] * bool(refused)
    with reading(database) as conn:
        chart(conn, NOW)


def test_rows_of_relations_are_given_back_as_they_stood(database: Engine, files: Path) -> None:
    """And once the other one is ended, the very file imports."""
    put(files, "units.csv", *CHART)
    put(files, "relations.csv", RELATIONS, OLD, NEW)
    (back,) = bring(database, files).given_back
    assert f"\n{NEW},3,from," in back.read_text("utf-8-sig").replace("\r", "")
    put(files, "relations-2.csv", RELATIONS, ENDED)
    again = bring(database, [files / "relations-2.csv", back])
    assert (again.rejected, count(database, "relation")) == (0, 2)


def test_what_no_row_can_mend_still_refuses_everything(database: Engine, files: Path) -> None:
    """A unit that changes its level under the committee that leads it: no row of relations is at fault."""
    put(files, "units.csv", *CHART)
    put(files, "relations.csv", RELATIONS, OLD)
    bring(database, files)
    put(files, "units.csv", CHART[0], "x.a,ubnd,district,2010-01-01,")
    with pytest.raises(ChartRefused, match="khác cấp"):
        bring(database, files / "units.csv")
    with reading(database) as conn:
        assert conn.scalar(select(t.unit.c.level).where(t.unit.c.id == "x.a")) == "commune"


def test_file_with_personal_data_stores_nothing_and_says_nothing(database: Engine, files: Path) -> None:
    """Not even of the other files."""
    put(files, "submissions.csv", f"{SUBMISSIONS},Họ tên trẻ", f"{GOOD},Nguyễn Thị Bịa")
    with pytest.raises(SheetRefused) as refused:
        bring(database, files)
    assert "Bịa" not in str(refused.value)
    assert count(database, "unit") == 0


def test_same_files_twice_change_nothing_and_a_correction_keeps_both(database: Engine, files: Path) -> None:
    """Even when the first version comes again after its correction, in a file of its own."""
    put(files, "submissions-4.csv", SUBMISSIONS, GOOD)
    put(files, "submissions-5.csv", SUBMISSIONS, GOOD.replace("12/BC", "13/BC").replace("-18T", "-20T"))
    taken = bring(database, files).taken["submissions"]
    assert (taken.added, taken.corrected, taken.unchanged) == (1, 1, 0)
    again = bring(database, files)
    assert {(one.added, one.corrected) for one in again.taken.values()} == {(0, 0)}
    assert again.rejected == 0
    assert count(database, "submission") == 2


def test_two_files_cannot_take_turns_in_correcting_the_chart(database: Engine, files: Path) -> None:
    """The second is rejected, or every import would change the unit back and forth."""
    put(files, "units-2.csv", UNITS[0], UNITS[2].replace("ubnd", "so"))
    for _ in range(2):
        report = bring(database, files)
        assert [reject.file for reject in report.rejects] == ["units-2.csv"]
        assert report.taken["units"].corrected == 0


def test_name_that_differs_in_its_tone_mark_only_is_taken_and_flagged(database: Engine, files: Path) -> None:
    """Units are known by their codes; Hòa and Hoà are the same name to a reader."""
    heading = "unit,name,name_en,short,from,until"
    put(
        files, "names.csv", heading, "x.xa,Xã Hòa,Hoa,Hòa,2010-01-01,2014-12-31", "x.xa,Xã Hoà,Hoa,Hoà,2015-01-01,"
    )
    (names,) = (file for file in bring(database, files).files if file.kind == "names")
    assert names.added == 2
    assert [(line, remark.vi) for line, remark in names.remarks] == [(3, "tên chỉ khác «Xã Hòa» ở chỗ đặt dấu")]


def test_how_rows_are_cut_into_batches_changes_nothing(
    database: Engine, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Duplicates, occupied periods and corrections are found across batches as within one."""
    row = "{ref},x.xa,i,2019-0{month}-01,2019-0{month}-28,{value},2019-12-{day:02}T10:00,"
    made = [
        (1, 1, 5, 1),
        (2, 2, 5, 1),
        (1, 1, 5, 1),
        (3, 1, 5, 1),
        (1, 1, 6, 2),
        (4, 3, 5, 1),
        (2, 2, 9, 3),
        (5, 3, 5, 1),
    ]
    lines = [row.format(ref=ref, month=month, value=value, day=day) for ref, month, value, day in made]
    put(files, "readings.csv", READINGS, *lines)
    outcomes = set()
    for size in (1, 2, 3, 100):
        monkeypatch.setattr("dondoc.flows.data.import_run._BATCH", size)
        with database.begin() as conn:
            conn.execute(t.reading.delete())
        report = bring_in(database, files, NOW)
        taken = report.taken["readings"]
        outcomes.add((taken.added, taken.unchanged, tuple(reject.line for reject in report.rejects)))
    assert outcomes == {(3, 1, (5, 6, 8, 9))}


def test_several_kinds_in_one_workbook_and_single_files(database: Engine, files: Path, tmp_path: Path) -> None:
    """In the order in which they build on each other, whatever order they are named in."""
    path = put(tmp_path, "bao-cao.csv", SUBMISSIONS, GOOD)
    workbook(files / "a.xlsx", {"Báo cáo": [SUBMISSIONS.split(","), GOOD.split(",")], "Ghi chú": [["x"]]})
    report = bring(database, files)
    assert [file.kind for file in report.files] == ["units", "submissions"]
    assert report.passed_over == ("a.xlsx [Ghi chú]",)
    assert bring(database, [path], kind="submissions").taken["submissions"].unchanged == 1


def test_folder_without_data_is_said_to_be(database: Engine, tmp_path: Path) -> None:
    """A file of another kind is no data."""
    put(tmp_path, "units.txt", *UNITS)
    with pytest.raises(NothingToImport, match=r"units\.csv, names\.csv"):
        bring(database, tmp_path)


def test_a_folder_of_corrected_rejects_is_imported(database: Engine, tmp_path: Path) -> None:
    """Where nothing else lies in it; beside the files they came from, reject files wait."""
    put(tmp_path, "units.tu-choi.csv", *UNITS)
    assert bring(database, tmp_path).taken["units"].added == 2
    put(tmp_path, "submissions.csv", SUBMISSIONS, GOOD)
    assert [file.kind for file in bring(database, tmp_path).files] == ["submissions"]


def test_declared_encoding_reaches_the_file(database: Engine, files: Path) -> None:
    """Windows-1258 by declaration only."""
    (files / "names.csv").write_bytes(
        "unit,name,name_en,short,from,until\nx.xa,Xã,Xa,Xã,2010-01-01,\n".replace("ã", "a\u0303").encode("cp1258")
    )
    with pytest.raises(SheetRefused, match="--encoding windows-1258"):
        bring(database, files)
    bring(database, files, how=ImportOptions(encoding="windows-1258"))
    with reading(database) as conn:
        assert conn.scalars(select(t.unit_name.c.name)).all() == ["Xã"]


def test_command_says_what_it_did_and_where_the_rest_is(office: Office) -> None:
    """Text for people, JSON for programs; code 1 when rows came back."""
    put(
        office.folder / "in",
        "units.csv",
        "Mã đơn vị;Loại đơn vị;Cấp;Từ ngày",
        "x.xa;ubnd;commune;1/1/2010",
        "x;y;z;1/1/10",
    )
    ran = office.dondoc("import", "in")
    assert ran.code == 1
    assert "units.csv: thêm 1, sửa 0, giữ nguyên 0, từ chối 1 (UTF-8, dấu chấm phẩy; không có cột until" in ran.out
    assert "units.csv:3: id «x»" in ran.err
    assert "in/units.tu-choi.csv: sửa rồi nạp lại chính tệp ấy" in ran.err
    notified = json.loads(office.dondoc("import", "in/units.csv", "--json").out)
    assert (notified["files"][0]["unchanged"], notified["rejected"]) == (1, 1)
    assert notified["given_back"] == ["in/units.tu-choi.csv"]


def test_the_log_names_a_file_by_its_hash(database: Engine, files: Path) -> None:
    """So that what a row says can be held against the file that brought it, and a swapped file is seen."""
    bring_in(database, files, NOW)
    with reading(database) as conn:
        (detail,) = conn.scalars(select(t.event.c.detail).where(t.event.c.kind == "imported"))
    assert json.loads(detail)["sha256"] == hashlib.sha256((files / "units.csv").read_bytes()).hexdigest()


def test_a_dry_run_says_the_same_and_stores_nothing(office: Office) -> None:
    """The counts and the rejects of the import, no row, no event and no reject file; then the import itself."""
    with (office.folder / "examples/submissions.csv").open("a", encoding="utf-8") as file:
        file.write("X-1,ln.ubnd_xa.bao_dai,child-protection,2015-13-01,12/BC,2015-04-20T10:00,\n")
    tried = office.dondoc("import", "examples", "--dry-run")
    assert tried.code == 1
    assert "Chỉ thử: chưa ghi gì." in tried.out
    assert "1 dòng không được nhận; các dòng khác nạp được." in tried.err
    with sqlite3.connect(office.database) as stored:
        assert [stored.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("unit", "event")] == [
            (0,)
        ] * 2
    assert not list(office.folder.rglob("*tu-choi*"))
    done = office.dondoc("import", "examples")
    assert [line for line in tried.out.splitlines() if "thêm" in line] == [
        line for line in done.out.splitlines() if "thêm" in line
    ]


def test_command_knows_which_indicators_are_percentages(office: Office) -> None:
    """From the rules; the count of injured children is none."""
    shutil.rmtree(office.folder / "examples")
    put(office.folder / "in", "units.csv", *UNITS)
    row = "S{0},x.xa,{1},2019-01-01,2019-03-31,{2},2019-04-05T10:00,"
    put(
        office.folder / "in",
        "readings.csv",
        READINGS,
        row.format(1, "child-injuries", "5%"),
        row.format(2, "poor-children-share", "4.49%"),
    )
    ran = office.dondoc("import", "in")
    assert ran.code == 1
    assert "readings.csv:2: value «5%»: chỉ tiêu này không tính bằng %" in ran.err
    with sqlite3.connect(office.database) as conn:
        assert conn.execute("select ref from reading").fetchall() == [("S2",)]


def test_command_knows_every_kind_and_every_way_of_writing() -> None:
    """It keeps lists of its own, so that asking for help loads nothing."""
    assert [kind.value for kind in imports.SheetKind] == [sheet.name for sheet in SHEETS]
    assert [encoding.value for encoding in imports.EncodingOption] == ["utf-8", WINDOWS, *Legacy]
    assert [numbers.value for numbers in imports.NumbersOption] == list(NumberStyle)


def test_wrong_calls_are_said(office: Office) -> None:
    """A kind, an encoding or a file that there is not."""
    assert office.dondoc("import", "examples", "--kind", "people").code == 2
    assert office.dondoc("import", "examples", "--encoding", "tcvn9").code == 2
    ran = office.dondoc("import", "nowhere.csv")
    assert ran.code == 1
    assert "nowhere.csv: không phải một tệp" in ran.err
