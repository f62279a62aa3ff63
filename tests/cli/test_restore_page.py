"""The operator's page on backup and restore, typed as it stands there: the service goes on from the backup."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from dondoc.engine.store.db.database import connect
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.cli_office import DONDOC, Office
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Stage, mail_to, to
from tests.support.town import ROOT

HEADINGS = {"en": "## Backup and restore", "vi": "## Sao lưu, khôi phục"}
BOX = "ubnd.baodai.lucnam"
# What a night that is long past leaves: status says that nights are missing.
CODES = {"status": 3}


def blocks(language: str) -> tuple[list[str], list[str], list[str]]:
    """The lines of the section's three blocks: the two commands, a lost database, and the same on PostgreSQL."""
    page = (ROOT / "docs" / language / "operating.md").read_text("utf-8")
    (section,) = re.findall(rf"^{re.escape(HEADINGS[language])}\n(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    first, lost, server = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return first.splitlines(), lost.splitlines(), server.splitlines()


def typed(office: Office, lines: list[str], **environment: str) -> None:
    """Each line in a shell of the office's folder, without the lines for systemd."""
    path = f"{DONDOC.parent}:{os.environ['PATH']}"
    for line in lines:
        if not line.startswith("systemctl"):
            said = line.replace(".venv/bin/", "")
            words = ["bash", "-euc", said]
            ran = subprocess.run(
                words,
                cwd=office.folder,
                env={"PATH": path, **environment},
                capture_output=True,
                text=True,
                check=False,
            )
            wanted = next((code for word, code in CODES.items() if f"dondoc {word}" in said), 0)
            assert ran.returncode == wanted, (said, ran.stdout, ran.stderr)


def one_night(url: str, sink: Mailsink) -> None:
    """The first night of Bảo Đài's case, with its letters."""
    engine = connect(url)
    upgrade(engine)
    assert BOX in to(Stage.set(engine, sink).night("2015-04-20"))
    engine.dispose()


def goes_on(office: Office, url: str, sink: Mailsink, **settings: str) -> None:
    """The next nights, typed: nobody is told again what he was told, and the case climbs."""
    for day, told in (("2015-04-21", False), ("2015-04-25", True)):
        assert office.dondoc("nightly", "--plain", "--no-catch-up", "--as-of", day, **settings).code == 0
        engine = connect(url)
        stage, night = Stage(engine, sink), date.fromisoformat(day)
        stage.delivered(night)
        engine.dispose()
        assert (BOX in to(stage.mails(night))) is told
    assert mail_to(stage.mails(night), BOX).subject.startswith("Đôn đốc lần 2")


def test_both_pages_say_the_same_lines() -> None:
    """But for the names of files and what stands behind the lines."""
    names = {"sao-luu": "backup", "var/hong": "var/broken"}
    said = []
    for language in HEADINGS:
        lines = "\n".join(line.partition("#")[0].rstrip() for block in blocks(language) for line in block)
        for vietnamese, english in names.items():
            lines = lines.replace(vietnamese, english)
        said.append(lines)
    assert said[0] == said[1]


@pytest.mark.long
def test_a_lost_file_is_restored_by_the_lines_of_the_page(office: Office, sink: Mailsink) -> None:
    """The backup is taken, the file is overwritten, and the block is typed line by line."""
    (saved, again), lost, _ = blocks("en")
    office.database.parent.mkdir()
    url = f"sqlite:///{office.database}"
    one_night(url, sink)
    typed(office, [saved])
    office.database.write_bytes(b"broken" * 1000)
    assert office.dondoc("status").code == 4
    assert lost[2].partition(".db")[0] == again.partition(".db")[0]
    typed(office, lost)
    goes_on(office, url, sink)


@pytest.mark.long
def test_a_lost_server_is_restored_by_the_lines_of_the_page(
    office: Office, sink: Mailsink, postgres_url: str
) -> None:
    """A file saved elsewhere goes into a new database, by its owner; the service's own role goes on with it."""
    (saved, _), lost, server = blocks("en")
    office.database.parent.mkdir()
    one_night(f"sqlite:///{office.database}", sink)
    typed(office, [saved])
    shutil.copytree(ROOT / "deploy", office.folder / "deploy")
    socket = parse_qs(urlsplit(postgres_url).query)["host"][0]
    with psycopg.connect(postgres_url, autocommit=True) as conn:
        conn.execute("DROP DATABASE IF EXISTS dondoc_new")
    here = [line.replace("@db.example.vn/dondoc_new", f"@/dondoc_new?host={socket}") for line in server]
    typed(office, here, PGHOST=socket, PGUSER="postgres")
    url = f"postgresql://dondoc@/dondoc_new?host={socket}"
    (office.folder / "dondoc.toml").write_text(f'database = "{url}"\n', "utf-8")
    office.database.unlink()
    typed(office, lost[3:])
    goes_on(office, url, sink)
