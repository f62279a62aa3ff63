"""The action items of a night in words: what is wrong, and what a person has to do about it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from dondoc.engine.cases.succession import OpenSuccession
from dondoc.engine.domain.model import NO_TEXT, ZONE, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.judge.staleness import SourceSilence, SourceStatus, would_be_brought
from dondoc.engine.kinds.codes import known_codes, unknown_code
from dondoc.engine.store.audit_log.imports import LoggedImport
from dondoc.engine.store.matching.evaluate import Fault
from dondoc.engine.store.night.findings import threshold_of
from dondoc.flows.night.assessment import Assessment
from dondoc.notifications.gather.digests import Gathered
from dondoc.notifications.gather.rows import RowBuilder
from dondoc.notifications.letter.operator_letter import ActionItem
from dondoc.notifications.wording.labels import PERIODS, instant
from dondoc.notifications.wording.numbers import counted, day

_DAY = timedelta(days=1)
_SHOWN = 5
_ADD_MAILBOX = Text(
    "bổ sung vào mailboxes.csv, rồi dondoc import mailboxes.csv",
    "add it to mailboxes.csv, then dondoc import mailboxes.csv",
)
_SEE_SOURCE = Text(
    "xem nguồn theo dondoc sources, rồi dondoc pull để lấy lại",
    "see dondoc sources, repair the source, then run dondoc pull",
)
REPORT_FAULT = Text(
    "lỗi của phần mềm: giữ nguyên cơ sở dữ liệu (dondoc backup TỆP) và gửi nhật ký cho nhóm phát triển",
    "a software fault: keep the database as it is (dondoc backup FILE) and send the log to the developers",
)


def unjudged(fault: Fault) -> ActionItem:
    """A row that the engine could not judge: it notifies nobody, and every other row was judged."""
    seen = f"({fault.shape}): {fault.text}"
    if fault.row is None:
        what = Text(f"không đánh giá được các quy tắc suy ra {seen}", "the derived rules were not judged")
        return ActionItem(what, REPORT_FAULT)
    return ActionItem(
        Text(f"không đánh giá được dòng {fault.row} {seen}", f"row {fault.row} was not judged"),
        Text("sửa dòng dữ liệu này, rồi dondoc import TỆP", "correct the row, then dondoc import FILE"),
    )


def board(why: Text) -> ActionItem:
    """The pages of the board that could not be written; the ones before still stand."""
    return ActionItem(
        Text.format(
            "các trang theo dõi không ghi được, còn nguyên các trang của đêm trước: {why}",
            "the board was not written, and its pages of an earlier night still stand: {why}",
            why=why,
        ),
        Text(
            "xử lý rồi chạy lại dondoc nightly: đêm không xét lại, thư không gửi lại, chỉ ghi lại các trang",
            "repair that and run dondoc nightly again: it judges and sends nothing twice and writes the pages",
        ),
    )


def came_back(reasons: Iterable[Text]) -> Iterator[ActionItem]:
    """Shares that no worker decided: the night decided them itself, and nothing is missing."""
    for reason, n in Counter(reasons).items():
        vi = "{shares} việc đánh giá đáng lẽ làm ở nơi khác, đêm đã tự làm đủ: {reason}"
        en = "no worker decided {shares} of the evaluation, the night did: {reason}"
        yield ActionItem(
            Text.format(vi, en, shares=counted(n, "phần", "share"), reason=reason),
            Text("chạy dondoc doctor, mở lại worker", "run dondoc doctor, restart the workers"),
        )


def mailboxes(builder: RowBuilder, gathered: Gathered) -> Iterator[ActionItem]:
    """Offices without a mailbox: notified through the nearest body above that has one, or not at all."""
    for office, box in gathered.forwarded:
        vi = "{name} ({office}) không có hộp thư; thư gửi tạm tới {box}"
        en = "{office} has no mailbox, its letter goes to {box}"
        yield ActionItem(Text.format(vi, en, name=builder.name(office), office=office, box=box), _ADD_MAILBOX)
    for office in gathered.unreachable:
        vi = "{name} ({office}) và các cấp trên đều không có hộp thư; chưa báo được"
        en = "{office} has no mailbox, nor has any body above it: not notified"
        yield ActionItem(Text.format(vi, en, name=builder.name(office), office=office), _ADD_MAILBOX)


def nameless(chart: OrgChart, units: Iterable[str], on: date) -> Iterator[ActionItem]:
    """Units in tonight's letters without a name on the night: another day's, or the id, stands for it."""
    found = sorted({unit for unit in units if chart.units[unit].alive(on) and not chart.units[unit].named(on)})
    if found:
        vi = "{units} trong thư đêm nay không có tên vào ngày đó: {names}"
        en = "{units} in tonight's letters without a name on that day"
        names = some(f"{unit}, gọi là «{chart.units[unit].name(on).vi}»" for unit in found)
        what = Text.format(vi, en, units=counted(len(found), "đơn vị", "unit"), names=names)
        remedy = Text(
            "bổ sung vào names.csv, rồi dondoc import names.csv",
            "add it to names.csv, then dondoc import names.csv",
        )
        yield ActionItem(what, remedy)


def sources(statuses: Iterable[SourceStatus], made: Assessment, at: datetime) -> Iterator[ActionItem]:
    """Sources that are stale, that failed, or with rejected rows."""
    known = tuple(statuses)
    unheard = [finding.task for finding in made.findings.values() if finding.verdict is Verdict.UNHEARD]
    for source in (one for one in known if one.stale(at)):
        # Each of several stale sources leaves unknown what it would have brought, and not what the others would.
        silence = SourceSilence((source.source,), made.night.chart, made.night.as_of)
        yield _stale(source, sum(would_be_brought(made.night.book, task, silence) for task in unheard))
    for source in known:
        # A stale source lists its faults in its own action item.
        if source.faults and not source.stale(at):
            yield _failing(source)
        if source.rejected:
            yield _rejected(source)


def mismatched(made: Assessment) -> Iterator[ActionItem]:
    """Missing figures of units that sent some by other periods than the rule asks for: nobody is notified."""
    found: dict[str, list[str]] = defaultdict(list)
    for finding in made.findings.values():
        if finding.verdict is Verdict.MISMATCHED:
            found[finding.task.rule].append(finding.task.unit)
    book, chart, on = made.night.book, made.night.chart, made.night.as_of
    for rule, units in sorted(found.items()):
        per = threshold_of(book, rule).per
        what = Text.format(
            "quy tắc {rule} hỏi số liệu theo {per}, {units} lại có số liệu theo kỳ khác, nên không bị coi là "
            "thiếu số liệu: {names}",
            "rule {rule} asks for figures by {per}, {units} sent them by other periods: not judged as missing",
            rule=rule,
            per=PERIODS[per],
            units=counted(len(set(units)), "đơn vị", "unit"),
            # Two units may have one name.
            names=some(chart.units[unit].name(on).vi for unit in dict.fromkeys(units)),
        )
        remedy = Text(
            "xem dondoc why-not; nạp số liệu theo kỳ của quy tắc, hoặc sửa «per»",
            "see dondoc why-not, import figures of the rule's period, or correct 'per'",
        )
        yield ActionItem(what, remedy)


def readers_changed(imports: Iterable[LoggedImport]) -> Iterator[ActionItem]:
    """Mailboxes or relations that came since the last letter: whoever brings them decides who hears."""
    changes = [one for one in imports if one.changes_readers]
    if changes:
        what = Text.format(
            "hộp thư hoặc quan hệ đã nạp từ đêm trước, nên người nhận thư có thể đã đổi: {files}",
            "mailboxes or relations came in, so who hears may have changed",
            files=some(f"{one.file} (+{one.added}, ~{one.corrected})" for one in changes),
        )
        yield ActionItem(
            what,
            Text("không phải do mình nạp thì xem dondoc audit list", "if that was not you, see dondoc audit list"),
        )


def of_no_rule(imports: Iterable[LoggedImport], book: RuleBook) -> Iterator[ActionItem]:
    """Codes that came since the last letter and that no rule reads: who sent them may be urged for nothing."""
    known = known_codes(book)
    for sheet, code in dict.fromkeys((one.kind, code) for one in imports for code in one.codes):
        if code not in known[sheet]:
            yield ActionItem(
                unknown_code(sheet, code, known[sheet]),
                Text(
                    "dondoc import bản sửa cùng ref, hoặc sửa quy tắc rồi dondoc check",
                    "dondoc import a correction, or correct the rule and dondoc check",
                ),
            )


def _stale(source: SourceStatus, spared: int) -> ActionItem:
    since = Text("chưa từng có dữ liệu", "has never had data")
    if source.at is not None:
        since = Text(
            f"im lặng từ {_at(source.at)}, quá mức cho phép", f"is stale, without data since {source.at:%Y-%m-%d}"
        )
    left = NO_TEXT
    if spared:
        demands = counted(spared, "việc", "demand")
        left = Text.format(
            "; {demands} chưa kết luận vì thế", "; {demands} unjudged because of it", demands=demands
        )
    what = Text.format(
        "nguồn «{title}» ({id}) {since}{reasons}: thiếu dữ liệu của nguồn này không tính là quá hạn hay chưa đạt"
        "{left}",
        "source {title!r} {since}: data missing from it counts as no breach{left}",
        title=source.source.title,
        id=source.source.id,
        since=since,
        reasons=_reasons(source),
        left=left,
    )
    return ActionItem(what, _SEE_SOURCE)


def _failing(source: SourceStatus) -> ActionItem:
    what = Text.format(
        "nguồn «{title}» ({id}) không lấy được đủ{reasons}; dữ liệu đã có còn dùng được đến {good}",
        "source {title!r} could not be pulled in full",
        title=source.source.title,
        id=source.source.id,
        reasons=_reasons(source),
        good=_at(source.until) if source.until else "",
    )
    return ActionItem(what, _SEE_SOURCE)


def _rejected(source: SourceStatus) -> ActionItem:
    what = Text.format(
        "{rows} của nguồn «{title}» không được nhận: {files}",
        "{rows} of source {title!r} rejected",
        rows=counted(source.rejected, "dòng", "row"),
        title=source.source.title,
        files=some(source.given_back),
    )
    remedy = Text(
        "sửa ở nguồn, hoặc sửa tệp đó rồi dondoc import tệp ấy",
        "correct the source, or that file and dondoc import it",
    )
    return ActionItem(what, remedy)


def _at(when: datetime) -> str:
    return instant(when.astimezone(ZONE)).vi


def _reasons(source: SourceStatus) -> str:
    return f" ({'; '.join(fault.vi for fault in source.faults[:_SHOWN])})" if source.faults else ""


def skipped(missed: int) -> ActionItem:
    """More nights were missed than are caught up (decision 28)."""
    vi = "{nights} đã lỡ, quá số đêm chạy bù; chỉ chạy đêm gần nhất, thư nhắc của các đêm đó không gửi"
    en = "{nights} missed, too many to catch up; only the last was judged, the reminders of the others are lost"
    return ActionItem(
        Text.format(vi, en, nights=counted(missed, "đêm", "night")),
        Text(
            "xem vì sao dịch vụ ngừng (dondoc doctor); báo cho đơn vị nếu cần",
            "find out why the service was down (dondoc doctor); notify the units if needed",
        ),
    )


def inheriting(chart: OrgChart, asked: Iterable[OpenSuccession], on: date) -> Iterator[ActionItem]:
    """The open tasks of ended units that the operator is asked about tonight: the question, and what to type."""
    for one in asked:
        heirs = "--to ĐƠN-VỊ"
        if len(one.heirs) == 1 or (one.heirs and one.rule):
            heirs = " ".join(f"--to {heir}" for heir, _ in one.heirs)
        again = f"hỏi lại ngày {day(one.ask_on)}"
        yield ActionItem(
            Text(followed_by(chart, one, on), f"{one.name}: {one.unit} has ended; who takes over?"),
            Text(
                f'dondoc inherit confirm {one.name} {heirs} --by CƠ-QUAN --basis "CĂN CỨ"; không ai tiếp nhận thì '
                f"dùng close thay cho confirm, bỏ --to; {again}",
                f"dondoc inherit confirm {one.name} {heirs.replace('ĐƠN-VỊ', 'UNIT')} --by OFFICE --basis "
                f'"BASIS"; if nobody takes over, close instead of confirm, without --to; asked again on '
                f"{day(one.ask_on)}",
            ),
        )


def followed_by(chart: OrgChart, one: OpenSuccession, on: date) -> str:
    """Which unit ended on which day and which units follow, in Vietnamese with full names."""
    said = f"{one.name}: {chart.units[one.unit].name(one.ended).vi} đã kết thúc ngày {day(one.ended - _DAY)}"
    if not one.heirs:
        return f"{said}, chưa rõ đơn vị kế thừa"
    return f"{said}, nay là {', '.join(chart.units[heir].name(on).vi for heir, _ in one.heirs)}"


def some(names: Iterable[str]) -> str:
    """The first five by name, the others counted."""
    known = list(names)
    rest = f" và {len(known) - _SHOWN} mục khác" if len(known) > _SHOWN else ""
    return f"{', '.join(known[:_SHOWN])}{rest}"
