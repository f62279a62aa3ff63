"""`dondoc register`: every obligation of the directives, judged or not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import ObligationStatus
from dondoc.flows.cli.console import AsJson, say, say_json, spoken
from dondoc.flows.cli.language import in_language

if TYPE_CHECKING:
    from rich.table import Table

    from dondoc.engine.domain.rulebook import Directive
    from dondoc.flows.records.register import Listing, ObligationRow

# The width of a table that is written to a file or another program.
_WIDTH = 120
_STATUS = {
    ObligationStatus.JUDGED: Text("xét theo văn bản", "judged by the text"),
    ObligationStatus.ASSUMED: Text("xét theo giả định", "judged as assumed"),
    ObligationStatus.SET: Text("xét theo mức đã đặt", "judged by a level that was set"),
    ObligationStatus.WAITING: Text("chờ thông số", "waiting for a parameter"),
    ObligationStatus.EVIDENCE: Text("lưu minh chứng", "evidence is kept"),
}
_CLAUSE, _ID, _WHAT = Text("Khoản", "Clause"), Text("Mã", "Id"), Text("Nội dung", "Obligation")
_WHO, _STANDS = Text("Đơn vị", "Units"), Text("Tình trạng", "Status")
_COUNTED = Text("Đúng hạn / muộn / còn hạn / quá hạn", "On time / late / in time / overdue")
_SHEET = (Text("Văn bản", "Directive"), _CLAUSE, _ID, _WHAT, _WHO, _STANDS)
_SHEET_COUNTED = (
    *(Text("Đúng hạn", "On time"), Text("Muộn", "Late")),
    *(Text("Còn hạn", "In time"), Text("Quá hạn", "Overdue")),
)


def register(
    directive: Annotated[
        str | None, typer.Option(metavar="NAME", help="Một văn bản: số, mã hoặc tên tệp. (One directive.)")
    ] = None,
    status: Annotated[
        ObligationStatus | None, typer.Option(help="Chỉ một tình trạng. (One status alone.)")
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(metavar="UNIT", help="Một đơn vị: mã, hoặc chữ trong tên. (One unit: id or words.)"),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Ghi ra tệp CSV cho Excel. (Writes a CSV file.)")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Sổ theo dõi: mọi nội dung văn bản yêu cầu, có xét hay không. (Every obligation, judged or not.)"""
    from dondoc.flows.records.register import RegisterFilter, listing

    with spoken():
        found = listing(os.environ, RegisterFilter(directive, status, unit))
        if csv is not None:
            _write(csv, found)
        elif as_json:
            say_json(found.as_json())
        else:
            show(found)


def show(found: Listing) -> None:
    """Prints the list, a table for each directive, and its sums."""
    from rich.console import Console

    # A name or a text of the rules may hold brackets, which are no markup.
    screen = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _WIDTH)
    for directive, rows in found.rows:
        screen.print(f"\n{_title(directive, found)}", style="bold")
        screen.print(_table(rows))
    for line in _sums(found):
        say(line)


def _title(directive: Directive, found: Listing) -> str:
    from dondoc.notifications.wording.numbers import day

    last = directive.in_force_until
    said = Text.format(
        "{kind}{number}{issued} · {issuer} · hiệu lực từ {first}{until}",
        "{kind}{number}{issued} · {issuer} · in force from {first}{until}",
        kind=directive.kind,
        number=f" {directive.number}" if directive.number else "",
        issued=f", {day(directive.issued)}" if directive.issued else "",
        issuer=found.issuers[directive.id],
        first=day(directive.in_force_from),
        until=Text.format(" đến {last}", " until {last}", last=day(last)) if last else NO_TEXT,
    )
    return in_language(said)


def _table(rows: tuple[ObligationRow, ...]) -> Table:
    from rich.table import Table

    counted = any(row.counts for row in rows)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head, share in ((_CLAUSE, 2), (_ID, 3), (_WHAT, 10), (_WHO, 7), (_STANDS, 6)):
        table.add_column(in_language(head), ratio=share, no_wrap=share < 4, overflow="fold")  # noqa: PLR2004 - the short ones
    if counted:
        table.add_column(in_language(_COUNTED), justify="right")
    for row in rows:
        what = in_language(Text.join("\n", row.obligation.what))
        cells = [row.obligation.clause, row.obligation.id, what, in_language(row.who), _stands(row)]
        table.add_row(*cells, *([_counts(row)] if counted else []))
    return table


