"""Where the shares of a night are decided, as the setting `partitions` says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Kind(StrEnum):
    """The night's own processes, or the workers of a Dask cluster."""

    POOL = "pool"
    DASK = "dask"


@dataclass(frozen=True, slots=True)
class Partitions:
    """`where` is the address of Dask's scheduler; empty for `POOL`."""

    kind: Kind
    where: str = ""


def read(text: str) -> Partitions:
    """`pool`, or `dask:tcp://HOST:PORT` (or tls). Raises ValueError for anything else."""
    word, _, where = text.partition(":")
    kind = Kind(word)
    if kind is Kind.DASK:
        address = urlsplit(where)
        good = address.scheme in {"tcp", "tls"} and address.hostname and address.port and not address.path
    else:
        good = text == kind
    if not good:
        raise ValueError(text)
    return Partitions(kind, where)
