"""Everything that commands print about a night, held against the store and the nights after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, Select, select

from dondoc.engine.domain.mail_policy import Budget
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db import tables as t
from tests.support import (
    list_reader,
    printed,
    status_reader,
    true_accounts,
    true_forecasts,
    true_lists,
    true_operator,
    true_reasons,
    true_status,
)
from tests.support.account_reader import Account, WhyNot, account, unheard, why_not
from tests.support.afterwards import as_known, go_on
from tests.support.stored_facts import Facts
from tests.support.town import cutoff
from tests.support.true_accounts import Stored


def untrue(engine: Engine, book: RuleBook, night: date, ahead: int, asked: int = 1000) -> list[str]:
    """Every answer that is not so, and every promise that `ahead` nights without news do not keep.

    Asked about are so many of the cases of the book's rules, and so many of the offices that ever had a letter.
    """
    with as_known(engine, night) as copy:
        stored = Stored(Facts(copy, book, night))
        codes = _some([row.code for row in stored.facts.rows(_codes(book))], asked)
        told = {stored.facts.units[row.reader_no] for row in stored.facts.rows(select(t.notice.c.reader_no))}
        offices = _some(sorted(told), asked)
        accounts = list(map(account, printed.explained(copy, book, night, *codes)))
        silent = [one for said in accounts for one in _unheard(said, stored)]
        answers = [why_not(text, stored.every_name) for text in printed.reasons(copy, book, night, *offices)]
        found = [line for one in accounts for line in true_accounts.untrue(one, stored)]
        found += [line for one in answers for line in true_reasons.untrue(one, stored)]
        found += [line for one in silent for line in true_reasons.untrue_lines(one, stored)]
        found += untrue_lists(copy, book, night)
        if ahead:
            coming = budgeted(book)
            said = list_reader.forecast(printed.forecasted(copy, coming, ahead))
            last = go_on(copy, coming, night, ahead)
            later = Stored(Facts(copy, coming, last))
            found += [line for one in accounts for line in true_accounts.broken(one, later, last)]
            found += [line for one in [*answers, *silent] for line in true_reasons.broken(one, later, last)]
            found += [f"{night} forecast: {line}" for line in true_forecasts.unkept(said, later)]
        return found


def budgeted(book: RuleBook) -> RuleBook:
    """The book with a budget that some offices exceed: of one letter in fourteen days."""
    return replace(book, mail=replace(book.mail, budget=Budget(1, 14)))


def _unheard(said: Account, stored: Stored) -> Iterator[WhyNot]:
    """Why each office heard nothing of a case, where one office alone has that name."""
    rule = stored.rule(stored.case(said.code)).id
    for name, why in said.unheard:
        offices = stored.called({name})
        if len(offices) == 1:
            yield unheard(said, rule, *offices, why)


def _some(names: Sequence[str], n: int) -> Sequence[str]:
    """So many of the names, from the last back, evenly spread."""
    return names[:: -max(1, -(-len(names) // n))]


def untrue_lists(engine: Engine, book: RuleBook, night: date) -> list[str]:
    """What `register`, `status` and the operator's letter say after the latest night, and what is not so."""
    facts = Facts(engine, book, night)
    register = list_reader.register(printed.register(engine, book))
    found = [f"register: {line}" for line in true_lists.untrue_register(register, facts)]
    for hours in (1, 7, 31):
        at = cutoff(night) + timedelta(hours=hours)
        status, watch = status_reader.status(printed.status(engine, at)), true_status.Watch(at)
        found += [f"status: {line}" for line in true_status.untrue_status(status, facts, watch)]
    found += [f"operator: {line}" for line in true_operator.untrue_operator(facts)]
    return [f"{night} {line}" for line in found]


def _codes(book: RuleBook) -> Select[Any]:
    f, k, r = t.case_file, t.task, t.rule
    asked = select(f.c.code).join_from(f, k, k.c.id == f.c.task_id).join(r, r.c.no == k.c.rule_no)
    return asked.where(r.c.id.in_(sorted(book.rules))).order_by(f.c.code)
