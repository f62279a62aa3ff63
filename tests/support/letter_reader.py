"""Takes the plain text of a finished letter apart, without the code that wrote it.

What it knows is how a letter looks: the order of its paragraphs, the words of its labels, how lines are broken.
What it returns are the words and numbers that its reader sees, so that they can be held against the stored facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from email import message_from_bytes, policy
from html.parser import HTMLParser

_WIDTH = 76
_DIVIDER, _RULE = "=" * 72, "-" * 72
_TITLE = re.compile(r"== (?P<title>.*?)(?: \((?P<size>\d[\d.,]*) [^)]*\))? ==")
_COUNT = re.compile(r"  (\S.*?) {2,}([\d.,]+)")
_ROW = re.compile(r"(\d+)\. (.*)", re.DOTALL)
_BY_UNIT = ("TỔNG HỢP THEO ĐƠN VỊ", "BY UNIT")
# What stands between the box and the counts.
_CHANGES = ("Từ thư trước: ", "Since the letter before: ", "Đã hẹn: ", "Promised: ")
_FIGURES = re.compile(r"  +\d")
_WHY = ("Vì sao quý", "Why you receive")
_NONE = re.compile(r"([A-ZĐ][^:.]*): (?:không có|none)\.")
_DATE = re.compile(r"(\d\d/\d\d)(?:/(\d{4}))?")
# The labels of a row's lines, Vietnamese and English, and the one name under which both are read.
LABELS = {
    "Căn cứ": "basis",
    "Basis": "basis",
    "Đơn vị": "unit",
    "Unit": "unit",
    "Gồm": "parts",
    "They are": "parts",
    "Hạn": "limit",
    "Due": "limit",
    "Kỳ số liệu": "period",
    "Period of the figure": "period",
    "Đã trả lời": "answered",
    "Answered": "answered",
    "Tình trạng": "standing",
    "Standing": "standing",
    "Giải trình": "explanation",
    "Explanation": "explanation",
    "Tạm dừng nhắc": "waived",
    "Paused": "waived",
    "Gửi tới": "reader",
    "For": "reader",
    "Rút nội dung đã gửi": "taken_back",
    "Taken back": "taken_back",
    "Vì sao có thư này": "because",
    "Because": "because",
    "Đã đôn đốc": "followed_up",
    "Followed up": "followed_up",
    "Bước tiếp theo": "next",
    "Next step": "next",
    "Mã hồ sơ": "case",
    "Case": "case",
}
# How the line of a badge begins; it has no label.
_BADGE = re.compile(
    r"(Quá hạn|Hết hạn|Hạn hết|Còn|Hoàn thành|Đã thực hiện|Đã hoàn thành|Số liệu đã|Vượt|Thấp hơn|Thiếu|Đạt|Tăng"
    r"|Tạm dừng nhắc đến|Dưới mức|Gia hạn đến|Extended to|Overdue|Due|Left|Open|Done|Task|Figure|Above|Below"
    r"|Reached|Up|Rise of|Paused until|Not back|Chưa về|Not yet|Chưa ghi|On record|Đã ghi|Đã chuyển đơn vị"
    r"|Given to another|Liên tiếp|Running) "
    r"|(Thôi theo dõi|No longer followed up|Quy tắc đã sửa|Rule edited|Được miễn trọn kỳ|Waived as a whole"
    r"|Nhiệm vụ đã rút|Task withdrawn|Trở lại trong ngưỡng|Back within the limit)(?:; |$)"
)
# A line that begins with the code of a case.
_CODE = re.compile(r"[A-Z]{2,5}\d{2}-\d+(?:, |$| và | and )")
# How the line of earlier letters begins in a brief letter; it has no label either.
_EARLIER = re.compile(
    r"(Đã (?:nhắc|đôn đốc|báo cáo quý|gửi quý)|Earlier letters:|Followed up on|Reported to you|You were written) "
)
_LABEL = re.compile(rf"({'|'.join(map(re.escape, LABELS))}): (.*)", re.DOTALL)


@dataclass(frozen=True)
class Counts:
    """The four counts as printed."""

    on_time: int
    late: int
    in_time: int
    overdue: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.on_time + self.late + self.in_time + self.overdue


@dataclass(frozen=True)
class Share:
    """`05/24 xã, thị trấn: Bảo Đài, ...`: how many of how many, called what, by name (empty: not named)."""

    late: int
    of: int
    noun: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row: its title, its lines by what their label means, its badge and the codes of its cases.

    A compact row has no labels; `brief` is its one line. The row of a brief letter has no title, and may have no
    badge.
    """

    title: str
    lines: Mapping[str, str]
    badge: str
    codes: tuple[str, ...]
    brief: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """The codes that the row gives; of many it may give one, and count the others."""
        return tuple(found.group() for code in self.codes if (found := re.match(r"\w+-\d+", code)))

    @property
    def share(self) -> Share | None:
        """How many units of how many, where the row counts them."""
        return share(self.lines.get("unit") or self.brief)

    @property
    def earlier(self) -> tuple[date, ...]:
        """The days of the letters that followed the matter up before, as the row names them; each once."""
        found: list[date] = []
        for text in (self.lines.get("because", ""), self.lines.get("followed_up", "")):
            for words in re.findall(
                r"(?:\d+ lần đôn đốc|following up \d+ times?) \(([^)]*)\)"
                r"|^\d+ (?:lần|times?) \(([^)]*)\)"
                r"|(?<!Đã )(?:đôn đốc|followed up on) (?:ngày )?(\d[^.;]*?\d{4})(?=[.;]|$)"
                r"|Đã đôn đốc (?:ngày )?(\d[^.;]*?\d{4})(?=[.;]|$)",
                text,
            ):
                found += days("".join(words))
        return tuple(dict.fromkeys(found))

    @property
    def times(self) -> int | None:
        """`Đã đôn đốc: 03 lần`: how often the row says that the matter was followed up; None: it does not."""
        text = f"{self.lines.get('because', '')} {self.lines.get('followed_up', '')}"
        found = re.search(r"(\d+) lần(?: đôn đốc)? \(|following up (\d+)|(\d+) times? \(", text)
        return next((int(one) for one in found.groups() if one), None) if found else None

    @property
    def last_letter(self) -> date | None:
        """The day of the reader's own last letter, as the row names it."""
        text = f"{self.lines.get('because', '')} {self.lines.get('basis', '')}"
        found = re.search(
            r"(?:so với thư|quý cơ quan thư|nêu trong thư|quý cơ quan) ngày (\d\d/\d\d/\d{4})"
            r"|(?:letter of|[Rr]eported to you on|written to on) (\d\d/\d\d/\d{4})",
            text,
        )
        return days(found.group(1) or found.group(2))[0] if found else None

    @property
    def next_on(self) -> date | None:
        """The day of what comes next."""
        said = self.lines.get("next", "")
        found = re.search(r"\d\d/\d\d/\d{4}", said)
        return days(found.group())[0] if found else None


