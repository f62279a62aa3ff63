"""What a letter counts in its `FourWay`: the reader's own tasks, or those of every unit below it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dondoc.engine.cases.history import TaskCounts
from dondoc.engine.cases.recipients import RESPONSIBLE
from dondoc.engine.domain.acts import DELEGATE
from dondoc.engine.domain.model import Notice, Text
from dondoc.engine.domain.rulebook import Basis, Directive
from dondoc.engine.kinds import kind_of
from dondoc.notifications.digest import Desk, Direction, DirectiveLine, FourWay, UnitRow
from dondoc.notifications.gather.rows import RowBuilder
from dondoc.notifications.gather.subordinates import Subordinates
from dondoc.notifications.wording.alphabet import collation
from dondoc.notifications.wording.names import called

OPERATOR = Text("Bộ phận vận hành hệ thống Đôn Đốc", "The operators of Đôn Đốc")

# The counts of tasks by the rule and the units that carry them; a shared task is there once.
_Counted = Mapping[tuple[str, tuple[str, ...]], TaskCounts]


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """What a letter counts, under which directives; `monitor` is the office that follows up the first of them.

    `counted` are those of the `directives` whose tasks are counted, `unit` is the unit whose tasks they are if it
    is only one. `waived` and `unjudged` tasks are in none of the four counts, `declared` ones among the overdue.
    """

    directives: tuple[DirectiveLine, ...]
    counted: tuple[DirectiveLine, ...]
    counts: FourWay
    units: int
    unit: Text | None
    unit_word: Text
    by_unit: tuple[UnitRow, ...]
    tracked: int
    obligations: int
    monitor: str | None
    waived: int
    unjudged: int
    declared: int


def count(
    builder: RowBuilder,
    offices: Sequence[str],
    notices: Sequence[Notice],
    direction: Direction,
    under: Subordinates,
) -> LetterCounts:
    """The counts for the readers of one letter, over the directives that its notices are about.

    A directive that has only rows about figures is not counted: its tasks are another matter.
    """
    directives = _directives(builder, notices)
    about = [notice for notice in notices if _is_counted(builder, notice)]
    if direction is Direction.OWN:
        # The rows of units below are counted in no letter to an office about its own tasks.
        about = [notice for notice in about if notice.reader in builder.recipients.bearers(notice.finding.task)]
    units = _wanted(builder, offices, about, direction, under)
    found = {
        (rule, bearers): standing
        for unit, rules in units.items()
        for rule, bearers, standing in under.standing.get(unit, ())
        if rule in rules
    }
    counted = _directives(builder, about) if found else []
    carrying = {unit for _, bearers in found for unit in bearers if unit in units}
    first = directives[0]
    judged = {rule.obligation for rule in builder.book.rules.values() if rule.directive == first.id}
    waiting = {entry.obligation for entry in first.register}
    # An obligation whose open day or number an office has set since is judged, not only tracked.
    filled = {rule.obligation for rule in builder.book.rules.values() if rule.basis is Basis.SET}
    # Counts are no news (decision 0055): they also hold what its unit hears of for the first time tonight. No
    # letter leaves because of them, and no row, ask or headline comes of them.
    # A table of one unit would only repeat the four counts above it.
    tabled = direction is not Direction.OWN and len(carrying) > 1
    return LetterCounts(
        directives=tuple(builder.directive_line(directive) for directive in directives),
        counted=tuple(builder.directive_line(directive) for directive in counted),
        counts=_sum(found.values()),
        units=len(carrying),
        unit=builder.name(next(iter(carrying))) if len(carrying) == 1 else None,
        unit_word=called((builder.chart.units[unit] for unit in carrying), builder.as_of),
        by_unit=_unit_rows(builder, found, carrying) if tabled else (),
        tracked=len(waiting - filled),
        obligations=len(judged | waiting),
        monitor=first.monitor,
        waived=sum(standing.waived for standing in found.values()),
        unjudged=sum(standing.unjudged for standing in found.values()),
        declared=sum(standing.declared for standing in found.values()),
    )


def _directives(builder: RowBuilder, notices: Iterable[Notice]) -> list[Directive]:
    """The directives that notices are about, in their order."""
    names = dict.fromkeys(builder.book.rules[notice.finding.task.rule].directive for notice in notices)
    return [builder.book.directives[name] for name in names]


def _is_counted(builder: RowBuilder, notice: Notice) -> bool:
    """Whether a notice is about tasks that are counted, or about a derived task that rests on such tasks."""
    task = notice.finding.task
    return kind_of(builder.book.root_of(task.rule).condition).is_counted(task.kind)


def _wanted(
    builder: RowBuilder,
    offices: Sequence[str],
    notices: Sequence[Notice],
    direction: Direction,
    under: Subordinates,
) -> Mapping[str, set[str]]:
    """By unit, the rules whose tasks of it are counted.

    The unit itself reads its own counts; every other reader those of all units that it stands above, not only of
    those that are late, and never its own.
    """
    directives = {directive.id for directive in _directives(builder, notices)}
    rules = {rule.id for rule in builder.book.rules.values() if rule.directive in directives}
    if direction is Direction.OWN:
        return dict.fromkeys(offices, rules)
    bodies = (builder.chart.body_of(office, builder.as_of) for office in offices)
    counted = {unit for body in bodies for unit in under.units.get(body, frozenset())}
    for notice in notices:
        bearers = builder.recipients.bearers(notice.finding.task)
        # Of the units that carry a demand together only those below the reader. Whom a rule names reads of all of
        # them where none is below it. A committee that once heard of a unit counts nothing of its heirs.
        if counted.isdisjoint(bearers) and _is_named(notice):
            counted |= set(bearers)
    # A monitor follows its rules up for every unit, also for units that do not stand below it, as the issuer does.
    followed = {rule for rule in rules if any(builder.recipients.follows(rule, office) for office in offices)}
    every = dict.fromkeys(under.standing, followed) if followed else {}
    return {
        unit: wanted for unit, wanted in (every | dict.fromkeys(counted, rules)).items() if unit not in offices
    }


def _is_named(notice: Notice) -> bool:
    """Whether a ladder names the reader itself, and does not find it above, beside or below the unit."""
    return any(
        word not in (RESPONSIBLE, DELEGATE, "led_by") and "superior." not in word for word in notice.relations
    )


def _sum(standings: Iterable[TaskCounts]) -> FourWay:
    found = list(standings)
    return FourWay(
        sum(standing.on_time for standing in found),
        sum(standing.late for standing in found),
        sum(standing.in_time for standing in found),
        sum(standing.overdue for standing in found),
    )


def _unit_rows(builder: RowBuilder, found: _Counted, units: Collection[str]) -> tuple[UnitRow, ...]:
    rows = []
    seen: set[str] = set()
    for unit in sorted(units, key=lambda unit: collation(builder.short(unit))):
        mine = {key: standing for key, standing in found.items() if unit in key[1]}
        late = [
            builder.book.calendar_of(rule).late(standing.oldest, builder.as_of)
            for (rule, _), standing in mine.items()
            if standing.oldest
        ]
        again = _sum(standing for (_, bearers), standing in mine.items() if seen.intersection(bearers))
        rows.append(UnitRow(builder.short(unit), _sum(mine.values()), max(late, default=None), again))
        seen.add(unit)
    return tuple(rows)


def desk(builder: RowBuilder, monitor: str | None, offices: Sequence[str], notices: Iterable[Notice]) -> Desk:
    """The desk that answers questions: the monitor, or the operator when the reader is the monitor itself.

    The operator also answers for a monitor without a mailbox, and for one that the letter is about.
    """
    owing = {unit for notice in notices for unit in builder.recipients.bearers(notice.finding.task)}
    if monitor and monitor not in owing.union(offices):
        box = builder.chart.mailbox(monitor, builder.as_of)
        if box is not None:
            return Desk(builder.name(monitor), box.address)
    return Desk(OPERATOR, builder.book.mail.operator)
