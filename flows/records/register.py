"""The list behind `dondoc register`: every obligation of the directives, its bearers and its counts."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from dondoc.engine.demands.register import Obligation, register, tally
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Directive, RuleBook, Selector
from dondoc.engine.domain.terms import Level, ObligationStatus
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.rulefile.problems import advice
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused
from dondoc.notifications.digest import FourWay

if TYPE_CHECKING:
    from dondoc.engine.store.db.database import Connection

_LEVELS = {
    Level.CENTRAL: Text("cấp trung ương", "of the central level"),
    Level.PROVINCE: Text("cấp tỉnh", "of the province level"),
    Level.DISTRICT: Text("cấp huyện", "of the district level"),
    Level.COMMUNE: Text("cấp xã", "of the commune level"),
}
_KINDS = {"ubnd": Text("UBND", "people's committees")}


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One obligation of the list: its bearers in words, and the counts of its demands (None: unknown)."""

    obligation: Obligation
    who: Text
    counts: FourWay | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The requested rows by directive, and the tally of all obligations of the rules by status.

    `night` is the latest one judged, as of which the demands were counted; None where there is none.
    """

    rows: tuple[tuple[Directive, tuple[ObligationRow, ...]], ...]
    issuers: Mapping[str, Text]
    shown: int
    tally: Mapping[ObligationStatus, int]
    night: date | None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "night": self.night,
            "tally": {status.value: number for status, number in self.tally.items()},
            "obligations": [_json(directive, row) for directive, rows in self.rows for row in rows],
        }


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What the list is limited to; None: no limit. `unit` is an id, or part of a name."""

    directive: str | None = None
    status: ObligationStatus | None = None
    unit: str | None = None


def listing(environment: Mapping[str, str], wanted: RegisterFilter) -> Listing:
    """The register of the configured rules, with names and counts where there is a database.

    Raises `RulesRefused` when the rules have problems, `CallRefused` for an unknown directive, and the
    errors of a database.
    """
    given = settings.load(environment)
    book = load_rules(given.rules)
    if given.database_missing():
        return list_of(book, None, None, {}, wanted)
    with settings.read_only(given) as conn:
        return list_stored(conn, book, wanted, datetime.now(UTC))


def list_stored(conn: Connection, book: RuleBook, wanted: RegisterFilter, now: datetime) -> Listing:
    """The list of a rule book with what a database knows: names, and how demands stood on its latest night."""
    # A list of the files alone does not load the database's packages.
    from dondoc.engine.judge.excused import Excused
    from dondoc.engine.store.night import nights, orgchart, tasks
    from dondoc.engine.store.night.standing import StandingCount
    from dondoc.flows.night.steps import cutoff_of

    night = nights.latest(conn)
    counts: dict[str, FourWay] = defaultdict(lambda: FourWay(0, 0, 0, 0))
    if night is not None:
        names = nights.names_of(conn, tasks.stored_rules(conn))
        counting = StandingCount(conn, names, night, cutoff_of(night), Excused(book))
        for (rule, _), one in counting.stored().items():
            counts[rule] += FourWay(one.on_time, one.late, one.in_time, one.overdue)
    return list_of(book, orgchart.chart(conn, now), night, counts, wanted)


def list_of(
    book: RuleBook,
    chart: OrgChart | None,
    night: date | None,
    counts: Mapping[str, FourWay],
    wanted: RegisterFilter,
) -> Listing:
    """The list of a rule book; `counts` are by rule."""
    directives = [book.directives[name] for name in _directives(book, wanted.directive)]
    obligations = register(book)
    found = []
    for directive in directives:
        names = _Names(chart, directive)
        rows = [
            ObligationRow(one, names.who(one), _sum(counts, one.rules))
            for one in obligations
            if one.directive == directive.id and wanted.status in {None, one.status}
        ]
        if wanted.unit is not None:
            rows = [row for row in rows if names.concerns(row, wanted.unit)]
        if rows:
            found.append((directive, tuple(rows)))
    issuers = {directive.id: _Names(chart, directive).issuer() for directive in directives}
    return Listing(tuple(found), issuers, sum(len(rows) for _, rows in found), tally(obligations), night)


