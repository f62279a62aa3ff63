"""The reader of `version:`, the first line of every rule file."""

from __future__ import annotations

from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.problems import ProblemSheet
from dondoc.engine.rulefile.readers.fields import Field, mismatch
from dondoc.engine.rulefile.readers.scalars import DROP_QUOTES
from dondoc.engine.rulefile.yaml_text.nodes import Node, Scalar

CURRENT = "1"


@dataclass(frozen=True, slots=True)
class Version:
    """Reads the version of the file format; the program knows only one."""

    current: str = CURRENT

    @property
    def wants(self) -> Text:
        """What is expected here."""
        return Text(f"số {self.current}, phiên bản duy nhất được đọc", f"{self.current}, the only version read")

    def read(self, node: Node, sheet: ProblemSheet) -> str:
        """The version."""
        if isinstance(node, Scalar) and node.plain and node.text == self.current:
            return node.text
        quoted = isinstance(node, Scalar) and node.text == self.current
        raise mismatch(node, sheet, "version-unknown", self.wants, DROP_QUOTES if quoted else None)


VERSION = Field("version", Version(), "phiên bản khuôn dạng tệp, ghi 1", "the file format, write 1", required=True)
