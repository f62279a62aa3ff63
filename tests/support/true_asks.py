"""What a finished letter asks, of whom and by when, and what made it leave, held against the stored facts.

Each check takes a letter with its facts and yields a line for each word that is not so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row as StoredRow
from sqlalchemy import select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.rulebook import Rule
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import days
from tests.support.told_letters import Told

_OPEN = ("new", "worse", "still")
_ASKED_DAY = re.compile(r"(chậm nhất hết|trước) ngày (\d\d/\d\d/\d{4})")
_OWED = re.compile(r"Đề nghị (.+?) (?:gửi|hoàn thành|cập nhật|rà soát|tham mưu|thực hiện và|phối hợp với) ")
# Lines that ask for nothing.
_NOTHING = re.compile(r"(?:không|chưa) cần (?:trả lời|làm)")
# A line that asks for what another office has demanded.
_WHY = re.compile(r"Đề nghị .+ giải trình với (.+?) về ")
# A line that asks for a decision on what a unit has said.
_DECIDES = re.compile(
    r"xác nhận hoặc không xác nhận|hoặc không chuyển|cho lùi hạn hoặc không cho lùi|thực hiện việc được phân công"
)
# How a subject begins that says which letter to its reader it is, if it is not the first.
_TOLD_AGAIN = re.compile(
    r"(Báo cáo lại|Kính báo cáo|Đề nghị phối hợp|Đồng gửi để biết|Kính gửi để báo cáo|Việc được phân công)"
    r"(?: lần (\d+))?: "
)
_LINES = 3


def untrue(one: Told) -> list[str]:
    """Every ask, subject and withdrawal of a letter that is not so."""
    found = [*_of_the_box(one), *_of_the_news(one), *_of_what_is_known(one), *_of_a_reminder(one)]
    for view in one.each:
        found += [*_of_what_is_asked(view), *_of_what_is_to_be_explained(view), *_of_what_is_taken_back(view)]
    return [f"{one.facts.night} {one.office}: {said}" for said in found]


def _case(one: Told, code: str) -> StoredRow[Any]:
    f, task = t.case_file, t.task
    asked = (
        select(f, task.c.last_day, task.c.rule_no, task.c.unit_no, task.c.id.label("task"))
        .join_from(f, task, f.c.task_id == task.c.id)
        .where(f.c.code == code)
    )
    (found,) = one.facts.rows(asked)
    return found


def _is_own(one: Told, code: str) -> bool:
    return one.office in one.facts.carried[_case(one, code).task].units


def _notices(one: Told) -> dict[int, StoredRow[Any]]:
    """Tonight's notices to the reader, by case; those of waivers apart."""
    n = t.notice
    asked = select(n).where(n.c.night == one.facts.night, n.c.waived_until.is_(None), n.c.case_id.is_not(None))
    return {row.case_id: row for row in one.facts.rows(asked) if one.facts.units[row.reader_no] in one.offices}


def _day(text: str) -> date | None:
    """The last day that a line of the box gives: "before" a day is the day before it."""
    found = _ASKED_DAY.search(text)
    if found is None:
        return None
    (day,) = days(found.group(2))
    return day if found.group(1) == "chậm nhất hết" else date.fromordinal(day.toordinal() - 1)


def _of_the_box(one: Told) -> Iterator[str]:
    """At most three lines, the earliest day first, and none points to rows that are not there."""
    lines, found = one.part.asks, [_day(line) or date.min for line in one.part.asks]
    if len(lines) > _LINES or found != sorted(found):
        yield f"the box: {lines}"
    for named in re.findall(r"nêu tại mục ([A-ZĐÀ-Ỹ ,]+(?: và [A-ZĐÀ-Ỹ ]+)?)", one.part.ask):
        for title in re.split(r", | và ", named.strip()):
            if not any(section.title == title and section.rows for section in one.part.sections):
                yield f"no row under {title}: {one.part.ask}"


def _of_what_is_asked(one: Told) -> Iterator[str]:
    """Its own tasks of a unit, by the earliest of their days; of another office what is new to it."""
    # A box that is full leaves out lines of other offices and of later days; the rows below say the rest.
    three = len(one.part.asks) == _LINES
    latest = max((day for line in one.part.asks if (day := _day(line))), default=None)
    lines = [line for line in one.asks if not _NOTHING.search(line) and not _WHY.match(line)]
    for owed, found in ((True, _own_days(one)), (False, _new_days(one))):
        # Whoever is to decide may be asked for nothing else of the row.
        mine = [line for line in lines if _owes(one, line) == owed and (found or not _DECIDES.search(line))]
        asked = [day for line in mine if (day := _day(line))]
        # Reminders have no case yet, so their days are not among these.
        full = three and (len(one.addressed) > 1 or (latest is not None and bool(found) and min(found) >= latest))
        if found and (min(asked) > min(found) if asked else not full):
            yield f"asked by {asked}, true is {min(found)}: {one.part.asks}"
        if asked and not found and not _reminds(one) and (owed or not _is_repeated(one)):
            yield f"asked for nothing of its own: {one.part.asks}"


