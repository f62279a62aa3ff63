"""The steps of a night, as plain functions: the composition root.

The Prefect flow and the plain command call the same steps. Each step writes in at most one transaction and can be
repeated: it finds what was done already and leaves it unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from dondoc.engine.domain.model import ZONE, Event
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import NightState
from dondoc.engine.errors import DonDocError, Problem, Remedy, RulesRefused
from dondoc.engine.judge.staleness import SourceStatus
from dondoc.engine.rulefile import check_units, load_mail
from dondoc.engine.store.audit_log.events import audited, head
from dondoc.engine.store.audit_log.imports import imports_since_last_letter
from dondoc.engine.store.db.database import Connection, Engine, reading, writing
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.matching.evaluate import Decisions, decide_all
from dondoc.engine.store.matching.shares import RemoteExecutor, decide_shared
from dondoc.engine.store.night import nights, orgchart
from dondoc.engine.store.night.history import history
from dondoc.engine.store.night.nights import NightRow
from dondoc.engine.store.night.prepared import Night, Prepared
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.data import pull as pulling
from dondoc.flows.data.pull import Clock, Pulled
from dondoc.flows.night import action_items, brake, letter_items
from dondoc.flows.night.assessment import Assessment, asked, assess, keep, moved
from dondoc.flows.night.letters import notify
from dondoc.flows.night.morning import morning
from dondoc.flows.night.report import NightReport, report
from dondoc.flows.night.self_audit import audit
from dondoc.flows.observe import log
from dondoc.flows.observe.step import step
from dondoc.notifications.delivery import outbox
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.operator_letter import ActionItem
from dondoc.notifications.letter.spool import Spool
from dondoc.notifications.morning import Morning

NIGHT_AT = time(2, 0)
# Missed nights up to this many are judged one by one; beyond, only the last one is (decision 28).
CATCH_UP = 31


class NightRefused(DonDocError):
    """A night that must not be judged, because it is before the latest judged one."""

    remedy = Remedy.USAGE


class NothingToJudge(DonDocError):
    """A night without any unit or any rule: not recorded, because the night after it would not be the first."""


def cutoff_of(as_of: date) -> datetime:
    """The instant up to which data counts for a night: 02:00 in Asia/Ho_Chi_Minh (decision 1)."""
    return datetime.combine(as_of, NIGHT_AT, ZONE)


def as_of_for(instant: datetime) -> date:
    """The night that an instant belongs to: the latest one whose 02:00 in Asia/Ho_Chi_Minh has come.

    Before 02:00 it is yesterday's, because data recorded until then still counts for today's (decision 1).
    """
    local = instant.astimezone(ZONE)
    return local.date() if local.time() >= NIGHT_AT else local.date() - timedelta(days=1)


def refuse_future(as_of: date, now: datetime) -> None:
    """Raises `NightRefused` for a night later than tomorrow's: every night before it would be refused."""
    if as_of > now.astimezone(ZONE).date() + timedelta(days=1):
        raise NightRefused(
            f"Đêm {as_of:%d/%m/%Y} muộn hơn ngày mai: hồ sơ sẽ hết hiệu lực, và mọi đêm trước nó bị từ chối. Nếu "
            "đúng là muốn thế, thêm --yes-future. (The night is later than tomorrow, and every night before it "
            "would be refused: add --yes-future if that is what you mean.)"
        )


