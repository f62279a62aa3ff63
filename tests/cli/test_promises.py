"""One line that says whether all of yesterday's promises were kept: on the screen, for programs, in the mail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import LetterState, NightState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.intake.pulls import Pull, record
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.delivery import deliver
from dondoc.flows.night import steps
from dondoc.flows.night.promises import promises
from dondoc.flows.observe.heartbeat import Heartbeat, given_since
from dondoc.flows.records.status import stored
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.letter.build import due_from
from tests.support.cli_office import Office
from tests.support.planned_letters import planned
from tests.support.ready_databases import upgrade
from tests.support.scripted_server import Scripted, played_beside
from tests.support.story_stage import Stage
from tests.support.town import ROOT, rules

NIGHT = date(2015, 4, 20)
MORNING = due_from(NIGHT)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT = steps.cutoff_of(NIGHT + DAY)

TRIED = {"state": LetterState.READY, "attempt": 1, "next_at": MORNING + DAY, "last_code": 451}
# What became of one of three letters of yesterday | left, put off, waiting, lost
ONE_LETTER: Mapping[str, tuple[Mapping[str, object], tuple[int, int, int, int]]] = {
    "left": ({}, (3, 0, 0, 0)),
    "put off, with days left": (TRIED | {"expires_at": MORNING + 3 * DAY}, (2, 1, 0, 0)),
    "put off, and in hand again": (
        TRIED | {"expires_at": MORNING + 3 * DAY, "state": LetterState.LEASED, "lease_until": AT + HOUR},
        (2, 1, 0, 0),
    ),
    "put off, with its last day begun": (TRIED | {"expires_at": AT + DAY}, (2, 0, 1, 0)),
    "put off, then held": (TRIED | {"expires_at": MORNING + 3 * DAY, "state": LetterState.HELD}, (2, 0, 1, 0)),
    "in hand for the first time, which no server answered": (
        {"state": LetterState.LEASED, "attempt": 1, "lease_until": AT + HOUR, "expires_at": MORNING + 3 * DAY},
        (2, 0, 1, 0),
    ),
    "never tried": ({"state": LetterState.READY, "expires_at": MORNING + 3 * DAY}, (2, 0, 1, 0)),
    "due today": ({"state": LetterState.READY, "next_at": MORNING + DAY}, (2, 0, 0, 0)),
    "of the night before, and still tried": (
        TRIED | {"night": NIGHT - DAY, "expires_at": MORNING + 2 * DAY},
        (2, 1, 0, 0),
    ),
    "held": ({"state": LetterState.HELD}, (2, 0, 1, 0)),
    "refused for good": ({"state": LetterState.DEAD}, (2, 0, 0, 1)),
    "expired": ({"state": LetterState.EXPIRED}, (2, 0, 0, 1)),
    "of unknown fate": ({"state": LetterState.UNKNOWN}, (2, 0, 0, 1)),
    "dropped by the operator": ({"state": LetterState.DROPPED}, (2, 0, 0, 0)),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Two nights, and three letters of the first that have left."""
    engine = connect(f"sqlite:///{tmp_path / 'dondoc.db'}")
    upgrade(engine)
    with audited(engine) as tx:
        for day in (NIGHT, NIGHT + DAY):
            nights.write_night(tx, rules(), Night(day, steps.cutoff_of(day)), NightState.OK, {"lines": []})
        outbox.enqueue(tx, [planned(f"office.{n}", recipient=f"o{n}@example.org") for n in range(3)])
        tx.conn.execute(update(letter).values(state=LetterState.SENT, dot_at=MORNING))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("what", ONE_LETTER)
def test_each_letter_that_was_due_left_or_is_counted(engine: Engine, what: str) -> None:
    """Each row of the table; a letter that waits or reached nobody breaks the promise, one put off does not."""
    became, counts = ONE_LETTER[what]
    with writing(engine) as conn:
        one = conn.scalar(select(func.min(letter.c.id)))
        if became:
            conn.execute(update(letter).where(letter.c.id == one).values(became))
        found = promises(conn, NIGHT, AT, (), AT, judged=True)
    assert (found.left, found.put_off, found.waiting, found.lost) == counts
    assert found.kept is (counts[2:] == (0, 0))
    assert ("01 máy chủ thư hẹn lại" in found.line()) is (counts[1] == 1)
    assert f"{sum(counts):02} thư:" in found.line()


