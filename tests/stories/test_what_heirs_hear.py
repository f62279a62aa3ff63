"""What letters say when communes of Lục Nam end in mid-2015 and others take over: the successions are invented."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlalchemy import select

from dondoc.engine.domain.terms import Outcome
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from tests.support.drawn_heirs import Ended
from tests.support.pasts import pack
from tests.support.town import Town, letters, rows, rules

PACK = "279-ubnd-ldtbxh"
REPORT, EVENT = f"{PACK}/report-round-1", f"{PACK}/action-month"
SUBJECT, MONTH = "2015-04-19", "2015-05-15..2015-06-30"
BAO_DAI, BAO_SON, CHU_DIEN, LAN_MAU = (
    f"ln.ubnd_xa.{name}" for name in ("bao_dai", "bao_son", "chu_dien", "lan_mau")
)
DESK = "ln.phong_ldtbxh"


def ending(*heirs: str, late: tuple[str, ...] = (), gone: tuple[str, ...] = (BAO_DAI,)) -> Town:
    """On 1 July some communes end and these succeed them; they and the late ones have handed in no report."""
    town = Town.founded(pack(rules(), PACK))
    for unit in gone:
        Ended(town, Random(0)).ends(unit, date(2015, 7, 1), heirs)
    communes = [values["id"] for _, values in rows("units") if values["id"].startswith("ln.ubnd_xa.")]
    for unit in communes:
        if unit not in (*gone, *late):
            town.submits(unit, "child-protection", "2015-04-17")
        if unit != BAO_DAI:
            town.does(unit, "action-month-event", "2015-06-01")
    return town


def decided(
    town: Town, *heirs: str, of: str = BAO_DAI, rule: str = REPORT, subject: str = SUBJECT, on: str = "2015-07-06"
) -> None:
    """An office decides who takes over one demand of a commune, or (without subject) its rule's later ones."""
    assert town.is_decided(of, *heirs, recorded=f"{on}T10:00", rule=rule, subject=subject)


def test_what_a_unit_owed_all_along_is_not_called_another_units() -> None:
    """Chu Điện is late itself and takes over the later reports of Bảo Đài: its own report has one name."""
    town = ending(CHU_DIEN, late=(CHU_DIEN,))
    decided(town, CHU_DIEN, subject="")
    found = letters(town, "2015-07-10")
    assert "Chu Điện" in found[CHU_DIEN]
    assert not any("nay là" in said for office, said in found.items() if office != "dondoc.operator")


def test_a_unit_that_owes_two_reports_is_one_unit() -> None:
    """Chu Điện owes those of Bảo Đài and of Bảo Sơn: two reports, of one of 22 communes."""
    town = ending(CHU_DIEN, gone=(BAO_DAI, BAO_SON))
    letters(town, "2015-05-20")
    for unit in (BAO_DAI, BAO_SON):
        decided(town, CHU_DIEN, of=unit)
    found = letters(town, "2015-07-31")["ln.huyen_uy"]
    assert "01/22 đơn vị: Bảo Đài (nay là Chu Điện), Bảo Sơn (nay là Chu Điện) Hạn" in found
    assert "chưa ghi nhận báo cáo công tác trẻ em đợt 1 năm 2015 của 01 đơn vị" in found


def test_its_own_row_counts_those_that_carry_a_report_with_it() -> None:
    """Not all 23 communes that had such a report, of which many may be late too."""
    town = ending(CHU_DIEN, LAN_MAU)
    letters(town, "2015-05-20")
    decided(town, CHU_DIEN, LAN_MAU)
    found = letters(town, "2015-07-31")[LAN_MAU]
    assert "02/02 đơn vị: Bảo Đài (nay là Chu Điện), Bảo Đài (nay là Lan Mẫu)" in found


