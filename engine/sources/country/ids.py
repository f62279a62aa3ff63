"""The ids of the bodies of a territory.

Since 1 July 2025: `vn.<code>.<body>`, with the two digits of a province or the five of a commune. Before it:
`cu.<code>.<body>` («cũ», old), with a code of two, three or five digits; the same code may mean another territory
in the other era. Bodies that the rule packs and the examples name keep their ids.
"""

from __future__ import annotations

import unicodedata

from dondoc.engine.domain.terms import Level
from dondoc.engine.sources.country.atlas import Territory

_PROVINCES = {"24": "bg", "27": "bn", "48": "dng", "49": "qn", "51": "qng", "62": "kt", "70": "bp", "75": "dn"}
_DISTRICTS = {"218": "ln", "506": "dl", "617": "tmr"}
_WITH_COMMUNES = frozenset({"218", "506"})


def present(code: str, body: str) -> str:
    """The id of a present body: `vn.24.ubnd`, `vn.07444.dang_uy`."""
    return f"vn.{code}.{body}"


def committee(place: Territory) -> str:
    """The id of the old party committee of a territory."""
    match place.level:
        case Level.PROVINCE if place.code in _PROVINCES:
            body = "tinh_uy" if place.word == "Tỉnh" else "thanh_uy"
            return f"{_PROVINCES[place.code]}.{body}"
        case Level.PROVINCE:
            return f"cu.{place.code}.tinh_uy"
        case Level.DISTRICT:
            return f"{_DISTRICTS.get(place.code, f'cu.{place.code}')}.huyen_uy"
        case _ if place.above in _WITH_COMMUNES:
            return f"{_DISTRICTS[place.above]}.dang_uy_xa.{_slug(place.name)}"
        case _:
            return f"cu.{place.code}.dang_uy"


def government(place: Territory) -> str:
    """The id of the old people's committee of a territory."""
    match place.level:
        case Level.PROVINCE if place.code in _PROVINCES:
            body = "ubnd_tinh" if place.word == "Tỉnh" else "ubnd_tp"
            return f"{_PROVINCES[place.code]}.{body}"
        case Level.DISTRICT if place.code in _DISTRICTS:
            return f"{_DISTRICTS[place.code]}.ubnd_huyen"
        case Level.COMMUNE if place.above in _WITH_COMMUNES:
            return f"{_DISTRICTS[place.above]}.ubnd_xa.{_slug(place.name)}"
        case _:
            return f"cu.{place.code}.ubnd"


def _slug(name: str) -> str:
    """«Bảo Đài» as `bao_dai`."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace(" ", "_")
