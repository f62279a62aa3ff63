"""Codes of the calendar file."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

DAYS = (
    Code(
        "covers-too-long",
        Text(
            "Lịch dài quá 40 năm, thường do gõ nhầm năm.",
            "The calendar is longer than 40 years; usually a mistyped year.",
        ),
    ),
    Code(
        "outside-covers",
        Text(
            "Ngày này nằm ngoài khoảng «covers» của lịch. Sửa ngày, hoặc kéo dài «covers».",
            "The day lies outside the calendar's 'covers'. Correct the day or widen 'covers'.",
        ),
    ),
    Code(
        "closed-too-long",
        Text(
            "Một đợt nghỉ dài quá 31 ngày. Xem lại ngày cuối.",
            "One closed span is longer than 31 days. Check its last day.",
        ),
    ),
    Code(
        "closed-and-worked",
        Text(
            "Một ngày vừa ghi là nghỉ vừa ghi là làm bù. Bỏ một trong hai.",
            "A day is both closed and worked. Delete one of the two.",
        ),
    ),
    Code(
        "not-made-up",
        Text(
            "Ngày ghi ở «made_up» không phải ngày làm bù trong lịch. Ghi ngày đó ở «worked», hoặc sửa ngày.",
            "The day in 'made_up' is not a make-up day of the calendar. Put it in 'worked', or correct the day.",
        ),
    ),
    Code(
        "not-closed",
        Text(
            "Ngày được làm bù («for») không phải ngày nghỉ trong lịch, nên không có gì để bù. Sửa ngày, hoặc "
            "ghi ngày nghỉ ở «closed».",
            "The day made up 'for' is not closed in the calendar, so there is nothing to make up. Correct the "
            "day, or list it in 'closed'.",
        ),
    ),
    Code(
        "dates-not-rising",
        Text(
            "Các ngày của một ngày lễ phải ghi từ sớm đến muộn, mỗi ngày một lần.",
            "Write the dates of an occasion from early to late, each once.",
        ),
    ),
)
