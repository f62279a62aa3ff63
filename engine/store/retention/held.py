"""What is held on a mailbox or a unit, and how it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, delete, exists, func, or_, select, update

from dondoc.engine.domain.model import ZONE, Event
from dondoc.engine.store.audit_log.covered_rows import rows_logged
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.audit_log.removals import FORGOTTEN, READERS_BLANKED, letters_sha256
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.retention.letters import empty, ended


@dataclass(frozen=True, slots=True)
class Subject:
    """A mailbox, by its address in small letters, or a unit, by its number and id."""

    address: str = ""
    unit_no: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class HeldRows:
    """How many rows of a table are held, and the first and the last day they are of (None: they have none)."""

    table: str
    rows: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Needed:
    """A unit whose open cases need a mailbox that has no replacement, and how many they are."""

    unit: str
    cases: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was removed or blanked."""

    mailboxes: int
    letters: int
    attempts: int


def subject(conn: Connection, word: str) -> Subject | None:
    """What a word names: an address, or the id of a stored unit; None: neither."""
    if "@" in word:
        return Subject(address=word.lower())
    number = conn.scalar(select(t.unit.c.no).where(t.unit.c.id == word))
    return None if number is None else Subject(unit_no=number, unit=word)


def held(conn: Connection, about: Subject) -> list[HeldRows]:
    """What is held, table by table; tables with nothing are left out."""
    letters = select(t.letter.c.id).where(_letters(about))
    attempts = t.delivery_attempt.c.letter.in_(letters)
    places: list[tuple[Column[Any], ColumnElement[bool]]] = [
        (t.mailbox.c.valid_from, _mailboxes(about)),
        (t.letter.c.night, _letters(about)),
        (t.delivery_attempt.c.started_at, attempts),
    ]
    if about.unit:
        mine = about.unit_no
        shared = t.task.c.id.in_(select(t.task_bearer.c.task_id).where(t.task_bearer.c.unit_no == mine))
        tasks = select(t.task.c.id).where(or_(t.task.c.unit_no == mine, shared))
        heir = t.inheritance_heir.c
        taken_over = t.inheritance.c.no.in_(select(heir.inheritance_no).where(heir.unit_no == mine))
        places += [
            (t.unit.c.valid_from, t.unit.c.no == mine),
            (t.unit_name.c.valid_from, t.unit_name.c.unit_no == mine),
            (t.relation.c.valid_from, _naming(t.relation, mine)),
            (t.succession.c.effective, _naming(t.succession, mine)),
            (t.submission.c.submitted_on, t.submission.c.unit_no == mine),
            (t.activity.c.done_on, t.activity.c.unit_no == mine),
            (t.reading.c.last_day, t.reading.c.unit_no == mine),
            (t.assignment.c.last_day, _naming(t.assignment, mine)),
            (t.task.c.last_day, or_(_naming(t.task, mine), shared)),
            (t.inheritance.c.recorded_at, or_(_naming(t.inheritance, mine), taken_over)),
            (t.case_file.c.opened_on, t.case_file.c.task_id.in_(tasks)),
            (t.notice.c.night, t.notice.c.reader_no == mine),
            (t.act.c.said_on, _naming(t.act, mine)),
            (t.waiver.c.first_day, _naming(t.waiver, mine)),
            (t.answer.c.said_on, t.answer.c.office == about.unit),
        ]
    found = []
    for day, which in places:
        rows, first, last = conn.execute(select(func.count(), func.min(day), func.max(day)).where(which)).one()
        if rows:
            found.append(HeldRows(day.table.name, rows, _day(first), _day(last)))
    return found


def _naming(table: Table, unit_no: int) -> ColumnElement[bool]:
    """The condition: one of the columns of a table that name units names this one."""
    columns = (column for column in table.c if column.references(t.unit.c.no))
    return or_(*(column == unit_no for column in columns))


def _day(value: date | datetime | None) -> date | None:
    """A day, or the day of an instant in Vietnam."""
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


def _letters(about: Subject) -> ColumnElement[bool]:
    if about.unit:
        return t.letter.c.office == about.unit
    return func.lower(t.letter.c.recipient) == about.address


