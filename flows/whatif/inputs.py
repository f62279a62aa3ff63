"""The inputs of simulations, opened read-only: the database, a folder of sheets, rules of another revision."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from dondoc.engine.domain.rulebook import RuleBook
from dondoc.engine.store.db.database import Connection, reading
from dondoc.engine.store.db.schema_version import begun
from dondoc.flows.config.settings import Settings, opened
from dondoc.flows.data.importer import bring_in
from dondoc.flows.lookup import CallRefused
from dondoc.flows.whatif.sandbox import empty


@contextmanager
def database(given: Settings) -> Iterator[Connection]:
    """The configured database, opened read-only.

    Raises `CallRefused` when there is none yet or it is empty, `SchemaOlder`, `SchemaNewer`, and a
    `DatabaseFault` when it does not answer.
    """
    if given.database_missing():
        raise CallRefused(
            f"Chưa có cơ sở dữ liệu {given.database_file}. Chạy dondoc import THƯ_MỤC trước. "
            "(There is no database yet.)"
        )
    with opened(given) as engine:
        if not begun(engine):
            raise CallRefused(
                "Cơ sở dữ liệu chưa có dữ liệu. Chạy dondoc import THƯ_MỤC trước. (The database is empty.)"
            )
        with reading(engine) as conn:
            yield conn


@contextmanager
def sheets(folder: Path, book: RuleBook, now: datetime, reject: Callable[[str], None]) -> Iterator[Connection]:
    """The facts of a folder of CSV sheets, in a temporary store; `reject` is called with each rejected row's text.

    Raises what `bring_in` raises.
    """
    with empty(book) as box:
        for row in bring_in(box.engine, folder, now).rejects:
            reject(row.text())
        with reading(box.engine) as conn:
            yield conn


@contextmanager
def rules_of(against: str, rules: Path) -> Iterator[Path]:
    """The other rules to compare with: a folder, or the rule folder as it was at a git revision.

    Git only reads: the files come out of `git archive` into a folder that is deleted at the end. Raises
    `CallRefused` for anything else.
    """
    if Path(against).is_dir():
        yield Path(against)
        return
    where = _git(rules, "rev-parse", "--show-toplevel", "--show-prefix")
    if where is None:
        raise CallRefused(
            f"«{against}» không phải thư mục, và {rules} không nằm trong kho git nào. Ghi --against THƯ_MỤC. "
            "(It is not a folder, and the rules are not in a git repository.)"
        )
    commit = _git(rules, "rev-parse", "--verify", "--quiet", f"{against}^{{commit}}")
    if commit is None:
        raise CallRefused(
            f"Kho git của {rules} không có bản «{against}»; xem các bản bằng git log. "
            "(The repository has no such revision, and there is no such folder.)"
        )
    root, prefix = where.decode().split("\n")[:2]
    packed = _git(Path(root), "archive", "--format=tar", f"{commit.decode().strip()}:{prefix}")
    if packed is None:
        raise CallRefused(
            f"Ở bản «{against}» chưa có thư mục {prefix}. (The revision does not have the rule folder yet.)"
        )
    with TemporaryDirectory(prefix="dondoc-") as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder)


def _git(folder: Path, *words: str) -> bytes | None:
    """The output of git in a folder; None when it fails or is not installed."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)  # noqa: S603, S607 - git as the user has it
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
