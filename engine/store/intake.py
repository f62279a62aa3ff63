"""Brings rows in: new ones are added, the same ones change nothing, corrected ones supersede.

Facts (tasks, submissions, activities, readings) are known by their `ref`; a row with the same `ref`, other
values and a later `recorded_at` is a correction, and both are kept. Everything else is known by its own columns
and its first day, and takes over the new values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, select, update

from engine.model import TaskKind
from engine.periods import PeriodKind, named, previous, same_last_year
from engine.store import tables as t
from engine.store.database import insert_many

_DAY = timedelta(days=1)

Values = Mapping[str, Any]
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row the store cannot take: its line, the column, and why in both languages."""

    line: int
    column: str
    value: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a sheet's rows."""

    added: int
    corrected: int
    unchanged: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one sheet's rows become rows of one table."""

    table: Table
    key: tuple[str, ...]
    unit_columns: Mapping[str, str]
    shape: Callable[[Values, datetime], dict[str, Any]]
    facts: bool = False
    # Columns of which no two current rows may agree, whatever their refs.
    place: tuple[str, ...] = ()


def take(conn: Connection, sheet: str, rows: Iterable[tuple[int, Values]], now: datetime) -> Taken:
    """Takes a sheet's rows, in the caller's transaction; a row that names an unknown unit is refused.

    `now` is the import's instant, recorded for what does not bring its own.
    """
    kind = _KINDS[sheet]
    units = {row.id: row.no for row in conn.execute(select(t.unit.c.id, t.unit.c.no))}
    known = _known(conn, kind)
    places = {_place(kind, row): key for key, row in known.items()}
    fresh: dict[_Key, dict[str, Any]] = {}
    changed: dict[_Key, tuple[Values, dict[str, Any]]] = {}
    refused: list[Refused] = []
    unchanged = 0
    for line, values in rows:
        unknown = _unknown_unit(kind, values, units)
        if unknown:
            refused.append(Refused(line, *unknown))
            continue
        row = kind.shape(values, now)
        row |= {target: units.get(values[source]) for source, target in kind.unit_columns.items()}
        key = tuple(row[column] for column in kind.key)
        here = fresh.get(key) or changed.get(key, (None, None))[1]
        old = here or known.get(key)
        if kind.place and places.setdefault(_place(kind, row), key) != key:
            refused.append(_occupied(line, values, places[_place(kind, row)]))
        elif old is None:
            fresh[key] = row
        elif _same(old, row, kind):
            unchanged += 1
        elif here or (kind.facts and row["recorded_at"] <= old["recorded_at"]):
            refused.append(_twice(line, kind, values))
        else:
            changed[key] = old, row
    insert_many(conn, kind.table, fresh.values())
    _change(conn, kind, list(changed.values()))
    return Taken(len(fresh), len(changed), unchanged, tuple(refused))


def _place(kind: _Kind, row: Values) -> _Key:
    return tuple(row[column] for column in kind.place)


def _known(conn: Connection, kind: _Kind) -> dict[_Key, dict[str, Any]]:
    """What the table holds, by key; of a fact, its current version."""
    query = select(kind.table)
    if "superseded_at" in kind.table.c:
        query = query.where(kind.table.c.superseded_at.is_(None))
    return {tuple(row[column] for column in kind.key): dict(row) for row in conn.execute(query).mappings()}


def _same(old: Values, row: Values, kind: _Kind) -> bool:
    ignored = set() if kind.facts else {"recorded_at"}
    return all(old[column] == value for column, value in row.items() if column not in ignored)


def _change(conn: Connection, kind: _Kind, changed: list[tuple[Any, dict[str, Any]]]) -> None:
    if not changed:
        return
    primary = next(iter(kind.table.primary_key.columns))
    if kind.facts and "superseded_at" in kind.table.c:
        conn.execute(
            update(kind.table).where(primary == bindparam("which")).values(superseded_at=bindparam("at")),
            [{"which": old[primary.name], "at": row["recorded_at"]} for old, row in changed],
        )
        insert_many(conn, kind.table, [row for _, row in changed])
        return
    columns: list[Column[Any]] = [kind.table.c[name] for name in kind.key]
    for _, row in changed:
        conn.execute(
            update(kind.table)
            .where(*(column == row[column.name] for column in columns))
            .values({name: value for name, value in row.items() if name not in kind.key})
        )


