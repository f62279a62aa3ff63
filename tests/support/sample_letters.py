"""Whole letters, one for every kind of reader. Late units, figures, codes and mailboxes are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dondoc.engine.domain.model import SCALE, Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import (
    Desk,
    Digest,
    Direction,
    Entry,
    Figure,
    FourWay,
    Limit,
    NextAct,
    UnitRow,
    WaivedSpan,
)
from tests.support.sample_digests import (
    BAO_DAI_PARTY,
    COMMUNES,
    EIGHT_COMMUNES,
    LUC_NAM,
    LUC_NAM_LABOUR,
    LUC_NAM_PARTY,
    THREE_MONTHS,
    TMR1179,
    TU_MO_RONG,
    by_end_of,
    digest,
    entry,
    level,
    threshold,
)

CENTRE = Text("Trung tâm Văn hóa – Thông tin – Du lịch và Truyền thông huyện", "District Culture and Media Centre")


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
            next_to=(LUC_NAM_LABOUR,),
            codes=("LN15-0118",),
        ),
        entry(
            section=Section.WORSE,
            step=2,
            earlier=(date(2015, 4, 20),),
            earlier_reminders=(date(2015, 4, 13), date(2015, 4, 17)),
            also_notified=(LUC_NAM_LABOUR, BAO_DAI_PARTY),
        ),
        entry(
            section=Section.STILL,
            title=Text("Cập nhật cơ sở dữ liệu trẻ em quý I/2015", "Children's database, Q1 2015"),
            short=Text("cơ sở dữ liệu trẻ em quý I/2015", "children's database, Q1 2015"),
            clause="5",
            limit=by_end_of(date(2015, 4, 15)),
            days=10,
            workdays=8,
            last_notified=date(2015, 4, 23),
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
            last_notified=date(2015, 4, 22),
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
            unit=Text("", ""),
            step=3,
            days=18,
            workdays=11,
            relations=("superior.government", "issuer"),
            earlier=(date(2015, 4, 20), date(2015, 4, 25)),
            next_on=date(2015, 5, 21),
            answer_by=date(2015, 5, 20),
            next_to=(LUC_NAM_PARTY,),
            codes=tuple(f"LN15-00{n}" for n in (72, 75, 81, 88, 90)),
        ),
        entry(
            section=Section.RESOLVED,
            unit=Text("UBND xã Yên Sơn", "Yên Sơn Commune People's Committee"),
            units=("Yên Sơn",),
            of_units=24,
            days=16,
            workdays=9,
            outcome=Outcome.LATE,
            evidence="báo cáo",
            relations=("superior.government", "issuer"),
            done_on=date(2015, 5, 5),
            last_notified=date(2015, 4, 25),
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
            unit=Text("", ""),
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
        cutoff=Text("02 giờ 00 ngày 07/05/2015", "02:00 on 07/05/2015"),
        makeup_for=None,
        reader=LUC_NAM,
        direction=Direction.UP,
        counts=FourWay(sum(r.counts.on_time for r in rows), 0, 24, overdue),
        units_counted=24,
        by_unit=rows,
    )


def _broadcast(**changes: Any) -> Entry:
    """A month without a broadcast on children."""
    made = entry(
        kind=TaskKind.QUOTA,
        step=4,
        title=Text("Phát sóng chuyên mục về trẻ em, ít nhất 01 lần/tháng", "Broadcasts on children"),
        short=Text("phát sóng chuyên mục trẻ em", "broadcasts on children"),
        clause="3",
        directive=TMR1179,
        unit=CENTRE,
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
        reports_to=None,
        via=None,
        next_on=date(2019, 9, 6),
        next_act=NextAct.REPEAT,
        next_to=(TU_MO_RONG,),
        answer_by=date(2019, 9, 5),
        codes=("TMR19-0011",),
    )
    return replace(made, **changes)


def party() -> Digest:
    """The party committee, told of a quota that was missed; most of its directive is only tracked."""
    return digest(
        _broadcast(older=(Text("tháng 6/2019", "06/2019"),)),
        _broadcast(
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
        cutoff=Text("02 giờ 00 ngày 29/08/2019", "02:00 on 29/08/2019"),
        makeup_for=None,
        reader=Text(
            "Ban Thường vụ Huyện ủy Tu Mơ Rông", "Standing Board of the Tu Mơ Rông District Party Committee"
        ),
        direction=Direction.UP_PARTY,
        directives=(TMR1179,),
        counts=FourWay(2, 0, 2, 1),
        tracked=19,
        obligations=21,
        desk=Desk(
            Text("Ban Tuyên giáo Huyện ủy Tu Mơ Rông", "Tu Mơ Rông Commission for Communication"),
            "daumoi.tumorong@example.vn",
        ),
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


def two_indicators() -> Digest:
    """Two indicators above their limits in one letter, one of them a count that is hidden."""
    hidden = Figure(2 * SCALE, 1 * SCALE, Text("em", "children"), masked=True, recorded_on=date(2019, 7, 12))
    abuse = Text("Số trẻ em bị xâm hại tình dục", "Sexually abused children")
    short = Text("số trẻ em bị xâm hại tình dục", "sexually abused children")
    second = level(title=abuse, short=short, clause="đoạn 2", figure=hidden, codes=("BP19-0032",))
    return replace(threshold(level(clause="đoạn 2"), second), languages=("vi", "en"))


def reminder() -> Digest:
    """The unit reminded of a counted period that rolled over a holiday; its mailbox is its superior's."""
    rolled = Limit(date(2015, 5, 4), False, date(2015, 5, 4), False, date(2015, 5, 4), counted=date(2015, 5, 3))
    row = entry(section=Section.ENDING, limit=rolled, days=9, workdays=3, next_on=date(2015, 5, 5))
    made = digest(replace(row, next_act=NextAct.JUDGE, next_to=(), answer_by=date(2015, 5, 4), codes=()))
    return replace(made, forwarder=LUC_NAM, languages=("vi", "en"))


