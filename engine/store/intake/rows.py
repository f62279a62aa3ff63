"""Imports rows: adds new ones, ignores known ones, lets corrected ones supersede.

Facts (tasks, submissions, activities, readings) are identified by their `ref`; a row with the same `ref`, other
values and a later `recorded_at` is a correction, and both are kept. All other rows are identified by their key
columns and first day, and are overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, bindparam, func, select, update

from dondoc.engine.domain.model import UNDATED, ZONE, Text
from dondoc.engine.domain.orgchart_checks import Contradiction
from dondoc.engine.store.audit_log.covered_rows import digests_of, log_written
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import insert_many
from dondoc.engine.store.intake import undated
from dondoc.engine.store.intake.contradictions import WrittenRelation, contradicted
from dondoc.engine.store.intake.existing import Stored, in_places, under_keys, whole_table
from dondoc.engine.store.intake.kinds import KINDS, SheetMapping, Values
from dondoc.engine.store.intake.named_demands import NamedDemands
from dondoc.engine.store.intake.tone_marks import differ_in_tone_marks_only

_DAY = timedelta(days=1)
_BATCH = 2_000
_CHART_KEY = 0x646F6E646F68

_Key = tuple[Any, ...]
_Line = tuple[int, Values]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that the store refuses: its line, the column, its value, and why in both languages.

    `lacks`: refused only because there is no such row of that sheet, "units" or "tasks".
    """

    line: int
    column: str
    value: str
    vi: str
    en: str
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """The result of importing a sheet: the numbers of its rows, and those refused."""

    added: int
    corrected: int
    unchanged: int
    refused: tuple[RefusedRow, ...]


@dataclass(frozen=True, slots=True)
class WithdrawnRow:
    """A row that was stored and then refused because the chart contradicts itself with it."""

    origin: object
    refused: RefusedRow
    corrected: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """The unit that a row names: its number, and its life [since, until)."""

    no: int
    since: date
    until: date | None


@dataclass(slots=True)
class _Known:
    """The versions under one key: the current one, and those it superseded."""

    current: dict[str, Any]
    older: list[dict[str, Any]] = field(default_factory=list)

    @property
    def withdrawn_at(self) -> datetime | None:
        """When the current version was withdrawn; None: it stands."""
        at: datetime | None = self.current.get("superseded_at")
        return at


def take(conn: Connection, sheet: str, rows: Iterable[_Line], now: datetime) -> IntakeResult:
    """Imports the rows of a sheet in the caller's transaction; refuses a row that names an unknown unit.

    `now` is the instant of the import.
    """
    intake = Intake(conn, sheet, now)
    lines = iter(rows)
    refused: list[RefusedRow] = []
    while batch := list(islice(lines, _BATCH)):
        refused += intake.batch(batch)
    refused += [one.refused for one in intake.withdraw()]
    return IntakeResult(intake.added, intake.corrected, intake.unchanged, tuple(refused))


