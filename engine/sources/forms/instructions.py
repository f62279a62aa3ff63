"""The texts of a form for the person who fills it in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dondoc.engine.domain.model import Text

# Messages of a spreadsheet program about a value that a cell refuses; Excel shows 255 characters at most.
NOT_OFFERED = "Chọn một mục trong danh sách của ô này. (Choose an item of the list.)"
NOT_A_DAY = "Viết ngày/tháng/năm, đủ bốn chữ số của năm, ví dụ 18/04/2015. (Day/month/year.)"
NOT_A_WHOLE = "Viết số nguyên từ 1 trở lên. (A whole number, 1 or more.)"
NOT_A_NUMBER = "Viết một con số; không có trường hợp nào thì ghi 0. (A number; 0 for none.)"
TOO_LONG = "Viết ngắn hơn 200 ký tự. (At most 200 characters.)"

_OF_SHEET = {
    "submissions": Text(
        "Báo cáo: mỗi dòng là một báo cáo. Đã gửi thì ghi ngày gửi và số văn bản; chưa gửi thì để trống. "
        "Báo cáo không có trong bảng: chọn loại ở một dòng trống cuối bảng.",
        "Reports: one row each. If it is handed in, enter the day and the document number; else leave them empty. "
        "For a report that is not listed, choose its kind in an empty row at the end.",
    ),
    "activities": Text(
        "Hoạt động: mỗi lần một dòng. Chọn loại hoạt động trong danh sách, ghi ngày thực hiện và số lượng.",
        "Activities: one row for each time. Choose the kind from the list, enter the day and how many.",
    ),
    "readings": Text(
        "Số liệu: ghi con số của kỳ ở cột «Số liệu», theo đơn vị tính bên cạnh. Không có trường hợp nào thì "
        "ghi 0; chưa có số liệu thì để trống.",
        "Figures: enter the figure of the period in its unit of measure; 0 for none; leave it empty if unknown.",
    ),
}
_BEFORE = (
    Text(
        "Chỉ điền vào ô nền vàng; cột có dấu * bắt buộc. Các ô khác đã khóa (không mật khẩu) để mã không bị sai.",
        "Fill in the yellow cells only; columns with * are required. Others are locked, without a password.",
    ),
    Text(
        "Ngày viết ngày/tháng/năm, năm đủ bốn chữ số: 18/04/2015.",
        "Dates are day/month/year, with four digits for the year.",
    ),
)
_AFTER = (
    Text(
        "Không ghi tên, ngày sinh, địa chỉ, điện thoại hay hoàn cảnh của trẻ em hoặc của bất kỳ ai: chỉ ghi số "
        "tổng hợp. Biểu có dữ liệu cá nhân không được nhận.",
        "No name, birth date, address, phone number or circumstances of any person: aggregates only.",
    ),
    Text(
        "Chỉ nhập giá trị: không công thức, không gộp ô; không thêm, xóa hay đổi tên cột và trang tính.",
        "Values only: no formulas, no merged cells; do not add, delete or rename columns and sheets.",
    ),
    Text(
        "Cần sửa thì sửa ngay trong tệp này, lưu rồi gửi lại: bản lưu sau thay bản trước. Gửi lại tệp cũ "
        "không làm thay đổi gì.",
        "To correct something, correct it in this file, save it and send it again; the later version counts.",
    ),
    Text(
        "Lưu dạng .xlsx và gửi lại nơi đã gửi biểu này.",
        "Save it as .xlsx and send it back to where it came from.",
    ),
)


def steps(kinds: tuple[str, ...]) -> Iterator[Text]:
    """The instructions for a form with sheets of these kinds, in order."""
    yield from _BEFORE
    yield from (_OF_SHEET[kind] for kind in kinds)
    yield from _AFTER


def written_on(on: date) -> Text:
    """The line that says when the form was made."""
    return Text(f"Lập ngày {on:%d/%m/%Y}", f"Made on {on:%d/%m/%Y}")
