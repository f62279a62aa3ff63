"""The night's posts as finished letters, in order: made in this process, or in several when they are many."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from multiprocessing import get_context

from dondoc.engine.domain.rulebook import MailPolicy
from dondoc.engine.gc_tuning import collect_rarely
from dondoc.notifications.digest import LetterDraft
from dondoc.notifications.letter.build import LetterBuilder, UnbuiltLetter
from dondoc.notifications.lifecycle import PlannedLetter

# Below so many letters no process is started.
_POOL_FROM = 1_000
# A process makes so many letters before it hands them over.
_SLICE = 20
# A letter with more rows than these is made where its rows are: most stand in its file alone, and a line of that
# costs a fifth of the way to another process.
_LARGE = 100
# So many slices wait for each process, so that it never waits itself.
_AHEAD = 2


def plan(
    drafts: Iterable[LetterDraft],
    count: int,
    mail: MailPolicy,
    night: date,
    planned_at: datetime,
    *,
    workers: int = 1,
) -> Iterator[PlannedLetter | UnbuiltLetter]:
    """Every post as final bytes, in order; one that cannot be made is told with the reason, and others go on.

    In `workers` processes when the `count` of them is large; the letters are the same to the byte. Posts are
    taken as they are needed, some slices ahead.
    """
    builder = LetterBuilder(mail, night, planned_at)
    if workers == 1 or count < _POOL_FROM:
        for draft in drafts:
            yield from builder([draft])
        return
    slices = _sliced(drafts)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=collect_rarely) as pool:
        promised = deque((some, _begun(pool, builder, some)) for some in islice(slices, workers * _AHEAD))
        while promised:
            # Released once it is handed on, so that finished letters do not gather here.
            some, one = promised.popleft()
            try:
                yield from one.result()
            except BrokenProcessPool:
                # A process that was killed takes the pool with it; what it owed is made here.
                yield from builder(some)
            promised += [(more, _begun(pool, builder, more)) for more in islice(slices, 1)]


def _sliced(drafts: Iterable[LetterDraft]) -> Iterator[list[LetterDraft]]:
    """Some letters at a time, in order; a large one by itself."""
    some: list[LetterDraft] = []
    for draft in drafts:
        if some and (len(some) == _SLICE or _is_large(draft)):
            yield some
            some = []
        some.append(draft)
        if _is_large(draft):
            yield some
            some = []
    if some:
        yield some


def _is_large(draft: LetterDraft) -> bool:
    return len(draft.digest.entries) > _LARGE


def _begun(
    pool: ProcessPoolExecutor, builder: LetterBuilder, drafts: list[LetterDraft]
) -> Future[list[PlannedLetter | UnbuiltLetter]]:
    """A slice on its way, a large letter done; in a pool that is broken by now, what says so when it is asked."""
    here: Future[list[PlannedLetter | UnbuiltLetter]] = Future()
    if _is_large(drafts[0]):
        here.set_result(builder(drafts))
        return here
    try:
        # Whom a letter tells of which case is not printed, and would be half of what travels.
        return pool.submit(builder, [replace(draft, notices=()) for draft in drafts])
    except BrokenProcessPool as broken:
        here.set_exception(broken)
        return here
