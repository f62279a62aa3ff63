"""What an import reports: of each file, of rejected rows, and why it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import ChartRefused, DonDocError
from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.kinds import Reject
from dondoc.engine.store.intake.rows import IntakeResult

# How many rejects a report lists; the reject files contain all of them.
TOLD = 200


class NothingToImport(DonDocError):
    """There is no file to import."""


class ImportRefused(SheetRefused):
    """Files are refused as a whole, so nothing is stored; also carries what is wrong in rows of all files."""

    def __init__(self, refusals: Sequence[SheetRefused], rejects: Sequence[Reject]) -> None:
        self.refusals, self.rejects = tuple(refusals), tuple(rejects)
        first, *others = self.refusals
        why = [first.why, *(Text.format("{file}: {why}", file=one.file, why=one.why) for one in others)]
        super().__init__(first.file, *("; ".join(one.in_(language) for one in why) for language in ("vi", "en")))
        self.args = ("\n".join(map(str, self.refusals)),)


class ImportedChartRefused(ChartRefused):
    """The chart would contradict itself, so nothing is stored; also carries what is wrong in rows."""

    def __init__(self, faults: tuple[str, ...], rejects: Sequence[Reject]) -> None:
        self.rejects = tuple(rejects)
        super().__init__(faults)


@dataclass(slots=True)
class FileReport:
    """The result of one file, or of one sheet of a workbook, in rows.

    `held_up` of the rejected rows only lack a row that was rejected itself.
    """

    name: str
    kind: str
    notes: tuple[Text, ...] = ()
    added: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0
    waiting: int = 0
    held_up: int = 0
    remarks: list[tuple[int, Text]] = field(default_factory=list)
    unknown_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The results by sheet and by file, the first rejects, and the reject files that contain all of them."""

    taken: Mapping[str, IntakeResult]
    rejects: tuple[Reject, ...]
    files: tuple[FileReport, ...]
    passed_over: tuple[str, ...]
    given_back: tuple[Path, ...]

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return sum(file.rejected for file in self.files)
