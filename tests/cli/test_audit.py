"""The audit of a whole installation: what is stored is what the log tells, and the commands say so."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import head
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.db.tables import event, letter
from dondoc.flows.delivery import operator_decisions
from dondoc.flows.records.audit import audit
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.cli_office import Office
from tests.support.log_tampering import unguarded
from tests.support.story_stage import Stage, mail_to


@pytest.fixture
def stage(database: Engine, sink: Mailsink) -> Stage:
    """Two nights with their deliveries: cases were opened, climbed and closed, letters arrived."""
    played = Stage.set(database, sink)
    played.night("2015-04-20")
    played.night("2015-04-25")
    return played


def test_everything_that_happened_is_in_the_log(stage: Stage) -> None:
    """Imports, rules, cases, nights, and each letter from its planning to its end; all of it as it is stored."""
    with reading(stage.engine) as conn:
        kinds = set(conn.scalars(select(event.c.kind)))
        audited = audit(conn)
    assert kinds >= {"imported", "rules-changed", "case-opened", "case-climbed", "case-closed", "night-judged"}
    assert kinds >= {"letter-planned", "letter-sent"}
    assert audited.flaws == ()
    assert audited.proof.head.number == audited.proof.whole_until > 30


def test_the_operators_letter_carries_the_head_out_of_the_house(stage: Stage) -> None:
    """What an attacker on the machine cannot reach any more: the hash of everything before the night."""
    with reading(stage.engine) as conn:
        before = head(conn)
    digits = " ".join(before.hash[at : at + 8] for at in range(0, 64, 8))
    said = " ".join(mail_to(stage.night("2015-05-07"), "vanhanh").text.split())
    assert f"trước đêm này có {before.number} mục, mã mục cuối {digits}" in said
    with reading(stage.engine) as conn:
        assert audit(conn, before.hash).flaws == ()
        (flaw,) = audit(conn, "f" * 64).flaws
    assert "không mục nào mang mã đã cất" in flaw.vi


CHANGED = {
    "a letter's bytes": ("UPDATE letter SET mime = '\\x41' WHERE id = {letter}", "nội dung"),
    "a letter's state": ("UPDATE letter SET state = 'dropped' WHERE id = {letter}", "trạng thái dropped"),
    "a case closed by hand": (
        "UPDATE case_file SET status = 'closed' WHERE code = 'LN15-0001'",
        "hồ sơ LN15-0001 không như trong sổ",
    ),
    "a night held by hand": ("UPDATE night SET state = 'held'", "đêm không như trong sổ"),
    "a night with other rules": ("UPDATE night SET rules_sha256 = 'x'", "đêm không như trong sổ"),
}


@pytest.mark.parametrize(("statement", "said"), CHANGED.values(), ids=CHANGED)
def test_what_was_changed_beside_the_log_is_named(stage: Stage, statement: str, said: str) -> None:
    """The log is whole, and what is stored differs from it: letter, case and night are named."""
    with writing(stage.engine) as conn:
        first = conn.scalar(select(letter.c.id).order_by(letter.c.id).limit(1))
        conn.execute(text(statement.replace("{letter}", f"'{first}'")))
    with reading(stage.engine) as conn:
        audited = audit(conn)
    assert audited.proof.flaws == ()
    assert any(said in flaw.vi for flaw in audited.differences), audited.differences


def test_a_letter_put_in_by_hand_is_named(stage: Stage) -> None:
    """A letter that no night planned, ready to be sent."""
    with writing(stage.engine) as conn:
        copy = dict(conn.execute(select(letter).limit(1)).mappings().one())
        conn.execute(insert(letter).values(copy | {"id": "x", "office": "x", "message_id": "<x@example.vn>"}))
    with reading(stage.engine) as conn:
        (flaw,) = audit(conn).flaws
    assert (flaw.number, flaw.vi) == (0, "thư x không có trong sổ")


def test_a_tail_that_is_cut_off_leaves_letters_nobody_planned(stage: Stage) -> None:
    """Even without a head that was kept, what is stored tells of what the log no longer has."""
    unguarded(stage.engine)
    with writing(stage.engine) as conn:
        last = head(conn).number
        conn.execute(text(f"DELETE FROM event WHERE entry > {last - 30}"))
        conn.execute(text(f"DELETE FROM log_entry WHERE number > {last - 30}"))
    with reading(stage.engine) as conn:
        audited = audit(conn)
    assert audited.proof.flaws == ()
    assert audited.differences


def test_what_the_operator_decides_is_in_the_log_with_who_did_it(database: Engine, sink: Mailsink) -> None:
    """A letter of unknown fate that is found delivered: the log tells of both, and of the operator."""
    stage = Stage.set(database, sink)
    stage.night("2015-04-20")
    with writing(database) as conn:
        first = conn.scalar(select(letter.c.id).order_by(letter.c.id).limit(1))
        conn.execute(letter.update().where(letter.c.id == first).values(state=LetterState.UNKNOWN))
    operator_decisions.arrived(database, [str(first)], datetime.now(UTC))
    with reading(database) as conn:
        notified = conn.scalars(select(event.c.detail).where(event.c.kind == "letter-sent")).all()
        assert json.dumps({"by": "operator", "letter": first}, separators=(",", ":")) in notified
        assert audit(conn).flaws == ()


def test_the_commands_verify_list_and_export(office: Office) -> None:
    """As an inspector would ask: whole or not, the last events, a file whose hashes can be made by hand."""
    office.holds_the_examples()
    whole = office.dondoc("audit", "verify")
    assert (whole.code, whole.err) == (0, "")
    assert "nguyên vẹn đến mục 1." in whole.out
    kept = whole.out.split()[-1]
    listed = office.dondoc("audit", "list", "--kind", "imp", "--last", "2")
    assert "nạp dữ liệu (imported)" in listed.out
    assert listed.out.endswith("2 sự kiện.\n")
    assert office.dondoc("audit", "export", "log.jsonl").code == 0
    lines = (office.folder / "log.jsonl").read_bytes().splitlines(keepends=True)
    assert sha256(lines[-1]).hexdigest() == kept
    assert json.loads(lines[-1])["events_sha256"] == sha256(b"".join(lines[:-1])).hexdigest()
    assert office.dondoc("audit", "export", "log.csv").code == 0
    with (office.folder / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(lines)
    assert rows[1][3:5] == ["nạp dữ liệu", "imported"]
    for name in ("log.csv", "log.txt"):
        assert office.dondoc("audit", "export", name).code == 2
    engine = connect(f"sqlite:///{office.database}")
    unguarded(engine)
    with writing(engine) as conn:
        conn.execute(text("UPDATE event SET kind = 'exported' WHERE position = 3"))
    broken = office.dondoc("audit", "verify", "--head", f"{kept[:8]} {kept[8:]}")
    assert broken.code == 1
    assert broken.err.startswith("mục 1: sự kiện đã bị sửa")
    assert "nguyên vẹn đến mục 0." in broken.out
    said = json.loads(office.dondoc("audit", "verify", "--json").out)
    assert (said["whole_until"], [flaw["number"] for flaw in said["flaws"]]) == (0, [1])
    assert office.dondoc("audit", "export", "broken.jsonl").code == 1


def test_an_export_names_no_mailbox_of_a_person(stage: Stage, tmp_path: Path) -> None:
    """Offices by their ids, letters by theirs: what is exported can be handed on."""
    with reading(stage.engine) as conn:
        details = " ".join(conn.scalars(select(event.c.detail).where(event.c.kind != "letter-sent")))
    assert "@" not in details
