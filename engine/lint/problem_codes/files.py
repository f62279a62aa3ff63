"""Codes of whole files: which are read, and in what form."""

from __future__ import annotations

from dondoc.engine.domain.model import Text
from dondoc.engine.lint.problem_codes.entry import Code

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
            "The program does not read a file in this place. A directive belongs in its locality's folder; the "
            "top folder holds only the shared files.",
        ),
        "rules/279.yaml → rules/luc-nam/279.yaml",
    ),
    Code(
        "file-name",
        Text(
            "Tên tệp có dấu, chữ hoa, khoảng trắng hoặc đuôi khác .yaml. Đổi tên; mã quy tắc lấy theo tên tệp.",
            "The file's name has accents, capital letters or spaces, or does not end in .yaml. Rename it; rule "
            "ids begin with it.",
        ),
        "Công văn 279.yml → 279-ubnd.yaml",
    ),
    Code(
        "file-outside",
        Text(
            "Đây là liên kết trỏ ra ngoài thư mục quy tắc, nên không đọc. Chép chính tệp đó vào thư mục.",
            "This is a link to a place outside the rule folder, which is not read. Copy the file itself here.",
        ),
    ),
    Code(
        "file-not-regular",
        Text(
            "Ở chỗ của một tệp quy tắc lại có thư mục hoặc thứ khác. Chuyển đi chỗ khác, hoặc xóa.",
            "A folder or something else is in the place of a rule file. Move or delete it.",
        ),
    ),
    Code(
        "file-unreadable",
        Text(
            "Hệ điều hành không cho đọc tệp. Xem lại quyền truy cập của tệp và của thư mục chứa nó.",
            "The operating system does not allow reading the file. Check the permissions of it and of its folder.",
        ),
    ),
    Code(
        "file-too-large",
        Text(
            "Tệp lớn hơn mức cho phép. Mỗi văn bản chỉ đạo để một tệp riêng.",
            "The file is larger than allowed. Write one file per directive.",
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
            "There is a hidden character, usually from text pasted out of Word or a web page. Delete it and type "
            "the text there by hand.",
        ),
    ),
    Code(
        "combining-marks",
        Text(
            "Quá nhiều dấu chồng lên một chữ, hai thanh trên một chữ, hoặc dấu đứng sau dấu cách hay chữ số; "
            "thường do dán nhầm. Gõ lại chữ này.",
            "One letter carries too many accents or two tones, or an accent follows a space or a digit, usually "
            "after pasting. Type the letter again.",
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
            "The formatter could not be sure to keep the content of the file, so it left the file as it was. The "
            "file can be used; to have it formatted, write the unusual part in the common way.",
        ),
    ),
)
