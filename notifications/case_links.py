"""Links in letters by which one office answers of one case: signed, and read back. Pure; nothing is stored.

A link is `BASE/c/TOKEN`. The token names the key that signed it, the case, the office and the night of its letter;
whoever holds it may speak for that office of that case, as whoever holds the letter could. Another token is not
guessed: 128 bits of HMAC-SHA-256 stand behind it.
docs/en/decisions/0069-one-link.md says what ends one. Where no pages are, a link begins a mail instead.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import quote

# The place of the pages under the base address.
PLACE = "c"
# What stands at `alive` under the base address, by which it is known that it leads there.
ALIVE = "dondoc"
# What the address of a link begins with that begins a mail.
MAIL = "mailto:"
# A token is much shorter; what is longer is not looked at.
_LONGEST = 400
_KEY = re.compile(r"([a-z0-9]{1,12})\s+([!-~]{32,128})")
_BYTES = 16


class KeysRefused(ValueError):
    """A key file that cannot be used; the text names the line and never what stands in it."""


class LinkFault(StrEnum):
    """Why a token is not accepted by itself: it never was one, its key is gone, or it was altered."""

    NO_LINK = "no-link"
    UNKNOWN_KEY = "unknown-key"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """The secrets by id: the first one signs, each is accepted."""

    secrets: Mapping[str, str] = field(repr=False)

    @property
    def signing(self) -> str:
        """The id of the key that signs."""
        return next(iter(self.secrets))


@dataclass(frozen=True, slots=True)
class Capability:
    """What a token allows: to speak of a case, by its code, for an office; `night` is that of its letter."""

    case: str
    office: str
    night: date


@dataclass(frozen=True, slots=True)
class Linker:
    """Makes the links of one night's letters, under a base address without a slash at its end."""

    base: str
    keys: LinkKeys
    night: date

    def to(self, case: str, office: str) -> str:
        """The address by which an office answers of a case."""
        return f"{self.base}/{PLACE}/{signed(Capability(case, office, self.night), self.keys)}"


@dataclass(frozen=True, slots=True)
class MailLinker:
    """Makes links that begin a mail to the mailbox of answers, where no page answers. They allow nothing."""

    box: str

    def to(self, case: str, _office: str) -> str:
        """The address by which whoever reads begins an answer about a case: its code stands there already."""
        code = quote(case, safe="")
        return f"{MAIL}{self.box}?subject={code}&body={code}:%20"


def keys_of(text: str) -> LinkKeys:
    """The keys of a key file: one a line, `ID SECRET`; empty lines and those with a # are skipped.

    An id is of a-z and 0-9, a secret of 32 to 128 printable characters. Raises `KeysRefused`.
    """
    secrets: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        found = _KEY.fullmatch(said)
        if found is None or found[1] in secrets:
            raise KeysRefused(str(number))
        secrets[found[1]] = found[2]
    if not secrets:
        raise KeysRefused("0")
    return LinkKeys(secrets)


def signed(allowed: Capability, keys: LinkKeys) -> str:
    """The token of a capability, signed by the first key: letters, digits, `-`, `_` and two dots."""
    return _signed(allowed, keys.signing, keys)


def _signed(allowed: Capability, key: str, keys: LinkKeys) -> str:
    night = allowed.night.isoformat().replace("-", "")
    said = _text(f"{allowed.case} {allowed.office} {night}".encode())
    return f"{key}.{said}.{_text(_mac('link', f'{key}.{said}', keys.secrets[key])[:_BYTES])}"


def read(token: str, keys: LinkKeys) -> Capability | LinkFault:
    """What a token allows, or why it allows nothing."""
    key, said, mac = (*token.split("."), "", "")[:3]
    if not (token.isascii() and len(token) <= _LONGEST and token.count(".") == 2 and said and mac):  # noqa: PLR2004
        return LinkFault.NO_LINK
    if key not in keys.secrets:
        return LinkFault.UNKNOWN_KEY
    try:
        case, office, night = urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode().split(" ")
        allowed = Capability(case, office, date.fromisoformat(night))
    except (NotBase64, ValueError):
        return LinkFault.ALTERED
    # Compared as it was written: of its last character base64 leaves some bits unread.
    same = hmac.compare_digest(_signed(allowed, key, keys), token)
    return allowed if same else LinkFault.ALTERED


def seal(token: str, content: Mapping[str, str], keys: LinkKeys) -> str:
    """The seal of an act that somebody has looked over: for this link, this content and nothing else."""
    said = json.dumps([token, content], sort_keys=True, ensure_ascii=True)
    key = keys.signing
    return f"{key}.{_text(_mac('act', said, keys.secrets[key])[:_BYTES])}"


def sealed(given: str, token: str, content: Mapping[str, str], keys: LinkKeys) -> bool:
    """Whether a seal is that of this link and content, by any key."""
    key = given.partition(".")[0]
    if not given.isascii() or key not in keys.secrets:
        return False
    one = LinkKeys({key: keys.secrets[key]})
    return hmac.compare_digest(seal(token, content, one), given)


def _mac(purpose: str, said: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), f"dondoc {purpose} 1\n{said}".encode(), "sha256")


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
