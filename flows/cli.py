"""The command `dondoc`: what an operator and a rule author type.

Exit codes: 0 fine; 1 problems found in rules or data; 2 wrong call; 3 a night that is degraded or held, or letters
that need a person; 4 the database or the mail server does not answer, nothing is lost.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer
from rich.console import Console

from engine.errors import DonDocError, RulesRefused

OK, PROBLEMS, WRONG_CALL, NEEDS_A_PERSON, NOT_NOW = 0, 1, 2, 3, 4
HOME = Path("var")

app = typer.Typer(
    name="dondoc",
    help="Đôn Đốc: theo dõi việc thực hiện văn bản chỉ đạo, mỗi đêm một lần. (Follows up directives nightly.)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
outbox_app = typer.Typer(help="Thư đi: xem thư đang ở đâu. (Outgoing letters.)", no_args_is_help=True)
app.add_typer(outbox_app, name="outbox")
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)

AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Đêm cần chạy, 2015-04-20. (The night to judge.)"),
]
AsJson = Annotated[bool, typer.Option("--json", help="In dạng JSON cho chương trình. (For programs.)")]


@contextmanager
def _spoken() -> Iterator[None]:
    """Every error this project raises on purpose becomes its sentence and an exit code."""
    from engine.store.faults import DatabaseFault, NightRunning
    from flows.settings import SettingsRefused
    from flows.steps import NightRefused

    try:
        yield
    except NightRunning as error:
        _err.print(str(error), markup=False)
        raise typer.Exit(OK) from error
    except DatabaseFault as error:
        _err.print(str(error), markup=False)
        raise typer.Exit(NOT_NOW) from error
    except (SettingsRefused, NightRefused) as error:
        _err.print(str(error), markup=False)
        raise typer.Exit(WRONG_CALL) from error
    except RulesRefused as error:
        for problem in error.problems:
            _err.print(problem.text(), markup=False)
        _err.print(f"{len(error.problems)} lỗi trong bộ quy tắc; chưa đọc dữ liệu, chưa gửi thư.", markup=False)
        raise typer.Exit(PROBLEMS) from error
    except DonDocError as error:
        _err.print(str(error), markup=False)
        raise typer.Exit(PROBLEMS) from error


def _print(value: str) -> None:
    _out.print(value, markup=False)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


@app.command()
def nightly(
    as_of: AsOf = None,
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Không qua Prefect. (Without Prefect.)")] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Đêm đầu trên dữ liệu cũ: mở hồ sơ, không gửi thư. (Tells nobody.)")
    ] = False,
    no_catch_up: Annotated[
        bool, typer.Option("--no-catch-up", help="Bỏ qua các đêm đã lỡ. (Skip missed nights.)")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Chạy một đêm: đánh giá mọi quy tắc, viết thư vào hộp thư đi. (Judges one night and writes its letters.)"""
    from flows import reports
    from flows.steps import as_of_for

    wanted = as_of.date() if as_of else None
    with _spoken():
        if plain:
            from flows.plain import nightly as run

            report = run(wanted or as_of_for(datetime.now(UTC)), baseline=baseline, catch_up=not no_catch_up)
        else:
            report = _flows().nightly(wanted, baseline=baseline, catch_up=not no_catch_up)
        if as_json:
            _print_json({"night": report.as_of, "state": report.state, "again": report.again, **report.summary()})
        else:
            _print(reports.headline(report))
            for line in report.lines:
                _print(f"  - {line}")
        raise typer.Exit(OK if report.again or report.state == "ok" else NEEDS_A_PERSON)