@dataclass(frozen=True)
class Section:
    """A section: whose tasks, its title, how many rows its head announces (None: no number), and its rows."""

    whose: str
    title: str
    size: int | None
    note: str
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True)
class UnitLine:
    """A line of the table by unit; `longest` is None for a dash."""

    name: str
    counts: Counts
    longest: int | None


@dataclass(frozen=True)
class ByUnit:
    """The table by unit: `late` of `units` have something overdue; `idle` are named as having nothing."""

    caption: str
    late: int
    units: int
    lines: tuple[UnitLine, ...]
    note: str
    idle: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A letter in one language, in the order in which it is read."""

    language: str
    night: date
    makeup: str
    offices: tuple[str, ...]
    forwarded: str
    headline: str
    asks: tuple[str, ...]
    caption: str
    counts: Counts | None
    sections: tuple[Section, ...]
    absent: tuple[str, ...]
    by_unit: ByUnit | None
    tracked: str
    footer: Mapping[str, str] = field(default_factory=dict)
    foot: str = ""
    # Why each office gets the letter, as the foot says it.
    roles: tuple[str, ...] = ()
    # What has changed since the letter before, and what is promised.
    changes: tuple[str, ...] = ()

    @property
    def ask(self) -> str:
        """Every line of the box."""
        return " ".join(self.asks)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in order."""
        return tuple(row for section in self.sections for row in section.rows)

    def section(self, title: str) -> Section | None:
        """The section of that title; None where the letter says that it is empty."""
        return next((one for one in self.sections if one.title == title), None)

    @property
    def named(self) -> str | None:
        """Of which unit the caption counts the tasks, by name; None where it counts several or names none."""
        found = re.match(r"[\d.,]+ (?:việc|tasks?) (?:của|of) (\D.*?) (?:theo|under) ", self.caption)
        return found.group(1) if found else None

    @property
    def counted(self) -> tuple[int, int, int, str]:
        """From the caption: how many tasks, of how many units (1 for one by name), how many apart, which paper."""
        found = re.match(
            r"([\d.,]+) (?:việc|tasks?)(?: (?:của|of) (?:(\d[\d.,]*) )?.*?)?"
            r" (?:theo|under) (.*?), (?:tính đến|up to)",
            self.caption,
        )
        assert found, self.caption
        apart = sum(int(one) for one in re.findall(r"(?:tạm dừng nhắc|chưa xét được) (\d+) việc", self.caption))
        return number(found.group(1)), number(found.group(2) or "1"), apart, found.group(3)


