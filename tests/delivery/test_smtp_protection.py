"""Certificates, passwords, and nothing unprotected beyond this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dondoc.notifications.delivery.outcome import Deferred, Misconfigured, Outcome, Sent
from dondoc.notifications.delivery.smtp import Sender
from dondoc.notifications.delivery.smtp_settings import Tls
from tests.support.certificates import Certificate, certificate
from tests.support.scripted_server import DROP, Scripted, serving
from tests.support.smtp_attempts import HERE, QUICK, attempt, sent_to

WITH_AUTH = replace(QUICK, username="dondoc", password="canary-password")
AUTH = {"EHLO": "250-scripted\n250-AUTH PLAIN\n250 SIZE 1000000"}
FAR = 90.0


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (AUTH | {"AUTH": "235 2.7.0 welcome"}, Sent),
        (AUTH | {"AUTH": "535 5.7.8 wrong password"}, Misconfigured),
        (AUTH | {"AUTH": "454 4.7.0 not now"}, Deferred),
        (AUTH | {"AUTH": DROP}, Deferred),
        ({"EHLO": "250 scripted"}, Misconfigured),
    ],
    ids=["welcome", "wrong password", "not now", "hung up", "no password wanted at all"],
)
def test_passwords(answers: dict[str, str], kind: type[Outcome]) -> None:
    """A wrong password stops everything and is never shown; a server in trouble does not."""
    tried = attempt(Scripted(answers), WITH_AUTH)
    assert type(tried.outcome) is kind, tried.outcome
    assert "canary" not in repr(tried.outcome)
    assert "canary" not in repr(WITH_AUTH)


@pytest.mark.parametrize(
    "repeated",
    ["canary-password", "Y2FuYXJ5LXBhc3N3b3Jk", "AGRvbmRvYwBjYW5hcnktcGFzc3dvcmQ="],
    ids=["as it is", "in base64", "in base64 with the user's name"],
)
def test_a_password_that_the_server_repeats_is_masked(repeated: str) -> None:
    """A server's answer is stored and shown to people: what it says of our password is not."""
    tried = attempt(Scripted(AUTH | {"AUTH": f"535 5.7.8 {repeated} is wrong"}), WITH_AUTH)
    assert isinstance(tried.outcome, Misconfigured)
    assert tried.outcome.text.endswith("*** is wrong")


def test_a_password_that_is_repeated_to_the_doctor_is_masked_too() -> None:
    """The doctor only greets the server, and prints what it answers."""
    script = Scripted(AUTH | {"AUTH": "535 5.7.8 canary-password is wrong"})

    async def go() -> Outcome | None:
        async with serving(script) as port, Sender(replace(WITH_AUTH, port=port)) as sender:
            return await sender.greet()

    outcome = asyncio.run(go())
    assert isinstance(outcome, Misconfigured)
    assert "*** is wrong" in outcome.text
    assert "canary" not in outcome.text


def test_without_a_password_an_answer_is_left_as_it_is() -> None:
    """No empty word is looked for in it."""
    tried = attempt(Scripted({"RCPT": "550 5.1.1 unknown"}))
    assert tried.outcome.text == "5.1.1 unknown"


@pytest.mark.parametrize("host", ["192.0.2.1", "0.0.0.0"])
def test_nothing_goes_unprotected_beyond_this_machine(host: str) -> None:
    """`plain` is refused before a connection is tried, with what to set instead."""
    outcome = asyncio.run(sent_to(replace(QUICK, host=host)))
    assert isinstance(outcome, Misconfigured)
    assert "starttls" in outcome.text


def test_plain_to_a_name_of_this_machine_is_allowed() -> None:
    """`localhost` is looked up, and what it stands for is what counts."""
    assert isinstance(attempt(Scripted(), replace(QUICK, host="localhost")).outcome, Sent)


def test_a_name_that_means_another_machine_too_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half here and half elsewhere is elsewhere. Only the look-up is replaced: no real name does this."""

    async def both(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 25)) for address in (HERE, "192.0.2.1")]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", both)
    assert isinstance(asyncio.run(sent_to(replace(QUICK, host="mail.example"))), Misconfigured)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Certificate]:
    """One for this machine and one for another."""
    folder = tmp_path_factory.mktemp("certificates")
    return {"here": certificate(folder, HERE), "elsewhere": certificate(folder, "192.0.2.1")}


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
@pytest.mark.parametrize(
    ("server", "trusted", "kind"),
    [("here", "here", Sent), ("here", None, Misconfigured), ("elsewhere", "elsewhere", Misconfigured)],
    ids=["known", "unknown authority", "another machine's"],
)
def test_certificates(
    certificates: Mapping[str, Certificate], tls: Tls, server: str, trusted: str | None, kind: type[Outcome]
) -> None:
    """Name and authority are checked, and there is no way to ask for less."""
    ca_file = certificates[trusted].ca_file if trusted else None
    context = certificates[server].server

    async def go() -> Outcome:
        answers = {"STARTTLS": "220 go", "EHLO": "250-scripted\n250 STARTTLS"}
        script = Scripted(answers, tls=context)
        async with serving(script, context if tls is Tls.IMPLICIT else None) as port:
            return await sent_to(replace(QUICK, port=port, tls=tls, ca_file=ca_file, connect_seconds=FAR))

    outcome = asyncio.run(go())
    assert type(outcome) is kind, outcome


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({}, Misconfigured),
        ({"EHLO": "250-scripted\n250 STARTTLS", "STARTTLS": "454 4.7.0 not now"}, Deferred),
        ({"EHLO": "250-scripted\n250 STARTTLS", "STARTTLS": "502 what?"}, Misconfigured),
        ({"EHLO": "250-scripted\n250 STARTTLS", "STARTTLS": DROP}, Deferred),
    ],
    ids=["has none", "not now", "forgot it", "hangs up"],
)
def test_starttls_is_required(answers: dict[str, str], kind: type[Outcome]) -> None:
    """A server without it gets no letter, and no password either."""
    tried = attempt(Scripted(answers), replace(WITH_AUTH, tls=Tls.STARTTLS))
    assert type(tried.outcome) is kind, tried.outcome
    assert not any(line.startswith(("MAIL", "AUTH")) for line in tried.server.heard)


def test_an_unreadable_authority_is_a_setting_to_mend(tmp_path: Path) -> None:
    """A path that leads nowhere."""
    outcome = asyncio.run(sent_to(replace(QUICK, tls=Tls.IMPLICIT, ca_file=str(tmp_path / "none.pem"))))
    assert isinstance(outcome, Misconfigured)
    assert "none.pem" in outcome.text
