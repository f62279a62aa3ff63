"""What can be watched from outside: the log, the numbers, the traces; nothing of it secret, nothing disturbing."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from dondoc.engine.domain.data_sources import DataSource, DropFolder, Patience
from dondoc.engine.domain.model import Text
from dondoc.engine.judge.staleness import SourceStatus
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.intake import pulls
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.config.settings import Settings, SettingsRefused
from dondoc.flows.config.settings import load as load_settings
from dondoc.flows.night.steps import cutoff_of
from dondoc.flows.observe import tracing
from dondoc.flows.records import metrics
from dondoc.flows.records.metrics import METRICS
from dondoc.flows.records.metrics_endpoint import PortTaken, exposed
from dondoc.notifications.delivery.mailsink import Mailsink
from dondoc.notifications.letter.build import due_from
from tests.support.cli_office import Office
from tests.support.story_stage import Stage
from tests.support.town import ROOT

NIGHT = ("nightly", "--plain", "--as-of", "2015-04-20")
WATCH = ROOT / "deploy" / "watch"


@contextmanager
def collecting(answer: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A collector on this machine: its address, and what it was sent."""
    taken: list[dict[str, Any]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = json_format.MessageToDict(ExportTraceServiceRequest.FromString(body))
            taken.append({"path": self.path, "headers": dict(self.headers), **sent})
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
    assert found == {name for name in METRICS if not name.startswith("dondoc_source")}
    for secret in ("canary", "@", "Bảo Đài"):
        assert secret not in ran.err + written, secret


def test_in_text_the_log_is_silent(office: Office) -> None:
    """The usual way: what the command says is all it says."""
    office.holds_the_examples()
    assert office.dondoc(*NIGHT).err == ""


def test_a_run_that_fails_is_noted_by_the_kind_of_its_error(office: Office) -> None:
    """In the log as JSON; the sentence for people stands beside it as ever."""
    office.holds_the_examples()
    ran = office.dondoc("nightly", "--plain", "--as-of", "2029-01-02", "--yes-future", log="json")
    noted = [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]
    assert noted[-1] == noted[-1] | {"event": "ends", "run": "nightly", "outcome": "CalendarUncovered"}


def value(numbers: CollectorRegistry, name: str, label: str = "") -> float:
    """One number of many."""
    samples = [sample for family in numbers.collect() for sample in family.samples if sample.name == name]
    (found,) = [sample.value for sample in samples if "".join(sample.labels.values()) == label]
    return found


def test_the_numbers_follow_the_letters(database: Engine, sink: Mailsink) -> None:
    """Before any night there is none; what was delivered is counted as sent, and no longer waits."""
    stage = Stage.set(database, sink)

    def now(name: str, label: str = "") -> float:
        with reading(database) as conn:
            return value(metrics.standing(conn, due_from(night)), name, label)

    night = datetime(2015, 4, 20, tzinfo=UTC).date()
    with reading(database) as conn:
        numbers = metrics.standing(conn, due_from(night))
    assert "dondoc_night_date_seconds" not in {family.name for family in numbers.collect()}
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
        operators = timedelta(minutes=1)  # the operator's own letter is due before all others
        assert due == (due_from(night) - operators).timestamp()
        before = metrics.standing(conn, cutoff_of(night))
        assert value(before, "dondoc_letter_oldest_due_seconds") == 0


def feed(name: str) -> DataSource:
    """A source of which only the name matters here."""
    return DataSource(
        name, Text("Nguồn", "Source"), DropFolder("in", None, None), Patience(1, True), "vn", None, {}, "s:1:1"
    )


def test_a_silent_source_is_a_number(database: Engine, sink: Mailsink) -> None:
    """By name, when it was last heard, and whether the night could hear it: never heard, and heard on Monday."""
    stage = Stage.set(database, sink)
    night, monday = datetime(2015, 4, 20, tzinfo=UTC).date(), datetime(2015, 4, 13, 3, tzinfo=UTC)
    with audited(database) as tx:
        pulls.record(tx.conn, pulls.Pull("quiet", monday))
        pulls.record(tx.conn, pulls.Pull("spoke", monday, added=3))
        pulls.record(tx.conn, pulls.Pull("spoke", monday + timedelta(days=1)))
        tx.log(night, [pulls.staleness_event(SourceStatus(feed("quiet")))])
    stage.night("2015-04-20")
    with reading(database) as conn:
        found = metrics.standing(conn, due_from(night))
    assert value(found, "dondoc_source_heard_seconds", "quiet") == 0
    assert value(found, "dondoc_source_heard_seconds", "spoke") == monday.timestamp()
    assert value(found, "dondoc_source_silent", "quiet") == 1
    assert value(found, "dondoc_source_silent", "spoke") == 0


def test_a_label_holds_any_text(sqlite: Engine, tmp_path: Path) -> None:
    """A name with a quote, a backslash and a line break is read back as it was written, and breaks no line."""
    name = 'a "b" \\ c\nd\\n'
    with writing(sqlite) as conn:
        pulls.record(conn, pulls.Pull(name, datetime(2015, 4, 13, 3, tzinfo=UTC), added=1))
    with reading(sqlite) as conn:
        metrics.write(tmp_path, "dondoc_state", metrics.standing(conn, datetime(2015, 4, 20, tzinfo=UTC)))
    text = (tmp_path / "dondoc_state.prom").read_text("utf-8")
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert {sample.labels["source"] for sample in samples if "source" in sample.labels} == {name}
    assert all(line.startswith(("#", "dondoc_")) for line in text.splitlines())


def asked(port: int, path: str = "/metrics", method: str = "GET") -> tuple[int, str, str]:
    """The status, the kind and the text of an answer."""
    try:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers["Content-Type"], refused.read().decode()


def settings_with(tmp_path: Path, **given: str) -> Settings:
    """The settings of an installation with these."""
    environment = {f"DONDOC_{name.upper()}": value for name, value in given.items()}
    return load_settings(environment, tmp_path / "none.toml")


def test_the_numbers_over_a_port(office: Office) -> None:
    """Computed when they are asked for; nothing else is to be had there."""
    office.holds_the_examples()
    given = replace(settings_with(office.folder, database=f"sqlite:///{office.database}"), metrics_port=0)
    with exposed(given, lambda: datetime(2015, 4, 20, 3, tzinfo=UTC)) as port:
        assert port is not None
        assert 'dondoc_cases{status="open"} 0' in asked(port)[2]
        office.dondoc(*NIGHT)
        status, kind, text = asked(port)
        assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
        found = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
        assert {"dondoc_cases", "dondoc_letters", "dondoc_night_state"} <= found
        assert 'dondoc_cases{status="open"} 9' in text
        assert asked(port, "/")[0] == 404
        assert asked(port, "/metrics/../secret")[0] == 404
        assert asked(port, method="POST")[0] == asked(port, method="HEAD")[0] == 404
        for table in ("notice", "case_file"):
            with closing(sqlite3.connect(office.database)) as conn:
                conn.execute(f"drop table {table}")
        status, _, text = asked(port)
        assert (status, text.count("\n")) == (503, 1)
        assert "dondoc doctor" in text


@pytest.mark.parametrize(
    ("database", "said"),
    [("sqlite:///{}/none.db", "dondoc nightly"), ("postgresql://x:canary@127.0.0.1:1/x", "dondoc doctor")],
)
def test_without_data_the_port_says_what_to_do(tmp_path: Path, database: str, said: str) -> None:
    """One sentence and 503; no address, no password, no traceback."""
    given = replace(settings_with(tmp_path, database=database.format(tmp_path)), metrics_port=0)
    with exposed(given, lambda: datetime.now(UTC)) as port:
        assert port is not None
        status, _, text = asked(port)
    assert status == 503
    assert said in text
    assert "canary" not in text
    assert text.count("\n") == 1


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """Before anything is served."""
    with exposed(replace(settings_with(tmp_path), metrics_port=0), lambda: datetime.now(UTC)) as port:
        again = settings_with(tmp_path, metrics_port=str(port))
        with pytest.raises(PortTaken, match=f"metrics_port.*{port}"), exposed(again, lambda: datetime.now(UTC)):
            pass


@pytest.mark.parametrize("port", ["0", "94640", "http"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    """With the setting's name and what is expected."""
    with pytest.raises(SettingsRefused, match=f"metrics_port: «{port}»"):
        settings_with(tmp_path, metrics_port=port)


def test_no_port_where_none_is_set(tmp_path: Path) -> None:
    """The usual way."""
    with exposed(settings_with(tmp_path), lambda: datetime.now(UTC)) as port:
        assert port is None


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
        assert office.dondoc(*NIGHT).err == ""
    (sent,) = taken
    assert sent["path"] == "/v1/traces"
    assert sent["headers"]["authorization"] == "Basic x"
    (resource,) = sent["resourceSpans"]
    assert {"key": "service.name", "value": {"stringValue": "dondoc"}} in resource["resource"]["attributes"]
    spans = resource["scopeSpans"][0]["spans"]
    assert [span["name"] for span in spans] == ["pull", "prepare", "decide", "conclude", "nightly"]
    run = spans[-1]
    assert "parentSpanId" not in run
    assert {span["parentSpanId"] for span in spans[:-1]} == {run["spanId"]}
    assert {span["traceId"] for span in spans} == {run["traceId"]}
    assert {span["status"]["code"] for span in spans} == {"STATUS_CODE_OK"}
    assert spans[1]["attributes"] == [{"key": "dondoc.night", "value": {"stringValue": "2015-04-20"}}]
    assert all(int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]) for span in spans)


def test_an_error_marks_its_span_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words may hold what must not leave the machine."""
    with collecting() as (address, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        with pytest.raises(ZeroDivisionError), tracing.traced("nightly"), tracing.span("decide"):
            raise ZeroDivisionError("canary")
    spans = taken[0]["resourceSpans"][0]["scopeSpans"][0]["spans"]
    failed = {"code": "STATUS_CODE_ERROR", "message": "ZeroDivisionError"}
    assert [span["status"] for span in spans] == [failed, failed]
    assert "canary" not in json.dumps(taken)


@pytest.mark.parametrize("variable", ["SERVICE_NAME=elsewhere", "RESOURCE_ATTRIBUTES=service.name=elsewhere"])
def test_the_usual_variables_name_the_service(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """Either of them."""
    name, _, value = variable.partition("=")
    monkeypatch.setenv(f"OTEL_{name}", value)
    with collecting() as (address, taken):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        with tracing.traced("nightly"):
            pass
    assert '"elsewhere"' in json.dumps(taken[0]["resourceSpans"][0]["resource"])


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1/secret", "không gửi được vết"),
        ("EXPORTER_OTLP_ENDPOINT", "no address at all, and secret", "không gửi được vết"),
        ("EXPORTER_OTLP_HEADERS", "secret", "không gửi được vết"),
        ("SPAN_ATTRIBUTE_COUNT_LIMIT", "secret", "một biến OTEL_ sai"),
    ],
)
def test_a_collector_that_is_away_disturbs_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, variable: str, value: str, said: str
) -> None:
    """Nor does a variable that is wrong: the run goes on, and the log says so in one line without the value."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv(f"OTEL_{variable}", value)
    with tracing.traced("nightly"):
        done = True
    assert done
    assert len(caplog.messages) == 1
    assert said in caplog.text
    assert "secret" not in caplog.text


def test_without_the_extra_a_run_says_what_to_install(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line; the night is judged."""
    office.holds_the_examples()
    # Found before the real one, and empty.
    (tmp_path / "opentelemetry").mkdir()
    (tmp_path / "opentelemetry" / "__init__.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    ran = office.dondoc(*NIGHT)
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    assert "pip install 'dondoc[otel]'" in ran.err


def test_a_folder_for_numbers_that_cannot_be_written_disturbs_nothing(office: Office) -> None:
    """The night is judged; a warning says what was not written."""
    office.holds_the_examples()
    (office.folder / "file").write_text("")
    ran = office.dondoc(*NIGHT, metrics_folder="file/below")
    assert ran.code == 0
    assert "không ghi được số đo" in ran.err
