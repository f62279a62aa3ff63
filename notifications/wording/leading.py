"""What an office that leads others reads first: on whom it is asked for guidance, or what it is told again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import Outcome, Section
from dondoc.notifications.digest import OPEN, UPWARD, Digest, Direction, Entry
from dondoc.notifications.wording import names
from dondoc.notifications.wording.alphabet import alphabetical
from dondoc.notifications.wording.asks import for_guidance
from dondoc.notifications.wording.kinds.registry import wording_of
from dondoc.notifications.wording.numbers import counted, day, number

# The figure and the verb stand in front, so that the matter behind them may be cut where there is little room.
_ROOM = 125
# What is recorded at last. A matter that was withdrawn, waived or edited away is not, nor a period that stays
# missed though a later one was met.
_DONE = (Outcome.LATE, Outcome.EXTENDED)


def first_said(digest: Digest, entry: Entry) -> tuple[str, ...]:
    """The subject of a letter that one row leads; empty where its reader is asked for no guidance."""
    if is_repeat(digest, entry):
        who = names.who(entry, digest).vi
        said = f"Báo cáo lại lần {len(entry.told)}: thêm {_since(entry).vi}, vẫn {who}"
        return (_with(said, names.object_of(entry).vi),)
    return () if digest.is_brief else asked(digest)


def asked(digest: Digest) -> tuple[str, ...]:
    """Reader and day, how many units need guidance, how many are done at last, and the matter where it has room.

    `UBND huyện Lục Nam 07/05/2015: 05/24 xã cần ý kiến chỉ đạo, 01 mới xong (báo cáo đợt 1)`. Empty where the
    letter asks for no guidance, and where a figure is above its limit: its alert says which.
    """
    rows = for_guidance(digest) if digest.direction in UPWARD else ()
    if not rows or any(wording_of(row.kind).indicator for row in rows):
        return ()
    who, matters = _who(digest, rows), len(rows)
    about = names.object_of(rows[0]).vi if matters == 1 else counted(matters, "việc", "task").vi
    done = {unit for row in digest.entries if row.news and _is_done(row) for unit in row.bearers or row.units}
    news = f", {number(len(done)).vi} mới xong" if done else ""
    said = f"{digest.reader.vi} {day(digest.night)}: {who} cần ý kiến chỉ đạo{news}"
    return (_with(said, about),)


def _with(said: str, about: str) -> str:
    full = f"{said} ({about})"
    return full if len(full) <= _ROOM else said


def _who(digest: Digest, rows: Sequence[Entry]) -> str:
    if len(rows) == 1:
        return names.who(rows[0], digest).vi
    return names.units(len({unit for row in rows for unit in row.bearers or row.units})).vi


def changes(digest: Digest) -> tuple[Text, ...]:
    """What is new to an office that follows several units, by name, and which of them have promised what by when.

    Nothing is new in its first letter, where all is; in a letter to several offices the sections say whose rows
    are new to whom.
    """
    if digest.shared_with:
        return ()
    rows = [entry for entry in digest.entries if digest.of(entry).direction is not Direction.OWN]
    said = []
    several = len({name for row in rows for name in row.units}) > 1
    if several and any(entry.told or entry.section is Section.RESOLVED for entry in rows):
        new = _named(Text("thêm việc của", "also matters of"), (one for one in rows if one.section is Section.NEW))
        done = _named(Text("mới xong việc của", "done are those of"), (one for one in rows if _is_done(one)))
        found = [each for each in (new, done) if each is not None]
        if found:
            said.append(
                Text.format(
                    "Từ thư trước: {said}.", "Since the letter before: {said}.", said=Text.join("; ", found)
                )
            )
    open_ = (row for row in rows if row.section in OPEN)
    promised = dict.fromkeys(one for row in open_ if (one := _promised(row, digest.night)) is not None)
    if promised:
        said.append(Text.format("Đã hẹn: {said}.", "Promised: {said}.", said=Text.join("; ", [*promised])))
    return tuple(said)


def _is_done(entry: Entry) -> bool:
    return entry.section is Section.RESOLVED and entry.outcome in _DONE


def _named(what: Text, rows: Iterable[Entry]) -> Text | None:
    """`thêm việc của 02 đơn vị (Bảo Đài, Lục Sơn)`; of more than twelve only how many."""
    rows = tuple(rows)
    owing = {unit for row in rows for unit in row.bearers or row.units}
    found = alphabetical(dict.fromkeys(name for row in rows for name in row.units))
    if not owing:
        return None
    said = Text.join(" ", (what, names.units(len(owing))))
    # Whoever has taken over from others owes under several names.
    if len(owing) > names.NAMES_SHOWN or len(found) != len(owing):
        return said
    return Text.format("{said} ({names})", "{said} ({names})", said=said, names=", ".join(found))


def _promised(entry: Entry, night: date) -> Text | None:
    """`UBND xã Bảo Đài ngày 12/05/2015`: who explained the row last and promised a day that has not passed."""
    said = [one for one in entry.answers if one.act.kind is ActKind.EXPLAINED and one.act.until is not None]
    if not said or said[-1].act.until is None or said[-1].act.until < night:
        return None
    return Text.format("{who} ngày {day}", "{who} by {day}", who=said[-1].office, day=day(said[-1].act.until))


def is_unchanged(entry: Entry) -> bool:
    """Whether a row says no more than an earlier letter to its reader did.

    An indicator's row says its figure each time: it may have changed without being worse.
    """
    told = entry.section is Section.STILL and entry.last_notified is not None
    return told and not wording_of(entry.kind).indicator and entry.withdrawn is None


def is_repeat(digest: Digest, entry: Entry) -> bool:
    """Whether a row tells an office above the unit again what an earlier letter told, and nothing else."""
    plain = not (entry.stands_still or entry.extended or entry.decisions or entry.parts)
    above = digest.direction in UPWARD and not digest.is_brief
    return above and plain and entry.news and bool(entry.told) and is_unchanged(entry)


def repeated(digest: Digest, entry: Entry) -> Text:
    """What such a row says, as a clause, with the day of the letter from which it counts."""
    return Text.format(
        "báo cáo lại lần {n}, từ thư ngày {day}: thêm {days}, vẫn {said}",
        "reported again ({n}) since the letter of {day}: {days} more, and still {said}",
        n=len(entry.told),
        day=day(entry.told[-1]),
        days=_since(entry),
        said=wording_of(entry.kind).fact(entry, digest),
    )


def _since(entry: Entry) -> Text:
    return counted(entry.workdays_since, "ngày làm việc", "working day")
