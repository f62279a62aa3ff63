"""Prefect without noise: the environment that must be set before it is imported.

Without `PREFECT_API_URL` Prefect starts its own server for the length of one command, offline: no telemetry, no
user interface, a login of its own, a start-up timeout long enough for a small machine. With it, Prefect uses the
running server, which these settings do not affect.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from pathlib import Path

# What the server asks for, and what its clients answer: `user:password`.
SERVER_LOGIN, LOGIN = "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"

_ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLI_CHECK_FOR_UPDATES": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}
_EMBEDDED = {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    # The default of 20 seconds is too short for a first start, which migrates Prefect's own database.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_SERVER_UI_ENABLED": "false",
    # No page of another site may call it; Prefect takes an empty value for its default, which is every site.
    "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "http://127.0.0.1",
    # It prints a traceback when the server of one command stops, and its records are not used.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false",
}


def keep_logs_of_runs(environment: MutableMapping[str, str]) -> None:
    """Has a server that stays keep what each run logs, from its one line on."""
    environment["PREFECT_LOGGING_TO_API_ENABLED"] = "true"
    environment["PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL"] = "INFO"


def configure_environment(environment: MutableMapping[str, str], home: Path) -> None:
    """Sets the variables that are not set yet; `home` is the folder for Prefect's own files."""
    wanted = dict(_ALWAYS)
    # A server that the operator runs keeps its own home and settings.
    if "PREFECT_API_URL" not in environment:
        home.mkdir(parents=True, exist_ok=True)
        # Anybody on this machine reaches its port, so it asks for a login, which is made up for this start alone.
        login = environment.get(SERVER_LOGIN) or environment.get(LOGIN) or f"dondoc:{secrets.token_urlsafe(32)}"
        wanted |= _EMBEDDED | {
            SERVER_LOGIN: login,
            LOGIN: login,
            "PREFECT_HOME": str(home.resolve()),
            "PREFECT_PROFILES_PATH": str(home.resolve() / "profiles.toml"),
        }
    for key, value in wanted.items():
        environment.setdefault(key, value)
