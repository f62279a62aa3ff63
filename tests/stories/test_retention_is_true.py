"""What `held`, `forget`, `retain` and `statistics` print is so, by the rows before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.domain.terms import LetterState
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, reading, writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.cli.program import program
from dondoc.flows.night import steps
from dondoc.notifications.delivery import outbox
from dondoc.notifications.letter.build import due_from
from tests.support.ready_databases import upgrade
from tests.support.town import ROOT, Town, only
from tests.support.true_retention import (
    Rows,
    stored,
    untrue_forgotten,
    untrue_held,
    untrue_retained,
    untrue_statistics,
)

pytestmark = pytest.mark.long

NIGHTS = (date(2015, 4, 20), date(2015, 5, 7), date(2015, 6, 3))
UNIT, DISTRICT = "ln.ubnd_xa.bao_dai", "ln.ubnd_huyen"


@dataclass(frozen=True)
class Said:
    """What each command printed, and the rows before and after it."""

    text: str
    before: Rows
    after: Rows


@dataclass(frozen=True)
class Office:
    """A database that commands are typed for."""

    engine: Engine
    url: str

    def says(self, *words: str, **keep: str) -> Said:
        """What a command prints, and what it leaves."""
        environment = {"DONDOC_RULES": str(ROOT / "rules"), "DONDOC_DATABASE": self.url, **keep}
        before = stored(self.engine)
        done = CliRunner().invoke(program(), [*words], env=environment)
        assert done.exit_code == 0, done.output
        return Said(done.output.rstrip("\n"), before, stored(self.engine))


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """Three nights whose letters leave early in the morning, in a year long over; then each command in turn."""
    url = f"sqlite:///{tmp_path_factory.mktemp('office') / 'dondoc.db'}"
    engine = connect(url)
    upgrade(engine)
    town = Town(engine).founded_here()
    book = only(town.book, "279-ubnd-ldtbxh/report-round-1")
    town.book = replace(book, mail=replace(book.mail, brake=Brake()))
    for name in ("bao_son", "cam_ly"):
        unit = f"ln.ubnd_xa.{name}"
        town.submits(unit, "child-protection", "2015-05-04", ref=unit, document="1/BC")
        town.submits(unit, "child-protection", "2015-05-05", ref=unit, document="2/BC")
    for night in NIGHTS:
        steps.judge_night(
            engine, town.book, Night(night, steps.cutoff_of(night), previous=night - timedelta(days=1))
        )
        _delivered(engine, night)
    office, keep = (
        Office(engine, url),
        {f"DONDOC_KEEP_{kind}": "30" for kind in ("LETTERS", "ATTEMPTS", "HISTORY", "CASES")},
    )
    with reading(engine) as conn:
        no = select(t.unit.c.no).where(t.unit.c.id == "dl.ubnd_huyen").scalar_subquery()
        box = str(conn.scalar(select(t.mailbox.c.address).where(t.mailbox.c.unit_no == no)))
        mine = str(conn.scalar(select(t.letter.c.recipient).where(t.letter.c.office == UNIT)))
    found = {
        "held by a mailbox": office.says("held", mine),
        "held by a unit": office.says("held", UNIT),
        "held by a district": office.says("held", DISTRICT),
        "forget": office.says("forget", box, "--basis", "Công văn 12/VP"),
        "held by nobody": office.says("held", box),
        "statistics": office.says("statistics"),
        "retain": office.says("retain", **keep),
        "statistics of what was folded": office.says("statistics"),
    }
    found["box"], found["mine"] = (Said(word, {}, {}) for word in (box, mine))
    engine.dispose()
    return found


def _delivered(engine: Engine, night: date) -> None:
    """Every letter leaves at a quarter to seven, which is the day before in universal time."""
    at = due_from(night) + timedelta(minutes=15)
    with writing(engine) as conn:
        mine = outbox.claim(conn, "a relay", at, 1000, timedelta(minutes=5))
        assert all(outbox.mark_data_end(conn, one, at, timedelta(minutes=5)) for one in mine)
    with audited(engine) as tx:
        for one in mine:
            end = outbox.Settlement(LetterState.SENT, "data", 250, "2.0.0", "Ok", at, at)
            assert outbox.settle(tx, one, end)


def _untrue(what: str, said: dict[str, Said], text: str) -> list[str]:
    one = said[what]
    if what.startswith("held"):
        words = {"held by a mailbox": said["mine"].text, "held by a unit": UNIT, "held by a district": DISTRICT}
        return list(untrue_held(text, words.get(what, said["box"].text), one.before))
    if what == "forget":
        return list(untrue_forgotten(text, said["box"].text, one.before, one.after))
    if what == "retain":
        return list(untrue_retained(text, one.before, one.after))
    return list(untrue_statistics(text, said["retain"].before))


COMMANDS = (
    "held by a mailbox",
    "held by a unit",
    "held by a district",
    "forget",
    "held by nobody",
    "statistics",
    "retain",
    "statistics of what was folded",
)
# In what is printed, which number is one more.
FALSE = (
    *(
        ("held by a unit", rf"{table}: (\d+)")
        for table in ("letter", "delivery_attempt", "task", "case_file", "notice")
    ),
    ("held by a unit", r"letter: \d+, (\d\d)/"),
    ("held by a mailbox", r"delivery_attempt: \d+, (\d\d)/"),
    ("held by a district", r"relation: (\d+)"),
    ("held by nobody", r"(Không giữ gì)"),
    ("forget", r"Đã xóa (\d+)"),
    ("forget", r"; (\d+) thư"),
    ("forget", r"; (\d+) câu"),
    ("retain", r"(\d+) nội dung thư"),
    ("retain", r"\((\d+)[\d.]* byte"),
    ("retain", r"(\d+) lần gửi"),
    ("retain", r"(\d+) dòng đã được thay"),
    ("retain", r"(\d+) hồ sơ đã đóng"),
    ("statistics", r"\tubnd\t(\d+)"),
    ("statistics", r"\tubnd\t\d+\t(\d+)"),
    ("statistics", r"\tubnd\t(?:\d+\t){2}(\d+)"),
    ("statistics of what was folded", r"\tubnd\t(?:\d+\t){3}(\d+)"),
)


@pytest.mark.parametrize("what", COMMANDS)
def test_what_is_printed_is_true(said: dict[str, Said], what: str) -> None:
    """By the rows; what was folded is counted as before."""
    assert _untrue(what, said, said[what].text) == []


def test_something_of_each_kind_went(said: dict[str, Said]) -> None:
    """Else the next test shows nothing."""
    assert all(int(n) for n in re.findall(r"Đã bỏ (\d+)", said["retain"].text)), said["retain"].text


@pytest.mark.parametrize(("what", "where"), FALSE)
def test_what_is_false_is_seen(said: dict[str, Said], what: str, where: str) -> None:
    """One number in the true text is changed."""
    text = said[what].text
    false = re.sub(where, _more, text, count=1)
    assert false != text, text
    assert _untrue(what, said, false), false


def _more(found: re.Match[str]) -> str:
    number, start = found.group(1), found.start(1) - found.start()
    more = f"{int(number) + 1:0{len(number)}d}" if number.isdigit() else "Còn giữ"
    return f"{found.group()[:start]}{more}{found.group()[start + len(number) :]}"
