"""Codes of directives, rules, their limits and references, waivers and tests."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.codes.entry import Code

DOCUMENTS = (
    Code(
        "directive-twice",
        Text(
            "Hai văn bản cùng tên tệp ở hai thư mục, nên mã quy tắc sẽ trùng nhau. Đổi tên một tệp.",
            "Two directives have files of one name in two folders, so their rule ids collide. Rename one.",
        ),
    ),
    Code(
        "code-twice",
        Text(
            "Hai văn bản cùng «code»; mã hồ sơ bắt đầu bằng mã này nên phải khác nhau.",
            "Two directives have one 'code'; the codes of cases begin with it, so it must differ.",
        ),
        "code: LN15",
    ),
    Code(
        "obligation-twice",
        Text(
            "Một nghĩa vụ thuộc về hai văn bản, hoặc vừa được xét vừa nằm trong «register». Mỗi nghĩa vụ chỉ ở "
            "một chỗ; quy tắc «basis: example» thì được dựa vào nghĩa vụ trong «register».",
            "An obligation belongs to two directives, or is both judged and in the register. It stands in one "
            "place; only a rule of 'basis: example' may hang on one of the register.",
        ),
    ),
    Code(
        "blank-half",
        Text(
            "Quy tắc chuẩn bị sẵn trong «register» mới được điền một phần. Thông số, «set_by» (cơ quan đặt) và "
            "«set_on» (ngày đặt) được điền cùng một lúc; chưa có thì để trống «___» cả.",
            "A rule made ready in the register is filled in part only. The parameter, 'set_by' (the office) and "
            "'set_on' (the day) are filled in together, or all left blank as '___'.",
        ),
        "at_least: 4, set_by: ___, set_on: ___ → at_least: 4, set_by: ln.ubnd_huyen, set_on: 2015-04-01",
    ),
    Code(
        "blank-here",
        Text(
            "Chỗ trống «___» chỉ dùng trong «judge» của một mục «register». Ở đây phải có giá trị.",
            "The blank '___' stands in the 'judge' of a register entry only. Here a value is needed.",
        ),
        "at_least: ___ → at_least: 1",
    ),
    Code(
        "rule-twice",
        Text(
            "Một mã quy tắc dùng hai lần trong một tệp, ở «rules» hoặc ở «judge». Đổi một mã.",
            "One rule id is used twice in a file, in 'rules' or in a 'judge'. Change one.",
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
            "'basis: text' means that the document itself gives day and number, so nothing is assumed. Drop "
            "'assumes', or write 'basis: assumed'.",
        ),
    ),
    Code(
        "never-judged",
        Text(
            "Không đêm nào xét được: hạn, kỳ hoặc khoảng ngày nằm ngoài thời gian văn bản có hiệu lực. Ngày quá "
            "hạn là hôm sau ngày cuối, cũng phải còn hiệu lực. Xem lại ngày, hoặc «in_force».",
            "No night can judge this: its limit, period or window lies outside the directive's force. The "
            "breach is the day after the last one, and must be in force too. Look at the day, or at 'in_force'.",
        ),
        "in_force: {until: 2015-12-31}, due: {by: 2015-12-31} → due: {before: 2015-12-31}",
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
            "Nhiệm vụ được giao («task») mang hạn riêng từ tasks.csv, nên quy tắc không ghi «due».",
            "Assigned tasks bring their own due dates from tasks.csv, so the rule has no 'due'.",
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
            "The clearing value lies on the bad side of the limit, so a case would close as it opens.",
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
            "'per: reading' takes whatever period a figure names, so nothing precedes it and nothing can be "
            "missing. Choose a named period.",
        ),
        "per: reading → per: calendar-quarter",
    ),
    Code(
        "steps-not-rising",
        Text(
            "Các bậc của thang phải muộn dần: mỗi bậc ở vị trí lớn hơn bậc trước.",
            "A ladder's steps must come later and later: each at a higher position than the one before.",
        ),
        "at: 5 workdays, at: 10 workdays, at: 20 workdays",
    ),
    Code(
        "ladder-unknown",
        Text(
            "Quy tắc nêu một thang không có trong ladders.yaml. Sửa tên, hoặc thêm thang.",
            "The rule names a ladder that ladders.yaml does not have. Mend the name or add the ladder.",
        ),
        "ladder: document",
    ),
    Code(
        "calendar-unknown",
        Text(
            "Quy tắc nêu một lịch không có trong calendar.yaml. Không ghi gì thì dùng lịch «vn».",
            "The rule names a calendar that calendar.yaml does not have. Without one, 'vn' is used.",
        ),
        "calendar: vn",
    ),
    Code(
        "indicator-unknown",
        Text(
            "Chỉ tiêu này chưa có trong indicators.yaml. Sửa tên, hoặc thêm chỉ tiêu với đơn vị tính của nó.",
            "The indicator is not in indicators.yaml. Mend the name, or add it with its unit of measure.",
        ),
    ),
    Code(
        "occasion-unknown",
        Text(
            "Ngày lễ này chưa có trong «occasions» của calendar.yaml. Ngày âm lịch phải ghi sẵn từng năm.",
            "The occasion is not among the 'occasions' of calendar.yaml. Lunar days are listed year by year.",
        ),
        "occasion: trung-thu",
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
            "A rule names a unit that the data lacks. Mend the id or add the unit to units.csv; a night with an "
            "unknown id is refused.",
        ),
        "ln.ubnd_huyn → ln.ubnd_huyen",
    ),
    Code(
        "waiver-too-long",
        Text(
            "Thời gian tạm miễn dài hơn mức cho phép. Ghi ngắn lại; hết thời hạn thì xét và ghi tiếp.",
            "The waiver is longer than is allowed. Make it shorter, and grant it anew when it has ended.",
        ),
    ),
    Code(
        "waiver-overlaps",
        Text(
            "Một đơn vị được tạm miễn cùng một quy tắc hai lần trong cùng thời gian. Gộp hai phần làm một.",
            "One unit is waived of one rule twice at a time. Join the two entries.",
        ),
    ),
    Code(
        "of-unfit",
        Text(
            "Quy tắc ở «of» không dùng được cho điều kiện này: «streak» cần quy tắc xét từng kỳ, «rollup» cần "
            "quy tắc xét từng đơn vị. Chọn quy tắc khác.",
            "The rule in 'of' does not suit this condition: 'streak' needs one that is judged period by period, "
            "'rollup' one that is judged unit by unit. Name another.",
        ),
        "streak: {of: monthly-broadcast, times: 3}",
    ),
    Code(
        "of-circle",
        Text(
            "Quy tắc dựa vào chính nó qua «of», thẳng hoặc vòng qua quy tắc khác. Bỏ một mắt xích.",
            "The rule stands on itself through 'of', straight or by way of others. Take one link away.",
        ),
    ),
    Code(
        "at-least-malformed",
        Text(
            "Mức của «rollup» phải là phần trăm có dấu «%», hoặc số đơn vị có chữ «units».",
            "The limit of a 'rollup' is a percentage with its sign, or a number followed by 'units'.",
        ),
        "at_least: 30 → at_least: 30 %",
    ),
    Code(
        "test-alone",
        Text(
            "Tệp bài thử phải nằm cạnh tệp văn bản cùng tên. Chuyển tệp, hoặc đổi tên cho khớp.",
            "A test file stands beside the directive of the same name. Move it, or rename it to match.",
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
            "In a test, a fact is entered before it happened; an import would not take such a row.",
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
            "The test plays too many nights. Write several short ones.",
        ),
    ),
    Code(
        "night-outside",
        Text(
            "Đêm này nằm ngoài khoảng «every_night» của bài thử, nên không bao giờ chạy. Mở rộng khoảng đó, "
            "hoặc bỏ đêm này.",
            "The night lies outside the test's 'every_night' and would never be played. Widen the span or drop "
            "the night.",
        ),
    ),
    Code(
        "rule-left-out",
        Text(
            "Bài thử chờ một hồ sơ hay một thư của quy tắc mà «rules» của chính nó không kể, nên quy tắc ấy không "
            "tham gia. Kể thêm quy tắc, hoặc bỏ điều đang chờ.",
            "The test expects something of a rule that its own 'rules' leave out, so that it does not take part. "
            "Add the rule there, or drop what is expected.",
        ),
    ),
    Code(
        "base-left-out",
        Text(
            "Quy tắc chuỗi hoặc tổng hợp tính từ một quy tắc khác; bài thử kể tên nó mà không kể quy tắc gốc thì "
            "không có gì để tính. Kể cả hai ở «rules».",
            "A streak or a roll-up is derived from another rule; a test that names it without that rule has "
            "nothing to count. Name both in 'rules'.",
        ),
    ),
    Code(
        "fact-unread",
        Text(
            "Dữ kiện của bài thử ghi một báo cáo, hoạt động, chỉ tiêu hay loại việc mà không quy tắc nào của văn "
            "bản hỏi đến: thường là viết nhầm, và bài thử khi đó không thử gì.",
            "A fact of the test names a report, activity, indicator or kind of task that no rule of the directive "
            "asks for: mostly a slip, and the test then means nothing.",
        ),
    ),
)
