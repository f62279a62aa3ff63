"""`dondoc explain` and `dondoc why-not` as they are typed: which night is meant, and what a program gets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import pytest
from typer.testing import CliRunner, Result

from dondoc.engine.store.db.database import connect
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.cli.program import program
from dondoc.flows.night import steps
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town, rules

BAO_DAI = "ln.ubnd_xa.bao_dai"
NIGHTS = date(2015, 4, 20), date(2015, 4, 21)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A service whose communes have not reported, after two nights."""
    url = f"sqlite:///{tmp_path_factory.mktemp('asked') / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    Town(engine).founded_here()
    for night in NIGHTS:
        steps.judge_night(engine, rules(), Night(night, steps.cutoff_of(night)))
    engine.dispose()
    return {"DONDOC_DATABASE": url, "DONDOC_RULES": str(ROOT / "rules")}


def run(environment: Mapping[str, str], *words: str) -> Result:
    """The command."""
    return CliRunner().invoke(program(words), words, env=dict(environment))


@pytest.mark.parametrize(
    ("on", "night"), [((), "2015-04-21"), (("--on", "2015-04-20"), "2015-04-20")], ids=["latest", "named"]
)
def test_a_case_is_explained_on_the_latest_night_or_the_one_named(
    environment: Mapping[str, str], on: tuple[str, ...], night: str
) -> None:
    """The same to people and to programs."""
    said = run(environment, "explain", "LN15-0001", *on)
    assert (said.exit_code, "LN15-0001" in said.output) == (0, True)
    found = json.loads(run(environment, "explain", "LN15-0001", *on, "--json").stdout)
    assert found["asked_on"] == night


def test_a_case_that_nobody_knows_is_a_wrong_call(environment: Mapping[str, str]) -> None:
    """With its code in the answer."""
    said = run(environment, "explain", "LN15-9999")
    assert (said.exit_code, "LN15-9999" in said.stderr) == (2, True)


def test_an_office_is_told_why_it_heard_or_did_not(environment: Mapping[str, str]) -> None:
    """Of one rule alone if it is named; a rule that does not exist is a wrong call."""
    said = run(environment, "why-not", BAO_DAI, "--on", "2015-04-20")
    assert (said.exit_code, "LN15-" in said.output) == (0, True)
    rule = "279-ubnd-ldtbxh/report-round-1"
    found = json.loads(run(environment, "why-not", BAO_DAI, "--on", "2015-04-20", "--rule", rule, "--json").stdout)
    assert {line["rule"] for line in found["lines"]} == {rule}
    wrong = run(environment, "why-not", BAO_DAI, "--on", "2015-04-20", "--rule", "no-such-rule")
    assert (wrong.exit_code, "no-such-rule" in wrong.stderr) == (2, True)
