"""The documentation holds: its examples load, its commands exist, its tables are the program's own."""

from __future__ import annotations

import re
import runpy
import shutil
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import typer.main

from dondoc.engine.domain.terms import Verdict
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load, load_tests
from dondoc.engine.sources.reading.headings import HEADINGS
from dondoc.engine.sources.reading.sheets import SHEETS
from dondoc.flows.cli import check, console, program
from dondoc.flows.config import settings
from dondoc.flows.config.setting_keys import DEFAULTS
from dondoc.flows.demo import nights as demo
from dondoc.flows.whatif.rule_test_report import lines
from dondoc.flows.whatif.rule_test_runs import run_rule_tests
from tests.support.town import ROOT, Town, finding

DOCS = ROOT / "docs"
LANGUAGES = ("vi", "en")
GENERATED = ("rule-reference.md", "check-codes.md")
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.name not in GENERATED)
# Those of today: the changelog also tells of commands as they were.
AT_THE_TOP = sorted(path for path in ROOT.glob("*.md") if path.name != "CHANGELOG.md")
# Read by developers alone, in English.
ENGLISH_ONLY = {"adding-a-kind.md", "architecture.md", "attacks.md", "decisions", "testing.md"}
# Its snippets build on each other, mistakes included; tests/project/test_tutorial.py plays them in order.
TUTORIAL = "tutorial.md"
FENCE = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
REPORT, BAO_DAI = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"

# A rule stands in a directive of its own; ladders, calendars and indicators are the project's.
HEAD = """version: 1
directive:
  code: TRY
  kind: {vi: Công văn, en: Letter}
  number: null
  issued: null
  issuer: ln.ubnd_huyen
  title: {vi: Thử, en: Trial}
  in_force: {from: 2015-01-01}
defaults: {applies_to: {kind: ubnd, level: commune, within: ln.ubnd_huyen}}
rules:
"""
# Each kind of snippet: the file it becomes, and what stands before it there.
KINDS = {
    "directive": ("try/snippet.yaml", ""),
    "broken": ("luc-nam/279-ubnd-ldtbxh.yaml", ""),
    "rule": ("try/snippet.yaml", HEAD),
    "register": ("try/snippet.yaml", HEAD.replace("rules:", "register:")),
    "ladder": ("ladders.yaml", "version: 1\nladders:\n"),
    "calendar": ("calendar.yaml", "version: 1\ncalendars:\n"),
    "indicator": ("indicators.yaml", "version: 1\nindicators:\n"),
    "test": ("luc-nam/279-ubnd-ldtbxh.test.yaml", ""),
    "waivers": ("waivers.yaml", ""),
    "sources": ("sources.yaml", ""),
}


def text(page: Path) -> str:
    """A page as it stands."""
    return page.read_text("utf-8")


def named(page: Path) -> str:
    """A page's name in a test id."""
    return page.relative_to(ROOT).as_posix()


def snippets() -> Iterator[Any]:
    """Every YAML snippet of every page: its kind and its lines."""
    for page in [*PAGES, *AT_THE_TOP]:
        if page.name == TUTORIAL:
            continue
        for number, (language, kind, body) in enumerate(FENCE.findall(text(page)), 1):
            if language == "yaml":
                yield pytest.param(page, kind, body, id=f"{named(page)}-{number}-{kind}")


def folder_with(kind: str, body: str, folder: Path) -> Path:
    """A rule folder that is valid, with the snippet in its place."""
    file, before = KINDS[kind]
    target = folder / "rules" / file
    target.parent.mkdir(parents=True)
    if kind in {"waivers", "sources"}:
        shutil.copytree(ROOT / "rules" / "luc-nam", folder / "rules" / "luc-nam")
    for path in (ROOT / "rules").glob("*.yaml"):
        shutil.copy(path, folder / "rules")
    if kind == "test":
        shutil.copy(ROOT / "rules" / file.replace(".test", ""), target.parent)
    target.write_text(before + (indent(body, "  ") if before else body), "utf-8")
    return folder / "rules"


