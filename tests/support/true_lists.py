"""What `register`, `status` and `forecast` say, held against the rows of the store.

Each check yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import CaseStatus, LetterState, NightState
from dondoc.engine.store.db import tables as t
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Counts, Part, Row, letter
from tests.support.list_reader import Expected, Forecast, Obligation, Register, Status
from tests.support.stored_facts import Facts, counts
from tests.support.town import cutoff
from tests.support.true_accounts import STATES, Stored

_DAY = r"\d\d/\d\d/\d{4}"
_WAITS = {"đã qua hết các bước": CaseStatus.EXHAUSTED, "chờ xác nhận nơi kế thừa": CaseStatus.WAITING}


def untrue_register(said: Register, facts: Facts) -> Iterator[str]:
    """Every obligation once, with its status and the counts of its demands; the sums are those of the rows."""
    book = facts.book
    if said.on != facts.night:
        yield f"counted as of {said.on}, true is {facts.night}"
    codes = [row.code for row in said.rows]
    listed = {entry.obligation for paper in book.directives.values() for entry in paper.register}
    true = listed | {rule.obligation for rule in book.rules.values() if rule.basis is not Basis.EXAMPLE}
    if sorted(codes) != sorted(true):
        yield f"rows {Counter(codes) - Counter(true)}, missing {true - set(codes)}"
    for row in said.rows:
        yield from _untrue_row(row, facts)
    stands = Counter(_stands(row) for row in said.rows)
    tracked = stands["waiting"] + stands["evidence"]
    rows = {**stands, "all": len(said.rows), "tracked": tracked, "judged": len(said.rows) - tracked}
    for name, value in said.sums.items():
        if value != rows.get(name.removeprefix("en_"), 0):
            yield f"sum {name} {value}, by its rows {rows.get(name.removeprefix('en_'), 0)}"


_STANDS = {
    "xét theo văn bản": "text",
    "xét theo giả định": "assumed",
    "xét theo mức đã đặt": "set",
    "chờ thông số": "waiting",
    "lưu minh chứng": "evidence",
}


def _stands(row: Obligation) -> str:
    return next(name for words, name in _STANDS.items() if row.status.startswith(words))


def _untrue_row(row: Obligation, facts: Facts) -> Iterator[str]:
    book = facts.book
    rules = [
        rule for rule in book.rules.values() if rule.obligation == row.code and rule.basis is not Basis.EXAMPLE
    ]
    entries = [one for paper in book.directives.values() for one in paper.register if one.obligation == row.code]
    if entries:
        tracked = "waiting" if entries[0].waits_for else "evidence"
        true = "set" if rules else tracked
    else:
        true = "text" if all(rule.basis is Basis.TEXT for rule in rules) else "assumed"
    if _stands(row) != true:
        yield f"{row.code}: {row.status}, true is {true}"
    duties = [duty for duty in facts.duties if duty.rule in {rule.id for rule in rules}]
    if (row.counts or Counts(0, 0, 0, 0)) != counts(duties):
        yield f"{row.code}: {row.counts}, true is {counts(duties)}"


def untrue_status(said: Status, facts: Facts) -> Iterator[str]:
    """The latest night, its state and action items, the cases by status and the letters by state."""
    (night,) = facts.rows(select(t.night).where(t.night.c.as_of == facts.night))
    if (said.night, said.state) != (facts.night, night.state):
        yield f"night {said.night} {said.state}, true is {facts.night} {night.state}"
    cases = Counter(row.status for row in facts.rows(select(t.case_file.c.status)))
    live = sum(cases.values()) - cases[CaseStatus.CLOSED]
    if (said.live, said.closed) != (live, cases[CaseStatus.CLOSED]):
        yield f"cases {said.live} and {said.closed}, true is {live} and {cases[CaseStatus.CLOSED]}"
    for word, status in _WAITS.items():
        if said.waits.get(word, 0) != cases[status]:
            yield f"{word} {said.waits.get(word, 0)}, true is {cases[status]}"
    letters = Counter(row.state for row in facts.rows(select(t.letter.c.state)))
    if len(dict(said.letters)) != len(said.letters):
        yield f"one word for two counts: {said.letters}"
    for word, states in STATES.items():
        true = sum(letters[LetterState(state)] for state in states)
        if dict(said.letters).get(word, 0) != true:
            yield f"letters {word} {dict(said.letters).get(word, 0)}, true is {true}"
    yield from _untrue_instants(said, facts)
    yield from _untrue_troubles(said, facts)


def _untrue_instants(said: Status, facts: Facts) -> Iterator[str]:
    """When the night ran is when the log took it down; a letter left when the server took it."""
    e, entry = t.event, t.log_entry
    mine = (e.c.night == facts.night) & (e.c.kind == "night-judged")
    asked = select(func.max(entry.c.at).label("at")).join_from(entry, e, e.c.entry == entry.c.number).where(mine)
    taken = select(func.max(t.letter.c.dot_at).label("at")).where(t.letter.c.state == LetterState.SENT)
    for what, text, query in (("ran", said.ran, asked), ("left", said.left, taken)):
        (row,) = facts.rows(query)
        true = f"{row.at.astimezone(cutoff(facts.night).tzinfo):%H giờ %M ngày %d/%m/%Y}" if row.at else ""
        if text != true:
            yield f"{what} {text}, true is {true}"


_OF_LETTERS = {
    "chưa rõ đã tới hay chưa": LetterState.UNKNOWN,
    "đang tạm giữ": LetterState.HELD,
    "bị trả lại, không nơi nào chuyển giúp": LetterState.DEAD,
}


def _untrue_troubles(said: Status, facts: Facts) -> Iterator[str]:
    """A night that is degraded, and letters held or of unknown fate, are said first; and no others."""
    text = "\n".join(said.troubles)
    if (f"đêm {facts.night:%d/%m/%Y} chạy chưa đủ" in text) != (said.state == NightState.DEGRADED):
        yield f"{text}: the night is {said.state}"
    states = Counter(row.state for row in facts.rows(select(t.letter.c.state)))
    for words, state in _OF_LETTERS.items():
        told = sum(int(n) for n in re.findall(rf"(\d+) thư (?:của đêm {_DAY} )?{words}", text))
        if told != states[state] and not (state is LetterState.DEAD and told < states[state]):
            yield f"{told} letters {words}, true is {states[state]}"


def unkept(said: Forecast, later: Stored) -> Iterator[str]:
    """What a forecast promises, against the letters that those nights wrote when nothing new came."""
    rows = later.facts.rows(select(t.letter).where(t.letter.c.night.between(said.first, said.last)))
    written: dict[str, list[tuple[date, Part]]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.night):
        if row.office != operator_letter.OFFICE and row.fallback_of is None:
            written[row.office].append((row.night, letter(row.mime).first))
    true = sum(map(len, written.values())), len(written)
    if (said.letters, said.offices) != true:
        yield f"{said.letters} letters to {said.offices}, true is {true}"
    if sum(len(one.names) + one.more for one in said.groups) + said.more != said.offices:
        yield f"{said.offices} offices, by the groups {sum(len(one.names) + one.more for one in said.groups)}"
    for group in said.groups:
        alike = {office for office, letters in written.items() if _are(group.letters, letters)}
        if group.each != len(group.letters) or len(alike) < len(group.names) + group.more:
            wrote = {
                office: [(on, _sizes(part), [row.title for row in part.rows]) for on, part in written[office]]
                for office in later.called(set(group.names)) & set(written)
            }
            yield f"{group}, true is {wrote}"
        strangers = [name for name in group.names if not later.called({name}) & alike]
        if strangers:
            yield f"{strangers} get other letters than {group.letters}"


def _are(expected: Sequence[Expected], written: Sequence[tuple[date, Part]]) -> bool:
    """Whether these letters came: their nights, their sections and what they are about."""
    return len(expected) == len(written) and all(
        one.on == on
        and _merged(one.sections, _sizes(part)) == _sizes(part)
        and all(any(_unspaced(row.title).startswith(about) for about in one.subjects) for row in part.rows)
        for one, (on, part) in zip(expected, written, strict=True)
    )


_MIXED = "đã xong hoặc thôi theo dõi"


def _merged(expected: Iterable[tuple[str, int]], written: Mapping[str, int]) -> dict[str, int]:
    """The sections of a forecast; what is done and what lapses stand together where a letter puts them so."""
    sizes: Counter[str] = Counter()
    for name, number_ in expected:
        both = _MIXED in written and name in {"đã xong", "thôi theo dõi"}
        sizes[_MIXED if both else name] += number_
    return dict(sizes)


def _unspaced(text: str) -> str:
    """A text without its spaces: a narrow column may break it anywhere."""
    return "".join(text.split())


def _size(row: Row) -> int:
    """How many units a row is about: of what is done, its title counts them."""
    counted = re.search(r": (\d+)/\d+ ", row.title)
    if row.share or counted is None:
        return row.share.late if row.share else 1
    return int(counted.group(1))


def _sizes(part: Part) -> dict[str, int]:
    """How many matters stand under each title of a letter: a row about several units is that many."""
    sizes: Counter[str] = Counter()
    for section in part.sections:
        sizes[section.title.lower()] += sum(map(_size, section.rows)) + section.more
    return dict(sizes)
