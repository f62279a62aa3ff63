"""What is said of a night later is what the night did: a night of a random world judged again comes out alike.

It is judged again in a copy of what it knew when it began; the world has gone on since, with facts recorded late,
corrections, letters that never left and later nights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from dondoc.engine.cases.night import Ruling
from dondoc.engine.demands.related import judged_with
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Overdue, Quota, Rollup, Rule, RuleBook, Streak, Waiver
from dondoc.engine.domain.terms import Level, NightState, Verdict
from dondoc.engine.explain.reasons import Why
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.db.schema_version import in_memory
from dondoc.engine.store.night import cases, nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.explain.account import explain
from dondoc.flows.explain.account_text import lines
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.explain.why_not import why_not
from dondoc.flows.night.assessment import Assessment
from dondoc.flows.whatif.sandbox import Sandbox, rewound
from tests.support import worlds
from tests.support.drawn_acts import Talking
from tests.support.how_many import how_many
from tests.support.random_worlds import CALENDAR, DAY, FIRST, UNITS, World, put, small_worlds
from tests.support.town import Town, cutoff

OVER, PARTY = "u.huyen", "u.huyen_uy"
GIVEN = worlds.rule("given/task", Overdue(None, "assigned", None, (2,)), *UNITS)
DERIVED = (
    worlds.rule("monthly/q", Quota("a1", 1, PeriodKind.CALENDAR_MONTH), *UNITS),
    worlds.rule("monthly/streak", Streak("monthly/q", 2), *UNITS),
)


@dataclass(frozen=True)
class Past:
    """A world and its nights: which ran, notified or were a baseline, and after which its letters were lost.

    `given` are tasks by unit, with the days for which and on which each of their limits was set. `alone` is the
    night that is judged again, also by each rule alone. `talk` seeds what offices say after each night (None:
    nothing).
    """

    world: World
    rules: tuple[Rule, ...]
    waivers: tuple[Waiver, ...]
    given: tuple[tuple[str, tuple[tuple[date, date], ...]], ...]
    nights: tuple[Night, ...]
    lost: frozenset[date]
    alone: Night
    talk: int | None

    @property
    def book(self) -> RuleBook:
        """The rules that judge it."""
        return replace(worlds.book(self.rules, calendar=CALENDAR), waivers=self.waivers)


@st.composite
def pasts(draw: st.DrawFn, longest: int, *, answered: bool = False) -> Past:
    """Nights from some day on, most of them one after the other; in half of those `answered` offices answer."""
    world = draw(small_worlds())
    rules = [*world.rules, *(DERIVED if draw(st.booleans()) else ())]
    based = [rule.id for rule in rules if rule.id.startswith(("overdue", "quota", "monthly/q"))]
    if based:
        over = Rollup(
            draw(st.sampled_from(based)), units=draw(st.sampled_from([1, 2])), covers=draw(st.booleans())
        )
        rules.append(worlds.rule("up/rollup", over, OVER))
    given = tuple(draw(st.lists(st.tuples(st.sampled_from(UNITS), limits()), max_size=2)))
    rules += [GIVEN] if given else []
    start = FIRST + draw(st.integers(0, 12)) * DAY
    ran = [start + n * DAY for n in range(longest) if n == 0 or draw(st.integers(0, 9))]
    baseline = draw(st.booleans())
    plans = tuple(
        Night(day, cutoff(day), notifying=bool(draw(st.integers(0, 5))), baseline=baseline and day == start)
        for day in ran
    )
    return Past(
        world,
        tuple(rules),
        tuple(draw(waivers(rules))),
        given,
        plans,
        frozenset(draw(st.lists(st.sampled_from(ran), max_size=2))),
        draw(st.sampled_from(plans)),
        draw(st.none() | st.integers(0, 1_000)) if answered else None,
    )


@st.composite
def limits(draw: st.DrawFn) -> tuple[tuple[date, date], ...]:
    """The limits of one task, each as its last day and the day of its recording; they move back and forth."""
    recorded = sorted(draw(st.lists(st.integers(-20, 20), min_size=1, max_size=3, unique=True)))
    return tuple((FIRST + draw(st.integers(-10, 30)) * DAY, FIRST + day * DAY) for day in recorded)


@st.composite
def waivers(draw: st.DrawFn, rules: list[Rule]) -> list[Waiver]:
    """Up to two waivers, each of another rule or unit."""
    waived = st.lists(
        st.tuples(st.sampled_from(rules or DERIVED), st.sampled_from(UNITS)), max_size=2, unique=True
    )
    found = []
    for rule, unit in draw(waived):
        first = FIRST + draw(st.integers(0, 20)) * DAY
        until = first + draw(st.integers(1, 12)) * DAY
        found.append(Waiver(rule.id, unit, OVER, worlds.WORDS, worlds.WORDS, first, until, "t:1:1"))
    return found


def founded(conn: Connection, world: World) -> None:
    """The world's rows, and a district over its communes, on both lines."""
    put(conn, world)
    settled_in(conn, ())


