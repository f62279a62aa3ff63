"""The pages in wrong hands: links that do not hold, forms sent in the wrong way, words that are no words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from dondoc.engine.domain.acts import ActKind
from dondoc.engine.store.db.database import writing
from dondoc.flows.records.acts import Said, record, shown
from dondoc.flows.records.links import revoke
from dondoc.notifications.case_links import LinkKeys
from tests.support.town import ROOT, at
from tests.support.web_pages import COMMUNE, FORM, Pages, Seen, get, lucnam, post


@pytest.fixture(scope="module")
def asked_often(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Pages on which nothing is ever accepted."""
    with lucnam(tmp_path_factory.mktemp("quiet")) as pages:
        yield pages


@pytest.fixture
def quiet(asked_often: Pages) -> Pages:
    """The same five minutes later, when a link may be used again as often as any."""
    asked_often.now += timedelta(minutes=5)
    return asked_often


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Pages]:
    """Pages of one test."""
    with lucnam(tmp_path) as made:
        yield made


def settings(pages: Pages) -> dict[str, str]:
    """The settings of the commands for the same database."""
    return {"DONDOC_DATABASE": str(pages.town.engine.url), "DONDOC_RULES": str(ROOT / "rules")}


def acts(pages: Pages) -> int:
    """How many acts are on record of the commune's case."""
    values, _ = shown(settings(pages), pages.code(), pages.now)
    return len(values["acts"])


def asks(pages: Pages, **typed: str) -> Seen:
    """The answer to a form that asks for a later limit."""
    return pages.opened().follow("Xin lùi hạn").send(**{"until": "30/04/2015", "words": "Lũ", **typed})


def test_a_scanner_that_opens_everything_ten_times_changes_nothing(pages: Pages) -> None:
    """Pages and forms, by GET and HEAD: not a row more in any table."""
    before = pages.rows()
    for _ in range(10):
        page = pages.opened()
        for words in page.read.links:
            assert page.follow(words).status == 200
        assert get(pages.address(), method="HEAD").status == 200
    assert get(f"{pages.address()}/record").status == 409
    assert pages.rows() == before


def test_an_altered_link_is_refused_politely(pages: Pages) -> None:
    """Opened, it says what to do and tells nothing of the case; used, it is an event as well."""
    link = pages.address()
    altered = link[:-1] + ("A" if link[-1] != "A" else "B")
    page = get(altered)
    assert (page.status, pages.events()) == (404, [])
    assert "Liên kết không đúng" in page.words
    assert pages.code() not in page.words
    assert post(f"{altered}/extension-asked", {"until": "30/04/2015", "words": "Lũ"}).status == 404
    assert pages.events() == ["link-refused"]
    assert acts(pages) == 0


def test_links_that_strangers_make_up_do_not_fill_the_log(pages: Pages) -> None:
    """Each is answered, and thirty of them are logged."""
    for number in range(40):
        assert post(f"{pages.root}/c/k1.{number}.x/acknowledged", {"words": ""}).status == 404
    assert pages.events() == ["link-refused"] * 30


def test_a_revoked_link(pages: Pages) -> None:
    """It holds no longer, for this office and case alone; the next letter brings one that does."""
    review = asks(pages)
    said = revoke(settings(pages), pages.code().lower(), COMMUNE, pages.now)
    assert "các thư đến 20/04/2015" in said.vi
    assert "dùng liên kết trong thư mới nhất" in pages.opened().words.lower()
    assert review.send().status == 410
    assert pages.events() == ["link-revoked", "link-refused"]
    assert pages.opened("ln.ubnd_huyen").status == 200
    assert get(pages.address(night="2015-04-25")).status == 200


def test_a_key_that_was_removed(pages: Pages) -> None:
    """All links by it have ended; one that was added on top changes nothing for those that are out."""
    link = pages.address()
    pages.desk.links = replace(pages.desk.links, keys=LinkKeys({"k2": "n" * 40, "k1": "k" * 40}))
    assert get(link).status == 200
    pages.desk.links = replace(pages.desk.links, keys=LinkKeys({"k2": "n" * 40}))
    assert get(link).status == 404


