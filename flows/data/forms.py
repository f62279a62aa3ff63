"""The forms behind `dondoc form`: what the rules ask of each unit, filled with what it has reported already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from dondoc.engine.demands.form_rows import form_rows
from dondoc.engine.domain.demand import AHEAD, BEHIND
from dondoc.engine.domain.forms import CodeOption, FormRows, ReadingRow, ReportRow
from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.periods import label
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.domain.terms import Level
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.sources.forms.form import Form, FormSheet, Value, row_ref
from dondoc.engine.sources.forms.workbook import workbook
from dondoc.engine.sources.reading.cells import TITLED
from dondoc.engine.store.db.database import Connection
from dondoc.engine.store.intake.filled_forms import FilledForm, FilledReading, FilledTask, filled_form
from dondoc.engine.store.night import orgchart, trigger_events
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused, refuse_unknown_office

_FILES = {"submissions": "bao-cao", "activities": "hoat-dong", "readings": "so-lieu"}
_ALL = "bieu"
_MORE_REPORTS = 5
_LONGEST_TITLE = 200

_Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FormSelection:
    """Which forms to write: their kinds, for the named units or for every unit below a body and of a level.

    `on` is the day the forms are written for; `lines` how many empty rows an activity log has.
    """

    kinds: tuple[str, ...]
    on: date
    units: tuple[str, ...] = ()
    within: str | None = None
    level: Level | None = None
    lines: int = 30


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A form that was written: its unit, its file, and how many rows each sheet has."""

    unit: str
    unit_name: str
    file: Path
    rows: Mapping[str, int]


def write_forms(
    environment: Mapping[str, str], wanted: FormSelection, folder: Path, now: datetime
) -> list[WrittenForm]:
    """Writes one workbook for each unit into `folder`, which it creates; it overwrites no file.

    Before anything is written it raises `CallRefused` for a unit of which nothing is asked or a file that exists,
    `RulesRefused`, and the errors of a database.
    """
    given = settings.load(environment)
    book = load_rules(given.rules)
    if given.database_missing():
        raise CallRefused(
            "chưa có cơ sở dữ liệu: nạp các đơn vị trước (dondoc import). (No database: import the units first.)"
        )
    with settings.read_only(given) as conn:
        made = list(forms_in(conn, book, wanted, now))
    files = {form.unit: folder / _file_of(form, wanted) for form in made}
    _refuse_to_overwrite(list(files.values()))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for form in made:
        with files[form.unit].open("xb") as file:
            file.write(workbook(form))
        rows = {sheet.kind: len(sheet.rows) for sheet in form.sheets}
        written.append(WrittenForm(form.unit, form.unit_name, files[form.unit], rows))
    return written


def forms_in(conn: Connection, book: RuleBook, wanted: FormSelection, now: datetime) -> Iterator[Form]:
    """The forms as values, on a connection. Raises `CallRefused` for a unit of which nothing is asked."""
    chart = orgchart.chart(conn, now)
    numbers = orgchart.numbers(conn)
    happened = trigger_events.happenings(conn, book, wanted.on, now, numbers)
    asked = form_rows(book, chart, wanted.on, happened)
    yield from _forms(chart, asked, filled_form(conn, numbers.ids, wanted.on - BEHIND), wanted)


def _forms(
    chart: OrgChart, asked: Mapping[str, FormRows], known: Mapping[str, FilledForm], wanted: FormSelection
) -> Iterator[Form]:
    some = False
    for unit in wanted.units or _selected(chart, asked, known, wanted):
        if unit in wanted.units:
            refuse_unknown_office(unit, chart.units)
        maker = _Maker(unit, wanted, asked.get(unit, FormRows()), known.get(unit, FilledForm()))
        sheets = tuple(sheet for kind in wanted.kinds if (sheet := maker.sheet(kind)) is not None)
        if sheets:
            some = True
            yield Form(unit, chart.units[unit].name(wanted.on).vi, wanted.on, sheets)
        elif wanted.units:
            raise _nothing_asked(f"đơn vị «{unit}»", wanted.on)
    if not some:
        raise _nothing_asked("đơn vị nào trong số này", wanted.on)


