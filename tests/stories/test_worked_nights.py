"""Every worked night comes out as settled: the finding, its breach and lateness, the step, and who hears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.periods import PeriodKind, parse, periods_between
from dondoc.engine.domain.rulebook import Basis, Directive, Overdue, Quota, RuleBook, Selector
from dondoc.engine.domain.terms import Scope, Section, Verdict
from tests.support.town import Town, finding, only, rules

ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("worked-nights.yaml").read_text("utf-8"))
Facts = Callable[[Town], None]

LN, BP, TMR, BP19, DL = (
    "279-ubnd-ldtbxh",
    "330-cv-tu",
    "1179-cv-hu",
    "bao-ve-tre-em-2019",
    "46-ct-hu",
)
RULES = {
    "LN2015-7a": f"{LN}/report-round-1",
    "LN2015-7b": f"{LN}/report-round-2",
    "LN2015-2": f"{LN}/action-month",
    "BP2016-6b": f"{BP}/action-month-report",
    "TMR2019-3b": f"{TMR}/monthly-broadcast",
    "TMR2019-3b(reporting-month)": f"{TMR}/monthly-broadcast",
    "TMR2019-1f": f"{TMR}/action-month",
    "BP2019-3.xam_hai_tinh_duc": f"{BP19}/sexual-abuse",
    "BP2019-3.duoi_nuoc": f"{BP19}/drowning-deaths",
    "BP2019-3.tai_nan_giao_thong": f"{BP19}/traffic-accidents",
    "BP2019-3.tai_nan_thuong_tich": f"{BP19}/injuries",
    "BP2019-6": f"{BP19}/grassroots-staff",
    "DL2023-3a.nc": f"{DL}/poor-children",
    "DL2023-3a.hcdb": f"{DL}/special-circumstances",
    "DL2023-3c": f"{DL}/yearly-budget",
    "CUR-1": "28-2019-tt-bldtbxh/action-month-report",
    "CUR-2": "29-2019-tt-bldtbxh/forum-report",
    "CUR-4": "09-2019-nd-cp/monthly-report",
    "task": "assigned/task",
}
CENTRE, PORTAL, BAO_DAI = "tmr.tt_vh_tt_dl_tt", "tmr.trang_ttdt", "ln.ubnd_xa.bao_dai"


def _nothing(_: Town) -> None:
    """No fact at all."""


def _figures(town: Town) -> None:
    period = ("2018-01-01", "2019-03-31")
    for indicator, value in (
        ("child-sexual-abuse", 33),
        ("child-drowning-deaths", 21),
        ("child-traffic-accidents", 11),
        ("child-injuries", 1426),
    ):
        town.reads("bp.ubnd_tinh", indicator, *period, value, "2019-05-03T08:00")


def _shares(town: Town) -> None:
    day = ("2023-10-02", "2023-10-02")
    town.reads("dl.ubnd_huyen", "children-special-circumstances-share", *day, 2.61, "2023-10-02T08:00")
    town.reads("dl.ubnd_huyen", "poor-children-share", *day, 4.49, "2023-10-02T08:00")


def _months_sent(town: Town, first: str, last: str) -> None:
    """Every monthly report of the province from one reporting month to another, in time."""
    for period in periods_between(PeriodKind.REPORTING_MONTH, parse(f"R{first}").first, parse(f"R{last}").last):
        sent = period.last.replace(day=20).isoformat()
        town.submits("vn.51.ubnd", "nd09-month", sent, task=period.key)


def _july_0_august_1(town: Town) -> None:
    town.does(CENTRE, "broadcast", "2019-08-20")


def _july_1_august_0(town: Town) -> None:
    town.does(CENTRE, "broadcast", "2019-07-20")


def _task(unit: str, due: str, **more: Any) -> Facts:
    issued = (date.fromisoformat(due) - timedelta(days=20)).isoformat()
    return lambda town: town.is_assigned(unit, "assigned", due, f"{issued}T09:00", **more)


FACTS: dict[tuple[str, str], Facts] = {
    ("LN2015-7a", "handed in 2015-04-20 10:00, recorded same hour"): lambda town: town.submits(
        BAO_DAI, "child-protection", "2015-04-20"
    ),
    ("LN2015-7a", "dated 2015-04-18, recorded 2015-04-22 10:00"): lambda town: town.submits(
        BAO_DAI, "child-protection", "2015-04-18", "2015-04-22T10:00"
    ),
    ("LN2015-7a", "handed in 2015-04-29, recorded 2015-04-29"): lambda town: town.submits(
        BAO_DAI, "child-protection", "2015-04-29"
    ),
    ("LN2015-7b", "round-1 report handed in 2015-05-03; nothing for round 2"): lambda town: town.submits(
        BAO_DAI, "child-protection", "2015-05-03"
    ),
    (
        "LN2015-2",
        "0 events dated 15/5-30/6; one dated 2015-07-01, recorded 2015-07-02",
    ): lambda town: town.does(BAO_DAI, "action-month-event", "2015-07-01", "2015-07-02T10:00"),
    ("LN2015-2", "1 event dated 2015-05-15, recorded 2015-06-20"): lambda town: town.does(
        BAO_DAI, "action-month-event", "2015-05-15", "2015-06-20T10:00"
    ),
    ("TMR2019-3b", "1 item dated 2019-07-31, recorded 2019-07-31"): lambda town: town.does(
        PORTAL, "broadcast", "2019-07-31"
    ),
    ("TMR2019-3b", "scope sum (variant): centre 0, portal 1"): lambda town: town.does(
        PORTAL, "broadcast", "2019-07-15"
    ),
    ("TMR2019-3b", "one broadcast dated 2019-08-05"): lambda town: town.does(CENTRE, "broadcast", "2019-08-05"),
    ("TMR2019-3b", "July 0, August 1"): _july_0_august_1,
    ("TMR2019-3b", "July 1, August 0"): _july_1_august_0,
    ("BP2019-3.xam_hai_tinh_duc", "33, threshold above 30"): _figures,
    ("BP2019-3.duoi_nuoc", "21, threshold above 21"): _figures,
    ("BP2019-3.tai_nan_giao_thong", "11, threshold above 10"): _figures,
    ("BP2019-3.tai_nan_thuong_tich", "1426 printed 1.426, threshold above 1426"): _figures,
    ("DL2023-3a.nc", "4.49 printed 4,49%, threshold above 4.5"): _shares,
    ("DL2023-3a.hcdb", "2.61, recorded 2023-10-02, threshold above 2.5"): _shares,
    (
        "CUR-2",
        "forum held 2026-08-15; nothing handed in; last day 2026-09-03",
    ): lambda town: town.does("vn.23425.ubnd", "child-forum-held", "2026-08-15"),
    (
        "CUR-2",
        "forum held 2025-12-26; nothing handed in; last day 2026-01-10",
    ): lambda town: town.does("vn.23425.ubnd", "child-forum-held", "2025-12-26"),
    ("CUR-4", "month 04/2026 not sent"): lambda town: _months_sent(town, "2025-08", "2026-03"),
    ("CUR-4", "month 11/2026 not sent"): lambda town: _months_sent(town, "2025-08", "2026-10"),
    ("task", "by Fri 2026-02-13"): _task("vn.23425.ubnd", "2026-02-13", monitor="vn.51.so_y_te"),
    ("task", "by Mon 2015-04-27"): _task(BAO_DAI, "2015-04-27"),
    ("task", "by Fri 2023-04-28 (variant, before the directive)"): _task("dl.ubnd_huyen", "2023-04-28"),
    ("task", "by Wed 2025-12-31"): _task("vn.51.ubnd", "2025-12-31"),
    ("task", "by Mon 2026-11-23"): _task("vn.23425.ubnd", "2026-11-23"),
}


@lru_cache(maxsize=1)
def _present() -> RuleBook:
    """The project's packs, and a rule for assigned tasks."""
    book, text, since = rules(), Text("Văn bản thử", "Document of a test"), date(2015, 1, 1)
    directive = Directive(
        "assigned", "TASK", text, "1/TT", since, "tw.chinh_phu", text, (), since, None, None, Basis.TEXT, {}, ()
    )
    rule = replace(
        book.rules[RULES["CUR-1"]],
        id="assigned/task",
        directive="assigned",
        applies_to=Selector(kind="ubnd"),
        reports_to=None,
        condition=Overdue(None, "assigned", None, ()),
    )
    return replace(
        book,
        directives={**book.directives, directive.id: directive},
        rules={**book.rules, rule.id: rule},
    )


