"""Which files a rule folder may hold, and that every problem of every file comes at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import FILE_KINDS, load
from dondoc.engine.rulefile.readers.fields import MappingReader
from dondoc.engine.rulefile.readers.groups import Keyed, Many, OneOf


def refused(rules: Path) -> list[tuple[str, str]]:
    """File and code of each problem."""
    with pytest.raises(RulesRefused) as error:
        load(rules)
    return [(problem.file, problem.code) for problem in error.value.problems]


@pytest.mark.parametrize("name", ["calendar", "indicators", "ladders", "mail"])
def test_a_missing_top_file_is_named(rules: Path, name: str) -> None:
    """Its absence is the one problem: what it would have defined is not called unknown as well."""
    (rules / f"{name}.yaml").unlink()
    assert refused(rules) == [(f"rules/{name}.yaml", "file-missing")]


def test_a_folder_that_is_not_there_misses_all_four(tmp_path: Path) -> None:
    """No traceback for a wrong path: four files are missing."""
    assert [code for _, code in refused(tmp_path / "nowhere")] == ["file-missing"] * 4


def test_the_folder_of_a_locality_is_answered_with_the_one_above(rules: Path) -> None:
    """Whoever names one locality instead of the whole folder is told which folder to name."""
    (rules / "somewhere").mkdir()
    with pytest.raises(RulesRefused) as error:
        load(rules / "somewhere")
    assert {problem.vi.partition("; ")[2] for problem in error.value.problems} == {
        "tệp có ở thư mục trên: hãy đưa thư mục đó"
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("laders.yaml", "file-unknown"),
        ("279.yaml", "file-unknown"),
        ("notes.txt", "file-name"),
        ("luc-nam/279.yml", "file-name"),
        ("luc-nam/Công văn.yaml", "file-name"),
        ("luc-nam/README.txt", "file-name"),
        ("Lục Nam/279.yaml", "file-not-regular"),
        ("luc-nam/deeper/279.yaml", "file-not-regular"),
    ],
)
def test_a_file_with_another_name_is_reported(rules: Path, name: str, code: str) -> None:
    """Nothing in the folder is passed over in silence."""
    path = rules / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("version: 1\n")
    shown = name if code != "file-not-regular" else name.rpartition("/")[0]
    assert refused(rules) == [(f"rules/{shown}", code)]


@pytest.mark.parametrize(
    "name",
    [
        "luc-nam/forms.test.yaml",
        "tests/x.yaml",
        "luc-nam/tests/x.yaml",
        "README.md",
        ".hidden/x",
        "luc-nam/.x.swp",
    ],
)
def test_tests_readme_and_hidden_files_are_not_rules(rules: Path, name: str) -> None:
    """They may hold anything."""
    path = rules / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("]")
    assert load(rules).rules


def test_a_link_out_of_the_folder_is_refused_and_not_read(rules: Path, tmp_path: Path) -> None:
    """A link may only lead to a file of the folder itself."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("secret: [")
    (rules / "luc-nam" / "link.yaml").symlink_to(secret)
    (rules / "outside").symlink_to(tmp_path, target_is_directory=True)
    assert refused(rules) == [("rules/luc-nam/link.yaml", "file-outside"), ("rules/outside", "file-outside")]


def test_a_link_inside_the_folder_is_read(rules: Path) -> None:
    """Mounted configuration is made of such links."""
    (rules / ".data").mkdir()
    (rules / "mail.yaml").rename(rules / ".data" / "mail.yaml")
    (rules / "mail.yaml").symlink_to(".data/mail.yaml")
    assert load(rules).mail.full_rows == 10


def test_a_pipe_is_refused_without_waiting_for_it(rules: Path) -> None:
    """Opening a pipe would block the night for ever."""
    os.mkfifo(rules / "luc-nam" / "pipe.yaml")
    assert refused(rules) == [("rules/luc-nam/pipe.yaml", "file-not-regular")]


def test_one_name_for_two_directives_is_refused(rules: Path) -> None:
    """A directive's id is its file's name, over all localities."""
    text = (
        (rules / "luc-nam" / "forms.yaml").read_text("utf-8").replace("LN15", "DL23").replace("LN2015", "DL2023")
    )
    (rules / "dai-loc").mkdir()
    (rules / "dai-loc" / "forms.yaml").write_text(text, "utf-8")
    assert refused(rules) == [("rules/luc-nam/forms.yaml", "directive-twice")]


def test_every_problem_of_every_file_comes_in_one_go_and_in_order(rules: Path) -> None:
    """By file, line and column, whatever the order in which they were found."""
    for name, wrong in [("mail.yaml", "rows:"), ("ladders.yaml", "tone:"), ("luc-nam/forms.yaml", "remind:")]:
        path = rules / name
        path.write_text(path.read_text("utf-8").replace(wrong, f"x{wrong}"), "utf-8")
    with pytest.raises(RulesRefused) as error:
        load(rules)
    problems = error.value.problems
    assert problems == tuple(sorted(problems))
    assert len(problems) == 1 + 5 + 2
    assert {problem.code for problem in problems} == {"key-unknown"}
    assert str(error.value).count("rules/ladders.yaml:") == 5


def fields_of(reader: object) -> list[object]:
    """Every field below a reader, to any depth."""
    match reader:
        case MappingReader(fields=fields):
            return [*fields, *(found for field in fields for found in fields_of(field.reader))]
        case Many(item=item) | Keyed(item=item):
            return fields_of(item)
        case OneOf(cases=cases):
            return [found for case in cases for found in fields_of(case.shape)]
    return []


def test_every_field_is_documented_in_both_languages() -> None:
    """The tables are enough to print a reference page from."""
    fields = [field for shape in FILE_KINDS.values() for field in fields_of(shape)]
    assert len(fields) > 100
    for field in fields:
        assert field.vi, field.name
        assert field.en, field.name
        assert field.vi != field.en
