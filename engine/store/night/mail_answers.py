"""Answers by mail in SQL: added once for each mail, decided once by a person, and never deleted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from dondoc.engine.domain.answers import ACT_RECEIPTS_FROM, AnsweredLetter, AnswerState, MailAnswer
from dondoc.engine.domain.model import Event
from dondoc.engine.store.audit_log.events import AuditedTransaction
from dondoc.engine.store.db import tables as t

_KEY = 0x646F6E616E73
_RECEIVED, _DECIDED, _IGNORED = "answer-received", "answer-decided", "answers-ignored"


def next_number(conn: Connection) -> int:
    """The number of the next answer; on PostgreSQL nobody else gets one until the transaction ends."""
    # SQLite lets one transaction write at a time.
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(_KEY)))
    return (conn.scalar(select(func.max(t.answer.c.no))) or 0) + 1


def known(conn: Connection, sha256: str) -> bool:
    """Whether a mail of these bytes was taken before."""
    return conn.scalar(select(t.answer.c.no).where(t.answer.c.sha256 == sha256)) is not None


def add(tx: AuditedTransaction, answer: MailAnswer, now: datetime) -> None:
    """Adds an answer. Logs what became of it, without its words."""
    values = asdict(answer)
    row = {
        **{name: values[name] for name in values if name in t.answer.c},
        "no": answer.number,
        "case_code": answer.case,
        "received_at": now,
        "files": json.dumps(answer.files) if answer.files else "",
        "act_no": answer.act,
    }
    tx.conn.execute(insert(t.answer).values(row))
    tx.log(None, [Event(_RECEIVED, None, _detail(answer) | {"sha256": answer.sha256})])


def decide(tx: AuditedTransaction, answer: MailAnswer, state: AnswerState, act: int | None, now: datetime) -> None:
    """A person has decided about one that waits; what its sender wrote is not kept any longer.

    Of one that was decided before nothing changes.
    """
    mine = t.answer.c.no == answer.number, t.answer.c.state == AnswerState.WAITING
    made = tx.conn.execute(update(t.answer).where(*mine).values(state=state, act_no=act, text="", decided_at=now))
    if made.rowcount:
        decided = {"answer": str(answer.number), "state": state.value, "act": str(act or "")}
        tx.log(None, [Event(_DECIDED, None, decided)])


def ignored(tx: AuditedTransaction, counts: Mapping[str, int]) -> None:
    """Logs how many mails were passed over, by the code of the reason."""
    tx.log(None, [Event(_IGNORED, None, {why: str(number) for why, number in sorted(counts.items())})])


def _detail(answer: MailAnswer) -> dict[str, str]:
    said = {
        "answer": str(answer.number),
        "office": answer.office,
        "case": answer.case,
        "letter": answer.letter,
        "state": answer.state.value,
        "why": answer.why,
        "meaning": answer.meaning,
        "act": str(answer.act or ""),
    }
    return {name: value for name, value in said.items() if value}


def listed(conn: Connection, *states: AnswerState) -> list[MailAnswer]:
    """The answers in these states, oldest first."""
    rows = conn.execute(select(t.answer).where(t.answer.c.state.in_(states)).order_by(t.answer.c.no))
    return [_value(row) for row in rows]


def waiting(conn: Connection) -> int:
    """How many answers wait for a person."""
    mine = t.answer.c.state == AnswerState.WAITING
    return conn.scalar(select(func.count()).select_from(t.answer).where(mine)) or 0


def one(conn: Connection, number: int) -> MailAnswer | None:
    """One answer; None: there is none of that number."""
    row = conn.execute(select(t.answer).where(t.answer.c.no == number)).one_or_none()
    return _value(row) if row is not None else None


def _value(row: Row[Any]) -> MailAnswer:
    files = tuple((name, size, sha256) for name, size, sha256 in json.loads(row.files or "[]"))
    same = {
        name: getattr(row, name)
        for name in ("sha256", "office", "letter", "said_on", "state", "why", "meaning", "until", "document")
    }
    more = {name: getattr(row, name) for name in ("words", "about", "done_on", "text", "receipt")}
    return MailAnswer(number=row.no, case=row.case_code, files=files, act=row.act_no, **same, **more)


def counts_since(conn: Connection, office: str, since: datetime) -> tuple[int, int]:
    """How many answers of an office were taken since an instant, and how many of them were answered.

    An empty office: those of senders that are no office.
    """
    mine = t.answer.c.office == office, t.answer.c.received_at >= since
    receipts = func.count(case((t.answer.c.receipt != "", 1)))
    answers, answered = conn.execute(select(func.count(), receipts).where(*mine)).one()
    return answers, answered


def existing_codes(conn: Connection, codes: Collection[str]) -> list[str]:
    """Those of the codes that a case bears, open or closed."""
    wanted = t.case_file.c.code.in_(codes)
    return list(conn.scalars(select(t.case_file.c.code).where(wanted).order_by(t.case_file.c.code)))


def answered_letter(conn: Connection, message_ids: Sequence[str]) -> AnsweredLetter | None:
    """The first of some Message-IDs that is a letter's, and what that letter told; None: none of them is."""
    columns = t.letter.c.message_id, t.letter.c.id, t.letter.c.fallback_of, t.letter.c.part
    rows = conn.execute(select(*columns).where(t.letter.c.message_id.in_(message_ids)))
    ids = {row.message_id: row for row in rows}
    for message_id in message_ids:
        if message_id in ids:
            found = ids[message_id]
            if found.part > ACT_RECEIPTS_FROM:
                return _of_an_act(conn, found.id, found.part - ACT_RECEIPTS_FROM)
            return _answered(conn, found.id, found.fallback_of)
    return None


def _of_an_act(conn: Connection, letter: str, number: int) -> AnsweredLetter:
    rows = conn.execute(
        select(t.case_file.c.code, t.unit.c.id)
        .select_from(t.act)
        .join(t.case_file, t.case_file.c.id == t.act.c.case_id)
        .join(t.unit, t.unit.c.no == t.act.c.office_no)
        .where(t.act.c.no == number)
    )
    return AnsweredLetter(letter, receipt=True, told={code: (office,) for code, office in rows})


def _answered(conn: Connection, letter: str, before: str | None) -> AnsweredLetter:
    told: dict[str, list[str]] = defaultdict(list)
    receipt = conn.execute(
        select(t.answer.c.case_code, t.answer.c.office).where(t.answer.c.receipt == letter)
    ).one_or_none()
    if receipt is not None:
        of_receipt: dict[str, tuple[str, ...]] = (
            {receipt.case_code: (receipt.office,)} if receipt.case_code else {}
        )
        return AnsweredLetter(letter, receipt=True, told=of_receipt)
    # A letter that was passed on, or written again with a note, told what the first one told.
    first = letter
    while before is not None:
        first = before
        before = conn.scalar(select(t.letter.c.fallback_of).where(t.letter.c.id == first))
    rows = conn.execute(
        select(t.case_file.c.code, t.unit.c.id)
        .select_from(t.notice)
        .join(t.case_file, t.case_file.c.id == t.notice.c.case_id)
        .join(t.unit, t.unit.c.no == t.notice.c.reader_no)
        .where(t.notice.c.letter == first)
        .order_by(t.case_file.c.code, t.unit.c.id)
    )
    for code, office in rows:
        told[code].append(office)
    return AnsweredLetter(letter, receipt=False, told={code: tuple(offices) for code, offices in told.items()})
