"""`dondoc explain` and `dondoc why-not`: why a case is where it is, and why an office got no letter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.flows.cli.console import AsJson, say, say_json, spoken

if TYPE_CHECKING:
    from dondoc.engine.domain.rulebook import RuleBook
    from dondoc.engine.store.db.database import Connection

_DAY_FORM = ["%Y-%m-%d"]


def explain(
    code: Annotated[str, typer.Argument(metavar="CASE", help="Mã hồ sơ, LN15-0003. (The case's code.)")],
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on", formats=_DAY_FORM, help="Xem như ở đêm nào; mặc định đêm gần nhất. (As of which night.)"
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Vì sao hồ sơ đứng ở đó: dữ kiện, so sánh, lịch, ai đã được báo, tiếp theo. (Why a case is where it is.)"""
    from dondoc.engine.store.night import nights
    from dondoc.flows.explain.account import entry
    from dondoc.flows.explain.account import explain as account
    from dondoc.flows.explain.account_text import lines
    from dondoc.flows.explain.night_view import night_view

    with spoken(), _facts() as (conn, book):
        latest = nights.latest(conn)
        opened = None if on and latest and on.date() > latest else entry(conn, code).opened_on
        night = on.date() if on else latest or opened
        assert night is not None
        with night_view(conn, book, night) as seen:
            found = account(seen, code)
            if as_json:
                say_json(found.as_json())
                return
            for line in lines(found, seen):
                say(line)


def why_not(
    office: Annotated[
        str, typer.Argument(metavar="UNIT|OFFICE", help="Mã đơn vị hoặc cơ quan. (Who got no letter.)")
    ],
    on: Annotated[datetime, typer.Option("--on", formats=_DAY_FORM, help="Đêm nào, 2015-04-20. (Which night.)")],
    rule: Annotated[str | None, typer.Option(metavar="ID", help="Chỉ xét một quy tắc. (One rule alone.)")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Vì sao đêm đó không có thư tới một cơ quan; không ghi gì. (Why an office got no letter on a night.)"""
    from dondoc.flows.explain.night_view import night_view
    from dondoc.flows.explain.why_not import why_not as wonder
    from dondoc.flows.explain.why_not_text import lines
    from dondoc.flows.lookup import rule_named, unknown

    with spoken(), _facts() as (conn, book):
        asked = rule_named(book, rule) if rule else None
        if rule and asked is None:
            raise unknown(rule, book, ())
        with night_view(conn, book, on.date()) as seen:
            found = wonder(seen, office, asked)
            if as_json:
                say_json(found.as_json())
                return
            for line in lines(found, seen):
                say(line)


@contextmanager
def _facts() -> Iterator[tuple[Connection, RuleBook]]:
    """The configured database, read-only, and the current rules."""
    from dondoc.engine.rulefile import load
    from dondoc.flows.config.settings import load as load_settings
    from dondoc.flows.whatif.inputs import database

    given = load_settings(os.environ)
    book = load(given.rules)
    with database(given) as conn:
        yield conn, book
