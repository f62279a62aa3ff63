"""The pages on which offices answer: whether the address that letters print leads to them."""

from __future__ import annotations

import http.client
import urllib.request
from collections.abc import Iterator

from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, wrong
from dondoc.notifications.case_links import ALIVE

_TOPIC = Topic.PAGES
_SECONDS = 10


def pages(links: LinkSettings | None) -> Iterator[Diagnosis]:
    """Opens `alive` below the base address, which changes nothing; yields nothing where letters have no links."""
    if links is None:
        return
    address = f"{links.base}/alive"
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - `is_base` lets only http through
            said = answer.read(100)
    except (OSError, http.client.HTTPException) as error:
        yield _astray(address, str(error))
        return
    if said != ALIVE.encode():
        yield _astray(address, "trả lời là của trang khác (another page answers)")
        return
    yield good(_TOPIC, f"{links.base} dẫn tới trang trả lời (leads to the pages)")


def _astray(address: str, what: str) -> Diagnosis:
    return wrong(
        _TOPIC,
        f"{address}: {what}",
        "chạy dondoc web, xem proxy phía trước, hoặc sửa base_address: thư in địa chỉ này (run dondoc web, see to "
        "the proxy, or mend base_address: letters print it)",
    )
