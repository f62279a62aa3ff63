"""From a night's notices to one digest per reader: who shares a letter, what else it holds, whom it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.hearing import RESPONSIBLE
from engine.model import Case, CaseStatus, Finding, Level, Line, Notice, Section, Task, Text, Verdict
from engine.store.history import Standing
from notifications import entries as rows
from notifications.digest import Desk, Digest, Direction, Entry, FourWay, UnitRow
from notifications.entries import Clerk
from notifications.wording.alphabet import alphabetical, collation

# The national child protection line 111 was opened on 06/12/2017 (domain: hotline); no letter before names it.
HOTLINE_FROM = date(2017, 12, 6)
_UNIT_WORDS = {
    Level.COMMUNE: Text("xã, thị trấn", "communes"),
    Level.DISTRICT: Text("đơn vị cấp huyện", "district bodies"),
    Level.PROVINCE: Text("đơn vị cấp tỉnh", "provincial bodies"),
}
_ANY_UNIT = Text("đơn vị", "units")
_OPERATOR = "Bộ phận vận hành hệ thống Đôn Đốc"


@dataclass(frozen=True, slots=True)
class Post:
    """One letter to be: the mailbox it goes to, the digest in it, and the offices that are told by it."""

    office: str
    address: str
    digest: Digest
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every letter of the night, and the offices that could not be reached at all, for the operator."""

    posts: tuple[Post, ...]
    unreachable: tuple[str, ...]
    forwarded: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Address:
    box: str
    languages: tuple[str, ...]
    forwarded_for: str


def gather(
    clerk: Clerk,
    notices: Iterable[Notice],
    cases: Sequence[Case],
    findings: Mapping[int, Finding],
    cutoff: str,
) -> Gathered:
    """One letter per mailbox with news tonight; offices that share a mailbox share its letter.

    `cases` are the open ones after tonight, for the lines a reader knows already; `cutoff` is the instant of the
    data, as printed. An office without a mailbox is written to at the nearest body above that has one.
    """
    news: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        news[notice.reader].append(notice)
    known = _known(cases)
    by_box: dict[str, list[tuple[str, _Address]]] = defaultdict(list)
    unreachable: list[str] = []
    forwarded: list[tuple[str, str]] = []
    for office in sorted(news):
        found = _address(clerk, office)
        if found is None:
            unreachable.append(office)
            continue
        if found.forwarded_for:
            forwarded.append((office, found.box))
        # A forwarded letter stays apart: it is not for the office whose mailbox it borrows.
        key = found.box.casefold() + (f"|{office}" if found.forwarded_for else "")
        by_box[key].append((office, found))
    posts = [_post(clerk, offices, news, known, findings, cutoff) for _, offices in sorted(by_box.items())]
    return Gathered(tuple(sorted(posts, key=lambda post: post.office)), tuple(unreachable), tuple(forwarded))


