"""Previews of letters: of a rule on invented facts, or of an office for the next night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from dondoc.engine.domain.model import Case
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import Derived, Rule, RuleBook
from dondoc.engine.kinds.samples import SampleBreach
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import nights, orgchart
from dondoc.flows.lookup import CallRefused, refuse_unknown_office, unknown
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.whatif.sample_facts import breaches, days_in_force
from dondoc.flows.whatif.sandbox import copied, peopled
from dondoc.notifications.digest import LetterDraft
from dondoc.notifications.letter.part import RowLimits
from dondoc.notifications.letter.render import Rendered, finish

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """A letter that is not sent: its office, its address and its texts."""

    office: str
    name: str
    address: str
    letter: Rendered


@dataclass(frozen=True, slots=True)
class Preview:
    """The letters of one night, and what was invented for them (nothing for the letter of an office)."""

    night: date
    samples: tuple[SampleLetter, ...]
    invented: tuple[str, ...] = ()


def of_rule(
    source: Connection, book: RuleBook, rule: str, around: date, *, step: int = 1, unit: str | None = None
) -> Preview:
    """The letters of the night on which a breach of the rule reaches a step, on the chart of a store.

    `around` chooses the breach: the nearest day on which the step can be reached. Raises `CallRefused` for a
    step that the ladder does not have, a unit that the rule does not apply to, and a rule that nobody can be in
    breach of.
    """
    asked = book.rules[rule]
    _refuse_step(book, asked, step)
    # A real waiver would suppress the very letter that is to be shown.
    alone = replace(book, rules=_with_bases(book, asked), waivers=())
    chart = orgchart.chart(source, cutoff_of(around))
    if unit is not None:
        refuse_unknown_office(unit, chart.units)
    for found in _in_force_first(book, asked, _breaches(source, alone, asked, chart, around, unit), step):
        preview = _played(source, alone, asked, found, step)
        if preview is not None and not preview.samples:
            raise CallRefused(
                "Không cơ quan nào của bước này có hộp thư, kể cả cấp trên; bổ sung mailboxes.csv. (Nobody of "
                "this step can be reached: add a mailbox.)"
            )
        if preview is not None:
            return preview
    raise CallRefused(_never(asked, unit, step))


def _with_bases(book: RuleBook, rule: Rule) -> dict[str, Rule]:
    """The rule, and the rules it is derived from, down to the one that judges tasks."""
    found = {rule.id: rule}
    while isinstance(rule.condition, Derived):
        rule = book.rules[rule.condition.of]
        found[rule.id] = rule
    return found


def _in_force_first(
    book: RuleBook, rule: Rule, found: Iterable[SampleBreach], step: int
) -> Iterator[SampleBreach]:
    """The breaches whose night lies in force, then those of nights that only follow them up.

    Offices that get letters may have ended together with the directive.
    """
    later = []
    for one in found:
        if book.directives[rule.directive].in_force(_night_of(book, rule, one.breach, step)):
            yield one
        else:
            later.append(one)
    yield from later


def _breaches(
    source: Connection, book: RuleBook, rule: Rule, chart: OrgChart, around: date, unit: str | None
) -> Iterator[SampleBreach]:
    """Ways to put the rule in breach; for a derived one, nights before which nobody did anything."""
    if not isinstance(rule.condition, Derived):
        yield from breaches(book, rule, rule.condition, chart, around, unit)
        return
    said = ("không đơn vị nào có kết quả của quy tắc gốc",)
    for day in days_in_force(book.directives[rule.directive], book.calendars[rule.calendar], around):
        with peopled(source, book) as box:
            made = box.night(day)
        for case in made.after:
            if case.task.rule == rule.id and unit in (None, case.task.unit):
                yield SampleBreach(case.task.unit, case.breach, (), said)


def _refuse_step(book: RuleBook, rule: Rule, step: int) -> None:
    ladder = book.ladders[rule.ladder]
    if not 1 <= step <= len(ladder.positions()):
        raise CallRefused(
            f"Thang «{ladder.id}» có {len(ladder.positions())} bước kể cả báo lặp lại, không có bước {step}. "
            f"(The ladder has {len(ladder.positions())} steps, repeats included.)"
        )


def _night_of(book: RuleBook, rule: Rule, breach: date, step: int) -> date:
    return book.calendars[rule.calendar].letters.night_of(breach, book.ladders[rule.ladder].positions()[step - 1])


def _played(source: Connection, book: RuleBook, rule: Rule, found: SampleBreach, step: int) -> Preview | None:
    """The nights of every step up to the one asked for, so that the letter looks back on those before it.

    None when the directive ends before that night.
    """
    if not book.directives[rule.directive].followed(_night_of(book, rule, found.breach, step)):
        return None
    with peopled(source, book) as box:
        box.refuse_unknown_units(found.breach)
        sheets: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        for sheet, row in found.rows:
            sheets[sheet].append((1, row))
        for name, rows in sheets.items():
            taken = box.brings(name, rows, cutoff_of(found.breach))
            assert not taken.refused, taken.refused
        breach = found.breach
        for number in range(1, step + 1):
            night = _night_of(book, rule, breach, number)
            made = box.night(night)
            case = _case(made.after, rule, found.unit)
            if case is None:
                return None
            breach = case.breach
        drafts = [draft for draft in box.drafts(made) if any(notice.case == case for notice in draft.notices)]
        return Preview(night, tuple(_samples(book, drafts)), found.said)


def _case(cases: tuple[Case, ...], rule: Rule, unit: str) -> Case | None:
    """The newest case of the unit: older ones are about demands before the sample's."""
    mine = [case for case in cases if (case.task.rule, case.task.unit) == (rule.id, unit)]
    return max(mine, key=lambda case: case.breach, default=None)


