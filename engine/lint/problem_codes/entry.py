"""One code: what a problem or a note of that kind means, and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass

from dondoc.engine.domain.model import Text


@dataclass(frozen=True, slots=True)
class Code:
    """A code, its explanation as one paragraph in each language, and a tiny example.

    A `note` is worth knowing and refuses nothing; every other code is an error. An example may show what is wrong
    and, after an arrow, what is right; it is empty where no text of a file can show it.
    """

    name: str
    meaning: Text
    example: str = ""
    note: bool = False