@dataclass(frozen=True)
class Letter:
    """A finished letter: its subject, what it says in each of its languages, and the words of its HTML."""

    subject: str
    parts: tuple[Part, ...]
    html: str = ""

    @property
    def first(self) -> Part:
        """The part in the first language."""
        return self.parts[0]


def letter(mime: bytes) -> Letter:
    """A letter as it would leave."""
    mail = message_from_bytes(mime, policy=policy.default)
    body = mail.get_body(("plain",))
    page = mail.get_body(("html",))
    assert body is not None
    assert page is not None
    words = _Words()
    words.feed(page.get_content())
    return replace(read(str(mail["Subject"]), body.get_content()), html=plain("".join(words.said)))


class _Words(HTMLParser):
    """The text of a page, with a space where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"style", "title"}
        self.said.append("" if tag in {"span", "strong", "a"} else " ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"style", "title"}
        self.said.append("" if tag in {"span", "strong", "a"} else " ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def plain(text: str) -> str:
    """A text with single ordinary spaces."""
    return " ".join(text.split())


def read(subject: str, text: str) -> Letter:
    """A letter from its subject and its plain text."""
    text = text.replace("\r\n", "\n")
    return Letter(subject, tuple(_part(part.strip("\n")) for part in text.split(f"{_DIVIDER}\n")))


def number(text: str) -> int:
    """A printed count: `05`, `1.426`."""
    return int(re.sub(r"[.,]", "", text))


def days(text: str) -> list[date]:
    """Every day named: `13/04, 17/04/2015`; one without a year has that of the next with one."""
    found, year = [], ""
    for short, own in reversed(_DATE.findall(text)):
        year = own or year
        if year:
            found.append(date(int(year), int(short[3:]), int(short[:2])))
    return found[::-1]


def share(text: str) -> Share | None:
    """`05/24 xã, thị trấn: Bảo Đài, Bình Sơn`, `5 of 24 communes: ...`; None where nothing is counted so."""
    found = re.search(r"(?:^|; )(\d+)(?:/| of )(\d+) ([^:;(]*)(?:: ([^;(]*))?", text)
    if found is None:
        return None
    names = tuple((found.group(4) or "").split(", ")) if found.group(4) else ()
    return Share(int(found.group(1)), int(found.group(2)), found.group(3).strip(), names)


def unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines as they were before they were broken at 76 characters."""
    made: list[str] = []
    last = ""
    for line in lines:
        # In the row of a brief letter, which is not indented, a name may be broken before its dash.
        dashed = made and _LABEL.match(made[-1]) and line.startswith("- ")
        seen = f"–{line[1:]}" if dashed else line
        if made and not _begins_a_badge(made[-1], last, seen) and _continues(last, seen):
            made[-1] = f"{made[-1]} {line.strip()}"
        else:
            made.append(line)
        last = seen if made[-1] == line else f"{' ' * _hanging(last)}{seen.strip()}"
    return made


