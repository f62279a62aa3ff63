"""The operator's desk: everything that waits for a person, each with what ends the wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.cases.succession import open_successions
from dondoc.engine.domain.acts import Act, disowned, open_request, unconfirmed
from dondoc.engine.domain.inheritance import Inheritances
from dondoc.engine.domain.model import ZONE, Case, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.night import acts, cases, inheritances, nights, orgchart, tasks
from dondoc.flows.config import settings
from dondoc.flows.config.sending_hours import sending_hours
from dondoc.flows.night.action_items import inheriting
from dondoc.flows.night.morning import morning
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.records.troubles import due_night, troubles, troubles_beside_letters
from dondoc.notifications.morning import Morning
from dondoc.notifications.wording import answers
from dondoc.notifications.wording.numbers import counted, day


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One thing that waits for a person: a code for programs and the docs, what it is, and what to do or type."""

    code: str
    what: Text
    remedy: Text

    def text(self) -> Text:
        """Two lines for people."""
        return Text.format(
            "[{code}] {what}\n    → {remedy}",
            "[{code}] {what}\n    → {remedy}",
            code=self.code,
            what=self.what,
            remedy=self.remedy,
        )


@dataclass(frozen=True, slots=True)
class _Office:
    """What the desk is laid out from: the rules, the chart of today, the open cases with who carries them."""

    conn: Connection
    book: RuleBook
    chart: OrgChart
    inherited: Inheritances
    cases: tuple[Case, ...]
    said: Mapping[int, list[Act]]
    today: date


def desk(environment: Mapping[str, str], now: datetime) -> tuple[DeskItem, ...]:
    """What waits at `now`: what is wrong first, then what the last night named, what offices said, and heirs.

    Reads the configured database, which it never upgrades. Raises `RulesRefused` when the rules have problems.
    """
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        latest = nights.latest(conn)
        night = nights.judged(conn, latest) if latest else None
        found = [
            DeskItem(one.code, one.what, one.remedy)
            for one in troubles(conn, night, sending_hours(given.rules), now)
        ]
        if night is not None and night.summary["lines"]:
            found.append(_named_by_the_night(night.as_of, len(night.summary["lines"])))
        return (*found, *_of_cases(_office(conn, book, now)))


def beside_letters(conn: Connection, book: RuleBook, now: datetime) -> tuple[DeskItem, ...]:
    """What waits at `now` as far as it is known without letters, mailboxes and what the last night named.

    These are the rows of `desk` in its order, for whoever may read no more.
    """
    wrong = troubles_beside_letters(conn, now)
    found = (DeskItem(one.code, one.what, one.remedy) for one in wrong)
    return (*found, *_of_cases(_office(conn, book, now, mailboxes=False)))


def standing(conn: Connection, book: RuleBook, now: datetime) -> Morning | None:
    """How the service stands at `now`, as the operator's letter says it; None before the first night.

    Raises `CalendarUncovered` where a source's working days cannot be counted.
    """
    latest = nights.latest(conn)
    state = nights.state_of(conn, latest) if latest else None
    if latest is None or state is None:
        return None
    sources = pulls.source_statuses(conn, book.sources, book.calendars)
    chart, due = orgchart.chart(conn, now, mailboxes=False), due_night(now)
    return morning(conn, latest, state, sources, chart, book.mail.hours, due=(due, cutoff_of(due)), at=now)


def _of_cases(office: _Office) -> Iterator[DeskItem]:
    """What offices said and nobody has decided on, and heirs."""
    yield from _declared(office)
    yield from _disowned(office)
    yield from _requests(office)
    yield from _heirs(office)


def _office(conn: Connection, book: RuleBook, now: datetime, *, mailboxes: bool = True) -> _Office:
    rules = tasks.stored_rules(conn)
    names = nights.names_of(conn, rules)
    chart, today = orgchart.chart(conn, now, mailboxes=mailboxes), now.astimezone(ZONE).date()
    inherited = inheritances.known(conn, names.units, rules, now)
    live = (replace(one, task=inherited.carried(one.task, chart, today)) for one in cases.live(conn, names))
    followed = tuple(one for one in live if one.task.rule in book.rules)
    return _Office(conn, book, chart, inherited, followed, acts.said_by_now(conn, names), today)


