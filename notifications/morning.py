"""How the service stands on a morning, as values: what the operator's letter and the page of the desk both say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum, auto

from dondoc.engine.domain.mail_policy import USUAL_HOURS
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import NightState


class Need(Enum):
    """Whether something needs a person: nothing does, it should be looked at, or something has to be done."""

    NOTHING = auto()
    LOOK = auto()
    ACT = auto()


@dataclass(frozen=True, slots=True)
class MorningLine:
    """One question about the morning and what is said to it; `remedy` is what to do and to type, if anything."""

    question: Text
    said: Text
    need: Need = Need.NOTHING
    remedy: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class LetterFate:
    """A letter that somebody has to see to: its office and night; `passed_on`: another letter carries it."""

    id: str
    office: str
    night: date
    passed_on: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of letters to offices since the operator's letter of the night `since` (None: there was none).

    `delivered`, `unknown`, `refused` and `expired` count those that ended or were settled since then, each once,
    by where it stands now; what a substitute carries counts as the substitute. `waiting` are past their time or
    were put off, and have not ended.

    Of the letters that can still leave, `leaving` are those of the night asked about, `again` those of nights
    before it; `held` are, by night, those that wait for the operator. `in_doubt` are all of unknown fate,
    `returned` by office the latest that was refused for good within two weeks, unless a later letter to that
    office has left.
    """

    since: date | None = None
    delivered: int = 0
    unknown: int = 0
    refused: int = 0
    expired: int = 0
    waiting: int = 0
    leaving: int = 0
    again: int = 0
    held: tuple[tuple[date, int], ...] = ()
    in_doubt: tuple[LetterFate, ...] = ()
    returned: tuple[LetterFate, ...] = ()

    @property
    def due(self) -> int:
        """How many letters were to arrive: those that ended, and those that still wait past their time."""
        return self.delivered + self.unknown + self.refused + self.expired + self.waiting


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """How a data source stands: when it last brought rows and how many (None: never), and what is amiss.

    `stale`: it has been silent for longer than it may. `failed`: its latest pull met a fault, or there was none
    for this night.
    """

    title: Text
    at: datetime | None
    rows: int
    stale: bool
    failed: bool

    @property
    def well(self) -> bool:
        """Whether it is fresh, and was pulled without a fault."""
        return not self.stale and not self.failed


@dataclass(frozen=True, slots=True)
class Morning:
    """How the service stands at an instant: its nights, its letters, its sources.

    `night` is the latest night and `state` how it went; `due` is the night that must have run by then. Since the
    operator's last letter `ran` nights have run, this one included; `missed` were too many to be caught up.
    `leaves` is when letters may leave, in Vietnam's time zone; `names` are those of the offices in `delivery`.
    """

    night: date
    due: date
    state: NightState
    ran: int = 1
    missed: int = 0
    delivery: Delivery = Delivery()
    sources: tuple[SourceStanding, ...] = ()
    leaves: time = USUAL_HOURS.opens
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, office: str) -> str:
        """The office's name; its id where there is none."""
        return self.names.get(office, office)
