"""The protection of a connection to a mail server: this machine only, or TLS with verified certificates."""

from __future__ import annotations

import asyncio
import ssl
from ipaddress import ip_address

from dondoc.notifications.delivery.smtp_settings import SmtpSettings


class SettingsWrong(Exception):
    """The settings ask for what is unsafe or impossible; its text says what to set instead."""


async def loopback(settings: SmtpSettings) -> str:
    """The loopback address of `host`, for an unprotected connection, which must not leave this machine.

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
    """A context for TLS 1.2 or later that verifies the server's name and certificate; no setting turns that off.

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
