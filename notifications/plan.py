"""From a post to finished bytes in the outbox: rendered once, read back once, sent as they are ever after."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from multiprocessing import get_context

from engine.collecting import look_rarely
from engine.model import ZONE
from engine.rules import MailPolicy
from notifications import gate, mime
from notifications.gather import Post
from notifications.lifecycle import PlannedLetter, bounce_address, letter_id, message_id
from notifications.mime import LetterRefused, Message
from notifications.part import Room
from notifications.render import LetterTooLarge, Rendered, finish

# Letters are due from half past six, so that they are there when the office opens.
SENDING_FROM = time(6, 30)
# Below so many letters no process is started.
_POOL_FROM = 1_000
# A process makes so many letters before it hands them over.
_SLICE = 20
# A letter with more rows than these is made where its rows are: most stand in its file alone, and a line of that
# costs a fifth of the way to another process.
_LARGE = 100
# So many slices wait for each process, so that it never waits itself.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Unmade:
    """A letter that could not be made: the office it was for, and the reason."""

    office: str
    reason: str


def due_from(night: date) -> datetime:
    """When the letters of a night may leave: 06:30 in Asia/Ho_Chi_Minh."""
    return datetime.combine(night, SENDING_FROM, ZONE)


def admitted(mail: MailPolicy, address: str) -> bool:
    """Whether letters may go there: to an allowed domain or one beneath it."""
    domain = address.rpartition("@")[2].casefold()
    return any(domain == allowed or domain.endswith(f".{allowed}") for allowed in mail.allowed_domains)


@dataclass(frozen=True, slots=True)
class _Press:
    """Makes letters of one night; goes to a process of its own together with its share of the posts."""

    mail: MailPolicy
    night: date
    planned_at: datetime

    def __call__(self, posts: Sequence[Post]) -> list[PlannedLetter | Unmade]:
        return [self._one(post) for post in posts]

    def _one(self, post: Post) -> PlannedLetter | Unmade:
        mail = self.mail
        try:
            rendered = finish(post.digest, Room(mail.full_rows, mail.compact_rows), mail.max_bytes)
            reply_to = post.digest.desk.mailbox
            return finished(
                rendered, mail, self.night, self.planned_at, post.office, post.address, reply_to=reply_to
            )
        except (LetterRefused, LetterTooLarge) as reason:
            return Unmade(post.office, str(reason))


def plan(
    posts: Iterable[Post], count: int, mail: MailPolicy, night: date, planned_at: datetime, *, workers: int = 1
) -> Iterator[PlannedLetter | Unmade]:
    """Every post as final bytes, in order; one that cannot be made is told with the reason, and others go on.

    In `workers` processes when the `count` of them is large; the letters are the same to the byte. Posts are
    taken as they are needed, some slices ahead.
    """
    press = _Press(mail, night, planned_at)
    if workers == 1 or count < _POOL_FROM:
        for post in posts:
            yield from press([post])
        return
    slices = _sliced(posts)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=look_rarely) as pool:
        promised = deque((some, _begun(pool, press, some)) for some in islice(slices, workers * _AHEAD))
        while promised:
            # Let go of once it is told, so that finished letters do not gather here.
            some, one = promised.popleft()
            try:
                yield from one.result()
            except BrokenProcessPool:
                # A process that was killed takes the pool with it; what it owed is made here.
                yield from press(some)
            promised += [(more, _begun(pool, press, more)) for more in islice(slices, 1)]


def _sliced(posts: Iterable[Post]) -> Iterator[list[Post]]:
    """Some letters at a time, in order; a large one by itself."""
    some: list[Post] = []
    for post in posts:
        if some and (len(some) == _SLICE or _is_large(post)):
            yield some
            some = []
        some.append(post)
        if _is_large(post):
            yield some
            some = []
    if some:
        yield some


def _is_large(post: Post) -> bool:
    return len(post.digest.entries) > _LARGE


def _begun(pool: ProcessPoolExecutor, press: _Press, posts: list[Post]) -> Future[list[PlannedLetter | Unmade]]:
    """A slice on its way, a large letter done; in a pool that is broken by now, what says so when it is asked."""
    here: Future[list[PlannedLetter | Unmade]] = Future()
    if _is_large(posts[0]):
        here.set_result(press(posts))
        return here
    try:
        # Whom a letter tells of which case is not printed, and would be half of what travels.
        return pool.submit(press, [replace(post, notices=()) for post in posts])
    except BrokenProcessPool as broken:
        here.set_exception(broken)
        return here


def finished(
    rendered: Rendered,
    mail: MailPolicy,
    night: date,
    planned_at: datetime,
    office: str,
    address: str,
    *,
    reply_to: str,
    part: int = 1,
    fallback_of: str | None = None,
    sent_at: datetime | None = None,
) -> PlannedLetter:
    """One letter for the outbox, dated `sent_at`, or else when the letters of its night may leave.

    Raises `LetterRefused`: a domain that is not allowed, or unsafe bytes.
    """
    identity = letter_id(night, office, part)
    if not admitted(mail, address):
        raise LetterRefused(identity, f"{address}: not in the allowed domains of mail.yaml")
    message = Message(
        id=identity,
        night=night,
        sender=mail.sender,
        sender_name=mail.sender_name.vi,
        recipient=address,
        reply_to=reply_to,
        subject=rendered.subject,
        sent_at=sent_at or due_from(night),
        message_id=message_id(identity, mail.message_domain),
        list_id=f"<thu-theo-doi.{mail.message_domain}>",
        text=rendered.text,
        html=rendered.html,
        attachments=rendered.attachments,
    )
    raw = mime.build(message)
    gate.check(raw, message)
    return PlannedLetter(
        night=night,
        office=office,
        part=part,
        message_id=message.message_id,
        envelope_from=bounce_address(identity, mail.message_domain),
        recipient=address,
        mime=raw,
        planned_at=planned_at,
        next_at=due_from(night),
        expires_at=due_from(night) + timedelta(hours=mail.expires_hours),
        fallback_of=fallback_of,
    )
