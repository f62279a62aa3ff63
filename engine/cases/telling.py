"""Whom a case notifies on a night, in which section, and why nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dondoc.engine.cases.recipients import RESPONSIBLE, Recipient, RecipientStep
from dondoc.engine.cases.tonight import DueOffice, Ended, Silence, Tonight
from dondoc.engine.domain.acts import Act
from dondoc.engine.domain.model import Case, Finding, Ladder, LadderStep, Notice, Notified
from dondoc.engine.domain.terms import Section, Tone
from dondoc.engine.kinds import kind_of_task

_DAY = timedelta(days=1)


def due_offices(case: Case, finding: Finding, night: Tonight) -> Iterator[DueOffice]:
    """Every office that the steps a case has reached name, with what tells it of the case tonight, or why nothing.

    `case` remembers who was notified before tonight.
    """
    why, own = quiet(night), night.recipients.bearers(case.task)
    whole = why if why in (Silence.COVERED, Silence.WAIVED) else None
    for office, naming in night.recipients.due(case.task, case.ladder, case.floor, case.reached).items():
        section = _section(case, finding, _last(case, office), naming.step)
        if whole is not None:
            yield DueOffice(naming, None, whole)
        elif section is None:
            yield DueOffice(naming, None, Silence.KNOWN)
        # A rollup never replaces the notices to the part itself (decision 37).
        elif office in night.hidden and office not in own:
            yield DueOffice(naming, None, Silence.ROLLED_UP)
        elif night.answered.is_quiet(office, night.as_of) and not _is_news(case, finding, office, naming.step):
            yield DueOffice(naming, None, Silence.ACKNOWLEDGED)
        else:
            yield DueOffice(naming, None if why else section, why)


def _is_news(case: Case, finding: Finding, office: str, step: int) -> bool:
    """Whether an office is due because the figure is worse, which it has not acknowledged."""
    last = _last(case, office)
    return last is not None and last.level >= step and is_worse(finding, last.value, case.value)


def _last(case: Case, office: str) -> Notified | None:
    """What an office was last told of a case; what it was told in an earlier round is of no step of this one."""
    if office in case.notified or office not in case.earlier:
        return case.notified.get(office)
    return replace(case.earlier[office], level=0)


def quiet(night: Tonight) -> Silence | None:
    """Why the night notifies nobody of a case; None: it notifies whom its steps name."""
    # The newest missed period speaks for the older ones (decision 11).
    if night.covered_by is not None:
        return Silence.COVERED
    if night.waived:
        return Silence.WAIVED
    if night.notifying:
        return None
    # Letters leave on working nights only (decision 5).
    return Silence.NOT_NOTIFYING if night.calendar.is_workday(night.as_of) else Silence.CLOSED_DAY


def _section(case: Case, finding: Finding, last: Notified | None, step: int) -> Section | None:
    """The section of the letter for one reader (decision 30); None: the reader knows all of it."""
    if last is None:
        return Section.NEW
    worse, kind = is_worse(finding, last.value, case.value), finding.task.kind
    if last.level < step:
        # A figure that has come nearer its limit is not called worse for a further step (docs/en/decisions/0037).
        better = not kind_of_task(kind).is_worse_with_time(kind) and is_worse(finding, case.value, last.value)
        # A repeat brings nothing new, it only reminds (decision 20).
        reminds = better or step > len(case.ladder.steps)
        return Section.STILL if reminds else Section.WORSE
    return Section.WORSE if worse else None


def told_of_the_move(case: Case, night: Tonight, told: Collection[str]) -> Iterator[RecipientStep]:
    """The offices that knew of the case before its limit moved and have heard nothing since, at no step."""
    for office in sorted(case.earlier):
        if office not in told and night.recipients.can_notify(office):
            yield RecipientStep(0, as_named(case, night, office))


@dataclass(frozen=True, slots=True)
class OwedByAct:
    """An office that an act concerns and that has heard nothing of the case since; it hears from `since` on."""

    naming: RecipientStep
    since: date


def owed_by_acts(case: Case, night: Tonight) -> Iterator[OwedByAct]:
    """Who is to confirm, to reassign, to extend or to explain, and who demanded that once it was awaited in vain.

    Of a matter that stays with its units, those; of one that is delegated, who does it. Of a case that was opened
    again, everybody who knew of it and hears of it by itself.
    """
    for reader, since in (*_deciding(case, night), *_concerned(case, night)):
        if reader is None or not night.recipients.can_notify(reader.office):
            continue
        last, known = case.knowing.get(reader.office), case.notified.get(reader.office)
        if last is None or last.night < since:
            yield OwedByAct(RecipientStep(known.level if known else 0, reader), since)


def _deciding(case: Case, night: Tonight) -> Iterator[tuple[Recipient | None, date]]:
    """Who is to decide on what a unit has said, and the first night that could know of it."""
    for waits, decides in (
        (night.answered.declared, night.recipients.receiver),
        (night.answered.requested, night.recipients.grantor),
        (night.answered.disowned, night.recipients.assigner),
    ):
        if waits is not None:
            yield decides(case.task), _known(waits.act)


def _concerned(case: Case, night: Tonight) -> Iterator[tuple[Recipient, date]]:
    """Who else is to hear of an act, and from which night on."""
    said, own = night.answered, night.recipients.bearers(case.task)
    for act in (*([said.kept] if said.kept else ()), *(one.act for one in said.demanded)):
        yield from ((as_named(case, night, unit), _known(act)) for unit in own)
    for one in said.demanded:
        yield as_named(case, night, one.act.office), one.until + _DAY
    if said.delegated is not None and said.delegated.to is not None:
        yield as_named(case, night, said.delegated.to), _known(said.delegated)
    if said.reopened is not None:
        # Who hears of the whole hears nothing of its part (decision 37).
        hidden = night.hidden.keys() - set(own)
        # Whom the steps so far only copied is asked for nothing now either.
        for office in sorted(case.knowing.keys() - hidden):
            yield as_named(case, night, office, case.reached), _known(said.reopened)


def _known(act: Act) -> date:
    return act.known_on or date.min


def as_named(case: Case, night: Tonight, office: str, reached: int | None = None) -> Recipient:
    """An office as the ladder of a case names it by the step `reached`; where it does not, by the last one."""
    for last in (reached, len(case.ladder.steps)):
        named = night.recipients.due(case.task, case.ladder, 0, last) if last else {}
        if office in named:
            return named[office].reader
    own = (RESPONSIBLE,) if office in night.recipients.bearers(case.task) else ()
    return Recipient(office, own, copied=False)


def is_worse(finding: Finding, before: int | None, now: int | None) -> bool:
    """Whether a case is worse with one value than with another; never where either is unknown."""
    if before is None or now is None:
        return False
    return kind_of_task(finding.task.kind).is_worse(finding, before, now)


def notice_of(case: Case, finding: Finding, naming: RecipientStep, section: Section) -> Notice:
    """The notice to an office that a step of a case names."""
    tone = step_of(case.ladder, naming.step).tone
    reader = naming.reader
    return Notice(reader.office, reader.relations, section, finding, case, naming.step, tone, copied=reader.copied)


def step_of(ladder: Ladder, level: int) -> LadderStep:
    """The step of a level: of step 0 the first, of a repeat the last."""
    return ladder.steps[min(max(level, 1), len(ladder.steps)) - 1]


def remind(finding: Finding, sent: Mapping[int, frozenset[int]], night: Tonight) -> tuple[Notice, ...]:
    """The reminder or early notice to each bearer, unless this or a later one was sent already, or it is waived.

    `sent` holds, by task id, the offsets (k-th working day before the last day) already sent (decision 4).
    """
    if not night.notifying or finding.offset is None or night.ended is not Ended.NOT or night.waived:
        return ()
    # After missed nights only the reminder nearest to the limit is sent (decision 4).
    if any(offset <= finding.offset for offset in sent.get(finding.task.id, ())):
        return ()
    return tuple(
        Notice(unit, (RESPONSIBLE,), Section.ENDING, finding, None, 0, Tone.URGE)
        for unit in night.recipients.bearers(finding.task)
    )
