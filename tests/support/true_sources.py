"""What the operator's letter says of data sources, held against the rows of their pulls and what those left open.

Each check yields a line for each thing that is not so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from dondoc.engine.domain.data_sources import DataSource
from dondoc.engine.domain.rulebook import Overdue, Quota, Rule, Threshold
from dondoc.engine.domain.terms import SourceKind, TaskKind
from dondoc.engine.store.db import tables as t
from tests.support.letter_reader import number
from tests.support.stored_facts import Facts
from tests.support.town import cutoff

_DAY = r"\d\d/\d\d/\d{4}"


def untrue_source(said: str, facts: Facts) -> Iterator[str]:
    """A source that is silent, what is unknown for that; one that was not pulled in full, or gave bad rows."""
    of = {one.id: one for one in facts.book.sources}
    silent = re.match(rf"Nguồn «.*?» \((\S+)\) (?:im lặng từ (\d\d) giờ (\d\d) ngày ({_DAY})|chưa từng)", said)
    if silent:
        source = of[silent.group(1)]
        left = re.search(r"; (\d[\d.]*) việc chưa kết luận vì thế", said)
        true = len(_waiting_for(source, facts))
        if source not in silent_sources(facts) or (number(left.group(1)) if left else 0) != true:
            yield f"{said}: true is {true}"
        since = _latest(facts, source, heard=True)
        told = f"{silent.group(4)} {silent.group(2)}:{silent.group(3)}" if silent.group(4) else None
        if told != (f"{_local(since.at):%d/%m/%Y %H:%M}" if since else None):
            yield f"{said}: true is {since}"
    partial = re.match(rf"Nguồn «.*?» \((\S+)\) không lấy được đủ.*đến (\d\d) giờ (\d\d) ngày ({_DAY})", said)
    if partial:
        source = of[partial.group(1)]
        good = _latest(facts, source, heard=True)
        until = _until(source, facts, _local(good.at)) if good else None
        if until is None or f"{until:%H %M %d/%m/%Y}" != " ".join(partial.groups()[1:]):
            yield f"{said}: true is {until}"
        if not json.loads(_latest(facts, source).said)["faults"]:
            yield f"{said}: its pull had no fault"
    rejected = re.match(r"(\d[\d.]*) dòng của nguồn «(.*?)» không được nhận", said)
    if rejected:
        (source,) = (one for one in facts.book.sources if one.title.vi == rejected.group(2))
        if number(rejected.group(1)) != _latest(facts, source).rejected:
            yield f"{said}: true is {_latest(facts, source).rejected}"


def silent_sources(facts: Facts) -> list[DataSource]:
    """The sources whose rows last came longer ago than they may be silent."""
    on, found = cutoff(facts.night), []
    for source in facts.book.sources:
        heard = select(func.max(t.pull.c.at).label("at")).where(
            t.pull.c.source == source.id, t.pull.c.heard, t.pull.c.at <= on
        )
        came = facts.rows(heard)[0].at
        if came is None or on >= _until(source, facts, came.astimezone(on.tzinfo)):
            found.append(source)
    return found


def _until(source: DataSource, facts: Facts, came: datetime) -> datetime:
    """When rows are too old: so many hours after they came, or at the end of so many working days."""
    patience = source.patience
    if not patience.in_workdays:
        return came + timedelta(hours=patience.number)
    calendar = facts.book.calendars[source.calendar or next(iter(facts.book.calendars))]
    days_ = (came.date() + timedelta(days=n) for n in range(100))
    # The day of the rows counts as the first where it is worked, the next worked one where it is not.
    *_, last = islice(filter(calendar.is_workday, days_), patience.number + 1)
    return datetime.combine(last + timedelta(days=1), time(), came.tzinfo)


def brings(source: DataSource, rule: Rule, kind: TaskKind) -> bool:
    """Whether what a demand waits for would have come from a source."""
    condition = rule.condition
    if isinstance(condition, Overdue) and kind is TaskKind.REPORT:
        brought, word = source.brings.get(SourceKind.REPORTS, frozenset()), condition.report
    elif isinstance(condition, Quota):
        brought, word = source.brings.get(SourceKind.ACTIVITIES, frozenset()), condition.activity
    elif isinstance(condition, Threshold) and kind is TaskKind.READING:
        brought, word = source.brings.get(SourceKind.INDICATORS, frozenset()), condition.indicator
    else:
        return False
    return brought is None or word in brought


def _latest(facts: Facts, source: DataSource, *, heard: bool = False) -> Any:
    """The latest pull of a source, or the latest that brought rows; None: there is none."""
    rows = facts.rows(select(t.pull).where(t.pull.c.source == source.id).order_by(t.pull.c.id))
    return next((row for row in reversed(rows) if row.heard or not heard), None)


def _local(instant: datetime) -> datetime:
    return instant.astimezone(cutoff(date(2015, 1, 1)).tzinfo)


def _waiting_for(source: DataSource, facts: Facts) -> list[int]:
    """The demands that are amiss, or to be reminded of, for want of what a source would have brought."""
    stands = {duty.id: duty.stands for duty in facts.duties}
    rules, followed = {row.no: row.id for row in facts.rows(select(t.rule))}, rules_followed(facts)
    return [
        row.id
        for row in facts.rows(select(t.task).where(t.task.c.finished_on.is_(None)))
        if rules.get(row.rule_no) in followed
        if brings(source, rule := facts.book.rules[rules[row.rule_no]], row.kind)
        if stands[row.id] == "overdue" or (stands[row.id] == "in_time" and _reminded(rule, row.last_day, facts))
    ]


def _reminded(rule: Rule, last_day: date, facts: Facts) -> bool:
    """Whether the first reminder of a demand is due: so many working days before its limit have begun."""
    assert isinstance(rule.condition, Overdue)
    calendar, day, left = facts.book.calendar_of(rule.id), last_day, max(rule.condition.remind, default=0)
    if not left:
        return False
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_workday(day)
    return day <= facts.night


def rules_followed(facts: Facts) -> frozenset[str]:
    """The rules that are judged on the night; also in the place of a last night that never ran (decision 0041)."""
    followed = (rule for rule in facts.book.rules if facts.book.followed(rule, facts.night))
    return frozenset(followed) | rules_ended_unseen(facts)


def rules_ended_unseen(facts: Facts) -> frozenset[str]:
    """The rules whose last night never ran, so that this one is the first after it."""
    before = [row.as_of for row in facts.rows(select(t.night.c.as_of).where(t.night.c.as_of < facts.night))]
    if not before:
        return frozenset()
    lasts = {rule: facts.book.last_night(rule) for rule in facts.book.rules}
    return frozenset(rule for rule, last in lasts.items() if last and max(before) < last < facts.night)
