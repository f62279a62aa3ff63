"""The fact of a row as one clause, for subject and headline: what is late, missed or beyond its limit.

Of what the service has not seen it says "chưa gửi" or "chưa ghi nhận", never that nothing was done.
"""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section, TaskKind
from dondoc.notifications.digest import Digest, Entry
from dondoc.notifications.wording import derived, figures
from dondoc.notifications.wording.names import ANY_UNIT, grouped, named_behind, who
from dondoc.notifications.wording.numbers import counted, day, part_of

# Periods that read on in a sentence without a bracket: "phát sóng chuyên mục trẻ em tháng 7/2019".
_FLOWING = ("tháng ", "quý ", "năm ", "6 tháng ")
# What is itself a paper; of anything else a result is sent.
_PAPERS = ("báo cáo", "kế hoạch", "chương trình")


def object_of(entry: Entry) -> Text:
    """What it is about, with its period: `phát sóng chuyên mục trẻ em tháng 7/2019`."""
    period = entry.period
    if period is None:
        return entry.short
    if period.vi.startswith(_FLOWING):
        return Text(f"{entry.short.vi} {period.vi}", f"{entry.short.en}, {period.en}")
    return Text(f"{entry.short.vi} ({period.vi})", f"{entry.short.en} ({period.en})")


def thing(entry: Entry) -> Text:
    """What is to come in: the paper itself, the result of a piece of work, or figures."""
    about = object_of(entry)
    if entry.kind is TaskKind.READING:
        return Text(f"số liệu về {about.vi}", f"the figures on {about.en}")
    if entry.kind is TaskKind.REPORT and entry.short.vi.startswith(_PAPERS):
        return about
    return Text(f"kết quả {about.vi}", f"the result of {about.en}")


def share(entry: Entry) -> Text:
    """How often of how often a quota was met: `00/01 lần`."""
    said = part_of(entry.count or 0, entry.need or 0)
    return Text(f"{said.vi} lần", f"{said.en} times")


def fact(entry: Entry, digest: Digest) -> Text:
    """The clause of an open row, without a full stop: `05/24 xã, thị trấn chưa gửi báo cáo đợt 1`."""
    whose, about, name = who(entry, digest), object_of(entry), named_behind(entry, digest)
    match entry.kind:
        case TaskKind.STREAK | TaskKind.ROLLUP:
            return _counted(entry, digest)
        case TaskKind.LEVEL:
            return level(entry)
        case TaskKind.READING:
            what = thing(entry)
            return Text(f"{whose.vi} chưa có {what.vi}{name}", f"{whose.en}: no data on {about.en}{name}")
        case TaskKind.QUOTA:
            if grouped(entry, digest) or entry.count is None:
                return Text(
                    f"{whose.vi} chưa đạt số lần {about.vi}{name}",
                    f"{whose.en} below the number of {about.en}{name}",
                )
            said = share(entry)
            return Text(f"{about.vi} đạt {said.vi}", f"{about.en}: {said.en}")
        case TaskKind.REPORT:
            what = thing(entry)
            return Text(f"{whose.vi} chưa gửi {what.vi}{name}", f"{whose.en}: {about.en} not received{name}")
        case TaskKind.ASSIGNED:
            return Text(
                f"{whose.vi} chưa hoàn thành {about.vi}{name}", f"{whose.en}: {about.en} not completed{name}"
            )


def lacking(entry: Entry) -> Text:
    """What is missed by those that a derived row counts: `chưa gửi báo cáo đợt 1`."""
    base = derived.root(entry)
    return derived.lacking(base.kind, object_of(base), thing(base))


def _counted(entry: Entry, digest: Digest) -> Text:
    """A derived row; by its own name alone on a night on which nothing could be counted."""
    if entry.parts is None or not entry.parts.late:
        return entry.short
    say = derived.streak if entry.kind is TaskKind.STREAK else derived.whole
    return say(entry, entry.parts, digest, lacking(entry))


def unseen(entry: Entry) -> Text:
    """The shortest form of an open row, which names no unit: `chưa ghi nhận báo cáo đợt 1`."""
    if entry.kind in (TaskKind.STREAK, TaskKind.ROLLUP):
        return entry.short
    if entry.kind is TaskKind.QUOTA:
        about = object_of(entry)
        return Text(f"{about.vi} chưa đạt", f"{about.en} below its number")
    what = thing(entry)
    return Text(f"chưa ghi nhận {what.vi}", f"not recorded: {what.en}")


