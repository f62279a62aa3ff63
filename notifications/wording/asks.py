"""The asks: sentences whose verb depends on where the reader stands to the rows; they are never an order.

A day asked for is the last working day before the next step, not a limit that the service sets. A reminder asks
for the document's own day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from dondoc.engine.domain.acts import DELEGATE, ActKind
from dondoc.engine.domain.model import NO_TEXT, Text
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import COPIES, OPEN, UPWARD, Digest, Direction, Entry, Limit
from dondoc.notifications.wording.kinds.registry import shared, wording_of
from dondoc.notifications.wording.labels import SECTIONS, items
from dondoc.notifications.wording.limits import before_next, no_later_than, until
from dondoc.notifications.wording.names import grouped, units
from dondoc.notifications.wording.numbers import counted, days, listed

_CODES_SHOWN = 3
# More lines than these are not read; the rows below say the rest.
_LINES = 3


@dataclass(frozen=True, slots=True)
class AskText:
    """An ask in four pieces, in reading order: who is asked, what, by when, and what follows.

    Only `then` ends in a full stop; `when` and `then` may be empty. `day` is the day of `when`.
    """

    who: Text
    what: Text
    when: Text = NO_TEXT
    then: Text = NO_TEXT
    day: date | None = None


def asks(digest: Digest, heads: Sequence[Entry], shown: Collection[int]) -> tuple[AskText, ...]:
    """What the reader is asked, at most three lines, the earliest day first; each asks one office about its rows.

    `heads` are the rows that lead the letter, `shown` the `id` of each that it prints. A unit is asked for each of
    its own tasks; any other reader only about what made the letter leave. Without any of these, one line says so.
    """
    said = _told(digest.of(heads[0]), heads)
    own, others = _asked(digest)
    made = [] if said is None else [said]
    made += [_other(digest, rows, shown) for rows in others]
    made += [line for rows in own for line in _to_explain(digest.of(rows[0]), rows, shown, digest.night)]
    for left, rows in enumerate(own, start=1 - len(own)):
        made += _owned(digest, rows, max(_LINES - len(made) + left, 1), shown)
    if not made:
        made = [_for_information(digest.of(heads[0]), heads[0].section, copied=False)]
    made.sort(key=lambda line: line.day or date.min)
    return tuple(_once(made[:_LINES]))


def _once(lines: Sequence[AskText]) -> Iterator[AskText]:
    """The lines, without a sentence that an earlier one ended with."""
    seen: set[Text] = set()
    for line in lines:
        yield replace(line, then=NO_TEXT) if line.then in seen else line
        seen.add(line.then)


def _asked(digest: Digest) -> tuple[list[list[Entry]], list[list[Entry]]]:
    """The rows that ask for something: the readers' own, by office, and the others, by where it stands."""
    own: dict[Text, list[Entry]] = {}
    others: dict[tuple[Text, Direction, ActKind | None], list[Entry]] = {}
    # A row of two units that carry a demand together asks both.
    every = [one for row in digest.entries for one in (row, *row.also) if one is row or _is_own(one)]
    for entry in every:
        row = digest.of(entry)
        if entry.section is Section.RESOLVED or (entry.stands_still and entry.section is not Section.ENDING):
            continue
        if row.direction is Direction.OWN:
            own.setdefault(row.reader, []).append(entry)
        elif _asks_others(entry) and row.direction not in COPIES:
            others.setdefault((row.reader, row.direction, _to_decide(entry)), []).append(entry)
    return list(own.values()), list(others.values())


def for_guidance(digest: Digest) -> tuple[Entry, ...]:
    """The rows on which the reader, who stands above their units, is asked for guidance."""
    return tuple(
        entry
        for entry in digest.entries
        if digest.of(entry).direction in UPWARD
        and digest.of(entry).reader == digest.reader
        and entry.section is not Section.RESOLVED
        and not entry.stands_still
        and _asks_others(entry)
        and _to_decide(entry) is None
    )


def _is_own(entry: Entry) -> bool:
    return entry.direction is Direction.OWN


