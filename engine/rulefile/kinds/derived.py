"""`streak:` and `rollup:` of a rule: conditions derived from the findings of another rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Derived, Rollup, Streak
from dondoc.engine.rulefile.kinds.written import WrittenKind
from dondoc.engine.rulefile.problems import ProblemSheet
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed, mismatch
from dondoc.engine.rulefile.readers.quantities import Whole
from dondoc.engine.rulefile.readers.scalars import Flag, Pattern, Word, text_in
from dondoc.engine.rulefile.yaml_text.nodes import Node

_SHARE = r"(?!0(?:\.0+)? ?%)(?:100|[1-9]?[0-9](?:\.[0-9]{1,2})?) ?%"
_A_LIMIT = Text(
    "tỷ lệ lớn hơn 0 đến 100 như «30 %», hoặc số đơn vị như «8 units»",
    "a share above 0 and up to 100 like '30 %', or a number like '8 units'",
)
_UNITS = r"[1-9][0-9]{0,3} units?"

OF = Pattern(
    r"(?:[a-z0-9_-]{1,64}/)?[a-z0-9][a-z0-9_-]{0,63}",
    Text(
        "mã một quy tắc, cùng tệp như «monthly-broadcast» hoặc tệp khác như «1179-cv-hu/monthly-broadcast»",
        "a rule's id, in this file like 'monthly-broadcast', in another like '1179-cv-hu/monthly-broadcast'",
    ),
)


@dataclass(frozen=True, slots=True)
class RollupLimit:
    """The least share of a rollup's parts (per cent), or their least number; one of the two is given."""

    percent: Decimal | None
    units: int | None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Reads a share like `30 %`, above 0 and up to 100 with at most two decimals, or a number like `8 units`."""

    pattern: str = f"{_SHARE}|{_UNITS}"
    wants: Text = _A_LIMIT

    def read(self, node: Node, sheet: ProblemSheet) -> RollupLimit:
        """The share or the number."""
        text = text_in(node, sheet, "at-least-malformed", self.wants)
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise mismatch(node, sheet, "at-least-malformed", self.wants)
        if text.endswith("%"):
            return RollupLimit(Decimal(text.removesuffix("%").strip()), None)
        return RollupLimit(None, int(text.partition(" ")[0]))


def _rollup(got: Parsed) -> Rollup:
    limit: RollupLimit = got["at_least"]
    _ = got["among"]
    return Rollup(got["of"], limit.percent, limit.units, got["covers"])


STREAK = MappingReader(
    Text("streak", "streak"),
    (
        Field("of", OF, "các kỳ của quy tắc nào", "the rule whose periods are counted", required=True),
        Field(
            "times", Whole(2, 24), "mấy kỳ liền không đạt", "how many consecutive missed periods", required=True
        ),
    ),
    lambda got: Streak(got["of"], got["times"]),
)

ROLLUP = MappingReader(
    Text("rollup", "rollup"),
    (
        Field("of", OF, "gộp kết quả của quy tắc nào", "the rule whose findings are counted", required=True),
        Field(
            "among",
            Word(("children",)),
            "trong số nào: các đơn vị của quy tắc đó nằm dưới cơ quan này",
            "among which: the units of that rule below the body",
            required=True,
        ),
        Field(
            "at_least",
            AtLeast(),
            "từ tỷ lệ hoặc số đơn vị nào",
            "the least share or number of units",
            required=True,
        ),
        Field(
            "covers",
            Flag(),
            "dòng chung thay cho dòng của từng đơn vị",
            "whether its line replaces those of the parts",
            default=False,
        ),
    ),
    _rollup,
)

WRITTEN_STREAK = WrittenKind(
    "streak",
    STREAK,
    "nhiều kỳ liền không đạt",
    "consecutive periods were missed",
    "of",
    base=Text(
        "«streak» cần một quy tắc có kỳ lặp lại: «quota» theo kỳ, hoặc báo cáo có «every»",
        "'streak' needs a rule with periods: a 'quota', or a report with 'every'",
    ),
    follows=True,
)
WRITTEN_ROLLUP = WrittenKind(
    "rollup",
    ROLLUP,
    "nhiều đơn vị cùng chưa đạt",
    "many units are late with the same thing",
    "of",
    base=Text(
        "«rollup» cần một quy tắc đòi hỏi từng đơn vị cùng một việc; việc được giao, báo cáo sau sự kiện và "
        "«quota» làm chung («any», «sum») thì không gộp được",
        "'rollup' needs a rule that demands the same of each unit; assigned tasks, reports after an event and a "
        "shared 'quota' ('any', 'sum') cannot be counted together",
    ),
)
WRITTEN_DERIVED = (WRITTEN_STREAK, WRITTEN_ROLLUP)


def written_derived(condition: Derived) -> WrittenKind:
    """How the kind of a derived condition is written."""
    match condition:
        case Streak():
            return WRITTEN_STREAK
        case Rollup():
            return WRITTEN_ROLLUP
        case _:
            assert_never(condition)
