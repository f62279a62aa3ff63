"""The dead-man's switch: signs of life before and after, and a missing night noticed in the morning."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dondoc.engine.store.db.faults import NightRunning
from dondoc.flows.config.settings import SettingsRefused, load
from dondoc.flows.observe.heartbeat import Heartbeat, watched
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.build import due_from
from tests.support.cli_office import Office
from tests.support.story_stage import Stage

AT = datetime(2024, 1, 2, 2, 0, tzinfo=UTC)


@contextmanager
def listening(answer: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A web server that writes down what is asked, and its address."""
    asked: list[str] = []

    class Keeper(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Keeper) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/ping/secret", asked
        server.shutdown()
        thread.join()


def test_a_good_run_says_that_it_began_and_ended() -> None:
    """The address is called twice, and nothing but the address."""
    with listening() as (url, asked), watched(Heartbeat(url), "nightly", lambda: AT):
        assert asked == ["/ping/secret/start"]
    assert asked == ["/ping/secret/start", "/ping/secret"]


def test_an_error_is_signalled_and_passes_through(tmp_path: Path) -> None:
    """Whoever waits for the end hears that it failed; the error itself is not swallowed."""
    with listening() as (url, asked):  # noqa: SIM117 - the error is raised inside the inner one
        with pytest.raises(ZeroDivisionError), watched(Heartbeat(url, tmp_path), "nightly", lambda: AT):
            raise ZeroDivisionError
    assert asked[-1] == "/ping/secret/fail"
    assert json.loads((tmp_path / "nightly.json").read_text()) == {"sign": "fail", "at": AT.isoformat()}


@pytest.mark.parametrize("answer", [404, 500])
def test_a_sign_that_cannot_be_given_disturbs_nothing(answer: int, caplog: pytest.LogCaptureFixture) -> None:
    """The run goes on, the log says so without the secret address."""
    with listening(answer) as (url, _), watched(Heartbeat(url), "nightly", lambda: AT):
        done = True
    with watched(Heartbeat("http://127.0.0.1:1/ping/secret"), "nightly", lambda: AT):
        pass
    assert done
    assert "không gửi được tín hiệu" in caplog.text
    assert "secret" not in caplog.text


@contextmanager
def babbling() -> Iterator[str]:
    """The address of something that answers, and not in HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            for _ in range(2):
                caller, _address = server.accept()
                with caller:
                    caller.recv(1000)
                    caller.sendall(b"what?\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def test_an_answer_that_is_no_http_disturbs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Nor does an address that cannot be one."""
    with babbling() as url, watched(Heartbeat(url), "nightly", lambda: AT):
        pass
    with watched(Heartbeat("http://127.0.0.1:one/ping"), "nightly", lambda: AT):
        pass
    assert caplog.text.count("không gửi được tín hiệu") == 4


def test_a_run_beside_another_has_not_failed(tmp_path: Path) -> None:
    """The second runner stops because the first is at work: nobody need be woken."""
    with pytest.raises(NightRunning), watched(Heartbeat("", tmp_path), "nightly", lambda: AT):
        raise NightRunning("dondoc.db", "locked")
    assert json.loads((tmp_path / "nightly.json").read_text())["sign"] == "start"


def test_the_address_must_be_one_of_the_web() -> None:
    """A file or another scheme is refused, and the secret is in no representation."""
    with pytest.raises(SettingsRefused, match="heartbeat_url"):
        load({"DONDOC_HEARTBEAT_URL": "file:///etc/passwd"})
    assert "secret" not in repr(load({"DONDOC_HEARTBEAT_URL": "https://hc.example.vn/secret"}))


def test_the_command_gives_its_signs(office: Office, sink: Mailsink, tmp_path: Path) -> None:
    """A real night and delivery leave their files; a delivery that reached no mail server has failed."""
    office.holds_the_examples()
    signs = tmp_path / "signs"
    office.dondoc("nightly", "--as-of", "2015-04-20", "--plain", heartbeat_folder=str(signs))
    office.owes_a_letter()
    office.dondoc("deliver", "--plain", heartbeat_folder=str(signs))

    def given() -> dict[str, str]:
        return {path.stem: json.loads(path.read_text())["sign"] for path in signs.glob("*.json")}

    assert given() == {"nightly": "success", "deliver": "fail"}
    server = {"smtp_host": "127.0.0.1", "smtp_port": str(sink.port), "smtp_tls": "plain"}
    office.dondoc("deliver", "--plain", heartbeat_folder=str(signs), **server)
    assert given() == {"nightly": "success", "deliver": "success"}


def test_a_night_that_did_not_run_is_noticed_by_the_delivery(database: Engine, sink: Mailsink) -> None:
    """In the morning after a night without a run the operator is written to, once; before any night, never."""
    stage = Stage.set(database, sink)
    assert stage.delivered(datetime(2015, 4, 20, tzinfo=UTC).date()).absent is None
    stage.night("2015-04-20")
    missing = datetime(2015, 4, 21, tzinfo=UTC).date()
    first, second = stage.delivered(missing), stage.delivered(missing)
    assert (first.absent, first.sent, second.sent) == (missing, 1, 0)
    (mail,) = stage.mails(missing)
    assert mail.subject == "Đêm 21/04/2015: chưa chạy"
    assert "dondoc nightly --as-of 2015-04-21" in " ".join(mail.text.split())
    assert due_from(missing).date() == missing
