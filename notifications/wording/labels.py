"""The fixed words: titles of sections, labels of rows, the four counts, the footer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Direction, DirectiveLine
from dondoc.notifications.wording.names import cited, document, documents
from dondoc.notifications.wording.numbers import capital, count, counted, day, listed, part_of, weekday

SECTIONS = {
    Section.NEW: Text("MỚI", "NEW"),
    Section.WORSE: Text("NẶNG THÊM", "WORSE"),
    Section.STILL: Text("CÒN TỒN", "STILL OPEN"),
    Section.RESOLVED: Text("ĐÃ XONG", "RESOLVED"),
    Section.ENDING: Text("SẮP HẾT HẠN", "ENDING SOON"),
}
BY_UNIT = Text("TỔNG HỢP THEO ĐƠN VỊ", "BY UNIT")
NONE_HERE = Text("không có", "none")

BRAND = Text("Đôn Đốc", "Đôn Đốc")
TAGLINE = Text("Thư tự động theo dõi nhiệm vụ", "Automatic letter on tasks followed up")
DEAR = Text("Kính gửi", "To")
BASIS = Text("Căn cứ", "Basis")
UNIT = Text("Đơn vị", "Unit")
PARTS = Text("Gồm", "They are")
LIMIT = Text("Hạn", "Due")
PERIOD = Text("Kỳ số liệu", "Period of the figure")
WAIVED = Text("Tạm miễn", "Waived")
BECAUSE = Text("Vì sao có thư này", "Because")
FOLLOWED_UP = Text("Đã đôn đốc", "Followed up")
NEXT = Text("Bước tiếp theo", "Next step")
CASE = Text("Mã hồ sơ", "Case")

FOUR_WAYS = (
    Text("Hoàn thành đúng hạn", "Done on time"),
    Text("Hoàn thành quá hạn", "Done late"),
    Text("Chưa hoàn thành trong hạn", "Open, in time"),
    Text("Chưa hoàn thành quá hạn", "Open, overdue"),
)
DONE, OPEN = Text("Hoàn thành", "Done"), Text("Chưa hoàn thành", "Open")
COLUMNS = (
    Text("đúng hạn", "on time"),
    Text("quá hạn", "late"),
    Text("trong hạn", "in time"),
    Text("quá hạn", "overdue"),
)
LONGEST, TOTAL = Text("Lâu nhất", "Longest"), Text("Tổng", "Total")


def night(when: date) -> Text:
    """`Thứ Bảy, 25/04/2015`, as it stands in the letter's head."""
    said = weekday(when)
    return Text(capital(said.vi), said.en)


def makeup(when: date | None) -> Text:
    """The line under a make-up day; empty on any other."""
    if when is None:
        return Text("", "")
    return Text(f"ngày làm bù cho {when:%d/%m}", f"make-up working day for {when:%d/%m}")


def items(n: int) -> Text:
    """`05 việc`."""
    return counted(n, "việc", "task")


def more(n: int) -> Text:
    """The line that stands for the rows a letter has no room for."""
    return Text(f"và {count(n)} việc khác trong tệp kèm theo", f"and {n} more in the attached file")


def first_time(name: Text) -> Text:
    """Under the title of what a superior hears for the first time."""
    return Text(f"Lần đầu báo cáo tới {name.vi}", f"First report to {name.en}")


def forwarded(office: Text, through: Text) -> Text:
    """Why the letter of an office without a mailbox came to the body above it."""
    return Text(
        f"Thư gửi qua {through.vi} vì {office.vi} chưa có hộp thư nhận; kính đề nghị {through.vi} chuyển giúp.",
        f"{office.en} has no mailbox; sent through {through.en}, which is respectfully asked to pass it on.",
    )


def counts_caption(digest: Digest, until: date) -> Text:
    """What the four counts count."""
    n, papers = items(digest.counts.total), documents(digest.directives)
    if digest.units_counted > 1:
        units, word = count(digest.units_counted), digest.unit_word
        whose = Text(f" của {units} {word.vi}", f" of {digest.units_counted} {word.en}")
    elif digest.direction is Direction.OWN:
        whose = Text(f" của {digest.reader.vi}", f" of {digest.reader.en}")
    else:
        whose = Text("", "")
    return Text(
        f"{n.vi}{whose.vi} theo {papers.vi}, tính đến hết ngày {day(until)}",
        f"{n.en}{whose.en} under {papers.en}, up to the end of {day(until)}",
    )