@pytest.mark.parametrize(("page", "kind", "body"), list(snippets()))
def test_every_yaml_snippet_loads_or_is_refused_as_printed(
    page: Path, kind: str, body: str, tmp_path: Path
) -> None:
    """A snippet is what it says it is; the one that is broken has just the messages of the page."""
    rules = folder_with(kind, body, tmp_path)
    if kind != "broken":
        load(rules)
        return
    with pytest.raises(RulesRefused) as refused:
        load(rules)
    printed = [line for line in text(page).splitlines() if line.startswith("rules/luc-nam/279-ubnd-ldtbxh.yaml:")]
    language = check.Language(page.parent.name)
    assert [check.line(problem, language) for problem in refused.value.problems] == printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tests_that_are_shown_pass_and_fail_as_printed(language: str, tmp_path: Path) -> None:
    """As they stand they pass; with the mistake that the page makes, it prints what the command says."""
    page = text(DOCS / language / "writing-rules.md")
    (body,) = (body for *info, body in FENCE.findall(page) if info == ["yaml", "test"])
    rules = folder_with("test", body, tmp_path)
    book = load(rules)
    assert run_rule_tests(book, load_tests(rules, book), rules, ROOT / "examples").failed == ()
    (rules / KINDS["test"][0]).write_text(body.replace("section: worse", "section: still", 1), "utf-8")
    said = list(lines(run_rule_tests(book, load_tests(rules, book), rules, ROOT / "examples")))
    assert "\n".join(said[:4]) in page
    assert said[4].startswith("  dấu -")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_page_is_current(name: str, language: str) -> None:
    """Otherwise run `.venv/bin/python docs/make_reference.py`."""
    written = runpy.run_path(str(DOCS / "make_reference.py"))["PAGES"][name](language)
    assert written == text(DOCS / language / name)


def test_a_page_for_users_is_there_in_both_languages() -> None:
    """Only what developers read is in English alone."""
    vietnamese, english = ({path.name for path in (DOCS / language).iterdir()} for language in LANGUAGES)
    assert english - vietnamese == ENGLISH_ONLY
    assert vietnamese <= english


@lru_cache(maxsize=1)
def commands() -> dict[tuple[str, ...], set[str]]:
    """Every command that does something, by its words, with its options."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        below = getattr(command, "commands", {})
        for name, each in below.items():
            walk(each, (*words, name))
        if not below:
            found[words] = {option for each in command.params for option in each.opts if option.startswith("--")}

    walk(typer.main.get_command(program.program()), ())
    return found


def calls(page: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Every call of the command in a page's code: the words of the command, then all its arguments."""
    code = [*re.findall(r"(?<!`)`([^`\n]+)`(?!`)", page), *(body for *_, body in FENCE.findall(page))]
    for line in "\n".join(code).splitlines():
        for call in re.findall(r"(?:^|(?<!-u)[\s/])dondoc ([a-z-][^#&|>]*)", line):
            words = call.split()
            known = [words[:length] for length in (2, 1) if tuple(words[:length]) in commands()]
            yield tuple(known[0]) if known else (), words


@pytest.mark.parametrize("page", [*PAGES, *AT_THE_TOP], ids=named)
def test_every_command_of_a_page_exists(page: Path) -> None:
    """So does every option that is printed behind it."""
    for command, words in calls(text(page)):
        assert command, f"dondoc {' '.join(words)}"
        options = {word for word in words if word.startswith("--")}
        assert options <= commands()[command], f"dondoc {' '.join(words)}"


@pytest.fixture(params=LANGUAGES)
def operating(request: pytest.FixtureRequest) -> str:
    """The operator's page, in each language."""
    return text(DOCS / str(request.param) / "operating.md")


def test_every_command_is_explained_to_the_operator(operating: str) -> None:
    """None is left for people to find out."""
    assert {command for command, _ in calls(operating)} == set(commands())


def test_every_setting_is_explained_and_exists(operating: str) -> None:
    """`DONDOC_...` as printed in any page, against what the settings know."""
    known = {settings.PREFIX + key.upper() for key in DEFAULTS} | {settings._PASSWORD}
    assert set(re.findall(r"DONDOC_[A-Z_]*[A-Z]", operating)) == known
    table = dict(re.findall(r"^\| `DONDOC_(\w+)` \| `([^`]*)` \|", operating, re.MULTILINE))
    assert "DATABASE" in table
    assert {name: DEFAULTS[name.lower()] for name in table} == table


