"""The handling of SIGTERM, by which a service manager asks the process to end.

A night is aborted at once and its open transaction rolled back. A delivery finishes the letters in hand and claims
no more. Python delivers signals to the main thread only; in any other thread nothing is handled here.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], object]


class StopRequested(BaseException):
    """The night was asked to end. Not an `Exception`, so that no handler takes it for the fault of a row."""

    def __str__(self) -> str:
        """The message for the operator, with the remedy."""
        return (
            "Đã dừng theo yêu cầu (SIGTERM); đêm chưa xong thì chưa ghi gì, chạy lại là đủ. (Stopped as asked; an "
            "unfinished night has written nothing: run it again.)"
        )


@contextmanager
def given_up() -> Iterator[None]:
    """Raises `StopRequested` in the code inside when SIGTERM comes."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    with _handled(stop):
        yield


@contextmanager
def asked() -> Iterator[Callable[[], bool]]:
    """Yields a function that says whether SIGTERM has come; the work goes on meanwhile."""
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
