"""A figure that is back within one limit and is still open under another: it is said which, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import OPEN, Digest, Entry, Figure
from dondoc.notifications.wording import figures
from dondoc.notifications.wording.names import object_of


def left_open(digest: Digest, entry: Entry) -> Figure | None:
    """The figure of a row under another limit that is open for the reader of the letter; None: nothing is."""
    mine = _watched(entry)
    if mine is None:
        return None
    others = (other for other in digest.entries if other.section in OPEN and _watched(other) == mine)
    return next((other.figure for other in others), None)


def all_over(digest: Digest, heads: Sequence[Entry]) -> bool:
    """Whether each of these figures is within its limit again, and under no other limit open."""
    return all(
        entry.section is Section.RESOLVED and entry.outcome is Outcome.CLEARED and left_open(digest, entry) is None
        for entry in heads
    )


def distinct(heads: Sequence[Entry]) -> int:
    """How many figures rows are about: several limits of one figure are one."""
    return len({_watched(entry) or (str(n),) for n, entry in enumerate(heads)})


def _watched(entry: Entry) -> tuple[str, ...] | None:
    """The indicator and the unit of a row about a figure."""
    figure = entry.figure
    return (figure.indicator, entry.unit.vi) if figure is not None and figure.indicator else None


def subjects(entry: Entry, other: Figure) -> tuple[str, ...]:
    """The subject of a letter led by a figure that is back within one limit; it never shows a count."""
    about, said = object_of(entry).vi, "Kết thúc một mức cảnh báo"
    rest = "vẫn dưới ngưỡng khác" if other.below else "vẫn vượt ngưỡng khác"
    if not figures.is_beyond(other):
        rest = "chưa trở lại mức kết thúc khác"
    short = f"{said}: {about}, {rest}"
    figure = entry.figure
    if figure is None or figure.masked or figure.unit.vi != figures.PERCENT:
        return (short,)
    value, within = figures.value(figure).vi, figures.within(figure).vi
    return f"{said}: {entry.short.vi} {value}, {within}, {_still(other).vi}", short


def but_still(said: Text, other: Figure) -> Text:
    """That a figure is within one limit, and where it stands under the other."""
    return Text.format("{said}, nhưng {still}", "{said}, but {still}", said=said, still=_still(other))


def _still(other: Figure) -> Text:
    """`vẫn vượt ngưỡng theo dõi 2,50%`; whatever has fallen is said to be still beyond already."""
    said = figures.verdict(other)
    if not figures.is_beyond(other) or said.vi.startswith("vẫn "):
        return said
    return Text.format("vẫn {said}", "still {said}", said=said)
