"""Prefect's port, open to other machines: found by `dondoc doctor`, with what to do."""

from __future__ import annotations

import socket

import pytest

from dondoc.flows.doctor.diagnosis import Grade
from dondoc.flows.doctor.ports import listening, open_port


@pytest.mark.parametrize(
    ("family", "host", "said"),
    [
        (socket.AF_INET, "127.0.0.1", ""),
        (socket.AF_INET, "0.0.0.0", "0.0.0.0"),
        (socket.AF_INET6, "::1", ""),
        (socket.AF_INET6, "::", "::"),
    ],
)
def test_a_port_that_others_reach_is_worth_a_look(family: socket.AddressFamily, host: str, said: str) -> None:
    """On every address of the machine it is named; on loopback alone nothing is said."""
    with socket.socket(family) as server:
        try:
            server.bind((host, 0))
        except OSError:
            pytest.skip("this machine has no such address")
        server.listen()
        port = server.getsockname()[1]
        found = list(open_port({"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}))
        assert [str(at) for at in listening(port)] == [host]
    assert [one.grade for one in found] == ([Grade.LOOK] if said else [])
    assert all(one.said.endswith(f": {said}") and str(port) in one.said for one in found)
    assert listening(port) == set()


def test_an_address_that_is_none_stops_no_examination() -> None:
    """Another check says what is wrong with it."""
    assert list(open_port({"PREFECT_API_URL": "http://127.0.0.1:port/api"})) == list(open_port({}))
