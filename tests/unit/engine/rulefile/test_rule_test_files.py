"""A test file is read like any rule file: every mistake at its line and column, with a suggestion."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dondoc.engine.domain.rule_tests import RuleTestFile
from dondoc.engine.domain.rulebook import Streak
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load_tests
from tests.support.town import ROOT, rules

PACK = "279-ubnd-ldtbxh"
NAME = f"luc-nam/{PACK}.test.yaml"
HEAD = """version: 1
tests:
  late:
    about: {vi: Nộp muộn, en: Late}
"""
SILENT = "    nights: {2015-04-20: silent}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's rules without their tests."""
    without = shutil.ignore_patterns("*.test.yaml")
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=without))


def read(folder: Path, text: str, name: str = NAME) -> tuple[RuleTestFile, ...]:
    """The specs of the folder with one test file in it."""
    (folder / name).write_text(text, "utf-8")
    return load_tests(folder, rules())


def test_every_form_is_read(folder: Path) -> None:
    """Facts become rows of the import sheets; a fact is entered on its own day unless it says otherwise."""
    (spec,) = read(
        folder,
        HEAD
        + """    rules: [report-round-1, action-month]
    only: [ln.ubnd_xa.bao_dai]
    facts:
      submissions:
        - {unit: ln.ubnd_xa.bao_dai, report: child-protection, date: 2015-04-18, recorded: 2015-04-22, task: T1}
      activities:
        - {unit: ln.ubnd_xa.bao_dai, activity: action-month-event, date: 2015-05-15, times: 2}
    every_night: {from: 2015-04-19, until: 2015-04-21}
    nights:
      2015-04-20:
        cases: [{rule: report-round-1, unit: ln.ubnd_xa.bao_dai, change: opened, step: 1}]
        letters:
          - {to: ln.ubnd_xa.bao_dai, section: new, rule: report-round-1}
          - {to: ln.phong_ldtbxh, section: new, rule: report-round-1, unit: ln.ubnd_xa.bao_dai, as: monitor}
      2015-04-21: silent
""",
    )
    (trial,) = spec.tests
    assert (spec.directive, spec.data, trial.name) == ("279-ubnd-ldtbxh", None, "late")
    submission, activity = (dict(fact.values) for fact in trial.facts)
    assert submission["submitted_on"] == date(2015, 4, 18)
    assert submission["recorded_at"].isoformat() == "2015-04-22T10:00:00+07:00"
    assert (activity["quantity"], activity["recorded_at"].date()) == (2, date(2015, 5, 15))
    assert [(night.on.day, len(night.listed)) for night in trial.nights] == [(20, 3), (21, 0)]
    assert list(spec.units_named) == ["ln.ubnd_xa.bao_dai", "ln.phong_ldtbxh"]


FACT = "    facts:\n      {}\n"
BROKEN = {
    "no test at all is asked for": ("version: 1\n", [(1, 1, "key-missing")]),
    "a test without nights": (HEAD, [(4, 5, "key-missing")]),
    "a test that expects nothing": (HEAD + "    nights: {}\n", [(5, 13, "nights-missing")]),
    "a night of which nothing is said": (HEAD + "    nights: {2015-04-20: {}}\n", [(5, 26, "key-missing")]),
    "a night that is no date": (HEAD + "    nights: {20/4: silent}\n", [(5, 14, "date-expected")]),
    "a misspelt silence": (HEAD + "    nights: {2015-04-20: silnt}\n", [(5, 26, "word-unknown")]),
    "a letter about another without its relation": (
        HEAD
        + "    nights: {2015-04-20: {letters: [{to: ln.a, section: new, rule: report-round-1, unit: ln.b}]}}\n",
        [(5, 37, "key-missing")],
    ),
    "a case that closes for no reason": (
        HEAD + "    nights: {2015-04-20: {cases: [{rule: report-round-1, unit: ln.a, change: closed}]}}\n",
        [(5, 35, "key-missing")],
    ),
    "a rule the directive does not have": (
        HEAD + "    rules: [report-round-3]\n" + SILENT,
        [(3, 3, "rule-unknown")],
    ),
    "a rule that does not take part": (
        HEAD
        + "    rules: [report-round-2]\n"
        + "    nights: {2015-04-20: {letters: [{to: ln.a, section: new, rule: report-round-1}]}}\n",
        [(6, 68, "rule-left-out")],
    ),
    "a fact nobody asks for": (
        HEAD + FACT.format("activities: [{unit: ln.a, activity: action-mont-event, date: 2015-05-15}]") + SILENT,
        [(6, 20, "fact-unread")],
    ),
    "a fact entered before it happened": (
        HEAD
        + FACT.format(
            "submissions: [{unit: ln.a, report: child-protection, date: 2015-04-18, recorded: 2015-04-17}]"
        )
        + SILENT,
        [(6, 88, "recorded-before-date")],
    ),
    "a period in words": (
        HEAD
        + FACT.format(
            "readings: [{unit: ln.a, indicator: child-injuries, period: quý I, value: 3, recorded: 2015-04-17}]"
        )
        + SILENT,
        [(6, 66, "period-malformed")],
    ),
    "a night outside the span": (
        HEAD + "    every_night: {from: 2015-04-21, until: 2015-04-22}\n" + SILENT,
        [(6, 14, "night-outside")],
    ),
    "more nights than a story needs": (
        HEAD + "    every_night: {from: 2015-01-01, until: 2016-12-31}\n" + SILENT,
        [(5, 18, "nights-too-many")],
    ),
}


@pytest.mark.parametrize(("text", "places"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_named_at_its_place(folder: Path, text: str, places: list[tuple[int, int, str]]) -> None:
    """Line, column and code of each; nothing of the file is used."""
    with pytest.raises(RulesRefused) as refused:
        read(folder, text)
    assert [(one.line, one.column, one.code) for one in refused.value.problems] == places
    for problem in refused.value.problems:
        assert problem.file == f"rules/{NAME}"
        assert problem.en not in {"", problem.vi}


def test_a_likely_rule_and_word_is_suggested(folder: Path) -> None:
    """A slip of the pen is mended from the message."""
    facts = "submissions: [{unit: ln.a, report: child-protecton, date: 2015-04-18}]"
    with pytest.raises(RulesRefused) as refused:
        read(folder, HEAD + "    rules: [report-round1]\n" + FACT.format(facts) + SILENT)
    said = [problem.vi for problem in refused.value.problems]
    assert ["có phải «report-round-1»?" in said[0], "có phải «child-protection»?" in said[1]] == [True, True]


@pytest.mark.parametrize("name", ["luc-nam/other.test.yaml", "279-ubnd-ldtbxh.test.yaml"])
def test_a_test_file_that_stands_beside_no_directive_is_refused(folder: Path, name: str) -> None:
    """It would never be played; "test-alone" says where it belongs."""
    with pytest.raises(RulesRefused) as refused:
        read(folder, HEAD + SILENT, name)
    assert [problem.code for problem in refused.value.problems] == ["test-alone"]


def test_a_derived_rule_takes_part_with_the_rule_it_stands_on(folder: Path) -> None:
    """Alone it would have nothing to count."""
    derived = replace(rules().rules[f"{PACK}/report-round-2"], condition=Streak(f"{PACK}/report-round-1", 3))
    book = replace(rules(), rules={**rules().rules, derived.id: derived})
    (folder / NAME).write_text(HEAD + "    rules: [report-round-2]\n" + SILENT, "utf-8")
    with pytest.raises(RulesRefused) as refused:
        load_tests(folder, book)
    assert [(one.line, one.column, one.code) for one in refused.value.problems] == [(3, 3, "base-left-out")]
