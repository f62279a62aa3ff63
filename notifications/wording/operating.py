"""The words of the letters to the operator: the action items, and how the night went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import CaseStatus
from dondoc.notifications.wording.numbers import count, counted, day, number

ADDRESSEE = Text("Bộ phận vận hành", "The operators")
TO_DO = Text("CẦN LÀM", "TO DO")
LAST_NIGHT = Text("ĐÊM VỪA QUA", "LAST NIGHT")
PROBLEMS = Text("LỖI TRONG BỘ QUY TẮC", "PROBLEMS IN THE RULES")
ONE_QUESTION = Text("Mỗi dòng trả lời một câu hỏi.", "Each line answers one question.")
DONE_BY = "10:00"

# By the state of a night: how it ran, in a sentence and in a subject.
STATES = {
    "ok": (Text("đã chạy xong", "has run"), "chạy xong"),
    "degraded": (Text("đã chạy xong nhưng có việc cần xem", "has run, and something needs a look"), "chạy xong"),
    "held": (Text("đã chạy xong, thư đang tạm giữ", "has run, its letters are held"), "tạm giữ thư"),
}
QUESTIONS = {
    "ran": Text("Đêm có chạy không?", "Did the night run?"),
    "judged": Text("Đã đánh giá gì?", "What was judged?"),
    "cases": Text("Hồ sơ thay đổi ra sao?", "What became of the cases?"),
    "delivered": Text("Thư đã đi được bao nhiêu?", "How many letters left?"),
    "returned": Text("Hộp thư nào trả thư lại?", "Which mailboxes refused a letter?"),
    "in_doubt": Text("Thư nào chưa rõ đã tới hay chưa?", "Of which letters is nobody sure?"),
    "sources": Text("Nguồn dữ liệu có đủ không?", "Are the sources in order?"),
    "letters": Text("Thư nào sắp gửi?", "What leaves next?"),
}
GOOD, LOOK, ACT = Text("Tốt", "Good"), Text("Xem lại", "Look"), Text("Cần làm", "Act")


def ask(night: date, todo: int) -> tuple[Text, Text]:
    """How many action items there are, and until when today; or that there is none."""
    if not todo:
        return Text("Không có việc cần làm", "Nothing to do"), NO_TEXT
    who = Text.format(
        "Cần làm {things} trước {at} ngày {day}",
        "{things} to do before {at} on {day}",
        things=counted(todo, "việc", "thing"),
        at=DONE_BY,
        day=day(night),
    )
    return who, Text(": từng việc ghi ở mục CẦN LÀM", ": each stands under TO DO")


def ran(night: date, *, well: bool) -> Text:
    """That the night ran, for which day, and whether something needs a look."""
    rest = NO_TEXT if well else Text("; có việc cần xem", "; something needs a look")
    return Text.format("Có, cho ngày {day}{rest}", "Yes, for {day}{rest}", day=day(night), rest=rest)


def judged(facts: int, found: int) -> Text:
    """How many facts were judged, and how many findings there are."""
    return Text.join("; ", (counted(facts, "dữ kiện", "fact"), counted(found, "phát hiện", "finding")))


def cases(counts: Mapping[str, int]) -> Text:
    """How many cases opened, climbed and closed."""
    vi = "Mở mới {opened}, lên bước {climbed}, đóng {closed}"
    en = "{opened} opened, {climbed} climbed, {closed} closed"
    return Text.format(
        vi, en, opened=number(counts["opened"]), climbed=number(counts["climbed"]), closed=number(counts["closed"])
    )


def refused_subject(night: date, problems: int) -> str:
    """`Đêm 02/01/2024: chưa chạy, bộ quy tắc có 03 lỗi`."""
    return f"Đêm {day(night)}: chưa chạy, bộ quy tắc có {count(problems)} lỗi"


def refused_headline(night: date, problems: int) -> Text:
    """That the night did not run, and why."""
    vi = "Đêm {day} chưa chạy: bộ quy tắc có {problems}."
    en = "The night of {day} has not run: the rules have {problems}."
    return Text.format(vi, en, day=day(night), problems=faults(problems))


def absent_subject(night: date) -> str:
    """`Đêm 02/01/2024: chưa chạy`."""
    return f"Đêm {day(night)}: chưa chạy"


def absent(night: date) -> Text:
    """That the night has not run by the morning."""
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
    """When the drill was sent, and to whom; `when` is ready to print."""
    vi = "Gửi lúc {when} tới {address}, bằng dondoc doctor"
    en = "Sent at {when} to {address} by dondoc doctor"
    return Text.format(vi, en, when=when, address=address)


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
    cases, how = files(n), _STANDING[status]
    return Text.format("{directive}: {cases} {how}", directive=directive, cases=cases, how=how)


def codes(known: Sequence[str]) -> Text:
    """The codes of the first cases, and how many more."""
    shown, rest = ", ".join(known[:_CODES_SHOWN]), len(known) - _CODES_SHOWN
    if rest <= 0:
        return Text(shown, shown)
    return Text.format("{shown} và {n} mã khác", "{shown} and {n} more", shown=shown, n=number(rest))


def more_waiting(n: int) -> Text:
    """The line that stands for the directives a letter has no room for."""
    return Text.format("và {n} dòng khác", "and {n} more lines", n=number(n))


def more_to_do(n: int) -> Text:
    """The line that stands for the action items a letter has no room for."""
    return Text.format(
        "và {n} việc khác; xem đủ bằng dondoc status", "and {n} more: see dondoc status", n=number(n)
    )


def faults(n: int) -> Text:
    """`03 lỗi`."""
    return counted(n, "lỗi", "problem")


def more_problems(n: int) -> Text:
    """The line that stands for the problems a letter has no room for."""
    return Text.format("và {n} lỗi khác; xem đủ bằng dondoc check", "and {n} more: see dondoc check", n=number(n))


AUTOMATIC = Text(
    "Thư tự động của hệ thống theo dõi nhiệm vụ Đôn Đốc, gửi cho người vận hành. Thư chỉ nêu số liệu tổng hợp, "
    "không nêu thông tin cá nhân của trẻ em.",
    "An automatic letter of Đôn Đốc to its operators. It gives totals only and no child's personal information.",
)
WHY = Text("Vì sao nhận thư này", "Why you receive this letter")


def declared(mailbox: str) -> Text:
    """Where the address is set as the operator's."""
    return Text(
        f"địa chỉ {mailbox} được khai là người vận hành (operator) trong mail.yaml.",
        f"{mailbox} is named as operator in mail.yaml.",
    )


LOG = Text("Sổ nhật ký", "The audit log")


def log_head(entries: int, digest: str) -> Text:
    """The last entry of the log: kept outside the machine, it shows later whether the log was cut or rewritten.

    Its 64 digits are printed in eights, so that they can be read out, and break on a small screen.
    """
    digits = " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
    return Text(
        f"trước đêm này có {count(entries)} mục, mã mục cuối {digits}; giữ thư này để đối chiếu "
        "(dondoc audit verify --head).",
        f"{entries:,} entries before this night, the last one's hash {digits}; keep this letter to compare.",
    )
