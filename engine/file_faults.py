"""What keeps a file from being read or written, as one sentence: the path, the missing right, what to do."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from dondoc.engine.errors import DonDocError, Remedy

# Characters that print nothing or change what stands beside them: controls, marks of direction, lone surrogates.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DENIED = frozenset({errno.EACCES, errno.EPERM})
_SAID: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("không có tệp hoặc thư mục này; xem lại đường dẫn", "there is no such file or folder"),
    errno.ENOTDIR: ("một phần của đường dẫn là tệp, không phải thư mục", "a part of the path is no folder"),
    errno.EISDIR: ("là thư mục, không phải tệp", "is a folder, not a file"),
    errno.EEXIST: ("đã có tệp này; chọn tên khác", "exists already: choose another name"),
    errno.ELOOP: ("là liên kết, không đi theo; thay bằng tệp hoặc thư mục thật", "is a link and is not followed"),
    errno.ENAMETOOLONG: ("tên quá dài; chọn tên ngắn hơn", "the name is too long: choose a shorter one"),
    errno.EROFS: (
        "ổ đĩa chỉ cho đọc; chọn thư mục ghi được như var (dịch vụ systemd: thêm vào ReadWritePaths)",
        "the disk is read-only: choose a folder such as var, or add it to ReadWritePaths of the systemd unit",
    ),
} | dict.fromkeys(
    _FULL,
    ("ổ đĩa đã đầy; giải phóng dung lượng rồi chạy lại", "the disk is full: free some space, then run again"),
)


class FileFault(DonDocError):
    """A file or folder that cannot be read or written; `where` is its path as it may be shown."""

    remedy: ClassVar[Remedy] = Remedy.FIX_INPUT

    def __init__(self, where: str, vi: str, en: str) -> None:
        self.where, self.vi, self.en = where, vi, en
        super().__init__(f"{where}: {vi} ({en})")


def shown(path: Path | str) -> str:
    """A path, or a name, as it may be printed and stored; a byte that is no text is written in hexadecimal."""
    return "".join(map(_shown, str(path)))


def _shown(letter: str) -> str:
    if unicodedata.category(letter) not in _UNSHOWN:
        return letter
    # A byte that is not UTF-8 in a file's name is a surrogate in Python's.
    raw = ord(letter) - 0xDC00 if "\udc80" <= letter <= "\udcff" else ord(letter)
    return f"\\x{raw:02x}"


def fault_of(error: OSError | UnicodeError, path: Path | str | None = None) -> FileFault:
    """The fault that an error means; `path` is where it happened, if the error does not know it."""
    if isinstance(error, UnicodeError):
        return FileFault(shown(path or "?"), "tên hoặc nội dung không phải UTF-8", "its name or text is not UTF-8")
    # An error of two names, as of a rename, is about the one that could not be made.
    name = error.filename2 or error.filename or path or "?"
    where = Path(os.fsdecode(name)) if not isinstance(name, int) else Path("?")
    if error.errno in _DENIED:
        return FileFault(shown(where), *_missing_right(where))
    seen = error.strerror or type(error).__name__
    vi, en = _SAID.get(error.errno or 0, (f"hệ thống không cho: {seen}", "the system refused it"))
    return FileFault(shown(where), vi, en)


@contextmanager
def translated(path: Path | str | None = None) -> Iterator[None]:
    """Turns the errors of files raised inside into a `FileFault`; others pass unchanged."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise fault_of(error, path) from error


def unwritable(folder: Path) -> FileFault | None:
    """Why the account cannot make files in a folder, or in the one in which it would be made; None: it can."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        return fault_of(NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there)))
    if os.access(there, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        return None
    # Root may write anywhere but where the disk is read-only.
    number = errno.EROFS if os.geteuid() == 0 else errno.EACCES
    return fault_of(OSError(number, os.strerror(number), str(there)))


def _missing_right(where: Path) -> tuple[str, str]:
    """The right that is missing on the way to a path, for the account that runs."""
    who = _account()
    # What counts is the account that the process acts as.
    as_acting = os.access in os.supports_effective_ids
    for folder in reversed(where.absolute().parents):
        if folder.is_dir() and not os.access(folder, os.X_OK, effective_ids=as_acting):
            return (
                f"{who} không được vào thư mục {shown(folder)}; cấp quyền x cho thư mục đó",
                f"the account may not enter {shown(folder)}: grant x on it",
            )
        if not folder.exists():
            break
    if where.exists() and not os.access(where, os.R_OK, effective_ids=as_acting):
        return f"{who} không có quyền đọc; cấp quyền r", "the account may not read it: grant r"
    if where.is_file() and not os.access(where, os.W_OK, effective_ids=as_acting):
        return f"{who} không có quyền ghi vào tệp; cấp quyền w", "the account may not write it: grant w"
    folder = where if where.is_dir() else where.parent
    return (
        f"{who} không có quyền ghi vào thư mục {shown(folder)}; cấp quyền w, hoặc chọn thư mục khác",
        f"the account may not write into the folder {shown(folder)}: grant w, or choose another",
    )


def _account() -> str:
    """The account that runs, in words: its name, or its number where it has none."""
    import pwd  # noqa: PLC0415 - only when something is missing

    number = os.geteuid()
    try:
        return f"tài khoản {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"tài khoản số {number}"
