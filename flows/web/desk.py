"""What stands behind the pages: the database, the rules and the keys; it opens cases, and has acts recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load as load_rules
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Engine, reading
from dondoc.engine.store.night import links
from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.acts import CaseSeen, RecordedAct, Said, recorded, seen
from dondoc.flows.records.desk import DeskItem, beside_letters, standing
from dondoc.flows.web.allowance import Allowance
from dondoc.notifications.case_links import Capability, read
from dondoc.notifications.morning import Morning

# For how long the rules are taken as they were read last.
_RULES_FOR = timedelta(minutes=1)
# What strangers make up is logged this often, so that they cannot fill the log.
_STRANGERS = 30


class LinkRefused(Exception):
    """A link that does not hold: `why` is the code that is logged; `holder` is whose it was, if it was signed."""

    def __init__(self, why: str, holder: Capability | None = None) -> None:
        super().__init__(why)
        self.why, self.holder = why, holder


def _is_of_use(closed: CaseSeen, on: date) -> bool:
    """Whether the page of a closed case has a use: something may be taken back there, or just was."""
    again = any(act.kind is ActKind.REOPENED and act.said_on >= on for act, _ in closed.told)
    return again or any(one.kind is ActKind.TAKEN_BACK for one in closed.offered)


@dataclass(slots=True)
class WebDesk:
    """Opens cases by their links and records acts; `clock` says the present instant.

    `operators` are those who may see what waits for a person (None: nobody may).
    """

    engine: Engine
    rules: Path
    links: LinkSettings
    clock: Callable[[], datetime]
    operators: DeskSettings | None = None
    _book: tuple[datetime, RuleBook] | None = field(default=None, init=False)
    _strangers: Allowance = field(default_factory=lambda: Allowance(_STRANGERS, _STRANGERS / 60), init=False)

    def book(self) -> RuleBook:
        """The rules, read again after a minute; broken ones leave those in force that were read before."""
        now = self.clock()
        if self._book is not None and now - self._book[0] < _RULES_FOR:
            return self._book[1]
        try:
            book = load_rules(self.rules)
        except RulesRefused:
            if self._book is None:
                raise
            book = self._book[1]
        self._book = now, book
        return book

    def opened(self, token: str) -> tuple[Capability, CaseSeen]:
        """Whose link it is, and its case. Raises `LinkRefused`, and `CallRefused` where a rule is gone."""
        holder = read(token, self.links.keys)
        if not isinstance(holder, Capability):
            raise LinkRefused(holder.value)
        book = self.book()
        with reading(self.engine) as conn:
            through = links.revoked_through(conn, holder.case, holder.office)
            if through is not None and holder.night <= through:
                raise LinkRefused("revoked", holder)
            closed_on = links.closed_on(conn, holder.case)
            try:
                found = seen(conn, book, holder.case, holder.office, self.clock())
            except CallRefused:
                if closed_on is None:
                    raise
                raise LinkRefused("case-closed", holder) from None
            if closed_on is not None and not _is_of_use(found, closed_on):
                raise LinkRefused("case-closed", holder)
            return holder, found

    def waiting(self) -> tuple[DeskItem, ...]:
        """What waits for a person, as far as it is known without letters."""
        with reading(self.engine) as conn:
            return beside_letters(conn, self.book(), self.clock())

    def morning(self) -> Morning | None:
        """How the service stands now, as the operator's letter says it; None before the first night."""
        with reading(self.engine) as conn:
            return standing(conn, self.book(), self.clock())

    def said(self, what: Said, *, trial: bool) -> RecordedAct:
        """Records an act; in a trial records nothing. Raises `ActRefused`, which is logged."""
        return recorded(self.engine, self.book(), what, self.clock(), Door.LINK, trial=trial)

    def tried(self, refused: LinkRefused) -> None:
        """Logs that somebody tried to say something by a link that does not hold."""
        holder = refused.holder
        if holder is None and not self._strangers.takes("", self.clock()):
            return
        with audited(self.engine) as tx:
            links.refuse(tx, refused.why, *((holder.case, holder.office) if holder else ()))
