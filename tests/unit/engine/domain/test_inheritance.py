"""Nothing is inherited by itself: whatever is decided, and whenever, only that moves, and only from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dondoc.engine.cases.night import NightInput, judge
from dondoc.engine.domain.inheritance import Inheritance, Inheritances
from dondoc.engine.domain.model import Finding
from dondoc.engine.domain.orgchart import OrgChart
from dondoc.engine.domain.terms import CaseStatus
from tests.support.case_player import DAY, MONDAY, SUNDAY, Play, book, chart, overdue, report

RULE, SUBJECT = "d/report", SUNDAY.isoformat()
WEEKS = 40


def district(ended: date) -> OrgChart:
    """The district when its first commune has ended."""
    full = chart()
    units = {one.id: replace(one, valid_to=ended) if one.id == "xa_a" else one for one in full.units.values()}
    return OrgChart(units, full.relations)


def decided(on: date, *heirs: str, subject: str = SUBJECT, rule: str = RULE) -> Inheritance:
    """A decision about what the first commune left behind."""
    return Inheritance("xa_a", heirs, "căn cứ", "huyen", on, rule, subject)


class Inheriting(Play):
    """Nights that know decisions, each from the day after it was recorded."""

    decisions: tuple[Inheritance, ...] = ()

    def known(self, as_of: date, findings: list[Finding], **how: bool) -> NightInput:  # type: ignore[override]
        """What a night would know, its tasks as they are carried."""
        inherited = Inheritances(tuple(one for one in self.decisions if one.recorded_on < as_of))
        carried = list(inherited.of_findings(findings, self.chart, as_of))
        self.cases = [
            replace(case, task=inherited.carried(replace(case.task, bearers=(), former=()), self.chart, as_of))
            for case in self.cases
        ]
        return replace(super().known(as_of, carried, **how), inheritances=inherited)


def played(ended: date, decisions: tuple[Inheritance, ...]) -> Inheriting:
    """Forty nights of one late report, whose unit ends on one of them."""
    play = Inheriting(book(), district(ended))
    play.decisions = decisions
    for n in range(WEEKS):
        play.night(MONDAY + n * DAY, [overdue(report(SUNDAY))])
    return play


DAYS = st.integers(0, WEEKS - 1).map(lambda n: MONDAY + timedelta(days=n))


@settings(deadline=None, max_examples=25)
@given(ended=DAYS, other=st.sampled_from([("d/quota", SUBJECT), (RULE, "2019-01-01"), (RULE, ""), ("", "")]))
def test_without_a_decision_about_it_nothing_moves(ended: date, other: tuple[str, str]) -> None:
    """The case waits; a decision about something else is none, and nobody hears after the end."""
    rule, subject = other
    play = played(ended, (decided(MONDAY, "xa_b", rule=rule, subject=subject),))
    assert not [night for night, _ in play.notified if night >= ended]
    assert [case.status for case in play.cases] == [CaseStatus.WAITING]
    assert play.cases[0].next_on is not None


@settings(deadline=None, max_examples=25)
@given(ended=DAYS, wait=st.integers(0, 20))
def test_heir_hears_first_and_the_case_never_falls(ended: date, wait: int) -> None:
    """From the night after the decision; nobody hears twice of a step, nor anybody before the heir (5, 18, 19)."""
    confirmed = ended + wait * DAY
    play = played(ended, (decided(confirmed, "xa_b"),))
    assert not [night for night, _ in play.notified if ended <= night <= confirmed]
    later = [(night, notice) for night, notice in play.notified if night > confirmed]
    if later:
        first = later[0][0]
        assert "xa_b" in {notice.reader for night, notice in later if night == first}
    notified = [(notice.reader, notice.step) for _, notice in play.notified]
    assert len(notified) == len(set(notified))
    steps = [case.reached for night in sorted(play.seen) for case in play.seen[night].values()]
    assert steps == sorted(steps)
    assert all(case.next_on is not None for case in play.cases)


@settings(deadline=None, max_examples=25)
@given(ended=DAYS, wait=st.integers(0, 20))
def test_confirming_again_changes_nothing(ended: date, wait: int) -> None:
    """Told, cases and events are the same, night by night."""
    once = (decided(ended + wait * DAY, "xa_b"),)
    first, second = played(ended, once), played(ended, once * 2)
    assert first.notified == second.notified
    assert first.seen == second.seen
    assert judge(first.known(MONDAY + WEEKS * DAY, [])) == judge(second.known(MONDAY + WEEKS * DAY, []))


@settings(deadline=None, max_examples=25)
@given(ended=DAYS)
def test_what_nobody_takes_over_closes_in_silence(ended: date) -> None:
    """And is not opened again."""
    play = played(ended, (decided(ended),))
    assert not [night for night, _ in play.notified if night >= ended]
    assert play.cases == [] or ended >= MONDAY + (WEEKS - 1) * DAY