def _selected(
    chart: OrgChart, asked: Mapping[str, FormRows], known: Mapping[str, FilledForm], wanted: FormSelection
) -> Iterator[str]:
    """The units of which something is asked and that the selection includes, by id."""
    if wanted.within is not None:
        refuse_unknown_office(wanted.within, chart.units)
    meant = set(chart.select(kind=None, level=wanted.level, within=wanted.within, on=wanted.on))
    for unit in sorted({*asked, *(unit for unit, one in known.items() if one.assigned)}):
        if unit in meant:
            yield unit


def _nothing_asked(whom: str, on: date) -> CallRefused:
    return CallRefused(
        f"Quy tắc có hiệu lực ngày {on:%d/%m/%Y} không yêu cầu {whom} điền biểu này; xem dondoc register, hoặc "
        f"chọn ngày khác bằng --on. (Nothing is asked of them on {on}: see dondoc register, or give another day.)"
    )


def _refuse_to_overwrite(files: Sequence[Path]) -> None:
    there = [file for file in files if file.exists()]
    if there:
        raise CallRefused(
            f"đã có {there[0]}{f' và {len(there) - 1} tệp khác' if there[1:] else ''}, có thể đã được điền; chọn "
            "--folder khác. (A file exists and may be filled in: choose another --folder.)"
        )


