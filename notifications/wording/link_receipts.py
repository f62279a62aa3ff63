"""The words of the receipt of what somebody said by a link: what is on record, and how it is taken back."""

from __future__ import annotations

from datetime import date, datetime

from dondoc.engine.domain.acts import Act
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.notifications.wording import labels
from dondoc.notifications.wording.numbers import day

SECTION = Text("TRẢ LỜI QUA LIÊN KẾT", "ANSWERED BY LINK")
AUTOMATIC = Text(
    "Thư tự động của hệ thống theo dõi nhiệm vụ Đôn Đốc, gửi vì có người trả lời thay quý cơ quan qua liên kết "
    "trong thư; không phải văn bản của cơ quan nào.",
    "An automatic letter of Đôn Đốc, because somebody answered for you by the link of a letter; no document of "
    "any authority.",
)


def subject(case: str) -> str:
    """`Đã ghi nhận trả lời qua liên kết: LN15-0003`."""
    return f"Đã ghi nhận trả lời qua liên kết: {case}"


def headline(sentence: Text) -> Text:
    """What is on record."""
    return Text.format(
        "Đã ghi nhận qua liên kết trong thư, có hiệu lực từ đêm tới: {said}.",
        "On record by the link of a letter, from the next night on: {said}.",
        said=sentence,
    )


def ask(until: date | None) -> tuple[Text, Text]:
    """What the office may do now: whom it asks, and what; `until` as of `correction`."""
    if until is None:
        return Text("Không cần làm gì thêm", "Nothing more to do"), Text(
            " nếu quý cơ quan đã trả lời như vậy", " if this is what you said"
        )
    return Text("Quý cơ quan", "You"), Text.format(
        " không cần làm gì nếu đã trả lời như vậy; nếu không, rút lại đến hết ngày {until}",
        " need do nothing if you said so; if not, take it back by the end of {until}",
        until=day(until),
    )


def received(at: datetime) -> Text:
    """When it was said; `at` is given in the zone in which it is printed."""
    return Text.format("Trả lời lúc {at}", "Answered at {at}", at=labels.instant(at))


def correction(act: Act, until: date | None, *, page: bool) -> Text:
    """How the office takes an act back; `until` is the last day for it (None: such an act is not taken back)."""
    if until is None:
        return Text("Nếu chưa đúng, trả lời lại thư này.", "If this is wrong, answer this letter.")
    link = Text(", hoặc dùng liên kết dưới đây", ", or use the link below") if page else NO_TEXT
    return Text.format(
        "Nếu quý cơ quan không trả lời như vậy: trả lời thư này «rút lại {number}»{link}.",
        "If you did not say so: answer this letter with 'take back {number}'{link}.",
        number=str(act.number),
        link=link,
    )
