"""TCVN3 and VNI: converted letter by letter, recognised by words that are Vietnamese in them alone."""

from __future__ import annotations

import csv

import pytest

from dondoc.engine.sources.formats.legacy_vietnamese import Legacy, converted, is_syllable, recognised
from tests.support.town import EXAMPLES

SAID = {
    Legacy.TCVN3: {
        "UBND x· T©n TiÕn": "UBND xã Tân Tiến",
        "Phßng Lao ®éng - Th­¬ng binh vµ X· héi": "Phòng Lao động - Thương binh và Xã hội",
        "HUYÖN ñY": "HUYỆN ỦY",
        "12/BC-UBND": "12/BC-UBND",
    },
    Legacy.VNI: {
        "UBND xaõ Taân Tieán": "UBND xã Tân Tiến",
        "Phoøng Lao ñoäng - Thöông binh vaø Xaõ hoäi": "Phòng Lao động - Thương binh và Xã hội",
        "HUYEÄN UÛY": "HUYỆN ỦY",
        "12/BC-UBND": "12/BC-UBND",
    },
}
PAIRS = [(code, *pair) for code, said in SAID.items() for pair in said.items()]


@pytest.mark.parametrize(("code", "old", "new"), PAIRS)
def test_old_text_becomes_unicode(code: Legacy, old: str, new: str) -> None:
    """Capitals of a font of capitals become capitals."""
    assert converted(old, code) == new


@pytest.mark.parametrize("code", Legacy)
def test_old_text_is_recognised(code: Legacy) -> None:
    """As what it is, and not as the other."""
    for old in list(SAID[code])[:2]:
        assert recognised([old]) is code, old


def test_unicode_is_never_taken_for_another() -> None:
    """Every name of the examples, what officials write besides, and words of other languages."""
    names = list(csv.reader((EXAMPLES / "names.csv").read_text("utf-8").splitlines()))
    assert len(names) > 30
    assert recognised(cell for row in names for cell in row) is None
    assert (
        recognised(["Khoá họp, hoà giải, thuỷ lợi, quý I, giá, quá hạn, Đắk Lắk, Krông Búk, Ea H’leo, Kon Plông"])
        is None
    )
    assert recognised(["Müller, Citroën, Loïc, N·m, µg, señor, façade, naïve, © 2026, Windows®, 5 °C ± 1"]) is None


@pytest.mark.parametrize(
    "word",
    ["Nguyễn", "khuỷu", "người", "quyết", "hoá", "thuỷ", "giữa", "khoẻ", "yếu", "rượu", "giá", "quá", "quí"],
)
def test_what_a_syllable_is(word: str) -> None:
    """Also in the older places of its tone."""
    assert is_syllable(word)
