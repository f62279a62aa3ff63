"""What `why-not` prints of an office and a night, held against the rows of the store.

Each check takes an answer with the facts of its night and yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section
from dondoc.engine.store.db import tables as t
from tests.support import true_absence, true_demands, true_figures
from tests.support.account_reader import Line, WhyNot
from tests.support.letter_reader import days
from tests.support.reason_sentences import reason
from tests.support.town import cutoff
from tests.support.true_accounts import RESULTS, SECTIONS, STATES, Stored, local

_DAY = timedelta(days=1)
_D = r"(\d\d/\d\d/\d{4})"
_TOLD = re.compile(r"ĐÃ CÓ THƯ: mục (.*?), thư (\w+)(?:, ([^,]*))?(?:, qua hộp thư của (.*))?")


def untrue(said: WhyNot, stored: Stored) -> list[str]:
    """Everything that an answer says and that is not so."""
    found = [*_of_the_office(said, stored), *_told(said, stored), *_cases(said, stored)]
    return [*(f"{stored.facts.night} {said.office}: {line}" for line in found), *untrue_lines(said, stored)]


def untrue_lines(said: WhyNot, stored: Stored) -> list[str]:
    """Every reason that an answer gives and that is not so."""
    return [
        f"{stored.facts.night} {said.office}: {line.rule} {line.case} {line.about}: {wrong}"
        for line in said.lines
        for wrong in _reason(said, line, stored)
    ]


def _of_the_office(said: WhyNot, stored: Stored) -> Iterator[str]:
    facts, m = stored.facts, t.mailbox
    (no,) = [no for no, unit in facts.units.items() if unit == said.office]
    on = facts.night
    boxes = [
        row.address
        for row in facts.rows(select(m).where(m.c.unit_no == no))
        if row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    ]
    if said.name not in stored.names(said.office):
        yield f"called {said.name}"
    if boxes and not any(box in said.mailbox for box in boxes):
        yield f"{said.mailbox}, true is {boxes}"
    if not boxes and "Chưa có hộp thư" not in said.mailbox:
        yield f"{said.mailbox}, and it has none"
    concerned = {line.rule for line in said.lines} - {""}
    if said.others is not None and said.others != len(facts.book.rules) - len(concerned):
        yield f"{said.others} other rules, named are {len(concerned)} of {len(facts.book.rules)}"


def _own_notices(said: WhyNot, stored: Stored) -> list[Row[Any]]:
    n, k, r = t.notice, t.task, t.rule
    asked = (
        select(n, k.c.unit_no, r.c.id.label("rule"))
        .join_from(n, k, k.c.id == n.c.task_id)
        .join(r, r.c.no == k.c.rule_no)
        .where(n.c.night == stored.facts.night)
    )
    rows = stored.facts.rows(asked)
    return [row for row in rows if stored.facts.units[row.reader_no] == said.office]


def _told(said: WhyNot, stored: Stored) -> Iterator[str]:
    """It says "told" of exactly the rules, sections and letters of that night's notices, and how many units."""
    printed: Counter[tuple[str, str, str]] = Counter()
    states = {row.id[:8]: row.state for row in stored.facts.rows(select(t.letter.c.id, t.letter.c.state))}
    for line in said.lines:
        found = _TOLD.fullmatch(line.said)
        if found:
            sections = SECTIONS[found.group(1)]
            printed[line.rule, next(iter(sections)), found.group(2)] += max(1, len(line.units) + line.more)
            if line.case and Section.RESOLVED in sections:
                lapsed = stored.case(line.case).outcome is Outcome.LAPSED
                if lapsed != (found.group(1) == "THÔI THEO DÕI"):
                    yield f"{line.said}, true is {stored.case(line.case).outcome}"
            state = states.get(found.group(2))
            if state is not None and state not in STATES[found.group(3) or ""]:
                yield f"letter {found.group(2)} is {found.group(3)}, true is {state}"
    true = Counter(
        (row.rule, row.section, row.letter[:8]) for row in _own_notices(said, stored) if row.untold_on is None
    )
    if printed != true:
        yield f"told of {dict(printed - true)}, not told of {dict(true - printed)}"


