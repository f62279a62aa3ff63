"""`waivers.yaml`: which demands are not followed up for which unit, until when, and who allows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import LONGEST_WAIVER, Directive, Waiver
from dondoc.engine.rulefile.files.assemble import Pack
from dondoc.engine.rulefile.problems import IdKind, ProblemSheet, Unread
from dondoc.engine.rulefile.readers.fields import Field, MappingReader, Parsed
from dondoc.engine.rulefile.readers.groups import Many
from dondoc.engine.rulefile.readers.quantities import Day
from dondoc.engine.rulefile.readers.scalars import TEXTS, UNIT, Pattern, Ref, Word
from dondoc.engine.rulefile.readers.spans import span
from dondoc.engine.rulefile.readers.version import VERSION
from dondoc.engine.rulefile.yaml_text.nodes import Node

_DAY = timedelta(days=1)
# What stands in the place of a rule's id until a waiver of all rules is one for each.
_EVERYTHING = ""
RULE = Ref(
    IdKind.RULE,
    Pattern(
        r"[a-z0-9_-]{1,64}/[a-z0-9][a-z0-9_-]{0,63}",
        Text("mã quy tắc như «279-ubnd-ldtbxh/report-round-1»", "a rule id like '279-ubnd-ldtbxh/report-round-1'"),
    ),
)


DIRECTIVE = Ref(
    IdKind.DIRECTIVE,
    Pattern(r"[a-z0-9_-]{1,64}", Text("mã văn bản như «279-ubnd-ldtbxh»", "a directive like '279-ubnd-ldtbxh'")),
)


@dataclass(frozen=True, slots=True)
class WaiverEntry:
    """One entry of the file: a waiver for each of its units, and the place of its days.

    Until `of_rules` an entry for all rules of a directive has the directive's id in the place of a rule's, one for
    all rules nothing.
    """

    waivers: tuple[Waiver, ...]
    at: Node


def _granted(got: Parsed) -> WaiverEntry:
    days = first, until = span(got)
    if (until - first + _DAY).days > LONGEST_WAIVER:
        raise _too_long(got, days)
    units = (got["unit"],) if got["unit"] is not None else got["units"]
    place = f"{got.sheet.file}:{got.node.line}:{got.node.column}"
    what = got["rule"] or got["directive"] or _EVERYTHING
    return WaiverEntry(
        tuple(
            Waiver(what, unit, got["granted_by"], got["reason"], got["legal_basis"], first, until, place)
            for unit in units
        ),
        got.at("from"),
    )


def _too_long(got: Parsed, days: tuple[date, date]) -> Unread:
    n = (days[1] - days[0] + _DAY).days
    return got.sheet.say(
        got.at("until"),
        "waiver-too-long",
        f"tạm miễn {n} ngày, tối đa {LONGEST_WAIVER} ngày; hết thời hạn thì xét và ghi tiếp",
        f"waived for {n} days, at most {LONGEST_WAIVER} are allowed; grant it again when it has ended",
    )


WAIVER = MappingReader(
    Text("phần tạm miễn", "the waiver"),
    (
        Field("rule", RULE, "quy tắc nào", "which rule"),
        Field("directive", DIRECTIVE, "hoặc mọi quy tắc của văn bản nào", "or all rules of which directive"),
        Field(
            "rules",
            Word(("all",)),
            "hoặc mọi quy tắc của mọi văn bản: ghi «all»",
            "or all rules of all directives: write 'all'",
        ),
        Field("unit", UNIT, "đơn vị nào được tạm miễn", "the unit it is waived for"),
        Field("units", Many(UNIT, Text("mã đơn vị", "unit ids")), "hoặc các đơn vị nào", "or which units"),
        Field("granted_by", UNIT, "cơ quan nào cho phép", "the office that allows it", required=True),
        Field(
            "reason",
            TEXTS,
            "lý do, in trong thư; không ghi thông tin cá nhân",
            "the reason, as letters print it; no personal data",
            required=True,
        ),
        Field("legal_basis", TEXTS, "căn cứ vào đâu", "the text it rests on", required=True),
        Field("from", Day(), "ngày đầu được tạm miễn", "the first day it is waived", required=True),
        Field(
            "until",
            Day(),
            f"ngày cuối được tạm miễn, tính cả ngày này; dài nhất {LONGEST_WAIVER} ngày",
            f"the last day it is waived, inclusive; {LONGEST_WAIVER} days at most",
            required=True,
        ),
    ),
    _granted,
    exactly_one=(("rule", "directive", "rules"), ("unit", "units")),
)


def _file(got: Parsed) -> tuple[Waiver, ...]:
    granted: Sequence[WaiverEntry] = got["waivers"]
    _check_overlaps(granted, got.sheet)
    return tuple(waiver for entry in granted for waiver in entry.waivers)


def _check_overlaps(granted: Iterable[WaiverEntry], sheet: ProblemSheet) -> None:
    """Notes entries that waive one rule for one unit on the same day; the problem is on the later entry."""
    seen: dict[str, list[Waiver]] = {}
    for entry in granted:
        for waiver in entry.waivers:
            before = seen.setdefault(waiver.unit, [])
            other = next((one for one in before if _overlap(one, waiver)), None)
            if other is not None:
                days = f"{other.first:%d/%m/%Y} đến {other.until:%d/%m/%Y}"
                sheet.say(
                    entry.at,
                    "waiver-overlaps",
                    f"{waiver.unit} đã được tạm miễn quy tắc này từ {days}; gộp làm một hoặc sửa ngày",
                    f"{waiver.unit} is already waived from {other.first} to {other.until}; merge the two",
                )
            before.append(waiver)


def _overlap(one: Waiver, other: Waiver) -> bool:
    """Whether two waivers of one unit waive one rule on one day."""
    same_directive = _directive(one) == _directive(other)
    same_rule = one.rule == other.rule or (same_directive and _directive(one) in (one.rule, other.rule))
    either_is_all = _EVERYTHING in (one.rule, other.rule)
    return (same_rule or either_is_all) and one.first <= other.until and other.first <= one.until


def _directive(waiver: Waiver) -> str:
    return waiver.rule.partition("/")[0]


def of_rules(
    written: Iterable[Waiver], rules: Iterable[str], directives: Mapping[str, Directive]
) -> tuple[Waiver, ...]:
    """The waivers of a file by rule: one of a whole directive becomes one for each of its `rules`.

    One of everything becomes one for each rule whose directive is in force on one of its days; if none is, for
    all, so that `dondoc check` finds it idle.
    """
    by_directive: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        by_directive[rule.partition("/")[0]].append(rule)
    return tuple(
        replace(waiver, rule=rule) for waiver in written for rule in _of_one(waiver, by_directive, directives)
    )


def _of_one(
    waiver: Waiver, by_directive: Mapping[str, Sequence[str]], directives: Mapping[str, Directive]
) -> Iterable[str]:
    if waiver.rule == _EVERYTHING:
        in_force = [name for name in by_directive if _binds(directives[name], waiver)]
        return [rule for name in in_force or by_directive for rule in by_directive[name]]
    return (waiver.rule,) if "/" in waiver.rule else by_directive[waiver.rule]


def _binds(directive: Directive, waiver: Waiver) -> bool:
    ends = directive.in_force_until
    return directive.in_force_from <= waiver.until and (ends is None or waiver.first <= ends)


WAIVERS_FILE = MappingReader(
    Text("tệp tạm miễn", "the waiver file"),
    (
        VERSION,
        Field(
            "waivers",
            Many(WAIVER, Text("các phần tạm miễn", "waivers"), at_least=0),
            "các phần tạm miễn, cũ và mới",
            "the waivers, old ones too",
            required=True,
        ),
    ),
    _file,
)


def define_rules(packs: Sequence[Pack], files: int) -> None:
    """Defines the ids of directives and rules, for waivers to name; none if one of the `files` could not be read.

    Otherwise every waiver of a rule in the unread file would be a second problem beside the one that matters.
    """
    defined: list[tuple[ProblemSheet, list[str]]] = []
    for pack in packs:
        with suppress(Unread):
            _ = pack.got["rules"]
            defined.append((pack.got.sheet, [f"{pack.stem}/{key}" for key in pack.keys]))
    if len(defined) == files:
        for sheet, names in defined:
            sheet.define(IdKind.RULE, names)
            sheet.define(IdKind.DIRECTIVE, {name.partition("/")[0] for name in names})
