"""What can be watched from outside: the log, the numbers, the traces; nothing of it secret, nothing disturbing."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from engine.store.database import reading
from flows import metrics, tracing
from flows.assessing import Night
from flows.metrics import METRICS
from flows.steps import cutoff_of
from notifications.mailsink import Mailsink
from notifications.plan import due_from
from tests.flows.office import Office
from tests.stage import Stage
from tests.town import ROOT

NIGHT = ("nightly", "--plain", "--as-of", "2015-04-20")
WATCH = ROOT / "deploy" / "watch"


@contextmanager
def collecting(answer: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A collector on this machine: its address, and what it was sent."""
    taken: list[dict[str, Any]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append({"path": self.path, "headers": dict(self.headers), **json.loads(body)})
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()
        thread.join()


def test_a_night_seen_from_outside(office: Office, tmp_path: Path) -> None:
    """One real night: each log line is JSON with its night, each case has its code, each number is there."""
    office.holds_the_examples()
    ran = office.dondoc(*NIGHT, log="json", metrics_folder=str(tmp_path / "m"), smtp_password="canary-password")
    lines = [json.loads(line) for line in ran.err.splitlines()]
    assert [line["event"] for line in lines if line["event"] != "case"] == ["begins", *["step"] * 4, "ends"]
    assert [line["step"] for line in lines if line["event"] == "step"] == ["pull", "prepare", "decide", "conclude"]
    moved = [line for line in lines if line["event"] == "case"]
    assert len(moved) == 9
    assert {line["night"] for line in moved} == {"2015-04-20"}
    assert moved[0]["case"] == "LN15-0001"
    assert moved[0]["change"] == "opened"
    assert lines[-1]["outcome"] == "done"
    assert lines[-1]["opened"] == 9
    written = "".join(path.read_text("utf-8") for path in (tmp_path / "m").glob("*.prom"))
    found = {sample.name for family in text_string_to_metric_families(written) for sample in family.samples}
    assert found == set(METRICS)
    for secret in ("canary", "@", "Bảo Đài"):
        assert secret not in ran.err + written, secret


def test_in_text_the_log_is_silent(office: Office) -> None:
    """The usual way: what the command says is all it says."""
    office.holds_the_examples()
    assert office.dondoc(*NIGHT).err == ""


def test_a_run_that_fails_is_noted_by_the_kind_of_its_error(office: Office) -> None:
    """In the log as JSON; the sentence for people stands beside it as ever."""
    office.holds_the_examples()
    ran = office.dondoc("nightly", "--plain", "--as-of", "2029-01-02", log="json")
    noted = [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]
    assert noted[-1] == noted[-1] | {"event": "ends", "run": "nightly", "outcome": "CalendarUncovered"}


def value(samples: Iterator[metrics.Sample], name: str, label: str = "") -> float:
    """One number of many."""
    (found,) = [each.value for each in samples if each.name == name and (each.label or ("", ""))[1] == label]
    return found


def test_the_numbers_follow_the_letters(database: Engine, sink: Mailsink) -> None:
    """Before any night there is none; what was delivered is counted as sent, and no longer waits."""
    stage = Stage.set(database, sink)

    def now(name: str, label: str = "") -> float:
        with reading(database) as conn:
            return value(metrics.standing(conn, due_from(night)), name, label)

    night = datetime(2015, 4, 20, tzinfo=UTC).date()
    with reading(database) as conn:
        assert "dondoc_night_date_seconds" not in {each.name for each in metrics.standing(conn, due_from(night))}
    stage.night("2015-04-20")
    assert now("dondoc_night_date_seconds") == cutoff_of(night).timestamp()
    assert now("dondoc_night_state", "ok") == 1
    assert now("dondoc_cases", "open") == 9
    assert now("dondoc_letters", "sent") == 10
    assert now("dondoc_letter_oldest_due_seconds") == 0


def test_a_letter_that_is_due_shows_since_when(sqlite: Engine, sink: Mailsink) -> None:
    """As the instant it fell due, so that its age grows in Prometheus and not only when we write."""
    stage = Stage.set(sqlite, sink)
    night = datetime(2015, 4, 20, tzinfo=UTC).date()
    stage.judged(Night(night, cutoff_of(night)))
    with reading(sqlite) as conn:
        due = value(metrics.standing(conn, due_from(night)), "dondoc_letter_oldest_due_seconds")
        assert due == due_from(night).timestamp()
        before = metrics.standing(conn, cutoff_of(night))
        assert value(before, "dondoc_letter_oldest_due_seconds") == 0


@pytest.mark.parametrize("file", ["alerts.yaml", "dashboard.json"])
def test_what_is_delivered_asks_for_numbers_that_exist(file: str) -> None:
    """Every name in the alert rules and on the dashboard is written by the program, with a label it has."""
    text = (WATCH / file).read_text("utf-8")
    asked = set(re.findall(r"\bdondoc_[a-z_]+\b(?!\.prom)", text))
    assert asked
    assert asked <= set(METRICS)
    if file == "dashboard.json":
        json.loads(text)
        assert asked == set(METRICS)


def test_a_run_is_one_trace(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run, and in it every step with its night, sent to the collector with the headers that were set."""
    office.holds_the_examples()
    with collecting() as (address, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20x")
        office.dondoc(*NIGHT)
    (sent,) = taken
    assert sent["path"] == "/v1/traces"
    assert sent["headers"]["Authorization"] == "Basic x"
    spans = sent["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert [span["name"] for span in spans] == ["pull", "prepare", "decide", "conclude", "nightly"]
    run = spans[-1]
    assert {span["parentSpanId"] for span in spans[:-1]} == {run["spanId"]}
    assert {span["traceId"] for span in spans} == {run["traceId"]}
    assert spans[1]["attributes"] == [{"key": "dondoc.night", "value": {"stringValue": "2015-04-20"}}]
    assert all(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) for span in spans)


def test_an_error_marks_its_span_by_its_kind_alone() -> None:
    """Its words may hold what must not leave the machine."""
    with collecting() as (address, taken), pytest.raises(ZeroDivisionError):  # noqa: SIM117 - the error ends the trace
        with tracing.traced({"OTEL_EXPORTER_OTLP_ENDPOINT": address}, "nightly"), tracing.span("decide"):
            raise ZeroDivisionError("canary")
    spans = taken[0]["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert {span["status"]["message"] for span in spans} == {"ZeroDivisionError"}
    assert "canary" not in json.dumps(taken)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/secret", "no address at all"], ids=["away", "no address"])
def test_a_collector_that_is_away_disturbs_nothing(address: str, caplog: pytest.LogCaptureFixture) -> None:
    """The run goes on, and the log says so without the address."""
    with tracing.traced({"OTEL_EXPORTER_OTLP_ENDPOINT": address}, "nightly"):
        done = True
    assert done
    assert "không gửi được vết" in caplog.text
    assert "secret" not in caplog.text


def test_a_folder_for_numbers_that_cannot_be_written_disturbs_nothing(office: Office) -> None:
    """The night is judged; a warning says what was not written."""
    office.holds_the_examples()
    (office.folder / "file").write_text("")
    ran = office.dondoc(*NIGHT, metrics_folder="file/below")
    assert ran.code == 0
    assert "không ghi được số đo" in ran.err
