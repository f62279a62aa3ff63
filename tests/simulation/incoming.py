"""What comes back by mail on the day of a night: servers that could not deliver, offices that answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from random import Random

from sqlalchemy import Row, select

from dondoc.engine.domain.model import ZONE
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.flows.replies.reading import take_answers
from tests.support.town import Town
from tests.unit.notifications.replies.bounce_mails import ID, failed, report

_DAY = timedelta(days=1)
# Of the letters of the last week, how many a day come back, and how many are answered.
_RETURNED, _ANSWERED = 0.01, 0.05
_SAID = (
    "Đã gửi báo cáo số 12/BC-UBND ngày {today}.",
    "Xin gia hạn đến {later} vì lũ làm hỏng đường.",
    "Giải trình: chờ số liệu của thôn, cam kết {later}.",
    "Việc này không thuộc trách nhiệm của đơn vị.",
    "Đã biết, sẽ xử lý.",
    "Xin cho biết thêm về nội dung thư.",
)
_REFUSED = (("5.1.1", "550 5.1.1 User unknown"), ("5.7.1", "554 5.7.1 Message rejected as spam"))


@dataclass(frozen=True)
class _Came:
    """A mail in the mailbox for answers."""

    raw: bytes

    def taken(self) -> None:
        """Nothing has to be remembered: the box is emptied every day."""


@dataclass
class Incoming:
    """The mailbox for answers of a town."""

    town: Town
    drawn: Random

    def come(self, night: date) -> None:
        """In the afternoon, about letters of the last seven days that left; a letter may come back twice."""
        mine = t.letter.c.state.in_((LetterState.SENT, LetterState.UNKNOWN)), t.letter.c.night > night - 7 * _DAY
        with reading(self.town.engine) as conn:
            letters = conn.execute(select(t.letter).where(*mine).order_by(t.letter.c.id)).all()
        mails = []
        for letter in letters:
            chance = self.drawn.random()
            if chance < _RETURNED:
                mails.append(_Came(self._returned(letter)))
            elif chance < _RETURNED + _ANSWERED:
                mails.append(_Came(self._answer(letter, night)))
        now = datetime.combine(night, time(16), ZONE)
        take_answers(self.town.engine, self.town.book, lambda: iter(mails), "", now)

    def _returned(self, letter: Row[tuple[object, ...]]) -> bytes:
        status, said = self.drawn.choice(_REFUSED)
        raw = report("MAILER-DAEMON@mx.example.vn", "x", failed(status, said, box=letter.recipient))
        return raw.replace(ID, letter.id).encode()

    def _answer(self, letter: Row[tuple[object, ...]], night: date) -> bytes:
        later = night + self.drawn.randrange(1, 40) * _DAY
        mail = EmailMessage()
        mail["From"], mail["Subject"] = letter.recipient, "Re: thư"
        mail["Message-ID"] = f"<{night}-{self.drawn.random()}@mail.example.vn>"
        mail["In-Reply-To"] = letter.message_id
        mail.set_content(self.drawn.choice(_SAID).format(today=f"{night:%d/%m/%Y}", later=f"{later:%d/%m/%Y}"))
        return mail.as_bytes()
