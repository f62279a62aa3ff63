"""What `dondoc doctor` says of the address that letters print, asked of servers on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dondoc.flows.config.desk_settings import DeskSettings
from dondoc.flows.config.link_settings import LinkSettings
from dondoc.flows.doctor.diagnosis import Grade
from dondoc.flows.doctor.pages import pages
from tests.support.passing_on import passing_on
from tests.support.ports import free_port
from tests.support.web_pages import KEYS, Pages, lucnam


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Pages at a port of this machine."""
    with lucnam(tmp_path_factory.mktemp("pages")) as made:
        yield made


def test_without_links_there_is_nothing_to_say() -> None:
    """Letters lead nowhere."""
    assert list(pages(None, None)) == []


def test_an_address_that_leads_there(running: Pages) -> None:
    """With a path in front, as behind a proxy, or without."""
    for base in (running.root, f"{running.root}/dondoc"):
        (found,) = pages(LinkSettings(base, KEYS), None)
        assert (found.grade, "leads to the pages" in found.said) == (Grade.GOOD, True)


def test_an_address_that_leads_elsewhere(running: Pages) -> None:
    """Nobody answers, or another page does: it says what to do."""
    for base in (f"http://127.0.0.1:{free_port()}", f"{running.root}/elsewhere"):
        (found,) = pages(LinkSettings(base, KEYS), None)
        assert found.grade is Grade.WRONG
        assert f"{base}/alive" in found.said
        assert "mend base_address" in found.remedy


TOKEN = "t0ken" * 8
HERE, AWAY = "127.0.0.1", "192.0.2.1"


@pytest.mark.parametrize(
    ("told", "served", "said"),
    [
        (DeskSettings(token=TOKEN), DeskSettings(token=TOKEN), "opens to those who signed in alone"),
        (DeskSettings("X-Remote-User", AWAY), DeskSettings("X-Remote-User", AWAY), "who signed in alone"),
        (DeskSettings(token=TOKEN), None, "no such page"),
        (DeskSettings(token=TOKEN), DeskSettings(token="0" * 32), "the token does not open it"),
        (DeskSettings("X-Remote-User", HERE), DeskSettings("X-Remote-User", HERE), "whoever sends that header"),
    ],
    ids=["a token", "behind a proxy", "pages that were not told", "an older token", "a header that is passed on"],
)
def test_who_sees_the_desk(running: Pages, told: DeskSettings, served: DeskSettings | None, said: str) -> None:
    """As doctor has the settings, and as the pages were started with them."""
    running.desk.operators = served
    *_, found = pages(LinkSettings(running.root, KEYS), told)
    assert said in found.said
    assert (found.grade is Grade.GOOD) is ("alone" in said)
    assert TOKEN not in f"{found.said} {found.remedy}"


def test_a_proxy_that_signs_everybody_in(running: Pages) -> None:
    """It sets the header whoever asks, and does not ask for a password first."""
    running.desk.operators = DeskSettings("X-Remote-User", HERE)
    with passing_on(running.root, {"X-Remote-User": "operator"}) as base:
        *_, found = pages(LinkSettings(base, KEYS), running.desk.operators)
    assert "opens without a sign-in" in found.said
    assert "set desk_header only then" in found.remedy
