"""The notifying half of a night: from the assessment to finished letters, which are not stored yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dondoc.engine.cases.history import History
from dondoc.engine.domain.model import Notice
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.night import action_items, letter_items
from dondoc.flows.night.assessment import Assessment, open_cases
from dondoc.notifications.case_links import MailLinker
from dondoc.notifications.digest import LetterDraft
from dondoc.notifications.gather.digests import Gathered, gather
from dondoc.notifications.gather.rows import RowBuilder
from dondoc.notifications.gather.timing import missed_periods
from dondoc.notifications.letter.batch import plan
from dondoc.notifications.letter.operator_letter import ActionItem
from dondoc.notifications.letter.spool import Spool
from dondoc.notifications.lifecycle import PlannedLetter, letter_id
from dondoc.notifications.unwritten import UnbuiltLetter, UnwrittenRow
from dondoc.notifications.wording import labels


@dataclass(frozen=True, slots=True)
class NightLetters:
    """The night's letters, by office the id of the letter that notifies it, and the action items about letters.

    `unnotified` are the readers, with the task, whose letter lacks its row. `partial`: a letter or a row could not
    be written. An office without a mailbox does not make the night partial.
    """

    letters: Spool | tuple[PlannedLetter, ...]
    letter_of: Mapping[str, str]
    action: tuple[ActionItem, ...]
    partial: bool
    unnotified: frozenset[tuple[str, int]] = frozenset()


def gathered(made: Assessment, past: History, links: LinkSettings | None = None) -> tuple[RowBuilder, Gathered]:
    """The builder of the night's rows, and with it one draft for each mailbox, nothing rendered yet."""
    night = made.night
    builder = RowBuilder(
        night.book,
        night.chart,
        night.as_of,
        past,
        made.recipients,
        _tonight(made.notices),
        missed_periods(made.findings.values()),
        links.of(night.as_of) if links else _by_mail(night.book.mail.answers),
    )
    cutoff = labels.instant(night.cutoff)
    return builder, gather(builder, made.notices, open_cases(made), made.findings, cutoff)


def _by_mail(box: str) -> MailLinker | None:
    return MailLinker(box) if box else None


def notify(
    made: Assessment, past: History, spool: Spool, *, workers: int, links: LinkSettings | None = None
) -> NightLetters:
    """One letter per mailbox with news, added to `spool`. An office whose letter failed is in no `letter_of`.

    Many letters are built in `workers` processes.
    Their rows lead to where they are answered: with `links` to a page, else to a mail if answers have a mailbox.
    """
    night = made.night
    builder, news = gathered(made, past, links)
    unbuilt: list[UnbuiltLetter] = []
    unwritten: list[UnwrittenRow] = []
    readers: dict[str, tuple[str, ...]] = {}

    def noted() -> Iterator[LetterDraft]:
        """The drafts; notes the readers of each by its office."""
        for draft in news.drafts:
            if isinstance(draft, UnbuiltLetter):
                unbuilt.append(draft)
                continue
            readers[draft.office] = tuple({notice.reader: None for notice in draft.notices})
            yield draft

    for one in plan(noted(), news.count, night.book.mail, night.as_of, night.cutoff, workers=workers):
        if isinstance(one, UnbuiltLetter):
            unbuilt.append(one)
        elif isinstance(one, UnwrittenRow):
            unwritten.append(one)
        else:
            spool.add(one)
    failed = {one.office for one in unbuilt}
    letter_of = {
        reader: letter_id(night.as_of, office, 1)
        for office, mine in readers.items()
        if office not in failed
        for reader in mine
    }
    action = (
        *action_items.mailboxes(builder, news),
        *action_items.nameless(night.chart, _named_in(builder, made.notices), night.as_of),
        *(letter_items.unbuilt(one.office, one.reason) for one in unbuilt),
        *map(letter_items.unwritten, unwritten),
    )
    unnotified = frozenset(
        (reader, task) for row in unwritten for reader in readers[row.office] for task in row.tasks
    )
    return NightLetters(spool, letter_of, action, bool(unbuilt or unwritten), unnotified)


def _named_in(builder: RowBuilder, notices: tuple[Notice, ...]) -> set[str]:
    """The readers of tonight's letters and the units that their rows are about."""
    bearers = {unit for one in notices for unit in builder.recipients.bearers(one.finding.task)}
    return bearers | {one.reader for one in notices}


def _tonight(notices: tuple[Notice, ...]) -> dict[int, tuple[str, ...]]:
    """By task, the offices notified of it tonight."""
    found: dict[int, list[str]] = defaultdict(list)
    for notice in notices:
        found[notice.finding.task.id].append(notice.reader)
    return {task: tuple(dict.fromkeys(readers)) for task, readers in found.items()}