def of_office(source: Connection, book: RuleBook, office: str, night: date | None = None) -> Preview:
    """The letter that an office would get on the next night if nothing happened before it; no sample: none.

    Without `night` it is the one after the latest. Raises `CallRefused` before the first night, and what
    `Sandbox.night` raises.
    """
    known = offices(source, date.max)
    if office not in known:
        raise unknown(office, book, known)
    latest = nights.latest(source)
    on = night or (latest + _DAY if latest else None)
    if on is None:
        raise CallRefused("Chưa có đêm nào đã chạy; chạy dondoc nightly một lần. (No night was judged yet.)")
    with copied(source, book, made=True) as box:
        box.refuse_unknown_units(on)
        drafts = [draft for draft in box.drafts(box.night(on)) if _reads(draft, office)]
        return Preview(on, tuple(_samples(book, drafts)))


def offices(source: Connection, on: date) -> dict[str, str]:
    """Every unit's name on a night."""
    return {unit.id: unit.name(on).vi for unit in orgchart.chart(source, cutoff_of(on)).units.values()}


def _reads(draft: LetterDraft, office: str) -> bool:
    return office in {notice.reader for notice in draft.notices}


def _samples(book: RuleBook, drafts: list[LetterDraft]) -> Iterator[SampleLetter]:
    room = RowLimits(book.mail.full_rows, book.mail.compact_rows)
    for draft in drafts:
        letter = finish(draft.digest, room, book.mail.max_bytes)
        yield SampleLetter(draft.office, draft.digest.reader.vi, draft.address, letter)


def _never(rule: Rule, unit: str | None, step: int) -> str:
    whom = f" với đơn vị «{unit}»" if unit else ""
    which = " for that unit" if unit else ""
    return (
        f"Không ngày nào quy tắc «{rule.id}»{whom} lên tới bước {step}: văn bản hết hiệu lực trước đó, hoặc quy "
        f"tắc không áp dụng cho đơn vị nào như vậy. (The rule never reaches step {step}{which} while its "
        "directive is in force.)"
    )
