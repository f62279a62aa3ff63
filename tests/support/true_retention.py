"""What `held`, `forget`, `retain` and `statistics` print, held against the rows before and after.

Each check takes a printed text and yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import Engine, Row, Table, select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import CaseStatus, Outcome
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.letter_reader import days
from tests.support.true_accounts import local

_D = r"\d\d/\d\d/\d{4}"
# By table of what is held, the column of the day of a row.
_DAYS = {
    "mailbox": "valid_from",
    "letter": "night",
    "delivery_attempt": "started_at",
    "unit": "valid_from",
    "unit_name": "valid_from",
    "relation": "valid_from",
    "succession": "effective",
    "submission": "submitted_on",
    "activity": "done_on",
    "reading": "last_day",
    "assignment": "last_day",
    "task": "last_day",
    "inheritance": "recorded_at",
    "case_file": "opened_on",
    "notice": "night",
    "act": "said_on",
}
Rows = Mapping[str, Sequence[Row[Any]]]


def stored(engine: Engine) -> Rows:
    """Every row of every table."""
    with reading(engine) as conn:
        return {table.name: conn.execute(select(table)).all() for table in t.metadata.sorted_tables}


def untrue_held(said: str, word: str, rows: Rows) -> Iterator[str]:
    """Each table with rows about a mailbox or a unit, how many they are, and their first and last day."""
    true = {}
    for name, found in (_of_box(word, rows) if "@" in word else _of_unit(word, rows)).items():
        mine = sorted(filter(None, (_day(getattr(row, _DAYS[name])) for row in found)))
        shown = "" if not mine else f", {mine[0]:%d/%m/%Y}"
        if mine and mine[0] != mine[-1]:
            shown += f" – {mine[-1]:%d/%m/%Y}"
        if found:
            true[name] = f"{name}: {len(found)}{shown}"
    lines = [line for line in said.splitlines() if not line.startswith("Không giữ gì")]
    if sorted(lines) != sorted(true.values()):
        yield f"{sorted(set(lines) - set(true.values()))}, true is {sorted(set(true.values()) - set(lines))}"
    if ("Không giữ gì" in said) == bool(true):
        yield f"{said}, true is {true}"


def _day(value: date | datetime | None) -> date | None:
    return local(value) if isinstance(value, datetime) else value


def _with_attempts(found: dict[str, list[Row[Any]]], rows: Rows) -> dict[str, list[Row[Any]]]:
    letters = {row.id for row in found["letter"]}
    return found | {"delivery_attempt": [row for row in rows["delivery_attempt"] if row.letter in letters]}


def _of_box(word: str, rows: Rows) -> dict[str, list[Row[Any]]]:
    """The rows of a mailbox: those of any table in which a column is its address."""
    found = {
        name: [row for row in mine if any(str(value).lower() == word.lower() for value in row)]
        for name, mine in rows.items()
    }
    return _with_attempts({name: mine for name, mine in found.items() if mine} | {"letter": found["letter"]}, rows)


def _of_unit(word: str, rows: Rows) -> dict[str, list[Row[Any]]]:
    """The rows that name a unit in any column, and the cases, letters and attempts that are about it."""
    (no,) = [row.no for row in rows["unit"] if row.id == word]
    naming = {
        table.name: [row for row in rows[table.name] if no in (getattr(row, name) for name in _names(table))]
        for table in t.metadata.sorted_tables
    }
    shared = {row.task_id for row in naming.pop("task_bearer")}
    taken = {row.inheritance_no for row in naming.pop("inheritance_heir")}
    carried = {row.id for row in rows["task"] if row.unit_no == no} | shared
    naming["unit"] = [row for row in rows["unit"] if row.no == no]
    naming["letter"] = [row for row in rows["letter"] if row.office == word]
    naming["task"] = [row for row in rows["task"] if row in naming["task"] or row.id in shared]
    naming["inheritance"] = [row for row in rows["inheritance"] if row in naming["inheritance"] or row.no in taken]
    naming["case_file"] = [row for row in rows["case_file"] if row.task_id in carried]
    return _with_attempts(naming, rows)


def _names(table: Table) -> list[str]:
    """The columns that name units."""
    return [column.name for column in table.c if column.references(t.unit.c.no)]


def untrue_forgotten(said: str, word: str, before: Rows, after: Rows) -> Iterator[str]:
    """How many mailboxes, readers of letters and words of servers went; nothing is left, and no more went."""
    found = re.match(r"Đã xóa (\d+) hộp thư; (\d+) thư không còn nội dung .*; (\d+) câu trả lời", said)
    assert found, said
    blank = [row.id for row in after["letter"] if not row.recipient]
    words = {(row.letter, row.lease_token): row.text for row in before["delivery_attempt"]}
    true = (
        len(before["mailbox"]) - len(after["mailbox"]),
        sum(bool(row.recipient) and row.id in blank for row in before["letter"]),
        sum(bool(words[row.letter, row.lease_token]) and not row.text for row in after["delivery_attempt"]),
    )
    if tuple(map(int, found.groups())) != true:
        yield f"{found.group()}, true is {true}"
    left = {name: len(mine) for name, mine in _of_box(word, after).items() if mine} if "@" in word else {}
    if left:
        yield f"{word} is still in {left}"
    kept = {row.id: (row.night, row.office, row.mime_sha256) for row in before["letter"]}
    if kept != {row.id: (row.night, row.office, row.mime_sha256) for row in after["letter"]}:
        yield "the number, the day or the hash of a letter went too"
    if any(row.mime or row.reply for row in after["letter"] if row.id in blank):
        yield "a letter has its content still"


_WHAT = {
    "nội dung thư": "letters",
    "lần gửi": "attempts",
    "dòng đã được thay": "history",
    "hồ sơ đã đóng, gộp vào thống kê": "cases",
}


def untrue_retained(said: str, before: Rows, after: Rows) -> Iterator[str]:
    """How much of each kind went, by the rows that are there no more, all of it from before the day named."""
    for line in said.splitlines():
        found = re.fullmatch(
            rf"Đã bỏ (\d+) (.+?)(?: \(([\d.]+) byte\))?, trước ngày ({_D})\. \(.*, removed\)", line
        )
        assert found, line
        until = days(found.group(4))[0]
        gone = _gone(_WHAT[found.group(2)], until, before, after)
        if int(found.group(1)) != len(gone):
            yield f"{line}, true is {len(gone)}"
        if found.group(3) and int(found.group(3).replace(".", "")) != sum(row.size for row, _ in gone):
            yield f"{line}, true is {sum(row.size for row, _ in gone)}"
        late = [on for _, on in gone if on is not None and on >= until]
        if late:
            yield f"{line}: gone is also what is of {late[:3]}"


def _gone(what: str, until: date, before: Rows, after: Rows) -> list[tuple[Row[Any], date | None]]:
    """The rows of a kind that went, each with its day."""
    if what == "letters":
        empty = {row.id for row in after["letter"] if not row.mime}
        return [(row, row.night) for row in before["letter"] if row.mime and row.id in empty]
    tables = {
        "attempts": ("delivery_attempt",),
        "history": ("submission", "activity", "reading", "assignment", "case_before", "task_before"),
        "cases": ("case_file",),
    }[what]
    cases = {row.id for row in before["case_file"]} - {row.id for row in after["case_file"]}
    found: list[tuple[Row[Any], date | None]] = []
    for name in tables:
        left = set(after[name])
        mine = [(row, _went_on(name, row, before)) for row in before[name] if row not in left]
        # How a case was before a night goes with the case too, and is counted with neither.
        found += [one for one in mine if getattr(one[0], "case_id", 0) not in cases or (one[1] or until) < until]
    return found


def _went_on(name: str, row: Row[Any], before: Rows) -> date | None:
    if name == "delivery_attempt":
        (on,) = [letter.night for letter in before["letter"] if letter.id == row.letter]
        return on
    if name == "case_file":
        return row.closed_on
    return row.night if name.endswith("_before") else _day(row.superseded_at)


def _is_declared(case: int, rows: Rows) -> bool:
    """Whether the last thing said of a report of the case is that it was handed in."""
    acts = sorted((row for row in rows["act"] if row.case_id == case), key=lambda row: row.no)
    gone = {row.about for row in acts if row.kind is ActKind.TAKEN_BACK}
    said = [row.kind for row in acts if row.no not in gone]
    about = (ActKind.DECLARED, ActKind.CONFIRMED, ActKind.NOT_CONFIRMED)
    return [kind for kind in said if kind in about][-1:] == [ActKind.DECLARED]


def untrue_statistics(said: str, rows: Rows) -> Iterator[str]:
    """By rule, kind of unit and year: the cases opened, open, closed late and how late, given away, otherwise.

    `rows` are those of a time at which no case was folded yet.
    """
    tasks, rules = {row.id: row for row in rows["task"]}, {row.no: row.id for row in rows["rule"]}
    kinds = {row.no: row.kind for row in rows["unit"]}
    groups: dict[tuple[str, str, int], list[Row[Any]]] = defaultdict(list)
    for case in rows["case_file"]:
        task = tasks[case.task_id]
        groups[rules.get(task.rule_no, ""), kinds[task.unit_no], case.opened_on.year].append(case)
    true = set()
    for (rule, kind, year), cases in groups.items():
        closed = [case for case in cases if case.status is CaseStatus.CLOSED]
        late = [
            max((tasks[case.task_id].done_on - case.last_day).days, 0)
            if tasks[case.task_id].done_on and case.last_day
            else 0
            for case in closed
            if case.outcome is Outcome.LATE
        ]
        paper, _, name = rule.rpartition("/")
        declared = sum(case.status is not CaseStatus.CLOSED and _is_declared(case.id, rows) for case in cases)
        given = sum(case.outcome is Outcome.REASSIGNED for case in closed)
        ended = (len(late), given, len(closed) - len(late) - given)
        counts = (len(cases), len(cases) - len(closed), declared, *ended)
        middle = f"{median(late):g}" if late else ""
        true.add("\t".join((paper, name, kind, str(year), *map(str, counts), middle)))
    lines = set(said.splitlines()[1:])
    if lines != true:
        yield f"{sorted(lines - true)}, true is {sorted(true - lines)}"
