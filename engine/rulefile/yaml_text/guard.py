"""Checks a rule file before anything parses it: it must be a small UTF-8 text without hidden characters."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from dondoc.engine.domain.combining_marks import misplaced
from dondoc.engine.rulefile.problems import ProblemSheet

MAX_BYTES = 256 * 1024

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Controls, separators that look like line breaks, invisible and direction-changing format characters,
# non-characters and the replacement character. Vietnamese and English text needs none of them.
_HIDDEN = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e"
    "\\u2060-\\u206f\\ufeff\\ufff9-\\uffff\\U000e0000-\\U000e0fff]"
)
_FOREIGN_RUN = re.compile(r"[^\x00-\x7f]{9,}")
_MAX_MARKS = 8


@dataclass(frozen=True, slots=True)
class TextPosition:
    """A place in a text; line and column count from 1."""

    line: int
    column: int


START = TextPosition(1, 1)


def text_of(raw: bytes, sheet: ProblemSheet) -> str | None:
    """The file's text in NFC, without its byte order mark; None with a problem noted on `sheet`."""
    if len(raw) > MAX_BYTES:
        sheet.say(
            START,
            "file-too-large",
            f"tệp lớn hơn {MAX_BYTES // 1024} kB; hãy chia thành nhiều văn bản, mỗi văn bản một tệp",
            f"the file is larger than {MAX_BYTES // 1024} kB; write one file per directive",
        )
        return None
    if raw.startswith(_UTF16):
        sheet.say(
            START,
            "not-utf8",
            "tệp ở bảng mã UTF-16; hãy lưu lại dưới dạng UTF-8",
            "the file is UTF-16; save it as UTF-8",
        )
        return None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        sheet.say(
            spot(before, len(before)),
            "not-utf8",
            "tệp không phải UTF-8 từ chỗ này; hãy lưu lại dưới dạng UTF-8",
            "the file is not UTF-8 from here on; save it as UTF-8",
        )
        return None
    flaw = flaw_in(text)
    if flaw is not None:
        index, code, vi, en = flaw
        sheet.say(spot(text, index), code, vi, en)
        return None
    return unicodedata.normalize("NFC", text)


def flaw_in(text: str) -> tuple[int, str, str, str] | None:
    """The first character that a rule file may not hold: its index, a code, and why in both languages."""
    hidden = _HIDDEN.search(text)
    if hidden is not None:
        return hidden.start(), *_about(hidden.group())
    for run in _FOREIGN_RUN.finditer(text):
        # To normalise a long run of combining marks takes time that grows with its square.
        marks = 0
        for index, char in enumerate(run.group(), run.start()):
            marks = marks + 1 if unicodedata.combining(char) else 0
            if marks > _MAX_MARKS:
                return (
                    index,
                    "combining-marks",
                    "quá nhiều dấu chồng lên một chữ; hãy gõ lại chữ này",
                    "too many accents on one letter; type it again",
                )
    stray = misplaced(text)
    if stray is not None:
        return (
            stray.start(),
            "combining-marks",
            f"có dấu thừa hoặc đặt sai chỗ ở «{stray[0]}»; hãy gõ lại chữ này",
            f"there is a stray or doubled accent at {stray[0]!r}; type it again",
        )
    return None


def _about(char: str) -> tuple[str, str, str]:
    if char == "\t":
        return (
            "tab",
            "có ký tự tab; YAML thụt đầu dòng bằng dấu cách, hãy thay mỗi tab bằng hai dấu cách",
            "there is a tab; YAML indents with spaces, replace each tab by two spaces",
        )
    if char == "\0":
        return (
            "control-character",
            "có ký tự NUL; tệp hỏng, hoặc ở bảng mã UTF-16: hãy lưu lại dưới dạng UTF-8",
            "there is a NUL; the file is damaged or UTF-16: save it as UTF-8",
        )
    if char == "\ufffd":
        return (
            "replacement-character",
            "có ký tự thay thế U+FFFD: chữ ở đây đã mất khi chuyển mã, hãy gõ lại",
            "there is a replacement character U+FFFD: a letter was lost in conversion, type it again",
        )
    return (
        "control-character",
        f"có ký tự ẩn U+{ord(char):04X}; hãy xóa đi",
        f"there is a hidden character U+{ord(char):04X}; delete it",
    )


def spot(text: str, index: int) -> TextPosition:
    """The line and column of a character of `text`."""
    return TextPosition(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
