"""The reports of a night and a delivery, as text for a terminal and as Markdown for Prefect's UI."""

from __future__ import annotations

from dondoc.engine.domain.english_half import english
from dondoc.engine.domain.model import Text
from dondoc.engine.domain.terms import NightState
from dondoc.flows.night.report import NightReport
from dondoc.notifications.delivery.relay import DeliveryReport

COUNTS = {
    "judged": Text("đánh giá", "judged"),
    "found": Text("phát hiện", "found"),
    "opened": Text("mở mới", "opened"),
    "climbed": Text("lên bước", "climbed"),
    "closed": Text("đóng", "closed"),
    "letters": Text("thư", "letters"),
}
_STATES = {
    NightState.OK: Text("chạy xong", "done"),
    NightState.DEGRADED: Text("chạy xong nhưng có việc cần xem", "done, and a person has to look"),
    NightState.HELD: Text("tạm giữ thư", "its letters are held"),
}


def headline(report: NightReport) -> Text:
    """One sentence: the night, its state and its counts."""
    night = f"{report.as_of:%d/%m/%Y}"
    counts = Text.join(", ", [Text.format("{word} {n}", word=COUNTS[n], n=report.counts[n]) for n in COUNTS])
    if report.again:
        return Text.format(
            "Đêm {night} đã chạy trước đó, không chạy lại ({counts}).",
            "The night of {night} has run before and is not judged again ({counts}).",
            night=night,
            counts=counts,
        )
    return Text.format(
        "Đêm {night}: {state}; {counts}.",
        "The night of {night}: {state}; {counts}.",
        night=night,
        state=_STATES[report.state],
        counts=counts,
    )


def night_markdown(report: NightReport) -> str:
    """The night as a small table, with a line for each action item."""
    heads = " | ".join(word.vi for word in COUNTS.values())
    values = " | ".join(str(report.counts[name]) for name in COUNTS)
    lines = "\n".join(f"- {line}" for line in report.lines) or "- không có"
    return (
        f"## Đêm {report.as_of:%d/%m/%Y}: {_STATES[report.state].vi}\n\n| {heads} |\n|{'---|' * len(COUNTS)}\n"
        f"| {values} |\n\n### Cần xem\n{lines}\n"
    )


def delivery_line(report: DeliveryReport) -> Text:
    """One paragraph: an absent night, the letters by their fate, the journal, and why the run halted."""
    said = [
        Text(
            f"Gửi thư: đã giao {report.sent}, chờ {report.remaining}, trả lại {report.refused}, "
            f"chưa rõ {report.unknown}, hết hạn {report.expired}.",
            f"Delivery: sent {report.sent}, waiting {report.remaining}, refused {report.refused}, "
            f"unknown {report.unknown}, expired {report.expired}.",
        )
    ]
    if report.absent:
        night = f"{report.absent:%d/%m/%Y}"
        said.insert(0, Text(f"Đêm {night} chưa chạy.", f"The night of {night} has not run."))
    said += [Text(f"Không gửi thư (not sent): {each}.", f"Not sent: {english(each)}.") for each in report.broken]
    if report.arrived or report.again:
        said.append(
            Text(
                f"Nhật ký: {report.arrived} thư chưa rõ đã tới, {report.again} thư sẽ gửi lại.",
                f"The journal: {report.arrived} letters of unknown fate arrived, {report.again} are sent again.",
            )
        )
    if report.journal_fault:
        fault = report.journal_fault
        said.append(
            Text(
                f"Không đọc được nhật ký thư (the journal cannot be read): {fault}.",
                f"The journal cannot be read: {english(fault)}.",
            )
        )
    if report.message:
        said.append(Text(report.message, english(report.message)))
    return Text.join(" ", said)


def delivery_markdown(report: DeliveryReport) -> str:
    """The delivery for Prefect's UI."""
    return f"## {delivery_line(report).vi}\n"
