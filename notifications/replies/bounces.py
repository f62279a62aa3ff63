"""A mail that says that one of our letters was not delivered: which letter, and why; RFC 3464 and what is not.

Whoever could not deliver a letter writes to its envelope sender, which names it. Only what says that it is for
good, and of whom, counts: a delay, a receipt and an absence note say nothing of the kind. Pure; never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

from dondoc.notifications.replies import bodies
from dondoc.notifications.replies.folding import folded

# What is looked through, in bytes and in characters; a report says what it has to say at its beginning.
_LOOKED_AT, _TEXT, _REASON, _MOST_LETTERS = 200_000, 20_000, 300, 20
_LETTER = re.compile(r"(?:bounce\+|<)([0-9a-f]{32})@", re.IGNORECASE)
_ADDRESSED = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-failed-recipients")
_FIELD = re.compile(r"(?m)^([A-Za-z-]{1,40}):[ \t]*(.*(?:\n[ \t]+.*)*)")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.:/-])5\d\d(?=[ -#])")
_PERMANENT_CLASS = "5"
_FOR_GOOD = re.compile(
    r"permanent(?:ly)? (?:fatal )?(?:error|failure|failed)|permanent delivery failure|giving up|"
    r"(?:user|address|mailbox|recipient|account)[^.\n]{0,40}(?:unknown|not found|does ?n.t exist|does not exist|"
    r"not listed|unavailable|disabled)|unknown (?:user|address|recipient|mailbox)|"
    r"no such (?:user|address|mailbox)|"
    r"undeliverable|delivery (?:has )?failed|delivery failure|could not be delivered|"
    r"khong (?:ton tai|gui duoc|phat duoc|chuyen duoc|the gui)|gui thu that bai|bi tra lai"
)
_NOT_YET = re.compile(
    r"delayed|will (?:be retried|keep trying|continue to try|try again|retry)|still trying|no action is required|"
    r"not yet been delivered|warning message only|temporar(?:y|ily)|tam thoi|se thu lai|gui lai sau"
)
# From where the letter that comes back is repeated.
_RETURNED = re.compile(
    r"(?im)^(?:-{3,}[^\n]{0,60}(?:copy|original|returned|below|unsent|included|headers)[^\n]{0,60}"
    r"|return-path:.*|received:.*)$"
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}[A-Za-z0-9]")
_BY_A_SERVER = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|mailadmin|mdaemon|system administrator|mail delivery)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a letter was not delivered, for good.

    `letters` are the ids that it names, the one that it was addressed to first. `recipients` are the mailboxes
    that it names, in small letters (empty: none). `text` is the server's reason on one line, `code` its reply code
    (550 where it gives none).
    """

    letters: tuple[str, ...]
    recipients: tuple[str, ...]
    code: int
    text: str


def bounced(raw: bytes) -> Bounce | None:
    """What a mail reports; None: it is no report of a letter of ours, or none that is for good."""
    try:
        mail = message_from_bytes(raw[:_LOOKED_AT], policy=policy.compat32)
        letters = _letters(mail, raw)
        if not letters:
            return None
        groups = _groups(mail)
        if groups is not None:
            return _of_groups(letters, groups)
        return _of_words(letters, mail)
    except Exception:  # noqa: BLE001 - the parser of a stranger's bytes may fail in ways that nobody has listed
        return None


def _letters(mail: Message, raw: bytes) -> tuple[str, ...]:
    """The ids of letters: of the addresses that it was sent to, and then of what it repeats."""
    to = " ".join(str(value) for name in _ADDRESSED for value in mail.get_all(name, []))
    text = f"{to} {raw[:_LOOKED_AT].decode('ascii', 'replace')} {_words(mail)}"
    return tuple(dict.fromkeys(found.lower() for found in _LETTER.findall(text)))[:_MOST_LETTERS]


