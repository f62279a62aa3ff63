"""The sending hours of the rule folder."""

from __future__ import annotations

from pathlib import Path

from dondoc.engine.domain.mail_policy import USUAL_HOURS, SendingHours
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load_mail


def sending_hours(rules: Path) -> SendingHours:
    """The sending hours of `mail.yaml`; the usual ones while that file is refused, which a delivery reports."""
    try:
        return load_mail(rules).hours
    except RulesRefused:
        return USUAL_HOURS
