"""The command `dondoc`: what an operator and a rule author type; exit codes stand in `console`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

import typer

from dondoc.engine.gc_tuning import collect_rarely
from dondoc.flows.cli import (
    audit,
    author,
    backup,
    board,
    case,
    check,
    completion,
    country,
    desk,
    explain,
    forgetting,
    forms,
    imports,
    inherit,
    install,
    outbox,
    register,
    replies,
    retention,
    rule_tests,
    run,
    sources,
    status,
    waivers,
    web,
    whatif,
    withdrawal,
)
from dondoc.flows.cli.language import with_language

# What is typed, in the order of the help, and who answers.
_COMMANDS: Mapping[str, Callable[..., None]] = {
    "init": install.init,
    "doctor": install.doctor,
    "nightly": run.nightly,
    "deliver": run.deliver,
    "serve": run.serve,
    "web": web.web,
    "check": check.check,
    "test": rule_tests.rehearsal,
    "backtest": whatif.backtest,
    "forecast": whatif.forecast,
    "preview": whatif.preview,
    "explain": explain.explain,
    "why-not": explain.why_not,
    "import": imports.import_,
    "withdraw": withdrawal.withdraw,
    "country": country.country,
    "form": forms.form,
    "sources": sources.sources,
    "pull": sources.pull,
    "status": status.status,
    "desk": desk.desk,
    "board": board.board,
    "waivers": waivers.waivers,
    "register": register.register,
    "statistics": retention.statistics,
    "case show": case.show,
    "case ack": case.ack,
    "case explain": case.explain,
    "case extend": case.extend,
    "case done": case.done,
    "case confirm": case.confirm,
    "case demand": case.demand,
    "case close": case.close,
    "case reopen": case.reopen,
    "case not-ours": case.not_ours,
    "case reassign": case.reassign,
    "case delegate": case.delegate,
    "case take-back": case.take_back,
    "case import": case.import_,
    "case revoke": case.revoke,
    "replies read": replies.read,
    "replies list": replies.replies_list,
    "replies confirm": replies.confirm,
    "replies dismiss": replies.dismiss,
    "outbox list": outbox.outbox_list,
    "outbox release": outbox.release,
    "outbox drop": outbox.drop,
    "outbox retry": outbox.retry,
    "outbox arrived": outbox.arrived,
    "audit verify": audit.verify,
    "audit list": audit.audit_list,
    "audit export": audit.export,
    "inherit list": inherit.inherit_list,
    "inherit confirm": inherit.inherit_confirm,
    "inherit close": inherit.inherit_close,
    "inherit import": inherit.inherit_import,
    "backup": backup.backup,
    "restore": backup.restore,
    "retain": retention.retain,
    "held": forgetting.held,
    "forget": forgetting.forget,
    "schema": author.schema,
    "fmt": author.fmt,
    "new": author.new,
    "demo": run.demo,
    "completion": completion.completion,
}
_GROUPS = {
    "case": "Hồ sơ: các cơ quan trả lời gì. (What offices say of a case.)",
    "replies": "Thư đến: các cơ quan trả lời thư. (Answers by mail.)",
    "outbox": "Thư đi: xem thư đang ở đâu. (Outgoing letters.)",
    "audit": "Sổ nhật ký: có nguyên vẹn không. (The audit log.)",
    "inherit": "Đơn vị đã kết thúc: ai tiếp nhận việc còn lại. (Who takes over from ended units.)",
}


def program(words: Sequence[str] = ()) -> typer.Typer:
    """Everything that can be typed; or, where `words` begin with a command, that one alone.

    Each command imports what it works with when it runs, so that importing all their modules costs nothing. What
    takes a while is reading their options: a rule author who types `check` twenty times an hour should not wait
    for those of the others.
    """
    app = typer.Typer(
        name="dondoc",
        help="Đôn Đốc: theo dõi việc thực hiện văn bản chỉ đạo, mỗi đêm một lần. (Follows up directives nightly.)",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(install.program)
    groups: dict[str, typer.Typer] = {}
    for typed, answers in _asked(words).items():
        group, _, name = typed.rpartition(" ")
        if group and group not in groups:
            groups[group] = typer.Typer(help=_GROUPS[group], no_args_is_help=True)
            app.add_typer(groups[group], name=group)
        groups.get(group, app).command(name=name)(with_language(answers))
    return app


def _asked(words: Sequence[str]) -> Mapping[str, Callable[..., None]]:
    first = words[0] if words else ""
    return {typed: answers for typed, answers in _COMMANDS.items() if typed.split()[0] == first} or _COMMANDS


def main() -> None:
    """The entry point."""
    collect_rarely()
    # A shell passes what has been typed in the environment.
    words = () if completion.asked_by_a_shell(os.environ) else sys.argv[1:]
    program(words)()
