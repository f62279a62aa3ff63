"""Several thresholds on one indicator of the same units: bands that cross, and limits that exclude each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Rule, Threshold
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note
from dondoc.engine.lint.figures import written


@dataclass(frozen=True, slots=True)
class Band:
    """A rule's limit on an indicator: in breach `above` or below `limit`, clear again at `clear`."""

    rule: Rule
    above: bool
    limit: Decimal
    clear: Decimal

    def vi(self) -> str:
        """`trên 3` or `dưới 5`."""
        return f"{'trên' if self.above else 'dưới'} {written(self.limit)}"

    def en(self) -> str:
        """`above 3` or `below 5`."""
        return f"{'above' if self.above else 'below'} {self.limit}"


def check(subject: LintContext) -> Iterator[Problem]:
    """Every pair of limits on one indicator and kind of period that share a unit."""
    watched: dict[tuple[str, PeriodKind], list[Band]] = defaultdict(list)
    for rule in subject.book.rules.values():
        band = _band(rule)
        if band is not None and isinstance(rule.condition, Threshold):
            watched[rule.condition.indicator, rule.condition.per].append(band)
    for bands in watched.values():
        for one, other in combinations(bands, 2):
            if subject.common(one.rule, other.rule):
                yield from _pair(one, other)


def _band(rule: Rule) -> Band | None:
    match rule.condition:
        case Threshold(above=Decimal() as limit, clear=clear):
            return Band(rule, True, limit, limit if clear is None else clear)
        case Threshold(below=Decimal() as limit, clear=clear):
            return Band(rule, False, limit, limit if clear is None else clear)
        case _:
            return None


def _pair(one: Band, other: Band) -> Iterator[Problem]:
    """The problem with two limits, if any; `duplicates` reports equal ones on one side."""
    if one.above != other.above:
        top, bottom = (one, other) if one.above else (other, one)
        if bottom.limit > top.limit:
            yield _excluded(one, other)
        elif bottom.limit == top.limit:
            yield _single(one, other)
    elif one.limit != other.limit:
        mild, severe = sorted((one, other), key=lambda band: band.limit, reverse=not one.above)
        if (severe.clear < mild.clear) if one.above else (severe.clear > mild.clear):
            yield _crossed(mild, severe)
        else:
            yield _bands(mild, severe)


def _excluded(one: Band, other: Band) -> Problem:
    return note(
        other.rule.place,
        "limits-exclude",
        f"vi phạm khi {other.vi()}, mà «{one.rule.id}» vi phạm khi {one.vi()}: giá trị nào cũng vi phạm ít nhất "
        "một; sửa một trong hai ngưỡng",
        f"this rule is broken {other.en()} and '{one.rule.id}' {one.en()}: every value breaks at least one; "
        "change one of the limits",
    )


def _single(one: Band, other: Band) -> Problem:
    return note(
        other.rule.place,
        "limits-one-value",
        f"vi phạm khi {other.vi()}, mà «{one.rule.id}» vi phạm khi {one.vi()}: chỉ đúng giá trị "
        f"{written(one.limit)} là đạt cả hai; xem lại có đúng ý không",
        f"this rule is broken {other.en()} and '{one.rule.id}' {one.en()}: only {one.limit} itself meets both; "
        "check whether that is intended",
    )


def _bands(mild: Band, severe: Band) -> Problem:
    return note(
        severe.rule.place,
        "bands",
        f"cùng chỉ tiêu với «{mild.rule.id}» ({mild.vi()}): khi {severe.vi()}, thư gộp thành một dòng theo ngưỡng "
        "này và nhắc ngưỡng kia; hai hồ sơ đóng riêng",
        f"the same indicator as '{mild.rule.id}' ({mild.en()}): {severe.en()} a letter has one row by this limit "
        "that names the other; the two cases close separately",
    )


def _crossed(mild: Band, severe: Band) -> Problem:
    return note(
        severe.rule.place,
        "bands-crossed",
        f"hồ sơ này ({severe.vi()}) chỉ đóng ở mức {written(severe.clear)}, khi «{mild.rule.id}» ({mild.vi()}) đã "
        f"đóng từ mức {written(mild.clear)}: mức nặng còn mở sau mức nhẹ; sửa mức hết vi phạm",
        f"this case ({severe.en()}) closes only at {severe.clear}, when '{mild.rule.id}' ({mild.en()}) has closed "
        f"at {mild.clear}: the severe one stays open after the mild one; change where it clears",
    )
