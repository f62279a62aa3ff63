"""The fact of a row as one clause, for subject and headline: what is late, missed or beyond its limit.

For what the service has not seen, the clause says "chưa gửi" or "chưa ghi nhận", never that nothing was done.
"""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import Digest, Entry
from dondoc.notifications.wording import derived, figures
from dondoc.notifications.wording.names import grouped, named_behind, who
from dondoc.notifications.wording.numbers import counted, day, part_of

# Periods that fit into a sentence without brackets: "phát sóng chuyên mục trẻ em tháng 7/2019".
_FLOWING = ("tháng ", "quý ", "năm ", "6 tháng ")
# Tasks whose subject is itself a document; for any other the result is sent.
_PAPERS = ("báo cáo", "kế hoạch", "chương trình")
# By whether the limits are floors.
_SIDES = {
    True: Text("dưới ngưỡng theo dõi", "below their watch limits"),
    False: Text("vượt ngưỡng theo dõi", "above their watch limits"),
}


def object_of(entry: Entry) -> Text:
    """What the row is about, with its period: `phát sóng chuyên mục trẻ em tháng 7/2019`."""
    period = entry.period
    if period is None:
        return entry.short
    if period.vi.startswith(_FLOWING):
        return Text.format("{short} {period}", "{short}, {period}", short=entry.short, period=period)
    return Text.format("{short} ({period})", short=entry.short, period=period)


def thing(entry: Entry) -> Text:
    """What the unit has to send: the document itself, the result of its work, or figures."""
    about = object_of(entry)
    if entry.kind is TaskKind.READING:
        return Text.format("số liệu về {about}", "the figures on {about}", about=about)
    if entry.kind is TaskKind.REPORT and entry.short.vi.startswith(_PAPERS):
        return about
    return Text.format("kết quả {about}", "the result of {about}", about=about)


def share(entry: Entry) -> Text:
    """How many times of those that a quota demands: `00/01 lần`."""
    return Text.format("{share} lần", "{share} times", share=part_of(entry.count or 0, entry.need or 0))


def fact(entry: Entry, digest: Digest) -> Text:
    """The clause of an open row, without a full stop: `05/24 xã, thị trấn chưa gửi báo cáo đợt 1`."""
    whose, about, name = who(entry, digest), object_of(entry), named_behind(entry, digest)
    match entry.kind:
        case TaskKind.STREAK | TaskKind.ROLLUP:
            return _counted(entry, digest)
        case TaskKind.LEVEL:
            return level(entry)
        case TaskKind.READING:
            vi, en = "{whose} chưa có {what}{name}", "{whose}: no data on {about}{name}"
        case TaskKind.QUOTA if entry.count is not None and not grouped(entry, digest):
            return Text.format("{about} đạt {share}", "{about}: {share}", about=about, share=share(entry))
        case TaskKind.QUOTA:
            vi, en = "{whose} chưa đạt số lần {about}{name}", "{whose} below the number of {about}{name}"
        case TaskKind.REPORT:
            vi, en = "{whose} chưa gửi {what}{name}", "{whose}: {about} not received{name}"
        case TaskKind.ASSIGNED:
            vi, en = "{whose} chưa hoàn thành {about}{name}", "{whose}: {about} not completed{name}"
    return Text.format(vi, en, whose=whose, about=about, what=thing(entry), name=name)


def lacking(entry: Entry) -> Text:
    """What the parts of a derived row have missed: `chưa gửi báo cáo đợt 1`."""
    base = derived.root(entry)
    return derived.lacking(base.kind, object_of(base), thing(base))


def _counted(entry: Entry, digest: Digest) -> Text:
    """The clause of a derived row; only its title on a night on which nothing could be counted."""
    if entry.parts is None or not entry.parts.late:
        return entry.short
    say = derived.streak if entry.kind is TaskKind.STREAK else derived.rollup
    return say(entry, entry.parts, digest, lacking(entry))


def unseen(entry: Entry) -> Text:
    """The shortest form of an open row, which names no unit: `chưa ghi nhận báo cáo đợt 1`."""
    if entry.kind in (TaskKind.STREAK, TaskKind.ROLLUP):
        return entry.short
    if entry.kind is TaskKind.QUOTA:
        return Text.format("{about} chưa đạt", "{about} below its number", about=object_of(entry))
    return Text.format("chưa ghi nhận {what}", "not recorded: {what}", what=thing(entry))


