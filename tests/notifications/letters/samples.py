"""Digests to write letters from. Directives are real; who is late, every figure, code and mailbox is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from engine.model import SCALE, Outcome, Section, TaskKind, Text, Tone
from engine.rules import Basis
from notifications.digest import (
    Desk,
    Digest,
    Direction,
    DirectiveLine,
    Entry,
    Figure,
    FourWay,
    Limit,
    NextAct,
    UnitRow,
)

LN279 = DirectiveLine(
    Text("Công văn", "Official letter"),
    "279/UBND-LĐTBXH",
    date(2015, 3, 26),
    "UBND huyện Lục Nam",
    "Lục Nam District People's Committee",
)
TMR1179 = DirectiveLine(
    Text("Công văn", "Official letter"),
    "1179-CV/HU",
    date(2019, 6, 26),
    "Huyện ủy Tu Mơ Rông",
    "Tu Mơ Rông District Party Committee",
)
BP94 = DirectiveLine(
    Text("Kế hoạch", "Plan"),
    "94-KH/TU",
    date(2012, 12, 27),
    "Tỉnh ủy Bình Phước",
    "Bình Phước Provincial Party Committee",
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
    tone=Tone.URGE,
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
    unit="UBND xã Bảo Đài",
    unit_en="Bảo Đài Commune People's Committee",
    units=("Bảo Đài",),
    of_units=1,
    relations=("responsible",),
    copied=False,
    limit=BEFORE_20_APRIL,
    period=None,
    count=None,
    need=None,
    figure=None,
    no_data=False,
    days=6,
    workdays=6,
    earlier=(),
    earlier_reminders=(),
    copied_to=(),
    reports_to="UBND huyện Lục Nam",
    via="Phòng LĐTBXH",
    next_on=date(2015, 5, 7),
    next_act=NextAct.REPORT_UP,
    next_to=("UBND huyện Lục Nam",),
    answer_by=date(2015, 5, 6),
    outcome=None,
    evidence="",
    done_on=None,
    last_told=None,
    codes=("LN15-0072",),
)


def entry(**changes: Any) -> Entry:
    """The round-1 report of one commune, with changes."""
    return replace(REPORT_1, **changes)


def digest(*entries: Entry, **changes: Any) -> Digest:
    """A letter of 25/04/2015 to UBND xã Bảo Đài with these rows, with changes."""
    made = Digest(
        night=date(2015, 4, 25),
        cutoff="02 giờ 00 ngày 25/04/2015",
        makeup_for=date(2015, 4, 29),
        reader="ln.ubnd_xa.bao_dai",
        reader_name="UBND xã Bảo Đài",
        reader_short="UBND xã",
        reader_name_en="Bảo Đài Commune People's Committee",
        shared_with=(),
        forwarded_for="",
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
        desk=Desk("Bộ phận theo dõi nhiệm vụ, Phòng LĐTBXH huyện Lục Nam", "daumoi.lucnam@example.vn"),
        replay=True,
    )
    return replace(made, **changes)


def commune() -> Digest:
    """The unit itself: one row in every section."""
    return digest(
        entry(
            section=Section.NEW,
            kind=TaskKind.ASSIGNED,
            title=Text("Thiết lập địa chỉ, cơ chế tiếp nhận thông tin về trẻ em bị bạo lực", "A contact point"),
            short=Text("thiết lập địa chỉ tiếp nhận thông tin", "a contact point"),
            clause="3",
            basis=Basis.ASSUMED,
            assumes=Text("hạn 24/04/2015, 30 ngày sau ngày ban hành", "30 days after the document's day"),
            limit=by_end_of(date(2015, 4, 24)),
            days=1,
            workdays=1,
            next_act=NextAct.URGE_AGAIN,
            next_to=("Phòng LĐTBXH huyện Lục Nam",),
            codes=("LN15-0118",),
        ),
        entry(
            section=Section.WORSE,
            tone=Tone.URGE_AGAIN,
            step=2,
            earlier=(date(2015, 4, 20),),
            earlier_reminders=(date(2015, 4, 13), date(2015, 4, 17)),
            copied_to=("Phòng LĐTBXH huyện Lục Nam", "Đảng ủy xã Bảo Đài"),
        ),
        entry(
            section=Section.STILL,
            title=Text("Cập nhật cơ sở dữ liệu trẻ em quý I/2015", "Children's database, Q1 2015"),
            short=Text("cơ sở dữ liệu trẻ em quý I/2015", "children's database, Q1 2015"),
            clause="5",
            limit=by_end_of(date(2015, 4, 15)),
            days=10,
            workdays=8,
            last_told=date(2015, 4, 23),
            next_on=date(2015, 5, 5),
            answer_by=date(2015, 5, 4),
            codes=("LN15-0041",),
        ),
        entry(
            section=Section.RESOLVED,
            title=Text("Kế hoạch phòng, chống tai nạn thương tích trẻ em", "Plan against child injuries"),
            clause="1.5",
            days=3,
            workdays=3,
            outcome=Outcome.LATE,
            evidence="Kế hoạch số 18/KH-UBND",
            done_on=date(2015, 4, 24),
            last_told=date(2015, 4, 22),
            next_on=None,
            next_act=None,
            answer_by=None,
            codes=("LN15-0029",),
        ),
        entry(
            section=Section.ENDING,
            title=Text("Kế hoạch Tháng hành động vì trẻ em năm 2015", "Plan for the Month of Action 2015"),
            short=Text("kế hoạch Tháng hành động vì trẻ em", "plan for the Month of Action"),
            clause="2",
            limit=Limit(date(2015, 5, 15), True, date(2015, 5, 14), False, date(2015, 5, 14)),
            days=0,
            workdays=12,
            next_act=NextAct.REMIND,
            next_to=(),
            codes=("LN15-0133",),
        ),
    )


def _unit_rows() -> tuple[UnitRow, ...]:
    late = {
        "Bảo Đài": (3, 12),
        "Trường Sơn": (3, 15),
        "Vô Tranh": (2, 15),
        "Lục Sơn": (2, 12),
        "Bình Sơn": (2, 10),
    }
    rows = []
    for name in COMMUNES:
        overdue, longest = late.get(name, (0, None))
        rows.append(UnitRow(name, FourWay(6 - overdue, 0, 1, overdue), longest))
    return tuple(rows)


def supervisor() -> Digest:
    """The district, told of five communes out of 24, with 14 others in a reminder row of the same letter."""
    rows = _unit_rows()
    overdue = sum(row.counts.overdue for row in rows)
    return digest(
        entry(
            units=("Bảo Đài", "Bình Sơn", "Lục Sơn", "Trường Sơn", "Vô Tranh"),
            of_units=24,
            unit="",
            unit_en="",
            tone=Tone.REPORT_UP,
            step=3,
            days=18,
            workdays=11,
            relations=("superior.government", "issuer"),
            earlier=(date(2015, 4, 20), date(2015, 4, 25)),
            next_on=date(2015, 5, 21),
            answer_by=date(2015, 5, 20),
            next_to=("Huyện ủy Lục Nam",),
            codes=tuple(f"LN15-00{n}" for n in (72, 75, 81, 88, 90)),
        ),
        entry(
            section=Section.RESOLVED,
            unit="UBND xã Yên Sơn",
            unit_en="Yên Sơn Commune People's Committee",
            units=("Yên Sơn",),
            of_units=24,
            days=16,
            workdays=9,
            outcome=Outcome.LATE,
            evidence="báo cáo",
            relations=("superior.government", "issuer"),
            done_on=date(2015, 5, 5),
            last_told=date(2015, 4, 25),
            next_on=None,
            next_act=None,
            answer_by=None,
            codes=("LN15-0047",),
        ),
        entry(
            section=Section.ENDING,
            title=Text("Kế hoạch Tháng hành động vì trẻ em năm 2015", "Plan for the Month of Action 2015"),
            short=Text("kế hoạch Tháng hành động vì trẻ em", "plan for the Month of Action"),
            clause="2",
            relations=("superior.government", "issuer"),
            unit="",
            unit_en="",
            units=COMMUNES[:14],
            of_units=24,
            limit=Limit(date(2015, 5, 15), True, date(2015, 5, 14), False, date(2015, 5, 14)),
            days=0,
            workdays=6,
            next_on=date(2015, 5, 13),
            next_act=NextAct.REMIND,
            next_to=(),
            codes=("LN15-0133",),
        ),
        night=date(2015, 5, 7),
        cutoff="02 giờ 00 ngày 07/05/2015",
        makeup_for=None,
        reader="ln.ubnd_huyen",
        reader_name="UBND huyện Lục Nam",
        reader_name_en="Lục Nam District People's Committee",
        direction=Direction.UP,
        counts=FourWay(sum(r.counts.on_time for r in rows), 0, 24, overdue),
        units_counted=24,
        by_unit=rows,
    )


def party() -> Digest:
    """The party committee, told of a quota that was missed; most of its directive is only tracked."""
    centre = "Trung tâm Văn hóa – Thông tin – Du lịch và Truyền thông huyện"
    broadcast = entry(
        kind=TaskKind.QUOTA,
        tone=Tone.REPORT_UP,
        step=4,
        title=Text("Phát sóng chuyên mục về trẻ em, ít nhất 01 lần/tháng", "Broadcasts on children"),
        short=Text("phát sóng chuyên mục trẻ em", "broadcasts on children"),
        clause="3",
        directive=TMR1179,
        unit=centre,
        unit_en="District Culture and Media Centre",
        units=("Trung tâm VH-TT-DL-TT",),
        relations=("superior.party", "issuer"),
        limit=by_end_of(date(2019, 7, 31)),
        period=Text("tháng 7/2019", "07/2019"),
        count=0,
        need=1,
        figure=Figure(0, None, Text("lần", "times"), recorded_on=date(2019, 8, 5)),
        days=29,
        workdays=21,
        earlier=(date(2019, 8, 1), date(2019, 8, 8), date(2019, 8, 15)),
        reports_to="",
        via="",
        next_on=date(2019, 9, 6),
        next_act=NextAct.REPEAT,
        next_to=("Huyện ủy Tu Mơ Rông",),
        answer_by=date(2019, 9, 5),
        codes=("TMR19-0011",),
    )
    return digest(
        broadcast,
        replace(
            broadcast,
            section=Section.ENDING,
            limit=by_end_of(date(2019, 8, 31), last_workday=date(2019, 8, 30)),
            period=Text("tháng 8/2019", "08/2019"),
            figure=None,
            days=0,
            workdays=2,
            earlier=(),
            next_on=date(2019, 9, 3),
            next_act=NextAct.JUDGE,
            next_to=(),
            answer_by=None,
            codes=("TMR19-0019",),
        ),
        night=date(2019, 8, 29),
        cutoff="02 giờ 00 ngày 29/08/2019",
        makeup_for=None,
        reader="tmr.ban_thuong_vu",
        reader_name="Ban Thường vụ Huyện ủy Tu Mơ Rông",
        reader_name_en="Standing Board of the Tu Mơ Rông District Party Committee",
        direction=Direction.UP_PARTY,
        directives=(TMR1179,),
        counts=FourWay(2, 0, 2, 1),
        tracked=19,
        obligations=21,
        desk=Desk("Ban Tuyên giáo Huyện ủy Tu Mơ Rông", "daumoi.tumorong@example.vn"),
    )


def level(**changes: Any) -> Entry:
    """An indicator above an example threshold."""
    made = entry(
        kind=TaskKind.LEVEL,
        title=Text("Tai nạn thương tích trẻ em", "Child injuries"),
        short=Text("tai nạn thương tích trẻ em", "child injuries"),
        clause="",
        directive=BP94,
        basis=Basis.EXAMPLE,
        unit="UBND tỉnh Bình Phước",
        unit_en="Bình Phước Provincial People's Committee",
        units=("UBND tỉnh",),
        limit=None,
        period=Text("quý II/2019", "Q2 2019"),
        figure=Figure(
            312 * SCALE,
            300 * SCALE,
            Text("em", "children"),
            set_by="UBND tỉnh",
            set_on=date(2019, 1, 15),
            recorded_on=date(2019, 7, 12),
        ),
        days=1,
        workdays=1,
        reports_to="",
        via="",
        next_on=date(2019, 7, 22),
        next_act=NextAct.URGE_AGAIN,
        next_to=("Ban Tuyên giáo Tỉnh ủy",),
        answer_by=date(2019, 7, 19),
        codes=("BP19-0031",),
    )
    return replace(made, **changes)


def threshold(*entries: Entry) -> Digest:
    """A province told that an indicator is above its limit; no replay, so the hotline is printed."""
    return digest(
        *(entries or (level(),)),
        night=date(2019, 7, 15),
        cutoff="02 giờ 00 ngày 15/07/2019",
        makeup_for=None,
        reader="bp.ubnd_tinh",
        reader_name="UBND tỉnh Bình Phước",
        reader_name_en="Bình Phước Provincial People's Committee",
        directives=(BP94,),
        counts=FourWay(100, 16, 7, 9),
        desk=Desk("Văn phòng UBND tỉnh Bình Phước", "daumoi.binhphuoc@example.vn"),
        replay=False,
    )


def bilingual() -> Digest:
    """The commune's letter once more, for a reader of both languages."""
    return replace(commune(), languages=("vi", "en"))


def sixty(rows: int = 60) -> Digest:
    """More rows than a letter holds."""
    numbered = (
        entry(
            title=Text(f"Báo cáo số {n:03d} về công tác trẻ em", f"Report {n:03d} on work for children"),
            short=Text(f"báo cáo số {n:03d}", f"report {n:03d}"),
            codes=(f"LN15-{n:04d}",),
        )
        for n in range(1, rows + 1)
    )
    return digest(*numbered)


LETTERS = {
    "a-commune": commune,
    "b-supervisor": supervisor,
    "c-party": party,
    "e-threshold": threshold,
    "f-bilingual": bilingual,
    "g-sixty": sixty,
}
