"""`dondoc test`: the packs of the project pass their own tests, and a test that is wrong says just what is."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load_tests
from dondoc.flows.whatif.rule_test_report import as_json, junit, lines
from dondoc.flows.whatif.rule_test_runs import DataRefused, RuleTestReport, run_rule_tests
from tests.support.cli_office import Office
from tests.support.town import EXAMPLES, rules

PASSED, PROBLEMS, WRONG_CALL = 0, 1, 2
LUC_NAM = "luc-nam/279-ubnd-ldtbxh"
RULE = "279-ubnd-ldtbxh/report-round-1"
# A commune that reports nothing, on the first night after the limit.
LATE = """version: 1
tests:
  late:
    about: {vi: Xã chưa gửi báo cáo, en: A commune has sent nothing}
    rules: [report-round-1]
    only: [ln.ubnd_xa.bao_dai]
    nights:
      2015-04-19: silent
      2015-04-20:
        cases: [{rule: report-round-1, unit: ln.ubnd_xa.bao_dai, change: opened, step: 1}]
        letters: [{to: ln.ubnd_xa.bao_dai, section: new, rule: report-round-1}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rule folder for test files alone; the rules are the project's."""
    (tmp_path / "rules" / "luc-nam").mkdir(parents=True)
    (tmp_path / "rules" / f"{LUC_NAM}.yaml").touch()
    return tmp_path / "rules"


def play(folder: Path, text: str, data: Path = EXAMPLES) -> RuleTestReport:
    """What becomes of one test file about the first report of Lục Nam."""
    (folder / f"{LUC_NAM}.test.yaml").write_text(text, "utf-8")
    return run_rule_tests(rules(), load_tests(folder, rules()), folder, data, RULE)


def changed(old: str, new: str) -> str:
    """The test of the late commune, with one place changed."""
    assert old in LATE
    return LATE.replace(old, new, 1)


def differences(played: RuleTestReport) -> list[str]:
    """The lines of the report that begin with a minus or a plus, without their places."""
    marked = (line.strip() for line in lines(played))
    return [line.partition("   (")[0] for line in marked if line.startswith(("- ", "+ "))]


def test_every_pack_passes_its_own_tests_and_tests_every_rule(office: Office) -> None:
    """Each of the 24 rules has a night on which it does something and one on which it rightly does nothing."""
    ran = office.dondoc("test", "--json", "--junit", "junit.xml")
    assert (ran.code, ran.err) == (PASSED, "")
    said = json.loads(ran.out)
    assert [one["test"] for one in said["tests"] if not one["passed"]] == []
    assert {one["rule"] for one in said["rules"] if one["fires"] and one["silent"]} == set(rules().rules)
    suites = ET.parse(office.folder / "junit.xml").getroot()
    assert sum(int(suite.attrib["tests"]) for suite in suites) == len(said["tests"]) + len(rules().rules)


def test_a_right_test_passes_and_one_rule_can_be_asked_for(folder: Path) -> None:
    """What is said of the other rules then does not matter."""
    played = play(folder, LATE)
    assert (len(played.played), played.failed, played.untested) == (1, (), ())
    assert [(one.rule, one.silent) for one in played.coverage] == [(RULE, False)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "step: 1",
            "step: 2",
            [
                "- cases: {rule: report-round-1, unit: ln.ubnd_xa.bao_dai, change: opened, step: 2}",
                "+ cases: {rule: report-round-1, unit: ln.ubnd_xa.bao_dai, change: opened, step: 1}",
            ],
            id="a wrong step",
        ),
        pytest.param(
            "        letters: [{to: ln.ubnd_xa.bao_dai, section: new, rule: report-round-1}]\n",
            "",
            ["+ letters: {to: ln.ubnd_xa.bao_dai, section: new, rule: report-round-1}"],
            id="an unlisted letter",
        ),
        pytest.param(
            "2015-04-19: silent",
            "2015-04-19: {letters: [{to: ln.huyen_uy, section: new, rule: report-round-1}]}",
            ["- letters: {to: ln.huyen_uy, section: new, rule: report-round-1}"],
            id="a listed letter that nobody gets",
        ),
        pytest.param(
            "2015-04-19: silent",
            "2015-04-18: silent",
            [],
            id="a silent night instead of another",
        ),
        pytest.param(
            "    nights:\n      2015-04-19: silent\n",
            "    every_night: {from: 2015-04-17, until: 2015-04-20}\n    nights:\n",
            ["+ letters: {to: ln.ubnd_xa.bao_dai, section: ending, rule: report-round-1}"],
            id="the reminder, when every night of a span must be listed or silent",
        ),
    ],
)
def test_a_night_that_differs_says_what_is_missing_and_what_is_too_much(
    folder: Path, old: str, new: str, expected: list[str]
) -> None:
    """In the words of the test file, so that a line can be copied into it."""
    played = play(folder, changed(old, new))
    assert differences(played) == expected
    assert bool(played.failed) is bool(expected)


