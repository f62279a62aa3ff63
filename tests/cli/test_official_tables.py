"""Official tables: a title above the heading, numbers of the columns, sums and signatures are no data."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from dondoc.flows.data.importer import bring_in
from tests.cli.test_sources import NOW
from tests.cli.test_sources import here as here  # noqa: PLC0414 - a fixture
from tests.cli.test_sources import town as town  # noqa: PLC0414 - a fixture

UNIT = "ln.ubnd_xa.bao_dai"
TABLE = f"""ỦY BAN NHÂN DÂN HUYỆN LỤC NAM;;;;;;
;;;;;;
BẢNG TỔNG HỢP HOẠT ĐỘNG TRUYỀN THÔNG;;;;;;
TT;Mã dòng;Mã đơn vị;Loại hoạt động;Ngày thực hiện;Số lượng;Thời điểm ghi nhận
(1);(2);(3);(4);(5);(6);(7)
1;A1;{UNIT};broadcast;2015-04-18;3;2015-04-18T10:00
2;A2;{UNIT};broadcast;2015-04-19;4;2015-04-19T10:00
;Tổng cộng;;;;7;
;;;;Lục Nam, ngày 20 tháng 4 năm 2015;;
;Người lập biểu;;;Thủ trưởng đơn vị;;
"""


@pytest.mark.parametrize("above", ["", "sep=;\n"])
def test_an_official_table_is_read_as_it_is(town: Engine, above: str) -> None:
    """Its two rows are taken, nothing is rejected, and the rows passed over are counted."""
    Path("activities.csv").write_text(above + TABLE, "utf-8-sig")
    report = bring_in(town, Path("activities.csv"), NOW)
    assert (report.taken["activities"].added, report.rejected) == (2, 0)
    said = "; ".join(note.vi for note in report.files[0].notes)
    assert f"bỏ qua {6 + bool(above)} dòng không phải dữ liệu" in said


def test_a_row_with_a_ref_is_data_whatever_it_says(town: Engine) -> None:
    """Nothing with a ref is passed over; what is wrong in it is said."""
    row = f"A1,{UNIT},broadcast,ngày 18 tháng 4 năm 2015,3,2015-04-18T10:00"
    Path("activities.csv").write_text(f"ref,unit,activity,done_on,quantity,recorded_at\n{row}\n", "utf-8")
    assert bring_in(town, Path("activities.csv"), NOW).rejected == 1
