"""How the rows of each kind of import sheet become rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Table

from dondoc.engine.domain.periods import PeriodKind, named, previous, same_last_year
from dondoc.engine.store.db import tables as t

_DAY = timedelta(days=1)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """How the rows of one kind of sheet become rows of one table, in which `key` identifies a row."""

    table: Table
    key: tuple[str, ...]
    unit_columns: Mapping[str, str]
    shape: Callable[[Values, datetime], dict[str, Any]]
    facts: bool = False
    # Columns in which no two current rows may agree, whatever their refs.
    place: tuple[str, ...] = ()
    # The columns of the first and the last day of a fact; its unit must exist on at least one day between them.
    days: tuple[str, str] | None = None

    @property
    def keeps(self) -> bool:
        """Whether a corrected row is kept beside its correction."""
        return "superseded_at" in self.table.c


def _exclusive(until: date | None) -> date | None:
    """The exclusive end in a table, from the inclusive last day in a file."""
    return until + _DAY if until else None


def _life(values: Values, now: datetime) -> dict[str, Any]:
    return {"valid_from": values["from"], "valid_to": _exclusive(values["until"]), "recorded_at": _epoch(now)}


def _epoch(now: datetime) -> datetime:
    """The recording instant of the chart's rows, always known: the chart goes by valid dates (decision 27)."""
    return now.replace(year=1970, month=1, day=2, hour=0, minute=0, second=0, microsecond=0)


def _pick(values: Values, *columns: str) -> dict[str, Any]:
    return {column: values[column] for column in columns}


def _unit(values: Values, now: datetime) -> dict[str, Any]:
    return _pick(values, "id", "kind", "level") | _life(values, now)


def _name(values: Values, now: datetime) -> dict[str, Any]:
    return _pick(values, "name", "name_en", "short") | _life(values, now)


def _relation(values: Values, now: datetime) -> dict[str, Any]:
    return _pick(values, "kind", "line", "basis") | _life(values, now)


def _mailbox(values: Values, now: datetime) -> dict[str, Any]:
    return _pick(values, "role", "address", "languages") | _life(values, now)


def _succession(values: Values, now: datetime) -> dict[str, Any]:
    return _pick(values, "scope", "effective", "basis") | {"recorded_at": _epoch(now)}


def _submission(values: Values, _now: datetime) -> dict[str, Any]:
    return _pick(values, "ref", "report", "submitted_on", "document", "recorded_at") | {"task_ref": values["task"]}


def _activity(values: Values, _now: datetime) -> dict[str, Any]:
    return _pick(values, "ref", "activity", "done_on", "quantity", "recorded_at")


def _reading(values: Values, _now: datetime) -> dict[str, Any]:
    return {
        "ref": values["ref"],
        "indicator": values["indicator"],
        "first_day": values["first_day"],
        "last_day": values["last_day"],
        "value": values["value"],
        "source": values["source"],
        "recorded_at": values["recorded_at"],
        **_period(values["first_day"], values["last_day"]),
    }


@lru_cache(maxsize=1_000)
def _period(first: date, last: date) -> dict[str, Any]:
    """The columns of a period beside its days: its kind, its key, and the keys of earlier periods."""
    kind, period = named(first, last)
    earlier = {"previous": "", "last_year": ""}
    if kind is not PeriodKind.READING:
        earlier = {"previous": previous(kind, period).key, "last_year": same_last_year(kind, period).key}
    return {"period_kind": kind, "period": period.key} | earlier


def _task(values: Values, _now: datetime) -> dict[str, Any]:
    exclusive = values["due_kind"] == "before"
    return {
        "ref": values["ref"],
        "counts": values["task"],
        "last_day": values["due"] - _DAY if exclusive else values["due"],
        "exclusive": exclusive,
        "issued_on": values["assigned_on"],
        "title": values["title"],
        "title_en": values["title_en"],
        "recorded_at": values["recorded_at"],
    }


_UNIT = {"unit": "unit_no"}

KINDS: Mapping[str, SheetMapping] = {
    "units": SheetMapping(t.unit, ("id",), {}, _unit),
    "names": SheetMapping(t.unit_name, ("unit_no", "valid_from"), _UNIT, _name),
    "relations": SheetMapping(
        t.relation,
        ("unit_no", "other_no", "kind", "line", "valid_from"),
        {"unit": "unit_no", "other": "other_no"},
        _relation,
    ),
    "mailboxes": SheetMapping(t.mailbox, ("unit_no", "role", "valid_from"), _UNIT, _mailbox),
    "successions": SheetMapping(
        t.succession,
        ("old_no", "new_no", "scope", "effective"),
        {"old": "old_no", "new": "new_no"},
        _succession,
    ),
    "tasks": SheetMapping(
        t.assignment,
        ("ref",),
        {"unit": "unit_no", "issuer": "issuer_no", "monitor": "monitor_no", "reports_to": "reports_no"},
        _task,
        facts=True,
        days=("assigned_on", "assigned_on"),
    ),
    "submissions": SheetMapping(
        t.submission, ("ref",), _UNIT, _submission, facts=True, days=("submitted_on", "submitted_on")
    ),
    "activities": SheetMapping(t.activity, ("ref",), _UNIT, _activity, facts=True, days=("done_on", "done_on")),
    "readings": SheetMapping(
        t.reading,
        ("ref",),
        _UNIT,
        _reading,
        facts=True,
        place=("unit_no", "indicator", "first_day", "last_day"),
        days=("first_day", "last_day"),
    ),
}
