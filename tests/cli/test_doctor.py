"""`dondoc doctor` says of each thing a night stands on how it stands, and what to do."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, text

from dondoc.engine.domain.terms import NightState
from dondoc.engine.store.db import schema_version
from dondoc.engine.store.db.database import connect, writing
from dondoc.engine.store.db.tables import metadata, night
from dondoc.engine.store.intake.pulls import Pull, record
from dondoc.flows.cli.install import _code
from dondoc.flows.config.settings import load
from dondoc.flows.doctor import Diagnosis, Grade, examine, machine
from dondoc.flows.doctor.database import database
from dondoc.flows.doctor.diagnosis import Topic
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.cli_office import Office
from tests.support.scripted_server import Scripted, serving
from tests.support.story_stage import _mail, flat
from tests.support.town import ROOT, Town

# Ten in the morning of a Wednesday, in Vietnam.
NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
# What a service says nothing of that has not set it up.
NOT_SET_UP = {
    Topic.ANSWERS,
    Topic.DRILL,
    Topic.JOURNAL,
    Topic.SENDER,
    Topic.SOURCES,
    Topic.PARTITIONS,
    Topic.PAGES,
}


def surroundings(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a service whose rules are the project's and whose database is in a folder."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    given = {"database": f"sqlite:///{folder / 'dondoc.db'}", "rules": str(folder / "rules"), "smtp_tls": "plain"}
    return {f"DONDOC_{key.upper()}": value for key, value in (given | settings).items()}


def by_topic(answers: Iterator[Diagnosis]) -> dict[Topic, Diagnosis]:
    """The gravest answer of each topic."""
    order = list(Grade)
    found: dict[Topic, Diagnosis] = {}
    for answer in answers:
        if answer.topic not in found or order.index(answer.grade) > order.index(found[answer.topic].grade):
            found[answer.topic] = answer
    return found


def test_a_service_that_is_well(tmp_path: Path, sink: Mailsink) -> None:
    """Everything is answered, nothing is wrong, and what is worth a look says what to do."""
    given = surroundings(tmp_path, smtp_port=str(sink.port))
    engine = connect(given["DONDOC_DATABASE"])
    schema_version.upgrade(engine)
    engine.dispose()
    found = by_topic(examine(given, NOW))
    assert {topic for topic, answer in found.items() if answer.grade is Grade.WRONG} == set()
    assert {topic for topic, answer in found.items() if answer.grade is Grade.LOOK} == {Topic.MAIL, Topic.SIGNS}
    assert all(answer.remedy for answer in found.values() if answer.grade is Grade.LOOK)
    assert set(found) == set(Topic) - NOT_SET_UP


def test_sources_are_asked_of_what_was_written_down(tmp_path: Path) -> None:
    """Never heard, heard lately, heard too long ago: the same as a night would find; none of them is called."""
    given = surroundings(tmp_path)
    text_ = "version: 1\nsources:\n  drop: {title: {vi: Chung, en: It}, folder: none, stale_after: 2 hours}\n"
    (tmp_path / "rules" / "sources.yaml").write_text(text_, "utf-8")
    engine = connect(given["DONDOC_DATABASE"])
    schema_version.upgrade(engine)
    grades = [by_topic(examine(given, NOW))[Topic.SOURCES]]
    with writing(engine) as conn:
        record(conn, Pull("drop", NOW, added=1))
    engine.dispose()
    (tmp_path / "none").mkdir()
    (tmp_path / "rules" / "sources.yaml").write_text(
        text_.replace("folder: none", f"folder: {tmp_path / 'none'}"), "utf-8"
    )
    grades += [by_topic(examine(given, NOW + timedelta(hours=n)))[Topic.SOURCES] for n in (1, 2)]
    assert [answer.grade for answer in grades] == [Grade.LOOK, Grade.GOOD, Grade.LOOK]
    assert ["dondoc pull" in answer.remedy for answer in grades] == [True, False, True]


@pytest.mark.parametrize(("there", "grade"), [(True, Grade.GOOD), (False, Grade.WRONG)])
def test_the_journal_is_looked_into(tmp_path: Path, sink: Mailsink, grade: Grade, *, there: bool) -> None:
    """Where there is one it can be read, or it is told before a letter depends on it."""
    place = tmp_path / "journal"
    for folder in ("new", "cur") if there else ():
        (place / folder).mkdir(parents=True)
    given = surroundings(
        tmp_path, smtp_port=str(sink.port), journal_address="nhatky@example.vn", journal_maildir=str(place)
    )
    assert by_topic(examine(given, NOW))[Topic.JOURNAL].grade is grade


def test_the_drill_says_what_it_is(tmp_path: Path, sink: Mailsink) -> None:
    """One letter to the operator, marked as a drill in subject and text; nothing is stored in the outbox."""
    given = surroundings(tmp_path, smtp_port=str(sink.port))
    assert by_topic(examine(given, NOW, "operator"))[Topic.DRILL].grade is Grade.GOOD
    (path,) = sink.folder.rglob("*.eml")
    mail = _mail(path.read_bytes())
    assert mail.to == "vanhanh@example.vn"
    assert mail.subject.startswith("DIỄN TẬP / DRILL")
    assert "DIỄN TẬP: đây là thư thử" in flat(mail)
    assert not (tmp_path / "dondoc.db").exists()


def test_a_drill_keeps_to_the_allowed_domains(tmp_path: Path, sink: Mailsink) -> None:
    """Not even a drill leaves for elsewhere."""
    given = surroundings(tmp_path, smtp_port=str(sink.port))
    answer = by_topic(examine(given, NOW, "someone@elsewhere.example"))[Topic.DRILL]
    assert answer.grade is Grade.WRONG
    assert "allowed_domains" in answer.remedy
    assert list(sink.folder.rglob("*.eml")) == []


_OPEN = {"EHLO": "250-scripted\n250 AUTH PLAIN", "AUTH": "235 2.7.0 welcome"}


@pytest.mark.parametrize(
    ("answers", "said", "code"),
    [
        ({"EHLO": "250 scripted"}, "không chấp nhận cấu hình", 2),
        ({"BANNER": "421 4.3.2 not now"}, "chưa nhận", 4),
        (
            _OPEN | {"RCPT": "550 5.1.0 Sender address rejected: User unknown"},
            "không chấp nhận cấu hình",
            2,
        ),
        (_OPEN | {"RCPT": "550 relay not permitted"}, "không chấp nhận cấu hình", 2),
        (_OPEN | {"RCPT": "550 5.1.1 no such mailbox"}, "bị từ chối", 3),
        ({"EHLO": "250-scripted\n250 AUTH PLAIN", "AUTH": "535 5.7.8 wrong password"}, "5.7.8 wrong password", 2),
    ],
    ids=[
        "a server that knows no passwords",
        "a server that is busy",
        "a server that knows no such sender",
        "a server that does not relay",
        "an operator without a mailbox",
        "a wrong password",
    ],
)
def test_a_mail_server_in_the_way(tmp_path: Path, answers: dict[str, str], said: str, code: int) -> None:
    """In the server's own words, without the password, and with the exit code of what helps."""

    async def examined() -> list[Diagnosis]:
        async with serving(Scripted(answers)) as port:
            given = surroundings(
                tmp_path, smtp_port=str(port), smtp_username="dondoc", smtp_password="canary-password"
            )
            return await asyncio.to_thread(lambda: list(examine(given, NOW)))

    found = asyncio.run(examined())
    (answer,) = [each for each in found if each.topic is Topic.SERVER]
    assert said in answer.said
    assert answer.remedy
    assert _code(found) == code
    assert "canary" not in repr(found)


