"""`dondoc register`: every obligation of the directives, judged or not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.terms import ObligationStatus
from dondoc.flows.cli.console import AsJson, say, say_json, spoken

if TYPE_CHECKING:
    from rich.table import Table

    from dondoc.engine.domain.rulebook import Directive
    from dondoc.flows.records.register import Listing, ObligationRow

# The width of a table that is written to a file or another program.
_WIDTH = 120
_STATUS = {
    ObligationStatus.JUDGED: "xét theo văn bản",
    ObligationStatus.ASSUMED: "xét theo giả định",
    ObligationStatus.SET: "xét theo mức đã đặt",
    ObligationStatus.WAITING: "chờ thông số",
    ObligationStatus.EVIDENCE: "lưu minh chứng",
}


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

    number = f" {directive.number}" if directive.number else ""
    issued = f", {day(directive.issued)}" if directive.issued else ""
    first, last = directive.in_force_from, directive.in_force_until
    until = f" đến {day(last)}" if last else ""
    issuer = found.issuers[directive.id]
    return f"{directive.kind.vi}{number}{issued} · {issuer} · hiệu lực từ {day(first)}{until}"


def _table(rows: tuple[ObligationRow, ...]) -> Table:
    from rich.table import Table

    counted = any(row.counts for row in rows)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for head, share in (("Khoản", 2), ("Mã", 3), ("Nội dung", 10), ("Đơn vị", 7), ("Tình trạng", 6)):
        table.add_column(head, ratio=share, no_wrap=share < 4, overflow="fold")  # noqa: PLR2004 - the short ones
    if counted:
        table.add_column("Đúng hạn / muộn / còn hạn / quá hạn", justify="right")
    for row in rows:
        cells = [row.obligation.clause, row.obligation.id, _what(row), row.who, _stands(row)]
        table.add_row(*cells, *([_counts(row)] if counted else []))
    return table


def _what(row: ObligationRow) -> str:
    return "\n".join(what.vi for what in row.obligation.what)


def _stands(row: ObligationRow) -> str:
    one = row.obligation
    waits = f": {one.waits_for.vi}" if one.waits_for and one.status is ObligationStatus.WAITING else ""
    example = " (có ngưỡng ví dụ)" if one.examples else ""
    return f"{_STATUS[one.status]}{waits}{example}{_blanks(one.blanks)}"


def _blanks(places: tuple[str, ...]) -> str:
    """Where to fill in the blanks: the file and its lines."""
    if not places:
        return ""
    file = places[0].rsplit(":", 2)[0].rpartition("/")[2]
    lines = ", ".join(place.rsplit(":", 2)[1] for place in places)
    return f"; điền ở {file}:{lines}"


def _counts(row: ObligationRow) -> str:
    return " / ".join(_numbers(row)) if row.counts else ""


def _numbers(row: ObligationRow) -> tuple[str, str, str, str]:
    """The counts of an obligation, in the order of their headings; empty where nothing is counted."""
    counts = row.counts
    if counts is None:
        return "", "", "", ""
    return str(counts.on_time), str(counts.late), str(counts.in_time), str(counts.overdue)


def _sums(found: Listing) -> list[str]:
    """How many obligations there are, and how many of them no rule judges."""
    judged, assumed, at_a_level, waiting, evidence = (found.tally[status] for status in ObligationStatus)
    tracked = waiting + evidence
    total = judged + assumed + at_a_level + tracked
    lines = [""]
    if found.shown < total:
        lines.append(f"Đang xem {found.shown} nội dung. (Shown: {found.shown}.)")
    lines.append(
        f"{total} nội dung của mọi văn bản: {total - tracked} được xét ({judged} theo văn bản, "
        f"{assumed} theo giả định, {at_a_level} theo mức đã đặt); {tracked} chỉ theo dõi, không xét: "
        f"{waiting} chờ thông số, {evidence} chỉ lưu minh chứng. "
        f"({total} obligations: {total - tracked} judged; {tracked} tracked and not judged, "
        f"{waiting} of them for want of a parameter.)"
    )
    if found.night is not None:
        lines.append(f"Số đếm tính đến đêm {found.night:%d/%m/%Y}. (Counted as of that night.)")
    return lines


def _write(file: Path, found: Listing) -> None:
    from dondoc.notifications.letter.attachment import to_csv

    head = ("Văn bản", "Khoản", "Mã", "Nội dung", "Đơn vị", "Tình trạng")
    counted = ("Đúng hạn", "Muộn", "Còn hạn", "Quá hạn")
    lines = [
        (
            directive.number or directive.id,
            one.clause,
            one.id,
            "; ".join(w.vi for w in one.what),
            row.who,
            _stands(row),
            *_numbers(row),
        )
        for directive, rows in found.rows
        for row in rows
        for one in (row.obligation,)
    ]
    file.write_bytes(to_csv([(*head, *counted), *lines]))
    say(f"Đã ghi {len(lines)} nội dung vào {file}. ({len(lines)} obligations written.)")
