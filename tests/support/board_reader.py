"""Reads the pages of the board as a browser would: words, links, tables, and the articles about cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from posixpath import join, normpath

from sqlalchemy import Engine

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db.database import reading
from dondoc.flows.board.site import files, write

_EMPTY = frozenset({"meta", "link", "input", "br", "rect"})


@dataclass
class Element:
    """An element with its attributes, what stands in it, and its words."""

    tag: str
    given: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything it says, on one line."""
        return " ".join(" ".join(self._said()).split())

    def _said(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one.tag == "br":
                yield "\n"
            else:
                yield one.words

    def all(self, tag: str, kind: str = "") -> list[Element]:
        """Every element of a tag in it, and of a class if given, in order."""
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                if one.tag == tag and (not kind or kind in one.given.get("class", "").split()):
                    found.append(one)
                found += one.all(tag, kind)
        return found

    def one(self, tag: str, kind: str = "") -> Element:
        """The only such element."""
        (found,) = self.all(tag, kind)
        return found

    def rows(self) -> list[list[str]]:
        """The words of each cell of each row of the tables in it."""
        return [
            [one.words for one in row.inside if isinstance(one, Element) and one.tag in ("th", "td")]
            for row in self.all("tr")
        ]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in _EMPTY:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            assert self.open[-1].tag == tag, f"{tag} ends {self.open[-1].tag}"
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: str) -> Element:
    """A page; every element that begins has to end."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert len(parser.open) == 1
    return parser.open[0]


@dataclass(frozen=True)
class Board:
    """A board by the address of each file, and its pages as they were parsed."""

    files: Mapping[str, bytes]
    pages: Mapping[str, Element]

    def stories(self, root: str = "") -> dict[str, tuple[str, Element]]:
        """By code, the page on which a case stands and its article; each stands once."""
        found: dict[str, tuple[str, Element]] = {}
        for address, page in self.pages.items():
            if address.startswith(f"{root}ho-so/"):
                for article in page.all("article"):
                    assert article.given["id"] not in found
                    found[article.given["id"]] = address, article
        return found

    def targets(self, address: str) -> Iterator[tuple[str, str]]:
        """Where each link of a page leads, inside the board: an address and a place in it."""
        for tag, name in (("a", "href"), ("link", "href"), ("script", "src")):
            for one in self.pages[address].all(tag):
                path, _, place = one.given[name].partition("#")
                assert ":" not in path
                assert not path.startswith("/")
                yield normpath(join(address, "..", path)) if path else address, place


def board(engine: Engine, book: RuleBook, now: datetime | None = None) -> Board:
    """The board of a database, without a folder."""
    with reading(engine) as conn:
        found = dict(files(conn, book, now or datetime.now(UTC)))
    return Board(found, {name: parsed(raw.decode()) for name, raw in found.items() if name.endswith(".html")})


def written(engine: Engine, book: RuleBook, folder: Path) -> Path:
    """The board of a database as files; the first page."""
    with reading(engine) as conn:
        return write(conn, book, folder, datetime.now(UTC)).first
