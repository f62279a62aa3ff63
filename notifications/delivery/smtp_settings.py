"""The mail server that takes our letters: where it is, and how the connection is protected."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Tls(StrEnum):
    """How the connection is protected. `plain` is for a server on this machine only."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server and how to use it. Times are in seconds, the last four those of RFC 5321 (4.5.3.2).

    `ca_file` adds a private certificate authority; `hello_name` is our name in EHLO. `connections`
    are open at once, each for at most `connection_seconds` and `letters_per_connection` letters. `journal` is a
    mailbox of our own that gets every letter in the same transaction.
    """

    host: str
    port: int
    tls: Tls
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    hello_name: str | None = None
    journal: str = ""
    connections: int = 2
    letters_per_connection: int = 100
    connection_seconds: float = 300
    connect_seconds: float = 60
    command_seconds: float = 300
    data_seconds: float = 120
    body_seconds: float = 180
    dot_seconds: float = 600


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")


def is_address(text: str) -> bool:
    """Whether it is exactly one ASCII mail address, as SMTP can carry it."""
    return _ADDRESS.fullmatch(text) is not None
