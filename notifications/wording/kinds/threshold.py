"""What a letter says of an indicator: that its reading is missing, or that it is beyond its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dondoc.engine.domain.model import NO_TEXT, Asked, Finding, Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import Digest, Entry
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.kinds.kind import KindWording, Manner
from dondoc.notifications.wording.names import object_of
from dondoc.notifications.wording.numbers import counted, day
from dondoc.notifications.wording.several_limits import distinct

_CORRECTED = Text(
    "Nếu số liệu chưa đúng, chỉ cần trả lời số đã đính chính.",
    "If the figure is not right, a reply to this letter with the corrected one is enough.",
)
_TIMES = Text("số kỳ liên tiếp ngoài ngưỡng", "the number of consecutive periods")
_CLEAR = Text("mức kết thúc theo dõi", "the clearing value")
_LEAST = Text("mức tối thiểu được tính là tăng", "the least figure that counts as a rise")
# By whether the limits are floors.
_SIDES = {
    True: Text("dưới ngưỡng theo dõi", "below their watch limits"),
    False: Text("vượt ngưỡng theo dõi", "above their watch limits"),
}


class _OfIndicator(KindWording):
    indicator = True
    example = Text("; ngưỡng theo dõi", "; the watch limit is")


class ReadingWording(_OfIndicator):
    """A reading that is missing."""

    lacks = ("chưa được ghi nhận {what}", "no data on {about} recorded")
    asks = ("cập nhật {what}", "enter {what}")
    dated = True
    asks_of_several = ("cập nhật số liệu của {rows}", "enter the figures of {rows}")
    standing = ("cập nhật {what}", "{what}")
    done = ("{whose} đã có {what}{name}", "{whose}: {about} received{name}")
    in_time = ("{what} được ghi nhận đúng hạn", "{what} were recorded in time")

    def thing(self, entry: Entry) -> Text:
        return Text.format("số liệu về {about}", "the figures on {about}", about=object_of(entry))

    def came_late(self, entry: Entry) -> Text:
        if entry.done_on is None:
            return Text("Mới ghi nhận số liệu, quá hạn.", "The figures were recorded late.")
        when = day(entry.done_on)
        return Text(f"Mới ghi nhận số liệu ngày {when}, quá hạn.", f"The figures were recorded late, on {when}.")

    def period_key(self, finding: Finding) -> str:
        return finding.task.subject.rpartition("@")[2]


class LevelWording(_OfIndicator):
    """A figure beyond its limit."""

    of_figures = True

    def ask_briefly(self, entry: Entry) -> Text:
        return Text("rà soát số liệu và cho biết biện pháp", "check the figure and say what is done")

    def level(self, entry: Entry, asked: Asked) -> Text | None:
        return figures.limit(figures.under(entry.figure, asked.level)) if entry.figure else None

    def manner(self, entry: Entry, asked: Asked) -> Manner:
        figure = entry.figure
        if figure is None:
            return ()
        parts = []
        if asked.times is not None:
            parts.append((_TIMES, counted(asked.times, "kỳ", "period")))
        if asked.clear is not None and (back := figures.limit(figures.under(figure, asked.clear))):
            parts.append((_CLEAR, back))
        if asked.least is not None:
            least = figures.limit(replace(figure, rise_percent="", limit=asked.least))
            parts += [(_LEAST, least)] if least else []
        return tuple(parts)

    lacks = ("có {about} ngoài ngưỡng theo dõi", "{about} outside its watch limit")
    asks = (
        "rà soát số liệu về {about} và cho biết biện pháp",
        "check the figure on {about} and say what is done",
    )
    suffices = _CORRECTED
    dated = False
    due = False
    followed_up = True
    asks_of_several = ("rà soát số liệu của {rows} và cho biết biện pháp", "check {rows} and say what is done")
    suffices_for_several = _CORRECTED
    cooperate = (
        " phối hợp rà soát số liệu, cho biết biện pháp đối với {matter}",
        " help to check the figures and say what is done about {matter}",
    )
    urged = (
        "Đã đôn đốc đơn vị {times} ({when}); số liệu chưa trở lại trong ngưỡng.",
        "The unit was written to {times} ({when}); the figure is not back within its limit.",
    )

    def fact(self, entry: Entry, digest: Digest) -> Text:
        """With its value: `tỷ lệ ... năm 2023: 2,61%, vượt ngưỡng theo dõi 2,50%`."""
        figure = entry.figure
        if figure is None:
            return self.say(("{about} vượt ngưỡng theo dõi", "{about} beyond the watch limit"), entry)
        said, side = figures.described(figure), figures.verdict(figure)
        return Text.format("{about}: {said}, {side}", about=object_of(entry), said=said, side=side)

    def alert(self, entry: Entry) -> str:
        """A subject may show a percentage, never a count."""
        figure = entry.figure
        shown = figure is not None and figure.unit.vi == figures.PERCENT and not figure.masked
        if entry.section is Section.RESOLVED:
            if figure is not None and shown:
                return f"{entry.short.vi} {figures.value(figure).vi}, {figures.within(figure).vi}"
            return f"{object_of(entry).vi} trong ngưỡng theo dõi"
        if figure is not None and not figures.is_beyond(figure):
            return f"{object_of(entry).vi} chưa trở lại mức kết thúc theo dõi"
        side = "dưới" if figure is not None and figure.below else "vượt"
        if figure is not None and shown and not figure.rise_percent:
            limit = figures.limit(figure) or Text("theo dõi", "")
            return f"{entry.short.vi} {figures.value(figure).vi}, {side} ngưỡng {limit.vi}"
        return f"{object_of(entry).vi} {side} ngưỡng theo dõi"

    def alerts(self, heads: Sequence[Entry]) -> tuple[Text, ...]:
        """`02 chỉ tiêu quý II/2019 vượt ngưỡng theo dõi`, with the period only where all share it; and without."""
        n, periods = counted(distinct(heads), "chỉ tiêu", "indicator"), {entry.period for entry in heads}
        said, period = n, periods.pop() if len(periods) == 1 else None
        if period is not None:
            said = Text.format("{n} {period}", "{n}, {period},", n=n, period=period)
        where = _together(heads)
        return Text.join(" ", (said, where)), Text.join(" ", (n, where))

    def matter(self, entry: Entry, digest: Digest) -> Text:
        return object_of(entry)

    def badge(self, entry: Entry) -> tuple[Text, Text, Text, Text]:
        if entry.figure is None:
            return Text("Vượt", "Above"), NO_TEXT, Text("ngưỡng theo dõi", "the watch limit"), NO_TEXT
        return *figures.distance(entry.figure), NO_TEXT

    def found(self, entry: Entry, digest: Digest) -> Text:
        figure = entry.figure
        if figure is None:
            return Text("số liệu vượt ngưỡng.", "the figure is beyond its limit.")
        side = figures.verdict(figure)
        if figures.rises(figure) or figures.falls(figure):
            moved = figures.described(figure)
            return Text.format(
                "số liệu {moved}, {side}.", "the figure shows {moved}, {side}.", moved=moved, side=side
            )
        vi = "số liệu kỳ này là {value}, {side}."
        en = "this period's figure is {value}, {side}."
        return Text.format(vi, en, value=figures.described(figure), side=side)

    def recovery(self, entry: Entry) -> Text:
        about, figure = object_of(entry), entry.figure
        if figure is None:
            return super().recovery(entry)
        within = figures.within(figure)
        if figure.value is None:
            return Text.join(" ", (about, within))
        value = figures.value(figure)
        return Text.format("{about}: {value}, {within}", about=about, value=value, within=within)

    def recovered(self, entry: Entry) -> Text | None:
        if entry.figure is None:
            return None
        value, within = figures.value(entry.figure), figures.within(entry.figure)
        return Text.format(
            "Số liệu {value}, {within}.", "The figure is {value}, {within}.", value=value, within=within
        )

    def period_key(self, finding: Finding) -> str:
        return finding.period


def _together(heads: Sequence[Entry]) -> Text:
    """Where several indicators stand: `vượt ngưỡng theo dõi`, or back within it."""
    if heads[0].section is Section.RESOLVED:
        return Text("đã trở lại trong ngưỡng theo dõi", "back within their watch limits")
    if any(entry.figure is not None and not figures.is_beyond(entry.figure) for entry in heads):
        # Between the limit and the clearing value an indicator is not beyond its limit, and its alert goes on.
        return Text("chưa hết cảnh báo", "not yet within their clearing values")
    floors = {entry.figure is not None and entry.figure.below for entry in heads}
    said = Text("ngoài ngưỡng theo dõi", "outside their watch limits")
    if len(floors) == 1:
        said = _SIDES[floors.pop()]
    if heads[0].section is Section.STILL:
        return Text.format("vẫn {said}", "still {said}", said=said)
    return said
