"""When a workbook was saved, by its own record: the entry time of the rows of a form."""

from __future__ import annotations

import zipfile
import zlib
from datetime import UTC, datetime

from openpyxl.xml.functions import fromstring

from dondoc.engine.domain.model import ZONE

_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_APPLICATION = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Application"

# What reading a damaged or unusual entry of an archive raises.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


def saved_at(archive: zipfile.ZipFile) -> datetime | None:
    """The instant at which the workbook was saved; None if the file does not record it legibly.

    LibreOffice writes the local time of its machine and marks it as UTC; it is read as Asia/Ho_Chi_Minh.
    """
    written = _text(archive, _CORE, _MODIFIED)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    if _text(archive, _APP, _APPLICATION).startswith("LibreOffice"):
        return moment.replace(tzinfo=ZONE)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(archive: zipfile.ZipFile, part: str, tag: str) -> str:
    """The text of an element of a part; "" if there is none, or no XML that can be read safely."""
    try:
        return fromstring(archive.read(part)).findtext(tag) or ""
    except (KeyError, ValueError, SyntaxError, *_DAMAGED):
        return ""
