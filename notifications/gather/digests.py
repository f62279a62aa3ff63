"""From a night's notices to one digest per mailbox: who shares a letter, what else is in it, what it counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dondoc.engine.cases.covering import Covering, covering
from dondoc.engine.cases.recipients import MONITOR, RESPONSIBLE
from dondoc.engine.domain.model import Case, Finding, Notice, Text
from dondoc.engine.domain.terms import CaseStatus, Line, Outcome, Section, Verdict
from dondoc.notifications.digest import COPIES, OPEN, UPWARD, Digest, Direction, Entry, LetterDraft
from dondoc.notifications.gather import counts, merge_thresholds, rows, timing
from dondoc.notifications.gather.addresses import LetterAddress, address_of
from dondoc.notifications.gather.rows import RowBuilder
from dondoc.notifications.gather.subordinates import Subordinates, subordinates
from dondoc.notifications.unwritten import UnbuiltLetter, UnwrittenRow, described
from dondoc.notifications.wording.alphabet import collation, natural

# The national child protection line 111 was opened on 06/12/2017 (domain: hotline); no letter before names it.
HOTLINE_FROM = date(2017, 12, 6)


# Whom the next step of a row about several units notifies, where the offices differ from unit to unit.
_ABOVE_EACH = Text("cơ quan liên quan của từng đơn vị", "the offices concerned with each unit")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every letter of the night, and for the operator the offices that no mailbox reaches.

    `drafts` can be read once and yields `count` drafts in order of their offices, each made when asked for: a
    country's are too many to hold. One that could not be made is an `UnbuiltLetter`. `forwarded` pairs an office
    without a mailbox with the address used instead.
    """

    drafts: Iterator[LetterDraft | UnbuiltLetter]
    count: int
    unreachable: tuple[str, ...]
    forwarded: tuple[tuple[str, str], ...]


def gather(
    builder: RowBuilder,
    notices: Iterable[Notice],
    cases: Sequence[Case],
    findings: Mapping[int, Finding],
    cutoff: Text,
) -> Gathered:
    """One letter per mailbox with news tonight; offices that share a mailbox share its letter.

    `cases` are the open ones after tonight, for the rows a reader knows already; `findings` are by task; `cutoff`
    is the instant of the data, as printed. The letter of an office without a mailbox goes to the nearest body
    above it that has one.
    """
    news: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        news[notice.reader].append(notice)
    known = _known(cases)
    by_box: dict[str, list[tuple[str, LetterAddress]]] = defaultdict(list)
    unreachable: list[str] = []
    forwarded: list[tuple[str, str]] = []
    for office in sorted(news):
        found = address_of(builder.chart, office, builder.as_of)
        if found is None:
            # No body above has a mailbox either: an action item of the operator, never an error (house rule 12).
            unreachable.append(office)
            continue
        if found.forwarder:
            forwarded.append((office, found.box))
        by_box[found.letter].append((office, found))
    reminding = [finding for finding in findings.values() if not builder.stands_still(finding.task)]
    rollups = covering(builder.book, findings.values())
    under = subordinates(builder.chart, builder.recipients, builder.history, reminding, builder.as_of)
    boxes = sorted((offices for _, offices in sorted(by_box.items())), key=lambda offices: offices[0][0])
    drafts = (_made(builder, offices, news, known, findings, rollups, under, cutoff) for offices in boxes)
    return Gathered(drafts, len(boxes), tuple(unreachable), tuple(forwarded))


