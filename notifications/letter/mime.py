"""A letter's bytes, written without a library: the same values always make the same bytes.

Python's `email` package does not write them: before 3.11.10 it turns an encoded CR LF in a display name into
a header of its own (CVE-2024-6923), and it loses spaces when it folds Vietnamese subjects.
Headers follow RFC 5322, encoded words RFC 2047, `Auto-Submitted` RFC 3834. `X-Auto-Response-Suppress` (MS-OXCMAIL,
2.1.3.2.20) asks for no absence notes and no automatic replies; `All` would suppress non-delivery reports too.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import format_datetime
from hashlib import sha256

from dondoc.engine.errors import DonDocError

TEXT_CAP = 150
_HANOI = timezone(timedelta(hours=7))
_WORD_BYTES = 45
_LINE = 76
_ADDRESS = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_ADDRESS_CAP = 254
_IDENTIFIER = re.compile(r"<[!-;=?-~]+>")
_TOKEN = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9.+-]+)?")
_NOT_PRINTABLE = re.compile(r"[^ -~]")


class LetterRefused(DonDocError):
    """A letter that must not leave as it is. Carries the letter's id and what is wrong with it."""

    def __init__(self, letter: str, fault: str) -> None:
        self.letter, self.fault = letter, fault
        super().__init__(f"Thư {letter} không được gửi: {fault}. (Letter {letter} refused: {fault}.)")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `filename` is ASCII, `media_type` without parameters."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """Everything a letter's bytes are made of. `sent_at` is any aware instant, printed in +0700.

    `message_id`, `thread` and `list_id` carry their angle brackets. `sender_name` and `subject` may hold any text.
    """

    id: str
    night: date
    sender: str
    sender_name: str
    recipient: str
    reply_to: str
    subject: str
    sent_at: datetime
    message_id: str
    thread: str
    list_id: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def build(message: Message) -> bytes:
    """The letter as bytes: ASCII, CRLF, no line above 998. Raises `LetterRefused` for an unsafe header."""
    boundary = f"=_{sha256(message.id.encode()).hexdigest()[:32]}"
    inner = f"{boundary}.a" if message.attachments else boundary
    texts = [_part("text/plain; charset=utf-8", message.text), _part("text/html; charset=utf-8", message.html)]
    body = _multipart(inner, texts)
    kind = f'multipart/alternative; boundary="{inner}"'
    if message.attachments:
        first = f"Content-Type: {kind}\r\n\r\n{body}"
        body = _multipart(boundary, [first, *(_file(message, one) for one in message.attachments)])
        kind = f'multipart/mixed; boundary="{boundary}"'
    head = "".join(f"{name}: {value}\r\n" for name, value in [*_headers(message), ("Content-Type", kind)])
    return f"{head}\r\n{body}".encode("ascii")


HEADERS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Id",
    "Content-Language",
    "MIME-Version",
    "X-Dondoc-Night",
    "X-Dondoc-Letter",
    "Content-Type",
)


def _headers(message: Message) -> list[tuple[str, str]]:
    """All headers but the last of `HEADERS`, in that order."""
    if message.sent_at.tzinfo is None:
        raise LetterRefused(message.id, f"Date: {message.sent_at.isoformat()} has no time zone")
    values = (
        f"{encoded(message.sender_name)} <{_address(message, 'From', message.sender)}>",
        _address(message, "To", message.recipient),
        _address(message, "Reply-To", message.reply_to),
        encoded(message.subject),
        format_datetime(message.sent_at.astimezone(_HANOI)),
        _matching(message, "Message-ID", message.message_id, _IDENTIFIER),
        _matching(message, "References", message.thread, _IDENTIFIER),
        "auto-generated",
        "OOF, AutoReply",
        _matching(message, "List-Id", message.list_id, _IDENTIFIER),
        "vi",
        "1.0",
        message.night.isoformat(),
        _matching(message, "X-Dondoc-Letter", message.id, _TOKEN),
    )
    return list(zip(HEADERS[:-1], values, strict=True))


def _address(message: Message, header: str, value: str) -> str:
    return _matching(message, header, value if len(value) <= _ADDRESS_CAP else "", _ADDRESS)


def _matching(message: Message, header: str, value: str, allowed: re.Pattern[str]) -> str:
    if _NOT_PRINTABLE.search(value) or not allowed.fullmatch(value):
        raise LetterRefused(message.id, f"{header}: {value!a} is not allowed there")
    return value


def cleaned(text: str) -> str:
    """Text fit for a header: NFC, one line, nothing invisible, no encoded word inside, at most 150 characters."""
    seen = "".join(" " if _breaks(char) else char for char in text if not _vanishes(char))
    spaced = " ".join(unicodedata.normalize("NFC", seen).split()).replace("=?", "= ?")
    return spaced if len(spaced) <= TEXT_CAP else f"{spaced[: TEXT_CAP - 1].rstrip()}…"


def _breaks(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Zl", "Zp")


def _vanishes(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cs")


def encoded(text: str) -> str:
    """The cleaned text as RFC 2047 B-encoded words, each of whole characters, folded one to a line."""
    words: list[bytes] = []
    word = b""
    for char in cleaned(text):
        more = char.encode()
        if word and len(word) + len(more) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += more
    return "\r\n ".join(f"=?utf-8?B?{b64encode(one).decode()}?=" for one in [*words, word] if one)


def _part(kind: str, text: str) -> str:
    body = "\r\n".join(text.splitlines())
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{_base64(body.encode())}"


def _file(message: Message, one: Attachment) -> str:
    name = _matching(message, "filename", one.filename, _TOKEN)
    kind = _matching(message, "Content-Type", one.media_type, _TOKEN)
    return (
        f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{_base64(one.content)}'
    )


def _base64(content: bytes) -> str:
    line = b64encode(content).decode()
    return "\r\n".join(line[at : at + _LINE] for at in range(0, len(line), _LINE))


def _multipart(boundary: str, parts: list[str]) -> str:
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