def level(entry: Entry) -> Text:
    """An indicator beyond its limit, with its value: `tỷ lệ ... năm 2023: 2,61%, vượt ngưỡng theo dõi 2,50%`."""
    about, figure = object_of(entry), entry.figure
    if figure is None:
        return Text.format("{about} vượt ngưỡng theo dõi", "{about} beyond the watch limit", about=about)
    said, side = figures.rise(figure) or figures.value(figure), figures.verdict(figure)
    return Text.format("{about}: {said}, {side}", about=about, said=said, side=side)


def standing(heads: Sequence[Entry]) -> Text:
    """Where several indicators stand: `vượt ngưỡng theo dõi`, or back within it."""
    if heads[0].section is Section.RESOLVED:
        return Text("đã trở lại trong ngưỡng theo dõi", "back within their watch limits")
    floors = {entry.figure is not None and entry.figure.below for entry in heads}
    said = Text("ngoài ngưỡng theo dõi", "outside their watch limits")
    if len(floors) == 1:
        said = _SIDES[floors.pop()]
    if heads[0].section is Section.STILL:
        return Text.format("vẫn {said}", "still {said}", said=said)
    return said


def quota(entry: Entry, digest: Digest) -> Text:
    """The clause of a quota: the period first, then who did what how many times."""
    if grouped(entry, digest) or entry.count is None or entry.period is None:
        return fact(entry, digest)
    vi = "{period}, {unit}: {short} đạt {share}"
    en = "{period}, {unit}: {short} {share}"
    return Text.format(vi, en, period=entry.period, unit=entry.unit, short=entry.short, share=share(entry))


def settled(entry: Entry, digest: Digest) -> Text:
    """The clause of a row that has ended well, by how it ended."""
    match entry.outcome:
        case Outcome.WITHDRAWN:
            return _withdrawn(entry)
        case Outcome.CLEARED if entry.kind is TaskKind.ROLLUP:
            return Text.format(
                "{short}: đã dưới mức theo dõi", "{short}: below the number told", short=entry.short
            )
        case Outcome.CLEARED:
            return _cleared(entry)
        case Outcome.RESUMED:
            whose, what = who(entry, digest), derived.root(entry).short
            return Text.format(
                "{whose} đã thực hiện lại {what}", "{whose}: {what} resumed", whose=whose, what=what
            )
        case _:
            return _done(entry, digest)


def _withdrawn(entry: Entry) -> Text:
    about = object_of(entry)
    if entry.kind in (TaskKind.LEVEL, TaskKind.READING, TaskKind.STREAK):
        return Text.format(
            "số liệu về {about} đã được đính chính", "the figure on {about} was corrected", about=about
        )
    if entry.kind is TaskKind.REPORT:
        said = Text.format("{what} đã gửi đúng hạn", "{about} was sent in time", what=thing(entry), about=about)
    else:
        said = Text.format("{about} đã thực hiện đúng hạn", "{about} was done in time", about=about)
    if entry.done_on is None:
        return said
    return Text.format("{said} ngày {day}", "{said} on {day}", said=said, day=day(entry.done_on))


def _cleared(entry: Entry) -> Text:
    about, figure = object_of(entry), entry.figure
    within = figures.within(figure) if figure else Text("trong ngưỡng theo dõi", "within the limit")
    if figure is None or figure.value is None:
        return Text.join(" ", (about, within))
    value = figures.value(figure)
    return Text.format("{about}: {value}, {within}", about=about, value=value, within=within)


def _done(entry: Entry, digest: Digest) -> Text:
    about, whose, name = object_of(entry), who(entry, digest), ""
    if len(entry.units) == 1:
        whose = entry.unit
    elif len(entry.units) < entry.of_units:
        more = counted(len(entry.units), "đơn vị", "more unit")
        whose, name = Text.format("thêm {more}", "{more}", more=more), f": {', '.join(entry.units)}"
    match entry.kind:
        case TaskKind.READING:
            vi, en = "{whose} đã có {what}{name}", "{whose}: {about} received{name}"
        case TaskKind.REPORT:
            vi, en = "{whose} đã gửi {what}{name}", "{whose}: {about} received{name}"
        case _:
            vi, en = "{whose} đã hoàn thành {about}{name}", "{whose}: {about} completed{name}"
    return Text.format(vi, en, whose=whose, about=about, what=thing(entry), name=name)
