"""What is held on a mailbox is said, and forgotten with a basis; the log stays proven and never repeats it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from typer.testing import CliRunner

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.retention.held import held, subject
from dondoc.flows.cli.forgetting import _NOTHING
from dondoc.flows.cli.program import program
from dondoc.flows.data.importer import bring_in
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.audit import audit
from dondoc.flows.records.forgetting import StillNeeded, forgotten
from dondoc.notifications.delivery import outbox
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.planned_letters import DUE, planned
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Stage
from tests.support.town import ROOT, Town

UNIT = "ln.ubnd_xa.bao_dai"
BASIS = "Công văn 12/VP"
NEW_BOX = """unit,role,address,languages,from
{unit},registry,vanthu.moi@example.vn,vi,2015-01-01
"""


@pytest.mark.long
def test_a_mailbox_is_forgotten_once_there_is_another_one(
    database: Engine, sink: Mailsink, tmp_path: Path
) -> None:
    """Refused while open cases need it; then gone from every table, and the audit is green."""
    stage = Stage.set(database, sink)
    stage.night("2015-04-20")
    with reading(database) as conn:
        address = str(conn.scalar(select(t.letter.c.recipient).where(t.letter.c.office == UNIT)))
        about = subject(conn, address.upper())
        assert about is not None
        assert {one.table for one in held(conn, about)} == {"mailbox", "letter", "delivery_attempt"}
    today = date(2015, 4, 21)
    with pytest.raises(StillNeeded, match=rf"{UNIT} \(1\).*import a replacement in mailboxes.csv"):
        forgotten(database, address, BASIS, today)
    sheet = tmp_path / "mailboxes.csv"
    sheet.write_text(NEW_BOX.format(unit=UNIT), "utf-8")
    assert not bring_in(database, sheet, datetime.now(UTC)).rejects
    with pytest.raises(CallRefused, match="without the address"):
        forgotten(database, address, f"asked by {address}", today)
    done, _ = forgotten(database, address, BASIS, today)
    assert (done.mailboxes, done.letters, done.attempts) == (1, 1, 1)
    with reading(database) as conn:
        assert held(conn, about) == []
        for table in t.metadata.sorted_tables:
            for row in conn.execute(select(table)):
                assert address not in str(tuple(row)), table.name
        said = json.loads(conn.scalars(select(t.event.c.detail).where(t.event.c.kind == "forgotten")).one())
        assert audit(conn).flaws == ()
    assert said == {"basis": BASIS, "mailboxes": "1", "letters": "1", "attempts": "1"}
    with writing(database) as conn:
        conn.execute(text("UPDATE letter SET recipient = ''"))
    with reading(database) as conn:
        assert any("without a mailbox, unlike the log" in flaw.en for flaw in audit(conn).flaws)


def test_the_words_of_a_server_are_logged_without_the_address(sqlite: Engine) -> None:
    """The log is for good: what a server repeats of the mailbox does not go into it."""
    with audited(sqlite) as tx:
        outbox.enqueue(tx, [planned()])
    with writing(sqlite) as conn:
        (mine,) = outbox.claim(conn, "a relay", DUE, 1, outbox.timedelta(minutes=5))
    refused = outbox.Settlement(LetterState.DEAD, "rcpt", 550, "5.1.1", "<BaoDai@example.org>: unknown", DUE, DUE)
    with audited(sqlite) as tx:
        assert outbox.settle(tx, mine, refused)
    with reading(sqlite) as conn:
        details = " ".join(conn.scalars(select(t.event.c.detail)))
        assert conn.scalar(select(t.letter.c.reply)) == "<BaoDai@example.org>: unknown"
    assert "<…>: unknown" in details
    assert "baodai@" not in details.lower()


def test_as_typed_it_says_what_is_held_and_forgets_it(tmp_path: Path) -> None:
    """Tables, counts and days, never a body; a letter that waits is decided first, and no word is guessed."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    Town(engine).founded_here()
    letter = planned(recipient="mot-lan@example.org", held=True)
    with audited(engine) as tx:
        outbox.enqueue(tx, [letter])

    def ran(*words: str) -> tuple[int, str]:
        environment = {"DONDOC_RULES": str(ROOT / "rules"), "DONDOC_DATABASE": url}
        done = CliRunner().invoke(program(), [*words], env=environment)
        return done.exit_code, done.output

    assert ran("held", "mot-lan@example.org") == (0, "letter: 1, 20/04/2015\n")
    units = dict(line.split(": ", 1) for line in ran("held", UNIT)[1].splitlines())
    assert units["letter"] == "1, 20/04/2015"
    assert {"unit", "unit_name", "relation", "mailbox"} <= units.keys()
    code, out = ran("forget", "mot-lan@example.org", "--basis", BASIS)
    assert (code, "1 thư đến đó chưa xong" in out) == (1, True)
    with audited(engine) as tx:
        outbox.decide(tx, [letter.id], LetterState.DROPPED, DUE)
    code, out = ran("forget", "mot-lan@example.org", "--basis", BASIS)
    assert (code, out.startswith("Đã xóa 0 hộp thư; 1 thư không còn nội dung")) == (0, True), out
    assert ran("held", "mot-lan@example.org") == (0, f"{_NOTHING}\n")
    code, out = ran("held", "ln.nowhere")
    assert (code, "neither a mail address nor the id of a unit" in out) == (2, True)
    engine.dispose()