def _asks_others(entry: Entry) -> bool:
    """Whether a row asks an office besides the unit: not what it knows, nor a limit that only moved."""
    asks = entry.extended is None or _to_decide(entry) is not None
    return entry.news and entry.section in OPEN and not entry.copied and asks


def _to_decide(entry: Entry) -> ActKind | None:
    """What the reader of a row is to decide on, before anything else that is asked of it; None: nothing.

    Of what was delegated to it, that it does it.
    """
    delegated = ActKind.DELEGATED if DELEGATE in entry.relations else None
    return next((one.said for one in entry.decisions if one.asks), delegated)


def _told(digest: Digest, heads: Sequence[Entry]) -> AskText | None:
    """What a letter says that leads with something that asks for nothing; None where its rows ask."""
    direction, section = digest.direction, heads[0].section
    copied = direction in COPIES or all(entry.copied for entry in heads)
    if copied:
        return _for_information(digest, section, copied=True)
    if section is Section.RESOLVED and direction is Direction.OWN:
        return _nothing_more(digest.reader, heads)
    waived = all(entry.stands_still for entry in heads) and section is not Section.ENDING
    moved = all(entry.extended is not None and _to_decide(entry) is None for entry in heads)
    extended = moved and direction is not Direction.OWN
    if waived or extended or (section in (Section.RESOLVED, Section.ENDING) and direction is not Direction.OWN):
        return _for_information(digest, section, copied=False)
    return None


def _by(entry: Entry) -> date | None:
    """The day by which a row asks: before its next step, or the document's own."""
    limit = _own_limit(entry)
    return limit.last_day if limit is not None else entry.answer_by


def _own_limit(entry: Entry) -> Limit | None:
    """The document's limit, where it lies ahead and is what the row asks by."""
    if entry.section is Section.ENDING and not entry.stands_still:
        return entry.limit
    return entry.extended[0] if entry.extended is not None and entry.extended[1].ahead else None


def _when(rows: Sequence[Entry], direction: Direction) -> tuple[Text, date | None]:
    """The earliest day of the rows, and how it is said."""
    first = min((row for row in rows if _by(row) is not None), key=lambda row: _by(row) or date.max, default=None)
    if first is None:
        return NO_TEXT, None
    by = _by(first)
    assert by is not None
    limit = _own_limit(first)
    if limit is not None:
        return (until(limit) if limit.exclusive else no_later_than(limit.printed)), by
    return (before_next(by) if direction is Direction.UP_PARTY else no_later_than(by)), by


def _owned(digest: Digest, rows: Sequence[Entry], room: int, shown: Collection[int]) -> list[AskText]:
    """A line for each day and kind of task; where they are too many, for each day, and the last for the rest."""
    ordered = sorted(rows, key=lambda row: (_by(row) or date.max, row.kind))
    parts = [list(alike) for _, alike in groupby(ordered, key=lambda row: (_by(row), row.kind))]
    if len(parts) > room:
        parts = [list(same) for _, same in groupby(ordered, key=_by)]
        parts = [*parts[: room - 1], [row for part in parts[room - 1 :] for row in part]]
    return [_own(digest.of(part[0]), part, shown) for part in parts if part]


