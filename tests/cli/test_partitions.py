"""The setting that says where a night is decided: what it may be, and what is refused before a night begins."""

from __future__ import annotations

import pytest

from dondoc.flows.config.partitions import Executor, Partitions
from dondoc.flows.config.settings import SettingsRefused, load
from dondoc.flows.workers.dask_cluster import Cluster, of
from tests.support.cli_office import Office

POSTGRES = "postgresql://dondoc:canary@db.example.vn/dondoc"


def given(partitions: str, database: str = POSTGRES) -> Partitions:
    """The setting as it is read from the environment."""
    return load({"DONDOC_PARTITIONS": partitions, "DONDOC_DATABASE": database}).partitions


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("pool", Partitions(Executor.POOL)),
        ("dask:tcp://may-1.example.vn:8786", Partitions(Executor.DASK, "tcp://may-1.example.vn:8786")),
        ("dask:tls://10.0.0.5:8786", Partitions(Executor.DASK, "tls://10.0.0.5:8786")),
        ("prefect:chia-phan", Partitions(Executor.PREFECT, "chia-phan")),
        ("prefect:Pool 2.b", Partitions(Executor.PREFECT, "Pool 2.b")),
    ],
)
def test_what_it_may_be(text: str, means: Partitions) -> None:
    """The processes of this machine, a Dask cluster by its scheduler's address, or a work pool by its name."""
    assert given(text) == means


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pool:4",
        "Dask:tcp://may-1:8786",
        "dask",
        "dask:",
        "dask:may-1:8786",
        "dask:tcp://may-1",
        "dask:http://may-1:8786",
        "dask:tcp://may-1:8786/x",
        "dask:tcp://may-1:cong",
        "ray:may-1",
        "prefect",
        "prefect:",
        "prefect: chia-phan",
        "prefect:chia-phan ",
        "prefect:a/b",
        "prefect:--help",
    ],
)
def test_what_is_refused(text: str) -> None:
    """With what it may be, in both languages."""
    with pytest.raises(SettingsRefused, match=r"phải là pool, dask:tcp://máy:8786 .*must be one"):
        given(text)


def test_other_machines_need_postgresql() -> None:
    """A SQLite file is on one machine."""
    with pytest.raises(SettingsRefused, match="cần PostgreSQL"):
        given("dask:tcp://may-1:8786", "sqlite:///var/dondoc.db")
    assert given("pool", "sqlite:///var/dondoc.db") == Partitions(Executor.POOL)


def test_only_a_cluster_that_is_named_is_asked() -> None:
    """By default nobody is."""
    assert of(given("pool")) is None
    assert of(given("prefect:chia-phan")) is None
    assert of(given("dask:tcp://may-1:8786")) == Cluster("tcp://may-1:8786")


def test_a_night_refuses_it_before_it_begins(office: Office) -> None:
    """One sentence, exit code 2, no database made."""
    ran = office.dondoc("nightly", "--plain", partitions="dask:may-1")
    assert ran.code == 2
    assert "partitions: «dask:may-1» phải là" in ran.err
    assert not office.database.exists()
