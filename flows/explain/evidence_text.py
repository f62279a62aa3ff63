"""The evidence of `explain` in words: the resolved rule and the facts."""

from __future__ import annotations

from collections.abc import Iterator

from dondoc.engine.domain.model import NO_TEXT, MissedParts, Task, Text
from dondoc.engine.domain.rulebook import Basis, Overdue, Quota, Threshold
from dondoc.engine.domain.terms import TaskKind, Verdict
from dondoc.engine.judge.series import ReadingMark
from dondoc.flows.explain import condition_text
from dondoc.flows.explain.account import Account
from dondoc.flows.explain.night_view import NightView
from dondoc.flows.explain.reason_text import about, period
from dondoc.notifications.digest import Figure
from dondoc.notifications.gather.timing import limit_line
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.labels import NONE_HERE
from dondoc.notifications.wording.limits import until
from dondoc.notifications.wording.numbers import count, day, number, weekday, without_stop

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


_TODAY = Text("nay", "today")
_WITHOUT_NUMBER = Text("không ghi số", "no number")
# What is said of a demand that the night did not judge.
_NOT_JUDGED = {
    Verdict.UNHEARD: Text(
        "Nguồn dữ liệu của việc này đêm đó im lặng quá lâu: chưa thấy không phải là chưa làm. "
        "(its source was stale: not judged)",
        "Its source was stale that night: not judged, as unseen is not undone.",
    ),
    Verdict.EXCUSED: Text(
        "Trọn kỳ này được tạm miễn, nên không xét nữa. (its whole period is waived: not judged)",
        "Its whole period is waived: not judged.",
    ),
    Verdict.MISMATCHED: Text(
        "Đơn vị có số liệu của thời gian này nhưng theo kỳ khác với kỳ mà quy tắc hỏi: không tính là chưa gửi."
        " (its figures came by other periods: not judged)",
        "Its figures of this time came by other periods than the rule asks for: not judged.",
    ),
}


def what(found: Account, view: NightView) -> Iterator[Text]:
    """The demand: its title, its document, the rule and where it is written, its ladder and its basis."""
    rule, directive = found.rule, found.directive
    yield rule.title.beside()
    yield _document(found, view)
    ends = day(directive.in_force_until) if directive.in_force_until else _TODAY
    first = day(directive.in_force_from)
    yield Text.format(
        "Hiệu lực (in force): {first} – {last}", "In force: {first} – {last}", first=first, last=ends
    )
    yield Text.format("Quy tắc (rule): {id}, {place}", "Rule: {id}, {place}", id=rule.id, place=rule.place)
    said = condition_text.asked(rule.condition)
    yield Text.format("Điều kiện (condition): {said}", "Condition: {said}", said=said)
    yield Text.format(
        "Cơ quan theo dõi (monitor): {office}; lịch: {calendar}",
        "Monitor: {office}; calendar: {calendar}",
        office=view.name(found.monitor) if found.monitor else NONE_HERE,
        calendar=rule.calendar,
    )
    yield _ladder(found)
    yield from _basis(found, view)


def _document(found: Account, view: NightView) -> Text:
    rule, directive = found.rule, found.directive
    clause = Text(rule.clause, rule.clause)
    if rule.clause[:1].isdigit():
        clause = Text.format("mục {clause}", "clause {clause}", clause=rule.clause)
    issued = day(directive.issued) if directive.issued else ""
    return Text.format(
        "{kind}{number}{issued} của {issuer}, {clause}",
        "{kind}{number}{issued} by {issuer}, {clause}",
        kind=directive.kind,
        number=Text.format(" số {id}", " no. {id}", id=directive.number) if directive.number else NO_TEXT,
        issued=Text.format(" ngày {day}", " of {day}", day=issued) if issued else NO_TEXT,
        issuer=view.name(directive.issuer),
        clause=clause,
    )


