"""The commands that run the service: a night, a delivery, the schedule, the demonstration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from dondoc.flows.cli.console import (
    HOME,
    NEEDS_A_PERSON,
    NOT_NOW,
    OK,
    AsJson,
    complain,
    hush,
    say,
    say_json,
    spoken,
)

AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Đêm cần chạy, 2015-04-20. (The night to judge.)"),
]


def nightly(
    as_of: AsOf = None,
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Không qua Prefect. (Without Prefect.)")] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Đêm đầu trên dữ liệu cũ: mở hồ sơ, không gửi thư. (No letters.)")
    ] = False,
    no_catch_up: Annotated[
        bool, typer.Option("--no-catch-up", help="Bỏ qua các đêm đã lỡ. (Skip missed nights.)")
    ] = False,
    yes_future: Annotated[
        bool,
        typer.Option("--yes-future", help="Đêm muộn hơn ngày mai, đúng là thế. (A night later than tomorrow.)"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Chạy một đêm: đánh giá mọi quy tắc, viết thư vào hộp thư đi. (Judges one night and writes its letters.)"""
    from dondoc.flows.night import report_text
    from dondoc.flows.night.steps import as_of_for, cutoff_of

    wanted = as_of.date() if as_of else None
    early = wanted is not None and cutoff_of(wanted) > datetime.now(UTC)
    with spoken():
        if plain:
            from dondoc.flows.scheduler.direct import nightly as run

            report = run(
                wanted or as_of_for(datetime.now(UTC)),
                baseline=baseline,
                catch_up=not no_catch_up,
                yes_future=yes_future,
            )
        else:
            with _prefect() as flows:
                report = flows.nightly(wanted, baseline=baseline, catch_up=not no_catch_up, yes_future=yes_future)
        if early and not report.again:
            complain(
                f"Đêm {report.as_of:%d/%m/%Y} chạy trước 02:00 của nó: những gì ghi từ nay đến lúc đó không được "
                "xét trong đêm ấy nữa. (Judged before its 02:00: what is recorded until then is not in it.)"
            )
        if as_json:
            say_json({"night": report.as_of, "state": report.state, "again": report.again, **report.summary()})
        else:
            say(report_text.headline(report))
            for line in report.lines:
                say(f"  - {line}")
        raise typer.Exit(OK if report.again or report.state == "ok" else NEEDS_A_PERSON)


def deliver(
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Không qua Prefect. (Without Prefect.)")] = False,
    in_hours: Annotated[
        bool, typer.Option("--in-hours", help="Chỉ trong giờ gửi của mail.yaml. (In the sending hours only.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Gửi các thư đến giờ gửi. (Sends the letters that are due.)"""
    from dataclasses import asdict

    from dondoc.flows.night import report_text
    from dondoc.notifications.delivery.breaker import Halt

    with spoken():
        if plain:
            from dondoc.flows.scheduler.direct import deliver as run

            report = run(lambda: datetime.now(UTC), in_hours=in_hours)
        else:
            with _prefect() as flows:
                report = flows.deliver(in_hours=in_hours)
        if as_json:
            say_json(asdict(report))
        else:
            say(report_text.delivery_line(report))
        if report.halt not in (None, Halt.CLOSED):
            raise typer.Exit(NOT_NOW)
        letters = report.refused or report.unknown or report.expired or report.broken
        troubled = letters or report.absent or report.journal_fault
        raise typer.Exit(NEEDS_A_PERSON if troubled else OK)


def serve(
    port: Annotated[int, typer.Option(help="Cổng của máy chủ Prefect riêng. (Port of the local server.)")] = 4200,
) -> None:
    """Chạy theo lịch: đêm lúc 02:00, gửi thư trong ngày (giờ Việt Nam). (Runs on schedule until stopped.)"""
    from contextlib import ExitStack

    from dondoc.flows.config import settings
    from dondoc.flows.config.sending_hours import sending_hours
    from dondoc.flows.records import metrics_endpoint
    from dondoc.flows.scheduler.hours import Hours
    from dondoc.flows.scheduler.missing import missing_night
    from dondoc.flows.scheduler.prefect_environment import keep_logs_of_runs
    from dondoc.flows.scheduler.prefect_server import login_file, own_server

    with spoken(), ExitStack() as stack:
        hush(HOME)
        given = settings.load(os.environ)
        metrics = stack.enter_context(metrics_endpoint.exposed(given, lambda: datetime.now(UTC)))
        if metrics is not None:
            say(f"Số đo: http://{metrics_endpoint.HERE}:{metrics}/metrics")
        if "PREFECT_API_URL" not in os.environ:
            say("Đang khởi động máy chủ Prefect trên máy này, khoảng nửa phút … (starting)")
            home = HOME / "prefect"
            os.environ["PREFECT_API_URL"] = stack.enter_context(own_server(os.environ, home, port))
            login = stack.enter_context(login_file(os.environ, home))
            say(f"Xem các đêm đã chạy: http://127.0.0.1:{port}, mật khẩu trong {login} (the password is there)")
        keep_logs_of_runs(os.environ)
        hours = Hours(given.night_at, sending_hours(given.rules))
        say(f"Đang chạy theo lịch: {hours.text()}, giờ Việt Nam. Ctrl+C để dừng. (Ctrl+C stops it.)")
        with _prefect():
            from dondoc.flows.scheduler.prefect_schedule import serve_forever

            serve_forever(
                hours,
                lambda now: missing_night(given, now),
                removing=given.may_remove,
                listening=given.answers.box is not None,
            )


def demo(
    folder: Annotated[Path, typer.Option(help="Nơi giữ dữ liệu và thư. (Where data and mails are kept.)")] = HOME
    / "demo",
    *,
    pages: Annotated[
        bool, typer.Option("--pages", help="Mở các trang trả lời của bản trình diễn. (Opens its pages.)")
    ] = False,
    port: Annotated[int, typer.Option(help="Cổng của các trang ấy. (Port of these pages.)")] = 8043,
) -> None:
    """Chạy lại các đêm 2015 – 2026 trên các văn bản, nhận thư trên máy này. (Replays nights, keeps the mails.)"""
    with spoken():
        if pages:
            from dondoc.flows.demo import open_pages

            open_pages.pages(folder, port, say)
            return
        hush(folder)
        from rich.console import Console

        from dondoc.flows.demo.nights import run

        run(folder, Console(highlight=False, soft_wrap=True), say)


@contextmanager
def _prefect() -> Iterator[ModuleType]:
    """The Prefect flows, imported only by the commands that run them, with the configured server if any."""
    from dondoc.flows.scheduler.prefect_server import named

    hush(HOME)
    api = os.environ.get("PREFECT_API_URL")
    with named(api) if api else nullcontext():
        from dondoc.flows.scheduler import prefect_flows as flows

        yield flows