def _other(digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> AskText:
    row = digest.of(rows[0])
    said = _to_decide(rows[0])
    if said is not None:
        return _decide(said, row, rows, shown)
    if row.direction is Direction.SIDEWAYS:
        return _sideways(row, rows, shown)
    return _up(row, rows, shown)


def _for_information(digest: Digest, section: Section, *, copied: bool) -> AskText:
    """An ask for information only: good news needs no answer, anything else none yet.

    It is about the whole letter: an office above the unit of any of its rows is reported to, whichever row leads.
    """
    verb = Text("Đồng gửi", "Copied to") if copied else Text("Gửi", "Sent to")
    purpose = "để biết"
    if digest.is_reported:
        verb, purpose = Text("Kính gửi", "Sent respectfully to"), "để báo cáo"
    answer, english = "chưa cần trả lời", "no answer is needed yet"
    if section is Section.RESOLVED:
        answer, english = "không cần trả lời", "no answer is needed"
    what = Text(f" {purpose}; {answer}", f" for information; {english}")
    return AskText(Text.join(" ", (verb, digest.reader)), what)


def _nothing_more(reader: Text, heads: Sequence[Entry]) -> AskText:
    codes = [code for entry in heads for code in entry.codes]
    what = Text(" không cần làm gì thêm", " need not do anything more")
    if any(entry.lapsed for entry in heads):
        what = Text(" sẽ không được nhắc nữa", " will not be reminded again")
    if 0 < len(codes) <= _CODES_SHOWN:
        named = ", ".join(codes)
        closed = Text(f"; hồ sơ {named} đã đóng", f"; case {named} is closed")
        what = Text.join("", (what, closed))
    return AskText(reader, what)


def _own(digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> AskText:
    kind, first = shared(rows), rows[0]
    when, by = _when(rows, Direction.OWN)
    if len(rows) == 1:
        what, then = kind.ask(first)
        if digest.is_brief:
            # Who has a link below needs no other way to answer.
            what, then = kind.ask_briefly(first), NO_TEXT if first.links else then
    else:
        what, then = kind.ask_together(rows, _several(digest, rows, shown)), kind.suffices_for_several
    return AskText(_addressed(digest.reader), Text.format(" {what}", what=what), when, then, by)


def _addressed(reader: Text) -> Text:
    return Text.format("Đề nghị {reader}", "{reader} is asked to", reader=reader)


def _several(digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> Text:
    """`02 chỉ tiêu nêu tại mục MỚI dưới đây`, `03 việc nêu tại mục MỚI và NẶNG THÊM dưới đây`."""
    indicators = all(wording_of(entry.kind).indicator for entry in rows)
    n = counted(len(rows), "chỉ tiêu", "indicator") if indicators else items(len(rows))
    return _under_titles(digest, n, rows, shown)


def _under_titles(digest: Digest, n: Text, rows: Sequence[Entry], shown: Collection[int]) -> Text:
    """Where rows stand; what the letter has no room for stands in its file."""
    seen = {entry.section for entry in rows if id(entry) in shown}
    titles = listed([SECTIONS[section] for section in Section if section in seen])
    if not seen:
        return Text.format("{n} nêu trong tệp kèm theo", "{n} in the attached file", n=n)
    # Beside other rows of the same sections the number alone does not say which are meant.
    mine, codes = set(map(id, rows)), [code for entry in rows for code in entry.codes]
    beside = any(entry.section in seen and id(entry) not in mine for entry in digest.entries)
    if beside and 0 < len(codes) <= _CODES_SHOWN:
        n = Text.format("{n} (hồ sơ {codes})", "{n} (case {codes})", n=n, codes=", ".join(codes))
    if all(id(entry) in shown for entry in rows):
        vi, en = "{n} nêu tại mục {titles} dưới đây", "{n} under {titles} below"
        return Text.format(vi, en, n=n, titles=titles)
    vi, en = "{n} nêu tại mục {titles} và trong tệp kèm theo", "{n} under {titles} and in the attached file"
    return Text.format(vi, en, n=n, titles=titles)


def _sideways(digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> AskText:
    kind, first = shared(rows), rows[0]
    matter = kind.matter(first, digest) if len(rows) == 1 else _several(digest, rows, shown)
    when, by = _when(rows, digest.direction)
    what = kind.say(kind.cooperate, first, matter=matter)
    return AskText(_addressed(digest.reader), what, when, Text("Trân trọng cảm ơn.", "Thank you."), by)


def _to_explain(digest: Digest, rows: Sequence[Entry], shown: Collection[int], tonight: date) -> Iterator[AskText]:
    """A unit is asked for the explanation that is awaited of it, once for all of its rows."""
    awaited = [row for row in rows if any(one.until >= tonight for one in row.demanded)]
    if not awaited:
        return
    by = min(one.until for row in awaited for one in row.demanded if one.until >= tonight)
    office = next(one.by for row in awaited for one in row.demanded if one.until == by)
    what = Text.format(
        " giải trình với {office} về {matter}",
        " explain to {office} the delay of {matter}",
        office=office,
        matter=_several(digest, awaited, shown),
    )
    yield AskText(_addressed(digest.reader), what, no_later_than(by), NO_TEXT, by)


def _decide(said: ActKind, digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> AskText:
    """Whoever is to decide on what a unit has said is asked to do so, and nothing else."""
    who = Text.format("Đề nghị {reader}", "{reader} is asked", reader=digest.reader)
    if digest.direction in UPWARD:
        who = Text.format("Kính đề nghị {reader}", "{reader} is respectfully asked", reader=digest.reader)
    on = _on(digest, rows, shown)
    if said is ActKind.NOT_OURS:
        what = Text.format(
            " chuyển cho đơn vị khác hoặc không chuyển việc mà đơn vị báo không thuộc trách nhiệm, đối với {on}",
            " to give to another unit, or to leave there, what the unit says is not its own, for {on}",
            on=on,
        )
    elif said is ActKind.DELEGATED:
        what = Text.format(
            " thực hiện việc được phân công, đối với {on}", " to do what was delegated to it, for {on}", on=on
        )
    elif said is ActKind.DECLARED:
        what = Text.format(
            " xác nhận hoặc không xác nhận báo cáo mà đơn vị báo đã gửi, đối với {on}",
            " to say whether the report that was declared has come, for {on}",
            on=on,
        )
    else:
        what = Text.format(
            " cho lùi hạn hoặc không cho lùi hạn theo đề nghị của đơn vị, đối với {on}",
            " to extend the limit, as the unit has asked, or not, for {on}",
            on=on,
        )
    waiting = (one for row in rows for one in row.decisions if one.asks and one.said is said)
    by = min((one.held_until for one in waiting if one.held_until), default=None)
    if by is None:
        # What nothing waits for is decided on before the next step.
        when, by = _when(rows, digest.direction)
        return AskText(who, what, when, NO_TEXT, by)
    return AskText(who, what, no_later_than(by), NO_TEXT, by)


def _up(digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> AskText:
    reader, on = digest.reader, _on(digest, rows, shown)
    when, by = _when(rows, digest.direction)
    rest = NO_TEXT
    if len(digest.entries) > len(rows) and not digest.is_mixed:
        rest = Text("Các mục còn lại để quý cơ quan nắm tình hình.", "The other sections are for information.")
    if digest.direction is Direction.UP:
        who = Text.format("Kính đề nghị {reader}", "{reader} is respectfully asked", reader=reader)
        what = Text.format(
            " xem xét, có ý kiến chỉ đạo đối với {on}", " to consider {on} and give guidance", on=on
        )
        return AskText(who, what, when, rest, by)
    who = Text.format("Kính xin ý kiến chỉ đạo", "{reader} is respectfully asked", reader=reader)
    if len(rows) == 1:
        what = Text.format(" của {reader}", " for guidance", reader=reader)
        # Who is told again has read how often the unit was written to.
        return AskText(who, what, when, NO_TEXT if _is_repeated(rows[0]) else _urged(rows[0], digest), by)
    what = Text.format(" của {reader} đối với {on}", " for guidance on {on}", reader=reader, on=on)
    return AskText(who, what, when, rest, by)


def _is_repeated(entry: Entry) -> bool:
    return entry.section is Section.STILL and bool(entry.told)


def _on(digest: Digest, rows: Sequence[Entry], shown: Collection[int]) -> Text:
    if len(rows) == 1 and grouped(rows[0], digest):
        return _under_titles(digest, units(rows[0].owing), rows, shown)
    return _several(digest, rows, shown)


def _urged(entry: Entry, digest: Digest) -> Text:
    """How many letters went to the unit before a superior gets one."""
    if not entry.earlier:
        return NO_TEXT
    times, when = counted(len(entry.earlier), "lần", "time"), Text.join(", ", days(entry.earlier))
    if digest.is_brief:
        return Text.format("Đã đôn đốc {times} ({when}).", "Followed up {times} ({when}).", times=times, when=when)
    kind = wording_of(entry.kind)
    return kind.say(kind.urged, entry, times=times, when=when)
