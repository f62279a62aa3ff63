"""A mail server that takes everything and keeps nothing, as quick as Python: `python sink.py` prints its port."""

from __future__ import annotations

import asyncio


class _Taker(asyncio.Protocol):
    """One connection: greets, says yes to everything, and waits for the final dot of each mail."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out, self._rest, self._in_body = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while self._in_body or b"\r\n" in self._rest:
            if self._in_body:
                if self._rest.startswith(b".\r\n"):
                    _, _, self._rest = self._rest.partition(b"\r\n")
                else:
                    _, ended, rest = self._rest.partition(b"\r\n.\r\n")
                    if not ended:
                        return
                    self._rest = rest
                self._in_body = False
                self._out.write(b"250 taken\r\n")
                continue
            line, _, self._rest = self._rest.partition(b"\r\n")
            self._answer(line[:4].upper())

    def _answer(self, verb: bytes) -> None:
        if verb == b"DATA":
            self._in_body = True
            self._out.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._out.write(b"221 bye\r\n")
            self._out.close()
        else:
            self._out.write(b"250 yes\r\n")


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
