"""`dondoc web`: an office opens the link of its letter, and says what it may; the pages over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.rulebook import Waiver
from dondoc.flows.records.acts import shown
from dondoc.notifications.wording.act_forms import FORMS
from tests.support.quiet_days import quieted
from tests.support.town import ROOT, at
from tests.support.web_pages import COMMUNE, DISTRICT, ROUND_1, Pages, get, lucnam

OFFICE = "ln.phong_ldtbxh"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Pages on which nothing is ever sent."""
    with lucnam(tmp_path_factory.mktemp("quiet")) as pages:
        yield pages


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    """Pages of one test."""
    with lucnam(tmp_path) as made:
        yield made


def acts(pages: Pages) -> list[tuple[int, str, str, bool]]:
    """What is on record of the commune's case: number, kind, office, whether it was taken back."""
    settings = {"DONDOC_DATABASE": str(pages.town.engine.url), "DONDOC_RULES": str(ROOT / "rules")}
    values, _ = shown(settings, pages.code(), pages.now)
    return [(act["act"], act["kind"].value, act["office"], act["taken_back"]) for act in values["acts"]]


def test_the_page_says_what_the_letter_said(quiet: Pages) -> None:
    """Whose page it is, the task, the unit, the limit and how late it is, the document, and what can be said."""
    page = quiet.opened()
    assert page.status == 200
    for said in (
        "UBND xã Bảo Đài",
        quiet.code(),
        "Báo cáo kết quả công tác bảo vệ, chăm sóc trẻ em đợt 1 năm 2015",
        "trước ngày 20/04/2015; quá hạn 02 ngày làm việc (02 ngày)",
        "Công văn số 279/UBND-LĐTBXH ngày 26/03/2015 của UBND huyện Lục Nam",
        "Chưa có trả lời nào.",
    ):
        assert said in page.words
    assert list(page.read.links) == [
        "English",
        "Đã gửi báo cáo",
        "Đã biết, sẽ xử lý",
        "Giải trình và hẹn ngày",
        "Xin lùi hạn",
        "Không thuộc trách nhiệm",
    ]


def test_the_office_above_is_offered_to_decide(quiet: Pages) -> None:
    """And not to explain in the place of the commune; an office that nobody told is offered nothing."""
    assert list(quiet.opened(DISTRICT).read.links)[1:] == [
        "Cho lùi hạn",
        "Không cho lùi hạn",
        "Đã nhận kết quả, đóng việc",
    ]
    assert "Hiện cơ quan không có gì để trả lời về việc này." in quiet.opened("ln.ubnd_xa.luc_son").words


def test_every_kind_of_act_has_its_form() -> None:
    """Otherwise it could be said at the command line alone: give it one in `act_forms`."""
    assert set(FORMS) == set(ActKind) - {ActKind.DECLARED, ActKind.REOPENED, ActKind.REASSIGNED}


def test_in_english(quiet: Pages) -> None:
    """The link in the head turns the page, and all pages behind it stay so."""
    page = quiet.opened().follow("English")
    assert '<html lang="en">' in page.html
    assert "Ask for a later limit" in page.read.links
    form = page.follow("Ask for a later limit")
    assert "Look it over before sending" in form.words
    review = form.send(until="30/04/2015", words="Flood")
    assert "Not sent yet." in review.words
    assert page.follow("Tiếng Việt").words == quiet.opened().words


def test_a_form_is_looked_over_and_sent(pages: Pages) -> None:
    """The form, the sentence, the record, and what the page says from then on."""
    form = pages.opened().follow("Xin lùi hạn")
    assert "(cần điền)" in form.words
    review = form.send(until="2015-04-30", words="Lũ làm hỏng đường về huyện", document="12/UBND-VP")
    assert (
        "Chưa gửi. Xem lại: Ngày 21/04/2015, UBND xã Bảo Đài xin lùi hạn đến hết ngày 30/04/2015 (văn bản "
        "12/UBND-VP): «Lũ làm hỏng đường về huyện»." in review.words
    )
    assert "trong khi chờ, hạn cũ vẫn tính" in review.words
    assert acts(pages) == []
    done = review.send()
    assert done.status == 200
    assert done.address.endswith("?said=1")
    assert "Đã ghi nhận, số 1" in done.words
    assert acts(pages) == [(1, "extension-asked", COMMUNE, False)]
    assert pages.events() == ["act-recorded"]


def test_what_was_typed_can_be_mended(pages: Pages) -> None:
    """The second button of the sentence leads back to the form, with everything in it."""
    review = pages.opened().follow("Xin lùi hạn").send(until="2015-04-30", words="Lũ & <bão>")
    action = next(
        given["formaction"] for tag, given in review.read.tags if tag == "button" and "formaction" in given
    )
    review.read.action = action
    again = review.send(edit="1")
    assert (again.read.fields["until"], again.read.fields["words"]) == ("2015-04-30", "Lũ & <bão>")
    assert acts(pages) == []


def test_sent_twice_it_is_recorded_once(pages: Pages) -> None:
    """Also when it was taken back in between: an old page in a browser says nothing anew."""
    review = pages.opened().follow("Đã biết, sẽ xử lý").send()
    assert "số 1" in review.send().words
    assert "số 1" in review.send().words
    back = pages.opened().follow("Rút lại trả lời số 1").send()
    assert "Rút lại trả lời số 1" in back.words
    back.send()
    assert acts(pages) == [(1, "acknowledged", COMMUNE, True), (2, "taken-back", COMMUNE, False)]
    review.send()
    back.send()
    assert len(acts(pages)) == 2
    pages.opened().follow("Đã biết, sẽ xử lý").send().send()
    assert acts(pages)[-1] == (3, "acknowledged", COMMUNE, False)


