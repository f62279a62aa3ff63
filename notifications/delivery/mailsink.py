"""A mail server on this machine that stores what it receives and forwards nothing: for trials.

Each mail becomes `<folder>/<night>/<n>-<recipient>.eml`, byte for byte; `write_index` makes a page of them all.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_HERE = "127.0.0.1"
_VIETNAM = timezone(timedelta(hours=7))
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Hộp thư thử nghiệm</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }}
summary {{ cursor: pointer; padding: .4rem 0; border-bottom: 1px solid #8886 }}
iframe {{ width: 100%; height: 40rem; border: 1px solid #8886; background: #fff; color-scheme: light }}
pre {{ white-space: pre-wrap }}
</style>
</head>
<body>
<h1>Hộp thư thử nghiệm</h1>
<p>{count} thư đã nhận trên máy này. Không thư nào được chuyển tiếp ra ngoài.</p>
{nights}
</body>
</html>
"""
_MAIL = """<details>
<summary>{number}. <strong>{subject}</strong><br>Gửi: {to}</summary>
<p>Từ: {sender}<br>Đêm: {night}<br>Tệp đính kèm: {attached}<br><a href="{link}">Thư gốc (.eml)</a></p>
{body}
</details>
"""


class _Keeper:
    """The server's handler: stores a mail in one file for each recipient."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: dict[Path, int] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's interface
        content = envelope.original_content or b""
        place = self._folder / _night(_parsed(content)).isoformat()
        place.mkdir(parents=True, exist_ok=True)
        for recipient in envelope.rcpt_tos:
            number = self._last.get(place, sum(1 for _ in place.glob("*.eml"))) + 1
            self._last[place] = number
            name = _UNSAFE.sub("-", recipient.rpartition("@")[0])[:80]
            (place / f"{number:04d}-{name}.eml").write_bytes(content)
        return "250 2.0.0 kept"


class _Server(Controller):
    """A controller that binds its port before it starts, so that the port is known; 0 lets the system choose."""

    def __init__(self, keeper: _Keeper, port: int) -> None:
        self._listening = socket.create_server((_HERE, port))
        bound: int = self._listening.getsockname()[1]
        # A fixed name avoids looking up this machine's, which may take seconds.
        super().__init__(keeper, hostname=_HERE, port=bound, server_hostname="mailsink.localhost")

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class Mailsink:
    """A context manager: the server runs in its own thread while it is open, on 127.0.0.1 only.

    Raises OSError when the port is taken.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self._server = _Server(_Keeper(folder), port)
        self.port: int = self._server.port

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()


def write_index(folder: Path) -> Path:
    """Write `index.html` over every mail in `folder`, newest night first; it needs no script and no network."""
    nights = sorted((each for each in folder.iterdir() if each.is_dir()), reverse=True)
    mails = {night.name: sorted(night.glob("*.eml")) for night in nights}
    sections = [f"<h2>{name}</h2>\n{''.join(map(_shown, paths))}" for name, paths in mails.items() if paths]
    page = folder / "index.html"
    total = sum(map(len, mails.values()))
    page.write_text(_PAGE.format(count=total, nights="\n".join(sections)), encoding="utf-8")
    return page


def _shown(path: Path) -> str:
    mail = _parsed(path.read_bytes())
    html = mail.get_body(("html",))
    text = mail.get_body(("plain",))
    if html is not None:
        body = f'<iframe sandbox title="Nội dung thư" srcdoc="{escape(_content(html))}"></iframe>'
    else:
        body = f"<pre>{escape(_content(text)) if text is not None else ''}</pre>"
    return _MAIL.format(
        number=int(path.name.partition("-")[0]),
        subject=escape(mail.get("Subject", "(không có tiêu đề)")),
        sender=escape(mail.get("From", "")),
        to=escape(mail.get("To", "")),
        night=f"{_night(mail):%d/%m/%Y}",
        attached=escape(", ".join(each.get_filename("") for each in mail.iter_attachments())) or "không",
        link=escape(f"{path.parent.name}/{path.name}"),
        body=body,
    )


def _parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def _content(part: MIMEPart) -> str:
    return str(part.get_content())


def _night(mail: EmailMessage) -> date:
    """The night in the mail's header, else the day of its Date, else today; in Vietnam's time zone."""
    try:
        return date.fromisoformat(str(mail.get("X-Dondoc-Night", "")))
    except ValueError:
        dated = mail.get("Date")
        when: datetime | None = getattr(dated, "datetime", None)
        return (when or datetime.now(UTC)).astimezone(_VIETNAM).date()
