"""Every file of the gallery has one mistake and is refused with exactly the problems its first lines announce."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load

GALLERY = Path(__file__).parent / "broken_rules"
FILES = sorted(GALLERY.glob("*.yaml"))

_EXPECT = re.compile(r"^# expect: (\d+):(\d+) ([a-z0-9-]+)$\n^# vi: (.*)$", re.MULTILINE)


def announced(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, code and Vietnamese message of each problem a file announces."""
    return [(int(line), int(column), code, vi) for line, column, code, vi in _EXPECT.findall(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_exactly_its_mistake(
    path: Path, place: Callable[[str, bytes], Path]
) -> None:
    """The announced problems come out, no more and no less, each at its place and word for word."""
    raw = path.read_bytes()
    with pytest.raises(RulesRefused) as refused:
        load(place(path.name, raw))
    problems = refused.value.problems
    assert [(p.line, p.column, p.code, p.vi) for p in problems] == announced(raw.decode("utf-8"))
    assert len({p.file for p in problems}) == 1
    for problem in problems:
        assert problem.en not in {"", problem.vi}
        assert unicodedata.is_normalized("NFC", problem.vi)


def test_the_gallery_shows_most_kinds_of_mistake() -> None:
    """A gallery that shrank unnoticed would prove nothing."""
    codes = {code for path in FILES for _, _, code, _ in announced(path.read_text("utf-8"))}
    assert len(FILES) >= 90
    assert len(codes) >= 55
