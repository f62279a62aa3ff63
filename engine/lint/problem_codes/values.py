"""Codes of single values: texts, ids, words, numbers, days."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

VALUES = (
    Code(
        "value-missing",
        Text(
            "Khóa có mà giá trị để trống. Ghi giá trị như thông báo nêu, hoặc bỏ khóa.",
            "The key has no value. Write what the message asks for, or delete the key.",
        ),
        'clause: → clause: "7"',
    ),
    Code(
        "text-expected",
        Text(
            "Ở đây cần một đoạn chữ mà gặp số, true/false, nhóm hay danh sách. Số muốn in như chữ thì đặt trong "
            "dấu ngoặc kép.",
            "Text is needed here, not a number, true/false, a group or a list. Put a number that is printed as "
            "text in quotes.",
        ),
        'title: {vi: 2015, …} → title: {vi: "2015", …}',
    ),
    Code(
        "text-lines",
        Text(
            "Đoạn chữ này chỉ được một đoạn, không xuống dòng. Dùng «>» hoặc viết trên một dòng.",
            "This text must be one paragraph without line breaks. Use '>' or write it on one line.",
        ),
        "vi: | → vi: >-",
    ),
    Code(
        "text-too-long",
        Text(
            "Đoạn chữ dài quá mức in được trong thư. Rút gọn.",
            "The text is longer than a letter can print. Shorten it.",
        ),
    ),
    Code(
        "id-malformed",
        Text(
            "Mã viết sai dạng. Mã chỉ gồm chữ thường không dấu, số, «-», «_»; mã đơn vị có dấu chấm ngăn các "
            "phần. Số dùng như mã thì đặt trong dấu ngoặc kép.",
            "The id is malformed. Ids consist of lower-case letters without accents, digits, '-' and '_'; a "
            "unit's id has dots between its parts. Put a number used as an id in quotes.",
        ),
        "Báo-cáo → bao-cao",
    ),
    Code(
        "word-unknown",
        Text(
            "Từ này không dùng được ở đây; chỉ có vài từ mà thông báo liệt kê.",
            "This word is not allowed here; the message lists those that are.",
        ),
        "level: xa → level: commune",
    ),
    Code(
        "bool-expected",
        Text(
            "Ở đây chỉ viết true hoặc false, không có dấu ngoặc kép; không dùng yes, no, có, không.",
            "Only true or false are allowed here, without quotes; not yes or no.",
        ),
        "sensitive: yes → sensitive: true",
    ),
    Code(
        "number-expected",
        Text(
            "Ở đây cần một số. Phần thập phân sau dấu chấm, không có dấu ngăn hàng nghìn, không có dấu ngoặc kép.",
            "A number is needed here. Decimals follow a point; no thousands separators, no quotes.",
        ),
        "above: 2,5 → above: 2.5",
    ),
    Code(
        "number-range",
        Text(
            "Số nằm ngoài khoảng cho phép, hoặc có quá nhiều chữ số thập phân để so sánh chính xác.",
            "The number is out of range, or has more decimals than can be compared exactly.",
        ),
    ),
    Code(
        "percent-expected",
        Text(
            "Ở đây cần một tỷ lệ phần trăm lớn hơn 0, có dấu «%».",
            "A percentage above 0 is needed here, with its '%' sign.",
        ),
        "above: 20 → above: 20 %",
    ),
    Code(
        "percent-too-fine",
        Text(
            "Tỷ lệ quá lẻ hoặc quá lớn để so sánh chính xác. Dùng tỷ lệ tròn hơn, tối đa 800 %.",
            "The percentage is too fine or too large to be compared exactly. Use a rounder one, at most 800 %.",
        ),
        "above: 33.3333 % → above: 33 %",
    ),
    Code(
        "date-expected",
        Text(
            "Ngày phải viết dạng năm-tháng-ngày, không có dấu ngoặc kép.",
            "Write a date as year-month-day, without quotes.",
        ),
        "20/04/2015 → 2015-04-20",
    ),
    Code(
        "date-impossible",
        Text(
            "Trong lịch không có ngày này, hoặc không phải năm nào cũng có.",
            "The calendar has no such day, or not in every year.",
        ),
        "2015-02-29 → 2015-02-28",
    ),
    Code(
        "date-range",
        Text(
            "Năm nằm ngoài khoảng 1900 – 2100, thường do gõ thừa hoặc thiếu chữ số.",
            "The year is not between 1900 and 2100; usually a digit too many or too few.",
        ),
    ),
    Code(
        "month-day-expected",
        Text(
            "Ở đây cần một ngày của mọi năm, dạng tháng-ngày, không ghi năm.",
            "A day that recurs every year is needed here, as month-day, without a year.",
        ),
        "before: 2015-07-20 → before: 07-20",
    ),
    Code(
        "clock-malformed",
        Text(
            "Ở đây cần một giờ trong ngày, đủ hai chữ số giờ và hai chữ số phút, giờ Việt Nam.",
            "A time of day is needed here, with two digits for the hour and two for the minute, Vietnamese time.",
        ),
        "from: 6h30 → from: 06:30",
    ),
    Code(
        "delay-malformed",
        Text(
            "Khoảng thời gian phải có số và đơn vị bằng tiếng Anh, trong khoảng mà thông báo nêu. Ngày làm việc "
            "là «workdays», ngày lịch là «days».",
            "A span of time needs a number and its unit, within the bounds that the message gives. Working days "
            "are 'workdays', calendar days 'days'.",
        ),
        "remind: 5 ngày → remind: 5 workdays",
    ),
    Code(
        "periods-malformed",
        Text(
            "Số kỳ phải gồm một số và tên của loại kỳ.",
            "A number of periods needs the number and the word for the period.",
        ),
        "for: 2 → for: 2 calendar-quarter",
    ),
    Code(
        "until-before-from",
        Text(
            "Ngày cuối sớm hơn ngày đầu. Sửa một trong hai.",
            "The last day comes before the first. Change one of them.",
        ),
        "{from: 2015-06-30, until: 2015-06-01} → {from: 2015-06-01, until: 2015-06-30}",
    ),
    Code(
        "address-malformed",
        Text(
            "Địa chỉ thư điện tử viết sai, hoặc có kèm tên, hoặc có hai địa chỉ. Chỉ ghi một địa chỉ.",
            "The mail address is malformed, includes a name, or there are two. Write a single address.",
        ),
        "Phòng A <a@example.vn> → a@example.vn",
    ),
    Code(
        "domain-malformed",
        Text(
            "Tên miền viết sai. Chỉ dùng chữ thường, số, dấu chấm và dấu gạch nối.",
            "The domain is malformed. Use lower-case letters, digits, dots and hyphens.",
        ),
        "Example.VN → example.vn",
    ),
)