def test_a_link_after_its_case_has_closed(pages: Pages) -> None:
    """It says so, thanks, and takes nothing, also from a form that was open before."""
    review, link = asks(pages), pages.address()
    pages.town.submits(COMMUNE, "child-protection", "2015-04-21")
    pages.night("2015-04-22")
    page = get(link)
    assert page.status == 410
    assert "Việc này đã khép lại Không cần trả lời nữa." in page.words
    assert review.send().status == 410
    assert pages.events() == ["link-refused"]


def test_two_at_once_from_two_doors(pages: Pages) -> None:
    """The page and the command line say the same at the same moment: it is on record once."""
    review = asks(pages)
    said = Said(pages.code(), ActKind.EXTENSION_ASKED, until=at("2015-04-30T00:00").date(), words="Lũ")
    doors: list[Callable[[], object]] = [
        review.send,
        lambda: record(settings(pages), said, pages.now),
        review.send,
    ]
    with ThreadPoolExecutor(3) as pool:
        for door in [pool.submit(door) for door in doors]:
            door.result()
    assert acts(pages) == 1


NOT_ACCEPTED = {
    "a day that there is not": ({"until": "31/02/2015"}, "Ngày «31/02/2015» không có"),
    "a day in words": ({"until": "mai"}, "Ngày «mai» không có"),
    "a limit that has passed": ({"until": "19/04/2015"}, "phải sau hạn hiện nay"),
    "no day at all": ({"until": ""}, "phải sau hạn hiện nay"),
    "no reason": ({"words": "   "}, "Cần nêu lý do."),
    "a person's name": ({"words": "cháu Nguyễn Văn An bị ốm"}, "không nhận thông tin cá nhân"),
    "a telephone number": ({"words": "gọi 0912345678"}, "không nhận thông tin cá nhân"),
    "a thousand lines": ({"words": "dòng\n" * 1000}, "nhiều nhất 300"),
}


@pytest.mark.parametrize(("typed", "said"), NOT_ACCEPTED.values(), ids=NOT_ACCEPTED)
def test_what_is_not_accepted_stays_on_the_page(quiet: Pages, typed: dict[str, str], said: str) -> None:
    """With the reason and what was typed; and it is an event."""
    before = len(quiet.events())
    page = asks(quiet, **typed)
    assert page.status == 422
    assert said in page.words
    assert page.read.fields["document"] == ""
    assert page.read.fields["until"] == typed.get("until", "30/04/2015")
    assert len(quiet.events()) == before + 1


SEALS = {
    "another day": {"until": "2015-12-30"},
    "other words": {"words": "Xin lỗi"},
    "another act": {"kind": "acknowledged"},
    "as if said earlier": {"on": "2015-04-20"},
    "without a seal": {"seal": ""},
    "an act that there is not": {"kind": "x"},
}


@pytest.mark.parametrize("changed", SEALS.values(), ids=SEALS)
def test_only_what_was_looked_over_is_recorded(quiet: Pages, changed: dict[str, str]) -> None:
    """A form put together by hand leads back to the case."""
    page = asks(quiet).send(**changed)
    assert page.status == 409
    assert "Trang này đã cũ" in page.words
    assert acts(quiet) == 0
    assert page.follow("Quay lại").status == 200


def test_what_was_looked_over_yesterday_is_still_good_and_no_longer(pages: Pages) -> None:
    """A page that lies open over midnight is sent as of the day on which it was looked over."""
    review = asks(pages)
    pages.now += timedelta(days=2)
    assert review.send().status == 409
    pages.now -= timedelta(days=1)
    assert review.send().status == 200
    values, _ = shown(settings(pages), pages.code(), pages.now)
    assert values["acts"][0]["said_on"] == at("2015-04-21T00:00").date()


