"""tutorial.md is played in each language: its files, mistakes, figures and commands, against what it prints."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project.test_docs import DOCS, FENCE, LANGUAGES, ROOT, TUTORIAL

pytestmark = pytest.mark.long

PACK = Path("rules/luc-nam/512-cv.yaml")
TARGETS = {
    "directive": (PACK, "w"),
    "test": (Path("rules/luc-nam/512-cv.test.yaml"), "w"),
    "indicator": (Path("rules/indicators.yaml"), "a"),
    "readings": (Path("examples/readings.csv"), "a"),
}
LEFT_OUT = "…"
# `git commit` asks for an author; a reader has one of his own.
IDENTITY = {
    f"GIT_{who}_{what}": "author@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


@dataclass(frozen=True, slots=True)
class Exercise:
    """The folder in which the reader works."""

    folder: Path

    def writes(self, kind: str, body: str) -> None:
        """A file of the page, whole or added at the end."""
        name, mode = TARGETS[kind]
        with (self.folder / name).open(mode, encoding="utf-8") as file:
            file.write(body)

    def mends(self, body: str) -> None:
        """A change of one line, which stands in exactly one rule file."""
        before, after = (line[1:] + "\n" for line in body.splitlines())
        (path,) = (one for one in (self.folder / PACK.parent).iterdir() if before in one.read_text("utf-8"))
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")

    def runs(self, body: str) -> list[str]:
        """What the commands of a block print, without blanks at the ends of lines."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("DONDOC_", "GIT_"))}
        done = subprocess.run(
            ["bash", "-c", body],
            cwd=self.folder,
            env=outside | IDENTITY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return [line.rstrip() for line in done.stdout.splitlines()]


def begun(folder: Path) -> Exercise:
    """What the page's first block makes: copies, a link to the environment, an empty git repository."""
    for name in ("rules", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    exercise = Exercise(folder)
    exercise.runs("git init")
    return exercise


def missing(printed: str, said: list[str]) -> Iterator[str]:
    """The lines of a block that the commands did not print after the ones before; «…» is anything."""
    rest = iter(said)
    for line in printed.splitlines():
        if line not in ("", LEFT_OUT) and not any(_same(one, line) for one in rest):
            yield line


def _same(said: str, line: str) -> bool:
    return said.startswith(line.removesuffix(LEFT_OUT)) if line.endswith(LEFT_OUT) else said == line


def test_a_line_that_was_not_printed_is_found() -> None:
    """Another number, or the right lines in another order, do not pass; the end of a line may be left out."""
    said = ["cases: 1", "letters: 17, now 35", "done in 0.3 seconds"]
    assert list(missing("cases: 1\n…\ndone in …", said)) == []
    assert list(missing("letters: 17, now 36", said)) == ["letters: 17, now 36"]
    assert list(missing("letters: 17, now 35\ncases: 1", said)) == ["cases: 1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tutorial_prints_what_its_commands_print(language: str, tmp_path: Path) -> None:
    """Every block in order: files are written, lines mended, commands run, and each printed line must come out."""
    exercise = begun(tmp_path)
    said: list[str] = []
    compared = 0
    for block, kind, body in FENCE.findall((DOCS / language / TUTORIAL).read_text("utf-8")):
        if block == "sh" and kind != "prepare":
            said = exercise.runs(body)
        elif block == "text":
            assert list(missing(body, said)) == [], "\n".join(said)
            compared += 1
        elif block == "diff":
            exercise.mends(body)
        elif block in ("yaml", "csv"):
            exercise.writes(kind, body)
    assert compared == 13
