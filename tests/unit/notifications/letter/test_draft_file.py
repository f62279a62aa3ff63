"""The draft of a reminder: what an office finds in the document that it is to complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import pytest

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.rulebook import RequestedFile
from dondoc.engine.domain.terms import Section
from dondoc.notifications.digest import AwaitedDecision, Digest, Direction, Entry
from dondoc.notifications.letter.compose import compose
from dondoc.notifications.letter.draft_file import draft_file
from dondoc.notifications.letter.draft_letter import MOST_ROWS, draft_letter
from tests.support.sample_digests import COMMUNES, LUC_NAM, LUC_NAM_PARTY, digest, entry

ASKED = (RequestedFile.DRAFT_LETTER,)
DECISION = AwaitedDecision(ActKind.DECLARED, LUC_NAM, None, asks=True)
URGED = (date(2015, 4, 20), date(2015, 4, 25))


def late(**changes: Any) -> Entry:
    """Five communes that are late, of a directive that asks for drafts."""
    return replace(entry(attach=ASKED, units=COMMUNES[:5], of_units=24, workdays=11, earlier=URGED), **changes)


def up(*rows: Entry, direction: Direction = Direction.UP) -> Digest:
    """The letter of whoever stands above them."""
    reader = LUC_NAM_PARTY if direction is Direction.UP_PARTY else LUC_NAM
    return digest(*rows, direction=direction, reader=reader, units_counted=24, night=date(2015, 5, 7))


def opened(of: Digest) -> Any:
    """The document of a letter."""
    draft = draft_letter(of)
    assert draft is not None
    return docx.Document(BytesIO(draft_file(draft).content))


def said(document: Any) -> str:
    """Its whole text, paragraph by paragraph, the tables as they stand."""
    texts = [node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")]
    return "\n".join(texts)


def test_the_office_finds_its_facts_and_what_is_left_to_it() -> None:
    """Document, units, limit and lateness are there; number, day, new limit and signature are not."""
    document = opened(up(late()))
    text = said(document)
    assert "Thực hiện Công văn số 279/UBND-LĐTBXH ngày 26/03/2015 của UBND huyện Lục Nam" in text
    assert "05 đơn vị chưa được ghi nhận kết quả" in text
    assert "đến hết ngày 06/05/2015" in text
    assert "ngày 20/04, 25/04/2015" in text
    rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert rows[0] == ["STT", "Đơn vị", "Nội dung", "Hạn", "Quá hạn (ngày làm việc)"]
    assert [row[1] for row in rows[1:]] == list(COMMUNES[:5])
    assert rows[1] == ["1", "Bảo Đài", "báo cáo công tác trẻ em đợt 1 (mục 7)", "trước ngày 20/04/2015", "11"]
    for empty in ("Số:            /", "……………, ngày …… tháng …… năm ………", "trước ngày …… tháng …… năm ………."):
        assert empty in text
    assert text.count("./.") == 1
    assert "DỰ THẢO – chưa phải văn bản" in document.sections[0].header.paragraphs[0].text


@pytest.mark.parametrize(
    ("direction", "own", "others"),
    [
        pytest.param(
            Direction.UP,
            ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ỦY BAN NHÂN DÂN HUYỆN LỤC NAM"],
            ["ĐẢNG CỘNG SẢN"],
            id="an office of the state",
        ),
        pytest.param(
            Direction.UP_PARTY,
            ["ĐẢNG CỘNG SẢN VIỆT NAM", "HUYỆN ỦY LỤC NAM", "*"],
            ["CỘNG HÒA"],
            id="a party body",
        ),
    ],
)
def test_it_is_laid_out_as_its_offices_papers_are(direction: Direction, own: list[str], others: list[str]) -> None:
    """A4 with a binding margin; heads of the state, or of the party with the star below the issuer."""
    document = opened(up(late(), direction=direction))
    section, lines = document.sections[0], said(document).split("\n")
    sizes = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in sizes] == [210, 297, 30, 20]
    assert set(own) <= set(lines)
    assert not any(other in line for line in lines for other in others)


@pytest.mark.parametrize(
    ("earlier", "asked"),
    [
        ((), "các đơn vị nêu trên khẩn trương thực hiện"),
        (URGED[:1], "các đơn vị nêu trên khẩn trương thực hiện"),
        (URGED, "người đứng đầu các đơn vị nêu trên chỉ đạo thực hiện"),
    ],
)
def test_it_asks_more_of_whoever_was_written_to_before(earlier: tuple[date, ...], asked: str) -> None:
    """First the units are asked to hurry, then their heads to see to it."""
    text = said(opened(up(late(earlier=earlier))))
    assert f"UBND huyện Lục Nam đề nghị {asked}" in text
    assert "gửi kết quả về UBND huyện Lục Nam (qua Phòng LĐTBXH huyện Lục Nam)" in text
    assert ("Đã đôn đốc bằng thư ngày" in text) == bool(earlier)


def test_heads_are_asked_only_where_every_matter_was_written_about_twice() -> None:
    """A matter that is new beside one that is old: all units are asked to hurry."""
    text = said(opened(up(late(), late(units=COMMUNES[5:8], earlier=URGED[1:]))))
    assert "các đơn vị nêu trên khẩn trương thực hiện" in text
    assert "Đã đôn đốc bằng thư ngày 20/04, 25/04/2015." in text


def test_the_same_facts_make_the_same_document() -> None:
    """No clock: not in the properties, not in the archive."""
    first, again = (
        draft_file(found).content for found in (draft_letter(up(late())), draft_letter(up(late()))) if found
    )
    assert first == again
    archive = ZipFile(BytesIO(first))
    assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = ET.fromstring(archive.read("docProps/core.xml"))
    texts = [node.text for node in core.iter() if node.text]
    assert "2015-05-07T00:00:00Z" in texts
    assert not any("python" in text for text in texts)


def test_names_that_no_document_can_hold_lose_only_what_it_cannot() -> None:
    """Control characters go; markup and signs stay as they are."""
    name = 'Xã <b>"A"</b> & \x01B\x0b\ufffe'
    assert 'Xã <b>"A"</b> & B' in said(opened(up(late(units=(name, "Bảo Sơn")))))


def test_a_long_table_is_cut_and_says_so() -> None:
    """A hundred lines, then how many more there are."""
    names = tuple(f"Xã {n}" for n in range(MOST_ROWS + 7))
    rows = opened(up(late(units=names))).tables[1].rows
    assert len(rows) == 1 + MOST_ROWS + 1
    assert rows[-1].cells[1].text == "và 07 dòng khác"


@pytest.mark.parametrize(
    ("row", "direction"),
    [
        pytest.param(late(attach=()), Direction.UP, id="nobody asked for it"),
        pytest.param(late(), Direction.OWN, id="the unit itself"),
        pytest.param(late(), Direction.SIDEWAYS, id="an office that follows up and does not command"),
        pytest.param(late(), Direction.COPY_UP, id="a copy"),
        pytest.param(late(section=Section.ENDING), Direction.UP, id="in time"),
        pytest.param(late(section=Section.RESOLVED), Direction.UP, id="done"),
        pytest.param(late(limit=None), Direction.UP, id="a figure"),
        pytest.param(late(news=False), Direction.UP, id="nothing new"),
        pytest.param(late(decisions=(DECISION,)), Direction.UP, id="waits for a decision"),
    ],
)
def test_nothing_is_drafted_where_there_is_nothing_to_urge(row: Entry, direction: Direction) -> None:
    """Nor where the reader does not stand above the units."""
    assert draft_letter(up(row, direction=direction)) is None


def test_the_letter_says_that_the_draft_is_there() -> None:
    """In the line of the attached files, in each language."""
    view = compose(replace(up(late()), languages=("vi", "en")))
    vi, en = (
        line.text for part in view.parts for line in part.footer if line.label in ("Tệp kèm theo", "Attached")
    )
    assert vi == "dự thảo công văn đôn đốc để quý cơ quan xem xét, hoàn chỉnh (DOCX)."
    assert "DOCX" in en
