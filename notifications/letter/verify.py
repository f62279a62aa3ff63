"""Verifies a letter's bytes before they are stored: parses them with other code and compares the values.

A fault in writing them is found here, while the letter can still be refused. Python's own parser reads the
headers. The bodies are split at their boundaries (RFC 2046, section 5.1.1) and decoded here, because that
parser reads them line by line, which took longer than writing the letter.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator
from email.errors import MultipartInvariantViolationDefect
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from dondoc.notifications.letter.mime import HEADERS, LetterRefused, Message, cleaned

_LONGEST_LINE = 998
# Older Pythons, such as 3.11.2 of Debian 12, report this for any multipart of which only the head is parsed.
_BODILESS = MultipartInvariantViolationDefect


def check(raw: bytes, message: Message) -> None:
    """Parse `raw` and compare it with `message`. Raises `LetterRefused` with every difference found."""
    faults = _of_lines(raw)
    faults += _of_headers(_head(raw), message) + _of_bodies(raw, message)
    if faults:
        raise LetterRefused(message.id, "; ".join(faults))


def _of_lines(raw: bytes) -> list[str]:
    faults = []
    if not raw.isascii():
        faults.append("a byte that is not ASCII")
    if not raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n") or b"\0" in raw:
        faults.append("a bare CR, LF or NUL")
    if max(map(len, raw.split(b"\r\n"))) > _LONGEST_LINE:
        faults.append(f"a line above {_LONGEST_LINE} bytes")
    return faults


def _head(raw: bytes) -> Parsed:
    """The headers: everything before the first empty line."""
    return BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")


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
    return [*faults, *(f"defect {defect!r}" for defect in parsed.defects if not isinstance(defect, _BODILESS))]


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def _of_bodies(raw: bytes, message: Message) -> list[str]:
    wanted = [
        ("text/plain", _as_sent(message.text)),
        ("text/html", _as_sent(message.html)),
        *((one.media_type, one.content) for one in message.attachments),
    ]
    try:
        found = list(_leaves(raw))
    except _NotAsWritten as fault:
        return [str(fault)]
    return [] if found == wanted else ["the bodies are not what was written"]


class _NotAsWritten(ValueError):
    """A MIME entity that cannot be split as it was written."""


def _leaves(entity: bytes) -> Iterator[tuple[str, bytes]]:
    """The media type and content of every part that has no parts itself, in order. Raises `_NotAsWritten`."""
    head, body = _head(entity), entity.partition(b"\r\n\r\n")[2]
    if head.get_content_maintype() == "multipart":
        for part in _parts(body, str(head.get_boundary("")).encode()):
            yield from _leaves(part)
        return
    if head.defects or head["Content-Transfer-Encoding"] != "base64":
        raise _NotAsWritten(f"a part reads as {head.items()!a}")
    try:
        yield head.get_content_type(), b64decode(body.replace(b"\r\n", b""), validate=True)
    except binascii.Error as error:
        raise _NotAsWritten(f"the bodies are not base64: {error}") from error


def _parts(body: bytes, boundary: bytes) -> list[bytes]:
    """The entities between the boundaries. Raises `_NotAsWritten` for bytes before or after them."""
    mark, end = b"--" + boundary + b"\r\n", b"\r\n--" + boundary + b"--\r\n"
    if not (boundary and body.startswith(mark) and body.endswith(end)):
        raise _NotAsWritten("the bodies do not stand between their boundaries")
    return body[len(mark) : -len(end)].split(b"\r\n" + mark)


def _as_sent(text: str) -> bytes:
    return "\r\n".join(text.splitlines()).encode()
