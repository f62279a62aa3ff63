"""What `explain` prints of a case, held against the rows of the store.

Each check takes an account with the facts of its night and yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from dondoc.engine.domain.rulebook import Rule, Threshold
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section, TaskKind
from dondoc.engine.store.db import tables as t
from tests.support.account_reader import Account, Coming
from tests.support.letter_reader import days, number
from tests.support.stored_facts import Facts
from tests.support.town import cutoff

_DAY = timedelta(days=1)
_D = r"(\d\d/\d\d/\d{4})"
STATUS = {
    "đang mở": CaseStatus.OPEN,
    "đã qua hết các bước": CaseStatus.EXHAUSTED,
    "chờ xác nhận nơi kế thừa": CaseStatus.WAITING,
    "đã đóng": CaseStatus.CLOSED,
}
SECTIONS = {
    "MỚI": {Section.NEW},
    "NẶNG THÊM": {Section.WORSE},
    "CÒN TỒN": {Section.STILL},
    "ĐÃ XONG": {Section.RESOLVED},
    "THÔI THEO DÕI": {Section.RESOLVED},
    "SẮP HẾT HẠN": {Section.ENDING},
}
STATES = {
    "tạm giữ": {"held"},
    "chờ": {"ready"},
    "đang gửi": {"leased", "dot"},
    "đã giao": {"sent"},
    "chưa rõ": {"unknown"},
    "trả lại": {"dead"},
    "hết hạn": {"expired"},
    "đã bỏ": {"dropped"},
}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Stored:
    """What the store holds after a night of cases, offices and their names."""

    facts: Facts
    _names: dict[str, frozenset[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        now, ever = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        on = self.facts.night
        for row in self.facts.rows(select(t.unit_name)):
            unit = self.facts.units[row.unit_no]
            ever[unit].add(row.name)
            if row.valid_from <= on and (row.valid_to is None or on < row.valid_to):
                now[unit].add(row.name)
        self._names.update(
            {unit: frozenset(now[unit] or ever[unit] or {unit}) for unit in self.facts.units.values()}
        )

    def names(self, unit: str) -> frozenset[str]:
        """What a unit may be called on the night: its name then, or else any that it has."""
        return self._names[unit]

    @property
    def every_name(self) -> frozenset[str]:
        """Every name that a unit has on the night."""
        return frozenset(name for names in self._names.values() for name in names)

    def called(self, names: frozenset[str] | set[str]) -> frozenset[str]:
        """The units that may be called by these names."""
        return frozenset(unit for unit, known in self._names.items() if known & names)

    def case(self, code: str) -> Row[Any]:
        """A case with its task."""
        f, k = t.case_file, t.task
        asked = select(
            *(column for column in f.c if column.name != "last_day"),
            *(column for column in k.c if column.name not in f.c),
            k.c.last_day,
        ).join_from(f, k, f.c.task_id == k.c.id)
        (found,) = self.facts.rows(asked.where(f.c.code == code))
        return found

    def bearers(self, case: Row[Any]) -> frozenset[str]:
        """Who carries the case's task."""
        return self.facts.carried[case.task_id].units

    def rule(self, case: Row[Any]) -> Rule:
        """The rule of a case."""
        (row,) = self.facts.rows(select(t.rule.c.id).where(t.rule.c.no == case.rule_no))
        return self.facts.book.rules[row.id]

    def notices(self, case: Row[Any], night: date | None = None) -> list[Row[Any]]:
        """The notices of a case and the reminders before it, until its night or of one night."""
        n = t.notice
        mine = or_(n.c.case_id == case.id, n.c.case_id.is_(None) & (n.c.task_id == case.task_id))
        when = n.c.night == night if night else n.c.night <= self.facts.night
        return self.facts.rows(select(n).where(mine, when).order_by(n.c.night, n.c.id))


def untrue(account: Account, stored: Stored) -> list[str]:
    """Everything that an account says and that is not so."""
    case = stored.case(account.code)
    checks = (_head, _limit, _papers, _counts, _series, _calendar, _notices, _closed)
    found = [line for check in checks for line in check(account, stored, case)]
    return [f"{stored.facts.night} {account.code}: {line}" for line in found]


