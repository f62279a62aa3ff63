"""What holds letters against the facts sees what is false: one thing in a true letter is changed, and is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine, select, update

from dondoc.engine.cases.covering import Hidden
from dondoc.engine.domain.rulebook import Rollup, RuleBook, Selector
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect, writing
from tests.support import true_asks, true_leading, true_parts, true_words
from tests.support.demonstration import nights
from tests.support.letter_reader import read
from tests.support.told_letters import Told, told
from tests.support.town import Town, letters, only, rules
from tests.support.truth import untrue

ROUND_1 = "279-ubnd-ldtbxh/report-round-1"
COMMUNE = "ln.ubnd_xa.bao_dai"


@dataclass(frozen=True)
class Sent:
    """A true letter, and the text that it was read from."""

    told: Told
    text: str


@pytest.fixture(scope="module")
def sent() -> Iterator[list[Sent]]:
    """Every letter of the demonstration."""
    engine = connect("sqlite://")
    yield [one for night in nights(engine) for one in _sent(engine, rules(), night)]
    engine.dispose()


def _sent(engine: Engine, book: RuleBook, night: date) -> Iterator[Sent]:
    for one in told(engine, book, night):
        (row,) = one.facts.rows(select(t.letter.c.mime).where(t.letter.c.id == one.sent))
        body = message_from_bytes(row.mime, policy=policy.default).get_body(("plain",))
        assert body is not None
        yield Sent(one, body.get_content())


@pytest.fixture(scope="module")
def sent_to_several() -> Iterator[list[Sent]]:
    """A letter about round 1 to a commune, its committee and its district, who read at one address."""
    town = Town.founded(only(rules(), ROUND_1))
    no = select(t.unit.c.no).where(t.unit.c.id.in_((COMMUNE, "ln.dang_uy_xa.bao_dai", "ln.ubnd_huyen")))
    with writing(town.engine) as conn:
        conn.execute(update(t.mailbox).where(t.mailbox.c.unit_no.in_(no)).values(address="baodai@example.vn"))
    for day in ("2015-04-20", "2015-05-07"):
        letters(town, day)
    yield [one for one in _sent(town.engine, town.book, date(2015, 5, 7)) if COMMUNE in one.told.offices]
    town.engine.dispose()


def _more(found: re.Match[str]) -> str:
    """The number in the first group, and one more."""
    number = found.group(1)
    whole, start = found.group(), found.start(1) - found.start()
    return f"{whole[:start]}{int(number) + 1:0{len(number)}d}{whole[start + len(number) :]}"


def _other(word: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found.group().replace(found.group(1), word)


_DAY = r"(\d\d)/\d\d/\d{4}"
# What is changed, where, and to what.
FALSE = {
    "a count done in time": (r"Hoàn thành đúng hạn +(\d+)", _more),
    "a count done late": (r"Hoàn thành quá hạn +(\d+)", _more),
    "a count in time": (r"Chưa hoàn thành trong hạn +(\d+)", _more),
    "a count overdue": (r"Chưa hoàn thành quá hạn +(\d+)", _more),
    "how many tasks": (r"(?m)^(\d+) việc (?:của|theo)", _more),
    "how many units are late": (r"Đơn vị: (\d+)/\d+", _more),
    "of how many units": (r"Đơn vị: \d+/(\d+)", _more),
    "working days of lateness": (r"Quá hạn (\d+) ngày\s+làm\s+việc", _more),
    "days of lateness": (r"Quá hạn \d+ ngày\s+làm\s+việc\s+\((\d+) ngày\)", _more),
    "how many letters": (r"(?:sau|Đã đôn đốc:) (\d+) lần", _more),
    "the day of an earlier letter": (rf"so với thư ngày {_DAY}", _more),
    "the year of the paper": (r"số 279/UBND-LĐTBXH\s+ngày\s+26/03/(2015)", _more),
    "the turn of a follow-up": (r"Đôn đốc lần (\d+)", _more),
    "the turn of a reminder": (r"Nhắc việc lần (\d+)", _more),
    "the turn of a report": (r"(?:Kính báo cáo|Đề nghị phối hợp) lần (\d+)", _more),
    "since when a row is known": (rf"đã nêu từ thư\s+ngày\s+{_DAY}", _more),
    "on how many units guidance is asked": (r"\d{4}: (\d+)/\d+ [^(]*? cần ý kiến chỉ đạo", _more),
    "on which day": (r"UBND huyện Lục Nam (\d\d)/\d\d/\d{4}: ", _more),
    "whose matters are new": (r"Từ thư trước: thêm việc của \d+ đơn\s+vị\s+\((Lục Sơn)", _other("Bảo Đài")),
    "how many are new": (r"Từ thư trước: thêm việc của (\d+)", _more),
    "how many are done since": (r"mới xong việc của (\d+)", _more),
    "the limit of a row": (r"Hạn: (?:hết|trước)\s+ngày\s+(\d\d)/", _more),
    "the day of the next step": (r"Bước tiếp\s+theo:\s+(\d\d)/", _more),
    "how many rows a section has": (r"== MỚI \((\d+) việc", _more),
    "who issued the paper": (r"của (UBND huyện) Lục Nam\b", _other("Sở Y tế")),
    "the number of the paper": (r"Công văn số (279)", _other("280")),
    "the role in the foot": (r"là (cấp ủy\s+lãnh\s+đạo)", _other("cơ quan ban hành văn bản")),
    "who else is written to": (r"(Đảng ủy) xã [^.]*? cũng\s+nhận\s+thư", _other("Sở Y tế")),
    "the day that is asked for": (rf"chậm nhất\s+hết\s+ngày\s+{_DAY}", _more),
}


def _untrue(one: Told) -> list[str]:
    found = [*untrue(one), *true_words.untrue(one), *true_words.untrue_role(one)]
    found += [*true_words.untrue_roles(one), *true_asks.untrue(one), *true_parts.untrue(one)]
    found += true_leading.untrue(one)
    return [line for line in found if line]


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_is_seen(sent: list[Sent], what: str) -> None:
    """In some letter that says it; a letter that can no longer be read is seen too."""
    _is_seen(sent, *FALSE[what])


# What only a letter says that tells a superior again.
FALSE_AGAIN = {
    "which time it is": (r"Báo cáo lại lần (\d+), từ", _more),
    "the day of the letter before": (rf"từ thư ngày {_DAY}: thêm", _more),
    "how many working days have gone by": (r"thêm (\d+) ngày làm việc, vẫn", _more),
    "how many units it still is": (r"ngày làm việc, vẫn (\d+)/24", _more),
    "since when it is known": (r"đã nêu từ thư\s+ngày (\d\d)/\d\d/\d{4}", _more),
}


@pytest.fixture(scope="module")
def sent_again() -> list[Sent]:
    """What the district's committee reads a week after its first letter, with nothing recorded since."""
    engine = connect("sqlite://")
    days = [date.fromisoformat(f"2015-{day}") for day in ("04-20", "04-25", "05-07", "05-21", "05-28")]
    *_, last = nights(engine, *days)
    found = [one for one in _sent(engine, rules(), last) if one.told.office == "ln.huyen_uy"]
    assert [_untrue(one.told) for one in found] == [[]]
    return found


