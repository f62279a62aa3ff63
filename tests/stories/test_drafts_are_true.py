"""The draft that goes with a superior's letter says of each unit what the store has of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from typing import Any

import docx
from sqlalchemy import select

from dondoc.engine.domain.rulebook import RequestedFile, RuleBook
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.pasts import pack
from tests.support.stored_facts import Facts
from tests.support.town import Town, letters, rules

PAPER = "279-ubnd-ldtbxh"
DISTRICT, COMMITTEE = "ln.ubnd_huyen", "ln.huyen_uy"
SILENT = ("bao_dai", "binh_son", "vo_tranh")


def _book() -> RuleBook:
    book = pack(rules(), PAPER)
    paper = book.directives[PAPER]
    return replace(book, directives={PAPER: replace(paper, attach=(RequestedFile.DRAFT_LETTER,))})


def _drafts(town: Town, night: date) -> dict[str, Any]:
    """The documents in the letters of a night, by office."""
    letters(town, night.isoformat())
    found = {}
    with reading(town.engine) as conn:
        for row in conn.execute(select(t.letter).where(t.letter.c.night == night)):
            mail = message_from_bytes(row.mime, policy=policy.default)
            files = [one for one in mail.iter_attachments() if str(one.get_filename()).endswith(".docx")]
            body = mail.get_body(("plain",))
            assert body is not None
            assert bool(files) == ("(DOCX)" in body.get_content())
            for file in files:
                content = file.get_payload(decode=True)
                assert isinstance(content, bytes)
                found[row.office] = docx.Document(BytesIO(content))
    return found


def _overdue(town: Town, night: date) -> dict[str, date]:
    """By short name of the unit, the last day of each report that the store has as overdue after a night."""
    facts = Facts(town.engine, town.book, night)
    duties = [duty for duty in facts.duties if duty.stands == "overdue"]
    for duty in duties:
        for unit in duty.bearers:
            facts.called(unit, night)
    return {row.short: duty.last_day for duty in duties for unit in duty.bearers for row in facts.names[unit]}


def test_the_drafts_of_both_lines_say_what_is_stored() -> None:
    """UBND huyện and, a step later, Huyện ủy: each has the units that are late, their limit and working days."""
    town, found = Town.founded(_book()), {}
    night = date(2015, 4, 17)
    for commune in _communes(town):
        town.submits(commune, "child-protection", "2015-04-10")
    while night <= date(2015, 5, 21):
        for office, document in _drafts(town, night).items():
            found[night, office] = document
            stored = _overdue(town, night)
            head, *rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
            assert head[1:] == ["Đơn vị", "Nội dung", "Hạn", "Quá hạn (ngày làm việc)"]
            assert {row[1] for row in rows} == set(stored)
            for row in rows:
                before = stored[row[1]] + timedelta(days=1)
                assert row[3] == f"trước ngày {before:%d/%m/%Y}"
            text = "\n".join(one.text for one in document.paragraphs)
            assert f"{len(stored):02d} đơn vị chưa được ghi nhận" in text
            told = _written(town, night)
            assert ", ".join(f"{day:%d/%m}" for day in told[:-1]) in text
        night += timedelta(days=1)
    assert set(found) == {(date(2015, 5, 7), DISTRICT), (date(2015, 5, 21), COMMITTEE)}
    state, party = found[date(2015, 5, 7), DISTRICT], found[date(2015, 5, 21), COMMITTEE]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in state.tables[0].rows[0].cells[1].text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in party.tables[0].rows[0].cells[1].text
    assert {row.cells[4].text for row in state.tables[1].rows[1:]} == {"11"}


def _communes(town: Town) -> list[str]:
    """The communes that report in time."""
    with reading(town.engine) as conn:
        units = conn.execute(select(t.unit.c.id).where(t.unit.c.level == "commune", t.unit.c.kind == "ubnd"))
        return [row.id for row in units if row.id.startswith("ln.") and not row.id.endswith(SILENT)]


def _written(town: Town, night: date) -> list[date]:
    """The nights before this one on which units that are late were written to."""
    n = t.notice.c
    with reading(town.engine) as conn:
        rows = conn.execute(select(n.night).where(n.night < night, n.section.in_(("new", "worse")), n.step > 0))
        return sorted({row.night for row in rows})
