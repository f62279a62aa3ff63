"""A town whose nights are written down, so that they can be asked about afterwards."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.domain.terms import NightState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.explain import account_text
from dondoc.flows.explain import why_not_text as unheard
from dondoc.flows.explain.account import Account, explain
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.explain.why_not import WhyNotLine, why_not
from tests.support.town import Town, cutoff


def nights_of(town: Town, first: str, last: str, *skipped: str, baseline: str = "") -> None:
    """Every night from the first to the last passes and is written down; the skipped ones never ran."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        if day.isoformat() not in skipped:
            made = town.night(day, baseline=day.isoformat() == baseline)
            assert made is not None
            with audited(town.engine) as tx:
                plan = Night(day, cutoff(day), baseline=day.isoformat() == baseline)
                nights.write_night(tx, town.book, plan, NightState.OK, {"counts": {}, "lines": []})
        day += timedelta(days=1)


def lines_of(town: Town, office: str, on: str, rule: str | None = None) -> tuple[WhyNotLine, ...]:
    """What `why-not` answers."""
    with reading(town.engine) as conn, night_view(conn, town.book, date.fromisoformat(on)) as seen:
        return why_not(seen, office, rule).lines


def why_not_text(town: Town, office: str, on: str, rule: str | None = None) -> str:
    """What `why-not` prints."""
    with reading(town.engine) as conn, night_view(conn, town.book, date.fromisoformat(on)) as seen:
        return "\n".join(line.vi for line in unheard.lines(why_not(seen, office, rule), seen))


def account(town: Town, code: str, on: str) -> Account:
    """What `explain` knows."""
    with reading(town.engine) as conn, night_view(conn, town.book, date.fromisoformat(on)) as seen:
        return explain(seen, code)


def explained(town: Town, code: str, on: str) -> str:
    """What `explain` prints."""
    with reading(town.engine) as conn, night_view(conn, town.book, date.fromisoformat(on)) as seen:
        return "\n".join(line.vi for line in account_text.lines(explain(seen, code), seen))
