"""What a letter says of a roll-up, counted again from what each unit owes, and what a roll-up hides from whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import select

from dondoc.engine.domain.rulebook import Rollup
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import Row
from tests.support.stored_facts import Duty
from tests.support.told_letters import Told, by_row, wrong

_OPEN = ("new", "worse", "still")
_BADGE = re.compile(r"Còn (\d+)/(\d+) [^(]*\(\d+,\d%\)")


def untrue(one: Told) -> list[str]:
    """Every count of a roll-up that is not so."""
    said = [one.part.headline, *(f"{row.badge} {row.lines.get('because', '')}" for row in one.part.rows)]
    found = [line for text in said for line in _of_a_share(one, text) if line]
    return [*found, *by_row(one, _of_a_whole)]


def _of_a_share(one: Told, text: str) -> Iterator[str]:
    """`21/24 xã, thị trấn ... (87,5%)`: the share is that of the two numbers."""
    for said in re.findall(
        r"(?<![\d/])(\d+)/(?!20\d\d)(\d+) [^(\d]*(?:đợt \d [^(\d]*\d+)?[^(\d]*\((\d+),(\d)%", text
    ):
        late, of, percent, tenth = map(int, said)
        yield wrong(one, "per cent", percent * 10 + tenth, (2000 * late + of) // (2 * of))


def _of_a_whole(one: Told, row: Row) -> Iterator[str]:
    said = _BADGE.search(row.badge or row.brief)
    if said is None:
        return
    late, of = map(int, said.groups())
    again = re.search(r"(?<![\d/])(\d+)/(\d+) ", row.lines.get("because", ""))
    if again:
        yield wrong(one, f"{row.title}: again", (int(again.group(1)), int(again.group(2))), (late, of))
    parts = _parts(one, row)
    if parts is None:
        return
    missed = [duty for duty in parts if duty.stands == "overdue"]
    judged = [duty for duty in parts if duty.stands != "in_time"]
    yield wrong(one, f"{row.title}: parts", (late, of), (len(missed), len(judged)))
    named = [name for name in row.lines.get("parts", "").split(", ") if name]
    if named and "đơn vị khác" not in named[-1]:
        yield wrong(one, f"{row.title}: they are", len(named), len(missed))


def _parts(one: Told, row: Row) -> list[Duty] | None:
    """What the units below the body of a roll-up owe; None where it does not rest on such demands."""
    f, k, book = t.case_file, t.task, one.facts.book
    asked = select(k.c.rule_no, k.c.unit_no, k.c.subject).join_from(f, k, f.c.task_id == k.c.id)
    found = one.facts.rows(asked.where(f.c.code.in_(row.named)))
    rules = {rule.no: rule.id for rule in one.facts.rows(select(t.rule))}
    if len(found) != 1:
        return None
    condition = book.rules[rules[found[0].rule_no]].condition
    if not isinstance(condition, Rollup):
        return None
    body, subject = one.facts.units[found[0].unit_no], found[0].subject
    every = [duty for duty in one.facts.duties if (duty.rule, duty.subject) == (condition.of, subject)]
    # A whole is measured on the units of today, and what they took over from others is none of theirs (0022).
    own = (duty for duty in every if not one.facts.carried[duty.id].inherited)
    return [duty for duty in own if duty.bearers & one.facts.ranked_below(body)] or None


def told_twice(letters: list[Told]) -> Iterator[str]:
    """No office but the unit itself hears tonight of a part whose roll-up covers it and is known to the office."""
    if not letters:
        return
    facts, n, f, k = letters[0].facts, t.notice, t.case_file, t.task
    rules = {rule.no: rule.id for rule in facts.rows(select(t.rule))}
    asked = (
        select(n.c.night, n.c.reader_no, n.c.section, f.c.code, f.c.status, k.c.rule_no, k.c.unit_no, k.c.subject)
        .join_from(n, f, f.c.id == n.c.case_id)
        .join(k, k.c.id == f.c.task_id)
        .where(n.c.section.in_(_OPEN), n.c.untold_on.is_(None), n.c.waived_until.is_(None))
    )
    rows = facts.rows(asked)
    wholes = []
    for row in rows:
        rule = facts.book.rules.get(rules[row.rule_no])
        if rule and isinstance(rule.condition, Rollup) and rule.condition.covers and row.status != "closed":
            wholes.append((rule.condition.of, row.subject, facts.units[row.unit_no], row.reader_no))
    # Whoever is to decide on what the unit has said is asked to, whatever it knows.
    to_decide = select(f.c.code).join_from(t.act, f, f.c.id == t.act.c.case_id)
    decides = {
        row.code
        for row in facts.rows(to_decide.where(t.act.c.kind.in_(("declared", "not-ours", "extension-asked"))))
    }
    for row in rows:
        unit = facts.units[row.unit_no]
        if row.code in decides:
            continue
        for base, subject, body, reader in wholes if row.night == facts.night else ():
            if (base, subject, reader) != (rules[row.rule_no], row.subject, row.reader_no):
                continue
            if unit in facts.ranked_below(body) and facts.units[reader] != unit:
                yield f"{facts.night} {facts.units[reader]}: {row.code} besides its roll-up of {body}"
