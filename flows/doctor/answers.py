"""The mailbox for answers: whether it can be read, its mails marked, and whether letters ask for answers there."""

from __future__ import annotations

from collections.abc import Iterator

from dondoc.engine.errors import Remedy, RulesRefused
from dondoc.engine.rulefile import load_mail
from dondoc.flows.config.settings import Settings
from dondoc.flows.doctor.diagnosis import Diagnosis, Topic, good, look, wrong
from dondoc.flows.records.attachments import Attachments
from dondoc.notifications.replies.mailboxes import MailboxUnreadable


def mailbox(given: Settings) -> Iterator[Diagnosis]:
    """Counts the mails that wait and marks none; yields nothing where answers by mail are not set up."""
    asked = _asked_for(given)
    box = given.answers.box
    if box is None:
        if asked:
            yield look(
                Topic.ANSWERS,
                f"thư mời trả lời về {asked}, nhưng không ai đọc hộp thư ấy (letters ask for answers there, and "
                "nobody reads them)",
                "khai replies_maildir hoặc replies_imap (set one of these)",
            )
        return
    try:
        waiting = box.waiting()
    except MailboxUnreadable as error:
        yield wrong(
            Topic.ANSWERS,
            str(error),
            "sửa replies_maildir, hoặc replies_imap và mật khẩu của nó (fix these settings)",
            Remedy.USAGE,
        )
        return
    if asked:
        yield good(Topic.ANSWERS, f"{asked}: đọc được, {waiting} thư đang chờ (readable, mails waiting)")
    else:
        yield look(
            Topic.ANSWERS,
            "đọc được, nhưng thư không mời trả lời về đó (readable, but no letter asks for answers there)",
            "khai answers trong mail.yaml (set answers in mail.yaml)",
        )


def attachments(given: Settings) -> Iterator[Diagnosis]:
    """Whether the folder in which attachments are kept is this account's alone; nothing where none are kept."""
    folder = given.answers.attachments
    if folder is None:
        return
    try:
        Attachments(folder).refuse_shared()
    except OSError as error:
        yield wrong(
            Topic.ANSWERS,
            f"keep_attachments: {folder}: tài khoản khác đọc được, nên không giữ tệp nào (others may read it, so "
            f"nothing is kept there): {error.strerror}",
            f"chmod 700 {folder}",
        )


def _asked_for(given: Settings) -> str:
    """Where letters ask for answers; empty: nowhere, or another check names what is wrong with mail.yaml."""
    try:
        return load_mail(given.rules).answers
    except RulesRefused:
        return ""
