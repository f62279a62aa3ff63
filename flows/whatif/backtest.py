"""Backtests: what rules would have done on the stored facts, compared with other rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import orgchart
from dondoc.engine.store.recall.said_acts import said_acts
from dondoc.flows.lookup import CallRefused
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.whatif.replay import Key, Replay, ReplayedCase, ReplaySpan, replay, stretch
from dondoc.flows.whatif.sandbox import copied


class Change(StrEnum):
    """How a case differs from the replay before; `moved`: another day, step or end for the same demand."""

    GAINED = "gained"
    LOST = "lost"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that differs between the replays; a side without the case is None."""

    change: Change
    before: ReplayedCase | None
    after: ReplayedCase | None

    @property
    def seen(self) -> ReplayedCase:
        """The case after, or before when it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Letters:
    """An office's letters by month, under the other rules (empty without a comparison) and under these.

    `lines` counts the news in all of them, before and after.
    """

    office: str
    before: Mapping[str, int]
    after: Mapping[str, int]
    lines: tuple[int, int]

    @property
    def totals(self) -> tuple[int, int]:
        """All letters before, and after."""
        return sum(self.before.values()), sum(self.after.values())

    @property
    def difference(self) -> int:
        """How many more letters there are after."""
        before, after = self.totals
        return after - before


@dataclass(frozen=True, slots=True)
class Backtest:
    """Two replays of the same nights, or one: `before` is None when nothing is compared."""

    nights: ReplaySpan
    before: Replay | None
    after: Replay
    names: Mapping[str, Text]
    titles: Mapping[str, str]

    def name(self, unit: str) -> Text:
        """A unit's name on the last night; its id where the chart does not know it."""
        return self.names.get(unit, Text(unit, unit))

    def changes(self) -> Iterator[Changed]:
        """Every case that differs, by rule and unit."""
        before: Mapping[Key, ReplayedCase] = self.before.cases if self.before else {}
        for key in sorted(before.keys() | self.after.cases.keys()):
            was, now = before.get(key), self.after.cases.get(key)
            if was is None:
                yield Changed(Change.GAINED, None, now)
            elif now is None:
                yield Changed(Change.LOST, was, None)
            elif was != now:
                yield Changed(Change.MOVED, was, now)

    def letters(self) -> list[Letters]:
        """Every office that gets a letter, the biggest change first; without a comparison the most letters."""
        before, after = (_by_office(one) for one in (self.before, self.after))
        found = [
            Letters(
                office,
                before.get(office, {}),
                after.get(office, {}),
                (self.before.lines.get(office, 0) if self.before else 0, self.after.lines.get(office, 0)),
            )
            for office in {*before, *after}
        ]
        return sorted(
            found,
            key=lambda row: (
                -abs(row.difference),
                -abs(row.lines[1] - row.lines[0]),
                -max(row.totals),
                row.office,
            ),
        )

    def new_readers(self) -> list[str]:
        """The offices that get letters now and got none before; none when nothing is compared."""
        had = {office for office, _ in self.before.letters} if self.before else None
        return [] if had is None else sorted({office for office, _ in self.after.letters} - had)

    def as_json(self) -> dict[str, Any]:
        """For programs; without a comparison every case is listed."""
        listed = list(self.changes()) if self.before else []
        return {
            "from": self.nights.first,
            "to": self.nights.last,
            "played_from": self.nights.start,
            "compared": self.before is not None,
            "cases": {"before": len(self.before.cases) if self.before else None, "after": len(self.after.cases)},
            "changes": [
                {"change": one.change, "before": _case(one.before), "after": _case(one.after)} for one in listed
            ],
            "all_cases": None if self.before else [_case(seen) for seen in self.after.cases.values()],
            "letters": [
                {"office": row.office, "name": self.name(row.office).vi}
                | ({"before": row.before} if self.before else {})
                | {"after": row.after, "difference": row.difference if self.before else None}
                | {"lines_before": row.lines[0] if self.before else None, "lines_after": row.lines[1]}
                for row in self.letters()
            ],
            "new_readers": self.new_readers(),
            "answers": {"said_again": self.after.said, "not_said_again": self.after.unsaid},
        }


def _by_office(one: Replay | None) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (office, month), number in sorted(one.letters.items() if one else ()):
        found[office][month] = number
    return found


def _case(seen: ReplayedCase | None) -> dict[str, Any] | None:
    return asdict(seen) | {"steps": [{"step": step, "night": on} for step, on in seen.steps]} if seen else None


def backtest(
    source: Connection,
    book: RuleBook,
    against: RuleBook | None,
    first: date,
    last: date,
    playing: Callable[[int], Callable[[], None]],
) -> Backtest:
    """Replays the period with `book` and, to compare, with `against`, each on a copy of the imported facts.

    What offices said is said again of the cases that a replay makes, as far as its rules accept it.

    `playing` gets the number of nights and returns a function that is called after each. Raises `CallRefused`
    when no rule is in force in the period, `CalendarUncovered`, and what `replay` raises.
    """
    books = [book] if against is None else [against, book]
    _refuse_idle(books, first, last)
    nights = stretch(first, last, books)
    passed = playing(len(nights) * len(books))
    replays = []
    said = said_acts(source)
    for one in books:
        with copied(source, one, made=False) as box:
            replays.append(replay(box, nights, said, passed))
    chart = orgchart.chart(source, cutoff_of(last))
    return Backtest(
        nights,
        replays[0] if against else None,
        replays[-1],
        _names(chart, last),
        {rule.id: rule.title.vi for one in books for rule in one.rules.values()},
    )


def _names(chart: OrgChart, on: date) -> dict[str, Text]:
    names = ((unit.id, unit.name(on)) for unit in chart.units.values())
    return {unit: Text(name.vi, name.en) for unit, name in names}


def _refuse_idle(books: list[RuleBook], first: date, last: date) -> None:
    """Raises `CallRefused` for a period in which no rule is in force: a backtest of it shows nothing."""
    directives = [directive for book in books for directive in book.directives.values()]
    judged = [(one.in_force_from, one.last_night) for one in directives]
    if not any(begins <= last and (ends is None or ends >= first) for begins, ends in judged):
        force = [(one.in_force_from, one.in_force_until) for one in directives]
        spans = "; ".join(
            sorted({f"{begins:%d/%m/%Y} – {f'{ends:%d/%m/%Y}' if ends else '…'}" for begins, ends in force})
        )
        raise CallRefused(
            f"Không quy tắc nào có hiệu lực từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}; các văn bản có hiệu lực: "
            f"{spans}. (No rule is in force in that period.)"
        )
