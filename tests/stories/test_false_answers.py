"""What holds printed answers against the facts sees what is false: one thing in a true text is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import connect
from tests.support import (
    list_reader,
    printed,
    status_reader,
    true_accounts,
    true_forecasts,
    true_lists,
    true_reasons,
    true_status,
)
from tests.support.account_reader import account, why_not
from tests.support.afterwards import as_known, go_on
from tests.support.demonstration import nights
from tests.support.stored_facts import Facts
from tests.support.town import cutoff, rules
from tests.support.true_accounts import Stored
from tests.support.true_answers import budgeted

NIGHT, LATER = date(2015, 5, 7), 21
ASKED = cutoff(NIGHT) + timedelta(hours=31)
OFFICES = ("ln.phong_ldtbxh", "ln.ubnd_xa.bao_dai", "ln.dang_uy_xa.bao_dai", "ln.ubnd_xa.bao_son")


@dataclass(frozen=True)
class Answers:
    """What is printed after a night, by command, the facts of that night and those of the nights after it."""

    texts: dict[str, list[str]]
    now: Stored
    later: Stored


@pytest.fixture(scope="module")
def answers() -> Iterator[Answers]:
    """The night on which the district hears of communes that have not reported."""
    engine = connect("sqlite://")
    # Later nights of the demonstration are not played.
    next(night for night in nights(engine) if night == NIGHT)
    with as_known(engine, NIGHT) as now, as_known(engine, NIGHT) as later:
        stored, coming = Stored(Facts(now, rules(), NIGHT)), budgeted(rules())
        codes = [row.code for row in stored.facts.rows(select(t.case_file.c.code))]
        texts = {
            "explain": printed.explained(now, rules(), NIGHT, *codes),
            "why-not": printed.reasons(now, rules(), NIGHT, *OFFICES),
            "register": [printed.register(now, rules())],
            "status": [printed.status(now, ASKED)],
            "forecast": [printed.forecasted(now, coming, LATER)],
        }
        last = go_on(later, coming, NIGHT, LATER)
        yield Answers(texts, stored, Stored(Facts(later, coming, last)))
    engine.dispose()


def _seen(command: str, text: str, answers: Answers) -> list[str]:
    """Every line that is not so."""
    now, later = answers.now, answers.later
    last = later.facts.night
    if command == "explain":
        said = account(text)
        return [*true_accounts.untrue(said, now), *true_accounts.broken(said, later, last)]
    if command == "why-not":
        answer = why_not(text, now.every_name)
        return [*true_reasons.untrue(answer, now), *true_reasons.broken(answer, later, last)]
    if command == "register":
        return list(true_lists.untrue_register(list_reader.register(text), now.facts))
    if command == "status":
        said_now = status_reader.status(text)
        return list(true_status.untrue_status(said_now, now.facts, true_status.Watch(ASKED)))
    return list(true_forecasts.unkept(list_reader.forecast(text), later))


def _more(found: re.Match[str]) -> str:
    """The number in the first group, and one more."""
    number, whole = found.group(1), found.group()
    start = found.start(1) - found.start()
    return f"{whole[:start]}{int(number) + 1:0{len(number)}d}{whole[start + len(number) :]}"


def _other(word: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found.group().replace(found.group(1), word)


_REST = r"/\d\d/\d{4}"
# What is changed, by which command it is printed, where, and to what.
FALSE = {
    "the status of a case": ("explain", r"(đang mở), bước", _other("đã đóng")),
    "the step of a case": ("explain", r"\(open, step (\d)\)", _more),
    "the limit": ("explain", rf"Hạn \(limit\): trước ngày (\d\d){_REST}", _more),
    "the day of a report": ("explain", rf"BC-UBND, ngày (\d\d){_REST}, ghi nhận", _more),
    "that nothing was handed in": ("explain", r"(.*chưa ghi nhận báo cáo nào)", _other("")),
    "the first day of the breach": ("explain", rf"\(breach\): [^,]*, (\d\d){_REST}", _more),
    "the working days passed": ("explain", r"(\d\d) ngày làm việc đã qua", _more),
    "that a step was reached": ("explain", r"Bước 3.*(   ← đã tới \(reached\))", _other("")),
    "the night of a letter": ("explain", rf"Đêm (\d\d){_REST}: ", _more),
    "who had a letter": ("explain", rf"Đêm \d\d{_REST}: (UBND xã [^,]*),", _other("UBND xã Nghĩa Phương")),
    "the section of a letter": ("explain", r"(MỚI \(NEW\))", _other("CÒN TỒN (STILL OPEN)")),
    "whether a letter has left": ("explain", r"thư \w+, (chờ)", _other("đã giao")),
    "who hears next": ("explain", r"bước 4, báo (Huyện ủy Lục Nam)", _other("UBND huyện Lục Nam")),
    "when somebody hears next": ("explain", rf"(\d\d){_REST}: bước 4, báo", _more),
    "how a case ended": ("explain", r"Hồ sơ đóng .*: (hoàn thành sau hạn)", _other("quy tắc không còn nữa")),
    "who was told of the end": ("explain", rf"Đã báo tin \(told\): .* \((\d\d){_REST}\)", _more),
    "the night of a rung": ("explain", rf"Bước 3, sau 10 ngày làm việc, đêm (\d\d){_REST}", _more),
    "which letter told an office": ("why-not", r"ĐÃ CÓ THƯ: mục \S+ ?\S*, thư (\w{4})", _other("0000")),
    "what section told it": ("why-not", r"ĐÃ CÓ THƯ: mục (NẶNG THÊM|MỚI)", _other("SẮP HẾT HẠN")),
    "when it was told before": ("why-not", rf"đã báo đêm (\d\d){_REST}", _more),
    "that it hears no more": (
        "why-not",
        r"(các bước sau không báo cơ quan này nữa)",
        _other("lần kế tiếp 21/05/2015"),
    ),
    "what was handed in": ("why-not", rf"ghi nhận ngày (\d\d){_REST}", _more),
    "the next limit": ("why-not", r"hạn kế tiếp hết ngày \d\d/\d\d/(\d{4})", _more),
    "how many rules are left out": ("why-not", r"(\d+) quy tắc khác không liên quan", _more),
    "how many are done in time": ("register", r"(\d+) / \d+ / \d+ / \d+", _more),
    "how many are overdue": ("register", r"\d+ / \d+ / \d+ / (\d+)", _more),
    "that an obligation is judged": ("register", r"(xét theo văn bản)", _other("lưu minh chứng   ")),
    "how many are judged": ("register", r": (\d+) được xét", _more),
    "the clause of an obligation": ("register", r"\n(7 )     LN2015-7a", _other("8 ")),
    "what must be done": ("register", r"LN2015-2 +(Phát động)", _other("Tổng kết ")),
    "who must do it": ("register", r"LN2015-1.4b .*  (UBND các xã)", _other("UBND các tỉnh")),
    "what is missing": ("register", r"chờ thông số: (thời hạn)", _other("thời gian")),
    "the number of a directive": ("register", r"Công văn (279)/UBND", _more),
    "the day of a directive": ("register", rf", (\d\d){_REST} · UBND huyện Lục Nam", _more),
    "who issued a directive": ("register", r"· (UBND huyện Lục Nam) ·", _other("Huyện ủy Lục Nam")),
    "from when it is in force": ("register", rf"· hiệu lực từ (\d\d){_REST}", _more),
    "until when it is in force": ("register", rf"đến (\d\d){_REST}\n", _more),
    "where to fill in": ("register", r"\.yaml:(\d+)", _more),
    "in which file to fill in": ("register", r"(279-ubnd-ldtbxh\.yaml)", _other("280-ubnd-ldtbxh.yaml")),
    "that there is anything to fill in": ("register", r"(; điền ở *\n.*yaml:\d+)", _other("")),
    "as of when it is counted": ("register", rf"tính đến đêm (\d\d){_REST}", _more),
    "how many cases are open": ("status", r"Hồ sơ đang mở: (\d+)", _more),
    "how many are closed": ("status", r"đã đóng: (\d+)", _more),
    "how many letters wait": ("status", r"Thư: chờ (\d+)", _more),
    "which night was the latest": ("status", rf"Đêm gần nhất: (\d\d){_REST}", _more),
    "when the night ran": ("status", r"chạy lúc \d\d giờ (\d\d)", _more),
    "what day yesterday was": ("status", rf"hôm qua (\d\d){_REST}", _more),
    "that all was kept": (
        "status",
        r"(Việc đến hạn hôm qua .*: CHƯA ĐỦ)",
        lambda found: found.group().replace("CHƯA ĐỦ", "đủ"),
    ),
    "that the night ran": ("status", r"(Đêm CHƯA chạy)", _other("Đêm đã chạy")),
    "how many letters were due": ("status", r"chạy; (\d+) thư", _more),
    "how many left": ("status", r"(\d+) đã đi", _more),
    "how many still wait": ("status", r"(\d+) còn chờ", _more),
    "how many are lost": ("status", r"(\d+) không tới", _more),
    "how many are late": ("status", r"! (\d+) thư đến giờ", _more),
    "how many nights are missing": ("status", r"THIẾU (\d+)", _more),
    "how many letters come": ("forecast", r": (\d+) thư tới", _more),
    "how many an office gets": ("forecast", r"Huyện ủy Lục Nam: (\d+) thư", _more),
    "the night of one to come": ("forecast", rf"\n  (\d\d){_REST}", _more),
    "that an office exceeds the budget": (
        "forecast",
        r"(  VƯỢT MỨC \(over budget\): \d+ thư trong \d+ ngày)",
        _other(""),
    ),
    "how far it exceeds it": ("forecast", r"VƯỢT MỨC \(over budget\): (\d+)", _more),
    "within how many days": ("forecast", r"thư trong (\d+) ngày\n", _more),
    "what the budget is": ("forecast", r"Mức thư \(budget\): (\d+)", _more),
    "how many exceed it": ("forecast", r"(\d+) cơ quan vượt", _more),
    "how many matters it tells": ("forecast", r"mới (\d+)", _more),
}


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_is_seen(answers: Answers, what: str) -> None:
    """In every text that says it; one that can no longer be read is seen too."""
    command, pattern, changed = FALSE[what]
    texts = [(text, re.sub(pattern, changed, text, count=1)) for text in answers.texts[command]]
    said = [(text, false) for text, false in texts if text != false]
    assert said, f"nothing printed says: {what}"
    for text, false in said:
        assert not _seen(command, text, answers)
        try:
            assert _seen(command, false, answers), false
        except (AssertionError, ValueError, IndexError, KeyError) as unread:
            if false in str(unread):
                raise