def _unknown_unit(kind: _Kind, values: Values, units: Mapping[str, int]) -> tuple[str, str, str, str] | None:
    for column in kind.unit_columns:
        name = values[column]
        if name is not None and name not in units:
            return (
                column,
                name,
                "không có đơn vị này; bổ sung vào units.csv trước",
                "no such unit: add it to units.csv first",
            )
    return None


def _twice(line: int, kind: _Kind, values: Values) -> Refused:
    column = "ref" if kind.facts else kind.key[0]
    return Refused(
        line,
        column if column in values else next(iter(values)),
        str(values.get("ref", "")),
        "trùng khóa với một dòng khác mà nội dung khác; bản sửa phải có recorded_at muộn hơn",
        "the same key as another row with other values; a correction needs a later recorded_at",
    )


def _occupied(line: int, values: Values, holder: _Key) -> Refused:
    return Refused(
        line,
        "ref",
        values["ref"],
        f"kỳ này của đơn vị đã có số liệu dưới ref «{holder[0]}»; sửa số liệu thì dùng lại ref đó",
        f"the unit's figure for this period stands under ref {holder[0]!r}: correct it under that ref",
    )


def _exclusive(until: date | None) -> date | None:
    """The last day of a file as the half-open end of a table."""
    return until + _DAY if until else None


def _life(values: Values, now: datetime) -> dict[str, Any]:
    return {"valid_from": values["from"], "valid_to": _exclusive(values["until"]), "recorded_at": _epoch(now)}


def _epoch(now: datetime) -> datetime:
    """The chart's rows count as known from the beginning: their validity is in their own dates."""
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
    kind, period = named(values["first_day"], values["last_day"])
    earlier = {"previous": "", "last_year": ""}
    if kind is not PeriodKind.READING:
        earlier = {"previous": previous(kind, period).key, "last_year": same_last_year(kind, period).key}
    return (
        _pick(values, "ref", "indicator", "first_day", "last_day", "value", "source", "recorded_at")
        | {"period_kind": kind, "period": period.key}
        | earlier
    )


def _task(values: Values, _now: datetime) -> dict[str, Any]:
    exclusive = values["due_kind"] == "before"
    return {
        "subject": values["ref"],
        "kind": TaskKind.ASSIGNED,
        "counts": values["task"],
        "last_day": values["due"] - _DAY if exclusive else values["due"],
        "exclusive": exclusive,
        "issued_on": values["assigned_on"],
        "title": values["title"],
        "title_en": values["title_en"],
        "recorded_at": values["recorded_at"],
    }


_UNIT = {"unit": "unit_no"}

_KINDS: Mapping[str, _Kind] = {
    "units": _Kind(t.unit, ("id",), {}, _unit),
    "names": _Kind(t.unit_name, ("unit_no", "valid_from"), _UNIT, _name),
    "relations": _Kind(
        t.relation,
        ("unit_no", "other_no", "kind", "line", "valid_from"),
        {"unit": "unit_no", "other": "other_no"},
        _relation,
    ),
    "mailboxes": _Kind(t.mailbox, ("unit_no", "role", "valid_from"), _UNIT, _mailbox),
    "successions": _Kind(
        t.succession,
        ("old_no", "new_no", "scope", "effective"),
        {"old": "old_no", "new": "new_no"},
        _succession,
    ),
    "tasks": _Kind(
        t.task,
        ("subject", "kind"),
        {"unit": "unit_no", "issuer": "issuer_no", "monitor": "monitor_no", "reports_to": "reports_no"},
        _task,
        facts=True,
    ),
    "submissions": _Kind(t.submission, ("ref",), _UNIT, _submission, facts=True),
    "activities": _Kind(t.activity, ("ref",), _UNIT, _activity, facts=True),
    "readings": _Kind(
        t.reading, ("ref",), _UNIT, _reading, facts=True, place=("unit_no", "indicator", "first_day", "last_day")
    ),
}
