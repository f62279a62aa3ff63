"""A new pack is whole from its first minute: it loads, its test loads, and nothing needs tidying."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from dondoc.engine.domain.workdays import vietnam
from dondoc.engine.rulefile import load, load_tests
from dondoc.engine.rulefile.formatter.whole_file import formatted
from dondoc.engine.rulefile.starter import started
from tests.support.town import ROOT


@pytest.mark.parametrize(
    ("locality", "stem", "code"),
    [
        ("luc-nam", "512-cv", "LN512"),
        ("tu-mo-rong", "ke-hoach-7-kh", "TMR7"),
        ("x", "cong-van", "X0"),
        ("2-thang-9", "20250102030405", "X2T92025"),
    ],
)
def test_a_new_pack_loads_among_the_others(locality: str, stem: str, code: str, tmp_path: Path) -> None:
    """Its code comes from the names, and its files are in order."""
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    texts = started(locality, stem, date(2026, 11, 23), {"LN15"})
    (rules / locality).mkdir(exist_ok=True)
    (rules / locality / f"{stem}.yaml").write_text(texts.pack, "utf-8")
    (rules / locality / f"{stem}.test.yaml").write_text(texts.test, "utf-8")
    book = load(rules)
    assert book.directives[stem].code == code
    assert f"{stem}/sample-report" in book.rules
    assert load_tests(rules, book)
    assert formatted(f"{stem}.yaml", texts.pack.encode()) == texts.pack
    assert formatted(f"{stem}.test.yaml", texts.test.encode()) == texts.test


def test_the_code_of_another_directive_is_not_taken_again() -> None:
    """A number of its own is put behind it."""
    texts = started("luc-nam", "512-cv", date(2026, 11, 23), {"LN512", "LN51201"})
    assert "\n  code: LN51202 " in texts.pack


def test_the_rule_is_for_a_unit_of_the_data() -> None:
    """Where there is none, for one made up."""
    assert "{units: [vn.07444.ubnd]}" in started("a", "b", date(2026, 11, 23), (), ["vn.07444.ubnd"]).pack
    assert "{units: [a.ubnd_xa.mau]}" in started("a", "b", date(2026, 11, 23), ()).pack


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("year", range(2024, 2027))
def test_the_day_after_the_limit_is_worked(year: int, month: int) -> None:
    """The test of the new pack expects a letter on it, whenever the pack was begun."""
    texts = started("luc-nam", "1", date(year, month, 28), ())
    night = date.fromisoformat(texts.test.partition(": silent")[0].split()[-1])
    calendar = vietnam("vn", date(2024, 1, 1), date(2028, 12, 31), closed={}, worked={}, stands_for={})
    assert calendar.is_workday(night)
    assert (night - date(year, month, 28)).days > 30
