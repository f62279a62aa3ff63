"""The report of a test run: lines for people, a value for programs, JUnit XML for a build server."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from dondoc.engine.domain.rule_tests import Coverage, Difference
from dondoc.flows.whatif.rule_test_runs import RuleTestReport, RuleTestResult

_LEGEND = "  dấu -: phải có mà không có (expected, missing); dấu +: có mà không chờ đợi (present, not expected)"


def lines(report: RuleTestReport) -> Iterator[str]:
    """Every test that failed with its differences, every rule without tests, and one line that sums up."""
    for played in report.failed:
        yield from _failure(played)
    if any(played.differences for played in report.failed):
        yield _LEGEND
    for one in report.coverage:
        if not one.fires:
            yield f"{one.rule}: {_no_firing(one)}"
    for one in report.coverage:
        if one.fires and not one.silent:
            yield (
                f"{one.rule}: nên thêm một đêm đơn vị đạt (đã làm, hoặc số liệu trong ngưỡng) và không ai được "
                f"báo. (Add a night on which it is met and notifies nobody.)"
            )
    yield _sum(report)


def _failure(played: RuleTestResult) -> Iterator[str]:
    test = played.test
    yield f"{test.place}: SAI «{test.name}»: {test.about.vi} (FAILED: {test.about.en})"
    if played.fault is not None:
        yield f"  {played.fault}"
    for differs in played.differences:
        yield from _difference(differs)


def _difference(differs: Difference) -> Iterator[str]:
    yield f"  {_line(differs.place)}: đêm {differs.night:%d/%m/%Y} ({differs.night})"
    yield from (f"    - {one.kind}: {one.text()}   ({_line(one.place)})" for one in differs.missing)
    yield from (f"    + {one.kind}: {one.text()}" for one in differs.unexpected)


def _line(place: str) -> str:
    """`file:line` of a place."""
    return place.rpartition(":")[0]


def _no_firing(one: Coverage) -> str:
    if one.silent:
        return "chỉ có đêm im lặng; thiếu bài thử chờ một hồ sơ hay một thư. (Only quiet nights are tested.)"
    return "chưa có bài thử. (Not tested.)"


def _sum(report: RuleTestReport) -> str:
    played, failed, untested = len(report.played), len(report.failed), len(report.untested)
    seconds = sum(one.seconds for one in report.played)
    return (
        f"{played} bài thử, {failed} sai; {len(report.coverage)} quy tắc, {untested} chưa được thử; "
        f"{seconds:.1f} giây. ({played} tests, {failed} failed; {untested} rules untested.)"
    )


def as_json(report: RuleTestReport) -> dict[str, Any]:
    """The same for programs."""
    return {
        "tests": [_played(one) for one in report.played],
        "rules": [{"rule": one.rule, "fires": one.fires, "silent": one.silent} for one in report.coverage],
    }


def _played(one: RuleTestResult) -> dict[str, Any]:
    return {
        "file": one.file.file,
        "test": one.test.name,
        "place": one.test.place,
        "passed": one.passed,
        "fault": one.fault,
        "nights": [
            {
                "night": differs.night,
                "place": differs.place,
                "missing": [f"{missing.kind}: {missing.text()}" for missing in differs.missing],
                "unexpected": [f"{seen.kind}: {seen.text()}" for seen in differs.unexpected],
            }
            for differs in one.differences
        ],
        "seconds": round(one.seconds, 3),
    }


def junit(report: RuleTestReport) -> bytes:
    """JUnit XML: a suite for each test file, and one with a case for each rule, failed when it is untested."""
    suites = Element("testsuites", name="dondoc test")
    for file in dict.fromkeys(one.file.file for one in report.played):
        mine = [one for one in report.played if one.file.file == file]
        failures = sum(not one.passed for one in mine)
        suite = _suite(suites, file, len(mine), failures, sum(one.seconds for one in mine))
        for one in mine:
            case = SubElement(suite, "testcase", classname=file, name=one.test.name, time=f"{one.seconds:.3f}")
            if not one.passed:
                _failed(case, one.test.about.vi, "\n".join(_failure(one)))
    suite = _suite(suites, "rules", len(report.coverage), len(report.untested), 0)
    for rule in report.coverage:
        case = SubElement(suite, "testcase", classname="rules", name=rule.rule, time="0.000")
        if not rule.fires:
            _failed(case, _no_firing(rule), f"{rule.rule}: {_no_firing(rule)}")
    indent(suites)
    out = BytesIO()
    ElementTree(suites).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue()


def _suite(above: Element, name: str, tests: int, failures: int, seconds: float) -> Element:
    counts = {"tests": str(tests), "failures": str(failures), "errors": "0", "time": f"{seconds:.3f}"}
    return SubElement(above, "testsuite", {"name": name, **counts})


def _failed(case: Element, message: str, text: str) -> None:
    SubElement(case, "failure", message=message).text = text


def write_junit(report: RuleTestReport, path: Path) -> None:
    """Writes the JUnit XML; raises `OSError` where the file cannot be written."""
    path.write_bytes(junit(report))