def test_cases_whose_clocks_differ_have_rows_of_their_own() -> None:
    """That of Bảo Đài stood still until the decision: the day of its next step is not that of Chu Điện's own."""
    town = ending(CHU_DIEN, late=(CHU_DIEN,))
    letters(town, "2015-05-20")
    decided(town, CHU_DIEN)
    found = letters(town, "2015-07-31")[DESK]
    for unit, day in (("Bảo Đài (nay là Chu Điện)", "19/08/2015"), ("Chu Điện", "13/08/2015")):
        row = found[found.index(f"đơn vị: {unit} Hạn") :]
        assert row[row.index("Bước tiếp theo:") :].startswith(f"Bước tiếp theo: {day}"), unit


def test_a_committee_reads_no_counts_of_the_heirs_of_the_unit_it_led() -> None:
    """That of Bảo Đài is told how its old case ends, and not how Chu Điện stands otherwise."""
    town = ending(CHU_DIEN)
    letters(town, "2015-05-20")
    decided(town, CHU_DIEN)
    letters(town, "2015-07-31")
    # It names the report by its round, of which it has handed in its own.
    town.submits(CHU_DIEN, "child-protection", "2015-08-03", task=f"{REPORT}@{SUBJECT}")
    found = letters(town, "2015-08-04")["ln.dang_uy_xa.bao_dai"]
    assert "UBND xã Bảo Đài (nay là UBND xã Chu Điện)" in found
    assert "việc của" not in found.partition("== ")[0]


def test_what_nobody_takes_over_is_counted_nowhere_ever_after() -> None:
    """Neither on the night that closes it, nor on a later one, whose rule means Bảo Đài as it was in April."""
    town = ending(CHU_DIEN, late=(CHU_DIEN,))
    letters(town, "2015-05-20")
    decided(town)
    decided(town, rule=EVENT, subject=MONTH)
    for night in ("2015-07-31", "2015-08-14"):
        found = letters(town, night)[DESK]
        assert "01/23 xã, thị trấn: Chu Điện" in found, night
        assert "46 việc của 23 xã, thị trấn" in found, night
        assert "chưa xét được" not in found, night
        assert state(town) == ("void", Outcome.LAPSED), night


def state(town: Town) -> tuple[str, str]:
    """How the report of Bảo Đài ended, and its case."""
    f, k, u = t.case_file, t.task, t.unit
    asked = select(k.c.ended, f.c.outcome).join_from(f, k).join(u, u.c.no == k.c.unit_no)
    with reading(town.engine) as conn:
        (row,) = conn.execute(asked.where(u.c.id == BAO_DAI, k.c.subject == SUBJECT))
    return tuple(row)


def test_enough_that_is_recorded_counts_while_an_heir_is_awaited() -> None:
    """The event of Bảo Đài was held in June and recorded in July, after the commune had ended (decision 0055)."""
    town = ending(CHU_DIEN, late=(CHU_DIEN,))
    letters(town, "2015-05-20")
    town.night(date(2015, 7, 2))
    town.does(BAO_DAI, "action-month-event", "2015-06-12", "2015-07-20T10:00")
    found = letters(town, "2015-07-31")[DESK]
    assert "Hoàn thành đúng hạn 46 " in found
    assert "ngoài ra chưa xét được 01 việc" in found


def test_whoever_stands_above_no_unit_of_a_row_reads_no_share() -> None:
    """Two new communes succeed Bảo Đài, and Chu Điện takes over its report: its committee follows the new ones."""
    town = Town.founded(pack(rules(), PACK))
    ended = Ended(town, Random(0))
    new = [ended.founded(BAO_DAI, f"{BAO_DAI}.{n}", date(2015, 7, 1)) for n in (1, 2)]
    ended.ends(BAO_DAI, date(2015, 7, 1), (*new, CHU_DIEN))
    letters(town, "2015-05-20")
    decided(town, CHU_DIEN)
    for subject in ("", MONTH):
        decided(town, *new, rule=EVENT, subject=subject)
    letters(town, "2015-07-10")
    found = letters(town, "2015-07-14")["ln.dang_uy_xa.bao_dai"]
    assert "CÒN TỒN (01 việc) == 1. Báo cáo kết quả" in found
    assert "; UBND xã Bảo Đài (nay là UBND xã Chu Điện); trước ngày" in found
