"""Readers of numbers, days, delays and numbers of periods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import FIRST_YEAR, LAST_YEAR, PeriodKind
from dondoc.engine.domain.rulebook import growth
from dondoc.engine.rulefile.problems import ProblemSheet
from dondoc.engine.rulefile.readers.fields import mismatch
from dondoc.engine.rulefile.readers.scalars import DROP_QUOTES, text_in, unknown_word
from dondoc.engine.rulefile.yaml_text.nodes import Node, Scalar, ScalarType

LIMIT = Decimal(10**9)
PLACES = 7

_WHY_NO_NUMBER = (
    (r"[-+]?0[0-9]+", Text("bỏ số 0 ở đầu", "drop the leading zero")),
    (r"[-+]?[0-9][0-9_]*_[0-9_]*", Text("bỏ dấu «_» trong số", "drop the '_'")),
    (r"[-+]?[0-9]+(:[0-9]+)+", Text("số không viết theo kiểu giờ", "a number is not written like a time")),
    (r"[-+]?[0-9]+,[0-9]+", Text("phần thập phân viết sau dấu chấm", "decimals follow a point")),
    (r"[-+]?[0-9]{1,3}(\.[0-9]{3}){2,}", Text("bỏ dấu chấm ngăn hàng nghìn", "drop the thousands points")),
    (r"[-+]?[0-9]{19,}", Text("số quá dài", "the number is too long")),
    (
        r"0[xo][0-9A-Fa-f]+|[-+]?[0-9.]+[eE][-+]?[0-9]+",
        Text("chỉ viết số thập phân thường", "write plain decimals"),
    ),
)
_A_NUMBER = Text("một số như 90 hoặc 2.5", "a number like 90 or 2.5")
_A_PERCENT = Text("tỷ lệ phần trăm lớn hơn 0 như «20 %»", "a percentage above 0 like '20 %'")
_A_DAY = Text("ngày dạng YYYY-MM-DD như 2015-04-20", "a date YYYY-MM-DD like 2015-04-20")
_A_MONTH_DAY = Text("ngày hằng năm dạng MM-DD như 07-20", "a day of every year MM-DD like 07-20")
_A_COUNT = Text("số kỳ như «2 calendar-quarter»", "a number of periods like '2 calendar-quarter'")


def _why(node: Node) -> Text | None:
    """Why something that looks like a number is not accepted as one; None: nothing to explain."""
    if not isinstance(node, Scalar):
        return None
    if not node.plain and Scalar(node.text, True, 0, 0).meaning in {ScalarType.WHOLE, ScalarType.DECIMAL}:
        return DROP_QUOTES
    return next((why for form, why in _WHY_NO_NUMBER if re.fullmatch(form, node.text)), None)


@dataclass(frozen=True, slots=True)
class Whole:
    """Reads a whole number from `low` to `high`, both inclusive."""

    low: int
    high: int

    @property
    def wants(self) -> Text:
        """What is expected here."""
        return Text(f"số nguyên từ {self.low} đến {self.high}", f"a whole number from {self.low} to {self.high}")

    def read(self, node: Node, sheet: ProblemSheet) -> int:
        """The number."""
        if not isinstance(node, Scalar) or node.meaning is not ScalarType.WHOLE:
            raise mismatch(node, sheet, "number-expected", self.wants, _why(node))
        number = int(node.text)
        if not self.low <= number <= self.high:
            raise mismatch(node, sheet, "number-range", self.wants)
        return number


@dataclass(frozen=True, slots=True)
class Number:
    """Reads an exact decimal: |x| < 10^9 with at most seven decimals (facts hold integers, times 10^7)."""

    wants: Text = _A_NUMBER

    def read(self, node: Node, sheet: ProblemSheet) -> Decimal:
        """The number, exactly as written."""
        if not isinstance(node, Scalar) or node.meaning not in {ScalarType.WHOLE, ScalarType.DECIMAL}:
            raise mismatch(node, sheet, "number-expected", self.wants, _why(node))
        return in_bounds(node.text, node, sheet)


@dataclass(frozen=True, slots=True)
class Percent:
    """Reads a percentage above 0, with its sign: `20 %`."""

    wants: Text = _A_PERCENT

    def read(self, node: Node, sheet: ProblemSheet) -> Decimal:
        """The percentage: 20 for `20 %`."""
        found = (
            re.fullmatch(r"((?:0|[1-9][0-9]{0,8})(?:\.[0-9]+)?) ?%", node.text)
            if isinstance(node, Scalar)
            else None
        )
        if found is None:
            raise mismatch(node, sheet, "percent-expected", self.wants, _why(node))
        percent = in_bounds(found[1], node, sheet)
        if percent <= 0:
            raise mismatch(node, sheet, "percent-expected", self.wants)
        try:
            growth(percent)
        except ValueError:
            raise sheet.say(
                node,
                "percent-too-fine",
                "tỷ lệ quá lẻ hoặc quá lớn để so sánh chính xác; dùng số như «20 %» hoặc «12.5 %», tối đa 800 %",
                "too fine or too large to be compared exactly; use one like '20 %' or '12.5 %', at most 800 %",
            ) from None
        return percent


def in_bounds(text: str, node: Node, sheet: ProblemSheet) -> Decimal:
    """The number. Raises `Unread` if it is too large or has too many decimals to be compared exactly."""
    number = Decimal(text)
    if abs(number) >= LIMIT or len(text.partition(".")[2]) > PLACES:
        raise sheet.say(
            node,
            "number-range",
            f"số phải nhỏ hơn 1 tỷ và có nhiều nhất {PLACES} chữ số thập phân",
            f"the number must be below 10^9 and have at most {PLACES} decimals",
        )
    return number


@dataclass(frozen=True, slots=True)
class Day:
    """Reads a date `YYYY-MM-DD` without quotes, from 1900 to 2100."""

    wants: Text = _A_DAY

    def read(self, node: Node, sheet: ProblemSheet) -> date:
        """The date."""
        if not isinstance(node, Scalar) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.text):
            raise mismatch(node, sheet, "date-expected", self.wants)
        if not node.plain:
            raise mismatch(node, sheet, "date-expected", self.wants, DROP_QUOTES)
        year, month, day = (int(part) for part in node.text.split("-"))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise sheet.say(
                node,
                "date-range",
                f"năm phải từ {FIRST_YEAR} đến {LAST_YEAR}",
                f"the year must be from {FIRST_YEAR} to {LAST_YEAR}",
            )
        return _real_day(year, month, day, node, sheet)


def _real_day(year: int, month: int, day: int, node: Node, sheet: ProblemSheet) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise sheet.say(node, "date-impossible", "trong lịch không có ngày này", "there is no such day") from None


@dataclass(frozen=True, slots=True)
class MonthDay:
    """Reads a day of every year, `MM-DD`; not 29 February, which most years lack."""

    wants: Text = _A_MONTH_DAY

    def read(self, node: Node, sheet: ProblemSheet) -> tuple[int, int]:
        """The month and the day."""
        text = text_in(node, sheet, "month-day-expected", self.wants)
        if re.fullmatch(r"[0-9]{2}-[0-9]{2}", text, re.ASCII) is None:
            raise mismatch(node, sheet, "month-day-expected", self.wants)
        if text == "02-29":
            raise sheet.say(
                node,
                "date-impossible",
                "ngày 29/02 không phải năm nào cũng có; dùng 02-28 hoặc 03-01",
                "not every year has a 29 February; use 02-28 or 03-01",
            )
        day = _real_day(FIRST_YEAR, int(text[:2]), int(text[3:]), node, sheet)
        return day.month, day.day


@dataclass(frozen=True, slots=True)
class Delay:
    """Reads a number of `unit`s from `low` to `high`, both inclusive: `5 workdays`, also in the singular."""

    unit: str
    low: int
    high: int

    @property
    def wants(self) -> Text:
        """What is expected here."""
        example = f"{max(self.low, 5)} {self.unit}s"
        return Text(
            f"thời gian như «{example}» (từ {self.low} đến {self.high})",
            f"a time like '{example}' (from {self.low} to {self.high})",
        )

    def read(self, node: Node, sheet: ProblemSheet) -> int:
        """The number of units."""
        text = node.text if isinstance(node, Scalar) else ""
        found = re.fullmatch(rf"(0|[1-9][0-9]{{0,3}}) {self.unit}s?", text)
        if found is None or not self.low <= int(found[1]) <= self.high:
            raise mismatch(node, sheet, "delay-malformed", self.wants)
        return int(found[1])


@dataclass(frozen=True, slots=True)
class Periods:
    """Reads a number of consecutive periods with their kind: `2 calendar-quarter`."""

    highest: int = 60
    wants: Text = _A_COUNT

    def read(self, node: Node, sheet: ProblemSheet) -> tuple[int, PeriodKind]:
        """The number of periods and their kind."""
        text = text_in(node, sheet, "periods-malformed", self.wants)
        found = re.fullmatch(r"([1-9][0-9]?) ([a-z-]+)", text, re.ASCII)
        if found is None or int(found[1]) > self.highest:
            raise mismatch(node, sheet, "periods-malformed", self.wants)
        if found[2] not in tuple(PeriodKind):
            raise unknown_word(node, sheet, found[2], tuple(PeriodKind))
        return int(found[1]), PeriodKind(found[2])


@dataclass(frozen=True, slots=True)
class NumberOrPercent:
    """Reads a number, or a percentage with its sign."""

    number: Number = Number()
    percent: Percent = Percent()

    def read(self, node: Node, sheet: ProblemSheet) -> tuple[Decimal, bool]:
        """The number, and whether it is a percentage."""
        if isinstance(node, Scalar) and node.text.endswith("%"):
            return self.percent.read(node, sheet), True
        return self.number.read(node, sheet), False