def early_notice() -> Digest:
    """The unit told before its month is over that nothing is recorded yet."""
    row = _broadcast(
        section=Section.ENDING,
        relations=("responsible",),
        limit=by_end_of(date(2019, 8, 31), last_workday=date(2019, 8, 30)),
        period=Text("tháng 8/2019", "08/2019"),
        figure=None,
        days=9,
        workdays=6,
        earlier=(),
        next_on=date(2019, 9, 3),
        next_act=NextAct.JUDGE,
        next_to=(),
        answer_by=date(2019, 8, 30),
        codes=(),
    )
    return replace(
        party(), entries=(row,), reader=CENTRE, direction=Direction.OWN, tracked=0, languages=("vi", "en")
    )


def done() -> Digest:
    """Good news alone, to the unit that had the bad."""
    row = entry(
        section=Section.RESOLVED,
        outcome=Outcome.LATE,
        evidence="Báo cáo số 48/BC-UBND",
        done_on=date(2015, 4, 24),
        last_notified=date(2015, 4, 20),
        next_on=None,
        next_act=None,
        answer_by=None,
        days=5,
        workdays=5,
    )
    return digest(row, languages=("vi", "en"))


def copied() -> Digest:
    """The commune's party committee, for information."""
    row = entry(relations=("led_by",), copied=True, step=2, of_units=24)
    return replace(
        digest(row, languages=("vi", "en")),
        reader=BAO_DAI_PARTY,
        direction=Direction.COPY_UP,
        counts=FourWay(0, 0, 1, 1),
    )


def no_data() -> Digest:
    """The office that follows up, told that a figure has not come in."""
    row = level(
        kind=TaskKind.READING,
        figure=None,
        limit=by_end_of(date(2019, 7, 12)),
        relations=("monitor",),
        days=3,
        workdays=1,
    )
    reader = Text("Sở LĐTBXH tỉnh Bình Phước", "Bình Phước Labour and Social Affairs Department")
    return replace(threshold(row), reader=reader, direction=Direction.SIDEWAYS, languages=("vi", "en"))


