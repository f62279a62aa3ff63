"""The territories of the country before and since 1 July 2025, and which new ones succeed which old ones."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dondoc.engine.domain.terms import Level
from dondoc.engine.errors import DonDocError, Remedy

PACKAGE = "vietnamadminunits"
INSTALL = "pip install --no-deps vietnamadminunits==1.0.4"

_PRESENT = "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey FROM admin_units"
_OLD = (
    "SELECT provinceCode, province, provinceKey, districtCode, district, districtKey, wardCode, ward, wardKey "
    "FROM admin_units_legacy"
)
# The words before a territory's name, longer ones first where one begins with another.
_WORDS = ("Thành phố", "Thị trấn", "Đặc khu", "Thị xã", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")


class AtlasMissing(DonDocError):
    """The package with the territories is not installed."""

    remedy = Remedy.USAGE

    def __init__(self) -> None:
        super().__init__(
            f"Chưa có dữ liệu đơn vị hành chính (gói {PACKAGE}): chạy {INSTALL} rồi chạy lại lệnh này. "
            f"(The data of the administrative units is not installed: install {PACKAGE} and run this again.)"
        )


class AtlasUnreadable(DonDocError):
    """The package is installed and not as expected; carries what was found."""

    remedy = Remedy.USAGE

    def __init__(self, seen: str) -> None:
        self.seen = seen
        super().__init__(
            f"Gói {PACKAGE} không đúng như chờ đợi: {seen}. Cài lại đúng phiên bản: {INSTALL}. "
            f"(The data package is not as expected: install the pinned version again.)"
        )


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory of one era: its statistical code, the word for its kind («Xã»), its bare name, its level.

    `above` is the code of the territory it lies in, one level up in the same era; None for a province. A code
    belongs to its era: 24 was Bắc Giang and is Bắc Ninh.
    """

    code: str
    word: str
    name: str
    level: Level
    above: str | None = None

    @property
    def numbered(self) -> bool:
        """Whether its name is only a number, such as «Phường 1»."""
        return self.name[0].isdigit()


@dataclass(frozen=True, slots=True)
class Atlas:
    """All territories in order of code, and the successions as sorted pairs of codes (old, new).

    Every old province has one successor; an old district or commune may have several.
    """

    provinces: tuple[Territory, ...]
    communes: tuple[Territory, ...]
    old_provinces: tuple[Territory, ...]
    old_districts: tuple[Territory, ...]
    old_communes: tuple[Territory, ...]
    province_heirs: tuple[tuple[str, str], ...]
    district_heirs: tuple[tuple[str, str], ...]
    commune_heirs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _OldCommune:
    """An old commune of the conversion table: its codes (five islands have none) and the key of its name."""

    province: str
    district: str
    commune: str | None
    key: str


def atlas() -> Atlas:
    """The atlas of the installed package. Raises `AtlasMissing`, `AtlasUnreadable`."""
    # Located but not imported: its code needs four more packages, its data none.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise AtlasMissing
    return read(Path(spec.submodule_search_locations[0], "data"))


def read(data: Path) -> Atlas:
    """The atlas from a folder with `dataset.db` and `converter_2025.json`. Raises `AtlasUnreadable`."""
    try:
        with closing(sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro", uri=True)) as conn:
            present, old = conn.execute(_PRESENT).fetchall(), conn.execute(_OLD).fetchall()
        table = json.loads((data / "converter_2025.json").read_text("utf-8"))
        return _put_together(present, old, table)
    except (OSError, sqlite3.Error, json.JSONDecodeError) as error:
        raise AtlasUnreadable(str(error)) from error
    except KeyError as error:
        raise AtlasUnreadable(f"không có (there is no) {error}") from error


def _put_together(present: list[Any], old: list[Any], table: Mapping[str, Any]) -> Atlas:
    provinces, communes, new_codes = {}, {}, {}
    for code, province, province_key, commune_code, commune, key in present:
        provinces[code] = _place(code, province, Level.PROVINCE)
        communes[commune_code] = _place(commune_code, commune, Level.COMMUNE, code)
        new_codes[province_key, key] = commune_code
    old_provinces, old_districts, old_communes, origins = {}, {}, {}, {}
    for code, province, province_key, district_code, district, district_key, commune_code, commune, key in old:
        old_provinces[code] = _place(code, province, Level.PROVINCE)
        old_districts[district_code] = _place(district_code, district, Level.DISTRICT, code)
        if commune_code:
            old_communes[commune_code] = _place(commune_code, commune, Level.COMMUNE, district_code)
        origin = _OldCommune(code, district_code, commune_code, key or "")
        origins[f"{province_key}_{district_key}_{key or ''}"] = origin
    links = sorted(_links(table, new_codes, origins))
    _all_went_somewhere(origins.values(), links)
    return Atlas(
        provinces=_sorted(provinces),
        communes=_sorted(communes),
        old_provinces=_sorted(old_provinces),
        old_districts=_sorted(old_districts),
        old_communes=_sorted(old_communes),
        province_heirs=_heirs((origin[0], communes[new].above or "") for origin, new in links),
        district_heirs=_heirs((origin[1], new) for origin, new in links),
        commune_heirs=_heirs((origin[2], new) for origin, new in links if origin[2]),
    )


_Codes = tuple[str, str, str]


def _links(
    table: Mapping[str, Any], new_codes: Mapping[tuple[str, str], str], origins: Mapping[str, _OldCommune]
) -> Iterable[tuple[_Codes, str]]:
    """The pairs of an old commune and a new one that has territory of it.

    The table separates undivided communes from divided ones, but confuses divided communes of the same name. Two
    facts correct that: no new commune has territory of two old provinces, so a divided one from another province
    than the undivided ones is only a namesake; and so is one whose name an undivided one of the new commune has.
    """
    undivided: dict[str, list[_OldCommune]] = defaultdict(list)
    divided: dict[str, list[_OldCommune]] = defaultdict(list)
    for province, heirs in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for key, sources in heirs.items():
            undivided[new_codes[province, key]] += [origins[source] for source in sources]
    for province, sources in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, heirs in sources.items():
            for heir in heirs:
                divided[new_codes[province, heir["newWardKey"]]].append(origins[source])
    for new in new_codes.values():
        sure = undivided[new]
        provinces, keys = {origin.province for origin in sure}, {origin.key for origin in sure}
        for origin in sure:
            yield _codes(origin), new
        for origin in divided[new]:
            if not sure or (origin.province in provinces and origin.key not in keys):
                yield _codes(origin), new


def _codes(origin: _OldCommune) -> _Codes:
    return origin.province, origin.district, origin.commune or ""


def _all_went_somewhere(origins: Iterable[_OldCommune], links: Iterable[tuple[_Codes, str]]) -> None:
    known = {codes for codes, _ in links}
    lost = [origin for origin in origins if _codes(origin) not in known]
    if lost:
        raise AtlasUnreadable(f"xã cũ không rõ về đâu (an old commune without a successor): {lost[0].commune}")


def _heirs(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(pairs)))


def _sorted(places: Mapping[str, Territory]) -> tuple[Territory, ...]:
    return tuple(places[code] for code in sorted(places))


def _place(code: str, full: str, level: Level, above: str | None = None) -> Territory:
    """A territory from its full name, «Phường Hồng Hà». Raises `AtlasUnreadable` for an unknown word before it."""
    for word in _WORDS:
        if full.lower().startswith(f"{word.lower()} "):
            return Territory(code, word, full[len(word) :].strip(), level, above)
    raise AtlasUnreadable(f"tên lạ (a strange name): {full}")
