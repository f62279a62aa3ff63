"""The country out of the data package: how many places, who took over, and that the examples say the same."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from dondoc.engine.domain.terms import Level, Line, RelationKind
from dondoc.engine.sources.country import atlas as places
from dondoc.engine.sources.country.atlas import Atlas, AtlasMissing, AtlasUnreadable, atlas, read
from dondoc.engine.sources.country.bodies import Body, bodies
from dondoc.engine.sources.country.sheets import Sheets, sheets, write
from dondoc.engine.sources.reading.kinds import SHEETS
from tests.support.town import EXAMPLES

HEADS = {sheet.name: tuple(sheet.columns) for sheet in SHEETS}


@pytest.fixture(scope="module")
def known() -> Atlas:
    """What the installed package says."""
    return atlas()


@pytest.fixture(scope="module")
def found(known: Atlas) -> Mapping[str, Body]:
    """Every body by its id."""
    return {body.id: body for body in bodies(known)}


@pytest.fixture(scope="module")
def rows(known: Atlas) -> Sheets:
    """The import sheets."""
    return sheets(known)


COUNTS = {
    "34 provinces today": ("provinces", 34),
    "3,321 communes today": ("communes", 3_321),
    "63 provinces before": ("old_provinces", 63),
    "696 districts before": ("old_districts", 696),
    "10,035 communes before": ("old_communes", 10_035),
    "every old province went to one new one": ("province_heirs", 63),
}


@pytest.mark.parametrize(("what", "number"), COUNTS.values(), ids=COUNTS)
def test_every_place_is_there(known: Atlas, what: str, number: int) -> None:
    """The numbers of the resolutions and of the last list before them."""
    assert len(getattr(known, what)) == number


def test_todays_bodies_are_six_of_a_province_and_five_of_a_commune(found: Mapping[str, Body]) -> None:
    """34 × 6 + 3,321 × 5 and the four central ones."""
    present = [body for body in found.values() if body.life.last is None]
    assert len(present) == 34 * 6 + 3_321 * 5 + 4
    assert Counter(body.level for body in present) == {
        Level.COMMUNE: 3_321 * 5,
        Level.PROVINCE: 34 * 6,
        Level.CENTRAL: 4,
    }


def test_no_two_bodies_share_an_id(known: Atlas, found: Mapping[str, Body]) -> None:
    """Not two communes of one name in one district, and not two eras of one code."""
    assert len(list(bodies(known))) == len(found)


def test_code_alone_names_nothing(known: Atlas, found: Mapping[str, Body]) -> None:
    """24 was Bắc Giang, and is Bắc Ninh, which was 27; over two hundred names of communes are not unique."""
    assert found["bg.ubnd_tinh"].called.vi == "UBND tỉnh Bắc Giang"
    assert found["vn.24.ubnd"].called.vi == "UBND tỉnh Bắc Ninh"
    assert ("24", "24") in known.province_heirs
    assert ("27", "24") in known.province_heirs
    assert sum(count > 1 for count in Counter((place.word, place.name) for place in known.communes).values()) > 200


HEIRS = {
    "Tu Mơ Rông went to four communes": ("617", {"23416", "23419", "23425", "23446"}),
    "Lục Nam went to eight": ("218", {"07444", "07450", "07462", "07486", "07489", "07492", "07498", "07519"}),
    "Đại Lộc went to five": ("506", {"20500", "20506", "20515", "20539", "20542"}),
    "an island without communes became a special zone": ("536", {"21548"}),
}


@pytest.mark.parametrize(("district", "heirs"), HEIRS.values(), ids=HEIRS)
def test_district_went_to_the_communes_on_its_ground(known: Atlas, district: str, heirs: set[str]) -> None:
    """Every one of them."""
    assert {new for old, new in known.district_heirs if old == district} == heirs


def test_every_old_commune_and_every_new_one_is_linked(known: Atlas) -> None:
    """Nobody ends without an heir, and nobody begins from nothing."""
    assert {old for old, _ in known.commune_heirs} == {place.code for place in known.old_communes}
    assert {new for _, new in known.district_heirs} == {place.code for place in known.communes}


def test_no_new_commune_has_ground_of_two_old_provinces(known: Atlas) -> None:
    """The package mixes up divided communes of one name; 297 new ones do reach over an old district's border."""
    district = {place.code: place.above for place in known.old_communes}
    province = {place.code: place.above for place in known.old_districts}
    reached: dict[str, set[str | None]] = {}
    for old, new in known.commune_heirs:
        reached.setdefault(new, set()).add(district[old])
    assert all(len({province[code or ""] for code in codes}) == 1 for codes in reached.values())
    assert sum(len(codes) > 1 for codes in reached.values()) == 297


