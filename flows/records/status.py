"""The state of the service, for `dondoc status` and `dondoc outbox list`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from dondoc.engine.domain.english_half import english
from dondoc.engine.domain.model import NO_TEXT, ZONE, Text
from dondoc.engine.domain.terms import CaseStatus, LetterState
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load_sources
from dondoc.engine.store.audit_log import logged
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.night import acts, cases, nights, tasks
from dondoc.engine.store.night.nights import NightRow
from dondoc.flows.config import settings
from dondoc.flows.config.sending_hours import sending_hours
from dondoc.flows.night.promises import Promises, promises
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.observe.heartbeat import Heartbeat, given_since
from dondoc.flows.records.troubles import Trouble, due_night, troubles
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import LetterStatus
from dondoc.notifications.wording import labels, web_pages
from dondoc.notifications.wording.labels import instant

_REMEMBERED = timedelta(days=14)
_SETTLED = frozenset({LetterState.SENT})
LETTER_WORDS = {
    LetterState.HELD: Text("tạm giữ", "held"),
    LetterState.READY: Text("chờ", "waiting"),
    LetterState.LEASED: Text("đang gửi", "being sent"),
    LetterState.DATA_SENT: Text("đang gửi", "being sent"),
    LetterState.SENT: Text("đã giao", "sent"),
    LetterState.UNKNOWN: Text("chưa rõ", "unknown"),
    LetterState.DEAD: Text("trả lại", "refused"),
    LetterState.EXPIRED: Text("hết hạn", "expired"),
    LetterState.DROPPED: Text("đã bỏ", "dropped"),
}


_WAITS = {
    CaseStatus.EXHAUSTED: Text("đã qua hết các bước", "past every step"),
    CaseStatus.WAITING: Text("chờ xác nhận nơi kế thừa", "waiting for an heir"),
}


_DECLARED = Text("đã báo gửi, chưa xác nhận", "declared, not confirmed")
_NIGHT = Text("Đêm gần nhất: {night}{judged}", "Latest night: {night}{judged}")
_NO_NIGHT = Text("Đêm gần nhất: chưa có đêm nào", "Latest night: none yet")
_CASES = Text("Hồ sơ đang mở: {live}{waits}; đã đóng: {closed}", "Open cases: {live}{waits}; closed: {closed}")
_LETTERS = Text("Thư: {letters}{left}", "Letters: {letters}{left}")
_JUDGED_AT = Text(", chạy lúc {at}", ", judged at {at}")
_SENT_AT = Text("; đi gần nhất lúc {at}", "; one last left at {at}")
_NONE = Text("chưa có", "none yet")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What is wrong, the latest night (None: none yet), cases by status, letters by state.

    `declared`: the open cases of which a report is declared and not confirmed. `quiet`: the names of the spans
    without letters that the latest night lies in, each with its last day.
    `yesterday`: what became of its promises (None: no night yet).
    `judged_at` and `sent_at`: when the latest night was judged, and when a letter last left (None: not lately).
    """

    troubles: Sequence[Trouble]
    night: NightRow | None
    judged_at: datetime | None
    sent_at: datetime | None
    cases: Mapping[CaseStatus, int]
    declared: int
    letters: Mapping[LetterState, int]
    yesterday: Promises | None
    quiet: Sequence[tuple[str, date]] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether something is wrong, or a promise of yesterday was not kept."""
        return bool(self.troubles) or (self.yesterday is not None and not self.yesterday.kept)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        night = self.night
        return {
            "night": {"as_of": night.as_of, "state": night.state, **night.summary} if night else None,
            "cases": {status.value: number for status, number in self.cases.items()},
            "quiet": [{"name": name, "until": until} for name, until in self.quiet],
            "declared": self.declared,
            "letters": {state.value: number for state, number in self.letters.items()},
            "judged_at": self.judged_at,
            "sent_at": self.sent_at,
            "yesterday": asdict(self.yesterday) | {"kept": self.yesterday.kept} if self.yesterday else None,
            "troubles": [asdict(trouble) for trouble in self.troubles],
        }

    def text(self) -> Text:
        """For people."""
        return Text(self._in("vi"), english(self._in("en")))

    def _in(self, language: str) -> str:
        """The lines in one language; of what is stored, the night's items, both languages stand in each."""
        # Two states have one word, and so one number.
        by_word: Counter[str] = Counter()
        for state, number in self.letters.items():
            by_word[LETTER_WORDS[state].in_(language)] += number
        letters = ", ".join(f"{word} {number}" for word, number in by_word.items() if number)
        live = sum(number for status, number in self.cases.items() if status is not CaseStatus.CLOSED)
        waiting = [(words, self.cases[status]) for status, words in _WAITS.items()]
        waiting.append((_DECLARED, self.declared))
        waits = ", ".join(f"{words.in_(language)} {number}" for words, number in waiting if number)
        values = {
            "night": "" if self.night is None else f"{self.night.as_of:%d/%m/%Y} ({self.night.state})",
            "judged": _at(self.judged_at, _JUDGED_AT).in_(language),
            "live": live,
            "waits": f" ({waits})" if waits else "",
            "closed": self.cases[CaseStatus.CLOSED],
            "letters": letters or _NONE.in_(language),
            "left": _at(self.sent_at, _SENT_AT).in_(language),
        }
        lines = [
            *(trouble.line() for trouble in self.troubles),
            *([self.yesterday.line()] if self.yesterday else []),
            (_NIGHT if self.night else _NO_NIGHT).in_(language).format_map(values),
            *(_quiet(name, until).in_(language) for name, until in self.quiet),
            *(line.in_(language).format_map(values) for line in (_CASES, _LETTERS)),
        ]
        lines += [f"  - {line}" for line in (self.night.summary["lines"] if self.night else ())]
        return "\n".join(lines)


