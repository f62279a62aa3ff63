"""Forecasts: the letters that each office will get if nobody acts, and the offices that exceed the budget."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dondoc.engine.domain.mail_policy import Budget
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Section
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night.report import NightReport
from dondoc.flows.night.steps import cutoff_of, plan_nights
from dondoc.flows.whatif.sandbox import Sandbox, copied
from dondoc.notifications.digest import LetterDraft

_DAY = timedelta(days=1)
COMING = 30  # nights of a forecast by default


@dataclass(frozen=True, slots=True)
class ForecastLetter:
    """One letter that will come: how many matters of each section, and what they are about.

    Of those that are resolved, `lapsed` are not done: their directive is no longer followed up.
    """

    night: date
    address: str
    sections: Mapping[Section, int]
    subjects: tuple[Text, ...]
    lapsed: int


@dataclass(frozen=True, slots=True)
class ForecastOffice:
    """An office and its letters to come; `most` are the most within the budget's days, None without a budget."""

    office: str
    name: Text
    letters: tuple[ForecastLetter, ...]
    most: int | None
    over_budget: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """The nights from `first` to `last` (inclusive), and the offices with letters in them, most letters first."""

    first: date
    last: date
    judged: date | None
    budget: Budget | None
    readers: tuple[ForecastOffice, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "from": self.first,
            "to": self.last,
            "latest_night": self.judged,
            "budget": {"per_office": self.budget.per_office, "days": self.budget.days} if self.budget else None,
            "offices": [
                {
                    "office": reader.office,
                    "name": reader.name.vi,
                    "letters": [
                        {
                            "night": letter.night,
                            "address": letter.address,
                            "sections": {section.value: rows for section, rows in letter.sections.items()},
                            "subjects": tuple(subject.vi for subject in letter.subjects),
                            "lapsed": letter.lapsed,
                        }
                        for letter in reader.letters
                    ],
                    "most_in_budget_days": reader.most,
                    "over_budget": reader.over_budget,
                }
                for reader in self.readers
            ],
        }


def most_within(days_with_letters: Iterable[date], days: int) -> int:
    """The most of these days within any `days` consecutive days; an office gets at most one letter a day."""
    found = sorted(days_with_letters)
    return max(
        (sum(start <= day < start + timedelta(days=days) for day in found) for start in found),
        default=0,
    )


def forecast(
    source: Connection,
    book: RuleBook,
    days: int,
    as_of: date | None = None,
    playing: Callable[[int], Callable[[], None]] = lambda _nights: lambda: None,
) -> Forecast:
    """Simulates `days` nights on a copy of everything, from `as_of` or the night after the latest one.

    With `as_of`, data recorded after the cut-off of that night does not count: nobody acts any more. Missed nights
    before it are caught up without letters, as in a real night. `playing` gets the number of nights and returns a
    function that is called after each. Raises `CallRefused` without a first night or for one that is not after the
    latest, and what `Sandbox.night` raises.
    """
    latest = nights.latest(source)
    first = as_of or (latest + _DAY if latest else None)
    if first is None:
        raise CallRefused(
            "Chưa có đêm nào đã chạy: ghi --as-of NGÀY, đêm đầu tiên cần xem. (No night was judged yet: give the "
            "first one with --as-of.)"
        )
    if latest is not None and first <= latest:
        raise CallRefused(
            f"Đêm {latest:%d/%m/%Y} đã chạy rồi, chỉ xem được từ đêm sau đó; bỏ --as-of hoặc ghi ngày muộn hơn. "
            "(Nights up to the latest one were judged already: give a later day.)"
        )
    last = first + timedelta(days=days - 1)
    with copied(source, book, made=True, known_by=cutoff_of(as_of) if as_of else None) as box:
        box.refuse_unknown_units(first)
        planned = _nights(box, first, last)
        passed = playing(len(planned))
        drafts = [(night, draft) for night in planned for draft in _notified(box, night, passed)]
    return Forecast(first, last, latest, book.mail.budget, tuple(_readers(drafts, book.mail.budget)))


def over_budget(source: Connection, book: RuleBook, days: int) -> tuple[ForecastOffice, ...]:
    """The offices that would exceed the budget of `mail.yaml`; none without a budget or before any night."""
    if book.mail.budget is None or nights.latest(source) is None:
        return ()
    return tuple(reader for reader in forecast(source, book, days).readers if reader.over_budget)


def _nights(box: Sandbox, first: date, last: date) -> list[Night]:
    """The missed nights before `first`, then every night up to `last`."""
    planned = plan_nights(box.engine, first)
    assert not isinstance(planned, NightReport)
    rest = [first + n * _DAY for n in range(1, (last - first).days + 1)]
    return [*planned, *(Night(night, cutoff_of(night)) for night in rest)]


def _notified(box: Sandbox, night: Night, passed: Callable[[], None]) -> tuple[LetterDraft, ...]:
    made = box.night(night.as_of, notifying=night.notifying)
    passed()
    return box.drafts(made)


def _readers(drafts: list[tuple[Night, LetterDraft]], budget: Budget | None) -> list[ForecastOffice]:
    by_office: dict[str, list[tuple[Night, LetterDraft]]] = defaultdict(list)
    for night, draft in drafts:
        by_office[draft.office].append((night, draft))
    found = []
    for office, mine in by_office.items():
        most = most_within((night.as_of for night, _ in mine), budget.days) if budget else None
        found.append(
            ForecastOffice(
                office,
                mine[0][1].digest.reader,
                tuple(_expected(night.as_of, draft) for night, draft in mine),
                most,
                budget is not None and most is not None and most > budget.per_office,
            )
        )
    return sorted(found, key=lambda reader: (-len(reader.letters), reader.office))


def _expected(night: date, draft: LetterDraft) -> ForecastLetter:
    rows: Counter[Section] = Counter()
    lapsed = 0
    for entry in draft.digest.entries:
        rows[entry.section] += max(1, len(entry.units))
        lapsed += entry.lapsed * max(1, len(entry.units))
    subjects = dict.fromkeys(entry.title for entry in draft.digest.entries)
    return ForecastLetter(
        night, draft.address, {kind: rows[kind] for kind in Section if rows[kind]}, tuple(subjects), lapsed
    )