def _named_by_the_night(night: date, n: int) -> DeskItem:
    return DeskItem(
        "night-items",
        Text.format("đêm {night} nêu {n}", "the night of {night} named {n}", night=day(night), n=_things(n)),
        Text("đọc và làm theo các dòng dưới của dondoc status", "do what the lower lines of dondoc status say"),
    )


def _things(n: int) -> Text:
    return counted(n, "mục", "item")


def _declared(office: _Office) -> Iterator[DeskItem]:
    """Reports that a unit says it has handed in, and that their receiver has neither confirmed nor refused."""
    readers = Recipients(office.book, office.chart, office.today)
    for case in sorted(office.cases, key=lambda one: one.code):
        declared, receiver = unconfirmed(office.said.get(case.id or 0, ())), readers.receiver(case.task)
        if declared is None or receiver is None:
            continue
        said = answers.said(declared, _name(office, declared.office), office.today)
        yield DeskItem(
            "report-declared",
            Text.format("{case}: {said}", "{case}: {said}", case=case.code, said=said),
            Text.format(
                "hỏi {receiver} đã nhận chưa, rồi gõ dondoc case confirm {case}, hoặc dondoc case confirm {case} "
                '--refuse --words "LÝ DO"',
                "ask {receiver} whether it came, then type dondoc case confirm {case}, or the same with "
                '--refuse --words "REASON"',
                receiver=_name(office, receiver.office),
                case=case.code,
            ),
        )


def _disowned(office: _Office) -> Iterator[DeskItem]:
    """Matters that a unit says are another's, and that nobody has decided on."""
    readers = Recipients(office.book, office.chart, office.today)
    for case in sorted(office.cases, key=lambda one: one.code):
        said, assigner = disowned(office.said.get(case.id or 0, ())), readers.assigner(case.task)
        if said is None or assigner is None:
            continue
        yield DeskItem(
            "matter-disowned",
            Text.format(
                "{case}: {said}",
                "{case}: {said}",
                case=case.code,
                said=answers.said(said, _name(office, said.office), office.today),
            ),
            Text.format(
                '{assigner} quyết định, rồi gõ dondoc case reassign {case} --to ĐƠN-VỊ --document "SỐ VĂN BẢN" '
                '--date NGÀY, hoặc dondoc case reassign {case} --refuse --words "LÝ DO"',
                '{assigner} decides, then type dondoc case reassign {case} --to UNIT --document "NUMBER" '
                '--date DAY, or the same with --refuse --words "REASON"',
                assigner=_name(office, assigner.office),
                case=case.code,
            ),
        )


def _requests(office: _Office) -> Iterator[DeskItem]:
    """Extensions that were asked for and that nobody has granted or refused."""
    for case in sorted(office.cases, key=lambda one: one.code):
        asked = open_request(office.said.get(case.id or 0, ()))
        if asked is None:
            continue
        directive = office.book.directive_of(case.task.rule)
        issuer = case.task.issuer or directive.authority
        said = answers.said(asked, _name(office, asked.office), office.today)
        command = f"dondoc case extend {case.code} --by {issuer}"
        yield DeskItem(
            "extension-asked",
            Text.format("{case}: {said}", "{case}: {said}", case=case.code, said=said),
            Text.format(
                '{issuer} quyết định, rồi gõ {command} --grant --until {until} --document "SỐ VĂN BẢN", hoặc '
                "{command} --refuse",
                '{issuer} decides, then type {command} --grant --until {until} --document "NUMBER", or '
                "{command} --refuse",
                issuer=_name(office, issuer),
                command=command,
                until=day(asked.until) if asked.until else "",
            ),
        )


def _name(office: _Office, unit: str) -> Text:
    known = office.chart.units[unit].name(office.today)
    return Text(known.vi, known.en)


def _heirs(office: _Office) -> Iterator[DeskItem]:
    """Open tasks of ended units that no office has decided on."""
    open_ones = open_successions(office.book, office.chart, office.cases, office.inherited, office.today)
    for item in inheriting(office.chart, open_ones, office.today):
        yield DeskItem("heir-to-confirm", item.what, item.remedy)
