"""Which tests try a fault: those that ran its line, and of them the quick ones and those of other files first."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from coverage import CoverageData


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

    A line that ran while no test did, as modules were imported, has the test "" as well.
    """

    ran: Mapping[str, Mapping[int, list[str]]]
    seconds: Mapping[str, float]

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
        return cls(ran, seconds)

    def choose(self, file: str, lines: Iterable[int], patience: float) -> Choice:
        """The tests for a fault on these lines, while patience lasts for their seconds."""
        known = [test for test in self._asked(file, lines) if test in self.seconds]
        taken: dict[str, float] = {}
        total = 0.0
        for test in self._in_order(known):
            if taken and total + self.seconds[test] > patience:
                continue
            taken[test] = self.seconds[test]
            total += self.seconds[test]
        return Choice(tuple(taken), tuple(taken.values()), len(known) - len(taken))

    def _asked(self, file: str, lines: Iterable[int]) -> set[str]:
        by_line = self.ran.get(file, {})
        asked = {test for line in lines for test in by_line.get(line, ())}
        if asked and "" not in asked:
            return asked
        # What runs while a module is imported, as a constant, is seen by whatever runs in the module later: only a
        # test that starts a process of its own has run the line itself.
        later = {test for tests in by_line.values() if "" not in tests for test in tests}
        return later or {test for tests in by_line.values() for test in tests}

    def _in_order(self, tests: Iterable[str]) -> list[str]:
        """The quickest first, but no file with all of its tests before another has had its turn."""
        by_file: dict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            by_file[test.partition("::")[0]].append(test)
        turns = [
            (self.seconds[test] * turn, test)
            for mine in by_file.values()
            for turn, test in enumerate(mine, start=1)
        ]
        return [test for _, test in sorted(turns)]


def _test(context: str) -> str:
    """The id of a test in a context; a process that a test started adds the phase, as pytest gives it."""
    test, _, phase = context.rpartition(" ")
    return test if phase in {"(setup)", "(call)", "(teardown)"} else context
