"""When a delivery stops although letters are due, and which refusals it does not believe yet. Pure.

One mailbox that is gone says nothing about the others. A server that refuses one letter after the other, whatever
its words, is itself the cause (a lost table of mailboxes, a block), and must not get to kill a night's letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from dondoc.notifications.delivery.outcome import (
    Deferred,
    Doubtful,
    Misconfigured,
    Outcome,
    Refused,
    Sent,
    Unknown,
)

_FAILURES_TO_HALT = 3
# Refusals in a row until they are not believed; and until the run stops: a fifth of its letters, within these.
_REFUSALS_TO_DOUBT = 3
_REFUSALS_TO_HALT = 10
_REFUSED_SHARE = 0.2


class Halt(StrEnum):
    """Why a run stopped while letters were due."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    MISCONFIGURED = "misconfigured"
    BLOCKED = "blocked"
    SILENT = "silent"
    STOPPED = "stopped"
    CLOSED = "closed"


_HALTS = {
    Halt.UNREACHABLE: "Không kết nối được máy chủ thư; không mất thư nào, lần gửi sau sẽ gửi tiếp. Kiểm tra máy "
    "chủ và mạng. (The mail server cannot be reached; nothing is lost, the next delivery goes on.)",
    Halt.BUSY: "Máy chủ thư yêu cầu chờ hoặc gửi chậm lại; không mất thư nào, lần gửi sau sẽ gửi tiếp. Nếu lặp "
    "lại, đặt «rate» trong mail.yaml. (The mail server asks us to wait or to slow down; nothing is lost, the next "
    "delivery goes on. If it happens again, set 'rate' in mail.yaml.)",
    Halt.MISCONFIGURED: "Máy chủ thư không chấp nhận cấu hình của ta; không thư nào đi được cho tới khi sửa chứng "
    "thư, mật khẩu, mã hóa hoặc địa chỉ gửi. (The mail server does not accept our settings; nothing leaves until "
    "you fix the certificate, password, encryption or sender address.)",
    Halt.BLOCKED: "Máy chủ thư từ chối hàng loạt; đã tạm dừng, thư còn lại không mất. Hỏi quản trị máy chủ thư. "
    "(The mail server refuses one letter after the other; sending is paused and the others wait. Ask its "
    "administrator.)",
    Halt.SILENT: "Máy chủ thư nhận kết nối rồi im lặng hoặc ngắt giữa chừng nhiều lần liền; đã tạm dừng để không "
    "thêm thư «chưa rõ». Kiểm tra máy chủ thư. (The mail server repeatedly stops answering or hangs up; sending "
    "is paused, so that no more letters become unknown. Check the mail server.)",
    Halt.STOPPED: "Đã dừng theo yêu cầu; thư đang cầm đã gửi xong, thư còn lại đợi lần gửi sau. (Stopped as "
    "asked: the letters in hand were finished, the others wait for the next delivery.)",
    Halt.CLOSED: "Ngoài giờ gửi của mail.yaml; thư đợi đến giờ gửi tới. (Outside the sending hours of mail.yaml: "
    "the letters wait for the next ones.)",
}


@dataclass(slots=True)
class CircuitBreaker:
    """What a run has seen of its server so far.

    At the start of a run `accepted_at` is when the server last took a letter (None: never, or long ago) and
    `refused_in_a_row` how many letters it has refused for good since. `halt` and `words` say why the run stops.
    """

    accepted_at: datetime | None = None
    refused_in_a_row: int = 0
    accepted_now: bool = False
    halt: Halt | None = None
    words: str = ""
    _settled: int = 0
    _failures: int = 0
    _silences: int = 0
    _busy: bool = False

    def message(self) -> str:
        """Why the run stopped, for the operator, with the server's words; empty when it did not."""
        why = self.reason()
        return f"{_HALTS[why]}{f' [{self.words}]' if self.words else ''}" if why else ""

    def reason(self) -> Halt | None:
        """Why the run stopped; also when there were too few letters for a halt and none got through at the end."""
        if self.halt is None and self._failures:
            return self._unreached()
        return self.halt

    def stop(self, halt: Halt, words: str) -> None:
        """Stops the run; the first reason stays."""
        if self.halt is None:
            self.halt, self.words = halt, words

    def believes(self, outcome: Refused | Doubtful, first_refused_at: datetime | None) -> bool:
        """Whether a refusal is of this mailbox or letter, and not of everything that we send.

        `first_refused_at`: when the server refused this letter for the first time, None if that is now. A clear
        refusal is believed at once, unless it is one of many in a row. Any other is believed when the server has
        taken another letter since it first refused this one.
        """
        if isinstance(outcome, Refused) and self.refused_in_a_row < _REFUSALS_TO_DOUBT:
            return True
        return (
            first_refused_at is not None and self.accepted_at is not None and self.accepted_at > first_refused_at
        )

    def watch(self, outcome: Outcome, at: datetime, *, believed: bool = False) -> None:
        """Counts how an attempt ended at `at`, and stops the run when the letters are not the cause.

        `believed`: what `believes` said of a refusal.
        """
        self._settled += 1
        match outcome:
            case Sent():
                self._failures = self._silences = self.refused_in_a_row = 0
                self.accepted_at, self.accepted_now = at, True
            case Misconfigured(text):
                self._refused(Halt.MISCONFIGURED, text, certain=not self.accepted_now)
            case Deferred(code=code, text=text, whole_connection=True):
                self._failures, self._busy, self.words = self._failures + 1, code is not None, text
                if self._failures >= _FAILURES_TO_HALT:
                    self.stop(self._unreached(), text)
            case Deferred(text=text, code=None) | Unknown(text=text):
                # A silence costs minutes a letter and, after the end of mail data, leaves its fate unknown.
                self._silences += 1
                if self._silences >= _FAILURES_TO_HALT:
                    self.stop(Halt.SILENT, text)
            case Refused(text=text) | Doubtful(text=text):
                self._failures = self._silences = 0
                # The server has taken another letter since it first refused this one.
                if believed and isinstance(outcome, Doubtful):
                    return
                self._refused(Halt.BLOCKED, text, certain=False)
            case Deferred():
                self._failures = self._silences = 0
            case _:
                assert_never(outcome)

    def _refused(self, halt: Halt, words: str, *, certain: bool) -> None:
        """`certain`: no letter got through in this run, and every further one would fail in the same way."""
        self.refused_in_a_row += 1
        enough = max(_REFUSALS_TO_DOUBT, min(_REFUSALS_TO_HALT, _REFUSED_SHARE * self._settled))
        if certain or self.refused_in_a_row >= enough:
            self.stop(halt, words)

    def _unreached(self) -> Halt:
        return Halt.BUSY if self._busy else Halt.UNREACHABLE
