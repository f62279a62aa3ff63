"""What is wrong with the service as it stands, each with what to do: the first lines of `dondoc status`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dondoc.engine.domain.mail_policy import SendingHours
from dondoc.engine.domain.model import NO_TEXT, ZONE, Text
from dondoc.engine.domain.terms import LetterState, NightState
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import mail_answers, nights
from dondoc.engine.store.night.nights import NightRow
from dondoc.flows.night.steps import as_of_for, cutoff_of
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus
from dondoc.notifications.wording.numbers import counted, day

# How long a night may take before it counts as missing, and a letter in its hours before it counts as late.
_A_NIGHT, _A_LETTER = timedelta(hours=2), timedelta(hours=1)
_BY_TOMORROW = timedelta(days=1)
_REMEMBERED = timedelta(days=14)
_WAITING = (LetterState.READY, LetterState.HELD, LetterState.UNKNOWN, LetterState.DEAD)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: a code for programs and the docs, what it is, and what to do about it."""

    code: str
    what: Text
    remedy: Text

    def line(self) -> str:
        """For people."""
        return f"! {self.what.vi}: {self.remedy.vi}. ({self.what.en}: {self.remedy.en}.) [{self.code}]"


def troubles(conn: Connection, latest: NightRow | None, hours: SendingHours, now: datetime) -> Sequence[Trouble]:
    """What is wrong at `now`, the worst first; empty when nothing is.

    Before the first night of all only letters can be in trouble: whether that night is missing is for a person to
    say.
    """
    found = [*_of_nights(latest.as_of, latest.state, now)] if latest else []
    waiting = outbox.listing(conn, _WAITING)
    for look in (_expired, _late, _expiring, _left_behind, _held, _unknown, _dead):
        found += look(conn, waiting, hours, now)
    return (*found, *_of_answers(conn))


def troubles_beside_letters(conn: Connection, now: datetime) -> Sequence[Trouble]:
    """The same without letters: what is wrong with nights, and answers that wait."""
    latest = nights.latest(conn)
    state = nights.state_of(conn, latest) if latest else None
    return (*(_of_nights(latest, state, now) if latest and state else ()), *_of_answers(conn))


def due_night(now: datetime) -> date:
    """The night that must have run by now; the latest one may still be running."""
    due = as_of_for(now)
    return due if now - cutoff_of(due) >= _A_NIGHT else due - timedelta(days=1)


def _of_nights(latest: date, state: NightState, now: datetime) -> Iterator[Trouble]:
    due = as_of_for(now)
    # Tomorrow's may have been judged early.
    if latest > due + timedelta(days=1):
        yield Trouble(
            "night-ahead",
            Text.format(
                "ĐÊM Ở TƯƠNG LAI: {night} đã chạy, nay mới tới đêm {due}; mọi đêm trước nó bị từ chối",
                "a night of the future: {night} was judged, it is {due}; every night before it is refused",
                night=day(latest),
                due=day(due),
            ),
            Text(
                f"chỉnh đồng hồ, dondoc backup --before {latest} TỆP, rồi dondoc restore TỆP",
                f"set the clock, dondoc backup --before {latest} FILE, then dondoc restore FILE",
            ),
        )
    due = due_night(now)
    if latest < due:
        missing, first = (due - latest).days, latest + timedelta(days=1)
        yield Trouble(
            "night-missing",
            Text.format(
                "THIẾU {n}, từ đêm {first}",
                "{n} missing, from {first}",
                n=counted(missing, "đêm", "night"),
                first=day(first),
            ),
            Text("xem dondoc doctor, rồi dondoc nightly", "see dondoc doctor, then dondoc nightly"),
        )
    if state is NightState.DEGRADED:
        yield Trouble(
            "night-degraded",
            Text.format("đêm {night} chạy chưa đủ", "the night of {night} is degraded", night=day(latest)),
            Text("làm theo các dòng dưới đây", "do what the lines below say"),
        )


def _of_answers(conn: Connection) -> Iterator[Trouble]:
    """Answers by mail that nobody understood for certain: the office was told that a person looks."""
    unread = mail_answers.waiting(conn)
    if unread:
        yield Trouble(
            "answers-waiting",
            Text.format(
                "{n} qua thư chưa ghi, chờ người vận hành",
                "{n} by mail not on record, waiting for you",
                n=counted(unread, "trả lời", "answer"),
            ),
            Text(
                "dondoc replies list, rồi confirm hoặc dismiss từng số",
                "dondoc replies list, then confirm or dismiss each",
            ),
        )


def _expired(
    _conn: Connection, waiting: Sequence[LetterStatus], _hours: SendingHours, now: datetime
) -> Iterator[Trouble]:
    """Letters that may leave no more and that no delivery has closed, so that no night tells their readers."""
    n = sum(_over(one, now) for one in waiting)
    if n:
        yield Trouble(
            "letters-expired",
            Text.format(
                "{n} đã quá hạn gửi mà chưa đi",
                "{n} past their time, not sent",
                n=counted(n, "thư", "letter"),
            ),
            Text(
                "dondoc doctor, rồi dondoc deliver; đêm sau báo lại",
                "dondoc doctor, then dondoc deliver; the next night tells again",
            ),
        )


def _over(one: LetterStatus, now: datetime) -> bool:
    return one.state is LetterState.READY and one.expires_at <= now


