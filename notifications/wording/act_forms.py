"""The forms by which an office answers on a page: their buttons, their fields, and what sending one does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import NO_TEXT, Answers, Text
from dondoc.notifications.wording.numbers import counted

_WHY = Text("Lý do (nêu cơ quan và sự việc, không nêu tên người)", "Reason (offices and facts, no person's name)")
_MORE = Text("Nói thêm, nếu cần (không nêu tên người)", "More, if needed (no person's name)")
_PAPER = Text("Số, ngày văn bản", "Number and date of the document")
_PAPER_IF_ANY = Text("Số, ngày văn bản (nếu có)", "Number and date of the document (if any)")


@dataclass(frozen=True, slots=True)
class FormField:
    """A field: its label, and whether it must be filled in."""

    label: Text
    required: bool = False


@dataclass(frozen=True, slots=True)
class ActForm:
    """The form of one kind of act, and what sending it does; a field that it does not have is None.

    `hint` stands below the button where its words alone might be taken for another's.
    """

    button: Text
    effect: Callable[[Answers], Text]
    until: FormField | None = None
    words: FormField | None = FormField(_MORE)
    document: FormField | None = None
    done_on: FormField | None = None
    to: FormField | None = None
    hint: Text = NO_TEXT


def _always(said: Text) -> Callable[[Answers], Text]:
    """What a form does, whatever a ladder lets answers do."""
    return lambda _: said


def _pauses(allowed: Answers) -> Text:
    return Text.format(
        "Thư nhắc tới cơ quan này tạm ngừng {days}; hạn vẫn tính, cấp trên vẫn được báo đúng ngày.",
        "Letters to this office pause for {days}; the limit stays, and others hear by date.",
        days=counted(allowed.hold, "ngày làm việc", "working day"),
    )


def _is_awaited(allowed: Answers) -> Text:
    return Text.format(
        "Đơn vị được báo và có {days} để trả lời; không trả lời thì cơ quan này được báo.",
        "The unit hears, and has {days}; if it says nothing, this office is told.",
        days=counted(allowed.explain, "ngày làm việc", "working day"),
    )


def _waits_for_a_decision(allowed: Answers) -> Text:
    return Text.format(
        "Chờ cơ quan theo dõi, hoặc nơi ban hành, quyết định; {days} đầu không tính, rồi việc được đôn đốc tiếp. "
        "Mỗi việc báo một lần.",
        "Who follows it up, or who issued it, decides; the first {days} do not count, then it is followed up. "
        "Once for each case.",
        days=counted(allowed.hold, "ngày làm việc", "working day"),
    )


# In the order in which a page shows them. That something is `declared` follows from the rule, and a closed case
# has no page on which it could be `reopened`. What is `reassigned` cannot be taken back, and whoever holds a link
# may have come by it wrongly: so nobody reassigns by one.
FORMS: Mapping[ActKind, ActForm] = {
    ActKind.DONE: ActForm(
        Text("Đã gửi báo cáo", "We have handed it in"),
        _always(
            Text(
                "Tính như báo cáo đã ghi nhận; nơi văn bản cần xác nhận thì chờ cơ quan nhận báo cáo xác nhận.",
                "It counts as the report; where the rule says so, once its receiver has confirmed it.",
            )
        ),
        words=FormField(_MORE),
        document=FormField(Text("Số văn bản đã gửi", "Number of the report"), required=True),
        done_on=FormField(Text("Gửi ngày", "Handed in on"), required=True),
    ),
    ActKind.CONFIRMED: ActForm(
        Text("Xác nhận đã nhận báo cáo", "Confirm that the report came"),
        _always(Text("Việc được tính là đã gửi, theo ngày đơn vị báo.", "The report counts, by its day.")),
    ),
    ActKind.NOT_CONFIRMED: ActForm(
        Text("Chưa nhận được báo cáo", "The report did not come"),
        _always(Text("Việc được đôn đốc tiếp.", "The matter is followed up again.")),
        words=FormField(_WHY, required=True),
    ),
    ActKind.ACKNOWLEDGED: ActForm(
        Text("Đã biết, sẽ xử lý", "We know, and deal with it"),
        _pauses,
        hint=Text("Chưa nêu được ngày xong.", "No day can be named yet."),
    ),
    ActKind.EXPLAINED: ActForm(
        Text("Giải trình và hẹn ngày", "Explain, and promise a day"),
        _always(
            Text(
                "Bước tiếp theo dừng đến ngày hẹn, một lần cho mỗi việc. Quá ngày hẹn mà chưa xong thì việc lên "
                "ngay một bước.",
                "The next step waits until that day, once for each case. If it is not done by then, the case "
                "climbs one step at once.",
            )
        ),
        FormField(Text("Hẹn xong chậm nhất ngày", "It will be done by"), required=True),
        FormField(_WHY, required=True),
        FormField(_PAPER_IF_ANY),
        hint=Text(
            "Nêu vì sao chậm và ngày sẽ xong; hạn không đổi.",
            "Why it is late, and when it will be done; the limit stays.",
        ),
    ),
    ActKind.EXTENSION_ASKED: ActForm(
        Text("Xin lùi hạn", "Ask for a later limit"),
        _always(
            Text(
                "Nơi đặt hạn sẽ trả lời; trong khi chờ, hạn cũ vẫn tính.",
                "Who set the limit decides; until then the present one holds.",
            )
        ),
        FormField(Text("Xin lùi hạn đến hết ngày", "New limit, end of"), required=True),
        FormField(_WHY, required=True),
        FormField(_PAPER_IF_ANY),
        hint=Text(
            "Nơi đặt hạn xem xét, quyết định.",
            "Who set the limit decides on it.",
        ),
    ),
    ActKind.DELEGATED: ActForm(
        Text("Phân công cấp dưới thực hiện", "Have a unit below do it"),
        _always(
            Text(
                "Đơn vị ấy được báo cùng với cơ quan này, được giải trình và báo đã gửi. Việc vẫn của cơ quan "
                "này, hạn không đổi.",
                "That unit hears together with this office, and may explain and hand in. This office stays "
                "responsible, and the limit stays.",
            )
        ),
        to=FormField(Text("Đơn vị thực hiện", "The unit that does it"), required=True),
        document=FormField(_PAPER_IF_ANY),
        hint=Text("Việc và hạn vẫn của cơ quan này.", "This office stays responsible, and the limit stays."),
    ),
    ActKind.NOT_OURS: ActForm(
        Text("Không thuộc trách nhiệm", "It is another unit's"),
        _waits_for_a_decision,
        words=FormField(Text("Vì sao, của đơn vị nào (không nêu tên người)", "Why, and whose (no person's name)")),
        document=FormField(_PAPER_IF_ANY),
        hint=Text(
            "Việc thuộc đơn vị khác; cơ quan theo dõi, hoặc nơi ban hành, quyết định.",
            "Another unit's matter; who follows it up, or who issued it, decides.",
        ),
    ),
    ActKind.NOT_REASSIGNED: ActForm(
        Text("Không chuyển, vẫn của đơn vị", "It stays with the unit"),
        _always(Text("Đơn vị được báo; việc được đôn đốc tiếp.", "The unit hears, and it is followed up again.")),
        words=FormField(_WHY, required=True),
        document=FormField(_PAPER_IF_ANY),
    ),
    ActKind.EXTENSION_GRANTED: ActForm(
        Text("Cho lùi hạn", "Extend the limit"),
        _always(
            Text(
                "Hạn mới được báo cho mọi nơi đã biết việc này; sau một ngày làm việc không rút lại được nữa.",
                "All who know of the case hear of the new limit; after one working day it cannot be taken back.",
            )
        ),
        FormField(Text("Hạn mới, đến hết ngày", "New limit, end of"), required=True),
        FormField(_MORE),
        FormField(_PAPER, required=True),
        hint=Text(
            "Cả khi đơn vị chưa xin; nếu đã xin thì có ở phần đã trả lời.",
            "Also where the unit has not asked; if it has, that stands above.",
        ),
    ),
    ActKind.EXTENSION_REFUSED: ActForm(
        Text("Không cho lùi hạn", "Do not extend the limit"),
        _always(Text("Hạn cũ vẫn tính.", "The present limit holds.")),
        words=FormField(_MORE),
        document=FormField(_PAPER_IF_ANY),
    ),
    ActKind.CLOSED: ActForm(
        Text("Đã nhận kết quả, đóng việc", "The result came: close the case"),
        _always(
            Text(
                "Việc được tính là đã xong theo ngày ấy; mọi nơi đã biết việc này được báo.",
                "The matter counts as done on that day; all who know of it are told.",
            )
        ),
        words=FormField(_MORE),
        document=FormField(Text("Số văn bản của đơn vị", "Number of the unit's document"), required=True),
        done_on=FormField(Text("Đơn vị gửi ngày", "Handed in on"), required=True),
        hint=Text(
            "Thôi đôn đốc việc này.",
            "It is followed up no longer.",
        ),
    ),
    ActKind.DEMANDED: ActForm(Text("Đề nghị đơn vị giải trình", "Demand an explanation"), _is_awaited),
    ActKind.TAKEN_BACK: ActForm(
        Text("Rút lại", "Take it back"),
        _always(
            Text(
                "Từ đêm tới coi như chưa trả lời; vẫn còn trong sổ.",
                "From the next night on it counts as never said; it stays on record.",
            )
        ),
    ),
}