def by_unit_caption(late: int, units: int) -> Text:
    """What the table by unit shows."""
    said = part_of(late, units)
    return Text(
        f"Số việc theo bốn trạng thái, xếp theo số việc quá hạn; {said.vi} đơn vị còn việc quá hạn. "
        "Cột cuối: việc quá hạn lâu nhất, tính bằng ngày làm việc.",
        f"Tasks in the four states, by how many are overdue; {said.en} units have overdue tasks. "
        "Last column: the longest overdue, in working days.",
    )


def other_units(n: int) -> Text:
    """The row that sums up the units without a row of their own."""
    return Text(f"{count(n)} đơn vị còn lại", f"{n} other units")


def none_late(names: Sequence[str]) -> Text:
    """The units that have nothing overdue, by name."""
    n = counted(len(names), "đơn vị", "unit")
    return Text(
        f"{n.vi} không có việc quá hạn: {', '.join(names)}.", f"{n.en} with nothing overdue: {', '.join(names)}."
    )


def tracked(digest: Digest) -> Text | None:
    """How much of the first directive is followed and not judged; None when there is nothing of it."""
    if not digest.tracked or not digest.directives:
        return None
    share, paper = part_of(digest.tracked, digest.obligations), document(digest.directives[0])
    return Text(
        f"Ngoài các việc trên, {share.vi} nội dung của {paper.vi} được theo dõi nhưng chưa đánh giá, "
        "vì văn bản chưa nêu thời hạn hoặc số lượng.",
        f"Besides, {share.en} obligations of {paper.en} are followed and not judged, "
        "because the text states no limit or number.",
    )


AUTOMATIC = Text(
    "Thư tự động của hệ thống theo dõi nhiệm vụ Đôn Đốc. Thư không phải văn bản hành chính và không thay thế "
    "văn bản hành chính.",
    "An automatic letter of Đôn Đốc, which follows up tasks. It is not and does not replace an official document.",
)
ATTACHED = Text("Tệp kèm theo", "Attached")
WHY_OFFICE = Text("Vì sao quý cơ quan nhận thư này", "Why you receive this letter")
WHY_UNIT = Text("Vì sao quý đơn vị nhận thư này", "Why you receive this letter")
DESK = Text("Đầu mối trả lời", "Answers to")
HOTLINE = Text(
    "Tổng đài điện thoại quốc gia bảo vệ trẻ em: 111 (miễn phí, 24/7).",
    "National child protection hotline: 111 (free, day and night).",
)


def instant(when: datetime) -> Text:
    """`02 giờ 00 ngày 07/05/2015`, in the zone that `when` is given in."""
    return Text(f"{when:%H} giờ {when:%M} ngày {when:%d/%m/%Y}", f"{when:%H:%M} on {when:%d/%m/%Y}")


def data_as_of(cutoff: Text) -> Text:
    """Up to when the letter knows, and what it leaves out; `cutoff` is ready to print."""
    return Text(
        f"Số liệu ghi nhận đến {cutoff.vi}. Thư chỉ nêu số liệu tổng hợp, không nêu thông tin cá nhân của trẻ em.",
        f"Data as recorded up to {cutoff.en}. The letter gives totals only and no child's personal information.",
    )


def attached(rows: int) -> Text:
    """What the attached file holds."""
    return Text(f"danh sách đầy đủ (CSV, {count(rows)} dòng).", f"the full list (CSV, {rows} rows).")


_ROLES = {
    "responsible": Text("đơn vị thực hiện", "the responsible unit"),
    "monitor": Text("cơ quan theo dõi", "the office that follows up"),
    "issuer": Text("cơ quan ban hành văn bản", "the issuer of the document"),
    "superior.government": Text("cấp trên của đơn vị thực hiện", "the superior of the responsible unit"),
    "superior.party": Text("cấp ủy cấp trên", "the superior party committee"),
    "led_by": Text("cấp ủy lãnh đạo đơn vị thực hiện", "the committee that leads the responsible unit"),
}


def role(digest: Digest, relations: Iterable[str]) -> Text:
    """Why this office is written to: its parts, and the documents."""
    parts = {word for relation in relations for key, word in _ROLES.items() if relation.startswith(key)}
    known = [word for word in _ROLES.values() if word in parts] or [_ROLES["monitor"]]
    papers = _papers(digest.directives)
    as_vi, as_en = listed([word.vi for word in known], " và "), listed([word.en for word in known], " and ")
    return Text(
        f"{digest.reader.vi} là {as_vi} theo {papers.vi}.",
        f"{digest.reader.en} is {as_en} under {papers.en}.",
    )


def _papers(directives: Sequence[DirectiveLine]) -> Text:
    if not directives:
        return Text("các văn bản nêu trên", "the documents above")
    named = [cited(directive) for directive in directives]
    return Text("; ".join(one.vi for one in named), "; ".join(one.en for one in named))
