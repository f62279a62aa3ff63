"""Which tests try a fault: those that ran its line, the quick ones first."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData


@dataclass(frozen=True, slots=True)
class Choice:
    """The tests that ran some lines, as many of the quickest as there is patience for; `left` were not taken."""

    tests: tuple[str, ...]
    seconds: float
    left: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen in one run of the quick suite: by file and line its tests, and each test's seconds."""

    ran: Mapping[str, Mapping[int, list[str]]]
    seconds: Mapping[str, float]

    @classmethod
    def read(cls, data: Path, times: Path, root: Path) -> Watched:
        """From the file of coverage and the folder of times; files are named from `root`."""
        measured = CoverageData(str(data))
        measured.read()
        ran = {
            Path(file).relative_to(root).as_posix(): {
                line: sorted({_test(context) for context in contexts if context})
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
        """The tests for a fault on these lines: the quickest of every file, then the others, while time lasts."""
        by_line = self.ran.get(file, {})
        asked = {test for line in lines for test in by_line.get(line, ())}
        # A line that runs while a module is imported belongs to no test: any test of the module may see it.
        asked = asked or {test for tests in by_line.values() for test in tests}
        known = sorted(
            (test for test in asked if test in self.seconds), key=lambda test: (self.seconds[test], test)
        )
        taken: list[str] = []
        total = 0.0
        for test in _mixed(known):
            if taken and total + self.seconds[test] > patience:
                continue
            taken.append(test)
            total += self.seconds[test]
        return Choice(tuple(taken), total, len(known) - len(taken))


def _mixed(tests: Iterable[str]) -> Iterable[str]:
    """The first test of each file before the second of any."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for test in tests:
        by_file[test.partition("::")[0]].append(test)
    rows = [(place, order, test) for order, mine in enumerate(by_file.values()) for place, test in enumerate(mine)]
    return [test for _, _, test in sorted(rows)]


def _test(context: str) -> str:
    """The id of a test in a context; a process that a test started adds the phase, as pytest gives it."""
    test, _, phase = context.rpartition(" ")
    return test if phase in {"(setup)", "(call)", "(teardown)"} else context
