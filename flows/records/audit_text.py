"""The audit log for people: its events in words, and exported as files for an inspector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dondoc.engine.domain.model import ZONE, Text
from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.audit_log import logged
from dondoc.engine.store.audit_log.covered_rows import FOUND, WRITTEN
from dondoc.engine.store.audit_log.hash_chain import entries
from dondoc.engine.store.audit_log.logged import LoggedEvent
from dondoc.flows.config import settings
from dondoc.flows.records.audit import AuditReport, audit
from dondoc.flows.records.csv_file import to_csv

# The kinds of events in the words of the operator's manual; a kind that is missing here is shown as it is.
KINDS = {
    "night-judged": "đêm đã xét",
    "board-failed": "không ghi được các trang theo dõi",
    "nights-skipped": "đêm bị bỏ qua",
    "rules-changed": "bộ quy tắc thay đổi",
    "letters-quiet": "đợt không gửi thư",
    "rules-refused": "bộ quy tắc bị từ chối",
    "waiver-seen": "thấy việc tạm miễn mới",
    "waiver-changed": "việc tạm miễn được sửa",
    "waiver-missed": "việc tạm miễn không còn trong tệp",
    "case-opened": "mở hồ sơ",
    "case-climbed": "hồ sơ lên bước",
    "case-closed": "đóng hồ sơ",
    "case-reopened": "hồ sơ vừa đóng được mở tiếp",
    "case-limit-moved": "hạn của hồ sơ thay đổi",
    "case-inherited": "hồ sơ có nơi kế thừa",
    "case-waiting": "hồ sơ chờ nơi kế thừa",
    "case-waived": "bắt đầu tạm miễn",
    "case-unwaived": "hết tạm miễn",
    "promise-broken": "đã qua ngày hẹn, chưa xong",
    "climbed-unconfirmed": "đã báo gửi, chưa xác nhận, vẫn đôn đốc",
    "climbed-unassigned": "đã báo không thuộc trách nhiệm, chưa quyết định, vẫn đôn đốc",
    "act-recorded": "ghi trả lời của cơ quan",
    "act-refused": "không nhận trả lời",
    "link-refused": "không nhận liên kết trả lời",
    "link-revoked": "thu hồi liên kết trả lời",
    "answer-received": "nhận trả lời qua thư",
    "answer-decided": "xử lý trả lời qua thư",
    "answers-ignored": "bỏ qua thư tự động, thư lạ",
    "step-empty": "bước không có nơi nhận",
    "letter-planned": "lập thư",
    "letter-ready": "thư chờ gửi",
    "letter-sent": "thư đã giao",
    "letter-unknown": "thư chưa rõ",
    "letter-dead": "thư bị trả lại",
    "letter-expired": "thư hết hạn",
    "letter-dropped": "thư bị bỏ",
    "imported": "nạp dữ liệu",
    "restored": "khôi phục từ bản sao lưu",
    "letters-emptied": "bỏ nội dung thư",
    "attempts-removed": "bỏ các lần gửi",
    "history-removed": "bỏ dòng đã được thay",
    "cases-folded": "gộp hồ sơ đã đóng",
    "letters-readers-blanked": "xóa hộp thư nhận",
    "forgotten": "xóa những gì giữ về một hộp thư hay đơn vị",
    "nights-withdrawn": "rút lại các đêm",
    "fact-withdrawn": "rút một dòng dữ liệu",
    WRITTEN: "ghi các dòng dữ liệu",
    FOUND: "các dòng có sẵn khi nâng cấp",
}
_HEADER = ("Mục", "Lúc (giờ Việt Nam)", "Đêm", "Việc", "Loại", "Hồ sơ", "Chi tiết")


class ExportRefused(DonDocError):
    """The file exists, or its name ends in neither .jsonl nor .csv; nothing was written."""

    remedy = Remedy.USAGE


def row(one: LoggedEvent) -> tuple[str, ...]:
    """An event for a table; instants in Asia/Ho_Chi_Minh."""
    when = f"{one.at.astimezone(ZONE):%d/%m/%Y %H:%M:%S}"
    night = f"{one.night:%d/%m/%Y}" if one.night else ""
    said = "; ".join(f"{name}: {value}" for name, value in _told(one).items() if value)
    return str(one.entry), when, night, KINDS.get(one.kind, one.kind), one.kind, one.case, said


def _told(one: LoggedEvent) -> Mapping[str, str]:
    """The details for people; of digests of rows only how many, which programs read in the .jsonl export."""
    if one.kind not in (WRITTEN, FOUND):
        return one.detail
    return {"table": one.detail["table"], "rows": str(len(one.detail["rows"].split()))}


def line(one: LoggedEvent) -> Text:
    """An event in one line, for a terminal; in English the kinds are the words of the log."""
    entry, when, night, what, kind, case, said = row(one)
    vi = (f"{entry} {when}", f"đêm {night}" if night else "", f"{what} ({kind})", case, said)
    en = (f"{entry} {when}", f"night {night}" if night else "", kind, case, said)
    return Text(" · ".join(filter(None, vi)), " · ".join(filter(None, en)))


@dataclass(frozen=True, slots=True)
class Exported:
    """The audit of an exported log, and how many events of each kind it has."""

    audited: AuditReport
    kinds: Mapping[str, int]

    def text(self) -> Text:
        """A summary for the person who receives the file."""
        counted = [
            Text(f"  {KINDS.get(kind, kind)} ({kind}): {number}", f"  {kind}: {number}")
            for kind, number in self.kinds.items()
        ]
        return Text.join("\n", [self.audited.text(), *counted])


def listing(
    environment: Mapping[str, str], *, night: date | None = None, kind: str = "", last: int
) -> list[LoggedEvent]:
    """The `last` events, oldest first; of one night, and of kinds that begin with `kind`, if given."""
    with settings.read_only(settings.load(environment)) as conn:
        return logged.latest(conn, last, night=night, kind=kind)


def export(environment: Mapping[str, str], path: Path) -> Exported:
    """Writes the whole log: `.jsonl` has the very lines that are hashed, `.csv` a table for people.

    Raises `ExportRefused`. A log that is not intact is exported as it is, and the summary says so.
    """
    if path.suffix not in (".jsonl", ".csv"):
        raise ExportRefused(f"{path}: tên tệp phải hết bằng .jsonl hoặc .csv (must end in .jsonl or .csv)")
    if path.exists():
        raise ExportRefused(f"{path}: đã có tệp này; chọn tên khác (the file exists: choose another name)")
    with settings.read_only(settings.load(environment)) as conn:
        if path.suffix == ".csv":
            path.write_bytes(to_csv([_HEADER, *map(row, logged.every(conn))]))
        else:
            with path.open("wb") as file:
                for entry in entries(conn):
                    file.writelines((*entry.lines, entry.line))
        return Exported(audit(conn), logged.kinds(conn))
