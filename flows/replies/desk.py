"""The operator's desk of answers that nobody understood for certain: listed, confirmed or dismissed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.answers import AnswerState, MailAnswer
from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.engine.store.night import mail_answers as stored
from dondoc.flows.config import settings
from dondoc.flows.config.settings import SettingsRefused
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.acts import NotAccepted, attempted
from dondoc.flows.records.attachments import Attachments
from dondoc.flows.replies.reading import ACTS, ReadingReport, said_by, take_answers
from dondoc.notifications.replies.mailboxes import AnswerBox
from dondoc.notifications.wording.receipts import doubt, proposal


@dataclass(frozen=True, slots=True)
class Correction:
    """What the operator knows better than the proposal; None and empty: the proposal holds."""

    kind: ActKind | None = None
    case: str = ""
    office: str = ""
    until: date | None = None
    words: str = ""
    document: str = ""
    about: int | None = None


def read_now(environment: Mapping[str, str], box: AnswerBox | None, now: datetime) -> ReadingReport:
    """Takes the answers that wait in a mailbox (None: that of the settings).

    Raises `SettingsRefused` when there is none, `MailboxUnreadable`, `RulesRefused` and a `DatabaseFault`.
    """
    given = settings.load(environment)
    box = box or given.answers.box
    if box is None:
        raise SettingsRefused(
            "replies_maildir: chưa khai hộp thư trả lời; khai replies_maildir hoặc replies_imap, hoặc gõ "
            "--maildir (no mailbox of answers is set: set one of these, or type --maildir FOLDER)"
        )
    book = load_rules(given.rules)
    with settings.opened(given) as engine:
        upgrade(engine)
        folder = given.answers.attachments
        kept = Attachments(folder) if folder is not None else None
        return take_answers(engine, book, box, given.answers.server, now, kept)


def waiting(environment: Mapping[str, str], *, every: bool = False) -> list[MailAnswer]:
    """The answers that wait for a person, oldest first; or `every` answer."""
    states = tuple(AnswerState) if every else (AnswerState.WAITING,)
    with settings.read_only(settings.load(environment)) as conn:
        return stored.listed(conn, *states)


def confirm(environment: Mapping[str, str], number: int, given: Correction, now: datetime) -> Text:
    """Records the act that an answer proposes, as corrected. Raises `CallRefused` for one that is not accepted."""
    installed = settings.load(environment)
    book = load_rules(installed.rules)
    with settings.opened(installed) as engine:
        upgrade(engine)
        with audited(engine) as tx:
            answer = _waiting(tx, number)
            kind = given.kind or ACTS.get(answer.meaning)
            meant = replace(
                answer,
                case=given.case or answer.case,
                office=given.office or answer.office,
                until=given.until or answer.until,
                words=given.words or answer.words,
                document=given.document or answer.document,
                about=given.about or answer.about,
                done_on=answer.done_on or answer.said_on,
            )
            _refuse_what_lacks(meant, kind)
            assert kind is not None
            made = attempted(tx, book, said_by(meant, kind), Door.MAIL, now)
            if not isinstance(made, NotAccepted):
                stored.decide(tx, answer, AnswerState.CONFIRMED, made.number, now)
    if isinstance(made, NotAccepted):
        raise CallRefused(made.text.both())
    return made.text


def dismiss(environment: Mapping[str, str], number: int, now: datetime) -> None:
    """Records that an answer becomes no act. Raises `CallRefused` when no answer of that number waits."""
    given = settings.load(environment)
    with settings.opened(given) as engine:
        upgrade(engine)
        with audited(engine) as tx:
            stored.decide(tx, _waiting(tx, number), AnswerState.DISMISSED, None, now)


def _waiting(tx: AuditedTransaction, number: int) -> MailAnswer:
    found = stored.one(tx.conn, number)
    if found is None or found.state is not AnswerState.WAITING:
        raise CallRefused(
            f"Không có trả lời số {number} nào đang chờ; xem dondoc replies list. (No answer of that number "
            "waits: see dondoc replies list.)"
        )
    return found


def _refuse_what_lacks(answer: MailAnswer, kind: ActKind | None) -> None:
    if kind is None:
        raise CallRefused(
            f"Trả lời {answer.number} chưa rõ ý: thêm --kind, hoặc dondoc replies dismiss {answer.number} sau khi "
            "xử lý cách khác. (What it means is open: add --kind, or dismiss it once it is handled otherwise.)"
        )
    if not answer.case or not answer.office:
        raise CallRefused(
            f"Trả lời {answer.number} chưa rõ hồ sơ hoặc cơ quan: thêm --case và --by. (Add --case and --by.)"
        )


def plain(answer: MailAnswer) -> dict[str, Any]:
    """An answer as values for JSON."""
    return asdict(answer)


def line(answer: MailAnswer) -> Text:
    """An answer for a terminal: who, about what, what became of it or why it waits, and what is proposed."""
    said = proposal(answer)
    meant = Text.format(" → {said}", said=said) if said.vi else said
    why = Text.format(" ({why})", why=doubt(answer.why)) if answer.why else said
    text = " ⏎ ".join(answer.text.splitlines())
    files = "".join(f"\n    {name} ({size:,} byte)" for name, size, _ in answer.files)
    return Text.format(
        "{number}. {day} {office} {case}: {state}{why}{meant}{text}{files}",
        number=answer.number,
        day=f"{answer.said_on:%d/%m/%Y}",
        office=answer.office or "?",
        case=answer.case or "?",
        state=_STATES[answer.state],
        why=why if answer.why else Text("", ""),
        meant=meant,
        text=f"\n    «{text}»" if text else "",
        files=files,
    )


_STATES = {
    AnswerState.RECORDED: Text("đã ghi", "recorded"),
    AnswerState.REPEATED: Text("đã ghi từ trước", "recorded before"),
    AnswerState.REFUSED: Text("không nhận", "not accepted"),
    AnswerState.WAITING: Text("chờ người vận hành", "waits"),
    AnswerState.CONFIRMED: Text("người vận hành đã ghi", "confirmed"),
    AnswerState.DISMISSED: Text("người vận hành đã bỏ", "dismissed"),
}
