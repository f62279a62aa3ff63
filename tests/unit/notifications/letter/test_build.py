"""To which addresses a letter is finished: the domains of mail.yaml and what lies below them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest

from dondoc.engine.domain.model import ZONE
from dondoc.notifications.letter.build import finished
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.letter.render import Rendered
from tests.support.town import rules

NIGHT = date(2015, 4, 20)
PLANNED_AT = datetime(2015, 4, 20, 2, tzinfo=ZONE)
LETTER = Rendered("Nhắc việc", "<!DOCTYPE html><html><body><p>Nội dung</p></body></html>", "Nội dung", ())


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        pytest.param("a@example.vn", True, id="the domain itself"),
        pytest.param("a@phong.example.vn", True, id="a domain below it"),
        pytest.param("a@EXAMPLE.vn", True, id="capitals are the same domain"),
        pytest.param("a@evil-example.vn", False, id="another domain that ends alike"),
        pytest.param("a@example.vn.evil.org", False, id="another domain that begins alike"),
        pytest.param("a@example.org", False, id="another domain"),
    ],
)
def test_a_letter_leaves_for_allowed_domains_only(address: str, taken: bool) -> None:  # noqa: FBT001 - a column
    """At the place where every letter is finished, whoever planned it."""
    mail = replace(rules().mail, allowed_domains=("example.vn",))
    letter = partial(finished, LETTER, mail, NIGHT, PLANNED_AT, "x.ubnd", address, reply_to="a@example.vn")
    if taken:
        assert letter().recipient == address
        return
    with pytest.raises(LetterRefused, match="not in the allowed domains"):
        letter()
