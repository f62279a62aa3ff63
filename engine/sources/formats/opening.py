"""Opens what others put somewhere: a file itself, never what a link points to, and never a pipe."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from dondoc.engine.file_faults import fault_of
from dondoc.engine.sources.formats.refused import SheetRefused


def open_itself(path: Path) -> BinaryIO:
    """The file, for reading. Raises `SheetRefused` for a link, for what is no file, where a right is missing."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise is_a_link(path) from error
        fault = fault_of(error, path)
        raise SheetRefused(path.name, f"không đọc được: {fault.vi}", f"cannot be read: {fault.en}") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise SheetRefused(path.name, "không phải một tệp", "is not a file")
    return os.fdopen(number, "rb")


def is_a_link(path: Path) -> SheetRefused:
    """The refusal of a link: whoever made it need not be allowed to read what it points to."""
    return SheetRefused(
        path.name,
        "là liên kết nên không đọc; nạp chính tệp đó",
        "is a link and is not read: import the file itself",
    )