def _late(
    _conn: Connection, waiting: Sequence[LetterStatus], hours: SendingHours, now: datetime
) -> Iterator[Trouble]:
    """Letters that should have been tried in today's hours, and were not or in vain."""
    opened = datetime.combine(now.astimezone(ZONE).date(), hours.opens, ZONE)
    late = [
        one
        for one in waiting
        if one.state is LetterState.READY
        and not _over(one, now)
        and max(one.next_at, opened) + _A_LETTER <= now
        and now in hours
    ]
    if late:
        yield Trouble(
            "letters-late",
            Text.format(
                "{n} đến giờ mà chưa đi{said}",
                "{n} due and not sent{said}",
                n=counted(len(late), "thư", "letter"),
                said=_answers(late),
            ),
            Text("dondoc doctor, rồi dondoc deliver", "dondoc doctor, then dondoc deliver"),
        )


def _answers(late: Sequence[LetterStatus]) -> Text:
    """The mail server's last words, and to how many of the letters, where it did not say them to each."""
    replies = Counter(one.reply for one in late if one.reply)
    if not replies:
        return NO_TEXT
    ((reply, n),) = replies.most_common(1)
    if n == len(late):
        return Text(f": {reply}", f": {reply}")
    return Text.format(
        "; máy chủ trả lời {n}: {reply}",
        "; the server answered {n}: {reply}",
        n=counted(n, "thư", "letter"),
        reply=reply,
    )


def _expiring(
    _conn: Connection, waiting: Sequence[LetterStatus], _hours: SendingHours, now: datetime
) -> Iterator[Trouble]:
    """Letters that will not make it unless they leave within a day, of those that were tried already."""
    ends = [
        one.expires_at
        for one in waiting
        if one.state is LetterState.READY and one.attempt and now < one.expires_at <= now + _BY_TOMORROW
    ]
    if ends:
        at = min(ends).astimezone(ZONE)
        yield Trouble(
            "letters-expiring",
            Text.format(
                "{n} sẽ hết hạn, sớm nhất {at}",
                "{n} will expire, the first at {at}",
                n=counted(len(ends), "thư", "letter"),
                at=f"{at:%H:%M %d/%m/%Y}",
            ),
            Text("xem lý do bằng dondoc outbox list", "see dondoc outbox list for the reason"),
        )


def _left_behind(
    conn: Connection, _waiting: Sequence[LetterStatus], _hours: SendingHours, now: datetime
) -> Iterator[Trouble]:
    """Letters in the hands of a delivery that was killed."""
    n = outbox.lease_over(conn, now)
    if n:
        yield Trouble(
            "delivery-broken-off",
            Text.format("{n} đang gửi dở", "a delivery broke off with {n} in hand", n=counted(n, "thư", "letter")),
            Text("dondoc deliver", "dondoc deliver"),
        )


def _held(
    _conn: Connection, waiting: Sequence[LetterStatus], _hours: SendingHours, _now: datetime
) -> Iterator[Trouble]:
    by_night: dict[date, int] = {}
    for one in waiting:
        if one.state is LetterState.HELD:
            by_night[one.night] = by_night.get(one.night, 0) + 1
    for night, n in sorted(by_night.items()):
        yield Trouble(
            "letters-held",
            Text.format(
                "{n} của đêm {night} đang tạm giữ",
                "{n} of the night of {night} held",
                n=counted(n, "thư", "letter"),
                night=day(night),
            ),
            Text(
                f"dondoc outbox release {night}, hoặc drop {night}",
                f"dondoc outbox release {night}, or drop {night}",
            ),
        )


def _unknown(
    _conn: Connection, waiting: Sequence[LetterStatus], _hours: SendingHours, _now: datetime
) -> Iterator[Trouble]:
    n = sum(one.state is LetterState.UNKNOWN for one in waiting)
    if n:
        yield Trouble(
            "letters-unknown",
            Text.format("{n} chưa rõ đã tới hay chưa", "{n} of unknown fate", n=counted(n, "thư", "letter")),
            Text(
                "hỏi cơ quan nhận, rồi dondoc outbox arrived hoặc retry",
                "ask the office, then outbox arrived or retry",
            ),
        )


def _dead(
    conn: Connection, waiting: Sequence[LetterStatus], _hours: SendingHours, now: datetime
) -> Iterator[Trouble]:
    """Letters of the last two weeks refused for good, after which nothing left: no substitute, no later letter."""
    since = now.astimezone(ZONE).date() - _REMEMBERED
    dead = [
        one
        for one in waiting
        if one.state is LetterState.DEAD
        and one.night >= since
        and one.fallback_of is None
        and not outbox.alive(conn, one.id)
        # The mailbox was put right, and a later night told its readers again.
        and not outbox.written_since(conn, one.office, one.night)
    ]
    if dead:
        yield Trouble(
            "letters-dead",
            Text.format(
                "{n} bị trả lại, không nơi nào chuyển giúp: {boxes}",
                "{n} refused, passed on by nobody: {boxes}",
                n=counted(len(dead), "thư", "letter"),
                boxes=", ".join(sorted({one.recipient for one in dead})[:3]),
            ),
            Text(
                "sửa hộp thư, nạp lại; hoặc dondoc outbox retry",
                "correct the mailbox and import it, or outbox retry",
            ),
        )
