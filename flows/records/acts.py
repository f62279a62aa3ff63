"""`dondoc case`: what offices say of a case, recorded after the one gate, and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from dondoc.engine.cases import waivers
from dondoc.engine.cases.act_gate import (
    LONGEST,
    REOPENED_WITHIN,
    Concerned,
    RefusedAct,
    furthest_promise,
    refusal,
    repeated,
)
from dondoc.engine.cases.offered_acts import OfferedAct, offered, others
from dondoc.engine.cases.recipients import Recipients
from dondoc.engine.domain.acts import Act, ActKind, Door, decided_on, standing
from dondoc.engine.domain.model import ZONE, Case, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import CaseStatus, SheetKind
from dondoc.engine.domain.workdays import WorkCalendar
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.sources.reading.personal_data import identifier, person
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Connection, Engine
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.intake.withdrawal import fact, withdraw
from dondoc.engine.store.night import acts as stored
from dondoc.engine.store.night import cases, inheritances, nights, orgchart, reassignments, reported, tasks
from dondoc.engine.store.night.findings import Names
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused, refuse_unknown_office
from dondoc.flows.records.act_refusals import REFUSALS
from dondoc.notifications.digest import WaivedSpan
from dondoc.notifications.wording import answers


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be recorded: which office (None: the one responsible) says what of which case.

    `on` is the day on which it said so (None: today), `done_on` the day on which it handed in, `to` the unit that
    gets the matter, by a document of the day `dated`. Of a confirmation the office is the one that receives the
    report, of a reassignment the one that decides on that, and `about` what it decides on. `seen` is the number of
    the last act that the office saw when it said this: what it has said since then is not said again, even if it
    was taken back (None: it may be).
    """

    case: str
    kind: ActKind
    office: str | None = None
    on: date | None = None
    until: date | None = None
    words: str = ""
    document: str = ""
    about: int | None = None
    done_on: date | None = None
    seen: int | None = None
    to: str | None = None
    dated: date | None = None


# What answers another act, by the office that decides on that.
_DECIDING = (ActKind.CONFIRMED, ActKind.NOT_CONFIRMED, ActKind.REASSIGNED, ActKind.NOT_REASSIGNED)


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """A recorded act in words, with its number; `again`: it had been recorded before, and nothing changed."""

    text: Text
    again: bool
    number: int


class ActRefused(CallRefused):
    """An act that the gate does not accept; `why` is the code that is logged, `said` the sentence."""

    def __init__(self, why: str, said: Text) -> None:
        super().__init__(said.both())
        self.why, self.said = why, said


@dataclass(frozen=True, slots=True)
class _Desk:
    """An open case and all that an act on it is checked against, as of today."""

    conn: Connection
    book: RuleBook
    chart: OrgChart
    names: Names
    case: Case
    acts: tuple[Act, ...]
    today: date

    @property
    def bearers(self) -> tuple[str, ...]:
        """The responsible units."""
        return self.case.task.bearers or (self.case.task.unit,)

    @property
    def concerned(self) -> Concerned:
        """Who may speak of the case: also the body that issued its directive, or assigned its task."""
        directive = self.book.directive_of(self.case.task.rule)
        readers = Recipients(self.book, self.chart, self.today)
        issuers = (directive.issuer, directive.authority, self.case.task.issuer)
        return Concerned(
            self.bearers,
            tuple(dict.fromkeys(one for one in issuers if one)),
            self.receiver,
            next((one.office for one in readers.monitor(self.case.task)), None),
            directive.issued or directive.in_force_from,
            directive.in_force_until,
            self.assigner,
            reassignments.having(self.conn, self.case, self.names),
            frozenset(one for unit in self.bearers for one in self.chart.directly_below(unit, self.today)),
        )

    def speaking(self, act: Act) -> Concerned:
        """Who may speak of the case, with the unit to which an act delegates it, however far below it stands."""
        concerned = self.concerned
        if act.kind is not ActKind.DELEGATED or act.to is None:
            return concerned
        over = self.chart.above(act.to, self.today)
        return replace(concerned, below=concerned.below | ({act.to} if over & {*self.bearers} else set()))

    @property
    def receiver(self) -> str | None:
        """The office that confirms what is declared of the case; None: nobody does."""
        found = Recipients(self.book, self.chart, self.today).receiver(self.case.task)
        return found.office if found else None

    @property
    def assigner(self) -> str | None:
        """The office that decides whose the case is; None: nobody does."""
        found = Recipients(self.book, self.chart, self.today).assigner(self.case.task)
        return found.office if found else None

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar that the case counts by."""
        return self.book.calendar_of(self.case.task.rule)

    def name(self, unit: str) -> Text:
        """A unit's name today."""
        known = self.chart.units[unit].name(self.today)
        return Text(known.vi, known.en)


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """Why an act is not on record: the code of the reason and a sentence."""

    why: str
    text: Text


