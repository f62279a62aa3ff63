"""A server took a letter and could not deliver it: its report reroutes it, as a refusal at once would have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log import agreement
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.answering import BOX, OPENED, Post, id_of, maildir, morning
from tests.support.story_stage import flat, mail_to, to
from tests.support.town import at
from tests.unit.notifications.replies.bounce_mails import ID, UNKNOWN, failed, report


@pytest.fixture
def post(database: Engine, sink: Mailsink, tmp_path: Path) -> Post:
    """The morning on which the commune's letter left, on either database."""
    stage = morning(database, sink)
    return Post(stage, maildir(tmp_path), mail_to(stage.mails(OPENED), BOX))


def key(post: Post) -> str:
    """The id of the commune's letter."""
    return id_of(post.letter)[1:].partition("@")[0]


def comes_back(post: Post, said: str = UNKNOWN, box: str = "") -> None:
    """A server reports that it did not arrive."""
    raw = report("MAILER-DAEMON@mx.example.vn", "x", failed("5.1.1", said, box=box or post.letter.to))
    post.put(raw.replace(ID, key(post)).encode())


def states(post: Post) -> list[tuple[LetterState, int]]:
    """Where the letter and its substitutes stand, by part."""
    with reading(post.stage.engine) as conn:
        same = select(t.letter.c.office).where(t.letter.c.id == key(post)).scalar_subquery()
        mine = t.letter.c.night == OPENED, t.letter.c.office == same
        rows = conn.execute(select(t.letter.c.state, t.letter.c.part).where(*mine).order_by(t.letter.c.part))
        return [(row.state, row.part) for row in rows]


def test_it_goes_to_the_office_above_once_and_the_log_knows(post: Post) -> None:
    """With a note on top; the same report again changes nothing, and the log holds no mailbox."""
    comes_back(post)
    made = post.read()
    assert (made.answers, made.returned, made.ignored) == ([], [key(post)], {})
    assert states(post) == [(LetterState.DEAD, 1), (LetterState.READY, 100)]
    post.stage.delivered(OPENED, timedelta(days=1, hours=3))
    (passed_on,) = [mail for mail in post.stage.mails(OPENED) if "Chuyển giúp" in mail.subject]
    assert passed_on.subject.startswith("Chuyển giúp: ")
    assert f"hộp thư {post.letter.to} không nhận được" in flat(passed_on)
    comes_back(post)
    assert post.read().returned == []
    assert [state for state, _ in states(post)] == [LetterState.DEAD, LetterState.SENT]
    with reading(post.stage.engine) as conn:
        assert list(agreement.differences(conn)) == []
        logged = list(conn.scalars(select(t.event.c.detail).where(t.event.c.kind == "letter-dead")))
    assert len(logged) == 1
    assert post.letter.to not in str(logged[0])


def test_a_letter_that_no_mailbox_would_take_is_told_again(post: Post) -> None:
    """Its words are refused wherever they go: no substitute, and the next night tells the commune anew."""
    comes_back(post, "554 5.7.1 Message rejected as spam")
    assert post.read().returned == [key(post)]
    assert states(post) == [(LetterState.DEAD, 1)]
    assert BOX in to(post.night(date(2015, 4, 22)))


@pytest.mark.long
def test_a_letter_of_unknown_fate_had_arrived_at_a_server(post: Post) -> None:
    """The log has both moves."""
    with writing(post.stage.engine) as conn:
        conn.execute(update(t.letter).where(t.letter.c.id == key(post)).values(state=LetterState.UNKNOWN))
    comes_back(post)
    assert post.read().returned == [key(post)]
    with reading(post.stage.engine) as conn:
        told = t.event.c.kind.in_(("letter-sent", "letter-dead")), t.event.c.detail.contains('"by":"report"')
        kinds = list(
            conn.scalars(select(t.event.c.kind).where(*told).order_by(t.event.c.entry, t.event.c.position))
        )
    assert kinds == ["letter-sent", "letter-dead"]


def comes_late(post: Post) -> None:
    """A month after it left."""
    comes_back(post)
    with writing(post.stage.engine) as conn:
        mine = t.letter.c.id == key(post)
        conn.execute(update(t.letter).where(mine).values(dot_at=at("2015-03-20T07:00")))


def made_up(post: Post) -> None:
    """With the id of no letter."""
    post.put(report("MAILER-DAEMON@mx.example.vn", "x", failed("5.1.1", UNKNOWN, box=post.letter.to)).encode())


def of_a_waiting_one(post: Post) -> None:
    """Of a letter that has not left."""
    comes_back(post)
    with writing(post.stage.engine) as conn:
        conn.execute(update(t.letter).where(t.letter.c.id == key(post)).values(state=LetterState.READY))


IGNORED: dict[str, Callable[[Post], None]] = {
    "of a mailbox to which it was passed on": lambda post: comes_back(post, box="rieng@gmail.example"),
    "about no letter of ours": made_up,
    "about a letter that has not left": of_a_waiting_one,
    "a month after it left": comes_late,
}


@pytest.mark.long
@pytest.mark.parametrize("comes", IGNORED.values(), ids=IGNORED)
def test_a_report_that_changes_nothing(post: Post, comes: Callable[[Post], None]) -> None:
    """It is counted, and taken out of the way."""
    comes(post)
    before = states(post)
    made = post.read()
    assert (made.returned, made.ignored.total(), states(post)) == ([], 1, before)
