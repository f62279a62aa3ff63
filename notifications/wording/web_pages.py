"""The words of the pages on which an office answers: headings, buttons, and what a refusal says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.notifications.wording.numbers import capital, counted, day

CASE = Text("Hồ sơ", "Case")
OFFICE = Text("Cơ quan trả lời", "Answering office")
SAID_SO_FAR = Text("Đã trả lời", "Said so far")
NOTHING_SAID = Text("Chưa có trả lời nào.", "Nothing was said yet.")
WHAT_TO_SAY = Text("Trả lời", "Answer")
NOTHING_SENT_YET = Text(
    "Bấm một nút chưa gửi gì: còn được xem lại trước khi gửi. Đã gửi nhầm thì rút lại ở trang này.",
    "Pressing a button sends nothing yet: you look it over first. What was sent by mistake is taken back here.",
)
NOTHING_TO_SAY = Text(
    "Hiện cơ quan không có gì để trả lời về việc này.", "At present there is nothing for this office to say."
)
LOOK_OVER = Text("Xem lại trước khi gửi", "Look it over before sending")
BACK = Text("Quay lại", "Back")
SEND, EDIT = Text("Gửi", "Send"), Text("Sửa", "Edit")
NOT_SENT_YET = Text("Chưa gửi. Xem lại:", "Not sent yet. Please look it over:")
REQUIRED = Text("cần điền", "required")
RECORDED = Text("Đã ghi nhận", "Recorded")
FROM_THE_NEXT_NIGHT = Text("Có hiệu lực từ đêm tới.", "It takes effect with the next night.")
NOT_ACCEPTED = Text("Chưa nhận được", "Not accepted")
WAITING = Text("Việc đang chờ", "What waits")
STANDING = Text("Đêm vừa qua", "Last night")
NOT_SHOWN = Text(
    "Của thư, các trang này chỉ biết đang ở đâu: không đọc nội dung, hộp thư và các mục mà đêm gần nhất nêu. Xem "
    "đủ bằng dondoc desk trên máy chạy các đêm.",
    "Of letters these pages know only where they stand: they read no text, no mailbox and nothing that the last "
    "night named. dondoc desk, on the machine of the nights, has all of it.",
)
FOOT = Text(
    "Trang tự động theo dõi nhiệm vụ, không phải văn bản hành chính. Không nêu tên, số điện thoại hay thông tin "
    "của bất kỳ ai, nhất là trẻ em.",
    "An automatic page on tasks followed up, no official document. Name nobody and nobody's number, least of all "
    "a child's.",
)
OTHER_LANGUAGE = {"vi": ("en", "English"), "en": ("vi", "Tiếng Việt")}

# By code, what a page says in place of the case: a title, and what to do.
REFUSALS: Mapping[str, tuple[Text, Text]] = {
    "no-link": (
        Text("Liên kết không đúng", "This link is not complete"),
        Text(
            "Mở lại từ thư, hoặc chép đủ cả dòng. Nếu vẫn thế, trả lời thư hoặc gọi nơi theo dõi ghi ở cuối thư.",
            "Open it again from the letter, or copy the whole line. If that does not help, ask the office that "
            "the end of the letter names.",
        ),
    ),
    "revoked": (
        Text("Liên kết không còn hiệu lực", "This link no longer holds"),
        Text(
            "Dùng liên kết trong thư mới nhất, hoặc hỏi nơi theo dõi ghi ở cuối thư.",
            "Use the link of the latest letter, or ask the office that the end of the letter names.",
        ),
    ),
    "case-closed": (
        Text("Việc này đã khép lại", "This case is closed"),
        Text("Không cần trả lời nữa. Cảm ơn quý cơ quan.", "There is nothing to answer any more. Thank you."),
    ),
    "not-found": (
        Text("Không có trang này", "There is no such page"),
        Text("Mở lại từ liên kết trong thư.", "Open the link of the letter again."),
    ),
    "not-signed-in": (
        Text("Cần đăng nhập", "Please sign in"),
        Text(
            "Trang này của người vận hành. Đăng nhập qua cổng của cơ quan, hoặc bằng mật khẩu của trang.",
            "This page is the operator's. Sign in where your office does, or with the page's password.",
        ),
    ),
    "not-offered": (
        Text("Không còn trả lời như vậy được", "This can no longer be said"),
        Text(
            "Việc đã thay đổi từ khi mở trang. Quay lại để xem hiện trả lời được gì.",
            "The case has changed since the page was opened. Go back to see what can be said now.",
        ),
    ),
    "not-looked-over": (
        Text("Trang này đã cũ", "This page is out of date"),
        Text(
            "Chưa ghi nhận gì. Quay lại, điền lại rồi xem lại trước khi gửi.",
            "Nothing was recorded. Go back, fill it in and look it over before sending.",
        ),
    ),
    "too-many": (
        Text("Quá nhiều lần trong một lúc", "Too many requests at once"),
        Text("Chờ vài phút rồi thử lại; chưa mất gì.", "Wait some minutes and try again; nothing is lost."),
    ),
    "bad-request": (
        Text("Không đọc được nội dung gửi lên", "What was sent cannot be read"),
        Text("Quay lại trang của thư và thử lại, viết gọn hơn.", "Go back, and try again with a shorter text."),
    ),
    "not-now": (
        Text("Tạm thời chưa trả lời được", "Not possible at the moment"),
        Text("Thử lại sau ít phút; chưa ghi nhận gì.", "Try again in some minutes; nothing was recorded."),
    ),
}
# What the gate says to the operator names options of the command line; on a page these sentences stand for it.
ON_A_PAGE: Mapping[str, Text] = {
    "without-limit": Text(
        "Việc này không có hạn nộp để lùi; có thể giải trình.",
        "There is no limit to extend here: explain instead.",
    ),
    "without-words": Text("Cần nêu lý do.", "A reason is needed."),
    "without-document": Text("Cần số văn bản.", "The number of the document is needed."),
    "not-below": Text("Cần chọn đơn vị thực hiện.", "The unit that does it is needed."),
    "used-up": Text(
        "Đã trả lời «đã biết» đủ số lần; nay cần giải trình với ngày hẹn.",
        "It was acknowledged as often as it may be: now explain, and promise a day.",
    ),
    "nothing-to-take-back": Text("Trả lời ấy không còn hiệu lực.", "That answer is no longer in force."),
}


def quiet(name: str, until: date) -> Text:
    """Why no letter leaves these days, and until when."""
    return Text.format(
        "{name}, đến hết ngày {until}; hạn vẫn tính",
        "{name}, until {until}; the limit stays",
        name=name,
        until=day(until),
    )


def things_wait(number: int) -> Text:
    """How much waits."""
    if number == 0:
        return Text("Không có gì đang chờ.", "Nothing waits.")
    return Text.format("{n} đang chờ.", "{n} waiting.", n=counted(number, "việc", "matter"))


def not_a_day(said: str) -> Text:
    """What is answered to a day that there is not."""
    return Text.format(
        "Ngày «{said}» không có; ghi như 30/04/2015.", "There is no day «{said}»; write 30/04/2015.", said=said
    )


def lateness(workdays: int, days: int) -> Text:
    """`quá hạn 01 ngày làm việc (03 ngày)`; empty when the limit has not passed."""
    if days <= 0:
        return NO_TEXT
    return Text.format(
        "quá hạn {workdays} ({days})",
        "{workdays} overdue ({days})",
        workdays=counted(workdays, "ngày làm việc", "working day"),
        days=counted(days, "ngày", "day"),
    )


def first_limit(when: date) -> Text:
    """What stands behind a limit that was moved."""
    return Text.format("hạn đầu tiên: hết ngày {day}", "the first limit: the end of {day}", day=day(when))


def sentence(said: Text) -> Text:
    """An act's words as a sentence of its own."""
    return Text.format("{said}.", said=Text(capital(said.vi), capital(said.en)))


def recorded(number: int) -> Text:
    """The head of the page after sending."""
    return Text.format("Đã ghi nhận, số {number}", "Recorded as number {number}", number=str(number))


def take_back(number: int) -> Text:
    """The button that takes an answer back, by its number; the receipt of that answer has it too."""
    return Text.format("Rút lại trả lời số {number}", "Take answer {number} back", number=str(number))


def closed(when: date) -> Text:
    """What stands in the row of a case that has closed."""
    return Text.format("đã đóng ngày {day}", "closed on {day}", day=day(when))
