"""What an office may say of a case today: whatever the gate for acts would accept from it, if well said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dondoc.engine.cases.act_gate import Concerned, refusal
from dondoc.engine.domain.acts import Act, ActKind, decided_on, delegation, standing
from dondoc.engine.domain.model import Case
from dondoc.engine.domain.workdays import WorkCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfferedAct:
    """A kind of act that would be accepted; `about` is the number of the act that it takes back (None: none)."""

    kind: ActKind
    about: int | None = None


def offered(
    office: str, case: Case, acts: Sequence[Act], concerned: Concerned, calendar: WorkCalendar, today: date
) -> tuple[OfferedAct, ...]:
    """What an office may say today, in the order of the kinds; of acts that it may take back the latest first."""
    found = []
    for one in _every(office, acts):
        tried = [_said(one, office, acts, concerned, today, until) for until in _days(case, today)]
        if any(refusal(said, case, acts, concerned, calendar) is None for said in tried):
            found.append(one)
    return tuple(found)


def _every(office: str, acts: Sequence[Act]) -> Iterator[OfferedAct]:
    for kind in ActKind:
        # An office says that it has handed in; whether that has to be confirmed is for the rule to say.
        if kind is ActKind.DECLARED:
            continue
        if kind is not ActKind.TAKEN_BACK:
            yield OfferedAct(kind)
            continue
        mine = [act.number for act in standing(acts) if act.office == office]
        yield from (OfferedAct(kind, number) for number in reversed(mine))


def _days(case: Case, today: date) -> tuple[date, ...]:
    """Days of which the gate would accept one, if it accepted any: for a promise, and for a new limit."""
    last = case.task.last_day
    return (today,) if last is None else (today, max(today, last + _DAY))


def _said(
    one: OfferedAct, office: str, acts: Sequence[Act], concerned: Concerned, today: date, until: date
) -> Act:
    """An act with everything that any kind asks for; what it says does not matter to the gate."""
    waits = decided_on(one.kind, acts)
    about = waits.number if waits is not None else one.about
    # A matter is given to another unit than any on the chart: to which one does not matter either.
    to = next(iter(others(acts, concerned)), "") if one.kind is ActKind.DELEGATED else ""
    return Act(0, one.kind, office, today, today, until, "-", "-", about, done_on=today, to=to, dated=today)


def others(acts: Sequence[Act], concerned: Concerned) -> tuple[str, ...]:
    """The units below the responsible ones that do not do the matter already, in order of id."""
    doing = delegation(acts)
    return tuple(sorted(concerned.below - ({doing.to} if doing else set())))