def _hanging(line: str) -> int:
    """How far a line that continues this one is indented."""
    if re.match(r"\d+\. ", line):
        return 3
    return 2 if line.startswith("- ") else len(line) - len(line.lstrip())


def _continues(before: str, line: str) -> bool:
    """Whether a line only stands on its own because the one before it was full."""
    indent = len(line) - len(line.lstrip())
    fixed = (before, line)
    if not all(one.strip() for one in fixed) or any(_TITLE.fullmatch(one) or one == _RULE for one in fixed):
        return False
    if (
        _LABEL.match(line.strip())
        or re.match(r"\d+\. |- ", line)
        or line.startswith(_WHY)
        or indent != _hanging(before)
    ):
        return False
    return len(before) + 1 + len(_held_together(line.strip())) > _WIDTH


def _begins_a_badge(whole: str, before: str, line: str) -> bool:
    """Only inside a row, and not where a sentence goes on; the row of a brief letter is not indented."""
    if not before.strip():
        return False
    inside = line.startswith("   ") or _LABEL.match(whole)
    return bool(
        inside
        and before[-1] not in ",;:"
        and (_BADGE.match(line.strip()) or _EARLIER.match(line) or _CODE.match(line.strip()))
    )


def _held_together(text: str) -> str:
    """The first words of a line, as many as stay on one line: a number keeps its word, `ngày 19`, `05 việc`."""
    words = text.split(" ")
    taken = [words[0]]
    for word in words[1:]:
        numbered = word[:1].isdigit() and taken[-1] in {"ngày", "mục", "clause", "dưới"}
        counted = taken[-1][-1:].isdigit() and word.strip(".,;") in {
            *("ngày", "em", "lần", "việc", "giờ", "đơn", "working"),
        }
        if not numbered and not counted:
            break
        taken.append(word)
    return " ".join(taken)


def _part(text: str) -> Part:
    body, _, end = text.partition(f"{_RULE}\n")
    paragraphs = _paragraphs(body)
    head = paragraphs.pop(0)
    night, makeup = re.fullmatch(r"(.*\d{4})(?: \((.*)\))?", head[1]).groups("")  # type: ignore[union-attr]
    dear, _, addressee = head[2].partition(": ")
    language = "vi" if dear == "Kính gửi" else "en"
    headline = " ".join(paragraphs.pop(0))
    box = paragraphs.pop(0)
    # A single line may be broken before a dash of its own.
    asks = tuple(line[2:] for line in box) if box[0].startswith("- ") else (" ".join(box),)
    changes = []
    while paragraphs and paragraphs[0][0].startswith(_CHANGES):
        changes.append(" ".join(paragraphs.pop(0)))
    caption, counts = "", None
    if paragraphs and any(_COUNT.fullmatch(line) for line in paragraphs[0]):
        tally = paragraphs.pop(0)
        caption = " ".join(line for line in tally if not _COUNT.fullmatch(line))
        counts = _counts([number(found[2]) for line in tally if (found := _COUNT.fullmatch(line))])
    sections: list[Section] = []
    absent: list[str] = []
    by_unit, tracked = None, ""
    for title, held in _sections(paragraphs):
        if title is None:
            said = " ".join(line for paragraph in held for line in paragraph)
            empty = _NONE.findall(said)
            absent += empty
            tracked = tracked or ("" if empty else said)
        elif title["title"] in _BY_UNIT:
            by_unit = _table(held)
        else:
            sections.append(_section(title, held))
    return Part(
        language,
        days(night)[0],
        makeup,
        tuple(addressee.split("; ")),
        " ".join(head[3:]),
        headline,
        asks,
        caption,
        counts,
        tuple(sections),
        tuple(absent),
        by_unit,
        tracked,
        dict(_footer(end)),
        plain(end),
        tuple(said for label, said in _footer(end) if label.startswith(_WHY)),
        tuple(changes),
    )


