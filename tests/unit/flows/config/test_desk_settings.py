"""Who may open the desk: a table of requests, and of settings that would admit anybody."""

from __future__ import annotations

from base64 import b64encode

import pytest

from dondoc.flows.config.desk_settings import DeskRefused, DeskSettings, read

TOKEN = "t0ken" * 8
HEADER, PROXY = "X-Remote-User", "10.0.0.5"


def basic(password: str, name: str = "vanhanh") -> list[str]:
    """The header Authorization of a browser."""
    return [f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"]


REQUESTS = [
    ("the proxy names whom it has signed in", PROXY, ["an"], [], True),
    ("the proxy names nobody", PROXY, [], [], False),
    ("the proxy names somebody without a name", PROXY, [" "], [], False),
    ("the proxy adds its word behind a visitor's", PROXY, ["admin", "an"], [], False),
    ("another machine names somebody", "10.0.0.6", ["an"], [], False),
    ("nobody knows which machine names somebody", "", ["an"], [], False),
    ("the same proxy, written otherwise", "::ffff:10.0.0.5", ["an"], [], False),
    ("the token, from anywhere", "10.0.0.6", [], basic(TOKEN), True),
    ("the token under another name", "10.0.0.6", [], basic(TOKEN, ""), True),
    ("a token that is one character short", "10.0.0.6", [], basic(TOKEN[:-1]), False),
    ("a token that is one character long", "10.0.0.6", [], basic(f"{TOKEN}x"), False),
    ("an empty token", "10.0.0.6", [], basic(""), False),
    ("the token by another scheme", "10.0.0.6", [], [f"Bearer {TOKEN}"], False),
    ("the token twice", "10.0.0.6", [], basic(TOKEN) * 2, False),
    ("what is no base64", "10.0.0.6", [], ["Basic \xe9"], False),
    ("nothing at all", "10.0.0.6", [], [], False),
]


@pytest.mark.parametrize(
    ("peer", "named", "authorization", "may"), [row[1:] for row in REQUESTS], ids=[row[0] for row in REQUESTS]
)
def test_who_may_open_the_desk(peer: str, named: list[str], authorization: list[str], may: bool) -> None:  # noqa: FBT001
    """Whom the one proxy has signed in, and who has the token; nobody else."""
    assert DeskSettings(HEADER, PROXY, TOKEN).admits(peer, named, authorization) is may


def test_a_way_that_is_not_set_admits_nobody() -> None:
    """An empty header and an empty token match nothing, however empty a request is."""
    assert not DeskSettings(HEADER, PROXY).admits("", [], basic(""))
    assert not DeskSettings(token=TOKEN).admits("", [""], [])


REFUSED = [
    ("a header without its proxy", HEADER, "", None, "desk_header, desk_proxy"),
    ("a proxy without its header", "", PROXY, None, "desk_header, desk_proxy"),
    ("a header that every browser sends", "User-Agent", PROXY, None, "desk_header"),
    ("a header that proxies pass on", "x-forwarded-for", PROXY, None, "desk_header"),
    ("no name of a header", "X Remote", PROXY, None, "desk_header"),
    ("a proxy by name", HEADER, "proxy.example.vn", None, "desk_proxy"),
    ("an empty token file", "", "", "", "desk_token_file"),
    ("a short token", "", "", "s" * 31, "desk_token_file"),
    ("a token with a blank", "", "", f"{'s' * 31} s", "desk_token_file"),
]


@pytest.mark.parametrize(
    ("header", "proxy", "token", "named"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_would_admit_anybody_is_refused(header: str, proxy: str, token: str | None, named: str) -> None:
    """With the setting's name, and without what the file holds."""
    with pytest.raises(DeskRefused, match=f"^{named}: ") as refused:
        read(header, proxy, token)
    assert not token or token not in str(refused.value)


def test_what_is_accepted() -> None:
    """Either way, both, or none."""
    assert read("", "", None) is None
    assert read(HEADER, PROXY, None) == DeskSettings(HEADER, PROXY)
    assert read("X-Forwarded-User", "::1", TOKEN) == DeskSettings("X-Forwarded-User", "::1", TOKEN)
