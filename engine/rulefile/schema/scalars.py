"""JSON Schema of single values: words, texts, numbers, days; as patterns where a value is text of a given form."""

from __future__ import annotations

from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.rulefile.files.ladders import SUPERIOR, RecipientWord
from dondoc.engine.rulefile.files.sources import PatienceReader, Select
from dondoc.engine.rulefile.kinds.derived import AtLeast
from dondoc.engine.rulefile.readers.patterns import DAY, MONTH_DAY, whole
from dondoc.engine.rulefile.readers.quantities import (
    LIMIT,
    PLACES,
    Day,
    Delay,
    MonthDay,
    Number,
    Percent,
    Periods,
    Whole,
)
from dondoc.engine.rulefile.readers.scalars import UNIT_FORM, Flag, Paragraph, Pattern, Ref, Word
from dondoc.engine.rulefile.readers.version import Version

_ONE_LINE = r"^\s*\S(?:[^\n]{{0,{}}}\S)?\s*$"
_PERCENT = rf"(?!0(?:\.0+)? ?%)(?:0|[1-9][0-9]{{0,8}})(?:\.[0-9]{{1,{PLACES}}})? ?%"


def single(reader: Any) -> dict[str, Any]:
    """The schema of a single value's reader. Raises `TypeError` for a reader that has no schema yet."""
    match reader:
        case Version():
            return {"const": int(reader.current), "errorMessage": needs(reader.wants)}
        case Flag():
            return {"type": "boolean", "errorMessage": needs(reader.wants)}
        case Whole():
            bounds = {"minimum": reader.low, "maximum": reader.high}
            return {"type": "integer", **bounds, "errorMessage": needs(reader.wants)}
        case Number():
            bounds = {"exclusiveMinimum": -int(LIMIT), "exclusiveMaximum": int(LIMIT)}
            return {"type": "number", **bounds, "errorMessage": needs(reader.wants)}
        case Word():
            return {"enum": [str(word) for word in reader.choices], "errorMessage": needs(reader.wants)}
        case RecipientWord():
            return _recipient(reader)
        case _:
            return _text(reader)


def _recipient(reader: RecipientWord) -> dict[str, Any]:
    ways = [{"enum": list(reader.words)}, {"pattern": _whole(SUPERIOR.pattern)}]
    ways.append({"pattern": f"^(?!superior\\.)(?:{UNIT_FORM.pattern})$"})
    return {"type": "string", "anyOf": ways, "errorMessage": needs(reader.wants)}


def _text(reader: Any) -> dict[str, Any]:
    """The schema of a text that must match a pattern."""
    if isinstance(reader, Ref):
        return _text(reader.form)
    pattern, wants = _form(reader), needs(reader.wants)
    return {"type": "string", "pattern": pattern, "patternErrorMessage": wants, "errorMessage": wants}


def _form(reader: Any) -> str:
    """The pattern of the whole text."""
    match reader:
        case Paragraph():
            return _ONE_LINE.format(reader.longest - 2)
        case Pattern() | AtLeast() | PatienceReader() | Select():
            return _whole(reader.pattern)
        case Day():
            return _whole(DAY)
        case MonthDay():
            return _whole(MONTH_DAY)
        case Delay():
            return _whole(f"{whole(reader.low, reader.high)} {reader.unit}s?")
        case Percent():
            return _whole(_PERCENT)
        case Periods():
            return _whole(f"{whole(1, reader.highest)} (?:{'|'.join(PeriodKind)})")
    raise TypeError(f"{type(reader).__name__} has no schema: add it to dondoc.engine.rulefile.schema.scalars")


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"


def needs(wants: Text) -> str:
    """What an editor says about any other value."""
    return f"cần {wants.vi} (needs {wants.en})"
