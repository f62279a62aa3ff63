"""What the commands print about a database and a rule book, as their users read it."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db.database import reading
from dondoc.flows.cli import register as register_command
from dondoc.flows.explain import account_text, why_not_text
from dondoc.flows.explain.account import explain
from dondoc.flows.explain.night_view import night_view
from dondoc.flows.explain.why_not import why_not
from dondoc.flows.observe.heartbeat import Heartbeat
from dondoc.flows.records.register import RegisterFilter, list_stored
from dondoc.flows.records.status import stored
from dondoc.flows.whatif.forecast import forecast
from dondoc.flows.whatif.forecast_text import show_forecast
from dondoc.flows.whatif.page import page
from tests.support.town import ROOT


def explained(engine: Engine, book: RuleBook, night: date, *codes: str) -> list[str]:
    """What `dondoc explain` prints of each of these cases."""
    with reading(engine) as conn, night_view(conn, book, night) as view:
        return ["\n".join(line.vi for line in account_text.lines(explain(view, code), view)) for code in codes]


def reasons(engine: Engine, book: RuleBook, night: date, *offices: str) -> list[str]:
    """What `dondoc why-not` prints of each of these offices."""
    with reading(engine) as conn, night_view(conn, book, night) as view:
        return [
            "\n".join(line.vi for line in why_not_text.lines(why_not(view, office), view)) for office in offices
        ]


def register(engine: Engine, book: RuleBook, wanted: RegisterFilter | None = None) -> str:
    """What `dondoc register` prints."""
    with reading(engine) as conn, redirect_stdout(io.StringIO()) as out:
        register_command.show(list_stored(conn, book, wanted or RegisterFilter(), datetime.now(UTC)))
    return out.getvalue()


def status(engine: Engine, at: datetime, heartbeat: Heartbeat | None = None, rules: Path = ROOT / "rules") -> str:
    """What `dondoc status` prints at an instant."""
    with reading(engine) as conn:
        return stored(conn, rules, at, heartbeat or Heartbeat()).text().vi


def forecasted(engine: Engine, book: RuleBook, days: int) -> str:
    """What `dondoc forecast` prints."""
    with reading(engine) as conn, redirect_stdout(io.StringIO()) as out:
        show_forecast(forecast(conn, book, days), page())
    return out.getvalue()
