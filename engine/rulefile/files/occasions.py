"""Occasions: days whose date differs from year to year, listed by date."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Many
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import TEXTS
from dondoc.engine.rulefile.yaml_text.nodes import Scalar


def occasion(_key: Scalar, got: Parsed) -> tuple[date, ...]:
    """An occasion's dates; notes a problem unless they rise."""
    days: tuple[date, ...] = got["dates"]
    if any(after <= before for before, after in pairwise(days)):
        got.sheet.say(
            got.at("dates"), "dates-not-rising", "các ngày phải ghi theo thứ tự tăng dần", "the dates must rise"
        )
    return days


OCCASION = MappingReader(
    Text("ngày lễ", "the occasion"),
    (
        Field("title", TEXTS, "tên ngày lễ", "its name", required=True),
        Field(
            "dates",
            Many(Day(), Text("ngày", "dates")),
            "ngày dương lịch của từng năm",
            "its solar date in each year",
            required=True,
        ),
    ),
    lambda got: got,
)
