"""`make mutants`: plants small faults in the code, one at a time, and counts how many the quick suite notices.

First the quick suite runs once and is watched (which test runs which line); then each fault is tried by the tests
that ran its line. Nothing is written into the code: the faulty module is loaded in place of the file. What it has
seen is kept in var/mutants; `--keep` uses what an earlier run has watched.
"""

from __future__ import annotations

import argparse
import marshal
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from coverage import Coverage

from tests.mutants.choice import Choice, Watched
from tests.mutants.draw import Mutant, drawn
from tests.mutants.operators import faults, planted

ROOT = Path(__file__).parents[2]
HOOK = Path(__file__).parent / "hook"
PLACE = ROOT / "var" / "mutants"
QUICK = ("-m", "not outside and not long", "-p", "no:randomly", "-p", "no:cacheprovider", "-q")
# The core, whose functions are pure, and the joints, where they are used.
CORE = (
    *("engine/cases", "engine/demands", "engine/judge", "engine/kinds"),
    *("engine/domain/workdays.py", "engine/domain/periods.py"),
)
JOINTS = (
    "flows/night",
    "flows/delivery",
    "flows/scheduler/prefect_flows.py",
    *(
        f"notifications/delivery/{name}.py"
        for name in ("answers", "journal", "outbox", "outcome", "relay", "smtp")
    ),
    "notifications/letter/fallback_letter.py",
    "notifications/letter/attachment.py",
    "notifications/letter/workbook.py",
    "notifications/letter/calendar_entries.py",
    "notifications/letter/calendar_file.py",
    "notifications/letter/draft_letter.py",
    "engine/store/night",
)
# A fault may make a test endless; so may a busy machine make a good one seem.
_MARGIN, _SLOWER = 120.0, 10.0
_FIRST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a mutant ended: `killed`, `survived`, `timeout`, or `unseen` where no test runs its line."""

    mutant: Mutant
    how: str
    choice: Choice

    @property
    def noticed(self) -> bool:
        """Whether the suite noticed it; one that never ends is noticed too."""
        return self.how in {"killed", "timeout"}


def main() -> int:
    """Runs and reports; 1 when the share noticed is below the one asked for."""
    words = argparse.ArgumentParser(prog="mutants", description=__doc__)
    words.add_argument("--most", type=int, default=200, help="how many faults are planted")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    words.add_argument("--patience", type=float, default=120.0, help="seconds of tests for one fault")
    words.add_argument("--further", type=float, default=480.0, help="and for one that they went past")
    words.add_argument("--least", type=float, default=0.0, help="the per cent that must be noticed")
    words.add_argument("--keep", action="store_true", help="use what an earlier run has watched")
    words.add_argument("modules", nargs="*", default=[*CORE, *JOINTS], help="files and folders to plant in")
    given = words.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    if not given.keep:
        _watch(given.jobs)
    watched = Watched.read(PLACE / "coverage", PLACE / "times", ROOT)
    chosen = drawn(_planted_in(given.modules), given.seed)[: given.most]
    with ThreadPoolExecutor(given.jobs) as pool:
        verdicts = list(pool.map(partial(_tried, watched, (given.patience, given.further)), chosen))
    return _report(verdicts, given.least)


def _watch(jobs: int) -> None:
    """Runs the quick suite once, and keeps which test ran which line for how long."""
    shutil.rmtree(PLACE / "times", ignore_errors=True)
    (PLACE / "times").mkdir()
    for old in PLACE.glob("coverage*"):
        old.unlink()
    rc = PLACE / "coverage.rc"
    folders = "\n    ".join(str(ROOT / name) for name in ("engine", "flows", "notifications"))
    # A process that a test starts learns from pytest which test that is.
    rc.write_text(
        f"[run]\nparallel = true\ndata_file = {PLACE / 'coverage'}\nsource_dirs =\n    {folders}\n"
        "context = ${PYTEST_CURRENT_TEST-}\n",
        "utf-8",
    )
    given = {"COVERAGE_PROCESS_START": str(rc), "MUTANTS_TIMES": str(PLACE / "times")}
    call = [*QUICK, "-p", "tests.mutants.watching", "-n", str(jobs), "--dist", "loadfile"]
    ended = subprocess.run([sys.executable, "-m", "pytest", *call], cwd=ROOT, env=_environment(given), check=False)
    if ended.returncode:
        sys.exit("The quick suite must pass before faults are planted.")
    measured = Coverage(data_file=str(PLACE / "coverage"), config_file=str(rc))
    measured.combine()
    measured.save()


def _environment(more: dict[str, str]) -> dict[str, str]:
    """With our start of Python in it, and hashes that do not change: some ids of tests stand in sets."""
    paths = os.pathsep.join([str(HOOK), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0", **more}


def _planted_in(modules: Iterable[str]) -> Iterator[Mutant]:
    """Every mutant of some files and folders."""
    for file in sorted(set(chain.from_iterable(map(_files, modules)))):
        yield from (Mutant(file, fault) for fault in faults((ROOT / file).read_text("utf-8")))


def _files(name: str) -> list[str]:
    path = ROOT / name
    found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [one.relative_to(ROOT).as_posix() for one in found if one.name != "__init__.py"]


def _tried(watched: Watched, patience: Sequence[float], mutant: Mutant) -> Verdict:
    """One mutant, tried by the tests that ran its lines for so many seconds, and on while they go past it."""
    lines = range(mutant.fault.first_line, mutant.fault.last_line + 1)
    tried: list[str] = []
    verdict = Verdict(mutant, "unseen", Choice((), (), 0))
    for seconds in patience:
        choice = watched.choose(mutant.file, lines, seconds, tried)
        if not choice.tests:
            break
        tried += choice.tests
        verdict = Verdict(mutant, _ended(mutant, choice), replace(choice, tests=tuple(tried)))
        if verdict.how != "survived":
            break
    sys.stdout.write(f"{verdict.how:8} {mutant}\n")
    sys.stdout.flush()
    return verdict


def _ended(mutant: Mutant, choice: Choice) -> str:
    module = f"dondoc.{mutant.file.removesuffix('.py').replace('/', '.')}"
    code = compile(planted((ROOT / mutant.file).read_text("utf-8"), mutant.fault), str(ROOT / mutant.file), "exec")
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        fault, tests = Path(folder, "fault"), Path(folder, "tests")
        fault.write_bytes(marshal.dumps((module, code)))
        # Most faults fall to the first few tests, for which few files of tests have to be imported.
        for some, seconds in choice.in_two(_FIRST_SECONDS):
            tests.write_text("\n".join(some), "utf-8")
            how = _run(fault, tests, _MARGIN + _SLOWER * seconds)
            if how != "survived":
                return how
    return "survived"


def _run(fault: Path, tests: Path, patience: float) -> str:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *QUICK, "-x", "-p", "no:xdist", f"@{tests}"],
            cwd=ROOT,
            env=_environment({"MUTANTS_FAULT": str(fault)}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "timeout"
    if ended.returncode and "ERROR: not found" in ended.stdout:
        sys.exit(f"A test that was watched is gone:\n{ended.stdout}")
    return "killed" if ended.returncode else "survived"


def _report(verdicts: Sequence[Verdict], least: float) -> int:
    """Prints the score and who survived, and keeps it as a file."""
    lines = [f"{name}: {_score(mine)}" for name, mine in _groups(verdicts)]
    for verdict in verdicts:
        # A timeout counts as noticed and is listed too: on a busy machine it may say nothing of the fault.
        if verdict.how != "killed":
            tried = f"{len(verdict.choice.tests)} tests" + (
                f", {verdict.choice.left} left" * bool(verdict.choice.left)
            )
            lines.append(f"{verdict.how} ({tried}) {verdict.mutant}")
    (PLACE / "report.txt").write_text("\n".join(lines) + "\n", "utf-8")
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    return int(_share(verdicts) < least)


def _groups(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, list[Verdict]]]:
    """All of them, those of the core and of the joints, and those of each operator."""
    yield "all", list(verdicts)
    for name, places in (("core", CORE), ("joints", JOINTS)):
        yield name, [one for one in verdicts if one.mutant.file.startswith(places)]
    for operator in sorted({one.mutant.fault.operator for one in verdicts}):
        yield operator, [one for one in verdicts if one.mutant.fault.operator == operator]


def _share(verdicts: Sequence[Verdict]) -> float:
    return 100 * sum(one.noticed for one in verdicts) / max(1, len(verdicts))


def _score(verdicts: Sequence[Verdict]) -> str:
    how = Counter(one.how for one in verdicts)
    said = ", ".join(f"{n} {word}" for word, n in sorted(how.items()))
    return f"{_share(verdicts):.1f} % of {len(verdicts)} ({said})"


if __name__ == "__main__":
    sys.exit(main())
