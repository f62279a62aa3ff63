"""`dondoc board`: every page of the board, made one after the other, and written as files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import LetterState, TaskGroup
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.board import cases as stored
from dondoc.engine.store.db.database import Connection
from dondoc.flows.board import directives, overview, pages, tables, view
from dondoc.flows.board.addresses import directive_page, stories_page, unit_page
from dondoc.flows.board.publish import publish
from dondoc.flows.board.stories import CaseBadge, CaseStory, badge, story
from dondoc.flows.board.view import BoardView, CaseLine
from dondoc.flows.config import settings
from dondoc.flows.records.task_statistics import COUNTS, HEADS, TaskCount
from dondoc.notifications.delivery import outbox
from dondoc.notifications.wording import board_pages

_DAY = timedelta(days=1)
# What can be taken in at once, and what a list of its own holds; everything stands on the pages of the units.
_FIRST, _LISTED = 8, 300
# The cases that are read together.
_AT_ONCE = 4_000
_Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where the first page is, how many files of how many bytes."""

    first: Path
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """A unit in a table, with everything below it."""

    unit: str
    name: Text
    open: int
    counts: TaskCount


def board(environment: Mapping[str, str], folder: Path, now: datetime) -> Written:
    """Writes the board of the configured rules and database. Raises as `write`, and for rules with problems."""
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        return write(conn, book, folder, now)


def write(conn: Connection, book: RuleBook, folder: Path, now: datetime) -> Written:
    """Writes the board as it stands after the latest night; the pages before stay whole until the new ones are.

    Raises what `publish` raises, `ChartRefused`, and the errors of a database.
    """
    count = 0

    def counted() -> _Files:
        nonlocal count
        for one in files(conn, book, now):
            count += 1
            yield one

    size = publish(folder, counted())
    return Written(folder / "index.html", count, size)


def files(conn: Connection, book: RuleBook, now: datetime) -> _Files:
    """Every file of the board by its address, the first page first; cases are read while their pages are made."""
    return _Site(conn, view.read(conn, book, now)).files()


