"""What `register` and `status` say, held against the rows of the store.

Each check yields a line for each thing that is not so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from dondoc.engine.domain.rulebook import Basis, RegisterEntry, Rule
from dondoc.engine.domain.terms import CaseStatus
from tests.support.letter_reader import Counts
from tests.support.list_reader import Obligation, Register, Titled, unspaced
from tests.support.stored_facts import Facts, counts
from tests.support.town import ROOT

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
        yield from _untrue_place(row, facts)
    if (said.shown or said.sums["all"]) != len(said.rows):
        yield f"{said.shown} shown of {said.sums['all']}, its rows are {len(said.rows)}"
    for title in {row.paper for row in said.rows}:
        yield from _untrue_title(title, [row.code for row in said.rows if row.paper == title], facts)
    stands = Counter(_stands(row) for row in said.rows)
    tracked = stands["waiting"] + stands["evidence"]
    rows = {**stands, "all": len(said.rows), "tracked": tracked, "judged": len(said.rows) - tracked}
    for name, value in said.sums.items():
        if value != rows.get(name.removeprefix("en_"), 0):
            yield f"sum {name} {value}, by its rows {rows.get(name.removeprefix('en_'), 0)}"


def _untrue_title(title: Titled, codes: Collection[str], facts: Facts) -> Iterator[str]:
    """How the directive of these obligations is cited, its issuer by the name then, and its days in force."""
    book = facts.book
    of = {entry.obligation: paper for paper in book.directives.values() for entry in paper.register}
    of |= {rule.obligation: book.directives[rule.directive] for rule in book.rules.values()}
    for paper in {of[code].id: of[code] for code in codes if code in of}.values():
        cited = f"{paper.kind.vi} {paper.number}" if paper.number else paper.kind.vi
        true = (cited, paper.issued, paper.in_force_from, paper.in_force_until)
        if (title.cited, title.issued, title.first, title.last) != true:
            yield f"{title}, true is {true}"
        names = facts.called(paper.issuer, paper.issued or paper.in_force_from) or facts.called(paper.issuer, None)
        if title.issuer not in names:
            yield f"{title}, true is {names}"


def _untrue_place(row: Obligation, facts: Facts) -> Iterator[str]:
    """To be filled in is the first blank of each prepared rule, in the file of the directive."""
    for paper in facts.book.directives.values():
        if row.code in {entry.obligation for entry in paper.register}:
            (file,) = (ROOT / "rules").glob(f"*/{paper.id}.yaml")
            lines = tuple(_blanks(file.read_text(encoding="utf-8"), row.code))
            if row.fill_in != ((file.name, lines) if lines else None):
                yield f"{row.code}: to be filled in at {row.fill_in}, true is {file.name} {lines}"


def _blanks(text: str, code: str) -> Iterator[int]:
    """By prepared rule of an obligation, the line of its first blank that does not say who sets it and when."""
    mine = seeking = False
    for number, line in enumerate(text.splitlines(), 1):
        entry = re.match(r"  - obligation: (\S+)", line)
        mine = entry.group(1) == code if entry else mine and not re.match(r"\S", line)
        seeking = mine and (seeking or line.strip().startswith("when:"))
        if seeking and "___" in re.sub(r"set_(?:by|on): ___", "", line):
            yield number
            seeking = False


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
    yield from _untrue_texts(row, entries, rules)
    duties = [duty for duty in facts.duties if duty.rule in {rule.id for rule in rules}]
    if (row.counts or Counts(0, 0, 0, 0)) != counts(duties):
        yield f"{row.code}: {row.counts}, true is {counts(duties)}"


def _untrue_texts(row: Obligation, entries: Sequence[RegisterEntry], rules: Sequence[Rule]) -> Iterator[str]:
    """The clause, what must be done, who must do it and what is missing, as the rule file has them."""
    (clause, *_) = [one.clause for one in (*entries, *rules)]
    what = [one.what.vi for one in entries] or [one.title.vi for one in rules]
    if (row.clause, unspaced(row.what)) != (clause, unspaced("".join(what))):
        yield f"{row.code}: {row.clause} {row.what}, true is {clause} {what}"
    for one in entries:
        if unspaced(row.who) != unspaced(one.who):
            yield f"{row.code}: {row.who}, true is {one.who}"
        if one.waits_for and not rules and unspaced(f": {one.waits_for.vi}") not in unspaced(row.status):
            yield f"{row.code}: {row.status}, true is {one.waits_for.vi}"
