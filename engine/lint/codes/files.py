"""Codes of whole files: which are read, and in what form."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.codes.entry import Code

FILES = (
    Code(
        "file-missing",
        Text(
            "Thư mục quy tắc thiếu một tệp dùng chung. Chép tệp đó từ bộ quy tắc mẫu vào, rồi sửa cho đúng nơi "
            "mình.",
            "The rule folder lacks a file that all rules share. Copy it from the sample rules and adapt it.",
        ),
        "rules/ladders.yaml",
    ),
    Code(
        "file-unknown",
        Text(
            "Tệp đặt ở chỗ không được đọc. Văn bản chỉ đạo để trong thư mục của địa phương; ở gốc chỉ có các "
            "tệp dùng chung.",
            "The file stands where it is not read. A directive belongs into its locality's folder; the top holds "
            "only the shared files.",
        ),
        "rules/279.yaml → rules/luc-nam/279.yaml",
    ),
    Code(
        "file-name",
        Text(
            "Tên tệp có dấu, chữ hoa, khoảng trắng hoặc đuôi khác .yaml. Đổi tên; mã quy tắc lấy theo tên tệp.",
            "The file's name has accents, capitals or blanks, or does not end in .yaml. Rename it; rule ids begin "
            "with it.",
        ),
        "Công văn 279.yml → 279-ubnd.yaml",
    ),
    Code(
        "file-outside",
        Text(
            "Đây là liên kết trỏ ra ngoài thư mục quy tắc, nên không đọc. Chép chính tệp đó vào thư mục.",
            "This is a link that leads out of the rule folder and is not followed. Copy the file itself here.",
        ),
    ),
    Code(
        "file-not-regular",
        Text(
            "Ở chỗ của một tệp quy tắc lại có thư mục hoặc thứ khác. Chuyển đi chỗ khác, hoặc xóa.",
            "Where a rule file is expected there is a folder or something else. Move or delete it.",
        ),
    ),
    Code(
        "file-unreadable",
        Text(
            "Hệ điều hành không cho đọc tệp. Xem lại quyền truy cập của tệp và của thư mục chứa nó.",
            "The system does not let the file be read. Check the rights on it and on its folder.",
        ),
    ),
    Code(
        "file-too-large",
        Text(
            "Tệp lớn hơn mức cho phép. Mỗi văn bản chỉ đạo để một tệp riêng.",
            "The file is larger than is allowed. Write one file per directive.",
        ),
    ),
    Code(
        "file-empty",
        Text(
            "Tệp không có nội dung nào ngoài dòng trống và ghi chú. Viết nội dung, hoặc xóa tệp.",
            "The file holds nothing but blank lines and comments. Write something or delete it.",
        ),
    ),
    Code(
        "not-utf8",
        Text(
            "Tệp lưu bằng bảng mã khác UTF-8, nên chữ có dấu không đọc được. Mở bằng trình soạn thảo và lưu lại "
            "với «UTF-8».",
            "The file is saved in an encoding other than UTF-8, so its accents cannot be read. Save it again as "
            "UTF-8.",
        ),
    ),
    Code(
        "replacement-character",
        Text(
            "Có ký tự thay thế U+FFFD: một chữ đã mất khi chuyển bảng mã. Gõ lại chữ đó theo văn bản gốc.",
            "There is a replacement character U+FFFD: a letter was lost in a conversion. Type it again.",
        ),
    ),
    Code(
        "control-character",
        Text(
            "Có ký tự ẩn, thường theo vào khi dán từ Word hoặc trang web. Xóa rồi gõ tay chỗ đó.",
            "There is a hidden character, mostly from text pasted out of Word or a web page. Delete it and type "
            "the place by hand.",
        ),
    ),
    Code(
        "combining-marks",
        Text(
            "Quá nhiều dấu chồng lên một chữ, thường do dán nhầm. Gõ lại chữ này.",
            "Too many marks stand on one letter, mostly after pasting. Type the letter again.",
        ),
    ),
    Code(
        "tab",
        Text(
            "Có ký tự tab. YAML thụt đầu dòng bằng dấu cách: thay mỗi tab bằng hai dấu cách.",
            "There is a tab. YAML indents with spaces: replace each tab by two of them.",
        ),
    ),
    Code(
        "not-tidied",
        Text(
            "Lệnh sắp xếp lại tệp không chắc giữ được nguyên nội dung, nên để tệp như cũ. Tệp vẫn dùng được; muốn "
            "sắp xếp thì viết phần lạ theo cách thông thường.",
            "The command that puts a file in order could not be sure of keeping its content, so it left the "
            "file as it was. The file may be used; to have it tidied, write what is unusual in the common way.",
        ),
    ),
)