def _known(cases: Iterable[Case]) -> Mapping[str, list[Case]]:
    """By office, the open cases it has been notified of."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.status in (CaseStatus.OPEN, CaseStatus.EXHAUSTED):
            for office in case.notified:
                found[office].append(case)
    return found


def _made(
    builder: RowBuilder,
    offices: Sequence[tuple[str, LetterAddress]],
    news: Mapping[str, list[Notice]],
    *night: Any,
) -> LetterDraft | UnbuiltLetter:
    """The draft, or why there is none: what is wrong with one letter must not end the night (house rule 12)."""
    first = offices[0][0]
    try:
        draft = _draft(builder, offices, news, *night)
    except Exception as fault:  # noqa: BLE001 - any fault, and only this letter is lost
        return UnbuiltLetter(first, described(fault))
    if draft.leaves_with(draft.digest.entries):
        return draft
    return UnbuiltLetter(first, "; ".join(f"{row.name}: {row.reason}" for row in draft.unwritten))


def _draft(
    builder: RowBuilder,
    offices: Sequence[tuple[str, LetterAddress]],
    news: Mapping[str, list[Notice]],
    known: Mapping[str, list[Case]],
    findings: Mapping[int, Finding],
    rollups: Covering,
    under: Subordinates,
    cutoff: Text,
) -> LetterDraft:
    first, address = offices[0]
    names = _nearest_first(builder, [office for office, _ in offices], news)
    notified = [notice for office in names for notice in news[office]]
    mine: list[Notice] = []
    for office in names:
        mine += news[office]
        mine += _still(builder, office, news[office], known.get(office, ()), findings, rollups)
        mine += _ending_soon(builder, office, news[office], under)
    direction = _direction(builder, notified)
    counted = counts.count(builder, names, mine, direction, under)
    news_of = {(notice.reader, notice.finding.task.id) for notice in notified}
    entries, unwritten = _lines(builder, names, mine, news_of, under)
    digest = Digest(
        night=builder.as_of,
        cutoff=cutoff,
        makeup_for=_makeup(builder, mine),
        reader=builder.name(names[0]),
        shared_with=tuple(builder.name(office) for office in names[1:]),
        forwarder=builder.name(address.forwarder) if address.forwarder else None,
        direction=direction,
        languages=address.languages,
        entries=entries,
        directives=counted.directives,
        counts=counted.counts,
        units_counted=counted.units,
        unit_counted=counted.unit,
        unit_word=counted.unit_word,
        by_unit=counted.by_unit,
        tracked=counted.tracked,
        obligations=counted.obligations,
        desk=counts.desk(builder, counted.monitor, names, mine),
        replay=builder.as_of < HOTLINE_FROM,
        waived=counted.waived,
        unjudged=counted.unjudged,
        declared=counted.declared,
        counted=counted.counted,
    )
    tasks = frozenset(notice.finding.task.id for notice in notified)
    return LetterDraft(first, address.box, digest, tuple(notified), tasks, unwritten)


def _nearest_first(builder: RowBuilder, offices: Sequence[str], news: Mapping[str, Sequence[Notice]]) -> list[str]:
    """The offices of one mailbox, those first whose own tasks are news; the letter leads with these."""
    return sorted(offices, key=lambda office: _direction(builder, news[office]) is not Direction.OWN)


def _still(
    builder: RowBuilder,
    office: str,
    news: Sequence[Notice],
    cases: Iterable[Case],
    findings: Mapping[int, Finding],
    rollups: Covering,
) -> Iterable[Notice]:
    """The open cases that the office knows of and that have nothing new tonight, as notices.

    An older missed period has no row beside a newer one, whose row names it (decision 11). Nor has a part beside
    its rollup, except in the letter of the part's own unit (decision 37).
    """
    # A case under a limit that was moved is reminded of as if there were none, and stands in the letter once.
    new = {notice.finding.task.id for notice in news}
    held = {case.task.id: case for case in cases if case.task.id not in new}
    shown = [notice.finding.task for notice in news if notice.section in OPEN]
    shown += [case.task for case in held.values()]
    covered = {other.id for task in shown for other in timing.older(builder.missed, task)}
    inside = {part for task in shown for part in rollups.all_parts(task.id)}
    for task, case in held.items():
        if task not in covered and (task not in inside or office in builder.recipients.bearers(case.task)):
            finding = findings.get(task, Finding(case.task, Verdict.UNJUDGED, breach=case.breach))
            yield rows.still(case, finding, office, _relations(builder, office, case))


def _relations(builder: RowBuilder, office: str, case: Case) -> tuple[str, ...]:
    # Under a limit that was moved its readers of before may not be reached again, and any step that names one says
    # how it stands to the case.
    steps = (case.reached, len(case.ladder.steps))
    named = (builder.recipients.due(case.task, case.ladder, 0, reached).get(office) for reached in steps)
    return next((naming.reader.relations for naming in named if naming is not None), ())


def _ending_soon(
    builder: RowBuilder, office: str, news: Sequence[Notice], under: Subordinates
) -> Iterable[Notice]:
    """In a superior's letter that leaves anyway, what its units must do soon (decision 30)."""
    rules = {notice.finding.task.rule for notice in news if RESPONSIBLE not in notice.relations}
    directives = {builder.book.rules[rule].directive for rule in rules}
    # The unit's own letter has its reminders already, as notices of their own.
    if not directives:
        return
    found = {
        finding.task.id: finding
        for body in (office, builder.chart.body_of(office, builder.as_of))
        for finding in under.ending.get(body, ())
    }
    for finding in found.values():
        task = finding.task
        if builder.book.rules[task.rule].directive in directives and office not in builder.recipients.bearers(
            task
        ):
            follows = any(reader.office == office for reader in builder.recipients.monitor(task))
            yield Notice(office, (MONITOR,) if follows else (), Section.ENDING, finding, None, 0)