def _directives(book: RuleBook, word: str | None) -> Sequence[str]:
    """The directives that a word names by file, code or number; None: all. Raises `CallRefused` for none."""
    if word is None:
        return tuple(book.directives)
    words = {name: (name, one.code, one.number or "") for name, one in book.directives.items()}
    found = [name for name, known in words.items() if _folded(word) in map(_folded, known)]
    if not found:
        hint = advice(word, [each for known in words.values() for each in known if each])
        raise CallRefused(f"không có văn bản nào tên «{word}»{hint.vi} (no directive of that name{hint.en})")
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of units while the directive was in force, where a chart has them; else their ids."""

    chart: OrgChart | None
    directive: Directive

    def issuer(self) -> Text:
        """Its name on the day on which it issued the directive, as letters cite it."""
        return self._named(self.directive.issuer, self.directive.issued)

    def unit(self, unit: str) -> Text:
        return self._named(unit, None)

    def _named(self, unit: str, on: date | None) -> Text:
        known = self.chart.units.get(unit) if self.chart else None
        if known is None:
            return Text(unit, unit)
        name = known.name(on or self._day(unit))
        return Text(name.vi, name.en)

    def who(self, obligation: Obligation) -> Text:
        if obligation.who:
            return Text(obligation.who, obligation.who)
        return Text.join("; ", dict.fromkeys(map(self._selected, obligation.applies_to)))

    def _selected(self, selector: Selector) -> Text:
        if selector.units:
            return Text.join("; ", map(self.unit, selector.units))
        words = []
        if selector.kind:
            words.append(_KINDS.get(selector.kind) or Text(selector.kind, selector.kind))
        if selector.level:
            words.append(_LEVELS[selector.level])
        if selector.within:
            words.append(Text.format("thuộc {body}", "below {body}", body=self.unit(selector.within)))
        return Text.join(" ", words)

    def concerns(self, row: ObligationRow, word: str) -> bool:
        """Whether a row is about a unit of that id or name: its text names it, or a selector includes it."""
        selectors = row.obligation.applies_to
        said = (row.who.vi, *(unit for selector in selectors for unit in selector.units))
        return any(_folded(word) in _folded(each) for each in said) or any(
            unit in self._meant(selector, self._day(unit)) for unit in self._called(word) for selector in selectors
        )

    def _called(self, word: str) -> list[str]:
        """The units of that id, or with that word in one of their names."""
        units = self.chart.units.values() if self.chart else ()
        return [
            unit.id
            for unit in units
            if unit.id == word or any(_folded(word) in _folded(name.vi) for name in unit.names)
        ]

    def _meant(self, selector: Selector, on: date) -> tuple[str, ...]:
        if self.chart is None or selector.units:
            return selector.units
        return self.chart.select(kind=selector.kind, level=selector.level, within=selector.within, on=on)

    def _day(self, unit: str) -> date:
        """A day on which the directive was in force and, if there is one, the unit alive."""
        first = self.directive.in_force_from
        known = self.chart.units.get(unit) if self.chart else None
        return max(first, known.valid_from) if known else first


def _sum(counts: Mapping[str, FourWay], rules: Iterable[str]) -> FourWay | None:
    found = [counts[rule] for rule in rules if rule in counts]
    return sum(found[1:], found[0]) if found else None


def _json(directive: Directive, row: ObligationRow) -> dict[str, Any]:
    one = row.obligation
    return {
        "obligation": one.id,
        "directive": directive.id,
        "number": directive.number,
        "clause": one.clause,
        "status": one.status.value,
        "what": [asdict(what) for what in one.what],
        "who": row.who.vi,
        "applies_to": [asdict(selector) for selector in one.applies_to],
        "waits_for": asdict(one.waits_for) if one.waits_for else None,
        "rules": one.rules,
        "examples": one.examples,
        "blanks": one.blanks,
        "counts": asdict(row.counts) if row.counts else None,
    }


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
