"""What `dondoc doctor` says of the sender's domain, asked of a DNS server on this machine and of no other."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from dondoc.flows.config.settings import load
from dondoc.flows.doctor.diagnosis import Diagnosis, Grade
from dondoc.flows.doctor.sender_domain import sender_domain
from tests.support.ports import free_port
from tests.support.town import ROOT

ENVELOPE, SENDER = "dondoc.town.example", "town.example"
MX, SPF = {"MX": ["10 mx.town.example."]}, {"TXT": ['"other" "words"', '"v=spf1 a:mx.town.example " "-all"']}
Zone = Mapping[str, Mapping[str, list[str]]]
WELL: Zone = {ENVELOPE: MX | SPF, SENDER: MX}


@contextmanager
def answering(zone: Zone) -> Iterator[dns.resolver.Resolver]:
    """A DNS server that knows these records, and a resolver that asks it alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        over = threading.Event()
        thread = threading.Thread(target=_serve, args=(server, zone, over))
        thread.start()
        yield _asking(server.getsockname()[1])
        over.set()
        thread.join()


def _serve(server: socket.socket, zone: Zone, over: threading.Event) -> None:
    while not over.is_set():
        try:
            raw, asked_by = server.recvfrom(4096)
        except TimeoutError:
            continue
        query = dns.message.from_wire(raw)
        answer = dns.message.make_response(query)
        (question,) = query.question
        records = zone.get(question.name.to_text(omit_final_dot=True))
        if records is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            kind = dns.rdatatype.to_text(question.rdtype)
            if texts := records.get(kind):
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        server.sendto(answer.to_wire(), asked_by)


def _asking(port: int) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], port, 0.5
    return resolver


@pytest.fixture
def service(tmp_path: Path) -> dict[str, str]:
    """A service whose letters come from domains that are nobody's example any more."""
    text = (ROOT / "rules" / "mail.yaml").read_text("utf-8")
    mail = text.replace("dondoc.example.vn", ENVELOPE).replace("example.vn", SENDER)
    (tmp_path / "mail.yaml").write_text(mail, "utf-8")
    return {"DONDOC_RULES": str(tmp_path)}


def said(service: Mapping[str, str], resolver: dns.resolver.Resolver) -> tuple[Diagnosis, Diagnosis]:
    """The line on the envelope's domain, and that on the sender's."""
    envelope, sender = sender_domain(load(service), resolver)
    assert (envelope.said.partition(":")[0], sender.said.partition(":")[0]) == (ENVELOPE, SENDER)
    return envelope, sender


def test_both_records_are_published(service: dict[str, str]) -> None:
    """SPF is asked of the envelope's domain alone, and may be split into several strings."""
    with answering(WELL) as resolver:
        envelope, sender = said(service, resolver)
    assert (envelope.grade, sender.grade) == (Grade.GOOD, Grade.GOOD)
    assert ("SPF" in envelope.said, "SPF" in sender.said) == (True, False)


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (SPF, ["không có MX"]),
        (MX, ["không có SPF"]),
        ({}, ["không có MX", "không có SPF"]),
        (MX | {"TXT": ['"v=spf10 no"', '"words"']}, ["không có SPF"]),
        (MX | {"TXT": ['"v=spf1 -all"', '"v=spf1 a -all"']}, ["có 2 bản ghi SPF"]),
        (SPF | {"MX": ["0 ."]}, ["MX nói là không nhận thư"]),
    ],
    ids=["no MX", "no SPF", "neither", "nothing that is SPF", "two SPF records", "an MX that takes no mail"],
)
def test_what_is_missing_is_worth_a_look(
    service: dict[str, str], records: Mapping[str, list[str]], words: list[str]
) -> None:
    """Named, with what the domain's administrator should publish."""
    with answering(WELL | {ENVELOPE: records}) as resolver:
        envelope, sender = said(service, resolver)
    assert (envelope.grade, sender.grade) == (Grade.LOOK, Grade.GOOD)
    assert all(word in envelope.said for word in words)
    assert "v=spf1" in envelope.remedy


def test_a_domain_that_does_not_exist_is_named(service: dict[str, str]) -> None:
    """A slip in mail.yaml, mostly."""
    with answering({SENDER: MX}) as resolver:
        envelope, _ = said(service, resolver)
    assert (envelope.grade, "mail.yaml" in envelope.remedy) == (Grade.LOOK, True)


def test_where_no_server_answers_nothing_is_wrong(service: dict[str, str]) -> None:
    """Many machines have no way to the internet: it is said that nothing was looked up."""
    (line,) = sender_domain(load(service), _asking(free_port()))
    assert (line.grade, "not looked up" in line.said) == (Grade.GOOD, True)


def test_the_domain_of_the_examples_is_not_looked_up() -> None:
    """Another check says that it is an example."""
    assert list(sender_domain(load({"DONDOC_RULES": str(ROOT / "rules")}))) == []