def _file_of(form: Form, wanted: FormSelection) -> str:
    word = _FILES[wanted.kinds[0]] if len(wanted.kinds) == 1 else _ALL
    return f"{word}-{form.unit}-{wanted.on:%Y%m%d}.xlsx"


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the sheets of one unit's form."""

    unit: str
    wanted: FormSelection
    asked: FormRows
    known: FilledForm

    def sheet(self, kind: str) -> FormSheet | None:
        """The sheet of a kind; None when nothing of it is asked."""
        rows, choices = {"submissions": self._reports, "activities": self._activities, "readings": self._readings}[
            kind
        ]()
        if not rows:
            return None
        return FormSheet(kind, tuple(rows), choices)

    @property
    def _recent(self) -> date:
        return self.wanted.on - AHEAD

    def _new_ref(self, kind: str, number: int) -> str:
        """The ref of an empty row, made of the unit and the day of the form."""
        return row_ref(self.unit, f"{self.wanted.on:%Y%m%d}", _FILES[kind], f"{number:02d}")

    def _reports(self) -> tuple[list[_Row], tuple[str, ...]]:
        waiting = [*self.asked.reports.values(), *map(self._task, self.known.assigned)]
        titles: dict[str, list[str]] = {}
        for blank in waiting:
            titles.setdefault(blank.choice.code, []).append(blank.choice.title.vi)
        called = {code: _joined(names) for code, names in titles.items()}
        rows: list[_Row] = []
        reported = dict(self.known.submitted)
        for blank in sorted(waiting, key=lambda blank: (blank.last_day, blank.choice.code, blank.subject)):
            ref = row_ref(self.unit, blank.choice.code, blank.subject)
            before = reported.pop(ref, None)
            if self._settled(blank) if before is None else blank.last_day < self._recent:
                continue
            rows.append(
                {
                    "report": _offered(blank.choice.code, blank.choice.title.vi),
                    "deadline": blank.last_day,
                    "submitted_on": before.submitted_on if before else None,
                    "document": (before.document or None) if before else None,
                    # Filled in late, it must not be counted for a nearer one (decision 12).
                    "task": blank.task or blank.subject,
                    "ref": ref,
                }
            )
        if not waiting:
            return [], ()
        rows += [
            {
                "report": _offered(one.report, called.get(one.report, "")),
                "submitted_on": one.submitted_on,
                "document": one.document or None,
                "task": one.task or None,
                "ref": one.ref,
            }
            for one in reported.values()
            if one.submitted_on >= self._recent
        ]
        rows += [{"ref": self._new_ref("submissions", number)} for number in range(1, _MORE_REPORTS + 1)]
        return rows, tuple(_offered(code, title) for code, title in sorted(called.items()))

    def _task(self, one: FilledTask) -> ReportRow:
        return ReportRow(CodeOption(one.task, Text(one.title, one.title_en)), one.ref, one.last_day, one.ref)

    def _settled(self, blank: ReportRow) -> bool:
        return (blank.choice.code, blank.subject) in self.known.settled

    def _activities(self) -> tuple[list[_Row], tuple[str, ...]]:
        choices = self.asked.activities
        if not choices:
            return [], ()
        rows: list[_Row] = [
            {
                "activity": _offered(
                    one.activity, choices[one.activity].title.vi if one.activity in choices else ""
                ),
                "done_on": one.done_on,
                "quantity": one.quantity,
                "ref": one.ref,
            }
            for one in self.known.done
            if one.done_on >= self._recent
        ]
        taken = {row["ref"] for row in rows}
        fresh = (self._new_ref("activities", number) for number in range(1, self.wanted.lines + len(rows) + 1))
        rows += [{"ref": ref} for ref in fresh if ref not in taken][: self.wanted.lines]
        return rows, tuple(_offered(one.code, one.title.vi) for _, one in sorted(choices.items()))

    def _readings(self) -> tuple[list[_Row], tuple[str, ...]]:
        rows: list[_Row] = []
        for blank in sorted(self.asked.readings.values(), key=lambda one: (one.choice.code, one.period)):
            rows += self._of_period(blank) if blank.period else self._of_any_period(blank)
        return rows, ()

    def _of_period(self, blank: ReadingRow) -> list[_Row]:
        """The one row of a period: with the known figure, to correct it, or empty. No row once it is settled."""
        reported = [
            one for one in self._read(blank) if one.first_day == blank.first_day and one.last_day == blank.last_day
        ]
        assert blank.last_day is not None
        if reported and blank.last_day < self._recent:
            return []
        ref = reported[0].ref if reported else row_ref(self.unit, blank.choice.code, blank.period)
        figure = reported[0] if reported else None
        return [self._figure(blank, ref, blank.first_day, blank.last_day, figure)]

    def _of_any_period(self, blank: ReadingRow) -> list[_Row]:
        """The recent figures, and one row for the next."""
        reported = [one for one in self._read(blank) if one.last_day >= self._recent]
        rows: list[_Row] = [self._figure(blank, one.ref, one.first_day, one.last_day, one) for one in reported]
        fresh = row_ref(self.unit, blank.choice.code, f"{self.wanted.on:%Y%m%d}")
        return (
            rows
            if fresh in {one.ref for one in reported}
            else [*rows, self._figure(blank, fresh, None, None, None)]
        )

    def _read(self, blank: ReadingRow) -> list[FilledReading]:
        return [one for one in self.known.read if one.indicator == blank.choice.code]

    @staticmethod
    def _figure(
        blank: ReadingRow, ref: str, first: date | None, last: date | None, reported: FilledReading | None
    ) -> dict[str, Value]:
        return {
            "indicator": _offered(blank.choice.code, blank.choice.title.vi),
            "measure": blank.measure.vi,
            "period": label(blank.period) if blank.period else None,
            "first_day": first,
            "last_day": last,
            "value": Decimal(reported.value) / SCALE if reported else None,
            "source": (reported.source or None) if reported else None,
            "ref": ref,
        }


def _offered(code: str, title: str) -> str:
    """A code with its title, as a drop-down offers it and the import reads it."""
    return f"{code}{TITLED}{title}" if title else code


def _joined(titles: Sequence[str]) -> str:
    """One title for a kind of report that is asked under several titles."""
    return " / ".join(dict.fromkeys(titles))[:_LONGEST_TITLE]