UNTIL = date(2015, 5, 15)
FLOOD = WaivedSpan(
    granted_by=LUC_NAM,
    legal_basis=Text(
        "Công văn số 300/UBND-VP ngày 24/04/2015 (ví dụ)", "Official letter 300/UBND-VP (an example)"
    ),
    reason=Text("khắc phục hậu quả mưa lũ (ví dụ)", "flood damage (an example)"),
    first=date(2015, 4, 27),
    until=UNTIL,
    holds=True,
    notified=True,
)


def granted() -> Digest:
    """The office that follows up, told that two communes it knows of are waived; others are open as they were."""
    waived = entry(
        section=Section.STILL,
        units=("Bảo Đài", "Cẩm Lý"),
        of_units=24,
        relations=("monitor",),
        days=8,
        workdays=7,
        last_notified=date(2015, 4, 25),
        next_on=date(2015, 5, 8),
        next_act=NextAct.WAIVER_ENDS,
        next_to=(),
        answer_by=date(2015, 5, 7),
        codes=("LN15-0072", "LN15-0075"),
        waived=FLOOD,
    )
    rest = replace(
        waived,
        units=("Bình Sơn", "Lục Sơn"),
        step=2,
        next_on=date(2015, 5, 7),
        next_act=NextAct.REPORT_UP,
        next_to=(LUC_NAM,),
        answer_by=date(2015, 5, 6),
        codes=("LN15-0081", "LN15-0088"),
        waived=None,
        news=False,
    )
    return digest(
        waived,
        rest,
        night=date(2015, 4, 27),
        cutoff=Text("02 giờ 00 ngày 27/04/2015", "02:00 on 27/04/2015"),
        makeup_for=None,
        reader=LUC_NAM_LABOUR,
        direction=Direction.SIDEWAYS,
        languages=("vi", "en"),
        units_counted=24,
        counts=FourWay(18, 2, 0, 2),
        waived=2,
    )


def waiver_ends() -> Digest:
    """The unit itself, five working days before its waiver ends."""
    row = entry(
        section=Section.ENDING,
        days=19,
        workdays=12,
        next_on=date(2015, 5, 18),
        next_act=NextAct.RESUME,
        next_to=(),
        answer_by=UNTIL,
        waived=FLOOD,
    )
    return digest(
        row,
        night=date(2015, 5, 8),
        cutoff=Text("02 giờ 00 ngày 08/05/2015", "02:00 on 08/05/2015"),
        makeup_for=None,
        languages=("vi", "en"),
        counts=FourWay(1, 1, 2, 0),
        waived=1,
    )


def after_a_waiver() -> Digest:
    """The unit itself, told when its waiver has ended: late from its last day, the waiver named."""
    row = entry(
        days=29,
        workdays=18,
        earlier=(),
        next_on=date(2015, 5, 25),
        next_act=NextAct.URGE_AGAIN,
        next_to=(LUC_NAM_LABOUR,),
        answer_by=date(2015, 5, 22),
        waived=replace(FLOOD, first=date(2015, 4, 20), holds=False, notified=False),
    )
    return digest(
        row,
        night=date(2015, 5, 18),
        cutoff=Text("02 giờ 00 ngày 18/05/2015", "02:00 on 18/05/2015"),
        makeup_for=None,
        languages=("vi", "en"),
        counts=FourWay(1, 1, 2, 1),
    )