@app.command()
def deliver(
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Không qua Prefect. (Without Prefect.)")] = False,
    as_json: AsJson = False,
) -> None:
    """Gửi các thư đến giờ gửi. (Sends the letters that are due.)"""
    from dataclasses import asdict

    from flows import reports

    with _spoken():
        if plain:
            from flows.plain import deliver as run

            report = run(lambda: datetime.now(UTC))
        else:
            report = _flows().deliver()
        if as_json:
            _print_json(asdict(report))
        else:
            _print(reports.delivery_line(report))
        if report.halt:
            raise typer.Exit(NOT_NOW)
        raise typer.Exit(NEEDS_A_PERSON if report.refused or report.unknown or report.expired else OK)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Cổng của máy chủ Prefect riêng. (Port of the own server.)")] = 4200,
) -> None:
    """Chạy theo lịch: đêm lúc 02:00, gửi thư từ 06:30 (giờ Việt Nam). (Runs on schedule until stopped.)"""
    from contextlib import ExitStack

    from flows.server import own_server

    with _spoken(), ExitStack() as stack:
        _hush(HOME)
        if "PREFECT_API_URL" not in os.environ:
            _print("Đang khởi động máy chủ Prefect trên máy này, khoảng nửa phút … (starting)")
            os.environ["PREFECT_API_URL"] = stack.enter_context(own_server(os.environ, HOME / "prefect", port))
            _print(f"Xem các đêm đã chạy: http://127.0.0.1:{port}")
        _print("Đang chạy theo lịch: đêm lúc 02:00, gửi thư 06:30 – 07:30, giờ Việt Nam. Ctrl+C để dừng.")
        _flows().serve_forever()


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục quy tắc. (The rule folder.)")] = None,
) -> None:
    """Kiểm tra bộ quy tắc, báo mọi lỗi một lần. (Checks the rules and names every problem at once.)"""
    from engine.rulefile import load
    from flows.settings import load as load_settings

    with _spoken():
        book = load(folder or load_settings(os.environ).rules)
        _print(
            f"{len(book.directives)} văn bản, {len(book.rules)} quy tắc: không có lỗi. "
            f"({len(book.rules)} rules, no problems.)"
        )


@app.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="Thư mục có các tệp CSV. (A folder of CSV files.)")],
) -> None:
    """Nạp các tệp CSV: dòng tốt được nhận, dòng hỏng được nêu rõ. (Takes CSV files, naming every bad row.)"""
    from engine.store.schema import upgrade
    from flows.bringing import bring_in
    from flows.settings import load, opened

    with _spoken(), opened(load(os.environ)) as engine:
        upgrade(engine)
        report = bring_in(engine, folder, datetime.now(UTC))
        for sheet, taken in report.taken.items():
            _print(f"{sheet}.csv: thêm {taken.added}, sửa {taken.corrected}, giữ nguyên {taken.unchanged}")
        for reject in report.rejects:
            _err.print(reject.text(), markup=False)
        if report.rejects:
            _err.print(f"{len(report.rejects)} dòng không được nhận; các dòng khác đã nạp.", markup=False)
            raise typer.Exit(PROBLEMS)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Đêm gần nhất, hồ sơ đang mở, thư đang ở đâu. (The latest night, open cases, letters.)"""
    from flows.state import state

    with _spoken():
        found = state(os.environ)
        if as_json:
            _print_json(found.as_json())
        else:
            _print(found.text())


@outbox_app.command(name="list")
def outbox_list(*, as_json: AsJson = False) -> None:
    """Các thư chưa giao xong và lý do. (Letters that are not settled, and why.)"""
    from dataclasses import asdict

    from flows.state import unsettled

    with _spoken():
        letters = unsettled(os.environ)
        if as_json:
            _print_json([asdict(letter) for letter in letters])
            return
        for letter in letters:
            _print(
                f"{letter.night:%d/%m/%Y} {letter.state} {letter.office} {letter.recipient} {letter.reply}".strip()
            )
        _print(f"{len(letters)} thư chưa giao xong.")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Nơi giữ dữ liệu và thư. (Where data and mails are kept.)")] = HOME
    / "demo",
) -> None:
    """Chạy lại các đêm 2015 – 2024 trên năm văn bản, nhận thư trên máy này. (Replays nights, keeps the mails.)"""
    with _spoken():
        _hush(folder)
        from flows.demo import run

        run(folder, _out)


def _hush(home: Path) -> None:
    from flows.quiet import hush

    hush(os.environ, home / "prefect")


def _flows() -> ModuleType:
    """The Prefect flows, imported only by the commands that run them."""
    _hush(HOME)
    from flows import nightly as flows

    return flows


def main() -> None:
    """The entry point."""
    app()