def _ladder(found: Account) -> Text:
    ladder, repeat = found.case.ladder, NO_TEXT
    if ladder.repeat_times:
        vi = "; báo lặp lại {times} lần, mỗi {every} ngày làm việc"
        en = "; {times} repeats, every {every} working days"
        repeat = Text.format(vi, en, times=number(ladder.repeat_times), every=number(ladder.repeat_every))
    return Text.format(
        "Thang «{id}» chép khi mở hồ sơ (ladder): bước sau {steps} ngày làm việc{repeat}",
        "Ladder «{id}», copied when the case was opened: steps after {steps} working days{repeat}",
        id=ladder.id,
        steps=", ".join(str(step.at) for step in ladder.steps),
        repeat=repeat,
    )


def _basis(found: Account, view: NightView) -> Iterator[Text]:
    rule, basis = found.rule, _BASIS[found.rule.basis]
    condition = rule.condition
    if (
        isinstance(condition, Overdue | Quota)
        and rule.basis is Basis.SET
        and condition.set_by
        and condition.set_on
    ):
        vi, en = "Đặt bởi (set by): {office}, ngày {day}", "Set by: {office}, on {day}"
        yield Text.format(vi, en, office=view.name(condition.set_by), day=day(condition.set_on))
    assumes = NO_TEXT
    if rule.assumes and rule.basis is not Basis.TEXT:
        assumes = Text.format(": {said}", said=without_stop(rule.assumes))
    vi, en = "Căn cứ (basis): {basis}{assumes} ({en})", "Basis: {basis}{assumes}"
    yield Text.format(vi, en, basis=basis, assumes=assumes, en=basis.en)


def known(found: Account, view: NightView) -> Iterator[Text]:
    """The facts: limit and reports, activities and their count, the series of readings, or derived parts."""
    task = found.case.task
    if found.finding.parts is not None:
        yield from _parts(found.finding.parts, view)
    elif task.kind is TaskKind.LEVEL:
        yield from _series(found, view)
    elif task.kind in (TaskKind.QUOTA, TaskKind.READING):
        yield from _counts(found, view)
    else:
        yield from _limit(found, view)
    for fact in found.withdrawn:
        yield Text.format(
            "«{ref}» ({kind}, ngày {about}) đã được rút ngày {on}, coi như chưa có; căn cứ: dondoc audit list "
            "--kind fact-withdrawn. (withdrawn, its basis is in the log)",
            "«{ref}» ({kind}, of {about}) was withdrawn on {on} and counts as never recorded; its basis: "
            "dondoc audit list --kind fact-withdrawn.",
            ref=fact.ref,
            kind=fact.kind,
            about=day(fact.about),
            on=day(fact.on),
        )
    if found.finding.verdict in _NOT_JUDGED:
        yield _NOT_JUDGED[found.finding.verdict]


def _limit(found: Account, view: NightView) -> Iterator[Text]:
    case, task = found.case, found.case.task
    limit = limit_line(found.rule, task, view.book.calendar_of(found.rule.id))
    if limit is None:
        return
    yield Text.format(
        "Hạn (limit): {until}; ngày cuối trong hạn (last day): {last}",
        "Limit: {until}; last day in time: {last}",
        until=until(limit),
        last=weekday(limit.last_day),
    )
    if task.moved_on is not None and task.first_limit not in (None, task.last_day):
        yield Text.format(
            "Hạn đầu tiên: hết ngày {first}; hạn nay ghi nhận từ đêm {moved}, là lượt {round} của hồ sơ. "
            "(the limit was moved: round {round} of the case)",
            "The first limit was the end of {first}; it was moved, as recorded on the night of {moved}: round "
            "{round} of the case.",
            first=day(task.first_limit),
            moved=day(task.moved_on),
            round=case.round,
        )
    yield from _papers(found)