def _mailboxes(about: Subject) -> ColumnElement[bool]:
    if about.unit:
        return t.mailbox.c.unit_no == about.unit_no
    return func.lower(t.mailbox.c.address) == about.address


def answered_by(conn: Connection, about: Subject) -> frozenset[int]:
    """The numbers of the answers that came by mail from a unit, or from the units that have or had a mailbox."""
    units = select(t.unit.c.id).join(t.mailbox, t.mailbox.c.unit_no == t.unit.c.no).where(_mailboxes(about))
    mine = t.answer.c.office == about.unit if about.unit else t.answer.c.office.in_(units)
    return frozenset(conn.scalars(select(t.answer.c.no).where(mine)))


def waiting(conn: Connection, about: Subject) -> int:
    """How many letters to it have not ended: they still leave, or wait for the operator."""
    return conn.scalar(select(func.count()).where(_letters(about), ~ended())) or 0


def needed(conn: Connection, about: Subject, today: date) -> list[Needed]:
    """The units whose open cases need a mailbox that would go, because they have no other one today."""
    other = t.mailbox.alias()
    replaced = exists().where(
        other.c.unit_no == t.mailbox.c.unit_no,
        func.lower(other.c.address) != func.lower(t.mailbox.c.address),
        _in_force(other, today),
        other.c.unit_no != about.unit_no,
    )
    units = select(t.unit.c.no, t.unit.c.id).where(
        t.unit.c.no.in_(
            select(t.mailbox.c.unit_no).where(_mailboxes(about), _in_force(t.mailbox, today), ~replaced)
        )
    )
    found = []
    for number, unit in conn.execute(units.order_by(t.unit.c.id)):
        told = exists().where(t.notice.c.case_id == t.case_file.c.id, t.notice.c.reader_no == number)
        theirs = or_(t.task.c.unit_no == number, told)
        open_ = select(func.count()).select_from(t.case_file.join(t.task, t.task.c.id == t.case_file.c.task_id))
        cases = conn.scalar(open_.where(t.is_live(), theirs)) or 0
        if cases:
            found.append(Needed(unit, cases))
    return found


def _in_force(boxes: Any, today: date) -> ColumnElement[bool]:
    return and_(boxes.c.valid_from <= today, or_(boxes.c.valid_to.is_(None), boxes.c.valid_to > today))


def forget(tx: AuditedTransaction, about: Subject, basis: str) -> Forgotten:
    """Removes its mailboxes, and of its letters the bodies, the mailbox and the server's words; logs that.

    The log names the basis and how much went, and neither the address nor the unit. Numbers, days, offices and
    hashes of the letters stay.
    """
    conn, which = tx.conn, _letters(about)
    ids = list(conn.scalars(select(t.letter.c.id).where(which, t.letter.c.recipient != "")))
    mine = t.letter.c.id.in_(ids)
    empty(tx, and_(mine, t.letter.c.mime != b""))
    nights = conn.scalars(select(t.letter.c.night).where(mine).distinct().order_by(t.letter.c.night)).all()
    conn.execute(update(t.letter).where(mine).values(recipient="", reply=""))
    for night in nights:
        blank = select(t.letter.c.id).where(t.letter.c.night == night, t.letter.c.recipient == "")
        without = conn.scalars(blank).all()
        detail = {"total": str(len(without)), "sha256": letters_sha256(without)}
        tx.log(night, [Event(READERS_BLANKED, None, detail)])
    attempts = conn.execute(
        update(t.delivery_attempt)
        .where(t.delivery_attempt.c.letter.in_(ids), t.delivery_attempt.c.text != "")
        .values(text="")
    ).rowcount
    with rows_logged(tx, None, (t.mailbox, _mailboxes(about))):
        boxes = conn.execute(delete(t.mailbox).where(_mailboxes(about))).rowcount
    counts = {"mailboxes": str(boxes), "letters": str(len(ids)), "attempts": str(attempts)}
    tx.log(None, [Event(FORGOTTEN, None, {"basis": basis, **counts})])
    return Forgotten(boxes, len(ids), attempts)
