"""Codes of lint: rules that load well and may not mean what their author thinks."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

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
            "No unit is of the kind that 'kind' names, or of one with a similar name. The rule is ready: it is "
            "judged as soon as such units are in units.csv.",
        ),
        "{kind: co-so-tro-giup, within: tw.chinh_phu}",
        note=True,
    ),
    Code(
        "nobody-now",
        Text(
            "Vào ngày được kiểm tra, quy tắc không có đơn vị nào phải thực hiện, nhưng vào ngày khác thì có: "
            "đơn vị đã kết thúc, hoặc chưa thành lập. Nếu đã có đơn vị kế thừa, nêu đơn vị mới trong quy tắc.",
            "The rule binds no unit on the day of the check, but does on other days: its units have ended or do "
            "not exist yet. If other units took over, name those.",
        ),
        note=True,
    ),
    Code(
        "nobody-else",
        Text(
            "Không cơ quan nào ngoài chính đơn vị phải thực hiện được báo, ở mọi bậc của thang: quá hạn bao lâu "
            "cũng không ai khác biết. Thường do thiếu «monitor», «reports_to» hoặc thiếu quan hệ trong dữ liệu.",
            "No step of the ladder notifies anybody but the bound unit: however late it is, nobody else will "
            "know. Usually 'monitor', 'reports_to' or relations in the data are missing.",
        ),
        note=True,
    ),
    Code(
        "step-nobody",
        Text(
            "Một bậc của thang không tới được ai, với mọi đơn vị của quy tắc, vì dữ liệu hoặc quy tắc thiếu "
            "điều nêu trong ngoặc; lượt báo chuyển ngay sang bậc sau. Bậc bị chặn vì cao hơn cơ quan ban hành "
            "thì không nêu: đó là cố ý.",
            "A step of the ladder reaches nobody for any unit of the rule, because the data or the rule lack what "
            "the brackets say; its turn passes to the next step at once. A step that would go above the issuer is "
            "not reported: the ladder ends there on purpose.",
        ),
        note=True,
    ),
    Code(
        "self-dropped",
        Text(
            "Đơn vị phải thực hiện cũng chính là cơ quan theo dõi, cơ quan ban hành hoặc nơi nhận báo cáo. "
            "Không ai bị báo về chính mình, nên lượt báo đó bị bỏ. Nếu có cơ quan khác theo dõi thì ghi vào quy "
            "tắc.",
            "The bound unit is itself the monitor, the issuer or the office reported to. No unit is notified as "
            "its own supervisor, so that reader is left out. If another office follows up, name it in the rule.",
        ),
        "monitor: dl.ban_thuong_vu_huyen_uy",
        note=True,
    ),
    Code(
        "mailbox-missing",
        Text(
            "Có cơ quan sẽ được báo mà chưa có hộp thư vào ngày đó. Thư gửi tạm tới cấp trên gần nhất có hộp "
            "thư, kèm ghi chú. Bổ sung vào mailboxes.csv.",
            "An office would be notified and has no mailbox on that day. Its letter goes to the nearest body "
            "above that has one, with a note. Add the mailbox to mailboxes.csv.",
        ),
        note=True,
    ),
    Code(
        "mailbox-nowhere",
        Text(
            "Có cơ quan sẽ được báo mà cả nó lẫn mọi cấp trên đều chưa có hộp thư: không thư nào tới, chỉ người "
            "vận hành biết. Bổ sung vào mailboxes.csv.",
            "An office would be notified, and neither it nor any body above has a mailbox: no letter arrives, "
            "only the operator knows. Add the mailbox to mailboxes.csv.",
        ),
        note=True,
    ),
    Code(
        "mailbox-shared",
        Text(
            "Các cơ quan khác cấp dùng chung một hộp thư: cấp dưới đọc thư của cấp trên. Xem lại mailboxes.csv.",
            "Offices of different levels share a mailbox: the lower one reads the letters of the higher. Review "
            "mailboxes.csv.",
        ),
        note=True,
    ),
    Code(
        "attach-without-reminder",
        Text(
            "Văn bản muốn thư kèm mục lịch về hạn, mà không quy tắc nào nhắc trước hạn: mục lịch đi cùng thư "
            "nhắc. Thêm «remind» hoặc «warn_before», hoặc bỏ «attach».",
            "A directive asks for calendar entries and no rule reminds before its limit: an entry comes with a "
            "reminder. Add 'remind' or 'warn_before', or delete 'attach'.",
        ),
        note=True,
    ),
    Code(
        "unit-nameless",
        Text(
            "Có cơ quan sẽ được báo mà không có tên vào ngày đó: thư ghi tên của ngày khác, hoặc mã. Bổ sung "
            "names.csv.",
            "An office would be notified and has no name on that day: letters print another day's, or its "
            "id. Add the name to names.csv.",
        ),
        note=True,
    ),
    Code(
        "rule-duplicate",
        Text(
            "Hai quy tắc đòi hỏi cùng một điều của cùng đơn vị, cùng lúc: một thiếu sót thành hai hồ sơ, và một "
            "báo cáo chỉ giải quyết được một. Bỏ một quy tắc, trừ khi thật có hai văn bản cùng yêu cầu.",
            "Two rules demand the same of the same units at the same time: one failure becomes two cases, and one "
            "report settles only one of them. Delete one, unless two documents really demand it.",
        ),
        note=True,
    ),
    Code(
        "rule-subsumed",
        Text(
            "Quy tắc này đòi hỏi ít hơn một quy tắc khác về cùng hoạt động, cùng kỳ, cùng đơn vị, nên ai đạt "
            "quy tắc kia thì luôn đạt quy tắc này. Bỏ quy tắc này, hoặc sửa «at_least».",
            "This rule demands less than another one of the same activity, period and units, so a unit that meets "
            "that one meets this one too. Delete it, or change 'at_least'.",
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
            "allowed: beyond both, a reader sees one row for the severer limit, which names the other; each limit "
            "has its own case.",
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
            "One rule is broken above and another below the same limit: only that very value meets both. Usually "
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
            "the point separates the decimals: 1.426 is a little more than one, not a thousand.",
        ),
        "above: 1.426 → above: 1426",
        note=True,
    ),
    Code(
        "masked",
        Text(
            "Ngưỡng nhỏ hơn 3 trên chỉ tiêu nhạy cảm. Số 1 và 2 được in là «dưới 3»; để không lộ số, thư khi đó "
            "cũng không in ngưỡng và mọi chênh lệch. Không cần sửa, nhưng nên biết thư sẽ nói ít.",
            "A limit below 3 on a sensitive indicator. Letters print counts of 1 and 2 as under 3; so as not to "
            "reveal them, they then print neither the limit nor any difference. Nothing needs fixing, but letters "
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
            "The calendar ends within the next twelve months. The program refuses the first night beyond it and "
            "sends nothing. Extend 'covers', and add the new year's holidays once they are announced.",
        ),
        "covers: {from: 2015-01-01, until: 2027-12-31}",
        note=True,
    ),
    Code(
        "calendar-late",
        Text(
            "Lịch bắt đầu sau ngày một văn bản có hiệu lực, nên các đêm trước đó không chạy lại được. Sửa ngày "
            "đầu của «covers».",
            "The calendar begins after a directive came into force, so the nights before cannot be replayed. Move "
            "the first day of 'covers'.",
        ),
        note=True,
    ),
    Code(
        "calendar-provisional",
        Text(
            "Trong mười hai tháng tới có những ngày mà lịch nghỉ chưa được công bố. Hạn tính qua các ngày đó có "
            "thể đổi. Khi có thông báo thì cập nhật lịch và dời «provisional_from».",
            "Holidays within the next twelve months are not all announced yet. Limits counted over those days may "
            "move. Once they are announced, update the calendar and move 'provisional_from'.",
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
            "passes unjudged and unnoticed. Add the dates of the missing years.",
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
            "If nobody acts, an office gets more letters in the coming nights than 'budget' in mail.yaml allows. "
            "The letters still leave. Nobody reads letters that come too often: see dondoc forecast, then widen "
            "the ladder or raise the budget.",
        ),
        "budget: {per_office: 4, days: 7}",
        note=True,
    ),
    Code(
        "figures-of-other-periods",
        Text(
            "Trong cơ sở dữ liệu có số liệu của chỉ tiêu này, nhưng theo kỳ khác với «per» (ví dụ theo tháng, quy "
            "tắc hỏi theo quý), nên không được xét; hệ thống không tự cộng các tháng. Nạp số liệu theo kỳ của quy "
            "tắc, hoặc sửa «per».",
            "The database holds figures of the indicator by another period than 'per' (by month under a rule by "
            "quarter), so they are not judged; months are not added up. Import figures of the rule's period, or "
            "correct 'per'.",
        ),
        "per: calendar-quarter → per: calendar-month",
        note=True,
    ),
    Code(
        "reports-of-other-periods",
        Text(
            "Có báo cáo ghi kỳ mà không quy tắc nào hỏi (ví dụ «quý I» dưới quy tắc hằng tháng), nên không tính "
            "cho việc nào và chờ mãi. Sửa cột «task» của báo cáo, hoặc sửa «every».",
            "Reports name a period that no rule asks for (a quarter under a monthly rule), so they settle nothing "
            "and wait for ever. Correct the column 'task' of the report, or 'every'.",
        ),
        "due: {every: calendar-quarter, by: 15}",
        note=True,
    ),
    Code(
        "code-of-no-rule",
        Text(
            "Trong cơ sở dữ liệu có dòng mang mã báo cáo, hoạt động, nhiệm vụ hay chỉ tiêu mà không quy tắc nào "
            "dùng, nên không tính cho việc nào: đơn vị đã báo cáo vẫn bị nhắc. Thường là gõ nhầm: nạp bản sửa "
            "cùng ref.",
            "Rows of the database have a code of a report, activity, task or indicator that no rule reads, so "
            "they count for nothing, and who reported is urged all the same. Mostly it is a slip: import a "
            "correction under the same ref.",
        ),
        "report: plans → report: plan",
        note=True,
    ),
    Code(
        "rule-without-rows",
        Text(
            "Có quy tắc dùng mã mà chưa dòng dữ liệu nào từng có. Nếu đơn vị đã gửi dữ liệu thì mã trong quy tắc "
            "hoặc trong dữ liệu gõ nhầm; nếu chưa ai gửi thì không phải sửa gì.",
            "Rules read a code that no row of data ever had. If units have sent data, the code is mistyped in the "
            "rule or in the data; if nobody has yet, nothing needs a change.",
        ),
        "overdue: {report: plan, …}",
        note=True,
    ),
    Code(
        "row-refused",
        Text(
            "Một dòng của tệp CSV không nhận được, nên đơn vị, quan hệ hoặc hộp thư đó không có khi kiểm tra. "
            "Sửa dòng như thông báo nêu; nạp dữ liệu thật cũng bị từ chối như vậy.",
            "A row of a CSV file was rejected, so the check did not see that unit, relation or mailbox. Correct "
            "the row as the message says; an import rejects it too.",
        ),
    ),
)
