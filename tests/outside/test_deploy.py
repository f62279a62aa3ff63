"""What stands in deploy/ is accepted by those who will read it, and agrees with the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from dondoc.flows.config.setting_keys import DEFAULTS
from dondoc.flows.scheduler.hours import RETENTION_CRON, ZONE_NAME, Hours
from tests.support.town import ROOT

pytestmark = pytest.mark.outside

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "container" / "compose.yaml"
PROGRAM = "/opt/dondoc/current/bin/dondoc"
SERVICES = (
    *("dondoc@nightly.service", "dondoc@deliver.service", "dondoc@retain.service"),
    *("dondoc-serve.service", "dondoc-web.service"),
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The unit files as they would be installed; only the program is another, since it is not there."""
    for path in (each for each in (DEPLOY / "systemd").rglob("*") if each.is_file()):
        there = tmp_path / path.relative_to(DEPLOY / "systemd")
        there.parent.mkdir(exist_ok=True)
        there.write_text(path.read_text("utf-8").replace(PROGRAM, shutil.which("true") or ""), "utf-8")
    for instance in ("nightly", "deliver", "retain"):
        (tmp_path / f"dondoc@{instance}.service").symlink_to("dondoc@.service")
    return tmp_path


def test_systemd_takes_every_unit(units: Path) -> None:
    """Without a word: no unknown key, no bad time, no missing unit."""
    paths = [*units.glob("*.timer"), *(units / name for name in SERVICES)]
    ran = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_the_services_may_do_little(units: Path, name: str) -> None:
    """The exposure by systemd's own measure of exposure, from 0 to 10: at most 2.0."""
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=20", units / name]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-300:]


def crons(path: Path) -> dict[str, set[str]]:
    """The cron lines of each deployment in prefect.yaml."""
    found = yaml.safe_load(path.read_text("utf-8"))["deployments"]
    return {each["name"]: {schedule["cron"] for schedule in each["schedules"]} for each in found}


def test_every_schedule_is_the_same() -> None:
    """prefect.yaml, the timers and the program wake at the same minutes of the same zone."""
    assert crons(DEPLOY / "prefect" / "prefect.yaml") == {
        "nightly": {Hours().night_cron},
        "deliver": set(Hours().delivery_crons),
        "retain": {RETENTION_CRON},
    }
    retention = (DEPLOY / "systemd" / "dondoc-retain.timer").read_text("utf-8")
    minute, hour, *_ = RETENTION_CRON.split()
    assert f"OnCalendar=Sun *-*-* {hour}:{minute.zfill(2)}:00 {ZONE_NAME}" in retention
    for name, lines in {"nightly": [Hours().night_cron], "deliver": Hours().delivery_crons}.items():
        timer = (DEPLOY / "systemd" / f"dondoc-{name}.timer").read_text("utf-8")
        wanted = set()
        for minute, hour, *_ in map(str.split, lines):
            minutes = ",".join(each.zfill(2) for each in minute.split(","))
            hours = "..".join(each.zfill(2) for each in hour.split("-"))
            wanted.add(f"*-*-* {hours}:{minutes}:00 {ZONE_NAME}")
        assert set(re.findall(r"^OnCalendar=(.*)$", timer, re.MULTILINE)) == wanted


def test_compose_is_taken_and_says_what_is_missing() -> None:
    """By docker-compose itself; without a password it refuses and names the variable."""
    words = ["docker-compose", "-f", COMPOSE, "config"]
    environment = {"PATH": "/usr/bin:/bin", "DONDOC_DB_PASSWORD": "canary", "DONDOC_PREFECT_LOGIN": "an:canary"}
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    without = subprocess.run(words, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert without.returncode != 0
    assert re.search("DONDOC_DB_PASSWORD|DONDOC_PREFECT_LOGIN", without.stderr)


def test_compose_names_settings_that_exist_and_opens_nothing_to_the_world() -> None:
    """Ports are bound to this machine; the service has no capability and a read-only root."""
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    named = {key for each in services.values() for key in each.get("environment", {}) if key.startswith("DONDOC_")}
    assert {key.removeprefix("DONDOC_").lower() for key in named} <= set(DEFAULTS)
    assert all(port.startswith("127.0.0.1:") for each in services.values() for port in each.get("ports", []))
    login = services["prefect"]["environment"]["PREFECT_SERVER_API_AUTH_STRING"]
    assert services["dondoc"]["environment"]["PREFECT_API_AUTH_STRING"] == login
    for name in ("dondoc", "web"):
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True


def test_the_container_runs_as_nobody_in_particular() -> None:
    """Its last stage has a user of its own, and every file it copies exists."""
    text = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
    last = text.split("FROM ")[-1]
    assert re.search(r"^USER (?!0|root)\d+$", last, re.MULTILINE)
    assert (ROOT / "requirements" / "setup.sh").is_file()
