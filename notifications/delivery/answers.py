"""What an answer of a mail server is about: one mailbox, one letter, us, or the moment. Pure.

A server may refuse a sender at RCPT, a recipient at the final dot and a whole session with the code that means a
missing mailbox. So its words are read before its code, and the command that it answers comes last. The classes are
those of RFC 3463 and RFC 5321 (4.2); which words which server uses was collected in `tests/delivery/answers.yaml`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class About(StrEnum):
    """What an unwelcome answer is about, and so what becomes of the letter.

    `recipient`: this mailbox will not take letters; a substitute is planned. `letter`: these bytes are refused
    wherever they go. `full`: this mailbox cannot take letters now (full, over its rate); tried again over days.
    `us`: our sender, address or session; every letter would be refused. `moment`: tried again soon. `pace`: the
    server wants fewer letters or none for now, whichever they are. `unclear`: it does not say; never believed at
    once.
    """

    RECIPIENT = "recipient"
    LETTER = "letter"
    FULL = "full"
    US = "us"
    MOMENT = "moment"
    PACE = "pace"
    UNCLEAR = "unclear"


class Phase(StrEnum):
    """How far an attempt had come; `DATA_SENT`: the end of mail data (the final dot) may be out."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DATA_SENT = "dot"


_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
# Encryption or authentication is required or failed: RFC 3207 (4), RFC 4954 (6).
_CREDENTIALS = frozenset({530, 534, 535, 538})
# Commands that the server does not know or takes to be out of order: what we say is wrong, not the letter.
_PROTOCOL = frozenset({500, 502, 503, 504, 555})
_TEMPORARY = 4
_STORAGE_EXCEEDED = 552
# The mailbox is elsewhere (RFC 5321, 4.2.2); the host or domain takes no mail (RFC 7504).
_NOT_HERE = frozenset({521, 551, 556})


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_GREYLISTED = _any_of(r"gr[ea]y[- ]?list", r"delayed by", r"try again in \d+")
_TOO_LARGE = _any_of(r"message (file )?(size|too (big|large))", r"size (limit|exceeds)", r"too (big|large)\b")
_FULL = _any_of(
    r"(mailbox|inbox|account|user|recipient)('s)?( \S+)?( is| has)? (full|over ?quota|exceeded)",
    r"over ?quota",
    r"quota (is )?(exceeded|full)",
    r"exceed\w* (\S+ ){0,3}(quota|storage)",
    r"mailbox (size|storage) (limit )?exceeded",
    r"insufficient (disk |system )?(space|storage)",
    r"receiving mail (at a rate|too quickly)",
)
# What a server says of us: the sender, the address we come from, encryption and passwords, passing mail on.
_OF_US = _any_of(
    r"sender (address |domain )?(rejected|denied|refused|blocked|unknown|invalid"
    r"|not (allowed|authori[sz]ed|valid|exist))",
    r"sender (address )?(verif|callout)",
    r"(bad|invalid|unknown|forged) (sender|return path|envelope.from)",
    r"not owned by",
    r"send(ing)? (mail )?(as|from|on behalf)( of)? (this|that|the) (sender|address|user|domain)",
    r"(mail|return|reverse)[- ]?(from|path)\b.*(reject|denied|invalid|not allowed)",
    r"unable to relay|cannot relay|relay(ing)? (\S+ ){0,2}(denied|not (permitted|allowed)|prohibited|rejected)",
    r"(do|does|will) not relay|(not|no) (permitted|allowed|authori[sz]ed) to (relay|send)|relay (access|not)",
    r"client (host|was|is) (\S+ ){0,2}(rejected|blocked|not)|client does not have permission",
    r"(helo|ehlo)( command)?( rejected)?:|(invalid|bad) helo",
    r"reverse dns|\bptr\b|\brdns\b|fcrdns|forward-confirmed",
    r"\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated (e-?mail|sender|mail)|authenticat(ion|e)\b.*(required|first)",
    r"must (issue|use) (a |an )?(starttls|tls|auth|encrypt)|starttls (is )?required|encryption (is )?required",
    r"your (ip|host|server|network|domain|mail server|address|client)\b",
    r"spamhaus|spamcop|barracuda|sorbs|abuseat|cloudmark|\bdnsbl\b|\brbl\b",
    r"black ?list|block ?list|poor reputation",
    r"blocked using|(listed|blocked) (in|at|by) \S*\.\S+|banned (sending )?ip|access denied, banned",
    r"tenant ?attribution|account (is )?(suspended|disabled) (for|from) sending|sending (is )?disabled",
)
_OF_THE_PACE = _any_of(
    r"too (many|much) (\S+ ){0,2}(mail|message|connection|letter|email|recipient|error|login|session|command)",
    r"rate.?limit|(exceed|over)\w* (\S+ ){0,4}(rate|limit)\b.*(hour|minute|day|send|message)",
    r"(sending|daily|hourly|user|message) (sending |message )*(limit|quota)\b",
    r"unusual (rate|sending|activity)|slow down|throttl",
)
_OF_THE_RECIPIENT = _any_of(
    r"recipient (address )?(rejected|unknown|refused|not found|invalid|denied|ok|is (unknown|invalid))",
    r"(user|recipient|mailbox|address|account|alias)( \S+)? (is )?"
    r"(unknown|unavailable|not (found|known|available|local|exist|listed|active)|disabled|inactive|suspended"
    r"|invalid|blocked|expired|rejected|does ?n.t exist|does not exist|no longer)",
    r"(unknown|invalid|no such|no valid|bad|unroutea?ble|undeliverable|non-?existent) (local )?"
    r"(user|recipient|recipients|mailbox|address|person|account|destination|domain|alias|part)",
    r"no mailbox|no (such )?(user|one|account) (by|with|here)|there is no\b.*\b(user|mailbox|here)",
    r"(do|does|did) ?n[o']t (have|exist|like|handle|accept (mail|messages) for)\b",
    r"recipnotfound|recipient.?not.?found|adr\.recip|not our customer|null mx|no longer (in use|valid|works)",
    r"(restricted|not accepting) (\S+ ){0,2}(mail|messages|senders|outside)",
    r"only accepts? (\S+ ){0,2}(senders|mail)",
    r"is not (a )?(valid|known) (mailbox|recipient|user)",
)
_OF_THE_LETTER = _any_of(
    r"\bspam\b|junk|unsolicited|bulk mail|\bvirus|malware|infected|phish|\buribl\b|\bsurbl\b",
    r"(content|body|header|attachment|subject|mime)s? (\S+ ){0,3}"
    r"(reject|refus|block|not (allowed|accept)|denied|invalid)",
    r"blocked because (of )?(its|the) (content|attachment)|potential security issue",
    r"banned (file|content|extension)",
    r"message (content|was identified|looks like|contains|format|has been (identified|classified))",
    r"(line|header)s? (is |are )?too long|8.?bit|bare (lf|cr|newline)",
)

