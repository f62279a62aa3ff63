"""What letters say of an indicator: its figure beside its limit, and how it moved. All figures are invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.periods import PeriodKind, parse
from dondoc.engine.domain.rulebook import Against, Rise, RuleBook, Threshold
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.explain_helpers import explained
from tests.support.story_stage import Stage, flat, mail_to
from tests.support.town import Town, only, rules

RULE = "bao-ve-tre-em-2019/injuries"
PROVINCE = "bp.ubnd_tinh"
BOX = "theodoi.ubnd.binhphuoc"
MONTHS = {"January": "2020-01", "February": "2020-02", "March": "2020-03"}
ABOVE = Threshold("child-injuries", PeriodKind.CALENDAR_MONTH, PROVINCE, date(2019, 1, 15), above=Decimal(3))
RISE = replace(
    ABOVE, above=None, rise=Rise(Decimal(20), Against.PREVIOUS_PERIOD, at_least=Decimal(5)), clear=Decimal(10)
)


def watching(threshold: Threshold) -> RuleBook:
    """The book with this threshold alone, without limits on how many letters a night sends."""
    book = only(rules(), RULE)
    rule = replace(book.rules[RULE], condition=threshold)
    return replace(book, rules={RULE: rule}, mail=replace(book.mail, brake=Brake()))


@dataclass
class Watch:
    """A province whose indicator is watched, with figures by month and letters by night."""

    stage: Stage

    def reads(self, month: str, value: float, recorded: str) -> None:
        """A figure of a month."""
        period = parse(MONTHS[month])
        first, last = period.first.isoformat(), period.last.isoformat()
        Town(self.stage.engine).reads(PROVINCE, ABOVE.indicator, first, last, value, f"{recorded}T10:00")

    def letter(self, night: str) -> str:
        """What the province reads on a night."""
        return flat(mail_to(self.stage.night(night), BOX))


@pytest.fixture
def watch(database: Engine, sink: Mailsink) -> Watch:
    """A stage with the example units and no facts."""
    return Watch(Stage.set(database, sink, examples=False))


@pytest.mark.parametrize(
    ("threshold", "figures", "said"),
    [
        (ABOVE, (8, 5), "giảm từ 08 em xuống 05 em (37,5%) so với kỳ trước, vẫn vượt ngưỡng theo dõi 03 em"),
        (ABOVE, (5, 5), "05 em, không đổi so với kỳ trước, vượt ngưỡng theo dõi 03 em"),
        (ABOVE, (5, 8), "08 em, vượt ngưỡng theo dõi 03 em"),
        (replace(ABOVE, clear=Decimal(2)), (8, 3),
         "giảm từ 08 em xuống 03 em (62,5%) so với kỳ trước, chưa trở lại mức kết thúc theo dõi 02 em"),
        (replace(ABOVE, above=None, below=Decimal(90)), (85, 80),
         "giảm từ 85 em xuống 80 em (5,9%) so với kỳ trước, dưới ngưỡng theo dõi 90 em"),
        (RISE, (10, 20), "tăng từ 10 em lên 20 em (100,0%) so với kỳ trước, vượt ngưỡng theo dõi tăng 20%"),
    ],
    ids=["falls", "equal", "rises above", "falls into the band", "falls further below", "a rise"],
)  # fmt: skip
def test_a_rise_is_said_only_where_a_rise_is_the_limit(
    watch: Watch, threshold: Threshold, figures: tuple[int, int], said: str
) -> None:
    """Two figures, and on the night of the second step the letter tells truly how the last one moved."""
    watch.stage.book = watching(threshold)
    watch.reads("January", figures[0], "2020-02-03")
    watch.stage.night("2020-02-04")
    watch.reads("February", figures[1], "2020-03-02")
    letter = watch.letter("2020-03-03")
    assert said in letter
    assert ("tăng từ" in letter) == (threshold is RISE)


@pytest.mark.parametrize(
    ("figure", "worse"), [(9, True), (8, True), (5, False)], ids=["further beyond", "equal", "less far beyond"]
)
def test_a_further_step_is_no_worse_figure(watch: Watch, figure: int, *, worse: bool) -> None:
    """The unit hears at the second step in any case; a figure nearer its limit is not called worse."""
    watch.stage.book = watching(ABOVE)
    watch.reads("January", 8, "2020-02-03")
    assert "== MỚI ==" in watch.letter("2020-02-04")
    watch.reads("February", figure, "2020-02-10")
    letter = watch.letter("2020-02-11")
    assert ("== NẶNG THÊM ==" in letter) == worse
    assert ("== CÒN TỒN ==" in letter) != worse


@pytest.mark.parametrize(
    ("figures", "worse"), [((10, 13, 19), True), ((10, 14, 17), False)], ids=["a larger rise", "a smaller one"]
)
def test_a_rise_is_worse_by_a_larger_rise(watch: Watch, figures: tuple[int, ...], *, worse: bool) -> None:
    """13 rose by 3 and fires, since 5 is the least number that counts; 19 rose by 6, 17 after 14 by 3 only."""
    watch.stage.book = watching(RISE)
    watch.reads("January", figures[0], "2020-02-03")
    watch.reads("February", figures[1], "2020-03-03")
    assert f"tăng từ {figures[0]} em lên {figures[1]} em" in watch.letter("2020-03-04")
    watch.reads("March", figures[2], "2020-03-10")
    letter = watch.letter("2020-03-11")
    assert f"tăng từ {figures[1]} em lên {figures[2]} em" in letter
    assert ("NẶNG THÊM ==" in letter) == worse


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        ("2020-04-20", "Mới ghi nhận số liệu ngày 20/04/2020, quá hạn. Đã nêu trong thư ngày 16/04/2020."),
        ("2020-04-14", "Thực hiện ngày 14/04/2020, đúng hạn, được cập nhật muộn."),
    ],
    ids=["late", "in time, brought late"],
)  # fmt: skip
def test_a_figure_that_came_after_the_letter_is_late(watch: Watch, recorded: str, said: str) -> None:
    """Due by the end of 15/4, asked for on 16/4: what comes then was corrected by nobody, and explain agrees."""
    watch.stage.book = watching(replace(ABOVE, set_on=date(2020, 3, 1), no_data_after=10))
    assert "chưa được ghi nhận số liệu" in watch.letter("2020-04-16")
    watch.reads("March", 2, recorded)
    letter = watch.letter("2020-04-21")
    assert said in letter
    assert "đính chính" not in letter
    told = explained(Town(watch.stage.engine, watch.stage.book), "BP19-0001", "2020-04-21")
    assert ("trong hạn, ghi nhận muộn" in told) == ("đúng hạn" in said)
