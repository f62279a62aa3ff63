"""Mails of mail servers about a letter that did not arrive, or may not have, as each program writes them.

Written by hand after what these programs send; hosts, mailboxes and numbers are invented.
"""

from __future__ import annotations

ID = "0123456789abcdef0123456789abcdef"
BOX = "vt@bao-dai.example.vn"
TO = f"bounce+{ID}@dondoc.example.vn"
RETURNED = (
    f"Message-ID: <{ID}@dondoc.example.vn>\nFrom: Don Doc <dondoc@example.vn>\nTo: {BOX}\nSubject: Viec cua xa\n"
)


def report(
    sender: str, words: str, fields: str, *, returned: str = RETURNED, kind: str = "delivery-status"
) -> str:
    """A report by RFC 3464: words for people, fields for programs, and the head of what came back."""
    back = f"--b\nContent-Type: text/rfc822-headers\n\n{returned}" if returned else ""
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: {TO}\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n"
        f"--b\nContent-Type: message/{kind}\n\n{fields}\n{back}--b--\n"
    )


def plain(sender: str, subject: str, words: str, head: str = "Return-Path: <>\n", to: str = TO) -> str:
    """A report in words alone."""
    return (
        f"{head}From: {sender}\nTo: {to}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{words}\n"
    )


def failed(status: str, said: str, *, box: str = BOX, mta: str = "mx.example.vn") -> str:
    """The fields of one recipient for whom it failed."""
    code = f"\nDiagnostic-Code: smtp; {said}" if said else ""
    return f"Reporting-MTA: dns; {mta}\n\nFinal-Recipient: rfc822; {box}\nAction: failed\nStatus: {status}{code}\n"


POSTFIX = "MAILER-DAEMON@mx.example.vn (Mail Delivery System)"
EXIM = "Mail Delivery System <Mailer-Daemon@mx.example.vn>"
EXCHANGE = "Microsoft Outlook <postmaster@example.vn>"
GMAIL = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
UNKNOWN = f"550 5.1.1 <{BOX}>: Recipient address rejected: User unknown in virtual mailbox table"
EXIM_WORDS = (
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
    "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
)
BACK = f"\n------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}"

# By what it is: the mail, and the code, the words and what they are about of a letter that did not arrive.
FOR_GOOD = {
    "Postfix, no such mailbox": (
        report(POSTFIX, f"<{BOX}>: unknown user", failed("5.1.1", UNKNOWN)),
        550,
        "User unknown",
    ),
    "Postfix, an alias of the mailbox": (
        report(
            POSTFIX,
            "x",
            f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; admin@inside.example.vn\n"
            f"Original-Recipient: rfc822;{BOX}\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: x-unix; user unknown\n",
        ),
        550,
        "user unknown",
    ),
    "Postfix, over its time": (
        report(POSTFIX, "x", failed("5.4.1", "connect to mx: Connection timed out")),
        550,
        "timed out",
    ),
    "Postfix, nothing of the letter comes back": (
        report(POSTFIX, "x", failed("5.1.1", UNKNOWN), returned=""),
        550,
        "unknown",
    ),
    "Exim today": (
        report(EXIM, EXIM_WORDS + f"  {BOX}\n    no such user", failed("5.0.0", "550 no such user here")),
        550,
        "no such user",
    ),
    "Exim before it wrote reports": (
        plain(
            EXIM,
            "Mail delivery failed: returning message to sender",
            f"{EXIM_WORDS}  {BOX}\n    SMTP error from remote mail server after RCPT TO:<{BOX}>:\n"
            f"    host mx.example.vn [192.0.2.1]: 550 5.1.1 User unknown\n{BACK}",
            f"Return-path: <>\nX-Failed-Recipients: {BOX}\nAuto-Submitted: auto-replied\n",
        ),
        550,
        "User unknown",
    ),
    "Exim, unrouteable": (
        plain(EXIM, "Mail delivery failed", f"{EXIM_WORDS}  {BOX}\n    Unrouteable address\n{BACK}"),
        550,
        "could not be delivered",
    ),
    "Exchange Online": (
        report(
            EXCHANGE,
            "Your message couldn't be delivered.",
            failed(
                "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
            ),
        ),
        550,
        "RecipientNotFound",
    ),
    "Exchange 2003, a status and no words": (
        report("System Administrator <postmaster@example.vn>", "Không thể gửi thư.", failed("5.1.1", "")),
        550,
        "5.1.1",
    ),
    "Exchange in Vietnamese, over a full mailbox": (
        report(
            EXCHANGE,
            "Hộp thư của người nhận đã đầy.",
            failed("5.2.2", "554 5.2.2 STOREDRV.Deliver.Exception:QuotaExceededException; mailbox full"),
        ),
        554,
        "mailbox full",
    ),
    "Gmail": (
        report(
            GMAIL,
            "Address not found",
            failed(
                "5.1.1",
                "550-5.1.1 The email account that you tried to reach does not exist.\n 550 5.1.1 https://x.example",
            ),
        ),
        550,
        "does not exist",
    ),
    "Gmail, refused as spam": (
        report(
            GMAIL,
            "Message blocked",
            failed("5.7.1", "550 5.7.1 Our system has detected that this message is likely unsolicited mail."),
        ),
        550,
        "unsolicited",
    ),
    "Zimbra": (
        report(
            "Mail Delivery System <MAILER-DAEMON@zimbra.example.vn>",
            "This is the mail system at host zimbra.example.vn.",
            failed("5.1.1", f"550 5.1.1 <{BOX}>: Recipient address rejected: {BOX}"),
        ),
        550,
        "rejected",
    ),
    "Zimbra, an account that was closed": (
        report(
            "MAILER-DAEMON@zimbra.example.vn",
            "x",
            failed("5.2.1", "554 5.2.1 Mailbox disabled, not accepting messages"),
        ),
        554,
        "disabled",
    ),
    "Lotus Domino": (
        report(
            "Postmaster@example.vn",
            "User vt not listed in Domino Directory",
            failed("5.1.1", "550 User vt (vt@bao-dai.example.vn) not listed in Domino Directory"),
        ),
        550,
        "not listed",
    ),
    "qmail": (
        plain(
            "MAILER-DAEMON@mx.example.vn",
            "failure notice",
            f"Hi. This is the qmail-send program at mx.example.vn.\nI'm afraid I wasn't able to deliver your "
            f"message to the following addresses.\nThis is a permanent error; I've given up."
            f"\n\n<{BOX}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            f"--- Below this line is a copy of the message.\n\n{RETURNED}",
        ),
        550,
        "5.1.1",
    ),
    "MDaemon": (
        plain(
            "MDaemon <MDaemon@example.vn>",
            "Permanent Delivery Failure",
            f"The attached message had PERMANENT fatal delivery errors!\n\n--> RCPT To:<{BOX}>\n<-- 550 <{BOX}>, "
            "Recipient "
            f"unknown\n",
        ),
        550,
        "Recipient unknown",
    ),
    "a server that writes Vietnamese": (
        plain(
            "postmaster@example.vn",
            "Gửi thư thất bại",
            f"Thư gửi tới {BOX} không gửi được: hộp thư không tồn tại.\n{BACK}",
        ),
        550,
        "không tồn tại",
    ),
    "one that keeps our address to itself": (
        plain(
            "Mail Delivery System <mailer-daemon@mx.example.vn>",
            "Undeliverable",
            f"<{BOX}>: 550 user unknown\n{BACK}",
            to="traloi@example.vn",
        ),
        550,
        "user unknown",
    ),
}

