"""Opens a folder to write into; one that the program makes among files of others is never a link."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened_folder(folder: Path, *, ours: bool) -> Iterator[int]:
    """The descriptor of a folder, made if it is not there; `ours`: the program makes it, so it is no link.

    Raises `OSError`; ELOOP for a link in the place of a folder of ours.
    """
    # Opening would say that a link is no folder; what is wrong is that it is a link.
    if ours and folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (os.O_NOFOLLOW if ours else 0))
    try:
        yield number
    finally:
        os.close(number)
