"""A sentence in two languages from one set of values."""

from __future__ import annotations

from datetime import date

import pytest

from dondoc.engine.domain.model import NO_TEXT, Text

UNIT = Text("UBND xã Bảo Đài", "Bảo Đài Commune")
REPORT = Text("báo cáo đợt 1", "round-1 report")


def test_a_text_gives_each_pattern_its_own_language() -> None:
    """Each language has its own order of words."""
    said = Text.format("{whose} chưa gửi {what}", "{what} of {whose}: not sent", whose=UNIT, what=REPORT)
    assert said == Text("UBND xã Bảo Đài chưa gửi báo cáo đợt 1", "round-1 report of Bảo Đài Commune: not sent")


def test_any_other_value_is_printed_alike_in_both() -> None:
    """With its format, where the pattern has one."""
    said = Text.format("{n:02d} ngày, {on:%d/%m}", "{n} days, {on}", n=5, on=date(2015, 4, 20))
    assert said == Text("05 ngày, 20/04", "5 days, 2015-04-20")


def test_a_pattern_without_words_is_given_once() -> None:
    """It is the same in both languages."""
    assert Text.format("{a} ({b})", a=UNIT, b="x") == Text("UBND xã Bảo Đài (x)", "Bảo Đài Commune (x)")


@pytest.mark.parametrize("name", ["{what}", "{0}", "{", "}}", "{whose.__class__}", "%s"])
def test_a_name_that_holds_braces_is_printed_as_it_is(name: str) -> None:
    """Only what stands in the code is a pattern."""
    said = Text.format("{whose}: {what}", "{what}: {whose}", whose=Text(name, f"{name} EN"), what=name)
    assert said == Text(f"{name}: {name}", f"{name}: {name} EN")


def test_a_pattern_with_an_unknown_name_is_an_error() -> None:
    """Nothing is printed with a hole in it."""
    with pytest.raises(KeyError):
        Text.format("{whose}", "{who}", whose=UNIT)


def test_texts_are_joined_in_both_languages() -> None:
    """One text stays as it is, none is no text."""
    assert Text.join("; ", [UNIT, REPORT]) == Text(
        "UBND xã Bảo Đài; báo cáo đợt 1", "Bảo Đài Commune; round-1 report"
    )
    assert Text.join("; ", [UNIT]) == UNIT
    assert Text.join("; ", []) == NO_TEXT
