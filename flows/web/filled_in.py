"""What somebody filled into a form, as typed and as an act to be said; and what of it was looked over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dondoc.engine.domain.acts import ActKind
from dondoc.flows.records.acts import Said

_VIETNAMESE_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_NUMBER = re.compile(r"[0-9]{1,9}")


class NotADay(ValueError):
    """What was typed in place of a day."""


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A form as it was typed; `about` is the number of the act that it takes back (empty: none)."""

    kind: ActKind
    about: str
    until: str = ""
    words: str = ""
    document: str = ""
    done_on: str = ""
    to: str = ""

    @classmethod
    def of(cls, kind: ActKind, given: Mapping[str, str]) -> FilledIn:
        """From the fields of a request; those that the form does not have are left out."""
        number = given.get("about", "")
        about = number if _NUMBER.fullmatch(number) else ""
        return cls(kind, about, *(given.get(name, "") for name in ("until", "words", "document", "done_on", "to")))

    def said(self, case: str, office: str, on: date, seen: int) -> Said:
        """The act. Raises `NotADay`."""
        about = int(self.about) if self.about else None
        until = _day(self.until) if self.until else None
        done_on = _day(self.done_on) if self.done_on else None
        to = self.to or None
        return Said(case, self.kind, office, on, until, self.words, self.document, about, done_on, seen, to)

    def content(self, on: str, seen: str) -> dict[str, str]:
        """What is sealed when it has been looked over, on a day and after the latest act that was seen then."""
        typed = {name: getattr(self, name) for name in ("until", "words", "document", "done_on", "to")}
        return {"kind": self.kind.value, "about": self.about, "on": on, "seen": seen, **typed}


def _day(typed: str) -> date:
    """A day as a browser sends it, 2015-04-30, or as people write it, 30/4/2015."""
    try:
        if found := _VIETNAMESE_DAY.fullmatch(typed):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(typed)
    except ValueError:
        raise NotADay(typed) from None
