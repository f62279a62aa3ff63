"""What `dondoc doctor` says of the address that letters print, asked of servers on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.doctor.diagnosis import Grade
from dondoc.flows.doctor.pages import pages
from tests.support.ports import free_port
from tests.support.web_pages import KEYS, Pages, lucnam


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Pages at a port of this machine."""
    with lucnam(tmp_path_factory.mktemp("pages")) as made:
        yield made


def test_without_links_there_is_nothing_to_say() -> None:
    """Letters lead nowhere."""
    assert list(pages(None)) == []


def test_an_address_that_leads_there(running: Pages) -> None:
    """With a path in front, as behind a proxy, or without."""
    for base in (running.root, f"{running.root}/dondoc"):
        (found,) = pages(LinkSettings(base, KEYS))
        assert (found.grade, "leads to the pages" in found.said) == (Grade.GOOD, True)


def test_an_address_that_leads_elsewhere(running: Pages) -> None:
    """Nobody answers, or another page does: it says what to do."""
    for base in (f"http://127.0.0.1:{free_port()}", f"{running.root}/elsewhere"):
        (found,) = pages(LinkSettings(base, KEYS))
        assert found.grade is Grade.WRONG
        assert f"{base}/alive" in found.said
        assert "mend base_address" in found.remedy
