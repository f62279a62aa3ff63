"""One rule file while it is being read: the problems found in it, and the ids it defines and mentions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import Problem

_SHOWN = 60


class Unread(Exception):
    """A node could not be read; what is wrong with it has already been said."""


class Location(Protocol):
    """Anything that stands somewhere in a file; both count from 1."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column, in characters."""


class IdKind(StrEnum):
    """What an id may be the id of, when one part of the rules names another."""

    LADDER = "ladder"
    CALENDAR = "calendar"
    INDICATOR = "indicator"
    OCCASION = "occasion"
    RULE = "rule"
    UNIT = "unit"
    REPORT = "report"
    ACTIVITY = "activity"

    @property
    def noun(self) -> Text:
        """What it is called in a message."""
        return _NOUNS[self]


_NOUNS = {
    IdKind.LADDER: Text("thang đôn đốc", "ladder"),
    IdKind.CALENDAR: Text("lịch", "calendar"),
    IdKind.INDICATOR: Text("chỉ tiêu", "indicator"),
    IdKind.OCCASION: Text("ngày lễ", "occasion"),
    IdKind.RULE: Text("quy tắc", "rule"),
    IdKind.UNIT: Text("đơn vị", "unit"),
    IdKind.REPORT: Text("quy tắc về báo cáo hay việc", "rule on the report or task"),
    IdKind.ACTIVITY: Text("quy tắc về hoạt động", "rule on the activity"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """An id named somewhere, to be looked up when every file has been read."""

    kind: IdKind
    id: str
    file: str
    line: int
    column: int


@dataclass(slots=True)
class ProblemSheet:
    """Collects what reading one file brings up. `file` is its path as printed in a problem."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    defined: dict[IdKind, set[str]] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def say(self, at: Location, code: str, vi: str, en: str) -> Unread:
        """Note a problem; raise the result when nothing can be made of the node."""
        self.problems.append(Problem(self.file, at.line, at.column, code, vi, en))
        return Unread()

    def mention(self, kind: IdKind, name: str, at: Location) -> None:
        """Note that an id is named here."""
        self.mentions.append(Mention(kind, name, self.file, at.line, at.column))

    def define(self, kind: IdKind, names: Iterable[str]) -> None:
        """Note that this file defines these ids, whether or not what they stand for can be read."""
        self.defined.setdefault(kind, set()).update(names)

    def locate(self, kind: IdKind, name: str, at: Location) -> None:
        """Note where an id that others may name is defined."""
        self.places[kind, name] = f"{self.file}:{at.line}:{at.column}"


def shown(text: str) -> str:
    """A word from a file as a message quotes it: cut when it is long."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be."""
    found = get_close_matches(word[:_SHOWN], list(known), n=1)
    return found[0] if found else None


def advice(word: str, known: Iterable[str], otherwise: Text | None = None) -> Text:
    """The end of a message about an unknown word: did you mean, else `otherwise`, else nothing."""
    guess = near(word, known)
    if guess is not None:
        return Text(f"; có phải «{guess}»?", f"; did you mean '{guess}'?")
    return otherwise or Text("", "")
