"""Streaks and rollups: how many of how many are missed, without blame."""

from __future__ import annotations

from dataclasses import replace

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry, Parts
from dondoc.notifications.wording.names import NAMES_SHOWN, who
from dondoc.notifications.wording.numbers import counted, listed, number, part_of, percent

_PERIODS_SHOWN = 6


def root(entry: Entry) -> Entry:
    """A derived row with the kind and short title of the rule it is derived from; any other row as it is."""
    return replace(entry, kind=entry.parts.kind, short=entry.parts.what) if entry.parts else entry


def share(parts: Parts) -> Text:
    """`08/24 xã, thị trấn`, of those that could be judged."""
    return Text.join(" ", (part_of(parts.missed, parts.judged), parts.word))


def in_percent(parts: Parts) -> Text:
    """`33,3%`, of those that could be judged."""
    return percent(parts.missed, parts.judged)


def running(parts: Parts) -> Text:
    """`03 tháng liên tiếp`."""
    return Text.format("{n} {word} liên tiếp", "{n} {word} running", n=number(parts.missed), word=parts.word)


def rollup(entry: Entry, parts: Parts, digest: Digest, lacks: Text) -> Text:
    """`08/24 xã, thị trấn thuộc UBND huyện Lục Nam chưa gửi báo cáo đợt 1 (33,3%)`."""
    said = share(parts)
    if digest.direction is not Direction.OWN:
        said = Text.format("{said} thuộc {unit}", "{said} below {unit}", said=said, unit=entry.unit)
    return Text.format(
        "{said} {lacks} ({part})", "{said}: {lacks} ({part})", said=said, lacks=lacks, part=in_percent(parts)
    )


def streak(entry: Entry, parts: Parts, digest: Digest, lacks: Text) -> Text:
    """`UBND xã Bảo Đài 03 tháng liên tiếp chưa đạt số lần phát sóng`."""
    whose, long = who(entry, digest), running(parts)
    return Text.format("{whose} {long} {lacks}", "{whose}: {lacks}, {long}", whose=whose, long=long, lacks=lacks)


def lacking(kind: TaskKind, about: Text, what: Text) -> Text:
    """What is missing, as it follows the units concerned: `chưa gửi báo cáo đợt 1`."""
    match kind:
        case TaskKind.REPORT | TaskKind.ASSIGNED:
            return Text.format("chưa gửi {what}", "{about} not received", what=what, about=about)
        case TaskKind.QUOTA:
            return Text.format("chưa đạt số lần {about}", "below the number of {about}", about=about)
        case TaskKind.READING:
            return Text.format("chưa có {what}", "no data on {about}", what=what, about=about)
        case TaskKind.LEVEL:
            return Text.format("có {about} ngoài ngưỡng theo dõi", "{about} outside its watch limit", about=about)
        case TaskKind.STREAK | TaskKind.ROLLUP:
            return Text.format("ở tình trạng «{about}»", "'{about}'", about=about)


def found(parts: Parts, until: str, lacks: Text) -> Text:
    """Why a derived row is in the letter: what was counted up to which day, and from how many on it is shown."""
    if not parts.late:
        return Text(
            f"đến hết ngày {until}, chưa ghi nhận thay đổi.", f"no change recorded up to the end of {until}."
        )
    if parts.at_least is None:
        return _found_running(parts, until, lacks)
    return Text.format(
        "đến hết ngày {until}, {said} {lacks} ({part}; mức theo dõi từ {least}).{beside}",
        "up to the end of {until}, {said}: {lacks} ({part}; told from {least}).{beside}",
        until=until,
        said=share(parts),
        lacks=lacks,
        part=in_percent(parts),
        least=parts.at_least,
        beside=_beside(parts),
    )


def _found_running(parts: Parts, until: str, lacks: Text) -> Text:
    shown, more = parts.periods[-_PERIODS_SHOWN:], len(parts.periods) - _PERIODS_SHOWN
    periods = listed(shown)
    if more > 0:
        periods = Text.format(
            "{n} kỳ trước và {periods}", "{n} before and {periods}", n=number(more), periods=periods
        )
    vi = "đến hết ngày {until}, hệ thống ghi nhận {long} {lacks}: {periods}."
    en = "up to the end of {until}, {long} are recorded, {lacks}: {periods}."
    return Text.format(vi, en, until=until, long=running(parts), lacks=lacks, periods=periods)


def _beside(parts: Parts) -> Text:
    """The parts that are waived or could not be judged, and those that the reader knows of."""
    said = []
    if parts.known:
        said.append(
            Text.format(
                " Trong đó {n} đơn vị đã nêu trong thư trước, chưa có thay đổi.",
                " Of these {n} stood in an earlier letter, unchanged.",
                n=number(parts.known),
            )
        )
    if parts.waived:
        n = number(parts.waived)
        said.append(Text.format(" Ngoài ra {n} đơn vị đang được tạm miễn.", " Waived besides: {n}.", n=n))
    if parts.units > parts.judged:
        n = number(parts.units - parts.judged)
        said.append(Text.format(" Chưa đánh giá được {n} đơn vị.", " Not judged: {n}.", n=n))
    return Text.join("", said)


def by_name(parts: Parts) -> Text | None:
    """The late parts by name, up to twelve, and how many more; None for a streak."""
    if not parts.names:
        return None
    names, more = ", ".join(parts.names[:NAMES_SHOWN]), len(parts.names) - NAMES_SHOWN
    if more <= 0:
        return Text(names, names)
    others = counted(more, "đơn vị khác", "other")
    return Text.format("{names} và {others}", "{names} and {others}", names=names, others=others)
