"""The command `dondoc`: what an operator and a rule author type; exit codes stand in `flows.commands.spoken`."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from engine.collecting import rarely
from flows.commands import installing

# What is typed, in the order of the help, and who answers: a module of `flows.commands` and its function.
_COMMANDS = {
    "init": "installing.init",
    "doctor": "installing.doctor",
    "nightly": "running.nightly",
    "deliver": "running.deliver",
    "serve": "running.serve",
    "check": "checking.check",
    "test": "testing.rehearsal",
    "backtest": "foreseeing.backtest",
    "forecast": "foreseeing.forecast",
    "preview": "foreseeing.preview",
    "explain": "asking.explain",
    "why-not": "asking.why_not",
    "import": "importing.import_",
    "country": "country.country",
    "form": "forming.form",
    "sources": "sourcing.sources",
    "pull": "sourcing.pull",
    "status": "records.status",
    "waivers": "waiving.waivers",
    "register": "registering.register",
    "outbox list": "letters.outbox_list",
    "outbox release": "letters.release",
    "outbox drop": "letters.drop",
    "outbox retry": "letters.retry",
    "outbox arrived": "letters.arrived",
    "audit verify": "auditing.verify",
    "audit list": "auditing.audit_list",
    "audit export": "auditing.export",
    "inherit list": "inheriting.inherit_list",
    "inherit confirm": "inheriting.inherit_confirm",
    "inherit close": "inheriting.inherit_close",
    "backup": "keeping.backup",
    "restore": "keeping.restore",
    "schema": "writing.schema",
    "fmt": "writing.fmt",
    "new": "writing.new",
    "demo": "running.demo",
}
_GROUPS = {
    "outbox": "Thư đi: xem thư đang ở đâu. (Outgoing letters.)",
    "audit": "Sổ nhật ký: có nguyên vẹn không. (The audit log.)",
    "inherit": "Đơn vị đã kết thúc: ai tiếp nhận việc còn lại. (Who takes over from ended units.)",
}


def program(words: Sequence[str] = ()) -> typer.Typer:
    """Everything that can be typed; or, where `words` begin with a command, that one alone.

    Each command's module brings what it works with, and a rule author who types `check` twenty times an hour
    should not wait for the others.
    """
    app = typer.Typer(
        name="dondoc",
        help="Đôn Đốc: theo dõi việc thực hiện văn bản chỉ đạo, mỗi đêm một lần. (Follows up directives nightly.)",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(installing.program)
    groups: dict[str, typer.Typer] = {}
    for typed, answered in _asked(words).items():
        group, _, name = typed.rpartition(" ")
        if group and group not in groups:
            groups[group] = typer.Typer(help=_GROUPS[group], no_args_is_help=True)
            app.add_typer(groups[group], name=group)
        module, _, function = answered.partition(".")
        answer = getattr(import_module(f"flows.commands.{module}"), function)
        groups.get(group, app).command(name=name)(answer)
    return app


def _asked(words: Sequence[str]) -> dict[str, str]:
    first = words[0] if words else ""
    return {typed: answered for typed, answered in _COMMANDS.items() if typed.split()[0] == first} or _COMMANDS


def main() -> None:
    """The entry point."""
    # Nothing is gained by looking for rings among all that is loaded when the process ends: a tenth of its time.
    atexit.register(gc.freeze)
    with rarely():
        program(sys.argv[1:])()
