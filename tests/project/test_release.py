"""What is handed out holds everything that a service needs, and states one version."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.town import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
BUILD = "from setuptools import build_meta as b; b.build_wheel('dist'); b.build_sdist('dist')"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where `make release` would leave what it builds, made from a copy."""
    copy = tmp_path_factory.mktemp("release") / "dondoc"
    left_out = shutil.ignore_patterns(".*", "build", "dist", "var", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, copy, ignore=left_out)
    subprocess.run([sys.executable, "-c", BUILD], cwd=copy, check=True, capture_output=True)
    return copy / "dist"


def files(folder: str) -> Iterator[Path]:
    """The files of a folder of the project, by their path in it."""
    for path in sorted((ROOT / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def test_the_wheel_runs_without_the_checkout(dist: Path) -> None:
    """Every module, migration, template, rule pack and example is in it, byte for byte, and no test."""
    with ZipFile(dist / f"dondoc-{VERSION}-py3-none-any.whl") as wheel:
        inside = {name: wheel.read(name) for name in wheel.namelist()}
    for folder, within in [
        ("engine", "dondoc/"),
        ("notifications", "dondoc/"),
        ("flows", "dondoc/"),
        ("rules", "dondoc/flows/shipped_files/"),
        ("examples", "dondoc/flows/shipped_files/"),
    ]:
        for path in files(folder):
            name = within + path.relative_to(ROOT).as_posix()
            name = name.replace("dondoc/flows/entry/", "dondoc/")
            assert inside.get(name) == path.read_bytes(), name
    tops = {name.partition("/")[0] for name in inside}
    assert tops == {"dondoc", f"dondoc-{VERSION}.dist-info"}
    metadata = message_from_bytes(inside[f"dondoc-{VERSION}.dist-info/METADATA"])
    assert metadata["Version"] == VERSION
    assert f"dondoc-{VERSION}.dist-info/licenses/LICENSE" in inside


def test_the_sdist_makes_the_environment_by_itself(dist: Path) -> None:
    """Lock files and the script that builds durable-rules with its flags are in it, and the tests to check it."""
    with tarfile.open(dist / f"dondoc-{VERSION}.tar.gz") as sdist:
        inside = {name.partition("/")[2] for name in sdist.getnames()}
    for folder in ("requirements", "tests", "docs"):
        assert {path.relative_to(ROOT).as_posix() for path in files(folder)} <= inside, folder
    assert {"Makefile", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "setup.py"} <= inside


def test_the_changelog_knows_the_version() -> None:
    """A version that is handed out has its part, or what is coming stands under Unreleased."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## {VERSION}" in text or "## Unreleased" in text
