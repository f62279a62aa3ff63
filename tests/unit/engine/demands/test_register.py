"""Every obligation of the five directives is in the rules, once, and stands as the study of the texts found it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dondoc.engine.demands.register import Obligation, register, tally
from dondoc.engine.domain.rulebook import Basis
from dondoc.engine.domain.terms import ObligationStatus
from tests.support.town import rules

# From reading the five documents: an obligation, its clause, and what can be made of it. `judged`: day and number
# are in the text; `assumed`: a day or number is ours; `waiting`: the text lacks a parameter; `evidence`: there is
# nothing to measure.
FOUND = """
BP2016-0    | mở đầu | waiting
BP2016-1    | 1      | waiting
BP2016-2    | 2      | evidence
BP2016-3    | 3      | waiting
BP2016-4    | 4      | waiting
BP2016-4b   | 4      | waiting
BP2016-5a   | 5      | evidence
BP2016-5b   | 5      | waiting
BP2016-5c   | 5      | evidence
BP2016-6a   | 6      | evidence
BP2016-6b   | 6      | judged
BP2019-1    | đoạn 2 | evidence
BP2019-2    | đoạn 2 | waiting
BP2019-3    | đoạn 2 | waiting
BP2019-4    | đoạn 2 | waiting
BP2019-5a   | đoạn 3 | waiting
BP2019-5b   | đoạn 3 | waiting
BP2019-5c   | đoạn 3 | waiting
BP2019-5d   | đoạn 3 | waiting
BP2019-5e   | đoạn 3 | waiting
BP2019-5f   | đoạn 3 | waiting
BP2019-6    | đoạn 3 | assumed
BP2019-7    | đoạn 3 | waiting
DL2023-1    | 1      | evidence
DL2023-2a   | 2      | evidence
DL2023-2b   | 2      | waiting
DL2023-3a   | 3.1    | waiting
DL2023-3b   | 3.1    | assumed
DL2023-3c   | 3.1    | assumed
DL2023-3d   | 3.1    | waiting
DL2023-3e   | 3.2    | evidence
DL2023-3f   | 3.3    | waiting
DL2023-3g   | 3.3    | waiting
DL2023-4a   | 4      | evidence
DL2023-4b   | 4      | waiting
DL2023-5    | 5      | waiting
DL2023-6a   | 6      | evidence
DL2023-6b   | 6      | waiting
DL2023-7    | cuối   | waiting
LN2015-1.1a | 1.1    | waiting
LN2015-1.1b | 1.1    | waiting
LN2015-1.1c | 1.1    | waiting
LN2015-1.2a | 1.2    | waiting
LN2015-1.2b | 1.2    | waiting
LN2015-1.3  | 1.3    | waiting
LN2015-1.4a | 1.4    | waiting
LN2015-1.4b | 1.4    | evidence
LN2015-1.5a | 1.5    | waiting
LN2015-1.5b | 1.5    | waiting
LN2015-2    | 2      | assumed
LN2015-3a   | 3      | waiting
LN2015-3b   | 3      | waiting
LN2015-4    | 4      | evidence
LN2015-5    | 5      | waiting
LN2015-6a   | 6      | waiting
LN2015-6b   | 6      | waiting
LN2015-7a   | 7      | judged
LN2015-7b   | 7      | judged
TMR2019-1a  | 1.1    | waiting
TMR2019-1b  | 1.1    | evidence
TMR2019-1c  | 1.2    | waiting
TMR2019-1d  | 1.3    | waiting
TMR2019-1e  | 1.3    | waiting
TMR2019-1f  | 1.4    | assumed
TMR2019-1g  | 1.5    | waiting
TMR2019-1h  | 1.6    | evidence
TMR2019-1i  | 1.6    | waiting
TMR2019-1k  | 1.7    | evidence
TMR2019-1l  | 1.7    | waiting
TMR2019-2   | 2      | waiting
TMR2019-3a  | 3      | waiting
TMR2019-3b  | 3      | judged
TMR2019-4a  | 4      | evidence
TMR2019-4b  | 4      | assumed
TMR2019-5a  | 5.1    | waiting
TMR2019-5b  | 5.2    | evidence
TMR2019-5c  | 5.3    | assumed
TMR2019-6a  | 6      | evidence
TMR2019-6b  | 6      | waiting
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in FOUND.strip().splitlines()]


def found() -> dict[str, Obligation]:
    """The obligations of the project's rules, of the five directives that were studied."""
    studied = {name.partition("-")[0] for name, *_ in ROWS}
    listed = [one for one in register(rules()) if one.id.partition("-")[0] in studied]
    assert len(listed) == len({one.id for one in listed})
    return {one.id: one for one in listed}


def test_all_seventy_nine_are_there_once() -> None:
    """None is missing, none twice, none added."""
    assert len(ROWS) == 79
    assert list(found()) == [name for name, *_ in ROWS]


def as_printed(name: str, clause: str) -> str:
    """A clause as its paper has it: the study numbers the dashes of two papers, which have no numbers there."""
    number, _, dash = clause.partition(".")
    if not dash or not name.startswith(("TMR2019", "DL2023")):
        return clause
    return f"gạch đầu dòng thứ {('nhất', 'hai', 'ba', 'tư', 'năm', 'sáu', 'bảy')[int(dash) - 1]}, mục {number}"


@pytest.mark.parametrize(("name", "clause", "status"), ROWS, ids=[row[0] for row in ROWS])
def test_an_obligation_stands_as_it_was_found(name: str, clause: str, status: str) -> None:
    """Its clause and its status; a waiting one says for what, every other waits for nothing."""
    one = found()[name]
    assert (one.clause, one.status.value) == (as_printed(name, clause), status)
    assert (one.waits_for is not None) == (status == "waiting")


def test_the_sums_are_those_of_the_study() -> None:
    """Eleven judged, four of them by the text alone; sixty-eight tracked, fifty for want of a parameter."""
    counts = tally(found().values())
    assert list(counts.values()) == [4, 7, 0, 50, 18]
    assert counts[ObligationStatus.WAITING] + counts[ObligationStatus.EVIDENCE] == 68


def test_an_example_threshold_judges_nothing() -> None:
    """The obligations with invented limits wait; as soon as a limit is no example, they are judged."""
    book = rules()
    assert {name for name, one in found().items() if one.examples} == {"BP2019-3", "DL2023-3a"}
    name = "46-ct-hu/poor-children"
    directive = book.directives["46-ct-hu"]
    kept = tuple(entry for entry in directive.register if entry.obligation != "DL2023-3a")
    real = replace(
        book,
        rules={**book.rules, name: replace(book.rules[name], basis=Basis.ASSUMED)},
        directives={**book.directives, "46-ct-hu": replace(directive, register=kept)},
    )
    (one,) = [one for one in register(real) if one.id == "DL2023-3a"]
    assert (one.status, one.rules) == (ObligationStatus.ASSUMED, (name,))


def test_todays_duties_are_all_judged() -> None:
    """By the text only where a day is printed; they bind today, and the five directives do not."""
    book, today = rules(), date(2026, 11, 27)
    present = {
        one.id: one.status.value for one in register(book) if book.directives[one.directive].in_force(today)
    }
    assert present == {
        "CUR-1": "assumed",
        "CUR-2": "assumed",
        "CUR-3": "assumed",
        "CUR-4": "judged",
        "CUR-5": "assumed",
    }
