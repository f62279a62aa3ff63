"""Limits that may not say what their author meant: thousands written as decimals, and small sensitive counts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dondoc.engine.domain.rulebook import Indicator, Rule, Threshold
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import LintContext, note

_SHARES = frozenset({"%", "‰", "phần trăm", "phần nghìn"})
_SHOWN_FROM = 3
_GROUP = 3


def check(subject: LintContext) -> Iterator[Problem]:
    """Every number of every threshold."""
    for rule in subject.book.rules.values():
        if isinstance(rule.condition, Threshold):
            indicator = subject.book.indicators[rule.condition.indicator]
            yield from _thousands(rule, rule.condition, indicator)
            yield from _masked(rule, rule.condition, indicator)


def _thousands(rule: Rule, threshold: Threshold, indicator: Indicator) -> Iterator[Problem]:
    """`1.426` on an indicator that counts things; a percentage may well have three decimals."""
    if indicator.unit.vi in _SHARES:
        return
    rise = threshold.rise
    numbers = (threshold.above, threshold.below, rise.at_least if rise else threshold.clear)
    for number in numbers:
        if number is not None and abs(number) >= 1 and number.as_tuple().exponent == -_GROUP:
            whole = f"{number:f}".replace(".", "")
            yield note(
                rule.place,
                "thousands",
                f"{number:f} được đọc là {written(number)} {indicator.unit.vi}, chưa đến {abs(int(number)) + 1}; "
                f"nếu ý là {whole} thì viết liền, không có dấu chấm",
                f"{number:f} is read as a decimal, less than {abs(int(number)) + 1} {indicator.unit.en}; if "
                f"{whole} is meant, write it without the point",
            )


def _masked(rule: Rule, threshold: Threshold, indicator: Indicator) -> Iterator[Problem]:
    """A limit below 3 on a sensitive indicator (decision 48)."""
    limit = threshold.above if threshold.above is not None else threshold.below
    if indicator.sensitive and limit is not None and limit < _SHOWN_FROM:
        yield note(
            rule.place,
            "masked",
            f"ngưỡng {written(limit)} trên chỉ tiêu nhạy cảm «{indicator.id}»: số 1 và 2 in là «dưới 3», khi đó "
            "thư không in ngưỡng và mọi chênh lệch",
            f"limit {limit} on the sensitive indicator '{indicator.id}': counts of 1 and 2 are printed as under "
            "3, and then neither the limit nor any difference is printed",
        )


def written(number: Decimal) -> str:
    """A number with the Vietnamese decimal comma: `1,426`."""
    return f"{number:f}".replace(".", ",")
