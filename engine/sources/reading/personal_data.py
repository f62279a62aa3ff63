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
_HEADINGS = tuple((name, re.compile(rf"(?<![a-z0-9])({'|'.join(words)})(?![a-z0-9])")) for name, words in _CLASSES)

# A citizen's identity number begins with the code of a province, 001 to 096.
_CITIZEN = re.compile(
    r"(?<![0-9])0(?:0[1-9]|[1-8][0-9]|9[0-6])[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?![0-9])"
)
# No separator after the first two digits: `03-20190720` is a running number and a day.
_PHONE = re.compile(r"(?<![0-9])(?:\+84[ .-]?|84|0)(?:2[0-9][ .-]?[0-9]|[35789][0-9])(?:[ .-]?[0-9]){7}(?![0-9])")
_WORTH_A_LOOK = re.compile(r"@|[0-9](?:[ .-]?[0-9]){8}")
_MAIL = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")

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


def masked(cell: str) -> str:
    """The cell as it may be shown: an identifier is replaced by `MASK`."""
    return MASK if identifier(cell) else cell
