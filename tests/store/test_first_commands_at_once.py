"""Several commands begin at once on an empty database: one makes the tables, the others wait for it."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dondoc.engine.store.db.database import connect, reading
from dondoc.engine.store.db.faults import DatabaseUnreachable
from dondoc.engine.store.db.schema_version import behind, upgrade
from dondoc.engine.store.db.tables import metadata

AT_ONCE = 6


def begins(url: str) -> bool:
    """What every first command does, in a process of its own."""
    engine = connect(url)
    upgrade(engine)
    done = not behind(engine)
    engine.dispose()
    return done


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_six_first_commands_at_once_make_one_database(kind: str, postgres: Engine, tmp_path: Path) -> None:
    """None fails, and every one finds the tables of this version."""
    metadata.drop_all(postgres)
    url = postgres.url.render_as_string(hide_password=False)
    url = url if kind == "postgresql" else f"sqlite:///{tmp_path / 'dondoc.db'}"
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as many:
        assert list(many.map(begins, [url] * AT_ONCE)) == [True] * AT_ONCE


def test_an_address_with_an_option_that_the_driver_does_not_know_is_a_sentence(postgres: Engine) -> None:
    """With the option named, and without the password."""
    url = postgres.url.update_query_dict({"foo": "1"}).render_as_string(hide_password=False)
    with pytest.raises(DatabaseUnreachable, match="foo"), reading(connect(url)):
        pass
