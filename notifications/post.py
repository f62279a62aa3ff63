"""One letter to be: what goes from whoever gathers the night's news to whoever makes letters of it. A value."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model import Notice
from notifications.digest import Digest


@dataclass(frozen=True, slots=True)
class Post:
    """One letter to be: the mailbox it goes to, the digest in it, and the offices that are told by it."""

    office: str
    address: str
    digest: Digest
    notices: tuple[Notice, ...]