def _book(row: dict[str, Any]) -> RuleBook:
    """The rules of a row alone, so that many nights pass quickly; with the variant the row names."""
    name = RULES[row["rule"]]
    wanted = {name, f"{LN}/report-round-1"} if row["rule"] == "LN2015-7b" else {name}
    book = only(_present(), *wanted)
    rule = book.rules[name]
    condition = rule.condition
    if isinstance(condition, Quota):
        if "scope sum" in row["facts"]:
            condition = replace(condition, scope=Scope.SUM)
        if "reporting-month" in row["rule"]:
            condition = replace(condition, per=PeriodKind.REPORTING_MONTH)
        rule = replace(rule, condition=condition)
    return replace(book, rules={**book.rules, name: rule})


@dataclass(frozen=True)
class Played:
    """A town and every night it has lived through."""

    town: Town
    seen: dict[date, tuple[Any, Any]]


@cache
def _played(rule: str, unit: str, facts: str) -> Played:
    """One story for all rows with the same facts: its nights from well before the first to the last."""
    mine = [row for row in ROWS if (row["rule"], row["unit"], row["facts"]) == (rule, unit, facts)]
    town = Town.founded(_book(mine[0]))
    FACTS.get((rule, facts), _nothing)(town)
    first = min(row["breach"] or row["as_of"] for row in mine) - timedelta(days=12)
    day, seen = first, {}
    while day <= max(row["as_of"] for row in mine):
        made = town.night(day)
        seen[day] = (finding(made, RULES[rule], unit), town.case(RULES[rule], unit))
        day += timedelta(days=1)
    return Played(town, seen)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['id']} {row['rule']} on {row['as_of']}" for row in ROWS])
def test_worked_night(row: dict[str, Any]) -> None:
    """The night comes out as the row says."""
    played = _played(row["rule"], row["unit"], row["facts"])
    found, case = played.seen[row["as_of"]]
    calendar = played.town.book.calendar_of(RULES[row["rule"]])
    breached = found is not None and found.verdict is Verdict.BREACH
    if row["id"] in RESUMED:
        # The task is still a missed month; its case is what closes.
        breached = False
    assert breached is row["finding"]
    if breached:
        assert case is not None
        assert case.breach == row["breach"]
        last_day = case.breach - timedelta(days=1)
        assert calendar.late(last_day, row["as_of"]) == row["late_workdays"]
        assert (row["as_of"] - last_day).days == row["late_days"]
        assert calendar.position(case.breach, row["as_of"]) == row["position"]
        assert _step(case.reached) == str(row["step"])
    notified = played.town.notices_of(RULES[row["rule"]], row["unit"], row["as_of"])
    assert notified == {
        (tell["to"], tell["as"].removesuffix("(default)"), Section(tell["section"])) for tell in row["tells"]
    }


RESUMED = {"W51", "W52"}


def _step(reached: int) -> str:
    return str(reached) if reached <= 4 else f"repeat-{reached - 4}"