@pytest.mark.parametrize("what", FALSE_AGAIN)
def test_what_is_false_of_a_repeat_is_seen(sent_again: list[Sent], what: str) -> None:
    """The letter is true as it is."""
    _is_seen(sent_again, *FALSE_AGAIN[what])


# What only a letter to several offices says.
FALSE_TO_SEVERAL = {
    "an office that reads it": (r"Kính gửi: .*(; Đảng\s+ủy xã Bảo Đài)", _other("")),
    "whom a row is for": (r"Gửi tới: (UBND xã Bảo Đài)", _other("UBND xã Bảo Sơn")),
    "who else a row is for": (r"Gửi tới: UBND xã Bảo Đài( và Đảng ủy xã Bảo Đài)", _other("")),
    "whose tasks a section has": (r"== VIỆC CỦA (UBND XÃ BẢO ĐÀI)", _other("UBND XÃ BẢO SƠN")),
    "what others owe": (r"== VIỆC CỦA (CÁC ĐƠN VỊ)", _other("UBND XÃ BẢO ĐÀI")),
    "whose tasks are counted": (r"\d việc của (UBND xã Bảo Đài)\s+theo", _other("UBND huyện Lục Nam")),
    "who is asked": (r"Đề nghị (UBND xã Bảo Đài) gửi", _other("Đảng ủy xã Bảo Đài")),
    "another office's role": (r"(UBND huyện Lục Nam) là", _other("UBND xã Bảo Đài")),
    "what the committee is": (r"Đảng ủy xã Bảo Đài\s+là\s+(cấp ủy\s+lãnh\s+đạo)", _other("cơ quan theo dõi")),
}


