"""Coverage-guided fuzzing with atheris: `make fuzz`, or `python -m tests.fuzz TARGET --seconds 60`.

Each target is a door through which text of strangers comes. What it may answer stands in the target; any other
error, a hang or a crash is a finding, and atheris keeps the input that caused it in var/fuzz. Python 3.11.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dondoc.engine", "dondoc.flows.data", "dondoc.notifications"]):
    from tests.fuzz.targets import TARGETS

# How many seconds an input may take; a night plays two nights and an import.
_LONGEST = {"night": 120}
SEEDS = Path(__file__).parent / "seeds"


def main() -> None:
    """Runs one target for so many seconds; exits with an error when something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, default=None, help="where inputs that reach new code are kept")
    given = parser.parse_args()
    seeds = SEEDS / given.target
    corpus = given.corpus or Path("var") / "fuzz" / given.target
    corpus.mkdir(parents=True, exist_ok=True)
    limits = [
        f"-max_total_time={given.seconds}",
        f"-timeout={_LONGEST.get(given.target, 10)}",
        "-rss_limit_mb=2048",
        "-max_len=4096",
    ]
    # New inputs go to the first folder; what made it fail is written there too.
    words = [sys.argv[0], *limits, f"-artifact_prefix={corpus}/", str(corpus), str(seeds)]
    atheris.Setup(words, TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
