"""The headings of every sheet: the name of each column, and its title on a form in Vietnamese and English.

Any of the three is recognised, regardless of capitals, accents and spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_BLANKS = re.compile(r"[\s_*:]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column, or one sheet: its name and its titles for people."""

    name: str
    vi: str
    en: str


def folded(text: str) -> str:
    """The text without accents, capitals and repeated spaces, for comparing headings."""
    bare = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "d"))
    return _BLANKS.sub(" ", "".join(mark for mark in bare if not unicodedata.combining(mark))).strip().casefold()


TITLES: tuple[Heading, ...] = (
    Heading("units", "Đơn vị", "Units"),
    Heading("names", "Tên đơn vị", "Names"),
    Heading("relations", "Quan hệ", "Relations"),
    Heading("mailboxes", "Hộp thư", "Mailboxes"),
    Heading("successions", "Kế thừa", "Successions"),
    Heading("tasks", "Nhiệm vụ", "Tasks"),
    Heading("submissions", "Báo cáo", "Submissions"),
    Heading("activities", "Hoạt động", "Activities"),
    Heading("readings", "Số liệu", "Readings"),
)

_UNIT = Heading("unit", "Mã đơn vị", "Unit id")
_REF = Heading("ref", "Mã dòng", "Row id")
_FROM = Heading("from", "Từ ngày", "First day")
_UNTIL = Heading("until", "Đến hết ngày", "Last day")
_BASIS = Heading("basis", "Căn cứ", "Legal basis")
_RECORDED = Heading("recorded_at", "Thời điểm ghi nhận", "Time of entry")

HEADINGS: Mapping[str, tuple[Heading, ...]] = {
    "units": (
        Heading("id", "Mã đơn vị", "Unit id"),
        Heading("kind", "Loại đơn vị", "Kind of unit"),
        Heading("level", "Cấp", "Administrative level"),
        _FROM,
        _UNTIL,
    ),
    "names": (
        _UNIT,
        Heading("name", "Tên đơn vị", "Unit name"),
        Heading("name_en", "Tên tiếng Anh", "English name"),
        Heading("short", "Tên ngắn", "Short name"),
        _FROM,
        _UNTIL,
    ),
    "relations": (
        _UNIT,
        Heading("other", "Mã đơn vị bên trên", "Upper unit id"),
        Heading("kind", "Loại quan hệ", "Kind of relation"),
        Heading("line", "Tuyến", "Reporting line"),
        _FROM,
        _UNTIL,
        _BASIS,
    ),
    "mailboxes": (
        _UNIT,
        Heading("role", "Vai trò hộp thư", "Mailbox role"),
        Heading("address", "Địa chỉ hộp thư", "Mailbox address"),
        Heading("languages", "Ngôn ngữ", "Letter languages"),
        _FROM,
        _UNTIL,
    ),
    "successions": (
        Heading("old", "Mã đơn vị cũ", "Old unit id"),
        Heading("new", "Mã đơn vị mới", "New unit id"),
        Heading("scope", "Phạm vi tiếp nhận", "What is taken over"),
        Heading("effective", "Hiệu lực từ ngày", "Effective from"),
        _BASIS,
    ),
    "tasks": (
        Heading("ref", "Mã nhiệm vụ", "Task id"),
        _UNIT,
        Heading("task", "Loại nhiệm vụ", "Kind of task"),
        Heading("title", "Tên nhiệm vụ", "Task title"),
        Heading("title_en", "Tên nhiệm vụ tiếng Anh", "Task title in English"),
        Heading("assigned_on", "Ngày giao", "Day assigned"),
        Heading("due", "Hạn", "Due date"),
        Heading("due_kind", "Cách tính hạn", "Before or by"),
        Heading("issuer", "Mã đơn vị giao", "Assigned by"),
        Heading("monitor", "Mã đơn vị theo dõi", "Followed up by"),
        Heading("reports_to", "Mã đơn vị nhận báo cáo", "Reported to"),
        _RECORDED,
    ),
    "submissions": (
        _REF,
        _UNIT,
        Heading("report", "Loại báo cáo", "Kind of report"),
        Heading("submitted_on", "Ngày gửi", "Day handed in"),
        Heading("document", "Số văn bản", "Document number"),
        _RECORDED,
        Heading("task", "Mã nhiệm vụ", "Task id"),
    ),
    "activities": (
        _REF,
        _UNIT,
        Heading("activity", "Loại hoạt động", "Kind of activity"),
        Heading("done_on", "Ngày thực hiện", "Day done"),
        Heading("quantity", "Số lượng", "How many"),
        _RECORDED,
    ),
    "readings": (
        _REF,
        _UNIT,
        Heading("indicator", "Mã chỉ tiêu", "Indicator id"),
        Heading("first_day", "Ngày đầu kỳ", "First day of the period"),
        Heading("last_day", "Ngày cuối kỳ", "Last day of the period"),
        Heading("value", "Số liệu", "Figure"),
        _RECORDED,
        Heading("source", "Nguồn số liệu", "Source of the figure"),
    ),
    "answers": (
        Heading("case", "Mã hồ sơ", "Case code"),
        Heading("act", "Trả lời", "Answer"),
        Heading("by", "Mã đơn vị trả lời", "Answered by"),
        Heading("on", "Ngày trả lời", "Day of the answer"),
        _UNTIL,
        Heading("sent_on", "Ngày gửi", "Day handed in"),
        Heading("document", "Số văn bản", "Document number"),
        Heading("words", "Nội dung", "Its own words"),
        Heading("to", "Chuyển cho đơn vị", "Given to"),
        Heading("dated", "Ngày văn bản", "Day of the document"),
    ),
    "heirs": (
        Heading("what", "Việc để lại", "What was left"),
        Heading("to", "Mã đơn vị tiếp nhận", "Taken over by"),
        Heading("by", "Mã đơn vị quyết định", "Decided by"),
        _BASIS,
        Heading("scope", "Cách gánh chung", "How it is shared"),
    ),
}