def _is(what: str, said: object, true: object) -> Iterator[str]:
    if said != true:
        yield f"{what} {said}, true is {true}"


def _head(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    yield from _is("status", STATUS[one.status], case.status)
    yield from _is("step", one.reached, case.reached)
    steps = len(stored.facts.book.ladders[stored.rule(case).ladder].steps)
    if one.repeat is not None:
        yield from _is("repeat", one.repeat, case.reached - steps)
    if not _ended(stored, case):
        yield from _is("units", len(one.names), len(stored.bearers(case)))
        if not all(stored.names(unit) & set(one.names) for unit in stored.bearers(case)):
            yield f"units {one.names}, true are {stored.bearers(case)}"
    yield from _is("night", one.on, stored.facts.night)


def _ended(stored: Stored, case: Row[Any]) -> bool:
    (unit,) = stored.facts.rows(select(t.unit).where(t.unit.c.no == case.unit_no))
    return unit.valid_to is not None and unit.valid_to <= stored.facts.night


def _limit(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    found = one.find(2, rf"Hạn \(limit\): (trước|hết) ngày {_D}.*?; ngày cuối trong hạn \(last day\): (.*?), {_D}")
    if found:
        last = days(found.group(4))[0]
        yield from _is("last day", last, case.last_day)
        yield from _is("weekday", found.group(3), _WEEKDAYS[last.weekday()])
        yield from _is("limit", days(found.group(2))[0], last + (found.group(1) == "trước") * _DAY)
    moved = one.find(2, rf"Hạn đầu tiên: hết ngày {_D}; hạn nay ghi nhận từ đêm {_D}, là lượt (\d+)")
    true = (case.first_limit, case.moved_on, case.round)
    if moved:
        said = (days(moved.group(1))[0], days(moved.group(2))[0], int(moved.group(3)))
        yield from _is("first limit", said, true)
    elif found and case.moved_on is not None and case.first_limit not in (None, case.last_day):
        yield f"a limit that moved is not told: {true}"


def _known(stored: Stored, one: Account, case: Row[Any]) -> date:
    """The night whose facts the account shows."""
    until = stored.facts.book.last_night(stored.rule(case).id)
    return min(day for day in (one.on, case.closed_on, until) if day is not None)


def _papers(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    if case.kind not in (TaskKind.REPORT, TaskKind.ASSIGNED):
        return
    on = cutoff(_known(stored, one, case))
    said = [
        (*(days(found.group(n))[0] for n in (2, 3)), bool(found.group(4)))
        for line in one.parts[1]
        if (found := re.fullmatch(rf"(.*), ngày {_D}, ghi nhận ngày {_D}(, bản bổ sung)?", line))
    ]
    s = t.submission
    rows = stored.facts.rows(select(s).where(s.c.task_id == case.task_id).order_by(s.c.recorded_at))
    true = [
        (row.submitted_on, local(row.recorded_at), row.revision)
        for row in rows
        if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    ]
    yield from _is("reports", sorted(said), sorted(true))
    nothing = one.find(2, rf"Đến 02:00 ngày {_D} chưa ghi nhận báo cáo nào")
    yield from _is("nothing recorded", bool(nothing), not true)


def local(instant: Any) -> date:
    """The day of an instant, local time."""
    local: date = instant.astimezone(cutoff(date(2015, 1, 1)).tzinfo).date()
    return local


def _counts(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    if case.kind is not TaskKind.QUOTA:
        return
    on = cutoff(_known(stored, one, case))
    period = one.find(2, rf"Kỳ \(period\): {_D} – {_D}")
    assert period, one.parts[1]
    yield from _is("period", tuple(days(period.group(n))[0] for n in (1, 2)), (case.first_day, case.final_day))
    a, bearers = t.activity, stored.bearers(case)
    true = sorted(
        (row.done_on, row.quantity)
        for row in stored.facts.rows(select(a).where(a.c.activity == case.counts))
        if stored.facts.units[row.unit_no] in bearers and case.first_day <= row.done_on <= case.final_day
        if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    )
    said = sorted(
        (days(found.group(1))[0], number(found.group(2)))
        for line in one.parts[1]
        if (found := re.match(rf"{_D}: (\d[\d.]*) lần, ", line))
    )
    if not _ended(stored, case):
        yield from _is("activities", said, true)
    held = one.find(2, r"Đếm được (\d[\d.]*), cần (\d[\d.]*)")
    assert held, one.parts[1]
    yield from _is("needed", number(held.group(2)), case.need)
    if len(bearers) == 1:
        yield from _is("counted", number(held.group(1)), sum(n for _, n in said))


def _series(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    """Each figure of the series is stored as it stands, and on the side of the limit that its mark says."""
    condition = stored.rule(case).condition
    if case.kind is not TaskKind.LEVEL or not isinstance(condition, Threshold):
        return
    on, r = cutoff(_known(stored, one, case)), t.reading
    rows = [
        row
        for row in stored.facts.rows(select(r).where(r.c.indicator == condition.indicator))
        if row.recorded_at <= on and (row.superseded_at is None or row.superseded_at > on)
    ]
    for line in one.parts[1]:
        found = re.match(
            rf"(?P<period>.*?): (?P<value>[\d.,]+)\S* ?[^,]*?(?:, kỳ so sánh .*?)?, ghi nhận ngày (?P<on>{_D}): "
            r"(?P<mark>[^(]*) \(",
            line,
        )
        if not found:
            continue
        value = float(found["value"].replace(".", "").replace(",", "."))
        mine = [row for row in rows if local(row.recorded_at) == days(found["on"])[0]]
        if not any(abs(row.value / 10_000_000 - value) < 1e-6 for row in mine):
            yield f"no such figure: {line}"
        bound = condition.above if condition.above is not None else condition.below
        if bound is not None and found["mark"] in {"ngoài ngưỡng", "trong ngưỡng", "giữa ngưỡng và mức kết thúc"}:
            beyond = value > float(bound) if condition.above is not None else value < float(bound)
            yield from _is(line, found["mark"] == "ngoài ngưỡng", beyond)


def _calendar(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    begun = one.find(4, rf"Ngày bắt đầu tính quá hạn \(breach\): (.*?), {_D}; mở hồ sơ đêm {_D}")
    assert begun, one.parts[3]
    breach = days(begun.group(2))[0]
    yield from _is("breach", (breach, days(begun.group(3))[0]), (case.breach, case.opened_on))
    yield from _is("weekday", begun.group(1), _WEEKDAYS[breach.weekday()])
    yield from _is("steps from", one.day(4, rf"Các bước tính từ đêm {_D}"), case.steps_from)
    passed = one.find(4, rf"Từ đó đến đêm {_D}: (\d[\d.]*) ngày làm việc đã qua")
    calendar = stored.facts.book.calendar_of(stored.rule(case).id)
    clock = case.steps_from or breach
    if passed:
        until = days(passed.group(1))[0]
        yield from _is("counted until", until, case.closed_on or one.on)
        still = one.find(4, r"(\d[\d.]*) ngày làm việc (?:chờ|được)")
        worked = sum(calendar.is_workday(clock + n * _DAY) for n in range((until - clock).days))
        yield from _is("working days", number(passed.group(2)), worked - (number(still.group(1)) if still else 0))
    for rung in one.rungs:
        yield from _is(f"step {rung.number} reached", rung.reached, rung.number <= case.reached)
        if rung.due and not rung.reached and (case.status is CaseStatus.CLOSED or rung.due <= one.on):
            waits = case.status is not CaseStatus.CLOSED and any(
                "coi như" in why or "đứng thay" in why or "chờ người" in why for _, why in one.unheard
            )
            if not waits:
                yield f"step {rung.number} falls due on {rung.due}, and does not come"
    empty = any("không có ai: báo luôn bước sau" in line for line in one.parts[3])
    for notice in () if empty else stored.notices(case):
        (due,) = [rung.due for rung in one.rungs if rung.number == notice.step] or [None]
        if due and notice.round == case.round and notice.night < due and notice.section in {"new", "worse"}:
            yield f"step {notice.step} was told on {notice.night}, before {due}"


def _notices(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    """Every letter about the case is listed as stored, and no other; who is said to hear nothing did not."""
    true = stored.notices(case)
    states = {row.id: row.state for row in stored.facts.rows(select(t.letter.c.id, t.letter.c.state))}
    if len(one.notices) != len(true):
        yield f"{len(one.notices)} letters, true are {len(true)}"
        return
    left = list(one.notices)
    for row in true:
        found = [
            said
            for said in left
            if (said.night, said.step, said.undone) == (row.night, row.step, row.untold_on)
            and row.letter.startswith(said.letter)
            and row.section in SECTIONS[said.section]
            and said.reader in stored.names(stored.facts.units[row.reader_no])
            and (states.get(row.letter) is None or states[row.letter] in STATES[said.state])
        ]
        if not found:
            yield f"no such letter: {row.night} {stored.facts.units[row.reader_no]}, of {left}"
            continue
        left.remove(found[0])
        lapsed = row.section is Section.RESOLVED and case.outcome is Outcome.LAPSED
        yield from _is("told as done", found[0].section == "THÔI THEO DÕI", lapsed)
    told = {stored.facts.units[row.reader_no] for row in true if row.night == one.on}
    for who, why in one.unheard:
        if stored.called({who}) and stored.called({who}) <= told:
            yield f"{who} was told, and is said not to be: {why}"


RESULTS = {
    "hoàn thành sau hạn": {Outcome.LATE},
    "hoàn thành trong hạn đã gia hạn": {Outcome.EXTENDED},
    "quy tắc đã sửa, không còn vi phạm": {Outcome.CHANGED},
    "được cho phép không thực hiện cả kỳ": {Outcome.EXCUSED},
    "đã chuyển cho đơn vị khác": {Outcome.REASSIGNED},
    "đúng hạn, ghi nhận muộn, hoặc số liệu được đính chính": {Outcome.WITHDRAWN},
    "thực hiện trong hạn, ghi nhận muộn": {Outcome.WITHDRAWN},
    "đã thực hiện lại ở kỳ sau": {Outcome.RESUMED},
    "số liệu trở lại trong ngưỡng": {Outcome.CLEARED},
    "văn bản hết hiệu lực, thôi theo dõi": {Outcome.LAPSED},
    "quy tắc không còn nữa": {Outcome.RETIRED},
}


def _closed(one: Account, stored: Stored, case: Row[Any]) -> Iterator[str]:
    found = one.find(6, rf"Hồ sơ đóng đêm {_D}: (.*?) \(")
    yield from _is("closed", bool(found), case.status is CaseStatus.CLOSED)
    if found is None:
        return
    yield from _is("closed on", days(found.group(1))[0], case.closed_on)
    if case.outcome not in RESULTS[found.group(2)]:
        yield f"closed as {found.group(2)}, true is {case.outcome}"
    yield from _done(one, stored, case, found.group(2))
    told = one.find(6, r"Đã báo tin \(told\): (.*)\.")
    said = sorted(re.findall(rf"(?:^|, )(.*?) \({_D}\)", told.group(1))) if told else []
    true = [row for row in stored.notices(case) if row.section is Section.RESOLVED]
    yield from _is("told the end", len(said), len(true))
    for row in true:
        names = stored.names(stored.facts.units[row.reader_no])
        if not any(who in names and days(on)[0] == row.night for who, on in said):
            yield f"told the end: {said}, true is {names} on {row.night}"


def _done(one: Account, stored: Stored, case: Row[Any], how: str) -> Iterator[str]:
    """How a report ended its case: its day against the limits."""
    done = one.find(6, rf"Kết quả: (.*?), ngày {_D}")
    s = t.submission
    mine = select(s).where(s.c.task_id == case.task_id, s.c.revision.is_(False))
    known = [row for row in stored.facts.rows(mine) if row.recorded_at <= cutoff(case.closed_on)]
    if done and days(done.group(2))[0] not in {row.submitted_on for row in known}:
        yield f"no such result: {done.group()}"
    on = days(done.group(2))[0] if done else None
    if on and how == "hoàn thành sau hạn" and on <= case.last_day:
        yield f"{how}, done on {on}, limit {case.last_day}"
    if on and how == "thực hiện trong hạn, ghi nhận muộn" and on > case.last_day:
        yield f"{how}, done on {on}, limit {case.last_day}"
    if on and how == "hoàn thành trong hạn đã gia hạn" and not case.first_limit < on <= case.last_day:
        yield f"{how}, done on {on}, limits {case.first_limit}, {case.last_day}"


def broken(account: Account, stored: Stored, last: date) -> list[str]:
    """What an account promises for the nights until `last`, and those nights, played, did not write.

    `stored` are the facts after those nights.
    """
    case = stored.case(account.code)
    coming = list(_spelled_out(account, stored, case, last))
    found: list[str] = []
    for on in sorted({one.on for one in coming if one.on <= last}):
        found += _kept(on, [one for one in coming if one.on == on], stored, case)
    closing = account.day(6, rf"Ai đã được báo sẽ nhận tin từ đêm {_D}")
    if closing is not None and closing <= last:
        told = [row for row in stored.notices(case, closing) if row.section is Section.RESOLVED]
        found += [] if told else [f"nobody is told of the end on {closing}"]
    promised = {one.on for one in coming}
    if account.status != "đã đóng":
        news = {row.night for row in _news(stored, case) if account.on < row.night <= last}
        found += [f"a letter on {night} is not foretold" for night in sorted(news - promised)]
    return [f"{account.on} {account.code}: {line}" for line in found]


def _spelled_out(account: Account, stored: Stored, case: Row[Any], last: date) -> Iterator[Coming]:
    """What comes until the `last` day: what is told again every so many working days as the repeats that it is."""
    calendar = stored.facts.book.calendar_of(stored.rule(case).id)
    for one in account.coming:
        if one.kind != "again":
            yield one
            continue
        on, worked = one.on, 0
        while on < last:
            worked, on = worked + calendar.is_workday(on), on + _DAY
            if worked == one.every and calendar.is_workday(on):
                yield Coming(on, "repeat", None, one.readers)
                worked = 0


def _news(stored: Stored, case: Row[Any], night: date | None = None) -> list[Row[Any]]:
    """The notices of a case that tell of a step or a moved limit, not of its end or of a waiver."""
    told = stored.notices(case, night)
    return [row for row in told if row.waived_until is None and row.section is not Section.RESOLVED]


def _kept(on: date, promised: list[Coming], stored: Stored, case: Row[Any]) -> Iterator[str]:
    """What was promised for a night, against what it wrote."""
    told = _news(stored, case, on)
    if any(one.kind == "lapse" for one in promised):
        yield from _is("ends", (case.outcome, case.closed_on), (Outcome.LAPSED, on))
    if any(one.kind == "newer" for one in promised):
        if case.status is not CaseStatus.CLOSED and told:
            yield f"{on}: it goes on after the newer period was judged"
        return
    readers = {stored.facts.units[row.reader_no] for row in told}
    names = {who for one in promised for who in one.readers}
    missing = [who for who in names if not stored.called({who}) & readers]
    if missing:
        yield f"{on}: {missing} hear nothing, told are {sorted(readers)}"
    unnamed = [reader for reader in readers if not stored.names(reader) & names]
    if unnamed:
        yield f"{on}: {unnamed} hear of it too"
    steps = [one.step for one in promised if one.step is not None]
    if steps and told and all(one.kind == "step" for one in promised):
        yield from _is(f"{on}: step", max(steps), max(row.step for row in told))
