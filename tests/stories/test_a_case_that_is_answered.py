"""The demonstration's conversation: real letters, pages over HTTP and answers by mail, from opened to resolved."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from dondoc.engine.domain.model import Text
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.demo.answered import told
from dondoc.flows.demo.open_pages import PLACE

pytestmark = pytest.mark.long

COMMUNE, FOLLOWER = "UBND xã Bảo Đài", "Phòng Lao động - Thương binh và Xã hội huyện Lục Nam"
ISSUER, PARTY = "UBND huyện Lục Nam", "Đảng ủy xã Bảo Đài"
WENT = [
    ("20/04/2015 thư", f"quá hạn, bước 1 → {COMMUNE}"),
    ("20/04/2015 trang", f"{COMMUNE} xin lùi hạn đến hết ngày 15/05/2015"),
    ("25/04/2015 thư", f"bước 2 → {PARTY}; {FOLLOWER}; {COMMUNE}"),
    ("07/05/2015 thư", f"→ {FOLLOWER}; {ISSUER}; {COMMUNE}"),
    ("07/05/2015 trả lời thư", f"{ISSUER} cho lùi hạn đến hết ngày 15/05/2015 (văn bản 9/UBND-VP)"),
    ("08/05/2015 thư", f"→ {PARTY}; {FOLLOWER}; {ISSUER}; {COMMUNE}"),
    ("18/05/2015 thư", f"quá hạn mới, bước 1 → {COMMUNE}"),
    ("18/05/2015 trả lời thư", f"{COMMUNE} giải trình và hẹn xong ngày 20/05/2015"),
    ("21/05/2015 thư", f"lên bước 2 ngay, không đợi đủ ngày → {PARTY}; {FOLLOWER}; {COMMUNE}"),
    ("21/05/2015 trang", f"{FOLLOWER} đề nghị giải trình"),
    ("22/05/2015 thư", f"được đề nghị giải trình → {COMMUNE}"),
    ("22/05/2015 trả lời thư", f"{COMMUNE} giải trình và hẹn xong ngày 25/05/2015"),
    ("25/05/2015 trang", f"{FOLLOWER} đóng hồ sơ: đã có báo cáo ngày 25/05/2015 (văn bản 31/BC-UBND)"),
    ("26/05/2015 thư", f"đã xong → {PARTY}; {FOLLOWER}; {ISSUER}; {COMMUNE}: đúng các nơi đã được báo"),
]


def test_a_case_is_answered_by_pages_and_mails_until_it_is_resolved(tmp_path: Path) -> None:
    """Asked on a page, granted by mail, promised and broken, an explanation demanded, closed with a paper."""
    said: list[Text] = []
    told(tmp_path, said.append)
    _, *went, _ = [one.vi for one in said]
    assert [line.partition(":")[0] for line in went] == [when for when, _ in WENT]
    for line, (_, what) in zip(went, WENT, strict=True):
        assert what in line

    again: list[Text] = []
    told(tmp_path, again.append)
    assert again == said
    assert _doors(tmp_path) == ["link", "mail", "mail", "link", "mail", "link"]
    assert len(list((tmp_path / PLACE / "answers" / "cur").iterdir())) == 3


def _doors(folder: Path) -> list[str]:
    """The door of each act that is stored, in order."""
    engine = connect(f"sqlite:///{folder / PLACE / 'dondoc.db'}")
    with reading(engine) as conn:
        found = list(conn.scalars(select(t.act.c.door).order_by(t.act.c.no)))
    engine.dispose()
    return found
