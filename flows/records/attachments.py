"""The content of attachments, kept for some days where the operator wants it; nothing in it is opened or run.

An answer may hold a list of children: the folder is this account's alone, bounded, and emptied by every reading.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dondoc.notifications.replies.mail_reader import MailFile

KEPT_FOR = timedelta(days=30)
_FOLDER, _FILE, _OF_OTHERS = 0o700, 0o600, 0o077
_NAME = re.compile(r"\d+-\d+-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Attachments:
    """The folder in which attachments are kept, each as `ANSWER-N-` and the first digits of its SHA-256.

    `largest` bounds one file, `most_bytes` and `most_files` all that is kept at a time.
    """

    folder: Path
    largest: int = 10_000_000
    most_bytes: int = 500_000_000
    most_files: int = 2_000

    def refuse_shared(self) -> None:
        """Raises `PermissionError` if others may look into the folder; one that is not there will be made."""
        if self.folder.exists() and self.folder.stat().st_mode & _OF_OTHERS:
            raise PermissionError(errno.EPERM, "chmod 700", str(self.folder))

    def keep(self, answer: int, files: Sequence[MailFile], now: datetime) -> int:
        """Keeps the files of an answer as far as there is room; returns how many. Raises `OSError`."""
        self.refuse_shared()
        self.folder.mkdir(_FOLDER, parents=True, exist_ok=True)
        there = [path.lstat().st_size for path in self.folder.iterdir()]
        room, places, kept = self.most_bytes - sum(there), self.most_files - len(there), 0
        for number, file in enumerate(files, start=1):
            if file.size > min(self.largest, room) or kept >= places:
                continue
            self._write(self.folder / f"{answer}-{number}-{file.sha256[:12]}", file.content, now)
            room, kept = room - file.size, kept + 1
        return kept

    def _write(self, path: Path, content: bytes, now: datetime) -> None:
        # Never over what is there, and never through a link. An answer that is taken again finds its files.
        with suppress(FileExistsError):
            place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _FILE)
            with os.fdopen(place, "wb") as file:
                file.write(content)
            os.utime(path, (now.timestamp(), now.timestamp()))

    def remove(self, answers: Collection[int]) -> int:
        """Removes what is kept of these answers; returns how many files. Raises `OSError`."""
        return self._gone(path for path in self._kept() if int(path.name.partition("-")[0]) in answers)

    def remove_old(self, now: datetime) -> int:
        """Removes what was kept for its time; returns how many files. Raises `OSError`."""
        before = (now - KEPT_FOR).timestamp()
        return self._gone(path for path in self._kept() if path.lstat().st_mtime < before)

    def _kept(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name) and not path.is_dir()]

    def _gone(self, files: Iterable[Path]) -> int:
        found = list(files)
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)
