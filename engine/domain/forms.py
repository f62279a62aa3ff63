"""The rows of a unit's forms, before they are filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from dondoc.engine.domain.model import Text


@dataclass(frozen=True, slots=True)
class CodeOption:
    """A value that a column takes: the code of a report, an activity or an indicator, and its title."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that is due. `last_day` is the last day in time, `subject` tells its occurrences apart.

    `task` is the ref of the imported task that it settles; empty for a demand of a rule.
    """

    choice: CodeOption
    subject: str
    last_day: date
    task: str = ""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A figure for a period, both days inclusive; without days where the unit fills in the period."""

    choice: CodeOption
    measure: Text
    period: str = ""
    first_day: date | None = None
    last_day: date | None = None


# A report, a kind of activity, or a figure.
FormRow = ReportRow | CodeOption | ReadingRow


@dataclass(slots=True)
class FormRows:
    """The rows of one unit's forms: `reports` and `readings` one by one, `activities` by kind.

    Reports are by (code, subject), readings by (code, period).
    """

    reports: dict[tuple[str, str], ReportRow] = field(default_factory=dict)
    activities: dict[str, CodeOption] = field(default_factory=dict)
    readings: dict[tuple[str, str], ReadingRow] = field(default_factory=dict)

    def add(self, row: FormRow) -> None:
        """Adds a row, unless there is one for the same already."""
        match row:
            case ReportRow():
                self.reports.setdefault((row.choice.code, row.subject), row)
            case CodeOption():
                self.activities.setdefault(row.code, row)
            case ReadingRow():
                self.readings.setdefault((row.choice.code, row.period), row)
            case _:
                assert_never(row)
