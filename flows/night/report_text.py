"""The reports of a night and a delivery, as text for a terminal and as Markdown for Prefect's UI."""

from __future__ import annotations

from dondoc.engine.domain.terms import NightState
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.relay import DeliveryReport

COUNTS = {
    "judged": "đánh giá",
    "found": "phát hiện",
    "opened": "mở mới",
    "climbed": "lên bước",
    "closed": "đóng",
    "letters": "thư",
}
_STATES = {
    NightState.OK: "chạy xong",
    NightState.DEGRADED: "chạy xong nhưng có việc cần xem",
    NightState.HELD: "tạm giữ thư",
}


def headline(report: NightReport) -> str:
    """One sentence: the night, its state and its counts."""
    counts = ", ".join(f"{COUNTS[name]} {report.counts[name]}" for name in COUNTS)
    if report.again:
        return f"Đêm {report.as_of:%d/%m/%Y} đã chạy trước đó, không chạy lại ({counts})."
    return f"Đêm {report.as_of:%d/%m/%Y}: {_STATES[report.state]}; {counts}."


def night_markdown(report: NightReport) -> str:
    """The night as a small table, with a line for each action item."""
    heads = " | ".join(COUNTS.values())
    values = " | ".join(str(report.counts[name]) for name in COUNTS)
    lines = "\n".join(f"- {line}" for line in report.lines) or "- không có"
    return (
        f"## Đêm {report.as_of:%d/%m/%Y}: {_STATES[report.state]}\n\n| {heads} |\n|{'---|' * len(COUNTS)}\n"
        f"| {values} |\n\n### Cần xem\n{lines}\n"
    )


def delivery_line(report: DeliveryReport) -> str:
    """One paragraph: an absent night, the letters by their fate, the journal, and why the run halted."""
    said = (
        f"Gửi thư: đã giao {report.sent}, chờ {report.remaining}, trả lại {report.refused}, "
        f"chưa rõ {report.unknown}, hết hạn {report.expired}."
    )
    missing = f"Đêm {report.absent:%d/%m/%Y} chưa chạy. " if report.absent else ""
    journal = (
        f" Nhật ký: {report.arrived} thư chưa rõ đã tới, {report.again} thư sẽ gửi lại."
        if report.arrived or report.again
        else ""
    )
    if report.journal_fault:
        journal += f" Không đọc được nhật ký thư (the journal cannot be read): {report.journal_fault}."
    broken = "".join(f" Không gửi thư (not sent): {each}." for each in report.broken)
    return f"{missing}{said}{broken}{journal} {report.message}".strip()


def delivery_markdown(report: DeliveryReport) -> str:
    """The delivery for Prefect's UI."""
    return f"## {delivery_line(report)}\n"
