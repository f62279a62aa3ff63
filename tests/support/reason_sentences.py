"""Which reason a sentence of `why-not` gives, recognised by its words and not by the code that wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from tests.support.letter_reader import days

# A day, a number, a name: `…` where the units of a line do not share it.
_D = r"(?:\d\d/\d\d/\d{4}|…|chưa rõ)"
_N = r"(?:\d[\d.]*|…|chưa rõ)"
_OF = r"(?:[^:]*: )?"
_SENTENCES: Mapping[str, str] = {
    "told": r"ĐÃ CÓ THƯ: mục .+, thư .+",
    "undone": rf"thư \S+ hết hạn hoặc bị bỏ ngày {_D}, coi như chưa báo; sẽ báo lại",
    "not-alive": rf"cơ quan này chỉ có từ {_D}(?: đến {_D})?(?:; nay là .+|…)?",
    "not-in-force": rf"văn bản (?:có hiệu lực từ {_D}, trước ngày đó|hết hiệu lực ngày {_D}, theo dõi tiếp "
    "đến hết "
    rf"{_D}, sau đó) hệ thống im lặng",
    "not-applied": r"quy tắc nêu tên các đơn vị khác|quy tắc dành cho (?:loại|cấp) «.*», đơn vị này là "
    "(?:cấp )?«.*»"
    r"|đơn vị này không thuộc .+",
    "not-named": r"không bước nào của thang nêu cơ quan này",
    "above-ceiling": r"cơ quan này ở trên cơ quan ban hành văn bản; thang báo dừng ở cơ quan ban hành \(«.+»\)",
    "read-by": r".+ đọc thư thay cơ quan này \(«.+»\)",
    "window-not-whole": rf".+ không nằm trọn trong thời gian văn bản có hiệu lực \(từ {_D}(?: đến {_D})?\) "
    "nên không "
    r"đánh giá",
    "life-not-whole": rf"đơn vị không tồn tại trọn .+ \(chỉ có từ {_D}(?: đến {_D})?\) nên không đánh giá",
    "before-first": rf"{_OF}quy tắc chỉ đánh giá từ năm {_N}",
    "before-set": rf".+ bắt đầu hoặc đến hạn trước ngày (?:đặt mức \({_D}\) nên không đánh giá|{_D}, từ "
    "ngày đó quy "
    r"tắc mới xét)",
    "no-demand": rf"không có hạn nào trong một năm tới|chưa đến hạn: hạn kế tiếp hết ngày {_D}"
    rf"|chưa có hoạt động «.+» nào để bắt đầu tính hạn {_N} ngày",
    "night-not-run": rf"đêm này (?:hệ thống không chạy; việc quá hạn từ {_D} chưa được xét|đã chạy, lúc đó "
    "chưa tính "
    rf"là quá hạn; theo quy tắc và dữ liệu hiện nay thì quá hạn từ {_D}, đêm tới sẽ mở hồ sơ)",
    "unheard": r"chưa thấy, nhưng nguồn dữ liệu (?:của việc này )?đêm đó im lặng quá lâu nên không kết luận",
    "handed-in": rf"đều đã nộp|đã nộp: .* ngày {_D}, ghi nhận ngày {_D}",
    "count-met": rf"đều đã đạt|đã đạt: {_N} lần, cần {_N}",
    "reading-in": r"đã có số liệu của kỳ này",
    "other-periods": r"có .+, quy tắc hỏi theo .+, nên chưa dùng được và chưa xét",
    "excused": rf"{_OF}được miễn trọn kỳ \(.+ cho phép, đến {_D}\), nên không xét",
    "within-limit": rf"{_OF}(?:số liệu đều không (?:vượt|dưới) ngưỡng|[^:]*, không (?:vượt|dưới) ngưỡng .+"
    r"|[^:]*, bằng đúng ngưỡng; bằng ngưỡng chưa phải là (?:vượt|dưới) ngưỡng"
    r"|[^:]*, chưa tăng quá .+% hoặc chưa đến .+)",
    "no-reading": r"chưa có số liệu nào được ghi nhận",
    "too-early-reading": rf"số liệu .+(?:: kỳ bắt đầu trước ngày {_D}, từ ngày đó mới xét"
    rf"| ghi nhận ngày {_D}, trước ngày (?:đặt ngưỡng {_D}|{_D}, từ ngày đó mới xét)), nên không tính",
    "no-base": rf"{_OF}thiếu số liệu của kỳ để so sánh",
    "not-comparable": rf"{_OF}không so sánh được với kỳ trước, vì .+ đã chia cho nhiều đơn vị",
    "run-too-short": rf"{_OF}[^:]*, đã (?:vượt|dưới) ngưỡng {_N} kỳ liền; cần {_N} kỳ",
    "not-derived": rf"chưa đủ để tính: {_N} không đạt trong {_N} đã xét",
    "reminded": rf"đã nhắc đêm {_D}; trong hạn đến hết {_D}, xét từ đêm {_D}",
    "judged-later": rf"(?:còn trong hạn đến hết {_D}; |kỳ này chưa kết thúc, mới ghi nhận {_N} lần, cần {_N}; "
    rf"|đã ghi nhận đủ {_N} lần, cần {_N}; |kỳ này đã hết, còn chờ ghi nhận đến hết {_D}; )?xét từ đêm {_D}",
    "case-closed": rf"hồ sơ đã đóng ngày {_D}: .+(?:; đã báo tin đêm {_D})?",
    "awaiting-heir": r".+ đã kết thúc; chờ người xác nhận nơi kế thừa, trong lúc đó không gửi gì",
    "covered": r".* cũng chưa đạt và đứng thay kỳ này",
    "rolled-up": r"đã gộp trong hồ sơ \S+",
    "waived": rf"đang tạm miễn đến hết {_D}, do .+ cho phép; theo dõi tiếp từ đêm {_D}",
    "acknowledged": rf"đã trả lời ngày {_D} là biết việc này và sẽ xử lý; nếu chưa xong thì báo tiếp từ đêm {_D}",
    "baseline": rf"hồ sơ mở trong đêm nền {_D}: các bước đến bước {_N} coi như đã qua, không báo ai",
    "not-yet": rf"chưa đến lượt: báo từ bước {_N}, đêm {_D}; hồ sơ đang ở bước {_N}|chưa đến lượt: hồ sơ "
    "đang ở bước "
    rf"{_N}(?:; khi tới bước báo cơ quan này cũng không gửi được, vì không tìm được hộp thư nào"
    rf"|; từ đêm {_D} xét .+, không đạt thì kỳ đó đứng thay|, chỉ theo dõi đến hết đêm {_D}, trước "
    rf"khi tới bước "
    rf"báo cơ quan này)|hạn vừa đổi, cơ quan này đã biết hồ sơ nên được báo hạn mới đêm {_D}; hồ sơ đang ở "
    rf"bước {_N}|có điều đơn vị báo cần quyết định hoặc đề nghị giải trình, nên được báo đêm {_D}; hồ sơ đang ở "
    rf"bước {_N}",
    "closed-night": rf"đêm này là ngày nghỉ, không gửi thư; báo vào ngày gửi thư kế tiếp, {_D}",
    "quiet-night": rf"đêm này không gửi thư \(.+\); báo vào ngày gửi thư kế tiếp, {_D}",
    "silent-night": rf"đêm này chạy bù hoặc chạy nền, không gửi thư; báo ngày {_D}",
    "already-told": rf"đã báo đêm {_D} ở bước {_N}, từ đó không có gì mới; (?:lần kế tiếp {_D}|các bước sau "
    "không báo "
    rf"cơ quan này nữa|từ đêm {_D} xét .+, không đạt thì kỳ đó đứng thay)",
    "unreachable": rf"đến lượt ở bước {_N} nhưng không gửi được: không tìm được hộp thư nào, hoặc thư không "
    "lập được",
}


def reason(said: str) -> str:
    """The code of the one reason that a sentence gives; empty where it gives none, or several."""
    found = [code for code, sentence in _SENTENCES.items() if re.fullmatch(sentence, said)]
    return found[0] if len(found) == 1 else ""


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


def span(label: str) -> tuple[date, date] | None:
    """The first and the last day of what a line is about: a month, a quarter, a half, a year, days, a limit."""
    year = re.search(r"\d{4}", label)
    if year is None:
        return None
    month, quarter = re.fullmatch(r"tháng (\d+)/\d{4}", label), re.fullmatch(r"quý (\w+)/\d{4}", label)
    half, whole = re.fullmatch(r"6 tháng (đầu|cuối) năm \d{4}", label), re.fullmatch(r"năm \d{4}", label)
    if month:
        return _months(int(year.group()), int(month.group(1)), 1)
    if quarter:
        return _months(int(year.group()), 3 * _ROMAN[quarter.group(1)] - 2, 3)
    if half:
        return _months(int(year.group()), 1 if half.group(1) == "đầu" else 7, 6)
    if whole:
        return _months(int(year.group()), 1, 12)
    named = days(label)
    return (named[0], named[-1]) if named else None


def _months(year: int, month: int, n: int) -> tuple[date, date]:
    after = date(year + (month + n - 1) // 12, (month + n - 1) % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)
