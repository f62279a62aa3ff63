"""The places of the country before and since 1 July 2025, and which took over from which."""

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
# The words before a place's name, the longer ones first: «Thị trấn Lục Nam» is no «Thị».
_WORDS = ("Thành phố", "Thị trấn", "Đặc khu", "Thị xã", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")


class AtlasMissing(DonDocError):
    """The package with the places is not installed."""

    remedy = Remedy.USAGE

    def __init__(self) -> None:
        super().__init__(
            f"Chưa có dữ liệu đơn vị hành chính (gói {PACKAGE}): chạy {INSTALL} rồi chạy lại lệnh này. "
            f"(The data of the administrative units are not installed: install {PACKAGE} and run this again.)"
        )


class AtlasUnreadable(DonDocError):
    """The package is there and is not what it should be; carries what was seen."""

    remedy = Remedy.USAGE

    def __init__(self, seen: str) -> None:
        self.seen = seen
        super().__init__(
            f"Gói {PACKAGE} không đúng như chờ đợi: {seen}. Cài lại đúng phiên bản: {INSTALL}. "
            f"(The data package is not as expected: install the pinned version again.)"
        )


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory of one era: its statistical code, its kind of place («Xã»), its bare name, its level.

    `above` is the code of the place it lies in: of its own era, one level up; None for a province. A code belongs
    to its era: 24 was Bắc Giang and is Bắc Ninh.
    """

    code: str
    word: str
    name: str
    level: Level
    above: str | None = None

    @property
    def numbered(self) -> bool:
        """Whether it is called by a number only, such as «Phường 1»."""
        return self.name[0].isdigit()


@dataclass(frozen=True, slots=True)
class Atlas:
    """All places, in order of code, and the codes of those that took over: (old, new), in order.

    Old provinces went whole to one new one; of old districts and communes every heir is named.
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
    """An old commune of the table of conversions: its codes (five islands have none) and its name's key."""

    province: str
    district: str
    commune: str | None
    key: str


def atlas() -> Atlas:
    """Everything the installed package knows. Raises `AtlasMissing`, `AtlasUnreadable`."""
    # Found and not imported: its code needs four more packages, its data none.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise AtlasMissing
    return read(Path(spec.submodule_search_locations[0], "data"))


def read(data: Path) -> Atlas:
    """The same from a folder with `dataset.db` and `converter_2025.json`. Raises `AtlasUnreadable`."""
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
    """Which old commune's territory lies in which new one.

    The table tells communes that went whole from divided ones, and of the divided ones it mixes up those of one
    name. Two things put that right. No new commune has territory of two old provinces, so that a divided one from
    another old province than the whole ones is a namesake; and so is one beside a whole one of its own name.
    """
    whole: dict[str, list[_OldCommune]] = defaultdict(list)
    divided: dict[str, list[_OldCommune]] = defaultdict(list)
    for province, heirs in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for key, sources in heirs.items():
            whole[new_codes[province, key]] += [origins[source] for source in sources]
    for province, sources in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, heirs in sources.items():
            for heir in heirs:
                divided[new_codes[province, heir["newWardKey"]]].append(origins[source])
    for new in new_codes.values():
        sure = whole[new]
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
    """A place by its full name, «Phường Hồng Hà»."""
    for word in _WORDS:
        if full.lower().startswith(f"{word.lower()} "):
            return Territory(code, word, full[len(word) :].strip(), level, above)
    raise AtlasUnreadable(f"tên lạ (a strange name): {full}")
