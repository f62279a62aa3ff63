"""Whole letters, one for every kind of reader. Late units, figures, codes and mailboxes are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.model import Outcome, Section, TaskKind, Text, Tone
from engine.rules import Basis
from notifications.digest import Desk, Digest, Direction, Figure, FourWay, Limit, NextAct, UnitRow
from tests.notifications.letters.samples import COMMUNES, TMR1179, by_end_of, digest, entry, threshold


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