# The columns that a reject file adds; an import ignores them.
REJECTED: tuple[Heading, ...] = (
    Heading("reject_line", "Dòng bị từ chối", "Rejected row"),
    Heading("reject_column", "Cột bị từ chối", "Rejected column"),
    Heading("reject_reason", "Lý do từ chối", "Reason in Vietnamese"),
    Heading("reject_reason_en", "Lý do (tiếng Anh)", "Reason in English"),
    Heading("reject_numbers", "Cách viết số", "How numbers are written"),
)
# The columns that a form shows for the person who fills it in; an import ignores them.
SHOWN: tuple[Heading, ...] = (
    Heading("unit_name", "Tên đơn vị", "Unit name"),
    Heading("deadline", "Hạn chót", "Deadline"),
    Heading("measure", "Đơn vị tính", "Unit of measure"),
    Heading("period", "Kỳ số liệu", "Reporting period"),
)
# The columns that a unit fills in on a form; a row with none of them filled is still waiting and is ignored.
FILLED_IN: Mapping[str, tuple[str, ...]] = {
    "submissions": ("submitted_on", "document"),
    "activities": ("activity", "done_on", "quantity"),
    "readings": ("value", "source"),
}
# The sheet of a form with its instructions, and the hidden one with the choices of its drop-downs.
HOW_TO = "Hướng dẫn"
CHOICES = "Danh mục"
# Headings of a running number, which most forms have.
_COUNTERS = frozenset({"stt", "tt", "so tt", "so thu tu", "no.", "no", "#"})


def _names(headings: tuple[Heading, ...]) -> dict[str, str]:
    return {folded(title): entry.name for entry in headings for title in (entry.name, entry.vi, entry.en)}


_KINDS = _names(TITLES)
_COLUMNS = {kind: _names(headings) for kind, headings in HEADINGS.items()}
_EXTRA = _names(REJECTED)
_SHOWN = _names(SHOWN)


def kind_named(title: str) -> str | None:
    """The kind of sheet that a title names; None: none."""
    return _KINDS.get(folded(title))


def explains(title: str) -> bool:
    """Whether a sheet only explains a form and is ignored without a note."""
    return folded(title) in {folded(HOW_TO), folded(CHOICES)}


def column_named(kind: str, title: str) -> str | None:
    """The column that a heading names on a sheet of that kind; None: none."""
    return _COLUMNS[kind].get(folded(title))


def passed_over(title: str) -> str | None:
    """The name of an ignored column: a running number, or one that a reject file or a form adds; None: none."""
    key = folded(title)
    return "counter" if key in _COUNTERS else _EXTRA.get(key) or _SHOWN.get(key)
