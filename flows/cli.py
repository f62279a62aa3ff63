"""The command `dondoc`: what an operator and a rule author type; exit codes stand in `flows.commands.spoken`."""

from __future__ import annotations

import typer

from flows.commands import checking, keeping, letters, records, running

app = typer.Typer(
    name="dondoc",
    help="Đôn Đốc: theo dõi việc thực hiện văn bản chỉ đạo, mỗi đêm một lần. (Follows up directives nightly.)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
outbox = typer.Typer(help="Thư đi: xem thư đang ở đâu. (Outgoing letters.)", no_args_is_help=True)

app.command()(running.nightly)
app.command()(running.deliver)
app.command()(running.serve)
app.command()(checking.check)
app.command(name="import")(records.import_)
app.command()(records.status)
app.add_typer(outbox, name="outbox")
outbox.command(name="list")(letters.outbox_list)
outbox.command()(letters.release)
outbox.command()(letters.drop)
outbox.command()(letters.retry)
outbox.command()(letters.arrived)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(running.demo)


def main() -> None:
    """The entry point."""
    app()
