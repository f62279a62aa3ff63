"""Files in TCVN3 and VNI: refused with what to type, converted when it is typed, and never stored as rubbish."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, select

from dondoc.engine.sources.formats.refused import SheetRefused
from dondoc.engine.sources.reading.source import ImportOptions
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.flows.data.importer import bring_in
from tests.cli.test_sources import NOW
from tests.cli.test_sources import here as here  # noqa: PLC0414 - a fixture
from tests.cli.test_sources import town as town  # noqa: PLC0414 - a fixture

HEADING = "unit,name,name_en,short,from,until"
NAME = "UBND xã Bảo Đài, huyện Lục Nam"
OLD = {
    "tcvn3": "ln.ubnd_xa.bao_dai,UBND x· B¶o §µi; huyÖn Lôc Nam,Commune,x· B¶o §µi,2010-01-01,",
    "vni": "ln.ubnd_xa.bao_dai,UBND xaõ Baûo Ñaøi; huyeän Luïc Nam,Commune,xaõ Baûo Ñaøi,2010-01-01,",
}


def written(form: str, code: str) -> Path:
    """The row as a file of some form."""
    path = Path(f"names.{form.partition(' ')[0]}")
    lines = [HEADING, OLD[code]]
    if form == "xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for line in lines:
            sheet.append(line.split(","))
        book.save(path)
    else:
        path.write_bytes("\n".join(lines).encode("utf-8" if form == "csv in UTF-8" else "cp1252"))
    return path


@pytest.mark.parametrize("code", OLD)
@pytest.mark.parametrize("form", ["csv", "csv in UTF-8", "xlsx"])
def test_old_fonts_are_refused_and_converted_by_name(town: Engine, form: str, code: str) -> None:
    """Whatever holds them; the refusal names the option that works, and nothing is stored before."""
    path = written(form, code)
    with pytest.raises(SheetRefused, match=f"--encoding {code}") as refused:
        bring_in(town, path, NOW)
    assert "windows-1258" not in str(refused.value)
    report = bring_in(town, path, NOW, ImportOptions(encoding=code))
    assert (report.taken["names"].added + report.taken["names"].corrected, report.rejected) == (1, 0)
    with reading(town) as conn:
        stored = set(conn.scalars(select(t.unit_name.c.name)))
    assert NAME.replace(",", ";") in stored


@pytest.mark.parametrize("code", OLD)
def test_another_encoding_is_not_believed_of_them(town: Engine, code: str) -> None:
    """Windows-1258 reads any byte, and would store rubbish."""
    with pytest.raises(SheetRefused, match=f"--encoding {code}"):
        bring_in(town, written("csv", code), NOW, ImportOptions(encoding="windows-1258"))


@pytest.mark.parametrize("code", OLD)
def test_unicode_is_not_converted_again(town: Engine, code: str) -> None:
    """Whoever names the option for a whole folder spoils none of its other files."""
    path = Path("names.csv")
    path.write_text(
        f"{HEADING}\nln.ubnd_xa.bao_dai,{NAME.replace(',', '')},Commune,Bảo Đài,2010-01-01,\n", "utf-8"
    )
    with pytest.raises(SheetRefused, match="chữ đã là Unicode"):
        bring_in(town, path, NOW, ImportOptions(encoding=code))


def test_what_is_no_encoding_known_is_advised_no_other(town: Engine) -> None:
    """Bytes that are Vietnamese in none get the one advice that is right: to save the file again."""
    path = Path("names.csv")
    path.write_bytes(
        f"{HEADING}\nln.ubnd_xa.bao_dai,Gro\xdfstra\xdfe M\xfcller,x,x,2010-01-01,\n".encode("latin-1")
    )
    with pytest.raises(SheetRefused, match="lưu lại dạng CSV UTF-8") as refused:
        bring_in(town, path, NOW)
    assert "--encoding" not in str(refused.value)
