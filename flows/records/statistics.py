"""`dondoc statistics`: cases by directive, rule, kind of unit and year, with those that were folded long ago."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night.acts import declared_cases
from dondoc.engine.store.night.nights import names_of
from dondoc.engine.store.night.tasks import stored_rules
from dondoc.engine.store.retention.cases import StatisticKey, counted_cases, folded
from dondoc.flows.config import settings

_Group = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """The cases of a rule (empty: imported tasks) for one kind of unit that were opened in a year.

    `late`: closed by a report after the limit, and `median_days_late` of these (None: there is none).
    `reassigned`: closed because another unit has the matter. `otherwise`: closed with another outcome. `open`: not
    closed yet; of these `declared`: a report waits to be confirmed.
    """

    directive: str
    rule: str
    unit_kind: str
    year: int
    opened: int
    open: int
    declared: int
    late: int
    reassigned: int
    otherwise: int
    median_days_late: float | None


HEAD = {
    "directive": Text("Văn bản", "Directive"),
    "rule": Text("Quy tắc", "Rule"),
    "unit_kind": Text("Loại đơn vị", "Kind of unit"),
    "year": Text("Năm mở", "Opened in"),
    "opened": Text("Đã mở", "Opened"),
    "open": Text("Còn mở", "Still open"),
    "declared": Text("Đã báo gửi, chưa xác nhận", "Declared, not confirmed"),
    "late": Text("Đóng, muộn", "Closed late"),
    "reassigned": Text("Đóng, đã chuyển đơn vị khác", "Closed, given to another unit"),
    "otherwise": Text("Đóng, cách khác", "Closed otherwise"),
    "median_days_late": Text("Trung vị số ngày muộn", "Median days late"),
}


def statistics(environment: Mapping[str, str]) -> list[StatisticsRow]:
    """The rows of the configured database, by rule, kind and year."""
    with settings.read_only(settings.load(environment)) as conn:
        return statistics_of(conn)


def statistics_of(conn: Connection) -> list[StatisticsRow]:
    """Like `statistics`, on a connection."""
    groups: dict[_Group, Counter[StatisticKey]] = {}
    for key, number in (folded(conn) + counted_cases(conn)).items():
        groups.setdefault(key[:3], Counter())[key] += number
    waiting: Counter[_Group] = Counter()
    for key, number in counted_cases(conn, declared_cases(conn, names_of(conn, stored_rules(conn)))).items():
        waiting[key[:3]] += number
    return [_row(group, cases, waiting[group]) for group, cases in sorted(groups.items())]


def _row(group: _Group, cases: Counter[StatisticKey], declared: int) -> StatisticsRow:
    rule, unit_kind, year = group
    late = [days for *_, outcome, days in cases.elements() if outcome == Outcome.LATE]
    open_ = sum(number for (*_, outcome, _days), number in cases.items() if not outcome)
    directive, _, name = rule.rpartition("/")
    reassigned = sum(number for (*_, outcome, _days), number in cases.items() if outcome == Outcome.REASSIGNED)
    otherwise = cases.total() - len(late) - reassigned - open_
    middle = float(median(late)) if late else None
    counts = cases.total(), open_, declared, len(late), reassigned, otherwise
    return StatisticsRow(directive, name, unit_kind, year, *counts, middle)


def cells(row: StatisticsRow) -> tuple[str, ...]:
    """A row as text, in the order of `HEAD`: whole numbers without a point, nothing for no median."""
    values: dict[str, Any] = asdict(row)
    middle = row.median_days_late
    values["median_days_late"] = "" if middle is None else f"{middle:g}"
    return tuple(str(values[name]) for name in HEAD)
