"""What a page says of a case: what it is, its limit, how late it is, what was said; in the words of letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dondoc.engine.domain.model import Case, Finding, Task, Text
from dondoc.engine.domain.rulebook import Directive, RuleBook
from dondoc.engine.domain.terms import Verdict
from dondoc.engine.sources.reading.personal_data import person
from dondoc.flows.records.acts import CaseSeen
from dondoc.notifications.digest import DirectiveLine
from dondoc.notifications.gather import timing
from dondoc.notifications.wording import labels, limits, names, waiving, web_pages


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case in words: its title, lines of a label and a text, and what was said, the latest first.

    `brief` are the lines that stand above a form: its limit.
    """

    code: str
    title: Text
    lines: tuple[tuple[Text, Text], ...]
    brief: tuple[tuple[Text, Text], ...]
    said: tuple[Text, ...]


def facts(seen: CaseSeen) -> CaseFacts:
    """The facts of a case that its letters say as well; no figure is among them."""
    limit = limit_of(seen.case, seen.book, seen.today)
    brief = () if limit is None else ((labels.LIMIT, limit),)
    closed_on = seen.case.closed_on
    cited = basis(seen.book.directive_of(seen.case.task.rule), seen.issuer)
    ended = () if closed_on is None else ((web_pages.CASE, web_pages.closed(closed_on)),)
    return CaseFacts(
        seen.case.code,
        title(seen.case.task, seen.book),
        ((labels.UNIT, seen.owing), *brief, *ended, *_paused(seen), *_quiet(seen), (labels.BASIS, cited)),
        (*brief, *ended),
        tuple(web_pages.sentence(said) for _, said in seen.told),
    )


def _paused(seen: CaseSeen) -> tuple[tuple[Text, Text], ...]:
    """That nobody is urged at present, and why not."""
    return () if seen.paused is None else ((labels.WAIVED, waiving.span(seen.paused)),)


def _quiet(seen: CaseSeen) -> tuple[tuple[Text, Text], ...]:
    """That no letter leaves these days, and until when."""
    until = seen.calendar.quiet_until(seen.today)
    if until is None:
        return ()
    return ((labels.QUIET, web_pages.quiet(seen.calendar.quiet[seen.today], until)),)


def title(task: Task, book: RuleBook) -> Text:
    """What a case of a task is about, with its period, in the words of letters. Its rule is in the book."""
    rule = book.rules[task.rule]
    # As in letters: a title that was stored before titles were checked must not carry a person's name.
    named = person(f"{task.title}\n{task.title_en}")
    said = Text(task.title, task.title_en) if task.title and not named else rule.title
    root, finding = book.root_of(rule.id), Finding(task, Verdict.BREACH)
    year, period = timing.year_ahead(root, finding), timing.period_text(root, finding)
    if year is not None:
        return timing.named_by_year(said, year)
    if period is None or period.vi in said.vi:
        return said
    return Text.format("{title}: {period}", title=said, period=period)


def limit_of(case: Case, book: RuleBook, today: date) -> Text | None:
    """The limit, by how much it has passed, and the first one where it was moved; None where nothing is due."""
    task, calendar = case.task, book.calendar_of(case.task.rule)
    limit = timing.limit_line(book.root_of(task.rule), task, calendar)
    if limit is None or task.last_day is None:
        return None
    parts = [limits.until(limit)]
    if today > task.last_day and case.closed_on is None:
        parts.append(web_pages.lateness(calendar.late(task.last_day, today), (today - task.last_day).days))
    if task.first_limit is not None and task.first_limit != task.last_day:
        parts.append(web_pages.first_limit(task.first_limit))
    return Text.join("; ", parts)


def basis(directive: Directive, issuer: Text) -> Text:
    """The document that a case rests on, in full; `issuer` is its name on the day on which it was issued."""
    return names.cited(line_of(directive, issuer))


def line_of(directive: Directive, issuer: Text) -> DirectiveLine:
    """The document as letters cite it."""
    return DirectiveLine(directive.kind, directive.number, directive.issued, issuer)
