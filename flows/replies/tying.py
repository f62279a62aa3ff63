"""Which office answers, and about which case: by the letter that a mail answers, by codes, and by its sender."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dondoc.engine.domain.answers import AnsweredLetter
from dondoc.engine.domain.orgchart import OrgChart

_CODE = re.compile(r"(?<![\w/-])[A-Za-z]{1,10}[0-9]{2}-[0-9]{3,8}(?![\w/-])")
_SET_OFF = re.compile(rf"\(?{_CODE.pattern}\)?[:;,]?")
_MOST_CODES = 20


class Untied(StrEnum):
    """Why it is not certain who answers, or about what."""

    SENDER_UNKNOWN = "sender-unknown"
    SEVERAL_OFFICES = "several-offices"
    NO_CASE = "no-case"
    SEVERAL_CASES = "several-cases"


@dataclass(frozen=True, slots=True)
class Tie:
    """The office and the case, empty where they are not certain; `why` then says so."""

    office: str
    case: str
    why: Untied | None = None


def codes_in(text: str) -> tuple[str, ...]:
    """What is written like the code of a case, in capitals, at most twenty."""
    found = dict.fromkeys(code.upper() for code in _CODE.findall(text))
    return tuple(found)[:_MOST_CODES]


def without_codes(text: str) -> str:
    """The text without codes of cases and what sets them off: an act stands beside its case anyway."""
    return " ".join(_SET_OFF.sub(" ", text).split())


def offices_at(chart: OrgChart, address: str, on: date) -> tuple[str, ...]:
    """The offices that have this mailbox on a day, in any of its roles."""
    mine = (box for box in chart.mailboxes if box.address.casefold() == address and box.valid(on))
    return tuple(sorted({box.unit for box in mine}))


def tied(
    offices: Sequence[str], letter: AnsweredLetter | None, in_words: Sequence[str], in_subject: Sequence[str]
) -> Tie:
    """Ties an answer; `in_words` and `in_subject` are the codes of cases that exist, `offices` the sender's.

    What the sender wrote decides before the letter that it answers, and that before a subject, which names
    only the oldest of a letter's cases.
    """
    if not offices:
        return Tie("", "", Untied.SENDER_UNKNOWN)
    told = letter.told if letter is not None else {}
    mine = [code for code, readers in told.items() if set(readers) & set(offices)]
    cases = list(in_words) or mine or list(told) or list(in_subject)
    case = cases[0] if len(cases) == 1 else ""
    # A mailbox that offices share: the one that the letter told of this case.
    readers = {reader for code in ([case] if case else told) for reader in told.get(code, ())}
    heard = [office for office in offices if office in readers] or list(offices)
    office = heard[0] if len(heard) == 1 else ""
    if not case:
        return Tie(office, "", Untied.SEVERAL_CASES if cases else Untied.NO_CASE)
    return Tie(office, case, None if office else Untied.SEVERAL_OFFICES)
