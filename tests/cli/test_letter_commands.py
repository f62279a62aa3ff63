"""`dondoc deliver` and `dondoc outbox`: what they answer, with which exit code, and where the letters are then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from typer.testing import CliRunner, Result

from dondoc.engine.domain.terms import LetterState, NightState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.tables import letter
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.cli.program import program
from dondoc.flows.night.steps import as_of_for, cutoff_of
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.planned_letters import NIGHT, planned
from tests.support.ports import free_port
from tests.support.ready_databases import upgrade
from tests.support.scripted_server import DROP, Scripted, played_beside
from tests.support.town import ROOT, rules


@dataclass(frozen=True)
class Service:
    """A service with its settings and its database."""

    engine: Engine
    environment: Mapping[str, str]

    def runs(self, *words: str, **settings: str) -> Result:
        """One command; `settings` in place of its own."""
        more = {f"DONDOC_{key.upper()}": value for key, value in settings.items()}
        return CliRunner().invoke(program(words), words, env={**self.environment, **more})

    def plans(self, *offices: str, hours: float = 24, held: bool = False) -> None:
        """Letters that are due since a minute."""
        due = datetime.now(UTC) - timedelta(minutes=1)
        with audited(self.engine) as tx:
            given = {"recipient": "baodai@example.vn", "due": due, "hours": hours, "held": held}
            outbox.enqueue(tx, [planned(office, **given) for office in offices])  # type: ignore[arg-type]

    def judged(self, night: date) -> None:
        """A night has run."""
        with audited(self.engine) as tx:
            book = rules()
            nights.write_night(tx, book, Night(night, cutoff_of(night)), NightState.OK, {})

    def states(self) -> dict[str, LetterState]:
        """Where the letter of each office stands."""
        with reading(self.engine) as conn:
            return dict(conn.execute(select(letter.c.office, letter.c.state)).tuples().all())


@pytest.fixture
def service(tmp_path: Path, sink: Mailsink) -> Iterator[Service]:
    """A service whose mail server takes every letter."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    yield Service(
        engine,
        {
            "DONDOC_DATABASE": url,
            "DONDOC_RULES": str(ROOT / "rules"),
            "DONDOC_SMTP_HOST": "127.0.0.1",
            "DONDOC_SMTP_PORT": str(sink.port),
            "DONDOC_SMTP_TLS": "plain",
        },
    )
    engine.dispose()


def test_a_delivery_of_every_letter_is_fine(service: Service) -> None:
    """0, and the sentence counts them."""
    service.plans("unit.a", "unit.b")
    ran = service.runs("deliver", "--plain")
    assert (ran.exit_code, "đã giao 2" in ran.output) == (0, True)
    assert set(service.states().values()) == {LetterState.SENT}


@pytest.mark.parametrize("words", [("deliver", "--plain"), ("outbox", "release", "2015-04-20")])
def test_a_new_database_is_made_ready_first(service: Service, tmp_path: Path, words: tuple[str, ...]) -> None:
    """There is no letter in it: nothing to deliver, and nothing that waits."""
    ran = service.runs(*words, database=f"sqlite:///{tmp_path / 'new.db'}")
    assert ran.exit_code == (0 if words[0] == "deliver" else 2)
    assert "giao 0" in ran.output or "Không có thư nào đang chờ" in ran.stderr


def test_a_delivery_for_a_program_has_the_same_counts(service: Service) -> None:
    """Every field of the report, by name."""
    service.plans("unit.a")
    said = json.loads(service.runs("deliver", "--plain", "--json").stdout)
    assert (said["sent"], said["remaining"], said["halt"], said["journal_fault"]) == (1, 0, None, "")


def test_a_server_that_is_away_is_tried_later(service: Service) -> None:
    """4: nothing is lost, and the letter waits."""
    service.plans("unit.a")
    ran = service.runs("deliver", "--plain", smtp_port=str(free_port()))
    assert (ran.exit_code, "Không kết nối được máy chủ thư" in ran.output) == (4, True)
    assert service.states() == {"unit.a": LetterState.READY}


def test_a_refused_letter_needs_a_person_though_it_is_passed_on(service: Service) -> None:
    """3: the same letter is planned for the operator."""
    service.plans("unit.a")
    with played_beside(Scripted({"RCPT": "550 5.1.1 unknown|250 ok"})) as port:
        ran = service.runs("deliver", "--plain", smtp_port=str(port))
    assert (ran.exit_code, "trả lại 1" in ran.output) == (3, True)
    with reading(service.engine) as conn:
        recipients = conn.scalars(select(letter.c.recipient).order_by(letter.c.part)).all()
    assert recipients == ["baodai@example.vn", "vanhanh@example.vn"]
    assert service.states()["unit.a"] is not LetterState.SENT


