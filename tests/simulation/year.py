"""A year of a town, night by night: answers by every door, outages, letters that come back, units that end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from dondoc.engine.domain.acts import Door
from dondoc.engine.judge.excused import Excused
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import orgchart
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from tests.simulation.incoming import Incoming
from tests.simulation.invariants import Watch
from tests.support.drawn_acts import Talking
from tests.support.drawn_edits import edited, waived
from tests.support.drawn_heirs import Ended
from tests.support.pasts import PACKS, lived, pack
from tests.support.scripted_server import DROP, Scripted, played_beside
from tests.support.town import Town, rules

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# What a mail server answers on a bad morning, by command; texts split by `|` are said in turn.
AWAY: Mapping[str, str] = {"BANNER": "421 4.3.2 closing"}
MOODS: tuple[Mapping[str, str], ...] = (
    AWAY,
    {"MAIL": "550 5.1.0 sender rejected"},
    {"RCPT": "451 4.7.1 greylisted, try later"},
    {"RCPT": "250 2.1.5 ok|452 4.2.2 mailbox full|250 2.1.5 ok"},
    {"RCPT": "550 5.1.1 no such user|250 2.1.5 ok"},
    {"RCPT": "550 5.1.1 no such user|550 5.1.1 no such user|550 5.1.1 no such user|250 2.1.5 ok"},
    {"RCPT": "250 2.1.5 ok|550 5.1.1 no such user|250 2.1.5 ok|550 5.2.1 disabled|250 2.1.5 ok"},
    {"DATA": "354 go on|554 5.6.0 not like this|354 go on"},
    {"DOT": f"250 2.0.0 ok|{DROP}|250 2.0.0 ok"},
    {"DOT": "250 2.0.0 ok|451 4.3.0 try later|250 2.0.0 ok"},
)
# How often the server is in a bad mood, we are out, offices answer (at all; of how many cases), a case is excused.
_BAD, _OUT, _TALK, _ANSWER, _EXCUSE = 0.25, 0.05, 0.8, 0.05, 0.03
# How often it goes away for days.
_GONE = 0.02


@dataclass
class Year:
    """One year of one pack from its first day; `broken` has every invariant that did not hold, in words."""

    directive: str
    first: date
    seed: int
    nights: int = 365
    broken: list[str] = field(default_factory=list)
    away_until: date = date.min

    @classmethod
    def of(cls, seed: int, nights: int = 365) -> Year:
        """The year of a seed: the packs take turns."""
        directive = sorted(PACKS)[seed % len(PACKS)]
        return cls(directive, PACKS[directive], seed, nights)

    def live(self) -> list[str]:
        """Plays it; what was broken, with the night."""
        drawn = Random(self.seed)
        town = Town.founded(pack(rules(), self.directive))
        with reading(town.engine) as conn:
            chart = orgchart.chart(conn, steps.cutoff_of(self.first))
        ended = Ended(town, Random(drawn.random()))
        ended.draw(chart, self.first)
        last = self.first + self.nights * _DAY
        lived(town, drawn, self.first, last)
        talking = Talking(town, Random(drawn.random()), _TALK, _ANSWER, (Door.COMMAND, Door.LINK))
        incoming = Incoming(town, Random(drawn.random()))
        watch = Watch(town.engine)
        edit = self.first + drawn.randrange(30, 300) * _DAY
        for night in _nights(drawn, self.first, last):
            if edit <= night:
                town.book, edit = edited(town.book, drawn), date.max
            if drawn.random() < _EXCUSE and night != self.first:
                town.book = waived(town, drawn)
            planned = steps.plan_nights(town.engine, night)
            # The first was judged when the town's past was drawn.
            for one in () if isinstance(planned, NightReport) else planned:
                steps.judge_night(town.engine, town.book, one)
                self.broken += watch.after_a_night(one.as_of)
            ended.decide(night)
            talking.say(night)
            self._mornings(town, drawn, night)
            incoming.come(night)
            self.broken += watch.after_a_morning(night)
        self.broken += watch.at_the_end()
        return self.broken

    def _mornings(self, town: Town, drawn: Random, night: date) -> None:
        """One to three deliveries of a day: on most days one that nothing disturbs."""
        for hour, mood in enumerate(self._moods(drawn, night)):
            with played_beside(Scripted(mood)) as port:
                _deliver(town, port, due_from(night) + 3 * hour * _HOUR)

    def _moods(self, drawn: Random, night: date) -> list[Mapping[str, str]]:
        """Those of the mail server on the deliveries of a day."""
        if drawn.random() < _GONE:
            self.away_until = night + drawn.randrange(3, 8) * _DAY
        if night <= self.away_until:
            return [AWAY]
        if drawn.random() >= _BAD:
            return [{}]
        later: list[Mapping[str, str]] = [drawn.choice(MOODS), {}]
        return [drawn.choice(MOODS), *later[drawn.randrange(3) :]]


def _deliver(town: Town, port: int, at: datetime) -> None:
    shift = at - datetime.now(UTC)
    smtp = SmtpSettings("127.0.0.1", port, Tls.PLAIN)
    deliver.deliver(
        town.engine, town.book.mail, smtp, lambda: datetime.now(UTC) + shift, excused=Excused(town.book)
    )


def _nights(drawn: Random, first: date, last: date) -> Iterator[date]:
    """The nights on which the service runs: now and then it is away for some, once in a while for weeks."""
    night = first
    while night < last:
        yield night
        night += (1 + (drawn.choice((1, 2, 4, 30)) if drawn.random() < _OUT else 0)) * _DAY
