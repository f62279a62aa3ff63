"""Nothing that points at a person comes in, and nothing of it is repeated. Names and numbers here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.headings import HEADINGS
from dondoc.engine.sources.reading.kinds import SHEETS, AcceptedRow, Reject
from dondoc.engine.sources.reading.personal_data import identifier, person, personal_heading
from dondoc.engine.sources.reading.sheets import read

SUBMISSIONS = next(sheet for sheet in SHEETS if sheet.name == "submissions")
CANARY = "Nguyễn Thị Bịa"
OWN = ",".join(SUBMISSIONS.columns)
ROW = "B1,u.a,child-protection,2015-04-18,12/BC-UBND,2015-04-18T10:00,"


@pytest.mark.parametrize(
    "heading",
    [
        *("Họ và tên trẻ", "họ tên", "HỌ TÊN TRẺ EM", "Tên trẻ", "tên cha/mẹ", "Cha", "Người giám hộ", "Tuổi"),
        *("Ngày sinh", "năm sinh", "Ngày, tháng, năm sinh", "Địa chỉ", "Nơi ở hiện nay", "Hộ khẩu thường trú"),
        *("Số CCCD", "CMND", "Số định danh cá nhân", "Điện thoại", "SĐT phụ huynh", "E-mail", "Dân tộc", "Lớp"),
        *("Hoàn cảnh", "Nội dung vụ việc", "Child name", "child's name", "full_name", "Date of birth", "DOB"),
        *("Age", "Home address", "Phone number", "ID number", "Mother", "guardian name", "case notes", "School"),
    ],
)
def test_column_of_personal_data_refuses_the_whole_file(tmp_path: Path, heading: str) -> None:
    """The reason is given, no cell is."""
    path = tmp_path / "submissions.csv"
    path.write_text(f'{OWN},"{heading}"\n{ROW},{CANARY}\n', "utf-8")
    with pytest.raises(SheetRefused, match="dữ liệu cá nhân") as refused:
        list(read(path, SUBMISSIONS))
    assert CANARY not in str(refused.value)
    assert "personal data" in refused.value.why.en


def test_file_without_a_heading_is_refused_without_being_repeated(tmp_path: Path) -> None:
    """Its first line may be anybody's."""
    path = tmp_path / "submissions.csv"
    path.write_text(f"{CANARY},001203004567,2012-05-04\n", "utf-8")
    with pytest.raises(SheetRefused) as refused:
        list(read(path, SUBMISSIONS))
    assert CANARY not in str(refused.value)
    assert "001203004567" not in str(refused.value)


def test_no_heading_of_ours_is_taken_for_a_persons(tmp_path: Path) -> None:
    """Only an office's mailbox has an address, and only a unit a name: those columns are ours."""
    suspected = {
        (kind, heading.name)
        for kind, headings in HEADINGS.items()
        for heading in headings
        for title in (heading.vi, heading.en)
        if personal_heading(title)
    }
    assert suspected <= {("mailboxes", "address"), ("names", "name")}


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("001203004567", "số căn cước công dân"),
        ("CCCD 038 203 004 567 của", "số căn cước công dân"),
        ("０01203004567", "số căn cước công dân"),
        ("gọi 0912345678", "số điện thoại"),
        ("0912 345 678", "số điện thoại"),
        ("+84 912 345 678", "số điện thoại"),
        ("024.3825.1234", "số điện thoại"),
        ("viết cho ai.do@example.vn", "địa chỉ thư điện tử"),
    ],
)
def test_identifier_in_a_text_refuses_its_row_and_is_not_repeated(tmp_path: Path, cell: str, what: str) -> None:
    """The rows around it are taken."""
    path = tmp_path / "submissions.csv"
    bad = f"B2,u.a,child-protection,2015-04-18,{cell},2015-04-18T10:00,"
    path.write_text(f"{OWN}\n{ROW}\n{bad}\n{ROW.replace('B1', 'B3')}\n", "utf-8")
    first, reject, last = read(path, SUBMISSIONS)
    assert isinstance(first, AcceptedRow)
    assert isinstance(last, AcceptedRow)
    assert isinstance(reject, Reject)
    assert reject.vi == f"có {what}: không nhận dữ liệu cá nhân"
    assert cell not in reject.text()


def test_identifier_in_any_other_cell_is_not_repeated_either(tmp_path: Path) -> None:
    """A number in the column of units is refused because it is no unit, and is not shown."""
    path = tmp_path / "submissions.csv"
    path.write_text(f"{OWN}\n{ROW.replace('u.a', '001203004567')}\n", "utf-8")
    (reject,) = read(path, SUBMISSIONS)
    assert isinstance(reject, Reject)
    assert reject.value == "…"


@pytest.mark.parametrize(
    "cell",
    [
        *("12/BC-UBND", "1179-CV/HU ngày 26/6/2019", "LN15-1-03-20190720", "Báo cáo 05-20190401", "202/2025/QH15"),
        *("SL-2019.04.05-003", "HD-001", "201904011200", "999999999.9999999", "u.xa-1-r-2019-03-05-2019-03-05T10"),
    ],
)
def test_numbers_of_documents_and_rows_are_no_identifiers(cell: str) -> None:
    """Running numbers, dates and numbers of documents pass."""
    assert identifier(cell) is None


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Thăm cháu Nguyễn Văn Bịa",
            "Hỗ trợ em Lan bị bạo hành",
            "NGUYỄN THỊ BỊA nhận quà",
            "Hà Thị Bịa xâm hại",
        ),
        *("Báo cáo về Lê Hoàng Bịa", "Case of Nguyen Thi B", "12/NguyenVanA", "Trao quà cho bà Bịa"),
    ],
)
def test_a_title_that_names_a_person_refuses_its_row_and_is_not_repeated(tmp_path: Path, title: str) -> None:
    """Letters print a task's title as it is, to offices up to the province."""
    tasks = next(sheet for sheet in SHEETS if sheet.name == "tasks")
    path = tmp_path / "tasks.csv"
    row = "T1,u.a,report,{},A task,2026-01-05,2026-02-01,by,,,,2026-01-05T10:00"
    path.write_text("\n".join([",".join(tasks.columns), row.format(title), row.format("Nộp báo cáo")]), "utf-8")
    refused, taken = read(path, tasks)
    assert isinstance(refused, Reject)
    assert (refused.column, refused.value) == ("title", "")
    assert refused.vi == "hình như có tên người: thư in nguyên văn ô này, chỉ ghi tên việc"
    assert title not in refused.text()
    assert isinstance(taken, AcceptedRow)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Hỗ trợ trẻ em Việt Nam",
            "Bảo vệ trẻ em Lục Nam",
            "Báo cáo của huyện Trần Văn Thời",
            "Đỗ xe trong trường",
        ),
        *("Đoàn TNCS Hồ Chí Minh", "Đoàn Thanh Niên Cộng Sản", "Học tập tư tưởng Hồ Chí Minh", "Hà Nội Mới"),
        *("Rà soát tại Trường THCS Lê Quý Đôn", "Do The Report", "Sở Lao động – Thương binh và Xã hội"),
    ],
)
def test_a_title_that_names_places_and_offices_is_taken(title: str) -> None:
    """Many are named after persons."""
    assert person(title) is None
