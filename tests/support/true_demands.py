"""The reasons of `why-not` for what is not demanded, and for who is not named, held against rows and rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from dondoc.engine.domain.rulebook import AfterEvent, EveryYear, Overdue, Quota, Rollup, Streak
from dondoc.engine.domain.terms import CaseStatus, Level
from dondoc.engine.store.db import tables as t
from tests.support.account_reader import Line, WhyNot
from tests.support.letter_reader import days, number
from tests.support.reason_sentences import span
from tests.support.town import cutoff
from tests.support.true_accounts import Stored

_D = r"(\d\d/\d\d/\d{4})"
_DAY = timedelta(days=1)
Tasks = Collection[Row[Any]]


def _days(text: str | None) -> date | None:
    return days(text)[0] if text else None


def _begins_or_ends_outside(label: str, first: date, last: date | None) -> bool:
    """Whether a period, or a limit with the year that leads to it, is not wholly within two days."""
    found = span(label)
    if found is None:
        return True
    begins, ends = (date(found[0].year, 1, 1), found[1]) if label.startswith("hạn ") else found
    return begins < first or (last is not None and ends > last)


def _demanded(label: str, tasks: Tasks) -> list[Row[Any]]:
    """The tasks of a period or a limit."""
    found = span(label)
    if found is None:
        return []
    if label.startswith("hạn "):
        return [task for task in tasks if task.last_day == found[1]]
    return [task for task in tasks if (task.first_day, task.final_day) == found]


def window(_said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A period that is not wholly in force: the directive's days, the period outside them, and no demand of it."""
    found = re.search(rf"^(.+) không nằm trọn .* \(từ {_D}(?: đến {_D})?\)", line.said)
    assert found, line.said
    paper = stored.facts.book.directive_of(line.rule)
    true = (paper.in_force_from, paper.in_force_until)
    yield from _not_whole(line, found.group(1), (_days(found.group(2)), _days(found.group(3))), true, tasks)