def _direction(builder: RowBuilder, news: Iterable[Notice]) -> Direction:
    """Where the reader stands to the units its news is about: its own tasks come first, then the highest line."""
    found = {_direction_of(builder, notice) for notice in news}
    order = (
        Direction.OWN,
        Direction.UP_PARTY,
        Direction.UP,
        Direction.SIDEWAYS,
        Direction.COPY_UP,
        Direction.COPY,
    )
    return next(direction for direction in order if direction in found)


def _direction_of(builder: RowBuilder, notice: Notice) -> Direction:
    """Where one notice's reader stands to the unit it is about (house rule 10, decision 33)."""
    if RESPONSIBLE in notice.relations or notice.reader in builder.recipients.bearers(notice.finding.task):
        return Direction.OWN
    stands = _stands(builder, notice)
    if notice.copied:
        return Direction.COPY_UP if stands in UPWARD else Direction.COPY
    return stands


def _stands(builder: RowBuilder, notice: Notice) -> Direction:
    """Where an office stands to another unit, whether or not it is asked."""
    units, on = builder.recipients.bearers(notice.finding.task), builder.as_of
    body = builder.chart.body_of(notice.reader, on)
    if any(body in builder.chart.parents(unit, Line.GOVERNMENT, on) for unit in units):
        return Direction.UP
    party = {builder.chart.superior(unit, Line.PARTY, n, on) for unit in units for n in (1, 2, 3)}
    if body in party or any(body == builder.chart.led_by(unit, on) for unit in units):
        return Direction.UP_PARTY
    return Direction.SIDEWAYS


