"""`calendar.yaml`: which days are worked, and on which days occasions fall."""

from __future__ import annotations

from datetime import date, timedelta

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.workdays import WorkCalendar, vietnam
from dondoc.engine.rulefile.files.occasions import OCCASION, occasion
from dondoc.engine.rulefile.problems import IdKind
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Keyed, Many
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import SLUG, Word
from dondoc.engine.rulefile.readers.spans import CLOSED, COVERS, MADE_UP, WORKED, DaySpan
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Scalar

_MAX_SPAN = timedelta(days=366 * 40)


CALENDAR = MappingReader(
    Text("lịch", "the calendar"),
    (
        Field("country", Word(("VN",)), "lấy ngày nghỉ lễ của nước nào", "whose public holidays it starts from"),
        Field("zone", Word(("Asia/Ho_Chi_Minh",)), "múi giờ", "the time zone", default="Asia/Ho_Chi_Minh"),
        Field("covers", COVERS, "lịch có từ ngày nào đến ngày nào", "the days it covers", required=True),
        Field("provisional_from", Day(), "từ ngày này lịch còn tạm tính", "not announced from this day on"),
        Field("closed", Many(CLOSED, Text("ngày nghỉ", "closed days")), "ngày nghỉ", "closed days", default=()),
        Field(
            "worked", Many(WORKED, Text("ngày làm bù", "worked days")), "ngày làm bù", "worked days", default=()
        ),
        Field(
            "made_up",
            Many(MADE_UP, Text("ngày làm bù", "make-up days")),
            "ngày làm bù đã biết là bù cho ngày nào",
            "for which closed day a known make-up day is worked",
            default=(),
        ),
    ),
    lambda got: got,
)


def _calendar(key: Scalar, got: Parsed) -> WorkCalendar:
    first, last = got["covers"]
    if last - first > _MAX_SPAN:
        raise got.sheet.say(
            got.at("covers"), "covers-too-long", "lịch dài quá 40 năm", "the calendar is longer than 40 years"
        )
    _check_within(got, first, last)
    shut, worked, made_up = got["closed"], got["worked"], got["made_up"]
    closed = {day: stretch.name for stretch in shut for day in stretch.days()}
    open_ = {stretch.first: stretch.name for stretch in worked}
    stands_for = {stretch.first: stretch.stands_for for stretch in (*worked, *made_up) if stretch.stands_for}
    for stretch in worked:
        if stretch.first in closed:
            got.sheet.say(
                stretch.at,
                "closed-and-worked",
                "ngày này vừa ghi là nghỉ vừa ghi là làm bù",
                "this day is both closed and worked",
            )
    provisional = got["provisional_from"]
    if got["country"] is None:
        calendar = WorkCalendar(key.text, first, last, closed, open_, provisional, stands_for)
    else:
        calendar = vietnam(
            key.text,
            first,
            last,
            closed=closed,
            worked=open_,
            stands_for=stands_for,
            provisional_from=provisional,
        )
    _check_made_up(got, calendar, (*worked, *made_up))
    return calendar


def _check_within(got: Parsed, first: date, last: date) -> None:
    """Every day written must lie in the days covered."""
    stretches: tuple[DaySpan, ...] = (*got["closed"], *got["worked"], *got["made_up"])
    written = [(day, stretch.at) for stretch in stretches for day in (stretch.first, stretch.last)]
    if got["provisional_from"] is not None:
        written.append((got["provisional_from"], got.at("provisional_from")))
    outside = {at: None for day, at in written if not first <= day <= last}
    for at in outside:
        got.sheet.say(at, "outside-covers", "ngày này nằm ngoài khoảng «covers»", "this day lies outside 'covers'")


def _check_made_up(got: Parsed, calendar: WorkCalendar, stretches: tuple[DaySpan, ...]) -> None:
    """A make-up day is a worked weekend day, and the day it is worked for is a closed weekday."""
    for stretch in stretches:
        if calendar.first <= stretch.first <= calendar.last and stretch.first not in calendar.worked:
            got.sheet.say(
                stretch.at, "not-made-up", "lịch không có ngày làm bù này", "the calendar does not work this day"
            )
        if stretch.stands_for and stretch.at_for and stretch.stands_for not in calendar.closed:
            got.sheet.say(
                stretch.at_for,
                "not-closed",
                "ngày này không phải ngày nghỉ trong lịch nên không có gì để làm bù",
                "this day is not closed in the calendar, so nothing is made up for it",
            )


def _file(got: Parsed) -> Parsed:
    # A file without occasions defines none, so that a rule naming one is told so.
    got.sheet.define(IdKind.OCCASION, ())
    return got


CALENDAR_FILE = MappingReader(
    Text("tệp lịch", "the calendar file"),
    (
        VERSION,
        Field(
            "calendars",
            Keyed(
                SLUG,
                CALENDAR,
                Text("các lịch, mỗi lịch một mã", "calendars by id"),
                _calendar,
                IdKind.CALENDAR,
            ),
            "các lịch, mỗi lịch một mã",
            "the calendars, by id",
            required=True,
        ),
        Field(
            "occasions",
            Keyed(
                SLUG,
                OCCASION,
                Text("các ngày lễ, mỗi ngày lễ một mã", "occasions by id"),
                occasion,
                IdKind.OCCASION,
            ),
            "các ngày lễ tính theo âm lịch hoặc thay đổi hằng năm",
            "occasions whose date changes from year to year",
            default={},
        ),
    ),
    _file,
)
