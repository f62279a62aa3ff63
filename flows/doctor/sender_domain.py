"""Whether the sender's domain takes mail (MX) and says who may send for it (SPF), as the machine's resolver says.

Many servers refuse a sender whose domain has neither, and bounces to it are lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from dondoc.engine.errors import RulesRefused
from dondoc.engine.rulefile import load_mail
from dondoc.flows.config.settings import Settings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look
from dondoc.flows.doctor.rules import is_trial

_TOPIC = Topic.SENDER
# For each question: a person waits, and many machines have no way to the internet.
_SECONDS = 3.0
_SPF = b"v=spf1"
_NULL_MX = "."


def sender_domain(given: Settings, resolver: Resolver | None = None) -> Iterator[Diagnosis]:
    """One line for each domain that letters come from, by the machine's own resolver or another one.

    None for the domain of the examples, and where mail.yaml has a problem: other checks name these. Where nobody
    answers, one line says so.
    """
    with suppress(RulesRefused):
        mail = load_mail(given.rules)
        envelope, shown = mail.message_domain, mail.sender.rpartition("@")[2]
        try:
            asked = resolver or _own()
            # SPF is asked of the envelope's domain, where bounces go; replies go to the domain that is shown.
            for domain in dict.fromkeys((envelope, shown)):
                if not is_trial(domain):
                    yield _asked(domain, asked, spf=domain == envelope)
        except (DNSException, OSError) as error:
            said = "chưa tra được, máy chủ DNS không trả lời (not looked up: no DNS server answers)"
            yield good(_TOPIC, f"{said} [{type(error).__name__}]")


def _own() -> Resolver:
    """The machine's own resolver, with little patience."""
    resolver = Resolver()
    resolver.lifetime = _SECONDS
    return resolver


def _asked(domain: str, asked: Resolver, *, spf: bool) -> Diagnosis:
    try:
        faults = [*_mx(asked, domain), *(_spf(asked, domain) if spf else ())]
    except NXDOMAIN:
        return look(
            _TOPIC,
            f"{domain}: DNS không có tên miền này (there is no such domain)",
            "sửa message_domain và sender của mail.yaml, hoặc khai tên miền trong DNS (correct mail.yaml, or "
            "publish the domain)",
        )
    if faults:
        return look(
            _TOPIC,
            f"{domain}: {', '.join(faults)}",
            "nhờ người quản trị tên miền khai MX, và bản ghi TXT «v=spf1 …» nêu máy chủ thư của mình (have the "
            "domain's administrator publish an MX, and a TXT record «v=spf1 …» that names your mail server)",
        )
    return good(_TOPIC, f"{domain}: có MX{' và SPF' if spf else ''} (published)")


def _mx(asked: Resolver, domain: str) -> Iterator[str]:
    try:
        found = [str(record.exchange) for record in asked.resolve(domain, "MX", search=False)]
    except NoAnswer:
        found = []
    if not found:
        yield "không có MX (no MX: bounces and replies have no mail server to go to)"
    elif found == [_NULL_MX]:
        yield "MX nói là không nhận thư (its MX says that it takes no mail)"


def _spf(asked: Resolver, domain: str) -> Iterator[str]:
    try:
        texts = [b"".join(record.strings) for record in asked.resolve(domain, "TXT", search=False)]
    except NoAnswer:
        texts = []
    policies = [text for text in texts if text == _SPF or text.startswith(_SPF + b" ")]
    if not policies:
        yield "không có SPF (no SPF: many servers take its letters for spam)"
    elif len(policies) > 1:
        yield f"có {len(policies)} bản ghi SPF, máy chủ thư không đọc bản nào (several SPF records: none counts)"
