"""One demand as a night knew it, and the reasons why its readers were or were not notified, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from dondoc.engine.cases.night import Ruling
from dondoc.engine.domain.model import Case, Finding, Notified, Task
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Waiver
from dondoc.engine.domain.terms import CaseStatus, Section
from dondoc.engine.judge.series import ReadingMark


class Why(StrEnum):
    """Why an office was not notified: the first reason, in the order in which a night decides.

    `told`: it was notified. `undone`: it was, but its letter expired or was dropped, which retracted the notice.
    """

    TOLD = "told"
    UNDONE = "undone"
    NOT_ALIVE = "not-alive"
    NOT_IN_FORCE = "not-in-force"
    NOT_APPLIED = "not-applied"
    NOT_NAMED = "not-named"
    ABOVE_CEILING = "above-ceiling"
    READ_BY = "read-by"
    WINDOW_NOT_WHOLE = "window-not-whole"
    LIFE_NOT_WHOLE = "life-not-whole"
    BEFORE_FIRST = "before-first"
    BEFORE_SET = "before-set"
    NO_DEMAND = "no-demand"
    NIGHT_NOT_RUN = "night-not-run"
    UNHEARD = "unheard"
    HANDED_IN = "handed-in"
    COUNT_MET = "count-met"
    READING_IN = "reading-in"
    OTHER_PERIODS = "other-periods"
    EXCUSED = "excused"
    WITHIN_LIMIT = "within-limit"
    NO_READING = "no-reading"
    TOO_EARLY_READING = "too-early-reading"
    NO_BASE = "no-base"
    NOT_COMPARABLE = "not-comparable"
    RUN_TOO_SHORT = "run-too-short"
    NOT_DERIVED = "not-derived"
    REMINDED = "reminded"
    JUDGED_LATER = "judged-later"
    CASE_CLOSED = "case-closed"
    AWAITING_HEIR = "awaiting-heir"
    COVERED = "covered"
    ROLLED_UP = "rolled-up"
    WAIVED = "waived"
    ACKNOWLEDGED = "acknowledged"
    BASELINE = "baseline"
    NOT_YET = "not-yet"
    CLOSED_NIGHT = "closed-night"
    QUIET_NIGHT = "quiet-night"
    SILENT_NIGHT = "silent-night"
    ALREADY_TOLD = "already-told"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason, and the values that it rests on: days, numbers and ids, by name."""

    why: Why
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """One notice as it was stored: which reader, what, by which letter; `untold_on`: the day it was retracted.

    `case` is the id of the case it was about; None for a reminder, which comes before any.
    """

    night: date
    reader: str
    letter: str
    section: Section
    step: int
    reminder: int | None = None
    waived_until: date | None = None
    value: int | None = None
    untold_on: date | None = None
    case: int | None = None

    @property
    def of_case(self) -> bool:
        """Whether it was about the case, not a reminder or a waiver, and was not retracted."""
        return self.untold_on is None and self.waived_until is None and self.reminder is None


@dataclass(frozen=True, slots=True)
class PeriodReading:
    """One period of a series: its key, its reading's value, the day of recording, durable_rules' verdict.

    `base` is the earlier value that a rise is measured against. `open` says whether the indicator was open after
    it. `counts` is false for a reading that the threshold does not judge; `waived` is the waiver that covers its
    whole period. A period without a reading has no value.
    """

    key: str
    value: int | None
    recorded_on: date | None
    mark: ReadingMark
    open: bool
    base: int | None = None
    counts: bool = True
    id: int | None = None
    waived: Waiver | None = None


@dataclass(frozen=True, slots=True)
class DemandHistory:
    """One demand as a night knew it: its finding, its case after it (None: none), its stored notices.

    `ruling` is what the night decided about it (None: it did not judge it, because it was still pending or had
    ended before). `hidden` holds the offices that know of a rollup which covers it, each with the code of its
    case; `hiding` those that hear of one on a later night, each with that night and the code. `beside` counts the
    figures that are there by other kinds of period than the rule asks for. `newer` is the next period of the same
    demand, judged on a later night: that then stands for this one, or closes its case.
    """

    task: Task
    finding: Finding
    case: Case | None = None
    notices: tuple[StoredNotice, ...] = ()
    series: tuple[PeriodReading, ...] = ()
    ruling: Ruling | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)
    hiding: Mapping[str, tuple[date, str]] = field(default_factory=dict)
    beside: Mapping[PeriodKind, int] = field(default_factory=dict)
    newer: Task | None = None

    @property
    def known(self) -> Case:
        """Its case as the night left it, which knows who was notified tonight."""
        after = self.ruling.after if self.ruling else None
        assert self.case is not None
        # What is closed by now climbs no more; a case that opened tonight has another code in a copy.
        closed = after is None or CaseStatus.CLOSED in (after.status, self.case.status)
        return self.case if closed or after is None else after

    def rolled_up(self, office: str, on: date | None) -> str | None:
        """The code of a rollup that an office hears of by a later night (None: ever), in place of this demand."""
        hears, code = self.hiding.get(office, (None, None))
        return code if hears is not None and (on is None or hears <= on) else None

    def covers_for(self, newer: Task) -> bool:
        """Whether a newer missed period climbs in place of this one."""
        by = self.ruling.night.covered_by if self.ruling else None
        return by is not None and by.id == newer.id


def notified_before(notices: Sequence[StoredNotice], on: date) -> dict[str, Notified]:
    """What each reader was last told of a case before a night; a reader that had the good news is left out."""
    found: dict[str, Notified] = {}
    for one in notices:
        if one.night >= on or not one.of_case:
            continue
        if one.section is Section.RESOLVED:
            found.pop(one.reader, None)
        else:
            found[one.reader] = Notified(one.step, one.night, one.value)
    return found