def _groups(mail: Message) -> list[dict[str, str]] | None:
    """The fields of each recipient of a delivery report (RFC 3464, 2.3); None: it has none."""
    part = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    if part is None:
        return None
    payload = part.get_payload()
    # The standard library reads each group of fields as a message of its own.
    texts = [str(one) for one in payload] if isinstance(payload, list) else str(payload).split("\n\n")
    found = []
    for text in texts:
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(text[:_TEXT])}
        if "action" in fields or "final-recipient" in fields:
            found.append(fields)
    return found


def _of_groups(letters: tuple[str, ...], groups: list[dict[str, str]]) -> Bounce | None:
    """Our letters have one recipient each: the first one that failed for good says what became of it."""
    for fields in groups:
        status = _STATUS.search(fields.get("status", ""))
        failed = fields.get("action", "failed").lower().startswith("fail")
        if not failed or (status is not None and not status.group().startswith(_PERMANENT_CLASS)):
            continue
        named = (fields.get(name, "") for name in ("original-recipient", "final-recipient"))
        recipients = tuple(dict.fromkeys(one for one in map(_address, named) if one))
        said = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
        reason = said if _STATUS.search(said) else f"{fields.get('status', '').partition(' ')[0]} {said}".strip()
        return _bounce(letters, recipients, reason or "failed")
    return None


def _of_words(letters: tuple[str, ...], mail: Message) -> Bounce | None:
    """A report in plain words: a server wrote it, and it says that the letter will never arrive."""
    # Whoever is away, or reads the letter, is a mailbox that works.
    if mail.get_content_type() == "multipart/report" or not _is_by_a_server(mail):
        return None
    words = _words(mail)
    own = _RETURNED.split(words, maxsplit=1)[0][:_TEXT]
    plain = folded(f"{bodies.decoded(str(mail.get('subject', '')).encode(), '')}\n{own}")
    status, reply = _STATUS.search(own), _REPLY.search(own)
    numbered = reply is not None or (status is not None and status.group().startswith(_PERMANENT_CLASS))
    if _NOT_YET.search(plain) and not numbered:
        return None
    if not (numbered or _FOR_GOOD.search(plain)):
        return None
    place = next((found.start() for found in (reply, status) if found is not None), 0)
    lines = [one for one in own.splitlines() if _FOR_GOOD.search(folded(one))]
    named = _ADDRESS.findall(f"{mail.get('x-failed-recipients', '')} {own}")
    recipients = tuple(dict.fromkeys(one.lower() for one in named))
    return _bounce(letters, recipients[:_MOST_LETTERS], own[place:] if numbered else next(iter(lines), own))


def _is_by_a_server(mail: Message) -> bool:
    if mail.get("x-failed-recipients"):
        return True
    nobody = any(not str(value).strip("<> ") for value in mail.get_all("return-path", []))
    sender = str(mail.get("from", ""))
    # A program that answers in an office's name writes to the sender whom a reader sees.
    return _BY_A_SERVER.search(sender) is not None or (nobody and "auto-submitted" not in mail)


def _words(mail: Message) -> str:
    """The text of a mail, of HTML if it has no other; of what it carries only the beginning."""
    plain, page = "", ""
    for part in mail.walk():
        if part.is_multipart() or part.get_content_maintype() != "text" or part.get_filename():
            continue
        content = part.get_payload(decode=True)
        text = bodies.decoded(content if isinstance(content, bytes) else b"", str(part.get_content_charset("")))
        if part.get_content_subtype() == "html":
            page = page or bodies.of_page(text)
        else:
            plain = plain or text
    return (plain or page)[:_TEXT].replace("\r\n", "\n")


def _address(field: str) -> str:
    """The mailbox of `rfc822; a@b.vn`."""
    found = _ADDRESS.search(field.rpartition(";")[2])
    return found.group().lower() if found else ""


def _bounce(letters: tuple[str, ...], recipients: tuple[str, ...], text: str) -> Bounce:
    reason = "".join(char if char.isprintable() else " " for char in text)
    reply = _REPLY.search(reason)
    return Bounce(letters, recipients, int(reply.group()) if reply else 550, " ".join(reason.split())[:_REASON])