def test_a_failure_names_the_test_the_night_and_the_line(folder: Path) -> None:
    """With the sentence of the test in both languages."""
    said = list(lines(play(folder, changed("step: 1", "step: 2"))))
    assert said[0].startswith(f"rules/{LUC_NAM}.test.yaml:3:3: SAI «late»: Xã chưa gửi báo cáo (FAILED: A commune")
    assert said[1] == f"  rules/{LUC_NAM}.test.yaml:9: đêm 20/04/2015 (2015-04-20)"
    assert said[2].endswith(f"(rules/{LUC_NAM}.test.yaml:10)")
    assert said[-1].startswith("1 bài thử, 1 sai; 1 quy tắc, 0 chưa được thử; ")


def test_a_rule_of_which_only_silence_is_tested_is_named(folder: Path) -> None:
    """A pack whose tests expect nothing to happen would pass whatever its rules say."""
    silent = LATE[: LATE.index("      2015-04-20:")]
    played = play(folder, silent)
    assert (played.failed, [one.rule for one in played.untested]) == ((), [RULE])
    assert next(lines(played)).startswith(f"{RULE}: chưa có bài thử.")
    done = silent + "      2015-04-20: silent\n"
    met = "    facts: {submissions: [{unit: ln.ubnd_xa.bao_dai, report: child-protection, date: 2015-04-19}]}\n"
    played = play(folder, done.replace("    nights:\n", met + "    nights:\n"))
    assert [(one.fires, one.silent) for one in played.coverage] == [(False, True)]
    assert next(lines(played)).startswith(f"{RULE}: chỉ có đêm im lặng")


def test_junit_is_valid_whatever_the_sentences_hold(folder: Path) -> None:
    """Angle brackets, quotes and ampersands are text; failures are counted where they belong."""
    tricky = 'about: {vi: "a <b> & ]]> \\"c\\"", en: "<x>"}'
    played = play(
        folder,
        changed("step: 1", "step: 2").replace(
            "about: {vi: Xã chưa gửi báo cáo, en: A commune has sent nothing}", tricky
        ),
    )
    suites = ET.fromstring(junit(played))
    (file, coverage) = suites
    assert (file.attrib["tests"], file.attrib["failures"]) == ("1", "1")
    assert (coverage.attrib["tests"], coverage.attrib["failures"]) == ("1", "0")
    failure = file[0].find("failure")
    assert failure is not None
    assert failure.attrib["message"] == 'a <b> & ]]> "c"'
    assert "+ cases: {rule: report-round-1" in (failure.text or "")


def test_programs_get_the_same(folder: Path) -> None:
    """What is missing and what is too much, night by night."""
    (one,) = as_json(play(folder, changed("step: 1", "step: 2")))["tests"]
    assert (one["passed"], len(one["nights"])) == (False, 1)
    assert [len(one["nights"][0][side]) for side in ("missing", "unexpected")] == [1, 1]