@contextmanager
def stored(url: str) -> Iterator[Engine]:
    """A database of this version."""
    engine = connect(url)
    schema_version.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "topic", "grade", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", Topic.SCHEMA, Grade.WRONG, "Nâng cấp chương trình"),
        ("UPDATE alembic_version SET version_num = '0001'", Topic.SCHEMA, Grade.LOOK, "cũ hơn chương trình"),
    ],
    ids=["a schema newer than the program", "a schema older than the program"],
)
def test_the_schema(tmp_path: Path, statement: str, topic: Topic, grade: Grade, said: str) -> None:
    """Each with its remedy; the older one is left as it is."""
    url = f"sqlite:///{tmp_path / 'dondoc.db'}"
    with stored(url) as engine, writing(engine) as conn:
        conn.execute(text(statement))
    answer = by_topic(database(load({"DONDOC_DATABASE": url}), NOW))[topic]
    assert answer.grade is grade
    assert said in answer.said
    assert answer.remedy or "Nâng cấp" in answer.said


@pytest.mark.parametrize(
    ("behind", "state", "topic", "grade"),
    [
        (timedelta(days=0), NightState.OK, Topic.NIGHT, Grade.GOOD),
        (timedelta(days=0), NightState.DEGRADED, Topic.NIGHT, Grade.LOOK),
        (timedelta(days=2), NightState.OK, Topic.NIGHT, Grade.LOOK),
        (timedelta(days=-3), NightState.OK, Topic.CLOCK, Grade.WRONG),
    ],
    ids=["the night of today", "a night to look at", "two nights missing", "a clock before the latest night"],
)
def test_the_latest_night(
    postgres: Engine, behind: timedelta, state: NightState, topic: Topic, grade: Grade
) -> None:
    """Asked of a real PostgreSQL, whose clock is compared with ours as well."""
    now = datetime.now(UTC).replace(hour=4)
    metadata.drop_all(postgres)
    schema_version.upgrade(postgres)
    with writing(postgres) as conn:
        conn.execute(
            night.insert().values(
                as_of=now.date() - behind,
                state=state,
                cutoff=now,
                rules_sha256="0" * 64,
                telling=True,
                baseline=False,
                summary='{"counts": {}, "lines": []}',
            )
        )
    url = postgres.url.render_as_string(hide_password=False)
    assert by_topic(database(load({"DONDOC_DATABASE": url}), now))[topic].grade is grade


