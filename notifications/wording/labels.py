"""The fixed words: titles of sections, labels of rows, the four counts, the footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, DirectiveLine, Entry
from dondoc.notifications.wording.names import cited, document, documents, units
from dondoc.notifications.wording.numbers import capital, counted, day, listed, number, part_of, weekday

SECTIONS = {
    Section.NEW: Text("MỚI", "NEW"),
    Section.WORSE: Text("NẶNG THÊM", "WORSE"),
    Section.STILL: Text("CÒN TỒN", "STILL OPEN"),
    Section.RESOLVED: Text("ĐÃ XONG", "RESOLVED"),
    Section.ENDING: Text("SẮP HẾT HẠN", "ENDING SOON"),
}
# Of rows that closed without anything done, because their directive has ended.
LAPSED = Text("THÔI THEO DÕI", "NO LONGER FOLLOWED UP")
RESOLVED_OR_LAPSED = Text("ĐÃ XONG HOẶC THÔI THEO DÕI", "RESOLVED OR NO LONGER FOLLOWED UP")
BY_UNIT = Text("TỔNG HỢP THEO ĐƠN VỊ", "BY UNIT")
# The kinds of period by which figures and reports come.
PERIODS = {
    PeriodKind.CALENDAR_MONTH: Text("tháng", "month"),
    PeriodKind.CALENDAR_QUARTER: Text("quý", "quarter"),
    PeriodKind.CALENDAR_HALF: Text("nửa năm", "half-year"),
    PeriodKind.CALENDAR_YEAR: Text("năm", "year"),
    PeriodKind.REPORTING_MONTH: Text("tháng báo cáo (từ ngày 15)", "reporting month"),
    PeriodKind.REPORTING_QUARTER: Text("quý báo cáo (từ ngày 15)", "reporting quarter"),
    PeriodKind.REPORTING_HALF: Text("nửa năm báo cáo (từ ngày 15)", "reporting half-year"),
    PeriodKind.REPORTING_YEAR: Text("năm báo cáo (từ ngày 15)", "reporting year"),
    PeriodKind.READING: Text("khoảng ngày khác", "other spans of days"),
}
NONE_HERE = Text("không có", "none")

BRAND = Text("Đôn Đốc", "Đôn Đốc")
TAGLINE = Text("Thư tự động theo dõi nhiệm vụ", "Automatic letter on tasks followed up")
# Above the part that tells the letter for a second time.
IN_SHORT = Text("Nội dung trên, nói ngắn", "The letter above, in short")
DEAR = Text("Kính gửi", "To")
BASIS = Text("Căn cứ", "Basis")
UNIT = Text("Đơn vị", "Unit")
PARTS = Text("Gồm", "They are")
LIMIT = Text("Hạn", "Due")
PERIOD = Text("Kỳ số liệu", "Period of the figure")
WAIVED = Text("Tạm dừng nhắc", "Paused")
QUIET = Text("Không gửi thư", "No letters")
ANSWERED = Text("Đã trả lời", "Answered")
STANDING = Text("Tình trạng", "Standing")
EXPLANATION = Text("Giải trình", "Explanation")
FOR = Text("Gửi tới", "For")
TAKEN_BACK = Text("Rút nội dung đã gửi", "Taken back")
BECAUSE = Text("Vì sao có thư này", "Because")
FOLLOWED_UP = Text("Đã đôn đốc", "Followed up")
NEXT = Text("Bước tiếp theo", "Next step")
CASE = Text("Mã hồ sơ", "Case")
ANSWER = Text("Trả lời", "Answer")
ANSWER_HERE = Text("Trả lời việc này", "Answer this task")
WHO_HAS_THE_LINK = Text(
    "Liên kết trả lời là của riêng cơ quan nhận thư này: ai mở được thì trả lời thay được, nên không chuyển tiếp.",
    "The links for answers are this office's own: whoever has one can answer for it, so do not pass them on.",
)
BY_MAIL = Text(
    "«Trả lời» mở một thư đã ghi sẵn mã hồ sơ; chỉ cần viết thêm một câu, thí dụ «đã gửi 12/BC-UBND ngày 18/4» "
    "hoặc «xin gia hạn đến 30/5 vì mưa lũ», và gửi từ hộp thư của cơ quan.",
    "'Answer' begins a mail with the code of the case: add one sentence, for example 'sent 12/BC-UBND on 18/4' or "
    "'we request an extension to 30/5 because of the flood', and send it from your office's mailbox.",
)
# What follows the address of a page so that it opens in the language of a part.
PAGE_IN = {"vi": "", "en": "?lang=en"}

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
TOGETHER = Text(
    "Việc do nhiều đơn vị cùng thực hiện được tính ở dòng của mỗi đơn vị và tính một lần trong tổng.",
    "A task that several units carry together counts in the line of each, and once in the total.",
)
LONGEST, TOTAL = Text("Lâu nhất", "Longest"), Text("Tổng", "Total")


def night(when: date) -> Text:
    """`Thứ Bảy, 25/04/2015`, for the head of the letter."""
    said = weekday(when)
    return Text(capital(said.vi), said.en)


def makeup(when: date | None) -> Text:
    """The line under a make-up day; empty on any other."""
    if when is None:
        return NO_TEXT
    return Text(f"làm bù cho {when:%d/%m}", f"make-up working day for {when:%d/%m}")


def worked_for(when: date | None) -> Text:
    """The same as a sentence."""
    if when is None:
        return NO_TEXT
    return Text(f"Hôm nay làm bù cho {when:%d/%m}.", f"Today is worked for {when:%d/%m}.")


def items(n: int) -> Text:
    """`05 việc`."""
    return counted(n, "việc", "task")


def answer_of(code: str, unit: str, reader: Text | None) -> Text:
    """`Bảo Đài (LN15-0001)`, with the office that answers where a mailbox has several: what a link is called."""
    said = Text.format("{unit} ({code})", unit=unit, code=code) if unit else Text(code, code)
    return said if reader is None else Text.format("{said}, {reader}", said=said, reader=reader)


ENGLISH_LEFT_OUT = Text(
    "Bản tiếng Anh được lược bỏ vì thư đã tới giới hạn dung lượng (the English is left out: it would not fit).",
    "The English is left out: it would not fit.",
)


def more(n: int) -> Text:
    """The line that stands for the rows a letter has no room for."""
    return Text.format("và {n} việc khác trong tệp kèm theo", "and {n} more in the attached file", n=number(n))


def told_since(first: date) -> Text:
    """Beside a row that its reader knows: the day of the letter that told of it first."""
    return Text.format("đã nêu từ thư ngày {first}", "told since the letter of {first}", first=day(first))


def tasks_of(office: Text | None) -> Text:
    """The title over the rows that an office owes itself; None: those of the units it follows."""
    if office is None:
        return Text("VIỆC CỦA CÁC ĐƠN VỊ", "TASKS OF UNITS")
    capitals = Text(office.vi.upper(), office.en.upper())
    return Text.format("VIỆC CỦA {office}", "TASKS OF {office}", office=capitals)


def first_time(name: Text) -> Text:
    """The note under the title of rows of which a superior is notified for the first time."""
    return Text.format("Lần đầu báo cáo tới {name}", "First report to {name}", name=name)


def forwarded(office: Text, through: Text) -> Text:
    """Why the letter of an office without a mailbox came to the body above it."""
    vi = "Thư gửi qua {through} vì {office} chưa có hộp thư nhận; kính đề nghị {through} chuyển giúp."
    en = "{office} has no mailbox; sent through {through}, which is respectfully asked to pass it on."
    return Text.format(vi, en, office=office, through=through)


def counts_caption(digest: Digest, until: date) -> Text:
    """What the four counts count."""
    said, whose = items(digest.counts.total), _counted_of(digest)
    if whose is not None:
        said = Text.format("{said} của {whose}", "{said} of {whose}", said=said, whose=whose)
    vi = "{said} theo {papers}, tính đến hết ngày {day}"
    en = "{said} under {papers}, up to the end of {day}"
    return Text.format(vi, en, said=said, papers=documents(digest.counted), day=day(until))


def _counted_of(digest: Digest) -> Text | None:
    """Whose tasks are counted: so many units, or the one by name."""
    if digest.units_counted > 1:
        return Text.join(" ", (number(digest.units_counted), digest.unit_word))
    return digest.unit_counted


def by_unit_caption(late: int, all_units: int) -> Text:
    """What the table by unit shows."""
    return Text.format(
        "Số việc theo bốn trạng thái, xếp theo số việc quá hạn; {late} đơn vị còn việc quá hạn. "
        "Cột cuối: việc quá hạn lâu nhất, tính bằng ngày làm việc.",
        "Tasks in the four states, by how many are overdue; {late} units have overdue tasks. "
        "Last column: the longest overdue, in working days.",
        late=part_of(late, all_units),
    )


def other_units(n: int, beside: int) -> Text:
    """The row that sums up the units without a row of their own, beside those that have one."""
    return Text.format("{n} đơn vị còn lại", "{n} other units", n=number(n)) if beside else units(n)


def none_late(names: Sequence[str]) -> Text:
    """The units that have nothing overdue, by name."""
    vi = "{n} không có việc quá hạn: {names}."
    en = "{n} with nothing overdue: {names}."
    return Text.format(vi, en, n=units(len(names)), names=", ".join(names))


def tracked(digest: Digest) -> Text | None:
    """How much of the first directive is tracked and not judged; None when nothing is."""
    if not digest.tracked or not digest.directives:
        return None
    return Text.format(
        "Ngoài các việc trên, {share} nội dung của {paper} được theo dõi nhưng chưa đánh giá, "
        "vì văn bản chưa nêu thời hạn hoặc số lượng.",
        "Besides, {share} obligations of {paper} are followed and not judged, "
        "because the text states no limit or number.",
        share=part_of(digest.tracked, digest.obligations),
        paper=document(digest.directives[0]),
    )


AUTOMATIC = Text(
    "Thư tự động, không phải và không thay thế văn bản hành chính.",
    "An automatic letter; it is not and does not replace an official document.",
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
    """The instant of the data, and what the letter leaves out; `cutoff` is ready to print."""
    return Text.format(
        "Số liệu tổng hợp ghi nhận đến {cutoff}, không có thông tin cá nhân của trẻ em.",
        "Totals as recorded up to {cutoff}; no child's personal information.",
        cutoff=cutoff,
    )


def list_attached(rows: int, most: int) -> Text:
    """What the attached list contains: all `rows`, or the first `most` of them."""
    if rows > most:
        vi, en = "{most} dòng đầu của danh sách {n} dòng (XLSX)", "the first {most} of {n} rows (XLSX)"
        return Text.format(vi, en, most=number(most), n=number(rows))
    return Text.format("danh sách đầy đủ (XLSX, {n} dòng)", "the full list (XLSX, {n} rows)", n=number(rows))


def calendar_attached(due: int, ended: int) -> Text:
    """What the attached calendar file contains: the limits of `due` tasks, and the end of `ended` ones."""
    said = []
    if due:
        said.append(Text.format("hạn của {n}", "the limits of {n}", n=items(due)))
    if ended:
        said.append(Text.format("xóa hạn của {n} đã kết thúc", "{n} that ended, to be removed", n=items(ended)))
    return Text.format("{what} để đưa vào lịch (ICS)", "{what}, for your calendar (ICS)", what=listed(said))


DRAFT_ATTACHED = Text(
    "dự thảo công văn đôn đốc để quý cơ quan xem xét, hoàn chỉnh (DOCX)",
    "a draft reminder to the units, for your office to complete (DOCX, in Vietnamese)",
)

_MONITOR, _ISSUER = "monitor", "issuer"
_ROLES = {
    "responsible": Text("đơn vị thực hiện", "the responsible unit"),
    "delegate": Text("đơn vị được phân công thực hiện", "the unit to which the matter was delegated"),
    _MONITOR: Text("cơ quan theo dõi", "the office that follows up"),
    _ISSUER: Text("cơ quan ban hành văn bản", "the issuer of the document"),
    "reports_to": Text("cơ quan nhận báo cáo", "the office that receives the report"),
    "superior.government": Text("cấp trên của đơn vị thực hiện", "the superior of the responsible unit"),
    "superior.party": Text(
        "cấp ủy cấp trên của đơn vị thực hiện", "the superior party committee of the responsible unit"
    ),
    "led_by": Text("cấp ủy lãnh đạo đơn vị thực hiện", "the committee that leads the responsible unit"),
}
_COMPETENT = Text("cơ quan nay có thẩm quyền đối với văn bản", "the body now in charge of the document")
_UNNAMED = Text("văn bản không nêu cơ quan theo dõi việc này", "the document does not say who follows this up")
_ABOVE = Text("các văn bản nêu trên", "the documents above")


def role(digest: Digest) -> Text:
    """Why this office gets the letter: its role under each document, and which role stands in none."""
    papers: dict[tuple[tuple[Text, ...], bool], list[DirectiveLine]] = {}
    for paper in digest.directives:
        papers.setdefault(_roles(digest, paper), []).append(paper)
    held = papers or {_roles(digest, None): []}
    if len(held) > 1:
        held.pop(((), False), None)
    said = [
        _role(roles, Text.join("; ", map(cited, found)), assumed=assumed)
        for (roles, assumed), found in held.items()
    ]
    return Text.format("{reader} {roles}.", reader=digest.reader, roles=Text.join("; ", said))


def _role(roles: Sequence[Text], papers: Text, *, assumed: bool) -> Text:
    papers = papers if papers.vi else _ABOVE
    if assumed and not roles:
        # Another office may follow up the document as a whole.
        vi = "là cơ quan theo dõi việc nêu trên của {papers} theo phân công trong hệ thống; {unnamed}"
        en = "follows up the above under {papers} as the service was set; {unnamed}"
        return Text.format(vi, en, papers=papers, unnamed=_UNNAMED)
    if not roles:
        vi = "là cơ quan nhận thư về {papers} theo phân công trong hệ thống"
        return Text.format(vi, "is an office set to be notified of {papers}", papers=papers)
    also = NO_TEXT
    if assumed:
        vi = "; là cơ quan theo dõi theo phân công trong hệ thống; {unnamed}"
        also = Text.format(vi, "; it follows up as the service was set; {unnamed}", unnamed=_UNNAMED)
    vi, en = "là {roles} theo {papers}{also}", "is {roles} under {papers}{also}"
    return Text.format(vi, en, roles=listed(roles), papers=papers, also=also)


def _roles(digest: Digest, paper: DirectiveLine | None) -> tuple[tuple[Text, ...], bool]:
    """The roles that a document or the chart gives the reader, and whether following it up is assumed."""
    rows = [entry for entry in digest.entries if paper in (entry.directive, None)]
    relations = [(relation, entry.monitor_assumed) for entry in rows for relation in entry.relations]
    known = [
        _COMPETENT if key == _ISSUER and paper is not None and paper.competent else word
        for key, word in _ROLES.items()
        if any(relation.startswith(key) and not (key == _MONITOR and assumed) for relation, assumed in relations)
    ]
    assumed = (_MONITOR, True) in relations and _ROLES[_MONITOR] not in known
    return tuple(known), assumed


def section(kind: Section, rows: Sequence[Entry]) -> Text:
    """The title of a section with these rows; what was not done is not called so."""
    if kind is not Section.RESOLVED or not any(row.lapsed for row in rows):
        return SECTIONS[kind]
    return LAPSED if all(row.lapsed for row in rows) else RESOLVED_OR_LAPSED


def figures_by(kinds: Mapping[PeriodKind, int]) -> Text:
    """`03 số liệu theo tháng, 01 số liệu theo năm`: figures that are there, by kind of period."""
    return listed(
        [
            Text.format("{n} theo {kind}", "{n} by {kind}", n=counted(n, "số liệu", "figure"), kind=PERIODS[kind])
            for kind, n in sorted(kinds.items())
        ]
    )
