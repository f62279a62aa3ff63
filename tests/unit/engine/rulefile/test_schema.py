"""Schema and loader agree on every fault that lies in the shape of one file."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jsonschema.validators import extend

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile import FILE_KINDS
from dondoc.engine.rulefile.book import load
from dondoc.engine.rulefile.files.assemble import pack
from dondoc.engine.rulefile.problems import ProblemSheet, Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader
from dondoc.engine.rulefile.readers.patterns import DAY, whole
from dondoc.engine.rulefile.schema.json_schema import catalog, kinds, schema_of
from dondoc.engine.rulefile.yaml_text.guard import text_of
from dondoc.engine.rulefile.yaml_text.nodes import Invalid, Items, Node, Pairs, Scalar, ScalarType
from dondoc.engine.rulefile.yaml_text.parse import parse
from tests.project.test_docs import folder_with, snippets
from tests.support.town import ROOT

GALLERY = sorted((ROOT / "tests" / "unit" / "engine" / "rulefile" / "broken_rules").glob("*.yaml"))
GOOD = Path(__file__).parent / "good_rules"
VALID = [*sorted((ROOT / "rules").rglob("*.yaml")), *sorted(GOOD.rglob("*.yaml"))]

READ_OTHERWISE = "an editor that cannot read the file, or reads it otherwise, says so in its own way"
# What no schema of one file's values can say, by problem code.
BEYOND = {
    "another file or another place is needed": {
        *("calendar-unknown", "indicator-unknown", "ladder-unknown", "occasion-unknown", "unit-unknown"),
        *("rule-unknown", "directive-unknown", "report-unknown", "activity-unknown", "of-unfit", "of-circle"),
        *("code-twice", "directive-twice", "obligation-twice", "rule-twice"),
    },
    "two values must be compared": {
        *("until-before-from", "closed-too-long", "covers-too-long", "outside-covers", "closed-and-worked"),
        *(
            "clear-side",
            "blank-half",
            "dates-not-rising",
            "steps-not-rising",
            "waiver-overlaps",
            "waiver-too-long",
        ),
    },
    "the calendar must be computed": {"not-made-up", "not-closed", "never-judged"},
    "arithmetic is needed": {"percent-too-fine"},
    READ_OTHERWISE: {
        *("yaml-syntax", "yaml-anchor", "yaml-documents", "yaml-depth", "yaml-nodes", "yaml-tag", "yaml-merge"),
        *("key-duplicate", "key-not-text", "file-empty", "tab", "not-utf8", "file-too-large"),
        *("control-character", "combining-marks", "replacement-character"),
    },
}
EXCUSED = frozenset[str]().union(*BEYOND.values())
# Files of the gallery whose fault lies in how a value is written: to a schema the value itself is right.
SPELT = {
    "date-quoted": "a date is a text, with and without quotes",
    "number-octal": "08 is the number 8",
    "number-exponent": "1e3 is the number 1000",
    "number-many-decimals": "binary fractions have no last decimal",
}
EXPECT = re.compile(r"^# expect: \d+:\d+ ([a-z0-9-]+)$", re.MULTILINE)


def ends_here(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Any:
    """`pattern` as editors read it: in Python `$` would let a last line break pass."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield from Draft7Validator({"pattern": "(?!)"}).iter_errors(instance)


Editor = extend(Draft7Validator, {"pattern": ends_here})


@lru_cache(maxsize=16)
def validator(kind: str) -> Any:
    """The schema of a kind, ready."""
    return Editor(schema_of(kind))


@dataclass(frozen=True, slots=True)
class Judged:
    """What the loader and the schema say of one file; `value` is None when it is no YAML at all."""

    codes: frozenset[str]
    refused: bool


def core(node: Node) -> Any:
    """A node as a YAML 1.2 core reader sees it: what an editor validates."""
    match node:
        case Pairs(pairs=pairs):
            return {key.text: core(value) for key, value in pairs}
        case Items(items=items):
            return [core(item) for item in items]
        case Invalid():
            return None
    return typed(node)


