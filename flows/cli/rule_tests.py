"""`dondoc test`: runs the tests beside the rules."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dondoc.engine.domain.model import Text
from dondoc.flows.cli.console import OK, PROBLEMS, WRONG_CALL, AsJson, complain, say, say_json, spoken

if TYPE_CHECKING:
    from dondoc.engine.domain.rulebook import RuleBook
    from dondoc.flows.whatif.rule_test_runs import RuleTestReport

EXAMPLES = "examples"


def rehearsal(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục quy tắc. (The rule folder.)")] = None,
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="Thư mục CSV có các đơn vị; bỏ trống là «examples» cạnh thư mục quy tắc. (Units.)"),
    ] = None,
    rule: Annotated[str | None, typer.Option(help="Chỉ thử một quy tắc. (One rule alone.)")] = None,
    junit: Annotated[Path | None, typer.Option(help="Ghi kết quả JUnit XML. (Writes JUnit XML.)")] = None,
    as_json: AsJson = False,
) -> None:
    """Chạy các bài thử đặt cạnh quy tắc (tệp *.test.yaml). (Runs the tests beside the rules.)"""
    from dondoc.engine.errors import RulesRefused
    from dondoc.engine.rulefile import load, load_tests
    from dondoc.flows.config.settings import load as load_settings
    from dondoc.flows.whatif.rule_test_report import as_json as for_programs
    from dondoc.flows.whatif.rule_test_report import lines
    from dondoc.flows.whatif.rule_test_runs import run_rule_tests

    rules = folder or load_settings(os.environ).rules
    with spoken():
        book = load(rules)
        wanted = None if rule is None else _known(book, rule)
        try:
            units = data or Path(os.path.realpath(rules)).parent / EXAMPLES
            played = run_rule_tests(book, load_tests(rules, book), rules, units, wanted)
        except RulesRefused as refused:
            for problem in refused.problems:
                said = problem.text("vi"), problem.text("en"), problem.en
                complain(Text("{0} ({2})".format(*said), said[1]))
            n = len(refused.problems)
            complain(
                Text(
                    f"{n} lỗi trong tệp bài thử; chưa chạy bài thử nào. (No test was run.)",
                    f"{n} problems in test files; no test was run.",
                )
            )
            raise typer.Exit(PROBLEMS) from refused
        if junit is not None:
            _write(played, junit)
        if as_json:
            say_json(for_programs(played))
        else:
            for line in lines(played):
                say(line)
        raise typer.Exit(PROBLEMS if played.failed or played.untested else OK)


def _known(book: RuleBook, rule: str) -> str:
    """The id of the named rule; its key is enough where only one rule has it. Exits with 2 for no such rule."""
    from dondoc.engine.rulefile.problems import advice

    meant = [name for name in book.rules if rule in (name, name.rpartition("/")[2])]
    if len(meant) == 1:
        return meant[0]
    hint = advice(rule, book.rules)
    either = f": {', '.join(meant)}" if meant else hint.vi
    complain(f"--rule: không có một quy tắc «{rule}»{either}. (There is not just one rule {rule!r}{hint.en}.)")
    raise typer.Exit(WRONG_CALL)


def _write(rehearsal: RuleTestReport, path: Path) -> None:
    from dondoc.flows.whatif.rule_test_report import write_junit

    try:
        write_junit(rehearsal, path)
    except OSError as error:
        complain(f"--junit: không ghi được {path} ({error.strerror}). (The file cannot be written.)")
        raise typer.Exit(WRONG_CALL) from error
