"""One delivery by the settings: receipts of what was said by links, and then everything that is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import RulesRefused
from dondoc.engine.judge.excused import Excused
from dondoc.engine.rulefile import load, load_mail
from dondoc.engine.store.db.database import Engine
from dondoc.flows.config.settings import Settings
from dondoc.flows.delivery.deliver import deliver
from dondoc.flows.replies.link_receipts import plan_receipts
from dondoc.notifications.delivery.relay import DeliveryReport


def send_due(
    engine: Engine, given: Settings, now: Callable[[], datetime], *, in_hours: bool = False
) -> DeliveryReport:
    """Sends what is due by `now`; with `in_hours` only while the sending hours of mail.yaml last.

    While a rule is being corrected letters leave as their night wrote them, and receipts wait. Raises
    `RulesRefused` for a mail.yaml that cannot be used, and as `deliver` does.
    """
    mail, book = load_mail(given.rules), _rules_now(given.rules)
    if book is not None:
        plan_receipts(engine, book, given.links, now())
    excused = Excused(book) if book is not None else None
    return deliver(engine, mail, given.smtp, now, given.journal, in_hours=in_hours, excused=excused)


def _rules_now(rules: Path) -> RuleBook | None:
    try:
        return load(rules)
    except RulesRefused:
        return None
