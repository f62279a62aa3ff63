"""Takes apart what `explain` and `why-not` print, without the code that printed it.

What it returns are the words, numbers and days that their reader sees, so that they can be held against the stored
facts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tests.support.letter_reader import days, number

_DAY = r"\d\d/\d\d/\d{4}"
_HEAD = re.compile(
    r"(?P<code>\S+) · (?P<names>.*?) · (?P<status>.*?), (?P<vi>bước|lần báo lặp lại) (?P<n>\d+)"
    r" \((?P<en>.*), step (?P<step>\d+)\)"
)
_NOTICE = re.compile(
    rf"Đêm (?P<night>{_DAY}): (?P<who>.*?), (?P<section>[^,]+? \([A-Z ]+\))(?:, bước (?P<step>\d+))?; "
    rf"thư (?P<letter>\w+)(?:, (?P<state>[^;]+))?(?:; coi như chưa báo từ (?P<undone>{_DAY}))?"
)
_RUNG = re.compile(
    rf"Bước (?P<n>\d+), (?:sau (?P<at>\d+) ngày làm việc|ngay khi quá hạn)"
    rf"(?:, đêm (?P<due>{_DAY}|ngoài lịch))?(?P<reached> +← đã tới .*)?"
)


@dataclass(frozen=True)
class Notice:
    """A letter that `explain` lists: `through` is the office whose mailbox was used, empty for its own."""

    night: date
    reader: str
    through: str
    section: str
    step: int
    letter: str
    state: str
    undone: date | None


@dataclass(frozen=True)
class Rung:
    """A step of the ladder as listed; `due` is None where no night is given."""

    number: int
    at: int
    due: date | None
    reached: bool
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Coming:
    """What comes on a day: a step and who hears of it, a repeat, `lapse`, or the `newer` period is judged.

    `again`: a repeat comes every `every` working days from that day on.
    """

    on: date
    kind: str
    step: int | None = None
    readers: tuple[str, ...] = ()
    every: int = 0


@dataclass(frozen=True)
class Account:
    """What `explain` says of a case; `parts` are its six parts, line by line."""

    code: str
    names: tuple[str, ...]
    status: str
    repeat: int | None
    reached: int
    on: date
    parts: tuple[tuple[str, ...], ...]

    def find(self, part: int, pattern: str) -> re.Match[str] | None:
        """The first line of a part that begins with a pattern."""
        return next((found for line in self.parts[part - 1] if (found := re.match(pattern, line))), None)

    def day(self, part: int, pattern: str) -> date | None:
        """The day in the first group of that line."""
        found = self.find(part, pattern)
        return days(found.group(1))[0] if found else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Every letter about it, as listed."""
        return tuple(map(_notice, filter(None, (_NOTICE.fullmatch(line) for line in self.parts[4]))))

    @property
    def unheard(self) -> tuple[tuple[str, str], ...]:
        """Each office that heard nothing that night, with the reason."""
        found = (re.match(rf"Đêm {_DAY} không có thư tới (.*?): (.*)", line) for line in self.parts[4])
        return tuple((who, one.group(2)) for one in found if one for who in one.group(1).split(", "))

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The steps, without the repeats."""
        found: list[Rung] = []
        for line in self.parts[3]:
            one = _RUNG.fullmatch(line)
            if one:
                due = days(one["due"] or "")
                found.append(
                    Rung(int(one["n"]), int(one["at"] or 0), due[0] if due else None, bool(one["reached"]), ())
                )
        return tuple(found)

    @property
    def coming(self) -> tuple[Coming, ...]:
        """What comes next if nothing happens, in the order in which it stands there."""
        return tuple(_coming(self.parts[5]))


def account(text: str) -> Account:
    """What `explain` printed."""
    head, night, *rest = text.split("\n")
    found = _HEAD.fullmatch(head)
    assert found, head
    parts: list[list[str]] = []
    for line in filter(None, rest):
        if re.match(r"\d\. [A-ZĐ]", line):
            parts.append([])
        else:
            parts[-1].append(line.removeprefix("   "))
    repeat = int(found["n"]) if found["vi"] == "lần báo lặp lại" else None
    step = int(found["step"])
    assert repeat is not None or int(found["n"]) == step, head
    said = re.match(rf"Xem đêm [^,]*, ({_DAY}): ", night)
    assert said, night
    return Account(
        found["code"],
        tuple(found["names"].split(", ")),
        found["status"],
        repeat,
        step,
        days(said.group(1))[0],
        tuple(map(tuple, parts)),
    )


def unheard(said: Account, rule: str, office: str, why: str) -> WhyNot:
    """Why an office heard nothing of a case, as `explain` gives it, as `why-not` would answer for that office."""
    vietnamese, _, english = why.removesuffix(")").rpartition(" (")
    line = Line(rule, said.code, "", (), 0, vietnamese, english)
    return WhyNot("", office, said.on, "", "", (line,), None)


def _notice(found: re.Match[str]) -> Notice:
    reader, _, through = found["who"].partition(", qua ")
    return Notice(
        days(found["night"])[0],
        reader,
        through,
        found["section"].partition(" (")[0],
        int(found["step"] or 0),
        found["letter"],
        found["state"] or "",
        days(found["undone"])[0] if found["undone"] else None,
    )


def _coming(lines: Sequence[str]) -> Iterator[Coming]:
    for line in lines:
        step = re.fullmatch(rf"({_DAY}): (?:bước (\d+)|(?:hạn đã đổi|số liệu nặng thêm) .*), báo (.*)", line)
        if step:
            yield Coming(days(step.group(1))[0], "step", int(step.group(2) or 0), tuple(step.group(3).split(", ")))
        repeats = re.fullmatch(r"Sau bước cuối, báo lặp lại \(repeats\): (.*), tới (.*)", line)
        if repeats:
            for on in days(repeats.group(1)):
                yield Coming(on, "repeat", None, tuple(repeats.group(2).split(", ")))
        again = re.fullmatch(
            rf"Từ ({_DAY}), cứ (\d+) ngày làm việc báo lại một lần \(every \2 working days\), tới (.*)", line
        )
        if again:
            who = tuple(again.group(3).split(", "))
            yield Coming(days(again.group(1))[0], "again", None, who, int(again.group(2)))
        end = re.match(rf"({_DAY}): (thôi theo dõi|xét .*; từ đó kỳ ấy đứng thay)", line)
        if end:
            yield Coming(days(end.group(1))[0], "lapse" if end.group(2) == "thôi theo dõi" else "newer")


@dataclass(frozen=True)
class Line:
    """A line of `why-not`: under which rule, about which case, demand and units, and what it says.

    `units` are those it names, `more` counts the others.
    """

    rule: str
    case: str
    about: str
    units: tuple[str, ...]
    more: int
    said: str
    english: str


@dataclass(frozen=True)
class WhyNot:
    """What `why-not` says of an office and a night; `others` counts the rules that do not concern it."""

    name: str
    office: str
    on: date
    state: str
    mailbox: str
    lines: tuple[Line, ...]
    others: int | None


def why_not(text: str, names: Collection[str]) -> WhyNot:
    """What `why-not` printed; `names` are those that units have."""
    head, mailbox, *rest = text.split("\n")
    found = re.fullmatch(rf"(.*) \((\S+)\), đêm [^,]*, ({_DAY}): (.*)\. \(.*\)", head)
    assert found, head
    rule, lines, others = "", [], None
    for line in filter(None, rest):
        title = re.fullmatch(r"\S.* \[(\S+)\]", line)
        left = re.match(r"(\d+) quy tắc khác không liên quan", line)
        if title:
            rule = title.group(1)
        elif left:
            others = int(left.group(1))
        else:
            assert line.startswith("  "), line
            lines.append(_line(rule, line.strip(), names))
    return WhyNot(
        found.group(1), found.group(2), days(found.group(3))[0], found.group(4), mailbox, tuple(lines), others
    )


# What a line is about: the code of a case, a period or a day, units; then what it says of it.
_CODE = re.compile(r"([A-Z]+[A-Z0-9]*-\d{4,})(?:, |: )")
_PERIOD = re.compile(
    rf"(hạn {_DAY}|(?:tháng \d|quý [IV]|6 tháng |năm \d|kỳ \d)[^,:]*|ngày {_DAY}|{_DAY} – [^,:]*)(?:, |: )"
)


def _line(rule: str, text: str, names: Collection[str]) -> Line:
    said, _, english = text.removesuffix(")").partition(". (")
    code = _CODE.match(said)
    said = said[code.end() :] if code else said
    about = _PERIOD.match(said)
    said = said[about.end() :] if about else said
    units, more, said = _units(said, names)
    return Line(rule, code.group(1) if code else "", about.group(1) if about else "", units, more, said, english)


def _units(said: str, names: Collection[str]) -> tuple[tuple[str, ...], int, str]:
    """The units before the colon, how many more there are, and what is left."""
    found: list[str] = []
    rest = said
    while mine := [name for name in names if re.match(rf"{re.escape(name)}(?:, | và \d|: )", rest)]:
        found.append(max(mine, key=len))
        rest = rest.removeprefix(found[-1]).removeprefix(", ")
    others = re.match(r" và (\d[\d.]*) đơn vị khác", rest)
    rest = rest[others.end() :] if others else rest
    if not found or not rest.startswith(": "):
        return (), 0, said
    return tuple(found), number(others.group(1)) if others else 0, rest.removeprefix(": ")


def names_of(lines: Iterable[Line]) -> frozenset[str]:
    """Every case that the lines name."""
    return frozenset(line.case for line in lines if line.case)
