"""A mail from a stranger as values: who wrote it, what it answers, and the words that its sender wrote himself.

Nothing in it is run, opened or followed. Of attachments name, size, digest and bytes are taken as they are. What
could take long (parts in parts, endless headers) is refused before it is parsed; then only the head of the mail is
known.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import StrEnum

from dondoc.notifications.replies import bodies
from dondoc.notifications.replies.folding import folded
from dondoc.notifications.replies.quotes import own_words

# A letter of an office with scanned pages is smaller; parts and headers of an ordinary mail are far fewer.
LARGEST = 30_000_000
_HEAD, _BOUNDARIES, _PARTS, _FILES = 65_536, 20, 100, 20
_NESTING = re.compile(rb"boundary[*0-9]*[ \t]*=|message/rfc822")
_ID = re.compile(r"<[!-;=?-~]{1,248}>")
_HEADER_LENGTH, _IDS, _NAME = 4_000, 100, 120
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
_ADDRESS = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}"
_FROM = re.compile(rf"[^<>@,;:]*+<(?P<named>{_ADDRESS})>\s*|(?P<bare>{_ADDRESS})")
_NOBODY = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=-].*)?@", re.IGNORECASE)
_OUT_OF_OFFICE = re.compile(
    r"(?:auto(?:matic)? ?reply|out of (?:the )?office|autoreply)\b|tra loi tu dong\b", re.IGNORECASE
)


class Automatic(StrEnum):
    """Why a mail counts as written by a program, so that nobody is answered."""

    AUTO_SUBMITTED = "auto-submitted"
    BULK = "bulk"
    NO_RETURN = "no-return"
    REPORT = "report"
    OUT_OF_OFFICE = "out-of-office"


@dataclass(frozen=True, slots=True)
class MailFile:
    """An attachment that nobody opened: its name, its size in bytes, its SHA-256 in hex, and its bytes."""

    name: str
    size: int
    sha256: str
    content: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail. `sender` is the one address of From in small letters; empty: none, or several.

    `answers` are the Message-IDs in In-Reply-To and References, the nearest first, each with its brackets.
    `sent_at` is what the sender's clock said (None: unreadable). `words` are the sender's own, without quotes and
    signature. `proofs` are the values of Authentication-Results, topmost first. `whole` False: it was too large or
    too deeply nested, so that nothing but its head was read.
    """

    sha256: str
    sender: str
    subject: str
    message_id: str
    answers: tuple[str, ...]
    sent_at: datetime | None
    automatic: Automatic | None
    proofs: tuple[str, ...]
    words: str = ""
    files: tuple[MailFile, ...] = ()
    whole: bool = True


def read(raw: bytes) -> ReceivedMail:
    """A mail's bytes as values; never raises."""
    head = _headers(raw[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0])
    found = _head(head, hashlib.sha256(raw).hexdigest())
    if not _harmless(raw):
        return replace(found, whole=False)
    try:
        words, files = _body(message_from_bytes(raw, policy=policy.compat32))
    except Exception:  # noqa: BLE001 - the parser of a stranger's bytes may fail in ways that nobody has listed
        return replace(found, whole=False)
    return replace(found, words=words, files=files)


def _harmless(raw: bytes) -> bool:
    small = raw[: LARGEST + 1].lower()
    nested = len(_NESTING.findall(small))
    return len(raw) <= LARGEST and nested <= _BOUNDARIES and small.count(b"content-type") <= _PARTS


def _headers(head: bytes) -> dict[str, list[str]]:
    """The headers by name in small letters, unfolded and cut; what is no header is passed over."""
    found: dict[str, list[str]] = {}
    text = bodies.decoded(head, "")
    for line in re.sub(r"\n[ \t]+", " ", text).split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.isascii():
            found.setdefault(name.strip().lower(), []).append(value.strip()[:_HEADER_LENGTH])
    return found


def _head(head: dict[str, list[str]], sha256: str) -> ReceivedMail:
    def first(name: str) -> str:
        return head.get(name, [""])[0]

    subject = _readable(first("subject"))
    sender = _sender(head.get("from", []))
    own = _ID.search(first("message-id"))
    nearest = [*_ID.findall(first("in-reply-to")), *reversed(_ID.findall(first("references")))]
    return ReceivedMail(
        sha256=sha256,
        sender=sender,
        subject=subject,
        message_id=own[0] if own else "",
        answers=tuple(dict.fromkeys(nearest))[:_IDS],
        sent_at=_instant(first("date")),
        automatic=_automatic(head, sender, subject),
        proofs=tuple(head.get("authentication-results", [])),
    )


def _automatic(head: dict[str, list[str]], sender: str, subject: str) -> Automatic | None:
    """RFC 3834 (5), and what programs that know nothing of it say of themselves."""

    def says(name: str, *words: str) -> bool:
        return any(value.lower().startswith(words) for value in head.get(name, []))

    if any(not value.lower().startswith("no") for value in head.get("auto-submitted", [])):
        return Automatic.AUTO_SUBMITTED
    if "x-autoreply" in head or "x-autorespond" in head or "x-auto-response-suppress" in head:
        return Automatic.AUTO_SUBMITTED
    if says("content-type", "multipart/report", "message/delivery-status"):
        return Automatic.REPORT
    if says("precedence", "bulk", "junk", "list", "auto_reply") or "list-id" in head:
        return Automatic.BULK
    if any(not value.strip("<> ") for value in head.get("return-path", [])) or _NOBODY.match(sender):
        return Automatic.NO_RETURN
    return Automatic.OUT_OF_OFFICE if _OUT_OF_OFFICE.match(folded(subject)) else None


def _sender(values: list[str]) -> str:
    """The address of the one sender. Of what could be read in two ways, none."""
    if len(values) != 1:
        return ""
    found = _FROM.fullmatch(_QUOTED.sub("", values[0]))
    return (found["named"] or found["bare"]).casefold() if found else ""


def _readable(value: str) -> str:
    """A header with its encoded words read, on one line."""
    try:
        pieces = decode_header(value)
    except Exception:  # noqa: BLE001 - as of the parser: a stranger's bytes
        return value
    read_ = (
        piece if isinstance(piece, str) else bodies.decoded(piece, (name or "").lower()) for piece, name in pieces
    )
    return " ".join("".join(read_).split())


def _instant(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _body(mail: Message) -> tuple[str, tuple[MailFile, ...]]:
    plain, page, files = "", "", []
    for part in mail.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        kind, name = part.get_content_type(), part.get_filename()
        if name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
            files.append(MailFile(_name(name), len(content), hashlib.sha256(content).hexdigest(), content))
        elif kind == "text/plain" and not plain:
            plain = bodies.decoded(content, str(part.get_content_charset("")))
        elif kind == "text/html" and not page:
            page = bodies.decoded(content, str(part.get_content_charset("")))
    # Some programs put nothing into the plain text but that there is another one.
    words = own_words(plain) or own_words(bodies.of_page(page))
    return words, tuple(files[:_FILES])


def _name(name: str | None) -> str:
    return _readable(str(name or ""))[:_NAME]
