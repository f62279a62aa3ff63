"""What an office that leads others reads first, held against the stored facts: whom to guide, what comes again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Row, days
from tests.support.told_letters import Told
from tests.support.town import cutoff

_DAY = timedelta(days=1)
_ASKED = re.compile(r"^(.+?) (\d\d/\d\d/\d{4}): (.+?) cần ý kiến chỉ đạo(?:, (\d+) mới xong)?(?: \(|$)")
_AGAIN = re.compile(r"Báo cáo lại lần (\d+), từ thư ngày (\d\d/\d\d/\d{4}): thêm (\d+) ngày làm việc, vẫn (\d+)?")
# A missed period whose unit met a later one stays missed.
_DONE = (Outcome.LATE, Outcome.EXTENDED)


def untrue(one: Told) -> list[str]:
    """Every figure and day of what leads such a letter that is not so."""
    found = [*_of_the_subject(one), *_of_a_repeat(one), *_of_the_changes(one), *_of_promises(one)]
    return [f"{one.facts.night} {one.office}: {said}" for said in found]


def _of_the_subject(one: Told) -> Iterator[str]:
    said, subject = _ASKED.match(one.letter.subject), one.letter.subject
    if said is None:
        return
    if days(said[2]) != [one.facts.night]:
        yield f"another day: {subject}"
    # The subject is of one office of a mailbox, and does not say of which rows.
    if len(one.offices) > 1:
        return
    if said[1] not in one.facts.called(one.office, one.facts.night):
        yield f"another office: {subject}"
    n = t.notice
    tonight = select(n.c["case_id", "section", "reader_no"]).where(
        n.c.night == one.facts.night, n.c.waived_until.is_(None), n.c.case_id.is_not(None)
    )
    heard = [row for row in one.facts.rows(tonight) if one.facts.units[row.reader_no] == one.office]
    news = {row.case_id for row in heard if row.section in ("new", "worse", "still")}
    rows = [units for row in one.part.rows if (units := _units(one, _cases(row, one) & news))]
    number, several = re.match(r"(\d+)", said[3]), re.search(r" \((\d+) việc\)", subject)
    told, every = int(number[1]) if number else 1, _units(one, news)
    # A row of many cases names one of them.
    if any(row.named != row.codes for row in one.part.rows):
        return
    if several is None and told not in {len(units) for units in rows}:
        yield f"{subject}: the rows are of {rows}"
    # Some of several rows may ask for something else.
    if several and not (2 <= int(several[1]) <= len(rows) and min(map(len, rows)) <= told <= len(every)):
        yield f"{subject}: {len(rows)} rows are of {every}"
    ended, f = {row.case_id for row in heard if row.section == Section.RESOLVED}, t.case_file
    well = {row.id for row in one.facts.rows(select(f).where(f.c.id.in_(ended), f.c.outcome.in_(_DONE)))}
    if int(said[4] or 0) != len(_units(one, well)):
        yield f"{subject}: {_units(one, well)} are done at last"


def _cases(row: Row, one: Told) -> set[int]:
    f = t.case_file
    return {found.id for found in one.facts.rows(select(f).where(f.c.code.in_(row.named)))}


def _units(one: Told, cases: set[int]) -> set[str]:
    f = t.case_file
    found = one.facts.rows(select(f.c.task_id).where(f.c.id.in_(cases)))
    return {unit for case in found for unit in one.facts.carried[case.task_id].units}


def _of_a_repeat(one: Told) -> Iterator[str]:
    part = one.part
    said = _AGAIN.match(part.headline)
    if said is None:
        return
    still = next((section for section in part.sections if section.title == "CÒN TỒN"), None)
    if still is None:
        yield f"nothing is still open: {part.headline}"
        return
    before = [{day for code in row.codes for day in _letters(one, code)} for row in still.rows]
    (since,) = days(said[2])
    mine = [nights for nights in before if len(nights) == int(said[1]) and max(nights) == since]
    if not mine:
        yield f"{part.headline}: letters before it were {before}"
    calendars = one.facts.book.calendars.values()
    gone = (one.facts.night - since).days
    worked = {sum(each.is_workday(since + n * _DAY) for n in range(1, gone + 1)) for each in calendars}
    if int(said[3]) not in worked:
        yield f"{part.headline}: {worked} working days since"
    if said[4] and not any(len(_units(one, _cases(row, one))) == int(said[4]) for row in still.rows):
        yield f"{part.headline}: other units in {[row.codes for row in still.rows]}"


def _letters(one: Told, code: str) -> list[object]:
    return [day for reader in one.addressed for day in one.facts.letters_about(code, reader)]


def _of_the_changes(one: Told) -> Iterator[str]:
    said = next((line for line in one.part.changes if line.startswith("Từ thư trước: ")), None)
    if said is None:
        return
    n, f = t.notice, t.case_file
    asked = (
        select(n.c.section, n.c.reader_no, n.c.case_id, f.c.outcome)
        .join_from(n, f, f.c.id == n.c.case_id)
        .where(n.c.night == one.facts.night, n.c.waived_until.is_(None))
    )
    heard = [row for row in one.facts.rows(asked) if one.facts.units[row.reader_no] in one.offices]
    new = {row.case_id for row in heard if row.section == Section.NEW}
    done = {row.case_id for row in heard if row.section == Section.RESOLVED and row.outcome in _DONE}
    for word, cases in (("thêm việc của", new), ("mới xong việc của", done)):
        found = re.search(rf"{word} (\d+) đơn vị(?: \((.*?)\))?(?:; |\.$)", said)
        # A reader's own matters are among these, and stand in no line about others.
        true = _units(one, cases) - set(one.offices)
        if (int(found[1]) if found else 0) != len(true):
            yield f"{said}: {word} {true}"
        if found and found[2] and len(found[2].split(", ")) != int(found[1]):
            yield f"{said}: not as many names"
        short = {row.short for row in one.facts.rows(select(t.unit_name)) if one.facts.units[row.unit_no] in true}
        for name in found[2].split(", ") if found and found[2] else ():
            # An heir stands behind the name of the unit that owed it.
            if name not in short and name.partition(" (nay là ")[2].removesuffix(")") not in short:
                yield f"{said}: {name} is none of {true}"


def _of_promises(one: Told) -> Iterator[str]:
    """Who has promised which day: nobody else, no day that has passed, and none that only a row has."""
    said = next((line for line in one.part.changes if line.startswith("Đã hẹn: ")), "")
    a = t.act
    known = one.facts.rows(select(a).where(a.c.recorded_at <= cutoff(one.facts.night)))
    back = {act.about for act in known if act.kind == ActKind.TAKEN_BACK}
    stands = [act for act in known if act.kind == ActKind.EXPLAINED and act.until and act.no not in back]
    for promise in said.removeprefix("Đã hẹn: ").removesuffix(".").split("; ") if said else ():
        who, _, on = promise.rpartition(" ngày ")
        (day,) = days(on)
        offices = {one.facts.units[act.office_no] for act in stands if act.until == day}
        if day < one.facts.night or not any(who in one.names(office) for office in offices):
            yield f"{promise}: that day was promised by {offices}"
    # The row of a letter about one matter says it itself; of several offices each has rows of its own.
    for row in one.part.rows if len(one.offices) == 1 else ():
        on = re.findall(r"hẹn xong ngày (\d\d/\d\d/\d{4})(?! \(đã qua\))", row.lines.get("answered", ""))
        own = _units(one, _cases(row, one)) & set(one.offices)
        if row.title and on and not own and on[-1] not in said:
            yield f"{row.title}: {on[-1]} is promised, and not in {said!r}"
