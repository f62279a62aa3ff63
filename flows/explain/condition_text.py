"""The condition of a rule in words, as `explain` shows it."""

from __future__ import annotations

from typing import assert_never

from dondoc.engine.domain.model import NO_TEXT, Text, scaled
from dondoc.engine.domain.rulebook import Condition, Overdue, Quota, Rollup, Streak, Threshold
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.numbers import day, number


def asked(condition: Condition) -> Text:
    """What a rule asks for, on one line."""
    match condition:
        case Overdue(report=report, task=task, remind=remind):
            before = NO_TEXT
            if remind:
                vi, en = "; nhắc trước {days} ngày làm việc", "; reminded {days} working days before"
                before = Text.format(vi, en, days=", ".join(map(str, remind)))
            vi, en = "báo cáo hoặc việc «{name}»{before}", "report or task «{name}»{before}"
            return Text.format(vi, en, name=report or task or "", before=before)
        case Quota(activity=activity, at_least=need, grace=grace):
            waits = NO_TEXT
            if grace:
                vi = "; chờ ghi nhận thêm {n} ngày làm việc"
                waits = Text.format(vi, "; recorded up to {n} working days later", n=number(grace))
            vi, en = (
                "ít nhất {n} lần «{name}» trong mỗi kỳ{waits}",
                "«{name}» at least {n} times in each period{waits}",
            )
            return Text.format(vi, en, n=number(need), name=activity, waits=waits)
        case Threshold():
            return _threshold(condition)
        case Streak(of=of, times=times):
            return Text.format(
                "{n} kỳ liền không đạt của {of}", "{n} periods running missed of {of}", n=number(times), of=of
            )
        case Rollup(of=of, percent=percent, units=units):
            limit = Text.format("{n} đơn vị", "{n} units", n=str(units))
            if percent is not None:
                limit = Text.format("{n} %", n=str(percent))
            vi, en = (
                "từ {limit} trong các đơn vị của {of} không đạt",
                "{limit} or more of the units of {of} missed it",
            )
            return Text.format(vi, en, limit=limit, of=of)
        case _:
            assert_never(condition)


def _threshold(threshold: Threshold) -> Text:
    limit, clear, running, since = NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT
    bound = threshold.above if threshold.above is not None else threshold.below
    if threshold.rise is not None:
        vi, en = "tăng trên {percent}% và ít nhất {least}", "a rise above {percent}% and at least {least}"
        limit = Text.format(vi, en, percent=str(threshold.rise.percent), least=str(threshold.rise.at_least))
    elif bound is not None:
        side = Text("dưới", "below") if threshold.below is not None else Text("trên", "above")
        limit = Text.format("{side} {bound}", side=side, bound=figures.plain(scaled(bound)))
    if threshold.clear is not None:
        clear = Text.format(", kết thúc ở {end}", ", ends at {end}", end=figures.plain(scaled(threshold.clear)))
    if threshold.periods > 1:
        running = Text.format(", {n} kỳ liền", ", {n} periods running", n=number(threshold.periods))
    if threshold.judge_from:
        vi, en = ", xét từ kỳ bắt đầu từ ngày {day}", ", judged for periods that begin on {day} or later"
        since = Text.format(vi, en, day=day(threshold.judge_from))
    return Text.format(
        "«{name}» {limit}{clear}{running}; ngưỡng đặt ngày {day}{since}",
        "«{name}» {limit}{clear}{running}; the limit was set on {day}{since}",
        name=threshold.indicator,
        limit=limit,
        clear=clear,
        running=running,
        day=day(threshold.set_on),
        since=since,
    )
