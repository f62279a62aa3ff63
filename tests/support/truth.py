"""What a finished letter says, held against the stored facts of its night.

Each check takes a letter with its facts and yields a line for each number that is not so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine, select

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db import tables as t
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Letter, Part, Row, days, letter
from tests.support.stored_facts import Duty, Facts, counts

OWN = {"vi": "Vì sao quý đơn vị nhận thư này"}


@dataclass(frozen=True)
class Told:
    """A letter of a night, read, beside the facts of the store after that night."""

    office: str
    letter: Letter
    facts: Facts

    @property
    def part(self) -> Part:
        """The letter in its first language."""
        return self.letter.first

    @property
    def own(self) -> bool:
        """Whether the office reads of what it owes itself."""
        return OWN["vi"] in self.part.footer

    @property
    def reader(self) -> str:
        """What the letter calls its reader, as the foot says it."""
        said = next(line for label, line in self.part.footer.items() if label.startswith("Vì sao quý"))
        return said.partition(" là ")[0]

    def whole(self) -> tuple[Duty, ...]:
        """The demands that the letter's counts speak of: under its document, of the units that it follows."""
        found = self.facts.under([self.facts.cited(self.part.counted[3])])
        return tuple(duty for duty in found if self.follows(duty))

    def units(self) -> frozenset[str]:
        """Whose demands they are, where it is not the reader alone."""
        every = frozenset(unit for duty in self.whole() for unit in duty.bearers)
        return every & {self.office} if self.own else every - {self.office}

    def follows(self, duty: Duty) -> bool:
        """Whether a demand is one that the letter counts: the reader owes it, or else stands over it."""
        return self.office in duty.bearers if self.own else self.stands_over(duty)

    def stands_over(self, duty: Duty) -> bool:
        """Whether a demand is one that the reader commands or follows up, besides what it may owe itself."""
        book = self.facts.book
        rule = book.rules[duty.rule]
        monitor = rule.monitor or book.directives[rule.directive].monitor
        followed = duty.bearers if self.office == monitor else duty.bearers & self.facts.below(self.office)
        return bool(followed - {self.office})


def told(engine: Engine, book: RuleBook, night: date) -> Iterator[Told]:
    """The letters of a night but the operator's."""
    facts = Facts(engine, book, night)
    for row in facts.rows(select(t.letter).where(t.letter.c.night == night)):
        if row.office != operator_letter.OFFICE:
            yield Told(row.office, letter(row.mime), facts)


def wrong(one: Told, what: str, said: object, true: object) -> str:
    """A line about a number that is not so; empty where it is."""
    return "" if said == true else f"{one.facts.night} {one.office}: {what} {said}, true is {true}"


def untrue_counts(one: Told) -> Iterator[str]:
    """The four counts and their caption: every demand under the document, of every unit that it is about."""
    if one.part.counts is None:
        return
    whole = one.whole()
    yield wrong(one, "counts", one.part.counts, counts(whole))
    apart = sum(duty.stands == "apart" for duty in whole)
    yield wrong(one, "caption", one.part.counted[:3], (counts(whole).total, len(one.units()), apart))


def untrue_lines(one: Told) -> Iterator[str]:
    """Each unit with something overdue has its line, the others share one, and the total is the counts."""
    table = one.part.by_unit
    if table is None:
        return
    *lines, total = table.lines
    whole = one.whole()
    by_unit = {unit: counts(duty for duty in whole if unit in duty.bearers) for unit in one.units()}
    late = {unit for unit, standing in by_unit.items() if standing.overdue}
    yield wrong(one, "table", (table.late, table.units), (len(late), len(by_unit)))
    yield wrong(one, "total", total.counts, counts(whole))
    named = [line.counts for line in lines if not re.match(r"\d+ ", line.name)]
    yield wrong(one, "lines", sorted(map(repr, named)), sorted(repr(by_unit[unit]) for unit in late))


def _duties(one: Told, row: Row) -> list[Duty]:
    f = t.case_file
    asked = select(f.c.task_id).where(f.c.code.in_(row.codes))
    found = {row.task_id for row in one.facts.rows(asked)}
    return [duty for duty in one.facts.duties if duty.id in found]


def untrue_share(one: Told, row: Row) -> Iterator[str]:
    """`05/24 xã`: the units of the row's cases, of all that bear the same demand and that the reader follows."""
    mine = _duties(one, row)
    if row.share is None or not mine:
        return
    late = {unit for duty in mine for unit in duty.bearers}
    alike = [duty for duty in one.facts.duties if (duty.rule, duty.subject) == (mine[0].rule, mine[0].subject)]
    # A letter that counts the reader's own tasks may have rows of other units, too.
    counted = one.follows if one.office in late else one.stands_over
    every = {unit for duty in alike if counted(duty) for unit in duty.bearers}
    yield wrong(one, f"{row.title}:", (row.share.late, row.share.of), (len(late), len(every)))