class Intake:
    """Imports one sheet, batch by batch, in the caller's transaction, and counts its rows by result.

    Holds in memory the units and, for a sheet of the chart, its table; of facts only one batch. The result does
    not depend on how the rows are cut into batches.
    """

    def __init__(self, conn: Connection, sheet: str, now: datetime, *, unit_changes: bool = False) -> None:
        """Reads the units; `now` is the instant of the import.

        `unit_changes`: a correction may give a fact to another unit.
        """
        self._unit_changes = unit_changes
        self.added = self.corrected = self.unchanged = 0
        self.remarks: list[tuple[int, Text]] = []
        self._conn, self._now, self._kind = conn, now, KINDS[sheet]
        # One import at a time reads the chart and changes it, so that each logs the rows that it found.
        if not self._kind.facts and conn.dialect.name == "postgresql":
            conn.execute(select(func.pg_advisory_xact_lock(_CHART_KEY)))
        self._named = NamedDemands(conn)
        self._units = {
            row.id: _Unit(row.no, row.valid_from, row.valid_to)
            for row in conn.execute(select(t.unit.c.id, t.unit.c.no, t.unit.c.valid_from, t.unit.c.valid_to))
        }
        self._chart: dict[_Key, _Known] = {}
        if not self._kind.facts:
            self._chart = {self._key(row): _Known(row) for row in whole_table(conn, self._kind)}
        # Rows that this import wrote: facts are recognised by their number, rows changed in place by their key.
        self._last = self._highest_number() if self._kind.facts else 0
        self._written: set[_Key] = set()
        # By key of the chart, the row as it was stored before; None: there was none.
        self._changed: dict[_Key, Stored | None] = {}
        self._relations: dict[_Key, WrittenRelation] = {}
        self._before = conn.begin_nested() if self._kind.table is t.relation else None
        self._names: dict[int, set[str]] = {}
        if self._kind.table is t.unit_name:
            for entry in self._chart.values():
                self._names.setdefault(entry.current["unit_no"], set()).add(entry.current["name"])

    def batch(self, rows: Sequence[_Line], origin: object = None) -> list[RefusedRow]:
        """Imports some rows, in order; those that were refused. `withdraw` gives back `origin` with its rows."""
        refused: list[RefusedRow] = []
        shaped: list[tuple[int, Values, dict[str, Any]]] = []
        reports = self._kind.table is t.submission
        unnamed = self._named.unnameable(values for _, values in rows) if reports else {}
        for line, values in rows:
            if unknown := next(self.unknown_units(line, values), None):
                refused.append(unknown)
                continue
            never = unnamed.get((values["report"], values["task"])) if reports else None
            if wrong := self._not_alive(values) or never:
                refused.append(RefusedRow(line, *wrong, lacks="tasks" if wrong == never else ""))
            else:
                shaped.append((line, values, self._row(values)))
        known, places = self._known([row for _, _, row in shaped])
        fresh: list[dict[str, Any]] = []
        changed: list[tuple[Values, dict[str, Any]]] = []
        for line, values, row in shaped:
            key = self._key(row)
            old = known.get(key)
            holder = places.get(self._place(row), key) if places else key
            if taken := self._taken_by_another(line, values, row, old, holder):
                refused.append(taken)
            # To import a file again changes nothing, even one older than a correction that is stored.
            elif old is not None and (
                _among(old, row, self._kind) or (UNDATED in values and undated.is_not_new(old, row))
            ):
                self.unchanged += 1
                self._claim(key)
            elif old is not None and (wrong_order := self._out_of_order(line, values, row, old)):
                refused.append(wrong_order)
            elif old is None or old.withdrawn_at is not None:
                fresh.append(row)
                self._note(WrittenRelation(origin, line, values, row, None))
                self._changed[key] = None
                self._make_current(known, places, key, row)
                self._remark(line, row)
            else:
                changed.append((old.current, row))
                self._note(WrittenRelation(origin, line, values, row, old.current))
                self._changed[key] = old.current
                self._remark(line, row)
                self._make_current(known, places, key, row)
        self.added += insert_many(self._conn, self._kind.table, fresh)
        self.corrected += len(changed)
        _change(self._conn, self._kind, changed)
        return sorted(refused, key=lambda refusal: refusal.line)

    def _out_of_order(self, line: int, values: Values, row: Values, old: _Known) -> RefusedRow | None:
        """Why a row cannot follow the versions that are stored under its key."""
        # Two values without an order in time: nobody can say which is right, so neither replaces the other.
        if self._wrote(self._key(row), old) or (
            self._kind.facts and row["recorded_at"] <= old.current["recorded_at"]
        ):
            return _twice(line, self._kind, values)
        # What was withdrawn comes back only by what was recorded since.
        if old.withdrawn_at is not None and row["recorded_at"] <= old.withdrawn_at:
            return _withdrawn_since(line, values, old.withdrawn_at)
        # A form shows what was known when it was made: its old value must not undo a later correction.
        if UNDATED in values and undated.was_said_before(old, row):
            return RefusedRow(line, *undated.corrected_since(row, old))
        return None

    def withdraw(self) -> list[WithdrawnRow]:
        """Withdraws the relations of this import that contradict others; each with the reason.

        Of two written relations that contradict each other the later one goes, of a written and an older one the
        written. Call it once, after all relations of an import, so that the order of its rows does not matter.
        """
        if self._before is None:
            return []
        standing = [entry.current for entry in self._chart.values()]
        found = [self._withdrawn(one, fault) for one, fault in contradicted(self._conn, standing, self._relations)]
        if found:
            # Roll back all and write the others again: so the database role needs no right to delete.
            self._before.rollback()
            kept = self._relations.values()
            insert_many(self._conn, t.relation, [one.row for one in kept if one.before is None])
            _change(self._conn, self._kind, [(one.before, one.row) for one in kept if one.before is not None])
        else:
            self._before.commit()
        self._before = None
        return found

    def log(self, tx: AuditedTransaction) -> None:
        """Logs the digests of the rows of the chart that were written; call it once, after everything is written.

        Of facts the log has the files they came from.
        """
        if self._kind.facts or not self._changed:
            return
        table = self._kind.table
        stood = (row for row in self._changed.values() if row is not None)
        now = (row for row in whole_table(self._conn, self._kind) if self._key(row) in self._changed)
        log_written(tx, None, table, digests_of(table, stood), digests_of(table, now))

    def _withdrawn(self, written: WrittenRelation, fault: Contradiction) -> WithdrawnRow:
        key, before = self._key(written.row), written.before
        del self._relations[key], self._changed[key]
        if before is None:
            del self._chart[key]
            self.added -= 1
        else:
            self._chart[key] = _Known(before)
            self.corrected -= 1
        value = str(written.values[fault.column])
        alone = len(fault.edges) == 1
        vi = "sửa dòng này" + ("" if alone else ", hoặc kết thúc quan hệ kia bằng until trong cùng lần nạp")
        en = "correct this row" + ("" if alone else ", or end the other relation with until in the same import")
        refused = RefusedRow(written.line, fault.column, value, f"{fault.text.vi}; {vi}", f"{fault.text.en}: {en}")
        return WithdrawnRow(written.origin, refused, corrected=before is not None)

    def _note(self, written: WrittenRelation) -> None:
        if self._kind.table is t.relation:
            self._relations[self._key(written.row)] = written

    def _taken_by_another(
        self, line: int, values: Values, row: Values, old: _Known | None, holder: _Key
    ) -> RefusedRow | None:
        """Why a fact cannot have its ref: the unit's figure has another, or the ref is another unit's."""
        # A unit has one figure for a period: a second ref for it would make two.
        if holder != self._key(row):
            return _occupied(line, values, holder)
        if old is None or not self._kind.facts or self._unit_changes:
            return None
        number = old.current["unit_no"]
        # Two offices that both number their rows from 1 must not overwrite each other's.
        if number == row["unit_no"]:
            return None
        return _others(line, values, next(name for name, unit in self._units.items() if unit.no == number))

    def _row(self, values: Values) -> dict[str, Any]:
        row = self._kind.shape(values, self._now)
        for source, target in self._kind.unit_columns.items():
            unit = self._units.get(values[source])
            row[target] = None if unit is None else unit.no
        return row

    def _key(self, row: Values) -> _Key:
        return tuple([row[column] for column in self._kind.key])

    def _place(self, row: Values) -> _Key:
        return tuple([row[column] for column in self._kind.place])

    def _make_current(
        self, known: dict[_Key, _Known], places: dict[_Key, _Key], key: _Key, row: dict[str, Any]
    ) -> None:
        """Makes a row the current one of its key, for the rows after it."""
        old = known.get(key)
        if self._kind.place:
            if old is not None:
                places.pop(self._place(old.current), None)
            places[self._place(row)] = key
        known[key] = _Known(row, [*old.older, old.current] if old is not None and self._kind.keeps else [])
        if old is not None and not self._kind.keeps:
            self._written.add(key)
        self._claim(key)

    def _claim(self, key: _Key) -> None:
        """Marks a row of the chart as given by this import, so that no other row of it may contradict this one."""
        if not self._kind.facts:
            self._written.add(key)

    def _wrote(self, key: _Key, old: _Known) -> bool:
        """Whether this import itself wrote the current row of a key."""
        if key in self._written or not self._kind.facts:
            return key in self._written
        return bool(old.current.get("id", self._last + 1) > self._last)

    def _known(self, rows: list[dict[str, Any]]) -> tuple[dict[_Key, _Known], dict[_Key, _Key]]:
        """What is stored under the keys of some rows, and by place the key that holds it."""
        if not self._kind.facts:
            return self._chart, {}
        known: dict[_Key, _Known] = {}
        for row in under_keys(self._conn, self._kind, rows):
            _file(known, self._key(row), row)
        if not self._kind.place:
            return known, {}
        standing = {key: entry for key, entry in known.items() if entry.withdrawn_at is None}
        places = {self._place(entry.current): key for key, entry in standing.items()}
        open_ = [row for row in rows if places.get(self._place(row)) != self._key(row)]
        return known, places | {
            self._place(row): self._key(row) for row in in_places(self._conn, self._kind, open_)
        }

    def _highest_number(self) -> int:
        return self._conn.scalar(select(func.max(self._kind.table.c.id))) or 0

    def _remark(self, line: int, row: Values) -> None:
        """Notes a name that differs from another one of its unit only in the place of its tone marks."""
        if self._kind.table is not t.unit_name:
            return
        others = self._names.setdefault(row["unit_no"], set())
        for other in sorted(others):
            if differ_in_tone_marks_only(row["name"], other):
                vi = f"tên chỉ khác «{other}» ở chỗ đặt dấu"
                self.remarks.append(
                    (line, Text(vi, f"differs from {other!r} only in the place of its tone marks"))
                )
        others.add(row["name"])

    def unknown_units(self, line: int, values: Values) -> Iterator[RefusedRow]:
        """One refusal for each unit that a row names and that does not exist; `values` may lack columns."""
        for column in self._kind.unit_columns:
            name = values.get(column)
            if name is not None and name not in self._units:
                yield RefusedRow(
                    line,
                    column,
                    name,
                    "không có đơn vị này; bổ sung vào units.csv trước",
                    "no such unit: add it to units.csv first",
                    lacks="units",
                )

    def _not_alive(self, values: Values) -> tuple[str, str, str, str] | None:
        if self._kind.days is None:
            return None
        first, last = (values[column] for column in self._kind.days)
        unit = self._units[values["unit"]]
        column = self._kind.days[0]
        if unit.until is not None and first >= unit.until:
            ended = unit.until - _DAY
            return (
                column,
                str(first),
                f"đơn vị đã kết thúc ngày {ended:%d/%m/%Y}; ghi cho đơn vị kế thừa",
                f"the unit ended on {ended}: enter it for its successor",
            )
        if last < unit.since:
            return (
                column,
                str(first),
                f"đơn vị chỉ có từ ngày {unit.since:%d/%m/%Y}",
                f"the unit exists only since {unit.since}",
            )
        return None


