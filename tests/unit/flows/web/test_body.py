"""The body of a form, as it comes in piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dondoc.flows.web.body import LONGEST, BodyRefused, fields

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def read(*chunks: bytes, seconds: float = 10, gone: bool = False) -> Mapping[str, str]:
    """The fields of a body that comes in these pieces; `gone`: whoever sent it goes away, else it ends."""
    waiting = list(chunks)

    async def receive() -> MutableMapping[str, Any]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": gone or bool(waiting)}
        if gone:
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)
        raise AssertionError

    return asyncio.run(fields(FORM, receive, seconds))


def test_fields_come_in_pieces() -> None:
    """Cut anywhere, also inside a letter; blanks at the ends go."""
    raw = urlencode({"words": " Lũ làm hỏng đường ", "document": ""}).encode()
    for cut in range(1, len(raw)):
        assert read(raw[:cut], raw[cut:]) == {"words": "Lũ làm hỏng đường", "document": ""}


def test_too_long_is_cut_off_while_it_comes() -> None:
    """Nothing behind the limit is waited for."""
    with pytest.raises(BodyRefused) as refused:
        read(b"a=", b"x" * LONGEST, b"never read")
    assert refused.value.status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_who_goes_away_or_dawdles_has_sent_nothing() -> None:
    """A connection does not stay open for it."""
    with pytest.raises(BodyRefused, match="Bad Request"):
        read(b"words=a", gone=True)
    with pytest.raises(BodyRefused, match="Timeout"):
        read(seconds=0.01)


@given(st.binary(max_size=200))
def test_any_bytes_are_fields_or_refused(raw: bytes) -> None:
    """Never another error."""
    try:
        found = read(raw)
    except BodyRefused:
        return
    assert all(value == value.strip() for value in found.values())
