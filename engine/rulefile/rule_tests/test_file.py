"""`<locality>/<directive>.test.yaml`: facts, the nights to judge, and what each must bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rule_tests import CaseChange, ExpectedNight, ExpectedNotice, RuleTest, WaivedInTest
from dondoc.engine.rulefile.files.directives import itself
from dondoc.engine.rulefile.problems import Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Keyed, Many
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import SLUG, TEXTS, UNIT, Paragraph
from dondoc.engine.rulefile.readers.spans import COVERS, span
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.rule_tests.acts import ACT
from dondoc.engine.rulefile.rule_tests.facts import FACTS
from dondoc.engine.rulefile.rule_tests.nights import NIGHT, SILENT
from dondoc.engine.rulefile.yaml_text.nodes import Pairs, Scalar

# More nights than any test needs; each takes time to judge.
MOST_NIGHTS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class _Night:
    """A night of the file: the node of its date, and what must happen."""

    key: Scalar
    on: date
    cases: tuple[CaseChange, ...]
    letters: tuple[ExpectedNotice, ...]


def _night(key: Scalar, read: Any) -> _Night:
    """A night under its date. Raises `Unread` for a date whose problem is already noted."""
    try:
        on = date.fromisoformat(key.text)
    except ValueError:
        raise Unread from None
    return _Night(key, on, *(((), ()) if read == SILENT else read))


def _waived(got: Parsed) -> WaivedInTest:
    first, until = span(got)
    units = (got["unit"],) if got["unit"] is not None else got["units"]
    return WaivedInTest(got["rule"], units, first, until, f"{got.sheet.file}:{got.node.line}:{got.node.column}")


WAIVED = MappingReader(
    Text("phần tạm miễn", "the waiver"),
    (
        Field("rule", SLUG, "quy tắc nào của văn bản", "which rule of the directive", required=True),
        Field("unit", UNIT, "đơn vị nào được tạm miễn", "the unit it is waived for"),
        Field("units", Many(UNIT, Text("mã đơn vị", "unit ids")), "hoặc các đơn vị nào", "or which units"),
        Field("from", Day(), "ngày đầu được tạm miễn", "the first day it is waived", required=True),
        Field("until", Day(), "ngày cuối, tính cả ngày này", "the last day, inclusive", required=True),
    ),
    _waived,
    exactly_one=(("unit", "units"),),
)
TEST = MappingReader(
    Text("bài thử", "the test"),
    (
        Field("about", TEXTS, "bài thử nói điều gì, một câu", "what it shows, in one sentence", required=True),
        Field(
            "rules",
            Many(SLUG, Text("mã quy tắc", "rule ids")),
            "chỉ các quy tắc này của văn bản; bỏ trống là tất cả",
            "only these rules of the directive; all by default",
            default=(),
        ),
        Field(
            "only",
            Many(UNIT, Text("mã đơn vị", "unit ids")),
            "chỉ xét các đơn vị này; bỏ trống là mọi đơn vị mà quy tắc áp dụng",
            "only these units; by default all that the rules apply to",
            default=(),
        ),
        Field(
            "facts",
            FACTS,
            "điều đã xảy ra; bỏ trống là chưa ai làm gì",
            "what has happened; nothing by default",
            default=(),
        ),
        Field(
            "waivers",
            Many(WAIVED, Text("các phần tạm miễn", "waivers")),
            "tạm miễn của riêng bài thử này; waivers.yaml không tham gia",
            "waivers of this test alone; those of waivers.yaml take no part",
            default=(),
        ),
        Field(
            "acts",
            Many(ACT, Text("các câu trả lời", "answers")),
            "các cơ quan trả lời gì, lần lượt; bỏ trống là không ai trả lời",
            "what offices say, in turn; by default nobody says anything",
            default=(),
        ),
        Field(
            "every_night",
            COVERS,
            "chạy mọi đêm trong khoảng này; đêm không ghi ở «nights» phải im lặng",
            "runs every night of these days; those not in 'nights' must be silent",
        ),
        Field(
            "nights",
            Keyed(Day(), NIGHT, Text("các đêm, mỗi đêm một ngày", "nights by date"), _night),
            "các đêm chạy lần lượt, và điều phải xảy ra",
            "the nights that run in turn, and what each must bring",
            required=True,
        ),
    ),
    itself,
)


def _test(key: Scalar, got: Parsed) -> RuleTest:
    """A test under its name, after the checks that need no other file."""
    nights: dict[str, _Night] = got["nights"]
    written = got.at("nights")
    if isinstance(written, Pairs) and not written.pairs:
        raise got.sheet.say(
            written,
            "nights-missing",
            f"bài thử không chờ đợi gì thì không thử gì: ghi ít nhất một đêm, có thể là «{SILENT}»",
            f"a test that expects nothing tests nothing: give at least one night, it may be '{SILENT}'",
        )
    if got["every_night"] is not None:
        first, last = got["every_night"]
        _check_every(got, first, last, nights.values())
    return RuleTest(
        key.text,
        got["about"],
        got["rules"],
        got["only"],
        got["facts"],
        tuple(
            ExpectedNight(
                night.on, night.cases, night.letters, f"{got.sheet.file}:{night.key.line}:{night.key.column}"
            )
            for night in nights.values()
        ),
        got["every_night"],
        f"{got.sheet.file}:{key.line}:{key.column}",
        got["waivers"],
        tuple(sorted(got["acts"], key=lambda act: act.on)),
    )


def _check_every(got: Parsed, first: date, last: date, nights: Iterable[_Night]) -> None:
    if last - first >= MOST_NIGHTS:
        got.sheet.say(
            got.at("every_night"),
            "nights-too-many",
            f"nhiều hơn {MOST_NIGHTS.days} đêm; hãy chia thành nhiều bài thử",
            f"more than {MOST_NIGHTS.days} nights; write several tests",
        )
    for night in nights:
        if not first <= night.on <= last:
            got.sheet.say(
                night.key,
                "night-outside",
                "đêm này nằm ngoài khoảng «every_night», sẽ không bao giờ chạy",
                "this night lies outside 'every_night' and would never run",
            )


TEST_FILE = MappingReader(
    Text("tệp bài thử", "the test file"),
    (
        VERSION,
        Field(
            "data",
            Paragraph(longest=200),
            "thư mục CSV có các đơn vị, tính từ tệp này; bỏ trống là thư mục của lệnh",
            "the CSV folder with the units, relative to this file; by default the command's",
        ),
        Field(
            "tests",
            Keyed(SLUG, TEST, Text("các bài thử, mỗi bài một mã", "tests by id"), _test),
            "các bài thử",
            "the tests",
            required=True,
        ),
    ),
    lambda got: (got["data"], tuple(got["tests"].values())),
)