def streak() -> Digest:
    """The unit itself: three months running without a broadcast."""
    centre = Text(f"{CENTRE.vi} Tu Mơ Rông", f"Tu Mơ Rông {CENTRE.en}")
    row = entry(
        kind=TaskKind.STREAK,
        title=Text("Ba tháng liên tiếp chưa phát sóng", "Three months running without a programme"),
        short=Text("ba tháng liên tiếp chưa phát sóng", "three months running without a programme"),
        clause="3",
        directive=TMR1179,
        basis=Basis.ASSUMED,
        assumes=Text("ba tháng liên tiếp; văn bản không nêu", "three months running; the text does not say"),
        unit=centre,
        units=("Trung tâm VH-TT-DL và Truyền thông",),
        limit=None,
        days=1,
        workdays=1,
        reports_to=None,
        via=None,
        next_on=date(2019, 10, 8),
        next_act=NextAct.URGE_AGAIN,
        next_to=(Text("Ban Tuyên giáo Huyện ủy Tu Mơ Rông", "Tu Mơ Rông Propaganda Committee"),),
        answer_by=date(2019, 10, 7),
        codes=("TMR19-0004",),
        parts=THREE_MONTHS,
    )
    return digest(
        row,
        night=date(2019, 10, 1),
        cutoff=Text("02 giờ 00 ngày 01/10/2019", "02:00 on 01/10/2019"),
        makeup_for=None,
        reader=centre,
        languages=("vi", "en"),
        directives=(TMR1179,),
        counts=FourWay(0, 0, 2, 3),
        replay=False,
    )


def whole() -> Digest:
    """The office that follows up: many communes late with one report, and a whole that is not many any more."""
    row = entry(
        kind=TaskKind.ROLLUP,
        title=Text("Nhiều xã chưa gửi báo cáo đợt 1", "Many communes late with the round-1 report"),
        short=Text("nhiều xã chưa gửi báo cáo đợt 1", "many communes late with round 1"),
        basis=Basis.ASSUMED,
        assumes=Text("mức theo dõi từ 30% số xã", "told from 30 % of the communes on"),
        unit=LUC_NAM,
        units=("UBND huyện Lục Nam",),
        step=3,
        relations=("monitor",),
        earlier=(date(2015, 4, 20), date(2015, 4, 25)),
        days=18,
        workdays=11,
        reports_to=None,
        via=None,
        next_on=date(2015, 5, 21),
        next_act=NextAct.REPORT_UP,
        next_to=(LUC_NAM_PARTY,),
        answer_by=date(2015, 5, 20),
        codes=("LN15-0009",),
        parts=EIGHT_COMMUNES,
    )
    over = replace(
        row,
        section=Section.RESOLVED,
        title=Text("Nhiều xã chưa cập nhật cơ sở dữ liệu quý I", "Many communes late with the database of Q1"),
        short=Text("nhiều xã chưa cập nhật cơ sở dữ liệu quý I", "many communes late with the database of Q1"),
        next_on=None,
        next_act=None,
        next_to=(),
        answer_by=None,
        outcome=Outcome.CLEARED,
        last_notified=date(2015, 4, 25),
        codes=("LN15-0007",),
        parts=replace(EIGHT_COMMUNES, missed=5, judged=24, waived=0, known=0, names=COMMUNES[:5]),
    )
    return digest(
        row,
        over,
        night=date(2015, 5, 7),
        cutoff=Text("02 giờ 00 ngày 07/05/2015", "02:00 on 07/05/2015"),
        makeup_for=None,
        reader=LUC_NAM_LABOUR,
        direction=Direction.SIDEWAYS,
        languages=("vi", "en"),
        counts=FourWay(15, 0, 0, 9),
        units_counted=24,
        desk=Desk(LUC_NAM, "dondoc@example.vn"),
    )


LETTERS = {
    "a-commune": commune,
    "b-supervisor": supervisor,
    "c-party": party,
    "e-threshold": threshold,
    "f-bilingual": bilingual,
    "g-sixty": sixty,
    "h-two-indicators": two_indicators,
    "i-reminder": reminder,
    "j-early-notice": early_notice,
    "k-done": done,
    "l-copied": copied,
    "m-no-data": no_data,
    "r-waiver-granted": granted,
    "s-waiver-ends": waiver_ends,
    "t-after-a-waiver": after_a_waiver,
    "u-streak": streak,
    "v-whole": whole,
}
