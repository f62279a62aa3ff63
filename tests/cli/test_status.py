"""The morning command: it says first what is wrong, each with what to do, and ends with 3 then."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from dondoc.engine.domain.answers import AnswerState, MailAnswer
from dondoc.engine.domain.mail_policy import USUAL_HOURS
from dondoc.engine.domain.terms import LetterState, NightState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.tables import letter, night
from dondoc.engine.store.night import mail_answers, nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.flows.records.troubles import troubles
from dondoc.notifications.delivery import outbox
from dondoc.notifications.letter.build import due_from
from tests.support.cli_office import Office
from tests.support.planned_letters import planned
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, rules

NIGHT = date(2015, 4, 20)
MORNING = due_from(NIGHT)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """Where one letter to an office stands, or the night, and when somebody looks."""

    at: datetime
    letter: Mapping[str, object] = field(default_factory=dict)
    night: Mapping[str, object] = field(default_factory=dict)


# What stands | what is said of it, by its codes
TABLE: Mapping[str, tuple[Standing, tuple[str, ...]]] = {
    "all letters have left": (Standing(MORNING + HOUR), ()),
    "a night missed": (Standing(MORNING + DAY), ("night-missing",)),
    "a night that may still be running": (Standing(MORNING + DAY - 4 * HOUR), ()),
    "the night of tomorrow, judged early": (Standing(MORNING - DAY), ()),
    "a night of the future": (Standing(MORNING - 2 * DAY), ("night-ahead",)),
    "a degraded night": (Standing(MORNING, night={"state": NightState.DEGRADED}), ("night-degraded",)),
    "a letter that waits for its hour": (Standing(MORNING, {"state": LetterState.READY}), ()),
    "a letter an hour late": (Standing(MORNING + HOUR, {"state": LetterState.READY}), ("letters-late",)),
    "a letter late in the evening": (Standing(MORNING + 12 * HOUR, {"state": LetterState.READY}), ()),
    "a letter tried in vain, with a day left": (
        Standing(
            MORNING,
            {
                "state": LetterState.READY,
                "attempt": 3,
                "next_at": MORNING + HOUR,
                "expires_at": MORNING + DAY - MINUTE,
            },
        ),
        ("letters-expiring",),
    ),
    "a letter past its last hour, which no delivery has closed": (
        Standing(MORNING + DAY + HOUR, {"state": LetterState.READY, "attempt": 1, "expires_at": MORNING + DAY}),
        ("night-missing", "letters-expired"),
    ),
    "a delivery that was killed": (
        Standing(MORNING, {"state": LetterState.LEASED, "lease_until": MORNING - MINUTE}),
        ("delivery-broken-off",),
    ),
    "a letter in hand": (Standing(MORNING, {"state": LetterState.LEASED, "lease_until": MORNING + MINUTE}), ()),
    "a letter held": (Standing(MORNING, {"state": LetterState.HELD}), ("letters-held",)),
    "a letter of unknown fate": (Standing(MORNING, {"state": LetterState.UNKNOWN}), ("letters-unknown",)),
    "a letter that nobody passes on": (Standing(MORNING, {"state": LetterState.DEAD}), ("letters-dead",)),
    "one of long ago": (
        Standing(MORNING, {"state": LetterState.DEAD, "night": NIGHT - 20 * DAY}),
        (),
    ),
    "an expired letter, which the next night tells again": (Standing(MORNING, {"state": LetterState.EXPIRED}), ()),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A night of which every letter has left."""
    engine = connect(f"sqlite:///{tmp_path / 'dondoc.db'}")
    upgrade(engine)
    with audited(engine) as tx:
        nights.write_night(tx, rules(), Night(NIGHT, steps.cutoff_of(NIGHT)), NightState.OK, {})
        outbox.enqueue(tx, [planned(f"office.{n}", recipient=f"o{n}@example.org") for n in range(3)])
        tx.conn.execute(update(letter).values(state=LetterState.SENT, dot_at=MORNING))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("what", TABLE)
