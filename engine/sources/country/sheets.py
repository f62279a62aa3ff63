"""The country as the rows of the import sheets."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dondoc.engine.domain.terms import MailboxRole
from dondoc.engine.sources.country import ids
from dondoc.engine.sources.country.atlas import Atlas, Territory
from dondoc.engine.sources.country.bodies import NOWADAYS, Body, Life, bodies
from dondoc.engine.sources.reading.kinds import SHEETS

Row = tuple[str, ...]
Sheets = Mapping[str, Sequence[Row]]

_PROVINCE = "Nghị quyết 202/2025/QH15"
_PROVINCE_KEPT = "Không sáp nhập; tiếp tục từ 01/7/2025"
_POLITBURO = "Quyết định của Bộ Chính trị, từ 01/7/2025"
_DISTRICT = "Nghị quyết 202/2025/QH15; kết thúc cấp huyện"
_DISTRICT_PARTY = "Kết thúc cấp huyện từ 01/7/2025"
_COMMUNE = "Danh mục đơn vị hành chính từ 01/7/2025"

_SINCE = NOWADAYS.first.isoformat()
_COLUMNS = {sheet.name: tuple(sheet.columns) for sheet in SHEETS}


def sheets(atlas: Atlas, *, mailboxes: bool = False) -> Sheets:
    """The rows of every sheet of the chart, without headings, in the order in which sheets build on each other.

    With `mailboxes` every present body gets an invented mailbox on the example domain, with the role `head`: any
    real mailbox of the body has precedence.
    """
    found = list(bodies(atlas))
    rows: dict[str, Sequence[Row]] = {
        "units": [(body.id, body.kind, body.level.value, *_life(body.life)) for body in found],
        "names": [
            (body.id, body.called.vi, body.called.en, body.called.short, *_life(body.life)) for body in found
        ],
        "relations": [row for body in found for row in _relations(body)],
    }
    if mailboxes:
        rows["mailboxes"] = [_mailbox(body) for body in found if body.life.last is None]
    rows["successions"] = sorted(_successions(atlas))
    return rows


def write(rows: Sheets, folder: Path) -> tuple[Path, ...]:
    """Writes each sheet as a CSV file into the folder, replacing a file of that name; the files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, lines in rows.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_COLUMNS[name])
            writer.writerows(lines)
        written.append(path)
    return tuple(written)


def _life(life: Life) -> tuple[str, str]:
    return life.first.isoformat(), life.last.isoformat() if life.last else ""


def _relations(body: Body) -> Iterator[Row]:
    for edge in body.edges:
        yield (
            body.id,
            edge.other,
            edge.kind.value,
            edge.line.value if edge.line else "",
            *_life(body.life),
            edge.basis,
        )


def _mailbox(body: Body) -> Row:
    _, code, office = f".{body.id}".rsplit(".", 2)
    return body.id, MailboxRole.HEAD.value, f"{office.replace('_', '-')}.{code}@example.vn", "vi", *_life(NOWADAYS)


def _successions(atlas: Atlas) -> Iterator[Row]:
    old = {place.code: place for place in atlas.old_provinces}
    merged = Counter(new for _, new in atlas.province_heirs)
    for code, new in atlas.province_heirs:
        kept = merged[new] == 1
        yield from _pair(old[code], new, "tinh_uy", (_POLITBURO, _PROVINCE), _PROVINCE_KEPT if kept else "")
    old = {place.code: place for place in atlas.old_districts}
    for code, new in atlas.district_heirs:
        yield from _pair(old[code], new, "dang_uy", (_DISTRICT_PARTY, _DISTRICT))
    old = {place.code: place for place in atlas.old_communes}
    divided = Counter(code for code, _ in atlas.commune_heirs)
    for code, new in atlas.commune_heirs:
        parts = divided[code]
        basis = _COMMUNE if parts == 1 else f"{_COMMUNE}; địa bàn chia cho {parts} đơn vị"
        yield from _pair(old[code], new, "dang_uy", (basis, basis))


def _pair(place: Territory, new: str, body: str, bases: tuple[str, str], otherwise: str = "") -> Iterable[Row]:
    """The successions of both committees, party and people's, of an old territory to those of a new one."""
    party, government = (otherwise or basis for basis in bases)
    yield ids.committee(place), ids.present(new, body), "all", _SINCE, party
    yield ids.government(place), ids.present(new, "ubnd"), "all", _SINCE, government