def settled_in(conn: Connection, communes: Iterable[str] = UNITS) -> None:
    """The communes, and a district over them, on both lines."""
    worlds.settle_in(conn, *communes)
    life = {"from": worlds.SINCE, "until": None}
    above = [{"id": OVER, "kind": "ubnd", "level": Level.DISTRICT, **life}]
    above += [{"id": PARTY, "kind": "cap-uy", "level": Level.DISTRICT, **life}]
    assert not worlds.take(conn, "units", *above).refused
    edges = [{"unit": unit, "other": OVER, "kind": "parent", "line": "government"} for unit in UNITS]
    edges += [{"unit": OVER, "other": PARTY, "kind": "led_by", "line": None}]
    assert not worlds.take(conn, "relations", *({"basis": "", **edge, **life} for edge in edges)).refused


@contextmanager
def played(past: Past) -> Iterator[tuple[Engine, dict[date, Assessment]]]:
    """The store after all of its nights, and what each of them decided."""
    with in_memory() as engine:
        with writing(engine) as conn:
            founded(conn, past.world)
            for n, (unit, moves) in enumerate(past.given):
                for due, recorded in moves:
                    row = worlds.assigned(f"N{n}", unit, due, worlds.at(f"{recorded}T09:00"))
                    assert not worlds.take(conn, "tasks", row).refused
        box, made = Sandbox(engine, past.book), {}
        talking = Talking(
            Town(engine, past.book), Random(past.talk), at_all=float(past.talk is not None), often=0.4
        )
        for night in past.nights:
            made[night.as_of] = box.night(night.as_of, notifying=night.notifying, baseline=night.baseline)
            with audited(engine) as tx:
                nights.write_night(tx, past.book, night, NightState.OK, {})
                said = select(t.notice.c.letter).where(t.notice.c.night == night.as_of)
                for letter in tx.conn.scalars(said).all() if night.as_of in past.lost else ():
                    cases.retract(tx, letter, night.as_of)
            talking.say(night.as_of)
        yield engine, made


def decided(ruling: Ruling) -> tuple[Any, ...]:
    """Everything a ruling says, but for the numbers of a case that opened tonight."""
    after, night = ruling.after, ruling.night
    # Where a waiver stands in its file is not kept (decision 0075).
    waivers = [replace(one, place="") for one in night.waivers]
    case = after and replace(after, id=None, code="", task=replace(after.task, id=0))
    return (
        ruling.finding.verdict,
        ruling.finding,
        case,
        ruling.result.reason,
        [(one.reader, one.section, one.step, one.waived_until) for one in ruling.result.notices],
        [(one.naming.reader.office, one.naming.step, one.section, one.silence) for one in ruling.due_offices()],
        (night.covered_by, night.hidden, night.ended, waivers, night.waits, night.notifying, night.answered),
    )


