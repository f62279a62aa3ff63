"""A Prefect server that is away, slow or in trouble is one sentence, and the night runs without it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dondoc.engine.errors import Remedy
from dondoc.flows.scheduler import prefect_server
from dondoc.flows.scheduler.prefect_server import PrefectLost, PrefectSilent, must_answer, named
from tests.support.cli_office import Office

pytestmark = pytest.mark.long

NOT_NOW = 4


@contextmanager
def answering(codes: list[int]) -> Iterator[str]:
    """A server that answers every question with the one code in the list."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(codes[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/api"
        http.shutdown()
        thread.join()


def test_a_night_says_that_prefect_is_away_and_how_to_do_without(office: Office) -> None:
    """No traceback, nothing begun; with --plain the same night runs."""
    office.holds_the_examples()
    ran = office.dondoc("nightly", "--as-of", "2015-04-20", prefect="http://127.0.0.1:9/api")
    assert ran.code == NOT_NOW
    assert "Máy chủ Prefect tại http://127.0.0.1:9/api không trả lời" in ran.err
    assert "--plain" in ran.err
    assert "Traceback" not in ran.err
    plain = office.dondoc("nightly", "--plain", "--as-of", "2015-04-20", prefect="http://127.0.0.1:9/api")
    assert "mở mới 9" in plain.out


@pytest.mark.parametrize(("code", "well"), [(200, True), (401, True), (404, True), (500, False), (503, False)])
def test_an_answer_of_the_server_itself_is_a_sign_of_life(code: int, *, well: bool) -> None:
    """Also one that wants a password; one in trouble is not."""
    with answering([code]) as api:
        if well:
            must_answer(api)
            return
        with pytest.raises(PrefectSilent) as caught:
            must_answer(api)
    assert caught.value.remedy is Remedy.LATER


@pytest.mark.parametrize(("then", "told"), [(200, ZeroDivisionError), (503, PrefectLost)])
def test_a_server_that_goes_away_in_the_middle(then: int, told: type[Exception]) -> None:
    """With a server that is gone the flow's error is told as what it is; any other passes through."""
    codes = [200]

    def flow(api: str) -> None:
        with named(api):
            codes[0] = then
            raise ZeroDivisionError

    with answering(codes) as api, pytest.raises(told) as caught:
        flow(api)
    assert "--plain" in str(caught.value) or told is ZeroDivisionError


def test_a_server_that_takes_calls_and_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow beyond its ten seconds (shortened here) is away."""
    monkeypatch.setattr(prefect_server, "_ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(PrefectSilent, match="không trả lời"):
        must_answer(f"http://127.0.0.1:{deaf.getsockname()[1]}/api")
