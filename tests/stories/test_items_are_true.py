"""What the operator's letter says of the data is so: other periods, no names, imports, unknown codes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from dondoc.engine.domain.mail_policy import Brake
from dondoc.engine.kinds.codes import known_codes
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading, writing
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.data.importer import ImportOptions, bring_in
from dondoc.flows.night import steps
from dondoc.notifications.letter import operator_letter
from tests.stories.test_other_periods import ASKED, MONTHS, RULE, reads
from tests.support.letter_reader import read
from tests.support.stored_facts import Facts
from tests.support.town import Town, at, rules
from tests.support.true_operator import untrue

BEFORE, NIGHT = date(2020, 4, 15), date(2020, 4, 16)
UNIT = "bp.ban_tuyen_giao_tinh_uy"
FILES = {
    "mailboxes": (
        "unit,role,address,languages,from,until",
        f"{UNIT},working,khac@example.vn,vi,2020-04-01,",
    ),
    "submissions": (
        "ref,unit,report,submitted_on,recorded_at",
        f"S1,{UNIT},action-mont,2020-04-14,2020-04-14T10:00",
    ),
    "activities": (
        "ref,unit,activity,done_on,quantity,recorded_at",
        f"A1,{UNIT},zzz,2020-04-14,1,2020-04-14T10:00",
    ),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Months where a quarter is asked for, a report of an office whose name has ended, and three files."""
    book = rules()
    report = book.rules["330-cv-tu/action-month-report"]
    due = replace(report.condition, due=replace(report.condition.due, day=NIGHT))  # type: ignore[union-attr, arg-type, type-var]
    paper = book.directives["bao-ve-tre-em-2019"]
    names = {
        RULE: replace(book.rules[RULE], condition=ASKED),
        "bao-ve-tre-em-2019/made": replace(
            report, id="bao-ve-tre-em-2019/made", directive=paper.id, condition=due
        ),
    }
    town = Town.founded(replace(book, rules=names, mail=replace(book.mail, brake=Brake())))
    reads(town, *MONTHS)
    with writing(town.engine) as conn:
        no = select(t.unit.c.no).where(t.unit.c.id == UNIT).scalar_subquery()
        conn.execute(t.unit_name.update().where(t.unit_name.c.unit_no == no).values(valid_to=date(2020, 1, 1)))
    steps.judge_night(town.engine, town.book, Night(BEFORE, steps.cutoff_of(BEFORE)))
    folder = tmp_path_factory.mktemp("slips")
    for sheet, lines in FILES.items():
        (folder / f"{sheet}.csv").write_text("\n".join(lines), "utf-8")
    how = ImportOptions(codes=known_codes(town.book))
    for _ in range(2):
        bring_in(town.engine, folder, at("2020-04-15T11:00"), how)
    night = Night(NIGHT, steps.cutoff_of(NIGHT), previous=BEFORE)
    steps.judge_night(town.engine, town.book, night)
    return town


def _letter(town: Town) -> tuple[str, str]:
    """The subject and the text of the operator's letter."""
    with reading(town.engine) as conn:
        mine = (t.letter.c.office == operator_letter.OFFICE) & (t.letter.c.night == NIGHT)
        mail = message_from_bytes(conn.scalars(select(t.letter.c.mime).where(mine)).one(), policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["Subject"]), body.get_content()


# What is made false in the letter: what it says, over the breaks of its lines, and what is said instead.
FALSE = {
    "which rule asks": (r"tắc bao-ve-tre-em-2019/injuries hỏi", "tắc bao-ve-tre-em-2019/made hỏi"),
    "by what it asks": ("hỏi số liệu theo quý", "hỏi số liệu theo năm"),
    "how many sent others": ("01 đơn vị lại có", "02 đơn vị lại có"),
    "who sent others": ("thiếu số liệu: UBND tỉnh Bình Phước", "thiếu số liệu: UBND tỉnh Quảng Nam"),
    "that others were sent": ("lại có số liệu theo kỳ khác", "chưa có số liệu"),
    "how many have no name": ("01 đơn vị trong thư", "02 đơn vị trong thư"),
    "who has none": (f"{UNIT}, gọi là", "bp.ubnd_tinh, gọi là"),
    "how it is called": ("gọi là «Ban Tuyên giáo", "gọi là «Ban Dân vận"),
    "that one has none": ("không có tên vào ngày đó", "có tên khác vào ngày đó"),
    "what was imported": (r"mailboxes.csv \(", "relations.csv ("),
    "how many rows were added": (r"\(\+1, ~0\)", "(+2, ~0)"),
    "that readers may have changed": ("Hộp thư hoặc quan hệ đã nạp", "Không có gì đã nạp"),
    "which code is unknown": ("báo cáo «action-mont»", "báo cáo «child-injuries»"),
    "what it may be": ("có phải «action-month»", "có phải «action-year»"),
    "of what it is a code": ("dùng hoạt động «zzz»", "dùng chỉ tiêu «zzz»"),
    "how many letters wait": ("01 còn chờ", "02 còn chờ"),
    "that some do": (r"outbox list Xem lại", "outbox list Tốt"),
    "since which letter": ("Từ thư ngày 15/04/2020", "Từ thư ngày 14/04/2020"),
    "that no rule reads it": ("Không quy tắc nào dùng hoạt động «zzz»", "Có quy tắc dùng hoạt động «zzz»"),
}


def test_what_it_says_of_the_data_is_true(town: Town) -> None:
    """A file that is imported once more changes nothing, and is not said to."""
    assert list(untrue(read(*_letter(town)), Facts(town.engine, town.book, NIGHT))) == []


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_of_the_data_is_seen(town: Town, what: str) -> None:
    """One thing in the true letter is changed."""
    (subject, text), (true, said) = _letter(town), FALSE[what]
    false = re.sub(true.replace(" ", r"\s+"), said, text, count=1)
    assert false != text, text
    try:
        assert list(untrue(read(subject, false), Facts(town.engine, town.book, NIGHT)))
    except (AssertionError, KeyError) as unread:
        if "assert []" in str(unread):
            raise
