"""The files of a letter through LibreOffice: what somebody sees who opens the list, or prints the draft."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from dondoc.engine.domain.rulebook import RequestedFile
from dondoc.notifications.digest import Direction
from dondoc.notifications.letter.render import finish
from tests.support.sample_digests import COMMUNES, LUC_NAM, LUC_NAM_PARTY, digest, entry

pytestmark = pytest.mark.outside


def converted(content: bytes, name: str, to: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another format."""
    source = folder / name
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(source)],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return source.with_suffix(f".{to.partition(':')[0]}")


def shown(page: str) -> list[list[str]]:
    """The cells of a sheet that was saved as a page, row by row, as they look."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    return [[" ".join(unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in row] for row in cells]


def test_the_list_shows_days_and_numbers_as_the_letter_does(tmp_path: Path) -> None:
    """Every row, as it looks: dd/mm/yyyy, whole numbers, and a name that begins like a formula as it is."""
    names = ("=1+1", *COMMUNES[:15])
    late = entry(units=names, of_units=24, workdays=6, days=6)
    (file,) = finish(digest(late, direction=Direction.UP)).attachments
    title, head, *rows = shown(converted(file.content, "list.xlsx", "html", tmp_path).read_text("utf-8"))
    assert title[0].startswith("Danh sách kèm theo thư ngày 25/04/2015")
    listed = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["Đơn vị"] for row in listed] == list(names)
    assert {row["Ngày cuối trong hạn"] for row in listed} == {"19/04/2015"}
    assert {row["Quá hạn (ngày làm việc)"] for row in listed} == {"6"}


@pytest.mark.parametrize(
    ("direction", "reader", "head"),
    [
        (Direction.UP, LUC_NAM, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (Direction.UP_PARTY, LUC_NAM_PARTY, "ĐẢNG CỘNG SẢN VIỆT NAM"),
    ],
)
def test_the_draft_opens_with_all_its_lines(
    direction: Direction, reader: object, head: str, tmp_path: Path
) -> None:
    """Heads, facts, table and what is left to the office, in the order of the page."""
    row = entry(units=COMMUNES[:5], of_units=24, workdays=11, attach=(RequestedFile.DRAFT_LETTER,))
    made = replace(digest(row, direction=direction, night=date(2015, 5, 7)), reader=reader)
    (file,) = finish(made).attachments
    text = converted(file.content, "draft.docx", "txt:Text (encoded):UTF8", tmp_path).read_text("utf-8")
    places = [
        text.index(said)
        for said in (head, "V/v đôn đốc thực hiện", "Kính gửi: ", "đến hết ngày 06/05/2015", "STT", "Cẩm Lý",
                     "đề nghị", "./.", "Nơi nhận:", "(chức vụ, chữ ký")
    ]  # fmt: skip
    assert places[1:] == sorted(places[1:])
