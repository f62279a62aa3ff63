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
from tests.support.went import as_told

pytestmark = pytest.mark.long


def test_a_case_is_answered_by_pages_and_mails_until_it_is_resolved(tmp_path: Path) -> None:
    """Asked on a page, granted by mail, promised and broken, an explanation demanded, closed with a paper."""
    said: list[Text] = []
    told(tmp_path, said.append)
    _, *went, _ = [one.vi for one in said]
    as_told(went)

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
