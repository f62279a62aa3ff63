"""The mail server that takes our letters: where it is, and how the way to it is protected."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address


class Tls(StrEnum):
    """How the connection is protected. `plain` is for a server on this machine only."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where letters leave from. Times are in seconds, the later four being RFC 5321's (4.5.3.2).

    `ca_file` adds a certificate authority of one's own; `hello_name` is what we call ourselves. `connections`
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
    """Whether it is exactly one ASCII mail address, as SMTP can say it."""
    return _ADDRESS.fullmatch(text) is not None


class SettingsWrong(Exception):
    """The settings ask for what is unsafe or impossible; its text says what to set instead."""


async def loopback(settings: SmtpSettings) -> str:
    """The address of this machine behind `host`, for an unprotected connection, which never goes beyond it.

    Raises SettingsWrong when any address of the host is elsewhere, OSError when the name is unknown.
    """
    found = await asyncio.get_running_loop().getaddrinfo(settings.host, settings.port)
    addresses = [str(address[0]) for *_, address in found]
    if not all(ip_address(address).is_loopback for address in addresses):
        raise SettingsWrong(
            f"«tls: plain» chỉ dùng cho máy chủ thư trên chính máy này, {settings.host} thì không phải: đặt «tls: "
            f"starttls» hoặc «tls: implicit» (plain is for this machine only, which {settings.host} is not: use "
            "starttls or implicit)"
        )
    return addresses[0]


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """At least TLS 1.2, name and certificate of the server checked; no setting turns that off.

    Raises SettingsWrong when `ca_file` cannot be read.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise SettingsWrong(f"{ca_file}: không đọc được chứng thư (unreadable): {error}") from error
    return context
