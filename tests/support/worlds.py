"""Small invented worlds for tests of the engine: rules, units and rows made from the few values that matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Ladder, LadderStep, Name, Relation, Text, Unit
from dondoc.engine.domain.rulebook import Basis, Condition, Directive, Rule, RuleBook, Selector
from dondoc.engine.domain.terms import Level, Line, RelationKind, Tone
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.store.intake import rows as intake

WORDS = Text("Việc bịa để thử", "Invented for a test")
SINCE = date(2010, 1, 1)
WEEK = WorkCalendar("week", date(2014, 1, 1), date(2022, 12, 31), {}, {})
DOCUMENT = Ladder(
    "document",
    (
        LadderStep(0, ("responsible",), (), Tone.URGE),
        LadderStep(5, ("responsible",), ("monitor", "led_by"), Tone.URGE_AGAIN),
        LadderStep(10, ("monitor", "superior.government"), (), Tone.REPORT_UP),
        LadderStep(20, ("superior.party",), (), Tone.REPORT_UP),
    ),
    5,
    4,
)
MAIL = MailPolicy("dondoc@example.vn", WORDS, "dondoc.example.vn", ("example.vn",), "vanhanh@example.vn")


def day(text: str) -> date:
    """An ISO date."""
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """A local time in Asia/Ho_Chi_Minh."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def unit(id_: str, level: Level = Level.COMMUNE, kind: str = "ubnd", **life: Any) -> Unit:
    """An invented unit, alive since 2010 unless said otherwise."""
    since = life.get("valid_from", SINCE)
    return Unit(id_, kind, level, (Name(id_, id_, id_, since, None),), since, life.get("valid_to"))


def edge(
    lower: str, upper: str, kind: str = "government", since: date = SINCE, to: date | None = None
) -> Relation:
    """An edge from `lower` up to `upper`; a line's name stands for a parent on that line."""
    if kind in set(Line):
        return Relation(lower, upper, RelationKind.PARENT, Line(kind), since, to)
    return Relation(lower, upper, RelationKind(kind), None, since, to)


def rule(id_: str, condition: Condition, *units: str, **more: Any) -> Rule:
    """A rule on these units; its directive is what stands before the slash."""
    return Rule(
        id_,
        id_.partition("/")[0],
        WORDS,
        WORDS,
        "1",
        id_,
        Basis.EXAMPLE,
        None,
        more.get("applies_to", Selector(units=units)),
        more.get("reports_to"),
        None,
        more.get("monitor"),
        condition,
        "vn",
        "document",
        "test",
    )


def directive(id_: str, issuer: str = "x.ubnd_huyen", **more: Any) -> Directive:
    """A directive in force since 2015 without an end unless said otherwise; both ends are inclusive."""
    since = more.get("since", date(2015, 1, 1))
    return Directive(
        id_,
        id_.upper(),
        WORDS,
        "1/TT",
        more.get("issued", since),
        issuer,
        WORDS,
        (),
        since,
        more.get("until"),
        more.get("monitor"),
        Basis.EXAMPLE,
        more.get("read_by", {}),
        (),
        follow_until=more.get("follow"),
    )


def book(
    rules: Iterable[Rule],
    directives: Iterable[Directive] = (),
    *,
    calendar: WorkCalendar = WEEK,
    ladder: Ladder = DOCUMENT,
    occasions: Mapping[str, tuple[date, ...]] | None = None,
) -> RuleBook:
    """A rule book; rules whose directive is not given get one that is always in force."""
    made = {entry.id: entry for entry in rules}
    known = {entry.id: entry for entry in directives}
    for entry in made.values():
        known.setdefault(entry.directive, directive(entry.directive))
    return RuleBook(known, made, {"document": ladder}, {"vn": calendar}, occasions or {}, {}, MAIL, "0" * 64)


NOW = at("2015-01-01T00:00")


def take(conn: Connection, sheet: str, *rows: Mapping[str, Any]) -> intake.IntakeResult:
    """Imports rows of a sheet; the first stands on line 2."""
    return intake.take(conn, sheet, enumerate(rows, start=2), NOW)


def settle_in(conn: Connection, *units: str) -> None:
    """Puts units into a store."""
    rows = [{"id": id_, "kind": "ubnd", "level": Level.COMMUNE, "from": SINCE, "until": None} for id_ in units]
    assert not take(conn, "units", *rows).refused


def submission(ref: str, unit_: str, report: str, on: date, recorded: datetime, **more: str) -> dict[str, Any]:
    """A row of submissions."""
    return {
        "ref": ref,
        "unit": unit_,
        "report": report,
        "submitted_on": on,
        "document": more.get("document", ""),
        "task": more.get("task", ""),
        "recorded_at": recorded,
    }


def activity(
    ref: str, unit_: str, what: str, on: date, recorded: datetime, *, quantity: int = 1
) -> dict[str, Any]:
    """A row of activities."""
    return {
        "ref": ref,
        "unit": unit_,
        "activity": what,
        "done_on": on,
        "quantity": quantity,
        "recorded_at": recorded,
    }


def reading(
    ref: str, unit_: str, what: str, first: date, last: date, value: int, recorded: datetime
) -> dict[str, Any]:
    """A row of readings; `value` is scaled by 10^7."""
    return {
        "ref": ref,
        "unit": unit_,
        "indicator": what,
        "first_day": first,
        "last_day": last,
        "value": value,
        "source": "",
        "recorded_at": recorded,
    }


def assigned(ref: str, unit_: str, due: date, recorded: datetime, **more: Any) -> dict[str, Any]:
    """A row of tasks; due by the end of `due` unless `due_kind` says before."""
    return {
        "ref": ref,
        "unit": unit_,
        "task": more.get("task", "assigned"),
        "title": "Việc bịa",
        "title_en": "Invented",
        "assigned_on": more.get("assigned_on", recorded.date()),
        "due": due,
        "due_kind": more.get("due_kind", "by"),
        "issuer": more.get("issuer"),
        "monitor": more.get("monitor"),
        "reports_to": None,
        "recorded_at": recorded,
    }
