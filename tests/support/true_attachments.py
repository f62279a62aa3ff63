"""The files that a letter attaches, opened and held against the stored facts of its night.

Each check yields a line for each cell that is not so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from typing import Any

import docx
from icalendar import Calendar
from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from tests.support.attached_lists import AttachedList, attached_list
from tests.support.told_letters import Told, wrong

_CODE = re.compile(r"\w+-\d+")
_ANNOUNCED = re.compile(r"danh sách đầy đủ \(XLSX, ([\d.]+) dòng\)")


def _files(one: Told, suffix: str) -> list[bytes]:
    """The files of a letter with such a name, as its bytes have them."""
    (row,) = one.facts.rows(select(t.letter.c.mime).where(t.letter.c.id == one.sent))
    files = message_from_bytes(row.mime, policy=policy.default).iter_attachments()
    found = [file.get_payload(decode=True) for file in files if (file.get_filename() or "").endswith(suffix)]
    return [content for content in found if isinstance(content, bytes)]


def listed(one: Told) -> AttachedList | None:
    """The list of a letter; None: it has none."""
    (content,) = _files(one, ".xlsx") or (None,)
    return attached_list(content) if content is not None else None


def untrue(one: Told) -> list[str]:
    """Everything of a letter's files that is not so."""
    return [line for line in (*_untrue_list(one), *_untrue_dates(one), *_untrue_draft(one)) if line]


def _untrue_dates(one: Told) -> Iterator[str]:
    """Each event stands on the last day of a task of the reader's own, which is one that the letter tells of."""
    for content in _files(one, ".ics"):
        for event in Calendar.from_ical(content).walk("VEVENT"):
            number = int(str(event["uid"]).removeprefix("task-").partition("@")[0])
            (task,) = one.facts.rows(select(t.task).where(t.task.c.id == number))
            day, bearers = event["dtstart"].dt, one.facts.carried[number].units | one.facts.carried[number].doers
            yield wrong(one, f"task {number}: event on", day, task.last_day)
            yield wrong(one, f"task {number}: event of its own", bool(bearers & set(one.offices)), True)
            if event["status"] != "CANCELLED":
                yield wrong(one, f"task {number}: event ahead", day >= one.facts.night, True)


def _untrue_draft(one: Told) -> Iterator[str]:
    """Each line of the table is of a unit below the reader that the letter names, with a day that has passed."""
    for content in _files(one, ".docx"):
        document = docx.Document(BytesIO(content))
        rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows[1:]]
        below = {unit for office in one.offices for unit in one.facts.below(office)}
        every = {row.short for unit in below for row in one.facts.names[unit] if one.names(unit)}
        every |= {row.name for unit in below for row in one.facts.names[unit]}
        for _, unit, _, limit, _ in rows:
            day = date(*map(int, reversed(limit[-10:].split("/"))))
            over = one.facts.night - timedelta(days=not limit.startswith("trước"))
            if unit.partition(" (nay là ")[0] not in every and not set(unit.split("; ")) & every:
                yield wrong(one, "draft: unit", unit, sorted(every))
            yield wrong(one, f"draft: {unit} late", day <= over, True)


def _untrue_list(one: Told) -> list[str]:
    has = listed(one)
    announced = _ANNOUNCED.search(str(one.part.footer))
    if has is None or announced is None:
        return [line for line in (wrong(one, "a list", has is not None, announced is not None),) if line]
    said = int(announced.group(1).replace(".", ""))
    found = [wrong(one, "rows of the list", len(has.rows), said), *_missing(one, has)]
    for row in has.rows:
        # What a row names beside others it tells of the first: its figure and its step are the first one's.
        codes = _CODE.findall(str(row["Mã hồ sơ"] or ""))
        # The parts of a whole stand below it under its code, with nothing but their names.
        if row["Căn cứ"] is not None:
            found += [line for code in codes[:1] for line in _of_case(one, row, code)]
    return [line for line in found if line]


def _missing(one: Told, has: AttachedList) -> Iterator[str]:
    """Every case that the letter tells of stands in its list."""
    n, f = t.notice, t.case_file
    told = select(f.c.code).join_from(n, f, f.c.id == n.c.case_id).where(n.c.letter == one.sent)
    codes = {code for row in has.rows for code in _CODE.findall(str(row["Mã hồ sơ"] or ""))}
    yield wrong(one, "cases that are not listed", sorted({row.code for row in one.facts.rows(told)} - codes), [])


def _of_case(one: Told, row: Mapping[str, Any], code: str) -> Iterator[str]:
    f, k = t.case_file, t.task
    asked = select(k, f.c.opened_on).join_from(f, k, f.c.task_id == k.c.id).where(f.c.code == code)
    (task,) = one.facts.rows(asked)
    last_day = row.get("Ngày cuối trong hạn")
    if last_day is not None:
        yield wrong(one, f"{code}: last day", last_day, task.last_day)
    if task.need is not None and row.get("Đơn vị tính") == "lần":
        yield wrong(one, f"{code}: level", row.get("Mức đặt ra"), task.need)
    still_late = row["Mục"] not in ("ĐÃ XONG", "THÔI THEO DÕI") and row.get("Quá hạn (ngày)")
    if still_late and isinstance(last_day, date):
        yield wrong(one, f"{code}: days late", row["Quá hạn (ngày)"], (one.facts.night - last_day).days)
    since = row.get("Đã nêu từ thư ngày")
    if since is not None:
        # At a mailbox of several offices a row is of one of them, and the list does not say of which.
        first = {min(days) for office in one.offices if (days := one.facts.letters_about(code, office))}
        yield wrong(one, f"{code}: told since one of {first}", since in first, True)
    who = row["Đơn vị"]
    bearers = one.facts.carried[task.id].units
    names = {name for unit in bearers for name in one.names(unit)}
    # In a row of several units each has its short name.
    short = {row.short for unit in bearers for row in one.facts.names[unit]}
    if who not in names | short and not names & set(who.split("; ")):
        yield wrong(one, f"{code}: unit", who, sorted(names | short))