@pytest.mark.parametrize("what", FALSE_TO_SEVERAL)
def test_what_is_false_to_one_of_several_is_seen(sent_to_several: list[Sent], what: str) -> None:
    """The letters are true as they are."""
    assert [_untrue(one.told) for one in sent_to_several] == [[] for _ in sent_to_several]
    _is_seen(sent_to_several, *FALSE_TO_SEVERAL[what])


@pytest.fixture
def whole() -> Iterator[Town]:
    """A town of an invented roll-up: two late communes are a matter of their district, and covered by it."""
    book = only(rules(), ROUND_1)
    base, by_district = book.rules[ROUND_1], Selector(units=("ln.ubnd_huyen",))
    limit = Rollup(ROUND_1, units=2, covers=True)
    made = replace(base, id=f"{ROUND_1}-together", condition=limit, applies_to=by_district)
    town = Town.founded(replace(book, rules={**book.rules, made.id: made}))
    for commune in ("bao_son", "binh_son", "cam_ly"):
        town.submits(f"ln.ubnd_xa.{commune}", "child-protection", "2015-04-15")
    yield town
    town.engine.dispose()


# What only a row about many units says.
FALSE_OF_MANY = {
    "how many of them": (r"Còn (\d+)/24", _more),
    "of how many": (r"Còn \d+/(\d+)", _more),
    "how many in the reason": (r"Vì sao có thư này: [^.]*? (\d+)/24", _more),
    "the share": (r"\((\d+),\d%\)", _more),
}


@pytest.fixture
def sent_of_many(whole: Town) -> list[Sent]:
    """What the district reads of them, on the last night of the town."""
    letters(whole, "2015-04-20")
    return [
        one for one in _sent(whole.engine, whole.book, date(2015, 4, 20)) if one.told.office == "ln.ubnd_huyen"
    ]


@pytest.mark.parametrize("what", FALSE_OF_MANY)
def test_what_is_false_of_many_is_seen(sent_of_many: list[Sent], what: str) -> None:
    """The letter is true as it is."""
    assert [_untrue(one.told) for one in sent_of_many] == [[]]
    _is_seen(sent_of_many, *FALSE_OF_MANY[what])


def test_a_part_beside_its_whole_is_seen(
    whole: Town, sent_of_many: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing hidden, the office that follows up reads of 21 communes what it reads of their district."""
    monkeypatch.setattr(Hidden, "offices", lambda *_: {})
    letters(whole, "2015-04-25")
    found = list(told(whole.engine, whole.book, date(2015, 4, 25)))
    assert len(list(true_parts.told_twice(found))) == 21


def _is_seen(sent: list[Sent], pattern: str, changed: Callable[[re.Match[str]], str]) -> None:
    tried = 0
    for one in sent:
        for text, subject in (
            (re.sub(pattern, changed, one.text, count=1), one.told.letter.subject),
            (one.text, re.sub(pattern, changed, one.told.letter.subject, count=1)),
        ):
            if (text, subject) == (one.text, one.told.letter.subject):
                continue
            tried += 1
            try:
                if _untrue(replace(one.told, letter=read(subject, text))):
                    return
            except (AssertionError, ValueError, StopIteration, IndexError):
                return
    pytest.fail(f"{tried} letters were made false and none was seen")
