"""`indicators.yaml`: the figures that units report."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Indicator
from dondoc.engine.rulefile.problems import IdKind
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Keyed
from dondoc.engine.rulefile.readers.scalars import SLUG, TEXTS, Flag
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Scalar

INDICATOR = MappingReader(
    Text("chỉ tiêu", "the indicator"),
    (
        Field("title", TEXTS, "tên chỉ tiêu", "its name", required=True),
        Field("unit", TEXTS, "đơn vị tính", "its unit of measure", required=True),
        Field(
            "sensitive",
            Flag(),
            "số nhỏ hơn 3 có phải che khi in không",
            "whether counts below 3 are masked in print",
            required=True,
        ),
    ),
    lambda got: got,
)


def _indicator(key: Scalar, got: Parsed) -> Indicator:
    return Indicator(key.text, got["title"], got["unit"], got["sensitive"])


INDICATORS_FILE = MappingReader(
    Text("tệp chỉ tiêu", "the indicator file"),
    (
        VERSION,
        Field(
            "indicators",
            Keyed(
                SLUG,
                INDICATOR,
                Text("các chỉ tiêu, mỗi chỉ tiêu một mã", "indicators by id"),
                _indicator,
                IdKind.INDICATOR,
            ),
            "các chỉ tiêu, mỗi chỉ tiêu một mã",
            "the indicators, by id",
            required=True,
        ),
    ),
    lambda got: got["indicators"],
)