def _parts(parts: MissedParts, view: NightView) -> Iterator[Text]:
    """What a derived case rests on: every missed period or part, and how many were judged."""
    missed = len(parts.missed)
    yield Text.format(
        "Suy ra từ {n} việc không đạt, trong {of} đã xét, {units} tất cả ({missed} missed of {judged} judged)",
        "Derived from {missed} missed of {judged} judged, {units} in all",
        n=count(missed),
        of=count(parts.judged),
        units=number(parts.units),
        missed=missed,
        judged=parts.judged,
    )
    for part in parts.missed:
        yield Text.format("   {part}", part=_part(part, view))
    for part in parts.waived:
        vi, en = "   {part}: đang tạm miễn, không tính (waived)", "   {part}: waived, not counted"
        yield Text.format(vi, en, part=_part(part, view))


def _part(part: Task, view: NightView) -> Text:
    return Text.join(", ", (view.name(part.unit), about(view.book, part.rule, part.subject)))


def _papers(found: Account) -> Iterator[Text]:
    for paper in found.papers:
        yield Text.format(
            "{document}, ngày {on}, ghi nhận ngày {recorded}{again}",
            "{document}, of {on}, recorded on {recorded}{again}",
            document=paper.document or _WITHOUT_NUMBER,
            on=day(paper.on),
            recorded=day(paper.recorded_on),
            again=Text(", bản bổ sung", ", a supplement") if paper.revision else NO_TEXT,
        )
    if not found.papers:
        vi = "Đến 02:00 ngày {on} chưa ghi nhận báo cáo nào. (nothing recorded)"
        yield Text.format(vi, "Up to 02:00 on {on} no report was recorded.", on=day(found.asked_on))


def _counts(found: Account, view: NightView) -> Iterator[Text]:
    task = found.case.task
    assert task.first_day is not None
    assert task.final_day is not None
    held = found.finding.count or 0
    first, last = day(task.first_day), day(task.final_day)
    yield Text.format("Kỳ (period): {first} – {last}", "Period: {first} – {last}", first=first, last=last)
    for act in found.acts:
        yield Text.format(
            "{on}: {n} lần, {unit}, ghi nhận ngày {recorded}",
            "{on}: {n} times, {unit}, recorded on {recorded}",
            on=day(act.on),
            n=number(act.quantity),
            unit=view.name(act.unit),
            recorded=day(act.recorded_on),
        )
    yield Text.format(
        "Đếm được {n}, cần {of} ({held} of {need})",
        "Counted {held} of {need}",
        n=count(held),
        of=count(found.need),
        held=held,
        need=found.need,
    )


def _series(found: Account, view: NightView) -> Iterator[Text]:
    # Only a rise is measured against an earlier figure; any other limit is not.
    condition = found.rule.condition
    rises = isinstance(condition, Threshold) and condition.rise is not None
    for one in found.series:
        if one.value is None or one.recorded_on is None:
            yield Text("thiếu kỳ ở giữa (a gap)", "a gap")
            continue
        mark = _MARKS[one.mark] if one.counts else Text("trước ngày đặt ngưỡng, không tính", "before the limit")
        base = NO_TEXT
        if rises and one.base is not None:
            vi, en = ", kỳ so sánh {value}", ", compared with {value}"
            base = Text.format(vi, en, value=_shown(found, view, one.base))
        yield Text.format(
            "{period}: {value}{base}, ghi nhận ngày {recorded}: {mark}",
            "{period}: {value}{base}, recorded on {recorded}: {mark}",
            period=period(one.key),
            value=_shown(found, view, one.value),
            base=base,
            recorded=day(one.recorded_on),
            mark=mark.beside(),
        )


def _shown(found: Account, view: NightView, value: int) -> Text:
    """A value with its unit; a small sensitive count is not shown (decision 48)."""
    threshold = found.rule.condition
    assert isinstance(threshold, Threshold)
    indicator = view.book.indicators[threshold.indicator]
    return figures.value(Figure(value, None, indicator.unit, masked=indicator.sensitive))
