"""`dondoc backtest`, `forecast`, `preview`: what rules would have done, will do, and the letters they write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.flows.cli.console import PROBLEMS, AsJson, complain, say, say_json, spoken
from dondoc.flows.cli.language import in_language, language

if TYPE_CHECKING:
    from dondoc.engine.domain.rulebook import RuleBook
    from dondoc.engine.store.db.database import Connection
    from dondoc.flows.config.settings import Settings
    from dondoc.flows.whatif.preview import Preview, SampleLetter

_DAY_FORM = ["%Y-%m-%d"]
Data = Annotated[
    Path | None, typer.Option("--data", help="Thư mục CSV thay cho cơ sở dữ liệu. (CSV sheets instead.)")
]
Rules = Annotated[Path | None, typer.Option("--rules", help="Thư mục quy tắc. (The rule folder.)")]


def backtest(
    first: Annotated[
        datetime, typer.Option("--from", formats=_DAY_FORM, help="Đêm đầu, 2019-04-01. (The first night.)")
    ],
    last: Annotated[
        datetime,
        typer.Option("--to", formats=_DAY_FORM, help="Đêm cuối, tính cả đêm đó. (The last night, included.)"),
    ],
    rules: Rules = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Bản git hoặc thư mục quy tắc để so. (A git revision or a rule folder.)"),
    ] = None,
    data: Data = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Chạy lại quá khứ với bộ quy tắc đang soạn, không ghi gì. (Replays the past with these rules.)"""
    from dondoc.engine.rulefile import load
    from dondoc.flows.config.settings import load as load_settings
    from dondoc.flows.lookup import refuse_wrong_order
    from dondoc.flows.whatif.backtest import backtest as run
    from dondoc.flows.whatif.backtest_text import show_backtest
    from dondoc.flows.whatif.inputs import rules_of
    from dondoc.flows.whatif.page import page

    with spoken(), ExitStack() as stack:
        refuse_wrong_order(first.date(), last.date())
        given = load_settings(os.environ)
        folder = rules or given.rules
        book = load(folder)
        other = load(stack.enter_context(rules_of(against, folder))) if against else None
        conn, rejected = stack.enter_context(_facts(given, data, book))
        with _playing("chạy lại các đêm (replaying)") as playing:
            found = run(conn, book, other, first.date(), last.date(), playing)
        if as_json:
            say_json(found.as_json())
        else:
            show_backtest(found, against, page(language()))
        if rejected:
            raise typer.Exit(PROBLEMS)