def _stands(row: ObligationRow) -> str:
    one, waits = row.obligation, NO_TEXT
    if one.waits_for and one.status is ObligationStatus.WAITING:
        waits = Text.format(": {what}", what=one.waits_for)
    said = Text.format(
        "{status}{waits}{example}{blanks}",
        status=_STATUS[one.status],
        waits=waits,
        example=Text(" (có ngưỡng ví dụ)", " (with an invented limit)") if one.examples else NO_TEXT,
        blanks=_blanks(one.blanks),
    )
    return in_language(said)


def _blanks(places: tuple[str, ...]) -> Text:
    """Where to fill in the blanks: the file and its lines."""
    if not places:
        return NO_TEXT
    file = places[0].rsplit(":", 2)[0].rpartition("/")[2]
    lines = ", ".join(place.rsplit(":", 2)[1] for place in places)
    return Text.format("; điền ở {file}:{lines}", "; fill in {file}:{lines}", file=file, lines=lines)


def _counts(row: ObligationRow) -> str:
    return " / ".join(_numbers(row)) if row.counts else ""


def _numbers(row: ObligationRow) -> tuple[str, str, str, str]:
    """The counts of an obligation, in the order of their headings; empty where nothing is counted."""
    counts = row.counts
    if counts is None:
        return "", "", "", ""
    return str(counts.on_time), str(counts.late), str(counts.in_time), str(counts.overdue)


def _sums(found: Listing) -> list[Text]:
    """How many obligations there are, and how many of them no rule judges."""
    judged, assumed, at_a_level, waiting, evidence = (found.tally[status] for status in ObligationStatus)
    tracked = waiting + evidence
    total = judged + assumed + at_a_level + tracked
    lines = [NO_TEXT]
    if found.shown < total:
        lines.append(Text.format("Đang xem {n} nội dung. (Shown: {n}.)", "Shown: {n}.", n=found.shown))
    lines.append(
        Text.format(
            "{total} nội dung của mọi văn bản: {seen} được xét ({judged} theo văn bản, {assumed} theo giả định, "
            "{level} theo mức đã đặt); {tracked} chỉ theo dõi, không xét: {waiting} chờ thông số, {evidence} chỉ "
            "lưu minh chứng. ({total} obligations: {seen} judged; {tracked} tracked and not judged, {waiting} of "
            "them for want of a parameter.)",
            "{total} obligations of all directives: {seen} judged ({judged} by the text, {assumed} as assumed, "
            "{level} by a level that was set); {tracked} tracked and not judged: {waiting} for want of a "
            "parameter, {evidence} with their evidence kept.",
            total=total,
            seen=total - tracked,
            judged=judged,
            assumed=assumed,
            level=at_a_level,
            tracked=tracked,
            waiting=waiting,
            evidence=evidence,
        )
    )
    if found.night is not None:
        vi, en = "Số đếm tính đến đêm {night}. (Counted as of that night.)", "Counted as of the night of {night}."
        lines.append(Text.format(vi, en, night=f"{found.night:%d/%m/%Y}"))
    return lines


def _write(file: Path, found: Listing) -> None:
    from dondoc.flows.records.csv_file import to_csv

    lines = [
        (
            directive.number or directive.id,
            one.clause,
            one.id,
            in_language(Text.join("; ", one.what)),
            in_language(row.who),
            _stands(row),
            *_numbers(row),
        )
        for directive, rows in found.rows
        for row in rows
        for one in (row.obligation,)
    ]
    head = tuple(map(in_language, (*_SHEET, *_SHEET_COUNTED)))
    file.write_bytes(to_csv([head, *lines]))
    vi, en = "Đã ghi {n} nội dung vào {file}. ({n} obligations written.)", "{n} obligations written into {file}."
    say(Text.format(vi, en, n=len(lines), file=str(file)))
