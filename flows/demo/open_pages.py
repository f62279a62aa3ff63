"""The pages of the conversation, held open for anybody who wants to try them on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dondoc.engine.domain.model import Text
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import cases, nights, tasks
from dondoc.flows.config.settings import Settings, load, opened
from dondoc.flows.config.shipped import shipped
from dondoc.flows.demo.conversation import LAST_NIGHT
from dondoc.flows.lookup import CallRefused
from dondoc.flows.web.server import serve
from dondoc.notifications.letter.build import due_from

_HERE, PORT = "127.0.0.1", 8043
BASE = f"http://{_HERE}:{PORT}"
# The folder of the conversation, and the file in it that says how it went.
PLACE, TOLD = "conversation", "as-it-went.json"
_ISSUER = "ln.ubnd_huyen"


def pages(folder: Path, port: int, say: Callable[[Text], None]) -> None:
    """Holds the pages of the conversation open until a signal, on the morning after its last night.

    Raises `CallRefused` when it was never played, and `WebNotServed`.
    """
    place = folder / PLACE
    if not (place / TOLD).is_file():
        raise CallRefused(
            f"Chưa có cuộc trả lời nào trong {folder}; chạy dondoc demo trước. (Nothing was played there yet: run "
            "dondoc demo first.)"
        )
    given = load(environment(place, 0))
    begun = datetime.now(UTC)

    def clock() -> datetime:
        return due_from(LAST_NIGHT) + (datetime.now(UTC) - begun)

    def ready(opened_at: int) -> None:
        for who, link in _links(given):
            say(Text.format("{who}: {link}", who=who, link=link.replace(f":{PORT}", f":{opened_at}")))
        say(Text("Ctrl+C để dừng.", "Ctrl+C stops it."))

    serve(given, _HERE, port, clock, ready)


def _links(given: Settings) -> list[tuple[Text, str]]:
    """Pages of one case that is still open, for the unit and for whoever may extend its limit; and the desk."""
    assert given.links is not None
    assert given.desk is not None
    with opened(given) as engine, reading(engine) as conn:
        names = nights.names_of(conn, tasks.stored_rules(conn))
        case = cases.live(conn, names)[0]
    link = given.links.of(LAST_NIGHT)
    return [
        (Text("Trang của đơn vị", "The unit's page"), link.to(case.code, case.task.unit)),
        (Text("Trang của nơi ban hành", "The issuer's page"), link.to(case.code, _ISSUER)),
        (
            Text("Việc chờ người vận hành", "What waits for the operator"),
            f"{BASE}/desk".replace("//", f"//demo:{given.desk.token}@"),
        ),
    ]


def environment(place: Path, smtp_port: int) -> Mapping[str, str]:
    """Settings of the conversation in its folder, whatever those of the service say."""
    return {
        "DONDOC_DATABASE": f"sqlite:///{place.resolve() / 'dondoc.db'}",
        "DONDOC_RULES": str(shipped("rules")),
        "DONDOC_SMTP_HOST": _HERE,
        "DONDOC_SMTP_PORT": str(smtp_port),
        "DONDOC_SMTP_TLS": "plain",
        "DONDOC_BASE_ADDRESS": BASE,
        "DONDOC_WEB_KEY_FILE": str(place.resolve() / "keys"),
        "DONDOC_DESK_TOKEN_FILE": str(place.resolve() / "desk-token"),
    }
