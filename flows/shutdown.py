"""What SIGTERM means: a service manager asks to end, and what is in hand is ended in order.

A night is given up at once, its open transaction rolled back. A delivery finishes the letters in hand and claims
no more. Only the main thread can be asked; elsewhere the owner of the thread must stop it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], object]


class StopRequested(BaseException):
    """The night was asked to end. Not an Exception, so that nothing takes it for a fault of a row or a chunk."""

    def __str__(self) -> str:
        """A sentence for a person, with the remedy."""
        return (
            "Đã dừng theo yêu cầu (SIGTERM); đêm chưa xong thì chưa ghi gì, chạy lại là đủ. (Stopped as asked; a "
            "night that was not finished has written nothing: run it again.)"
        )


@contextmanager
def given_up() -> Iterator[None]:
    """Raises `StopRequested` wherever the work stands when SIGTERM comes."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    with _handled(stop):
        yield


@contextmanager
def asked() -> Iterator[Callable[[], bool]]:
    """Gives a function that says whether SIGTERM has come; the work goes on meanwhile."""
    came = threading.Event()
    with _handled(lambda *_: came.set()):
        yield came.is_set


@contextmanager
def _handled(handler: _Handler) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
