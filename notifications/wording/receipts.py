"""The words of a receipt: what was understood of an answer by mail, how to correct it, and each doubt."""

from __future__ import annotations

from datetime import date

from dondoc.engine.domain.answers import AnswerState, MailAnswer
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.notifications.wording.numbers import day

SECTION = Text("TRẢ LỜI ĐÃ NHẬN", "YOUR ANSWER")
EXAMPLES = Text(
    "«đã biết»; «xin gia hạn đến 30/5 vì mưa lũ»; «giải trình: mưa lũ, cam kết 15/6»",
    "'noted'; 'we request an extension to 30 May because of the flood'; 'reason: the flood, we promise 15 June'",
)
AUTOMATIC = Text(
    "Thư tự động của hệ thống theo dõi nhiệm vụ Đôn Đốc, trả lời thư của quý cơ quan; không phải văn bản của cơ "
    "quan nào.",
    "An automatic letter of Đôn Đốc in answer to your mail; no document of any authority.",
)
KEPT, NOT_KEPT = Text("Đã ghi", "On record"), Text("Chưa ghi", "Not yet")

# Of what is doubtful or cannot be recorded, by its code.
DOUBTS = {
    "nothing-said": Text("thư không có nội dung trả lời", "the mail says nothing"),
    "too-long": Text("nội dung dài quá, có thể có nhiều ý", "it is too long, and may say several things"),
    "not-understood": Text("chưa rõ ý trả lời", "what it means is not clear"),
    "several-meanings": Text("có nhiều ý trong một thư", "it says several things at once"),
    "question": Text("thư là một câu hỏi", "it asks a question"),
    "condition": Text("trả lời có điều kiện", "it sets a condition"),
    "denied": Text("trả lời có ý phủ định", "it denies something"),
    "no-reason": Text("có ngày hẹn, chưa nêu lý do", "it promises a day and gives no reason"),
    "no-day": Text("chưa nêu ngày", "it names no day"),
    "several-days": Text("nêu nhiều ngày", "it names several days"),
    "needless-day": Text("chưa rõ ngày nêu trong thư để làm gì", "what its day is for is not clear"),
    "no-such-day": Text("nêu một ngày không có trong lịch", "it names a day that is in no calendar"),
    "no-document": Text("chưa nêu số văn bản", "it names no document"),
    "no-number": Text("chưa nêu số của trả lời cần rút", "it does not say which answer is taken back"),
    "no-case": Text("chưa rõ về hồ sơ nào", "which case it is about is not clear"),
    "several-cases": Text(
        "thư nói đến nhiều hồ sơ; ghi mã hồ sơ vào câu trả lời", "it may be about several cases"
    ),
    "several-offices": Text("nhiều cơ quan dùng chung hộp thư này", "several offices share the mailbox"),
    "sender-unknown": Text(
        "người gửi không phải hộp thư của cơ quan nào", "its sender is no mailbox of an office"
    ),
    "not-proven": Text(
        "máy chủ nhận thư không xác nhận được người gửi", "the mail server does not vouch for its sender"
    ),
    "unreadable": Text("thư không đọc được trọn vẹn", "the mail could not be read whole"),
    "not-known": Text("hồ sơ không còn mở, hoặc không rõ cơ quan trả lời", "the case is not open any longer"),
}
MEANINGS = {
    "done": Text("đã gửi báo cáo", "it was handed in"),
    "acknowledged": Text("đã biết và sẽ xử lý", "acknowledged"),
    "explained": Text("giải trình, hẹn ngày", "explained, with a promised day"),
    "extension-asked": Text("xin lùi hạn", "an extension is asked for"),
    "extension-granted": Text("cho lùi hạn", "an extension is granted"),
    "extension-refused": Text("không cho lùi hạn", "an extension is refused"),
    "taken-back": Text("rút lại một trả lời", "an answer is taken back"),
    "not-ours": Text("không thuộc trách nhiệm", "another office is responsible"),
}
# Where the operator's sentence names an option of a command.
_BY_MAIL = {
    "without-limit": Text(
        "Hồ sơ này không có hạn nộp để lùi; quý cơ quan có thể giải trình và hẹn ngày.",
        "This case has no limit that could be extended: you may explain, and promise a day.",
    ),
    "without-words": Text("Cần nêu lý do.", "A reason is needed."),
    "without-document": Text("Cho lùi hạn cần số văn bản.", "An extension needs the number of its document."),
    "disowned-already": Text(
        "Quý cơ quan đã báo việc này không thuộc trách nhiệm của mình; mỗi việc báo một lần.",
        "You have said so already, which you can once for each case.",
    ),
    "by-its-rule": Text(
        "Số liệu và số lần thực hiện là của chính đơn vị, không chuyển cho đơn vị khác được.",
        "Figures and times are a unit's own, and are not given to another one.",
    ),
    "used-up": Text(
        "Quý cơ quan đã trả lời «đã biết» đủ số lần; nay cần giải trình và hẹn ngày.",
        "It was acknowledged often enough: what is needed now is an explanation with a promised day.",
    ),
    "nothing-to-take-back": Text(
        "Quý cơ quan không có trả lời nào mang số ấy còn hiệu lực ở hồ sơ này.",
        "You have no such answer in force.",
    ),
}


