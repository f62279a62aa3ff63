"""A case is answered until it is resolved: letters by Postfix, replies by IMAP, pages in a real browser."""

from __future__ import annotations

import shutil
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import Engine, reading
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.flows.config.settings import load, opened
from dondoc.flows.data.importer import bring_in
from dondoc.flows.demo.conversation import Hands, Happening, Town, conversation
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.server import served
from dondoc.notifications.delivery.imap_account import ImapAccount
from dondoc.notifications.replies.mailboxes import AnswerImap
from tests.outside.relay import HERE, PASSWORD, Relay, relaying
from tests.support.browser import Tab, telephone
from tests.support.town import EXAMPLES, ROOT
from tests.support.web_pages import BASE
from tests.support.went import as_told

pytestmark = pytest.mark.outside

ANSWERS = "traloi@example.vn"


def test_a_whole_conversation_over_smtp_imap_and_a_browser(tmp_path: Path) -> None:
    """Asked by button, granted by reply, promised and broken, demanded, closed: told to exactly those who knew."""
    with relaying() as relay, telephone(tmp_path) as tab:
        environment = settings(tmp_path, relay)
        with opened(given := load(environment)) as engine:
            upgrade(engine)
            bring_in(engine, EXAMPLES, datetime.now(UTC))
            town = Town(environment, engine, lambda: arrived(engine, relay))
            assert given.links is not None
            with served(WebDesk(engine, given.rules, given.links, town.clock)) as root:
                box = AnswerImap(ImapAccount(HERE, relay.imaps, "traloi", PASSWORD, ca_file=relay.smtp.ca_file))
                hands = Hands(pressing(tab, root), lambda mail: reply(relay, mail), box)
                went = [line(one) for one in conversation(town, hands)]
        as_told(went)
        assert len(list(relay.maildir(ANSWERS).glob("cur/*"))) == 3


def line(one: Happening) -> str:
    """What happened, as the demonstration prints it."""
    return f"{one.on:%d/%m/%Y} {one.door.vi}: {one.what.vi}"


def settings(folder: Path, relay: Relay) -> Mapping[str, str]:
    """Those of a service whose letters leave by the relay and ask for answers to a mailbox there."""
    shutil.copytree(ROOT / "rules", folder / "rules")
    with (folder / "rules" / "mail.yaml").open("a", encoding="utf-8") as mail:
        mail.write(f"  answers: {ANSWERS}\n")
    (folder / "keys").write_text(f"k1 {'k' * 40}\n")
    (folder / "password").write_text(relay.smtp.password)
    return {
        "DONDOC_DATABASE": f"sqlite:///{folder / 'x.db'}",
        "DONDOC_RULES": str(folder / "rules"),
        "DONDOC_SMTP_HOST": relay.smtp.host,
        "DONDOC_SMTP_PORT": str(relay.smtp.port),
        "DONDOC_SMTP_TLS": relay.smtp.tls.value,
        "DONDOC_SMTP_USERNAME": relay.smtp.username,
        "DONDOC_SMTP_PASSWORD_FILE": str(folder / "password"),
        "DONDOC_SMTP_CA_FILE": str(relay.smtp.ca_file),
        "DONDOC_BASE_ADDRESS": BASE,
        "DONDOC_WEB_KEY_FILE": str(folder / "keys"),
    }


def arrived(engine: Engine, relay: Relay) -> Iterator[bytes]:
    """Every mail that Dovecot keeps for an office, once it keeps all that Postfix has taken."""
    with reading(engine) as conn:
        sent = conn.scalar(select(func.count()).where(t.letter.c.state == LetterState.SENT)) or 0
    answers = relay.maildir(ANSWERS) / "new"
    kept = waited(lambda: [one for one in relay.mail.glob("*/new/*") if one.parent != answers], sent)
    return (file.read_bytes() for file in sorted(kept, key=lambda file: file.stat().st_mtime_ns))


def waited(files: Callable[[], list[Path]], number: int) -> list[Path]:
    """The files, once there are so many."""
    deadline = time.monotonic() + 30
    while len(found := files()) < number:
        assert time.monotonic() < deadline, f"{len(found)} of {number}"
        time.sleep(0.05)
    return found


def reply(relay: Relay, mail: bytes) -> None:
    """An office's mail server sends an answer; it waits in the mailbox once this returns."""
    before = len(relay.kept(ANSWERS))
    with smtplib.SMTP(relay.smtp.host, relay.smtp.port) as server:
        server.starttls(context=ssl.create_default_context(cafile=relay.smtp.ca_file))
        server.login(relay.smtp.username, relay.smtp.password)
        server.sendmail("vanthu@example.vn", [ANSWERS], mail)
    waited(lambda: list(relay.maildir(ANSWERS).glob("new/*")), before + 1)


def pressing(tab: Tab, root: str) -> Callable[[str, str, Mapping[str, str]], None]:
    """An office that answers on a telephone, by touch and typing."""

    def press(link: str, button: str, typed: Mapping[str, str]) -> None:
        tab.open(link.replace(BASE, root))
        shown(tab, button)
        tab.click(button)
        shown(tab, "Xem lại trước khi gửi")
        for name, value in typed.items():
            if tab.run(f"document.getElementById('{name}').type") == "date":
                tab.run(f"document.getElementById('{name}').value = '{value}'")
            else:
                tab.type(name, value)
        tab.click("Xem lại trước khi gửi")
        shown(tab, "Chưa gửi. Xem lại:")
        tab.click("Gửi")
        shown(tab, "Đã ghi nhận, số")

    return press


def shown(tab: Tab, words: str) -> None:
    """Waits for the page with these words: on a busy machine the one before it stands for a while."""
    deadline = time.monotonic() + 30
    while words not in (page := tab.run("document.body?.innerText ?? ''")):
        assert time.monotonic() < deadline, page
        time.sleep(0.1)
