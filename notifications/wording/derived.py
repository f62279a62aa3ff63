"""Streaks and wholes: what is missed of how many, without a word of blame."""

from __future__ import annotations

from dataclasses import replace

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import TaskKind
from dondoc.notifications.digest import Digest, Direction, Entry, Parts
from dondoc.notifications.wording.names import NAMES_SHOWN, who
from dondoc.notifications.wording.numbers import count, counted, listed, part_of, percent

_NOTHING = Text("", "")
_PERIODS_SHOWN = 6


def root(entry: Entry) -> Entry:
    """The row as if it were of the rule it stands on; any other row as it is."""
    return replace(entry, kind=entry.parts.kind, short=entry.parts.what) if entry.parts else entry


def share(parts: Parts) -> Text:
    """`08/24 xã, thị trấn`, of those that could be judged."""
    said = part_of(parts.missed, parts.judged)
    return Text(f"{said.vi} {parts.word.vi}", f"{said.en} {parts.word.en}")


def in_percent(parts: Parts) -> Text:
    """`33,3%`, of those that could be judged."""
    return percent(parts.missed, parts.judged)


def running(parts: Parts) -> Text:
    """`03 tháng liên tiếp`."""
    return Text(f"{count(parts.missed)} {parts.word.vi} liên tiếp", f"{parts.missed} {parts.word.en} running")


def whole(entry: Entry, parts: Parts, digest: Digest, lacks: Text) -> Text:
    """`08/24 xã, thị trấn thuộc UBND huyện Lục Nam chưa gửi báo cáo đợt 1 (33,3%)`."""
    said, part = share(parts), in_percent(parts)
    whose = _NOTHING
    if digest.direction is not Direction.OWN:
        whose = Text(f" thuộc {entry.unit.vi}", f" below {entry.unit.en}")
    return Text(f"{said.vi}{whose.vi} {lacks.vi} ({part.vi})", f"{said.en}{whose.en}: {lacks.en} ({part.en})")


def streak(entry: Entry, parts: Parts, digest: Digest, lacks: Text) -> Text:
    """`UBND xã Bảo Đài 03 tháng liên tiếp chưa đạt số lần phát sóng`."""
    whose, long = who(entry, digest), running(parts)
    return Text(f"{whose.vi} {long.vi} {lacks.vi}", f"{whose.en}: {lacks.en}, {long.en}")


def lacking(kind: TaskKind, about: Text, what: Text) -> Text:
    """What is not there yet, behind whoever it is about: `chưa gửi báo cáo đợt 1`."""
    match kind:
        case TaskKind.REPORT | TaskKind.ASSIGNED:
            return Text(f"chưa gửi {what.vi}", f"{about.en} not received")
        case TaskKind.QUOTA:
            return Text(f"chưa đạt số lần {about.vi}", f"below the number of {about.en}")
        case TaskKind.READING:
            return Text(f"chưa có {what.vi}", f"no data on {about.en}")
        case TaskKind.LEVEL:
            return Text(f"có {about.vi} ngoài ngưỡng theo dõi", f"{about.en} outside its watch limit")
        case TaskKind.STREAK | TaskKind.ROLLUP:
            return Text(f"ở tình trạng «{about.vi}»", f"'{about.en}'")


def found(parts: Parts, until: str, lacks: Text) -> Text:
    """Why a derived row is told: what was counted up to which day, and from where on it is told."""
    if not parts.late:
        return Text(
            f"đến hết ngày {until}, chưa ghi nhận thay đổi.", f"no change recorded up to the end of {until}."
        )
    if parts.at_least is None:
        return _found_running(parts, until, lacks)
    said, part, least = share(parts), in_percent(parts), parts.at_least
    return Text(
        f"đến hết ngày {until}, {said.vi} {lacks.vi} ({part.vi}; mức theo dõi từ {least.vi}).{_beside(parts).vi}",
        f"up to the end of {until}, {said.en}: {lacks.en} ({part.en}; told from {least.en}).{_beside(parts).en}",
    )


def _found_running(parts: Parts, until: str, lacks: Text) -> Text:
    shown, more = parts.periods[-_PERIODS_SHOWN:], len(parts.periods) - _PERIODS_SHOWN
    before = Text(f"{count(more)} kỳ trước và ", f"{more} before and ") if more > 0 else _NOTHING
    vi, en = listed([one.vi for one in shown], " và "), listed([one.en for one in shown], " and ")
    long = running(parts)
    return Text(
        f"đến hết ngày {until}, hệ thống ghi nhận {long.vi} {lacks.vi}: {before.vi}{vi}.",
        f"up to the end of {until}, {long.en} are recorded, {lacks.en}: {before.en}{en}.",
    )


def _beside(parts: Parts) -> Text:
    """The parts that are waived or could not be judged, and those that the reader knows of."""
    vi, en = [], []
    if parts.known:
        vi.append(f"Trong đó {count(parts.known)} đơn vị đã nêu trong thư trước, chưa có thay đổi.")
        en.append(f"Of these {parts.known} stood in an earlier letter, unchanged.")
    if parts.waived:
        vi.append(f"Ngoài ra {count(parts.waived)} đơn vị đang được tạm miễn.")
        en.append(f"Waived besides: {parts.waived}.")
    if parts.units > parts.judged:
        vi.append(f"Chưa đánh giá được {count(parts.units - parts.judged)} đơn vị.")
        en.append(f"Not judged: {parts.units - parts.judged}.")
    return Text("".join(f" {one}" for one in vi), "".join(f" {one}" for one in en))


def by_name(parts: Parts) -> Text | None:
    """The late parts by name, up to twelve, and how many more; None for a streak."""
    if not parts.names:
        return None
    names, more = ", ".join(parts.names[:NAMES_SHOWN]), len(parts.names) - NAMES_SHOWN
    rest = _NOTHING
    if more > 0:
        others = counted(more, "đơn vị khác", "other")
        rest = Text(f" và {others.vi}", f" and {others.en}")
    return Text(f"{names}{rest.vi}", f"{names}{rest.en}")
