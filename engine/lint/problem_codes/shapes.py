"""Codes of YAML itself, of keys and of lists."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

SHAPES = (
    Code(
        "yaml-syntax",
        Text(
            "Từ chỗ này tệp không còn là YAML: thường do thụt đầu dòng lệch, thiếu dấu đóng ngoặc, hoặc câu có "
            "dấu hai chấm mà không đặt trong dấu ngoặc kép.",
            "From here on the file is not YAML: usually indentation that does not line up, a bracket that is "
            "never closed, or a sentence with a colon and no quotes.",
        ),
        'vi: Chú ý: hạn → vi: "Chú ý: hạn"',
    ),
    Code(
        "yaml-anchor",
        Text(
            "Neo «&» và bí danh «*» của YAML không dùng ở đây. Viết nội dung ra, hoặc đưa vào «defaults».",
            "YAML's anchors '&' and aliases '*' are not allowed here. Write the content out, or put it in "
            "'defaults'.",
        ),
    ),
    Code(
        "yaml-merge",
        Text(
            "Khóa trộn «<<» không dùng ở đây. Điều chung cho mọi quy tắc trong tệp thì ghi ở «defaults».",
            "The merge key '<<' is not allowed here. What applies to all rules of a file belongs in 'defaults'.",
        ),
    ),
    Code(
        "yaml-tag",
        Text(
            "Thẻ YAML bắt đầu bằng «!» không dùng ở đây. Viết thẳng giá trị.",
            "YAML tags, which begin with '!', are not allowed here. Write the plain value.",
        ),
        '!!str 7 → "7"',
    ),
    Code(
        "yaml-documents",
        Text(
            "Tệp có hơn một tài liệu, ngăn bằng dòng «---». Bỏ dòng đó, hoặc tách thành nhiều tệp.",
            "The file has more than one document, separated by '---'. Delete that line or make several files.",
        ),
    ),
    Code(
        "yaml-depth",
        Text(
            "Các nhóm lồng nhau quá sâu. Tệp quy tắc không cần quá sáu tầng; xem lại dấu ngoặc.",
            "Groups are nested too deeply. A rule file needs six levels at most; check the brackets.",
        ),
    ),
    Code(
        "yaml-nodes",
        Text(
            "Tệp có quá nhiều giá trị. Chia thành nhiều văn bản, mỗi văn bản một tệp.",
            "The file has too many values. Split it, one file per directive.",
        ),
    ),
    Code(
        "key-unknown",
        Text(
            "Khóa này không có ở đây, thường do gõ nhầm; nếu bỏ qua thì điều viết sau nó sẽ mất tác dụng mà "
            "không ai hay. Sửa theo gợi ý, hoặc xóa.",
            "There is no such key here; usually a typing mistake. If the program ignored it, its value would "
            "silently have no effect. Follow the suggestion or delete it.",
        ),
        "befor: 2015-04-20 → before: 2015-04-20",
    ),
    Code(
        "key-missing",
        Text(
            "Thiếu một khóa bắt buộc. Thêm vào; «applies_to» và «basis» có thể ghi chung ở «defaults».",
            "A required key is missing. Add it; 'applies_to' and 'basis' may also be in 'defaults'.",
        ),
    ),
    Code(
        "key-duplicate",
        Text(
            "Một khóa có hai lần trong cùng một nhóm, nên không rõ giá trị nào đúng. Bỏ một.",
            "A key appears twice in one group, so it is unclear which value applies. Delete one.",
        ),
    ),
    Code(
        "key-not-text",
        Text(
            "Khóa phải là chữ. Khóa là số, true hay một danh sách thì không đọc được; đặt trong dấu ngoặc kép.",
            "A key must be text, not a number, true or a list. Put it in quotes.",
        ),
        '2015: … → "2015": …',
    ),
    Code(
        "one-of",
        Text(
            "Trong các khóa được nêu phải có đúng một: thiếu cả thì chưa đủ, có hai thì mâu thuẫn.",
            "Exactly one of the keys named is needed here: without any it is incomplete, with two it contradicts "
            "itself.",
        ),
        "due: {before: 2015-04-20, by: 2015-04-20} → due: {before: 2015-04-20}",
    ),
    Code(
        "map-expected",
        Text(
            "Ở đây cần một nhóm các cặp «khóa: giá trị», không phải một giá trị hay danh sách.",
            "A group of pairs 'key: value' is needed here, not a single value or a list.",
        ),
        "due: 2015-04-20 → due: {before: 2015-04-20}",
    ),
    Code(
        "list-expected",
        Text(
            "Ở đây cần một danh sách, dù chỉ có một mục.",
            "A list is needed here, even for a single item.",
        ),
        "units: ln.ubnd_huyen → units: [ln.ubnd_huyen]",
    ),
    Code(
        "list-empty",
        Text(
            "Danh sách trống. Ghi ít nhất một mục, hoặc bỏ cả khóa nếu không bắt buộc.",
            "The list is empty. Write at least one item, or delete the key if it is not required.",
        ),
    ),
    Code(
        "item-twice",
        Text(
            "Một mục có hai lần trong danh sách. Bỏ một.",
            "An item appears twice in the list. Delete one.",
        ),
        "units: [a.b, a.b] → units: [a.b]",
    ),
    Code(
        "version-unknown",
        Text(
            "Phiên bản khuôn dạng tệp không phải 1. Chương trình chỉ đọc phiên bản 1.",
            "The version of the file's format is not 1; the program reads only version 1.",
        ),
        "version: 1",
    ),
)
