"""The project's errors: each carries what the person who must act needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import ClassVar


class Remedy(Enum):
    """What helps: fix the rules or the data, call the command differently, try again later, or nothing at all."""

    FIX_INPUT = auto()
    USAGE = auto()
    LATER = auto()
    NOTHING = auto()


class DonDocError(Exception):
    """The base of every error this project raises; its text tells a person what is wrong and what to do.

    `remedy` tells a program the same: it sets the exit code of a command.
    """

    remedy: ClassVar[Remedy] = Remedy.FIX_INPUT


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one place of one file, in both languages; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    code: str
    vi: str
    en: str

    def text(self, language: str = "vi") -> str:
        """`file:line:col: message`, in Vietnamese ("vi") or English ("en")."""
        return f"{self.file}:{self.line}:{self.column}: {self.vi if language == 'vi' else self.en}"


class RulesRefused(DonDocError):
    """The rule folder has problems, so none of it is used. Carries every problem, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problem.text() for problem in problems))


class CalendarUncovered(DonDocError):
    """A date lies outside the years that a calendar covers; a guess would put wrong dates on letters."""

    def __init__(self, calendar: str, asked: date, first: date, last: date) -> None:
        self.calendar, self.asked, self.first, self.last = calendar, asked, first, last
        super().__init__(
            f"Lịch «{calendar}» chỉ có từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}, không có ngày {asked:%d/%m/%Y}. "
            f"Bổ sung ngày nghỉ vào rules/calendar.yaml rồi chạy lại. "
            f"(Calendar {calendar!r} covers {first} to {last} and not {asked}: extend rules/calendar.yaml.)"
        )


class ChartRefused(DonDocError):
    """The organisation chart contradicts itself: a cycle, two parents, an overlap. Carries one line per fault."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class EngineFault(DonDocError):
    """durable_rules failed on a chunk of facts; carries the name of the shape and what happened."""

    def __init__(self, shape: str, seen: str) -> None:
        self.shape, self.seen = shape, seen
        super().__init__(f"durable_rules, {shape}: {seen}")