def subject(answer: MailAnswer) -> str:
    """`Đã ghi nhận trả lời: LN15-0003`."""
    about = f": {answer.case}" if answer.case else ""
    done = answer.state in (AnswerState.RECORDED, AnswerState.REPEATED, AnswerState.CONFIRMED)
    return f"{'Đã ghi nhận' if done else 'Chưa ghi nhận'} trả lời{about}"


def headline(answer: MailAnswer, sentence: Text) -> Text:
    """What became of the answer; `sentence` is the act in words, or why it is not on record."""
    match answer.state:
        case AnswerState.RECORDED | AnswerState.CONFIRMED:
            return Text.format(
                "Đã ghi nhận, có hiệu lực từ đêm tới: {said}.",
                "On record, from the next night on: {said}.",
                said=sentence,
            )
        case AnswerState.REPEATED:
            return Text.format(
                "Đã ghi nhận từ trước, không đổi gì: {said}.",
                "On record before, nothing changes: {said}.",
                said=sentence,
            )
        case AnswerState.REFUSED:
            said = _BY_MAIL.get(answer.why, sentence)
            return Text.format("Chưa ghi nhận được: {said}", "Not on record: {said}", said=said)
        case _:
            return Text.format(
                "Đã nhận thư, chưa ghi nhận: {why}. Người vận hành sẽ xem.",
                "Received and not yet on record: {why}. The operator will look at it.",
                why=doubt(answer.why),
            )


def ask(answer: MailAnswer) -> tuple[Text, Text]:
    """What the office may do now: whom it asks, and what."""
    if answer.act is not None:
        return Text("Không cần làm gì thêm", "Nothing more to do"), Text(
            " nếu nội dung trên đã đúng", " if this is what you meant"
        )
    return Text("Quý cơ quan", "You"), Text(
        " có thể trả lời thư này bằng một câu", " may answer this letter in one sentence"
    )


def correction(answer: MailAnswer) -> Text:
    """How to correct what was understood, by answering the receipt."""
    if answer.act is not None:
        return Text.format(
            "Nếu chưa đúng, trả lời thư này: «rút lại {number}», rồi gửi trả lời mới.",
            "If this is wrong, answer this letter with 'take back {number}', and then answer anew.",
            number=str(answer.act),
        )
    return Text.format("Thí dụ: {examples}.", "For example: {examples}.", examples=EXAMPLES)


def doubt(why: str) -> Text:
    """A doubt in words; a code without words as it is."""
    return DOUBTS.get(why, Text(why, why))


def proposal(answer: MailAnswer) -> Text:
    """What the operator may confirm, in a few words; nothing where nothing was understood."""
    if not answer.meaning:
        return NO_TEXT
    until = Text.format(" {day}", day=day(answer.until)) if answer.until else NO_TEXT
    paper = Text.format(" ({number})", number=answer.document) if answer.document else NO_TEXT
    return Text.format("{meaning}{until}{paper}", meaning=MEANINGS[answer.meaning], until=until, paper=paper)


def received(on: date) -> Text:
    """When the answer was written."""
    return Text.format("Thư ngày {on}", "Mail of {on}", on=day(on))
