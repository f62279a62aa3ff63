"""The reasons of `why-not` that rest on figures and their limits, held against the rows and the rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select

from dondoc.engine.domain.rulebook import Against, Threshold
from dondoc.engine.store.db import tables as t
from tests.support.account_reader import Line, WhyNot
from tests.support.letter_reader import days
from tests.support.reason_sentences import span
from tests.support.town import cutoff
from tests.support.true_accounts import Stored, local

_D = r"(\d\d/\d\d/\d{4})"
_SCALE = 10_000_000
Tasks = Collection[Row[Any]]
# A kind of period by the word that is printed for it.
KINDS = {
    "tháng": "calendar-month",
    "quý": "calendar-quarter",
    "nửa năm": "calendar-half",
    "năm": "calendar-year",
    "tháng báo cáo (từ ngày 15)": "reporting-month",
    "quý báo cáo (từ ngày 15)": "reporting-quarter",
    "nửa năm báo cáo (từ ngày 15)": "reporting-half",
    "năm báo cáo (từ ngày 15)": "reporting-year",
    "khoảng ngày khác": "reading",
}


def limit_of(line: Line, stored: Stored) -> Threshold:
    """What the rule of a line compares with."""
    condition = stored.facts.book.rules[line.rule].condition
    assert isinstance(condition, Threshold), line.rule
    return condition


def figures(said: WhyNot, line: Line, stored: Stored) -> list[Row[Any]]:
    """The figures of the rule's indicator that its units have, oldest first."""
    units = stored.called(set(line.units)) if line.units else {said.office}
    on = cutoff(stored.facts.night)
    rows = stored.facts.rows(select(t.reading).where(t.reading.c.indicator == limit_of(line, stored).indicator))
    known = [
        row for row in rows if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    ]
    mine = [row for row in known if stored.facts.units[row.unit_no] in units]
    return sorted(mine, key=lambda row: (row.last_day, row.recorded_at))


