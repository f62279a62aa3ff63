"""Takes the answers that wait in a mailbox: each once, each with a defined end, none answered without bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.answers import AnsweredLetter, AnswerState, MailAnswer
from dondoc.engine.domain.model import NO_TEXT, ZONE, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.sources.reading.personal_data import MASK, identifier, person
from dondoc.engine.store.audit_log.events import AuditedTransaction, audited
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.night import mail_answers as stored
from dondoc.engine.store.night import orgchart
from dondoc.flows.delivery.endings import Endings
from dondoc.flows.lookup import CallRefused
from dondoc.flows.observe import log
from dondoc.flows.records.acts import NotAccepted, Said, attempted
from dondoc.flows.records.attachments import Attachments
from dondoc.flows.replies.tying import Tie, codes_in, offices_at, tied, without_codes
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.returned import Report, returned
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.receipt_letter import receipt
from dondoc.notifications.replies.bounces import Bounce, bounced
from dondoc.notifications.replies.grammar import understood
from dondoc.notifications.replies.mail_reader import MailFile, ReceivedMail, read
from dondoc.notifications.replies.mailboxes import AnswerBox
from dondoc.notifications.replies.phrases import Meaning
from dondoc.notifications.replies.proofs import vouched
from dondoc.notifications.wording.receipts import doubt

# Of one office and day (of everybody who is no office together), in Vietnam's time zone.
ANSWERS_A_DAY, RECEIPTS_A_DAY = 20, 5
# A mail's own date is believed for so long.
_LATELY = timedelta(days=7)
_KEPT = 2_000
ACTS: Mapping[str, ActKind] = {
    Meaning.DONE: ActKind.DONE,
    Meaning.KNOWN: ActKind.ACKNOWLEDGED,
    Meaning.EXPLAINED: ActKind.EXPLAINED,
    Meaning.ASKED: ActKind.EXTENSION_ASKED,
    Meaning.GRANTED: ActKind.EXTENSION_GRANTED,
    Meaning.REFUSED: ActKind.EXTENSION_REFUSED,
    Meaning.NOT_OURS: ActKind.NOT_OURS,
    Meaning.TAKEN_BACK: ActKind.TAKEN_BACK,
}


@dataclass(slots=True)
class ReadingReport:
    """What became of the mails: the answers, how many were taken before, and how many passed over, by reason.

    `returned` are the ids of letters that did not arrive. Of the attachments `kept` are kept, `unkept` are not,
    where they are to be.
    """

    answers: list[MailAnswer] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    again: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    unkept: int = 0


@dataclass(frozen=True, slots=True)
class _Against:
    """What every mail of one reading is held against."""

    book: RuleBook
    chart: OrgChart
    server: str
    now: datetime
    attachments: Attachments | None

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(ZONE).date()


def take_answers(
    engine: Engine, book: RuleBook, box: AnswerBox, server: str, now: datetime, kept: Attachments | None = None
) -> ReadingReport:
    """Takes every mail that waits. Each is stored with its act and its receipt in one transaction, then marked.

    `server` names the mail server whose word on senders is needed; empty: a sender is believed by its address.
    Attachments of offices are `kept` (None: not at all), and those that were kept for their time are removed.
    Raises `MailboxUnreadable`; what was taken by then stays taken.
    """
    with audited(engine) as tx:
        reading = _Against(book, orgchart.chart(tx.conn, now), server, now, kept)
    report = ReadingReport()
    if kept is not None:
        _remove_old(kept, now)
    for mail in box():
        with audited(engine) as tx:
            _take(tx, reading, mail.raw, report)
        mail.taken()
    if report.ignored:
        with audited(engine) as tx:
            stored.ignored(tx, report.ignored)
    return report


def _take(tx: AuditedTransaction, reading: _Against, raw: bytes, report: ReadingReport) -> None:
    mail = read(raw)
    if mail.automatic is not None:
        found = bounced(raw) if mail.whole else None
        gone = _returned(tx, reading, found) if found is not None else ""
        if gone:
            report.returned.append(gone)
        else:
            report.ignored[mail.automatic.value] += 1
        return
    # First, so that of two readings at once the second sees what the first has taken.
    number = stored.next_number(tx.conn)
    if stored.known(tx.conn, mail.sha256):
        report.again += 1
        return
    letter = stored.answered_letter(tx.conn, mail.answers) if mail.answers else None
    offices = offices_at(reading.chart, mail.sender, reading.today)
    in_words, in_subject = (stored.existing_codes(tx.conn, codes_in(text)) for text in (mail.words, mail.subject))
    if not offices and letter is None and not (in_words or in_subject):
        # Neither from an office nor about anything of ours.
        report.ignored["sender-unknown"] += 1
        return
    tie = tied(offices, letter, in_words, in_subject)
    midnight = datetime.combine(reading.today, datetime.min.time(), ZONE)
    answers, receipts = stored.counts_since(tx.conn, tie.office, midnight)
    if answers >= ANSWERS_A_DAY:
        report.ignored["too-many"] += 1
        return
    answer = _understood(number, reading, mail, tie, letter)
    made, sentence = _recorded(tx, reading, answer)
    # A receipt that nobody understood the answer to is not answered by another one.
    silent = made.state is AnswerState.WAITING and letter is not None and letter.receipt
    if receipts < RECEIPTS_A_DAY and not silent:
        made = _with_receipt(tx, reading, made, sentence, mail.sender)
    stored.add(tx, made, reading.now)
    report.answers.append(made)
    # A stranger, and whoever is not proven to be the office, leaves nothing on this machine.
    if reading.attachments is not None and made.office and made.why != "not-proven":
        _keep(reading.attachments, made.number, mail.files, reading.now, report)


def _keep(
    attachments: Attachments, number: int, files: Sequence[MailFile], now: datetime, report: ReadingReport
) -> None:
    """Keeps the files of an answer; a full disk costs the files, never the answer."""
    try:
        kept = attachments.keep(number, files, now)
    except OSError as error:
        log.note("attachments", fault=error.strerror, answer=number)
        kept = 0
    report.kept += kept
    report.unkept += len(files) - kept


def _remove_old(attachments: Attachments, now: datetime) -> None:
    try:
        attachments.remove_old(now)
    except OSError as error:
        log.note("attachments", fault=error.strerror)


def _returned(tx: AuditedTransaction, reading: _Against, found: Bounce) -> str:
    """The letter that a report says did not arrive, rerouted as one that was refused at once; empty: none is."""
    for key in found.letters:
        dead = returned(tx, key, Report(found.recipients, found.code, found.text), reading.now)
        if dead is not None:
            Endings(reading.book.mail, lambda: reading.now).dead(tx, dead)
            return key
    return ""


def _understood(
    number: int, reading: _Against, mail: ReceivedMail, tie: Tie, letter: AnsweredLetter | None
) -> MailAnswer:
    """The answer before anything is recorded: `why` is empty where nothing is in doubt."""
    said_on = _day_of(mail, reading)
    said = understood(mail.words, said_on)
    if not mail.whole:
        why = "unreadable"
    elif tie.why is not None:
        why = tie.why.value
    elif reading.server and not vouched(mail.proofs, reading.server, mail.sender):
        why = "not-proven"
    else:
        why = said.doubt.value if said.doubt is not None else ""
    return MailAnswer(
        number=number,
        sha256=mail.sha256,
        office=tie.office,
        case=tie.case,
        letter=letter.id if letter is not None else "",
        said_on=said_on,
        state=AnswerState.WAITING,
        why=why,
        meaning=said.meaning.value if said.meaning is not None else "",
        until=said.until,
        document=said.document,
        words=without_codes(said.words),
        about=said.about,
        # Who names no day of what was handed in means the day of the answer.
        done_on=(said.on or said_on) if said.meaning is Meaning.DONE else None,
        text=masked_lines(mail.words)[:_KEPT],
        files=tuple((masked_name(one.name), one.size, one.sha256) for one in mail.files),
    )


def _day_of(mail: ReceivedMail, reading: _Against) -> date:
    """The day on which an answer was said: what the mail says itself, unless that is long ago or still to come."""
    if mail.sent_at is None or not reading.now - _LATELY <= mail.sent_at <= reading.now:
        return reading.today
    return mail.sent_at.astimezone(ZONE).date()


def _recorded(tx: AuditedTransaction, reading: _Against, answer: MailAnswer) -> tuple[MailAnswer, Text]:
    """The answer with what became of it, and the act in words, or why it is not on record."""
    if answer.why:
        # What waits is shown to a person, and must hold nothing of another.
        words = answer.words if masked_lines(answer.words) == answer.words else ""
        return replace(answer, words=words), doubt(answer.why)
    try:
        made = attempted(tx, reading.book, said_by(answer, ACTS[answer.meaning]), Door.MAIL, reading.now)
    except CallRefused:
        return replace(answer, why="not-known"), NO_TEXT
    if isinstance(made, NotAccepted):
        return replace(answer, state=AnswerState.REFUSED, why=made.why, words="", text=""), made.text
    state = AnswerState.REPEATED if made.again else AnswerState.RECORDED
    return replace(answer, state=state, act=made.number, text=""), made.text


def said_by(answer: MailAnswer, kind: ActKind) -> Said:
    """What an answer says, as any door hands it to the gate."""
    return Said(
        answer.case,
        kind,
        answer.office,
        answer.said_on,
        answer.until,
        answer.words,
        answer.document if kind in _WITH_DOCUMENT else "",
        answer.about,
        answer.done_on if kind is ActKind.DONE else None,
    )


_WITH_DOCUMENT = (ActKind.EXTENSION_GRANTED, ActKind.EXTENSION_REFUSED, ActKind.DONE)


def _with_receipt(
    tx: AuditedTransaction, reading: _Against, answer: MailAnswer, sentence: Text, sender: str
) -> MailAnswer:
    """The answer with the letter that answers it, to the very mailbox of the office, as the chart has it."""
    boxes = [
        box
        for box in reading.chart.mailboxes
        if box.unit == answer.office and box.address.casefold() == sender and box.valid(reading.today)
    ]
    # To a sender who is not proven to be that office nothing is said in its name either.
    if not boxes or answer.why == "not-proven":
        return answer
    known = reading.chart.units[answer.office].name(reading.today)
    try:
        letter = receipt(answer, sentence, Text(known.vi, known.en), boxes[0], reading.book.mail, reading.now)
    except LetterRefused:
        return answer
    outbox.enqueue(tx, [letter])
    return replace(answer, receipt=letter.id)


def masked_lines(text: str) -> str:
    """The text without the lines that seem to hold a person's name or number."""
    return "\n".join(MASK if person(line) or identifier(line) else line for line in text.splitlines())


def masked_name(name: str) -> str:
    """The name of a file; one that seems to name a person is masked."""
    spaced = name.replace("_", " ").replace("-", " ").replace(".", " ")
    return MASK if person(spaced) or identifier(spaced) else name
