"""How a kind of rule is written under `when`: what its module says, and what the fields of several kinds share."""

from __future__ import annotations

from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.readers.fields import Field, MappingReader
from dondoc.engine.rulefile.readers.groups import Many
from dondoc.engine.rulefile.readers.quantities import Day, Delay
from dondoc.engine.rulefile.readers.scalars import UNIT


@dataclass(frozen=True, slots=True)
class WrittenKind:
    """The key of a kind, the reader of its fields, and its line of documentation.

    `days` is the field to blame where no night can judge a rule. `set_reader` reads a rule of the register, whose
    parameter may wait to be set (None: there is nothing to wait for). `base` says which base rule a derived kind
    needs; with `follows`, a rule that names no units takes those of its base rule.
    """

    key: str
    reader: MappingReader
    vi: str
    en: str
    days: str
    set_reader: MappingReader | None = None
    base: Text | None = None
    follows: bool = False

    @property
    def field(self) -> Field:
        """The kind as a key of `when`."""
        return Field(self.key, self.reader, self.vi, self.en)


REMINDERS = Many(Delay("workday", 1, 60), Text("thời gian nhắc trước", "reminder times"), alone=True)
JUDGE_FROM = Field(
    "judge_from",
    Day(),
    "xét từ kỳ đầu tiên bắt đầu vào hoặc sau ngày này; không ghi thì theo «set_on» nếu có",
    "the first period judged is the first that begins on or after this day; without it `set_on`, if any",
)
# What a parameter says that an office set because the text does not give it.
SETTING = (
    Field("set_by", UNIT, "cơ quan đặt hạn hoặc mức", "the office that set the day or number", required=True),
    Field("set_on", Day(), "ngày đặt", "the day it was set", required=True),
)
