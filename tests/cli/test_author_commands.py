"""The commands for people who write rules, as typed: schema, fmt, new."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dondoc.flows.cli.program import program
from tests.support.town import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the project's rules and example data, in which the command is typed."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(*words: str) -> Result:
    """What comes of `dondoc` and these words."""
    return CliRunner().invoke(program(words), words)


def test_schema_lists_its_kinds_prints_one_and_refuses_others() -> None:
    """Alone, with a name, with a wrong name."""
    assert "directive    rules/*/*.yaml\n" in typed("schema").stdout
    assert json.loads(typed("schema", "ladders").stdout)["properties"]["version"]["const"] == 1
    wrong = typed("schema", "ladder")
    assert wrong.exit_code == 2
    assert "ladders" in wrong.stderr


def test_schema_writes_every_schema_with_the_settings_of_an_editor(folder: Path) -> None:
    """Each file the settings name is there and is JSON."""
    assert typed("schema", "--write", "editor").exit_code == 0
    settings = json.loads((folder / "editor" / "settings.json").read_text("utf-8"))["yaml.schemas"]
    assert settings["editor/directive.schema.json"] == ["rules/*/*.yaml", "!rules/*/*.test.yaml"]
    for name in settings:
        assert json.loads((folder / name).read_text("utf-8"))["title"]
    index = json.loads((folder / "editor" / "index.json").read_text("utf-8"))
    assert {f"editor/{entry['url']}" for entry in index["schemas"]} == set(settings)


def test_fmt_names_shows_and_then_tidies_a_file(folder: Path) -> None:
    """`--check` and `--diff` change nothing; without them the file is in order, and the rest is untouched."""
    path = folder / "rules" / "mail.yaml"
    tidy = path.read_bytes()
    untidy = tidy.replace(b"sender: ", b"sender:   ")
    path.write_bytes(untidy)
    checked = typed("fmt", "--check")
    assert (checked.exit_code, path.read_bytes()) == (1, untidy)
    assert checked.stdout.endswith(": rules/mail.yaml\n")
    shown = typed("fmt", "rules", "--diff")
    assert (shown.exit_code, path.read_bytes()) == (0, untidy)
    assert "-  sender:   dondoc@example.vn\n+  sender: dondoc@example.vn\n" in shown.stdout
    assert typed("fmt").exit_code == 0
    assert path.read_bytes() == tidy
    assert typed("fmt", "--check").exit_code == 0


def test_fmt_leaves_a_file_with_problems_and_names_them(folder: Path) -> None:
    """The other files are tidied all the same."""
    mail, ladders = folder / "rules" / "mail.yaml", folder / "rules" / "ladders.yaml"
    mail.write_text(broken := mail.read_text("utf-8").replace("sender: ", "sendr:   "), "utf-8")
    ladders.write_text(ladders.read_text("utf-8") + "\n\n", "utf-8")
    result = typed("fmt")
    assert result.exit_code == 1
    assert "rules/mail.yaml:4:3: không có khóa «sendr»" in result.stderr
    assert mail.read_text("utf-8") == broken
    assert not ladders.read_text("utf-8").endswith("\n\n")


def test_fmt_of_a_path_that_is_not_there_is_a_wrong_call(folder: Path) -> None:
    """It does not pass for tidy."""
    assert folder
    assert typed("fmt", "rulez").exit_code == 2


def test_new_starts_a_pack_that_passes_check_and_its_own_tests(folder: Path) -> None:
    """A rule for a unit of the data; its tests pass; nothing needs tidying."""
    assert typed("new", "rules/luc-nam/512-cv.yaml").exit_code == 0
    assert typed("check").exit_code == 0
    tested = typed("test", "--rule", "512-cv/sample-report")
    assert tested.exit_code == 0, tested.stdout
    assert typed("fmt", "rules/luc-nam", "--check").exit_code == 0


@pytest.mark.parametrize(
    "path", ["rules/512.yaml", "rules/Lục Nam/512.yaml", "rules/luc-nam/512.yml", "rules/luc-nam/5 12.yaml"]
)
def test_new_refuses_a_place_where_no_pack_is_read(folder: Path, path: str) -> None:
    """A directive stands in the folder of its locality, under a plain name."""
    assert typed("new", path).exit_code == 2
    assert not (folder / path).exists()


@pytest.mark.parametrize("there", ["512.yaml", "512.test.yaml"])
def test_new_overwrites_nothing(folder: Path, there: str) -> None:
    """Neither the pack nor the test beside it, and then neither is written."""
    (folder / "rules" / "luc-nam" / there).write_text("mine", "utf-8")
    before = sorted((folder / "rules" / "luc-nam").iterdir())
    assert typed("new", "rules/luc-nam/512.yaml").exit_code == 2
    assert sorted((folder / "rules" / "luc-nam").iterdir()) == before
    assert (folder / "rules" / "luc-nam" / there).read_text("utf-8") == "mine"
