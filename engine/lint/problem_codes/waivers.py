"""Codes of waivers that waive nothing."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

WAIVERS = (
    Code(
        "waiver-past",
        Text(
            "Thời gian tạm miễn đã hết. Giữ lại trong tệp cho đến khi các hồ sơ đóng: các ngày đã tạm miễn không "
            "tính vào bước đôn đốc, xóa đi thì các ngày đó được tính lại ngay.",
            "The waiver is over. Keep it in the file until its cases are closed: its days do not count towards "
            "any step, and would count at once if it were deleted.",
        ),
        note=True,
    ),
    Code(
        "waiver-without-demand",
        Text(
            "Trong những ngày này văn bản không có hiệu lực, hoặc việc chưa đến hạn, nên không có gì để tạm miễn. "
            "Xem lại «from» và «until».",
            "On these days the directive is not in force, or nothing is due yet, so there is nothing to waive. "
            "Check 'from' and 'until'.",
        ),
        note=True,
    ),
    Code(
        "waiver-of-nobody",
        Text(
            "Đơn vị này không phải thực hiện quy tắc, nên tạm miễn không có tác dụng. Xem lại mã đơn vị.",
            "The rule does not bind the unit, so the waiver has no effect. Check the unit's id.",
        ),
        note=True,
    ),
)
