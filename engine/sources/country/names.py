"""The names of the bodies of a territory, in Vietnamese and English, and their short names."""

from __future__ import annotations

from dataclasses import dataclass

from dondoc.engine.domain.terms import Level
from dondoc.engine.sources.country.atlas import Territory

_COMMITTEES = {
    "Tỉnh": "Tỉnh ủy",
    "Thành phố": "Thành ủy",
    "Huyện": "Huyện ủy",
    "Quận": "Quận ủy",
    "Thị xã": "Thị ủy",
}
_ENGLISH = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Huyện": "district",
    "Quận": "urban district",
    "Thị xã": "district-level town",
    "Xã": "commune",
    "Phường": "ward",
    "Thị trấn": "town",
    "Đặc khu": "special zone",
}


@dataclass(frozen=True, slots=True)
class BodyName:
    """A body's Vietnamese name, its English name, and its short name for tables."""

    vi: str
    en: str
    short: str


def where(place: Territory) -> str:
    """The territory inside a name: «xã Bảo Đài»."""
    return f"{place.word.lower()} {place.name}"


def _english(place: Territory) -> str:
    noun = _ENGLISH[place.word]
    return f"{noun} {place.name}" if place.numbered else f"{place.name} {noun}"


def _bare(place: Territory) -> str:
    """The territory in a short name; a numbered one keeps its word, since a number alone says nothing."""
    return f"{place.word} {place.name}" if place.numbered else place.name


def _committee(place: Territory) -> str:
    return f"{_COMMITTEES[place.word]} {_bare(place)}"


def party(place: Territory) -> BodyName:
    """The party committee: Tỉnh ủy Bắc Ninh, Quận ủy Quận 1, Đảng ủy xã Bảo Đài."""
    english = f"Party Committee of {_english(place)}"
    if place.level is Level.COMMUNE:
        return BodyName(f"Đảng ủy {where(place)}", english, f"Đảng ủy {_bare(place)}")
    return BodyName(_committee(place), english, _committee(place))


def government(place: Territory) -> BodyName:
    """The people's committee; that of a commune has the commune's bare name as its short name."""
    name = f"UBND {where(place)}"
    short = _bare(place) if place.level is Level.COMMUNE else name
    return BodyName(name, f"People's Committee of {_english(place)}", short)


def council(place: Territory) -> BodyName:
    """The people's council."""
    return BodyName(f"HĐND {where(place)}", f"People's Council of {_english(place)}", f"HĐND {_bare(place)}")


def front(place: Territory) -> BodyName:
    """The committee of the Fatherland Front."""
    name = f"Ủy ban MTTQ Việt Nam {where(place)}"
    return BodyName(name, f"Fatherland Front Committee of {_english(place)}", f"MTTQ {_bare(place)}")


def commission(place: Territory) -> BodyName:
    """The province's party commission for information and mass mobilisation."""
    return BodyName(
        f"Ban Tuyên giáo và Dân vận {_committee(place)}",
        f"Commission for Information, Education and Mass Mobilisation of the {place.name} Party Committee",
        f"Ban TG và DV {_committee(place)}",
    )


def health(place: Territory) -> BodyName:
    """The province's department of health, which is in charge of children since 2025."""
    name, short = f"Sở Y tế {where(place)}", f"Sở Y tế {place.name}"
    return BodyName(name, f"Department of Health of {_english(place)}", short)


def society(place: Territory) -> BodyName:
    """The commune's office of culture and social affairs."""
    name, short = f"Phòng Văn hóa - Xã hội {where(place)}", f"Phòng VH-XH {_bare(place)}"
    return BodyName(name, f"Office of Culture and Social Affairs of {_english(place)}", short)
