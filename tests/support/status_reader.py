"""Takes apart what `status` prints, without the code that printed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tests.support.letter_reader import days, number

_DAY = r"\d\d/\d\d/\d{4}"
_WARNED = re.compile(r"! (?P<what>.*)\. \((?P<english>.*)\.\) \[(?P<code>[a-z-]+)\]")
_N = r"(\d[\d.,]*)"
# What became of a day: its night, its letters, its sources, its heartbeat.
_BECAME = (
    re.compile(
        rf"Đêm (đã|CHƯA) chạy; {_N} thư: {_N} đã đi(?:, {_N} máy chủ thư hẹn lại)?, {_N} còn chờ, "
        rf"{_N} không tới( hoặc chưa rõ)?"
        r"(?:; nguồn kéo được (\d+)/(\d+)(?:, CHƯA được ([^;]*))?)?(?:; (có|KHÔNG có) tín hiệu sống)?"
    ),
    re.compile(
        rf"The night (ran|DID NOT run); {_N} letters?: "
        rf"{_N} left(?:, {_N} put off by the mail server)?, {_N} still waiting, "
        rf"{_N} lost( or of unknown fate)?"
        r"(?:; sources pulled (\d+) of (\d+)(?:, MISSING ([^;]*))?)?(?:; (heartbeat given|NO heartbeat))?"
    ),
)
_YES = ("đã", "ran", "có", "heartbeat given")


@dataclass(frozen=True)
class Warned:
    """A line about something that is wrong: its code, and what it says with what to do, in both languages."""

    code: str
    what: str
    english: str


@dataclass(frozen=True)
class DayBefore:
    """What is said of the promises of a day: kept or not, its night, its letters, its sources, its heartbeat.

    `letters` are all of them, those that left, were put off by the mail server, wait, and did not arrive, which of
    the last is not clear if `unclear`.
    """

    day: date
    kept: bool
    ran: bool
    letters: tuple[int, ...]
    unclear: bool
    pulled: tuple[int, int] | None
    missing: tuple[str, ...]
    heartbeat: bool | None


@dataclass(frozen=True)
class Status:
    """What `status` says: the night and its state, the cases, the letters by word, the action items.

    `ran` is when the night ran, `left` when a letter last left.
    """

    night: date | None
    state: str
    live: int
    waits: Mapping[str, int]
    closed: int
    letters: tuple[tuple[str, int], ...]
    lines: tuple[str, ...]
    ran: str
    left: str
    warnings: tuple[Warned, ...]
    yesterday: DayBefore | None


def status(text: str) -> Status:
    """What `status` printed."""
    head, latest, below = text.partition("Đêm gần nhất: ")
    first, cases, letters, *rest = f"{latest}{below}".split("\n")
    night = re.fullmatch(rf"Đêm gần nhất: (?:chưa có đêm nào|({_DAY}) \((.*?)\)(?:, chạy lúc (.*))?)", first)
    found = re.fullmatch(r"Hồ sơ đang mở: (\d+)(?: \((.*)\))?; đã đóng: (\d+)", cases)
    assert night, first
    assert found, cases
    said, _, left = letters.removeprefix("Thư: ").partition("; đi gần nhất lúc ")
    lines = head.splitlines()
    before = [line for line in lines if line.startswith("Việc đến hạn hôm qua ")]
    return Status(
        days(night.group(1))[0] if night.group(1) else None,
        night.group(2) or "",
        int(found.group(1)),
        dict(_counted(found.group(2) or "")),
        int(found.group(3)),
        tuple(_counted("" if said == "chưa có" else said)),
        tuple(line.removeprefix("  - ") for line in rest),
        night.group(3) or "",
        left,
        tuple(map(_warned, lines[: len(lines) - len(before)])),
        _day_before(before[0]) if before else None,
    )


def _counted(text: str) -> Iterator[tuple[str, int]]:
    for one in filter(None, text.split(", ")):
        word, _, n = one.rpartition(" ")
        yield word, int(n)


def _warned(line: str) -> Warned:
    found = _WARNED.fullmatch(line)
    assert found, line
    return Warned(found["code"], found["what"], found["english"])


def _day_before(line: str) -> DayBefore:
    """Both languages say the same of the same day."""
    found = re.fullmatch(
        rf"Việc đến hạn hôm qua ({_DAY}): (đủ|CHƯA ĐỦ)\. (.*)\. "
        r"\(Yesterday, (.*): (all kept|NOT all kept)\. (.*)\.\)",
        line,
    )
    assert found, line
    assert found.group(1) == found.group(4), line
    said, also = (
        _became(days(found.group(1))[0], kept in ("đủ", "all kept"), one.fullmatch(text))
        for one, kept, text in zip(_BECAME, found.group(2, 5), found.group(3, 6), strict=True)
    )
    assert said == also, line
    return said


def _became(day: date, kept: bool, found: re.Match[str] | None) -> DayBefore:  # noqa: FBT001 - read, not chosen
    assert found, day
    ran, *letters, unclear, pulled, sources, missing, beat = found.groups()
    each = tuple(number(one.replace(",", ".")) if one else 0 for one in letters)
    return DayBefore(
        day,
        kept,
        ran in _YES,
        each,
        unclear is not None,
        (int(pulled), int(sources)) if pulled else None,
        tuple(missing.split(", ")) if missing else (),
        None if beat is None else beat in _YES,
    )
