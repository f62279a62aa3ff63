"""Whether the Prefect server's port of this machine is open to other machines, as the kernel says."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, look

# The port of `dondoc serve` unless another one is asked for.
_USUAL = 4200
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS = "0A"
_WORD = 4


def open_port(environment: Mapping[str, str]) -> Iterator[Diagnosis]:
    """One line if something on this machine listens at Prefect's port for other machines; else none."""
    port = _port(environment.get("PREFECT_API_URL", ""))
    open_to = sorted(str(at) for at in listening(port) if not at.is_loopback)
    if open_to:
        yield look(
            Topic.SCHEDULE,
            f"cổng {port} của máy này mở cho máy khác (this machine's port is open to other machines): "
            f"{', '.join(open_to)}",
            "cho máy chủ Prefect nghe ở 127.0.0.1 (prefect server start --host 127.0.0.1), hoặc chặn cổng bằng "
            "tường lửa (let the server listen there only, or close the port in the firewall)",
        )


def listening(port: int) -> set[IPv4Address | IPv6Address]:
    """The addresses of this machine at which something listens on a TCP port; none where no kernel says so."""
    found = set()
    for table in _TABLES:
        try:
            lines = table.read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            _, local, _, state, *_ = line.split()
            address, _, number = local.partition(":")
            if state == _LISTENS and int(number, 16) == port:
                found.add(_address(bytes.fromhex(address)))
    return found


def _address(stored: bytes) -> IPv4Address | IPv6Address:
    """An address as the kernel prints it: in words of four bytes, each in the machine's order."""
    words = (stored[at : at + _WORD] for at in range(0, len(stored), _WORD))
    address = ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _port(api: str) -> int:
    """The port of a server on this machine; of one elsewhere, the usual one here."""
    try:
        parts = urlsplit(api)
        port = parts.port if parts.hostname in ("localhost", "127.0.0.1", "::1") else None
    except ValueError:
        port = None
    return port or _USUAL
