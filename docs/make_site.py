#!/usr/bin/env python3
"""Builds docs/vi and docs/en as one web site: `make docs`, or `python docs/make_site.py FOLDER`.

Each language is built by itself, so that its menus and its search hold nothing of the other one. Pages are written
for a forge first. What the site cannot show as it stands is changed in a copy: a link out of docs/ becomes the
path in the checkout, a link to the other language leads to its built page, and the second word of a code block,
which only the tests read, is left out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from posixpath import normpath
from tempfile import TemporaryDirectory

DOCS = Path(__file__).resolve().parent
LANGUAGES = ("vi", "en")
FENCE = re.compile(r"^(```\w+) \w+$", re.MULTILINE)
LINK = re.compile(r"(!?)\[([^\]]+)\]\((\.\./[^)#\s]+)(#[^)\s]+)?\)")


def main() -> None:
    """Build into the folder that the command line names."""
    build(Path(sys.argv[1]))


def build(folder: Path) -> None:
    """Write the whole site into `folder` in place of what is there.

    Raises `CalledProcessError` when a page or an anchor that a page names does not exist.
    """
    with TemporaryDirectory() as made:
        copy = Path(made, "docs")
        shutil.copytree(DOCS, copy)
        for page in copy.rglob("*.md"):
            name = PurePosixPath(page.relative_to(copy).as_posix())
            page.write_text(for_the_site(page.read_text("utf-8"), name), "utf-8")
        for language in LANGUAGES:
            _zensical(copy / f"{language}.toml")
            # It names its files from the root of a server, where this site need not be.
            (copy / "site" / language / "404.html").unlink()
        shutil.copytree(DOCS / "images", copy / "site" / "images")
        shutil.copy(DOCS / "index.html", copy / "site")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(copy / "site", folder)


def for_the_site(text: str, page: PurePosixPath) -> str:
    """The text of `page`, a path within docs/, as the generator gets it."""

    def changed(link: re.Match[str]) -> str:
        picture, label, path, anchor = link.groups(default="")
        target = PurePosixPath(normpath(page.parent / path))
        if target.parts[0] == "..":
            outside = str(PurePosixPath(*target.parts[1:]))
            return f"`{outside}`" if label == outside else f"{label} (`{outside}`)"
        if picture or target.parts[0] == page.parts[0]:
            return link[0]
        return f"[{label}]({path.replace('README.md', 'index.md').removesuffix('.md')}.html{anchor})"

    return FENCE.sub(r"\1", LINK.sub(changed, text))


def _zensical(config: Path) -> None:
    """Run the generator; a page or an anchor that is missing stops it."""
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(config)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        sys.stderr.write(done.stdout)
        done.check_returncode()


if __name__ == "__main__":
    main()