def test_a_unit_that_the_data_does_not_have_is_named_before_any_test_runs(folder: Path) -> None:
    """With the place of its first mention and a likely one."""
    with pytest.raises(RulesRefused) as refused:
        play(folder, LATE.replace("bao_dai", "bao_dia"))
    (problem,) = refused.value.problems
    assert (problem.line, problem.column, problem.code) == (6, 12, "unit-unknown")
    assert "ln.ubnd_xa.bao_dai" in problem.vi


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param("[ln.ubnd_xa.bao_dai]\n", "[ln.huyen_uy]\n", "«only»", id="a unit that no rule asks"),
        pytest.param(
            "    nights:\n",
            "    facts:\n      submissions:\n"
            + "".join(
                f"        - {{ref: a, unit: ln.ubnd_xa.bao_dai, report: {word}, date: 2015-04-18}}\n"
                for word in ("child-protection", "child-protection, task: 2015-04-19")
            )
            + "    nights:\n",
            "trùng khóa",
            id="two facts of one id on one day",
        ),
    ],
)
def test_a_test_that_cannot_be_played_fails_with_a_sentence(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    """The other tests are played all the same."""
    (one,) = play(folder, changed(old, new)).failed
    assert one.fault is not None
    assert sentence in one.fault


def test_a_test_file_may_name_its_own_units(folder: Path) -> None:
    """A folder of CSV files, as seen from the test file; it wins over the one of the command."""
    (folder.parent / "mine").symlink_to(EXAMPLES)
    played = play(folder, LATE.replace("version: 1\n", "version: 1\ndata: ../../mine\n"), data=Path("nowhere"))
    assert played.failed == ()
    with pytest.raises(DataRefused, match=r"units\.csv"):
        play(folder, LATE, data=Path("nowhere"))


@pytest.mark.long
def test_the_command_answers_with_its_exit_codes(office: Office) -> None:
    """0 when all is well, 1 for a failure or a rule without tests, 2 for a rule that does not exist."""
    test = f"rules/{LUC_NAM}.test.yaml"
    (office.folder / test).write_text(LATE, "utf-8")
    assert office.dondoc("test", "--rule", "report-round-1").code == PASSED
    wrong = office.dondoc("test", "--rule", "report-round-11")
    assert (wrong.code, "report-round-1" in wrong.err) == (WRONG_CALL, True)
    office.spoil(test, "change: opened, step: 1", "change: opened, step: 2")
    failed = office.dondoc("test", "--rule", "report-round-1")
    assert (failed.code, "SAI «late»" in failed.out) == (PROBLEMS, True)
    office.spoil(test, "section: new", "section: news")
    refused = office.dondoc("test")
    assert (refused.code, f"{test}:" in refused.err, "«new»" in refused.err) == (PROBLEMS, True, True)
    (office.folder / test).unlink()
    untested = office.dondoc("test", "--rule", "report-round-1")
    assert (untested.code, "chưa có bài thử" in untested.out) == (PROBLEMS, True)


WAIVED = LATE.replace(
    "    nights:\n",
    """    waivers:
      - {rule: report-round-1, unit: ln.ubnd_xa.bao_dai, from: 2015-04-20, until: 2015-04-24}
    nights:
""",
)


def test_a_test_may_state_waivers(folder: Path) -> None:
    """While it holds the case opens at no step and nobody is told; afterwards the unit hears of it as new."""
    played = play(folder, WAIVED)
    assert [line for line in differences(played) if "letters" in line] == [
        "- letters: {to: ln.ubnd_xa.bao_dai, section: new, rule: report-round-1}",
        "+ letters: {to: ln.ubnd_xa.bao_dai, section: ending, rule: report-round-1}",
    ]
    silent = WAIVED.replace("2015-04-20:\n", "2015-04-25:\n", 1)
    assert play(folder, silent).failed == ()


def test_a_waiver_of_an_unknown_rule_is_a_problem_of_the_test(folder: Path) -> None:
    """Its place is that of the waiver."""
    with pytest.raises(RulesRefused) as refused:
        play(folder, WAIVED.replace("{rule: report-round-1, unit", "{rule: report-round-9, unit", 1))
    ((problem,),) = (refused.value.problems,)
    assert (problem.line, problem.code) == (8, "rule-unknown")


ANSWERED = """version: 1
tests:
  answered:
    about: {vi: Xã trả lời, en: The commune answers}
    rules: [report-round-1]
    only: [ln.ubnd_xa.bao_dai]
    acts:
      - {ACT}
    nights:
      2015-04-20:
        cases: [{rule: report-round-1, unit: ln.ubnd_xa.bao_dai, change: opened, step: 1}]
        letters: [{to: ln.ubnd_xa.bao_dai, section: new, rule: report-round-1}]
      2015-04-25: silent
"""
COMMUNE = "to: ln.ubnd_xa.bao_dai"
OF_THE_CASE = "rule: report-round-1, unit: ln.ubnd_xa.bao_dai"
HEARD = [
    ("that it knows spares the commune alone", "acknowledged", {"climbed", "ln.phong_ldtbxh"}, {COMMUNE}),
    ("a promise keeps everybody waiting", "explained, until: 2015-05-06", set(), {"letters", "cases"}),
    ("a report closes it, and the commune hears so", "done", {"outcome: late", "section: resolved"}, {"climbed"}),
    ("asking moves nothing", "extension-asked, until: 2015-05-06", {"climbed", COMMUNE}, set()),
    ("granting moves it", "extension-granted, by: ln.ubnd_huyen, until: 2015-05-06", {"still"}, {"climbed"}),
]


@pytest.mark.parametrize(("said", "brings", "spares"), [row[1:] for row in HEARD], ids=[row[0] for row in HEARD])
def test_what_an_office_says_is_known_to_the_next_night(
    folder: Path, said: str, brings: set[str], spares: set[str]
) -> None:
    """Said on the 21st, it decides what the 25th brings, on which step 2 is due."""
    played = play(folder, ANSWERED.replace("{ACT}", f"{{on: 2015-04-21, {OF_THE_CASE}, says: {said}}}"))
    found = "\n".join(differences(played))
    assert played.played[0].fault is None
    assert {word for word in brings | spares if word in found} == brings


def test_what_was_said_last_is_taken_back(folder: Path) -> None:
    """The next night does not know it, and climbs."""
    twice = f"""{{on: 2015-04-21, {OF_THE_CASE}, says: explained, until: 2015-05-06}}
      - {{on: 2015-04-22, {OF_THE_CASE}, says: taken-back}}"""
    found = differences(play(folder, ANSWERED.replace("{ACT}", twice)))
    assert "+ cases: {rule: report-round-1, unit: ln.ubnd_xa.bao_dai, change: climbed, step: 2}" in found


NOT_PLAYED = [
    ("by an office that may not", f"on: 2015-04-21, {OF_THE_CASE}, says: done, by: ln.huyen_uy", "Huyện ủy"),
    ("a promise in the past", f"on: 2015-04-21, {OF_THE_CASE}, says: explained, until: 2015-04-20", "20/04/2015"),
    ("before there is a case", f"on: 2015-04-19, {OF_THE_CASE}, says: acknowledged", "có 0 hồ sơ"),
    ("of another subject", f"on: 2015-04-21, {OF_THE_CASE}, says: acknowledged, subject: x", "«subject» nói rõ"),
    ("after the last night", f"on: 2015-04-25, {OF_THE_CASE}, says: acknowledged", "không đêm nào"),
]


@pytest.mark.parametrize(("act", "said"), [row[1:] for row in NOT_PLAYED], ids=[row[0] for row in NOT_PLAYED])
def test_an_answer_that_nobody_could_give_fails_the_test(folder: Path, act: str, said: str) -> None:
    """With its place, and with the sentence that the office would read."""
    (played,) = play(folder, ANSWERED.replace("{ACT}", f"{{{act}}}")).failed
    assert played.fault is not None
    assert played.fault.startswith(f"rules/{LUC_NAM}.test.yaml:8:9: ")
    assert said in played.fault


def test_an_answer_about_an_unknown_rule_is_a_problem_of_the_test(folder: Path) -> None:
    """Before anything is played."""
    act = "{on: 2015-04-21, rule: report-round-9, unit: ln.ubnd_xa.bao_dai, says: done}"
    with pytest.raises(RulesRefused) as refused:
        play(folder, ANSWERED.replace("{ACT}", act))
    ((problem,),) = (refused.value.problems,)
    assert (problem.line, problem.code) == (8, "rule-unknown")
