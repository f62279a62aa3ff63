"""What `forecast` says, held against the letters that the nights after it wrote when nothing new came."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from dondoc.notifications.letter import operator_letter
from tests.support.letter_reader import Part, Row, letter
from tests.support.list_reader import Alike, Expected, Forecast, unspaced
from tests.support.true_accounts import Stored


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
    yield from _untrue_budget(
        said, {office: [on for on, _ in letters] for office, letters in written.items()}, later
    )
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


def _untrue_budget(said: Forecast, nights: Mapping[str, Sequence[date]], later: Stored) -> Iterator[str]:
    """Who exceeds the budget, by how much, and how many they are: by the letters that were written."""
    budget = later.facts.book.mail.budget
    most = {
        office: max(sum(0 <= (night - start).days < budget.days for night in mine) for start in mine)
        for office, mine in nights.items()
        if budget
    }
    over = {office for office, n in most.items() if budget and n > budget.per_office}
    true = (budget.per_office, budget.days, len(over)) if budget else None
    if said.budget != true:
        yield f"budget {said.budget}, true is {true}"
    for group in said.groups:
        yield from _untrue_mark(group, {office: n for office, n in most.items() if office in over}, later)


def _untrue_mark(group: Alike, over: Mapping[str, int], later: Stored) -> Iterator[str]:
    """An office is marked that exceeds the budget, with the most letters that it gets within the budget's days."""
    budget = later.facts.book.mail.budget
    for name in group.names:
        mine = {over.get(office) for office in later.called({name})}
        true = {(n, budget.days) if n and budget else None for n in mine}
        if group.over not in true:
            yield f"{name}: over budget {group.over}, true is {true}"


def _are(expected: Sequence[Expected], written: Sequence[tuple[date, Part]]) -> bool:
    """Whether these letters came: their nights, their sections and what they are about."""
    return len(expected) == len(written) and all(
        one.on == on
        and _merged(one.sections, _sizes(part)) == _sizes(part)
        # The row of a brief letter has no title.
        and all(
            any(unspaced(row.title).startswith(about) for about in one.subjects) for row in part.rows if row.title
        )
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
