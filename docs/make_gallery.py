#!/usr/bin/env python3
"""Takes the pictures of gallery.md: letters of the demonstration's data, as a telephone shows them.

Run `make gallery` after letters or pages look different. It needs Chromium. What it takes depends on the fonts of
the machine, so that no test compares pictures: tests/outside measures letters and pages and checks them with axe.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email import policy
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading
from tests.support.browser import Tab, telephone
from tests.support.demonstration import nights

IMAGES = Path(__file__).parent / "images"
_TELEPHONE, _DESK = 390, 700


@dataclass(frozen=True, slots=True)
class Picture:
    """The letter of a night to an office, and the file of its picture, `width` pixels wide."""

    file: str
    night: date
    office: str
    width: int = _TELEPHONE
    dark: bool = False


PICTURES = (
    Picture("letter.png", date(2015, 5, 7), "ln.ubnd_huyen", _DESK),
    Picture("gallery-unit.png", date(2015, 4, 20), "ln.ubnd_xa.bao_dai"),
    Picture("gallery-superior.png", date(2015, 5, 7), "ln.ubnd_huyen"),
    Picture("gallery-dark.png", date(2015, 5, 7), "ln.ubnd_huyen", dark=True),
    Picture("gallery-repeat.png", date(2015, 5, 28), "ln.huyen_uy"),
    Picture("gallery-several.png", date(2015, 10, 30), "ln.ubnd_huyen"),
    Picture("gallery-figure.png", date(2019, 5, 4), "bp.ubnd_tinh"),
)
# The nights of the pictures, and those before them on which somebody is told.
NIGHTS = tuple(
    date.fromisoformat(day)
    for day in ("2015-04-20", "2015-04-25", "2015-05-07", "2015-05-21", "2015-05-28", "2015-10-30", "2019-05-04")
)


def main() -> None:
    """Plays the nights and takes every picture."""
    engine = connect("sqlite://")
    list(nights(engine, *NIGHTS))
    with TemporaryDirectory() as folder, telephone(Path(folder)) as tab:
        for picture, html in _letters(engine):
            page = Path(folder) / "letter.html"
            page.write_text(html, "utf-8")
            _take(tab, page, picture)
    engine.dispose()


def _letters(engine: Engine) -> Iterator[tuple[Picture, str]]:
    for picture in PICTURES:
        mine = t.letter.c.office == picture.office, t.letter.c.night == picture.night
        with reading(engine) as conn:
            mime = conn.scalars(select(t.letter.c.mime).where(*mine)).one()
        body = email.message_from_bytes(mime, policy=policy.default).get_body(("html",))
        assert body is not None
        yield picture, body.get_content()


def _take(tab: Tab, page: Path, picture: Picture) -> None:
    scheme = "dark" if picture.dark else "light"
    tab.ask(
        "Emulation.setDeviceMetricsOverride", width=picture.width, height=844, deviceScaleFactor=1, mobile=True
    )
    tab.scheme(scheme)
    tab.open(page.as_uri())
    tab.picture(IMAGES / picture.file)


if __name__ == "__main__":
    main()
