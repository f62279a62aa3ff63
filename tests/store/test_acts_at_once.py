"""The same act from several doors at the same moment, on PostgreSQL, where writers do not wait for each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import Engine, func, select

from dondoc.engine.domain.acts import ActKind, Door
from dondoc.engine.store.audit_log.hash_chain import prove
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.flows.records.acts import ActRefused, Said, recorded
from tests.support.town import Town, at, letters, only, rules

ROUND_1, COMMUNE = "279-ubnd-ldtbxh/report-round-1", "ln.ubnd_xa.bao_dai"


def test_eight_at_once_are_one_act_and_a_third_acknowledgement_is_refused(postgres: Engine) -> None:
    """Each is judged by what is on record when its turn comes; the log stays one chain."""
    town = Town(postgres, only(rules(), ROUND_1)).founded_here()
    letters(town, "2015-04-20")
    case = town.case(ROUND_1, COMMUNE)
    assert case is not None
    code, now = case.code, at("2015-04-21T09:00")

    def says(words: str, kind: ActKind = ActKind.ACKNOWLEDGED, until: date | None = None) -> bool:
        said = Said(code, kind, COMMUNE, until=until, words=words)
        try:
            return not recorded(postgres, town.book, said, now, Door.LINK).again
        except ActRefused:
            return False

    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(lambda _: says("Lũ", ActKind.EXTENSION_ASKED, date(2015, 4, 30)), range(8))
        assert sum(asked) == 1
        # A ladder lets an office acknowledge twice.
        assert sum(pool.map(says, map(str, range(8)))) == 2
    with reading(postgres) as conn:
        assert conn.scalar(select(func.count()).select_from(t.act)) == 3
        assert prove(conn).flaws == ()
