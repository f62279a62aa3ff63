"""`threshold:` of a rule: an indicator, its limit, for how many periods, and what missing data means."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind
from dondoc.engine.domain.rulebook import Against, Rise, Threshold
from dondoc.engine.rulefile.kinds.written import JUDGE_FROM, WrittenKind
from dondoc.engine.rulefile.problems import IdKind, Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Alternative, OneOf
from dondoc.engine.rulefile.readers.quantities import Day, Delay, Number, NumberOrPercent, Percent, Periods
from dondoc.engine.rulefile.readers.scalars import SLUG, UNIT, Ref, Word
from dondoc.engine.rulefile.readers.together import Condition, has, says, value, when, without

_UNJUDGED = "unjudged"
CALM = 5
_BELOW, _ABOVE = "clear_at_or_below", "clear_at_or_above"


def _rise(got: Parsed) -> Rise:
    if got["at_least"] <= 0:
        raise got.sheet.say(
            got.at("at_least"),
            "number-range",
            "phải lớn hơn 0: số nhỏ thì không xét tỷ lệ tăng",
            "must be above 0: no small number is judged by percentage",
        )
    return Rise(got["above"], got["against"], got["at_least"])


RISE = MappingReader(
    Text("rise", "rise"),
    (
        Field("above", Percent(), "tăng quá bao nhiêu phần trăm", "the percentage it may rise", required=True),
        Field("against", Word(tuple(Against)), "so với kỳ nào", "what it is compared with", required=True),
        Field("at_least", Number(), "và có ít nhất bao nhiêu", "and the least number that counts", required=True),
    ),
    _rise,
    together=(value("at_least", {"exclusiveMinimum": 0}, "phải lớn hơn 0", "must be above 0"),),
)
MISSING = MappingReader(
    Text("no_data", "no_data"),
    (
        Field(
            "after", Delay("workday", 1, 250), "sau khi hết kỳ bao lâu", "how long after the period", required=True
        ),
        Field("means", Word(("violation",)), "thì coi là vi phạm", "what it then means", required=True),
    ),
    lambda got: got["after"],
)


def _threshold(got: Parsed) -> Threshold:
    for check in (_check_clear, _check_periods, _check_reading):
        with suppress(Unread):
            check(got)
    clear = got[_BELOW] or got[_ABOVE]
    return Threshold(
        indicator=got["indicator"],
        per=got["per"],
        set_by=got["set_by"],
        set_on=got["set_on"],
        judge_from=got["judge_from"],
        above=got["above"],
        below=got["below"],
        rise=got["rise"],
        clear=None if clear is None else clear[0],
        periods=1 if got["for"] is None else got["for"][0],
        no_data_after=None if got["no_data"] == _UNJUDGED else got["no_data"],
        calm=CALM if got["calm"] is None else got["calm"],
    )


def _check_clear(got: Parsed) -> None:
    """Notes a clearing value on the side of the breach, or a number where the limit is a percentage."""
    right, wrong = (_ABOVE, _BELOW) if got.has("below") else (_BELOW, _ABOVE)
    if got.has(wrong):
        got.sheet.say(
            got.at(wrong),
            "clear-key",
            f"giới hạn này đi với «{right}», không phải «{wrong}»",
            f"this limit goes with '{right}', not '{wrong}'",
        )
    if not got.has(right):
        return
    clear, percent = got[right]
    rise = got["rise"]
    if percent != (rise is not None):
        raise got.sheet.say(
            got.at(right),
            "clear-terms",
            "giới hạn «rise» thì ghi phần trăm như «10 %», giới hạn khác thì ghi số",
            "write a percentage like '10 %' with 'rise', a number with any other limit",
        )
    limit: Decimal = rise.percent if rise is not None else got["above"] if got.has("above") else got["below"]
    if (clear > limit) if right == _BELOW else (clear < limit):
        got.sheet.say(
            got.at(right),
            "clear-side",
            f"mức hết vi phạm ({clear}) nằm ở phía vi phạm của giới hạn ({limit})",
            f"the clearing value ({clear}) lies on the side of the breach ({limit})",
        )


def _check_periods(got: Parsed) -> None:
    if got["for"] is not None and got["for"][1] is not got["per"]:
        got.sheet.say(
            got.at("for"),
            "for-differs",
            f"«for» đếm theo {got['for'][1]} mà «per» là {got['per']}; hai từ phải giống nhau",
            f"'for' counts {got['for'][1]} and 'per' is {got['per']}; the words must be the same",
        )


def _check_reading(got: Parsed) -> None:
    """Notes what cannot go with `reading`, which has no fixed periods: none precedes, and none can be missing."""
    if got["per"] is not PeriodKind.READING:
        return
    for name in ("rise", "no_data", "judge_from"):
        if got[name] not in {None, _UNJUDGED}:
            got.sheet.say(
                got.at(name),
                "reading-no-period",
                f"«per: reading» không có kỳ cố định nên không dùng được «{name}» này",
                f"'per: reading' has no fixed period, so this '{name}' cannot be judged",
            )


_NOT_HERE = "không đi với giới hạn này", "it does not go with this limit"
_A_NUMBER = {"type": "number"}, "ở đây ghi một số, không ghi %", "a number here, without %"
_CLEARING: tuple[Condition, ...] = (
    *(
        when(has(limit), without(wrong, *_NOT_HERE))
        for limit, wrong in (("above", _ABOVE), ("rise", _ABOVE), ("below", _BELOW))
    ),
    {
        "if": has("rise"),
        "then": value(_BELOW, {"type": "string"}, "với rise: ghi như «10 %»", "with rise: like '10 %'"),
        "else": {"allOf": [value(name, *_A_NUMBER) for name in (_ABOVE, _BELOW)]},
    },
)
_RUNNING = tuple(
    when(
        says("per", kind),
        value(
            "for", {"pattern": f" {kind}$"}, f"«per» là {kind} thì «for» cũng vậy", f"must count {kind}, as 'per'"
        ),
    )
    for kind in PeriodKind
)
_OF_A_READING = when(
    says("per", PeriodKind.READING),
    {
        "allOf": [
            value(
                "no_data", {"const": _UNJUDGED}, "«reading» chỉ đi với unjudged", "only unjudged with 'reading'"
            ),
            without("rise", "«reading» không có kỳ trước", "nothing precedes a 'reading'"),
            without("judge_from", "«reading» không có kỳ cố định", "a 'reading' has no fixed period"),
        ]
    },
)

THRESHOLD = MappingReader(
    Text("threshold", "threshold"),
    (
        Field("indicator", Ref(IdKind.INDICATOR, SLUG), "chỉ tiêu nào", "which indicator", required=True),
        Field("above", Number(), "vi phạm khi lớn hơn số này", "a finding when greater than this"),
        Field("below", Number(), "vi phạm khi nhỏ hơn số này", "a finding when less than this"),
        Field("rise", RISE, "vi phạm khi tăng quá mức này", "a finding when it rises by more than this"),
        Field("per", Word(tuple(PeriodKind)), "số liệu của kỳ nào", "the period of a reading", required=True),
        Field(_BELOW, NumberOrPercent(), "hết vi phạm khi bằng hoặc dưới mức này", "clears at or below this"),
        Field(_ABOVE, NumberOrPercent(), "hết vi phạm khi bằng hoặc trên mức này", "clears at or above this"),
        Field("for", Periods(), "phải kéo dài bao nhiêu kỳ liền", "for how many consecutive periods"),
        Field(
            "no_data",
            OneOf(
                (Alternative((), MISSING),),
                word=Word((_UNJUDGED,), besides=("{after: 10 workdays, means: violation}",)),
            ),
            "thiếu số liệu thì sao",
            "what missing data means",
            required=True,
        ),
        Field("set_by", UNIT, "cơ quan đặt giới hạn", "the office that set the limit", required=True),
        Field("set_on", Day(), "ngày đặt giới hạn", "the day it was set", required=True),
        JUDGE_FROM,
        Field(
            "calm",
            Delay("workday", 0, 60),
            "báo kết thúc sau khi số liệu đã ổn định chừng này; không ghi thì là 5 workdays",
            "the closing is told after the figure has stayed within its limit so long; without it 5 workdays",
        ),
    ),
    _threshold,
    exactly_one=(("above", "below", "rise"),),
    together=(*_CLEARING, *_RUNNING, _OF_A_READING),
)
# A threshold always names who set its limit.
WRITTEN_THRESHOLD = WrittenKind(
    "threshold", THRESHOLD, "chỉ tiêu vượt giới hạn", "an indicator is beyond its limit", "set_on", THRESHOLD
)
