"""Codes of the review: rules that read well and may not mean what their author thinks."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.codes.entry import Code

MEANINGS = (
    Code(
        "nobody-ever",
        Text(
            "Suốt thời gian văn bản có hiệu lực, «applies_to» không chọn được đơn vị nào, nên quy tắc không có "
            "tác dụng. Xem lại «kind», «level», «within» so với units.csv và relations.csv.",
            "While the directive is in force 'applies_to' selects no unit at all, so the rule does nothing. "
            "Compare 'kind', 'level' and 'within' with units.csv and relations.csv.",
        ),
        "{kind: ubnd, level: commune, within: ln.ubnd_huyen}",
    ),
    Code(
        "kind-absent",
        Text(
            "Dữ liệu đơn vị chưa có đơn vị nào thuộc loại ghi ở «kind», cũng không có loại nào gần giống. Quy tắc "
            "chờ sẵn: bổ sung các đơn vị đó vào units.csv thì đêm sau xét.",
            "The units have none of the kind that 'kind' names, nor of one that looks like it. The rule stands "
            "ready: it is judged as soon as such units are in units.csv.",
        ),
        "{kind: co-so-tro-giup, within: tw.chinh_phu}",
        note=True,
    ),
    Code(
        "nobody-now",
        Text(
            "Vào ngày được kiểm tra, quy tắc không có đơn vị nào phải thực hiện, nhưng vào ngày khác thì có: "
            "đơn vị đã kết thúc, hoặc chưa thành lập. Nếu đã có đơn vị kế thừa, nêu đơn vị mới trong quy tắc.",
            "On the day looked at nobody is bound by the rule, on others somebody is: the units have ended or not "
            "begun. If others took over, name those.",
        ),
        note=True,
    ),
    Code(
        "nobody-else",
        Text(
            "Không cơ quan nào ngoài chính đơn vị phải thực hiện được báo, ở mọi bậc của thang: quá hạn bao lâu "
            "cũng không ai khác biết. Thường do thiếu «monitor», «reports_to» hoặc thiếu quan hệ trong dữ liệu.",
            "Nobody but the bound unit hears, at any step of the ladder: however late it is, nobody else will "
            "know. Mostly 'monitor', 'reports_to' or relations in the data are missing.",
        ),
        note=True,
    ),
    Code(
        "step-nobody",
        Text(
            "Một bậc của thang không tới được ai, với mọi đơn vị của quy tắc, vì dữ liệu hoặc quy tắc thiếu "
            "điều nêu trong ngoặc; lượt báo chuyển ngay sang bậc sau. Bậc bị chặn vì cao hơn cơ quan ban hành "
            "thì không nêu: đó là cố ý.",
            "A step of the ladder reaches nobody for any unit of the rule, because data or rule lack what "
            "stands in brackets; its turn passes to the next step at once. A step stopped above the issuer is "
            "not named: that is meant.",
        ),
        note=True,
    ),
    Code(
        "self-dropped",
        Text(
            "Đơn vị phải thực hiện cũng chính là cơ quan theo dõi, cơ quan ban hành hoặc nơi nhận báo cáo. "
            "Không ai bị báo về chính mình, nên lượt báo đó bị bỏ. Nếu có cơ quan khác theo dõi thì ghi vào quy "
            "tắc.",
            "The bound unit is itself the monitor, the issuer or the recipient. Nobody is told about himself, "
            "so that reader is left out. If another office follows up, write it in the rule.",
        ),
        "monitor: dl.ban_thuong_vu_huyen_uy",
        note=True,
    ),
    Code(
        "mailbox-missing",
        Text(
            "Có cơ quan sẽ được báo mà chưa có hộp thư vào ngày đó. Thư gửi tạm tới cấp trên gần nhất có hộp "
            "thư, kèm ghi chú. Bổ sung vào mailboxes.csv.",
            "Some office would hear and has no mailbox on that day. Its letter goes to the nearest body above "
            "that has one, with a note. Add it to mailboxes.csv.",
        ),
        note=True,
    ),
    Code(
        "mailbox-nowhere",
        Text(
            "Có cơ quan sẽ được báo mà cả nó lẫn mọi cấp trên đều chưa có hộp thư: không thư nào tới, chỉ người "
            "vận hành biết. Bổ sung vào mailboxes.csv.",
            "Some office would hear, and neither it nor anybody above has a mailbox: no letter arrives, only the "
            "operator knows. Add it to mailboxes.csv.",
        ),
        note=True,
    ),
    Code(
        "rule-duplicate",
        Text(
            "Hai quy tắc đòi hỏi cùng một điều của cùng đơn vị, cùng lúc: một thiếu sót thành hai hồ sơ, và một "
            "báo cáo chỉ giải quyết được một. Bỏ một quy tắc, trừ khi thật có hai văn bản cùng yêu cầu.",
            "Two rules ask the same of the same units at the same time: one failure becomes two cases, and one "
            "report settles only one of them. Delete one, unless two documents really ask for it.",
        ),
        note=True,
    ),
    Code(
        "rule-subsumed",
        Text(
            "Quy tắc này đòi hỏi ít hơn một quy tắc khác về cùng hoạt động, cùng kỳ, cùng đơn vị, nên ai đạt "
            "quy tắc kia thì luôn đạt quy tắc này. Bỏ quy tắc này, hoặc sửa «at_least».",
            "This rule asks less than another does of the same activity, period and units, so whoever meets "
            "that one meets this. Delete it, or change 'at_least'.",
        ),
        "at_least: 1, at_least: 2 → at_least: 2",
        note=True,
    ),
    Code(
        "bands",
        Text(
            "Hai ngưỡng cùng phía trên một chỉ tiêu, một loại kỳ, của cùng đơn vị. Điều đó được phép: vượt cả "
            "hai thì người nhận thấy một dòng theo ngưỡng nặng hơn, có nhắc ngưỡng kia; mỗi ngưỡng là một hồ sơ "
            "và đóng riêng.",
            "Two limits on the same side of one indicator and kind of period, for the same units. That is "
            "allowed: beyond both, a reader sees one row by the severer one, naming the other; each is a case "
            "of its own.",
        ),
        "above: 3, above: 5",
        note=True,
    ),
    Code(
        "bands-crossed",
        Text(
            "Ngưỡng nặng chỉ hết vi phạm sau khi ngưỡng nhẹ đã hết, nên có lúc hồ sơ nặng còn mở mà hồ sơ nhẹ "
            "đã đóng. Đặt mức hết vi phạm của ngưỡng nặng không thấp hơn của ngưỡng nhẹ (với «below» thì ngược "
            "lại).",
            "The severe limit clears only after the mild one has, so at times the severe case is open and the "
            "mild one closed. Let the severe limit clear no lower than the mild one (no higher, with 'below').",
        ),
        "above: 5, clear_at_or_below: 1 → above: 5, clear_at_or_below: 4",
        note=True,
    ),
    Code(
        "limits-exclude",
        Text(
            "Một quy tắc vi phạm khi trên một mức, quy tắc kia vi phạm khi dưới một mức cao hơn: giá trị nào "
            "cũng vi phạm. Mức của «below» phải thấp hơn mức của «above».",
            "One rule is broken above a limit, another below a higher one: every value breaks one of them. The "
            "limit of 'below' must be lower than that of 'above'.",
        ),
        "above: 3, below: 5 → above: 5, below: 3",
    ),
    Code(
        "limits-one-value",
        Text(
            "Một quy tắc vi phạm khi trên, quy tắc kia vi phạm khi dưới cùng một mức: chỉ đúng giá trị đó là "
            "đạt cả hai. Thường một trong hai mức viết nhầm.",
            "One rule is broken above and another below the same limit: only that very value meets both. Mostly "
            "one of the limits is a mistake.",
        ),
        "above: 3, below: 3",
        note=True,
    ),
    Code(
        "thousands",
        Text(
            "Số có đúng ba chữ số sau dấu chấm, của một chỉ tiêu đếm người hay việc. Trong tệp quy tắc, dấu "
            "chấm ngăn phần thập phân: 1.426 là hơn một, không phải một nghìn bốn trăm hai mươi sáu.",
            "A number with exactly three decimals, on an indicator that counts people or things. In a rule file "
            "the point begins the decimals: 1.426 is a little more than one, not a thousand.",
        ),
        "above: 1.426 → above: 1426",
        note=True,
    ),
    Code(
        "masked",
        Text(
            "Ngưỡng nhỏ hơn 3 trên chỉ tiêu nhạy cảm. Số 1 và 2 được in là «dưới 3»; để không lộ số, thư khi đó "
            "cũng không in ngưỡng và mọi chênh lệch. Không cần sửa, nhưng nên biết thư sẽ nói ít.",
            "A limit below 3 on a sensitive indicator. Counts of 1 and 2 are printed as under 3, and so as not "
            "to give them away neither the limit nor any difference is printed then. Nothing to mend; letters "
            "will say little.",
        ),
        "above: 1",
        note=True,
    ),
    Code(
        "calendar-short",
        Text(
            "Lịch hết trong vòng mười hai tháng tới. Đêm đầu tiên không có trong lịch sẽ bị từ chối, không thư "
            "nào được gửi. Kéo dài «covers», và ghi ngày nghỉ của năm mới khi có thông báo.",
            "The calendar ends within the coming twelve months. The first night beyond it is refused and "
            "nothing is sent. Extend 'covers', and write the new year's holidays once they are announced.",
        ),
        "covers: {from: 2015-01-01, until: 2027-12-31}",
        note=True,
    ),
    Code(
        "calendar-late",
        Text(
            "Lịch bắt đầu sau ngày một văn bản có hiệu lực, nên các đêm trước đó không chạy lại được. Sửa ngày "
            "đầu của «covers».",
            "The calendar begins after a directive came into force, so the nights before cannot be played. Move "
            "the first day of 'covers'.",
        ),
        note=True,
    ),
    Code(
        "calendar-provisional",
        Text(
            "Trong mười hai tháng tới có những ngày mà lịch nghỉ chưa được công bố. Hạn tính qua các ngày đó có "
            "thể đổi. Khi có thông báo thì cập nhật lịch và dời «provisional_from».",
            "Within the coming twelve months there are days whose holidays are not announced. Limits counted "
            "over them may move. Once they are, update the calendar and move 'provisional_from'.",
        ),
        "provisional_from: 2027-01-01",
        note=True,
    ),
    Code(
        "occasion-short",
        Text(
            "Có hơn một năm mà ngày lễ này không có ngày nào trong calendar.yaml, dù văn bản còn hiệu lực: dịp "
            "đó bị bỏ qua, không ai biết. Ghi thêm ngày của các năm còn thiếu.",
            "For more than a year the occasion has no date in calendar.yaml while the directive is in force: it "
            "passes unjudged and unnoticed. Add the dates of the years that are missing.",
        ),
        "dates: [2026-09-25, 2027-09-15]",
        note=True,
    ),
    Code(
        "budget-passed",
        Text(
            "Nếu không ai làm gì thêm, trong những đêm tới có cơ quan nhận nhiều thư hơn mức ghi ở «budget» "
            "trong mail.yaml. Thư vẫn đi. Thư quá dày thì không ai đọc: xem dondoc forecast, rồi giãn thang hoặc "
            "nâng mức.",
            "If nobody acts, some office gets more letters in the coming nights than 'budget' in mail.yaml "
            "allows. They still leave. Letters that come too often are not read: see dondoc forecast, then widen "
            "the ladder or raise the budget.",
        ),
        "budget: {per_office: 4, days: 7}",
        note=True,
    ),
    Code(
        "row-refused",
        Text(
            "Một dòng của tệp CSV không nhận được, nên đơn vị, quan hệ hoặc hộp thư đó không có khi kiểm tra. "
            "Sửa dòng như thông báo nêu; nạp dữ liệu thật cũng bị từ chối như vậy.",
            "A row of a CSV file was not taken, so that unit, relation or mailbox was not there for the check. "
            "Mend the row as the message says; an import refuses it just so.",
        ),
    ),
)
