"""Readers of spans of days, and of closed, worked and make-up days in the calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Alternative, OneOf
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import Paragraph
from dondoc.engine.rulefile.yaml_text.nodes import Node

_MAX_SPAN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days of a calendar file, `first` to `last` inclusive, with their name and nodes.

    `stands_for` is the closed day that a make-up day replaces.
    """

    first: date
    last: date
    name: str
    at: Node
    stands_for: date | None = None
    at_for: Node | None = None

    def days(self) -> Iterator[date]:
        """Every day of the span."""
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def span(got: Parsed) -> tuple[date, date]:
    """`from` and `until`, both inclusive. Raises `Unread` if they are not in order."""
    first, last = got["from"], got["until"]
    if last < first:
        raise got.sheet.say(
            got.at("until"), "until-before-from", "«until» sớm hơn «from»", "'until' is before 'from'"
        )
    return first, last


def _named_span(got: Parsed) -> DaySpan:
    first, last = span(got)
    if last - first > _MAX_SPAN:
        raise got.sheet.say(
            got.at("until"),
            "closed-too-long",
            "một đợt dài quá 31 ngày",
            "one span is longer than 31 days",
        )
    return DaySpan(first, last, got["name"], got.at("from"))


def _day(got: Parsed) -> DaySpan:
    return DaySpan(got["date"], got["date"], got["name"], got.at("date"), got["for"], got.at("for"))


_DATE = Field("date", Day(), "ngày", "the day", required=True)
_NAME = Field("name", Paragraph(longest=120), "tên ngày này", "the name of the day", required=True)
_SOURCE = Field("source", Paragraph(), "văn bản nào quy định", "the document that says so", required=True)
_FOR = Field("for", Day(), "làm bù cho ngày nghỉ nào", "the closed day it is worked for")
_FROM = Field("from", Day(), "ngày đầu", "the first day", required=True)
_UNTIL = Field("until", Day(), "ngày cuối, tính cả ngày này", "the last day, inclusive", required=True)

COVERS = MappingReader(Text("khoảng ngày", "the span of days"), (_FROM, _UNTIL), span)


def _day_or_span(label: Text) -> OneOf:
    """A named day, or a span of days, with the document that says so."""
    return OneOf(
        (
            Alternative(("from",), MappingReader(label, (_FROM, _UNTIL, _NAME, _SOURCE), _named_span)),
            Alternative(
                (),
                MappingReader(
                    label,
                    (_DATE, _NAME, _SOURCE),
                    lambda got: DaySpan(got["date"], got["date"], got["name"], got.at("date")),
                ),
            ),
        )
    )


CLOSED = _day_or_span(Text("ngày nghỉ", "the closed day"))
QUIET = _day_or_span(Text("ngày không gửi thư", "the day without letters"))
WORKED = MappingReader(Text("ngày làm bù", "the worked day"), (_DATE, _NAME, _SOURCE, _FOR), _day)
MADE_UP = MappingReader(
    Text("ngày làm bù đã biết", "the known make-up day"),
    (_DATE, Field("for", Day(), "làm bù cho ngày nghỉ nào", "the closed day it is worked for", required=True)),
    lambda got: DaySpan(got["date"], got["date"], "", got.at("date"), got["for"], got.at("for")),
)
