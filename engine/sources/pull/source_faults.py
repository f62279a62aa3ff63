"""What a source database's error means, in our own words.

The words of a database repeat what they are about: a value that is a child's name or a telephone number, a host
that is the second half of a password. So they are read for their meaning, and shown only if they are about the
SELECT.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

import psycopg

TOO_SLOW = (
    "lấy quá lâu, đã dừng; xem lại câu lệnh, hoặc tăng «timeout»",
    "took too long and was stopped: check the statement, or raise 'timeout'",
)
_SILENT = "cơ sở dữ liệu không trả lời được"
# Errors of SQLite that speak of the statement and of nothing that it read.
_OF_THE_STATEMENT = re.compile(
    r"(?:no such (?:table|column|function): [\w.]{1,80}|not authorized|incomplete input"
    r"|ambiguous column name: [\w.]{1,80}"
    r'|near "[^"]{1,40}": syntax error'
    r"|SELECTs to the left and right of \w+( ALL)? do not have the same number of .*)"
)
# Names that PostgreSQL quotes stand in the statement, if the error is of class 42, and it has no value to convert.
_SYNTAX = "42"
# By SQLSTATE, else by its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: Mapping[str, tuple[str, str]] = {
    "28": ("tài khoản hoặc mật khẩu không đúng", "the account or the password is wrong"),
    "3D": ("không có cơ sở dữ liệu tên đó", "there is no database of that name"),
    "42501": ("tài khoản không có quyền SELECT ở đó", "the account may not SELECT there"),
    "25006": ("câu lệnh muốn ghi; chỉ được đọc", "the statement wants to write, and may only read"),
    "22": ("một giá trị không đổi kiểu được trong câu lệnh", "a value cannot be converted in the statement"),
    "53": ("máy chủ thiếu bộ nhớ, chỗ hoặc kết nối", "the server lacks memory, space or connections"),
    "57": ("máy chủ đang dừng hoặc khởi động", "the server is stopping or starting"),
}
# What the client library says before any server has answered.
_UNANSWERED: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = (
    (re.compile("authentication|password|pg_hba"), _POSTGRES["28"]),
    (re.compile('database ".*" does not exist'), _POSTGRES["3D"]),
    (re.compile("resolve|translate host|Name or service"), ("không tìm thấy máy chủ", "no such host")),
    (re.compile("refused"), ("máy chủ không nhận kết nối ở cổng đó", "no server listens on that port")),
    (re.compile("timeout|timed out"), ("máy chủ không trả lời kịp", "the server did not answer in time")),
    (re.compile("port"), ("cổng trong địa chỉ không dùng được", "the port of the address cannot be used")),
    (re.compile("option|parameter"), ("địa chỉ có tham số lạ", "the address has an unknown parameter")),
)
_SQLITE: Mapping[str, tuple[str, str]] = {
    "SQLITE_CANTOPEN": ("không mở được tệp; xem đường dẫn và quyền đọc", "the file cannot be opened"),
    "SQLITE_NOTADB": ("tệp không phải SQLite", "the file is no SQLite database"),
    "SQLITE_CORRUPT": ("tệp đã hỏng", "the file is damaged"),
    "SQLITE_BUSY": ("đang bị tiến trình khác khóa", "another process holds it"),
    "SQLITE_LOCKED": ("đang bị tiến trình khác khóa", "another process holds it"),
}
_CHECK = (
    "xem địa chỉ, mật khẩu, dịch vụ và câu lệnh",
    "check its address, password, service and the statement",
)


def source_fault(error: Exception) -> tuple[str, str]:
    """Why a source database gave nothing and what to do, in both languages; quotes no value and no secret."""
    seen = " ".join(str(error).split())
    if "interrupted" in seen or "statement timeout" in seen:
        return TOO_SLOW
    if isinstance(error, psycopg.Error):
        vi, en = _of_postgres(error, seen)
    elif isinstance(error, sqlite3.Error):
        vi, en = _of_sqlite(error, seen)
    else:
        vi, en = (
            "địa chỉ hoặc câu lệnh có ký tự không dùng được",
            "its address or statement holds unusable characters",
        )
    return f"{_SILENT}: {vi}; {_CHECK[0]}", f"the database did not answer: {en}; {_CHECK[1]}"


def _of_postgres(error: psycopg.Error, seen: str) -> tuple[str, str]:
    state = error.sqlstate
    if state is None:
        return next(
            (said for pattern, said in _UNANSWERED if pattern.search(seen)),
            ("không kết nối được", "no connection"),
        )
    known = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if known is None and state.startswith(_SYNTAX):
        named = error.diag.message_primary or ""
        return (f"câu lệnh sai: {named}", f"the statement is wrong: {named}") if _plain(named) else _unnamed(state)
    return known or _unnamed(state)


def _plain(named: str) -> bool:
    """Whether words about a statement name no more than ASCII identifiers, and so no person and no number."""
    return re.fullmatch(r"[A-Za-z_ \".,:;()*=-]{1,200}", named) is not None


def _unnamed(state: str) -> tuple[str, str]:
    return f"mã lỗi {state}", f"error code {state}"


def _of_sqlite(error: sqlite3.Error, seen: str) -> tuple[str, str]:
    if _OF_THE_STATEMENT.fullmatch(seen):
        return seen, seen
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return _SQLITE.get(name) or _unnamed(name)