def _cases(said: WhyNot, stored: Stored) -> Iterator[str]:
    """Every open case of which the office is the bearer has its line."""
    f, k, r = t.case_file, t.task, t.rule
    asked = (
        select(f.c.code, f.c.task_id, k.c.unit_no, r.c.id.label("rule"))
        .join_from(f, k, k.c.id == f.c.task_id)
        .join(r, r.c.no == k.c.rule_no)
        .where(f.c.status != CaseStatus.CLOSED)
    )
    named = {line.case for line in said.lines}
    for row in stored.facts.rows(asked):
        if row.rule in stored.facts.book.rules and said.office in stored.bearers(row) and row.code not in named:
            yield f"its case {row.code} has no line"


def _units(said: WhyNot, line: Line, stored: Stored) -> frozenset[str]:
    return stored.called(set(line.units)) if line.units else frozenset({said.office})


def _tasks(said: WhyNot, line: Line, stored: Stored) -> list[Row[Any]]:
    """The tasks that a line may mean: of its rule and of the units that it names."""
    k, r = t.task, t.rule
    asked = select(k).join_from(k, r, r.c.no == k.c.rule_no).where(r.c.id == line.rule, k.c.ended != "void")
    units = stored.bearers(stored.case(line.case)) if line.case else _units(said, line, stored)
    return [row for row in stored.facts.rows(asked) if stored.facts.carried[row.id].units & units]


