"""The night's drafts as finished letters, in order: made in this process, or in several when they are many."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from multiprocessing import get_context

from dondoc.engine.domain.mail_policy import MailPolicy
from dondoc.engine.gc_tuning import collect_rarely
from dondoc.notifications.digest import LetterDraft
from dondoc.notifications.letter.build import Built, LetterBuilder

# With fewer letters than this, starting processes takes longer than it saves.
_POOL_FROM = 1_000
# How many letters a process makes before it hands them over.
_SLICE = 20
# A letter with more rows is made in this process: most of its rows are only lines of its file, and making such a
# line costs a fifth of sending it to another process.
_LARGE = 100
# How many slices are submitted for each process, so that none runs out of work.
_AHEAD = 2


def plan(
    drafts: Iterable[LetterDraft],
    count: int,
    mail: MailPolicy,
    night: date,
    planned_at: datetime,
    *,
    workers: int = 1,
) -> Iterator[Built]:
    """Every draft as final bytes, in order; one that cannot be made yields an `UnbuiltLetter`, the others go on.

    Behind a letter come the rows that it lacks because they could not be written.
    Uses `workers` processes when `count` is large; the letters are the same to the byte. Drafts are read as they
    are needed, some slices ahead.
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
            # Taken off the queue before its letters are yielded, so that finished letters do not pile up here.
            some, one = promised.popleft()
            try:
                yield from one.result()
            except BrokenProcessPool:
                # A killed process breaks the whole pool; the letters of its slices are made here.
                yield from builder(some)
            promised += [(more, _begun(pool, builder, more)) for more in islice(slices, 1)]


def _sliced(drafts: Iterable[LetterDraft]) -> Iterator[list[LetterDraft]]:
    """The drafts in slices, in order; a large one is a slice alone."""
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


def _begun(pool: ProcessPoolExecutor, builder: LetterBuilder, drafts: list[LetterDraft]) -> Future[list[Built]]:
    """A slice submitted to the pool, or a large letter made here; a broken pool raises when the result is read."""
    here: Future[list[Built]] = Future()
    if _is_large(drafts[0]):
        here.set_result(builder(drafts))
        return here
    try:
        # The notices are not printed, and would be half of the data sent to the process.
        return pool.submit(builder, [replace(draft, notices=()) for draft in drafts])
    except BrokenProcessPool as broken:
        here.set_exception(broken)
        return here
