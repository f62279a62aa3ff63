"""Backup and restore: on the other database the next nights go on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, Table, insert, select

from dondoc.engine.store.db import transfer
from dondoc.engine.store.db.database import connect, insert_many, reading, writing
from dondoc.engine.store.db.tables import event, log_entry, metadata, unit, unit_name
from dondoc.flows.records.audit import audit
from dondoc.flows.records.backup import BackupRefused, backup, restore
from dondoc.notifications.delivery.mailsink import Mailsink
from tests.support.cli_office import Office
from tests.support.ready_databases import upgrade
from tests.support.story_stage import Stage, to
from tests.support.town import Town
from tests.torture.invariants import ladder


def migrated(engine: Engine) -> Engine:
    """The empty database of a fixture, with its tables as the migrations make them."""
    metadata.drop_all(engine)
    upgrade(engine)
    return engine


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Everything in a database, by table; that it was restored is the one thing its log has more."""
    with reading(engine) as conn:
        restored = select(event.c.entry).where(event.c.kind == "restored")
        queries = {table.name: select(table) for table in metadata.sorted_tables}
        queries["event"] = select(event).where(event.c.entry.not_in(restored))
        queries["log_entry"] = select(log_entry).where(log_entry.c.number.not_in(restored))
        return {
            name: sorted((tuple(row) for row in conn.execute(query)), key=str) for name, query in queries.items()
        }


@pytest.mark.parametrize(("old", "new"), [("sqlite", "postgres"), ("postgres", "sqlite")])
def test_the_night_after_a_restore_goes_on(
    request: pytest.FixtureRequest, sink: Mailsink, tmp_path: Path, old: str, new: str
) -> None:
    """Saved after two nights and restored elsewhere, the third tells the same offices the same."""
    first, second = (migrated(request.getfixturevalue(name)) for name in (old, new))
    stage = Stage.set(first, sink)
    stage.night("2015-04-20")
    stage.night("2015-04-25")
    saved = backup(first, tmp_path / "saved.db").rows
    assert restore(tmp_path / "saved.db", second) == saved
    assert rows(second) == rows(first)
    with reading(second) as conn:
        assert conn.scalar(select(event.c.detail).where(event.c.kind == "restored")) == '{"backup":"saved.db"}'
        assert not audit(conn).flaws
    there = Stage(second, sink)
    moved = to(there.night("2015-05-07"))
    with reading(second) as conn:
        stands = ladder(conn)
    assert to(stage.night("2015-05-07")) == moved != set()
    with reading(first) as conn:
        assert ladder(conn) == stands


def test_a_backup_beside_a_writer_holds_what_was_committed(sqlite: Engine, tmp_path: Path) -> None:
    """Half a night is in no backup, and the night is not disturbed."""
    migrated(sqlite)
    with writing(sqlite) as conn:
        conn.execute(insert(unit).values(_unit("a")))
    with writing(sqlite) as conn:
        conn.execute(insert(unit).values(_unit("b")))
        backup(sqlite, tmp_path / "saved.db")
    with reading(sqlite) as conn:
        assert set(conn.scalars(select(unit.c.id))) == {"a", "b"}


def _unit(name: str) -> dict[str, object]:
    born = {"valid_from": date(2000, 1, 1), "recorded_at": datetime(2020, 1, 1, tzinfo=UTC)}
    return {"id": name, "kind": "ubnd", "level": "commune", **born}


def test_nothing_is_overwritten(sqlite: Engine, tmp_path: Path) -> None:
    """A file that exists, a database with data, a file that is no backup: each is refused and left alone."""
    migrated(sqlite)
    (tmp_path / "letter.txt").write_text("a letter", "utf-8")
    with pytest.raises(BackupRefused, match="đã có tệp này"):
        backup(sqlite, tmp_path / "letter.txt")
    with pytest.raises(BackupRefused, match="không phải tệp sao lưu"):
        restore(tmp_path / "letter.txt", sqlite)
    backup(sqlite, tmp_path / "empty.db")
    with writing(sqlite) as conn:
        conn.execute(insert(unit).values(_unit("a")))
    with pytest.raises(BackupRefused, match="đã có dữ liệu"):
        restore(tmp_path / "empty.db", sqlite)
    assert (tmp_path / "letter.txt").read_text("utf-8") == "a letter"


def test_the_commands_say_how_much(office: Office, tmp_path: Path) -> None:
    """Saved by one command and restored by the other, in words."""
    office.holds_the_examples()
    saved = office.dondoc("backup", "saved.db")
    assert saved.out.startswith("Đã sao lưu ")
    there = office.dondoc("restore", "saved.db", database=f"sqlite:///{tmp_path / 'there.db'}")
    assert there.out.replace("khôi phục", "sao lưu").split()[3] == saved.out.split()[3]
    assert office.dondoc("restore", "saved.db").code == 1


def test_a_backup_gets_its_name_only_when_it_was_read_back_whole(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that were lost on the way, pages that the disk gave back differently: no file, and what to do."""
    migrated(sqlite)
    Town(sqlite).founded_here()

    def losing(conn: Connection, table: Table, rows: list[dict[str, object]]) -> int:
        return insert_many(conn, table, rows[1:] if table is unit_name else rows)

    monkeypatch.setattr(transfer, "insert_many", losing)
    with pytest.raises(BackupRefused, match="không đủ dòng"):
        backup(sqlite, tmp_path / "saved.db")
    monkeypatch.undo()
    read_back = transfer.damage

    def wiped(path: Path, rows: Mapping[str, int] | None = None) -> str:
        _wipe(path)
        return read_back(path, rows)

    monkeypatch.setattr(transfer, "damage", wiped)
    with pytest.raises(BackupRefused, match=r"saved\.db: bản sao lưu hỏng"):
        backup(sqlite, tmp_path / "saved.db")
    assert [path.name for path in tmp_path.iterdir() if "saved" in path.name] == []
    monkeypatch.undo()
    backup(sqlite, tmp_path / "saved.db")
    assert transfer.damage(tmp_path / "saved.db", {"unit": 1}).startswith("unit: ")


def test_a_backup_that_was_damaged_later_is_not_restored(sqlite: Engine, tmp_path: Path) -> None:
    """A stick that lost a few pages: refused whole, and the database stays empty for another backup."""
    migrated(sqlite)
    Town(sqlite).founded_here()
    for name in ("saved.db", "damaged.db"):
        backup(sqlite, tmp_path / name)
    _wipe(tmp_path / "damaged.db")
    there = connect(f"sqlite:///{tmp_path / 'there.db'}")
    with pytest.raises(BackupRefused, match=r"damaged\.db: bản sao lưu hỏng"):
        restore(tmp_path / "damaged.db", there)
    assert restore(tmp_path / "saved.db", there) > 0
    there.dispose()


def _wipe(path: Path) -> None:
    """Pages in the middle of a file that are no longer what was written."""
    whole = path.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + b"\xff" * 8192 + whole[middle + 8192 :])
