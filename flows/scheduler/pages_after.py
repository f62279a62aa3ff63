"""After a night: its pages, where a setting names their folder. What fails there touches no letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dondoc.engine.domain.english_half import english
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import DonDocError
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine, reading
from dondoc.engine.store.night import nights
from dondoc.flows.config.settings import Settings
from dondoc.flows.night import action_items
from dondoc.flows.night.report import NightReport
from dondoc.flows.observe import log
from dondoc.flows.observe.step import step


def pages_after(
    engine: Engine, book: RuleBook, given: Settings, report: NightReport, clock: Callable[[], datetime]
) -> NightReport:
    """Writes the board after a night; the report, with one more line and degraded where that failed.

    The night and its letters are stored by then, and stay as they are.
    """
    return report if given.board is None else _written(engine, book, given.board, report, clock)


@step("board")
def _written(
    engine: Engine, book: RuleBook, folder: Path, report: NightReport, clock: Callable[[], datetime]
) -> NightReport:
    from dondoc.flows.board.site import write  # noqa: PLC0415 - only a service with a board loads what makes one

    try:
        with reading(engine) as conn:
            write(conn, book, folder, clock())
    except Exception as fault:  # noqa: BLE001 - whatever it is, the night is over and its letters wait
        log.note("board", fault=type(fault).__name__)
        line = action_items.board(_said(fault)).line()
        with audited(engine) as tx:
            stored = nights.board_failed(tx, report.as_of, line)
        if stored is None:
            return report
        return replace(report, state=stored.state, lines=tuple(stored.summary["lines"]))
    return report


def _said(fault: Exception) -> Text:
    """What went wrong; of a fault of ours only its kind, since its text may repeat what somebody wrote."""
    if not isinstance(fault, DonDocError):
        return Text(type(fault).__name__, type(fault).__name__)
    # Our errors are Vietnamese with their English in brackets at the end.
    said = str(fault)
    return Text(said.rpartition(" (")[0] or said, english(said))
