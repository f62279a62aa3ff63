"""Which tests try a fault: those that ran its line, first what is about its module, then the quick ones.

A test is about a module that its file imports. Of the others no file has its second turn before all had one.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from coverage import CoverageData

_FROM = re.compile(r"(?m)^from dondoc\.([\w.]+) import \(?([\w, \n]+)\)?$")


@dataclass(frozen=True, slots=True)
class Choice:
    """The tests for some lines in the order in which they are tried, and their seconds; `left` were not taken."""

    tests: tuple[str, ...]
    seconds: tuple[float, ...]
    left: int

    def in_two(self, first: float) -> Iterator[tuple[tuple[str, ...], float]]:
        """The tests that end within so many seconds, and the others, each with the seconds of all of them."""
        ends = bisect_right(list(accumulate(self.seconds)), first)
        for some in (slice(ends), slice(ends, None)):
            if self.tests[some]:
                yield self.tests[some], sum(self.seconds[some])


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen in one run of the quick suite: by file and line its tests, and each test's seconds.

    A line that ran while no test did, as modules were imported, has the test "" as well. `about` are, by file of
    the code, the files of tests that import it.
    """

    ran: Mapping[str, Mapping[int, list[str]]]
    seconds: Mapping[str, float]
    about: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Path, times: Path, root: Path) -> Watched:
        """From the file of coverage and the folder of times; files are named from `root`."""
        measured = CoverageData(str(data))
        measured.read()
        ran = {
            Path(file).relative_to(root).as_posix(): {
                line: sorted({_test(context) for context in contexts})
                for line, contexts in measured.contexts_by_lineno(file).items()
            }
            for file in measured.measured_files()
        }
        seconds: dict[str, float] = {}
        for file in times.glob("*.json"):
            for test, taken in json.loads(file.read_text("utf-8")).items():
                seconds[test] = max(taken, seconds.get(test, 0.0))
        return cls(ran, seconds, imported(root))

    def choose(
        self, file: str, lines: Iterable[int], patience: float, but: Collection[str] = frozenset()
    ) -> Choice:
        """The tests for a fault on these lines, while patience lasts for their seconds; none of `but`."""
        by_line = self.ran.get(file, {})
        asked = {test for line in lines for test in by_line.get(line, ())}
        own, others = asked & self.seconds.keys(), set[str]()
        # What runs while a module is imported, as a constant, is seen by whatever runs in the module later: only a
        # test that starts a process of its own has run the line itself. So is what tests do as they are collected.
        if "" in asked or not asked:
            later = {test for tests in by_line.values() if "" not in tests for test in tests}
            every = later or {test for tests in by_line.values() for test in tests}
            others = (every & self.seconds.keys()) - own
        about = self.about.get(file, frozenset())
        taken: dict[str, float] = {}
        total = 0.0
        for test in (*self._in_order(own - {*but}, about), *self._in_order(others - {*but}, about)):
            if taken and total + self.seconds[test] > patience:
                continue
            taken[test] = self.seconds[test]
            total += self.seconds[test]
        return Choice(tuple(taken), tuple(taken.values()), len((own | others) - {*but}) - len(taken))

    def _in_order(self, tests: Iterable[str], about: Collection[str]) -> list[str]:
        """Those `about` the module first, else the quickest; no file goes twice before all have gone once."""
        by_file: dict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            by_file[test.partition("::")[0]].append(test)
        turns = [
            (file not in about, self.seconds[test] * turn, test)
            for file, mine in by_file.items()
            for turn, test in enumerate(mine, start=1)
        ]
        return [test for _, _, test in sorted(turns)]


def imported(root: Path) -> dict[str, frozenset[str]]:
    """By file of the code, the files of tests below `root` that import it, or something of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (root / "tests").rglob("test_*.py"):
        for package, names in _FROM.findall(path.read_text("utf-8")):
            for module in (
                package,
                *(f"{package}.{name.split()[0]}" for name in names.split(",") if name.strip()),
            ):
                found[f"{module.replace('.', '/')}.py"].add(path.relative_to(root).as_posix())
    return {file: frozenset(tests) for file, tests in found.items()}


def _test(context: str) -> str:
    """The id of a test in a context; a process that a test started adds the phase, as pytest gives it."""
    test, _, phase = context.rpartition(" ")
    return test if phase in {"(setup)", "(call)", "(teardown)"} else context
