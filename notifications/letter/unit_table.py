"""The table by unit in a superior's letter: a line for each unit with overdue tasks, one for all others."""

from __future__ import annotations

from collections.abc import Sequence

from dondoc.engine.domain.model import Text
from dondoc.notifications.digest import Digest, FourWay, UnitRow
from dondoc.notifications.letter.view import UnitLine, UnitTable
from dondoc.notifications.wording import labels
from dondoc.notifications.wording.numbers import number

_NAMED = 30


def build(digest: Digest, language: str, most: int) -> UnitTable | None:
    """The table in "vi" or "en"; None when the digest counts no units.

    Units with overdue tasks come first, those with most on top; at most `most` have their own line.
    """
    if not digest.by_unit:
        return None

    def say(text: Text) -> str:
        return text.in_(language)

    ranked = sorted(digest.by_unit, key=lambda unit: -unit.counts.overdue)
    late = sum(bool(unit.counts.overdue) for unit in ranked)
    shown, rest = ranked[: min(late, most)], ranked[min(late, most) :]
    lines = [_line(unit.name, unit.counts, unit.longest, language) for unit in shown]
    if rest:
        lines.append(_sum(say(labels.other_units(len(rest), len(shown))), rest, language))
    lines.append(_sum(say(labels.TOTAL), ranked, language, mark=False))
    together = any(unit.repeated.total for unit in ranked)
    idle = [unit.name for unit in digest.by_unit if not unit.counts.overdue]
    return UnitTable(
        title=say(labels.BY_UNIT),
        caption=say(labels.by_unit_caption(late, len(ranked))),
        unit=say(labels.UNIT),
        groups=(say(labels.DONE), say(labels.OPEN)),
        columns=tuple(say(column) for column in labels.COLUMNS),
        longest=say(labels.LONGEST),
        lines=tuple(lines),
        note=" ".join(
            [
                *([say(labels.none_late(idle))] if 0 < len(idle) <= _NAMED else ()),
                *([say(labels.TOGETHER)] if together else ()),
            ]
        ),
    )


def _sum(name: str, units: Sequence[UnitRow], language: str, *, mark: bool = True) -> UnitLine:
    # A task that several units carry counts once.
    counts = sum((unit.counts - unit.repeated for unit in units), FourWay(0, 0, 0, 0))
    longest = max((unit.longest for unit in units if unit.longest is not None), default=None)
    return _line(name, counts, longest, language, mark=mark)


def _line(name: str, counts: FourWay, longest: int | None, language: str, *, mark: bool = True) -> UnitLine:
    values = tuple(number(n).in_(language) for n in counts.values)
    longest_said = "–" if longest is None else number(longest).in_(language)
    return UnitLine(name, values, longest_said, mark and counts.overdue > 0)
