"""A stage for stories: the whole path of a night over a real database and a real mail server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

from sqlalchemy import Engine, select

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import bring_in
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.relay import DeliveryReport
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from tests.support.ready_databases import fill
from tests.support.town import EXAMPLES, Town, rules


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived."""

    to: str
    subject: str
    text: str
    html: str
    raw: bytes


@dataclass
class Stage:
    """Nights that are judged, written and delivered for real."""

    engine: Engine
    sink: Mailsink
    book: RuleBook = field(default_factory=rules)
    reports: dict[date, NightReport] = field(default_factory=dict)

    @classmethod
    def set(cls, engine: Engine, sink: Mailsink, *, examples: bool = True) -> Stage:
        """The example units and, unless told otherwise, the example facts."""
        stage = cls(engine, sink)
        if examples:
            fill(engine, "the examples", _bring_in_the_examples)
        else:
            Town(engine).founded_here()
        return stage

    def night(self, day: str) -> list[Mail]:
        """One night, and the mails of its morning."""
        as_of = date.fromisoformat(day)
        planned = steps.plan_nights(self.engine, as_of, catch_up=False)
        assert not isinstance(planned, NightReport)
        for night in planned:
            self.reports[as_of] = self.judged(night)
        delivery = self.delivered(as_of)
        assert delivery.sent == self.reports[as_of].counts["letters"], delivery
        return self.mails(as_of)

    def judged(self, night: Night) -> NightReport:
        """The night without its delivery."""
        return steps.judge_night(self.engine, self.book, night)

    def delivered(self, as_of: date, after: timedelta = timedelta()) -> DeliveryReport:
        """A delivery as of the night's morning."""
        smtp = SmtpSettings("127.0.0.1", self.sink.port, Tls.PLAIN)
        start = datetime.now(UTC)
        shift = due_from(as_of) + after - start
        now = lambda: datetime.now(UTC) + shift  # noqa: E731 - a clock is a value here
        return deliver.deliver(self.engine, self.book.mail, smtp, now, excused=Excused(self.book))

    def nights(self, first: str, last: str) -> dict[date, list[Mail]]:
        """Every night from one to another, both included; the mails of each."""
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        found = {}
        while day <= end:
            found[day] = self.night(day.isoformat())
            day += timedelta(days=1)
        return found

    def mails(self, as_of: date) -> list[Mail]:
        """What arrived of a night."""
        return [_mail(path.read_bytes()) for path in sorted(self.sink.folder.glob(f"{as_of}/*.eml"))]


def _bring_in_the_examples(engine: Engine) -> None:
    report = bring_in(engine, EXAMPLES, datetime.now(UTC))
    assert not report.rejects


def hand_in(engine: Engine, at: datetime, unit: str = "ln.ubnd_xa.bao_dai", ref: str = "new-1") -> None:
    """A unit's report of the first round comes in."""
    with writing(engine) as conn:
        row = {
            "ref": ref,
            "unit_no": conn.scalar(select(t.unit.c.no).where(t.unit.c.id == unit)),
            "report": "child-protection",
            "submitted_on": at.date(),
            "recorded_at": at,
        }
        conn.execute(t.submission.insert().values(row))


def _mail(raw: bytes) -> Mail:
    parsed = message_from_bytes(raw)
    bodies = {
        part.get_content_type(): str(part.get_payload(decode=True), "utf-8")
        for part in parsed.walk()
        if part.get_content_maintype() == "text" and not part.get_filename()
    }
    subject = str(make_header(decode_header(parsed["Subject"])))
    return Mail(parsed["To"], subject, bodies["text/plain"], bodies["text/html"], raw)


def to(mails: list[Mail]) -> set[str]:
    """Who was written to, the operator apart: the part of each address before the @."""
    return {mail.to.partition("@")[0] for mail in mails} - {"vanhanh"}


def mail_to(mails: list[Mail], box: str) -> Mail:
    """The one mail to a mailbox."""
    (found,) = [mail for mail in mails if mail.to.partition("@")[0] == box]
    return found


def flat(mail: Mail) -> str:
    """The plain text on one line, so that a sentence can be looked for."""
    return " ".join(mail.text.split())
