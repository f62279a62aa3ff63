"""Every number that the letters of the demonstration count, counted again from the stored facts.

The letters are read as their readers read them: the finished plain text, taken apart by `letter_reader`. What is
true comes from the rows of the store, by `stored_facts`. Neither knows the code that writes letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from dondoc.engine.store.db.database import connect
from tests.support.demonstration import nights
from tests.support.told_letters import Told, told, wrong
from tests.support.town import rules
from tests.support.truth import (
    untrue_counts,
    untrue_letters,
    untrue_lines,
    untrue_share,
)


@pytest.fixture(scope="module")
def demonstration() -> Iterator[list[Told]]:
    """Every letter of the demonstration, each beside the facts as they were after its night."""
    engine = connect("sqlite://")
    found: list[Told] = []
    for night in nights(engine):
        found += told(engine, rules(), night)
    yield found
    engine.dispose()


def failing(found: Iterable[str]) -> None:
    """Fails with every line that is not empty."""
    lines = [line for line in found if line]
    assert not lines, f"{len(lines)} untrue:\n" + "\n".join(lines)


def test_the_demonstration_is_read_whole(demonstration: list[Told]) -> None:
    """No letter is skipped, and none of its sections is empty of rows."""
    assert len(demonstration) == 130
    for one in demonstration:
        assert one.part.rows, one.letter.subject
        # A single row is not counted.
        sizes = [(each.size or 1, len(each.rows) + each.more) for each in one.part.sections]
        assert all(said == true for said, true in sizes)
        whole = [row for row in one.part.rows if not row.brief]
        assert all(row.lines and (row.badge or not row.title) for row in whole), one.letter.subject


def test_the_four_counts_are_those_of_the_facts(demonstration: list[Told]) -> None:
    """By tonight's verdicts, of every unit that the reader follows (T7, L8)."""
    failing(line for one in demonstration for line in untrue_counts(one))


def test_the_lines_by_unit_are_those_of_the_facts(demonstration: list[Told]) -> None:
    """A line for each unit with something overdue, and the total is the counts."""
    failing(line for one in demonstration for line in untrue_lines(one))


def test_a_letter_about_figures_alone_counts_no_tasks(demonstration: list[Told]) -> None:
    """What a unit owes besides is another case's matter (L9)."""
    failing(
        wrong(one, "counts", one.part.counts, None)
        for one in demonstration
        if all("period" in row.lines for row in one.part.rows)
    )


def test_a_row_counts_units_of_those_that_the_reader_follows(demonstration: list[Told]) -> None:
    """`05/24 xã`: how many of how many."""
    failing(line for one in demonstration for row in one.part.rows for line in untrue_share(one, row))


def test_earlier_letters_are_those_of_the_case(demonstration: list[Told]) -> None:
    """How often, on which days, and the reader's own last letter."""
    failing(line for one in demonstration for row in one.part.rows for line in untrue_letters(one, row))


def test_what_a_unit_hears_of_for_the_first_time_is_counted_above_it_and_told_nobody(
    demonstration: list[Told],
) -> None:
    """Two communes' second report was due the day before: in three tables, in no row, ask or headline (0055)."""
    first = {"Tiên Nha", "Yên Sơn"}
    night = [one for one in demonstration if one.facts.night == date(2015, 10, 30)]
    above = [one for one in night if one.part.by_unit is not None]
    assert {one.office for one in above} == {"ln.huyen_uy", "ln.phong_ldtbxh", "ln.ubnd_huyen"}
    for one in above:
        assert one.part.by_unit is not None
        lines = {line.name: line.counts.overdue for line in one.part.by_unit.lines}
        assert {name: lines[name] for name in first} == dict.fromkeys(first, 1)
        told = [one.letter.subject, one.part.headline, one.part.ask]
        told += [said for row in one.part.rows for said in (row.title, row.brief, *row.lines.values())]
        assert not [said for said in told if any(name in said for name in first)]
    own = {one.office for one in night if any(one.office.endswith(name) for name in ("tien_nha", "yen_son"))}
    assert own == {"ln.ubnd_xa.tien_nha", "ln.ubnd_xa.yen_son"}
