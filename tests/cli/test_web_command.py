"""`dondoc web` as its operator starts and stops it, and `dondoc case revoke`."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from dondoc.engine.store.db.database import connect
from tests.support.cli_office import DONDOC, Office
from tests.support.ready_databases import upgrade
from tests.support.town import Town, letters, only, rules
from tests.support.web_pages import COMMUNE, ROUND_1, get

SECRET = "s3cret" * 8


def judged(office: Office) -> Town:
    """The database of the office after a night of 2015."""
    office.database.parent.mkdir()
    engine = connect(f"sqlite:///{office.database}")
    upgrade(engine)
    town = Town(engine, only(rules(), ROUND_1)).founded_here()
    letters(town, "2015-04-20")
    return town


def given(office: Office) -> dict[str, str]:
    """The two settings."""
    keys = office.folder / "keys"
    keys.write_text(f"k1 {SECRET}\n")
    return {"base_address": "https://example.vn/dondoc", "web_key_file": str(keys)}


@contextmanager
def started(office: Office, errors: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command at a free port, and where it answers."""
    settings = {f"DONDOC_{name.upper()}": value for name, value in given(office).items()}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DONDOC_")} | settings
    with errors.open("w") as noted:
        process = subprocess.Popen(
            [DONDOC, "web", "--port", "0"],
            cwd=office.folder,
            env=environment | {"DONDOC_LOG": "json"},
            stdout=subprocess.PIPE,
            stderr=noted,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, line.partition(" qua ")[2].partition(". ")[0]
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def test_it_answers_until_it_is_stopped_and_logs_no_address(office: Office, tmp_path: Path) -> None:
    """SIGTERM ends it in order; what it wrote holds neither a key nor a path, which is the key to a case."""
    judged(office).engine.dispose()
    errors = tmp_path / "errors"
    with started(office, errors) as (process, address):
        assert get(f"{address}/alive").html == "dondoc"
        assert get(f"{address}/c/k1.canary.x").status == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in {0, -signal.SIGTERM}
        assert process.stdout is not None
        written = errors.read_text() + process.stdout.read()
    assert '"refused": "altered"' in written
    assert "canary" not in written
    assert SECRET not in written
    assert "Traceback" not in written


def test_without_its_settings_data_or_port_it_says_what_is_missing(office: Office) -> None:
    """One sentence each, and exit code 2."""
    without = office.dondoc("web")
    assert (without.code, "Chưa có base_address và web_key_file" in without.err) == (2, True)
    empty = office.dondoc("web", **given(office))
    assert (empty.code, "chạy dondoc nightly một lần" in empty.err) == (2, True)
    judged(office).engine.dispose()
    with create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        held = office.dondoc("web", "--port", port, **given(office))
    assert (held.code, f"Không mở được cổng {port}" in held.err) == (2, True)


def test_links_are_revoked_at_the_command_line(office: Office) -> None:
    """It says of which office, case and letters; what is not known is named."""
    town = judged(office)
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    town.engine.dispose()
    done = office.dondoc("case", "revoke", case.code, "--by", COMMUNE)
    assert (done.code, f"Liên kết của {COMMUNE} về {case.code} trong các thư đến 20/04/2015" in done.out) == (
        0,
        True,
    )
    assert "thu hồi liên kết trả lời" in office.dondoc("audit", "list", "--kind", "link-revoked").out
    assert "Không có hồ sơ nào" in office.dondoc("case", "revoke", "LN15-9999", "--by", COMMUNE).err
    assert "Không có đơn vị nào" in office.dondoc("case", "revoke", case.code, "--by", "ln.ubnd_xa.x").err