def plan_nights(
    engine: Engine, as_of: date, *, catch_up: bool = True, baseline: bool = False
) -> tuple[Night, ...] | NightReport:
    """The nights to judge up to `as_of`, in order; or the report of `as_of` when it was judged before.

    Raises `NightRefused` for a night before the latest that was judged, and for a baseline of one that was judged
    as another night.
    """
    with reading(engine) as conn:
        done = nights.judged(conn, as_of)
        latest = nights.latest(conn)
    if done is not None:
        if baseline and not done.baseline:
            raise NightRefused(
                f"Đêm {as_of:%d/%m/%Y} đã chạy, không phải là đêm đầu trên dữ liệu cũ; --baseline không đổi được "
                "gì nữa. Dữ liệu cũ vừa nạp thì lấy đêm tới làm đêm đầu: dondoc nightly --plain --baseline "
                f"--as-of {as_of + timedelta(days=1)} (It has run, and not as a baseline: make the next one one.)"
            )
        return _again(done)
    if latest is not None and as_of < latest:
        raise NightRefused(
            f"Đêm {as_of:%d/%m/%Y} trước đêm đã chạy gần nhất ({latest:%d/%m/%Y}). Muốn chạy lại quá khứ, dùng "
            "cơ sở dữ liệu khác; nếu đêm gần nhất ấy ở tương lai, xem dondoc status. (A night before the latest "
            "one judged: replay it in another database; if the latest one is of the future, see dondoc status.)"
        )
    # Of nights caught up only the last notifies; of too many, only that one is judged at all (decision 28).
    missed = (as_of - latest).days - 1 if latest is not None and catch_up else 0
    skipped = missed if missed > CATCH_UP else 0
    days = [as_of - timedelta(days=n) for n in range(missed - skipped, 0, -1)]
    # Before the first night nobody watched, as if the night before had known of nothing.
    previous = [latest or as_of - timedelta(days=1), *days]
    before = [
        Night(day, cutoff_of(day), notifying=False, previous=known)
        for day, known in zip(days, previous, strict=False)
    ]
    return (
        *before,
        Night(as_of, cutoff_of(as_of), baseline=baseline, skipped=skipped, previous=previous[-1]),
    )


def _again(row: NightRow) -> NightReport:
    return NightReport(row.as_of, row.state, row.summary["counts"], tuple(row.summary["lines"]), again=True)


@step("prepare")
def prepare(engine: Engine, book: RuleBook, night: Night) -> Prepared:
    """Creates tonight's tasks and settles submissions.

    Writes nothing and raises `NothingToJudge` without units or rules, `RulesRefused` for an unknown unit,
    `ChartRefused` for a chart that contradicts itself, `CalendarUncovered` for a night outside a calendar.
    """
    with writing(engine) as conn:
        chart = orgchart.chart(conn, night.cutoff)
        if not (chart.units and book.rules):
            raise _nothing(units=bool(chart.units))
        unknown = check_units(book, chart.units)
        if unknown:
            raise RulesRefused(unknown)
        # Asked here for its error only, so that a calendar that ends early refuses the night before it writes.
        for calendar in book.calendars.values():
            calendar.is_workday(night.as_of)
        return nights.prepare(conn, book, chart, night)


def _nothing(*, units: bool) -> NothingToJudge:
    vi, en = (
        (
            "quy tắc nào; chép một bộ vào thư mục quy tắc, hoặc dondoc new",
            "rule yet: add a pack, or see dondoc new",
        )
        if units
        else ("đơn vị nào; nạp units.csv bằng dondoc import, hoặc dondoc country", "unit yet: import units.csv")
    )
    return NothingToJudge(f"Đêm không được ghi: chưa có {vi}. (The night is not recorded: there is no {en}.)")


@step("decide")
def decide(engine: Engine, night: Prepared, *, url: str = "", executor: RemoteExecutor | None = None) -> Decisions:
    """Judges every fact with durable_rules: in this process, or by the workers of `executor`, who read `url`."""
    shapes, rules = night.shapes, night.rules
    with reading(engine) as conn:
        if executor is None:
            return decide_all(conn, shapes, rules, night.cutoff)
        return decide_shared(conn, shapes, rules, night.cutoff, executor, url=url)


