"""Which letters a mail program shows together: those of one case, of one document, else of an office's month.

Each names in `References` (RFC 5322, 3.6.4) a root that no letter has as its own id, so that the first letter of a
thread may be lost or long gone.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from dondoc.notifications.digest import Digest

_ROOT = re.compile(r"<thread\.([a-z0-9.-]+)@[^>]*>")


def key(digest: Digest) -> str:
    """The thread of a letter: its one case, else its one document; empty: neither."""
    codes = {code for row in digest.entries for one in (row, *row.also) for code in one.codes}
    if len(codes) == 1:
        return f"case.{_short(codes.pop())}"
    papers = {(paper.kind.vi, paper.number, paper.issuer.vi, paper.issued) for paper in digest.directives}
    return f"paper.{_short(repr(papers.pop()))}" if len(papers) == 1 else ""


def monthly(office: str, night: date) -> str:
    """The thread of an office's other letters of a month."""
    return f"month.{night:%Y-%m}.{_short(office)}"


def root(thread: str, domain: str) -> str:
    """The id that stands for a thread, with its brackets."""
    return f"<thread.{thread}@{domain}>"


def of(references: str) -> str:
    """The thread that a letter's `References` names; empty: none."""
    found = _ROOT.search(references)
    return found.group(1) if found else ""


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