def rulings(made: Assessment, among: frozenset[str]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The rulings of a night about some rules that say anything; a clear demand without a case says nothing."""
    return {
        (one.finding.task.id, one.before is None): decided(one)
        for one in made.judged.rulings
        if one.finding.task.rule in among and (one.after is not None or one.finding.verdict is not Verdict.MET)
    }


def check(past: Past) -> None:
    """A night of the past, judged again whole and by each rule alone, and the last, decide what they decided."""
    with played(past) as (engine, made), reading(engine) as conn:
        for night in dict.fromkeys((past.alone, past.nights[-1])):
            same(conn, past, night, made[night.as_of], past.book.rules)
        for rule in past.book.rules:
            same(conn, past, past.alone, made[past.alone.as_of], [rule])
        event(f"cases: {min(9, max(len(one.after) for one in made.values()))}")
        told(conn, past, made)


def same(conn: Connection, past: Past, night: Night, did: Assessment, wanted: Iterable[str]) -> None:
    """The night judged again, by these rules and what they need, rules as it did."""
    among = judged_with(past.book, wanted)
    book = replace(past.book, rules={name: rule for name, rule in past.book.rules.items() if name in among})
    with rewound(conn, book, night.as_of) as box:
        again = box.night(night.as_of, notifying=night.notifying, baseline=night.baseline)
    assert rulings(again, among) == rulings(did, among), (night.as_of, wanted)


def told(conn: Connection, past: Past, made: dict[date, Assessment]) -> None:
    """`why-not` says "told" of exactly the offices that the night told, and of no closed or covered case more."""
    night = past.nights[-1].as_of
    with night_view(conn, past.book, night) as view:
        for office in (*UNITS, OVER):
            heard = {notice.finding.task.subject for notice in made[night].notices if notice.reader == office}
            found = why_not(view, office).lines
            told = {line.subject for line in found if line.reason.why in (Why.TOLD, Why.UNDONE)}
            assert told == heard, office
        for case in made[night].after:
            for one in view.demanded(case.task.rule):
                if one.case is not None and one.case.code == case.code:
                    known = replace(one.case, notified=case.notified, earlier=case.earlier, task=case.task)
                    # A letter lost since then has its good news told again.
                    assert replace(known, closing_notified=case.closing_notified) == case


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(pasts(6, answered=True))
def test_a_night_judged_again_decides_what_it_decided(past: Past) -> None:
    """Eight short pasts."""
    check(past)


@pytest.mark.long
@settings(max_examples=how_many(300), suppress_health_check=[HealthCheck.too_slow])
@given(pasts(9))
def test_longer_pasts(past: Past) -> None:
    """Three hundred pasts of up to nine nights."""
    check(past)


def test_an_older_missed_whole_is_covered_and_promises_nothing() -> None:
    """July and August were missed by all communes of a district: only August's whole climbs (decision 11)."""
    whole = worlds.rule("monthly/rollup", Rollup("monthly/q", units=2), OVER)
    book = worlds.book([DERIVED[0], whole])
    with in_memory() as engine:
        with writing(engine) as conn:
            settled_in(conn)
        box = Sandbox(engine, book)
        for plan in (Night(day, cutoff(day)) for day in (date(2019, 8, 1), date(2019, 9, 3), date(2019, 9, 10))):
            made = box.night(plan.as_of)
            with audited(engine) as tx:
                nights.write_night(tx, book, plan, NightState.OK, {})
        july = next(case for case in made.after if (case.task.unit, case.task.subject) == (OVER, "2019-07"))
        with reading(engine) as conn, night_view(conn, book, plan.as_of) as view:
            account = explain(view, july.code)
            said = "\n".join(line.vi for line in lines(account, view))
    assert account.coming == ()
    assert {one.reason.why for one in account.unheard} == {Why.COVERED}
    assert {one.reason.values["by"] for one in account.unheard} == {"2019-08"}
    assert "kỳ mới hơn" in said
