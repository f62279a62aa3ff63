"""The words of the letters to the operator: what needs a person, and how the night went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import CaseStatus
from dondoc.notifications.wording.numbers import count, counted, day

ADDRESSEE = Text("Bộ phận vận hành", "The operators")
TO_DO = Text("CẦN LÀM", "TO DO")
LAST_NIGHT = Text("ĐÊM VỪA QUA", "LAST NIGHT")
PROBLEMS = Text("LỖI TRONG BỘ QUY TẮC", "PROBLEMS IN THE RULES")
ONE_QUESTION = Text("Mỗi dòng trả lời một câu hỏi.", "Each line answers one question.")
DONE_BY = "10:00"
SENT_FROM = "06:30"

# By the state of a night: how it ran, in a sentence and in a subject, and whether that is good.
STATES = {
    "ok": (Text("đã chạy xong", "has run"), "chạy xong"),
    "degraded": (Text("đã chạy xong nhưng có việc cần xem", "has run, and something needs a look"), "chạy xong"),
    "held": (Text("đã chạy xong, thư đang tạm giữ", "has run, its letters are held"), "tạm giữ thư"),
}
QUESTIONS = {
    "ran": Text("Đêm có chạy không?", "Did the night run?"),
    "judged": Text("Đã đánh giá gì?", "What was judged?"),
    "cases": Text("Hồ sơ thay đổi ra sao?", "What became of the cases?"),
    "letters": Text("Có bao nhiêu thư?", "How many letters?"),
}
GOOD, LOOK, ACT = Text("Tốt", "Good"), Text("Xem lại", "Look"), Text("Cần làm", "Act")


def subject(night: date, state: str, letters: int, todo: int) -> str:
    """`Đêm 02/01/2024: chạy xong, 11 thư chờ gửi, 03 việc cần xử lý`."""
    waiting = f", {count(letters)} thư chờ gửi" if letters else ""
    needed = f", {count(todo)} việc cần xử lý" if todo else ""
    return f"Đêm {day(night)}: {STATES[state][1]}{waiting}{needed}"


def headline(night: date, state: str, letters: int) -> Text:
    """How the night ran, and what will leave in the morning."""
    said, when = STATES[state][0], day(night)
    if not letters:
        return Text(f"Đêm {when} {said.vi}; không có thư.", f"The night of {when} {said.en}; no letter.")
    n = counted(letters, "thư", "letter")
    return Text(
        f"Đêm {when} {said.vi}; {n.vi} chờ gửi từ {SENT_FROM}.",
        f"The night of {when} {said.en}; {n.en} to leave from {SENT_FROM}.",
    )


def ask(night: date, todo: int) -> tuple[Text, Text]:
    """How many things need a person, and until when today; that none does."""
    if not todo:
        return Text("Không có việc cần làm", "Nothing to do"), Text("", "")
    n, when = counted(todo, "việc", "thing"), day(night)
    return (
        Text(f"Cần làm {n.vi} trước {DONE_BY} ngày {when}", f"{n.en} to do before {DONE_BY} on {when}"),
        Text(": từng việc ghi ở mục CẦN LÀM", ": each stands under TO DO"),
    )


def ran(night: date, *, well: bool) -> Text:
    """That it ran, for which day, and whether something needs a look."""
    rest = Text("", "") if well else Text("; có việc cần xem", "; something needs a look")
    return Text(f"Có, cho ngày {day(night)}{rest.vi}", f"Yes, for {day(night)}{rest.en}")


def judged(facts: int, found: int) -> Text:
    """How much was looked at, and how much of it is not as demanded."""
    said, seen = counted(facts, "dữ kiện", "fact"), counted(found, "phát hiện", "finding")
    return Text(f"{said.vi}; {seen.vi}", f"{said.en}; {seen.en}")


def cases(counts: Mapping[str, int]) -> Text:
    """What became of the cases: opened, climbed, closed."""
    opened, climbed, closed = counts["opened"], counts["climbed"], counts["closed"]
    return Text(
        f"Mở mới {count(opened)}, lên bước {count(climbed)}, đóng {count(closed)}",
        f"{opened:,} opened, {climbed:,} climbed, {closed:,} closed",
    )


def letters(n: int, *, held: bool) -> Text:
    """How many letters wait, for the morning or for the operator."""
    said = counted(n, "thư", "letter")
    if not n:
        return Text("Không có thư", "No letter")
    if held:
        return Text(f"{said.vi} tạm giữ", f"{said.en} held")
    return Text(f"{said.vi} chờ gửi từ {SENT_FROM}", f"{said.en} to leave from {SENT_FROM}")


def refused_subject(night: date, problems: int) -> str:
    """`Đêm 02/01/2024: chưa chạy, bộ quy tắc có 03 lỗi`."""
    return f"Đêm {day(night)}: chưa chạy, bộ quy tắc có {count(problems)} lỗi"


def refused_headline(night: date, problems: int) -> Text:
    """That the night did not run, and why."""
    n = faults(problems)
    return Text(
        f"Đêm {day(night)} chưa chạy: bộ quy tắc có {n.vi}.",
        f"The night of {day(night)} has not run: the rules have {n.en}.",
    )


def absent_subject(night: date) -> str:
    """`Đêm 02/01/2024: chưa chạy`."""
    return f"Đêm {day(night)}: chưa chạy"


def absent(night: date) -> Text:
    """That the night of today has not run, though it is morning."""
    return Text(f"Đêm {day(night)} chưa chạy.", f"The night of {day(night)} has not run.")


ABSENT_ASK = (
    Text("Cần xem vì sao đêm chưa chạy", "Find out why the night has not run"),
    Text(": thư của các đêm trước vẫn được gửi", ": letters of earlier nights are being sent"),
)


def absent_remedy(night: date, latest: date) -> Text:
    """What to look at, and the command, ready to type."""
    return Text(
        f"Đêm gần nhất đã chạy là {day(latest)}. Xem dịch vụ lập lịch, rồi chạy: dondoc nightly --as-of {night}",
        f"The latest that ran is {day(latest)}. See to the scheduler, then run: dondoc nightly --as-of {night}",
    )


DRILL = Text("DIỄN TẬP / DRILL", "DRILL")
DRILL_SUBJECT = "DIỄN TẬP / DRILL: thử đường gửi thư của Đôn Đốc"
DRILL_HEADLINE = Text(
    "DIỄN TẬP: đây là thư thử, không nói về đơn vị nào. (DRILL: a test letter, about no office.)",
    "DRILL: this is a test letter, about no office.",
)
DRILL_ASK = (
    Text("Không có việc cần làm", "Nothing to do"),
    Text(": thư này chỉ để thử đường gửi (it only tries the way)", ": it only tries the way"),
)
DRILL_ARRIVED = Text("Thư này tới nơi thì đường gửi thư đã thông", "That it arrived means that letters can leave")


def drill_sent(when: Text, address: str) -> Text:
    """When the drill left, and to whom; `when` is ready to print."""
    return Text(
        f"Gửi lúc {when.vi} tới {address}, bằng dondoc doctor", f"Sent at {when.en} to {address} by dondoc doctor"
    )


REFUSED_ASK = (
    Text("Cần sửa bộ quy tắc rồi chạy lại đêm này", "Correct the rules, then run this night again"),
    Text(
        ": chưa đọc dữ liệu, chưa gửi thư cho cơ quan nào, không mất dữ liệu",
        ": no data was read, no office was written to, nothing is lost",
    ),
)


def refused_remedy(night: date) -> Text:
    """The two commands, ready to type."""
    again = f"dondoc check; dondoc nightly --as-of {night.isoformat()}"
    return Text(f"Kiểm tra rồi chạy lại: {again}", f"Check, then run again: {again}")


WAITING = Text("HỒ SƠ CHỜ XEM XÉT", "CASES THAT WAIT FOR A DECISION")
WAITING_NOTE = Text(
    "Các hồ sơ này vẫn được theo dõi cho đến khi việc xong hoặc có người xem xét.",
    "They are kept until the work is done or somebody looks into them.",
)
_STANDING = {
    CaseStatus.EXHAUSTED: Text("đã qua hết các bước đôn đốc", "past the last step"),
    CaseStatus.WAITING: Text("đơn vị đã kết thúc, chờ xác nhận nơi kế thừa", "unit ended, heir not confirmed"),
}
_CODES_SHOWN = 8


def files(n: int) -> Text:
    """`03 hồ sơ`."""
    return counted(n, "hồ sơ", "case")


def standing(directive: str, status: CaseStatus, n: int) -> Text:
    """How many cases of a directive wait, and for what."""
    what, how = files(n), _STANDING[status]
    return Text(f"{directive}: {what.vi} {how.vi}", f"{directive}: {what.en} {how.en}")


def codes(known: Sequence[str]) -> Text:
    """The codes of the first cases, the rest counted."""
    rest = len(known) - _CODES_SHOWN
    more = Text(f" và {count(rest)} mã khác", f" and {rest} more") if rest > 0 else Text("", "")
    shown = ", ".join(known[:_CODES_SHOWN])
    return Text(f"{shown}{more.vi}", f"{shown}{more.en}")


def more_waiting(n: int) -> Text:
    """The line that stands for the directives a letter has no room for."""
    return Text(f"và {count(n)} dòng khác", f"and {n} more lines")


def more_to_do(n: int) -> Text:
    """The line that stands for the things a letter has no room for."""
    return Text(f"và {count(n)} việc khác; xem đủ bằng dondoc status", f"and {n} more: see dondoc status")


def faults(n: int) -> Text:
    """`03 lỗi`."""
    return counted(n, "lỗi", "problem")


def more_problems(n: int) -> Text:
    """The line that stands for the problems a letter has no room for."""
    return Text(f"và {count(n)} lỗi khác; xem đủ bằng dondoc check", f"and {n} more: see dondoc check")


AUTOMATIC = Text(
    "Thư tự động của hệ thống theo dõi nhiệm vụ Đôn Đốc, gửi cho người vận hành. Thư chỉ nêu số liệu tổng hợp, "
    "không nêu thông tin cá nhân của trẻ em.",
    "An automatic letter of Đôn Đốc to its operators. It gives totals only and no child's personal information.",
)
WHY = Text("Vì sao nhận thư này", "Why you receive this letter")


def declared(mailbox: str) -> Text:
    """Where the address was named as the operator's."""
    return Text(
        f"địa chỉ {mailbox} được khai là người vận hành (operator) trong mail.yaml.",
        f"{mailbox} is named as operator in mail.yaml.",
    )


LOG = Text("Sổ nhật ký", "The audit log")


def log_head(number: int, digest: str) -> Text:
    """The last entry of the log: kept outside the machine, it shows later whether the log was cut or rewritten.

    Its 64 digits are printed in eights, so that they can be read out, and break on a small screen.
    """
    digits = " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
    return Text(
        f"trước đêm này có {count(number)} mục, mã mục cuối {digits}; giữ thư này để đối chiếu "
        "(dondoc audit verify --head).",
        f"{count(number)} entries before this night, the last one's hash {digits}; keep this letter to compare.",
    )
