"""How many letters of 15 and of 40 rows one core composes, renders and checks in a second.

Every row has its own unit, code, limit and earlier letters, so that nothing is fast only because it repeats.
Units, lateness and mailboxes are invented.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import Section, TaskKind
from dondoc.notifications.digest import (
    Desk,
    Digest,
    Direction,
    DirectiveLine,
    Entry,
    FourWay,
    Limit,
    NextAct,
    UnitRow,
)
from dondoc.notifications.letter.build import finished
from dondoc.notifications.letter.compose import compose
from dondoc.notifications.letter.render import finish, render

NIGHT = date(2015, 5, 7)
DISTRICT = Text("UBND huyện Lục Nam", "Lục Nam District People's Committee")
PAPER = DirectiveLine(Text("Công văn", "Official letter"), "279/UBND-LĐTBXH", date(2015, 3, 26), DISTRICT)
MAIL = MailPolicy("a@example.vn", Text("Đôn Đốc", "Đôn Đốc"), "example.vn", ("example.vn",), "a@example.vn")
SECONDS = 2.0


def row(n: int) -> Entry:
    last = NIGHT - timedelta(days=n % 90 + 2)
    unit = Text(f"UBND xã Số {n}", f"People's Committee of Commune {n}")
    return Entry(
        section=(Section.NEW, Section.WORSE, Section.STILL)[n % 3],
        kind=TaskKind.REPORT,
        step=3,
        title=Text(f"Báo cáo kết quả công tác bảo vệ, chăm sóc trẻ em số {n}", f"Report {n} on child protection"),
        short=Text(f"báo cáo công tác trẻ em số {n}", f"report {n} on child protection"),
        clause=f"{n % 9 + 1}",
        directive=PAPER,
        basis=Basis.TEXT,
        assumes=None,
        unit=unit,
        units=(f"Số {n}",),
        of_units=1,
        relations=("superior.government", "issuer"),
        copied=False,
        limit=Limit(last + timedelta(days=1), True, last, False, last),
        period=None,
        older=(),
        count=None,
        need=None,
        figure=None,
        days=n % 90 + 2,
        workdays=n % 60 + 1,
        earlier=(last + timedelta(days=1), last + timedelta(days=2)),
        earlier_reminders=(),
        last_notified=last if n % 3 else None,
        also_notified=(),
        reports_to=DISTRICT,
        via=None,
        next_on=NIGHT + timedelta(days=n % 20 + 2),
        next_act=NextAct.REPORT_UP,
        next_to=(Text("Huyện ủy Lục Nam", "Lục Nam District Party Committee"),),
        answer_by=NIGHT + timedelta(days=n % 20 + 1),
        outcome=None,
        evidence="",
        done_on=None,
        codes=(f"LN15-{n:04d}",),
    )


def digest(rows: int, languages: tuple[str, ...] = ("vi",)) -> Digest:
    units = tuple(UnitRow(f"Số {n}", FourWay(3, 0, 1, n % 3), n if n % 3 else None) for n in range(24))
    return Digest(
        night=NIGHT,
        cutoff=Text("02 giờ 00 ngày 07/05/2015", "02:00 on 07/05/2015"),
        makeup_for=None,
        reader=DISTRICT,
        shared_with=(),
        forwarder=None,
        direction=Direction.UP,
        languages=languages,
        entries=tuple(sorted(map(row, range(rows)), key=lambda entry: list(Section).index(entry.section))),
        directives=(PAPER,),
        counts=FourWay(72, 0, 24, 24),
        units_counted=24,
        unit_word=Text("xã, thị trấn", "communes"),
        by_unit=units,
        tracked=16,
        obligations=19,
        desk=Desk(Text("Phòng LĐTBXH huyện Lục Nam", "Lục Nam Labour Office"), "daumoi@example.vn"),
        replay=True,
        counted=(PAPER,),
    )


def per_second(work: Callable[[], object]) -> float:
    """CPU seconds, so that a busy machine does not change the figure much."""
    work()
    done, start = 0, time.process_time()
    while time.process_time() - start < SECONDS:
        work()
        done += 1
    return done / (time.process_time() - start)


def main() -> None:
    at = datetime(2015, 5, 7, 2, tzinfo=ZONE)
    print(f"{'':24}{'letters/s':>10}{'ms':>8}")
    for rows in (15, 40):
        one, two = digest(rows), digest(rows, ("vi", "en"))
        view = compose(one)
        made = render(view)
        steps: dict[str, Callable[[], object]] = {
            "compose": lambda one=one: compose(one),
            "render": lambda view=view: render(view),
            "compose + render": lambda one=one: render(compose(one)),
            "finished in vi and en": lambda two=two: finish(two),
            "bytes and gate": lambda made=made: finished(
                made, MAIL, NIGHT, at, "x", "a@example.vn", reply_to="a@example.vn"
            ),
        }
        for name, work in steps.items():
            speed = per_second(work)
            print(f"{rows:>3} {name:20}{speed:>10.0f}{1000 / speed:>8.2f}")


if __name__ == "__main__":
    main()
