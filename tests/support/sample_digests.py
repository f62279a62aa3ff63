"""Digests to write letters from. Directives are real; who is late, every figure, code and mailbox is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import (
    Desk,
    Digest,
    Direction,
    DirectiveLine,
    Entry,
    Figure,
    FourWay,
    Limit,
    NextAct,
    Parts,
)
from dondoc.notifications.letter.attached_files import attached_files
from dondoc.notifications.letter.compose import leads
from dondoc.notifications.letter.part import USUAL, Writer
from dondoc.notifications.letter.view import LanguagePart

BAO_DAI = Text("UBND xã Bảo Đài", "Bảo Đài Commune People's Committee")
BAO_DAI_PARTY = Text("Đảng ủy xã Bảo Đài", "Bảo Đài Commune Party Committee")
LUC_NAM = Text("UBND huyện Lục Nam", "Lục Nam District People's Committee")
LUC_NAM_PARTY = Text("Huyện ủy Lục Nam", "Lục Nam District Party Committee")
LUC_NAM_LABOUR = Text("Phòng LĐTBXH huyện Lục Nam", "Lục Nam Labour and Social Affairs Office")
TU_MO_RONG = Text("Huyện ủy Tu Mơ Rông", "Tu Mơ Rông District Party Committee")
BINH_PHUOC = Text("UBND tỉnh Bình Phước", "Bình Phước Provincial People's Committee")
BINH_PHUOC_PARTY = Text("Tỉnh ủy Bình Phước", "Bình Phước Provincial Party Committee")

LN279 = DirectiveLine(
    Text("Công văn", "Official letter"),
    "279/UBND-LĐTBXH",
    date(2015, 3, 26),
    LUC_NAM,
)
TMR1179 = DirectiveLine(
    Text("Công văn", "Official letter"),
    "1179-CV/HU",
    date(2019, 6, 26),
    TU_MO_RONG,
)
BP94 = DirectiveLine(
    Text("Kế hoạch", "Plan"),
    "94-KH/TU",
    date(2012, 12, 27),
    BINH_PHUOC_PARTY,
)
BEFORE_20_APRIL = Limit(
    date(2015, 4, 20),
    exclusive=True,
    last_day=date(2015, 4, 19),
    last_day_closed=True,
    last_workday=date(2015, 4, 17),
)
COMMUNES = (
    "Bảo Đài", "Bảo Sơn", "Bắc Lũng", "Bình Sơn", "Cẩm Lý", "Chu Điện", "Cương Sơn", "Đan Hội", "Đông Hưng",
    "Đông Phú", "Huyền Sơn", "Khám Lạng", "Lan Mẫu", "Lục Sơn", "Nghĩa Phương", "Tam Dị", "Thanh Lâm", "Tiên Nha",
    "Trường Giang", "Trường Sơn", "Vô Tranh", "Yên Sơn", "thị trấn Đồi Ngô", "thị trấn Phương Sơn",
)  # fmt: skip


def by_end_of(day: date, last_workday: date | None = None) -> Limit:
    """An inclusive limit; `last_workday` is given when the day itself is closed."""
    return Limit(day, False, day, last_workday is not None, last_workday or day)


REPORT_1 = Entry(
    section=Section.NEW,
    kind=TaskKind.REPORT,
    step=1,
    title=Text(
        "Báo cáo kết quả công tác bảo vệ, chăm sóc trẻ em đợt 1 năm 2015",
        "Report on child protection and care, round 1 of 2015",
    ),
    short=Text("báo cáo công tác trẻ em đợt 1", "round-1 report on work for children"),
    clause="7",
    directive=LN279,
    basis=Basis.TEXT,
    assumes=None,
    unit=BAO_DAI,
    units=("Bảo Đài",),
    of_units=1,
    relations=("responsible",),
    copied=False,
    limit=BEFORE_20_APRIL,
    period=None,
    older=(),
    count=None,
    need=None,
    figure=None,
    days=6,
    workdays=6,
    earlier=(),
    earlier_reminders=(),
    also_notified=(),
    reports_to=LUC_NAM,
    via=LUC_NAM_LABOUR,
    next_on=date(2015, 5, 7),
    next_act=NextAct.REPORT_UP,
    next_to=(LUC_NAM,),
    answer_by=date(2015, 5, 6),
    outcome=None,
    evidence="",
    done_on=None,
    last_notified=None,
    codes=("LN15-0072",),
)


THREE_MONTHS = Parts(
    kind=TaskKind.QUOTA,
    what=Text("phát sóng chuyên mục trẻ em", "programme on children"),
    word=Text("tháng", "months"),
    missed=3,
    judged=3,
    units=3,
    periods=tuple(Text(f"tháng {month}/2019", f"{month:02d}/2019") for month in (7, 8, 9)),
)
EIGHT_COMMUNES = Parts(
    kind=TaskKind.REPORT,
    what=REPORT_1.short,
    word=Text("xã, thị trấn", "communes"),
    missed=8,
    judged=23,
    units=24,
    waived=1,
    names=COMMUNES[:8],
    known=2,
    at_least=Text("30%", "30%"),
)


def entry(**changes: Any) -> Entry:
    """The round-1 report of one commune, with changes."""
    return replace(REPORT_1, **changes)


def digest(*entries: Entry, **changes: Any) -> Digest:
    """A letter of 25/04/2015 to UBND xã Bảo Đài with these rows, with changes."""
    made = Digest(
        night=date(2015, 4, 25),
        cutoff=Text("02 giờ 00 ngày 25/04/2015", "02:00 on 25/04/2015"),
        makeup_for=date(2015, 4, 29),
        reader=BAO_DAI,
        shared_with=(),
        forwarder=None,
        direction=Direction.OWN,
        languages=("vi",),
        entries=entries,
        directives=(LN279,),
        counts=FourWay(1, 1, 2, 3),
        units_counted=1,
        unit_word=Text("xã, thị trấn", "communes and towns"),
        by_unit=(),
        tracked=0,
        obligations=0,
        desk=Desk(LUC_NAM_LABOUR, "daumoi.lucnam@example.vn"),
        replay=True,
    )
    made = replace(made, **changes)
    whose = made.reader if made.direction is Direction.OWN else next((row.unit for row in entries), None)
    if made.units_counted == 1:
        made = replace(made, unit_counted=whose)
    return made if "counted" in changes else replace(made, counted=made.directives)


def in_full(made: Digest) -> tuple[LanguagePart, ...]:
    """The letter in Vietnamese and in English, each in full: a letter has the English in short only."""
    files = attached_files(made, listed=False)
    return tuple(Writer(made, leads(made), USUAL, language, files).part() for language in ("vi", "en"))


def level(**changes: Any) -> Entry:
    """An indicator above an example threshold."""
    made = entry(
        kind=TaskKind.LEVEL,
        title=Text("Tai nạn thương tích trẻ em", "Child injuries"),
        short=Text("tai nạn thương tích trẻ em", "child injuries"),
        clause="",
        directive=BP94,
        basis=Basis.EXAMPLE,
        unit=BINH_PHUOC,
        units=("UBND tỉnh",),
        limit=None,
        period=Text("quý II/2019", "Q2 2019"),
        figure=Figure(
            312 * SCALE,
            300 * SCALE,
            Text("em", "children"),
            set_by=BINH_PHUOC,
            set_on=date(2019, 1, 15),
            recorded_on=date(2019, 7, 12),
        ),
        days=1,
        workdays=1,
        reports_to=None,
        via=None,
        next_on=date(2019, 7, 22),
        next_act=NextAct.URGE_AGAIN,
        next_to=(Text("Ban Tuyên giáo Tỉnh ủy Bình Phước", "Bình Phước Commission for Communication"),),
        answer_by=date(2019, 7, 19),
        codes=("BP19-0031",),
    )
    return replace(made, **changes)


def threshold(*entries: Entry) -> Digest:
    """A province told that an indicator is above its limit; no replay, so the hotline is printed."""
    return digest(
        *(entries or (level(),)),
        night=date(2019, 7, 15),
        cutoff=Text("02 giờ 00 ngày 15/07/2019", "02:00 on 15/07/2019"),
        makeup_for=None,
        reader=BINH_PHUOC,
        directives=(BP94,),
        counts=FourWay(100, 16, 7, 9),
        desk=Desk(
            Text("Văn phòng UBND tỉnh Bình Phước", "Bình Phước Provincial Office"), "daumoi.binhphuoc@example.vn"
        ),
        replay=False,
    )