def record(environment: Mapping[str, str], said: Said, now: datetime) -> RecordedAct:
    """Records an act, so that the next night knows it.

    Raises `CallRefused` for one that is not accepted, which is logged, and for a case, rule or office that is not
    known.
    """
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.opened(given) as engine:
        upgrade(engine)
        return recorded(engine, book, said, now, Door.COMMAND)


def recorded(
    engine: Engine, book: RuleBook, said: Said, now: datetime, door: Door, *, trial: bool = False
) -> RecordedAct:
    """Records an act that came through a door; in a trial says what would be recorded, and records nothing.

    Raises `ActRefused` for one that is not accepted, which is logged, and `CallRefused` as `record` does.
    """
    with audited(engine) as tx:
        made = attempted(tx, book, said, door, now, trial=trial)
    if isinstance(made, NotAccepted):
        raise ActRefused(made.why, made.text)
    return made


def attempted(
    tx: AuditedTransaction, book: RuleBook, said: Said, door: Door, now: datetime, *, trial: bool = False
) -> RecordedAct | NotAccepted:
    """Records an act that came through a door, or logs that it is not accepted; in a trial records nothing.

    Raises `CallRefused`, with nothing changed, for a case, rule or office that is not known.
    """
    # First, so that on PostgreSQL two acts at once are judged one after the other, each by what is on record.
    number = stored.next_number(tx.conn)
    rules = tasks.stored_rules(tx.conn)
    desk = _desk(tx.conn, book, rules, said.case, now, closed=said.kind in _OF_CLOSED)
    act = replace(_act(desk, said, number), by_link=door is Door.LINK)
    before = repeated(act, desk.acts) or _after(act, desk.acts, said.seen)
    if before is not None:
        return RecordedAct(_told(desk, before), again=True, number=before.number)
    refused = refusal(act, desk.case, desk.acts, desk.speaking(act), desk.calendar)
    # Letters print both.
    printed = f"{act.words}\n{act.document}"
    personal = person(printed) or identifier(printed)
    if refused is None and personal is None:
        if not trial:
            _keep(tx, desk, act, door, now)
        return RecordedAct(_told(desk, act), again=False, number=act.number)
    why = refused.value if refused else "personal-data"
    stored.refuse(tx, desk.case, act.kind, act.office, why)
    return NotAccepted(why, _refused(desk, act, refused) if refused else _personal(personal))


# What can be said of a case that has closed.
_OF_CLOSED = (ActKind.REOPENED, ActKind.TAKEN_BACK)


def _keep(tx: AuditedTransaction, desk: _Desk, act: Act, door: Door, now: datetime) -> None:
    """Records an act, with what follows for the report by which its case had closed."""
    settled = desk.case.status is CaseStatus.CLOSED and reported.is_settled_by(tx.conn, desk.case, desk.acts, act)
    stored.record(tx, desk.case, act, door, desk.names, now)
    if act.kind is ActKind.REOPENED:
        withdraw_report(tx, desk.case, act, now)
    # Taken back, the report is withdrawn already; all who were told that the case is closed hear that it is not.
    elif settled:
        words = f"rút lại trả lời số {act.about}"
        again = replace(act, number=act.number + 1, kind=ActKind.REOPENED, words=words, about=None)
        stored.record(tx, desk.case, again, door, desk.names, now)


def _after(said: Act, acts: Sequence[Act], seen: int | None) -> Act | None:
    """The same act, recorded since its office last looked, also one that was taken back; None: there is none."""
    later = [one for one in acts if seen is not None and one.number > seen]
    return next((one for one in later if _same(one, said)), None)


def _same(one: Act, said: Act) -> bool:
    return replace(one, number=said.number, recorded_on=said.recorded_on, by_link=said.by_link) == said


def withdraw_report(tx: AuditedTransaction, case: Case, act: Act, now: datetime) -> None:
    """Withdraws the submission by which a case had closed: the next night finds the demand open again."""
    ref = reported.settling(tx.conn, case)
    standing = fact(tx.conn, SheetKind.SUBMISSIONS, ref) if ref is not None else None
    if ref is not None and standing is not None and standing.withdrawn_at is None:
        withdraw(tx, SheetKind.SUBMISSIONS, ref, standing, f"{case.code}: {act.words}", now)


