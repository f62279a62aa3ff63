"""The action items about letters: held, not built, not settled, and mailboxes that refuse them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import LetterState
from dondoc.flows.night.action_items import REPORT_FAULT, some
from dondoc.flows.night.self_audit import AuditFindings
from dondoc.notifications.letter.operator_letter import ActionItem
from dondoc.notifications.lifecycle import LetterStatus
from dondoc.notifications.morning import Morning
from dondoc.notifications.unwritten import UnwrittenRow
from dondoc.notifications.wording import mornings
from dondoc.notifications.wording.numbers import counted, day


def held(night: date, reasons: Sequence[Text]) -> Iterator[ActionItem]:
    """Why the letters of a night are held, and the commands that release or drop them."""
    if reasons:
        vi = "đêm bất thường, thư đang tạm giữ: {reasons}"
        en = "an implausible night, its letters are held: {reasons}"
        yield ActionItem(
            Text.format(vi, en, reasons=Text.join("; ", reasons)),
            Text(
                f"đúng thì dondoc outbox release {night}, sai thì dondoc outbox drop {night}",
                f"dondoc outbox release {night} if the figures are right, dondoc outbox drop {night} if not",
            ),
        )


def findings(found: AuditFindings) -> Iterator[ActionItem]:
    """What the self-audit found."""
    if found.cases:
        vi, en = "{cases} đang mở mà không có ngày xử lý tiếp: {codes}", "{cases} without a next date"
        cases = counted(len(found.cases), "hồ sơ", "case")
        yield ActionItem(Text.format(vi, en, cases=cases, codes=some(found.cases)), REPORT_FAULT)
    if found.unlettered:
        vi, en = "{notices} ghi là đã báo mà không có thư", "{notices} recorded as notified without a letter"
        notices = counted(found.unlettered, "lượt báo", "notice")
        yield ActionItem(Text.format(vi, en, notices=notices), REPORT_FAULT)
    ordered = sorted(found.letters, key=lambda letter: list(LetterState).index(letter.state))
    for state, letters in groupby(ordered, key=lambda letter: letter.state):
        yield _unsettled(state, list(letters))


_FATES = {
    LetterState.HELD: (
        Text("đang tạm giữ", "are held"),
        Text(
            "dondoc outbox release ĐÊM, hoặc dondoc outbox drop ĐÊM",
            "dondoc outbox release NIGHT, or dondoc outbox drop NIGHT",
        ),
    ),
    LetterState.READY: (
        Text("đến giờ mà chưa gửi được", "are due and not delivered"),
        Text(
            "xem máy chủ thư có trả lời không, rồi chạy dondoc deliver",
            "check the mail server, then run dondoc deliver",
        ),
    ),
    LetterState.LEASED: (
        Text("đang gửi dở", "were being sent"),
        Text(
            "lượt gửi đã ngừng giữa chừng; chạy lại dondoc deliver",
            "the delivery broke off: run dondoc deliver again",
        ),
    ),
    LetterState.DATA_SENT: (
        Text("đang gửi dở", "were being sent"),
        Text(
            "lượt gửi đã ngừng giữa chừng; chạy lại dondoc deliver",
            "the delivery broke off: run dondoc deliver again",
        ),
    ),
    LetterState.UNKNOWN: (
        Text("chưa rõ đã tới hay chưa", "may or may not have arrived"),
        Text(
            "hỏi cơ quan nhận thư, rồi dondoc outbox arrived MÃ hoặc retry MÃ; mã ở dondoc outbox list",
            "ask the reader, then dondoc outbox arrived ID or retry ID; dondoc outbox list has the ids",
        ),
    ),
    LetterState.DEAD: (
        Text("bị trả lại và không có nơi chuyển tiếp", "were refused, and no office can pass them on"),
        Text(
            "xem lý do bằng dondoc outbox list, sửa mailboxes.csv, rồi dondoc import mailboxes.csv",
            "see dondoc outbox list for the reason, correct mailboxes.csv, then dondoc import mailboxes.csv",
        ),
    ),
}


def _unsettled(state: LetterState, letters: Sequence[LetterStatus]) -> ActionItem:
    n = counted(len(letters), "thư", "letter")
    which = some(f"{letter.office} đêm {day(letter.night)}" for letter in letters)
    fate, remedy = _FATES[state]
    return ActionItem(Text.format("{n} {fate}: {which}", "{n} {fate}", n=n, fate=fate, which=which), remedy)


def unbuilt(office: str, reason: object) -> ActionItem:
    """A letter that could not be built; its readers do not count as notified, so the next night notifies them."""
    return ActionItem(
        Text(f"thư gửi {office} không lập được: {reason}", f"the letter to {office} could not be built"),
        Text(
            "xem dondoc check và dondoc doctor, sửa theo lý do trên; đêm sau báo lại",
            "see dondoc check and dondoc doctor, fix the cause; the next night notifies them",
        ),
    )


def unwritten(row: UnwrittenRow) -> ActionItem:
    """A row that a letter lacks; its readers do not count as notified of it, so the next night tries again."""
    what = Text.format(
        "thư gửi {office} thiếu dòng {name}, không viết được: {reason}",
        "the letter to {office} lacks the row {name}, which could not be written",
        office=row.office,
        name=row.name,
        reason=row.reason,
    )
    return ActionItem(what, REPORT_FAULT)


def refusing(morning: Morning) -> Iterator[ActionItem]:
    """Mailboxes that refused a letter which another office passes on; of the others the self-audit says so."""
    for one in morning.delivery.returned:
        if one.passed_on:
            refusal = mornings.refusal(morning, one)
            what = Text.format("hộp thư trả thư lại: {one}", "a mailbox refused a letter: {one}", one=refusal)
            yield ActionItem(what, mornings.CORRECT_MAILBOX)
