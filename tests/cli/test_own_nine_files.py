"""A new operator's own nine files: exports of an office, brought in with what the reports and the docs say alone.

The transcript beside this file is what the operator reads. Everything in it is invented.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dondoc.flows.data.import_report import ImportRefused
from dondoc.flows.data.importer import bring_in
from tests.support.cli_office import Office

GOLDEN = Path(__file__).parent / "golden" / "import-own-nine-files.txt"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
UNITS = "STT;Loại đơn vị;Mã đơn vị;Cấp;Từ ngày;Đến hết ngày"
# As spreadsheets of an office save them: own names of files and columns, blank rows, dates of all kinds.
FILES = {
    "danh-sach-don-vi.csv": f"""{UNITS}
1;ubnd;hx.ubnd;district;01/01/2010;
;;;;;
2;ubnd;hx.xa_a;commune;01/01/2010;
3;ubnd;hx.xa_b;xã;01/01/2010;
4;cap-uy;hx.huyen_uy;district;1-1-2010;
 ; ; ; ; ;
""",
    "ten-goi.csv": """Tên đơn vị;Mã đơn vị;Tên ngắn;Tên tiếng Anh;Từ ngày
UBND huyện X;hx.ubnd;H. X;People's Committee of X;01/01/2010
UBND xã A;hx.xa_a;Xã A;People's Committee of A;01/01/2010
UBND xã B;hx.xa_b;Xã B;People's Committee of B;01/01/2010
Huyện ủy X;hx.huyen_uy;HU X;Party Committee of X;40179
""",
    "quan-he.csv": """Mã đơn vị;Mã ĐV bên trên;Loại quan hệ;Tuyến;Từ ngày;Căn cứ
hx.xa_a;hx.ubnd;parent;government;01/01/2010;
hx.xa_b;hx.ubnd;parent;government;01/01/2010;
hx.xa_a;hx.xa_b;parent;government;01/07/2020;
hx.ubnd;hx.huyenuy;led_by;;01/01/2010;
""",
    "email.csv": """Mã đơn vị;Email;Vai trò hộp thư;Ngôn ngữ;Từ ngày
hx.ubnd;ubnd@x.example.vn;working;vi, en;01/01/2010
hx.xa_a;xa-a@x.example.vn;working;vi;01/01/2010
hx.xa_b;xa-b@x.example.vn;;vi;01/01/2010
hx.huyen_uy;hu@x.example.vn;head;vi;01/01/2010
""",
    "sap-nhap.csv": """Mã đơn vị cũ;Mã đơn vị mới;Phạm vi tiếp nhận;Hiệu lực từ ngày;Căn cứ
hx.xa_b;hx.xa_a;all;01/07/2027;NQ 1
""",
    "giao-viec.csv": """Mã nhiệm vụ;Mã đơn vị;Loại nhiệm vụ;Tên nhiệm vụ;Tên nhiệm vụ tiếng Anh;Ngày giao;Hạn;\
Cách tính hạn;Mã đơn vị giao;Thời điểm ghi nhận
NV-1;hx.xa_a;plan;Lập kế hoạch;Draw up the plan;02/11/2026;20/11/2026;trước;hx.ubnd;02/11/2026 08:00
NV-2;hx.xa_b;plan;Lập kế hoạch;Draw up the plan;02/11/2026;20/11/2026;by;hx.ubnd;02/11/2026 08:00
""",
    "bao-cao.csv": """Mã dòng;Mã đơn vị;Loại báo cáo;Ngày gửi;Số văn bản;Thời điểm ghi nhận;Mã nhiệm vụ
BC-1;hx.xa_a;plan;13-11-2026;12/BC-UBND;13/11/2026 10:00;NV-1
BC-2;hx.xa_b;plan;13/11/2026;13/BC-UBND;13/11/2026 10:00;NV-2
""",
    "phat-thanh.csv": """Mã dòng;Mã đơn vị;Loại hoạt động;Ngày thực hiện;Số lượng;Thời điểm ghi nhận;Ghi chú
HD-1;hx.xa_a;broadcast;10/11/2026;1,0;11/11/2026 08:00;
HD-2;hx.xa_a;broadcast;11/11/2026;2;11/11/2026 18:00;
""",
    "so-lieu-quy.csv": """Mã dòng;Mã đơn vị;Mã chỉ tiêu;Ngày đầu kỳ;Ngày cuối kỳ;Số liệu;Thời điểm ghi nhận
SL-1;hx.xa_a;child-injuries;01/07/2026;30/09/2026;3;05/10/2026 09:00
SL-2;hx.xa_b;poor-children-share;01/07/2026;30/09/2026;2,61 %;05/10/2026 09:00
SL-3;hx.ubnd;poor-children-share;01/07/2026;30/09/2026;2,4 %;46300
""",
}
# What the operator changes after the first report, each a line of it; and in the file that the second gives back.
CORRECTED = [
    ("danh-sach-don-vi.csv", "hx.xa_b;xã", "hx.xa_b;commune"),
    ("danh-sach-don-vi.csv", "1-1-2010", "01/01/2010"),
    ("ten-goi.csv", "40179", "01/01/2010"),
    ("quan-he.csv", "Mã ĐV bên trên", "Mã đơn vị bên trên"),
    ("quan-he.csv", "hx.huyenuy", "hx.huyen_uy"),
    ("email.csv", "Email", "Địa chỉ hộp thư"),
    ("email.csv", "vn;;vi", "vn;working;vi"),
    ("giao-viec.csv", "trước", "before"),
    ("bao-cao.csv", "13-11-2026", "13/11/2026"),
    ("phat-thanh.csv", ";Ghi chú", ""),
    ("so-lieu-quy.csv", "46300", "05/10/2026 09:00"),
]
GIVEN_BACK = "quan-he.tu-choi.csv"
SECOND_PARENT = "hx.xa_a;hx.xa_b;parent;government;01/07/2020", "hx.xa_a;hx.huyen_uy;guided_by;;01/07/2020"


def put(folder: Path, files: dict[str, str]) -> Path:
    """The files as Excel saves CSV: with a byte order mark and Windows' ends of lines."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    return folder