def _act(desk: _Desk, said: Said, number: int) -> Act:
    kind, office, about = said.kind, said.office, said.about
    if kind in _DECIDING:
        waits = decided_on(kind, desk.acts)
        decides = desk.assigner if kind in (ActKind.REASSIGNED, ActKind.NOT_REASSIGNED) else desk.receiver
        office, about = office or decides, waits.number if waits else None
    # Where nobody else could confirm it, a unit's own word is the last one.
    if kind is ActKind.DONE and desk.book.rules[desk.case.task.rule].confirmed and desk.receiver:
        kind = ActKind.DECLARED
    if office is None:
        if len(desk.bearers) > 1:
            raise CallRefused(
                f"{desk.case.code} do nhiều đơn vị cùng thực hiện: nêu đơn vị nào trả lời bằng --by. "
                "(Several units carry this case: say which one answers with --by.)"
            )
        office = desk.bearers[0]
    refuse_unknown_office(office, desk.chart.units)
    if said.to is not None:
        refuse_unknown_office(said.to, desk.chart.units)
        _refuse_ended(desk, said.to)
    return Act(
        number,
        kind,
        office,
        said.on or desk.today,
        desk.today,
        said.until,
        " ".join(said.words.split()),
        " ".join(said.document.split()),
        about,
        said.done_on,
        to=said.to,
        dated=said.dated,
    )


def _refuse_ended(desk: _Desk, unit: str) -> None:
    if not desk.chart.units[unit].alive(desk.today):
        raise CallRefused(
            f"{desk.name(unit).vi} ({unit}) không hoạt động ngày {desk.today:%d/%m/%Y}; nêu đơn vị đang hoạt "
            "động. (That unit does not exist today.)"
        )


def shown(environment: Mapping[str, str], code: str, now: datetime) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """What was said of an open case: as values for JSON, and as a sentence for each act."""
    given = settings.load(environment)
    book = load_rules(given.rules)
    with settings.read_only(given) as conn:
        desk = _desk(conn, book, tasks.stored_rules(conn), code, now)
        taken_back = {act.about for act in desk.acts if act.kind is ActKind.TAKEN_BACK}
        values = {
            "case": desk.case.code,
            "unit": desk.case.task.unit,
            "acts": [_plain(act, taken_back) for act in desk.acts],
        }
        return values, tuple(
            Text.format("{n}. {said}{gone}", n=act.number, said=_told(desk, act), gone=_gone(act, taken_back))
            for act in desk.acts
        )


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """An open case as an office sees it that may speak of it; or one that has closed, where it may take back.

    `told` are the acts in force with their sentences, the latest first, `taken_back` those by which an office took
    one back; `offered` is what the office may say `today`; `latest` is the number of the last act on the case, 0
    for none. `office`, `owing` and `issuer` are names, and `names` gives those of the other units; `paused` is the
    waiver that holds `today` (None: none does). `below` are the units to which it may be delegated here, the next
    ones below the responsible, with their names.
    """

    case: Case
    book: RuleBook
    calendar: WorkCalendar
    today: date
    office: Text
    owing: Text
    told: tuple[tuple[Act, Text], ...]
    offered: tuple[OfferedAct, ...]
    latest: int
    issuer: Text
    paused: WaivedSpan | None
    taken_back: tuple[tuple[Act, Text], ...] = ()
    below: tuple[tuple[str, Text], ...] = ()


def seen(conn: Connection, book: RuleBook, code: str, office: str, now: datetime) -> CaseSeen:
    """A case, also a closed one, for an office. Raises `CallRefused` for one that is not known, or its rule."""
    desk = _desk(conn, book, tasks.stored_rules(conn), code, now, closed=True)
    refuse_unknown_office(office, desk.chart.units)
    directive = book.directive_of(desk.case.task.rule)
    issued = desk.chart.units[directive.issuer].name(directive.issued or desk.today)
    return CaseSeen(
        desk.case,
        book,
        desk.calendar,
        desk.today,
        desk.name(office),
        Text.join("; ", [desk.name(unit) for unit in desk.bearers]),
        tuple((act, _told(desk, act)) for act in reversed(standing(desk.acts))),
        offered(office, desk.case, desk.acts, desk.concerned, desk.calendar, desk.today),
        max((act.number for act in desk.acts), default=0),
        Text(issued.vi, issued.en),
        _paused(desk),
        tuple((act, _told(desk, act)) for act in desk.acts if act.kind is ActKind.TAKEN_BACK),
        tuple((unit, desk.name(unit)) for unit in others(desk.acts, desk.concerned)),
    )


