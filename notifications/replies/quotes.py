"""What a sender wrote himself: a mail's text without what it quotes and without its signature.

A line is looked at once, and no pattern in this module can try a line in more than one way for each of its words:
mails come from strangers (docs/en/decisions/0071-answers-by-mail.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dondoc.notifications.replies.folding import folded

# What stands above a quoted mail, as mail programs write it; of a folded line.
_ATTRIBUTION = re.compile(r"(?:vao|luc|ngay|thu|chu nhat|on|le)\b.{0,300}(?:da viet|wrote)\s*:\s*")
_BEGINS_ATTRIBUTION = re.compile(r"(?:vao|luc|on)\b.{0,200}\d{4}")
_SEPARATOR = re.compile(
    r"[-_ ]{2,}\s*(?:original message|forwarded message|thu goc|tin nhan goc|thu (?:da )?chuyen tiep|"
    r"thong diep (?:goc|chuyen tiep))\s*[-_ ]{2,}|_{20,}|(?:begin forwarded message|thu chuyen tiep)\s*:?"
)
_HEAD = re.compile(
    r"\*?(?:from|sent|date|to|cc|subject|reply-to|tu|nguoi gui|da gui|gui|ngay|ngay gui|den|toi|kinh gui|dong gui|"
    r"chu de|tieu de)\s*:\*?\s*(.*)"
)
_FIRST_HEAD = re.compile(r"\*?(?:from|tu|nguoi gui)\s*:\*?\s*\S.*")
_SIGNATURE = re.compile(
    r"--|[-_*=]{3,}|(?:xin )?(?:tran trong|kinh thu|kinh chao|than ai|than chao|"
    r"tran trong (?:kinh chao|cam on))\s*[./!,]*|"
    r"(?:best |kind |warm )?regards\s*[,.!]*|(?:yours )?(?:sincerely|faithfully)\s*[,.!]*|"
    r"(?:sent from|get outlook for|duoc gui tu|gui tu) .{0,60}|"
    r"(?:tm|kt|tl|tuq)\. ?(?:ubnd|uy ban|chu tich|truong phong|giam doc|ban thuong vu|hdnd|bch)\b.{0,80}"
)
# So many lines of a head, its first among them, begin a quoted mail.
_HEADS = 2


def own_words(text: str) -> str:
    """The text that a mail's sender wrote: no quoted lines, nothing below a quoted head, no signature."""
    lines = text.splitlines()
    folded_lines = [folded(line).strip() for line in lines]
    end = next((at for at in range(len(lines)) if _quoting_begins(folded_lines, at)), len(lines))
    kept = [line for line, plain in zip(lines[:end], folded_lines[:end], strict=True) if not plain.startswith(">")]
    if not _said(kept):
        # Written below what it quotes: the last lines that are not quoted.
        kept = _below(lines[end:], folded_lines[end:])
    return "\n".join(_unsigned(kept)).strip()


def _quoting_begins(lines: Sequence[str], at: int) -> bool:
    line = lines[at]
    if _SEPARATOR.fullmatch(line) or _ATTRIBUTION.fullmatch(line):
        return True
    # Mail programs break the line above a quotation once.
    if _BEGINS_ATTRIBUTION.match(line) and at + 1 < len(lines):
        return _ATTRIBUTION.fullmatch(f"{line} {lines[at + 1]}") is not None
    heads = lines[at : at + 6]
    return bool(_FIRST_HEAD.fullmatch(line)) and sum(bool(_HEAD.fullmatch(one)) for one in heads) > _HEADS


def _below(lines: Sequence[str], plain: Sequence[str]) -> list[str]:
    quoted = [at for at, line in enumerate(plain) if line.startswith(">")]
    return list(lines[quoted[-1] + 1 :]) if quoted else []


def _unsigned(lines: Sequence[str]) -> Sequence[str]:
    """The lines above a signature. One at the very top is a letterhead, and signs nothing."""
    for at, line in enumerate(lines):
        if _SIGNATURE.fullmatch(folded(line).strip()) and _said(lines[:at]):
            return lines[:at]
    return lines


def _said(lines: Sequence[str]) -> bool:
    return any(line.strip() for line in lines)