def test_the_first_night_on_old_data_is_a_baseline(tmp_path: Path) -> None:
    """Before it, the remedy is never a plain night, which would write of everything that is overdue."""
    given = surroundings(tmp_path)
    engine = connect(given["DONDOC_DATABASE"])
    schema_version.upgrade(engine)
    Town(engine).founded_here()
    engine.dispose()
    answer = by_topic(examine(given, NOW))[Topic.NIGHT]
    assert (answer.grade, "dondoc nightly --plain --baseline" in answer.remedy) == (Grade.LOOK, True)


def test_rules_that_are_refused(tmp_path: Path) -> None:
    """The first problem is shown with its place, the rest is counted."""
    given = surroundings(tmp_path)
    ladders = tmp_path / "rules" / "ladders.yaml"
    ladders.write_text(ladders.read_text("utf-8").replace("steps:", "step:"), "utf-8")
    found = list(examine(given, NOW))
    answer = next(each for each in found if each.topic is Topic.RULES)
    assert "ladders.yaml:" in answer.said
    assert "dondoc check" in answer.remedy


@pytest.mark.parametrize(
    ("now", "grade"),
    [(NOW, Grade.GOOD), (NOW + timedelta(days=350), Grade.LOOK), (NOW + timedelta(days=800), Grade.WRONG)],
    ids=["a year ahead", "a month ahead", "past its end"],
)
def test_how_far_the_calendar_reaches(tmp_path: Path, now: datetime, grade: Grade) -> None:
    """Three months before its end it is worth a look, afterwards every night would be refused."""
    assert by_topic(examine(surroundings(tmp_path), now))[Topic.CALENDAR].grade is grade


@pytest.mark.parametrize(
    ("free", "grade"),
    [(10**10, Grade.GOOD), (10**9, Grade.LOOK), (10**8, Grade.WRONG)],
    ids=["10 GB", "1 GB", "100 MB"],
)
def test_the_room_on_the_disk(monkeypatch: pytest.MonkeyPatch, free: int, grade: Grade) -> None:
    """Only the answer of the system is replaced: no disk of a test is full."""
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert machine.disk(load({})).grade is grade


@pytest.mark.parametrize(
    ("sign", "hours", "grade"),
    [("success", 1, Grade.GOOD), ("success", 48, Grade.LOOK), ("fail", 1, Grade.WRONG)],
    ids=["an hour ago", "two days ago", "failed"],
)
def test_the_last_sign_of_life(tmp_path: Path, sign: str, hours: int, grade: Grade) -> None:
    """Read from its file; the other run has given none yet, which is worth a look."""
    said = {"sign": sign, "at": (NOW - timedelta(hours=hours)).isoformat()}
    for run in ("nightly", "deliver"):
        (tmp_path / f"{run}.json").write_text(json.dumps(said))
    given = surroundings(tmp_path, heartbeat_folder=str(tmp_path))
    assert by_topic(examine(given, NOW))[Topic.SIGNS].grade is grade


def test_settings_that_are_refused(office: Office) -> None:
    """The machine is looked at all the same, the key is named with the one that was meant, the call was wrong."""
    (office.folder / "dondoc.toml").write_text('databse = "sqlite:///x.db"\n')
    ran = office.dondoc("doctor")
    assert ran.code == 2
    assert "không có thiết lập «databse»; có phải «database»?" in ran.out
    assert "durable_rules" in ran.out


def test_a_database_out_of_reach(office: Office) -> None:
    """Said with the remedy, without the password; a program gets the same as JSON."""
    url = "postgresql://dondoc:canary-password@127.0.0.1:9/dondoc"
    ran = office.dondoc("doctor", "--json", database=url)
    assert ran.code == 4
    (answer,) = [each for each in json.loads(ran.out) if each["topic"] == "database"]
    assert answer["grade"] == "wrong"
    assert "Kiểm tra địa chỉ, mật khẩu" in answer["said"]
    assert "canary" not in ran.out + ran.err
