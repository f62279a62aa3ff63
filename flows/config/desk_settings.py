"""Who may open the operator's desk as a page: whom a reverse proxy has signed in, or who has the token."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

_HEADER = re.compile("[A-Za-z][A-Za-z0-9-]{0,63}")
# What every browser sends, or a proxy passes on for anybody, says nothing of who was signed in.
_OF_ANYBODY = re.compile(
    "accept.*|connection|content-.*|cookie|host|origin|referer|sec-.*|user-agent|x-real-ip|x-forwarded-(for|proto|host)",
    re.IGNORECASE,
)
_TOKEN = re.compile("[!-~]{32,128}")


class DeskRefused(ValueError):
    """Settings of the desk that would admit anybody, or nobody; the text names the setting and never the token."""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The header by which a proxy at an address names whom it has signed in, and the token; empty: no such way."""

    header: str = ""
    proxy: str = ""
    token: str = field(default="", repr=False)

    def admits(self, peer: str, named: Sequence[str], authorization: Sequence[str]) -> bool:
        """Whether a request is the operator's.

        `peer` is the address that is really connected, `named` are the values of the header, `authorization` those
        of the header Authorization (Basic: any name, the token as password).
        """
        # A proxy that adds its word behind that of a visitor instead of replacing it vouches for nobody.
        by_proxy = bool(self.header) and _same(peer, self.proxy) and len(named) == 1 and bool(named[0].strip())
        return by_proxy or (
            bool(self.token) and hmac.compare_digest(_password(authorization), self.token.encode())
        )


def read(header: str, proxy: str, token: str | None) -> DeskSettings | None:
    """Who may open the desk; None: nobody. `token` is what the token's file holds (None: there is no file).

    Raises `DeskRefused` for a way in that anybody could take.
    """
    if bool(header) is not bool(proxy):
        raise DeskRefused(
            "desk_header, desk_proxy: phải khai cả hai; tiêu đề thì ai cũng gửi được (set both: anybody can send "
            "a header)"
        )
    if header and (not _HEADER.fullmatch(header) or _OF_ANYBODY.fullmatch(header)):
        raise DeskRefused(
            f"desk_header: «{header}» phải là tên tiêu đề mà chỉ proxy ghi, như X-Remote-User (must be the name "
            "of a header that the proxy alone sets, like this one)"
        )
    if proxy and not _is_address(proxy):
        raise DeskRefused(
            f"desk_proxy: «{proxy}» phải là địa chỉ bằng số, như 127.0.0.1 (must be an address in numbers, like "
            "this one)"
        )
    if token is not None and not _TOKEN.fullmatch(token):
        raise DeskRefused(
            "desk_token_file: tệp phải chứa một mật khẩu 32 đến 128 ký tự, không dấu cách, như openssl rand -hex "
            "32 làm ra (the file must hold one password of 32 to 128 characters without a blank)"
        )
    return DeskSettings(header, proxy, token or "") if header or token else None


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _same(peer: str, proxy: str) -> bool:
    return _is_address(peer) and ip_address(peer) == ip_address(proxy)


def _password(authorization: Sequence[str]) -> bytes:
    """The password of HTTP's Basic; empty: there is none."""
    scheme, _, given = (authorization[0] if len(authorization) == 1 else "").partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return b64decode(given.strip(), validate=True).partition(b":")[2]
    except ValueError:
        return b""