def test_the_office_above_grants(pages: Pages) -> None:
    """What the commune asked stands on its page; the answer needs a document, and stays."""
    pages.opened().follow("Xin lùi hạn").send(until="30/04/2015", words="Lũ").send()
    page = pages.opened(DISTRICT)
    assert "xin lùi hạn đến hết ngày 30/04/2015: «Lũ»" in page.words
    form = page.follow("Cho lùi hạn")
    assert "Cần số văn bản." in form.send(until="30/04/2015").words
    form.send(until="30/04/2015", document="9/UBND-VP").send()
    assert acts(pages)[-1][1:3] == ("extension-granted", DISTRICT)
    pages.now = at("2015-04-22T09:00")
    pages.night("2015-04-22")
    assert "hạn đầu tiên: hết ngày 19/04/2015" in pages.opened().words


def test_a_report_is_declared_and_the_office_above_closes(pages: Pages) -> None:
    """Both name a day and a number; a day that there is not stays in the form. The next night it is closed."""
    address = pages.address()
    form = get(address).follow("Đã gửi báo cáo")
    assert "31/02/2015" in form.send(done_on="31/02/2015", document="12/BC-UBND").words
    form.send(done_on="18/04/2015", document="12/BC-UBND").send()
    assert acts(pages)[-1][1:3] == ("done", COMMUNE)
    above = pages.opened(DISTRICT).follow("Đã nhận kết quả, đóng việc")
    above.send(done_on="2015-04-18", document="12/BC-UBND").send()
    assert acts(pages)[-1][1:3] == ("closed", DISTRICT)
    pages.now = at("2015-04-22T09:00")
    pages.night("2015-04-22")
    # For one working day what was said by its links can still be taken back there, and nothing else said.
    page = get(address)
    assert (page.status, list(page.read.links)) == (200, ["English", "Rút lại trả lời số 1"])
    assert "đã đóng ngày 22/04/2015" in page.words
    assert "quá hạn" not in page.words
    pages.now = at("2015-04-23T09:00")
    assert get(address).status == 410


def test_nothing_is_loaded_run_or_kept(quiet: Pages) -> None:
    """One style in the page itself, whose hash the policy names; no script, no cookie, no address elsewhere."""
    for page in (quiet.opened(), quiet.opened().follow("Xin lùi hạn"), get(f"{quiet.root}/c/x.y.z")):
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'" in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "set-cookie" not in page.headers
        assert "server" not in page.headers
        tags = {tag for tag, _ in page.read.tags}
        assert tags.isdisjoint({"script", "img", "link", "iframe", "object"})
        assert not re.search(
            r"https?:|//|\bon\w+=|style=", re.sub(r"<style>.*?</style>", "", page.html, flags=re.DOTALL)
        )


def test_under_a_path_and_without_it(quiet: Pages) -> None:
    """A proxy may pass the path of the base address on, or leave it out: all links are relative."""
    plain = quiet.address()
    under = plain.replace("/c/", "/dondoc/c/")
    assert get(under).html == get(plain).html
    form = get(under).follow("Giải trình và hẹn ngày")
    assert "/dondoc/c/" in form.address
    review = form.send(until="30/04/2015", words="Lũ")
    assert "Chưa gửi" in review.words
    assert get(f"{quiet.root}/dondoc/alive").html == get(f"{quiet.root}/alive").html == "dondoc"


def test_a_span_without_letters_is_said_on_the_page(pages: Pages) -> None:
    """Its name and its last day, and that the limit stays; over, it is said no more."""
    spans = (date(2015, 4, 20), date(2015, 4, 24))
    said = "Không gửi thư Đợt bầu cử, đến hết ngày 24/04/2015; hạn vẫn tính"
    for now, there in (("2015-04-24T23:00", True), ("2015-04-25T00:30", False)):
        pages.now = at(now)
        pages.desk._book = pages.now, quieted(pages.desk.book(), spans)
        page = pages.opened()
        assert (said in page.words, "Không gửi thư" in page.words) == (there, there)


def test_a_waiver_that_holds_is_said_on_the_page(pages: Pages) -> None:
    """Until when, by whom and on which basis, as in letters; over, it is said no more."""
    reason, basis = Text("Lũ (ví dụ)", "A flood"), Text("Công văn số 300/UBND-VP (ví dụ)", "Letter 300")
    days = date(2015, 4, 20), date(2015, 5, 15)
    waived = Waiver(ROUND_1, COMMUNE, DISTRICT, reason, basis, *days, "waivers.yaml:3:5")
    pages.desk._book = pages.now, replace(pages.desk.book(), waivers=(waived,))
    said = "Tạm dừng nhắc từ ngày 20/04/2015 đến hết ngày 15/05/2015, do UBND huyện Lục Nam cho phép"
    assert said in pages.opened().words
    pages.now = at("2015-05-16T09:00")
    pages.desk._book = pages.now, replace(pages.desk.book(), waivers=(waived,))
    assert "Tạm dừng nhắc" not in pages.opened().words