DAI_MO = ("00622", "00634", "00637", "09556", "09886")
NAMESAKES = {
    "Thạnh Quới of Cần Thơ did not go to Gia Hòa in Sóc Trăng": ("31246", {"31246"}),
    "Thạnh Quới of Sóc Trăng did not go to its namesake in Cần Thơ": ("31714", {"31726"}),
    "Phường 4 of Sa Đéc did not go to Cao Lãnh, which has one of its own": ("29908", {"29905"}),
    "Phú Tân of Hậu Giang, though the package thinks so, did not go to Sóc Trăng": ("31379", {"31378"}),
    "Đại Mỗ was divided among five, and all are named": ("00634", set(DAI_MO)),
}


@pytest.mark.parametrize(("old", "heirs"), NAMESAKES.values(), ids=NAMESAKES)
def test_divided_namesakes_are_told_apart(known: Atlas, old: str, heirs: set[str]) -> None:
    """A divided commune stays in its old province, and leaves room for a whole one of its name."""
    assert {new for source, new in known.commune_heirs if source == old} == heirs


SAID = {
    "a city's committee is a Thành ủy": ("vn.48.tinh_uy", "Thành ủy Đà Nẵng"),
    "a numbered ward keeps its word": ("cu.26899.dang_uy", "Đảng ủy phường 11"),
    "a numbered district too": ("cu.760.huyen_uy", "Quận ủy Quận 1"),
    "the front": ("vn.07444.mttq", "Ủy ban MTTQ Việt Nam xã Lục Nam"),
    "the office for children in a commune": ("vn.07444.phong_vhxh", "Phòng Văn hóa - Xã hội xã Lục Nam"),
    "the party's commission": ("vn.24.ban_tuyen_giao_dan_van", "Ban Tuyên giáo và Dân vận Tỉnh ủy Bắc Ninh"),
}


@pytest.mark.parametrize(("body", "name"), SAID.values(), ids=SAID)
def test_body_is_called_as_one_would_call_it(found: Mapping[str, Body], body: str, name: str) -> None:
    """In Vietnamese, with the word that its kind of place has."""
    assert found[body].called.vi == name


def test_standing_on_the_lines(found: Mapping[str, Body]) -> None:
    """A commune's government: under the province's, led by its own committee, watched by its own council."""
    assert {(edge.kind, edge.line, edge.other) for edge in found["vn.07444.ubnd"].edges} == {
        (RelationKind.PARENT, Line.GOVERNMENT, "vn.24.ubnd"),
        (RelationKind.LED_BY, None, "vn.07444.dang_uy"),
        (RelationKind.SUPERVISED_BY, None, "vn.07444.hdnd"),
    }


def test_relations_that_no_document_states_say_so(found: Mapping[str, Body]) -> None:
    """The lines between councils and between fronts, and the guidance of a commune's office."""
    inferred = {"vn.07444.hdnd": Line.COUNCIL, "vn.07444.mttq": Line.FRONT}
    for body, line in inferred.items():
        assert all("chưa kiểm chứng" in edge.basis for edge in found[body].edges if edge.line is line)
    guided = [edge for edge in found["vn.07444.phong_vhxh"].edges if edge.kind is RelationKind.GUIDED_BY]
    assert [edge.basis for edge in guided] == [
        "Suy ra: hướng dẫn chuyên môn về công tác trẻ em; chưa kiểm chứng",
    ]


# As dondoc.engine.store.intake.kinds knows a row, in the columns of its sheet.
KEYS = {
    "units": ("id",),
    "names": ("unit", "from"),
    "relations": ("unit", "other", "kind", "line", "from"),
    "successions": ("old", "new", "scope", "effective"),
}


