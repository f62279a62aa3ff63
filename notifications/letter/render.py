"""From letter to HTML, plain text and attachments; the templates hold markup and no words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dondoc.engine.errors import DonDocError
from dondoc.notifications.digest import Digest
from dondoc.notifications.letter import plain_text
from dondoc.notifications.letter.calendar_entries import CalendarEntry
from dondoc.notifications.letter.compose import compose, shortest
from dondoc.notifications.letter.mime import Attachment
from dondoc.notifications.letter.part import COUNTS_ONLY, USUAL, RowLimits
from dondoc.notifications.letter.view import Badge, LetterView
from dondoc.notifications.letter.workbook import MEDIA_TYPE, workbook

MAX_BYTES = 95_000
_FEW_UNITS = 10
_NUMBER_OR_CODE = re.compile(
    r"(?<![\w/;-])(?:\d+[/-](?:[\w/-]|&amp;)*[A-ZĐ]{2}(?:[\w/-]|&amp;)*|[A-Z]{2,5}\d{2}-\w+)"
)
_ON_ONE_LINE = r'<span style="white-space:nowrap;">\g<0></span>'


class LetterTooLarge(DonDocError):
    """The HTML of a letter is larger than mail programs show. Carries the subject, size and limit (in bytes)."""

    def __init__(self, subject: str, size: int, limit: int) -> None:
        self.subject, self.size, self.limit = subject, size, limit
        super().__init__(
            f"Thư «{subject}» dài {size} byte, quá {limit}. Bớt số dòng trong một thư (rows: full, compact) "
            f"trong mail.yaml. (Letter of {size} bytes, limit {limit}: lower rows.)"
        )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished letter, before its bytes; `thread` and `calendar` as in `LetterView`."""

    subject: str
    html: str
    text: str
    attachments: tuple[Attachment, ...]
    thread: str = ""
    calendar: tuple[CalendarEntry, ...] = ()


def finish(digest: Digest, room: RowLimits = USUAL, max_bytes: int = MAX_BYTES) -> Rendered:
    """Compose and render, with less and less until the HTML fits into `max_bytes`; the attached file has all rows.

    First rows are printed compactly or left to the file, then the English keeps what is asked alone, then the
    table by unit has fewer lines, and at last every text is cut.
    """
    for first, second in _narrowing(room):
        try:
            return render(compose(digest, first, second), max_bytes)
        except LetterTooLarge:
            continue
    return render(shortest(digest), max_bytes)


def _narrowing(room: RowLimits) -> tuple[tuple[RowLimits, RowLimits], ...]:
    """The rooms of the Vietnamese and the English, the largest first."""
    few = room.compact // 2
    alike = [RowLimits(full, room.compact) for full in (room.full, room.full // 2, room.full // 4, 0)]
    alone = [RowLimits(room.full // 4, few), *(RowLimits(0, few, units) for units in (USUAL.units, _FEW_UNITS, 0))]
    return (
        *((one, one) for one in (*alike, RowLimits(0, few))),
        *((one, COUNTS_ONLY) for one in (*alone, COUNTS_ONLY)),
    )


def render(view: LetterView, max_bytes: int = MAX_BYTES) -> Rendered:
    """The letter in HTML and plain text, with its file. Raises `LetterTooLarge` above `max_bytes` of HTML."""
    html = plain_text.bound(_LETTER.render(subject=view.subject, preheader=view.preheader, parts=view.parts))
    size = len(html.encode())
    if size > max_bytes:
        raise LetterTooLarge(view.subject, size, max_bytes)
    text = plain_text.text(view.parts)
    files = [Attachment(view.listed.name, MEDIA_TYPE, workbook(view.listed))] if view.listed else []
    if view.draft:
        from dondoc.notifications.letter.draft_file import draft_file

        files.append(draft_file(view.draft))
    return Rendered(view.subject, html, text, tuple(files), view.thread, view.calendar)


@lru_cache(maxsize=4096)
def _numbers(text: str) -> Markup:
    """The text escaped, with document numbers and case codes kept from breaking at their hyphens."""
    return Markup(_NUMBER_OR_CODE.sub(_ON_ONE_LINE, str(escape(text))))  # noqa: S704 - escaped in this line


@lru_cache(maxsize=1024)
def _drawn(badge: Badge) -> Markup:
    """The markup of a badge; many rows carry the same one."""
    return Markup(_BADGE.render(one=badge))  # noqa: S704 - a template that escapes


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("dondoc.notifications.letter"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"numbers": _numbers, "drawn": _drawn}
    return made


_TEMPLATES = _environment()
_LETTER = _TEMPLATES.get_template("letter.html.j2")
_BADGE = _TEMPLATES.get_template("badge.html.j2")