def life(said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A period in which the unit was not wholly there."""
    found = re.search(rf"không tồn tại trọn (.+) \(chỉ có từ {_D}(?: đến {_D})?\)", line.said)
    assert found, line.said
    (unit,) = stored.facts.rows(select(t.unit).where(t.unit.c.id == said.office))
    true = (unit.valid_from, unit.valid_to - _DAY if unit.valid_to else None)
    yield from _not_whole(line, found.group(1), (_days(found.group(2)), _days(found.group(3))), true, tasks)


def _not_whole(
    line: Line, label: str, said: tuple[date | None, date | None], true: tuple[date, date | None], tasks: Tasks
) -> Iterator[str]:
    if said != true:
        yield f"{line.said}, true is {true}"
    if not _begins_or_ends_outside(label, *true):
        yield f"{line.said}: it lies within {true}"
    if _demanded(label, tasks):
        yield f"{line.said}: it is demanded"


def before_first(_said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A year before the first one that the rule judges."""
    found = re.fullmatch(r"(?:(.*): )?quy tắc chỉ đánh giá từ năm (\d+)", line.said)
    assert found, line.said
    condition, label = stored.facts.book.rules[line.rule].condition, found.group(1) or line.about
    due = condition.due if isinstance(condition, Overdue) else None
    if not isinstance(due, EveryYear) or due.first != int(found.group(2)):
        yield f"{line.said}, true is {due}"
    of = span(label)
    if of is None or of[1].year >= int(found.group(2)) or _demanded(label, tasks):
        yield f"{line.said}: {label} is not before it, or is demanded"


def before_set(_said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A period before its parameter was set, or before the first day that the rule judges."""
    found = re.fullmatch(
        rf"(.+) bắt đầu hoặc đến hạn trước ngày (?:đặt mức \({_D}\).*|{_D}, từ ngày đó .*)", line.said
    )
    assert found, line.said
    condition = stored.facts.book.rules[line.rule].condition
    assert not isinstance(condition, Streak | Rollup)
    day, true = _days(found.group(2) or found.group(3)), condition.judge_from or condition.set_on
    if day != true or bool(found.group(3)) != bool(condition.judge_from):
        yield f"{line.said}, true is {true}"
    if true and not _begins_or_ends_outside(found.group(1), true, None):
        yield f"{line.said}: it does not begin before"
    if _demanded(found.group(1), tasks):
        yield f"{line.said}: it is demanded"


def nothing_due(said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """Nothing falls due, or no event has started a limit; the next limit has a check of its own."""
    night = stored.facts.night
    ahead = [task.last_day for task in tasks if task.last_day and task.last_day > night and not task.finished_on]
    if line.said.startswith("không có hạn nào") and ahead:
        yield f"{line.said}: there are {ahead}"
    found = re.fullmatch(r"chưa có hoạt động «(.+)» nào để bắt đầu tính hạn (\d+) ngày", line.said)
    if not found:
        return
    condition, paper = stored.facts.book.rules[line.rule].condition, stored.facts.book.directive_of(line.rule)
    due = condition.due if isinstance(condition, Overdue) else None
    if not isinstance(due, AfterEvent) or (due.event, due.days) != (found.group(1), number(found.group(2))):
        yield f"{line.said}, true is {due}"
    units = stored.called(set(line.units)) if line.units else {said.office}
    for row in stored.facts.rows(select(t.activity).where(t.activity.c.activity == found.group(1))):
        known = row.recorded_at <= cutoff(night) and (
            row.superseded_at is None or row.superseded_at > cutoff(night)
        )
        if known and stored.facts.units[row.unit_no] in units and paper.in_force(row.done_on) and ahead:
            yield f"{line.said}: there is {row.ref}"


def all_met(_said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """Each unit that is named has held enough."""
    if line.said != "đều đã đạt":
        return
    on, a = cutoff(stored.facts.night), t.activity
    met: set[str] = set()
    for task in _demanded(line.about, tasks) or tasks:
        unit = stored.facts.units[task.unit_no]
        held = sum(
            row.quantity
            for row in stored.facts.rows(select(a).where(a.c.activity == task.counts, a.c.unit_no == task.unit_no))
            if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
            if task.first_day and task.first_day <= row.done_on <= task.final_day
        )
        if task.first_day and held >= task.need:
            met.add(unit)
    missing = [name for name in line.units if not stored.called({name}) & met]
    if missing:
        yield f"{line.said}: {missing} have not"


def excused(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """Waived for the whole of its period, by whom and until when."""
    found = re.fullmatch(rf"(?:(.*): )?được miễn trọn kỳ \((.+) cho phép, đến {_D}\), nên không xét", line.said)
    if not found or "…" in line.said:
        return
    units = stored.called(set(line.units)) if line.units else {said.office}
    of, until = span(found.group(1) or line.about), _days(found.group(3))
    true = [one for one in stored.facts.book.waivers if one.rule == line.rule and one.unit in units]
    if not any(
        one.until == until
        and found.group(2) in stored.names(one.granted_by)
        and (of is None or (one.first <= of[0] and of[1] <= one.until) or (found.group(1) or "").startswith("hạn"))
        for one in true
    ):
        yield f"{line.said}, true is {true}"


def derived(_said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """Fewer are missed than the rule asks for, and no more than the store has missed of its base."""
    found = re.fullmatch(r"chưa đủ để tính: (\d+) không đạt trong (\d+) đã xét", line.said)
    if not found:
        return
    missed, judged, condition = (
        int(found.group(1)),
        int(found.group(2)),
        stored.facts.book.rules[line.rule].condition,
    )
    if isinstance(condition, Streak):
        enough = missed >= condition.times
    else:
        assert isinstance(condition, Rollup), condition
        share = condition.percent is not None and judged > 0 and missed * 100 >= condition.percent * judged
        enough = missed > 0 and (share or (condition.units is not None and missed >= condition.units))
    if missed > judged or enough:
        yield f"{line.said}: the rule asks for {condition}"
    f, k, r = t.case_file, t.task, t.rule
    asked = select(f.c.opened_on).join_from(f, k, k.c.id == f.c.task_id).join(r, r.c.no == k.c.rule_no)
    bases = stored.facts.rows(asked.where(r.c.id == condition.of, f.c.opened_on <= stored.facts.night))
    if missed > len(bases):
        yield f"{line.said}: of {condition.of} only {len(bases)} were ever missed"


def covered(_said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A newer period of the same demand is missed too."""
    found = re.fullmatch(r"(.+) cũng chưa đạt và đứng thay kỳ này", line.said)
    if not found or found.group(1) == "…":
        return
    newer = _demanded(found.group(1), tasks)
    own = stored.case(line.case).last_day if line.case else None
    if not any(own is None or task.last_day > own for task in newer):
        yield f"{line.said}: there is no such newer period"
    mine = t.case_file.c.task_id.in_([task.id for task in newer])
    if newer and not stored.facts.rows(select(t.case_file).where(mine)):
        yield f"{line.said}: it has no case"


def heir(_said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """The unit that is named has ended, and its case waits."""
    name = line.said.partition(" đã kết thúc; ")[0]
    ended = {row.id for row in stored.facts.rows(select(t.unit).where(t.unit.c.valid_to <= stored.facts.night))}
    if name != "…" and not any(name in stored.names(unit) for unit in ended):
        yield f"{line.said}: no such unit has ended"
    if line.case and stored.case(line.case).status is CaseStatus.CLOSED:
        yield f"{line.said}: the case is closed"


def silent_night(_said: WhyNot, _line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A night that notified nobody."""
    rows = stored.facts.rows(select(t.night).where(t.night.c.as_of == stored.facts.night))
    if any(row.telling and not row.baseline for row in rows):
        yield f"{_line.said}: the night notified"


def followed(_said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """Until when a directive is followed up, its own or the one of a rule that this one rests on."""
    found = re.search(rf"chỉ theo dõi đến hết đêm {_D}", line.said)
    if found and _days(found.group(1)) != stored.facts.book.last_night(line.rule):
        yield f"{line.said}, true is {stored.facts.book.last_night(line.rule)}"


def not_applied(said: WhyNot, line: Line, _tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A part of what a rule applies to that the office does not meet."""
    wants = stored.facts.book.rules[line.rule].applies_to
    (unit,) = stored.facts.rows(select(t.unit).where(t.unit.c.id == said.office))
    found = re.fullmatch(r"quy tắc dành cho (loại|cấp) «(.*)», đơn vị này là (?:cấp )?«(.*)»", line.said)
    if found:
        true = (wants.kind, unit.kind) if found.group(1) == "loại" else (wants.level, unit.level)
        if (found.group(2), found.group(3)) != true or true[0] == true[1]:
            yield f"{line.said}, true is {true}"
    elif line.said.startswith("quy tắc nêu tên") and (not wants.units or said.office in wants.units):
        yield f"{line.said}, true is {wants}"
    elif line.said.startswith("đơn vị này không thuộc "):
        body = line.said.removeprefix("đơn vị này không thuộc ")
        if wants.within is None or body not in stored.names(wants.within):
            yield f"{line.said}, true is {wants}"
        elif said.office in stored.facts.ranked_below(wants.within):
            yield f"{line.said}: it is below it"


def never_named(said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """No letter of the rule has ever told an office that its ladder does not name."""
    k, r, n = t.task, t.rule, t.notice
    asked = select(n.c.reader_no).join_from(n, k, k.c.id == n.c.task_id).join(r, r.c.no == k.c.rule_no)
    told = {stored.facts.units[row.reader_no] for row in stored.facts.rows(asked.where(r.c.id == line.rule))}
    if said.office in told:
        yield f"{line.said}: it was told"
    word = re.search(r"\(«(.+)»\)$", line.said)
    steps = stored.facts.book.ladders[stored.facts.book.rules[line.rule].ladder].steps
    if word and word.group(1) != "…" and not any(word.group(1) in (*step.to, *step.copy) for step in steps):
        yield f"{line.said}: no step has this word"
    if "ở trên cơ quan ban hành" in line.said:
        paper = stored.facts.book.directive_of(line.rule)
        issuer = paper.competent or paper.issuer
        levels = {row.id: list(Level).index(row.level) for row in stored.facts.rows(select(t.unit))}
        # By rank, or by the level of its territory (decision 0009).
        higher = levels[said.office] < levels[issuer]
        if not higher and not {paper.issuer, issuer} & stored.facts.below(said.office):
            yield f"{line.said}: it is not above {paper.issuer}"


def read_by(said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """Who reads for an office is its organ, or the heir of one that has ended, or an organ of the heir."""
    yield from never_named(said, line, tasks, stored)
    name = line.said.partition(" đọc thư thay ")[0]
    readers = stored.called({name})
    near = {said.office} | _linked({said.office}, stored)
    if name != "…" and not readers & (near | _linked(near, stored)):
        yield f"{line.said}: {readers} is no organ and no heir of it"


def _linked(units: set[str], stored: Stored) -> set[str]:
    """The organs of units, the bodies of which they are organs, and their heirs."""
    found: set[str] = set()
    name = stored.facts.units
    for row in stored.facts.rows(select(t.relation).where(t.relation.c.kind.in_(("organ_of", "led_by")))):
        if name[row.other_no] in units or name[row.unit_no] in units:
            found |= {name[row.unit_no], name[row.other_no]}
    for row in stored.facts.rows(select(t.succession)):
        if name[row.old_no] in units:
            found.add(name[row.new_no])
    return found


def counted(_said: WhyNot, line: Line, tasks: Tasks, stored: Stored) -> Iterator[str]:
    """A quota that is said to be met before its period is over has as much recorded as it needs."""
    found = re.search(r"đã ghi nhận đủ (\d[\d.]*) lần, cần (\d[\d.]*)", line.said)
    if not found:
        return
    held, need = (number(one) for one in found.groups())
    needs = {task.need for task in tasks if isinstance(stored.facts.book.rules[line.rule].condition, Quota)}
    if held < need or need not in needs:
        yield f"{line.said}: needed are {needs}"
