"""The pages: whether the address that letters print leads to them, and who sees the operator's desk."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, wrong
from dondoc.notifications.case_links import ALIVE
from dondoc.notifications.wording.web_pages import WAITING

_TOPIC = Topic.PAGES
_SECONDS = 10
_MOST = 1_000_000


def pages(links: LinkSettings | None, operators: DeskSettings | None) -> Iterator[Diagnosis]:
    """Opens `alive` below the base address, and the desk as whoever has not signed in; neither changes anything.

    Yields nothing where letters have no links.
    """
    if links is None:
        return
    address = f"{links.base}/alive"
    try:
        status, said = _opened(address)
    except (OSError, http.client.HTTPException) as error:
        yield _astray(address, str(error))
        return
    if said != ALIVE:
        other = "trả lời là của trang khác (another page answers)"
        yield _astray(address, other if status == HTTPStatus.OK else f"HTTP {status}")
        return
    yield good(_TOPIC, f"{links.base} dẫn tới trang trả lời (leads to the pages)")
    if operators is not None:
        try:
            yield _desk(f"{links.base}/desk", operators)
        except (OSError, http.client.HTTPException) as error:
            yield _astray(f"{links.base}/desk", str(error))


def _desk(address: str, operators: DeskSettings) -> Diagnosis:
    """Who sees the desk at the address that a visitor would use, which leads through the proxy in front."""
    status, said = _opened(address)
    if _is_desk(said):
        return wrong(
            _TOPIC,
            f"{address} mở được mà không cần đăng nhập (opens without a sign-in)",
            "proxy phải đăng nhập rồi mới ghi desk_header (the proxy must sign people in, and set desk_header "
            "only then)",
        )
    if status == HTTPStatus.NOT_FOUND:
        return wrong(
            _TOPIC,
            f"{address}: không có trang này (no such page)",
            "khai desk_header, desk_proxy hoặc desk_token_file cả trong thiết lập của dondoc web, rồi khởi động "
            "lại (set them in the settings of dondoc web as well, and start it again)",
        )
    if operators.header and _is_desk(_opened(address, {operators.header: "dondoc doctor"})[1]):
        return wrong(
            _TOPIC,
            f"{address} mở cho ai tự gửi {operators.header} (opens to whoever sends that header)",
            f"ở mọi nơi dẫn tới các trang này, proxy phải tự ghi {operators.header}, kể cả ghi trống (wherever it "
            "leads to these pages the proxy must set it, also to nothing)",
        )
    if operators.token:
        signed = b64encode(f"dondoc:{operators.token}".encode()).decode()
        if not _is_desk(_opened(address, {"Authorization": f"Basic {signed}"})[1]):
            return wrong(
                _TOPIC,
                f"{address} không mở bằng mật khẩu trong desk_token_file (the token does not open it)",
                "khởi động lại dondoc web, hoặc để proxy chuyển tiêu đề Authorization (start dondoc web again, or "
                "let the proxy pass on Authorization)",
            )
    return good(_TOPIC, f"{address} chỉ mở cho người đã đăng nhập (opens to those who signed in alone)")


def _is_desk(said: str) -> bool:
    return f"<title>{WAITING.vi}" in said


def _opened(address: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """What is answered; an answer that refuses is one as well. Raises `OSError` and `HTTPException`."""
    request = urllib.request.Request(address, headers=dict(headers or {}))  # noqa: S310 - `is_base` lets only http through
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            return answer.status, answer.read(_MOST).decode(errors="replace")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, ""


def _astray(address: str, what: str) -> Diagnosis:
    return wrong(
        _TOPIC,
        f"{address}: {what}",
        "chạy dondoc web, xem proxy phía trước, hoặc sửa base_address: thư in địa chỉ này (run dondoc web, see to "
        "the proxy, or mend base_address: letters print it)",
    )
