"""libyaml's error messages in plain words."""

from __future__ import annotations

from yaml import YAMLError

from dondoc.engine.domain.model import Text
from dondoc.engine.rulefile.yaml_text.guard import START, TextPosition

_UNCLOSED = "found unexpected end of stream"
_QUOTES = Text(
    "thiếu dấu ngoặc kép đóng của giá trị bắt đầu ở đây",
    "the quoted value that begins here is never closed",
)
_INDENT = Text(
    "thụt đầu dòng không thẳng hàng với các dòng trên",
    "the indentation does not line up with the lines above",
)
_MEANT = {
    _UNCLOSED: _QUOTES,
    "mapping values are not allowed in this context": Text(
        "dấu hai chấm ở chỗ không được có khóa: xem lại thụt đầu dòng, hoặc đặt cả câu trong dấu ngoặc kép",
        "a colon where no key is allowed: check the indentation, or put the whole sentence in quotes",
    ),
    "did not find expected ',' or ']'": Text(
        "danh sách «[ ]» thiếu dấu phẩy hoặc dấu «]»", "the list '[ ]' lacks a comma or its ']'"
    ),
    "did not find expected ',' or '}'": Text(
        "nhóm «{ }» thiếu dấu phẩy hoặc dấu «}»; giá trị có dấu phẩy phải đặt trong dấu ngoặc kép",
        "the group '{ }' lacks a comma or its '}'; put a value with a comma in quotes",
    ),
    "did not find expected key": _INDENT,
    "did not find expected '-' indicator": _INDENT,
    "did not find expected <document start>": Text(
        "phần này không thuộc vào đâu: xem lại thụt đầu dòng và các dấu đóng ngoặc",
        "this part has no place here: check the indentation and the closing brackets",
    ),
    "could not find expected ':'": Text("dòng trên thiếu dấu hai chấm sau khóa", "a key above lacks its colon"),
    "found character that cannot start any token": Text(
        "giá trị không được bắt đầu bằng ký tự này; đặt trong dấu ngoặc kép",
        "a value must not begin with this character; put it in quotes",
    ),
    "found unknown escape character": Text(
        "dấu «\\» trong dấu ngoặc kép không đúng; dùng dấu ngoặc đơn, hoặc viết «\\\\»",
        "the '\\' in double quotes is wrong; use single quotes, or write '\\\\'",
    ),
}


def explain(error: YAMLError) -> tuple[TextPosition, str, str]:
    """Where a text stops being YAML, and what to do about it, in Vietnamese and English."""
    problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
    mark = getattr(error, "problem_mark", None)
    if problem == _UNCLOSED:
        mark = getattr(error, "context_mark", None) or mark
    at = START if mark is None else TextPosition(mark.line + 1, mark.column + 1)
    known = _MEANT.get(problem)
    if known is not None:
        return at, known.vi, known.en
    return at, f"sai cú pháp YAML ({problem})", f"this is not YAML ({problem})"
