"""Who is really connected: noted before a proxy's word on whom it speaks for takes its place."""

from __future__ import annotations

from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

# The key under which a request carries the address.
PEER = "dondoc.peer"


class PeerNoted:
    """An ASGI application that notes the peer, and then believes `X-Forwarded-…` of the trusted addresses."""

    def __init__(self, inner: Any, trusted: str) -> None:
        self._inner = ProxyHeadersMiddleware(inner, trusted)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Passes on a request, or what else the server says."""
        if scope["type"] == "http":
            scope[PEER] = (scope.get("client") or ("",))[0]
        await self._inner(scope, receive, send)
