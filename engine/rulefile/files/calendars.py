"""`calendar.yaml`: which days are worked, and the dates of occasions."""

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
from dondoc.engine.rulefile.readers.spans import CLOSED, COVERS, MADE_UP, QUIET, WORKED, DaySpan
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Scalar

_MAX_SPAN = timedelta(days=366 * 40)


CALENDAR = MappingReader(
    Text("lịch", "the calendar"),
    (
        Field("country", Word(("VN",)), "lấy ngày nghỉ lễ của nước nào", "the country of its public holidays"),
        Field("zone", Word(("Asia/Ho_Chi_Minh",)), "múi giờ", "the time zone", default="Asia/Ho_Chi_Minh"),
        Field("covers", COVERS, "lịch có từ ngày nào đến ngày nào", "the days it covers", required=True),
        Field("provisional_from", Day(), "từ ngày này lịch còn tạm tính", "not announced from this day on"),
        Field("closed", Many(CLOSED, Text("ngày nghỉ", "closed days")), "ngày nghỉ", "closed days", default=()),
        Field(
            "worked", Many(WORKED, Text("ngày làm bù", "worked days")), "ngày làm bù", "worked days", default=()
        ),
        Field(
            "quiet",
            Many(QUIET, Text("ngày không gửi thư", "days without letters")),
            "ngày làm việc mà không gửi thư; các bước đôn đốc cũng chờ",
            "worked days on which no letter leaves; the steps of ladders wait as well",
            default=(),
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
    closed = {day: span.name for span in shut for day in span.days()}
    open_ = {span.first: span.name for span in worked}
    quiet = {day: span.name for span in got["quiet"] for day in span.days()}
    stands_for = {span.first: span.stands_for for span in (*worked, *made_up) if span.stands_for}
    for span in worked:
        if span.first in closed:
            got.sheet.say(
                span.at,
                "closed-and-worked",
                "ngày này vừa ghi là nghỉ vừa ghi là làm bù",
                "this day is both closed and worked",
            )
    provisional = got["provisional_from"]
    if got["country"] is None:
        calendar = WorkCalendar(key.text, first, last, closed, open_, provisional, stands_for, quiet)
    else:
        calendar = vietnam(
            key.text,
            first,
            last,
            closed=closed,
            worked=open_,
            stands_for=stands_for,
            provisional_from=provisional,
            quiet=quiet,
        )
    _check_made_up(got, calendar, (*worked, *made_up))
    return calendar


def _check_within(got: Parsed, first: date, last: date) -> None:
    """Notes every day in the file that lies outside `covers`."""
    spans: tuple[DaySpan, ...] = (*got["closed"], *got["worked"], *got["quiet"], *got["made_up"])
    written = [(day, span.at) for span in spans for day in (span.first, span.last)]
    if got["provisional_from"] is not None:
        written.append((got["provisional_from"], got.at("provisional_from")))
    outside = {at: None for day, at in written if not first <= day <= last}
    for at in outside:
        got.sheet.say(at, "outside-covers", "ngày này nằm ngoài khoảng «covers»", "this day lies outside 'covers'")


def _check_made_up(got: Parsed, calendar: WorkCalendar, spans: tuple[DaySpan, ...]) -> None:
    """Notes make-up days that are not worked weekend days, or that make up for a day that is not closed."""
    for span in spans:
        if calendar.first <= span.first <= calendar.last and span.first not in calendar.worked:
            got.sheet.say(
                span.at, "not-made-up", "lịch không có ngày làm bù này", "the calendar has no such make-up day"
            )
        if span.stands_for and span.at_for and span.stands_for not in calendar.closed:
            got.sheet.say(
                span.at_for,
                "not-closed",
                "ngày này không phải ngày nghỉ trong lịch nên không có gì để làm bù",
                "this day is not closed in the calendar, so nothing is made up for it",
            )


def _file(got: Parsed) -> Parsed:
    # A file without occasions still defines the kind, so that a rule that names one has an unknown id.
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