def _known(cases: Iterable[Case]) -> Mapping[str, list[Case]]:
    """By office, the open cases it has been told of."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.status in (CaseStatus.OPEN, CaseStatus.EXHAUSTED):
            for office in case.told:
                found[office].append(case)
    return found


def _address(clerk: Clerk, office: str) -> _Address | None:
    box = clerk.chart.mailbox(office, clerk.as_of)
    if box is not None:
        return _Address(box.address, tuple(box.languages.split(",")), "")
    above = clerk.chart.forwarding(office, clerk.as_of)
    if above is None:
        return None
    return _Address(above[1].address, tuple(above[1].languages.split(",")), clerk.name(office))


def _post(
    clerk: Clerk,
    offices: Sequence[tuple[str, _Address]],
    news: Mapping[str, list[Notice]],
    known: Mapping[str, list[Case]],
    findings: Mapping[int, Finding],
    cutoff: str,
) -> Post:
    names = [office for office, _ in offices]
    first, address = offices[0]
    mine: list[Notice] = []
    for office in names:
        mine += news[office]
        told = {notice.case.task.id for notice in news[office] if notice.case}
        mine += _still(clerk, office, told, known.get(office, ()), findings)
        mine += _ending_soon(clerk, office, news[office], findings)
    direction = _direction(clerk, mine)
    lines = _lines(clerk, mine)
    digest = Digest(
        night=clerk.as_of,
        cutoff=cutoff,
        makeup_for=_makeup(clerk, mine),
        reader=first,
        reader_name=clerk.name(first),
        reader_short=clerk.short(first),
        reader_name_en=clerk.name_en(first),
        shared_with=tuple(clerk.name(office) for office in names[1:]),
        forwarded_for=address.forwarded_for,
        direction=direction,
        languages=address.languages,
        entries=lines,
        replay=clerk.as_of < HOTLINE_FROM,
        **_counted(clerk, names, mine, direction),
    )
    return Post(first, address.box, digest, tuple(notice for office in names for notice in news[office]))


def _still(
    clerk: Clerk, office: str, told: set[int], cases: Iterable[Case], findings: Mapping[int, Finding]
) -> Iterable[Notice]:
    """What the office knows already and of which there is nothing new."""
    for case in cases:
        if case.task.id not in told:
            finding = findings.get(case.task.id, Finding(case.task, Verdict.UNJUDGED, breach=case.breach))
            yield rows.still(case, finding, office, _relations(clerk, office, case))


def _relations(clerk: Clerk, office: str, case: Case) -> tuple[str, ...]:
    naming = clerk.hearing.due(case.task, case.ladder, 0, case.reached).get(office)
    return naming.reader.relations if naming else ()


def _ending_soon(
    clerk: Clerk, office: str, news: Sequence[Notice], findings: Mapping[int, Finding]
) -> Iterable[Notice]:
    """In a superior's letter that leaves anyway, what its units must soon do (decision 30)."""
    rules = {notice.finding.task.rule for notice in news if RESPONSIBLE not in notice.relations}
    directives = {clerk.book.rules[rule].directive for rule in rules}
    if not directives:
        return
    for finding in findings.values():
        task = finding.task
        if finding.verdict is not Verdict.ENDING or clerk.book.rules[task.rule].directive not in directives:
            continue
        if office not in clerk.hearing.bearers(task) and _follows(clerk, office, task):
            yield Notice(office, ("monitor",), Section.ENDING, finding, None, 0)


def _follows(clerk: Clerk, office: str, task: Task) -> bool:
    return any(reader.office == office for reader in clerk.hearing.monitor(task)) or clerk.chart.within(
        task.unit, office, clerk.as_of
    )


def _direction(clerk: Clerk, notices: Sequence[Notice]) -> Direction:
    """Where the reader stands in what the letter is mainly about: its own tasks first, else the highest."""
    found = {direction_of(clerk, notice) for notice in notices if notice.section is not Section.STILL}
    for direction in (Direction.OWN, Direction.UP_PARTY, Direction.UP, Direction.SIDEWAYS):
        if direction in found:
            return direction
    return Direction.COPY


def direction_of(clerk: Clerk, notice: Notice) -> Direction:
    """Where one notice's reader stands to the unit it is about (house rule 10, decision 33)."""
    if RESPONSIBLE in notice.relations:
        return Direction.OWN
    if notice.copied:
        return Direction.COPY
    unit, on = notice.finding.task.unit, clerk.as_of
    body = clerk.chart.body_of(notice.reader, on)
    if body in clerk.chart.parents(unit, Line.GOVERNMENT, on):
        return Direction.UP
    party = {clerk.chart.superior(unit, Line.PARTY, n, on) for n in (1, 2, 3)}
    if body in party or body == clerk.chart.led_by(unit, on):
        return Direction.UP_PARTY
    return Direction.SIDEWAYS


def _lines(clerk: Clerk, notices: Iterable[Notice]) -> tuple[Entry, ...]:
    """The rows in order of printing; in a superior's letter, units late with the same thing share one row."""
    entries = [(notice, clerk.entry(notice)) for notice in notices]
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for notice, entry in entries:
        task = notice.finding.task
        alone = RESPONSIBLE in notice.relations or entry.figure is not None
        own_key = task.id if alone else (entry.outcome, entry.days if entry.section is Section.RESOLVED else 0)
        key = (entry.section, task.rule, task.subject, entry.step, entry.relations, own_key)
        groups.setdefault(key, []).append(entry)
    merged = [_merged(group) for group in groups.values()]
    order = list(Section)
    return tuple(
        sorted(merged, key=lambda entry: (order.index(entry.section), -entry.workdays, entry.title.vi, entry.unit))
    )


