"""What a letter counts in its `FourWay`: the reader's own tasks, or those of every unit below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dondoc.engine.cases.history import TaskCounts
from dondoc.engine.domain.model import Notice, Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.notifications.digest import Desk, Direction, DirectiveLine, FourWay, UnitRow
from dondoc.notifications.gather.rows import RowBuilder
from dondoc.notifications.gather.subordinates import Subordinates
from dondoc.notifications.wording.alphabet import collation
from dondoc.notifications.wording.names import called

OPERATOR = Text("Bộ phận vận hành hệ thống Đôn Đốc", "The operators of Đôn Đốc")

_ByUnit = Mapping[str, Sequence[tuple[str, TaskCounts]]]


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """What a letter counts, under which directives; `monitor` is the office that follows up the first of them.

    `waived` counts the waived tasks, which are in none of the four counts.
    """

    directives: tuple[DirectiveLine, ...]
    counts: FourWay
    units: int
    unit_word: Text
    by_unit: tuple[UnitRow, ...]
    tracked: int
    obligations: int
    monitor: str | None
    waived: int


def count(
    builder: RowBuilder,
    offices: Sequence[str],
    notices: Sequence[Notice],
    direction: Direction,
    under: Subordinates,
) -> LetterCounts:
    """The counts for the readers of one letter, over the directives that its notices are about."""
    names = list(dict.fromkeys(builder.book.rules[notice.finding.task.rule].directive for notice in notices))
    directives = [builder.book.directives[name] for name in names]
    by_unit = _by_unit(builder, offices, notices, direction, names, under)
    first = directives[0]
    judged = {rule.obligation for rule in builder.book.rules.values() if rule.directive == first.id}
    waiting = {entry.obligation for entry in first.register}
    # An obligation whose open day or number an office has set since is judged, not only tracked.
    filled = {rule.obligation for rule in builder.book.rules.values() if rule.basis is Basis.SET}
    # A table of one unit would only repeat the four counts above it.
    tabled = direction is not Direction.OWN and len(by_unit) > 1
    return LetterCounts(
        directives=tuple(builder.directive_line(directive) for directive in directives),
        counts=_sum(standing for found in by_unit.values() for _, standing in found),
        units=len(by_unit),
        unit_word=called(builder.chart.units[unit] for unit in by_unit),
        by_unit=_unit_rows(builder, by_unit) if tabled else (),
        tracked=len(waiting - filled),
        obligations=len(judged | waiting),
        monitor=first.monitor,
        waived=sum(standing.waived for found in by_unit.values() for _, standing in found),
    )


def _by_unit(
    builder: RowBuilder,
    offices: Sequence[str],
    notices: Sequence[Notice],
    direction: Direction,
    directives: list[str],
    under: Subordinates,
) -> _ByUnit:
    rules = {rule.id for rule in builder.book.rules.values() if rule.directive in directives}
    counted, followed = set(offices), set[str]()
    # The unit itself reads its own counts; every other reader those of the units it answers for, never its own.
    if direction is not Direction.OWN:
        followed = {rule for rule in rules if _follows_up(builder, rule, offices)}
        concerned = {unit for notice in notices for unit in builder.recipients.bearers(notice.finding.task)}
        counted = concerned.union(*(under.units.get(office, ()) for office in offices)) - counted
    found: dict[str, list[tuple[str, TaskCounts]]] = {}
    # A monitor follows its rules up for every unit, also for units that do not stand below it.
    for unit in under.standing if followed else counted:
        wanted = rules if unit in counted else followed
        held = [(rule, standing) for rule, standing in under.standing.get(unit, ()) if rule in wanted]
        if held:
            found[unit] = held
    return found


def _follows_up(builder: RowBuilder, rule: str, offices: Sequence[str]) -> bool:
    """Whether the reader is the monitor of the rule or, when the rule names none, of its directive."""
    return (builder.book.rules[rule].monitor or builder.book.directive_of(rule).monitor) in offices


def _sum(standings: Iterable[TaskCounts]) -> FourWay:
    found = list(standings)
    return FourWay(
        sum(standing.on_time for standing in found),
        sum(standing.late for standing in found),
        sum(standing.in_time for standing in found),
        sum(standing.overdue for standing in found),
    )


def _unit_rows(builder: RowBuilder, by_unit: _ByUnit) -> tuple[UnitRow, ...]:
    rows = []
    for unit in sorted(by_unit, key=lambda unit: collation(builder.short(unit))):
        found = by_unit[unit]
        late = [
            builder.book.calendar_of(rule).late(standing.oldest, builder.as_of)
            for rule, standing in found
            if standing.oldest
        ]
        rows.append(UnitRow(builder.short(unit), _sum(standing for _, standing in found), max(late, default=None)))
    return tuple(rows)


def desk(builder: RowBuilder, monitor: str | None, offices: Sequence[str]) -> Desk:
    """The desk that answers questions: the monitor, or the operator when the reader is the monitor itself.

    The operator also answers for a monitor without a mailbox.
    """
    if monitor and monitor not in offices:
        box = builder.chart.mailbox(monitor, builder.as_of)
        if box is not None:
            return Desk(builder.name(monitor), box.address)
    return Desk(OPERATOR, builder.book.mail.operator)
