"""The words of the attached list: its title, and the heads of its columns."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.notifications.digest import Digest
from dondoc.notifications.wording.numbers import day, number

# The name of the one sheet.
SHEET = "Danh sách"

SECTION = Text("Mục", "Section")
CASE = Text("Mã hồ sơ", "Case")
MATTER = Text("Nội dung", "Matter")
UNIT = Text("Đơn vị", "Unit")
BASIS = Text("Căn cứ", "Basis")
LIMIT = Text("Hạn", "Due")
LAST_DAY = Text("Ngày cuối trong hạn", "Last day in time")
WORKDAYS_LATE = Text("Quá hạn (ngày làm việc)", "Overdue (working days)")
DAYS_LATE = Text("Quá hạn (ngày)", "Overdue (days)")
FIGURE = Text("Số liệu", "Figure")
LEVEL = Text("Mức đặt ra", "Level set")
MEASURED_IN = Text("Đơn vị tính", "Measured in")
TOLD_SINCE = Text("Đã nêu từ thư ngày", "Told since the letter of")
NEXT_ON = Text("Ngày của bước tiếp theo", "Day of the next step")
NEXT = Text("Bước tiếp theo", "Next step")


def title(digest: Digest, rows: int, most: int) -> Text:
    """Of which letter the list is, for whom, and as of when; `rows` in all, of which it has at most `most`."""
    readers = Text.join("; ", (digest.reader, *digest.shared_with))
    vi, en = "{n} dòng", "{n} rows"
    if rows > most:
        vi, en = "{most} dòng đầu của danh sách {n} dòng", "the first {most} of {n} rows"
    held = Text.format(vi, en, n=number(rows), most=number(most))
    return Text.format(
        "Danh sách kèm theo thư ngày {night} gửi {readers}: {held}, ghi nhận đến {cutoff}",
        "List attached to the letter of {night} to {readers}: {held}, as recorded up to {cutoff}",
        night=day(digest.night),
        readers=readers,
        held=held,
        cutoff=digest.cutoff,
    )