NOT_FOR_GOOD = {
    "Postfix, delayed": report(
        POSTFIX,
        "Your message could not be delivered for more than 4 hours. It will be retried.",
        failed("4.4.1", "451 4.4.1 timed out").replace("failed", "delayed"),
    ),
    "a status that passes": report(POSTFIX, "x", failed("4.2.2", "452 4.2.2 mailbox full")),
    "Exim, a warning": plain(
        EXIM,
        "Warning: message delayed 24 hours",
        f"A message that you sent has not yet been delivered to:\n  {BOX}\n"
        "No action is required on your part. Delivery attempts will continue. The server said 'mailbox "
        f"unavailable'.\n{BACK}",
    ),
    "Gmail, delayed": report(GMAIL, "Delivery incomplete", failed("4.0.0", "").replace("failed", "delayed")),
    "it was delivered": report(POSTFIX, "x", failed("2.0.0", "250 2.0.0 Ok").replace("failed", "delivered")),
    "it was passed on": report(POSTFIX, "x", failed("2.0.0", "").replace("failed", "relayed")),
    "it was read": report(
        "vt@bao-dai.example.vn",
        "Read",
        f"Original-Message-ID: <{ID}@dondoc.example.vn>\nDisposition: manual-action; displayed\n",
        kind="disposition-notification",
    ),
    "somebody calls it spam": report(
        "feedback@example.com", "x", "Feedback-Type: abuse\n", kind="feedback-report"
    ),
    "an absence note": plain(
        BOX,
        "Trả lời tự động",
        "Tôi vắng mặt đến 30/5; hộp thư không gửi được gì.",
        "Return-Path: <>\nAuto-Submitted: auto-replied\n",
    ),
    "an absence note of a person who left": plain(
        BOX, "Automatic reply", "The mailbox is no longer in use: user unknown.", ""
    ),
    "a report about a letter of somebody else": plain(
        EXIM, "Mail delivery failed", f"{EXIM_WORDS}  {BOX}\n    550 unknown", to="traloi@example.vn"
    ),
    "an office that quotes a report": plain(
        BOX,
        "Re: thư",
        f"Hộp thư cũ của xã không tồn tại, 550 5.1.1. Thư: <{ID}@dondoc.example.vn>",
        "",
        to="traloi@example.vn",
    ),
}
