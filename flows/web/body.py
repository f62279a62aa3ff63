"""The body of a form that a stranger sent: bounded in size, time and number of fields, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.types import Receive

LONGEST = 16_384
_SECONDS = 10
_FIELDS = 12
_FORM = "application/x-www-form-urlencoded"


class BodyRefused(Exception):
    """A body that is not read; `status` is what is answered."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def fields(media_type: str, receive: Receive, seconds: float = _SECONDS) -> Mapping[str, str]:
    """The fields of a form, each once, without blanks at their ends. Raises `BodyRefused`."""
    if media_type.partition(";")[0].strip().lower() != _FORM:
        raise BodyRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    raw = b""
    try:
        async with asyncio.timeout(seconds):
            async for chunk in _chunks(receive):
                raw += chunk
                if len(raw) > LONGEST:
                    raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except TimeoutError:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from None
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        raise BodyRefused(HTTPStatus.BAD_REQUEST) from None
    found = {name: value.strip() for name, value in pairs}
    if len(found) != len(pairs):
        raise BodyRefused(HTTPStatus.BAD_REQUEST)
    return found


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes in; whoever goes away in its middle has sent none."""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyRefused(HTTPStatus.BAD_REQUEST)
        yield message.get("body", b"")
        more = message.get("more_body", False)
