"""What streaks and rollups have in common: how many of how many are missed, without blame."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import TaskKind
from dondoc.notifications.digest import Digest, Entry, Parts
from dondoc.notifications.wording.kinds.kind import KindWording
from dondoc.notifications.wording.limits import seen_until
from dondoc.notifications.wording.numbers import day


def root(entry: Entry) -> Entry:
    """A derived row with the kind and short title of the rule it is derived from; any other row as it is."""
    if entry.parts is None:
        return entry
    what, period = entry.parts.what, entry.period
    # What names its year needs no period beside it.
    named = period is not None and period.vi in what.vi
    return replace(entry, kind=entry.parts.kind, short=what, period=None if named else period)


class DerivedWording(KindWording):
    """The wording of a derived kind; `of` finds that of the kind it is derived from."""

    dated = False
    followed_up = True
    # Said of the parts of a further derived row.
    lacks = ("ở tình trạng «{about}»", "'{about}'")
    unseen = ("{short}", "{short}")

    def __init__(self, of: Callable[[TaskKind], KindWording]) -> None:
        self.of = of

    @abstractmethod
    def clause(self, entry: Entry, parts: Parts, digest: Digest) -> Text:
        """The clause of an open row with late parts."""

    @abstractmethod
    def reason(self, parts: Parts, until: str, lacks: Text) -> Text:
        """Why a row with late parts is in the letter: what was counted up to which day, and what they lack."""

    @abstractmethod
    def box(self, parts: Parts) -> tuple[Text, Text, Text, Text]:
        """The badge of an open row with late parts."""

    def lacking(self, entry: Entry) -> Text:
        """What the parts have missed: `chưa được ghi nhận báo cáo đợt 1`."""
        base = root(entry)
        kind = self.of(base.kind)
        return kind.say(kind.lacks, base)

    def stands(self, entry: Entry) -> Text:
        """As with the kind that it is derived from."""
        base = root(entry)
        kind = self.of(base.kind)
        return kind.say(kind.standing, base)

    def fact(self, entry: Entry, digest: Digest) -> Text:
        """Only its title on a night on which nothing could be counted."""
        return self.clause(entry, entry.parts, digest) if entry.parts and entry.parts.late else entry.short

    def badge(self, entry: Entry) -> tuple[Text, Text, Text, Text]:
        """How many periods running, or how many parts of how many."""
        if entry.parts and entry.parts.late:
            return self.box(entry.parts)
        return Text("Đang", "Being"), NO_TEXT, Text("theo dõi", "followed up"), NO_TEXT

    def found(self, entry: Entry, digest: Digest) -> Text:
        """What was counted up to which day."""
        if entry.parts is None:
            return super().found(entry, digest)
        until = day(seen_until(digest))
        if entry.parts.late:
            return self.reason(entry.parts, until, self.lacking(entry))
        return Text(
            f"đến hết ngày {until}, chưa ghi nhận thay đổi.", f"no change recorded up to the end of {until}."
        )
