"""One code: what a problem or a note of that kind means, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from dondoc.engine.domain.model import Text


@dataclass(frozen=True, slots=True)
class Code:
    """A code, its explanation as one paragraph in each language, and a tiny example.

    `note`: something to know, which refuses nothing; every other code is an error. An example may show what is
    wrong and, behind an arrow, what is right; it is empty where nothing of a file can be shown.
    """

    name: str
    meaning: Text
    example: str = ""
    note: bool = False