def _merged(group: Sequence[Entry]) -> Entry:
    if len(group) == 1:
        return group[0]
    names = alphabetical(name for entry in group for name in entry.units)
    return replace(
        group[0],
        units=tuple(names),
        unit="; ".join(names),
        unit_en="; ".join(names),
        earlier=tuple(sorted({day for entry in group for day in entry.earlier})),
        codes=tuple(code for entry in sorted(group, key=lambda entry: entry.codes) for code in entry.codes),
        evidence="",
    )


def _makeup(clerk: Clerk, notices: Sequence[Notice]) -> date | None:
    rule = clerk.book.rules[notices[0].finding.task.rule]
    return clerk.book.calendars[rule.calendar].stands_for.get(clerk.as_of)


def _counted(
    clerk: Clerk, offices: Sequence[str], notices: Sequence[Notice], direction: Direction
) -> dict[str, Any]:
    """Whom the letter counts: the reader's own tasks, or those of every unit below it, by directive."""
    names = list(dict.fromkeys(clerk.book.rules[notice.finding.task.rule].directive for notice in notices))
    directives = [clerk.book.directives[name] for name in names]
    rules = {rule.id for rule in clerk.book.rules.values() if rule.directive in names}
    concerned = {unit for notice in notices for unit in clerk.hearing.bearers(notice.finding.task)}
    by_unit: dict[str, list[tuple[str, Standing]]] = defaultdict(list)
    followed = {rule for rule in rules if _follows_up(clerk, rule, offices)}
    for (rule, unit), standing in clerk.history.standing.items():
        below = rule in rules and _is_counted(clerk, unit, offices, concerned, direction)
        if below or (rule in followed and direction is not Direction.OWN):
            by_unit[unit].append((rule, standing))
    total = _sum(standing for found in by_unit.values() for _, standing in found)
    lines = () if direction is Direction.OWN or len(by_unit) < 2 else _unit_rows(clerk, by_unit)  # noqa: PLR2004
    levels = {clerk.chart.units[unit].level for unit in by_unit}
    kinds = {clerk.chart.units[unit].kind for unit in by_unit}
    first = directives[0]
    judged = {rule.obligation for rule in clerk.book.rules.values() if rule.directive == first.id}
    waiting = {entry.obligation for entry in first.register}
    return {
        "directives": tuple(clerk.directive_line(directive) for directive in directives),
        "counts": total,
        "units_counted": len(by_unit),
        "unit_word": _UNIT_WORDS.get(levels.pop(), _ANY_UNIT) if len(levels) == len(kinds) == 1 else _ANY_UNIT,
        "by_unit": lines,
        "tracked": len(waiting),
        "obligations": len(judged | waiting),
        "desk": _desk(clerk, first.monitor, offices),
    }


def _follows_up(clerk: Clerk, rule: str, offices: Sequence[str]) -> bool:
    """Whether the reader is the body that follows the whole rule up."""
    return (clerk.book.rules[rule].monitor or clerk.book.directive_of(rule).monitor) in offices


def _is_counted(
    clerk: Clerk, unit: str, offices: Sequence[str], concerned: set[str], direction: Direction
) -> bool:
    if direction is Direction.OWN:
        return unit in offices
    if unit in offices:
        return False
    return unit in concerned or any(clerk.chart.within(unit, office, clerk.as_of) for office in offices)


def _sum(standings: Iterable[Standing]) -> FourWay:
    found = list(standings)
    return FourWay(
        sum(standing.on_time for standing in found),
        sum(standing.late for standing in found),
        sum(standing.in_time for standing in found),
        sum(standing.overdue for standing in found),
    )


def _unit_rows(clerk: Clerk, by_unit: Mapping[str, list[tuple[str, Standing]]]) -> tuple[UnitRow, ...]:
    rows_ = []
    for unit in sorted(by_unit, key=lambda unit: collation(clerk.short(unit))):
        found = by_unit[unit]
        late = [
            clerk.book.calendar_of(rule).late(standing.oldest, clerk.as_of)
            for rule, standing in found
            if standing.oldest
        ]
        rows_.append(UnitRow(clerk.short(unit), _sum(standing for _, standing in found), max(late, default=None)))
    return tuple(rows_)


def _desk(clerk: Clerk, monitor: str | None, offices: Sequence[str]) -> Desk:
    """Who answers: the body that follows up, unless it is the reader itself; then the operator."""
    if monitor and monitor not in offices:
        box = clerk.chart.mailbox(monitor, clerk.as_of)
        if box is not None:
            return Desk(clerk.name(monitor), box.address)
    return Desk(_OPERATOR, clerk.book.mail.operator)
