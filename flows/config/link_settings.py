"""The address under which letters can be answered, and the keys of the links there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from dondoc.notifications.case_links import Linker, LinkKeys

# As a letter prints it: nothing that a mail program could take for the end of an address.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")
_HERE = ("127.0.0.1", "localhost")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where the pages stand, without a slash at the end, and the keys of their links."""

    base: str
    keys: LinkKeys

    @property
    def prefix(self) -> str:
        """The path of the base address: empty, or `/dondoc`."""
        return urlsplit(self.base).path

    def of(self, night: date) -> Linker:
        """What makes the links of a night's letters."""
        return Linker(self.base, self.keys, night)


def is_base(address: str) -> bool:
    """Whether pages can stand there: https, or http on this machine; without a question mark or a login."""
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        return False
    return address.startswith("https://") or urlsplit(address).hostname in _HERE
