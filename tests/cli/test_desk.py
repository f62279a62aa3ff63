"""`dondoc desk`: what waits for a person, what ends the wait, and that it is gone once that was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dondoc.engine.domain.acts import ActKind
from dondoc.flows.cli.program import program
from dondoc.flows.records.desk import DeskItem, desk
from tests.cli.test_case import ASKED, COMMUNE, DISTRICT, GRANTED, NO, ROUND_1, opened, says
from tests.cli.test_inherit import CASE, HEIR, decided
from tests.cli.test_inherit import settings as reorganised
from tests.support.town import ROOT, at

__all__ = ["reorganised"]
NOW = "2015-04-21T10:00"


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Mapping[str, str], str]:
    """The settings of a town in which a commune has asked for a later limit, and the code of its case."""
    case = opened(tmp_path).case(ROUND_1, COMMUNE)
    assert case is not None
    given = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    says(given, case.code, ASKED, until=date(2015, 5, 15), words="Chờ số liệu của thôn")
    return given, case.code


def waiting(settings: Mapping[str, str], code: str, when: str = NOW) -> list[DeskItem]:
    """The items of one kind."""
    return [one for one in desk(settings, at(when)) if one.code == code]


def test_a_request_waits_with_who_decides_and_both_commands(asked: tuple[Mapping[str, str], str]) -> None:
    """Word for word, so that it can be copied."""
    settings, case = asked
    (item,) = waiting(settings, "extension-asked")
    assert item.text().vi == (
        f"[extension-asked] {case}: ngày 21/04/2015, UBND xã Bảo Đài xin lùi hạn đến hết ngày 15/05/2015: "
        "«Chờ số liệu của thôn»\n"
        f"    → UBND huyện Lục Nam quyết định, rồi gõ dondoc case extend {case} --by {DISTRICT} --grant "
        f'--until 15/05/2015 --document "SỐ VĂN BẢN", hoặc dondoc case extend {case} --by {DISTRICT} --refuse'
    )
    assert f"dondoc case extend {case} --by {DISTRICT} --refuse" in item.remedy.en


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (GRANTED, {"until": date(2015, 5, 15), "document": "9/UBND-VP"}),
        (NO, {}),
    ],
)
def test_a_request_that_was_decided_waits_no_longer(
    asked: tuple[Mapping[str, str], str], kind: ActKind, more: Mapping[str, object]
) -> None:
    """Granted or refused; a later request waits again."""
    settings, case = asked
    says(settings, case, kind, f"{NOW}:30", office=DISTRICT, **more)
    assert not waiting(settings, "extension-asked", "2015-04-21T11:00")
    says(settings, case, ASKED, "2015-04-22T09:00", until=date(2015, 5, 29), words="Mất điện")
    assert len(waiting(settings, "extension-asked", "2015-04-22T10:00")) == 1


def test_heirs_wait_until_somebody_has_decided(reorganised: Mapping[str, str]) -> None:
    """Each with the command of `dondoc inherit`."""

    def names() -> set[str]:
        return {
            one.what.vi.partition(":")[0] for one in waiting(reorganised, "heir-to-confirm", "2025-07-02T11:00")
        }

    before = names()
    decided(reorganised, CASE, HEIR)
    assert before - names() == {CASE}


def test_what_is_wrong_stands_first_and_the_command_ends_with_3(
    asked: tuple[Mapping[str, str], str],
) -> None:
    """Nights are missing since 2015."""
    settings, _ = asked
    ran = CliRunner().invoke(program(), ["desk", "--json"], env=dict(settings))
    assert ran.exit_code == 3
    found = json.loads(ran.stdout)
    assert found[0]["code"] == "night-missing"
    assert found[0]["remedy"]["en"].startswith("see dondoc doctor")
    shown = CliRunner().invoke(program(), ["desk", "--lang", "en"], env=dict(settings))
    assert f"{len(found)} waiting." in shown.stdout


def test_nothing_waits_in_a_database_without_a_night(tmp_path: Path) -> None:
    """The command ends well."""
    given = {"DONDOC_DATABASE": f"sqlite:///{tmp_path / 'x.db'}", "DONDOC_RULES": str(ROOT / "rules")}
    ran = CliRunner().invoke(program(), ["desk"], env=given)
    assert (ran.exit_code, ran.stdout) == (0, "Không có gì đang chờ.\n")
