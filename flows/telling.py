"""The telling half of a night: from what was decided to finished letters, nothing stored yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from engine.hearing import Hearing
from engine.model import Notice
from engine.orgchart import OrgChart
from engine.rules import RuleBook
from engine.store.history import History
from flows.assessing import Assessment, Night, open_cases
from notifications.entries import Clerk
from notifications.gather import Gathered, gather
from notifications.lifecycle import PlannedLetter, letter_id
from notifications.plan import plan


@dataclass(frozen=True, slots=True)
class Telling:
    """The night's letters, the letter that tells each office, and what the operator must look at."""

    letters: tuple[PlannedLetter, ...]
    letter_of: Mapping[str, str]
    problems: tuple[str, ...]


def tell(book: RuleBook, chart: OrgChart, made: Assessment, past: History, night: Night) -> Telling:
    """One letter per mailbox with news. An office whose letter could not be made was told nothing."""
    clerk = Clerk(book, chart, night.as_of, past, Hearing(book, chart, night.as_of), _tonight(made.notices))
    cutoff = f"{night.cutoff:%H} giờ {night.cutoff:%M} ngày {night.cutoff:%d/%m/%Y}"
    gathered = gather(clerk, made.notices, open_cases(made), made.findings, cutoff)
    planned = plan(gathered.posts, book.mail, night.as_of, night.cutoff)
    failed = {office for office, _ in planned.refused}
    letter_of = {
        notice.reader: letter_id(night.as_of, post.office, 1)
        for post in gathered.posts
        if post.office not in failed
        for notice in post.notices
    }
    return Telling(planned.letters, letter_of, tuple(_problems(clerk, gathered, planned.refused)))


def _tonight(notices: tuple[Notice, ...]) -> dict[int, tuple[str, ...]]:
    """By task, everybody who is written to about it tonight."""
    found: dict[int, list[str]] = defaultdict(list)
    for notice in notices:
        found[notice.finding.task.id].append(notice.reader)
    return {task: tuple(dict.fromkeys(readers)) for task, readers in found.items()}


def _problems(clerk: Clerk, gathered: Gathered, refused: tuple[tuple[str, str], ...]) -> list[str]:
    lines = [
        f"{clerk.name(office)} ({office}): không có hộp thư, thư gửi tạm tới {box}; bổ sung vào mailboxes.csv "
        "(no mailbox: written to the body above)"
        for office, box in gathered.forwarded
    ]
    lines += [
        f"{clerk.name(office)} ({office}): không có hộp thư và không có cấp trên nào có hộp thư; chưa báo được "
        "(no mailbox, and nobody above has one: not told)"
        for office in gathered.unreachable
    ]
    lines += [f"{clerk.name(office)} ({office}): {reason}" for office, reason in refused]
    return lines
