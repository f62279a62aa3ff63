"""A form as values: its sheets, the rows with what they already show, and the choices of its drop-downs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from dondoc.engine.sources.reading.headings import FILLED_IN

Value = str | date | int | Decimal | None

_LONGEST_REF = 120
_DIGEST = 20


class CellContent(Enum):
    """The kind of content of a column's cells."""

    TEXT = auto()
    CODE = auto()
    CHOICE = auto()
    DAY = auto()
    WHOLE = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form: its name, its width in characters, its content, whether it is `needed`.

    A `rare` column is shown only if some row has a value in it.
    """

    name: str
    width: int
    holds: CellContent = CellContent.TEXT
    needed: bool = False
    rare: bool = False


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet: its rows as values by column, without the unit, and the choices of its drop-downs."""

    kind: str
    rows: tuple[Mapping[str, Value], ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one unit, made on the local day `on`."""

    unit: str
    unit_name: str
    on: date
    sheets: tuple[FormSheet, ...]


_COUNTER, _UNIT, _NAME = (
    Column("counter", 5, CellContent.WHOLE),
    Column("unit", 20, CellContent.CODE),
    Column("unit_name", 26),
)
_REF = Column("ref", 30, CellContent.CODE)

LAYOUT: Mapping[str, tuple[Column, ...]] = {
    "submissions": (
        _COUNTER,
        _UNIT,
        _NAME,
        Column("report", 50, CellContent.CHOICE),
        Column("deadline", 12, CellContent.DAY),
        Column("submitted_on", 14, CellContent.DAY, needed=True),
        Column("document", 24),
        Column("task", 16, CellContent.CODE, rare=True),
        _REF,
    ),
    "activities": (
        _COUNTER,
        _UNIT,
        _NAME,
        Column("activity", 56, CellContent.CHOICE, needed=True),
        Column("done_on", 16, CellContent.DAY, needed=True),
        Column("quantity", 12, CellContent.WHOLE, needed=True),
        _REF,
    ),
    "readings": (
        _COUNTER,
        _UNIT,
        _NAME,
        Column("indicator", 46, CellContent.CHOICE),
        Column("measure", 10),
        Column("period", 16, rare=True),
        Column("first_day", 13, CellContent.DAY),
        Column("last_day", 13, CellContent.DAY),
        Column("value", 14, CellContent.NUMBER, needed=True),
        Column("source", 26),
        _REF,
    ),
}
# The columns that a unit fills in only where the row leaves them empty; `headings.FILLED_IN` has the others.
_IF_EMPTY: Mapping[str, frozenset[str]] = {
    "submissions": frozenset({"report"}),
    "activities": frozenset(),
    "readings": frozenset({"first_day", "last_day"}),
}


def entered(kind: str, column: str, value: Value) -> bool:
    """Whether the unit fills in the cell that shows `value`; every other cell is locked."""
    return column in FILLED_IN[kind] or (value is None and column in _IF_EMPTY[kind])


def row_ref(unit: str, *parts: str) -> str:
    """The ref of a row, at most 120 characters: equal parts give the same ref in every form."""
    ref = "/".join((unit, *parts))
    if len(ref) <= _LONGEST_REF:
        return ref
    digest = hashlib.sha256(ref.encode()).hexdigest()[:_DIGEST]
    return f"{ref[: _LONGEST_REF - _DIGEST - 1]}/{digest}"
