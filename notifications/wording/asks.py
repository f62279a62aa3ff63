"""The ask: one sentence whose verb depends on the reader's direction, and what follows; it is never an order.

The day asked for is the last working day before the next step, not a limit that the service sets. A reminder asks
for the document's own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import COPIES, UPWARD, Digest, Direction, Entry
from dondoc.notifications.wording.kinds.registry import shared, wording_of
from dondoc.notifications.wording.labels import SECTIONS, items
from dondoc.notifications.wording.limits import before_next, no_later_than, until
from dondoc.notifications.wording.names import grouped, units
from dondoc.notifications.wording.numbers import counted, days, listed

_CODES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class AskText:
    """An ask in four pieces, in reading order: who is asked, what, by when, and what follows.

    Only `then` ends in a full stop; `when` and `then` may be empty.
    """

    who: Text
    what: Text
    when: Text = NO_TEXT
    then: Text = NO_TEXT


def ask(digest: Digest, heads: Sequence[Entry]) -> AskText:
    """What the reader is asked to do about the rows that lead the letter."""
    direction, section = digest.direction, heads[0].section
    copied = direction in COPIES or all(entry.copied for entry in heads)
    if copied:
        return _for_information(digest, section, copied=True)
    if section is Section.RESOLVED and direction is Direction.OWN:
        return _nothing_more(digest.reader, heads)
    waived = all(entry.stands_still for entry in heads) and section is not Section.ENDING
    extended = all(entry.extended is not None for entry in heads) and direction is not Direction.OWN
    if waived or extended or (section in (Section.RESOLVED, Section.ENDING) and direction is not Direction.OWN):
        return _for_information(digest, section, copied=False)
    when = _when(heads, direction)
    if direction is Direction.OWN:
        return _own(digest.reader, heads, when)
    if direction is Direction.SIDEWAYS:
        return _sideways(digest, heads, when)
    return _up(digest, heads, when)


def _when(heads: Sequence[Entry], direction: Direction) -> Text:
    if heads[0].section is Section.ENDING and not heads[0].stands_still:
        limit = heads[0].limit
        if len(heads) > 1 or limit is None:
            return NO_TEXT
        return until(limit) if limit.exclusive else no_later_than(limit.printed)
    moved = heads[0].extended
    if len(heads) == 1 and moved is not None and moved[1].ahead:
        return until(moved[0]) if moved[0].exclusive else no_later_than(moved[0].printed)
    by = min((entry.answer_by for entry in heads if entry.answer_by is not None), default=None)
    if by is None:
        return NO_TEXT
    return before_next(by) if direction is Direction.UP_PARTY else no_later_than(by)


def _for_information(digest: Digest, section: Section, *, copied: bool) -> AskText:
    """An ask for information only: good news needs no answer, anything else none yet."""
    verb = Text("Đồng gửi", "Copied to") if copied else Text("Gửi", "Sent to")
    purpose = "để biết"
    if digest.direction in (*UPWARD, Direction.COPY_UP):
        verb, purpose = Text("Kính gửi", "Sent respectfully to"), "để báo cáo"
    answer, english = "chưa cần trả lời", "no answer is needed yet"
    if section is Section.RESOLVED:
        answer, english = "không cần trả lời", "no answer is needed"
    what = Text(f" {purpose}; {answer}", f" for information; {english}")
    return AskText(Text.join(" ", (verb, digest.reader)), what)


def _nothing_more(reader: Text, heads: Sequence[Entry]) -> AskText:
    codes = [code for entry in heads for code in entry.codes]
    what = Text(" không cần làm gì thêm", " need not do anything more")
    if 0 < len(codes) <= _CODES_SHOWN:
        named = ", ".join(codes)
        closed = Text(f"; hồ sơ {named} đã đóng", f"; case {named} is closed")
        what = Text.join("", (what, closed))
    return AskText(reader, what)


def _own(reader: Text, heads: Sequence[Entry], when: Text) -> AskText:
    kind, first = shared(heads), heads[0]
    if len(heads) == 1:
        what, then = kind.ask(first)
    else:
        what, then = kind.say(kind.asks_of_several, first, rows=_several(heads)), kind.suffices_for_several
    return AskText(_asked(reader), Text.format(" {what}", what=what), when, then)


def _asked(reader: Text) -> Text:
    return Text.format("Đề nghị {reader}", "{reader} is asked to", reader=reader)


def _several(heads: Sequence[Entry]) -> Text:
    """`02 chỉ tiêu nêu tại mục MỚI`, `03 việc nêu tại mục MỚI và NẶNG THÊM`."""
    indicators = all(wording_of(entry.kind).indicator for entry in heads)
    n = counted(len(heads), "chỉ tiêu", "indicator") if indicators else items(len(heads))
    return _under_titles(n, heads)


def _under_titles(n: Text, heads: Sequence[Entry]) -> Text:
    titles = [SECTIONS[section] for section in Section if any(entry.section is section for entry in heads)]
    return Text.format("{n} nêu tại mục {titles}", "{n} under {titles}", n=n, titles=listed(titles))


def _sideways(digest: Digest, heads: Sequence[Entry], when: Text) -> AskText:
    kind, first = shared(heads), heads[0]
    matter = kind.matter(first, digest) if len(heads) == 1 else _several(heads)
    what = kind.say(kind.cooperate, first, matter=matter)
    return AskText(_asked(digest.reader), what, when, Text("Trân trọng cảm ơn.", "Thank you."))


def _up(digest: Digest, heads: Sequence[Entry], when: Text) -> AskText:
    reader, on = digest.reader, _on(digest, heads)
    rest = NO_TEXT
    if len(digest.entries) > len(heads):
        rest = Text("Các mục còn lại để quý cơ quan nắm tình hình.", "The other sections are for information.")
    if digest.direction is Direction.UP:
        who = Text.format("Kính đề nghị {reader}", "{reader} is respectfully asked", reader=reader)
        what = Text.format(" xem xét, có ý kiến chỉ đạo đối với {on}", " to consider {on}", on=on)
        return AskText(who, what, when, rest)
    who = Text.format("Kính xin ý kiến chỉ đạo", "{reader} is respectfully asked", reader=reader)
    if len(heads) == 1:
        return AskText(who, Text.format(" của {reader}", " for guidance", reader=reader), when, _urged(heads[0]))
    what = Text.format(" của {reader} đối với {on}", " for guidance on {on}", reader=reader, on=on)
    return AskText(who, what, when, rest)


def _on(digest: Digest, heads: Sequence[Entry]) -> Text:
    if len(heads) == 1 and grouped(heads[0], digest):
        return _under_titles(units(len(heads[0].units)), heads)
    return _several(heads)


def _urged(entry: Entry) -> Text:
    """How many letters went to the unit before a superior gets one."""
    if not entry.earlier:
        return NO_TEXT
    times, when = counted(len(entry.earlier), "lần", "time"), Text.join(", ", days(entry.earlier))
    kind = wording_of(entry.kind)
    return kind.say(kind.urged, entry, times=times, when=when)
