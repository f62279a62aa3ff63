"""Why an office was not notified: the first reason, in the order in which a night decides, with its values.

Everything is computed from what was known on that night; nothing here reads a clock or the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, assert_never

from dondoc.engine.cases.night import Ruling
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.tonight import DueOffice, Ended, Silence, Tonight
from dondoc.engine.cases.waivers import holding
from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Case, Finding, Task, scaled
from dondoc.engine.domain.rulebook import Threshold, Waiver
from dondoc.engine.domain.terms import CaseStatus, Outcome, Section, TaskKind, Verdict
from dondoc.engine.explain.coming import coming
from dondoc.engine.explain.ladder import DroppedReader, NamedOffice, whom
from dondoc.engine.explain.reasons import DemandHistory, Explanation, Why
from dondoc.engine.judge.excused import Excused
from dondoc.engine.judge.series import ReadingMark
from dondoc.engine.kinds import kind_of_task

_DAY = timedelta(days=1)
# The silences of a night that end on a later one.
_PUT_OFF = (Silence.ACKNOWLEDGED, Silence.CLOSED_DAY, Silence.NOT_NOTIFYING)


def tonight(demanded: DemandHistory, office: str, on: date) -> Explanation | None:
    """The letter that told the office of this demand on the night itself; None: there was none."""
    mine = [one for one in demanded.notices if one.night == on and one.reader == office]
    if not mine:
        return None
    one = mine[-1]
    values: dict[str, Any] = {"letter": one.letter, "section": one.section, "step": one.step}
    # What nobody follows up any more is not done.
    if one.section is Section.RESOLVED and demanded.case and demanded.case.outcome is Outcome.LAPSED:
        values["lapsed"] = True
    if one.untold_on is not None:
        return Explanation(Why.UNDONE, values | {"on": one.untold_on})
    return Explanation(Why.TOLD, values)


def before_breach(demanded: DemandHistory, office: str, night: Tonight) -> Explanation | None:
    """Why a demand is not in breach on a night; None when it is."""
    task, finding = demanded.task, demanded.finding
    if finding.verdict is Verdict.BREACH:
        return None
    if finding.verdict is Verdict.UNHEARD:
        return Explanation(Why.UNHEARD, {})
    if finding.verdict is Verdict.EXCUSED:
        waiver = Excused(night.recipients.book).by(task)
        return _excused(task.subject, waiver)
    if finding.verdict is Verdict.MISMATCHED:
        return _other_periods(demanded, night.recipients)
    if task.kind is TaskKind.LEVEL:
        return _of_series(demanded, night.recipients)
    if finding.verdict is Verdict.MET:
        return _met(finding)
    if kind_of_task(task.kind).is_derived() or task.last_day is None:
        return Explanation(Why.NOT_DERIVED, _evidence(finding))
    return _in_time(demanded, task.last_day, office, night)


def _met(finding: Finding) -> Explanation:
    task = finding.task
    if task.kind is TaskKind.QUOTA:
        return Explanation(Why.COUNT_MET, {"count": finding.count, "need": finding.need})
    if task.kind is TaskKind.READING:
        return Explanation(Why.READING_IN, {"count": finding.count})
    if kind_of_task(task.kind).is_derived():
        return Explanation(Why.NOT_DERIVED, _evidence(finding))
    return Explanation(
        Why.HANDED_IN,
        {
            "document": task.evidence,
            "on": task.done_on,
            "recorded_on": task.done_recorded_on,
            "last_day": task.last_day,
        },
    )


def _evidence(finding: Finding) -> Mapping[str, Any]:
    """The number of parts or periods missed, and of those judged."""
    if finding.parts is None:
        return {"missed": None, "judged": None}
    return {"missed": len(finding.parts.missed), "judged": finding.parts.judged}


def _in_time(demanded: DemandHistory, last_day: date, office: str, night: Tonight) -> Explanation:
    """Why nothing more was sent about a demand still in time: already reminded, or judged only later."""
    task = demanded.task
    values = {"last_day": last_day, "judged_on": last_day + _DAY, "ends": task.final_day}
    reminders = [
        one
        for one in demanded.notices
        if one.reminder is not None and one.reader == office and one.untold_on is None
    ]
    if reminders:
        last = reminders[-1]
        return Explanation(Why.REMINDED, values | {"night": last.night, "letter": last.letter})
    put_off = demanded.finding.verdict is Verdict.ENDING and not night.calendar.is_workday(night.as_of)
    if put_off and _is_reachable(office, night):
        return _put_off(night)
    return Explanation(Why.JUDGED_LATER, values | {"count": demanded.finding.count, "need": demanded.finding.need})


def _of_series(demanded: DemandHistory, recipients: Recipients) -> Explanation:
    """Why an indicator is not in breach: no readings that count, or none beyond the limit for long enough."""
    condition = recipients.book.rules[demanded.task.rule].condition
    assert isinstance(condition, Threshold)
    values: dict[str, Any] = {
        "indicator": condition.indicator,
        "set_on": condition.set_on,
        "needed": condition.periods,
        "below": condition.below is not None,
        "rise": condition.rise.percent if condition.rise else None,
        "at_least": condition.rise.at_least if condition.rise else None,
    }
    bound = condition.above if condition.above is not None else condition.below
    values["limit"] = None if bound is None else scaled(bound)
    counting = [one for one in demanded.series if one.counts]
    if not counting:
        early = demanded.series[-1] if demanded.series else None
        if early is None and demanded.beside:
            return _other_periods(demanded, recipients)
        if early is None:
            return Explanation(Why.NO_READING, values)
        if early.waived is not None:
            return _excused(early.key, early.waived)
        return Explanation(
            Why.TOO_EARLY_READING,
            values
            | {
                "period": early.key,
                "recorded_on": early.recorded_on,
                "judged_since": condition.judged_since if condition.per.months else None,
                "judge_from": condition.judge_from,
            },
        )
    latest = counting[-1]
    values |= {
        "period": latest.key,
        "value": latest.value,
        "before": latest.base,
        "recorded_on": latest.recorded_on,
    }
    if latest.mark is ReadingMark.MISSING:
        divided = recipients.chart.divided_origins(demanded.task.unit)
        return (
            Explanation(Why.NOT_COMPARABLE, values | {"divided": divided[0]})
            if divided
            else Explanation(Why.NO_BASE, values)
        )
    if latest.mark is ReadingMark.BEYOND:
        run = 0
        for one in reversed(counting):
            if one.mark is not ReadingMark.BEYOND:
                break
            run += 1
        return Explanation(Why.RUN_TOO_SHORT, values | {"run": run})
    return Explanation(Why.WITHIN_LIMIT, values)


def _excused(subject: str, waiver: Waiver | None) -> Explanation:
    assert waiver is not None
    return Explanation(Why.EXCUSED, {"subject": subject, "until": waiver.until, "granted_by": waiver.granted_by})


def _other_periods(demanded: DemandHistory, recipients: Recipients) -> Explanation:
    condition = recipients.book.rules[demanded.task.rule].condition
    assert isinstance(condition, Threshold)
    return Explanation(Why.OTHER_PERIODS, {"kinds": dict(demanded.beside), "per": condition.per})


def of_case(demanded: DemandHistory, office: str, night: Tonight) -> Explanation:
    """Why an office was not notified of a breach on a night on which no letter to it was about the breach."""
    case = demanded.case
    if case is None:
        return Explanation(Why.NIGHT_NOT_RUN, {"breach": demanded.finding.breach})
    if case.status is CaseStatus.CLOSED:
        return _closed(demanded, case, office, night)
    if night.ended is Ended.UNIT_ENDED or case.status is CaseStatus.WAITING:
        return Explanation(Why.AWAITING_HEIR, {"unit": case.task.unit})
    if night.covered_by is not None:
        return Explanation(Why.COVERED, {"by": night.covered_by.subject})
    if night.waived:
        return _waived(night)
    ruling = demanded.ruling
    due = (
        next((one for one in ruling.due_offices() if one.naming.reader.office == office), None) if ruling else None
    )
    whole = demanded.rolled_up(office, night.calendar.next_workday(night.as_of))
    if whole is not None and due is not None and due.silence in _PUT_OFF:
        return Explanation(Why.ROLLED_UP, {"by": whole})
    if ruling is None or due is None:
        return _not_yet(demanded, case, office, night)
    return _silenced(due, demanded, ruling)


def _waived(night: Tonight) -> Explanation:
    waiver = holding(night.waivers, night.as_of)
    assert waiver is not None
    resumes = night.waived_case.resumes_on(night.as_of)
    return Explanation(Why.WAIVED, {"until": waiver.until, "granted_by": waiver.granted_by, "resumes": resumes})


def _silenced(due: DueOffice, demanded: DemandHistory, ruling: Ruling) -> Explanation:
    """Why the night did not notify an office that the steps reached name."""
    office, night = due.naming.reader.office, ruling.night
    following = {"next": night.calendar.next_workday(night.as_of)}
    silence = None if due.silence in _PUT_OFF and not _is_reachable(office, night) else due.silence
    match silence:
        case Silence.KNOWN:
            last = ruling.before.notified[office] if ruling.before else None
            known = {"night": last.night, "step": last.level} if last else {}
            return Explanation(Why.ALREADY_TOLD, {**known, **_next_to(office, demanded, night)})
        case Silence.ROLLED_UP:
            return Explanation(Why.ROLLED_UP, {"by": demanded.hidden.get(office, "")})
        case Silence.ACKNOWLEDGED:
            resumes = night.hears_from(office, night.calendar.next_workday(night.as_of))
            return Explanation(Why.ACKNOWLEDGED, {"said_on": _acknowledged(night, office), "next": resumes})
        case Silence.CLOSED_DAY:
            return _put_off(night)
        case Silence.NOT_NOTIFYING:
            return Explanation(Why.SILENT_NIGHT, following)
        case Silence.WAIVED:
            return _waived(night)
        case Silence.COVERED:
            return Explanation(Why.COVERED, {"by": night.covered_by.subject if night.covered_by else ""})
        case None:
            # The night notified the office, and no mailbox took the letter; or a later night does, and none will.
            return Explanation(Why.UNREACHABLE, {"step": due.naming.step})
    assert_never(silence)


def _put_off(night: Tonight) -> Explanation:
    """Why a night without letters tells nobody: its day is closed, or quiet."""
    following = {"next": night.calendar.next_workday(night.as_of)}
    if night.quiet is not None:
        return Explanation(Why.QUIET_NIGHT, {"name": night.quiet, **following})
    return Explanation(Why.CLOSED_NIGHT, following)


def _is_reachable(office: str, night: Tonight) -> bool:
    """Whether a mailbox takes what is put off to the next working day."""
    return night.recipients.chart.is_reachable(office, night.calendar.next_workday(night.as_of))


def _acknowledged(night: Tonight, office: str) -> date:
    """The day of the latest acknowledgement of an office."""
    mine = (act for act in night.answered.acts if act.kind is ActKind.ACKNOWLEDGED and act.office == office)
    return max(act.said_on for act in mine)


def _next_to(office: str, demanded: DemandHistory, night: Tonight) -> Mapping[str, Any]:
    """The next night with a letter to an office, if nothing changes; or None, and what comes in its place."""
    found = next((one for one in coming(demanded, night) if office in one.readers), None)
    return {"next": found.on} if found else {"next": None, **_instead(demanded)}


def _instead(demanded: DemandHistory) -> Mapping[str, Any]:
    """The next period of the demand, where that is judged before the case climbs on."""
    newer = demanded.newer
    if newer is None or newer.last_day is None:
        return {}
    return {"newer": newer.subject, "judged_on": newer.last_day + _DAY}


def _closed(demanded: DemandHistory, case: Case, office: str, night: Tonight) -> Explanation:
    good = [one for one in demanded.notices if one.section is Section.RESOLVED and one.reader == office]
    values = {"outcome": case.outcome, "on": case.closed_on, "told_on": good[-1].night if good else None}
    if (
        not good
        and office in case.notified
        and not night.calendar.is_workday(night.as_of)
        and not case.closing_notified
    ):
        return _put_off(night)
    return Explanation(Why.CASE_CLOSED, values)


def naming(night: Tonight, task: Task, office: str) -> Explanation | None:
    """Why no step of the rule's ladder ever notifies an office of this task; None when one does."""
    recipients = night.recipients
    if office in recipients.bearers(task):
        return None
    ladder = recipients.book.ladders[recipients.book.rules[task.rule].ladder]
    found = [one for step in ladder.steps for one in whom(recipients, task, step)]
    if any(one.reader == office and not one.dropped for one in found):
        return None
    meant = [one for one in found if office in (one.meant, one.reader)]
    if not meant:
        return Explanation(Why.NOT_NAMED)
    return _dropped(meant[0])


