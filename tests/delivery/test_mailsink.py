"""The mail server for trying things out: keeps every byte, shows it safely, passes nothing on."""

from __future__ import annotations

import smtplib
import socket
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dondoc.notifications.delivery.mailsink import Mailsink, write_index

HTML = (
    "Subject: =?utf-8?b?xJDDtG4gxJHhu5Fj?=\r\nFrom: Desk <desk@dondoc.example>\r\nTo: xa@example.org\r\n"
    "X-Dondoc-Night: 2015-04-20\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    '<p title="a&quot;b">Invented</p><script>alert(1)</script>\r\n'
)
PLAIN = (
    "Subject: Plain\r\nFrom: desk@dondoc.example\r\nTo: so@x.example\r\nDate: Sun, 19 Apr 2015 19:00:00 +0000\r\n"
    "\r\n<b>not bold</b>\r\n..dots\r\n"
)


def give(sink: Mailsink, *recipients: str, content: str = HTML) -> None:
    """Hand over one mail."""
    with smtplib.SMTP("127.0.0.1", sink.port, local_hostname="test") as client:
        client.sendmail("bounce@dondoc.example", recipients, content.encode())


def test_it_listens_at_once_on_this_machine_only(tmp_path: Path) -> None:
    """Started in well under a second, on a port that was free, and gone when it is closed."""
    before = time.monotonic()
    with Mailsink(tmp_path) as sink:
        assert time.monotonic() - before < 0.5
        assert sink.port > 0
        assert sink._server._listening.getsockname() == ("127.0.0.1", sink.port)
        with pytest.raises(OSError, match="in use"):
            Mailsink(tmp_path, sink.port)
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", sink.port), 1):  # noqa: PT011 - refused or reset
        pass


def test_mails_lie_under_their_night_in_the_order_they_came(sink: Mailsink) -> None:
    """One file per recipient, numbered through; the night is the letter's own, else its date in Vietnam."""
    give(sink, "xa@example.org", "so@example.org")
    give(sink, "a/../b@example.org", content=PLAIN)
    found = sorted(str(path.relative_to(sink.folder)) for path in sink.folder.rglob("*.eml"))
    assert found == ["2015-04-20/0001-xa.eml", "2015-04-20/0002-so.eml", "2015-04-20/0003-a-..-b.eml"]
    assert (sink.folder / found[2]).read_bytes() == PLAIN.encode()


def test_a_second_server_goes_on_counting(tmp_path: Path) -> None:
    """Nothing kept is ever overwritten."""
    for _ in range(2):
        with Mailsink(tmp_path) as sink:
            give(sink, "xa@example.org")
    assert [path.name for path in sorted(tmp_path.glob("*/*.eml"))] == ["0001-xa.eml", "0002-xa.eml"]


class _Page(HTMLParser):
    """What a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.frames: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        self.tags.append(tag)
        if tag == "iframe":
            self.frames.append(dict(attrs))
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data: str) -> None:
        """Collect."""
        self.text += data


def test_the_index_shows_every_mail_and_runs_nothing(sink: Mailsink) -> None:
    """Subjects and addresses in the page; a mail's HTML only inside a closed frame; no script, no network."""
    give(sink, "xa@example.org")
    give(sink, "so@example.org", content=PLAIN)
    page = _Page()
    page.feed(write_index(sink.folder).read_text(encoding="utf-8"))
    assert "2 thư" in page.text
    for shown in ("Đôn đốc", "Plain", "Desk <desk@dondoc.example>", "Đêm: 20/04/2015", "<b>not bold</b>"):
        assert shown in page.text
    assert "script" not in page.tags
    (frame,) = page.frames
    assert frame["sandbox"] is None, "no permission at all"
    assert '<p title="a&quot;b">Invented</p>' in (frame["srcdoc"] or "")
    assert [(sink.folder / link).is_file() for link in page.links] == [True, True]


def test_an_empty_index_says_so(tmp_path: Path) -> None:
    """Nothing received yet."""
    assert "0 thư" in write_index(tmp_path).read_text(encoding="utf-8")
