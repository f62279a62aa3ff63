"""What goes with a letter as files, and what its foot says of them."""

from __future__ import annotations

from dataclasses import dataclass

from dondoc.engine.domain.model import Text
from dondoc.notifications.digest import Digest
from dondoc.notifications.letter.attachment import MOST_LINES, row_list
from dondoc.notifications.letter.calendar_entries import CalendarEntry, calendar_entries
from dondoc.notifications.letter.draft_letter import DraftLetter, draft_letter
from dondoc.notifications.letter.view import RowList
from dondoc.notifications.wording import labels


@dataclass(frozen=True, slots=True)
class AttachedFiles:
    """The list of all rows, the limits for a calendar, the draft that the reader may sign; None or empty: none."""

    listed: RowList | None = None
    calendar: tuple[CalendarEntry, ...] = ()
    draft: DraftLetter | None = None

    def said(self) -> Text | None:
        """Each file in words, with a full stop; None: there is none."""
        ended = sum(one.ended for one in self.calendar)
        said = [labels.list_attached(self.listed.of, MOST_LINES)] if self.listed else []
        if self.calendar:
            said.append(labels.calendar_attached(len(self.calendar) - ended, ended))
        if self.draft:
            said.append(labels.DRAFT_ATTACHED)
        return Text.format("{files}.", "{files}.", files=Text.join("; ", said)) if said else None


def attached_files(digest: Digest, *, listed: bool) -> AttachedFiles:
    """The files of a letter, with the list where it is `listed`: where the letter cannot show all it has."""
    return AttachedFiles(row_list(digest) if listed else None, calendar_entries(digest), draft_letter(digest))
