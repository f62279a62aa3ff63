"""An indicator is open by the table of decision 19, and by its definition, over every short series."""

from __future__ import annotations

from itertools import product

import pytest

from dondoc.engine.judge.series import ReadingMark, fold

MARKS = {
    "4": ReadingMark.BEYOND,
    "3": ReadingMark.HYSTERESIS,
    "2": ReadingMark.CLEAR,
    "missing": ReadingMark.MISSING,
}


@pytest.mark.parametrize(
    ("needed", "series", "after_each"),
    [
        pytest.param(2, "4 4 3 3 2 4 4", "no yes yes yes no no yes", id="the band keeps it open, 2 closes it"),
        pytest.param(2, "4 3 4 4", "no no no yes", id="the band breaks a run that is building"),
        pytest.param(1, "4 missing 3 2", "yes yes yes no", id="a missing period never clears"),
        pytest.param(2, "4 missing 4 4", "no no no yes", id="a missing period breaks a run that is building"),
        pytest.param(3, "4 4 2 4 4 4", "no no no no no yes", id="a clearing in between starts the run again"),
        pytest.param(2, "4 4 missing 4 2", "no yes yes yes no", id="open stays open over a gap"),
        pytest.param(1, "2 3 missing", "no no no", id="nothing beyond, nothing open"),
    ],
)
def test_series_above_3_clear_2(needed: int, series: str, after_each: str) -> None:
    """The rows of the table, limit 3 and clearing value 2."""
    states = fold([MARKS[word] for word in series.split()], needed)
    assert " ".join("yes" if state.open else "no" for state in states) == after_each


def opened(marks: tuple[ReadingMark, ...], needed: int) -> int | None:
    """By definition: the first full run beyond the limit that ends after the last clearing, as far as known."""
    since = max((i for i, mark in enumerate(marks) if mark is ReadingMark.CLEAR), default=-1)
    for end in range(since + needed, len(marks)):
        if all(mark is ReadingMark.BEYOND for mark in marks[end - needed + 1 : end + 1]):
            return end
    return None


@pytest.mark.parametrize("needed", [1, 2, 3])
@pytest.mark.parametrize("length", range(6))
def test_fold_is_the_definition_over_every_series(needed: int, length: int) -> None:
    """Every series of up to five periods: open or not, and since which period."""
    for marks in product(ReadingMark, repeat=length):
        states = fold(marks, needed)
        wanted = [opened(marks[: n + 1], needed) for n in range(length)]
        assert [state.opened_at for state in states] == wanted
        assert [state.open for state in states] == [at is not None for at in wanted]
