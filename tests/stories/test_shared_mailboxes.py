"""Offices that share one mailbox: one letter that says whose each row is, and asks only that office (L6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from dondoc.engine.store.db.tables import letter as stored
from tests.support.letter_reader import Part, letter
from tests.support.town import Town, letters, rows, rules

COMMUNE, PARTY = "ln.ubnd_xa.bao_dai", "ln.dang_uy_xa.bao_dai"
REPORT = "279-ubnd-ldtbxh/report-round-1"
ADDRESS = "baodai.lucnam@example.vn"


def sharing(*offices: str) -> Town:
    """The example units, round 1 alone, with one mailbox for these offices."""
    town = Town.founded(replace(rules(), rules={REPORT: rules().rules[REPORT]}), mailboxes=False)
    others = [(line, box) for line, box in rows("mailboxes") if box["unit"] not in offices]
    first = dict(others[0][1]) | {"address": ADDRESS, "valid_from": date(2015, 1, 1), "valid_to": None}
    town.brings("mailboxes", [*others, *((line, first | {"unit": unit}) for line, unit in enumerate(offices, 1))])
    return town


def shared(town: Town, day: str) -> Part:
    """The one letter to the shared address on a night, besides those that it is to pass on."""
    letters(town, day)
    asked = select(stored).where(
        stored.c.night == date.fromisoformat(day),
        stored.c.recipient == ADDRESS,
        stored.c.office.in_((COMMUNE, PARTY, "ln.ubnd_huyen")),
    )
    with town.engine.connect() as conn:
        (found,) = conn.execute(asked).all()
    return letter(found.mime).first


def test_a_committee_and_a_council_at_one_address_read_one_row_and_only_the_unit_is_asked() -> None:
    """The commune's committee reads of its case once, for information; it is not asked for the report."""
    town = sharing(COMMUNE, PARTY)
    for day in ("2015-04-13", "2015-04-20"):
        letters(town, day)
    part = shared(town, "2015-04-25")
    assert part.offices == ("Ủy ban nhân dân xã Bảo Đài", "Đảng ủy xã Bảo Đài")
    (row,) = part.rows
    assert row.lines["reader"] == "UBND xã Bảo Đài và Đảng ủy xã Bảo Đài"
    assert part.ask.startswith("Đề nghị UBND xã Bảo Đài gửi báo cáo")
    assert "Đảng ủy" not in part.ask
    assert "của UBND xã Bảo Đài theo" in part.caption


def test_a_commune_at_its_districts_address_is_not_asked_for_other_communes() -> None:
    """The district is asked to guide, in its own name; the commune for its own report; rows say whose they are."""
    town = sharing(COMMUNE, "ln.ubnd_huyen")
    for day in ("2015-04-13", "2015-04-20", "2015-04-25"):
        letters(town, day)
    part = shared(town, "2015-05-07")
    own = [line for line in part.asks if line.startswith("Đề nghị")]
    up = [line for line in part.asks if line.startswith("Kính đề nghị")]
    assert [line.split(" gửi ")[0] for line in own] == ["Đề nghị UBND xã Bảo Đài"]
    assert up[0].startswith("Kính đề nghị UBND huyện Lục Nam xem xét")
    whose = {section.whose for section in part.sections}
    assert whose == {"VIỆC CỦA UBND XÃ BẢO ĐÀI", "VIỆC CỦA CÁC ĐƠN VỊ"}
    readers = {row.lines["reader"] for row in part.rows if "reader" in row.lines}
    assert readers == {"UBND xã Bảo Đài", "UBND huyện Lục Nam"}


@pytest.mark.parametrize("other", [PARTY, "ln.ubnd_huyen"])
def test_the_foot_says_each_offices_own_role(other: str) -> None:
    """Nobody is given the other's role."""
    town = sharing(COMMUNE, other)
    for day in ("2015-04-13", "2015-04-20", "2015-04-25"):
        letters(town, day)
    foot = shared(town, "2015-05-07").foot
    assert "UBND xã Bảo Đài là đơn vị thực hiện theo" in foot
    assert foot.count("là đơn vị thực hiện") == 1


OFFICE = "Phòng Lao động - Thương binh và Xã hội huyện Lục Nam"


@pytest.mark.parametrize(
    ("boxes", "others"),
    [
        pytest.param((COMMUNE, PARTY), OFFICE, id="its committee reads this very letter"),
        pytest.param((COMMUNE,), f"{OFFICE} và Đảng ủy xã Bảo Đài", id="its committee has a letter of its own"),
    ],
)
def test_the_units_row_names_who_else_gets_a_letter_of_its_own(boxes: tuple[str, ...], others: str) -> None:
    """No letter is a copy of another: the row names the readers of other letters, not of this one.

    A second rule makes it a letter of several rows: that of one row is brief and names nobody else.
    """
    town = sharing(*boxes)
    rule = town.book.rules[REPORT]
    town.book = replace(town.book, rules={REPORT: rule, f"{REPORT}-again": replace(rule, id=f"{REPORT}-again")})
    for day in ("2015-04-13", "2015-04-20"):
        letters(town, day)
    for row in shared(town, "2015-04-25").rows:
        assert row.lines["because"].endswith(f"ngày 20/04/2015. {others} cũng nhận thư về việc này.")


def test_the_units_row_names_nobody_whom_no_letter_reaches() -> None:
    """Without any other mailbox on the night the others hear nothing, and the row does not say that they do."""
    rule = rules().rules[REPORT]
    twice = {REPORT: rule, f"{REPORT}-again": replace(rule, id=f"{REPORT}-again")}
    town = Town.founded(replace(rules(), rules=twice), mailboxes=False)
    box = dict(rows("mailboxes")[0][1]) | {"address": ADDRESS, "valid_from": date(2015, 1, 1), "valid_to": None}
    town.brings("mailboxes", [(2, box | {"unit": COMMUNE})])
    for day in ("2015-04-13", "2015-04-20"):
        letters(town, day)
    for row in shared(town, "2015-04-25").rows:
        assert row.lines["because"].endswith("đôn đốc ngày 20/04/2015.")
