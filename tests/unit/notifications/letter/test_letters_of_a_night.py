"""What stands in the letters of real nights: judged, gathered, written; nothing is sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import update

from dondoc.engine.domain.rulebook import Threshold
from dondoc.engine.domain.terms import CaseStatus, LetterState
from dondoc.engine.store.db.database import writing
from dondoc.engine.store.db.tables import letter as outbox_letter
from dondoc.notifications.letter import operator_letter
from tests.support.town import Town, letters, only, rules

CENTRE = "tmr.tt_vh_tt_dl_tt"
PROVINCE, COMMISSION = "bp.ubnd_tinh", "bp.ban_tuyen_giao_tinh_uy"


def all_arrive(town: Town) -> None:
    """Every letter is delivered."""
    with writing(town.engine) as conn:
        conn.execute(update(outbox_letter).values(state=LetterState.SENT))


def two_figures() -> Town:
    """A province whose two figures of 2018 and early 2019 are above their example limits."""
    town = Town.founded()
    for indicator, value in (("child-sexual-abuse", 33), ("child-traffic-accidents", 11)):
        town.reads(PROVINCE, indicator, "2018-01-01", "2019-03-31", value, "2019-05-03T09:00")
    return town


def test_two_figures_are_told_as_figures() -> None:
    """Not as tasks whose result is to be sent; and no count stands in the subject."""
    said = letters(two_figures(), "2019-05-04")[PROVINCE]
    subject = said.partition(" | ")[0]
    assert (
        subject
        == "Cảnh báo chỉ tiêu: 02 chỉ tiêu kỳ 01/01/2018 – 31/03/2019 vượt ngưỡng theo dõi – thư ngày 04/05/2019"
    )
    assert "rà soát số liệu của 02 chỉ tiêu nêu tại mục MỚI dưới đây và cho biết biện pháp, chậm nhất" in said
    assert "gửi kết quả" not in said
    assert "đoạn 2, Văn bản của Tỉnh ủy Bình Phước" in said


def test_answers_pass_by_the_office_that_the_letter_is_about() -> None:
    """The board that follows the document up owes its report: who follows that up reads so, and asks others."""
    said = letters(Town.founded(), "2016-07-18")["bp.thuong_truc_tinh_uy"]
    assert "là cơ quan theo dõi việc nêu trên của Công văn số 330-CV/TU" in said
    assert "Đầu mối trả lời: Bộ phận vận hành hệ thống Đôn Đốc" in said


def test_an_ask_for_some_rows_of_a_section_names_their_cases() -> None:
    """Two reports and an activity are new: the ask for the reports is not mistaken, and says where they go."""
    said = letters(Town.founded(), "2015-10-30")["ln.ubnd_xa.luc_son"]
    asked = re.search(r"02 việc \(hồ sơ (\S+), (\S+)\) nêu tại mục MỚI dưới đây về UBND huyện Lục Nam", said)
    assert asked
    assert set(asked.groups()) == set(re.findall(r"Báo cáo kết quả công tác [^.]*? đợt .*?Mã hồ sơ: (\S+)", said))
    assert "nếu chưa thực hiện, nêu lý do và hướng khắc phục, chậm nhất hết ngày" in said


def test_a_withdrawal_says_when_the_report_was_entered() -> None:
    """Sent on 17/4, entered on 22/4: the days between are seen (decision 14)."""
    town, commune = Town.founded(), "ln.ubnd_xa.cam_ly"
    letters(town, "2015-04-20")
    town.submits(commune, "child-protection", "2015-04-17", "2015-04-22T09:00", document="Báo cáo số 30/BC-UBND")
    said = letters(town, "2015-04-23")[commune]
    assert "đã gửi đúng hạn, ngày 17/04/2015 (Báo cáo số 30/BC-UBND)" in said
    assert "Thực hiện ngày 17/04/2015, đúng hạn, đến ngày 22/04/2015 mới được cập nhật" in said


def test_a_first_letter_names_no_earlier_one() -> None:
    """Nobody was told before tonight; the letter of tonight is not its own past."""
    said = letters(two_figures(), "2019-08-01")
    assert not [text for text in said.values() if "Đã báo cáo" in text or "Đã gửi quý cơ quan" in text]


def test_a_copy_that_becomes_a_task_names_the_letter_before() -> None:
    """Copied on 10/05, asked on 17/05: the second letter names the first, and only that."""
    town = two_figures()
    letters(town, "2019-05-10")
    asked = letters(town, "2019-05-17")[COMMISSION]
    assert "Đề nghị Ban Tuyên giáo Tỉnh ủy Bình Phước phối hợp rà soát số liệu" in asked
    assert "Đã gửi quý cơ quan thư ngày 10/05/2019." in asked
    subject, _, said = asked.partition(" | ")
    assert subject.endswith("– thư ngày 17/05/2019")
    assert "thư ngày 17/05/2019" not in said


def test_a_repeat_still_asks_the_unit_itself() -> None:
    """Nothing is new in a repeat, and it is no copy: who is asked stays who was asked."""
    town = two_figures()
    letters(town, "2019-05-04")
    again = letters(town, "2019-08-01")
    assert "Đề nghị UBND tỉnh Bình Phước rà soát số liệu" in again[PROVINCE]
    assert "02 chỉ tiêu kỳ 01/01/2018 – 31/03/2019 vẫn vượt ngưỡng theo dõi" in again[PROVINCE]
    assert "đôn đốc ngày 04/05/2019" in again[PROVINCE]


def test_the_newest_missed_month_names_the_older_ones() -> None:
    """July and August missed: one row, for August (decision 11)."""
    town = Town.founded()
    letters(town, "2019-08-01")
    said = letters(town, "2019-09-03")[CENTRE]
    assert "Kỳ trước chưa đạt: tháng 7/2019." in said
    assert said.count("Mã hồ sơ:") == 1


def test_the_operator_hears_every_morning_also_on_a_quiet_one() -> None:
    """One letter of its own, which counts the others; where there is nothing it says so in one screen."""
    town = two_figures()
    notified = letters(town, "2019-05-04")
    assert "01 thư chờ gửi" in notified[operator_letter.OFFICE]
    all_arrive(town)
    (said,) = letters(town, "2019-05-05").values()
    assert said.startswith("Đêm 05/05/2019: chạy xong | ")
    assert "Đêm 05/05/2019 đã chạy xong; không có thư. Không có việc cần làm. == ĐÊM VỪA QUA ==" in said
    assert len(said.partition("----")[0].split()) < 120


def test_the_operator_hears_of_letters_that_never_left() -> None:
    """Nobody delivered on 04/05: the next night names the letters and what to do, and is whole itself."""
    town = two_figures()
    letters(town, "2019-05-04")
    said = letters(town, "2019-05-06")[operator_letter.OFFICE]
    assert "02 thư đến giờ mà chưa gửi được: bp.ubnd_tinh đêm 04/05/2019, dondoc.operator đêm 04/05" in said
    assert "Xem máy chủ thư có trả lời không, rồi chạy dondoc deliver" in said
    assert "Có, cho ngày 06/05/2019" in said


def test_a_case_past_its_last_step_is_listed_for_the_operator() -> None:
    """From position 40 on it waits; the monitor finds it in any letter that leaves anyway (decision 20)."""
    town = two_figures()
    for day in ("2019-05-04", "2019-07-01"):
        letters(town, day)
        all_arrive(town)
    assert {case.status for case in town.cases()} == {CaseStatus.EXHAUSTED}
    town.reads(PROVINCE, "child-drowning-deaths", "2018-01-01", "2019-03-31", 25, "2019-07-02T09:00")
    for day in ("2019-07-03", "2019-07-10"):
        said = letters(town, day)
        all_arrive(town)
        assert "HỒ SƠ CHỜ XEM XÉT (02 hồ sơ)" in said[operator_letter.OFFICE]
        assert "02 hồ sơ đã qua hết các bước đôn đốc BP19-0001, BP19-0002" in said[operator_letter.OFFICE]
    assert "BP19-0003" in said[COMMISSION]
    assert "CÒN TỒN (02 việc)" in said[COMMISSION]


TRAFFIC, LOWER = "bao-ve-tre-em-2019/traffic-accidents", "bao-ve-tre-em-2019/traffic-accidents-lower"


def two_limits() -> Town:
    """One figure, 11 accidents, above two limits of two rules: 10, and 5 of another office and day."""
    whole = rules()
    traffic = whole.rules[TRAFFIC]
    assert isinstance(traffic.condition, Threshold)
    condition = replace(traffic.condition, above=Decimal(5), set_by="bp.so_ldtbxh", set_on=date(2019, 2, 1))
    lower = replace(traffic, id=LOWER, condition=condition)
    town = Town.founded(replace(only(whole, TRAFFIC), rules={TRAFFIC: traffic, LOWER: lower}))
    town.reads(PROVINCE, "child-traffic-accidents", "2018-01-01", "2019-03-31", 11, "2019-05-03T09:00")
    return town


def test_one_figure_beyond_two_limits_is_one_row_that_names_both() -> None:
    """Two cases and one row: the limit further out leads, the other is named with its office, day and case."""
    town = two_limits()
    said = letters(town, "2019-05-04")[PROVINCE]
    subject = said.partition(" | ")[0]
    assert subject.startswith("Cảnh báo chỉ tiêu: ")
    assert said.count("Mã hồ sơ:") == 1
    assert "11 em, vượt ngưỡng theo dõi 10 em" in said
    also = "Số liệu này cũng vượt ngưỡng theo dõi 05 em do Sở Lao động - Thương binh và Xã hội tỉnh Bình Phước đặt"
    assert f"{also} ngày 01/02/2019 (hồ sơ BP19-0002; tham số ví dụ)." in said
    assert "Mã hồ sơ: BP19-0001, BP19-0002" in said
    assert len(town.cases()) == 2


def test_two_limits_of_one_figure_are_left_one_by_one() -> None:
    """Corrected to 8, the case of 10 ends with a line of its own, and that of 5 stands on without it."""
    town = two_limits()
    letters(town, "2019-05-04")
    town.reads(PROVINCE, "child-traffic-accidents", "2018-01-01", "2019-03-31", 8, "2019-05-05T09:00")
    assert letters(town, "2019-05-06").keys().isdisjoint({PROVINCE})
    # The figure has stayed below the higher limit for five working days.
    said = letters(town, "2019-05-13")[PROVINCE]
    assert "11 em" not in said
    assert "08 em, ngưỡng theo dõi 05 em" in said
    assert "cũng vượt" not in said
    (case,) = town.cases()
    assert case.task.rule == LOWER


def test_an_issuer_that_follows_up_as_well_is_told_both() -> None:
    """The step names it as the issuer alone; why it gets the letter is both."""
    book = only(rules(), "279-ubnd-ldtbxh/report-round-1")
    directive = replace(book.directives["279-ubnd-ldtbxh"], monitor="ln.ubnd_huyen")
    ladders = {
        name: replace(ladder, steps=tuple(replace(step, to=("issuer",), copy=()) for step in ladder.steps))
        for name, ladder in book.ladders.items()
    }
    town = Town.founded(replace(book, directives={**book.directives, directive.id: directive}, ladders=ladders))
    why = letters(town, "2015-04-20")["ln.ubnd_huyen"].partition("Vì sao quý cơ quan nhận thư này: ")[2]
    assert "cơ quan ban hành văn bản" in why
    assert "cơ quan theo dõi" in why
