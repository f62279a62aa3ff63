"""Codes of the sources that data is pulled from."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

SOURCES = (
    Code(
        "select-malformed",
        Text(
            "Một nguồn chỉ được đọc: mỗi loại dữ liệu đúng một câu lệnh SELECT (hoặc WITH … SELECT), không có dấu "
            "chấm phẩy ở giữa.",
            "The program only reads from a source: give exactly one SELECT (or WITH ... SELECT) for each kind of "
            "data, without a semicolon inside.",
        ),
        "submissions: delete from reports → submissions: select * from reports",
    ),
    Code(
        "select-empty",
        Text(
            "Nguồn là cơ sở dữ liệu phải có ít nhất một câu lệnh SELECT, dưới tên loại dữ liệu mà nó cho.",
            "A source that is a database needs at least one SELECT, under the kind of data that it brings.",
        ),
        "select: {submissions: select * from reports}",
    ),
    Code(
        "variable-malformed",
        Text(
            "Tên biến môi trường viết hoa, không dấu, và không bắt đầu bằng DONDOC_ vì đó là thiết lập của chương "
            "trình.",
            "Write an environment variable in capital letters without accents. It must not begin with DONDOC_: "
            "those are the program's own settings.",
        ),
        "env: DONDOC_SOURCE → env: PROVINCE_SOURCE",
    ),
    Code(
        "report-unknown",
        Text(
            "Không quy tắc nào hỏi loại báo cáo hay loại việc này. Viết sai thì khi nguồn im lặng, các đơn vị vẫn "
            "bị coi là quá hạn.",
            "No rule demands this kind of report or task. If it is misspelt, units count as late while the source "
            "is stale.",
        ),
        "reports: [child-protecton] → reports: [child-protection]",
    ),
    Code(
        "activity-unknown",
        Text(
            "Không quy tắc nào đếm loại hoạt động này. Viết sai thì khi nguồn im lặng, các đơn vị vẫn bị coi là "
            "chưa đạt.",
            "No rule counts this kind of activity. If it is misspelt, units count as missing it while the source "
            "is stale.",
        ),
        "activities: [broadcasts] → activities: [broadcast]",
    ),
)