def test_a_source_that_was_not_pulled_is_named(engine: Engine) -> None:
    """One pulled this night, one with a fault, one two nights ago, one never."""
    with writing(engine) as conn:
        record(conn, Pull("well", AT + HOUR))
        record(conn, Pull("fault", AT + HOUR, faults=(Text("hỏng", "broken"),)))
        record(conn, Pull("long-ago", AT - 2 * DAY))
        found = promises(conn, NIGHT, AT, ("well", "fault", "long-ago", "never"), AT, judged=True)
    assert (found.unpulled, found.kept) == (("fault", "long-ago", "never"), False)
    assert "sources pulled 1 of 4, MISSING fault, long-ago, never" in found.line()


def test_the_heartbeat_counts_where_a_folder_shows_it(tmp_path: Path) -> None:
    """A night that ended well since its 02:00, and no delivery that failed."""
    assert given_since(Heartbeat(url="https://example.org/x"), AT) is None
    heart = Heartbeat(folder=tmp_path)
    assert given_since(heart, AT) is False

    def signals(run: str, sign: str, at: datetime) -> bool | None:
        (tmp_path / f"{run}.json").write_text(json.dumps({"sign": sign, "at": at.isoformat()}), "utf-8")
        return given_since(heart, AT)

    assert signals("nightly", "success", AT - HOUR) is False
    assert signals("nightly", "success", AT + HOUR) is True
    assert signals("deliver", "fail", AT - HOUR) is False
    assert signals("deliver", "success", AT - HOUR) is True


def test_status_says_it_in_one_line_and_for_programs(engine: Engine) -> None:
    """Kept, with nothing else to say; and not kept, which needs a person although no other line says so."""
    morning = due_from(NIGHT + DAY) + HOUR
    with reading(engine) as conn:
        good = stored(conn, ROOT / "rules", morning, Heartbeat())
    assert (good.needs_a_person, good.as_json()["yesterday"]["kept"]) == (False, True)
    assert (
        "Việc đến hạn hôm qua 20/04/2015: đủ. Đêm đã chạy; 03 thư: 03 đã đi, 00 còn chờ, 00 không tới."
        in good.text().vi
    )
    with writing(engine) as conn:
        one = conn.scalar(select(func.min(letter.c.id)))
        conn.execute(update(letter).where(letter.c.id == one).values(state=LetterState.EXPIRED))
    with reading(engine) as conn:
        bad = stored(conn, ROOT / "rules", morning, Heartbeat())
    assert ([trouble.code for trouble in bad.troubles], bad.needs_a_person) == ([], True)
    assert "Việc đến hạn hôm qua 20/04/2015: CHƯA ĐỦ." in bad.text().vi


def test_the_command_ends_with_3_when_not_all_was_kept(office: Office) -> None:
    """A night of today whose heartbeat never came, and nothing else that is wrong."""
    office.holds_the_examples()
    engine = connect(f"sqlite:///{office.database}")
    today = steps.as_of_for(datetime.now(UTC))
    with audited(engine) as tx:
        nights.write_night(tx, rules(), Night(today, steps.cutoff_of(today)), NightState.OK, {"lines": []})
    engine.dispose()
    assert office.dondoc("status").code == 0
    ran = office.dondoc("status", "--json", heartbeat_folder=str(office.folder))
    assert (ran.code, json.loads(ran.out)["yesterday"]["heartbeat"]) == (3, False)


class Greylister(Scripted):
    """Takes every letter but those to one mailbox, which it puts off."""

    def text(self, verb: str) -> str:
        """What is said this time."""
        unknown = verb == "RCPT" and "ubnd.baodai" in self.heard[-1]
        return "450 4.2.0 Greylisted, see you later" if unknown else super().text(verb)


def test_a_letter_that_is_greylisted_breaks_no_promise_on_its_first_day(sqlite: Engine, sink: Mailsink) -> None:
    """It is counted as put off the next morning; on its last day it is one that still waits."""
    stage = Stage.set(sqlite, sink)
    stage.judged(Night(NIGHT, steps.cutoff_of(NIGHT)))
    with played_beside(Greylister()) as port:
        # One connection, because the server looks at the last line that it has heard.
        smtp = SmtpSettings("127.0.0.1", port, Tls.PLAIN, connections=1)
        deliver.deliver(sqlite, stage.book.mail, smtp, lambda: MORNING + 10 * HOUR)
    stage.judged(Night(NIGHT + DAY, steps.cutoff_of(NIGHT + DAY)))
    with reading(sqlite) as conn:
        morning = stored(conn, ROOT / "rules", MORNING + DAY, Heartbeat()).yesterday
        last_day = promises(conn, NIGHT + DAY, AT + DAY, (), MORNING + 2 * DAY, judged=True)
    assert morning is not None
    assert (morning.put_off, morning.waiting, morning.kept) == (1, 0, True)
    assert (last_day.put_off, last_day.kept) == (0, False)