def _file(known: dict[_Key, _Known], key: _Key, row: dict[str, Any]) -> None:
    """Adds a stored version to those of its key; call it in the order in which they were stored.

    The last one is the current one; it is superseded where it was withdrawn.
    """
    entry = known.get(key)
    if entry is None:
        known[key] = _Known(row)
    else:
        known[key] = _Known(row, [*entry.older, entry.current])


def _among(known: _Known, row: Values, kind: SheetMapping) -> bool:
    """Whether a stored version, current or older, has the same values as the row."""
    return any(_same(version, row, kind) for version in (known.current, *known.older))


def _same(old: Values, row: Values, kind: SheetMapping) -> bool:
    if kind.facts:
        return row.items() <= old.items()
    return all(old[column] == value for column, value in row.items() if column != "recorded_at")


def _change(conn: Connection, kind: SheetMapping, changed: list[tuple[Values, dict[str, Any]]]) -> None:
    if not changed:
        return
    if kind.keeps:
        conn.execute(
            update(kind.table).where(kind.table.c.id == bindparam("which")).values(superseded_at=bindparam("at")),
            [{"which": old["id"], "at": row["recorded_at"]} for old, row in changed],
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


def _twice(line: int, kind: SheetMapping, values: Values) -> RefusedRow:
    if UNDATED in values:
        return RefusedRow(line, *undated.twice(values["ref"]))
    column = "ref" if kind.facts else kind.key[0]
    return RefusedRow(
        line,
        column if column in values else next(iter(values)),
        str(values.get("ref", "")),
        "trùng khóa với một dòng khác mà nội dung khác; bản sửa phải có recorded_at muộn hơn",
        "the same key as another row with other values; a correction needs a later recorded_at",
    )


def _withdrawn_since(line: int, values: Values, at: datetime) -> RefusedRow:
    moment = at.astimezone(ZONE)
    return RefusedRow(
        line,
        "ref",
        values["ref"],
        f"dòng này đã được rút lúc {moment:%H:%M ngày %d/%m/%Y}; nếu nay có thật, ghi recorded_at muộn hơn",
        f"was withdrawn at {moment:%d/%m/%Y %H:%M}: if it is real now, give it a later recorded_at",
    )


def _others(line: int, values: Values, owner: str) -> RefusedRow:
    ref, unit = values["ref"], values["unit"]
    return RefusedRow(
        line,
        "ref",
        ref,
        f"ref này đã là một dòng của {owner}, không phải của {unit}; đặt ref riêng cho mỗi đơn vị, như "
        f"«{unit}-{ref}» (dòng cũ ghi nhầm đơn vị: nạp với --unit-changes)",
        f"under this ref there is a row of {owner}, not of {unit}: give each unit refs of its own, such as "
        f"'{unit}-{ref}' (if the old row names the wrong unit: import with --unit-changes)",
    )


def _occupied(line: int, values: Values, holder: _Key) -> RefusedRow:
    return RefusedRow(
        line,
        "ref",
        values["ref"],
        f"kỳ này của đơn vị đã có số liệu dưới ref «{holder[0]}»; sửa số liệu thì dùng lại ref đó",
        f"the unit already has a figure for this period, under ref {holder[0]!r}: use that ref to correct it",
    )