# Enhanced codes that say alone whom an answer is about: class and detail without the first digit (RFC 3463,
# RFC 7372, RFC 7505, and those of Exchange Online from 5.7.12 on).
_SAYS: Final[dict[str, About]] = {
    **dict.fromkeys(("1.1", "1.2", "1.3", "1.4", "1.6", "1.9", "1.10"), About.RECIPIENT),
    **dict.fromkeys(("1.7", "1.8"), About.US),
    **dict.fromkeys(("2.1", "2.4"), About.RECIPIENT),
    "2.2": About.FULL,
    **dict.fromkeys(("2.3", "3.3", "3.4"), About.LETTER),
    "3.1": About.MOMENT,
    "3.2": About.PACE,
    **dict.fromkeys(("4.1", "4.4", "4.6", "4.14", "4.310"), About.RECIPIENT),
    **dict.fromkeys(("6.0", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6"), About.LETTER),
    **dict.fromkeys(("7.2", "7.12", "7.17", "7.18"), About.RECIPIENT),
    **dict.fromkeys(("7.120", "7.121", "7.124", "7.129", "7.133", "7.134", "7.135", "7.136"), About.RECIPIENT),
    **dict.fromkeys(("7.8", "7.9", "7.10", "7.11", "7.13", "7.14"), About.US),
    **{f"7.{detail}": About.US for detail in range(20, 31)},
    **dict.fromkeys(("7.4", "7.5", "7.6", "7.7"), About.LETTER),
    **dict.fromkeys(("7.57", "7.60", "7.64", "7.320"), About.US),
    **dict.fromkeys(("7.28", "7.232", "7.233", "7.236", "7.705", "7.708"), About.PACE),
}
# Exchange Online's refusals of a sender or of its address: 5.7.501 to 5.7.703.
_EXCHANGE_REFUSES_US = range(500, 704)


def enhanced(text: str) -> str | None:
    """The enhanced status code in a server's answer (RFC 3463), if it gives one."""
    found = _ENHANCED.search(text)
    return found.group() if found else None


def about(phase: Phase, code: int, text: str) -> About:
    """What an answer of the class 4xx or 5xx is about; `code` is its reply code, `text` what follows it."""
    if code in _CREDENTIALS:
        return About.US
    if code // 100 == _TEMPORARY:
        return _temporary(phase, text)
    # These codes are of the sender and of nobody else, whatever words go with them.
    if _SAYS.get(_detail(text)) is About.US:
        return About.US
    found = _by_words(phase, text)
    if found is None:
        found = _by_number(phase, code, text)
    # At MAIL there is no recipient yet: a refusal that is not of the letter's size is of the sender.
    if phase is Phase.MAIL and found in (About.RECIPIENT, About.UNCLEAR):
        return About.US
    return found


def _temporary(phase: Phase, text: str) -> About:
    """Whatever passes: a greylist waits for its letter, a rate or a fault of ours for every letter."""
    if _GREYLISTED.search(text):
        return About.MOMENT
    detail = _detail(text)
    if _FULL.search(text) or detail == "2.2":
        return About.FULL
    if _OF_THE_PACE.search(text) or _SAYS.get(detail) in (About.US, About.PACE):
        return About.PACE
    if _OF_US.search(text) and not _OF_THE_RECIPIENT.search(text):
        return About.PACE
    return About.PACE if phase is Phase.CONNECT else About.MOMENT


def _by_words(phase: Phase, text: str) -> About | None:
    """What the words say; the first that fits, from what would be the worst to misread."""
    if _OF_THE_PACE.search(text):
        return About.FULL if _FULL.search(text) and phase is not Phase.CONNECT else About.PACE
    if _GREYLISTED.search(text):
        return About.MOMENT
    # "Recipient address rejected: sender not allowed" is this mailbox's own policy, whatever it says of us.
    named = _OF_THE_RECIPIENT.search(text)
    ours = _OF_US.search(text)
    if named and (not ours or named.start() < ours.start()):
        return About.FULL if _FULL.search(text) else About.RECIPIENT
    if ours:
        return About.US
    # After RCPT the mailbox has been accepted, so that "quota exceeded" can still be of this mailbox.
    if _TOO_LARGE.search(text) and not _FULL.search(text):
        return About.LETTER
    if _FULL.search(text):
        return About.FULL
    if _OF_THE_LETTER.search(text):
        return About.LETTER
    return None


def _by_number(phase: Phase, code: int, text: str) -> About:
    """What the codes say where the words say nothing."""
    detail = _detail(text)
    if detail in _SAYS:
        return _SAYS[detail]
    kind, _, number = detail.partition(".")
    if kind == "7" and number.isdecimal() and int(number) in _EXCHANGE_REFUSES_US:
        return About.US
    if code in _PROTOCOL or kind == "5":
        return About.US
    if code == _STORAGE_EXCEEDED:
        return About.FULL if phase is Phase.RCPT else About.LETTER
    if code in _NOT_HERE and phase is Phase.RCPT:
        return About.RECIPIENT
    if phase is Phase.CONNECT:
        return About.US
    return About.UNCLEAR


def _detail(text: str) -> str:
    """The enhanced code without its class: `1.1` of `5.1.1`; empty where there is none."""
    return (enhanced(text) or "").partition(".")[2]
