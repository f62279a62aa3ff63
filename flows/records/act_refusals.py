"""Why what an office says is not accepted, in words: what is wrong, and what to do."""

from __future__ import annotations

from dondoc.engine.cases.act_gate import RefusedAct
from dondoc.engine.domain.model import Text

# By reason; in braces what `flows/records/acts.py` fills in.
REFUSALS = {
    RefusedAct.CASE_CLOSED: Text("Hồ sơ {case} đã đóng, không cần trả lời nữa.", "The case is closed."),
    RefusedAct.HANDED_OVER: Text(
        "Hồ sơ {case} đã được chuyển cho đơn vị khác; đêm tới hồ sơ này đóng và đơn vị ấy có hồ sơ mới.",
        "It was given to another unit: the next night closes it, and opens one for that unit.",
    ),
    RefusedAct.NOT_CLOSED: Text("Hồ sơ {case} đang mở.", "The case is open."),
    RefusedAct.NOT_BY_A_REPORT: Text(
        "Hồ sơ {case} không đóng vì một báo cáo, nên không mở lại được.",
        "It was not closed by a report, and is not opened again.",
    ),
    RefusedAct.CLOSED_TOO_LONG: Text(
        "Hồ sơ {case} đã đóng từ {closed}, quá {window} ngày làm việc; rút báo cáo bằng dondoc withdraw, đêm sau "
        "sẽ mở hồ sơ mới.",
        "It closed on {closed}: withdraw the report (dondoc withdraw), and the next night opens another case.",
    ),
    RefusedAct.NOT_ITS_FOLLOWER: Text(
        "Chỉ cơ quan theo dõi, nhận báo cáo hoặc ban hành đóng, mở lại hồ sơ {case}; {who} thì không.",
        "Only who follows it up, receives the report or issued the directive closes or reopens it.",
    ),
    RefusedAct.NOT_ITS_ASSIGNER: Text(
        "Chỉ cơ quan theo dõi hoặc ban hành ({assigner}) quyết định hồ sơ {case} của đơn vị nào; {who} thì không.",
        "Only who follows it up or issued the directive decides whose it is.",
    ),
    RefusedAct.NOBODY_ASSIGNS: Text(
        "Hồ sơ {case} không có cơ quan theo dõi hoặc ban hành nào để quyết định chuyển; đơn vị có thể giải trình.",
        "No office is left that could give it to another unit: the unit can explain.",
    ),
    RefusedAct.BY_ITS_RULE: Text(
        "Hồ sơ {case} tính theo số liệu hoặc số lần của chính đơn vị, không chuyển cho đơn vị khác được; nếu quy "
        "tắc nêu sai đơn vị thì sửa applies_to.",
        "It counts the unit's own figures or times and cannot be another's: correct applies_to of the rule.",
    ),
    RefusedAct.DISOWNED_ALREADY: Text(
        "{who} đã báo hồ sơ {case} không thuộc trách nhiệm của mình; mỗi hồ sơ báo một lần.",
        "That office has said so already, which it can once for each case.",
    ),
    RefusedAct.NOTHING_TO_DECIDE: Text(
        "Hồ sơ {case} không có báo «không thuộc trách nhiệm» nào đang chờ; xem dondoc case show {case}.",
        "No unit waits for such a decision: see dondoc case show {case}.",
    ),
    RefusedAct.ITS_ALREADY: Text(
        "{to} đã có việc này; chuyển cho đơn vị chưa có.",
        "That unit has it already: name one that does not.",
    ),
    RefusedAct.WITHOUT_A_DAY: Text(
        "Chuyển việc cho đơn vị khác cần ngày của văn bản: thêm --date.",
        "The day of the document is needed: --date.",
    ),
    RefusedAct.NOT_YET_ISSUED: Text(
        "Ngày của văn bản chuyển việc chưa đến.", "The day of the document lies ahead."
    ),
    RefusedAct.NOT_RESPONSIBLE: Text(
        "{who} không phải đơn vị thực hiện hồ sơ {case} ({own}), nên không trả lời thay được.",
        "Only the responsible unit can say that of this case.",
    ),
    RefusedAct.NOT_CONCERNED: Text(
        "{who} chưa được báo về hồ sơ {case}, nên chưa có gì để trả lời.",
        "That office was never told of this case.",
    ),
    RefusedAct.ITS_OWN_CASE: Text(
        "{who} là đơn vị thực hiện hồ sơ {case}, không tự đề nghị mình giải trình.",
        "An office demands no explanation from itself.",
    ),
    RefusedAct.DEMANDED_ALREADY: Text(
        "{who} đã đề nghị giải trình hồ sơ {case}, và đơn vị chưa trả lời.",
        "It has demanded an explanation already, which is still awaited.",
    ),
    RefusedAct.NOT_ITS_ISSUER: Text(
        "Chỉ cơ quan ban hành hoặc giao việc ({issuers}) cho lùi hạn hồ sơ {case}; {who} thì không.",
        "Only who issued the directive or the task can decide on its limit.",
    ),
    RefusedAct.NOT_ITS_RECEIVER: Text(
        "Chỉ {receiver} xác nhận được điều đã báo ở hồ sơ {case}; {who} thì không.",
        "Only the office that receives the report confirms what was declared.",
    ),
    RefusedAct.NO_REPORT: Text(
        "Hồ sơ {case} không đòi một văn bản; nạp số liệu hoặc hoạt động bằng dondoc import.",
        "This case asks for no report: import what was done or measured.",
    ),
    RefusedAct.NOT_YET_DONE: Text("Ngày gửi {done} chưa đến.", "The day of handing in lies ahead."),
    RefusedAct.BEFORE_THE_DIRECTIVE: Text(
        "Ngày gửi {done} trước ngày ban hành văn bản {since}.",
        "It is older than the directive, issued on {since}.",
    ),
    RefusedAct.NOTHING_TO_CONFIRM: Text(
        "Hồ sơ {case} không có báo gửi nào đang chờ xác nhận; xem dondoc case show {case}.",
        "Nothing that was declared waits to be confirmed: see dondoc case show {case}.",
    ),
    RefusedAct.WITHOUT_LIMIT: Text(
        "Hồ sơ {case} không có hạn nộp để lùi; đơn vị có thể giải trình (dondoc case explain).",
        "This case has no limit that could be extended: the unit can explain.",
    ),
    RefusedAct.IN_THE_FUTURE: Text("Ngày trả lời {on} chưa đến.", "The day of the answer lies ahead."),
    RefusedAct.BEFORE_THE_CASE: Text(
        "Ngày trả lời {on} trước ngày mở hồ sơ {opened}.", "The answer is older than the case, opened on {opened}."
    ),
    RefusedAct.TOO_LONG: Text(
        "Nội dung dài {length} ký tự, nhiều nhất {most}; viết gọn lại.",
        "{length} characters, at most {most}: shorten it.",
    ),
    RefusedAct.WITHOUT_WORDS: Text(
        "Giải trình, xin lùi hạn, mở lại, không xác nhận hoặc không chuyển cần nêu lý do: thêm --words.",
        "A reason is needed: add --words.",
    ),
    RefusedAct.WITHOUT_DOCUMENT: Text(
        "Báo đã gửi, cho lùi hạn hoặc chuyển đơn vị khác cần số văn bản: thêm --document.",
        "A report, an extension and a reassignment need their document: add --document.",
    ),
    RefusedAct.USED_UP: Text(
        "{who} đã trả lời «đã biết» đủ {times} lần; nay cần giải trình với ngày hẹn (dondoc case explain).",
        "It has acknowledged {times} times: what is needed now is an explanation with a promised day.",
    ),
    RefusedAct.PROMISE_PASSED: Text("Ngày hẹn {until} đã qua.", "The promised day has passed."),
    RefusedAct.PROMISE_TOO_FAR: Text(
        "Ngày hẹn {until} xa quá: nhiều nhất {days} ngày làm việc, tức là đến {furthest}.",
        "Too far ahead: at most {days} working days, which is {furthest}.",
    ),
    RefusedAct.NO_LATER_LIMIT: Text(
        "Hạn mới {until} phải sau hạn hiện nay {last} và không trước hôm nay.",
        "The new limit has to be later than the present one, {last}, and not before today.",
    ),
    RefusedAct.BEYOND_THE_DIRECTIVE: Text(
        "Hạn mới {until} sau ngày văn bản hết hiệu lực {ends}; sau ngày ấy văn bản không còn đòi hỏi gì.",
        "The new limit lies behind the last day on which the directive binds, {ends}.",
    ),
    RefusedAct.NOT_BELOW: Text(
        "{to} không phải đơn vị cấp dưới của đơn vị thực hiện ({own}), nên không phân công được; chuyển hẳn cho "
        "đơn vị khác thì dùng dondoc case reassign.",
        "That unit does not stand below the responsible one: dondoc case reassign gives it away for good.",
    ),
    RefusedAct.DOES_IT_ALREADY: Text(
        "{to} đã được phân công thực hiện hồ sơ {case}.", "That unit does it already."
    ),
    RefusedAct.GRANTED_STAYS: Text(
        "Đã cho lùi hạn, đã mở lại hoặc đã chuyển đơn vị khác thì không rút lại được, vì đã báo cho các nơi; hạn "
        "đã cho lùi qua liên kết chỉ rút được trong một ngày làm việc.",
        "What was extended, opened again or given to another unit stays so: all who knew are told of it. Only a "
        "limit that was extended by a link is taken back, within one working day.",
    ),
    RefusedAct.NOTHING_TO_TAKE_BACK: Text(
        "{who} không có trả lời số {number} còn hiệu lực ở hồ sơ {case}; xem dondoc case show {case}.",
        "That office has no such answer in force: see dondoc case show {case}.",
    ),
}
