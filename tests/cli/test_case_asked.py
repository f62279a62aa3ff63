"""`dondoc case extend`: a request for a later limit is read by whoever decides on it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.cli.test_case import DISTRICT, asks, code, false_in, settings, town
from tests.support.town import Town, letters

__all__ = ["code", "settings", "town"]


def test_a_request_is_in_the_next_letter_of_whoever_set_the_limit(
    town: Town, settings: Mapping[str, str], code: str
) -> None:
    """The district hears by its ladder on 7 May; of the request on the next day, once, and is asked only that."""
    asks(settings, code)
    sent = letters(town, "2015-04-22")
    assert set(sent) - {"dondoc.operator"} == {DISTRICT}
    assert "cho lùi hạn hoặc không cho lùi hạn theo đề nghị của đơn vị" in sent[DISTRICT]
    assert "Tình trạng: đơn vị xin lùi hạn, chờ UBND huyện Lục Nam quyết định; hạn cũ vẫn tính" in sent[DISTRICT]
    assert false_in(town, "2015-04-22") == []
    assert set(letters(town, "2015-04-23")) == {"dondoc.operator"}
