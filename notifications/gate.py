"""The last look at a letter's bytes before they are stored: read back by another hand, and compared.

Whatever went wrong in writing them is found here, while the letter can still be refused.
"""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import getaddresses

from notifications.mime import HEADERS, LetterRefused, Message, cleaned

_LONGEST_LINE = 998


def check(raw: bytes, message: Message) -> None:
    """Compare `raw`, read back, with what it was made of. Raises `LetterRefused` with every difference found."""
    faults = _of_lines(raw)
    parsed = message_from_bytes(raw)
    faults += _of_headers(parsed, message) + _of_bodies(parsed, message)
    if faults:
        raise LetterRefused(message.id, "; ".join(faults))


def _of_lines(raw: bytes) -> list[str]:
    faults = []
    if not raw.isascii():
        faults.append("a byte that is not ASCII")
    if any(mark in raw.replace(b"\r\n", b"") for mark in (b"\r", b"\n", b"\0")):
        faults.append("a bare CR, LF or NUL")
    if max(map(len, raw.split(b"\r\n"))) > _LONGEST_LINE:
        faults.append(f"a line above {_LONGEST_LINE} bytes")
    return faults


def _of_headers(parsed: Parsed, message: Message) -> list[str]:
    keys = tuple(parsed.keys())
    if keys != HEADERS:
        return [f"headers {', '.join(keys)}"]
    expected = {
        "From": [(cleaned(message.sender_name), message.sender)],
        "To": [("", message.recipient)],
        "Reply-To": [("", message.reply_to)],
    }
    faults = []
    for name, wanted in expected.items():
        found = [(_decoded(shown), address) for shown, address in getaddresses([parsed[name]])]
        if found != wanted:
            faults.append(f"{name} reads as {found!a}")
    subject = _decoded(parsed["Subject"])
    if subject != cleaned(message.subject):
        faults.append(f"Subject reads as {subject!a}")
    return [*faults, *(f"defect {defect!r}" for defect in parsed.defects)]


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def _of_bodies(parsed: Parsed, message: Message) -> list[str]:
    parts = [part for part in parsed.walk() if not part.is_multipart()]
    found: list[tuple[str, object]] = [(part.get_content_type(), part.get_payload(decode=True)) for part in parts]
    wanted: list[tuple[str, object]] = [
        ("text/plain", _as_sent(message.text)),
        ("text/html", _as_sent(message.html)),
        *((one.media_type, one.content) for one in message.attachments),
    ]
    faults = [f"defect {defect!r}" for part in parts for defect in part.defects]
    if found != wanted:
        faults.append("the bodies are not what was written")
    return faults


def _as_sent(text: str) -> bytes:
    return "\r\n".join(text.splitlines()).encode()