def _dropped(one: NamedOffice) -> Explanation:
    values = {"word": one.word, "reader": one.reader}
    if one.dropped is DroppedReader.ABOVE_CEILING:
        return Explanation(Why.ABOVE_CEILING, values)
    if one.dropped is None or one.dropped is DroppedReader.SAME_BODY:
        return Explanation(Why.READ_BY, values)
    return Explanation(Why.NOT_NAMED, values)


def _not_yet(demanded: DemandHistory, case: Case, office: str, night: Tonight) -> Explanation:
    for one in coming(demanded, night):
        if office in one.readers:
            values = {"step": one.readers[office], "on": one.on, "reached": case.reached}
            if office in one.asked:
                return Explanation(Why.NOT_YET, values | {"asked": True})
            return Explanation(Why.NOT_YET, values if values["step"] else values | {"moved": True})
    climbing = night.recipients.due(case.task, case.ladder, case.reached, len(case.ladder.positions()) + 1)
    if (whole := demanded.rolled_up(office, None)) is not None:
        return Explanation(Why.ROLLED_UP, {"by": whole})
    if office in climbing and not _is_reachable(office, night):
        return Explanation(Why.NOT_YET, {"reached": case.reached, "unreachable": True})
    if office in climbing:
        until = night.recipients.book.last_night(case.task.rule)
        return Explanation(Why.NOT_YET, {"reached": case.reached, **(_instead(demanded) or {"until": until})})
    return Explanation(Why.BASELINE, {"opened_on": case.opened_on, "floor": case.floor})