def state(environment: Mapping[str, str], now: datetime) -> StatusReport:
    """Reads the state at `now` from the configured database, which it never upgrades."""
    given = settings.load(environment)
    with settings.read_only(given) as conn:
        return stored(conn, given.rules, now, given.heartbeat)


def stored(conn: Connection, rules: Path, now: datetime, heart: Heartbeat) -> StatusReport:
    """The state at `now` that a database holds; `rules` is the folder with the sending hours and the sources."""
    latest = nights.latest(conn)
    night = nights.judged(conn, latest) if latest else None
    return StatusReport(
        troubles(conn, night, sending_hours(rules), now),
        night,
        logged.judged_at(conn, latest) if latest else None,
        outbox.accepted_at(conn, now.astimezone(ZONE).date() - _REMEMBERED),
        cases.counts(conn),
        len(acts.declared_cases(conn, nights.names_of(conn, tasks.stored_rules(conn)))),
        outbox.counts(conn),
        _yesterday(conn, latest, rules, now, heart) if latest else None,
        logged.quiet_spans(conn, latest) if latest else (),
    )


def _yesterday(conn: Connection, latest: date, rules: Path, now: datetime, heart: Heartbeat) -> Promises:
    due = due_night(now)
    try:
        sources = [source.id for source in load_sources(rules)]
    except RulesRefused:
        # Nothing is pulled then, which the night says.
        sources = ["sources.yaml"]
    return promises(
        conn,
        now.astimezone(ZONE).date() - timedelta(days=1),
        cutoff_of(due),
        sources,
        now,
        judged=latest >= due,
        heartbeat=given_since(heart, cutoff_of(due)),
    )


def _quiet(name: str, until: date) -> Text:
    return Text.join(": ", (labels.QUIET, web_pages.quiet(name, until)))


def _at(when: datetime | None, said: Text) -> Text:
    """When something happened, in words; nothing when it has not."""
    if when is None:
        return NO_TEXT
    at = instant(when.astimezone(ZONE))
    return Text(said.vi.replace("{at}", at.vi), said.en.replace("{at}", at.en))


def unsettled(environment: Mapping[str, str]) -> list[LetterStatus]:
    """Every letter that was not sent."""
    with settings.read_only(settings.load(environment)) as conn:
        return outbox.listing(conn, [each for each in LetterState if each not in _SETTLED])
