"""No secret comes out: not in what any command says, not in what it leaves behind, not when things go wrong.

Four secrets, each with a canary in it: the database's password, the mail password, the file it may lie in, and the
address of the heartbeat. Whatever is printed, raised, stored or written is searched for them, as they are and as
SMTP says them (base64).
"""

from __future__ import annotations

import os
import subprocess
import time
import traceback
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from dondoc.engine.store.db.database import reading
from dondoc.engine.store.db.tables import metadata
from dondoc.flows.cli import program
from dondoc.flows.cli.console import WRONG_CALL
from dondoc.flows.config import settings
from dondoc.flows.records.metrics_endpoint import exposed
from dondoc.flows.scheduler import direct
from dondoc.notifications.delivery.breaker import Halt
from dondoc.notifications.letter.build import due_from
from tests.support.cli_office import DONDOC, Office
from tests.support.ports import free_port
from tests.support.scripted_server import Scripted, played_beside

NIGHT = date(2015, 4, 20)
DATABASE, MAIL, FILED, HEART = "canary-database-q7zk", "canary-mail-q7zk", "canary-filed-q7zk", "canary-heart-q7zk"
USER = "dondoc@example.vn"
# Each as itself, and as AUTH LOGIN and AUTH PLAIN put it on the wire.
SECRETS = (
    *("canary-", "q7zk"),
    *(b64encode(text.encode()).decode() for text in (MAIL, FILED, f"\0{USER}\0{MAIL}", f"\0{USER}\0{FILED}")),
)


def clean(where: str, text: str) -> None:
    """Fails when a secret stands in the text."""
    for secret in SECRETS:
        assert secret not in text, f"{where}: {text[max(0, text.index(secret) - 200) :][:400]}"


@dataclass(frozen=True)
class Place:
    """A folder where commands run in this process, with secrets in their environment."""

    folder: Path
    environment: Mapping[str, str]

    def runs(self, *words: str, **more: str) -> int:
        """The command's exit code; what it said, and the whole story of an error it did not expect, is clean."""
        ran = CliRunner().invoke(program.program(), list(words), env={**self.environment, **more})
        clean(" ".join(words), ran.output)
        if ran.exc_info is not None:
            story = "".join(traceback.format_exception(*ran.exc_info))
            clean(f"the error of {' '.join(words)}", story)
            assert isinstance(ran.exception, SystemExit | None), story
        return ran.exit_code


