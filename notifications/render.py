"""Letter to HTML, plain text and attachments, by two templates that hold markup and no words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.errors import DonDocError
from notifications.digest import Digest
from notifications.letter import compose
from notifications.mime import Attachment
from notifications.part import USUAL, Room
from notifications.sheet import to_csv
from notifications.view import Fact, LetterView

MAX_BYTES = 95_000
_WIDTH = 76
_NBSP = "\N{NO-BREAK SPACE}"
_HELD_TOGETHER = re.compile(
    r" (?:(?=\d)(?:(?<=ngày )|(?<=mục )|(?<=clause )|(?<=dưới ))"
    r"|(?<=\d )(?=(?:ngày|em|lần|việc|giờ|đơn vị|working)\b))"
)
_NUMBER_OR_CODE = re.compile(
    r"(?<![\w/;-])(?:\d+[/-](?:[\w/-]|&amp;)*[A-ZĐ]{2}(?:[\w/-]|&amp;)*|[A-Z]{2,5}\d{2}-\w+)"
)
_ON_ONE_LINE = r'<span style="white-space:nowrap;">\g<0></span>'


class LetterTooLarge(DonDocError):
    """The HTML of a letter is larger than a mail program shows. Carries the subject, the size and the limit."""

    def __init__(self, subject: str, size: int, limit: int) -> None:
        self.subject, self.size, self.limit = subject, size, limit
        super().__init__(
            f"Thư «{subject}» dài {size} byte, quá {limit}. Bớt số dòng in đủ (full_rows, compact_rows) trong "
            f"mail.yaml. (Letter of {size} bytes, limit {limit}: print fewer rows in full.)"
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished letter, before its bytes."""

    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...]


def finish(digest: Digest, room: Room = USUAL, max_bytes: int = MAX_BYTES) -> Rendered:
    """Compose and render, with fewer and fewer full rows until the HTML fits.

    Raises `LetterTooLarge` when it does not fit even without a row.
    """
    for smaller in _narrowing(room):
        try:
            return render(compose(digest, smaller), max_bytes)
        except LetterTooLarge:
            continue
    return render(compose(digest, Room(0, 0)), max_bytes)


def _narrowing(room: Room) -> tuple[Room, ...]:
    halves = (room.full, room.full // 2, room.full // 4, 0)
    return (*(Room(full, room.compact) for full in halves), Room(0, room.compact // 2))


def render(view: LetterView, max_bytes: int = MAX_BYTES) -> Rendered:
    """The letter in HTML and plain text, with its file. Raises `LetterTooLarge` above `max_bytes` of HTML."""
    html = _bound(_HTML.render(subject=view.subject, preheader=view.preheader, parts=view.parts))
    size = len(html.encode())
    if size > max_bytes:
        raise LetterTooLarge(view.subject, size, max_bytes)
    text = _TEXT.render(parts=view.parts).replace(_NBSP, " ")
    files = (Attachment(view.sheet_name, "text/csv", to_csv(view.sheet)),) if view.sheet else ()
    return Rendered(view.subject, html, text, files)


def _bound(text: str) -> str:
    """The text with a word and its number held on one line."""
    return _HELD_TOGETHER.sub(_NBSP, text)


def _numbers(text: str) -> Markup:
    """The text escaped, with numbers of documents and cases kept from breaking at their hyphens."""
    return Markup(_NUMBER_OR_CODE.sub(_ON_ONE_LINE, str(escape(text))))  # noqa: S704 - escaped just here


def _wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Lines of at most 76 characters, a longer word alone on its own; `hanging` indents all but the first."""
    rest = indent if hanging is None else hanging
    lines, left, margin = [], f"{indent}{_bound(text)}", len(indent)
    while len(left) > _WIDTH:
        cut = left.rfind(" ", margin, _WIDTH + 1)
        if cut <= margin:
            cut = left.find(" ", _WIDTH)
        if cut < 0:
            break
        lines.append(left[:cut])
        left, margin = f"{rest}{left[cut + 1 :]}", len(rest)
    return "\n".join([*lines, left])


def _labelled(fact: Fact) -> str:
    label = f"{fact.label}: " if fact.label else ""
    return f"{label}{fact.text}{f'{fact.mailbox}.' if fact.mailbox else ''}"


def _absent(titles: Sequence[str], none: str) -> str:
    return " ".join(f"{title}: {none}." for title in titles)


def _environment(*, autoescape: bool) -> Environment:
    made = Environment(
        loader=PackageLoader("notifications"),
        autoescape=autoescape,  # noqa: S701 - off for plain text only
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"wrap": _wrap, "labelled": _labelled, "absent": _absent, "numbers": _numbers}
    return made


_HTML = _environment(autoescape=True).get_template("letter.html.j2")
_TEXT = _environment(autoescape=False).get_template("letter.txt.j2")
