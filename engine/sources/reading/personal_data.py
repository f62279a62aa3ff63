"""Recognises personal data: headings of columns that are never accepted, and cells that look like an identifier.

The service stores only aggregates by unit and period (Luật Trẻ em 2016, article 6; Nghị định 56/2017/NĐ-CP,
article 33).
"""

from __future__ import annotations

import re
import unicodedata

from dondoc.engine.domain.model import Text
from dondoc.engine.sources.reading.headings import folded

_CLASSES: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        Text("họ tên người", "names of persons"),
        (
            r"ho (va )?ten|ho dem|ten (tre|chau|be|em|con|hoc sinh|nan nhan|cha|bo|me|ong|ba|phu huynh|nguoi)",
            r"(child|children|full|first|last|family|given|victim|student|pupil)('?s)? ?names?|surname",
            r"names? of (the )?(child|children|person|victim|student|pupil|father|mother|guardian)",
        ),
    ),
    (
        Text("cha, mẹ, người giám hộ", "parents and guardians"),
        (
            r"cha|me|phu huynh|giam ho|nguoi (than|nuoi|cham soc)",
            r"father|mother|parents|guardian|relatives?|caregiver",
        ),
    ),
    (
        Text("ngày sinh, tuổi", "birth dates and ages"),
        (r"(ngay|nam|thang) sinh|tuoi", r"birth ?(date|day|year)?|dob|ages?"),
    ),
    (
        Text("địa chỉ", "addresses"),
        (
            r"dia chi|noi (o|sinh|cu tru|thuong tru)|cho o|thuong tru|tam tru|que quan|ho khau|so nha|thon",
            r"address(es)?|residence|street|home",
        ),
    ),
    (
        Text("số giấy tờ", "numbers of identity papers"),
        (
            r"cccd|cmnd|cmt|can cuoc|chung minh( nhan dan| thu)?|dinh danh|ho chieu|giay khai sinh|bhyt|bao hiem",
            r"passport|national id|(id|identity) ?(card|number|no\.?)|citizen id",
        ),
    ),
    (
        Text("điện thoại, thư điện tử", "phone numbers and mail addresses"),
        (
            r"dien thoai|(so )?dt|sdt|di dong|zalo|facebook|e-?mail|thu dien tu",
            r"(tele)?phone|mobile|tel\.?",
        ),
    ),
    (
        Text("hoàn cảnh, nội dung vụ việc", "circumstances and case texts"),
        (
            r"hoan canh|noi dung vu|dien bien|mo ta (vu|hanh vi)|vu viec|benh( an| tat)?|suc khoe|dan toc",
            r"ton giao|gioi tinh|truong( hoc)?|lop( hoc)?|anh chan dung|hinh anh|nhan dang",
            r"case (text|notes?|story|description|details)|diagnosis|health|ethnicity|religion|gender|sex|school",
        ),
    ),
)
# Those that a column of an office's mailboxes may be called by.
ADDRESSES = frozenset({_CLASSES[3][0], _CLASSES[5][0]})
_HEADINGS = tuple((name, re.compile(rf"(?<![a-z0-9])({'|'.join(words)})(?![a-z0-9])")) for name, words in _CLASSES)

# A citizen's identity number begins with the code of a province, 001 to 096.
_CITIZEN = re.compile(
    r"(?<![0-9])0(?:0[1-9]|[1-8][0-9]|9[0-6])[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?![0-9])"
)
# No separator after the first two digits: `03-20190720` is a running number and a day.
_PHONE = re.compile(r"(?<![0-9])(?:\+84[ .-]?|84|0)(?:2[0-9][ .-]?[0-9]|[35789][0-9])(?:[ .-]?[0-9]){7}(?![0-9])")
_WORTH_A_LOOK = re.compile(r"@|[0-9](?:[ .-]?[0-9]){8}")
_MAIL = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")

# A person in a sentence: one who is called cháu, bé, em, ông, … before a capital, or a full name of three words.
# Places and schools have the names of persons too, so a word for one before it makes it none.
_CAPITAL = "[A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]"
_WORD = rf"{_CAPITAL}\w*"
_SURNAME = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Lương|Đào|Trương"
# These are words of places and offices as well: they make a name only with the middle name Văn or Thị.
_RARE = f"{_SURNAME}|Đoàn|Hà|Mai|Cao|Tạ|Lâm|Châu|Tô|Thái|Quách|Vi|Nông|Lò|Triệu|Chu|Đàm|Tống|Kiều|La|Tăng|Lưu"
_PLAIN_SURNAME = "Nguyen|Tran|Le|Pham|Hoang|Huynh|Phan|Vu|Vo|Dang|Bui|Do|Ho|Ngo|Duong|Ly|Dinh|Trinh|Luong|Dao"
_PLACE = re.compile(
    r"(?:xã|phường|trấn|huyện|quận|tỉnh|phố|xóm|thôn|bản|ấp|đường|trường|học|cơ sở|thông|non|viện|THCS|THPT|TH|"
    r"TNCS|tư tưởng|giải|quỹ|commune|ward|district|province|street|school|hospital)\s+$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"(?<!\w)(?:cháu|Cháu|bé|Bé|(?<!trẻ )(?<!Trẻ )(?<!chị )em|Em|nạn nhân|Nạn nhân|ông|bà|anh|chị)"
    rf"(?: tên)?(?: là)? (?!Việt Nam){_WORD}"
)
_FULL_NAME = re.compile(
    rf"(?<!\w)(?:(?:{_SURNAME})(?: {_WORD}){{2,3}}|(?:{_SURNAME.upper()})(?: {_WORD}){{2,3}}"
    rf"|(?:{_RARE}) (?:Văn|Thị) {_WORD}|(?:{_RARE.upper()}) (?:VĂN|THỊ) {_WORD}"
    rf"|(?:{_PLAIN_SURNAME}) ?(?:Van|Thi|VAN|THI) ?{_CAPITAL}|(?:{_PLAIN_SURNAME})(?:[A-Z][a-z]+)+[A-Z]?)"
)
_FAMOUS = frozenset({"Hồ Chí Minh", "Tôn Đức Thắng"})

MASK = "…"

_IDENTIFIERS = (
    (Text("số căn cước công dân", "a citizen's identity number"), _CITIZEN),
    (Text("số điện thoại", "a phone number"), _PHONE),
    (Text("địa chỉ thư điện tử", "a mail address"), _MAIL),
)


def personal_heading(title: str) -> Text | None:
    """The kind of personal data that a column of this heading would hold; None: none."""
    key = folded(title)
    return next((name for name, words in _HEADINGS if words.search(key)), None)


def identifier(cell: str) -> Text | None:
    """The kind of identifier of a person that a cell seems to hold; None: none."""
    plain = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    if not _WORTH_A_LOOK.search(plain):
        return None
    return next((name for name, pattern in _IDENTIFIERS if pattern.search(plain)), None)


def person(text: str) -> Text | None:
    """What is said of a text that letters print and that seems to name a person; None: it names none.

    No pattern finds every name. Import refuses what is found; of a text stored before, letters print the rule's.
    """
    plain = unicodedata.normalize("NFC", text)
    full = (found for found in _FULL_NAME.finditer(plain) if found[0] not in _FAMOUS)
    if _CALLED.search(plain) or any(not _PLACE.search(plain[: found.start()]) for found in full):
        return Text("tên người", "a person's name")
    return None


def masked(cell: str) -> str:
    """The cell as it may be shown: an identifier is replaced by `MASK`."""
    return MASK if identifier(cell) else cell