def typed(scalar: Scalar) -> Any:
    """The value of a scalar after the core schema."""
    match scalar.meaning:
        case ScalarType.TEXT:
            return scalar.text
        case ScalarType.NOTHING:
            return None
        case ScalarType.BOOL:
            return scalar.text == "true"
    lowered = scalar.text.lower()
    if lowered in {"true", "false"}:
        return lowered == "true"
    if lowered.startswith(("0x", "0o")):
        return int(lowered, 0)
    number = float(lowered.replace(".inf", "inf").replace(".nan", "nan"))
    return int(number) if number.is_integer() else number


def kind_of(name: str) -> str:
    """The kind of a file by its name below the folder."""
    if name.endswith(".test.yaml"):
        return "test"
    return "directive" if "/" in name else name.removesuffix(".yaml")


def judged(name: str, raw: bytes) -> Judged | None:
    """Both verdicts on one file, as far as it can be judged alone; None where nothing can be parsed."""
    sheet = ProblemSheet(name)
    text = text_of(raw, sheet)
    node = None if text is None else parse(text, sheet)
    if node is None:
        return None
    kind = kind_of(name)
    with suppress(Unread):
        got = FILE_KINDS[kinds()[kind]].read(node, sheet)
        if kind == "directive":
            pack("forms", got)
    codes = frozenset(problem.code for problem in sheet.problems)
    return Judged(codes, not validator(kind).is_valid(core(node)))


def gallery_name(path: Path) -> str:
    """The name under which a file of the gallery would stand in a folder."""
    top = path.name.partition("-")[0]
    return f"{top}.yaml" if f"{top}.yaml" in FILE_KINDS else f"thu/{path.name}"


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kind_of_file_has_a_schema_of_the_draft(kind: str) -> None:
    """It is valid itself, and refuses an empty file."""
    Draft7Validator.check_schema(schema_of(kind))
    assert not validator(kind).is_valid({})
    assert not validator(kind).is_valid(None)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_the_loader_accepts_no_editor_underlines(path: Path) -> None:
    """Every pack and every form of the good folder."""
    folder = GOOD if path.is_relative_to(GOOD) else ROOT / "rules"
    assert judged(path.relative_to(folder).as_posix(), path.read_bytes()) == Judged(frozenset(), refused=False)


@pytest.mark.parametrize(("page", "kind", "body"), list(snippets()))
def test_what_the_documentation_shows_no_editor_underlines(
    page: Path, kind: str, body: str, tmp_path: Path
) -> None:
    """But for the snippet that shows mistakes."""
    rules = folder_with(kind, body, tmp_path)
    for path in rules.rglob("*.yaml"):
        both = judged(path.relative_to(rules).as_posix(), path.read_bytes())
        assert both is not None
        assert both.refused is bool(both.codes - EXCUSED), path


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_schema_refuses_each_broken_file_but_for_what_it_cannot_know(path: Path) -> None:
    """Nothing is excused that the schema could say after all: then it would refuse."""
    both = judged(gallery_name(path), path.read_bytes())
    codes = set(EXPECT.findall(path.read_text("utf-8")))
    if both is None:
        assert codes <= EXCUSED
    elif both.codes & BEYOND[READ_OTHERWISE]:
        assert both.codes <= EXCUSED | {"value-missing"}
    else:
        assert both.refused is (bool(codes - EXCUSED) and path.stem not in SPELT)


def test_what_is_excused_occurs() -> None:
    """An excuse for a file or a code that is gone would hide the next one."""
    assert set(SPELT) <= {path.stem for path in GALLERY}


