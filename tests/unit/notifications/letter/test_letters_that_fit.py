"""No letter is ever missing because it would be too large: it says less, and its file has the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes, policy

import pytest

from dondoc.engine.domain.model import ZONE, Head, Text
from dondoc.engine.domain.terms import NightState
from dondoc.notifications.digest import Digest, FourWay, UnitRow
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.operator_letter import ActionItem, NightSummary
from dondoc.notifications.letter.part import USUAL
from dondoc.notifications.letter.render import Rendered, finish
from dondoc.notifications.letter.workbook import MEDIA_TYPE
from dondoc.notifications.morning import Morning
from tests.support.sample_letters import party, sixty, supervisor
from tests.support.town import rules

LIMIT = 95_000
LONG = Text("Ủy ban nhân dân " + "xã " * 60, "People's Committee " + "of the commune " * 12)


def late_units(digest: Digest, n: int) -> Digest:
    """A letter in both languages whose table has so many units that are late."""
    rows = tuple(UnitRow(f"Xã {unit} có tên khá dài để thử", FourWay(1, 1, 0, 1 + unit), 12) for unit in range(n))
    return replace(digest, languages=("vi", "en"), by_unit=rows, units_counted=n)


def size(letter: Rendered) -> int:
    """The bytes that a mail program counts."""
    return len(letter.html.encode())


@pytest.mark.parametrize("n", [30, 60, 700])
@pytest.mark.parametrize("rows", [2, 60])
def test_a_superior_of_many_late_units_reads_both_languages(n: int, rows: int) -> None:
    """Thirty lines of a table in two languages were 95 kB without a single row."""
    digest = late_units(replace(sixty(rows), direction=party().direction), n)
    letter = finish(digest)
    assert size(letter) <= LIMIT
    assert letter.html.count('lang="en"') == 1
    vi, _, en = letter.html.partition('lang="en"')
    # The rows stand in the first language, and where it has no room all are in a file; the second may have none.
    assert digest.entries[0].codes[0] in vi
    assert "25" in en
    assert [one.media_type for one in letter.attachments] == ([MEDIA_TYPE] if rows > USUAL.full else [])


@pytest.mark.parametrize("limit", [20_000, 40_000, 60_000])
def test_the_smallest_limit_that_mail_yaml_may_set_has_a_letter_too(limit: int) -> None:
    """With a hundred offices at one mailbox, and titles of five hundred characters."""
    entries = tuple(replace(one, title=LONG, short=LONG) for one in supervisor().entries)
    digest = replace(late_units(supervisor(), 60), entries=entries, reader=LONG, shared_with=(LONG,) * 100)
    letter = finish(digest, max_bytes=limit)
    assert size(letter) <= limit
    assert "lược bỏ" in letter.text
    assert [one.media_type for one in letter.attachments] == [MEDIA_TYPE]


def test_the_operators_letter_fits_however_much_there_is_to_do() -> None:
    """Every item may carry the text of a fault; the first ones stay, the others are counted."""
    item = ActionItem(Text("không lập được thư: " + "lỗi " * 300, "a fault"), Text("sửa " * 300, "correct it"))
    counts = {"found": 1, "opened": 1, "climbed": 0, "closed": 0}
    night = date(2026, 3, 2)
    said = NightSummary(Morning(night, night, NightState.DEGRADED), 10, counts, Head(1, "0" * 64))
    mail = replace(rules().mail, max_bytes=20_000)
    view = operator_letter.nightly(said, [item] * 60, mail.operator)
    at = datetime(2026, 3, 2, 2, tzinfo=ZONE)
    letter = operator_letter.planned(view, mail, night, at, operator_letter.NIGHTLY)
    body = message_from_bytes(letter.mime, policy=policy.default).get_body(("html",))
    assert body is not None
    page = body.get_content()
    assert len(page.encode()) <= mail.max_bytes
    assert "ông lập được thư: lỗi" in page
    assert "dòng khác; và 20 việc khác; xem đủ bằng dondoc status" in page.replace("&nbsp;", " ").replace(
        "\xa0", " "
    )
