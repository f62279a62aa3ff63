"""Inspects a workbook before anything opens it: it is a zip archive of XML, and both can be bombs."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from typing import BinaryIO

from dondoc.engine.sources.formats.refused import SheetRefused

_MB = 1 << 20
LARGEST = 100 * _MB
_MOST_PARTS = 1_000
_MOST_IN_ALL = 1 << 30
# All parts but the sheets are read into memory.
_MOST_BESIDE_SHEETS = 64 * _MB
# Uncompressed to compressed size: offices' workbooks reach about 30, bombs begin at several hundred.
_MOST_RATIO = 200
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_FORBIDDEN = re.compile(r"vbaProject|externalLinks/", re.IGNORECASE)
_WORKBOOK, _HEAD = "xl/workbook.xml", 64 * 1024
# The names of ISO/IEC 29500-1; what Excel writes by default are those of part 4, "transitional".
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_LEGACY = b"\xd0\xcf\x11\xe0"
SAVE_AGAIN = "mở bằng Excel hoặc LibreOffice và lưu lại dạng .xlsx"


def inspect(path: Path, file: BinaryIO) -> None:
    """Raises `SheetRefused` unless the open file is a plain workbook of reasonable size; unpacks nothing."""
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST:
        raise SheetRefused(
            path.name, "tệp lớn hơn 100 MB; chia thành nhiều tệp hoặc lưu dạng CSV", "exceeds 100 MB"
        )
    if file.read(4) == _LEGACY:
        raise SheetRefused(
            path.name,
            f"tệp có mật khẩu hoặc là .xls cũ; bỏ mật khẩu, {SAVE_AGAIN}",
            "has a password or is an old .xls: save it as plain .xlsx",
        )
    try:
        with zipfile.ZipFile(file) as archive:
            _parts(path.name, archive.infolist(), size)
            strict = _is_strict(archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise SheetRefused(path.name, f"không phải tệp .xlsx; {SAVE_AGAIN}", "is not a workbook") from error
    if strict:
        raise SheetRefused(
            path.name,
            "tệp lưu dạng «Strict Open XML»; trong Excel chọn «Save As», kiểu «Excel Workbook (*.xlsx)»",
            "is Strict Open XML: save it as 'Excel Workbook (*.xlsx)'",
        )


def _is_strict(archive: zipfile.ZipFile) -> bool:
    """Whether the workbook is of the strict form, whose names openpyxl does not know: it would find no sheet."""
    if _WORKBOOK not in archive.namelist():
        return False
    with archive.open(_WORKBOOK) as part:
        return _STRICT in part.read(_HEAD)


def _parts(file: str, parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename for part in parts]
    total = sum(part.file_size for part in parts)
    beside = sum(part.file_size for part in parts if not _SHEET_PART.fullmatch(part.filename))
    if len(parts) > _MOST_PARTS or len(set(names)) != len(names):
        raise SheetRefused(file, f"tệp .xlsx có cấu trúc lạ; {SAVE_AGAIN}", "has an unusual structure")
    if total > _MOST_IN_ALL or beside > _MOST_BESIDE_SHEETS or total > _MOST_RATIO * max(size, _MB // 16):
        raise SheetRefused(
            file,
            f"tệp giải nén ra quá lớn ({total // _MB} MB); chia thành nhiều tệp hoặc lưu dạng CSV",
            f"is too large when unpacked ({total // _MB} MB): split it, or save it as CSV",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(file, "tệp có mật khẩu; bỏ mật khẩu rồi lưu lại", "has a password: save it without")
    if any(_FORBIDDEN.search(name) for name in names):
        raise SheetRefused(
            file,
            "tệp có macro hoặc liên kết tới tệp khác; dán giá trị sang tệp mới",
            "holds macros or links to other files: paste the values into a new one",
        )