def _reason(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    """Its reason is one that has a check, and so; the English says no other day."""
    if not line.said:
        return
    code = reason(line.said)
    if not code:
        yield f"{line.said}: no reason that is checked"
        return
    tasks = _tasks(said, line, stored) if line.rule else []
    for check in CHECKS[code]:
        yield from check(said, line, tasks, stored)
    others = set(re.findall(_D, line.english)) - set(re.findall(_D, f"{line.about} {line.said}"))
    if others:
        yield f"{line.said} ({line.english}): {others}"


def _was_told(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    """There is a notice of the night to the office; `_told` holds all of these lines to all of those notices."""
    if not _own_notices(said, stored):
        yield f"{line.said}: there is no notice"


def _handed_in(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.fullmatch(rf"đã nộp: (.*) ngày {_D}, ghi nhận ngày {_D}", line.said)
    if not found:
        return
    on, s = cutoff(stored.facts.night), t.submission
    true = {
        (row.submitted_on, local(row.recorded_at))
        for task in _tasks(said, line, stored)
        for row in stored.facts.rows(select(s).where(s.c.task_id == task.id))
        if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    }
    if (days(found.group(2))[0], days(found.group(3))[0]) not in true:
        yield f"{line.said}, true is {true}"


def _held(task: Row[Any], stored: Stored) -> set[int]:
    """How often it was done, by the units that carry it: of each alone and together."""
    on, a = cutoff(stored.facts.night), t.activity
    carried = stored.facts.carried[task.id].units
    each: Counter[str] = Counter(dict.fromkeys(carried, 0))
    for row in stored.facts.rows(select(a).where(a.c.activity == task.counts)):
        unit = stored.facts.units[row.unit_no]
        known = row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
        if unit in each and known and task.first_day <= row.done_on <= task.final_day:
            each[unit] += row.quantity
    return {*each.values(), sum(each.values())}


def _count_met(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.search(r"đã đạt: (\d+) lần, cần (\d+)|mới ghi nhận (\d+) lần, cần (\d+)", line.said)
    if not found:
        return
    held, need = (int(one) for one in found.groups() if one)
    true = {(n, task.need) for task in _tasks(said, line, stored) if task.first_day for n in _held(task, stored)}
    if (held, need) not in true:
        yield f"{line.said}, true is {true}"


def _in_time(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    """A demand in time has its limit ahead, and is judged from the night after it; a reminder was sent."""
    judged = re.search(rf"xét từ đêm {_D}", line.said)
    if not judged:
        return
    from_night = days(judged.group(1))[0]
    limit = re.search(rf"đến hết {_D}", line.said)
    if from_night <= stored.facts.night:
        yield f"{line.said}: that night has come"
    if limit and days(limit.group(1))[0] + _DAY != from_night:
        yield f"{line.said}: not the night after the limit"
    limits = {task.last_day for task in _tasks(said, line, stored)}
    if from_night - _DAY not in limits:
        yield f"{line.said}: the limits are {limits}"
    if "kỳ này chưa kết thúc" in line.said or "kỳ này đã hết" in line.said:
        ends = {task.final_day for task in _tasks(said, line, stored) if task.last_day == from_night - _DAY}
        over = {end < stored.facts.night for end in ends if end}
        if over and over != {"kỳ này đã hết" in line.said}:
            yield f"{line.said}: the period ends on {ends}"
    reminded = re.match(rf"đã nhắc đêm {_D}", line.said)
    if reminded:
        n = t.notice
        sent = [
            row.night
            for task in _tasks(said, line, stored)
            for row in stored.facts.rows(select(n).where(n.c.task_id == task.id, n.c.reminder.is_not(None)))
            if stored.facts.units[row.reader_no] == said.office
        ]
        if days(reminded.group(1))[0] not in sent:
            yield f"{line.said}: reminders were of {sent}"


def _next_limit(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.fullmatch(rf"chưa đến hạn: hạn kế tiếp hết ngày {_D}", line.said)
    if not found:
        return
    night = stored.facts.night
    coming = {task.last_day for task in _tasks(said, line, stored) if task.last_day and task.last_day >= night}
    day = days(found.group(1))[0]
    if day < night or (coming and day > min(coming)):
        yield f"{line.said}, true is {coming}"


def _closed(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.fullmatch(rf"hồ sơ đã đóng ngày {_D}: (.*?)(?:; đã báo tin đêm {_D})?", line.said)
    if not found:
        return
    if not line.case:
        return
    case = stored.case(line.case)
    if case.closed_on != days(found.group(1))[0] or case.outcome not in RESULTS[found.group(2)]:
        yield f"{line.said}, true is {case.outcome} on {case.closed_on}"
    told = [
        row.night
        for row in stored.notices(case)
        if row.section is Section.RESOLVED and stored.facts.units[row.reader_no] == said.office
    ]
    if bool(found.group(3)) != bool(told) or (told and days(found.group(3))[0] not in told):
        yield f"{line.said}, told on {told}"


def _known(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.match(rf"đã báo đêm (?:{_D}|…) ở bước (\d+|…), từ đó không có gì mới; ", line.said)
    if not found or not line.case:
        return
    true = [
        (row.night, row.step)
        for row in stored.notices(stored.case(line.case))
        if stored.facts.units[row.reader_no] == said.office and row.untold_on is None
    ]
    if found.group(1) and (days(found.group(1))[0], int(found.group(2))) not in true:
        yield f"{line.said}, true is {true}"


def _not_yet(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.fullmatch(rf"chưa đến lượt: báo từ bước (\d+), đêm {_D}; hồ sơ đang ở bước (\d+)", line.said)
    if not found or not line.case:
        return
    case = stored.case(line.case)
    if int(found.group(3)) != case.reached or int(found.group(1)) <= case.floor:
        yield f"{line.said}, true is step {case.reached}"


def _moved(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    """Whoever was told under the old limit, and of the new one nothing."""
    found = re.search(r"được báo hạn mới đêm .*; hồ sơ đang ở bước (\d+)", line.said)
    if not found or not line.case:
        return
    case = stored.case(line.case)
    rounds = {row.round for row in stored.notices(case) if stored.facts.units[row.reader_no] == said.office}
    if int(found.group(1)) != case.reached or not rounds or max(rounds) >= case.round:
        yield f"{line.said}, true is step {case.reached}, round {case.round}, told in {rounds}"


# What offices besides those of a step are told of.
_TOLD_BY_ACTS = {
    *(
        ActKind.DECLARED,
        ActKind.DEMANDED,
        ActKind.REOPENED,
        ActKind.NOT_OURS,
        ActKind.NOT_REASSIGNED,
        ActKind.DELEGATED,
    ),
    ActKind.EXTENSION_ASKED,
}


def _asked(_said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    """Something was declared, demanded or opened again of the case, of which the office is to hear."""
    found = re.search(r"đề nghị giải trình, nên được báo đêm .*; hồ sơ đang ở bước (\d+)", line.said)
    if not found or not line.case:
        return
    case = stored.case(line.case)
    kinds = {row.kind for row in stored.facts.rows(select(t.act).where(t.act.c.case_id == case.id))}
    if int(found.group(1)) != case.reached or not kinds & _TOLD_BY_ACTS:
        yield f"{line.said}, true is step {case.reached}, acts {sorted(kinds)}"


def _acknowledged(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    """The office has said so that day, of this case, and hears again on a later night."""
    sentence = rf"đã trả lời ngày {_D} là biết việc này .*; nếu chưa xong thì báo tiếp từ đêm {_D}"
    found = re.fullmatch(sentence, line.said)
    if not found:
        return
    acts = stored.facts.rows(select(t.act).where(t.act.c.kind == ActKind.ACKNOWLEDGED))
    mine = [row for row in acts if stored.facts.units[row.office_no] == said.office]
    if line.case:
        mine = [row for row in mine if row.case_id == stored.case(line.case).id]
    if days(found.group(1))[0] not in {row.said_on for row in mine}:
        yield f"{line.said}, true is {[row.said_on for row in mine]}"
    if days(found.group(2))[0] <= stored.facts.night:
        yield f"{line.said}: that night has come"


def _baseline(_said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.match(rf"hồ sơ mở trong đêm nền {_D}: các bước đến bước (\d+) coi như đã qua", line.said)
    if not found or not line.case:
        return
    case, night = stored.case(line.case), days(found.group(1))[0]
    rows = stored.facts.rows(select(t.night).where(t.night.c.as_of == night, t.night.c.baseline))
    if not rows or (case.opened_on, case.floor) != (night, int(found.group(2))):
        yield f"{line.said}, true is {case.opened_on} with floor {case.floor}"


def _waived(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.match(rf"đang tạm miễn đến hết {_D}, do (.*) cho phép; theo dõi tiếp từ đêm {_D}", line.said)
    if not found:
        return
    night, units = stored.facts.night, _units(said, line, stored)
    mine = [
        waiver
        for waiver in stored.facts.book.waivers
        if waiver.rule == line.rule and waiver.first <= night <= waiver.until and waiver.unit in units
    ]
    until = days(found.group(1))[0]
    if not any(waiver.until == until and found.group(2) in stored.names(waiver.granted_by) for waiver in mine):
        yield f"{line.said}, true is {mine}"
    if days(found.group(3))[0] <= until:
        yield f"{line.said}: it goes on while it is waived"


def _closed_night(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    why = r"đêm này (?:là ngày nghỉ, không gửi thư|không gửi thư \((.+)\)); báo vào ngày gửi thư kế tiếp, "
    found = re.match(why + _D, line.said)
    if not found:
        return
    calendar = stored.facts.book.calendar_of(line.rule)
    day, night = days(found.group(2))[0], stored.facts.night
    if found.group(1) != calendar.quiet.get(night):
        yield f"{line.said}: the day is {calendar.quiet.get(night)}"
    between = [night + n * _DAY for n in range((day - night).days)]
    told = [one for one in (*between, day) if calendar.is_workday(one) and one not in calendar.quiet]
    if told != [day]:
        yield f"{line.said}: days of letters are {told}"


def _by(said: WhyNot, line: Line, stored: Stored) -> Iterator[str]:
    found = re.fullmatch(r"đã gộp trong hồ sơ (\S+)", line.said)
    if found and found.group(1) != "…" and stored.case(found.group(1)).status is CaseStatus.CLOSED:
        yield f"{line.said}, which is closed"


def broken(said: WhyNot, stored: Stored, last: date) -> list[str]:
    """The days of letters to come that an answer promises until `last`, and those nights, played, did not write.

    `stored` are the facts after those nights.
    """
    found: list[str] = []
    for line in said.lines:
        promise = re.search(
            rf"lần kế tiếp {_D}|báo từ bước \d+, đêm {_D}|báo vào ngày gửi thư kế tiếp, {_D}|; báo ngày {_D}"
            rf"|được báo hạn mới đêm {_D}",
            line.said,
        )
        day = days(next(one for one in promise.groups() if one))[0] if promise else None
        for case in _open_cases(said, line, stored):
            told = {stored.facts.units[row.reader_no]: row.night for row in _news(stored, case, said.on, last)}
            first = min((on for who, on in told.items() if who == said.office), default=None)
            if day is not None and day <= last and first != day:
                found.append(f"{case.code}: {line.said}; it was told on {first}")
            stands_for = re.search(rf"từ đêm {_D} xét .*, không đạt thì kỳ đó đứng thay", line.said)
            if stands_for and first is not None:
                found.append(f"{case.code}: {line.said}; it was told on {first}")
            silent = re.search(
                r"các bước sau không báo|coi như đã qua, không báo ai|chỉ theo dõi đến hết đêm", line.said
            )
            if silent and first is not None:
                found.append(f"{case.code}: {line.said}; it was told on {first}")
    return [f"{said.on} {said.office} {one}" for one in found]


def _open_cases(said: WhyNot, line: Line, stored: Stored) -> list[Row[Any]]:
    """The cases that a line may promise something about: its own, or those of the units that it names."""
    if line.case:
        return [stored.case(line.case)]
    f, k, r = t.case_file, t.task, t.rule
    asked = select(f.c.code, f.c.opened_on, f.c.closed_on).join_from(f, k, k.c.id == f.c.task_id)
    rows = stored.facts.rows(asked.join(r, r.c.no == k.c.rule_no).where(r.c.id == line.rule))
    known = [row for row in rows if row.opened_on <= said.on and (row.closed_on or date.max) > said.on]
    found = [stored.case(row.code) for row in known]
    return [case for case in found if stored.bearers(case) <= _units(said, line, stored) and _is_about(line, case)]


_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


def _is_about(line: Line, case: Row[Any]) -> bool:
    """Whether a case is of the period or day that a line names; a line that names none is about every one."""
    limit = re.fullmatch(rf"hạn {_D}", line.about)
    month = re.fullmatch(r"tháng (\d+)/(\d{4})", line.about)
    quarter = re.fullmatch(r"quý (\w+)/(\d{4})", line.about)
    year = re.fullmatch(r"năm (\d{4})", line.about)
    if limit:
        return bool(case.last_day == days(limit.group(1))[0])
    if month:
        return bool(case.subject == f"{month.group(2)}-{int(month.group(1)):02d}")
    if quarter:
        return bool(case.subject == f"{quarter.group(2)}-Q{_QUARTERS[quarter.group(1)]}")
    return not line.about or bool(year and case.subject == year.group(1))


def _news(stored: Stored, case: Row[Any], after: date, last: date) -> list[Row[Any]]:
    """The notices of a case after a night that tell of a step, the latest first."""
    n = t.notice
    mine = (n.c.case_id == case.id) & (n.c.night > after) & (n.c.night <= last) & n.c.waived_until.is_(None)
    rows = stored.facts.rows(select(n).where(mine).order_by(n.c.night.desc()))
    return [row for row in rows if row.section is not Section.RESOLVED]


Check = Callable[[WhyNot, Line, Sequence[Row[Any]], Stored], Iterator[str]]


def _plain(check: Callable[[WhyNot, Line, Stored], Iterator[str]]) -> Check:
    return lambda said, line, _tasks, stored: check(said, line, stored)


# By the code of a reason, what is checked of it; letters that told have a check of their own, for all lines.
CHECKS: Mapping[str, tuple[Check, ...]] = {
    "told": (_plain(_was_told),),
    "undone": (true_absence.undone,),
    "not-alive": (true_absence.alive,),
    "not-in-force": (true_absence.in_force,),
    "not-applied": (true_demands.not_applied,),
    "not-named": (true_demands.never_named,),
    "above-ceiling": (true_demands.never_named,),
    "read-by": (true_demands.read_by,),
    "window-not-whole": (true_demands.window,),
    "life-not-whole": (true_demands.life,),
    "before-first": (true_demands.before_first,),
    "before-set": (true_demands.before_set,),
    "no-demand": (true_demands.nothing_due, _plain(_next_limit)),
    "night-not-run": (true_absence.not_run,),
    "unheard": (true_absence.silent,),
    "handed-in": (true_absence.all_handed_in, _plain(_handed_in)),
    "count-met": (true_demands.all_met, _plain(_count_met)),
    "reading-in": (true_figures.there,),
    "other-periods": (true_figures.other_periods,),
    "excused": (true_demands.excused,),
    "within-limit": (true_figures.within,),
    "no-reading": (true_figures.none_there,),
    "too-early-reading": (true_figures.too_early,),
    "no-base": (true_figures.no_base,),
    "not-comparable": (true_figures.divided,),
    "run-too-short": (true_figures.too_short,),
    "not-derived": (true_demands.derived,),
    "reminded": (_plain(_in_time),),
    "judged-later": (_plain(_in_time), _plain(_count_met), true_demands.counted),
    "case-closed": (_plain(_closed),),
    "awaiting-heir": (true_absence.waiting, true_demands.heir),
    "covered": (true_demands.covered,),
    "rolled-up": (_plain(_by),),
    "waived": (_plain(_waived),),
    "acknowledged": (_plain(_acknowledged),),
    "baseline": (_plain(_baseline),),
    "not-yet": (_plain(_not_yet), _plain(_moved), _plain(_asked), true_demands.followed),
    "closed-night": (_plain(_closed_night),),
    "quiet-night": (_plain(_closed_night),),
    "silent-night": (true_demands.silent_night,),
    "already-told": (_plain(_known),),
    "unreachable": (true_absence.unreached,),
}
