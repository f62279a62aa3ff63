"""The conversation in a folder of its own: played once, and told again without being played."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from dondoc.engine.domain.model import Text
from dondoc.engine.store.db.database import Engine
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.flows.config.settings import Settings, load, opened
from dondoc.flows.config.shipped import shipped
from dondoc.flows.data.importer import bring_in
from dondoc.flows.demo.conversation import Hands, Town, conversation
from dondoc.flows.demo.open_pages import BASE, PLACE, TOLD, environment
from dondoc.flows.demo.visitor import answer
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.server import served
from dondoc.notifications.delivery.mailsink import Mailsink, write_index
from dondoc.notifications.replies.mailboxes import AnswerMaildir
from dondoc.notifications.wording.numbers import day


def told(folder: Path, say: Callable[[Text], None]) -> None:
    """Says how the conversation went and where it lies; it is played first if it never was.

    It is played whole or not at all: what was left off lies nowhere. Raises what nights, pages and readings raise.
    """
    place = folder / PLACE
    say(
        Text(
            "\nMột hồ sơ có trả lời, bằng trang của liên kết trong thư và bằng thư:",
            "\nOne case that is answered, on the pages behind links of letters and by mail:",
        )
    )
    if (place / TOLD).is_file():
        for said in json.loads((place / TOLD).read_text("utf-8")):
            say(Text(*said))
    else:
        with TemporaryDirectory(dir=folder) as made:
            fresh = Path(made) / PLACE
            _play(fresh, say)
            fresh.rename(place)
    say(
        Text.format(
            "Thư của hồ sơ ấy: {mails}\nMở thử các trang ngay trên máy này: dondoc demo --pages --folder {folder}",
            "The letters of that case: {mails}\nTry its pages here: dondoc demo --pages --folder {folder}",
            mails=write_index(place / "mails").resolve().as_uri(),
            folder=str(folder),
        )
    )


def _play(place: Path, say: Callable[[Text], None]) -> None:
    answers = place / "answers"
    for each in (place / "mails", *(answers / name for name in ("new", "cur", "tmp"))):
        each.mkdir(parents=True)
    for name, content in (("keys", f"k1 {secrets.token_hex(32)}"), ("desk-token", secrets.token_hex(16))):
        (place / name).touch(0o600)
        (place / name).write_text(f"{content}\n")
    lines = []
    with Mailsink(place / "mails") as sink, opened(given := load(environment(place, sink.port))) as engine:
        upgrade(engine)
        bring_in(engine, shipped("examples"), datetime.now(UTC))
        town = Town(environment(place, sink.port), engine, partial(_arrived, place / "mails"))
        with served(_desk(given, engine, town.clock)) as root:
            hands = Hands(partial(_press, root), partial(_post, answers), AnswerMaildir(answers))
            for line in conversation(town, hands):
                said = Text.format("{on} {door}: {what}", on=day(line.on), door=line.door, what=line.what)
                say(said)
                lines.append((said.vi, said.en))
    (place / TOLD).write_text(json.dumps(lines, ensure_ascii=False, indent=1), "utf-8")


def _arrived(mails: Path) -> Iterator[bytes]:
    """Every mail that has arrived, in its order."""
    return (each.read_bytes() for each in sorted(mails.glob("*/*.eml")))


def _press(root: str, link: str, button: str, typed: Mapping[str, str]) -> None:
    # While it is played its pages stand at whatever port is free.
    answer(link.replace(BASE, root), button, typed)


def _post(maildir: Path, mail: bytes) -> None:
    number = len(list(maildir.glob("*/*")))
    (maildir / "new" / f"{number:04}.mail").write_bytes(mail)


def _desk(given: Settings, engine: Engine, clock: Callable[[], datetime]) -> WebDesk:
    assert given.links is not None
    return WebDesk(engine, given.rules, given.links, clock)
