"""Where the letter of an office goes: to its own mailbox, else to that of the nearest body above that has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dondoc.engine.domain.orgchart import OrgChart


@dataclass(frozen=True, slots=True)
class LetterAddress:
    """A mailbox, its languages, and the body whose mailbox the office borrows (None: it is its own).

    Offices with the same `letter` share one letter.
    """

    box: str
    languages: tuple[str, ...]
    forwarder: str | None
    letter: str


def address_of(chart: OrgChart, office: str, on: date) -> LetterAddress | None:
    """The address of an office on a day; None: no mailbox reaches it."""
    own = chart.mailbox(office, on)
    if own is not None:
        return LetterAddress(own.address, tuple(own.languages.split(",")), None, own.address.casefold())
    above = chart.forwarding(office, on)
    if above is None:
        return None
    body, box = above
    # A forwarded letter stays apart: it is not for the office whose mailbox it borrows.
    letter = f"{box.address.casefold()}|{office}"
    return LetterAddress(box.address, tuple(box.languages.split(",")), body, letter)