@step("conclude")
def conclude(
    engine: Engine, night: Prepared, decided: Decisions, *, workers: int, links: LinkSettings | None = None
) -> NightReport:
    """Judges every case, builds the letters, and stores everything in one transaction.

    After a crash before the commit nothing is stored; after one behind it everything will be sent. The letters are
    built before the transaction begins, in `workers` processes when they are many; with `links` they can be
    answered.
    """
    book = night.book
    with reading(engine) as conn:
        statuses = pulls.source_statuses(conn, book.sources, book.calendars)
        stale = [source for source in statuses if source.stale(night.cutoff)]
        made = assess(conn, night, decided, [source.source for source in stale])
        past = history(conn, night, made.judged, made.ended)
        imports = imports_since_last_letter(conn)
    with Spool() as spool:
        notifying = notify(made, past, spool, workers=workers, links=links)
        standing, binding = past.standing, book.binding(night.as_of)
        why = brake.reasons(book.mail.brake, made, standing, binding, len(spool), len(stale))
        with audited(engine) as tx:
            keep(tx, made, notifying.letter_of, notifying.unnotified)
            tx.log(night.as_of, map(pulls.staleness_event, stale))
            outbox.enqueue(tx, (replace(letter, held=True) if why else letter for letter in spool))
            # Inside the transaction: what it finds belongs in the report that the same transaction stores.
            found = audit(tx.conn, night.as_of, night.cutoff)
            reported = report(
                book,
                made,
                decided,
                night.plan,
                [
                    *letter_items.held(night.as_of, why),
                    *action_items.sources(statuses, made, night.cutoff),
                    *action_items.mismatched(made),
                    *action_items.of_no_rule(imports, book),
                    *action_items.readers_changed(imports),
                    *map(action_items.unjudged, decided.faults),
                    *action_items.came_back(decided.came_back),
                    *notifying.action,
                    *action_items.inheriting(night.chart, asked(made), night.as_of),
                    *_missed(night.plan),
                    *letter_items.findings(found),
                ],
                head(tx.conn),
                partial(_stands, tx.conn, night, statuses),
                letters=len(spool),
                partial=bool(decided.faults or stale) or _failing(statuses) or notifying.partial or found.faulty,
                held=bool(why),
            )
            outbox.enqueue(tx, [reported.letter] if reported.letter else [])
            nights.write_night(tx, book, night.plan, reported.report.state, reported.report.summary())
    _note_outcome(made, decided)
    return reported.report


def _stands(conn: Connection, night: Prepared, sources: Sequence[SourceStatus], state: NightState) -> Morning:
    """How the service stands as the night ends."""
    return morning(
        conn,
        night.as_of,
        state,
        sources,
        night.chart,
        night.book.mail.hours,
        due=(night.as_of, night.cutoff),
        at=night.cutoff,
        missed=night.plan.skipped,
    )


def _note_outcome(made: Assessment, decided: Decisions) -> None:
    """Logs the changed cases and the faults, once the night is stored."""
    if log.listening():
        for code, reason in moved(made):
            log.note("case", case=code, change=reason)
        for fault in decided.faults:
            log.note("fault", shape=fault.shape, row=fault.row)


def _failing(statuses: Iterable[SourceStatus]) -> bool:
    return any(source.faults for source in statuses)


def _missed(night: Night) -> list[ActionItem]:
    return [action_items.skipped(night.skipped)] if night.skipped else []


def refuse(engine: Engine, rules: Path, as_of: date, problems: Sequence[Problem]) -> None:
    """Writes the letter that says that the rules refused a night.

    It cannot be written when `mail.yaml` itself is at fault: then only the command says so.
    """
    try:
        mail = load_mail(rules)
        view = operator_letter.refused_rules(problems, as_of, mail.operator)
        letter = operator_letter.planned(view, mail, as_of, cutoff_of(as_of), operator_letter.REFUSAL)
    except (RulesRefused, LetterRefused):
        return
    with audited(engine) as tx:
        tx.log(as_of, [Event("rules-refused", None, {"problems": str(len(problems))})])
        outbox.enqueue(tx, [letter])


@contextmanager
def refusals_notified(engine: Engine, rules: Path, as_of: date) -> Iterator[None]:
    """Plans the operator's letter about a refusal of the rules raised inside, then raises it again."""
    try:
        yield
    except RulesRefused as refused:
        # The refusal may come before the night upgrades the database, and the letter needs its tables.
        upgrade(engine)
        refuse(engine, rules, as_of, refused.problems)
        raise


@step("pull")
def pull(engine: Engine, book: RuleBook, environment: Mapping[str, str], now: Clock) -> tuple[Pulled, ...]:
    """Pulls every source before the nights are judged; a failing source is recorded and stops nothing."""
    made = tuple(pulling.pull(engine, book, environment, now))
    for one in made:
        said = one.summed()
        log.note("source", source=said.source, rows=said.rows, rejected=said.rejected, faults=len(said.faults))
    return made


def judge_night(
    engine: Engine,
    book: RuleBook,
    night: Night,
    *,
    url: str = "",
    workers: int = 1,
    executor: RemoteExecutor | None = None,
    links: LinkSettings | None = None,
) -> NightReport:
    """All steps of one night in order, without Prefect."""
    with log.night(night.as_of):
        ready = prepare(engine, book, night)
        decided = decide(engine, ready, url=url, executor=executor)
        return conclude(engine, ready, decided, workers=workers, links=links)