VALUES = (
    *(
        "null",
        "true",
        "no",
        "7",
        "1.5",
        "-1",
        "[]",
        "{}",
        "[a]",
        "{a: 1}",
        '""',
        "a b",
        "5 workdays",
        "20 %",
        "x.y",
    ),
    *("2019-02-28", "2019-02-29", "2200-01-01", "02-29", "reading", "calendar-month", "2 reading", "urge", "text"),
    *("{from: 2019-01-01}", "{every: year, by: 12-31}", "{every: reporting-month, by: 5}", "superior.party.3"),
)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A good file in which a key has another value, is misspelt, is missing, or stands elsewhere."""
    path = draw(st.sampled_from(sorted(GOOD.rglob("*.yaml"))))
    lines = path.read_text("utf-8").splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    key, colon, _ = lines[at].partition(":")
    match draw(st.sampled_from(("value", "value", "inner", "misspell", "delete"))):
        case "value":
            lines[at] = f"{key}{colon} {draw(st.sampled_from(VALUES))}"
        case "inner":
            found = list(re.finditer(r": ([^{},:]+)(?=[,}])", lines[at]))
            if found:
                one = draw(st.sampled_from(found))
                lines[at] = f"{lines[at][: one.start(1)]}{draw(st.sampled_from(VALUES))}{lines[at][one.end(1) :]}"
        case "misspell":
            lines[at] = f"{key}x{colon}{lines[at][len(key) + 1 :]}"
        case "delete":
            del lines[at]
    return path.relative_to(GOOD).as_posix(), "\n".join(lines)


@settings(max_examples=300, deadline=None)
@given(slips())
def test_a_slip_of_the_hand_is_judged_alike(slip: tuple[str, str]) -> None:
    """One wrong value or key anywhere: both refuse or both accept, but for what a schema cannot know."""
    name, text = slip
    both = judged(name, text.encode())
    if both is None:
        return
    if not both.codes:
        assert not both.refused
    elif not both.codes & EXCUSED:
        assert both.refused


def test_a_reader_without_a_schema_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds a reader hears of it here."""

    class Roman:
        """A reader nobody has heard of."""

    shape = MappingReader(Text("tệp", "the file"), (Field("year", Roman(), "năm", "year"),), lambda got: got)  # type: ignore[arg-type]
    monkeypatch.setitem(FILE_KINDS, "mail.yaml", shape)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Roman has no schema"):
        schema_of("mail")


def test_every_key_is_explained_in_vietnamese_then_english() -> None:
    """What hovering over it shows."""
    shown = schema_of("directive")["properties"]["register"]["description"]
    assert shown == "nghĩa vụ được theo dõi mà không tự xét\n\n(obligations tracked and not judged)"


@pytest.mark.parametrize(("low", "high"), [(0, 250), (1, 366), (5, 5), (99, 101), (0, 999), (7, 1000)])
def test_a_pattern_of_numbers_holds_just_those(low: int, high: int) -> None:
    """Both ends included, no leading zeros."""
    fits = re.compile(whole(low, high)).fullmatch
    assert [number for number in range(2000) if fits(str(number))] == list(range(low, high + 1))
    assert not fits(f"0{high}")


@pytest.mark.parametrize(
    ("day", "real"),
    [
        ("2000-02-29", True),
        ("1900-02-29", False),
        ("2100-02-28", True),
        ("2100-02-29", False),
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("2023-04-31", False),
        ("2023-12-31", True),
        ("1899-12-31", False),
        ("2101-01-01", False),
        ("2023-13-01", False),
        ("2023-00-10", False),
    ],
)
def test_a_pattern_of_days_knows_the_months(day: str, *, real: bool) -> None:
    """The Gregorian calendar from 1900 to 2100."""
    assert bool(re.fullmatch(DAY, day)) is real


def test_the_catalogue_names_every_schema_and_its_files() -> None:
    """One entry a kind; directives stand in the folder of a locality."""
    entries = {entry["url"]: entry["fileMatch"] for entry in catalog()["schemas"]}
    assert entries["directive.schema.json"] == ["rules/*/*.yaml", "!rules/*/*.test.yaml"]
    assert entries["test.schema.json"] == ["rules/*/*.test.yaml"]
    assert entries["mail.schema.json"] == ["rules/mail.yaml"]
    assert len(entries) == len(FILE_KINDS)


def test_the_valid_folders_are_valid() -> None:
    """Otherwise agreement on them would mean little."""
    assert load(ROOT / "rules").rules
    assert load(GOOD).rules
