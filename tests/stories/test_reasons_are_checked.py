"""Every reason that `why-not` can give has a sentence that the reader knows, and a check."""

from __future__ import annotations

import re

import pytest

from dondoc.engine.explain.reasons import Why
from dondoc.flows.explain import reason_text
from tests.support.reason_sentences import reason
from tests.support.true_reasons import CHECKS

# What stands in the place of a name of a value; a day in the place of any other.
_WORDS = {
    "section": "MỚI",
    "letter": "0123abcd",
    "heirs": "",
    "beyond": "vượt ngưỡng",
    "subject": "quý II/2019",
    "value": "19 em",
    "limit": "ngưỡng 21 em",
    "document": "12/BC",
    "by": "LN15-0001",
    "newer": "quý III/2019",
    "word": "led_by",
    "event": "action-month-event",
    "figures": "02 số liệu theo tháng",
    "per": "quý",
    "outcome": "hoàn thành sau hạn",
    **dict.fromkeys(("reader", "granted_by", "unit", "wanted", "has", "divided"), "UBND huyện Lục Nam"),
    **dict.fromkeys(
        (
            "count",
            "need",
            "days",
            "rise",
            "at_least",
            "run",
            "needed",
            "missed",
            "judged",
            "first",
            "step",
            "floor",
        ),
        "3",
    ),
    "reached": "2",
}
_APART = {"heirs": "; nay là UBND xã Bảo Đài", "beyond": "dưới ngưỡng"}
SENTENCES = {
    **{key: text.vi for key, text in reason_text._SAID.items()},
    **{f"not-applied/{part}": text.vi for part, text in reason_text._PARTS.items()},
}


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_is_recognised_by_its_words(key: str) -> None:
    """As the one reason that it gives, with values and without those that units do not share."""
    shared = re.sub(r"\{(\w+)\}", lambda found: _WORDS.get(found.group(1), "01/02/2019"), SENTENCES[key])
    apart = re.sub(r"\{(\w+)\}", lambda found: _APART.get(found.group(1), "…"), SENTENCES[key])
    code = Why(key.partition("/")[0])
    assert (reason(shared), reason(apart)) == (code, code), (shared, apart)


def test_every_reason_has_a_check() -> None:
    """A new one is held to the facts, or this fails."""
    assert set(CHECKS) == set(Why)
    assert {Why(key.partition("/")[0]) for key in SENTENCES} == set(Why)
    assert all(CHECKS.values())


def test_a_sentence_that_nobody_checks_is_seen() -> None:
    """It is of no reason, and so untrue."""
    assert reason("vì trăng tròn") == ""
