"""The draft as a document (DOCX) that an office completes: the same draft always makes the same bytes.

Laid out after Nghị định 30/2020/NĐ-CP for offices of the state, after Hướng dẫn 36-HD/VPTW for party bodies: A4,
margins, the two heads side by side, Times New Roman, the table, the recipients and the place of the signature.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Cm, Mm, Pt

from dondoc.notifications.letter.draft_letter import DraftLetter
from dondoc.notifications.letter.mime import Attachment
from dondoc.notifications.wording import draft as words

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT, _SIZE = "Times New Roman", 14
_LEFT, _CENTRE, _BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
# In centimetres; together the width between the margins of an A4 page.
_HEAD_WIDTHS, _TABLE_WIDTHS = (6.5, 9.5), (1.4, 4.2, 5.2, 3.0, 2.2)
# What no XML holds: control characters, halves of characters, and what is no character.
_UNWRITABLE = ("Cc", "Cs", "Cn")
# The archive would have the time of making it otherwise.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def draft_file(draft: DraftLetter) -> Attachment:
    """The document, named after its night."""
    document: Any = Document()
    _page(document, draft)
    _heads(document, draft)
    _line(document, f"{words.TO}{draft.to}", align=_CENTRE, before=12, after=12)
    for text in draft.before:
        _body(document, text)
    _table(document, draft)
    for text in draft.after:
        _body(document, text)
    _foot(document, draft)
    file = BytesIO()
    document.save(file)
    return Attachment(f"du-thao-{draft.night.isoformat()}.docx", _MEDIA_TYPE, _without_time(file.getvalue()))


def _page(document: Any, draft: DraftLetter) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE)
    mark = section.header.paragraphs[0]
    mark.alignment, mark.paragraph_format.space_after = _CENTRE, Pt(8)
    _run(mark, draft.mark, size=10, bold=True)
    made, about = datetime.combine(draft.night, time()), document.core_properties
    about.author = about.last_modified_by = "Đôn Đốc"
    about.title, about.comments = _writable(draft.about), ""
    about.created = about.modified = made


def _heads(document: Any, draft: DraftLetter) -> None:
    """The issuer and the number at the left; at the right the nation or the party, and place and day."""
    table = _grid(document, 1, _HEAD_WIDTHS)
    left, right = table.rows[0].cells
    _line(left, draft.issuer, align=_CENTRE, size=13, bold=True, first=True)
    if draft.party:
        _line(left, "*", align=_CENTRE, size=13)
        _line(left, words.PARTY_NUMBER, align=_CENTRE)
        _line(right, words.PARTY, align=_CENTRE, size=15, bold=True, underlined=True, first=True)
    else:
        # The rule below the issuer is a third to a half as long as its name.
        _line(left, "_" * 20, align=_CENTRE, size=6, bold=True)
        _line(left, words.NUMBER, align=_CENTRE, size=13)
        _line(right, words.NATION, align=_CENTRE, size=12, bold=True, first=True)
        _line(right, words.MOTTO, align=_CENTRE, size=13, bold=True, underlined=True)
    _line(left, draft.about, align=_CENTRE, size=12)
    _line(right, words.PLACE_AND_DAY, align=_CENTRE, italic=True, before=6)


def _table(document: Any, draft: DraftLetter) -> None:
    table = _grid(document, len(draft.rows) + 1, _TABLE_WIDTHS)
    table.style = "Table Grid"
    # Asking a table for each of its cells anew takes a time that grows with its square.
    cells = iter(table._cells)  # noqa: SLF001
    for number, row in enumerate((draft.heads, *draft.rows)):
        for place, (text, cell) in enumerate(zip(row, cells, strict=False)):
            middle = number == 0 or place in (0, len(row) - 1)
            _line(cell, text, align=_CENTRE if middle else _LEFT, size=12, bold=number == 0, first=True)


def _foot(document: Any, draft: DraftLetter) -> None:
    """Who gets it, at the left; at the right the place of the signature."""
    (row,) = _grid(document, 1, (7.0, 9.0)).rows
    # The recipients are not torn apart at the end of a page.
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
    left, right = row.cells
    state = not draft.party
    _line(left, words.RECIPIENTS, size=12, bold=state, italic=state, underlined=draft.party, first=True)
    for text in (words.AS_ABOVE, words.KEPT):
        _line(left, text, size=11)
    _line(right, words.SIGNATURE, align=_CENTRE, size=12, italic=True, first=True)


def _grid(document: Any, rows: int, widths: tuple[float, ...]) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    cells = iter(table._cells)  # noqa: SLF001
    for _ in range(rows):
        for width, cell in zip(widths, cells, strict=False):
            cell.width = Cm(width)
    return table


def _body(document: Any, text: str) -> None:
    """A paragraph of the text, with its first line moved in."""
    paragraph = _line(document, text, align=_BOTH, before=6, after=6)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)


def _line(
    place: Any,
    text: str,
    *,
    align: WD_ALIGN_PARAGRAPH = _LEFT,
    size: int = _SIZE,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
    before: int = 0,
    after: int = 0,
    first: bool = False,
) -> Any:
    """One paragraph of a document or a cell; the `first` of a cell is already there."""
    paragraph = place.paragraphs[0] if first else place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    _run(paragraph, text, size=size, bold=bold, italic=italic, underlined=underlined)
    return paragraph


def _run(
    paragraph: Any, text: str, *, size: int, bold: bool = False, italic: bool = False, underlined: bool = False
) -> None:
    run = paragraph.add_run(_writable(text))
    run.font.name, run.font.size = _FONT, Pt(size)
    run.bold, run.italic, run.underline = bold, italic, underlined


def _writable(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) not in _UNWRITABLE)


def _without_time(content: bytes) -> bytes:
    """The same archive, in which no file has a time."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _NO_TIME)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return made.getvalue()
