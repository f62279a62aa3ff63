"""Working days: which days are worked, and every way in which the project counts them.

Each function says which ends it includes. A date outside the covered years raises `CalendarUncovered`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, cast

from dondoc.engine.errors import CalendarUncovered

if TYPE_CHECKING:
    from holidays import HolidayBase

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A calendar of worked and closed days from `first` to `last`, both inclusive.

    `closed` holds closed weekdays and `worked` worked weekend days, each with its name in Vietnamese;
    Monday to Friday are worked otherwise. From `provisional_from` on, closed days are not announced yet;
    `stands_for` maps each make-up day to the closed day that it replaces. On `quiet` days no letter leaves, each
    with its name; they are worked or closed like any other.
    """

    name: str
    first: date
    last: date
    closed: Mapping[date, str]
    worked: Mapping[date, str]
    provisional_from: date | None = None
    stands_for: Mapping[date, date] = field(default_factory=dict)
    quiet: Mapping[date, str] = field(default_factory=dict)
    _letters: WorkCalendar | None = field(init=False, repr=False, compare=False, default=None)
    _before: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        days = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        counts = tuple(accumulate((int(self._worked(day)) for day in days), initial=0))
        object.__setattr__(self, "_before", counts)
        object.__setattr__(self, "_letters", self._without_quiet_days() if self.quiet else None)

    def _without_quiet_days(self) -> WorkCalendar:
        quiet = {day: name for day, name in self.quiet.items() if self._worked(day)}
        worked = {day: name for day, name in self.worked.items() if day not in quiet}
        closed = {**self.closed, **quiet}
        return WorkCalendar(
            self.name, self.first, self.last, closed, worked, self.provisional_from, self.stands_for
        )

    @property
    def letters(self) -> WorkCalendar:
        """The calendar by which letters leave and the steps of a ladder count: its quiet days are closed."""
        return self._letters or self

    def quiet_until(self, day: date) -> date | None:
        """The last of the quiet days in a row that `day` is one of; None: it is none."""
        if day not in self.quiet:
            return None
        while day + _DAY in self.quiet:
            day += _DAY
        return day

    def _worked(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.closed  # noqa: PLR2004 - Saturday is 5

    def _index(self, day: date) -> int:
        """The number of days from `first` to `day`; `day` may be one day past `last`, as an exclusive end."""
        index = (day - self.first).days
        if not 0 <= index < len(self._before):
            raise CalendarUncovered(self.name, day, self.first, self.last)
        return index

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked."""
        if not self.first <= day <= self.last:
            raise CalendarUncovered(self.name, day, self.first, self.last)
        return self._worked(day)

    def count(self, start: date, end: date) -> int:
        """How many working days lie in [start, end); 0 when `end` is not after `start`."""
        if end <= start:
            return 0
        return self._before[self._index(end)] - self._before[self._index(start)]

    def position(self, breach: date, night: date) -> int:
        """The number of working days w with breach <= w < night: a case's position on its ladder (decision 2)."""
        return self.count(breach, night)

    def late(self, last_day: date, night: date) -> int:
        """The number of working days in (last_day, night]: the printed lateness (decision 3)."""
        return self.count(last_day + _DAY, night + _DAY)

    def roll_forward(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day (Bộ luật Dân sự 2015, điều 148)."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def next_workday(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self.roll_forward(day + _DAY)

    def before(self, day: date, k: int) -> date:
        """The k-th working day strictly before `day`, k >= 1 (decision 4)."""
        found = day
        while k:
            found -= _DAY
            k -= self.is_workday(found)
        return found

    def after(self, day: date, k: int) -> date:
        """The k-th working day strictly after `day`; `day` itself when k is 0."""
        found = day
        while k:
            found += _DAY
            k -= self.is_workday(found)
        return found

    def reach(self, day: date, k: int) -> date:
        """The latest day D with at most `k` working days in [day, D); at most the last day covered."""
        worked = 0
        while day < self.last:
            worked += self.is_workday(day)
            if worked > k:
                break
            day += _DAY
        return day

    def night_of(self, breach: date, position: int) -> date:
        """The first working day on which a case with this breach date stands at `position` or later."""
        # `_before` rises by one after each working day, so the first index with one more is the day after it.
        nth = bisect_left(self._before, self._before[self._index(breach)] + position + 1)
        if nth == len(self._before):
            raise CalendarUncovered(self.name, self.last + _DAY, self.first, self.last)
        return self.first + timedelta(days=nth - 1)


def vietnam(
    name: str,
    first: date,
    last: date,
    *,
    closed: Mapping[date, str],
    worked: Mapping[date, str],
    stands_for: Mapping[date, date],
    provisional_from: date | None = None,
    quiet: Mapping[date, str] | None = None,
) -> WorkCalendar:
    """Vietnam's working days: those of the `holidays` package, corrected by the overrides of the calendar file.

    `closed` and `worked` are these overrides, by date, with their names; an override wins over the package.
    """
    official = _official()(years=range(first.year, last.year + 1), language="vi")
    shut = {day: label for day, label in official.items() if day.weekday() < 5}  # noqa: PLR2004
    open_: dict[date, str] = dict.fromkeys(official.weekend_workdays, "ngày làm bù")
    for day, label in closed.items():
        open_.pop(day, None)
        shut[day] = label
    for day, label in worked.items():
        shut.pop(day, None)
        open_[day] = label
    return WorkCalendar(name, first, last, shut, open_, provisional_from, dict(stands_for), dict(quiet or {}))


def _official() -> type[HolidayBase]:
    """Vietnam's holidays, loaded from their file inside the `holidays` package.

    Importing the class the usual way imports every country first, which costs each command 50 ms.
    """
    import holidays  # noqa: PLC0415 - a calendar of plain weeks does not need it

    source = Path(holidays.__path__[0], "countries", "vietnam.py")
    spec = spec_from_file_location("holidays_vietnam", source)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("type[HolidayBase]", module.Vietnam)