@pytest.fixture
def place(postgres: Engine, office: Office, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An office on PostgreSQL; nothing listens where its heartbeat and its mail go."""
    monkeypatch.chdir(office.folder)
    metadata.drop_all(postgres)  # the commands make the tables themselves
    url = postgres.url.set(drivername="postgresql", username="postgres", password=DATABASE)
    return Place(
        office.folder,
        {
            "DONDOC_DATABASE": url.render_as_string(hide_password=False),
            "DONDOC_SMTP_TLS": "plain",
            "DONDOC_SMTP_PORT": "1",
            "DONDOC_SMTP_USERNAME": USER,
            "DONDOC_SMTP_PASSWORD": MAIL,
            "DONDOC_HEARTBEAT_URL": f"http://127.0.0.1:1/{HEART}",
            "DONDOC_HEARTBEAT_FOLDER": "beats",
            "DONDOC_METRICS_FOLDER": "numbers",
            "DONDOC_LOG": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
            "OTEL_EXPORTER_OTLP_HEADERS": f"authorization={HEART}",
        },
    )


@pytest.mark.long
def test_a_whole_day_gives_no_secret_away(
    place: Place, postgres: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command, a night, deliveries to a server that repeats the password: output, rows, files are clean."""
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    place.runs("import", "examples")
    place.runs("nightly", "--plain", "--as-of", "2015-04-20")
    notified = f"535 5.7.8 {MAIL} {b64encode(f'{chr(0)}{USER}{chr(0)}{MAIL}'.encode()).decode()} is wrong"
    with played_beside(Scripted({"EHLO": "250-x\n250 AUTH PLAIN LOGIN", "AUTH": notified})) as port:
        monkeypatch.setenv("DONDOC_SMTP_PORT", str(port))
        report = direct.deliver(lambda: due_from(NIGHT))
    assert report.halt is Halt.MISCONFIGURED
    assert "***" in report.message, "the server's words came through, without the password"
    clean("the delivery", repr(report))
    monkeypatch.setenv("DONDOC_SMTP_PORT", "1")
    for words in (
        ("status", "--json"),
        ("check",),
        ("test",),
        ("waivers",),
        ("register",),
        ("outbox", "list", "--json"),
        ("explain", "LN15-0001"),
        ("why-not", "ln.huyen_uy", "--on", "2015-04-20"),
        ("preview", "report-round-1"),
        ("forecast", "--nights", "2"),
        ("form", "reports"),
        ("backtest", "--from", "2015-04-20", "--to", "2015-04-22"),
        ("sources",),
        ("pull",),
        ("inherit", "list"),
        ("country", "--folder", "country"),
        ("audit", "verify"),
        ("audit", "list"),
        ("audit", "export", "log.jsonl"),
        ("doctor",),
        ("deliver", "--plain"),
        ("backup", "saved.db"),
        ("restore", "saved.db"),
        ("nightly", "--plain", "--as-of", "2015-04-21"),
        ("nightly", "--plain", "--as-of", "2015-04-01"),
    ):
        place.runs(*words)
    secret = place.folder.with_name("journal-password")
    secret.write_text(FILED, "utf-8")
    journal = {
        "DONDOC_JOURNAL_ADDRESS": "luu@dondoc.example.vn",
        "DONDOC_JOURNAL_IMAP": "imaps://luu@127.0.0.1:1/INBOX",
        "DONDOC_JOURNAL_PASSWORD_FILE": str(secret),
    }
    place.runs("doctor", **journal)
    place.runs("deliver", "--plain", **journal)
    clean("the log", caplog.text)
    given = replace(settings.load(place.environment), metrics_port=0)
    with (
        exposed(given, lambda: due_from(NIGHT)) as numbers,
        urllib.request.urlopen(f"http://127.0.0.1:{numbers}/metrics", timeout=10) as answer,
    ):
        clean("the numbers", answer.read().decode())
    with reading(postgres) as conn:
        for table in metadata.sorted_tables:
            for row in conn.execute(select(table)):
                clean(table.name, repr(tuple(row)))
    for path in place.folder.rglob("*"):
        if path.is_file():
            clean(path.name, path.read_bytes().decode("utf-8", "replace"))


@pytest.mark.long
def test_a_service_gives_no_secret_away(place: Place) -> None:
    """What `serve` says from its start to its end, in a terminal that somebody may keep."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DONDOC_", "PREFECT_"))}
    command = [str(DONDOC), "serve", "--port", str(free_port())]
    with subprocess.Popen(
        command,
        cwd=place.folder,
        env={**kept, **place.environment, "DONDOC_METRICS_PORT": str(free_port())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = list[str]()
        for line in process.stdout:
            said.append(line)
            if "Đang chạy theo lịch" in line:
                time.sleep(5)
                process.terminate()
    assert any("Đang chạy theo lịch" in line for line in said), said
    clean("serve", "".join(said))


ADDRESSES = {
    "a port that is none": f"postgresql://u:{DATABASE}@h:port/x",
    "a database we do not know": f"mysql://u:{DATABASE}@h/x",
    "a slash too few": f"postgresql:/u:{DATABASE}@h/x",
    "a bare @ in the password": f"postgresql://u:x@{DATABASE}@127.0.0.1:1/x",
    "SQLite with a host": f"sqlite://u:{DATABASE}@h/x",
    "only the password": DATABASE,
    "nothing": "",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_is_none_is_refused_and_not_repeated(place: Place, address: str) -> None:
    """The operator hears what an address looks like and how a password is written in it."""
    assert place.runs("status", DONDOC_DATABASE=address) == WRONG_CALL


AWAY = {
    "the password in its place": f"postgresql://u:{DATABASE}@127.0.0.1:1/x",
    "the password behind the question mark": f"postgresql://u@127.0.0.1:1/x?password={DATABASE}",
    "a password with marks": f"postgresql://u:%40{DATABASE}%2F@127.0.0.1:1/x",
}


@pytest.mark.parametrize("address", AWAY.values(), ids=AWAY)
@pytest.mark.parametrize(
    "words", [("status",), ("nightly", "--plain"), ("deliver", "--plain"), ("doctor",)], ids="-".join
)
def test_a_database_that_is_away_is_named_without_its_password(
    place: Place, words: tuple[str, ...], address: str
) -> None:
    """Every command that needs the database, and a heartbeat that cannot be reached besides."""
    assert place.runs(*words, DONDOC_DATABASE=address) != 0


FILES = {
    "a password in its file": (f"{FILED}\n".encode(), 0),
    "a file that is not UTF-8": (FILED.encode() + b"\xff", WRONG_CALL),
    "no file": (None, WRONG_CALL),
}


@pytest.mark.parametrize(("content", "code"), FILES.values(), ids=FILES)
def test_a_password_file_is_read_and_not_shown(place: Place, content: bytes | None, code: int) -> None:
    """Read where it can be, refused by its name where it cannot."""
    path = place.folder / "password"
    if content is not None:
        path.write_bytes(content)
    assert place.runs("status", DONDOC_SMTP_PASSWORD_FILE=str(path)) == code


def test_settings_that_are_shown_show_no_secret(place: Place) -> None:
    """In a traceback, a log or a debugger: the values hide what they hold."""
    given = settings.load(place.environment)
    assert given.smtp.password == MAIL
    clean("the settings", repr(given) + str(given) + repr(given.smtp) + repr(given.heartbeat))
