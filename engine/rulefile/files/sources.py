"""`sources.yaml`: the data sources that every night pulls from, and when each counts as stale."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dondoc.engine.domain.data_sources import Address, DataSource, DropFolder, Patience, Queries, news_of
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Condition
from dondoc.engine.domain.terms import SheetKind, SourceKind
from dondoc.engine.kinds import kind_of
from dondoc.engine.rulefile.files.assemble import Pack
from dondoc.engine.rulefile.problems import IdKind, ProblemSheet, Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed, mismatch
from dondoc.engine.rulefile.readers.groups import Alternative, Keyed, Many, OneOf
from dondoc.engine.rulefile.readers.patterns import whole
from dondoc.engine.rulefile.readers.quantities import Delay
from dondoc.engine.rulefile.readers.scalars import SLUG, TEXTS, UNIT, Paragraph, Pattern, Ref, Word, text_in
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Node, Scalar

TIMEOUT = 600
# Words that only rules define; indicators have a file of their own.
_NAMED = {SheetKind.SUBMISSIONS: IdKind.REPORT, SheetKind.ACTIVITIES: IdKind.ACTIVITY}
_HOURS, _WORKDAYS = (1, 720), (1, 60)
_A_PATIENCE = Text(
    f"thời gian như «3 workdays» (từ {_WORKDAYS[0]} đến {_WORKDAYS[1]}) hoặc «36 hours» (từ {_HOURS[0]} đến "
    f"{_HOURS[1]})",
    f"a time like '3 workdays' (from {_WORKDAYS[0]} to {_WORKDAYS[1]}) or '36 hours' (from {_HOURS[0]} to "
    f"{_HOURS[1]})",
)
_A_SELECT = Text(
    "một câu lệnh SELECT (hoặc WITH … SELECT), không có dấu chấm phẩy ở giữa",
    "one SELECT (or WITH ... SELECT) without a semicolon inside",
)
_VARIABLE = Pattern(
    # Names that begin with DONDOC_ are the program's settings, and every command refuses an unknown one.
    r"(?!DONDOC_)[A-Z][A-Z0-9_]{0,63}",
    Text(
        "tên biến môi trường như «NGUON_TINH», không bắt đầu bằng DONDOC_",
        "an environment variable like 'PROVINCE_SOURCE', not one that begins with DONDOC_",
    ),
    "variable-malformed",
)
_PATH = Paragraph(Text("đường dẫn", "a path"), 300)
# Simple enough for the JSON Schema in an editor; a read-only connection is what really prevents writing.
_SELECT = r"\s*(?:[sS][eE][lL][eE][cC][tT]|[wW][iI][tT][hH])\s[^;]*;?\s*"


@dataclass(frozen=True, slots=True)
class PatienceReader:
    """Reads a `Patience`: `36 hours` or `3 workdays`, also in the singular."""

    hours: tuple[int, int] = _HOURS
    workdays: tuple[int, int] = _WORKDAYS
    wants: Text = _A_PATIENCE

    @property
    def pattern(self) -> str:
        """Its pattern, for the JSON Schema."""
        return f"{whole(*self.hours)} hours?|{whole(*self.workdays)} workdays?"

    def read(self, node: Node, sheet: ProblemSheet) -> Patience:
        """The patience. Raises `Unread`."""
        text = node.text if isinstance(node, Scalar) else ""
        if re.fullmatch(self.pattern, text, re.ASCII) is None:
            raise mismatch(node, sheet, "delay-malformed", self.wants)
        number, _, unit = text.partition(" ")
        return Patience(int(number), unit.startswith("workday"))


@dataclass(frozen=True, slots=True)
class Select:
    """Reads one SELECT statement. The connection is read-only too; this check comes while the file is written."""

    pattern: str = _SELECT
    wants: Text = _A_SELECT

    def read(self, node: Node, sheet: ProblemSheet) -> str:
        """The statement without the semicolon at its end."""
        text = text_in(node, sheet, "select-malformed", self.wants)
        if re.fullmatch(self.pattern, text) is None:
            raise mismatch(node, sheet, "select-malformed", self.wants)
        return text.strip().removesuffix(";").strip()


ADDRESS = MappingReader(
    Text("địa chỉ cơ sở dữ liệu", "the database's address"),
    (
        Field("env", _VARIABLE, "biến môi trường chứa địa chỉ", "the environment variable that holds it"),
        Field("file", _PATH, "tệp chứa địa chỉ", "the file that holds it"),
    ),
    lambda got: Address(got["env"], got["file"]),
    exactly_one=(("env", "file"),),
)


def _selects(got: Parsed) -> Mapping[SheetKind, str]:
    if not got.node.pairs:
        raise got.sheet.say(got.node, "select-empty", "chưa có câu lệnh SELECT nào", "there is no SELECT yet")
    return {kind: got[kind] for kind in SheetKind if got[kind] is not None}


SELECTS = MappingReader(
    Text("các câu lệnh SELECT", "the SELECTs"),
    tuple(
        Field(
            kind,
            Select(),
            f"câu lệnh cho các cột của {kind}.csv",
            f"the statement that gives the columns of {kind}.csv",
        )
        for kind in SheetKind
    ),
    _selects,
    together=(
        {"minProperties": 1, "errorMessage": "cần ít nhất một câu lệnh SELECT (needs at least one SELECT)"},
    ),
)


# What a source brings of each kind (empty: whatever its data can say), and the bodies whose units it brings it of.
Feeds = tuple[Mapping[SourceKind, frozenset[str] | None], frozenset[str]]


def _feeds(got: Parsed) -> Feeds:
    brings = {fed: frozenset(got[fed]) for fed in SourceKind if got[fed] is not None}
    return brings, frozenset(got["within"] or ())


FEEDS = MappingReader(
    Text("«feeds»", "'feeds'"),
    (
        Field(
            SourceKind.REPORTS,
            Many(Ref(IdKind.REPORT, SLUG), Text("loại báo cáo, loại việc", "kinds of report or of task")),
            "loại báo cáo và loại việc mà nguồn cho biết đã xong",
            "the kinds of report and of task that it reports on",
        ),
        Field(
            SourceKind.ACTIVITIES,
            Many(Ref(IdKind.ACTIVITY, SLUG), Text("loại hoạt động", "kinds of activity")),
            "loại hoạt động mà nguồn cung cấp",
            "the kinds of activity it brings",
        ),
        Field(
            SourceKind.INDICATORS,
            Many(Ref(IdKind.INDICATOR, SLUG), Text("chỉ tiêu", "indicators")),
            "chỉ tiêu mà nguồn cung cấp",
            "the indicators it brings",
        ),
        Field(
            "within",
            Many(UNIT, Text("các cơ quan", "bodies")),
            "nguồn chỉ cung cấp của các cơ quan này và đơn vị thuộc các cơ quan này; bỏ trống là mọi đơn vị",
            "it brings this only of these bodies and the units inside them; by default of every unit",
        ),
    ),
    _feeds,
)

_TITLE = Field("title", TEXTS, "tên gọi, in trong thư gửi người vận hành", "its name in letters", required=True)
_SHARED = (
    Field(
        "stale_after",
        PatienceReader(),
        "im lặng quá lâu chừng này thì nguồn bị coi là đứt: chưa có dữ liệu không còn là bằng chứng",
        "without rows for longer than this it is stale, and what is missing from it proves nothing",
        required=True,
    ),
    Field(
        "calendar",
        Ref(IdKind.CALENDAR, SLUG),
        "lịch để đếm ngày làm việc; bỏ trống là lịch đầu tiên",
        "the calendar for its workdays; the first one by default",
    ),
    Field(
        "feeds",
        FEEDS,
        "nguồn cho biết những gì; bỏ trống là mọi thứ thuộc loại dữ liệu của nó",
        "what it brings; by default everything in its kinds of data",
    ),
    Field("numbers", Word(("vi", "en")), "cách viết số khi không rõ", "how numbers are written where unclear"),
)

DATABASE = MappingReader(
    Text("nguồn là cơ sở dữ liệu", "the database source"),
    (
        _TITLE,
        Field(
            "database", ADDRESS, "địa chỉ nằm ở đâu (không ghi ở đây)", "where to find its address", required=True
        ),
        Field("select", SELECTS, "mỗi loại dữ liệu một câu lệnh", "one statement for each kind", required=True),
        *_SHARED,
        Field(
            "timeout",
            Delay("second", 1, 3600),
            "một lượt lấy lâu nhất bao nhiêu giây",
            "how long one pull may take",
            default=TIMEOUT,
        ),
    ),
    lambda got: (got, Queries(got["database"], got["select"], got["timeout"])),
)


def _kinds(got: Parsed) -> frozenset[SheetKind] | None:
    return None if got["kinds"] is None else frozenset(map(SheetKind, got["kinds"]))


FOLDER = MappingReader(
    Text("nguồn là thư mục", "the folder source"),
    (
        _TITLE,
        Field(
            "folder",
            _PATH,
            "thư mục nơi khác đặt tệp vào; tính từ thư mục chạy lệnh",
            "the folder that others put files into; relative to the folder where commands run",
            required=True,
        ),
        Field(
            "kind",
            Word(tuple(SheetKind)),
            "tệp chứa gì, khi tên tệp không nói",
            "the kind of data in files whose names do not show it",
        ),
        Field(
            "kinds",
            Many(Word(tuple(SheetKind)), Text("các loại dữ liệu", "kinds of data")),
            "thư mục được mang những loại nào; bỏ trống là chỉ nhiệm vụ, báo cáo, hoạt động, số liệu",
            "the kinds of data it may bring; by default tasks, submissions, activities and readings only",
        ),
        Field(
            "encoding",
            Word(("utf-8", "windows-1258", "tcvn3", "vni")),
            "mã chữ của CSV không phải Unicode",
            "the encoding of CSV files that are not Unicode",
        ),
        *_SHARED,
    ),
    lambda got: (got, DropFolder(got["folder"], got["kind"], got["encoding"], _kinds(got))),
)


def _source(key: Scalar, read: tuple[Parsed, Queries | DropFolder]) -> DataSource:
    got, origin = read
    brings, within = got["feeds"] or ({}, frozenset())
    return DataSource(
        key.text,
        got["title"],
        origin,
        got["stale_after"],
        got["calendar"],
        got["numbers"],
        brings or dict.fromkeys(news_of(origin)),
        f"{got.sheet.file}:{key.line}:{key.column}",
        within,
    )


SOURCES_FILE = MappingReader(
    Text("tệp nguồn dữ liệu", "the file of sources"),
    (
        VERSION,
        Field(
            "sources",
            Keyed(
                SLUG,
                OneOf((Alternative(("database",), DATABASE), Alternative(("folder",), FOLDER))),
                Text("các nguồn, mỗi nguồn một mã", "sources by id"),
                _source,
            ),
            "các nguồn, theo thứ tự lấy",
            "the sources, in the order of pulling",
            required=True,
        ),
    ),
    lambda got: tuple(got["sources"].values()),
)


def define_words(packs: Sequence[Pack], files: int) -> None:
    """Defines the words that rules demand, for sources to name; none if one of the `files` packs is incomplete.

    Otherwise every word of the missing rules would be a second problem beside the one that matters.
    """
    complete = 0
    for pack in packs:
        with suppress(Unread):
            complete += len(pack.rules) == len(pack.got["rules"])
    if complete == files:
        for pack in packs:
            for kind, word in _words(rule.condition for _, rule in pack.rules):
                pack.got.sheet.define(kind, [word])


def _words(conditions: Iterable[Condition]) -> Iterable[tuple[IdKind, str]]:
    for condition in conditions:
        for sheet, word in kind_of(condition).reads(condition):
            if sheet in _NAMED:
                yield _NAMED[sheet], word
