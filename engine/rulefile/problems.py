"""The sheet of a rule file while it is read: its problems, and the ids that it defines and mentions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Protocol

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.errors import Problem

_SHOWN = 60


class Unread(Exception):
    """A node could not be read; its problem is already on the sheet."""


class Location(Protocol):
    """A place in a file; line and column count from 1."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column, in characters."""


class IdKind(StrEnum):
    """The kind of thing that an id names, where one part of the rules refers to another."""

    LADDER = "ladder"
    CALENDAR = "calendar"
    INDICATOR = "indicator"
    OCCASION = "occasion"
    RULE = "rule"
    DIRECTIVE = "directive"
    UNIT = "unit"
    REPORT = "report"
    ACTIVITY = "activity"

    @property
    def noun(self) -> Text:
        """Its name in a message."""
        return _NOUNS[self]


_NOUNS = {
    IdKind.LADDER: Text("thang đôn đốc", "ladder"),
    IdKind.CALENDAR: Text("lịch", "calendar"),
    IdKind.INDICATOR: Text("chỉ tiêu", "indicator"),
    IdKind.OCCASION: Text("ngày lễ", "occasion"),
    IdKind.RULE: Text("quy tắc", "rule"),
    IdKind.DIRECTIVE: Text("văn bản", "directive"),
    IdKind.UNIT: Text("đơn vị", "unit"),
    IdKind.REPORT: Text("quy tắc về báo cáo hay việc", "rule on the report or task"),
    IdKind.ACTIVITY: Text("quy tắc về hoạt động", "rule on the activity"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an id is named, to be looked up once every file has been read."""

    kind: IdKind
    id: str
    file: str
    line: int
    column: int


@dataclass(slots=True)
class ProblemSheet:
    """Collects problems and ids while one file is read. `file` is its path as printed in a problem."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    defined: dict[IdKind, set[str]] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def say(self, at: Location, code: str, vi: str, en: str) -> Unread:
        """Notes a problem; raise the result if the node has no usable value."""
        self.problems.append(Problem(self.file, at.line, at.column, code, vi, en))
        return Unread()

    def mention(self, kind: IdKind, name: str, at: Location) -> None:
        """Notes that an id is named here."""
        self.mentions.append(Mention(kind, name, self.file, at.line, at.column))

    def define(self, kind: IdKind, names: Iterable[str]) -> None:
        """Notes that this file defines these ids, whether or not their values can be read."""
        self.defined.setdefault(kind, set()).update(names)

    def locate(self, kind: IdKind, name: str, at: Location) -> None:
        """Notes where an id that others may name is defined."""
        self.places[kind, name] = f"{self.file}:{at.line}:{at.column}"


def shown(text: str) -> str:
    """A word from a file as a message quotes it, cut to 60 characters."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to `word`; None: none is near."""
    found = get_close_matches(word[:_SHOWN], list(known), n=1)
    return found[0] if found else None


def advice(word: str, known: Iterable[str], otherwise: Text | None = None) -> Text:
    """The end of a message about an unknown word: did you mean, else `otherwise`, else nothing."""
    guess = near(word, known)
    if guess is not None:
        return Text(f"; có phải «{guess}»?", f"; did you mean '{guess}'?")
    return otherwise or NO_TEXT
