"""The pages behind the links of letters, served for real, and a reader without JavaScript who uses them."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from html.parser import HTMLParser
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urljoin

from sqlalchemy import func, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.night import nights
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.night import steps
from dondoc.flows.web.desk import WebDesk
from dondoc.flows.web.server import served
from dondoc.notifications.case_links import LinkKeys
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town, at, only, rules

ROUND_1, COMMUNE, DISTRICT = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai", "ln.ubnd_huyen"
KEYS = LinkKeys({"k1": "k" * 40})
# What letters print; the tests ask a port of this machine instead.
BASE = "https://example.vn/dondoc"
LINKS = LinkSettings(BASE, KEYS)
FORM = "application/x-www-form-urlencoded"


class _Reader(HTMLParser):
    """Notes the words, the links by their words, and the fields, choices and buttons of the one form."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.action: str | None = None
        self._inside: list[str] = []
        self._href = self._area = self._select = self._value = ""
        self.choices: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self._inside.append(tag)
        if tag == "a":
            self._href = given.get("href") or ""
        elif tag == "form":
            self.action = given.get("action") or ""
        elif tag == "input":
            self.fields[given["name"] or ""] = given.get("value") or ""
        elif tag == "select":
            self._select = given["name"] or ""
            self.fields[self._select] = ""
        elif tag == "option":
            self._value = given["value"] or ""
            if "selected" in given:
                self.fields[self._select] = self._value
        elif tag == "textarea":
            self._area = given["name"] or ""
            self.fields[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1] if self._inside else ""
        if inside == "style":
            return
        if inside == "textarea":
            self.fields[self._area] = data
        if inside == "option" and data.strip():
            self.choices[" ".join(data.split())] = self._value
        if inside == "a":
            self.links[" ".join(data.split())] = self._href
        self.words += data.split()


@dataclass
class Seen:
    """A page as it was answered."""

    address: str
    status: int
    html: str
    headers: Mapping[str, str]
    read: _Reader = field(init=False)

    def __post_init__(self) -> None:
        self.read = _Reader()
        self.read.feed(self.html)

    @property
    def words(self) -> str:
        """Everything it says, on one line."""
        return " ".join(self.read.words)

    def follow(self, words: str) -> Seen:
        """The page behind a link."""
        return get(urljoin(self.address, self.read.links[words]))

    def send(self, **typed: str) -> Seen:
        """The form with these fields filled in, sent by its main button."""
        assert self.read.action is not None, self.words
        return post(urljoin(self.address, self.read.action), {**self.read.fields, **typed})


def get(address: str, method: str = "GET", **headers: str) -> Seen:
    """What is answered to opening an address; in the names of headers `_` stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _asked(urllib.request.Request(address, headers=named, method=method))


def post(address: str, typed: Mapping[str, str] | bytes, media_type: str = FORM) -> Seen:
    """What is answered to a form."""
    data = typed if isinstance(typed, bytes) else urlencode(typed).encode()
    return _asked(urllib.request.Request(address, data, {"Content-Type": media_type}, method="POST"))


def _asked(request: urllib.request.Request) -> Seen:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return _seen(answer.url, answer.status, answer)
    except urllib.error.HTTPError as error:
        with error:
            return _seen(error.url or "", error.code, error)


def _seen(address: str, status: int, answer: HTTPResponse | urllib.error.HTTPError) -> Seen:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Seen(address, status, answer.read().decode(), headers)


@dataclass
class Pages:
    """Lục Nam after a night, and its pages at a port of this machine; `now` is the clock of the pages."""

    town: Town
    desk: WebDesk
    now: datetime
    rule: str
    root: str = ""

    def night(self, day: str) -> None:
        """A night, whose letters carry links."""
        as_of = date.fromisoformat(day)
        with reading(self.town.engine) as conn:
            before = nights.latest(conn)
        plan = Night(as_of, steps.cutoff_of(as_of), previous=before)
        steps.judge_night(self.town.engine, self.town.book, plan, links=self.desk.links)

    def code(self, unit: str = COMMUNE) -> str:
        """The case of a commune."""
        case = self.town.case(self.rule, unit)
        assert case is not None
        return case.code

    def address(self, office: str = COMMUNE, unit: str = COMMUNE, night: str = "2015-04-20") -> str:
        """The link of an office for the case of a commune, at the port of the pages."""
        link = self.desk.links.of(date.fromisoformat(night)).to(self.code(unit), office)
        return link.replace(BASE, self.root)

    def opened(self, office: str = COMMUNE, unit: str = COMMUNE) -> Seen:
        """The page behind the link."""
        return get(self.address(office, unit))

    def events(self) -> list[str]:
        """The kinds of the events about acts and links, in order."""
        e = t.event.c
        wanted = e.kind.in_(("act-recorded", "act-refused", "link-refused", "link-revoked"))
        with reading(self.town.engine) as conn:
            return list(conn.scalars(select(e.kind).where(wanted).order_by(e.entry, e.position)))

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with reading(self.town.engine) as conn:
            tables = t.metadata.sorted_tables
            return {table.name: conn.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@contextmanager
def lucnam(
    folder: Path, opened: str = "2015-04-20", said: str = "2015-04-21T09:00", rule: str = ROUND_1
) -> Iterator[Pages]:
    """The town, a night on which 24 communes have not reported, and the pages of that case; or of another rule."""
    engine = connect(f"sqlite:///{folder / 'x.db'}")
    upgrade(engine)
    pages = Pages(
        town := Town(engine, only(rules(), rule)).founded_here(),
        WebDesk(engine, ROOT / "rules", LINKS, lambda: pages.now),
        at(said),
        rule,
    )
    assert town.engine is engine
    pages.night(opened)
    with served(pages.desk) as root:
        pages.root = root
        yield pages
    engine.dispose()
