"""The telling half of a night: from what was decided to finished letters, nothing stored yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.hearing import Hearing
from engine.model import Notice, Reason, Text, Verdict
from engine.orgchart import OrgChart
from engine.rules import RuleBook
from engine.store.history import History
from engine.store.tables import NightState
from flows.assessing import Assessment, Night, open_cases
from notifications import operator_letter
from notifications.entries import Clerk
from notifications.gather import Gathered, gather
from notifications.lifecycle import PlannedLetter, letter_id
from notifications.mime import LetterRefused
from notifications.operator_letter import NightSaid, Todo
from notifications.plan import plan
from notifications.render import LetterTooLarge
from notifications.timing import missed_periods
from notifications.wording import labels


@dataclass(frozen=True, slots=True)
class Telling:
    """The night's letters, the letter that tells each office, and a line for all that needs a person.

    `partial` says that something was left undone: a fact not judged or a letter not made. An office without a
    mailbox is a line and leaves the night whole.
    """

    letters: tuple[PlannedLetter, ...]
    letter_of: Mapping[str, str]
    problems: tuple[str, ...]
    partial: bool


def tell(
    book: RuleBook,
    chart: OrgChart,
    made: Assessment,
    past: History,
    night: Night,
    *,
    facts: int | None = None,
    faults: Sequence[Todo] = (),
) -> Telling:
    """One letter per mailbox with news, and the operator's. An office whose letter failed was told nothing.

    `facts` counts what was judged, and `faults` are what went wrong in it, for the operator's letter.
    """
    clerk = Clerk(
        book,
        chart,
        night.as_of,
        past,
        Hearing(book, chart, night.as_of),
        _tonight(made.notices),
        missed_periods(made.findings.values()),
    )
    cutoff = labels.instant(night.cutoff)
    gathered = gather(clerk, made.notices, open_cases(made), made.findings, cutoff)
    posted = plan(gathered.posts, book.mail, night.as_of, night.cutoff)
    failed = {office for office, _ in posted.refused}
    letter_of = {
        notice.reader: letter_id(night.as_of, post.office, 1)
        for post in gathered.posts
        if post.office not in failed
        for notice in post.notices
    }
    todo = [*faults, *_todo(clerk, gathered, posted.refused)]
    partial = bool(faults or posted.refused)
    letters = posted.letters
    if _operator_hears(book, night, letters or todo):
        said = _said(made, night, facts, len(letters), partial=partial)
        view = operator_letter.nightly(said, todo, book.mail.operator)
        try:
            part = operator_letter.NIGHTLY
            letters += (operator_letter.planned(view, book.mail, night.as_of, night.cutoff, part),)
        except (LetterRefused, LetterTooLarge) as reason:
            todo.append(_unsent(operator_letter.OFFICE, reason))
            partial = True
    return Telling(letters, letter_of, tuple(one.line() for one in todo), partial)


def _operator_hears(book: RuleBook, night: Night, something: object) -> bool:
    """On a telling night that is worked, when letters leave or something needs a person."""
    worked = any(calendar.is_workday(night.as_of) for calendar in book.calendars.values())
    return night.telling and worked and bool(something)


def _said(made: Assessment, night: Night, facts: int | None, letters: int, *, partial: bool) -> NightSaid:
    reasons = made.judged.reasons
    counts = {
        "found": sum(finding.verdict is Verdict.BREACH for finding in made.findings.values()),
        "opened": reasons.get(Reason.OPENED, 0),
        "climbed": reasons.get(Reason.CLIMBED, 0) + reasons.get(Reason.REPEATED, 0),
        "closed": reasons.get(Reason.CLOSED, 0),
    }
    state = NightState.DEGRADED if partial else NightState.OK
    return NightSaid(night.as_of, state, facts, counts, letters)


def _tonight(notices: tuple[Notice, ...]) -> dict[int, tuple[str, ...]]:
    """By task, everybody who is written to about it tonight."""
    found: dict[int, list[str]] = defaultdict(list)
    for notice in notices:
        found[notice.finding.task.id].append(notice.reader)
    return {task: tuple(dict.fromkeys(readers)) for task, readers in found.items()}


def _todo(clerk: Clerk, gathered: Gathered, refused: tuple[tuple[str, str], ...]) -> list[Todo]:
    """Everything about tonight's letters that needs a person."""
    found = [
        Todo(
            Text(
                f"{clerk.name(office).vi} ({office}) không có hộp thư; thư gửi tạm tới {box}",
                f"{office} has no mailbox, its letter goes to {box}",
            ),
            _ADD_MAILBOX,
        )
        for office, box in gathered.forwarded
    ]
    found += [
        Todo(
            Text(
                f"{clerk.name(office).vi} ({office}) và các cấp trên đều không có hộp thư; chưa báo được",
                f"{office} and everybody above have no mailbox: not told",
            ),
            _ADD_MAILBOX,
        )
        for office in gathered.unreachable
    ]
    return found + [_unsent(office, reason) for office, reason in refused]


_ADD_MAILBOX = Text("bổ sung vào mailboxes.csv rồi nạp lại", "add it to mailboxes.csv and import again")


def _unsent(office: str, reason: object) -> Todo:
    """A letter that could not be made; its readers count as not told, so the next night tells them."""
    return Todo(
        Text(f"thư gửi {office} không lập được: {reason}", f"the letter to {office} could not be made"),
        Text("sửa theo lý do trên; đêm sau sẽ báo lại", "mend the reason; the next night tells again"),
    )
