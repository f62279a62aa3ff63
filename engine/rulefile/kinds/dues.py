"""`due:` of an overdue rule and `per:` of a quota: the days that limit a demand."""

from __future__ import annotations

from datetime import date

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import FIRST_YEAR, LAST_YEAR, NAMED
from dondoc.engine.domain.rulebook import AfterEvent, EveryPeriod, EveryYear, OccasionWindow, OnDate, Window
from dondoc.engine.rulefile.problems import IdKind
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Alternative, OneOf
from dondoc.engine.rulefile.readers.quantities import Day, Delay, MonthDay, Whole
from dondoc.engine.rulefile.readers.scalars import SLUG, Ref, Word
from dondoc.engine.rulefile.readers.spans import COVERS

# The dates of a yearly window carry this year, or the next one where the window runs over New Year.
YEARLY_YEAR = 2000

_DUE = Text("«due»", "'due'")
_PER = Text("«per»", "'per'")
_EVERY_YEAR = Field("every", Word(("year",)), "hằng năm", "every year", required=True)


def _on_date(got: Parsed) -> OnDate:
    exclusive = got.has("before")
    return OnDate(got["before" if exclusive else "by"], exclusive)


def _every_year(got: Parsed) -> EveryYear:
    exclusive = got.has("before")
    month, day = got["before" if exclusive else "by"]
    return EveryYear(month, day, exclusive, got["first"])


ON_DATE = MappingReader(
    _DUE,
    (
        Field("before", Day(), "trước ngày này", "before this day"),
        Field("by", Day(), "chậm nhất ngày này", "by the end of this day"),
    ),
    _on_date,
    exactly_one=(("before", "by"),),
)
EVERY_YEAR = MappingReader(
    _DUE,
    (
        _EVERY_YEAR,
        Field("before", MonthDay(), "trước ngày này hằng năm", "before this day of every year"),
        Field("by", MonthDay(), "chậm nhất ngày này hằng năm", "by the end of this day of every year"),
        Field("first", Whole(FIRST_YEAR, LAST_YEAR), "năm đầu tiên được xét", "the first year judged"),
    ),
    _every_year,
    exactly_one=(("before", "by"),),
)
EVERY_PERIOD = MappingReader(
    _DUE,
    (
        Field("every", Word(NAMED), "theo kỳ nào", "every period of this kind", required=True),
        Field(
            "by",
            Whole(1, 28),
            "chậm nhất ngày mấy của tháng cuối kỳ",
            "day of the period's last month",
            required=True,
        ),
    ),
    lambda got: EveryPeriod(got["every"], got["by"]),
)
AFTER_EVENT = MappingReader(
    _DUE,
    (
        Field("within", Delay("day", 1, 366), "trong bao nhiêu ngày lịch", "calendar days allowed", required=True),
        Field("after", SLUG, "sau hoạt động nào", "after which activity", required=True),
    ),
    lambda got: AfterEvent(got["within"], got["after"]),
)
DUE = OneOf(
    (
        Alternative(("within",), AFTER_EVENT),
        Alternative(("after",), AFTER_EVENT),
        Alternative(("every=year",), EVERY_YEAR),
        Alternative(("every",), EVERY_PERIOD),
        Alternative((), ON_DATE),
    )
)


def _yearly(got: Parsed) -> Window:
    first, last = got["from"], got["until"]
    wraps = last < first
    return Window(date(YEARLY_YEAR, *first), date(YEARLY_YEAR + wraps, *last), yearly=True)


def _once(got: Parsed) -> Window:
    first, last = COVERS.build(got)
    return Window(first, last, yearly=False)


YEARLY_WINDOW = MappingReader(
    _PER,
    (
        _EVERY_YEAR,
        Field("from", MonthDay(), "từ ngày này hằng năm", "from this day of every year", required=True),
        Field(
            "until", MonthDay(), "đến hết ngày này hằng năm", "to the end of this day of every year", required=True
        ),
    ),
    _yearly,
)
OCCASION_WINDOW = MappingReader(
    _PER,
    (
        _EVERY_YEAR,
        Field("occasion", Ref(IdKind.OCCASION, SLUG), "nhân ngày lễ nào", "which occasion", required=True),
        Field(
            "days_before",
            Whole(1, 60),
            "số ngày kết thúc vào ngày lễ, tính cả ngày lễ",
            "how many days, ending with the day of the occasion",
            required=True,
        ),
    ),
    lambda got: OccasionWindow(got["occasion"], got["days_before"]),
)
ONCE_WINDOW = MappingReader(_PER, COVERS.fields, _once)
PER = OneOf(
    (
        Alternative(("occasion",), OCCASION_WINDOW),
        Alternative(("every",), YEARLY_WINDOW),
        Alternative((), ONCE_WINDOW),
    ),
    word=Word(NAMED, besides=("{from: 2019-06-01, until: 2019-06-30}",)),
)
