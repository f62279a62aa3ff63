"""A unit has one below it do a matter, by the button of its page."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.support.web_pages import Pages, Seen, get, lucnam, post

RULE, DISTRICT, LABOUR = "46-ct-hu/yearly-budget", "dl.ubnd_huyen", "dl.phong_ldtbxh"
NAME = "Phòng Lao động - Thương binh và Xã hội huyện Đại Lộc"
OPENED, BUTTON = "2024-01-02", "Phân công cấp dưới thực hiện"


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    """Đại Lộc on the morning on which the district's report is missing."""
    with lucnam(tmp_path, OPENED, f"{OPENED}T09:00", RULE) as made:
        yield made


def opened(pages: Pages, office: str = DISTRICT) -> Seen:
    """The page of the district's case for an office."""
    return get(pages.address(office, DISTRICT, OPENED))


def test_a_unit_below_is_chosen_from_a_list_and_looked_over(pages: Pages) -> None:
    """The list has the units next below; the sentence names the chosen one, and so does the page afterwards."""
    form = opened(pages).follow(BUTTON)
    assert form.read.choices[NAME] == LABOUR
    assert DISTRICT not in form.read.choices.values()
    assert "dl.huyen_uy" not in form.read.choices.values()
    review = form.send(to=LABOUR, words="Phòng tổng hợp, UBND huyện ký")
    assert f"UBND huyện Đại Lộc phân công {NAME} thực hiện; việc này vẫn của đơn vị" in review.words
    assert "Việc vẫn của cơ quan này, hạn không đổi." in review.words
    assert pages.events() == []
    done = review.send()
    assert f"phân công {NAME} thực hiện" in done.words
    assert pages.events() == ["act-recorded"]


def test_who_does_it_already_is_not_in_the_list(pages: Pages) -> None:
    """Another one takes its place, and taking it back leaves it with the unit."""
    opened(pages).follow(BUTTON).send(to=LABOUR).send()
    page = opened(pages)
    assert LABOUR not in page.follow(BUTTON).read.choices.values()
    page.follow("Rút lại trả lời số 1").send().send()
    assert opened(pages).follow(BUTTON).read.choices[NAME] == LABOUR


def test_a_unit_that_the_list_does_not_have_is_not_accepted(pages: Pages) -> None:
    """Neither at the form, where nothing is chosen, nor from a form that was changed on its way."""
    form = opened(pages).follow(BUTTON)
    assert "Cần chọn đơn vị thực hiện." in form.send().words
    assert form.read.action is not None
    for other in ("dl.huyen_uy", "ln.ubnd_xa.bao_dai", "nobody", "' OR 1=1"):
        answer = form.send(to=other)
        assert answer.status == HTTPStatus.CONFLICT, other
    review = form.send(to=LABOUR)
    assert review.read.action is not None
    changed = post(urljoin(review.address, review.read.action), {**review.read.fields, "to": "dl.phong_gddt"})
    assert changed.status == HTTPStatus.CONFLICT
    assert "act-recorded" not in pages.events()


def test_what_was_chosen_stays_chosen_when_it_is_mended(pages: Pages) -> None:
    """The second button of the sentence leads back to the form."""
    review = opened(pages).follow(BUTTON).send(to=LABOUR, words="Theo phân công")
    action = next(given["formaction"] for tag, given in review.read.tags if "formaction" in given)
    form = post(urljoin(review.address, action or ""), {**review.read.fields, "edit": "1"})
    assert form.read.fields["to"] == LABOUR


def test_only_the_responsible_unit_is_offered_it(pages: Pages) -> None:
    """Whoever follows the case up is not."""
    pages.night("2024-01-09")
    assert BUTTON not in opened(pages, "dl.ban_thuong_vu_huyen_uy").read.links
