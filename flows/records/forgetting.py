"""`dondoc held` and `dondoc forget`: what is held on a mailbox or a unit, and its removal with a basis."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from dondoc.engine.domain.model import ZONE
from dondoc.engine.errors import DonDocError
from dondoc.engine.store.audit_log.events import audited
from dondoc.engine.store.db.database import Connection, Engine, compact, night_lock, reading
from dondoc.engine.store.db.schema_version import begun
from dondoc.engine.store.retention import held as stored
from dondoc.engine.store.retention.held import Forgotten, HeldRows, Subject
from dondoc.flows.config import settings
from dondoc.flows.lookup import CallRefused
from dondoc.flows.records.attachments import Attachments
from dondoc.flows.records.retention import refuse_disagreement


class StillNeeded(DonDocError):
    """Letters to it still wait, or open cases need its mailbox and there is no other one."""


def held(environment: Mapping[str, str], word: str) -> list[HeldRows]:
    """What the configured database holds on an address or the id of a unit. Raises `CallRefused` for neither."""
    with settings.read_only(settings.load(environment)) as conn:
        return stored.held(conn, _meant(conn, word))


def forget(environment: Mapping[str, str], word: str, basis: str, now: datetime) -> tuple[Forgotten, int]:
    """Removes or blanks it in the configured database, by the role that may delete, and files of its answers.

    Returns how much that was, and how many attachments.

    Raises `CallRefused` for a word that names nothing and for a basis that repeats it, `StillNeeded`, and as
    `dondoc.flows.records.retention.retain`.
    """
    given = settings.load(environment)
    if given.database_missing():
        raise _unknown(word)
    with settings.opened(replace(given, database=given.keeping.database)) as engine:
        if not begun(engine):
            raise _unknown(word)
        kept = Attachments(given.answers.attachments) if given.answers.attachments is not None else None
        with night_lock(engine):
            return forgotten(engine, word, basis, now.astimezone(ZONE).date(), kept)


def forgotten(
    engine: Engine, word: str, basis: str, today: date, kept: Attachments | None = None
) -> tuple[Forgotten, int]:
    """Like `forget`, in an open database, with the attachments that are `kept` of answers (None: none are).

    The caller makes sure that no night runs.
    """
    if not basis.strip() or word.lower() in basis.lower():
        raise CallRefused(
            "--basis: ghi căn cứ, như số văn bản yêu cầu, và không nhắc lại địa chỉ hay mã đơn vị, vì sổ nhật ký "
            "giữ mãi (give the basis, such as the number of the request, without the address or the unit, because "
            "the log keeps it for good)"
        )
    with reading(engine) as conn:
        about = _meant(conn, word)
        _refuse_needed(conn, about, today)
        answers = stored.answered_by(conn, about)
    refuse_disagreement(engine)
    # First, so that what cannot be removed is named while its answers can still be found.
    files = _removed(kept, answers) if kept is not None else 0
    with audited(engine) as tx:
        done = stored.forget(tx, about, " ".join(basis.split()))
    compact(engine)
    return done, files


def _removed(kept: Attachments, answers: Collection[int]) -> int:
    """How many files were removed. Raises `StillNeeded` where this account may not."""
    try:
        return kept.remove(answers)
    except OSError as error:
        raise StillNeeded(
            f"chưa xóa gì: tệp kèm thư trả lời trong {kept.folder} không xóa được ({error.strerror}); chạy lại "
            "bằng tài khoản đã giữ các tệp ấy (nothing was removed: attachments of its answers could not be; run "
            "again as the account that keeps them)"
        ) from error


def _refuse_needed(conn: Connection, about: Subject, today: date) -> None:
    """Raises `StillNeeded`, with what to do."""
    letters = stored.waiting(conn, about)
    if letters:
        raise StillNeeded(
            f"chưa xóa gì: {letters} thư đến đó chưa xong; chờ gửi xong, hoặc quyết định các thư ấy bằng dondoc "
            "outbox, rồi chạy lại (nothing was removed: letters to it have not ended; wait for them or decide on "
            "them with dondoc outbox, then run again)"
        )
    units = stored.needed(conn, about, today)
    if units:
        said = ", ".join(f"{one.unit} ({one.cases})" for one in units)
        raise StillNeeded(
            f"chưa xóa gì: hồ sơ đang mở còn cần hộp thư này và đơn vị không có hộp thư khác: {said}. Nạp "
            "hộp thư thay thế trong mailboxes.csv rồi chạy lại, hoặc chờ hồ sơ đóng. (Nothing was removed: open "
            "cases of these units need the mailbox and there is no other one: import a replacement in "
            "mailboxes.csv and run again, or wait until the cases are closed.)"
        )


def _meant(conn: Connection, word: str) -> Subject:
    about = stored.subject(conn, word)
    if about is None:
        raise _unknown(word)
    return about


def _unknown(word: str) -> CallRefused:
    return CallRefused(
        f"«{word}» không phải địa chỉ thư, cũng không phải mã của một đơn vị đã nạp (neither a mail address nor "
        "the id of a unit that was imported)"
    )
