"""The check of the letter budget: the offices that would get too many letters in the coming nights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dondoc.engine.domain.rulebook import Budget, RuleBook
from dondoc.engine.errors import Problem
from dondoc.engine.lint.context import note
from dondoc.flows.config.settings import Settings
from dondoc.flows.whatif.forecast import COMING, over_budget
from dondoc.flows.whatif.inputs import database

_NAMED = 5


def budget(rules: Path, book: RuleBook, allowed: Budget, given: Settings) -> Iterator[Problem]:
    """A problem for the offices that would get more letters in the coming nights than `mail.yaml` allows."""
    with database(given) as conn:
        readers = over_budget(conn, book, max(COMING, allowed.days))
    if readers:
        names = ", ".join(reader.name for reader in readers[:_NAMED])
        yield note(
            f"{rules.name}/mail.yaml:1:1",
            "budget-passed",
            f"{len(readers)} cơ quan sẽ nhận quá {allowed.per_office} thư trong {allowed.days} ngày nếu không ai "
            f"làm gì thêm: {names}{' …' if len(readers) > _NAMED else ''}; xem dondoc forecast",
            f"offices that would get more than {allowed.per_office} letters within {allowed.days} days if nobody "
            f"acts: {len(readers)}; see dondoc forecast",
        )