def test_the_exit_codes_are_those_of_the_program(operating: str) -> None:
    """One row each, in order."""
    listed = re.findall(r"^\| `(\d)` \|", operating, re.MULTILINE)
    codes = (console.OK, console.PROBLEMS, console.WRONG_CALL, console.NEEDS_A_PERSON, console.NOT_NOW)
    assert listed == [str(code) for code in codes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_csv_columns_are_those_of_the_sheets(language: str) -> None:
    """Every sheet, every column, in order, with its heading; a star where the cell may be empty."""
    page = text(DOCS / language / "csv.md")
    parts = re.findall(r"^## (\w+)\.csv\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    printed = {name: re.findall(r"^\| `(\w+)`( \*)? \| ([^|]+) \|", body, re.MULTILINE) for name, body in parts}
    titles = {(kind, one.name): one.vi for kind, headings in HEADINGS.items() for one in headings}
    assert printed == {
        sheet.name: [
            (column, " *" if may_be_empty(parse) else "", titles[sheet.name, column])
            for column, parse in sheet.columns.items()
        ]
        for sheet in SHEETS
    }


def may_be_empty(parse: Any) -> bool:
    """Whether a column takes an empty cell."""
    try:
        parse("")
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def anchors(page: Path) -> set[str]:
    """What a link into a page may name: its headings as a forge and the site write them, and named places."""
    headings = {re.sub(r"[^\w\- ]", "", found.lower()).replace(" ", "-") for found in HEADING.findall(text(page))}
    return headings | set(re.findall(r'<a id="([^"]+)">', text(page)))


@pytest.mark.parametrize("page", [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))], ids=named)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """Files and anchors; addresses on the web are not followed."""
    for link in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert link.startswith("https://") or target.exists(), link
        assert not anchor or anchor in anchors(target), link


def first_night(language: str) -> list[tuple[date, set[str], int | None]]:
    """The table of the first night: each night, who hears, and the working days of lateness printed."""
    nobody = {"vi": "không ai", "en": "nobody"}[language]
    rows = re.findall(
        r"^\| \D+(\d\d)/(\d\d)/(\d{4}) \| [^|]+ \| ([^|]+) \| (?:(\d\d) (?:ngày làm việc|working days?)|–) \|$",
        text(DOCS / language / "first-night.md"),
        re.MULTILINE,
    )
    return [
        (date(int(year), int(month), int(day)), set(who.split("; ")) - {nobody}, int(late) if late else None)
        for day, month, year, who, late in rows
    ]


def test_the_nights_of_the_first_commune_are_as_told() -> None:
    """The table of first-night.md, judged again: who hears, and how late it is."""
    town = Town.founded()
    notified = first_night("vi")
    assert len(notified) == 7
    assert first_night("en") == notified
    for night, who, late in notified:
        made = town.night(night)
        assert town.chart is not None
        offices = {
            town.chart.units[office].name(night).vi for office, *_ in town.notices_of(REPORT, BAO_DAI, night)
        }
        assert offices == who, night
        found = finding(made, REPORT, BAO_DAI)
        overdue = found is not None and found.verdict is Verdict.BREACH
        assert (working_days_late(town, night) if overdue else None) == late, night


def working_days_late(town: Town, night: date) -> int:
    """From the day after the last one, 19/04/2015, to the night, both included."""
    calendar = town.book.calendars["vn"]
    days = (date.fromordinal(day) for day in range(date(2015, 4, 20).toordinal(), night.toordinal() + 1))
    return sum(calendar.is_workday(day) for day in days)


def test_the_demonstration_plays_the_nights_that_are_told() -> None:
    """Every telling night of the story is a scene, and there are as many scenes as the page says."""
    assert {night for night, who, _ in first_night("vi") if who} <= {scene.night for scene in demo.SCENES}
    assert f"{len(demo.SCENES)} đêm" in text(DOCS / "vi" / "first-night.md")
    assert f"{len(demo.SCENES)} nights" in text(DOCS / "en" / "first-night.md")
