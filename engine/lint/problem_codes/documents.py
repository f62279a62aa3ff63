"""Codes of directives, rules, their limits and references, waivers and tests."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

DOCUMENTS = (
    Code(
        "directive-twice",
        Text(
            "Hai văn bản cùng tên tệp ở hai thư mục, nên mã quy tắc sẽ trùng nhau. Đổi tên một tệp.",
            "Two directives have files of the same name in two folders, so their rule ids collide. Rename one.",
        ),
    ),
    Code(
        "code-twice",
        Text(
            "Hai văn bản cùng «code»; mã hồ sơ bắt đầu bằng mã này nên phải khác nhau.",
            "Two directives have the same 'code'; case codes begin with it, so it must differ.",
        ),
        "code: LN15",
    ),
    Code(
        "obligation-twice",
        Text(
            "Một nghĩa vụ thuộc về hai văn bản, hoặc vừa được xét vừa nằm trong «register». Mỗi nghĩa vụ chỉ ở "
            "một chỗ; quy tắc «basis: example» thì được dựa vào nghĩa vụ trong «register».",
            "An obligation belongs to two directives, or is both judged and in the register. It must be in one "
            "place; only a rule with 'basis: example' may refer to an obligation in the register.",
        ),
    ),
    Code(
        "blank-half",
        Text(
            "Quy tắc chuẩn bị sẵn trong «register» mới được điền một phần. Thông số, «set_by» (cơ quan đặt) và "
            "«set_on» (ngày đặt) được điền cùng một lúc; chưa có thì để trống «___» cả.",
            "A rule prepared in the register is only partly filled in. Fill in the parameter, 'set_by' (the "
            "office) and 'set_on' (the day) together, or leave all of them blank as '___'.",
        ),
        "at_least: 4, set_by: ___, set_on: ___ → at_least: 4, set_by: ln.ubnd_huyen, set_on: 2015-04-01",
    ),
    Code(
        "blank-here",
        Text(
            "Chỗ trống «___» chỉ dùng trong «judge» của một mục «register». Ở đây phải có giá trị.",
            "The blank '___' is only allowed in the 'judge' of a register entry. A value is needed here.",
        ),
        "at_least: ___ → at_least: 1",
    ),
    Code(
        "rule-twice",
        Text(
            "Một mã quy tắc dùng hai lần trong một tệp, ở «rules» hoặc ở «judge». Đổi một mã.",
            "A file uses one rule id twice, in 'rules' or in a 'judge'. Change one.",
        ),
    ),
    Code(
        "assumes-missing",
        Text(
            "Quy tắc không hoàn toàn theo văn bản thì phải nói rõ đã giả định điều gì; thư in điều đó.",
            "A rule that is not wholly in the document must say what it assumes; letters print it.",
        ),
        "basis: assumed → basis: assumed, assumes: {vi: …, en: …}",
    ),
    Code(
        "assumes-not-allowed",
        Text(
            "«basis: text» nghĩa là ngày và số có sẵn trong văn bản, nên không có gì để giả định. Bỏ «assumes», "
            "hoặc ghi «basis: assumed».",
            "'basis: text' means that the document itself gives day and number, so nothing is assumed. Delete "
            "'assumes', or write 'basis: assumed'.",
        ),
    ),
    Code(
        "confirm-not-allowed",
        Text(
            "«confirm» nói rằng cơ quan nhận báo cáo xác nhận điều đơn vị báo đã gửi. Hoạt động và số liệu thì "
            "nạp vào, không báo bằng một văn bản. Bỏ «confirm».",
            "'confirm' says that the office which receives a report confirms what a unit declares. Activities and "
            "figures are imported, not declared by one paper. Delete 'confirm'.",
        ),
    ),
    Code(
        "never-judged",
        Text(
            "Không đêm nào xét được: hạn, kỳ hoặc khoảng ngày nằm ngoài thời gian văn bản có hiệu lực, hoặc trước "
            "«judge_from», «set_on». Xem lại ngày, hoặc «in_force».",
            "No night can judge this: its limit, period or window lies outside the time the directive is in "
            "force, or before 'judge_from' or 'set_on'. Check the day, or 'in_force'.",
        ),
        "in_force: {until: 2015-12-31}, due: {by: 2016-01-10} → due: {by: 2015-12-31}",
    ),
    Code(
        "due-missing",
        Text(
            "Báo cáo («report») phải có hạn «due». Văn bản không nêu hạn thì để trong «register».",
            "A 'report' needs a 'due'. If the document gives none, put the obligation in the register.",
        ),
        "overdue: {report: plan} → overdue: {report: plan, due: {by: 2015-11-30}}",
    ),
    Code(
        "due-not-allowed",
        Text(
            "Nhiệm vụ được giao («task») mang hạn riêng từ tasks.csv, nên quy tắc không ghi «due», «judge_from».",
            "Assigned tasks bring their own due dates from tasks.csv, so the rule has no 'due' or 'judge_from'.",
        ),
        "overdue: {task: assigned}",
    ),
    Code(
        "clear-key",
        Text(
            "Mức hết vi phạm ghi nhầm phía: «above» và «rise» đi với «clear_at_or_below», «below» đi với "
            "«clear_at_or_above».",
            "The clearing value is on the wrong side: 'above' and 'rise' go with 'clear_at_or_below', 'below' "
            "with 'clear_at_or_above'.",
        ),
        "above: 3, clear_at_or_above: 2 → above: 3, clear_at_or_below: 2",
    ),
    Code(
        "clear-side",
        Text(
            "Mức hết vi phạm lại nằm ở phía vi phạm, nên hồ sơ sẽ đóng ngay khi vừa mở.",
            "The clearing value lies on the side of the breach, so a case would close as soon as it opens.",
        ),
        "above: 3, clear_at_or_below: 4 → above: 3, clear_at_or_below: 2",
    ),
    Code(
        "clear-terms",
        Text(
            "Với «rise» mức hết vi phạm là phần trăm; với ngưỡng khác là số.",
            "With 'rise' the clearing value is a percentage, with any other limit a number.",
        ),
        "rise: {above: 20 %, …}, clear_at_or_below: 10 %",
    ),
    Code(
        "for-differs",
        Text(
            "«for» và «per» phải đếm cùng một loại kỳ.",
            "'for' and 'per' must count the same kind of period.",
        ),
        "per: calendar-month, for: 2 calendar-quarter → for: 2 calendar-month",
    ),
    Code(
        "reading-no-period",
        Text(
            "«per: reading» lấy kỳ do số liệu tự ghi, nên không có kỳ trước để so và không biết lúc nào thiếu. "
            "Chọn một loại kỳ có tên.",
            "'per: reading' takes the period that each figure names, so no period precedes it and none can be "
            "missing. Choose a named period.",
        ),
        "per: reading → per: calendar-quarter",
    ),
    Code(
        "steps-not-rising",
        Text(
            "Các bậc của thang phải muộn dần: mỗi bậc ở vị trí lớn hơn bậc trước.",
            "Each step of a ladder must be at a higher position than the one before.",
        ),
        "at: 5 workdays, at: 10 workdays, at: 20 workdays",
    ),
    Code(
        "ladder-unknown",
        Text(
            "Quy tắc nêu một thang không có trong ladders.yaml. Sửa tên, hoặc thêm thang.",
            "The rule names a ladder that ladders.yaml does not have. Correct the name or add the ladder.",
        ),
        "ladder: document",
    ),
    Code(
        "calendar-unknown",
        Text(
            "Quy tắc nêu một lịch không có trong calendar.yaml. Không ghi gì thì dùng lịch «vn».",
            "The rule names a calendar that calendar.yaml does not have. A rule that names none uses 'vn'.",
        ),
        "calendar: vn",
    ),
    Code(
        "indicator-unknown",
        Text(
            "Chỉ tiêu này chưa có trong indicators.yaml. Sửa tên, hoặc thêm chỉ tiêu với đơn vị tính của nó.",
            "The indicator is not in indicators.yaml. Correct the name, or add it with its unit of measure.",
        ),
    ),
    Code(
        "occasion-unknown",
        Text(
            "Ngày lễ này chưa có trong «occasions» của calendar.yaml. Ngày âm lịch phải ghi sẵn từng năm.",
            "The occasion is not among the 'occasions' of calendar.yaml. List lunar days year by year.",
        ),
        "occasion: trung-thu",
    ),
    Code(
        "directive-unknown",
        Text(
            "Không có văn bản nào mang mã này. Mã văn bản là tên tệp của nó, bỏ đuôi .yaml.",
            "No directive has this id. Its id is its file's name without .yaml.",
        ),
        "279-ubnd-ldtbxh",
    ),
    Code(
        "rule-unknown",
        Text(
            "Không có quy tắc nào mang mã này. Mã quy tắc gồm tên tệp, dấu gạch chéo và khóa của quy tắc.",
            "No rule has this id. A rule's id is its file's name, a slash and its key.",
        ),
        "279-ubnd-ldtbxh/report-round-1",
    ),
    Code(
        "unit-unknown",
        Text(
            "Quy tắc nêu một đơn vị không có trong dữ liệu. Sửa mã theo gợi ý, hoặc thêm đơn vị vào units.csv; "
            "đêm có mã lạ bị từ chối.",
            "A rule names a unit that the data lacks. Correct the id or add the unit to units.csv; the program "
            "refuses a night with an unknown id.",
        ),
        "ln.ubnd_huyn → ln.ubnd_huyen",
    ),
    Code(
        "waiver-too-long",
        Text(
            "Thời gian tạm miễn dài hơn mức cho phép. Ghi ngắn lại; hết thời hạn thì xét và ghi tiếp.",
            "The waiver is longer than allowed. Shorten it, and grant it again when it has ended.",
        ),
    ),
    Code(
        "waiver-overlaps",
        Text(
            "Một đơn vị được tạm miễn cùng một quy tắc hai lần trong cùng thời gian. Gộp hai phần làm một.",
            "Two waivers of one rule for one unit overlap. Merge the two entries.",
        ),
    ),
    Code(
        "of-unfit",
        Text(
            "Quy tắc ở «of» không dùng được cho điều kiện này: «streak» cần quy tắc xét từng kỳ, «rollup» cần "
            "quy tắc xét từng đơn vị. Chọn quy tắc khác.",
            "The rule in 'of' does not fit this condition: 'streak' needs one that is judged period by period, "
            "'rollup' one that is judged unit by unit. Name another.",
        ),
        "streak: {of: monthly-broadcast, times: 3}",
    ),
    Code(
        "of-circle",
        Text(
            "Quy tắc dựa vào chính nó qua «of», thẳng hoặc vòng qua quy tắc khác. Bỏ một mắt xích.",
            "The rule is derived from itself through 'of', directly or through other rules. Remove one link.",
        ),
    ),
    Code(
        "at-least-malformed",
        Text(
            "Mức của «rollup» phải là phần trăm có dấu «%», hoặc số đơn vị có chữ «units».",
            "The limit of a 'rollup' is a percentage with its '%' sign, or a number followed by 'units'.",
        ),
        "at_least: 30 → at_least: 30 %",
    ),
    Code(
        "test-alone",
        Text(
            "Tệp bài thử phải nằm cạnh tệp văn bản cùng tên. Chuyển tệp, hoặc đổi tên cho khớp.",
            "A test file must be in the folder of the directive file of the same name. Move it, or rename it.",
        ),
        "luc-nam/279-ubnd.yaml, luc-nam/279-ubnd.test.yaml",
    ),
    Code(
        "period-malformed",
        Text(
            "Kỳ trong bài thử viết sai dạng: tháng, quý, nửa năm hay năm; «R» đứng trước nếu là kỳ báo cáo.",
            "The period in a test is malformed: a month, quarter, half or year, with 'R' before it for a "
            "reporting period.",
        ),
        "2019-7 → 2019-07",
    ),
    Code(
        "recorded-before-date",
        Text(
            "Trong bài thử, ngày nhập sớm hơn ngày việc xảy ra; dòng dữ liệu như vậy sẽ không được nhận khi nạp "
            "thật.",
            "In a test, a fact is recorded before it happened; an import would refuse such a row.",
        ),
    ),
    Code(
        "nights-missing",
        Text(
            "Bài thử không nêu đêm nào thì không thử được gì. Ghi ít nhất một đêm, có thể là «silent».",
            "A test without any night tests nothing. Give at least one, which may be 'silent'.",
        ),
        "nights: {2015-04-20: silent}",
    ),
    Code(
        "nights-too-many",
        Text(
            "Bài thử chạy quá nhiều đêm. Chia thành nhiều bài thử ngắn.",
            "The test runs too many nights. Split it into several short tests.",
        ),
    ),
    Code(
        "night-outside",
        Text(
            "Đêm này nằm ngoài khoảng «every_night» của bài thử, nên không bao giờ chạy. Mở rộng khoảng đó, "
            "hoặc bỏ đêm này.",
            "The night lies outside the test's 'every_night' and would never run. Widen the span or delete the "
            "night.",
        ),
    ),
    Code(
        "rule-left-out",
        Text(
            "Bài thử chờ một hồ sơ hay một thư của quy tắc mà «rules» của chính nó không kể, nên quy tắc ấy không "
            "tham gia. Kể thêm quy tắc, hoặc bỏ điều đang chờ.",
            "The test expects a case or letter of a rule that its 'rules' leave out, so that rule takes no part. "
            "Add the rule there, or delete what is expected.",
        ),
    ),
    Code(
        "base-left-out",
        Text(
            "Quy tắc chuỗi hoặc tổng hợp tính từ một quy tắc khác; bài thử kể tên nó mà không kể quy tắc gốc thì "
            "không có gì để tính. Kể cả hai ở «rules».",
            "A streak or a rollup is derived from another rule; a test that names it without that rule has "
            "nothing to count. Name both in 'rules'.",
        ),
    ),
    Code(
        "fact-unread",
        Text(
            "Dữ kiện của bài thử ghi một báo cáo, hoạt động, chỉ tiêu hay loại việc mà không quy tắc nào của văn "
            "bản hỏi đến: thường là viết nhầm, và bài thử khi đó không thử gì.",
            "A fact of the test names a report, activity, indicator or kind of task that no rule of the directive "
            "demands: usually a typing mistake, and the test then checks nothing.",
        ),
    ),
)