def _of_what_is_to_be_explained(one: Told) -> Iterator[str]:
    """An explanation is asked for in the name of an office that has demanded one."""
    acts = one.facts.rows(select(t.act).where(t.act.c.kind == ActKind.DEMANDED))
    wanting = {name for row in acts for name in one.names(one.facts.units[row.office_no])}
    for line in one.asks:
        found = _WHY.match(line)
        if found and found.group(1) not in wanting:
            yield f"{line}: demanded by {sorted(wanting)}"


def _owes(one: Told, line: str) -> bool:
    """Whether a line asks for a task of the reader's own: an equal is asked to cooperate."""
    equal = re.match(rf"Đề nghị {re.escape(one.reader)} phối hợp(?! với các đơn vị nêu)", line)
    return bool(_OWED.search(line)) and equal is None


def _open_cases(one: Told) -> Iterator[StoredRow[Any]]:
    """The cases of the reader's rows that are neither done nor paused; of many, the one that is named."""
    for section in one.part.sections:
        for row in section.rows:
            # Another office that reads at the same mailbox may have a row about a task of this one.
            if all(reader.office != one.office for reader in one.of(row)):
                continue
            if section.title != "ĐÃ XONG" and "Tạm dừng nhắc đến" not in row.badge:
                yield from (_case(one, code) for code in row.named)


def _own_days(one: Told) -> list[date]:
    days_of = (_answer_day(one, case) for case in _open_cases(one) if _is_own(one, case.code))
    return [day for day in days_of if day is not None]


def _new_days(one: Told) -> list[date]:
    news = _notices(one)
    days_of = (
        _answer_day(one, case)
        for case in _open_cases(one)
        # At step 0 a reader hears that a limit has moved, and nothing is asked of it.
        if case.id in news and news[case.id].step and not _is_own(one, case.code)
        if news[case.id].section in _OPEN and not _is_copied(one, case, news[case.id].step)
    )
    return [day for day in days_of if day is not None]


def _is_copied(one: Told, case: StoredRow[Any], step: int) -> bool:
    """Whether a step only copies whom it names besides the unit, or may: of repeats it is not stored."""
    steps = one.facts.book.ladders[_rule(one, case).ladder].steps
    return step > len(steps) or list(steps[step - 1].to) == ["responsible"]


def _is_repeated(one: Told) -> bool:
    """Whether a case of the reader is repeated: to whom it is a copy then is not stored, so either may be said."""
    news = _notices(one)
    cases = (case for case in _open_cases(one) if case.id in news)
    return any(news[case.id].step > len(one.facts.book.ladders[_rule(one, case).ladder].steps) for case in cases)


def _rule(one: Told, case: StoredRow[Any]) -> Rule:
    names = {row.no: row.id for row in one.facts.rows(select(t.rule))}
    return one.facts.book.rules[names[case.rule_no]]


def _reminds(one: Told) -> bool:
    return any(section.title == "SẮP HẾT HẠN" for section in one.part.sections)


def _answer_day(one: Told, case: StoredRow[Any]) -> date | None:
    if case.next_on is None:
        return None
    # Under a limit that was moved ahead the document's own day is asked for, be it worked or not.
    if case.last_day is not None and case.last_day >= one.facts.night:
        return case.last_day
    return one.facts.book.calendars[_rule(one, case).calendar].before(case.next_on, 1)


def _of_the_news(one: Told) -> Iterator[str]:
    """Subject, headline and ask come from tonight's notices: without an open one nothing is urged or reported."""
    news = _notices(one)
    if not news:
        return
    subject = one.letter.subject
    if not any(notice.section in _OPEN for notice in news.values()):
        if re.search(r"Đôn đốc lần|Báo cáo lại|chưa được ghi nhận|chưa ghi nhận|Cảnh báo", subject):
            yield f"good news told as a claim: {subject}"
        if re.search(r"chưa được ghi nhận|quá hạn \d", one.part.headline):
            yield f"good news led by a claim: {one.part.headline}"
    yield from _of_the_turn(one, news)
    turn = re.match(r"Đôn đốc lần (\d+)", subject)
    codes = [row.code for row in one.facts.rows(select(t.case_file).where(t.case_file.c.id.in_(news)))]
    if turn:
        times = {len(one.facts.letters_about(code)) + 1 for code in codes}
        if int(turn.group(1)) not in times:
            yield f"{subject}: true is {times}"


def _of_the_turn(one: Told, news: Mapping[int, StoredRow[Any]]) -> Iterator[str]:
    """A subject that counts the letters to its reader counts those that are stored."""
    said = _TOLD_AGAIN.match(one.letter.subject)
    # A row of many cases names one of them, which does not say what the others were told of.
    if said is None or any(row.named != row.codes for row in one.part.rows):
        return
    open_ = [case for case, notice in news.items() if notice.section in _OPEN]
    of_news = {row.code for row in one.facts.rows(select(t.case_file).where(t.case_file.c.id.in_(open_)))}
    times = set()
    for codes in [row.codes for row in one.part.rows if of_news & {*row.codes}]:
        for reader in one.addressed:
            times.add(len({day for code in codes for day in one.facts.letters_about(code, reader)}))
    again = said.group(1) == "Báo cáo lại"
    if times and int(said.group(2) or 1) - (0 if again else 1) not in times:
        yield f"{one.letter.subject}: letters before it were {times}"