@pytest.mark.parametrize("sheet", KEYS)
def test_country_says_what_the_examples_say(rows: Sheets, sheet: str) -> None:
    """A row under one and the same key has the same values, so that neither import corrects the other."""
    key = [HEADS[sheet].index(column) for column in KEYS[sheet]]
    country = {tuple(row[place] for place in key): row for row in rows[sheet]}
    with (EXAMPLES / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        examples = {tuple(row[place] for place in key): tuple(row) for row in csv.reader(file)}
    shared = examples.keys() & country.keys()
    assert {name: country[name] for name in shared} == {name: examples[name] for name in shared}
    assert len(shared) > 130


def test_every_committee_of_the_examples_is_one_of_the_country(found: Mapping[str, Body]) -> None:
    """None of them would stand beside a second body for the same place."""
    with (EXAMPLES / "units.csv").open(encoding="utf-8", newline="") as file:
        committees = {row["id"] for row in csv.DictReader(file) if row["kind"] in {"cap-uy", "ubnd"}}
    assert len(committees) == 149
    assert committees <= found.keys()


def test_mailboxes_are_invented_only_when_asked_for(known: Atlas, rows: Sheets) -> None:
    """One for each body of today, on the example domain, behind any other mailbox of that body."""
    assert "mailboxes" not in rows
    invented = sheets(known, mailboxes=True)["mailboxes"]
    assert len({row[2] for row in invented}) == len(invented) == 34 * 6 + 3_321 * 5 + 4
    assert all(row[1] == "head" and row[2].endswith("@example.vn") for row in invented)
    assert ("vn.07444.phong_vhxh", "head", "phong-vhxh.07444@example.vn", "vi", "2025-07-01", "") in invented


def test_files_have_the_columns_of_the_import(rows: Sheets, tmp_path: Path) -> None:
    """A file for each sheet, with its heading, in the order of the import."""
    written = write(rows, tmp_path)
    assert [path.name for path in written] == ["units.csv", "names.csv", "relations.csv", "successions.csv"]
    for path in written:
        with path.open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))) == HEADS[path.stem]


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line to type."""
    monkeypatch.setattr(places, "find_spec", lambda _name: None)
    with pytest.raises(AtlasMissing, match=r"pip install --no-deps vietnamadminunits==1\.0\.4"):
        atlas()


def _emptied(data: Path) -> None:
    (data / "dataset.db").write_bytes(b"")


def _cut(data: Path) -> None:
    table = data / "converter_2025.json"
    table.write_bytes(table.read_bytes()[:1000])


def _renamed(data: Path) -> None:
    table = data / "converter_2025.json"
    table.write_text(table.read_text("utf-8").replace("_xabaodai", "_xanobody"), "utf-8")


def _retitled(data: Path) -> None:
    with closing(sqlite3.connect(data / "dataset.db")) as conn, conn:
        conn.execute("UPDATE admin_units SET ward = 'Khu vực Bảo Đài' WHERE wardCode = '07462'")


def _added(data: Path) -> None:
    with closing(sqlite3.connect(data / "dataset.db")) as conn, conn:
        conn.execute(
            "INSERT INTO admin_units_legacy (province, provinceCode, provinceKey, district, districtCode, "
            "districtKey, ward, wardCode, wardKey) VALUES ('Tỉnh A', '99', 'a', 'Huyện B', '999', 'b', "
            "'Xã C', '99999', 'c')"
        )


SPOILED = {
    "a dataset without tables": (_emptied, "no such table"),
    "a table that breaks off": (_cut, "line 1 column"),
    "a link to a commune that is not there": (_renamed, "không có"),
    "a kind of place nobody knows": (_retitled, "tên lạ (a strange name): Khu vực Bảo Đài"),
    "an old commune that went nowhere": (_added, "xã cũ không rõ về đâu"),
}


@pytest.mark.parametrize(("spoil", "seen"), SPOILED.values(), ids=SPOILED)
def test_package_that_is_not_as_expected_is_refused(
    tmp_path: Path, spoil: Callable[[Path], None], seen: str
) -> None:
    """With what was seen, before anything is written."""
    spec = importlib.util.find_spec(places.PACKAGE)
    assert spec is not None
    for name in ("dataset.db", "converter_2025.json"):
        shutil.copy(Path((spec.submodule_search_locations or [""])[0], "data", name), tmp_path)
    spoil(tmp_path)
    with pytest.raises(AtlasUnreadable) as refused:
        read(tmp_path)
    assert seen in str(refused.value)