@pytest.mark.long
def test_own_nine_files_are_in_after_three_runs(office: Office) -> None:
    """One that says everything that is wrong, one that imports, one for what only the whole chart could show."""
    folder = put(office.folder / "so-lieu", FILES)
    said = []

    def run(*words: str) -> int:
        ran = office.dondoc("import", *words)
        said.append(f"$ dondoc import {' '.join(words)}\n{ran.err}{ran.out}[{ran.code}]\n")
        return ran.code

    assert run("so-lieu") == 1
    for name, old, new in CORRECTED:
        office.spoil(f"so-lieu/{name}", old, new)
    # The column of remarks goes with its heading.
    path = folder / "phat-thanh.csv"
    path.write_text(path.read_text("utf-8").replace("08:00;", "08:00").replace("18:00;", "18:00"), "utf-8")
    assert run("so-lieu") == 1
    office.spoil(f"so-lieu/{GIVEN_BACK}", *SECOND_PARENT)
    assert run(f"so-lieu/{GIVEN_BACK}") == 0
    assert "\n".join(said) == GOLDEN.read_text("utf-8")
    with sqlite3.connect(office.database) as conn:
        stored = [
            conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("unit", "unit_name", "relation", "mailbox", "succession", "assignment", "submission")
        ]
    assert stored == [4, 4, 4, 4, 1, 2, 2]


def tried(database: Engine, folder: Path) -> ImportRefused:
    """The refusal of a folder."""
    with pytest.raises(ImportRefused) as refused:
        bring_in(database, folder, NOW)
    return refused.value


def test_everything_that_is_wrong_is_said_at_once(database: Engine, tmp_path: Path) -> None:
    """Each refused file with all of its headings, and rows of every file, those of refused ones as well."""
    folder = put(tmp_path / "in", FILES)
    refused = tried(database, folder)
    assert [one.file for one in refused.refusals] == ["email.csv", "phat-thanh.csv", "quan-he.csv"]
    assert {(one.file, one.line) for one in refused.rejects} == {
        ("danh-sach-don-vi.csv", 5),
        ("danh-sach-don-vi.csv", 6),
        ("ten-goi.csv", 5),
        ("quan-he.csv", 5),
        ("email.csv", 4),
        ("giao-viec.csv", 2),
        ("bao-cao.csv", 2),
        ("so-lieu-quy.csv", 4),
    }


def test_all_faults_of_a_row_and_of_a_heading_are_said(database: Engine, tmp_path: Path) -> None:
    """So that a second run finds no more in the same place."""
    folder = put(
        tmp_path / "in",
        {
            "a.csv": "Mã đơn vị;Loại đơn vị;Cap hanh chinh;Màu;Đến hết ngày;Từ ngày\nx.a;U B;xa;1;2;1-1-2010\n",
            "b.csv": "Mã đơn vị,Tên đơn vị,Tên ngắn,Tên tiếng Anh,Từ ngày\nx.b,,,A,2010\n",
        },
    )
    refused = tried(database, folder)
    (heading,) = refused.refusals
    assert [word in heading.why.vi for word in ("«Cap hanh chinh»", "«Màu»", "thiếu cột level")] == [True] * 3
    found = [(one.file, one.column) for one in refused.rejects]
    assert found == [
        *(("a.csv", column) for column in ("kind", "from", "until")),
        *(("b.csv", column) for column in ("name", "short", "from", "unit")),
    ]


def test_a_row_is_not_blamed_for_the_row_that_it_lacks(database: Engine, tmp_path: Path) -> None:
    """It comes back beside the rejected unit or task, counted and not listed."""
    files = {name: FILES[name] for name in ("danh-sach-don-vi.csv", "ten-goi.csv", "giao-viec.csv", "bao-cao.csv")}
    report = bring_in(database, put(tmp_path / "in", files), NOW)
    assert {(one.file, one.line) for one in report.rejects} == {
        ("danh-sach-don-vi.csv", 5),
        ("danh-sach-don-vi.csv", 6),
        ("ten-goi.csv", 5),
        ("giao-viec.csv", 2),
        ("bao-cao.csv", 2),
    }
    assert [(file.name, file.rejected, file.held_up) for file in report.files] == [
        ("danh-sach-don-vi.csv", 2, 0),
        ("ten-goi.csv", 2, 1),
        ("giao-viec.csv", 2, 1),
        ("bao-cao.csv", 2, 1),
    ]


def test_a_heading_of_a_person_is_still_refused_unread(database: Engine, tmp_path: Path) -> None:
    """Only an office's address may have another name, and only in the sheet of mailboxes."""
    mailboxes = FILES["email.csv"].replace("Ngôn ngữ", "Họ và tên").replace("vi, en", "Nguyễn Văn Bịa")
    folder = put(
        tmp_path / "in", {"a.csv": mailboxes, "b.csv": FILES["bao-cao.csv"].replace("Số văn bản", "Email")}
    )
    refused = tried(database, folder)
    assert [one.why.vi.partition("(")[0] for one in refused.refusals] == ["có cột dữ liệu cá nhân "] * 2
    assert refused.rejects == ()
    assert "Bịa" not in str(refused)
