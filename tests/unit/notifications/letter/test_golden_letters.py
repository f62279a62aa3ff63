from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dondoc.notifications.digest import Digest
from dondoc.notifications.letter.render import finish
from tests.support.sample_letters import LETTERS

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "make"), LETTERS.items(), ids=LETTERS)
def test_the_letter_reads_word_for_word_as_it_was_approved(
    name: str, make: Callable[[], Digest], *, update_golden: bool
) -> None:
    """The plain text of a letter is compared exactly; a change of wording is a change of the golden file."""
    letter = finish(make())
    said = f"Chủ đề: {letter.subject}\n\n{letter.text}"
    path = GOLDEN / f"{name}.txt"
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")
