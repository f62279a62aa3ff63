"""The box on the right of a row: one large number, with its word above and its unit below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Entry
from dondoc.notifications.wording import moved_limits, waiving
from dondoc.notifications.wording.endings import outcome
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.limits import remaining, workday_unit
from dondoc.notifications.wording.numbers import counted, number, repeated

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BadgeText:
    """Up to four lines; `number` is the large one, empty if there are only words. `tone`: late, soon or done."""

    tone: str
    word: Text
    number: Text
    unit: Text
    aside: Text = NO_TEXT

    def line(self) -> Text:
        """The same in one line, for the plain text and compact rows."""
        return Text.join(" ", [part for part in (self.word, self.number, self.unit, self.aside) if part.vi])


def badge(entry: Entry, night: date) -> BadgeText:
    """The box of a row, by its section and kind."""
    if entry.section is Section.RESOLVED:
        word, how = outcome(entry)
        return BadgeText("soon" if entry.lapsed else "done", word, NO_TEXT, how)
    if entry.waived is not None and entry.stands_still:
        return BadgeText("soon", *waiving.badge(entry, entry.waived))
    if entry.extended is not None and entry.extended[1].ahead:
        return BadgeText("soon", *moved_limits.badge(entry.extended[0]), NO_TEXT)
    if entry.section is Section.ENDING:
        return BadgeText("soon", *remaining(entry, night))
    lines = wording_of(entry.kind).badge(entry)
    if lines is not None:
        return BadgeText("late", *lines)
    if entry.limit is not None and entry.limit.last_day == night - _DAY:
        when = f"{entry.limit.last_day:%d/%m}"
        return BadgeText("late", Text("Hết hạn", "Due"), Text(when, when), Text("hôm qua", "yesterday"))
    return _overdue(entry.workdays, entry.days)


@repeated
def _overdue(workdays: int, days: int) -> BadgeText:
    aside = Text.format("({days})", days=counted(days, "ngày", "day"))
    return BadgeText("late", Text("Quá hạn", "Overdue"), number(workdays), workday_unit(workdays), aside)