def test_what_is_said_of(engine: Engine, what: str) -> None:
    """Each row of the table."""
    stands, codes = TABLE[what]
    with writing(engine) as conn:
        one = conn.scalar(select(func.min(letter.c.id)))
        conn.execute(update(letter).where(letter.c.id == one).values({"state": LetterState.SENT, **stands.letter}))
        if stands.night:
            conn.execute(update(night).values(**stands.night))
    with reading(engine) as conn:
        found = troubles(conn, nights.judged(conn, NIGHT), USUAL_HOURS, stands.at)
    assert tuple(trouble.code for trouble in found) == codes
    for trouble in found:
        assert trouble.what.en
        assert trouble.remedy.en
        assert re.fullmatch(r"! .+: .+\. \(.+: .+\.\) \[[a-z-]+\]", trouble.line())


def test_what_the_server_said_is_said_of_so_many_letters(engine: Engine) -> None:
    """Of all, or of how many of those that are late: the others may never have been tried."""
    with writing(engine) as conn:
        conn.execute(update(letter).values(state=LetterState.READY, reply="451 later"))
        late = (nights.judged(conn, NIGHT), USUAL_HOURS, MORNING + HOUR)
        assert [trouble.what.vi for trouble in troubles(conn, *late)] == ["03 thư đến giờ mà chưa đi: 451 later"]
        conn.execute(update(letter).where(letter.c.office == "office.1").values(reply=""))
        (one,) = troubles(conn, *late)
    assert one.what.vi == "03 thư đến giờ mà chưa đi; máy chủ trả lời 02 thư: 451 later"
    assert one.what.en == "3 letters due and not sent; the server answered 2 letters: 451 later"


def test_an_answer_that_waits_for_a_person_is_said(engine: Engine) -> None:
    """The office was told that somebody looks; one that is settled is nobody's to look at."""
    waits = MailAnswer(1, "0" * 64, "x", "", "", NIGHT, AnswerState.WAITING, "not-understood")
    settled = replace(waits, number=2, sha256="1" * 64, state=AnswerState.DISMISSED)
    with audited(engine) as tx:
        mail_answers.add(tx, settled, MORNING)
    with reading(engine) as conn:
        assert troubles(conn, nights.judged(conn, NIGHT), USUAL_HOURS, MORNING) == ()
    with audited(engine) as tx:
        mail_answers.add(tx, waits, MORNING)
    with reading(engine) as conn:
        (one,) = troubles(conn, nights.judged(conn, NIGHT), USUAL_HOURS, MORNING)
    assert (one.code, one.what.vi) == ("answers-waiting", "01 trả lời qua thư chưa ghi, chờ người vận hành")


def test_before_the_first_night_nothing_is_missing(office: Office) -> None:
    """Whether there should have been one is for a person to say."""
    office.holds_the_examples()
    ran = office.dondoc("status")
    assert (ran.code, "chưa có đêm nào" in ran.out) == (0, True)


def test_a_service_that_stood_still_says_so_first(office: Office) -> None:
    """One night of 2015 and none since: a person is needed, and a program can tell."""
    office.holds_the_examples()
    office.dondoc("nightly", "--plain", "--as-of", "2015-04-20")
    ran = office.dondoc("status")
    assert ran.code == 3
    assert re.match(r"! THIẾU [\d.]+ đêm, từ đêm 21/04/2015: .*\[night-missing\]", ran.out)
    told = json.loads(office.dondoc("status", "--json").out)
    assert next(trouble["code"] for trouble in told["troubles"]) == "night-missing"
    assert datetime.fromisoformat(told["judged_at"]) > datetime.now(UTC) - HOUR


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_operators_page_has_a_remedy_for_everything_that_status_says(language: str) -> None:
    """By the code in brackets at the end of the line."""
    source = (ROOT / "flows" / "records" / "troubles.py").read_text("utf-8")
    codes = set(re.findall(r'Trouble\(\s+"([a-z-]+)"', source))
    page = (ROOT / "docs" / language / "operating.md").read_text("utf-8")
    assert codes == set(re.findall(r"^\| `\[([a-z-]+)\]` \|", page, re.MULTILINE))