def test_a_letter_that_the_journal_has_at_once_is_in_no_doubt(service: Service, tmp_path: Path) -> None:
    """The server takes it, files it in the journal and hangs up before it says so."""
    service.plans("unit.a")
    for place in ("new", "cur"):
        (tmp_path / "journal" / place).mkdir(parents=True)
    (tmp_path / "journal" / "new" / "1").write_text(f"Message-ID: {planned('unit.a').message_id}\n\n", "utf-8")
    with played_beside(Scripted({"DOT": DROP})) as port:
        ran = service.runs(
            *("deliver", "--plain"),
            smtp_port=str(port),
            journal_address="nhatky@example.vn",
            journal_maildir=str(tmp_path / "journal"),
        )
    assert (ran.exit_code, "chưa rõ 0" in ran.output, "1 thư chưa rõ đã tới" in ran.output) == (0, True, True)


def test_a_letter_too_old_needs_a_person(service: Service) -> None:
    """3: its reader is told by the next night, and somebody should see why it waited."""
    service.plans("unit.a", hours=0)
    ran = service.runs("deliver", "--plain")
    assert (ran.exit_code, "hết hạn 1" in ran.output) == (3, True)


def test_a_night_that_did_not_run_needs_a_person(service: Service) -> None:
    """3, with its date; after a night of today 0."""
    tonight = as_of_for(datetime.now(UTC))
    service.judged(tonight - timedelta(days=3))
    ran = service.runs("deliver", "--plain")
    assert (ran.exit_code, "chưa chạy" in ran.output) == (3, True)
    service.judged(datetime.now(UTC).date() + timedelta(days=1))
    assert service.runs("deliver", "--plain").exit_code == 0


def test_a_journal_that_cannot_be_read_needs_a_person(service: Service, tmp_path: Path) -> None:
    """3: the letters left, and what is in doubt stays in doubt."""
    service.plans("unit.a")
    with writing(service.engine) as conn:
        doubtful = {"state": LetterState.UNKNOWN, "dot_at": datetime.now(UTC), "journaled": True}
        conn.execute(update(letter).values(doubtful))
    ran = service.runs(
        "deliver", "--plain", journal_address="nhatky@example.vn", journal_maildir=str(tmp_path / "not-mounted")
    )
    assert (ran.exit_code, "Không đọc được nhật ký thư" in ran.output) == (3, True)


def test_what_is_not_delivered_is_listed_with_its_state(service: Service) -> None:
    """For people a line each, for programs every field."""
    service.plans("unit.a", held=True)
    ran = service.runs("outbox", "list")
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (0, "1 thư chưa giao xong.")
    assert "20/04/2015 held unit.a baodai@example.vn" in ran.output
    (one,) = json.loads(service.runs("outbox", "list", "--json").stdout)
    assert (one["office"], one["state"], one["night"]) == ("unit.a", "held", "2015-04-20")


@pytest.mark.parametrize(
    ("command", "becomes", "said"),
    [
        ("release", LetterState.READY, "sẽ đi ở lượt gửi tới"),
        ("drop", LetterState.DROPPED, "đã bỏ, coi như chưa ai được báo"),
    ],
)
def test_a_held_night_is_released_or_dropped(
    service: Service, command: str, becomes: LetterState, said: str
) -> None:
    """Once; a second time no letter of the night waits, which is a wrong call."""
    service.plans("unit.a", "unit.b", held=True)
    ran = service.runs("outbox", command, f"{NIGHT}")
    assert (ran.exit_code, said in ran.output) == (0, True)
    assert service.states() == dict.fromkeys(("unit.a", "unit.b"), becomes)
    again = service.runs("outbox", command, f"{NIGHT}")
    assert (again.exit_code, "Không có thư nào đang chờ như vậy" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("command", "becomes", "said"),
    [
        ("retry", LetterState.READY, "sẽ gửi lại ở lượt gửi tới"),
        ("arrived", LetterState.SENT, "được ghi là đã tới"),
    ],
)
def test_a_letter_of_unknown_fate_is_sent_again_or_has_arrived(
    service: Service, command: str, becomes: LetterState, said: str
) -> None:
    """The one that is named; an id of none is a wrong call and changes nothing."""
    service.plans("unit.a", "unit.b")
    with writing(service.engine) as conn:
        conn.execute(update(letter).values(state=LetterState.UNKNOWN, dot_at=letter.c.planned_at))
    ran = service.runs("outbox", command, planned("unit.a").id[:12])
    assert (ran.exit_code, said in ran.output) == (0, True)
    assert service.states() == {"unit.a": becomes, "unit.b": LetterState.UNKNOWN}
    assert service.runs("outbox", command, "zz").exit_code != 0
    assert service.states()["unit.b"] is LetterState.UNKNOWN