def _lines(
    builder: RowBuilder,
    offices: Sequence[str],
    notices: Iterable[Notice],
    news_of: Container[tuple[str, int]],
    under: Subordinates,
) -> tuple[tuple[Entry, ...], tuple[UnwrittenRow, ...]]:
    """The rows in order of printing, the readers' own first, and those that could not be written.

    In a superior's letter, units late with the same thing share one row.
    """
    groups: dict[tuple[object, ...], list[Entry]] = {}
    unwritten: list[UnwrittenRow] = []
    for row in merge_thresholds.rows(builder.book, notices, news_of):
        notice = row.notice
        task = notice.finding.task
        direction = _direction_of(builder, notice)
        # Its own row tells a unit only of those that carry the task with it, whoever else has such a task.
        together = len(builder.recipients.bearers(task)) if direction is Direction.OWN else None
        share = together or under.shares.of(task, notice.relations, notice.reader)
        try:
            entry = builder.entry(notice, row.milder, share)
        except Exception as fault:  # noqa: BLE001 - any fault, and the letter goes on without this row
            unwritten.append(_unwritten(offices[0], row, fault))
            continue
        entry = replace(
            entry,
            direction=direction,
            reader=builder.name(notice.reader) if len(offices) > 1 else None,
            news=any((notice.reader, task) in news_of for task in entry.tasks),
        )
        # A unit reads each of its tasks, and every indicator has a value of its own: those rows are never merged.
        alone = entry.direction is Direction.OWN or entry.figure is not None or entry.outcome is Outcome.WITHDRAWN
        # What an office has said concerns it alone, and so does the day on which it is followed up next.
        alone = alone or bool(entry.answers) or entry.handed_over is not None
        # Nor has a reader above none of its units a number to put several of them into.
        alone = alone or entry.of_units == 0
        own_key = (
            entry.codes or task.id
            if alone
            else (entry.outcome, entry.days if entry.section is Section.RESOLVED else 0)
        )
        key = (
            *(entry.section, task.rule, task.subject, entry.step, entry.relations, entry.older, entry.waived),
            *(entry.parts, own_key, entry.reader, entry.direction, entry.news),
            # The clock of one unit may have stood still, and a row prints one limit and one next day.
            *(entry.limit, entry.next_on),
        )
        groups.setdefault(key, []).append(entry)
    order = list(Section)
    ordered = sorted(
        _once(map(_merged, groups.values())),
        key=lambda entry: (
            entry.direction is not Direction.OWN,
            entry.reader.vi if entry.reader else "",
            *(order.index(entry.section), -entry.workdays),
            *(natural(entry.title.vi), collation(entry.unit.vi)),
        ),
    )
    return tuple(ordered), tuple(unwritten)


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """The rows, each case once: what another office of the mailbox only reads stands with the unit's own row."""
    kept: dict[tuple[int, ...], Entry] = {}
    apart: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: entry.direction is not Direction.OWN):
        own = kept.get(entry.tasks)
        informed = entry.direction in COPIES or not entry.news or entry.section is Section.RESOLVED
        if entry.direction is Direction.OWN and entry.tasks and own is None:
            kept[entry.tasks] = entry
        # Of a demand that several units carry together two may read at one mailbox: the row is for both.
        elif own is not None and (informed or entry.direction is Direction.OWN):
            kept[entry.tasks] = replace(own, also=(*own.also, entry))
        else:
            apart.append(entry)
    return [*kept.values(), *apart]


def _unwritten(first: str, row: merge_thresholds.NoticeGroup, fault: Exception) -> UnwrittenRow:
    notices = (row.notice, *row.milder)
    case, task = row.notice.case, row.notice.finding.task
    name = case.code if case else f"{task.rule} {task.unit} {task.subject}"
    return UnwrittenRow(first, tuple(one.finding.task.id for one in notices), name, described(fault))


def _merged(group: Sequence[Entry]) -> Entry:
    if len(group) == 1:
        return group[0]
    # Of several units with one case each, the attached list puts the case and its first letter beside its unit.
    named = [
        (name, ", ".join(entry.codes), entry.told[0] if entry.told else None)
        for entry in group
        for name in entry.units
    ]
    named.sort(key=lambda one: collation(one[0]))
    names = [name for name, _, _ in named]
    bodies = {entry.reports_to for entry in group}
    next_to = {entry.next_to for entry in group}
    together = "; ".join(names)
    return replace(
        group[0],
        units=tuple(names),
        unit=Text(together, together),
        reports_to=bodies.pop() if len(bodies) == 1 else None,
        next_to=next_to.pop() if len(next_to) == 1 else (_ABOVE_EACH,),
        earlier=tuple(sorted({day for entry in group for day in entry.earlier})),
        last_notified=max((entry.last_notified for entry in group if entry.last_notified), default=None),
        told=tuple(sorted({day for entry in group for day in entry.told})),
        tasks=tuple(task for entry in group for task in entry.tasks),
        codes=tuple(code for entry in sorted(group, key=lambda entry: entry.codes) for code in entry.codes),
        bearers=tuple(dict.fromkeys(unit for entry in group for unit in entry.bearers)),
        code_of=tuple(code for _, code, _ in named),
        told_of=tuple(first for _, _, first in named),
        links=tuple(link for entry in sorted(group, key=lambda entry: entry.codes) for link in entry.links),
        evidence="",
        unnamed=all(entry.unnamed for entry in group),
    )


def _makeup(builder: RowBuilder, notices: Sequence[Notice]) -> date | None:
    rule = builder.book.rules[notices[0].finding.task.rule]
    return builder.book.calendars[rule.calendar].stands_for.get(builder.as_of)
