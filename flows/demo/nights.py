"""The demonstration: chosen nights of the past and of this year, through the real flows, into a local mailbox.

Units and directives are real; who was late, and when, is invented (examples/README.md).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dondoc.engine.domain.model import Text
from dondoc.engine.errors import DonDocError, Remedy
from dondoc.engine.store.db.schema_version import upgrade
from dondoc.flows.config.settings import load, opened
from dondoc.flows.config.shipped import shipped
from dondoc.flows.data.importer import bring_in
from dondoc.flows.demo import boards
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.relay import DeliveryReport
from dondoc.notifications.letter.build import due_from


@dataclass(frozen=True, slots=True)
class DemoNight:
    """One night of the demonstration and what to see in it."""

    night: date
    to_see: str


SCENES = (
    DemoNight(date(2015, 4, 13), "279/UBND: nhắc trước 05 ngày"),
    DemoNight(date(2015, 4, 17), "nhắc lần cuối, hạn Chủ nhật 19/4"),
    DemoNight(date(2015, 4, 20), "quá hạn: đúng các xã chưa gửi"),
    DemoNight(date(2015, 4, 25), "làm bù: Phòng LĐTBXH, Đảng ủy xã"),
    DemoNight(date(2015, 5, 7), "UBND huyện; hai xã đã xong"),
    DemoNight(date(2015, 5, 21), "bước 4: Huyện ủy"),
    DemoNight(date(2015, 10, 30), "đợt 2"),
    DemoNight(date(2016, 7, 8), "330-CV: nhắc, hạn thứ Bảy 09/7"),
    DemoNight(date(2016, 7, 11), "quá hạn Chủ nhật, báo thứ Hai"),
    DemoNight(date(2016, 7, 18), "Thường trực, không báo chính mình"),
    DemoNight(date(2019, 5, 4), "33, 11 vượt; 21, 1.426 bằng ngưỡng"),
    DemoNight(date(2019, 8, 1), "1179-CV: tháng 7 đạt 00/01 lần"),
    DemoNight(date(2019, 9, 3), "tháng 8 đạt, hồ sơ tháng 7 đóng"),
    DemoNight(date(2023, 10, 3), "46-CT: 2,61% vượt; 4,49% không"),
    DemoNight(date(2024, 1, 2), "hạn 31/12, 01/01 nghỉ nên nay gửi"),
    DemoNight(date(2026, 7, 20), "hiện hành: 04 xã chưa báo cáo"),
    DemoNight(date(2026, 7, 27), "28/2019: Đảng ủy xã"),
    DemoNight(date(2026, 8, 3), "UBND hai tỉnh có xã chưa gửi"),
    DemoNight(date(2026, 11, 20), "đã gửi đủ: tin tốt; văn bản cũ im lặng"),
)
_HEADS = {
    "judged": "xét",
    "found": "thấy",
    "opened": "mở",
    "climbed": "lên",
    "closed": "đóng",
    "letters": "thư",
}


class MailsinkMissing(DonDocError):
    """The package of the demonstration's mail server is not installed; the service does not need it."""

    remedy = Remedy.USAGE


def run(folder: Path, console: Console, say: Callable[[Text], None]) -> None:
    """Plays every scene and the conversation; letters sent by an earlier run are not sent again.

    The nights are printed on the console, what else there is to say is said. Raises `MailsinkMissing`.
    """
    try:
        from dondoc.flows.demo import answered  # noqa: PLC0415 - an extra
        from dondoc.notifications.delivery.mailsink import Mailsink, write_index  # noqa: PLC0415 - an extra
    except ImportError:
        raise MailsinkMissing(
            "Chưa cài máy chủ thư của bản trình diễn: pip install 'dondoc[demo]', hoặc trong mã nguồn: make demo. "
            "(The demonstration's mail server is not installed: install it, or run make demo in a checkout.)"
        ) from None
    from dondoc.flows.scheduler import prefect_flows as flows  # noqa: PLC0415 - Prefect, after its environment was set

    started = time.monotonic()
    mails = folder / "mails"
    mails.mkdir(parents=True, exist_ok=True)
    table = _table()
    sent = again = 0
    with Mailsink(mails) as sink, _progress(console) as progress:
        _point_at(folder, sink.port)
        bar = progress.add_task("nạp dữ liệu ví dụ (examples)", total=len(SCENES) + 1)
        with opened(load(os.environ)) as engine:
            upgrade(engine)
            bring_in(engine, shipped("examples"), datetime.now(UTC))
        progress.advance(bar)
        progress.update(bar, description="khởi động Prefect (starting)")
        for scene in SCENES:
            report: NightReport = flows.nightly(scene.night, catch_up=False)
            again += report.again
            progress.update(bar, description=f"đêm {scene.night:%d/%m/%Y}")
            delivery: DeliveryReport = flows.deliver(at=due_from(scene.night))
            sent += delivery.sent
            _row(table, scene, report, delivery)
            progress.advance(bar)
    page = write_index(mails)
    console.print(table)
    if again:
        console.print(f"{again} đêm đã chạy trước đó, không chạy lại và không gửi lại thư nào.", markup=False)
    console.print(
        "Mỗi đêm: số dữ kiện đã xét, số việc thấy chưa đạt, hồ sơ mở, lên bước, đóng, thư viết, thư đã giao.\n"
        f"Đã giao {sent} thư trong {time.monotonic() - started:.0f} giây. Đọc thư: {page.resolve().as_uri()}\n"
        f"Thư gốc: {mails.resolve()}   Dữ liệu: {folder.resolve() / 'dondoc.db'}",
        markup=False,
    )
    answered.told(folder, say)
    boards.shown(os.environ, folder, say)


def _point_at(folder: Path, port: int) -> None:
    """The demonstration has its own database and mail server, whatever the settings say."""
    os.environ |= {
        "DONDOC_DATABASE": f"sqlite:///{folder.resolve() / 'dondoc.db'}",
        "DONDOC_RULES": str(shipped("rules")),
        "DONDOC_SMTP_HOST": "127.0.0.1",
        "DONDOC_SMTP_PORT": str(port),
        "DONDOC_SMTP_TLS": "plain",
    }


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _table() -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("Đêm", no_wrap=True)
    for word in _HEADS.values():
        table.add_column(word, justify="right")
    table.add_column("giao", justify="right")
    table.add_column("Điều đáng xem", no_wrap=True)
    return table


def _row(table: Table, scene: DemoNight, report: NightReport, delivery: DeliveryReport) -> None:
    counts = [str(report.counts[name]) for name in _HEADS]
    table.add_row(f"{scene.night:%d/%m/%Y}", *counts, str(delivery.sent), scene.to_see)
