"""Joints that a fault could cut unnoticed: earlier reminders in a letter, a night at fault, a refused login."""

from __future__ import annotations

import pytest

from dondoc.flows.night.self_audit import AuditFindings
from dondoc.notifications.delivery.answers import Phase
from dondoc.notifications.delivery.outcome import Misconfigured, answered
from tests.support.town import Town, letters, only, rules

ROUND_1 = "279-ubnd-ldtbxh/report-round-1"


def test_the_first_letter_names_the_reminders_before_it() -> None:
    """13/4 and 17/4, by their days."""
    town = Town.founded(only(rules(), ROUND_1))
    for night in ("2015-04-13", "2015-04-17"):
        letters(town, night)
    said = letters(town, "2015-04-20")["ln.ubnd_xa.bao_dai"]
    assert "Đã nhắc ngày 13/04 và 17/04/2015" in said


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
