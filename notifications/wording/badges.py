"""The box on the right of a row: one large number, with its word above and its unit below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import Entry, Parts
from dondoc.notifications.wording import derived, figures, waiving
from dondoc.notifications.wording.endings import outcome
from dondoc.notifications.wording.limits import remaining, workday_unit
from dondoc.notifications.wording.numbers import counted, number, part_of, repeated

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
        return BadgeText("done", word, NO_TEXT, how)
    if entry.waived is not None and entry.stands_still:
        return BadgeText("soon", *waiving.badge(entry, entry.waived))
    if entry.section is Section.ENDING:
        return BadgeText("soon", *remaining(entry, night))
    if entry.kind in (TaskKind.STREAK, TaskKind.ROLLUP):
        return _counted(entry.parts)
    if entry.kind is TaskKind.LEVEL:
        if entry.figure is None:
            return BadgeText("late", Text("Vượt", "Above"), NO_TEXT, Text("ngưỡng theo dõi", "the watch limit"))
        return BadgeText("late", *figures.distance(entry.figure))
    if entry.limit is not None and entry.limit.last_day == night - _DAY:
        when = f"{entry.limit.last_day:%d/%m}"
        return BadgeText("late", Text("Hết hạn", "Due"), Text(when, when), Text("hôm qua", "yesterday"))
    return _overdue(entry.workdays, entry.days)


def _counted(parts: Parts | None) -> BadgeText:
    """How many periods running, or how many parts of how many."""
    if parts is None or not parts.late:
        return BadgeText("late", Text("Đang", "Being"), NO_TEXT, Text("theo dõi", "followed up"))
    if parts.at_least is None:
        return BadgeText("late", Text("Liên tiếp", "Running"), number(parts.missed), parts.word)
    said, aside = part_of(parts.missed, parts.judged), _bracketed(derived.in_percent(parts))
    return BadgeText("late", Text("Còn", "Open"), said, parts.word, aside)


@repeated
def _overdue(workdays: int, days: int) -> BadgeText:
    aside = _bracketed(counted(days, "ngày", "day"))
    return BadgeText("late", Text("Quá hạn", "Overdue"), number(workdays), workday_unit(workdays), aside)


def _bracketed(text: Text) -> Text:
    return Text.format("({text})", text=text)