def untrue_letters(one: Told, row: Row) -> Iterator[str]:
    """Every day that a row names as followed up is that of a letter about its case, and none is missing."""
    codes = [code for code in row.codes if re.fullmatch(r"\w+-\d+", code)]
    if len(codes) < len(row.codes) or not codes:
        return
    true = sorted({day for code in codes for day in one.facts.letters_about(code)})
    mine = [day for code in codes for day in one.facts.letters_about(code, one.office)]
    if row.earlier:
        yield wrong(one, f"{row.title}: letters", sorted(row.earlier), true)
    if row.times is not None:
        yield wrong(one, f"{row.title}: times", row.times, len(true))
    if row.last_letter is not None:
        yield wrong(one, f"{row.title}: last letter", row.last_letter, max(mine, default=None))
    asked = re.search(r"Đã đôn đốc \d+ lần \(([^)]*)\)", one.part.ask)
    if asked and len(one.part.rows) == 1:
        yield wrong(one, "ask: letters", days(asked.group(1)), true)


def untrue_lateness(one: Told, row: Row) -> Iterator[str]:
    """`Quá hạn 05 ngày làm việc (07 ngày)`: by the stored last day; nothing whose limit lies ahead is overdue."""
    night = one.facts.night
    for duty in _duties(one, row):
        printed = re.search(r"Quá hạn (\d+) ngày làm việc \((\d+) ngày\)", row.badge or row.brief)
        if duty.last_day >= night:
            yield wrong(one, f"{row.title}: before its limit:", printed.group() if printed else "", "")
        elif printed:
            calendar = one.facts.book.calendar_of(duty.rule)
            true = (calendar.late(duty.last_day, night), (night - duty.last_day).days)
            yield wrong(one, f"{row.title}: lateness", (int(printed.group(1)), int(printed.group(2))), true)


def untrue_days(one: Told, row: Row) -> Iterator[str]:
    """The limit that a row prints is the stored last day, and what comes next the stored night of its case."""
    limit = re.match(r"(hết|trước) ngày (\d\d/\d\d/\d{4})", row.lines.get("limit", ""))
    for duty in _duties(one, row) if limit else ():
        (printed,) = days(limit.group(2)) if limit else (None,)
        after = limit is not None and limit.group(1) == "trước"
        yield wrong(one, f"{row.title}: limit", printed, duty.last_day + timedelta(days=after))
    if row.next_on is not None and row.codes:
        f = t.case_file
        found = one.facts.rows(select(f.c.next_on).where(f.c.code.in_(row.codes)))
        nights = {case.next_on for case in found}
        if nights:
            yield wrong(one, f"{row.title}: next", row.next_on, min(nights, key=lambda night: night or date.max))


def untrue_direction(one: Told, row: Row) -> Iterator[str]:
    """`giảm từ 08 em xuống 05 em`: the words, the arrow and the order of the figures agree."""
    text = f"{row.title} {row.badge} {' '.join(row.lines.values())} {row.brief}"
    for word, old, new in re.findall(r"(tăng|giảm) từ ([\d.,]+)[^\d]*? (?:lên|xuống) ([\d.,]+)", text):
        before, after = (float(said.strip(".,").replace(".", "").replace(",", ".")) for said in (old, new))
        yield wrong(one, f"{row.title}: from {old} to {new}", word, "tăng" if after > before else "giảm")


def climbs_too_soon(facts: Facts) -> Iterator[str]:
    """No case whose limit lies ahead has reached a step."""
    f, k = t.case_file, t.task
    ahead = (k.c.last_day >= facts.night) & (f.c.status != "closed") & (f.c.reached > 0)
    for row in facts.rows(select(f.c.code, k.c.last_day, f.c.reached).join_from(f, k).where(ahead)):
        yield f"{facts.night} {row.code}: step {row.reached} before {row.last_day}"


def heard_first(facts: Facts) -> Iterator[str]:
    """No office above a unit hears of its matter before the unit could act on its own first letter.

    For nights that ran one by one: after an outage all who are due hear at once (decision 5).
    """
    f, k, n = t.case_file, t.task, t.notice
    asked = (
        select(f.c.code, k.c.id, k.c.unit_no, n.c.reader_no, n.c.round, n.c.step, n.c.night)
        .join_from(n, f, f.c.id == n.c.case_id)
        .join(k, k.c.id == f.c.task_id)
        .where(n.c.step > 0, n.c.section.in_(("new", "worse")), n.c.waived_until.is_(None))
        .order_by(n.c.night)
    )
    shared, first = facts.shared(), dict[tuple[str, int], date]()
    rows = facts.rows(asked)
    for row in rows:
        if facts.units[row.reader_no] in (shared.get(row.id) or {facts.units[row.unit_no]}):
            first.setdefault((row.code, row.round), row.night)
    for row in rows:
        own = facts.units[row.reader_no] in (shared.get(row.id) or {facts.units[row.unit_no]})
        if not own and row.step > 1 and not first.get((row.code, row.round), date.max) < row.night:
            yield f"{row.night} {row.code}: {facts.units[row.reader_no]} heard before the unit could act"


def untrue(one: Told) -> list[str]:
    """Every number of a letter that is not so."""
    found = [*untrue_counts(one), *untrue_lines(one)]
    for row in one.part.rows:
        found += [*untrue_share(one, row), *untrue_letters(one, row)]
        found += [*untrue_lateness(one, row), *untrue_direction(one, row), *untrue_days(one, row)]
    return [line for line in found if line]
