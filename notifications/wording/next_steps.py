"""What comes next for a row if nothing changes, and on which day."""

from __future__ import annotations

from typing import assert_never

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import UPWARD, Digest, Direction, Entry, NextAct
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.numbers import day, listed

_ACTS = {
    NextAct.REMIND: Text("nhắc lại trước hạn", "another reminder before the limit"),
    NextAct.JUDGE: Text("đôn đốc lần 1", "a first follow-up"),
    NextAct.URGE: Text("đôn đốc đơn vị thực hiện", "a follow-up to the unit"),
    NextAct.LISTED: Text("đưa vào danh sách gửi cơ quan theo dõi", "listed for the office that follows up"),
    NextAct.WAIVER_ENDS: Text("báo trước khi hết thời gian tạm dừng nhắc", "the end of the waiver is announced"),
    NextAct.RESUME: Text("tiếp tục đôn đốc theo các bước", "followed up again, step by step"),
}


def _act(entry: Entry, act: NextAct, digest: Digest) -> Text:
    """What is done next, as the reader of a row is told; a brief letter says only who else will be written to."""
    # Respect is paid to the reader; of a third office the letter only says that it is reported to.
    upward = digest.direction in (*UPWARD, Direction.COPY_UP)
    report = "kính báo cáo" if upward and digest.reader in entry.next_to else "báo cáo"
    to = listed(entry.next_to)
    match act:
        case NextAct.REPORT_UP | NextAct.URGE_AGAIN | NextAct.REPEAT if not entry.next_to:
            return Text("đôn đốc lại", "another follow-up")
        case NextAct.REPORT_UP:
            return Text.format("{report} {to}", "report to {to}", report=report, to=to)
        case NextAct.URGE_AGAIN if digest.is_brief:
            return Text.format("gửi bản sao cho {to}", "copied to {to}", to=to)
        case NextAct.URGE_AGAIN:
            return Text.format("đôn đốc lại và gửi bản sao cho {to}", "another follow-up, copied to {to}", to=to)
        case NextAct.REPEAT:
            return Text.format("{report} lại {to}", "another report to {to}", report=report, to=to)
        case NextAct.UNEXPLAINED:
            return Text.format("báo {to}", "told to {to}", to=to)
        case NextAct.REMIND | NextAct.JUDGE | NextAct.URGE | NextAct.LISTED | NextAct.WAIVER_ENDS | NextAct.RESUME:
            return _ACTS[act]
        case _:
            assert_never(act)


def next_step(entry: Entry, digest: Digest) -> Text | None:
    """What follows on which day, and until when an answer prevents it; None when nothing follows.

    In a brief letter the ask has that day.
    """
    if entry.next_on is None or entry.next_act is None:
        return None
    when, kind = day(entry.next_on), wording_of(entry.kind)
    if entry.next_act is NextAct.JUDGE and kind.judged_by_period:
        period = entry.period or Text("kết quả", "the result")
        return Text.format("{when}, đánh giá {period}.", "{when}: {period} is judged.", when=when, period=period)
    act = _act(entry, entry.next_act, digest)
    if entry.next_act is NextAct.UNEXPLAINED:
        vi, en = "{when}, {act} nếu đơn vị chưa giải trình.", "{when}: {act}, if no explanation has come."
        return Text.format(vi, en, when=when, act=act)
    if kind.indicator and not kind.dated and digest.is_brief:
        vi, en = "{when}, {act} nếu chưa trở lại trong ngưỡng.", "{when}: {act}, if not back within the limit."
        return Text.format(vi, en, when=when, act=act)
    if kind.indicator and not kind.dated:
        vi = "{when}, {act} nếu số liệu chưa trở lại trong ngưỡng theo dõi."
        en = "{when}: {act}, if the figure is not back within its limit."
        return Text.format(vi, en, when=when, act=act)
    if not kind.dated:
        vi = "{when}, {act} nếu số liệu chưa đổi."
        en = "{when}: {act}, if the figure has not changed."
        return Text.format(vi, en, when=when, act=act)
    otherwise = NO_TEXT
    if entry.answer_by is not None and entry.section is not Section.ENDING:
        last = day(entry.answer_by)
        otherwise = Text(
            f" Nếu ghi nhận chậm nhất hết ngày {last} thì không thực hiện bước này.",
            f" Not taken if something is recorded by the end of {last}.",
        )
    if digest.is_brief:
        vi, en = "{when}, {act} nếu chưa ghi nhận.", "{when}: {act}, if not recorded."
        return Text.format(vi, en, when=when, act=act)
    vi = "{when}, {act} nếu chưa ghi nhận kết quả.{otherwise}"
    en = "{when}: {act}, if nothing is recorded by then.{otherwise}"
    return Text.format(vi, en, when=when, act=act, otherwise=otherwise)