def _of(label: str, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The figures of the period that a line is about; of all where it names none."""
    found = span(label)
    return [row for row in rows if found is None or (row.first_day, row.last_day) == found]


def value_of(text: str) -> Fraction:
    """A figure as printed: the number before its unit."""
    found = re.match(r"-?[\d.]+(?:,\d+)?", text)
    assert found, text
    return Fraction(found.group().replace(".", "").replace(",", "."))


def beyond(value: Fraction, limit: Threshold) -> bool:
    """Whether a value lies strictly beyond a fixed limit."""
    if limit.above is not None:
        return value > Fraction(limit.above)
    return limit.below is not None and value < Fraction(limit.below)


def within(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """The figure is stored, and on the side of its limit that the words say."""
    limit, rows = limit_of(line, stored), figures(said, line, stored)
    several = re.fullmatch(r"(?:(.*): )?số liệu đều không (vượt|dưới) ngưỡng", line.said)
    if several:
        of = _of(several.group(1) or line.about, rows)
        outside = [row.ref for row in of if limit.rise is None and beyond(Fraction(row.value, _SCALE), limit)]
        if not of or outside:
            yield f"{line.said}: beyond are {outside} of {len(of)}"
        return
    risen = re.fullmatch(r"(?:(.*): )?([^:]*), chưa tăng quá (.+)% hoặc chưa đến (.+)", line.said)
    if risen:
        yield from _not_risen(line, risen, limit, rows)
        return
    found = re.fullmatch(r"(?:(.*): )?([^:]*?), (?:không (vượt|dưới) ngưỡng(.*)|bằng đúng ngưỡng; .*)", line.said)
    assert found, line.said
    value = value_of(found.group(2))
    if all(Fraction(row.value, _SCALE) != value for row in _of(found.group(1) or line.about, rows)):
        yield f"{line.said}: no such figure"
    bound = limit.above if limit.above is not None else limit.below
    if bound is None:
        return
    if beyond(value, limit) or (value == Fraction(bound)) != ("bằng đúng" in line.said):
        yield f"{line.said}: the limit is {bound}"
    if found.group(3) and (found.group(3) == "vượt") != (limit.above is not None):
        yield f"{line.said}: the limit is {limit}"


def _base(row: Row[Any], limit: Threshold, rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """The figure that another is compared with, where it is there."""
    assert limit.rise is not None
    key = row.previous if limit.rise.against is Against.PREVIOUS_PERIOD else row.last_year
    return next((one for one in rows if one.period == key and one.unit_no == row.unit_no), None)


def _not_risen(line: Line, found: re.Match[str], limit: Threshold, rows: Sequence[Row[Any]]) -> Iterator[str]:
    rise = limit.rise
    told = (value_of(found.group(3)), value_of(found.group(4)))
    if rise is None or told != (Fraction(rise.percent), Fraction(rise.at_least)):
        yield f"{line.said}, true is {rise}"
        return
    mine = [
        row
        for row in _of(found.group(1) or line.about, rows)
        if Fraction(row.value, _SCALE) == value_of(found.group(2))
    ]
    if not mine:
        yield f"{line.said}: no such figure"
    for row in mine:
        base = _base(row, limit, rows)
        if base is not None and _risen(Fraction(row.value, _SCALE), Fraction(base.value, _SCALE), limit):
            yield f"{line.said}: it was {base.value / _SCALE} before"


def _risen(value: Fraction, base: Fraction, limit: Threshold) -> bool:
    assert limit.rise is not None
    grown = value > base * (1 + Fraction(limit.rise.percent) / 100) or base == 0
    return grown and value >= Fraction(limit.rise.at_least)


def none_there(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """No figure at all of the kind that the rule asks for."""
    if found := figures(said, line, stored):
        yield f"{line.said}: there is {found[0].period} of {found[0].ref}"


def there(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """The figure of the period has come, from every unit that is named."""
    rows = _of(line.about, figures(said, line, stored))
    units = stored.called(set(line.units)) if line.units else {said.office}
    if len({row.unit_no for row in rows}) < max(1, len(line.units)):
        yield f"{line.said}: of {sorted(units)} there is {[row.ref for row in rows]}"


def too_early(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A figure of a period that begins, or that was recorded, before the first day that the rule judges."""
    limit, since = limit_of(line, stored), limit_of(line, stored).judged_since
    period = re.fullmatch(
        rf"số liệu (.+): kỳ bắt đầu trước ngày {_D}, từ ngày đó mới xét, nên không tính", line.said
    )
    recorded = re.fullmatch(
        rf"số liệu (.+) ghi nhận ngày {_D}, trước ngày (đặt ngưỡng )?{_D}(?:, từ ngày đó mới xét)?, "
        r"nên không tính",
        line.said,
    )
    rows = figures(said, line, stored)
    if period:
        begins = span(period.group(1))
        if days(period.group(2))[0] != since or begins is None or begins[0] >= since:
            yield f"{line.said}, true is {since}"
        if not _of(period.group(1), rows):
            yield f"{line.said}: no such figure"
    elif recorded:
        on, told = days(recorded.group(2))[0], days(recorded.group(4))[0]
        if told != since or on >= since or (recorded.group(3) and since != limit.set_on):
            yield f"{line.said}, true is {since}"
        if all(local(row.recorded_at) != on for row in _of(recorded.group(1), rows)):
            yield f"{line.said}: no such figure"


def no_base(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """The figure is there, and the earlier one that it is compared with is not."""
    label, limit = _label(line), limit_of(line, stored)
    rows = figures(said, line, stored)
    of = _of(label, rows)
    if not of or limit.rise is None:
        yield f"{line.said}: there is no figure of {label}, or none to compare with"
    for row in of if limit.rise else ():
        if (base := _base(row, limit, rows)) is not None:
            yield f"{line.said}: there is {base.ref}"


def _label(line: Line) -> str:
    """The period that a sentence names at its head, or else the one that its line is about."""
    head, colon, _ = line.said.partition(": ")
    return head if colon and span(head) else line.about


def divided(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A unit that was divided among several, this one too."""
    found = re.search(r"vì (.+) đã chia cho nhiều đơn vị", line.said)
    assert found, line.said
    name, units = stored.facts.units, stored.called(set(line.units)) if line.units else {said.office}
    heirs: dict[str, set[str]] = {}
    for row in stored.facts.rows(select(t.succession)):
        heirs.setdefault(name[row.old_no], set()).add(name[row.new_no])
    if not any(found.group(1) in stored.names(old) and len(new) > 1 and new & units for old, new in heirs.items()):
        yield f"{line.said}, true is {heirs}"


def too_short(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """The latest figures running that are beyond the limit, fewer than the rule asks for."""
    found = re.fullmatch(r"(?:.*: )?([^:]*?), đã (vượt|dưới) (?:ngưỡng )(\d+) kỳ liền; cần (\d+) kỳ", line.said)
    limit, rows = limit_of(line, stored), figures(said, line, stored)
    if not found:
        return
    run, needed = int(found.group(3)), int(found.group(4))
    if needed != limit.periods or run >= needed:
        yield f"{line.said}: the rule asks for {limit.periods}"
    if (found.group(2) == "vượt") != (limit.below is None):
        yield f"{line.said}: the limit is {limit}"
    of = _of(_label(line), rows)
    if all(Fraction(row.value, _SCALE) != value_of(found.group(1)) for row in of):
        yield f"{line.said}: no such figure"
    if limit.rise is None and (true := _run(rows, limit)) != run:
        yield f"{line.said}: {true} are beyond it running"


def _run(rows: Sequence[Row[Any]], limit: Threshold) -> int:
    """How many of the latest figures of the rule's periods, one behind the other, are beyond the limit."""
    mine = [
        row for row in rows if row.period_kind == limit.per and limit.judges(row.first_day, local(row.recorded_at))
    ]
    run, after = 0, None
    for row in reversed(mine):
        if not beyond(Fraction(row.value, _SCALE), limit) or (after is not None and after.previous != row.period):
            break
        run, after = run + 1, row
    return run


def other_periods(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """How many figures of which kind of period there are, and by which the rule asks."""
    found = re.fullmatch(r"có (.+), quy tắc hỏi theo (.+), nên chưa dùng được và chưa xét", line.said)
    assert found, line.said
    limit = limit_of(line, stored)
    if found.group(2) != "…" and KINDS[found.group(2)] != limit.per:
        yield f"{line.said}: the rule asks by {limit.per}"
    if "…" in line.said:
        return
    told = {
        KINDS[kind]: int(n) for n, kind in re.findall(r"(\d+) số liệu theo ([^,]+?)(?=, | và |$)", found.group(1))
    }
    true = Counter(
        str(row.period_kind.value) for row in figures(said, line, stored) if row.period_kind != limit.per
    )
    within_year = {kind: n for kind, n in true.items() if n >= told.get(kind, 0)}
    if not told or any(kind not in within_year for kind in told):
        yield f"{line.said}, true is {dict(true)}"