def _paragraphs(text: str) -> list[list[str]]:
    """The paragraphs between empty lines, each as its unbroken lines."""
    return [unwrapped(block.split("\n")) for block in re.split(r"\n{2,}", text.strip("\n"))]


def _sections(paragraphs: Sequence[list[str]]) -> Iterator[tuple[re.Match[str] | None, list[list[str]]]]:
    """Each title with its paragraphs; a paragraph of no section has None."""
    title: re.Match[str] | None = None
    held: list[list[str]] = []
    for paragraph in paragraphs:
        found = _TITLE.fullmatch(paragraph[0])
        rows = _ROW.match(paragraph[0]) is not None
        if found or not rows:
            if title:
                yield title, held
            title, held = found, [paragraph[1:]] if found else []
            if not found:
                yield None, [paragraph]
        else:
            held.append(paragraph)
    if title:
        yield title, held


def _counts(values: Sequence[int]) -> Counts:
    assert len(values) == 4, values
    return Counts(*values)


def _section(title: re.Match[str], held: Sequence[Sequence[str]]) -> Section:
    rows: list[list[str]] = []
    note, more = "", 0
    for line in (line for paragraph in held for line in paragraph):
        left = re.match(r"và (\d[\d.]*) việc khác|and (\d[\d,]*) more in", line)
        if _ROW.match(line):
            rows.append([line])
        elif left:
            more = number(left.group(1) or left.group(2))
        elif not rows and _LABEL.match(line):
            # The one row of a brief letter has no title.
            rows.append(["1. ", line])
        elif rows:
            rows[-1].append(line.strip())
        else:
            note = f"{note} {line}".strip()
    size = number(title["size"]) if title["size"] else None
    whose, _, name = title["title"].rpartition(": ")
    return Section(whose, name, size, note, tuple(_row(row) for row in rows), more)


def _row(lines: Sequence[str]) -> Row:
    found = _ROW.fullmatch(lines[0])
    assert found
    said: dict[str, str] = {}
    plain: list[str] = []
    for line in lines[1:]:
        labelled = _LABEL.fullmatch(line)
        if labelled:
            said[LABELS[labelled.group(1)]] = labelled.group(2)
        elif _EARLIER.match(line):
            said["because"] = f"{said.get('because', '')} {line}".strip()
        else:
            plain.append(line)
    if said:
        return Row(found.group(2), said, " ".join(plain), tuple(said.get("case", "").split(", ")))
    brief, _, badge = ("; ".join(plain[:-1]), "", plain[-1] if plain else "")
    badge, _, codes = badge.partition("; ")
    if _CODE.match(badge):
        # The first sentence of the letter has the number.
        badge, codes = "", badge
    return Row(found.group(2), said, badge, tuple(codes.split(", ")) if codes else (), brief)


def _table(held: Sequence[Sequence[str]]) -> ByUnit:
    lines = [line for paragraph in held for line in paragraph]
    rows: list[str] = []
    for line in lines:
        if line.startswith("- "):
            rows.append(line[2:])
        elif rows and _FIGURES.match(line):
            # Under a name as long as its column.
            rows[-1] += line
    said = [line for line in lines if not line.startswith(("- ", "  "))]
    late = re.search(r"(\d[\d.,]*)(?:/| of )(\d[\d.,]*) (?:đơn vị|units)", said[0])
    assert late, said[0]
    note = " ".join(said[1:])
    idle = re.search(r": (.*)\.$", note)
    return ByUnit(
        said[0],
        number(late.group(1)),
        number(late.group(2)),
        tuple(map(_unit_line, rows)),
        note,
        tuple(idle.group(1).split(", ")) if idle else (),
    )


def _unit_line(text: str) -> UnitLine:
    name, *values = text.rsplit(maxsplit=5)
    return UnitLine(
        name, _counts([number(one) for one in values[:4]]), None if values[4] == "–" else number(values[4])
    )


def _footer(text: str) -> Iterator[tuple[str, str]]:
    """The lines of the foot by their label; those without one by their first words."""
    for line in unwrapped(text.strip("\n").split("\n")):
        label, colon, said = line.partition(": ")
        yield (label, said) if colon else (" ".join(line.split()[:3]), line)