def _of_a_reminder(one: Told) -> Iterator[str]:
    """A subject that counts reminders counts those to the unit about what is due, which have no case yet."""
    said = re.match(r"Nhắc việc(?: lần (\d+))?: ", one.letter.subject)
    if said is None:
        return
    n = t.notice
    told = select(n.c["task_id", "night", "reader_no"]).where(
        n.c.section == Section.ENDING, n.c.reminder.is_not(None), n.c.untold_on.is_(None)
    )
    before: dict[int, set[date]] = defaultdict(set)
    for row in one.facts.rows(told):
        if one.facts.units[row.reader_no] in one.addressed:
            before[row.task_id].add(row.night)
    times = {len(nights - {one.facts.night}) for nights in before.values() if one.facts.night in nights}
    if times and int(said.group(1) or 1) - 1 not in times:
        yield f"{one.letter.subject}: reminders before it were {times}"


def _of_what_is_known(one: Told) -> Iterator[str]:
    """A row that says since when its reader knows it: the first letter to that office about one of its cases."""
    for row in one.part.rows:
        said = re.search(r"đã nêu từ thư ngày (\d\d/\d\d/\d{4})", row.brief)
        if said is None:
            continue
        (first,) = days(said.group(1))
        # A mailbox may be that of several offices: the row is one of theirs.
        told = [
            [day for code in row.named for day in one.facts.letters_about(code, each)] for each in one.addressed
        ]
        known = {min(nights) for nights in told if nights}
        # Of many cases the row names one, which may have come later than the others.
        if first not in known and (row.named == row.codes or first > min(known, default=date.min)):
            yield f"{row.title}: told since {first}, true is one of {known}"


def _of_what_is_taken_back(one: Told) -> Iterator[str]:
    """The headline names every letter that is void and the document; so does the row."""
    for case_id, notice in _notices(one).items():
        (case,) = one.facts.rows(select(t.case_file).where(t.case_file.c.id == case_id))
        if notice.section != Section.RESOLVED or case.outcome != Outcome.WITHDRAWN:
            continue
        # One row stands for every office of an address, and takes back the letters that came there.
        told = set(one.facts.letters_about(case.code, one.office))
        every = {day for office in one.addressed for day in one.facts.letters_about(case.code, office)}
        rows = [row for row in one.part.rows if case.code in row.codes and one in one.of(row)]
        # The row of a brief letter leaves it to the headline.
        whole = [row.lines.get("taken_back", "") for row in rows if row.lines and row.title]
        for said in (_taking_back(one, case), *whole):
            void = re.search(r"thư ngày (.+?\d{4})(?= (?:về|không))", said)
            if "không còn giá trị" not in said or not void or not told <= set(days(void.group(1))) <= every:
                yield f"{case.code}: taken back in {said!r}, letters were of {sorted(told)}"
        sent = one.facts.rows(
            select(t.submission.c.document).where(
                t.submission.c.task_id == case.task_id, t.submission.c.revision.is_(False)
            )
        )
        numbers = [found for row in sent for found in re.findall(r"\d+/[A-ZĐ-]+", row.document)]
        if any(number not in one.part.headline for number in numbers):
            yield f"{case.code}: {numbers} is not named: {one.part.headline}"


def _taking_back(one: Told, case: StoredRow[Any]) -> str:
    """The sentence of the headline that takes back a case: of several the one that names its unit."""
    said = [each for each in re.split(r"(?=Xin rút )", one.part.headline) if each]
    units = one.facts.carried[case.task_id].units
    mine = [each for each in said if any(name in each for unit in units for name in one.names(unit))]
    return mine[0] if len(said) > 1 and len(mine) == 1 else one.part.headline


def untold(letters: list[Told]) -> list[str]:
    """The readers of a case that is taken back tonight who had a letter about it, are there, and hear nothing."""
    one = letters[0]
    ended = {row.no for row in one.facts.rows(select(t.unit.c.no).where(t.unit.c.valid_to <= one.facts.night))}
    n, f = t.notice, t.case_file
    asked = select(f).where(f.c.closed_on == one.facts.night, f.c.outcome == Outcome.WITHDRAWN)
    missing = []
    for case in one.facts.rows(asked):
        # The end of a figure's case is told when it has stayed so for some days (decision 0045).
        if case.next_on is not None and case.next_on > one.facts.night:
            continue
        had = one.facts.rows(select(n).where(n.c.case_id == case.id, n.c.untold_on.is_(None)))
        before = {row.reader_no for row in had if row.night < one.facts.night and row.section in _OPEN}
        tonight = {row.reader_no for row in had if row.night == one.facts.night}
        missing += [f"{case.code}: {one.facts.units[no]} hears nothing" for no in before - tonight - ended]
    return missing
