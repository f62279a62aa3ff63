"""The command `dondoc`: what an operator and a rule author type; exit codes stand in `flows.commands.spoken`."""

from __future__ import annotations

import typer

from flows.commands import (
    asking,
    auditing,
    checking,
    country,
    foreseeing,
    forming,
    importing,
    inheriting,
    installing,
    keeping,
    letters,
    records,
    registering,
    running,
    sourcing,
    testing,
    waiving,
    writing,
)

app = typer.Typer(
    name="dondoc",
    help="Đôn Đốc: theo dõi việc thực hiện văn bản chỉ đạo, mỗi đêm một lần. (Follows up directives nightly.)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
inherit = typer.Typer(
    help="Đơn vị đã kết thúc: ai tiếp nhận việc còn lại. (Who takes over from ended units.)", no_args_is_help=True
)
outbox = typer.Typer(help="Thư đi: xem thư đang ở đâu. (Outgoing letters.)", no_args_is_help=True)
audit = typer.Typer(help="Sổ nhật ký: có nguyên vẹn không. (The audit log.)", no_args_is_help=True)

app.callback()(installing.program)
app.command()(installing.init)
app.command()(installing.doctor)
app.command()(running.nightly)
app.command()(running.deliver)
app.command()(running.serve)
app.command()(checking.check)
app.command(name="test")(testing.rehearsal)
app.command()(foreseeing.backtest)
app.command()(foreseeing.forecast)
app.command()(foreseeing.preview)
app.command()(asking.explain)
app.command(name="why-not")(asking.why_not)
app.command(name="import")(importing.import_)
app.command()(country.country)
app.command()(forming.form)
app.command()(sourcing.sources)
app.command()(sourcing.pull)
app.command()(records.status)
app.command()(waiving.waivers)
app.command()(registering.register)
app.add_typer(outbox, name="outbox")
outbox.command(name="list")(letters.outbox_list)
outbox.command()(letters.release)
outbox.command()(letters.drop)
outbox.command()(letters.retry)
outbox.command()(letters.arrived)
app.add_typer(audit, name="audit")
audit.command()(auditing.verify)
audit.command(name="list")(auditing.audit_list)
audit.command()(auditing.export)
app.add_typer(inherit, name="inherit")
inherit.command(name="list")(inheriting.inherit_list)
inherit.command(name="confirm")(inheriting.inherit_confirm)
inherit.command(name="close")(inheriting.inherit_close)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(writing.schema)
app.command()(writing.fmt)
app.command()(writing.new)
app.command()(running.demo)


def main() -> None:
    """The entry point."""
    app()
