"""What `status` says of random outboxes is so: letters in any state, at any hour, with sources and a heartbeat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import copy
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import LetterState, NightState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.db.schema_version import create_tables
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.intake.pulls import Pull, record
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.observe.heartbeat import Heartbeat
from dondoc.notifications.delivery import outbox
from dondoc.notifications.letter.build import due_from
from dondoc.notifications.lifecycle import PlannedLetter, letter_id, message_id
from tests.support import printed
from tests.support.planned_letters import DOMAIN, planned
from tests.support.status_reader import status
from tests.support.stored_facts import Facts
from tests.support.town import ROOT, rules
from tests.support.true_status import Watch, untrue_status

FIRST = date(2015, 4, 20)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCES = "version: 1\nsources:\n" + "".join(
    f"  {name}:\n    title: {{vi: Nguồn (bịa để thử), en: A source (invented)}}\n    folder: /srv/den\n"
    "    kind: activities\n    stale_after: 1 hour\n"
    for name in ("province", "health")
)
REPLIES = ("", "", "451 thử lại sau: greylisted", "421 bận (busy), later")


@dataclass(frozen=True)
class Outbox:
    """A database, the latest night, and how `status` is asked about them."""

    engine: Engine
    night: date
    watch: Watch
    heart: Heartbeat
    rules: Path

    def says(self) -> str:
        """What `status` prints."""
        return printed.status(self.engine, self.watch.now, self.heart, self.rules)

    def untrue(self, text: str) -> list[str]:
        """What is not so of a text."""
        return list(untrue_status(status(text), Facts(self.engine, rules(), self.night), self.watch))


@contextmanager
def drawn(seed: int) -> Iterator[Outbox]:
    """Three nights with letters, some the substitutes of others, pulls of sources, and an hour to look at it."""
    draw, engine = Random(seed), connect("sqlite://")
    create_tables(engine)
    last = FIRST + 2 * DAY
    now = due_from(last) + timedelta(minutes=draw.randrange(-300, 3000, 7))
    with audited(engine) as tx:
        for night in (FIRST, FIRST + DAY, last):
            state = NightState(draw.choice(("ok", "degraded", "held")))
            nights.write_night(
                tx, rules(), Night(night, steps.cutoff_of(night)), state, {"lines": [], "counts": {}}
            )
            outbox.enqueue(tx, _letters(night, draw))
    with writing(engine) as conn:
        for key, *_ in conn.execute(letter.select().with_only_columns(letter.c.id)).all():
            conn.execute(update(letter).where(letter.c.id == key).values(_became(draw, now)))
        for _ in range(draw.randrange(4)):
            faults = (Text("hỏng", "broken"),) if draw.random() < 0.3 else ()
            at = now - draw.randrange(60) * HOUR
            record(conn, Pull(draw.choice(("province", "health")), at, added=draw.randrange(3), faults=faults))
    with TemporaryDirectory() as name:
        folder = Path(name)
        beats, sources = draw.choice((None, True, False)), draw.random() < 0.7
        copy(ROOT / "rules" / "mail.yaml", folder)
        if sources:
            (folder / "sources.yaml").write_text(SOURCES, "utf-8")
        if beats is not None:
            sign = {"sign": "success" if beats else "fail", "at": now.isoformat()}
            (folder / "nightly.json").write_text(json.dumps(sign), "utf-8")
        heart = Heartbeat(folder=folder) if beats is not None else Heartbeat()
        watch = Watch(now, ("province", "health") if sources else (), beats)
        yield Outbox(engine, last, watch, heart, folder)
    engine.dispose()


def _letters(night: date, draw: Random) -> Iterator[PlannedLetter]:
    """Letters of a night; some have a substitute, and that one too."""
    for n in range(draw.randrange(5)):
        before = None
        for part in (1, 100, 101)[: draw.choice((1, 1, 2, 3))]:
            key = letter_id(night, f"office.{n}", part)
            one = planned(f"office.{n}", part, recipient=f"o{n}@example.vn", due=due_from(night), hours=72)
            mail = message_id(key, DOMAIN)
            yield replace(one, night=night, message_id=mail, fallback_of=before)
            before = key


def _became(draw: Random, now: datetime) -> dict[str, object]:
    """Where a letter stands: its state, how often it was tried, when it may leave and until when."""
    state = draw.choice(list(LetterState))
    tried = draw.choice((0, 0, 1, 3))
    values: dict[str, object] = {
        "state": state,
        "attempt": tried,
        "next_at": now + timedelta(minutes=draw.randrange(-2000, 1500)),
        "expires_at": now + timedelta(minutes=draw.choice((-100, -1, 0, 30, 1439, 1440, 1441, 4000))),
        "reply": draw.choice(REPLIES) if tried else "",
    }
    values["last_code"] = int(str(values["reply"])[:3]) if values["reply"] else None
    if state in (LetterState.LEASED, LetterState.DATA_SENT):
        values |= {"owner": "x", "lease_until": now + timedelta(minutes=draw.choice((-5, 0, 5)))}
    if state in (LetterState.SENT, LetterState.UNKNOWN):
        values["dot_at"] = now - timedelta(minutes=draw.randrange(3000))
    return values


@settings(max_examples=20)
@given(st.integers(0, 1_000_000))
def test_what_status_says_of_random_outboxes_is_true(seed: int) -> None:
    """Each line, in both languages, with every number, and no other line."""
    with drawn(seed) as found:
        text = found.says()
        assert found.untrue(text) == [], text


@pytest.mark.long
@settings(max_examples=300)
@given(st.integers(0, 1_000_000))
def test_what_status_says_of_many_outboxes_is_true(seed: int) -> None:
    """The same, oftener."""
    with drawn(seed) as found:
        text = found.says()
        assert found.untrue(text) == [], text
