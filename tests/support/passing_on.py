"""A proxy in front of the pages, on this machine, that sets headers as it was told to."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def passing_on(root: str, headers: Mapping[str, str]) -> Iterator[str]:
    """The address of a proxy that passes on what is opened, with these headers and no other."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(root + self.path, headers=dict(headers))
                ) as made:
                    status, body = 200, made.read()
            except urllib.error.HTTPError as refused:
                with refused:
                    status, body = refused.code, refused.read()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
