"""Whether the receiving mail server vouches for the sender of a mail: Authentication-Results, RFC 8601.

Only what the server says that the operator named counts. That it removes what others wrote in its name is its own
task (RFC 8601, 5); of several results of one method the topmost, which it wrote last, decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\b([a-z]+\.[a-z]+)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
# The property that names the domain for which a method vouches.
_NAMES = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


def vouched(proofs: Sequence[str], server: str, sender: str) -> bool:
    """Whether the server says that the mail comes from the domain of the sender's address.

    DMARC decides where it was looked at; else a signature or an envelope of the very domain will do.
    """
    domain = sender.rpartition("@")[2]
    found: dict[str, bool] = {}
    for value in proofs:
        head, *results = _COMMENT.sub(" ", value).split(";")
        if head.split()[:1] != [server] or not results:
            continue
        for result in results:
            if (said := _RESULT.fullmatch(result)) is None:
                continue
            method, verdict = said[1].lower(), said[2].lower()
            passed = verdict == "pass" and domain in _domains(method, said[3])
            # A mail may bear several signatures, of which one is enough.
            found[method] = found.get(method, False) or passed if method == "dkim" else found.get(method, passed)
    return found["dmarc"] if "dmarc" in found else any(found.values())


def _domains(method: str, more: str) -> set[str]:
    said = {name.lower(): value for name, value in _PROPERTY.findall(more)}
    return {said[name].rpartition("@")[2].lower() for name in _NAMES[method] if name in said}
