"""The settings, from `dondoc.toml` and, with precedence, from the environment.

Secrets come from the environment or from a file that it names, never from `dondoc.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from dondoc.engine.errors import DonDocError, Remedy
from dondoc.flows.config import desk_settings
from dondoc.flows.config.desk_settings import DeskRefused, DeskSettings
from dondoc.flows.config.link_settings import LinkSettings, is_base
from dondoc.flows.config.partitions import Executor, Partitions
from dondoc.flows.config.partitions import read as read_partitions
from dondoc.flows.config.setting_keys import DEFAULTS, meant
from dondoc.flows.observe.heartbeat import Heartbeat
from dondoc.flows.observe.log import Style
from dondoc.notifications.case_links import KeysRefused, keys_of
from dondoc.notifications.delivery.smtp_settings import SmtpSettings, Tls
from dondoc.notifications.delivery.smtp_settings import is_address as is_mail_address

if TYPE_CHECKING:
    from dondoc.engine.store.db.database import Connection, Engine
    from dondoc.notifications.delivery.imap_account import ImapAccount
    from dondoc.notifications.delivery.journal_mailbox import Imap, Read
    from dondoc.notifications.replies.mailboxes import AnswerBox

PREFIX = "DONDOC_"
_Word = TypeVar("_Word", bound=StrEnum)
_IMAPS = 993
_LAST_PORT = 65_535
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_PASSWORD = f"{PREFIX}SMTP_PASSWORD"
# A letter may wait, be retried or be found in the journal for days; nothing is removed before that is over.
_SHORTEST_KEEPING = 30


class SettingsRefused(DonDocError):
    """An unknown or unusable setting; its text names it and what is expected."""

    remedy = Remedy.USAGE


@dataclass(frozen=True, slots=True)
class Journal:
    """How the journal is read, and how long after its end of mail data a letter may be missing from it."""

    read: Read
    grace: timedelta


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The mailbox in which answers wait (None: none is set); `server` vouches for senders (empty: none does).

    `attachments` is the folder in which attachments are kept for some days (None: they are not).
    """

    box: AnswerBox | None = None
    server: str = ""
    attachments: Path | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many days each kind is kept (0: for good), and the address by which it is removed.

    `own_role`: the address was given for this, and is not just that of the service.
    """

    letters: int
    attempts: int
    history: int
    cases: int
    database: str = field(repr=False)
    own_role: bool

    @property
    def times(self) -> Mapping[str, int]:
        """The days of each kind that is not kept for good."""
        kinds = {"letters": self.letters, "attempts": self.attempts, "history": self.history, "cases": self.cases}
        return {kind: days for kind, days in kinds.items() if days}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to the next.

    `database_wait` is how many seconds a statement waits for another process's lock; `workers` how many
    processes make letters; `partitions` where else shares of a night are decided; `night_at` when `dondoc serve`
    begins a night;
    `board` is the folder in which every night writes the pages of `dondoc board` (None: it does not);
    `metrics_folder` and `metrics_port` are None without metrics, `links` is where letters can be answered (None:
    they have no links), `desk` who may open the desk there (None: nobody).
    """

    database: str = field(repr=False)
    database_wait: int
    rules: Path
    workers: int
    partitions: Partitions
    smtp: SmtpSettings
    heartbeat: Heartbeat
    night_at: time
    log: Style
    metrics_folder: Path | None
    metrics_port: int | None
    keeping: Keeping
    board: Path | None = None
    journal: Journal | None = None
    links: LinkSettings | None = None
    desk: DeskSettings | None = None
    answers: AnswerSettings = AnswerSettings()

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL, and for one in memory."""
        kind, _, path = self.database.partition("?")[0].partition(":///")
        on_disk = kind.partition("+")[0] == "sqlite" and path and not path.startswith((":", "file:"))
        return Path(path) if on_disk else None

    @property
    def may_remove(self) -> bool:
        """Whether the settings name a way to remove old rows: the file itself, or an address given for it."""
        return self.database_file is not None or self.keeping.own_role

    def database_missing(self) -> bool:
        """Whether the database is a SQLite file that is not there yet, or has nothing in it."""
        file = self.database_file
        return file is not None and not (file.is_file() and file.stat().st_size)


def load(environment: Mapping[str, str], file: Path = Path("dondoc.toml")) -> Settings:
    """The settings; a variable such as `DONDOC_DATABASE` wins over the file's `database`.

    Raises `SettingsRefused` for an unknown key, an unknown word or an invalid number.
    """
    given = dict(DEFAULTS) | _from_file(file)
    for name, value in environment.items():
        key = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and name != _PASSWORD:
            if key not in DEFAULTS:
                raise SettingsRefused(_unknown(name, "biến môi trường", "environment"))
            given[key] = value
    password = environment.get(_PASSWORD, "")
    if given["smtp_password_file"]:
        password = _secret(given, "smtp_password_file")
    return Settings(
        database=given["database"],
        database_wait=_number(given, "database_wait"),
        rules=Path(given["rules"]),
        workers=_number(given, "workers"),
        partitions=_partitions(given),
        smtp=SmtpSettings(
            host=given["smtp_host"],
            port=_number(given, "smtp_port"),
            tls=_one_of(Tls, given, "smtp_tls"),
            username=given["smtp_username"],
            password=password,
            ca_file=given["smtp_ca_file"] or None,
            journal=given["journal_address"],
        ),
        heartbeat=_heartbeat(given),
        night_at=_night_at(given),
        journal=_journal(given),
        answers=_answers(given),
        log=_one_of(Style, given, "log"),
        metrics_folder=Path(given["metrics_folder"]) if given["metrics_folder"] else None,
        metrics_port=_port(given, "metrics_port") if given["metrics_port"] else None,
        keeping=_keeping(given),
        board=Path(given["board_folder"]) if given["board_folder"] else None,
        links=_links(given),
        desk=_desk(given),
    )


def _links(given: Mapping[str, str]) -> LinkSettings | None:
    base = given["base_address"].rstrip("/")
    if not base:
        return None
    if not is_base(base):
        raise SettingsRefused(
            f"base_address: «{base}» phải là địa chỉ như https://dondoc.example.vn hoặc https://example.vn/dondoc "
            "(must be an address like these; http only for this machine)"
        )
    if not given["web_key_file"]:
        raise SettingsRefused(
            "web_key_file: có base_address thì cần tệp khóa của liên kết (base_address needs the key file)"
        )
    try:
        return LinkSettings(base, keys_of(_secret(given, "web_key_file")))
    except KeysRefused as refused:
        raise SettingsRefused(
            f"web_key_file: {given['web_key_file']} dòng {refused}: mỗi dòng phải là «MÃ KHÓA», mã gồm a-z, 0-9, "
            "khóa 32 đến 128 ký tự, không mã nào hai lần (each line must be an id of a-z and 0-9 and a secret of "
            "32 to 128 characters, no id twice)"
        ) from None


def _desk(given: Mapping[str, str]) -> DeskSettings | None:
    token = _secret(given, "desk_token_file") if given["desk_token_file"] else None
    try:
        return desk_settings.read(given["desk_header"], given["desk_proxy"], token)
    except DeskRefused as refused:
        raise SettingsRefused(str(refused)) from None


def _keeping(given: Mapping[str, str]) -> Keeping:
    days = {kind: _number(given, f"keep_{kind}") for kind in ("letters", "attempts", "history", "cases")}
    for kind, number in days.items():
        if 0 < number < _SHORTEST_KEEPING:
            raise SettingsRefused(
                f"keep_{kind}: ít nhất {_SHORTEST_KEEPING} ngày, hoặc 0 là giữ mãi (at least {_SHORTEST_KEEPING} "
                "days, or 0 to keep for good)"
            )
    own = given["retention_database"]
    return Keeping(**days, database=own or given["database"], own_role=bool(own))


def _partitions(given: Mapping[str, str]) -> Partitions:
    text = given["partitions"]
    try:
        found = read_partitions(text)
    except ValueError:
        raise SettingsRefused(
            f"partitions: «{text}» phải là pool, dask:tcp://máy:8786 hoặc prefect:TÊN-WORK-POOL (must be one of "
            "these)"
        ) from None
    if found.kind is not Executor.POOL and not given["database"].startswith("postgresql"):
        raise SettingsRefused(
            f"partitions: «{text}» cần PostgreSQL, vì máy khác không mở được tệp SQLite; đổi «database», hoặc để "
            "pool (needs PostgreSQL: other machines cannot open a SQLite file)"
        )
    return found


def _night_at(given: Mapping[str, str]) -> time:
    text = given["night_at"]
    # Before 02:00, up to which data counts for it, a run would belong to the night before.
    if not _CLOCK.fullmatch(text) or text < DEFAULTS["night_at"]:
        raise SettingsRefused(
            f"night_at: «{text}» phải là giờ như 02:30, không sớm hơn 02:00 (must be a time like 02:30, not "
            "before 02:00)"
        )
    return time.fromisoformat(text)


def _heartbeat(given: Mapping[str, str]) -> Heartbeat:
    url, folder = given["heartbeat_url"].rstrip("/"), given["heartbeat_folder"]
    if url and not url.startswith(("http://", "https://")):
        raise SettingsRefused(
            "heartbeat_url: phải bắt đầu bằng http:// hoặc https:// (must begin with one of them)"
        )
    return Heartbeat(url, Path(folder) if folder else None)


def _journal(given: Mapping[str, str]) -> Journal | None:
    address, maildir, imap = given["journal_address"], given["journal_maildir"], given["journal_imap"]
    if not (address or maildir or imap):
        return None
    if not address or bool(maildir) is bool(imap):
        raise SettingsRefused(
            "journal_address: cần thêm journal_maildir hoặc journal_imap, đúng một trong hai (the address goes "
            "with exactly one of journal_maildir and journal_imap)"
        )
    if not is_mail_address(address):
        raise SettingsRefused(f"journal_address: «{address}» không phải một địa chỉ thư (is not a mail address)")
    # Imported here, so that only an installation with a journal waits for it.
    from dondoc.notifications.delivery.journal_mailbox import Maildir  # noqa: PLC0415

    read = Maildir(Path(maildir)) if maildir else _imap(given)
    return Journal(read, timedelta(minutes=_number(given, "journal_grace")))


def _answers(given: Mapping[str, str]) -> AnswerSettings:
    maildir, imap, server = given["replies_maildir"], given["replies_imap"], given["replies_authserv"]
    if maildir and imap:
        raise SettingsRefused("replies_maildir, replies_imap: chỉ khai một trong hai (set only one of the two)")
    kept = Path(given["keep_attachments"]) if given["keep_attachments"] else None
    if not (maildir or imap):
        return AnswerSettings(server=server, attachments=kept)
    # Imported here, as of the journal.
    from dondoc.notifications.replies.mailboxes import AnswerImap, AnswerMaildir  # noqa: PLC0415

    box = AnswerMaildir(Path(maildir)) if maildir else AnswerImap(_imap_account("replies", given))
    return AnswerSettings(box, server, kept)


def _imap(given: Mapping[str, str]) -> Imap:
    from dondoc.notifications.delivery.journal_mailbox import Imap  # noqa: PLC0415 - as above

    return Imap(_imap_account("journal", given))


def _imap_account(whose: str, given: Mapping[str, str]) -> ImapAccount:
    """The account of a mailbox read by IMAP."""
    parts = urlsplit(given[f"{whose}_imap"])
    if parts.scheme != "imaps" or not parts.hostname or not parts.username or parts.password:
        raise SettingsRefused(
            f"{whose}_imap: phải có dạng imaps://tài-khoản@máy-chủ:993/INBOX, mật khẩu ở {whose}_password_file "
            f"(must be imaps://user@host:993/INBOX, the password in {whose}_password_file)"
        )
    from dondoc.notifications.delivery.imap_account import ImapAccount  # noqa: PLC0415 - as above

    return ImapAccount(
        parts.hostname,
        parts.port or _IMAPS,
        unquote(parts.username),
        _secret(given, f"{whose}_password_file"),
        unquote(parts.path.strip("/")) or "INBOX",
        given["smtp_ca_file"] or None,
    )


def _secret(given: Mapping[str, str], key: str) -> str:
    """The content of the file that a setting names."""
    try:
        return Path(given[key]).read_text("utf-8").strip()
    except OSError as error:
        raise SettingsRefused(f"{key}: không đọc được {given[key]} (unreadable): {error.strerror}") from error
    except UnicodeDecodeError:
        raise SettingsRefused(f"{key}: {given[key]} không phải UTF-8 (is not UTF-8)") from None


def _from_file(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        found: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsRefused(f"{file}: không đọc được (cannot be read): {error}") from error
    for key in found:
        if key not in DEFAULTS:
            raise SettingsRefused(_unknown(key, str(file), str(file)))
    return {key: str(value) for key, value in found.items()}


def _unknown(name: str, where_vi: str, where_en: str) -> str:
    near = meant(name.removeprefix(PREFIX).lower())
    ask, question = (f"; có phải «{near}»?", f"; did you mean {near!r}?") if near else (".", "")
    return (
        f"{where_vi}: không có thiết lập «{name}»{ask} Các thiết lập: {', '.join(DEFAULTS)}. "
        f"(Unknown setting in the {where_en}{question})"
    )


def _number(given: Mapping[str, str], key: str) -> int:
    if not given[key].isdigit():
        raise SettingsRefused(f"{key}: «{given[key]}» không phải số nguyên (is no whole number)")
    return int(given[key])


def _port(given: Mapping[str, str], key: str) -> int:
    port = _number(given, key)
    if not 0 < port <= _LAST_PORT:
        raise SettingsRefused(f"{key}: «{given[key]}» phải từ 1 đến {_LAST_PORT} (must be from 1 to {_LAST_PORT})")
    return port


def _one_of(words: type[_Word], given: Mapping[str, str], key: str) -> _Word:
    try:
        return words(given[key])
    except ValueError:
        expected = ", ".join(words)
        raise SettingsRefused(f"{key}: «{given[key]}» phải là một trong (must be one of): {expected}") from None


@contextmanager
def opened(given: Settings) -> Iterator[Engine]:
    """The database's engine while the context is open. The folder of a SQLite file is made.

    Raises `SettingsRefused` for an address that is none, which repeats nothing of it: it has a password.
    """
    # Only here, so that a command without data does not wait for SQLAlchemy.
    from dondoc.engine.store.db.database import connect, is_address  # noqa: PLC0415
    from dondoc.engine.store.db.faults import DatabaseUnreachable  # noqa: PLC0415

    if not is_address(given.database):
        raise SettingsRefused(
            "database: địa chỉ không đọc được; phải là sqlite:///tệp.db hoặc postgresql://tên:mật-khẩu@máy/tên, "
            "và trong mật khẩu các ký tự @ : / % viết là %40 %3A %2F %25 (not an address of a database; in a "
            "password write @ : / % as %40 %3A %2F %25)"
        )
    file = given.database_file
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnreachable(f"sqlite:///{file}", str(error)) from error
    engine = connect(given.database, given.database_wait)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def read_only(given: Settings) -> Iterator[Connection]:
    """The database for a command that only looks: no file is made, and nothing is upgraded.

    One that is not there yet, or has no tables, is seen as empty. Raises as `opened`, and `SchemaOlder`.
    """
    from dondoc.engine.store.db.database import reading  # noqa: PLC0415 - as in `opened`
    from dondoc.engine.store.db.schema_version import begun, in_memory  # noqa: PLC0415 - as in `opened`

    if not given.database_missing():
        with opened(given) as engine:
            if begun(engine):
                with reading(engine) as conn:
                    yield conn
                return
    with in_memory() as engine, reading(engine) as conn:
        yield conn
