"""The setting `partitions`: where the shares of a night are decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

# The name becomes part of a URL of Prefect's API and of a command.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]*(?<! )")


class Executor(StrEnum):
    """The night itself, the workers of a Dask cluster, or those of a Prefect work pool."""

    POOL = "pool"
    DASK = "dask"
    PREFECT = "prefect"


@dataclass(frozen=True, slots=True)
class Partitions:
    """`where` is the address of Dask's scheduler, or the name of the work pool; empty for `POOL`."""

    kind: Executor
    where: str = ""


def read(text: str) -> Partitions:
    """`pool`, `dask:tcp://HOST:PORT` (or tls), `prefect:NAME`. Raises ValueError for anything else."""
    word, _, where = text.partition(":")
    kind = Executor(word)
    if kind is Executor.DASK:
        address = urlsplit(where)
        good = address.scheme in {"tcp", "tls"} and address.hostname and address.port and not address.path
    elif kind is Executor.PREFECT:
        good = bool(_NAME.fullmatch(where))
    else:
        good = text == kind
    if not good:
        raise ValueError(text)
    return Partitions(kind, where)
