"""Takes apart what `register` and `forecast` print, without the code that printed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tests.support.letter_reader import Counts, days, number

_DAY = r"\d\d/\d\d/\d{4}"
_COLUMNS = ("Khoản", "Mã", "Nội dung", "Đơn vị", "Tình trạng")
_COUNTS = re.compile(r"\d+ / \d+ / \d+ / \d+ *$")


@dataclass(frozen=True)
class Titled:
    """The line above the obligations of a directive: how it is cited, who issued it, its days in force."""

    cited: str
    issued: date | None
    issuer: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Obligation:
    """A row of the register; `counts` is None where none are printed.

    To be filled in are, without spaces, the `file` and its `lines`; texts of narrow columns have no spaces either.
    """

    paper: Titled
    clause: str
    code: str
    what: str
    who: str
    status: str
    counts: Counts | None

    @property
    def fill_in(self) -> tuple[str, tuple[int, ...]] | None:
        """The file and the lines where a parameter is to be filled in."""
        found = re.search(r";điềnở(\S+):([\d,]+)$", unspaced(self.status))
        return (found.group(1), tuple(map(int, found.group(2).split(",")))) if found else None


def unspaced(text: str) -> str:
    """A text without its spaces: a narrow column may break it anywhere."""
    return "".join(text.split())


@dataclass(frozen=True)
class Register:
    """The register: its rows, and its sums by what they count; `on` is the night of the counts."""

    rows: tuple[Obligation, ...]
    shown: int | None
    sums: Mapping[str, int]
    on: date | None


def register(text: str) -> Register:
    """What `register` printed."""
    rows: list[Obligation] = []
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        heads = [n for n, line in enumerate(lines) if line.startswith("Khoản")]
        if heads:
            starts = tuple(map(lines[heads[0]].index, _COLUMNS))
            held = [_cells(line, starts) for line in lines[heads[0] + 1 :]]
            # The heading of the counts may begin, indented, on a line before the others.
            title = " ".join(line for line in lines[: heads[0]] if not line.startswith(" "))
            rows += _obligations(_titled(title), held)
    shown = re.search(r"Đang xem (\d+) nội dung", text)
    on = re.search(rf"Số đếm tính đến đêm ({_DAY})", text)
    return Register(
        tuple(rows), int(shown.group(1)) if shown else None, _sums(text), days(on.group(1))[0] if on else None
    )


def _titled(line: str) -> Titled:
    found = re.fullmatch(rf"(.*?)(?:, ({_DAY}))? · (.*) · hiệu lực từ ({_DAY})(?: đến ({_DAY}))?", line)
    assert found, line
    return Titled(
        found.group(1), _day(found.group(2)), found.group(3), days(found.group(4))[0], _day(found.group(5))
    )


def _day(text: str | None) -> date | None:
    return days(text)[0] if text else None


def _cells(line: str, starts: Sequence[int]) -> list[str]:
    """What stands in each column of a line, and the counts at its right end."""
    counts = _COUNTS.search(line)
    line = line[: counts.start()] if counts else line
    cells = [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return [*cells, counts.group().strip() if counts else ""]


def _obligations(paper: Titled, held: Sequence[Sequence[str]]) -> Iterator[Obligation]:
    """The rows of a table; a line without a clause and a code goes on with the row before it."""
    rows: list[list[str]] = []
    for cells in held:
        if cells[1]:
            rows.append(list(cells))
        elif rows:
            rows[-1] = [f"{before} {more}".strip() for before, more in zip(rows[-1], cells, strict=True)]
    for clause, code, what, who, status, counts in rows:
        found = Counts(*(int(one) for one in counts.split(" / "))) if counts else None
        yield Obligation(paper, clause, code, what, who, status, found)


def _sums(text: str) -> Mapping[str, int]:
    found = re.search(
        r"(?P<all>\d+) nội dung của mọi văn bản: (?P<judged>\d+) được xét \((?P<text>\d+) theo văn bản, "
        r"(?P<assumed>\d+) theo giả định, (?P<set>\d+) theo mức đã đặt\); (?P<tracked>\d+) chỉ theo dõi, "
        r"không xét: "
        r"(?P<waiting>\d+) chờ thông số, (?P<evidence>\d+) chỉ lưu minh chứng\. \((?P<en_all>\d+) obligations: "
        r"(?P<en_judged>\d+) judged; (?P<en_tracked>\d+) tracked and not judged, (?P<en_waiting>\d+) of them",
        text,
    )
    assert found, text[-500:]
    return {name: int(value) for name, value in found.groupdict().items()}


@dataclass(frozen=True)
class Expected:
    """A letter that a forecast expects: its night, how many matters by section, what they are about unspaced."""

    on: date
    sections: tuple[tuple[str, int], ...]
    subjects: frozenset[str]


@dataclass(frozen=True)
class Alike:
    """Offices with the same letters to come: those that are named, and how many more; `each` is how many.

    `over` is the most of them within so many days, where that is said to exceed the budget.
    """

    names: tuple[str, ...]
    more: int
    each: int
    letters: tuple[Expected, ...]
    over: tuple[int, int] | None


@dataclass(frozen=True)
class Forecast:
    """What `forecast` says of the nights from `first` to `last`; `more` counts the offices that are left out.

    `budget` is how many letters an office should get in how many days, and how many offices exceed that.
    """

    first: date
    last: date
    letters: int
    offices: int
    groups: tuple[Alike, ...]
    more: int
    budget: tuple[int, int, int] | None


def forecast(text: str) -> Forecast:
    """What `forecast` printed."""
    lines = text.split("\n\n")
    head = re.match(
        rf"Nếu không ai làm gì thêm, ({_DAY}) – ({_DAY}): (\d+) thư tới (\d+) cơ quan\.",
        " ".join(lines[0].split()),
    )
    assert head, lines[0]
    groups, more, budget = [], 0, None
    for block in lines[1:]:
        rest = re.match(r"và (\d+) cơ quan khác; đủ trong", block)
        if rest:
            more = int(rest.group(1))
        elif block.startswith("Mức thư"):
            budget = _budget(block)
        elif not block.startswith("Không biết được"):
            groups.append(_group(block))
    return Forecast(
        days(head.group(1))[0],
        days(head.group(2))[0],
        int(head.group(3)),
        int(head.group(4)),
        tuple(groups),
        more,
        budget,
    )


def _budget(block: str) -> tuple[int, int, int]:
    found = re.match(
        r"Mức thư \(budget\): (\d+) thư một cơ quan trong (\d+) ngày; "
        r"(\d+) cơ quan vượt \(\3 offices exceed it\)$",
        " ".join(block.split()),
    )
    assert found, block
    per_office, during, over = map(int, found.groups())
    return per_office, during, over


def _group(block: str) -> Alike:
    rows: list[list[str]] = []
    title: list[str] = []
    for line in block.split("\n"):
        if re.match(rf"  {_DAY}  ", line):
            on, said, about = (*re.split(r" {2,}", line.strip(), maxsplit=2), "")[:3]
            rows.append([on, said, about, str(line.find(said)), str(line.find(about))])
        elif rows and line.strip():
            second, third = int(rows[-1][3]), int(rows[-1][4])
            rows[-1][1] = f"{rows[-1][1]} {line[second:third].strip()}".strip()
            rows[-1][2] = f"{rows[-1][2]} {line[third:].strip()}".strip()
        elif not rows:
            title.append(line.strip())
    said, marked, over = " ".join(title).partition("VƯỢT MỨC (over budget): ")
    most = re.fullmatch(r"(\d+) thư trong (\d+) ngày", over)
    assert bool(most) == bool(marked), block
    names, _, each = said.strip().rpartition(": ")
    known = re.fullmatch(r"(.*?)(?: và (\d+) cơ quan khác)?", names)
    count = re.fullmatch(r"(?:mỗi cơ quan )?(\d+) thư", each)
    assert known, block
    assert count, block
    letters = tuple(
        Expected(
            days(on)[0],
            tuple((name, number(n)) for name, n in re.findall(r"(\D+?) (\d+)(?:, |$)", said)),
            frozenset(map(unspaced, about.split(";"))),
        )
        for on, said, about, *_ in rows
    )
    return Alike(
        tuple(known.group(1).split(", ")),
        int(known.group(2) or 0),
        int(count.group(1)),
        letters,
        (int(most.group(1)), int(most.group(2))) if most else None,
    )
