"""Rule files of random worlds that are edited while they are followed: days, limits, and what is waived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import EveryYear, OnDate, Overdue, RuleBook, Threshold, Waiver
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.stored_facts import period_days
from tests.support.town import Town

_DAY = timedelta(days=1)
_WORDS = Text("Lý do bịa để thử", "A reason invented for a test")


def edited(book: RuleBook, drawn: Random) -> RuleBook:
    """The book with some days moved and some limits raised or lowered, or asked for in another way."""
    rules = dict(book.rules)
    for name, rule in book.rules.items():
        condition = rule.condition
        if drawn.random() < 0.5:
            continue
        if isinstance(condition, Overdue) and isinstance(condition.due, OnDate):
            moved = condition.due.day + drawn.choice((-20, 10, 45)) * _DAY
            rules[name] = replace(rule, condition=replace(condition, due=replace(condition.due, day=moved)))
        elif isinstance(condition, Overdue) and isinstance(condition.due, EveryYear):
            rules[name] = replace(rule, condition=replace(condition, due=replace(condition.due, day=28)))
        elif isinstance(condition, Threshold):
            rules[name] = replace(rule, condition=_edited_limit(condition, drawn))
    return replace(book, rules=rules)


def _edited_limit(condition: Threshold, drawn: Random) -> Threshold:
    """Its limit, for how many periods it holds, at what value it clears, or from how much on a rise counts."""
    if condition.rise is not None:
        least = condition.rise.at_least + drawn.choice((-1, 1, 3))
        percent = condition.rise.percent + drawn.choice((0, 0, -5, 20))
        rise = replace(condition.rise, at_least=max(least, Decimal(0)), percent=percent)
        return replace(condition, rise=rise, clear=None)
    if condition.above is None:
        return condition
    match drawn.choice(("limit", "times", "clear")):
        case "limit":
            return replace(condition, above=condition.above + drawn.choice((-1, 1, 4)), clear=None)
        case "times":
            return replace(condition, periods=drawn.choice((1, 2, 3)))
        case _:
            down = drawn.choice((None, 1, 2, 5))
            return replace(condition, clear=None if down is None else max(condition.above - down, Decimal(0)))


def waived(town: Town, drawn: Random) -> RuleBook:
    """The book with a waiver over the whole period of one open case, if one is about a period."""
    f, k, r, u = t.case_file, t.task, t.rule, t.unit
    asked = (
        select(k, r.c.id.label("rule"), u.c.id.label("unit"))
        .join_from(f, k, k.c.id == f.c.task_id)
        .join(r, r.c.no == k.c.rule_no)
        .join(u, u.c.no == k.c.unit_no)
        .where(f.c.status.in_(("open", "exhausted")))
        .order_by(f.c.code)
    )
    with reading(town.engine) as conn:
        found = [(row, period_days(town.book, row.rule, row)) for row in conn.execute(asked)]
    whole = [(row, days) for row, days in found if days is not None]
    if not whole:
        return town.book
    row, days = drawn.choice(whole)
    assert days is not None
    first, until = days[0] - drawn.choice((0, 3)) * _DAY, days[1] + drawn.choice((0, 0, 20)) * _DAY
    waiver = Waiver(row.rule, row.unit, "tw.chinh_phu", _WORDS, _WORDS, first, until, "waivers.yaml:1:1")
    return replace(town.book, waivers=(*town.book.waivers, waiver))