def level(entry: Entry) -> Text:
    """An indicator beyond its limit, with its value: `tỷ lệ ... năm 2023: 2,61%, vượt ngưỡng theo dõi 2,50%`."""
    about, figure = object_of(entry), entry.figure
    if figure is None:
        return Text(f"{about.vi} vượt ngưỡng theo dõi", f"{about.en} beyond the watch limit")
    side, rise = figures.verdict(figure), figures.rise(figure)
    said = rise or figures.value(figure)
    return Text(f"{about.vi}: {said.vi}, {side.vi}", f"{about.en}: {said.en}, {side.en}")


def standing(heads: Sequence[Entry]) -> Text:
    """How several indicators stand together: `vượt ngưỡng theo dõi`, or back within it."""
    if heads[0].section is Section.RESOLVED:
        return Text("đã trở lại trong ngưỡng theo dõi", "back within their watch limits")
    still = Text("vẫn ", "still ") if heads[0].section is Section.STILL else Text("", "")
    floors = {entry.figure is not None and entry.figure.below for entry in heads}
    if floors == {True}:
        return Text(f"{still.vi}dưới ngưỡng theo dõi", f"{still.en}below their watch limits")
    if floors == {False}:
        return Text(f"{still.vi}vượt ngưỡng theo dõi", f"{still.en}above their watch limits")
    return Text(f"{still.vi}ngoài ngưỡng theo dõi", f"{still.en}outside their watch limits")


def quota(entry: Entry, digest: Digest) -> Text:
    """The period first, then who did what how often."""
    if grouped(entry, digest) or entry.count is None or entry.period is None:
        return fact(entry, digest)
    said, period = share(entry), entry.period
    return Text(
        f"{period.vi}, {entry.unit.vi}: {entry.short.vi} đạt {said.vi}",
        f"{period.en}, {entry.unit.en}: {entry.short.en} {said.en}",
    )


def settled(entry: Entry, digest: Digest) -> Text:
    """The clause of a row that has ended well, by how it ended."""
    match entry.outcome:
        case Outcome.WITHDRAWN:
            return _withdrawn(entry)
        case Outcome.CLEARED if entry.kind is TaskKind.ROLLUP:
            return Text(f"{entry.short.vi}: đã dưới mức theo dõi", f"{entry.short.en}: below the number told")
        case Outcome.CLEARED:
            return _cleared(entry)
        case Outcome.RESUMED:
            whose, what = who(entry, digest), derived.root(entry).short
            return Text(f"{whose.vi} đã thực hiện lại {what.vi}", f"{whose.en}: {what.en} resumed")
        case _:
            return _done(entry, digest)


def _withdrawn(entry: Entry) -> Text:
    about = object_of(entry)
    if entry.kind in (TaskKind.LEVEL, TaskKind.READING, TaskKind.STREAK):
        return Text(f"số liệu về {about.vi} đã được đính chính", f"the figure on {about.en} was corrected")
    when = Text("", "")
    if entry.done_on is not None:
        when = Text(f" ngày {day(entry.done_on)}", f" on {day(entry.done_on)}")
    if entry.kind is TaskKind.REPORT:
        what = thing(entry)
        return Text(f"{what.vi} đã gửi đúng hạn{when.vi}", f"{about.en} was sent in time{when.en}")
    return Text(f"{about.vi} đã thực hiện đúng hạn{when.vi}", f"{about.en} was done in time{when.en}")


def _cleared(entry: Entry) -> Text:
    about, figure = object_of(entry), entry.figure
    within = figures.within(figure) if figure else Text("trong ngưỡng theo dõi", "within the limit")
    shown = Text("", "")
    if figure is not None and figure.value is not None:
        measured = figures.value(figure)
        shown = Text(f": {measured.vi},", f": {measured.en},")
    return Text(f"{about.vi}{shown.vi} {within.vi}", f"{about.en}{shown.en} {within.en}")


def _done(entry: Entry, digest: Digest) -> Text:
    about, whose, name = object_of(entry), who(entry, digest), ""
    if len(entry.units) == 1:
        whose = entry.unit
    elif len(entry.units) < entry.of_units:
        more = counted(len(entry.units), ANY_UNIT.vi, "more unit")
        whose, name = Text(f"thêm {more.vi}", more.en), f": {', '.join(entry.units)}"
    match entry.kind:
        case TaskKind.READING:
            verb, what = Text("đã có", "received"), thing(entry)
        case TaskKind.REPORT:
            verb, what = Text("đã gửi", "received"), thing(entry)
        case _:
            verb, what = Text("đã hoàn thành", "completed"), about
    return Text(f"{whose.vi} {verb.vi} {what.vi}{name}", f"{whose.en}: {about.en} {verb.en}{name}")
