"""Acts: what offices say of a case, as facts that are never changed.

An act says something of one case, on a day, by one office. A night knows the acts that were recorded before its
cut-off. An act that is taken back has no effect on any night after that, and stays on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The relation to a case of the unit to which it was delegated: an act names it, and no ladder does.
DELEGATE = "delegate"


class ActKind(StrEnum):
    """What an office says of a case.

    `acknowledged`: it knows of the case and deals with it. `explained`: it gives the reason, and promises a day.
    `extension-asked`: it asks for a later limit; `granted` or `refused` by the office that issued the directive or
    the task. `done`: it has handed in what is demanded, which counts as its report. `declared`: the same where the
    rule wants it confirmed; it counts once the office that receives it has `confirmed` it (else `not-confirmed`).
    `closed`: whoever follows the case up has the unit's report, which counts at once. `reopened`: that report is
    none, and the case goes on. `explanation-demanded`: an office that was told of the case wants the reason.
    `not-ours`: the matter is another unit's; who decides on that has `reassigned` it to that unit, or has
    `not-reassigned` it. `delegated`: the unit has one below it do the matter, and stays responsible itself.
    `taken-back`: what it said before holds no longer.
    """

    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    EXTENSION_ASKED = "extension-asked"
    EXTENSION_GRANTED = "extension-granted"
    EXTENSION_REFUSED = "extension-refused"
    DONE = "done"
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not-confirmed"
    DEMANDED = "explanation-demanded"
    CLOSED = "closed"
    REOPENED = "reopened"
    NOT_OURS = "not-ours"
    REASSIGNED = "reassigned"
    NOT_REASSIGNED = "not-reassigned"
    DELEGATED = "delegated"
    TAKEN_BACK = "taken-back"


class Door(StrEnum):
    """The way by which an act came: the operator's command line, the link of a letter, or an answer by mail."""

    COMMAND = "command"
    LINK = "link"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a case.

    `said_on` is the day on which the office said it, `recorded_on` the local day (Asia/Ho_Chi_Minh) of recording;
    `until` is the day that it promises, or the last day that it asks for or grants (None: none), `done_on` the day
    on which it says that it handed in (None: it says nothing of that), `about` the number of the act that it takes
    back, confirms or decides on (None: none), `to` the unit that it gives or delegates the matter to (None: none),
    `dated` the day of its document (None: not said). `words` are the office's own, one line without anybody's
    personal data. `known_on` is the first night that could know of it (None: not asked for). `by_link`: whoever
    held a link of the office's letters has said it.
    """

    number: int
    kind: ActKind
    office: str
    said_on: date
    recorded_on: date
    until: date | None = None
    words: str = ""
    document: str = ""
    about: int | None = None
    done_on: date | None = None
    known_on: date | None = None
    by_link: bool = False
    to: str | None = None
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The days, both ends inclusive, for which what an office has said holds the clock of a case."""

    first: date
    until: date


def standing(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts that nobody has taken back, in the order of recording."""
    acts = sorted(acts, key=lambda act: act.number)
    taken_back = {act.about for act in acts if act.kind is ActKind.TAKEN_BACK}
    return tuple(act for act in acts if act.kind is not ActKind.TAKEN_BACK and act.number not in taken_back)


def open_request(acts: Iterable[Act]) -> Act | None:
    """The latest extension that was asked for and that nobody has decided on since; None: there is none."""
    return _undecided(acts, ActKind.EXTENSION_ASKED, (ActKind.EXTENSION_GRANTED, ActKind.EXTENSION_REFUSED))


def disowned(acts: Iterable[Act]) -> Act | None:
    """The latest word that a matter is another unit's, while no office has decided on it; None: there is none."""
    return _undecided(acts, ActKind.NOT_OURS, (ActKind.REASSIGNED, ActKind.NOT_REASSIGNED))


def _undecided(acts: Iterable[Act], asked: ActKind, decided: Collection[ActKind]) -> Act | None:
    mine = [act for act in standing(acts) if act.kind is asked or act.kind in decided]
    return mine[-1] if mine and mine[-1].kind is asked else None


def decided_on(kind: ActKind, acts: Iterable[Act]) -> Act | None:
    """The act that one of this kind decides on, if it waits for that; None: none, or the kind decides on none."""
    if kind in (ActKind.CONFIRMED, ActKind.NOT_CONFIRMED):
        return unconfirmed(acts)
    return disowned(acts) if kind in (ActKind.REASSIGNED, ActKind.NOT_REASSIGNED) else None


def handed_over(acts: Iterable[Act], bearers: Collection[str]) -> Act | None:
    """The act that has given the matter of these units to another one; None: it is theirs."""
    latest = next((act for act in reversed(standing(acts)) if act.kind is ActKind.REASSIGNED), None)
    return latest if latest is not None and latest.to not in bearers else None


def delegation(acts: Iterable[Act]) -> Act | None:
    """The latest act by which the unit has one below it do the matter; None: it does it itself."""
    return next((act for act in reversed(standing(acts)) if act.kind is ActKind.DELEGATED), None)


def unconfirmed(acts: Iterable[Act]) -> Act | None:
    """The latest declaration, while no office has confirmed it or refused to; None: nothing waits for that."""
    acts = standing(acts)
    declared = next((act for act in reversed(acts) if act.kind is ActKind.DECLARED), None)
    answers = (ActKind.CONFIRMED, ActKind.NOT_CONFIRMED)
    if declared is None or any(act.kind in answers and act.about == declared.number for act in acts):
        return None
    return declared


# With what a unit breaks its silence after an explanation was demanded; that it knows of its case says nothing.
_SAYS_WHY = (ActKind.EXPLAINED, ActKind.EXTENSION_ASKED, ActKind.DONE, ActKind.DECLARED, ActKind.NOT_OURS)


def unexplained(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The demands for an explanation after which the unit has said nothing, in the order of recording."""
    acts = standing(acts)
    latest = max((act.number for act in acts if act.kind in _SAYS_WHY), default=0)
    return tuple(act for act in acts if act.kind is ActKind.DEMANDED and act.number > latest)
