"""The words of a draft that an office completes and signs: a letter in its own name to the units below it.

It is Vietnamese only, as the papers of offices are. What it asks grows with how often the units were written to
(domain: words for the levels): first to hurry, then that their heads see to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dondoc.engine.domain.model import Text
from dondoc.notifications.digest import Digest, DirectiveLine, Entry
from dondoc.notifications.wording import limits
from dondoc.notifications.wording.names import cited, document, in_full
from dondoc.notifications.wording.numbers import count, day, days

# After so many letters to the units their heads are asked.
_HEADS_FROM = 2

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
NUMBER, PARTY_NUMBER = "Số:            /", "Số            -CV/"
PLACE_AND_DAY = "……………, ngày …… tháng …… năm ………"
TO, ALL_BELOW = "Kính gửi: ", "các đơn vị có tên trong danh sách dưới đây"
HEADS = ("STT", "Đơn vị", "Nội dung", "Hạn", "Quá hạn (ngày làm việc)")
HARDSHIP = "Trường hợp có khó khăn, vướng mắc, đề nghị nêu rõ lý do và thời gian hoàn thành."
RECIPIENTS, AS_ABOVE, KEPT = "Nơi nhận:", "- Như trên;", "- Lưu: ………"
SIGNATURE = "(chức vụ, chữ ký, họ và tên của người ký)"


def mark(digest: Digest) -> str:
    """What stands above every page: that it is a draft, from which data, and what is left to the office."""
    return (
        f"DỰ THẢO – chưa phải văn bản. Soạn tự động từ số liệu ghi nhận đến {digest.cutoff.vi}; số, ngày, "
        "thời hạn mới và người ký do cơ quan điền."
    )


def about(directive: DirectiveLine) -> str:
    """The line below the number: `V/v đôn đốc thực hiện Công văn số 279/UBND-LĐTBXH`."""
    return f"V/v đôn đốc thực hiện {document(directive).vi}"


def fact(directive: DirectiveLine, units: int, until: date) -> str:
    """What is not recorded of how many units, up to which day; the table follows."""
    return (
        f"Thực hiện {cited(directive).vi}, đến hết ngày {day(until)}, {count(units)} đơn vị chưa được ghi nhận "
        "kết quả các việc sau:"
    )


def urged(nights: Sequence[date]) -> str:
    """The days of earlier letters to the units, of which not every unit need have had each."""
    return f"Đã đôn đốc bằng thư ngày {', '.join(one.vi for one in days(tuple(nights)))}."


def request(office: Text, times: int, to: Text | None, via: Text | None) -> str:
    """What the office asks of the units, which were written to so many `times`; the new day is left to it."""
    whom = "các đơn vị nêu trên khẩn trương thực hiện"
    if times >= _HEADS_FROM:
        whom = "người đứng đầu các đơn vị nêu trên chỉ đạo thực hiện"
    where = f"{(to or office).vi} (qua {via.vi})" if via is not None else (to or office).vi
    return f"{office.vi} đề nghị {whom}, gửi kết quả về {where} trước ngày …… tháng …… năm ………."


def contact(office: Text) -> str:
    """Whom the units turn to; the last line, with the mark that ends a paper."""
    return f"Đầu mối liên hệ: {office.vi}./."


def matter(entry: Entry, said: str) -> str:
    """What a row is about, and where the document asks for it."""
    place = f"mục {entry.clause}" if entry.clause[:1].isdigit() else entry.clause
    return f"{said} ({place})" if place else said


def limit(entry: Entry) -> str:
    """`trước ngày 20/04/2015`."""
    return limits.until(entry.limit).vi if entry.limit else ""


def issuer(office: Text) -> str:
    """The office as a paper is headed: in full, in capitals."""
    return in_full(office).vi.upper()


def more(rows: int) -> str:
    """The line that stands for those that the table has no room for."""
    return f"và {count(rows)} dòng khác"
