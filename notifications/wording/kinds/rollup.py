"""What a letter says of a rollup: how many parts of a body are late."""

from __future__ import annotations

from dondoc.engine.domain.model import NO_TEXT, Finding, Text
from dondoc.notifications.digest import Digest, Direction, Entry, Parts
from dondoc.notifications.wording.kinds.derived import DerivedWording
from dondoc.notifications.wording.kinds.kind import Measured, of_units
from dondoc.notifications.wording.names import NAMES_SHOWN
from dondoc.notifications.wording.numbers import number, part_of, percent

_COUNTED_AGAIN = Text(
    "Đơn vị nào có kết quả thì số này tự giảm; không cần báo cáo riêng.",
    "The number falls as the units' results come in; no report on it is needed.",
)


def _share(parts: Parts) -> Text:
    """`08/24 xã, thị trấn`, of those that could be judged."""
    return Text.join(" ", (part_of(parts.missed, parts.judged), parts.word))


def _in_percent(parts: Parts) -> Text:
    """`33,3%`, of those that could be judged."""
    return percent(parts.missed, parts.judged)


class RollupWording(DerivedWording):
    """A body whose parts are late."""

    asks = ("phối hợp với các đơn vị nêu trong thư và cho biết biện pháp", "help the units named below")
    suffices = _COUNTED_AGAIN
    cleared = Text("Dưới mức", "Below the"), Text("theo dõi", "number told")

    def ask(self, entry: Entry) -> tuple[Text, Text]:
        if entry.parts is None or len(entry.parts.names) <= NAMES_SHOWN:
            return super().ask(entry)
        vi = "phối hợp với các đơn vị nêu trong thư và trong tệp kèm theo và cho biết biện pháp"
        return self.say((vi, "help the units named below and in the attached file"), entry), self.suffices

    def matter(self, entry: Entry, digest: Digest) -> Text:
        return of_units(self.stands(entry), entry.parts.missed if entry.parts else entry.owing)

    def clause(self, entry: Entry, parts: Parts, digest: Digest) -> Text:
        """`08/24 xã, thị trấn thuộc UBND huyện Lục Nam chưa được ghi nhận báo cáo đợt 1 (33,3%)`."""
        said = _share(parts)
        if digest.direction is not Direction.OWN:
            said = Text.format("{said} thuộc {unit}", "{said} below {unit}", said=said, unit=entry.unit)
        return Text.format(
            "{said} {lacks} ({part})",
            "{said}: {lacks} ({part})",
            said=said,
            lacks=self.lacking(entry),
            part=_in_percent(parts),
        )

    def reason(self, parts: Parts, until: str, lacks: Text) -> Text:
        return Text.format(
            "đến hết ngày {until}, {said} {lacks} ({part}; mức theo dõi từ {least}).{beside}",
            "up to the end of {until}, {said}: {lacks} ({part}; told from {least}).{beside}",
            until=until,
            said=_share(parts),
            lacks=lacks,
            part=_in_percent(parts),
            least=parts.at_least or NO_TEXT,
            beside=_beside(parts),
        )

    def box(self, parts: Parts) -> tuple[Text, Text, Text, Text]:
        aside = Text.format("({part})", part=_in_percent(parts))
        return Text("Còn", "Open"), part_of(parts.missed, parts.judged), parts.word, aside

    def measured(self, entry: Entry) -> Measured | None:
        parts = entry.parts
        if parts is None:
            return None
        of = Text.format("trên {n} {word}", "of {n} {word}", n=number(parts.judged), word=parts.word)
        return Measured(parts.missed, parts.at_least, of)

    def recovery(self, entry: Entry) -> Text:
        return self.say(("{short}: đã dưới mức theo dõi", "{short}: below the number told"), entry)

    def recovered(self, entry: Entry) -> Text | None:
        if entry.parts is None or entry.parts.at_least is None:
            return None
        vi = "Còn {left}, dưới mức theo dõi {least}."
        en = "{left} are left, told from {least}."
        return Text.format(vi, en, left=_share(entry.parts), least=entry.parts.at_least)

    def period_key(self, finding: Finding) -> str:
        """A rollup of streaks or of current figures is about no period."""
        return finding.task.subject.rpartition("@")[2] if finding.task.last_day else ""


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
        said.append(Text.format(" Ngoài ra {n} đơn vị đang tạm dừng nhắc.", " Paused besides: {n}.", n=n))
    if parts.units > parts.judged:
        n = number(parts.units - parts.judged)
        said.append(Text.format(" Chưa đánh giá được {n} đơn vị.", " Not judged: {n}.", n=n))
    return Text.join("", said)
