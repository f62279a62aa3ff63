"""What a letter says of a streak: how many periods running a unit has missed."""

from __future__ import annotations

from dondoc.engine.domain.model import NO_TEXT, Finding, Text
from dondoc.notifications.digest import Digest, Entry, Parts
from dondoc.notifications.wording.kinds.derived import DerivedWording, root
from dondoc.notifications.wording.kinds.kind import Measured
from dondoc.notifications.wording.names import who
from dondoc.notifications.wording.numbers import listed, number

_PERIODS_SHOWN = 6


def _running(parts: Parts) -> Text:
    """`03 tháng liên tiếp`."""
    return Text.format("{n} {word} liên tiếp", "{n} {word} running", n=number(parts.missed), word=parts.word)


class StreakWording(DerivedWording):
    """Consecutive periods that one unit missed."""

    of_figures = True
    missed = Text("các kỳ đã qua", "the past periods")

    # Where nothing could be counted.
    asks = DerivedWording.asks_of_streak
    suffices = DerivedWording.suffices_for_streak

    def ask(self, entry: Entry) -> tuple[Text, Text]:
        if entry.parts is None:
            return super().ask(entry)
        base, kind = root(entry), self.of(entry.parts.kind)
        return kind.say(kind.asks_of_streak, base), kind.suffices_for_streak

    def clause(self, entry: Entry, parts: Parts, digest: Digest) -> Text:
        """`UBND xã Bảo Đài 03 tháng liên tiếp chưa được ghi nhận đủ số lần phát sóng`."""
        whose, long, lacks = who(entry, digest), _running(parts), self.lacking(entry)
        return Text.format(
            "{whose} {long} {lacks}", "{whose}: {lacks}, {long}", whose=whose, long=long, lacks=lacks
        )

    def reason(self, parts: Parts, until: str, lacks: Text) -> Text:
        shown, more = parts.periods[-_PERIODS_SHOWN:], len(parts.periods) - _PERIODS_SHOWN
        periods = listed(shown)
        if more > 0:
            periods = Text.format(
                "{n} kỳ trước và {periods}", "{n} before and {periods}", n=number(more), periods=periods
            )
        vi = "đến hết ngày {until}, {long} {lacks}: {periods}."
        en = "up to the end of {until}, {long} are recorded, {lacks}: {periods}."
        return Text.format(vi, en, until=until, long=_running(parts), lacks=lacks, periods=periods)

    def box(self, parts: Parts) -> tuple[Text, Text, Text, Text]:
        return Text("Liên tiếp", "Running"), number(parts.missed), parts.word, NO_TEXT

    def measured(self, entry: Entry) -> Measured | None:
        parts = entry.parts
        if parts is None:
            return None
        return Measured(parts.missed, None, Text.format("{word} liên tiếp", "{word} running", word=parts.word))

    def period_key(self, finding: Finding) -> str:
        return ""
