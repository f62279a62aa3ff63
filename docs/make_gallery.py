#!/usr/bin/env python3
"""Takes the pictures of gallery.md: letters and pages of the demonstration's data, most as a telephone shows them.

Run `make gallery` after letters or pages look different. It needs Chromium. What it takes depends on the fonts of
the machine, so that no test compares pictures: tests/outside measures letters and pages and checks them with axe.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from dondoc.flows.board.site import write
from tests.support.browser import Tab, telephone
from tests.support.demonstration import nights
from tests.support.town import rules

IMAGES = Path(__file__).parent / "images"
_TELEPHONE, _DESK, _WIDE = 390, 700, 1100


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of a picture, and what it shows: a page as wide as given, in pixels."""

    file: str
    width: int = _TELEPHONE
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of a night to an office, and the picture of it."""

    night: date
    office: str
    picture: Picture


LETTERS = (
    Letter(date(2015, 5, 7), "ln.ubnd_huyen", Picture("letter.png", _DESK)),
    Letter(date(2015, 4, 20), "ln.ubnd_xa.bao_dai", Picture("gallery-unit.png")),
    Letter(date(2015, 5, 7), "ln.ubnd_huyen", Picture("gallery-superior.png")),
    Letter(date(2015, 5, 7), "ln.ubnd_huyen", Picture("gallery-dark.png", dark=True)),
    Letter(date(2015, 5, 28), "ln.huyen_uy", Picture("gallery-repeat.png")),
    Letter(date(2015, 10, 30), "ln.ubnd_huyen", Picture("gallery-several.png")),
    Letter(date(2019, 5, 4), "bp.ubnd_tinh", Picture("gallery-figure.png")),
)
# Pages of the board as the night of BOARD leaves it.
BOARD = date(2015, 5, 28)
PAGES = (
    ("index.html", Picture("board.png", _WIDE)),
    ("index.html", Picture("gallery-board.png")),
    ("ho-so/ln.ubnd_xa.bao_dai.html", Picture("gallery-case.png")),
)
# The nights of the pictures, and those before them on which somebody is told.
NIGHTS = tuple(
    date.fromisoformat(day)
    for day in ("2015-04-20", "2015-04-25", "2015-05-07", "2015-05-21", "2015-05-28", "2015-10-30", "2019-05-04")
)


def main() -> None:
    """Plays the nights and takes every picture."""
    engine = connect("sqlite://")
    with TemporaryDirectory() as folder, telephone(Path(folder)) as tab:
        place = Path(folder)
        for night in nights(engine, *NIGHTS):
            if night == BOARD:
                with reading(engine) as conn:
                    write(conn, rules(), place / "board", datetime.now(UTC))
        for address, picture in PAGES:
            _take(tab, place / "board" / address, picture)
        for letter, html in _letters(engine):
            page = place / "letter.html"
            page.write_text(html, "utf-8")
            _take(tab, page, letter.picture)
    engine.dispose()


def _letters(engine: Engine) -> Iterator[tuple[Letter, str]]:
    for letter in LETTERS:
        mine = t.letter.c.office == letter.office, t.letter.c.night == letter.night
        with reading(engine) as conn:
            mime = conn.scalars(select(t.letter.c.mime).where(*mine)).one()
        body = email.message_from_bytes(mime, policy=policy.default).get_body(("html",))
        assert body is not None
        yield letter, body.get_content()


def _take(tab: Tab, page: Path, picture: Picture) -> None:
    tab.ask(
        "Emulation.setDeviceMetricsOverride", width=picture.width, height=844, deviceScaleFactor=1, mobile=True
    )
    tab.scheme("dark" if picture.dark else "light")
    tab.open(page.as_uri())
    tab.picture(IMAGES / picture.file)


if __name__ == "__main__":
    main()
