"""Which faults are planted: a draw in which each fault has its own lot, whatever stands beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from tests.mutants.operators import Fault


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault in a file, which is named from the root of the project."""

    file: str
    fault: Fault

    def __str__(self) -> str:
        fault = self.fault
        return f"{self.file}:{fault.first_line} {fault.operator}: {fault.before}  =>  {fault.after}"


def drawn(mutants: Iterable[Mutant], seed: int) -> list[Mutant]:
    """All mutants in the order of their lots, the same in every run of a seed; the first ones are a fair sample.

    A lot comes from the seed, the file, the function and the fault as it reads, with a number where a function has
    several that read alike. So whoever edits a function draws new lots in it at most, and for no other; lines that
    move keep theirs.
    """
    alike: Counter[tuple[str, ...]] = Counter()
    lots = []
    for mutant in mutants:
        fault = mutant.fault
        said = (mutant.file, fault.within, fault.operator, fault.before, fault.after)
        alike[said] += 1
        text = "\n".join((str(seed), *said, str(alike[said])))
        lots.append((sha256(text.encode()).digest(), mutant))
    return [mutant for _, mutant in sorted(lots, key=lambda lot: lot[0])]
