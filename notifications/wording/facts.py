"""The fact of a row as one clause, for subject and headline: what is late, missed or beyond its limit.

Of what the service has not seen it says "chưa gửi" or "chưa ghi nhận", never that nothing was done.
"""

from __future__ import annotations

from engine.model import Outcome, TaskKind, Text
from notifications.digest import Digest, Entry
from notifications.wording import figures
from notifications.wording.names import ANY_UNIT, grouped, named_behind, who
from notifications.wording.numbers import counted, day, part_of


def object_of(entry: Entry) -> Text:
    """What it is about, with its period: `phát sóng chuyên mục trẻ em tháng 7/2019`."""
    period = entry.period
    if period is None:
        return entry.short
    return Text(f"{entry.short.vi} {period.vi}", f"{entry.short.en}, {period.en}")


def share(entry: Entry) -> Text:
    """How often of how often a quota was met: `00/01 lần`."""
    said = part_of(entry.count or 0, entry.need or 0)
    return Text(f"{said.vi} lần", f"{said.en} times")


def fact(entry: Entry, digest: Digest) -> Text:
    """The clause of an open row, without a full stop: `05/24 xã, thị trấn chưa gửi báo cáo đợt 1`."""
    whose, about, name = who(entry, digest), object_of(entry), named_behind(entry, digest)
    match entry.kind:
        case TaskKind.LEVEL:
            return level(entry)
        case TaskKind.READING:
            return Text(f"{whose.vi} chưa có số liệu {about.vi}{name}", f"{whose.en}: no data on {about.en}{name}")
        case TaskKind.QUOTA:
            if grouped(entry, digest) or entry.count is None:
                return Text(
                    f"{whose.vi} chưa đạt {about.vi}{name}", f"{whose.en} below the number of {about.en}{name}"
                )
            said = share(entry)
            return Text(f"{about.vi} đạt {said.vi}", f"{about.en}: {said.en}")
        case TaskKind.REPORT:
            return Text(f"{whose.vi} chưa gửi {about.vi}{name}", f"{whose.en}: {about.en} not received{name}")
        case TaskKind.ASSIGNED:
            return Text(
                f"{whose.vi} chưa hoàn thành {about.vi}{name}", f"{whose.en}: {about.en} not completed{name}"
            )


def level(entry: Entry) -> Text:
    """An indicator beyond its limit, with its value: `tỷ lệ ... năm 2023: 2,61%, vượt ngưỡng theo dõi 2,50%`."""
    about, figure = object_of(entry), entry.figure
    if figure is None:
        return Text(f"{about.vi} vượt ngưỡng theo dõi", f"{about.en} beyond the watch limit")
    side, rise = figures.verdict(figure), figures.rise(figure)
    said = rise or figures.value(figure)
    return Text(f"{about.vi}: {said.vi}, {side.vi}", f"{about.en}: {said.en}, {side.en}")


def quota(entry: Entry, digest: Digest) -> Text:
    """The period first, then who did what how often."""
    if grouped(entry, digest) or entry.count is None or entry.period is None:
        return fact(entry, digest)
    said, period = share(entry), entry.period
    return Text(
        f"{period.vi}, {entry.unit}: {entry.short.vi} đạt {said.vi}",
        f"{period.en}, {entry.unit_en}: {entry.short.en} {said.en}",
    )


def settled(entry: Entry, digest: Digest) -> Text:
    """The clause of a row that has ended well, by how it ended."""
    about, figure = object_of(entry), entry.figure
    match entry.outcome:
        case Outcome.WITHDRAWN if entry.done_on is not None:
            when = day(entry.done_on)
            return Text(f"{about.vi} đã gửi đúng hạn ngày {when}", f"{about.en} was sent in time on {when}")
        case Outcome.WITHDRAWN:
            return Text(f"số liệu {about.vi} đã được đính chính", f"the figure of {about.en} was corrected")
        case Outcome.CLEARED:
            within = figures.within(figure) if figure else Text("trong ngưỡng theo dõi", "within the limit")
            shown = Text("", "")
            if figure is not None and figure.value is not None:
                measured = figures.value(figure)
                shown = Text(f": {measured.vi},", f": {measured.en},")
            return Text(f"{about.vi}{shown.vi} {within.vi}", f"{about.en}{shown.en} {within.en}")
        case Outcome.RESUMED:
            whose = who(entry, digest)
            return Text(f"{whose.vi} đã thực hiện lại {entry.short.vi}", f"{whose.en}: {entry.short.en} resumed")
        case _:
            return _done(entry, digest)


def _done(entry: Entry, digest: Digest) -> Text:
    about, whose, name = object_of(entry), who(entry, digest), named_behind(entry, digest)
    if grouped(entry, digest) and len(entry.units) < entry.of_units:
        word = counted(len(entry.units), ANY_UNIT.vi, "more unit")
        whose, name = Text(f"thêm {word.vi}", word.en), f": {', '.join(entry.units)}"
    verb = Text("đã gửi", "received")
    if entry.kind is TaskKind.READING:
        verb = Text("đã có số liệu", "data received")
    elif entry.kind is not TaskKind.REPORT:
        verb = Text("đã hoàn thành", "completed")
    return Text(f"{whose.vi} {verb.vi} {about.vi}{name}", f"{whose.en}: {about.en} {verb.en}{name}")
