"""Answers by mail in stories: a morning's letters, the mailbox for answers to them, and what is read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import Engine, func, select

from dondoc.engine.domain.answers import MailAnswer
from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.records.attachments import Attachments
from dondoc.flows.replies.reading import ReadingReport, take_answers
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.replies.mailboxes import AnswerMaildir
from tests.support.story_stage import Mail, Stage
from tests.support.town import at, only, rules

ROUND_1 = "279-ubnd-ldtbxh/report-round-1"
BAO_DAI = "ln.ubnd_xa.bao_dai"
BOX, ANSWERS = "ubnd.baodai.lucnam", "traloi@example.vn"
OPENED, ANSWERED, STEP_2 = date(2015, 4, 20), "2015-04-21T09:00", date(2015, 4, 25)


@dataclass
class Post:
    """Lục Nam on the morning of the 20th, the letter that a commune answers, and the mailbox for answers."""

    stage: Stage
    maildir: Path
    letter: Mail
    sent: int = 0

    @property
    def code(self) -> str:
        """The commune's case."""
        with reading(self.stage.engine) as conn:
            mine = t.unit.c.id == BAO_DAI
            query = (
                select(t.case_file.c.code)
                .join(t.task, t.task.c.id == t.case_file.c.task_id)
                .join(t.unit, t.unit.c.no == t.task.c.unit_no)
            )
            return str(conn.scalar(query.where(mine)))

    def says(
        self, text: str, *, to_letter: Mail | None = None, sender: str = "", subject: str = "Re: thư", **head: str
    ) -> None:
        """A mail comes in; in answer to a letter if one is given."""
        mail = EmailMessage()
        mail["From"] = sender or self.letter.to
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{self.sent}@mail.example.vn>"
        if to_letter is not None:
            mail["In-Reply-To"] = id_of(to_letter)
        for name, value in head.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.put(mail.as_bytes())

    def put(self, raw: bytes) -> None:
        """Any bytes come in as a mail."""
        (self.maildir / "new" / f"{self.sent:06}.mail").write_bytes(raw)
        self.sent += 1

    def read(self, when: str = ANSWERED, server: str = "", kept: Attachments | None = None) -> ReadingReport:
        """The service reads its mailbox."""
        box = AnswerMaildir(self.maildir)
        return take_answers(self.stage.engine, self.stage.book, box, server, at(when), kept)

    def answer(self, text: str, when: str = ANSWERED, **more: str) -> MailAnswer:
        """What becomes of the commune's answer to its letter."""
        self.says(text, to_letter=self.letter, **more)
        (made,) = self.read(when).answers
        return made

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with reading(self.stage.engine) as conn:
            return conn.scalar(select(func.count()).select_from(t.metadata.tables[table])) or 0

    def night(self, day: date) -> list[Mail]:
        """A night and its morning's mails."""
        self.stage.judged(Night(day, steps.cutoff_of(day)))
        self.stage.delivered(day)
        return self.stage.mails(day)


def id_of(letter: Mail) -> str:
    """A letter's Message-ID."""
    return str(message_from_bytes(letter.raw)["Message-ID"])


def morning(engine: Engine, sink: Mailsink) -> Stage:
    """The district whose communes have not reported, one rule only, its letters delivered."""
    stage = Stage.set(engine, sink, examples=False)
    mail = replace(rules().mail, brake=Brake(), answers=ANSWERS)
    stage.book = replace(only(rules(), ROUND_1), mail=mail)
    stage.judged(Night(OPENED, steps.cutoff_of(OPENED)))
    stage.delivered(OPENED)
    return stage


def maildir(folder: Path) -> Path:
    """An empty mailbox."""
    for name in ("new", "cur", "tmp"):
        (folder / "answers" / name).mkdir(parents=True)
    return folder / "answers"
