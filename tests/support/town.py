"""A town for tests: the example units in a database of their own, nights that pass, and who was told what."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from dondoc.engine.domain.inheritance import Inheritance
from dondoc.engine.domain.model import ZONE, Case, Finding, Notice
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Section
from dondoc.engine.rulefile import load
from dondoc.engine.sources.reading.sheets import SHEETS, AcceptedRow, read
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.intake import rows as intake
from dondoc.engine.store.night import cases, inheritances, nights, orgchart, tasks
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.night.assessment import Assessment
from dondoc.flows.whatif.sandbox import Sandbox
from tests.support.ready_databases import fill

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
CHART = ("units", "names", "relations", "mailboxes", "successions")


@lru_cache(maxsize=1)
def rules() -> RuleBook:
    """The rule packs of the project."""
    return load(ROOT / "rules")


@lru_cache(maxsize=16)
def rows(sheet: str) -> tuple[tuple[int, Any], ...]:
    """The accepted rows of an example sheet."""
    (kind,) = [kind for kind in SHEETS if kind.name == sheet]
    return tuple(
        (row.line, row.values) for row in read(EXAMPLES / f"{sheet}.csv", kind) if isinstance(row, AcceptedRow)
    )


def at(text: str) -> datetime:
    """A local time in Asia/Ho_Chi_Minh."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def cutoff(day: date) -> datetime:
    """02:00 of a night, local time."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=ZONE)


@dataclass
class Town:
    """A store, a rule book, and the last night that passed."""

    engine: Engine
    book: RuleBook = field(default_factory=rules)
    notified: list[tuple[date, Notice]] = field(default_factory=list)
    last: Assessment | None = None
    chart: OrgChart | None = None

    @classmethod
    def founded(cls, book: RuleBook | None = None, url: str = "sqlite://", *, mailboxes: bool = True) -> Town:
        """A town with the example units and no facts; without mailboxes every office reads for itself."""
        town = cls(connect(url), book or rules())
        weakref.finalize(town, town.engine.dispose)
        create_tables(town.engine)
        return town.founded_here(mailboxes=mailboxes)

    def founded_here(self, *, mailboxes: bool = True) -> Town:
        """The example units in this town's database."""
        sheets = [sheet for sheet in CHART if sheet != "mailboxes" or mailboxes]
        filling = lambda _: [self.brings(sheet, rows(sheet)) for sheet in sheets]  # noqa: E731 - a value here
        fill(self.engine, f"the town's {', '.join(sheets)}", filling)
        self.chart = None
        return self

    def brings(self, sheet: str, lines: Iterable[tuple[int, Any]]) -> intake.IntakeResult:
        """Imports rows of a sheet, and logs them."""
        self.chart = None
        with audited(self.engine) as tx:
            taking = intake.Intake(tx.conn, sheet, at("2015-01-01T00:00"))
            refused = [*taking.batch(list(lines)), *(one.refused for one in taking.withdraw())]
            taking.log(tx)
        return intake.IntakeResult(taking.added, taking.corrected, taking.unchanged, tuple(refused))

    def submits(self, unit: str, report: str, on: str, recorded: str | None = None, **more: str) -> None:
        """A report handed in."""
        ref = more.pop("ref", f"{unit}-{report}-{on}-{recorded}")
        self._fact(
            "submissions",
            unit=unit,
            report=report,
            submitted_on=date.fromisoformat(on),
            recorded_at=at(recorded or f"{on}T10:00"),
            document=more.pop("document", "12/BC"),
            task=more.pop("task", ""),
            ref=ref,
        )

    def does(self, unit: str, activity: str, on: str, recorded: str | None = None, quantity: int = 1) -> None:
        """An activity held."""
        self._fact(
            "activities",
            ref=f"{unit}-{activity}-{on}-{recorded}",
            unit=unit,
            activity=activity,
            done_on=date.fromisoformat(on),
            quantity=quantity,
            recorded_at=at(recorded or f"{on}T10:00"),
        )

    def reads(self, unit: str, indicator: str, first: str, last: str, value: float, recorded: str) -> None:
        """A reading reported."""
        self._fact(
            "readings",
            ref=f"{unit}-{indicator}-{last}",
            unit=unit,
            indicator=indicator,
            first_day=date.fromisoformat(first),
            last_day=date.fromisoformat(last),
            value=round(value * 10_000_000),
            recorded_at=at(recorded),
            source="",
        )

    def is_assigned(self, unit: str, task: str, due: str, recorded: str, **more: Any) -> None:
        """A task given to a unit."""
        self._fact(
            "tasks",
            ref=more.pop("ref", f"{unit}-{task}-{due}"),
            unit=unit,
            task=task,
            title="Nhiệm vụ được giao",
            title_en="Assigned task",
            assigned_on=at(recorded).date(),
            due=date.fromisoformat(due),
            due_kind=more.pop("due_kind", "by"),
            issuer=more.pop("issuer", None),
            monitor=more.pop("monitor", None),
            reports_to=more.pop("reports_to", None),
            recorded_at=at(recorded),
        )

    def is_decided(self, unit: str, *heirs: str, recorded: str, **about: Any) -> bool:
        """An office decided who takes over from an ended unit; whether that was news."""
        self.chart = None
        decided = Inheritance(unit, heirs, "Nghị quyết (ví dụ)", "tw.chinh_phu", at(recorded).date(), **about)
        with audited(self.engine) as tx:
            known = tasks.rule_numbers(tx.conn, self.book)
            return inheritances.decide(tx, decided, orgchart.numbers(tx.conn), known, at(recorded))

    def _fact(self, sheet: str, **values: Any) -> None:
        taken = self.brings(sheet, [(2, values)])
        assert not taken.refused, taken.refused

    def night(self, as_of: date, *, notifying: bool = True, baseline: bool = False) -> Assessment:
        """One night passes: judged and stored, without letters."""
        sandbox = Sandbox(self.engine, self.book, self.chart, self.last.night.as_of if self.last else None)
        made = sandbox.night(as_of, notifying=notifying, baseline=baseline)
        self.chart = sandbox.chart
        self.notified += [(as_of, notice) for notice in made.notices]
        self.last = made
        return made

    def nights(self, first: date, last: date) -> Assessment:
        """Every night from `first` to `last`, both included."""
        day = first
        while day < last:
            self.night(day)
            day += timedelta(days=1)
        return self.night(last)

    def cases(self) -> list[Case]:
        """Every live case."""
        with reading(self.engine) as conn:
            known = nights.names_of(conn, tasks.stored_rules(conn))
            return cases.live(conn, known)

    def case(self, rule: str, unit: str) -> Case | None:
        """The live case of a rule and unit, if there is one."""
        found = [case for case in self.cases() if (case.task.rule, case.task.unit) == (rule, unit)]
        return found[-1] if found else None

    def notices_of(self, rule: str, unit: str, on: date) -> set[tuple[str, str, Section]]:
        """Who heard of a unit's demand on a night: office, relations joined by +, section."""
        return {
            (notice.reader, "+".join(notice.relations), notice.section)
            for night, notice in self.notified
            if night == on and (notice.finding.task.rule, notice.finding.task.unit) == (rule, unit)
        }


def finding(made: Assessment, rule: str, unit: str) -> Finding | None:
    """What a night found of a rule and unit."""
    found = [one for one in made.findings.values() if (one.task.rule, one.task.unit) == (rule, unit)]
    return found[-1] if found else None


def only(book: RuleBook, *names: str) -> RuleBook:
    """The book with these rules alone."""
    return replace(book, rules={name: book.rules[name] for name in names})


def letters(town: Town, day: str) -> dict[str, str]:
    """Judges a night; subject and text of each letter on one line, by the office it is for."""
    as_of = date.fromisoformat(day)
    with reading(town.engine) as conn:
        previous = nights.latest(conn)
    steps.judge_night(town.engine, town.book, Night(as_of, steps.cutoff_of(as_of), previous=previous))
    found = {}
    with reading(town.engine) as conn:
        for row in conn.execute(select(letter).where(letter.c.night == as_of)):
            mail = message_from_bytes(row.mime, policy=policy.default)
            body = mail.get_body(("plain",))
            assert body is not None
            found[row.office] = f"{mail['Subject']} | {' '.join(body.get_content().split())}"
    return found
