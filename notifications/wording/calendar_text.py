"""What a limit is called in the calendar of the unit that has it, and what its entry says."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.notifications.digest import Digest, Entry, Limit
from dondoc.notifications.wording import endings, labels, limits, reasons
from dondoc.notifications.wording.names import object_of
from dondoc.notifications.wording.numbers import without_stop

_NO_DOCUMENT = Text(
    "Mục lịch tự động, không thay thế văn bản hành chính.",
    "An automatic calendar entry; it does not replace an official document.",
)


def summary(entry: Entry) -> Text:
    """`Hạn: báo cáo công tác trẻ em đợt 1 (UBND xã Bảo Đài)`; of a row that has ended, that it has."""
    vi, en = "Hạn: {matter} ({unit})", "Due: {matter} ({unit})"
    if entry.outcome is not None:
        vi, en = "Đã kết thúc: {matter} ({unit})", "Ended: {matter} ({unit})"
    return Text.format(vi, en, matter=object_of(entry), unit=entry.unit)


def description(entry: Entry, limit: Limit, digest: Digest) -> Text:
    """The limit as the document words it, and where that stands; of a row that has ended, how it did."""
    said = [(labels.LIMIT, limits.limit_line(entry, limit)), (labels.BASIS, reasons.basis(entry))]
    if entry.outcome is not None:
        said = [(labels.STANDING, without_stop(endings.ended(entry, digest)))]
    lines = [Text.format("{label}: {text}.", "{label}: {text}.", label=label, text=text) for label, text in said]
    return Text.join("\n", (*lines, _NO_DOCUMENT))
