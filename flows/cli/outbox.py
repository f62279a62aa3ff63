"""`dondoc outbox`: the state of letters, and the operator's decisions on those that wait."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import WRONG_CALL, AsJson, complain, say, say_json, spoken

HeldNight = Annotated[
    datetime, typer.Argument(formats=["%Y-%m-%d"], help="Đêm bị giữ, 2024-01-02. (The held night.)")
]
Ids = Annotated[list[str], typer.Argument(help="Mã thư, hoặc phần đầu của mã. (Letter ids, or their beginnings.)")]


def outbox_list(*, as_json: AsJson = False) -> None:
    """Các thư chưa giao xong và lý do. (Letters that were not delivered, and why.)"""
    from dataclasses import asdict

    from dondoc.flows.records.status import unsettled

    with spoken():
        letters = unsettled(os.environ)
        if as_json:
            say_json([asdict(letter) for letter in letters])
            return
        for letter in letters:
            where = f"{letter.id[:12]} {letter.night:%d/%m/%Y} {letter.state} {letter.office}"
            say(f"{where} {letter.recipient} {letter.reply}".strip())
        say(Text(f"{len(letters)} thư chưa giao xong.", f"{len(letters)} letters not delivered."))


def release(night: HeldNight) -> None:
    """Cho gửi các thư đang giữ của một đêm. (Releases the held letters of a night.)"""
    from dondoc.flows.delivery.operator_decisions import release as run

    moved = _run(run, night.date())
    _say_moved(
        moved,
        Text(
            f"thư của đêm {night:%d/%m/%Y} sẽ đi ở lượt gửi tới (leave at the next delivery)",
            f"letters of the night of {night:%d/%m/%Y} leave at the next delivery",
        ),
    )


def drop(night: HeldNight) -> None:
    """Bỏ các thư đang giữ của một đêm; đêm sau báo lại. (Drops held letters; the next night notifies again.)"""
    from dondoc.flows.delivery.operator_decisions import drop as run

    moved = _run(run, night.date())
    _say_moved(
        moved,
        Text(
            f"thư của đêm {night:%d/%m/%Y} đã bỏ, coi như chưa ai được báo (dropped, nobody notified)",
            f"letters of the night of {night:%d/%m/%Y} dropped: nobody counts as notified",
        ),
    )


def retry(ids: Ids) -> None:
    """Gửi lại thư chưa rõ hoặc bị trả lại, đúng từng byte. (Sends unknown or refused letters again.)"""
    from dondoc.flows.delivery.operator_decisions import resend as run

    _say_moved(
        _run(run, ids),
        Text(
            "thư sẽ gửi lại ở lượt gửi tới (sent again at the next delivery)",
            "letters are sent again at the next delivery",
        ),
    )


def arrived(ids: Ids) -> None:
    """Ghi rằng thư chưa rõ số phận đã tới. (Records that letters of unknown fate have arrived.)"""
    from dondoc.flows.delivery.operator_decisions import arrived as run

    _say_moved(
        _run(run, ids),
        Text("thư được ghi là đã tới (recorded as arrived)", "letters recorded as arrived"),
    )


def _run(decision: Any, what: Any) -> list[Any]:
    from dondoc.engine.store.db.schema_version import upgrade
    from dondoc.flows.config.settings import load, opened

    with spoken(), opened(load(os.environ)) as engine:
        upgrade(engine)
        moved: list[Any] = decision(engine, what, datetime.now(UTC))
    return moved


def _say_moved(moved: list[Any], what: Text) -> None:
    if not moved:
        complain("Không có thư nào đang chờ như vậy; xem dondoc outbox list. (No such letter waits.)")
        raise typer.Exit(WRONG_CALL)
    say(Text.format("{n} {what}.", n=len(moved), what=what))
