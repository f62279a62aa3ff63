"""Answers by mail in SQL, on both databases: stored once, decided once, tied to what a letter told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from dondoc.engine.domain.answers import AnsweredLetter, AnswerState, MailAnswer
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db import tables as t
from dondoc.engine.store.db.database import reading
from dondoc.engine.store.night import mail_answers as answers
from dondoc.engine.store.night.prepared import Night
from dondoc.flows.night import steps
from dondoc.notifications.delivery import outbox
from dondoc.notifications.lifecycle import RECEIPTS_FROM
from tests.support.planned_letters import planned
from tests.support.town import Town, at, only, rules

COMMUNE, NIGHT = "ln.ubnd_xa.bao_dai", date(2015, 4, 20)
NOW = at("2015-04-21T09:00")
WAITS = MailAnswer(
    number=1,
    sha256="a" * 64,
    office=COMMUNE,
    case="LN15-0001",
    letter="",
    said_on=date(2015, 4, 21),
    state=AnswerState.WAITING,
    why="question",
    meaning="explained",
    until=date(2015, 5, 5),
    document="12/UBND",
    words="Lũ",
    text="Lũ, được không?",
    files=(("Báo cáo.pdf", 3, "b" * 64),),
)


def test_an_answer_comes_back_as_it_was_stored_and_is_decided_once(database: Engine) -> None:
    """Its words go with the decision; a second decision changes nothing."""
    with audited(database) as tx:
        assert answers.next_number(tx.conn) == 1
        answers.add(tx, WAITS, NOW)
    with reading(database) as conn:
        assert answers.listed(conn, AnswerState.WAITING) == [WAITS]
        assert answers.known(conn, WAITS.sha256)
        assert answers.waiting(conn) == 1
    for state in (AnswerState.CONFIRMED, AnswerState.DISMISSED):
        with audited(database) as tx:
            answers.decide(tx, WAITS, state, 7, NOW)
    with reading(database) as conn:
        made = answers.one(conn, 1)
        assert made is not None
        assert (made.state, made.act, made.text) == (AnswerState.CONFIRMED, 7, "")
        logged = conn.scalars(select(t.event.c.detail).where(t.event.c.kind == "answer-decided")).all()
        assert [json.loads(one)["state"] for one in logged] == ["confirmed"]
        assert answers.one(conn, 2) is None


def test_a_mail_is_stored_once(database: Engine) -> None:
    """By the digest of its bytes."""
    with audited(database) as tx:
        answers.add(tx, WAITS, NOW)
    with pytest.raises(IntegrityError), audited(database) as tx:
        answers.add(tx, MailAnswer(2, WAITS.sha256, "", "", "", NIGHT, AnswerState.WAITING), NOW)


def test_an_office_is_counted_since_an_instant(database: Engine) -> None:
    """Its answers, and those that were answered."""
    with audited(database) as tx:
        answers.add(tx, WAITS, NOW - timedelta(days=1))
        answers.add(tx, MailAnswer(2, "c" * 64, COMMUNE, "", "", NIGHT, AnswerState.WAITING, receipt="r"), NOW)
        answers.add(tx, MailAnswer(3, "d" * 64, "", "", "", NIGHT, AnswerState.WAITING), NOW)
    with reading(database) as conn:
        assert answers.counts_since(conn, COMMUNE, NOW) == (1, 1)
        assert answers.counts_since(conn, "", NOW) == (1, 0)


def test_a_letter_and_its_fallback_told_the_same_cases(database: Engine) -> None:
    """A receipt tells of the case that it is about; another Message-ID is nobody's."""
    town = Town(database, only(rules(), "279-ubnd-ldtbxh/report-round-1")).founded_here()
    steps.judge_night(town.engine, town.book, Night(NIGHT, steps.cutoff_of(NIGHT)))
    with reading(database) as conn:
        mine = t.letter.c.office == COMMUNE
        letter, message = conn.execute(select(t.letter.c.id, t.letter.c.message_id).where(mine)).one()
    again = replace(planned(COMMUNE, 100), fallback_of=letter)
    receipt = planned(COMMUNE, RECEIPTS_FROM + 1)
    with audited(database) as tx:
        outbox.enqueue(tx, [again, receipt])
        answers.add(
            tx,
            MailAnswer(1, "e" * 64, COMMUNE, "LN15-0009", "", NIGHT, AnswerState.REFUSED, receipt=receipt.id),
            NOW,
        )
    with reading(database) as conn:
        first = answers.answered_letter(conn, ["<nobody@x>", message])
        assert first is not None
        ((code, offices),) = first.told.items()
        assert (first.id, first.receipt, offices) == (letter, False, (COMMUNE,))
        assert answers.answered_letter(conn, [again.message_id]) == AnsweredLetter(again.id, False, first.told)
        assert answers.answered_letter(conn, [receipt.message_id]) == AnsweredLetter(
            receipt.id, True, {"LN15-0009": (COMMUNE,)}
        )
        assert answers.answered_letter(conn, ["<nobody@x>"]) is None
        assert answers.existing_codes(conn, [code, "XX99-0001"]) == [code]
