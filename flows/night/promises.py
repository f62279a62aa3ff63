"""Whether everything that was promised for a day was done: its night, its letters, its sources, its heartbeat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dondoc.engine.domain.model import NO_TEXT, ZONE, Text
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake import pulls
from dondoc.notifications.delivery import outbox
from dondoc.notifications.wording.numbers import capital, counted, day, number

_A_DAY = timedelta(days=1)
_WAITING = frozenset({LetterState.READY, LetterState.LEASED, LetterState.DATA_SENT, LetterState.HELD})
_TRIED = _WAITING - {LetterState.HELD}
_LOST = frozenset({LetterState.DEAD, LetterState.EXPIRED, LetterState.UNKNOWN})
_OR_UNKNOWN = Text(" hoặc chưa rõ", " or of unknown fate")
_RAN, _DID_NOT_RUN = Text("đêm đã chạy", "the night ran"), Text("đêm CHƯA chạy", "the night DID NOT run")
_BEATS, _BEATS_NOT = Text("có tín hiệu sống", "heartbeat given"), Text("KHÔNG có tín hiệu sống", "NO heartbeat")


@dataclass(frozen=True, slots=True)
class Promises:
    """What became of a day's promises.

    `judged`: the night that was due has run. Of the letters that were due by that day, `left` counts those of its
    night that left, `put_off` all that the mail server put off and that have more than a day left, `waiting` all
    others that still wait, `lost` those of its night of which nobody can say that they arrived, `unknown` those
    of the lost that may have. One that the operator dropped, or that was answered or waived before it left, is
    none of them. `unpulled` names the sources, of `sources`, that were not pulled well since the night before.
    `heartbeat` None: no file says.
    """

    day: date
    judged: bool
    left: int
    put_off: int
    waiting: int
    lost: int
    unknown: int
    sources: int
    unpulled: tuple[str, ...]
    heartbeat: bool | None

    @property
    def kept(self) -> bool:
        """Whether all of them were kept."""
        return self.judged and not (self.waiting or self.lost or self.unpulled) and self.heartbeat is not False

    def what(self) -> Text:
        """Each promise and what became of it."""
        parts = [
            _RAN if self.judged else _DID_NOT_RUN,
            Text.format(
                "{letters}: {left} đã đi{put_off}, {waiting} còn chờ, {lost} không tới{unknown}",
                "{letters}: {left} left{put_off}, {waiting} still waiting, {lost} lost{unknown}",
                unknown=_OR_UNKNOWN if self.unknown else NO_TEXT,
                letters=counted(self.left + self.put_off + self.waiting + self.lost, "thư", "letter"),
                left=number(self.left),
                put_off=self._put_off(),
                waiting=number(self.waiting),
                lost=number(self.lost),
            ),
        ]
        if self.sources:
            pulled = Text.format(
                "nguồn kéo được {pulled}/{all}",
                "sources pulled {pulled} of {all}",
                pulled=number(self.sources - len(self.unpulled)),
                all=number(self.sources),
            )
            missing = Text.format(", CHƯA được {names}", ", MISSING {names}", names=", ".join(self.unpulled))
            parts.append(Text.join("", (pulled, missing)) if self.unpulled else pulled)
        if self.heartbeat is not None:
            parts.append(_BEATS if self.heartbeat else _BEATS_NOT)
        return Text.join("; ", tuple(parts))

    def _put_off(self) -> Text:
        """How many the mail server put off; nothing on most days."""
        if not self.put_off:
            return NO_TEXT
        return Text.format(", {n} máy chủ thư hẹn lại", ", {n} put off by the mail server", n=number(self.put_off))

    def line(self) -> str:
        """For a terminal."""
        said = self.what()
        vi, en = ("đủ", "all kept") if self.kept else ("CHƯA ĐỦ", "NOT all kept")
        due = f"Việc đến hạn hôm qua {day(self.day)}"
        return f"{due}: {vi}. {capital(said.vi)}. (Yesterday, {day(self.day)}: {en}. {capital(said.en)}.)"


def promises(
    conn: Connection,
    yesterday: date,
    night_at: datetime,
    sources: Iterable[str],
    now: datetime,
    *,
    judged: bool,
    heartbeat: bool | None = None,
) -> Promises:
    """What became of the promises of `yesterday` by `now`; `night_at` is the 02:00 of the night that was due last.

    `sources` are the ids of those in sources.yaml. `judged` says whether that night has run.
    """
    due = [
        one
        for one in outbox.listing(conn, _WAITING)
        if one.night <= yesterday and (one.attempt > 0 or one.next_at.astimezone(ZONE).date() <= yesterday)
    ]
    # The server answered and asked to come back: a letter has until the close of the third working day for that.
    put_off = sum(
        one.last_code is not None and one.state in _TRIED and one.expires_at > now + _A_DAY for one in due
    )
    ended = outbox.listing(conn, [LetterState.SENT, *_LOST], yesterday)
    left = sum(one.state is LetterState.SENT for one in ended)
    unknown = sum(one.state is LetterState.UNKNOWN for one in ended)
    # What a substitute carries is counted as the substitute.
    lost = unknown + sum(not outbox.alive(conn, one.id) for one in ended if one.state in _LOST)
    wanted = tuple(sources)
    pulled = pulls.pulled_well(conn, night_at - _A_DAY) if wanted else frozenset()
    unpulled = tuple(one for one in wanted if one not in pulled)
    return Promises(
        yesterday, judged, left, put_off, len(due) - put_off, lost, unknown, len(wanted), unpulled, heartbeat
    )
