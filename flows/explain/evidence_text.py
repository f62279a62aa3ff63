"""The evidence of `explain` in words: the resolved rule, the facts, and what durable_rules compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from dondoc.engine.domain.model import NO_TEXT, SCALE, MissedParts, Task, Text, scaled
from dondoc.engine.domain.rulebook import Basis, Condition, Overdue, Quota, Rollup, Streak, Threshold
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.explain.comparisons import Comparison, Operator, RuleComparison
from dondoc.engine.judge.series import ReadingMark
from dondoc.flows.explain.account import Account
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import about, period
from dondoc.notifications.digest import Figure
from dondoc.notifications.gather.timing import limit_line
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.limits import until
from dondoc.notifications.wording.numbers import count, day, weekday

_FIELDS = {
    "last": "ngày cuối trong hạn",
    "end": "ngày cuối của kỳ",
    "done": "kết quả",
    "n": "số lần đếm được",
    "v": "giá trị",
    "b": "giá trị kỳ so sánh",
    "run": "số kỳ liền không đạt",
    "missed": "số việc không đạt",
    "judged": "số đã xét",
    "judged100": "số đã xét × 100",
    "units": "tất cả",
}
# Fields that count; all other numbers are values of an indicator, scaled.
_COUNTS = frozenset({"n", "run", "missed", "judged", "judged100", "units"})
_ASKS = {
    "overdue": "Quá hạn?",
    "done": "Đã xong?",
    "missed": "Không đạt?",
    "met": "Đạt?",
    "no-data": "Thiếu số liệu?",
    "data": "Đã có số liệu?",
    "ending": "Sắp hết hạn?",
    "beyond": "Ngoài ngưỡng?",
    "band": "Giữa ngưỡng và mức kết thúc?",
    "running": "Đủ số kỳ liền?",
    "many": "Đủ nhiều?",
    "few": "Chưa đủ nhiều?",
}
_SIGNS = {
    Operator.LESS: "trước",
    Operator.AT_MOST: "không sau",
    Operator.MORE: "sau",
    Operator.AT_LEAST: "không trước",
}
_BASIS = {
    Basis.TEXT: Text("theo lời văn bản", "the text itself"),
    Basis.ASSUMED: Text("theo giả định", "assumed"),
    Basis.SET: Text("theo thông số do một cơ quan đặt", "a parameter that an office set"),
    Basis.EXAMPLE: Text("tham số ví dụ, không có trong văn bản", "an example"),
}
_MARKS = {
    ReadingMark.BEYOND: Text("ngoài ngưỡng", "beyond"),
    ReadingMark.HYSTERESIS: Text("giữa ngưỡng và mức kết thúc", "in the band"),
    ReadingMark.CLEAR: Text("trong ngưỡng", "within"),
    ReadingMark.MISSING: Text("không có số liệu để xét", "missing"),
}


def what(found: Account, view: NightView) -> Iterator[str]:
    """The demand: its title, its document, the rule and where it is written, its ladder and its basis."""
    rule, directive = found.rule, found.directive
    number = f" số {directive.number}" if directive.number else ""
    issued = f" ngày {day(directive.issued)}" if directive.issued else ""
    ends = day(directive.in_force_until) if directive.in_force_until else "nay"
    basis = _BASIS[rule.basis]
    ladder = found.case.ladder
    steps = ", ".join(str(step.at) for step in ladder.steps)
    repeat = f"; báo lặp lại {count(ladder.repeat_times)} lần, mỗi {count(ladder.repeat_every)} ngày làm việc"
    yield rule.title.both()
    clause = f"mục {rule.clause}" if rule.clause[:1].isdigit() else rule.clause
    yield f"{directive.kind.vi}{number}{issued} của {view.name(directive.issuer)}, {clause}"
    yield f"Hiệu lực (in force): {day(directive.in_force_from)} – {ends}"
    yield f"Quy tắc (rule): {rule.id}, {rule.place}"
    yield f"Điều kiện (condition): {_condition(found.rule.condition)}"
    yield f"Cơ quan theo dõi (monitor): {view.name(found.monitor) or 'không có'}; lịch: {rule.calendar}"
    yield (
        f"Thang «{ladder.id}» chép khi mở hồ sơ (ladder): bước sau {steps} ngày làm việc"
        f"{repeat if ladder.repeat_times else ''}"
    )
    condition = rule.condition
    setter = condition.set_by if isinstance(condition, Overdue | Quota) and rule.basis is Basis.SET else None
    if setter and isinstance(condition, Overdue | Quota) and condition.set_on:
        yield f"Đặt bởi (set by): {view.name(setter)}, ngày {day(condition.set_on)}"
    assumes = f": {rule.assumes.vi.rstrip('.')}" if rule.assumes and rule.basis is not Basis.TEXT else ""
    yield f"Căn cứ (basis): {basis.vi}{assumes} ({basis.en})"


def _condition(condition: Condition) -> str:
    match condition:
        case Overdue(report=report, task=task, remind=remind):
            said = ", ".join(str(offset) for offset in remind)
            return f"báo cáo hoặc việc «{report or task}»" + (f"; nhắc trước {said} ngày làm việc" if said else "")
        case Quota(activity=activity, at_least=need, grace=grace):
            waits = f"; chờ ghi nhận thêm {count(grace)} ngày làm việc" if grace else ""
            return f"ít nhất {count(need)} lần «{activity}» trong mỗi kỳ{waits}"
        case Threshold():
            return _threshold(condition)
        case Streak(of=of, times=times):
            return f"{count(times)} kỳ liền không đạt của {of}"
        case Rollup(of=of, percent=percent, units=units):
            limit = f"{percent} %" if percent is not None else f"{units} đơn vị"
            return f"từ {limit} trong các đơn vị của {of} không đạt"
        case _:
            assert_never(condition)


def _threshold(threshold: Threshold) -> str:
    side = "dưới" if threshold.below is not None else "trên"
    bound = threshold.above if threshold.above is not None else threshold.below
    limit = f"{side} {_number(scaled(bound))}" if bound is not None else ""
    if threshold.rise is not None:
        limit = f"tăng trên {threshold.rise.percent}% và ít nhất {threshold.rise.at_least}"
    clear = f", kết thúc ở {_number(scaled(threshold.clear))}" if threshold.clear is not None else ""
    running = f", {count(threshold.periods)} kỳ liền" if threshold.periods > 1 else ""
    since = f", xét từ kỳ bắt đầu từ ngày {day(threshold.judge_from)}" if threshold.judge_from else ""
    return f"«{threshold.indicator}» {limit}{clear}{running}; ngưỡng đặt ngày {day(threshold.set_on)}{since}"


def known(found: Account, view: NightView) -> Iterator[str]:
    """The facts: limit and reports, activities and their count, the series of readings, or derived parts."""
    case = found.case
    limit = limit_line(found.rule, case.task, view.book.calendar_of(found.rule.id))
    if found.finding.parts is not None:
        yield from _parts(found.finding.parts, view)
    elif case.task.kind is TaskKind.LEVEL:
        yield from _series(found, view)
    elif case.task.kind in (TaskKind.QUOTA, TaskKind.READING):
        yield from _counts(found, view)
    elif limit is not None:
        yield f"Hạn (limit): {until(limit).vi}; ngày cuối trong hạn (last day): {weekday(limit.last_day).vi}"
        task = case.task
        if task.moved_on is not None and task.first_limit not in (None, task.last_day):
            yield (
                f"Hạn đầu tiên: hết ngày {day(task.first_limit)}; hạn nay ghi nhận từ đêm {day(task.moved_on)}, "
                f"là lượt {case.round} của hồ sơ. (the limit was moved: round {case.round} of the case)"
            )
        yield from _papers(found)
    for fact in found.withdrawn:
        yield (
            f"«{fact.ref}» ({fact.kind}, ngày {day(fact.about)}) đã được rút ngày {day(fact.on)}, coi như "
            "chưa có; căn cứ: dondoc audit list --kind fact-withdrawn. (withdrawn, its basis is in the log)"
        )
    if found.finding.verdict is Verdict.UNHEARD:
        yield (
            "Nguồn dữ liệu của việc này đêm đó im lặng quá lâu: chưa thấy không phải là chưa làm. "
            "(its source was stale: not judged)"
        )
    if found.finding.verdict is Verdict.EXCUSED:
        yield "Trọn kỳ này được tạm miễn, nên không xét nữa. (its whole period is waived: not judged)"
    if found.finding.verdict is Verdict.MISMATCHED:
        yield (
            "Đơn vị có số liệu của thời gian này nhưng theo kỳ khác với kỳ mà quy tắc hỏi: không tính là chưa gửi."
            " (its figures came by other periods: not judged)"
        )


def _parts(parts: MissedParts, view: NightView) -> Iterator[str]:
    """What a derived case rests on: every missed period or part, and how many were judged."""
    yield (
        f"Suy ra từ {count(len(parts.missed))} việc không đạt, trong {count(parts.judged)} đã xét, "
        f"{count(parts.units)} tất cả ({len(parts.missed)} missed of {parts.judged} judged)"
    )
    for part in parts.missed:
        yield f"   {_part(part, view)}"
    for part in parts.waived:
        yield f"   {_part(part, view)}: đang tạm miễn, không tính (waived)"


def _part(part: Task, view: NightView) -> str:
    return f"{view.name(part.unit)}, {about(view.book, part.rule, part.subject)}"


def _papers(found: Account) -> Iterator[str]:
    for paper in found.papers:
        again = ", bản bổ sung" if paper.revision else ""
        document = paper.document or "không ghi số"
        yield f"{document}, ngày {day(paper.on)}, ghi nhận ngày {day(paper.recorded_on)}{again}"
    if not found.papers:
        yield f"Đến 02:00 ngày {day(found.asked_on)} chưa ghi nhận báo cáo nào. (nothing recorded)"


def _counts(found: Account, view: NightView) -> Iterator[str]:
    task = found.case.task
    assert task.first_day is not None
    assert task.final_day is not None
    held = found.finding.count or 0
    yield f"Kỳ (period): {day(task.first_day)} – {day(task.final_day)}"
    for act in found.acts:
        recorded = day(act.recorded_on)
        yield f"{day(act.on)}: {count(act.quantity)} lần, {view.name(act.unit)}, ghi nhận ngày {recorded}"
    yield f"Đếm được {count(held)}, cần {count(found.need)} ({held} of {found.need})"


def _series(found: Account, view: NightView) -> Iterator[str]:
    # Only a rise is measured against an earlier figure; any other limit is not.
    condition = found.rule.condition
    rises = isinstance(condition, Threshold) and condition.rise is not None
    for one in found.series:
        if one.value is None or one.recorded_on is None:
            yield "thiếu kỳ ở giữa (a gap)"
            continue
        mark = _MARKS[one.mark] if one.counts else Text("trước ngày đặt ngưỡng, không tính", "before the limit")
        base = f", kỳ so sánh {_shown(found, view, one.base)}" if rises and one.base is not None else ""
        yield (
            f"{period(one.key)}: {_shown(found, view, one.value)}{base}, ghi nhận ngày {day(one.recorded_on)}: "
            f"{mark.both()}"
        )


def _shown(found: Account, view: NightView, value: int) -> str:
    """A value with its unit; a small sensitive count is not shown (decision 48)."""
    threshold = found.rule.condition
    assert isinstance(threshold, Threshold)
    indicator = view.book.indicators[threshold.indicator]
    return figures.value(Figure(value, None, indicator.unit, masked=indicator.sensitive)).vi


def comparisons(found: Account, view: NightView) -> Iterator[str]:
    """Every question put to durable_rules, its answer, and the comparisons behind it."""
    period_of = {one.id: one.key for one in found.series}
    hidden = _hidden(found, view)
    for number, asked in found.asked.items():
        if number in period_of and len(found.asked) > 1:
            yield f"{period(period_of[number])}:"
        if hidden and 0 < (asked.fact.get("v") or 0) < 3 * SCALE:
            yield "số liệu nhỏ, nhạy cảm: không in phép so sánh (a small sensitive count is not shown)"
            continue
        for one in asked.compared:
            if one.hit or not one.rule.startswith("ending"):
                name = one.rule.rpartition("|")[2]
                yield f"{_asks(name)} " + (f"ĐÚNG ({name}: yes)" if one.hit else f"không ({name}: no)")
                yield from (f"   {_comparison(each)}" for each in one.comparisons if _says(each, one))
    if not found.asked:
        yield "Không có dữ kiện nào để hỏi. (there is no fact to ask about)"


def _hidden(found: Account, view: NightView) -> bool:
    threshold = found.rule.condition
    return isinstance(threshold, Threshold) and view.book.indicators[threshold.indicator].sensitive


def _asks(name: str) -> str:
    return next((said for word, said in _ASKS.items() if name.startswith(word)), name)


def _says(each: Comparison, one: RuleComparison) -> bool:
    """Whether a comparison gets a line: that a value is known is left out where the value is compared."""
    compared = {other.field for other in one.comparisons if other.sign not in (Operator.KNOWN, Operator.UNKNOWN)}
    return (each.field in compared and each.sign is not Operator.KNOWN) or each.field == "done"


def _comparison(each: Comparison) -> str:
    answer = "đúng" if each.holds else "sai"
    field = _FIELDS.get(each.field, f"giá trị × {each.field[1:]}")
    if each.sign in (Operator.UNKNOWN, Operator.KNOWN):
        return f"{'chưa ghi nhận' if each.sign is Operator.UNKNOWN else 'đã ghi nhận'} {field}: {answer}"
    sign = _SIGNS[each.sign] if isinstance(each.value, str) else each.sign.value
    return f"{field} {_value(each.field, each.value)} {sign} {_value(each.field, each.against)}: {answer}"


def _value(field: str, value: int | str | None) -> str:
    if value is None:
        return "(không có)"
    if isinstance(value, str):
        return day(date.fromisoformat(value))
    return count(value) if field in _COUNTS else _number(value)


def _number(value: int) -> str:
    return figures.value(Figure(value, None, NO_TEXT)).vi.strip()