def forecast(
    days: Annotated[int, typer.Option(min=1, max=366, help="Số đêm. (How many nights.)")] = 30,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=_DAY_FORM, help="Đêm đầu; dữ liệu ghi nhận sau đó không tính. (First night.)"
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Mỗi cơ quan sẽ nhận thư gì nếu không ai làm gì thêm. (What each office will receive if nobody acts.)"""
    from dondoc.engine.rulefile import load
    from dondoc.flows.config.settings import load as load_settings
    from dondoc.flows.whatif.forecast import forecast as run
    from dondoc.flows.whatif.forecast_text import show_forecast
    from dondoc.flows.whatif.inputs import database
    from dondoc.flows.whatif.page import page

    with spoken():
        given = load_settings(os.environ)
        book = load(given.rules)
        with database(given) as conn, _playing("các đêm sắp tới (the nights to come)") as playing:
            found = run(conn, book, days, as_of.date() if as_of else None, playing)
        if as_json:
            say_json(found.as_json())
        else:
            show_forecast(found, page(language()))


def preview(
    what: Annotated[
        str, typer.Argument(metavar="RULE|OFFICE", help="Mã quy tắc hoặc cơ quan. (A rule or an office.)")
    ],
    step: Annotated[int, typer.Option(min=1, help="Bước của thang. (The step of the ladder.)")] = 1,
    unit: Annotated[str | None, typer.Option(help="Đơn vị chậm. (The unit that is late.)")] = None,
    data: Data = None,
    html: Annotated[Path | None, typer.Option(help="Ghi phần HTML ra tệp. (Writes the HTML to a file.)")] = None,
    *,
    text: Annotated[
        bool, typer.Option("--text", help="In phần chữ, mặc định. (Prints the text, the default.)")
    ] = False,
    open_: Annotated[
        bool, typer.Option("--open", help="Mở trong trình duyệt. (Opens it in the browser.)")
    ] = False,
) -> None:
    """Xem trước một lá thư, không gửi gì. (Shows a letter before it exists; nothing is sent.)"""
    from dondoc.engine.rulefile import load
    from dondoc.flows.config.settings import load as load_settings
    from dondoc.flows.lookup import rule_named

    with spoken(), ExitStack() as stack:
        given = load_settings(os.environ)
        book = load(given.rules)
        conn, _ = stack.enter_context(_facts(given, data, book))
        rule = rule_named(book, what)
        found = _of_rule(conn, book, rule, step, unit) if rule else _of_office(conn, book, what)
        if found is None:
            return
        written = _written(found, html, browser=open_) if html or open_ else None
        for number, sample in enumerate(found.samples):
            complain(
                f"── Gửi (to): {sample.name} <{sample.address}>\n── Chủ đề (subject): {sample.letter.subject}"
            )
            if written:
                complain(f"── HTML: {written[number]}")
            if text or not written:
                say(sample.letter.text)


def _of_rule(conn: Connection, book: RuleBook, rule: str, step: int, unit: str | None) -> Preview:
    from dondoc.flows.night.steps import as_of_for
    from dondoc.flows.whatif.preview import of_rule

    found = of_rule(conn, book, rule, as_of_for(datetime.now(UTC)), step=step, unit=unit)
    complain(
        f"XEM TRƯỚC, không gửi: quy tắc {rule}, bước {step}, đêm {found.night:%d/%m/%Y}. Dữ liệu BỊA để xem thư: "
        f"{'; '.join(found.invented)}. (A preview on invented facts; nothing is sent.)"
    )
    return found


def _of_office(conn: Connection, book: RuleBook, office: str) -> Preview | None:
    from dondoc.flows.whatif.preview import of_office, offices

    found = of_office(conn, book, office)
    name = offices(conn, found.night)[office]
    if not found.samples:
        complain(
            f"{name} không nhận thư đêm {found.night:%d/%m/%Y}: đêm đó không có tin mới cho cơ quan này. "
            f"Muốn biết vì sao: dondoc why-not {office} --on {found.night}. (There is no news that night.)"
        )
        return None
    complain(
        f"XEM TRƯỚC, không gửi: thư của {name} đêm {found.night:%d/%m/%Y} nếu từ nay không ai làm gì thêm. "
        "(A preview of the next night; nothing is sent.)"
    )
    return found


def _written(found: Preview, html: Path | None, *, browser: bool) -> list[Path]:
    """Writes each letter's HTML, the second into a file with -2 after its name; a browser opens them if asked."""
    from tempfile import mkdtemp
    from webbrowser import open_new_tab

    target = html or Path(mkdtemp(prefix="dondoc-")) / "preview.html"
    paths = [_one_file(sample, target, number) for number, sample in enumerate(found.samples, 1)]
    for path in paths if browser else ():
        open_new_tab(path.resolve().as_uri())
    return paths


def _one_file(sample: SampleLetter, target: Path, number: int) -> Path:
    from dondoc.flows.lookup import CallRefused

    path = target if number == 1 else target.with_stem(f"{target.stem}-{number}")
    try:
        path.write_text(sample.letter.html, "utf-8")
    except OSError as error:
        raise CallRefused(f"{path}: không ghi được (cannot be written): {error.strerror}") from error
    return path


@contextmanager
def _facts(given: Settings, data: Path | None, book: RuleBook) -> Iterator[tuple[Connection, list[str]]]:
    """The stored facts, or those of a folder, whose rejected rows are printed at once."""
    from dondoc.flows.whatif.inputs import database, sheets

    if data is None:
        with database(given) as conn:
            yield conn, []
        return
    rejected: list[str] = []

    def reject(row: str) -> None:
        rejected.append(row)
        complain(row)

    with sheets(data, book, datetime.now(UTC), reject) as conn:
        yield conn, rejected


@contextmanager
def _playing(what: str) -> Iterator[Callable[[int], Callable[[], None]]]:
    """A progress bar on standard error while nights are simulated, gone at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:

        def playing(nights: int) -> Callable[[], None]:
            bar = progress.add_task(in_language(what), total=nights)
            return lambda: progress.advance(bar)

        yield playing