class _Site:
    """The board while it is made."""

    def __init__(self, conn: Connection, seen: BoardView) -> None:
        self.conn, self.view = conn, seen
        self.badges: dict[int, CaseBadge] = {}
        self.inside = {unit: seen.inside(unit) for unit in seen.units()}
        self.directives = [*directives.pages(seen)]
        self.as_of = board_pages.as_of(seen.night, seen.night - _DAY)
        self.lines = [self._line(unit) for unit in self.inside]

    def files(self) -> _Files:
        """Every file."""
        yield from self._index()
        yield from self._page("cases", "ho-so", "ho-so.html", self._badges(self._open, _LISTED))
        yield from self._page("units", "don-vi", "don-vi.html", {"units": self._in_order(self.lines)})
        yield from self._page("directives", "van-ban", "van-ban.html", {"directives": self.directives})
        for one in self.directives:
            values = {"one": one, **self._badges(overview.most_overdue_first(one.cases), _LISTED)}
            yield from self._page("directive", "van-ban", directive_page(one.id), values)
        for unit in self.inside:
            yield from self._unit(unit)
        yield from self._stories()
        yield from self._statistics()
        yield from self._page("search", "tim", "tim.html", {})
        yield (
            "search-index.js",
            f"const INDEX = {json.dumps([*self._index_of_search()], ensure_ascii=False)};\n".encode(),
        )
        for name in ("board.css", "board.js"):
            yield name, pages.asset(name)

    @property
    def _open(self) -> Sequence[CaseLine]:
        return overview.most_overdue_first(self.view.lines)

    def _page(self, template: str, here: str, address: str, values: Mapping[str, Any]) -> _Files:
        for place, html in pages.page(template, here, address, self.view, self.as_of, values):
            yield place, html.encode()

    def _badges(self, lines: Sequence[CaseLine], most: int) -> Mapping[str, Any]:
        return {"badges": [self._badge(line) for line in lines[:most]], "number": len(lines)}

    def _badge(self, line: CaseLine) -> CaseBadge:
        """A case as lists have it; it stands in those of its unit and of every body above."""
        number = line.case.id or 0
        if number not in self.badges:
            self.badges[number] = badge(self.view, line)
        return self.badges[number]

    def _index(self) -> _Files:
        found = overview.whole(self.view)
        values = {"found": found, "directives": self.directives, **self._badges(found.open, _FIRST)}
        yield from self._page("index", "index", "index.html", values)

    def _line(self, unit: str) -> UnitSummary:
        mine = self.inside[unit]
        open_ = sum(line.is_open for line in overview.cases_of(self.view, mine))
        return UnitSummary(unit, self.view.name(unit), open_, overview.counts_of(self.view, mine))

    @staticmethod
    def _in_order(lines: Sequence[UnitSummary]) -> Sequence[UnitSummary]:
        return sorted(lines, key=lambda one: (-one.open, -one.counts.overdue, one.name.vi, one.unit))

    def _unit(self, unit: str) -> _Files:
        known, named = self.view.chart.units, {line.unit: line for line in self.lines}
        below = self.view.chart.directly_below(unit, self.view.night) if unit in known else ()
        above = dict.fromkeys(self.view.above(unit) if unit in known else ())
        found = overview.of_unit(self.view, unit, self.inside)
        values = {
            "unit": unit,
            "name": self.view.name(unit),
            "found": found,
            "above": [named[one] for one in above],
            "below": self._in_order([named[one] for one in below if one in named]),
            "stories": len(self.view.at_home.get(unit, ())),
            # What a unit owes itself stands whole on the page of its cases.
            **self._badges(found.open, _LISTED if below else _FIRST),
        }
        yield from self._page("unit", "don-vi", unit_page(unit), values)

    def _stories(self) -> _Files:
        """The pages with every case of a unit, some units at a time: no more of them is held."""
        logged = stored.events(self.conn)
        waiting: list[CaseLine] = []
        for mine in self.view.at_home.values():
            waiting += mine
            if len(waiting) >= _AT_ONCE:
                yield from self._told(waiting, logged)
                waiting = []
        yield from self._told(waiting, logged)

    def _told(self, lines: Sequence[CaseLine], logged: Mapping[int, Sequence[stored.CaseEvent]]) -> _Files:
        cases = [line.case for line in lines]
        records = [*stored.records(self.conn, self.view.names, cases, logged, self.view.night)]
        letters = self._letters({one.letter for record in records for one in record.notices})
        told = (
            (line, story(self.view, line, record, letters)) for line, record in zip(lines, records, strict=True)
        )
        for unit, some in groupby(told, lambda one: one[0].home):
            values = {"unit": unit, "name": self.view.name(unit), "stories": _open_first(some)}
            yield from self._page("stories", "ho-so", stories_page(unit), values)

    def _letters(self, ids: set[str]) -> Mapping[str, LetterState]:
        return outbox.states(self.conn, ids)

    def _statistics(self) -> _Files:
        made = [*tables.sheets(self.view)]
        for sheet in made:
            yield f"thong-ke/{sheet.name}.csv", tables.as_csv(sheet)
            yield f"thong-ke/{sheet.name}.xlsx", tables.as_xlsx(sheet)
        shown = [
            (HEADS[group], [_values(row.name, row.counts) for row in tables.task_rows(self.view, group)[:_LISTED]])
            for group in (TaskGroup.DIRECTIVE, TaskGroup.RULE, TaskGroup.UNIT)
        ]
        values = {
            "files": [(sheet.name, sheet.title) for sheet in made],
            "texts": {"month": tables.BY_MONTH},
            "month_heads": tables.MONTH_HEADS,
            "by_month": tables.by_month(self.view),
            "tables": shown,
            "count_heads": [*COUNTS.values()],
        }
        yield from self._page("statistics", "thong-ke", "thong-ke.html", values)

    def _index_of_search(self) -> Iterator[tuple[str, str, str, str]]:
        for line in self.lines:
            yield unit_page(line.unit), line.name.vi, line.name.en, line.unit
        for one in self.directives:
            yield directive_page(one.id), one.cited.vi, one.cited.en, one.title.vi
        for case in self._open:
            seen = self._badge(case)
            yield (
                f"{stories_page(seen.home)}#{seen.code}",
                seen.title.vi,
                seen.title.en,
                f"{seen.code} · {seen.who.vi}",
            )


def _open_first(some: Iterator[tuple[CaseLine, CaseStory]]) -> Sequence[CaseStory]:
    """The stories of a unit: what is open, the most overdue first, then what is closed, the latest first."""
    told = [*some]
    open_ = sorted((one for one in told if one[0].is_open), key=lambda one: (one[0].case.breach, one[1].code))
    past = sorted((one for one in told if not one[0].is_open), key=lambda one: one[0].case.opened_on, reverse=True)
    return [one for _, one in (*open_, *past)]


def _values(name: Text, counts: TaskCount) -> Mapping[str, Any]:
    return {"name": name, "cells": [getattr(counts, field) for field in COUNTS]}
