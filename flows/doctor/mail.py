"""The mail server: whether it accepts our connection, and one letter marked as a drill."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from dondoc.engine.errors import Remedy, RulesRefused
from dondoc.engine.rulefile import load_mail
from dondoc.flows.config.settings import Settings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look, wrong
from dondoc.notifications.delivery.journal_mailbox import JournalUnreadable
from dondoc.notifications.delivery.outcome import (
    Deferred,
    Doubtful,
    Misconfigured,
    Outcome,
    Refused,
    Sent,
    Unknown,
)
from dondoc.notifications.delivery.smtp import Sender
from dondoc.notifications.delivery.smtp_settings import SmtpSettings
from dondoc.notifications.letter import operator_letter
from dondoc.notifications.letter.mime import LetterRefused
from dondoc.notifications.lifecycle import Claimed, bounce_address

# The word that stands for the operator's own address.
OPERATOR = "operator"
_PATIENCE = 15.0


def server(given: Settings) -> Diagnosis:
    """Connects, starts TLS, signs in, names our sender and the operator, and quits without a letter.

    Many servers refuse a sender only when they hear a recipient.
    """
    smtp = _hasty(given.smtp)
    said = f"{smtp.host}:{smtp.port}, {smtp.tls}"
    ended = asyncio.run(_greeted(smtp))
    if ended is not None:
        return _trouble(Topic.SERVER, said, ended)
    # A refused mail.yaml is another check's to name.
    with suppress(RulesRefused):
        mail = load_mail(given.rules)
        sender = bounce_address("doctor", mail.message_domain)
        ended = asyncio.run(_offered(smtp, sender, mail.operator))
        if ended is not None:
            return _trouble(Topic.SERVER, f"{said}, {sender} → {mail.operator}", ended)
    account = f", tài khoản (account) {smtp.username}" if smtp.username else ", không đăng nhập (no login)"
    return good(Topic.SERVER, f"{said}{account}: sẵn sàng nhận thư (ready)")


def journal(given: Settings, now: datetime) -> Iterator[Diagnosis]:
    """Reads the journal, if one is set, without looking for a letter."""
    if given.journal is None:
        return
    try:
        given.journal.read(["<doctor>"], now)
    except JournalUnreadable as error:
        yield wrong(
            Topic.JOURNAL,
            f"không đọc được (unreadable) [{error}]",
            "sửa journal_maildir, hoặc journal_imap và mật khẩu của nó (fix these settings)",
            Remedy.USAGE,
        )
    else:
        yield good(Topic.JOURNAL, f"{given.smtp.journal}: đọc được (readable)")


def drill(given: Settings, to: str, now: datetime) -> Diagnosis:
    """Sends one letter marked as a drill, not through the outbox, which is for the letters of nights."""
    try:
        mail = load_mail(given.rules)
        address = mail.operator if to == OPERATOR else to
        view = operator_letter.drill(now, address, mail.operator)
        letter = operator_letter.drilled(view, mail, now, address)
    except LetterRefused as refused:
        return wrong(
            Topic.DRILL,
            refused.fault,
            "thêm tên miền vào allowed_domains của mail.yaml, hoặc gửi tới địa chỉ khác (add the domain, or use "
            "another address)",
            Remedy.USAGE,
        )
    except RulesRefused as refused:
        return wrong(Topic.DRILL, refused.problems[0].text(), "sửa mail.yaml (fix it)", Remedy.FIX_INPUT)
    claimed = Claimed(
        id=letter.id,
        night=letter.night,
        office=letter.office,
        part=letter.part,
        envelope_from=letter.envelope_from,
        recipient=letter.recipient,
        mime=letter.mime,
        attempt=1,
        expires_at=letter.expires_at,
        owner="doctor",
        lease_token=0,
    )
    ended = asyncio.run(_sent(_hasty(given.smtp), claimed))
    if isinstance(ended, Sent):
        return good(
            Topic.DRILL,
            f"máy chủ đã nhận thư gửi {address}, hãy xem hộp thư đó (accepted; look into that mailbox)",
        )
    return _trouble(Topic.DRILL, address, ended)


def _hasty(smtp: SmtpSettings) -> SmtpSettings:
    """The settings with short timeouts, because a person waits."""
    return replace(
        smtp,
        connect_seconds=_PATIENCE,
        command_seconds=_PATIENCE,
        data_seconds=_PATIENCE,
        body_seconds=_PATIENCE,
        dot_seconds=4 * _PATIENCE,
    )


async def _greeted(smtp: SmtpSettings) -> Outcome | None:
    async with Sender(smtp) as sender:
        return await sender.greet()


async def _offered(smtp: SmtpSettings, sender: str, recipient: str) -> Outcome | None:
    async with Sender(smtp) as connection:
        return await connection.offer(sender, recipient)


async def _sent(smtp: SmtpSettings, letter: Claimed) -> Outcome:
    async def at_once() -> bool:
        return True

    async with Sender(smtp) as sender:
        return await sender.send(letter, at_once)


def _trouble(topic: Topic, said: str, ended: Outcome) -> Diagnosis:
    """The fault with the server's answer, and who can fix it."""
    match ended:
        case Misconfigured(text):
            return wrong(
                topic,
                f"{said}: không chấp nhận cấu hình (settings not accepted) [{text}]",
                "sửa smtp_tls, tài khoản, mật khẩu, chứng thư hoặc địa chỉ gửi (fix encryption, account, "
                "password, certificate or sender)",
                Remedy.USAGE,
            )
        case Deferred(_, _, text):
            return wrong(
                topic,
                f"{said}: không trả lời hoặc chưa nhận (no answer, or not accepted now) [{text}]",
                "kiểm tra smtp_host, smtp_port, tường lửa và dịch vụ thư (check host, port, firewall and service)",
                Remedy.LATER,
            )
        case Refused(_, _, text) | Doubtful(_, _, text):
            return wrong(
                topic,
                f"{said}: bị từ chối (refused) [{text}]",
                "hỏi quản trị máy chủ thư, hoặc gửi tới địa chỉ khác (ask its administrator, or try another one)",
            )
        case Unknown(_, text) | Sent(text):
            return look(
                topic,
                f"{said}: không rõ đã nhận chưa (the server may or may not have accepted it) [{text}]",
                "xem hộp thư",
            )
