"""Joints that a fault could cut unnoticed: earlier reminders in a letter, a night at fault, a refused login."""

from __future__ import annotations

import pytest

from dondoc.engine.domain.terms import CaseStatus, NightState
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night.history import history
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.night.self_audit import AuditFindings
from dondoc.notifications.delivery.answers import Phase
from dondoc.notifications.delivery.outcome import Misconfigured, answered
from tests.support.town import Town, cutoff, letters, only, rules
from tests.support.worlds import day

ROUND_1, BAO_DAI = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"


def test_the_first_letter_names_the_reminders_before_it() -> None:
    """13/4 and 17/4, by their days."""
    town = Town.founded(only(rules(), ROUND_1))
    for night in ("2015-04-13", "2015-04-17"):
        letters(town, night)
    said = letters(town, "2015-04-20")[BAO_DAI]
    assert "Đã nhắc 13/04 và 17/04/2015" in said


@pytest.mark.parametrize(
    ("stranded", "unlettered", "faulty"),
    [((), 0, False), (("LN15-0001",), 0, True), ((), 1, True), (("LN15-0001",), 1, True)],
)
def test_either_fault_of_the_service_makes_a_night_faulty(
    stranded: tuple[str, ...], unlettered: int, *, faulty: bool
) -> None:
    """An open case without a next date, or a notice without its letter."""
    assert AuditFindings(stranded, unlettered, ()).faulty is faulty


@pytest.mark.parametrize("code", [530, 534, 535, 538])
@pytest.mark.parametrize("phase", Phase)
def test_a_refused_login_is_our_own_setting_at_whatever_command(phase: Phase, code: int) -> None:
    """No letter is dead because of it (RFC 3207, RFC 4954)."""
    assert isinstance(answered(phase, code, "authentication required"), Misconfigured)


def test_a_report_taken_back_before_its_end_was_told_lets_its_case_go_on() -> None:
    """Closed on a Sunday, taken back before Monday: one case, as if it had never closed (0045)."""
    town = Town.founded(only(rules(), ROUND_1))
    town.night(day("2015-05-08"))
    town.submits(BAO_DAI, "child-protection", "2015-05-08", "2015-05-09T10:00", ref="report")
    town.night(day("2015-05-10"))
    town.submits(BAO_DAI, "another-report", "2015-05-08", "2015-05-10T10:00", ref="report")
    made = town.night(day("2015-05-11"))
    (case,) = (one for one in made.after if one.task.unit == BAO_DAI)
    assert (case.status, case.outcome, case.closed_on) == (CaseStatus.OPEN, None, None)
    with reading(town.engine) as conn:
        past = history(conn, made.night, made.judged, made.ended)
    assert past.cases[case.task.id] == case.id
    assert len(past.bearers[ROUND_1, case.task.subject]) == 24, "every commune of the district has this demand"


def test_a_night_tells_the_operator_what_is_amiss_and_nothing_else() -> None:
    """One commune has no mailbox; no fault, no night skipped."""
    town = Town.founded(only(rules(), ROUND_1))
    report = steps.judge_night(town.engine, town.book, Night(day("2015-04-17"), cutoff(day("2015-04-17"))))
    assert (report.state, report.again) == (NightState.OK, False)
    (line,) = report.lines
    assert "UBND xã Lục Sơn (ln.ubnd_xa.luc_son) không có hộp thư" in line
    assert report.counts == {"judged": 24, "found": 0, "opened": 0, "climbed": 0, "closed": 0, "letters": 25}