def _paused(desk: _Desk) -> WaivedSpan | None:
    mine = waivers.of_task(waivers.by_demand(desk.book.waivers), desk.case.task)
    found = waivers.holding(mine, desk.today)
    if found is None:
        return None
    by = desk.name(found.granted_by)
    return WaivedSpan(by, found.legal_basis, found.reason, found.first, found.until, holds=True, notified=False)


def _gone(act: Act, taken_back: set[int | None]) -> Text:
    return Text(" (đã rút lại)", " (taken back)") if act.number in taken_back else Text("", "")


def _plain(act: Act, taken_back: set[int | None]) -> dict[str, Any]:
    return {
        "act": act.number,
        "kind": act.kind,
        "office": act.office,
        "said_on": act.said_on,
        "recorded_on": act.recorded_on,
        "until": act.until,
        "words": act.words,
        "document": act.document,
        "about": act.about,
        "done_on": act.done_on,
        "to": act.to,
        "dated": act.dated,
        "taken_back": act.number in taken_back,
    }


def _desk(
    conn: Connection, book: RuleBook, rules: Mapping[str, int], code: str, now: datetime, *, closed: bool = False
) -> _Desk:
    """The open case of a code, or with `closed` also one that has closed."""
    names = nights.names_of(conn, rules)
    chart, today = orgchart.chart(conn, now, mailboxes=False), now.astimezone(ZONE).date()
    # Every code is in capitals (the key `code` of a directive).
    case = next(iter(cases.live(conn, names, code=code.upper())), None)
    if case is None and closed:
        case = cases.closed_by_code(conn, names, code)
    if case is None:
        raise CallRefused(
            f"Không có hồ sơ nào đang mở mang mã «{code}»; xem các mã trong thư, hoặc dondoc status. "
            "(No open case has that code; letters and dondoc status have the codes.)"
        )
    if case.task.rule not in book.rules:
        raise CallRefused(f"Quy tắc của hồ sơ {code} không còn trong bộ quy tắc. (Its rule is gone.)")
    inherited = inheritances.known(conn, names.units, rules, now)
    case = replace(case, task=inherited.carried(case.task, chart, today))
    return _Desk(conn, book, chart, names, case, stored.of_case(conn, names, case.id or 0, now), today)


def _told(desk: _Desk, act: Act) -> Text:
    return answers.said(act, desk.name(act.office), desk.today, desk.name(act.to) if act.to else None)


def _personal(kind: Text | None) -> Text:
    assert kind is not None
    return Text.format(
        "Nội dung trả lời có {kind}; hệ thống không nhận thông tin cá nhân. Viết lại, chỉ nêu cơ quan và sự việc.",
        "The words hold {kind}: nothing personal is stored. Write them without.",
        kind=kind,
    )


def _refused(desk: _Desk, act: Act, why: RefusedAct) -> Text:
    allowed = desk.case.ladder.answers
    values = {
        "case": desk.case.code,
        "who": desk.name(act.office).vi,
        "own": ", ".join(desk.name(unit).vi for unit in desk.bearers),
        "on": f"{act.said_on:%d/%m/%Y}",
        "opened": f"{desk.case.opened_on:%d/%m/%Y}",
        "until": f"{act.until:%d/%m/%Y}" if act.until else "",
        "furthest": "",
        "length": max(len(act.words), len(act.document)),
        "most": LONGEST,
        "times": allowed.times,
        "days": allowed.promise,
        "number": act.about,
        "issuers": ", ".join(desk.name(one).vi for one in desk.concerned.issuers),
        "ends": f"{desk.concerned.until:%d/%m/%Y}" if desk.concerned.until else "",
        "receiver": desk.name(desk.receiver).vi if desk.receiver else "",
        "done": f"{act.done_on:%d/%m/%Y}" if act.done_on else "",
        "assigner": desk.name(desk.assigner).vi if desk.assigner else "",
        "to": desk.name(act.to).vi if act.to else "",
        "since": f"{desk.concerned.since:%d/%m/%Y}",
        "closed": f"{desk.case.closed_on:%d/%m/%Y}" if desk.case.closed_on else "",
        "window": REOPENED_WITHIN,
        "last": f"{desk.case.task.last_day:%d/%m/%Y}" if desk.case.task.last_day else "",
    }
    # A day beyond the calendar has none, and is refused for something else.
    if why is RefusedAct.PROMISE_TOO_FAR:
        values["furthest"] = f"{furthest_promise(act.said_on, desk.case, desk.calendar):%d/%m/%Y}"
    text = REFUSALS[why]
    return Text(text.vi.format_map(values), text.en.format_map(values))