def test_what_an_office_may_not_say_is_not_offered_by_hand_either(quiet: Pages) -> None:
    """The commune grants itself nothing, and takes back nothing that it has not said."""
    for path in ("extension-granted", "taken-back", "taken-back?about=7", "no-such-kind"):
        assert get(f"{quiet.address()}/{path}").status == 409
        assert post(f"{quiet.address()}/{path}", {"until": "30/04/2015", "document": "1/CV"}).status == 409


MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% raw %}"


def test_words_are_never_markup(pages: Pages) -> None:
    """In the form, the sentence, the case, and the name of an office that came in with a tag."""
    with writing(pages.town.engine) as conn:
        name = text("UPDATE unit_name SET name = '<b>Bảo</b> {{7*7}}' WHERE name = 'UBND xã Bảo Đài'")
        conn.execute(name)
    refused = asks(pages, words=MARKUP, until="31/02/2015")
    review = asks(pages, words=MARKUP)
    done = review.send()
    assert done.status == 200
    for page in (refused, review, done):
        assert "script" not in {tag for tag, _ in page.read.tags}
        assert not any("onerror" in given for _, given in page.read.tags)
        assert "<b>Bảo</b> {{7*7}}" in page.words
        assert "49" not in page.words
    assert refused.read.fields["words"] == MARKUP


BODIES: dict[str, tuple[bytes, str, int]] = {
    "too long": (b"words=" + b"a" * 20_000, FORM, 413),
    "too many fields": (b"&".join(b"f%d=1" % n for n in range(50)), FORM, 400),
    "a field twice": (b"words=a&words=b", FORM, 400),
    "not UTF-8": (b"words=%ff%fe", FORM, 400),
    "bytes": (b"words=\xff\x00", FORM, 400),
    "JSON": (b"{}", "application/json", 415),
    "a file": (b"--x\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x", 415),
    "no type": (b"words=a", "", 415),
}


@pytest.mark.parametrize(("body", "media_type", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_form(quiet: Pages, body: bytes, media_type: str, status: int) -> None:
    """Refused before anything is read of it."""
    page = post(f"{quiet.address()}/explained", body, media_type)
    assert page.status == status
    assert "Không đọc được nội dung gửi lên" in page.words


def test_a_flood_of_forms_is_slowed_down(pages: Pages) -> None:
    """Thirty of a link at once; after minutes it may send again, and others were not held up."""
    link = f"{pages.address()}/acknowledged"
    statuses = [post(link, {"words": "x"}).status for _ in range(35)]
    assert statuses == [200] * 30 + [429] * 5
    assert post(f"{pages.address('ln.ubnd_huyen')}/extension-refused", {"words": ""}).status == 200
    pages.now += timedelta(minutes=10)
    assert post(link, {"words": "x"}).status == 200


@pytest.mark.parametrize(
    "path", ["", "/c", "/c/", "/docs", "/c/x/y/z", "/../etc/passwd", "/c/%00", "/c/%ff/record"]
)
def test_any_other_address(quiet: Pages, path: str) -> None:
    """A page that says so, with the same headers."""
    page = get(f"{quiet.root}{path}")
    assert page.status in {404, 405}
    assert "Mở lại từ" in page.words
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_database_that_is_away(pages: Pages) -> None:
    """Not a word of it on the page."""
    link = pages.address()
    with writing(pages.town.engine) as conn:
        conn.execute(text("ALTER TABLE act RENAME TO gone"))
    page = get(link)
    assert page.status == 503
    assert "Thử lại sau ít phút; chưa ghi nhận gì." in page.words
    assert "act" not in page.words.split()


def test_rules_that_are_broken_meanwhile(pages: Pages, tmp_path: Path) -> None:
    """The pages go on by those that they read last; the operator hears of it from the next night."""
    link = pages.address()
    assert get(link).status == 200
    (tmp_path / "broken.yaml").write_text("version: [", "utf-8")
    pages.desk.rules = tmp_path
    pages.now += timedelta(minutes=5)
    assert get(link).status == 200
